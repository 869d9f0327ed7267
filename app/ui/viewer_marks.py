"""The boxes of an answer, brought to the whole pages that the viewer shows, and told in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication

from app.chat.answer import Reference
from app.ui.box_list import ListedBox
from app.ui.box_words import box_words
from app.ui.picture_words import picture_words
from app.ui.viewer_subjects import Subject, Subjects
from ingest.types import Area


@dataclass(frozen=True, slots=True)
class Marks:
    """Where the boxes of an answer are, as seen from one page.

    Attributes:
        here: those on the page in view, in fractions of it.
        listed: all that can be shown.
        numbers: those of the subject in view, by the index of their page.
        sent: indices of the pages that are part of a question; empty where all are, which says nothing.
    """

    here: tuple[Reference, ...]
    listed: tuple[ListedBox, ...]
    numbers: dict[int, list[int]]
    sent: frozenset[int]


def find_marks(references: Sequence[Reference], subjects: Subjects, subject: Subject | None, index: int) -> Marks:
    """The boxes as seen from page `index` of a subject."""
    here: list[Reference] = []
    listed: list[ListedBox] = []
    numbers: dict[int, list[int]] = {}
    for reference in references:
        spot = subjects.find(reference.picture_id) if reference.picture_id is not None else None
        if spot is None:
            continue
        whole = in_whole(reference, spot.area)
        if spot.subject is subject:
            numbers.setdefault(spot.index, []).append(reference.number)
        if spot.subject is subject and spot.index == index:
            here.append(whole)
            listed.append(ListedBox(whole))
        else:
            picture = spot.subject.picture(spot.index)
            listed.append(ListedBox(whole, picture_words(picture) if picture is not None else spot.subject.name))
    found = (subject.index_of(picture_id) for picture_id in subjects.sent_ids) if subject is not None else ()
    sent = frozenset(place for place in found if place is not None)
    return Marks(tuple(here), tuple(listed), numbers, sent if subject is not None and len(sent) < len(subject) else frozenset())


def in_whole(reference: Reference, area: Area | None) -> Reference:
    """A reference to a part of a picture as one to all of it."""
    if area is None:
        return reference
    box, width, height = reference.box, area.x1 - area.x0, area.y1 - area.y0
    corners = tuple((area.x0 + x * width, area.y0 + y * height) for x, y in box.polygon)
    x0, x1 = area.x0 + box.x0 * width, area.x0 + box.x1 * width
    y0, y1 = area.y0 + box.y0 * height, area.y0 + box.y1 * height
    return replace(reference, box=replace(box, x0=x0, y0=y0, x1=x1, y1=y1, polygon=corners))


def marks_words(references: Sequence[Reference]) -> str:
    """The boxes on the page in view, for a screen reader."""
    if not references:
        return ""
    said = [box_words(reference.number, reference.box) for reference in references]
    return QCoreApplication.translate("Box", "Marked: {boxes}.").format(boxes=QCoreApplication.translate("Box", "; ").join(said))
