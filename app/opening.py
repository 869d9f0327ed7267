"""What goes along with a question, and how it is opened: in a worker's thread, with its first picture, so that damage is found."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage

from app.chat.history.errors import HistoryError
from app.chat.parts import Choice, Part, parse_pages
from app.chat.pictures import Crop, KeptPicture, SourceInfo, within
from app.reading import Reading
from app.ui.picture_levels import PictureLevels, decode_levels
from ingest.attachment import Attachment, Frame, Page, Picture, format_time, parse_time
from ingest.errors import NoSuchPage, ReaderFailed
from ingest.types import Area

PNG_QUALITY = 80
"""Fast compression: a pasted screenshot is kept for the conversation, not for ever."""


@dataclass(slots=True)
class Entry:
    """An attachment on its way. `attachment` and `first`, its first picture, are None until it is open.

    `part` is what the user wrote of it: pages like "3-7" or times like "00:10-00:40"; empty for all. `region` is set for an area
    of a page or frame that the user marked.
    """

    key: int
    name: str
    source: Path | bytes
    attachment: Attachment | None = None
    first: Picture | None = None
    part: str = ""
    region: Choice | None = None
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def choice(self) -> Choice | None:
        """What is to be sent of it."""
        if self.region is not None:
            return self.region
        return choose(self.attachment, self.part) if self.attachment is not None else None

    @property
    def has_parts(self) -> bool:
        """Whether pages or times of it can be chosen."""
        return self.attachment is not None and not self.attachment.is_single and self.region is None

    def owns(self, part: Part) -> bool:
        """Whether this is sent for it."""
        if self.attachment is None or part.place is None or part.place.source.id != self.attachment.id:
            return False
        return part.place.area is None if self.region is None else self.first is not None and part.picture.id == self.first.id

    def is_same_as(self, opened: Opened) -> bool:
        """Whether it is that very thing already, and the same area of it."""
        mine, other = self.region, opened.region
        if self.attachment is None or self.first is None or self.attachment.id != opened.attachment.id:
            return False
        return self.first.id == opened.first.id if mine and other else mine is other


@dataclass(frozen=True, slots=True)
class Opened:
    attachment: Attachment
    first: Picture
    levels: PictureLevels
    region: Choice | None = None


def choose(attachment: Attachment, part: str) -> Choice:
    """What a user's words mean for an attachment. Raises NoSuchPage when there is no such part."""
    if not part.strip():
        return Choice(attachment)
    if not attachment.is_timed:
        return Choice(attachment, parse_pages(part, attachment.contents.page_count, attachment.name))
    start, dash, end = re.sub(r"\s", "", part).replace("–", "-").partition("-")
    start_s, end_s = parse_time(start or "0"), parse_time(end) if end else None
    if not dash or (end_s is not None and end_s < start_s) or start_s > (attachment.contents.duration_s or start_s):
        duration = format_time(round(attachment.contents.duration_s or 0.0, 1))
        raise NoSuchPage(f"{attachment.name} has no part {part}. Write two times from 00:00 to {duration}, as in 00:10-00:40.")
    return Choice(attachment, None, start_s, end_s)


def has_part(attachment: Attachment, part: str) -> bool:
    try:
        choose(attachment, part)
    except NoSuchPage:
        return False
    return True


def open_file(reading: Reading, entry: Entry, password: str | None) -> Opened:
    """In a worker's thread, with its first picture, so that damage is found when it is attached."""
    attachment = reading.open(entry.source, entry.name, password, entry.stop)
    first = attachment.find("0") if attachment.is_timed else attachment.pages()[0]
    return Opened(attachment, first, decode_levels(first))


def open_image(reading: Reading, entry: Entry, image: QImage) -> Opened:
    """In a worker's thread: encoded once, so that it is a picture like any other."""
    encoded = QByteArray()
    buffer = QBuffer(encoded)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG", PNG_QUALITY)  # type: ignore[call-overload]
    entry.source = bytes(encoded.data())
    return open_file(reading, entry, None)


def open_kept(reading: Reading, entry: Entry, source: SourceInfo, find: Callable[[SourceInfo], Path]) -> Opened:
    """In a worker's thread: what was in no file comes from the copy of it."""
    try:
        entry.source = find(source).read_bytes()
    except (OSError, HistoryError) as error:
        raise ReaderFailed(f"The copy of {entry.name} is gone, so it is not attached any more.") from error
    return open_file(reading, entry, None)


def open_region(entry: Entry, picture: Picture, area: Area) -> Opened:
    """In a worker's thread: the page or frame is opened again if it was of an earlier question."""
    while not isinstance(picture, Page | Frame):
        if isinstance(picture, Crop):
            area = within(picture.area, area)
            picture = picture.picture
        elif isinstance(picture, KeptPicture):
            picture = picture.open()
        else:
            raise ReaderFailed(f"{entry.name} is in no file, so no part of it can be sent.")
    crop = Crop.of(picture, area)
    if isinstance(picture, Page):
        region = Choice(picture.attachment, (picture.info.index,), area=crop.area)
    else:
        region = Choice(picture.attachment, None, picture.time_s, area=crop.area)
    entry.name = picture.attachment.name
    return Opened(picture.attachment, crop, decode_levels(crop), region)
