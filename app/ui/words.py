"""What the window says about codes, phases and numbers, in the user's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

from app.chat.answer import Answer, AnswerState, ToolBlock
from app.chat.parts import Reduction
from app.chat.pictures import Place, SourceInfo, place_of
from app.chat.session import Source
from app.ui.picture_words import locator_words
from app.ui.remote_notices import remote_notice_words, remote_progress_words
from inference.events import Notice, Progress
from ingest.attachment import Attachment, format_time

if TYPE_CHECKING:
    from app.opening import Entry


def is_translated() -> bool:
    """Whether the window speaks another language than the engines, whose sentences are English."""
    general = "Ask again. The log says more."
    return QCoreApplication.translate("Failure", "Ask again. The log says more.") != general


def notice_words(notice: Notice) -> str:
    """One sentence on what stopped nothing. Where English is spoken it is the engine's own, which says more."""
    if not is_translated():
        return notice.message
    table = {
        "no_gpu": QCoreApplication.translate("Notice", "No graphics card can be used here; the model runs on the processor."),
        "gpu_refused": QCoreApplication.translate(
            "Notice", "The graphics card refused the model or a part of it; the processor does its work."
        ),
        "cache_not_written": QCoreApplication.translate(
            "Notice", "The disk is full: what the model has seen is not kept for next time."
        ),
    }
    return table.get(notice.code) or remote_notice_words(notice) or notice.message


def refusal_words(code: str, name: str, message: str) -> str:
    """One sentence on a file that could not be opened."""
    table = {
        "file_missing": QCoreApplication.translate("Refusal", "There is no file {name}. It may have been moved or renamed."),
        "file_unreadable": QCoreApplication.translate(
            "Refusal", "{name} cannot be read. It may be a folder, or you may lack the permission."
        ),
        "file_changed": QCoreApplication.translate("Refusal", "{name} has changed since it was opened. Attach it again."),
        "format_unknown": QCoreApplication.translate(
            "Refusal", "{name} is of an unknown kind. Pictures, PDF, decks, documents, videos and text can be opened."
        ),
        "damaged": QCoreApplication.translate("Refusal", "{name} is damaged and cannot be read."),
        "empty": QCoreApplication.translate("Refusal", "{name} is empty: there is nothing in it to look at."),
        "reader_failed": QCoreApplication.translate(
            "Refusal", "{name} made the reader fail. It is probably damaged; nothing else is affected."
        ),
        "reader_incomplete": QCoreApplication.translate(
            "Refusal", "{name} cannot be read because a part of Sightline is missing. Install Sightline again."
        ),
        "reader_slow": QCoreApplication.translate("Refusal", "Reading {name} took too long and was stopped."),
        "reader_memory": QCoreApplication.translate("Refusal", "Reading {name} took too much memory and was stopped."),
    }
    return table[code].format(name=name) if code in table else message


def progress_words(progress: Progress, host: str | None = None) -> str:
    """What is being done before the first word, here or at a host."""
    if host is not None and (words := remote_progress_words(progress, host)):
        return words
    locale = QLocale()
    percent = locale.toString(round(100 * progress.done / progress.total)) if progress.total > 0 else ""
    if progress.phase == "queued":
        return QCoreApplication.translate("Progress", "Waiting ({count} ahead)").format(count=locale.toString(progress.done))
    if progress.phase == "loading":
        if percent:
            return QCoreApplication.translate("Progress", "Loading the model… {percent} %").format(percent=percent)
        return QCoreApplication.translate("Progress", "Loading the model…")
    if progress.phase == "encoding":
        if progress.total > 0:
            looking = QCoreApplication.translate("Progress", "Looking at the picture… {done} of {total}")
            return looking.format(done=locale.toString(progress.done), total=locale.toString(progress.total))
        return QCoreApplication.translate("Progress", "Looking at the picture…")
    if percent:
        return QCoreApplication.translate("Progress", "Reading the question… {percent} %").format(percent=percent)
    return QCoreApplication.translate("Progress", "Reading the question…")


def thinking_words(answer: Answer) -> str:
    """For the line that folds the reasoning."""
    seconds = QLocale().toString(max(1, round(answer.reasoning_s)))
    if answer.state is AnswerState.THINKING:
        return QCoreApplication.translate("Reasoning", "Thinking… {seconds} s").format(seconds=seconds)
    return QCoreApplication.translate("Reasoning", "Thought for {seconds} s").format(seconds=seconds)


def silence_words(answer: Answer) -> str:
    """For an answer that has ended and says nothing, though nobody stopped it and nothing failed; empty for all others."""
    if answer.state is not AnswerState.FINISHED or answer.markdown() or any(isinstance(b, ToolBlock) for b in answer.blocks):
        return ""
    if answer.finish_reason == "length":
        return QCoreApplication.translate("Answer", "The length limit was reached before the answer began.")
    if answer.reasoning.strip():
        return QCoreApplication.translate("Answer", "The model thought about it and then ended without an answer.")
    return QCoreApplication.translate("Answer", "The model ended without an answer.")


def figures_words(answer: Answer) -> str:
    """Tokens and times of an answer that has ended; empty where nothing is known."""
    locale = QLocale()
    parts = []
    if tokens := answer.usage.prompt_tokens + answer.usage.completion_tokens:
        parts.append(QCoreApplication.translate("Figures", "{tokens} tokens").format(tokens=locale.toString(tokens)))
    if answer.timings.time_to_first_token_ms > 0:
        first_s = max(0.01, answer.timings.time_to_first_token_ms / 1000.0)
        seconds = locale.toString(first_s, "f", 1 if first_s >= 0.095 else 2)
        parts.append(QCoreApplication.translate("Figures", "first word after {seconds} s").format(seconds=seconds))
    if answer.timings.decode_tokens_per_s > 0:
        per_s = answer.timings.decode_tokens_per_s
        speed = locale.toString(float(per_s), "f", 0 if per_s >= 10 else 1)
        parts.append(QCoreApplication.translate("Figures", "{speed} tokens/s").format(speed=speed))
    return QCoreApplication.translate("Figures", ", ").join(parts)


def source_words(source: Source) -> Callable[[], str]:
    """What of a file went into a question; translated whenever it is called."""
    info, place = source.info, place_of(source.first)
    if place is not None and place.area is not None:
        return lambda: _region_words(place)
    if info is None or info.is_single:
        return lambda: size_words(source.first.width, source.first.height)
    return lambda: count_words(info, len(source.parts))


def entry_words(entry: Entry) -> Callable[[], str]:
    """What of an attachment is chosen; translated whenever it is called."""

    def words() -> str:
        if entry.attachment is None or entry.first is None:
            return ""
        place = place_of(entry.first)
        if entry.region is not None and place is not None:
            return _region_words(place)
        if entry.attachment.is_single:
            return size_words(entry.first.width, entry.first.height)
        choice = entry.choice
        if entry.attachment.is_timed:
            return entry.part or duration_words(entry.attachment.contents.duration_s)
        if choice is not None and choice.pages is not None:
            chosen = QCoreApplication.translate("Attachment", "{part} of {count}")
            return chosen.format(part=entry.part, count=count_words(entry.attachment, entry.attachment.contents.page_count))
        return count_words(entry.attachment, entry.attachment.contents.page_count)

    return words


def _region_words(place: Place) -> str:
    """The picture, page or time of which it is a part."""
    if place.source.is_single:
        return QCoreApplication.translate("Attachment", "Part of the picture")
    return QCoreApplication.translate("Attachment", "Part of {place}").format(place=locator_words(place.locator))


def count_words(attachment: Attachment | SourceInfo, count: int) -> str:
    """So many of what an attachment has."""
    if attachment.is_timed:
        one = QCoreApplication.translate("Attachment", "1 frame")
        many = QCoreApplication.translate("Attachment", "{count} frames")
    elif attachment.kind == "deck":
        one = QCoreApplication.translate("Attachment", "1 slide")
        many = QCoreApplication.translate("Attachment", "{count} slides")
    else:
        one = QCoreApplication.translate("Attachment", "1 page")
        many = QCoreApplication.translate("Attachment", "{count} pages")
    return one if count == 1 else many.format(count=QLocale().toString(count))


def duration_words(duration_s: float | None) -> str:
    """A length of time as players show it."""
    return format_time(float(round(duration_s))) if duration_s is not None else ""


def reduction_words(reduction: Reduction) -> str:
    """One sentence on what is not sent as it is."""
    if reduction.is_whole:
        return QCoreApplication.translate("Reduction", "{name} does not fit and is not sent.").format(name=reduction.name)
    table = {
        "detail_reduced": QCoreApplication.translate("Reduction", "{name} is sent with {sent} % of the detail that is read well."),
        "sent_as_text": QCoreApplication.translate(
            "Reduction", "{name}: {sent} of {total} pages are sent as text, without their pictures."
        ),
        "picture_as_text": QCoreApplication.translate(
            "Reduction", "{name}: the model sees no pictures; it gets the text read in {sent} of {total}."
        ),
        "subtitles_only": QCoreApplication.translate(
            "Reduction", "{name}: the model sees no videos; it gets {sent} of {total} lines of its subtitles."
        ),
        "earlier_left_out": QCoreApplication.translate(
            "Reduction", "The model takes only {sent} of the {total} pictures of this conversation."
        ),
        "pages_left_out": QCoreApplication.translate("Reduction", "{name}: only {sent} of {total} pages fit. Choose which."),
        "frames_left_out": QCoreApplication.translate("Reduction", "{name}: {sent} of {total} frames fit. Choose a shorter part."),
        "text_cut": QCoreApplication.translate("Reduction", "{name}: only {sent} of {total} pages of text fit. Choose which."),
    }
    locale = QLocale()
    sent, total = locale.toString(reduction.sent), locale.toString(reduction.total)
    return table[reduction.code].format(name=reduction.name, sent=sent, total=total)


def percent_words(percent: int) -> str:
    """A share or a size in hundredths."""
    return QCoreApplication.translate("Number", "{percent} %").format(percent=QLocale().toString(percent))


def size_words(width: int, height: int) -> str:
    """A picture's size in pixels."""
    locale = QLocale()
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    return f"{locale.toString(width)} × {locale.toString(height)}"
