"""What the window says of an answer from elsewhere that is awaited, in the user's language, and of the model that gives it."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication, QLocale

from inference.events import Notice, Progress

ASKING_AGAIN = "asking_again"
"""The notice of an engine that waits before it sends a request once more; it means nothing once the answer is there."""
TRY = re.compile(r"in (\d+) s \(try (\d+) of (\d+)\)")
"""What such a notice holds besides words (inference/cloud/retry.py)."""


def remote_progress_words(progress: Progress, host: str) -> str:
    """Empty for what is said as on this computer."""
    locale = QLocale()
    if progress.phase == "encoding" and progress.total > 0:
        words = QCoreApplication.translate("ServerProgress", "Preparing the pictures… {done} of {total}")
        return words.format(done=locale.toString(progress.done), total=locale.toString(progress.total))
    if progress.phase == "queued" and progress.done > 0:
        one = QCoreApplication.translate("ServerProgress", "Waiting: 1 request ahead")
        many = QCoreApplication.translate("ServerProgress", "Waiting: {count} requests ahead")
        return one if progress.done == 1 else many.format(count=locale.toString(progress.done))
    if progress.phase == "prefill" and not is_measured(progress):
        return QCoreApplication.translate("ServerProgress", "Waiting for {host}…").format(host=host)
    return ""


def is_measured(progress: Progress) -> bool:
    """Whether there is more to know than that it goes on."""
    return progress.phase != "queued" and (progress.total > 1 or progress.done > 0)


def remote_notice_words(notice: Notice) -> str:
    """One sentence on what stopped nothing; empty where the engine's own has to do."""
    if notice.code == ASKING_AGAIN and (found := TRY.search(notice.message)):
        words = QCoreApplication.translate(
            "ServerNotice", "The server could not answer yet. Asking again in {seconds} s (try {number} of {total})."
        )
        return words.format(seconds=found[1], number=found[2], total=found[3])
    return {
        "reasoning_in_answer": QCoreApplication.translate(
            "ServerNotice", "What stands above is the model's reasoning: the server did not mark where it begins."
        ),
        "answer_from_reasoning": QCoreApplication.translate(
            "ServerNotice", "The server sent the whole answer as reasoning; it is shown as the answer."
        ),
        "finish_reason_unknown": QCoreApplication.translate(
            "ServerNotice", "The server ended the answer for a reason that is not known here. It may be incomplete."
        ),
    }.get(notice.code, "")


def short_model_name(name: str) -> str:
    """Servers name models by whole paths, or with who made them before a slash."""
    return name.replace("\\", "/").rstrip("/").rpartition("/")[2].removesuffix(".gguf")
