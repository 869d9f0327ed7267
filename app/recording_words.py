"""What is said about a recording that ended, in the user's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from app.capture.recording_job import Ended, Progress

_DETAIL_MAX = 300
_CODES = {"size_limit": "recording_limit", "disk_full": "recording_disk_full"}


def ending_words(ended: Ended) -> tuple[str, str]:
    """A stable code, and a message for a recording that ended before it was told to."""
    sentences = [_reason(ended)]
    if ended.path:
        sentences.append(QCoreApplication.translate("Recording", "What was recorded until then is kept."))
    return _CODES.get(ended.ending, "recording_failed"), " ".join(sentences)


def dropped_words(progress: Progress) -> str:
    """How much of what was due is not in the video; empty when all is."""
    if not progress.dropped:
        return ""
    words = QCoreApplication.translate(
        "Recording", "{0} of {1} frames are missing, because the computer was too busy. A lower rate in the settings helps."
    )
    locale = QLocale()
    return words.format(locale.toString(progress.dropped), locale.toString(progress.frames + progress.dropped))


def _reason(ended: Ended) -> str:
    table = {
        "size_limit": QCoreApplication.translate(
            "Recording", "The recording reached the size that the settings allow and ended by itself."
        ),
        "disk_full": QCoreApplication.translate(
            "Recording", "The recording ended because the disk is almost full. Make room, or choose another folder for videos."
        ),
        "write_failed": QCoreApplication.translate(
            "Recording", "The recording ended because its file could not be written. Look whether the disk is full or was removed."
        ),
        "screen_gone": QCoreApplication.translate(
            "Recording", "The recording ended because the screen gave no pictures any more. Record again when it is back."
        ),
        "screen_changed": QCoreApplication.translate(
            "Recording", "The recording ended because the screen changed its size. Record again to go on with the new one."
        ),
        "died": QCoreApplication.translate(
            "Recording", "The recording ended because the process that recorded was ended. Record again to go on."
        ),
        "no_start": QCoreApplication.translate("Recording", "The recording could not begin."),
    }
    words = table.get(ended.ending, table["died"])
    return f"{words} ({ended.detail[:_DETAIL_MAX]})" if ended.detail else words
