"""Where the reader is among all there is to look at, and how to get from page to page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from app.ui.viewer_requests import FindPages, Request
from app.ui.viewer_subjects import Subject, Subjects
from ingest.attachment import Attachment, Page, Picture
from ingest.parts import PAGES_AT_ONCE


class Paging(QObject):
    """Attributes:
    subjects: what is on offer.
    subject, index: what is in view; None and 0 for nothing.
    direction: 1 after going forward, -1 after going back, 0 after a leap.

    Signals:
        moved(whether to a neighbour): something else is in view, or more is known about it.
        learned(): pages became known.
    """

    moved = Signal(bool)
    learned = Signal()

    def __init__(self, want: Callable[[Request], None], parent: QObject) -> None:
        super().__init__(parent)
        self._want = want
        self.subjects = Subjects()
        self.subject: Subject | None = None
        self.index = 0
        self.direction = 0
        self._picture_id = ""
        self._places: dict[str, int] = {}
        self._refused: set[tuple[str, int]] = set()

    @property
    def picture(self) -> Picture | None:
        """What is in view; None while it is not known, and for nothing."""
        return self.subject.picture(self.index) if self.subject is not None else None

    @property
    def following(self) -> Picture | None:
        """The page that is turned to next if reading goes on as it did; None for none, and while it is not known."""
        return self.subject.picture(self.index + self.direction) if self.subject is not None and self.direction else None

    def replace(self, pictures: Sequence[Picture], attachments: Sequence[Attachment]) -> bool:
        """Offer these. False when what was in view is not among them."""
        self.subjects.replace(pictures, attachments)
        return self._follow()

    def put_opened(self, picture_id: str, picture: Picture) -> bool:
        """A picture of an earlier question was opened. False when what was in view is gone."""
        self.subjects.put_opened(picture_id, picture)
        return self._follow()

    def leave(self) -> None:
        """Have nothing in view."""
        self.subject, self.index, self.direction, self._picture_id = None, 0, 0, ""
        self.moved.emit(False)

    def leap_to(self, subject: Subject, index: int) -> None:
        """Go anywhere."""
        self.direction = 0
        self._refused.clear()
        self._go_to(subject, index)

    def go_to(self, index: int) -> None:
        """Go to another page of the same document, if there is such a page."""
        if self.subject is not None and 0 <= index < len(self.subject):
            self.direction = 1 if index > self.index else -1
            self._refused.clear()
            self._go_to(self.subject, index)

    def turn(self, by: int) -> None:
        """Go to the next page or the one before."""
        if self.subject is not None and 0 <= self.index + by < len(self.subject):
            self.direction = by
            self._refused.clear()
            self._go_to(self.subject, self.index + by, is_turn=True)

    def go_to_end(self, is_last: bool) -> None:
        """Go to the last page, or to the first."""
        self.go_to(len(self.subject) - 1 if is_last and self.subject is not None else 0)

    def switch_to(self, key: str) -> None:
        """Go to another subject, where it was left."""
        subject = self._find(key)
        if subject is not None:
            self.leap_to(subject, min(self._places.get(key, 0), len(subject) - 1))

    def switch(self, by: int) -> None:
        """Go to the next subject or the one before, round and round."""
        keys = [subject.key for subject in self.subjects.all]
        if self.subject is not None and self.subject.key in keys:
            self.switch_to(keys[(keys.index(self.subject.key) + by) % len(keys)])

    def find_page(self, index: int) -> None:
        """Ask for a page of the same document and those around it, which come together, unless that went wrong before."""
        first = index - index % PAGES_AT_ONCE
        if self.subject is not None and (self.subject.key, first) not in self._refused:
            self._want(FindPages(self.subject, first))

    def take(self, request: Request, result: object) -> None:
        """An answer came."""
        subject = self._find(request.subject.key) if isinstance(request, FindPages) else None
        if subject is None or not isinstance(request, FindPages) or not isinstance(result, list):
            return
        for page in result:
            if isinstance(page, Page):
                subject.put(page.info.index, page)
        if subject.picture(request.index) is None:
            self._refused.add((subject.key, request.index))
        self.learned.emit()
        if subject is self.subject:
            self._go_to(subject, self.index)

    def refuse(self, request: Request) -> None:
        """What was asked for cannot be had; it is not asked for again by itself."""
        if isinstance(request, FindPages):
            self._refused.add((request.subject.key, request.index))

    def _find(self, key: str) -> Subject | None:
        return next((subject for subject in self.subjects.all if subject.key == key), None)

    def _follow(self) -> bool:
        """Stay where the reader is, now that something else is on offer."""
        spot = self.subjects.find(self._picture_id) if self._picture_id else None
        same = self._find(self.subject.key) if self.subject is not None and not self._picture_id else None
        if spot is not None:
            self._go_to(spot.subject, spot.index)
        elif same is not None and self.index < len(same):
            self._go_to(same, self.index)
        else:
            return False
        return True

    def _go_to(self, subject: Subject, index: int, is_turn: bool = False) -> None:
        self.subject, self.index = subject, index
        self._places[subject.key] = index
        picture = subject.picture(index)
        self._picture_id = picture.id if picture is not None else ""
        if picture is None:
            self.find_page(index)
        self.moved.emit(is_turn)
