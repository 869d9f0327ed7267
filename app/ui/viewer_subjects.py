"""What the viewer offers: documents with all their pages, videos with their sent frames, and single pictures together. No Qt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from app.chat.pictures import Crop, KeptPicture, SourceInfo
from ingest.attachment import Attachment, Frame, Page, Picture
from ingest.types import Area, FrameTime

SubjectKind = Literal["pages", "slides", "frames", "pictures"]

PICTURES_KEY = "pictures"
_NUMBERED = re.compile(r"(?:page|slide) (\d{1,9})")
"""Locators whose number is the page's."""


class Subject:
    """One thing to page through. Pages are found out about when they are wanted; until then their place is empty.

    Attributes:
        key: the attachment's id; `PICTURES_KEY` for the single pictures.
        name: empty for the single pictures, which have their own.
        kind: what its parts are called.
        open: the attachment, from any thread but the window's; None where there is nothing more to open.
    """

    def __init__(
        self, key: str, name: str, kind: SubjectKind, count: int = 0, open: Callable[[], Attachment] | None = None
    ) -> None:
        self.key, self.name, self.kind, self.open = key, name, kind, open
        self._count = count
        self._pictures: dict[int, Picture] = {}
        self._indices: dict[str, int] = {}

    def __len__(self) -> int:
        return max(self._count, len(self._pictures))

    @property
    def any_picture(self) -> Picture | None:
        """One that is known, for what most of them look like."""
        return next(iter(self._pictures.values()), None)

    def picture(self, index: int) -> Picture | None:
        """The page, frame or picture at an index; None while it is not known."""
        return self._pictures.get(index)

    def index_of(self, picture_id: str) -> int | None:
        """Where a picture stands; None while it is not known."""
        return self._indices.get(picture_id)

    def put(self, index: int, picture: Picture) -> None:
        """A page is known now; a page that is open is better than one that has to be opened."""
        known = self._pictures.get(index)
        if known is None or isinstance(known, KeptPicture):
            self._pictures[index] = picture
            self._indices[picture.id] = index

    def put_all(self, pictures: Iterable[Picture]) -> None:
        """All there are."""
        self._pictures = dict(enumerate(pictures))
        self._indices = {picture.id: index for index, picture in self._pictures.items()}

    def take_over(self, before: Subject) -> None:
        """Know the pages that another one of the same attachment knew."""
        if self.kind in ("pages", "slides"):
            for index, picture in before._pictures.items():
                self.put(index, picture)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a picture is: in a subject at an index, or in a part of what is there."""

    subject: Subject
    index: int
    area: Area | None = None


class Subjects:
    """All that is on offer, in order of first appearance.

    Attributes:
        sent_ids: of the whole pictures that are part of a question.
    """

    def __init__(self) -> None:
        self._subjects: dict[str, Subject] = {}
        self._parts: dict[str, tuple[str, str, Area | None]] = {}
        self._opened: dict[str, Picture] = {}
        self._given: tuple[Sequence[Picture], Sequence[Attachment]] = ((), ())
        self.sent_ids: frozenset[str] = frozenset()

    @property
    def all(self) -> tuple[Subject, ...]:
        """What can be switched between."""
        return tuple(self._subjects.values())

    def replace(self, pictures: Sequence[Picture], attachments: Sequence[Attachment] = ()) -> None:
        """Offer these, and all the pages of their documents."""
        self._given = (pictures, attachments)
        before, self._subjects, self._parts = self._subjects, {}, {}
        loose: dict[str, dict[str, Picture]] = {}
        for given in pictures:
            self._add(self._opened.get(given.id, given), given.id, loose)
        for attachment in attachments:
            self._add_attachment(attachment, loose)
        for key, found in loose.items():
            in_order = sorted(found.values(), key=_time_of) if key != PICTURES_KEY else found.values()
            self._subjects[key].put_all(in_order)
        for key, subject in self._subjects.items():
            if key in before:
                subject.take_over(before[key])
        self.sent_ids = frozenset(whole for _, whole, _ in self._parts.values())

    def put_opened(self, picture_id: str, picture: Picture) -> None:
        """A picture of an earlier question was opened."""
        self._opened[picture_id] = picture
        self.replace(*self._given)

    def find(self, picture_id: str) -> Spot | None:
        """Where a picture is that was given, or a page of what was; None for others and for those still to be opened."""
        if picture_id in self._parts:
            key, whole_id, area = self._parts[picture_id]
            index = self._subjects[key].index_of(whole_id)
            return Spot(self._subjects[key], index, area) if index is not None else None
        for subject in self._subjects.values():
            index = subject.index_of(picture_id)
            if index is not None:
                return Spot(subject, index)
        return None

    def unopened(self, picture_id: str) -> KeptPicture | None:
        """The picture with this id, if it has to be opened before it is known where it stands."""
        given = next((picture for picture in self._given[0] if picture.id == picture_id), None)
        return given if isinstance(given, KeptPicture) and picture_id not in self._opened else None

    def _add(self, picture: Picture, given_id: str, loose: dict[str, dict[str, Picture]]) -> None:
        whole, area = (picture.picture, picture.area) if isinstance(picture, Crop) else (picture, None)
        source, opener = _source_of(whole)
        if isinstance(whole, KeptPicture) and whole.place.area is not None:
            if source is not None and not source.is_single and not source.is_timed:
                self._document(source, opener)
            return  # what it is a part of is known when it has been opened
        if source is None or source.is_single:
            key = self._subject(PICTURES_KEY, "", "pictures", 0, None).key
            loose.setdefault(key, {})[whole.id] = whole
        elif source.is_timed:
            key = self._subject(source.id, source.name, "frames", 0, None).key
            loose.setdefault(key, {})[whole.id] = whole
        else:
            subject = self._document(source, opener)
            key = subject.key
            index = _index_of(whole)
            if index is not None and index < len(subject):
                subject.put(index, whole)
        self._parts[given_id] = (key, whole.id, area)

    def _add_attachment(self, attachment: Attachment, loose: dict[str, dict[str, Picture]]) -> None:
        if attachment.is_timed:
            if attachment.id not in self._subjects:
                first = Frame(attachment, 0, FrameTime(0.0))
                self._subject(attachment.id, attachment.name, "frames", 0, None)
                loose[attachment.id] = {first.id: first}
        elif not attachment.is_single:
            self._document(SourceInfo.of(attachment), lambda: attachment)

    def _document(self, source: SourceInfo, opener: Callable[[], Attachment] | None) -> Subject:
        kind: SubjectKind = "slides" if source.kind == "deck" else "pages"
        return self._subject(source.id, source.name, kind, source.page_count, opener)

    def _subject(self, key: str, name: str, kind: SubjectKind, count: int, opener: Callable[[], Attachment] | None) -> Subject:
        return self._subjects.setdefault(key, Subject(key, name, kind, count, opener))


def _source_of(picture: Picture) -> tuple[SourceInfo | None, Callable[[], Attachment] | None]:
    if isinstance(picture, KeptPicture):
        return picture.place.source, partial(picture.opener, picture.place.source)
    if isinstance(picture, Page | Frame):
        attachment = picture.attachment
        return SourceInfo.of(attachment), lambda: attachment
    return None, None


def _index_of(picture: Picture) -> int | None:
    if isinstance(picture, Page):
        return picture.info.index
    match = _NUMBERED.fullmatch(picture.place.locator) if isinstance(picture, KeptPicture) else None
    return int(match[1]) - 1 if match else None


def _time_of(picture: Picture) -> float:
    if isinstance(picture, KeptPicture):
        return picture.place.time_s or 0.0
    return picture.time_s if isinstance(picture, Frame) else 0.0
