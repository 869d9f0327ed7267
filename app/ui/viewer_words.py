"""What the viewer calls its pages, slides, frames and pictures, in the user's language."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QLocale

from app.chat.pictures import KeptPicture
from app.ui.picture_words import picture_words
from app.ui.viewer_subjects import Subject
from ingest.attachment import Frame, Picture, format_time

GAP = "{number}"
"""Where the number goes in the words of `counter_words`."""


def subject_words(subject: Subject) -> str:
    """A subject in the menu: its name and how much there is of it."""
    count = QLocale().toString(len(subject))
    if subject.kind == "pictures":
        one, many = QCoreApplication.translate("Subject", "1 picture"), QCoreApplication.translate("Subject", "{count} pictures")
        return one if len(subject) == 1 else many.format(count=count)
    table = {
        "pages": (QCoreApplication.translate("Subject", "1 page"), QCoreApplication.translate("Subject", "{count} pages")),
        "slides": (QCoreApplication.translate("Subject", "1 slide"), QCoreApplication.translate("Subject", "{count} slides")),
        "frames": (QCoreApplication.translate("Subject", "1 frame"), QCoreApplication.translate("Subject", "{count} frames")),
    }
    one, many = table[subject.kind]
    return f"{subject.name}   {one if len(subject) == 1 else many.format(count=count)}"


def counter_words(subject: Subject) -> tuple[str, str]:
    """What stands before and after the number of the page in view: "page 14 of 48"."""
    table = {
        "pages": QCoreApplication.translate("Subject", "page {number} of {count}"),
        "slides": QCoreApplication.translate("Subject", "slide {number} of {count}"),
        "frames": QCoreApplication.translate("Subject", "frame {number} of {count}"),
        "pictures": QCoreApplication.translate("Subject", "picture {number} of {count}"),
    }
    before, _, after = table[subject.kind].partition(GAP)
    return before.strip(), after.format(count=QLocale().toString(len(subject))).strip()


def short_leaf_words(subject: Subject, index: int) -> str:
    """Under a thumbnail: the number, or the time of a frame."""
    time_s = _time_of(subject.picture(index)) if subject.kind == "frames" else None
    return format_time(round(time_s, 1)) if time_s is not None else QLocale().toString(index + 1)


def leaf_words(subject: Subject, index: int, is_sent: bool, boxes: Sequence[int]) -> str:
    """A thumbnail in words."""
    picture = subject.picture(index)
    before, after = counter_words(subject)
    parts = [picture_words(picture) if picture is not None else f"{before} {QLocale().toString(index + 1)} {after}".strip()]
    if is_sent:
        parts.append(QCoreApplication.translate("Subject", "part of a question"))
    if boxes:
        numbers = ", ".join(map(QLocale().toString, boxes))
        parts.append(QCoreApplication.translate("Subject", "marked: {numbers}").format(numbers=numbers))
    return QCoreApplication.translate("Subject", "; ").join(parts)


def _time_of(picture: Picture | None) -> float | None:
    if isinstance(picture, KeptPicture):
        return picture.place.time_s
    return picture.time_s if isinstance(picture, Frame) else None
