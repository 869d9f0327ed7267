"""What waits in the composer: opened out of the window's thread, in the order it was added, each with what of it is meant."""

from __future__ import annotations

import itertools
import logging
import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Signal
from PySide6.QtGui import QImage

from app.chat.parts import Choice, Part, parse_pages
from app.chat.pictures import Crop, KeptPicture, within
from app.reading import Reading
from app.ui.picture_levels import PictureCache, PictureLevels, decode_levels
from app.workers.tasks import TaskRunner
from ingest.attachment import Attachment, Frame, Page, Picture, format_time, parse_time
from ingest.errors import IngestError, NoSuchPage, PasswordNeeded, PasswordWrong, ReaderFailed, ReaderStopped
from ingest.types import Area

log = logging.getLogger(__name__)

PNG_QUALITY = 80
"""Fast compression: a pasted screenshot is kept for the conversation, not for ever."""

_keys = itertools.count(1)


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

    def is_same_as(self, opened: _Opened) -> bool:
        """Whether it is that very thing already, and the same area of it."""
        mine, other = self.region, opened.region
        if self.attachment is None or self.first is None or self.attachment.id != opened.attachment.id:
            return False
        return self.first.id == opened.first.id if mine and other else mine is other


class Attachments(QObject):
    """Signals:
    changed(): something was added, opened, chosen from or removed.
    refused(code, name, message): something could not be opened and is gone again.
    warned(sentences): something is open, but not all of it is there or can be shown.
    password_wanted(key, name, whether one was wrong): something waits for `unlock` or `remove`.
    """

    changed = Signal()
    refused = Signal(str, str, str)
    warned = Signal(str)
    password_wanted = Signal(int, str, bool)

    def __init__(self, tasks: TaskRunner, cache: PictureCache, reading: Reading, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._cache = cache
        self._reading = reading
        self._jobs: dict[int, int] = {}
        self.entries: list[Entry] = []
        tasks.succeeded.connect(self._on_tasks_succeeded)
        tasks.failed.connect(self._on_tasks_failed)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The first of each that is open."""
        return tuple(entry.first for entry in self.entries if entry.first is not None)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What is to be sent of those that are open."""
        return tuple(choice for entry in self.entries if (choice := entry.choice) is not None)

    @property
    def is_opening(self) -> bool:
        """Whether one is still on its way."""
        return any(entry.attachment is None for entry in self.entries)

    def add_files(self, paths: Iterable[Path]) -> None:
        """Open files."""
        for path in paths:
            entry = Entry(next(_keys), path.name or str(path), path)
            self.entries.append(entry)
            self._open(entry)
        self.changed.emit()

    def add_again(self, files: Iterable[tuple[Path, str]]) -> None:
        """Open files of which these parts were chosen before."""
        for path, part in files:
            entry = Entry(next(_keys), path.name or str(path), path, part=part)
            self.entries.append(entry)
            self._open(entry)
        self.changed.emit()

    def add_image(self, image: QImage, name: str) -> None:
        """Take a picture that is in no file, as from the clipboard."""
        entry = Entry(next(_keys), name, b"")
        self.entries.append(entry)
        self._jobs[self._tasks.run(_open_image, self._reading, entry, image)] = entry.key
        self.changed.emit()

    def add_text(self, text: str, name: str) -> None:
        """Take a text that is in no file."""
        self.add_data(text.encode("utf-8", "replace"), name)

    def add_data(self, data: bytes, name: str) -> None:
        """Take what a file would hold."""
        entry = Entry(next(_keys), name, data)
        self.entries.append(entry)
        self._open(entry)
        self.changed.emit()

    def add_region(self, picture: Picture, area: Area) -> None:
        """Take a part of a page, a frame or a picture, as it was marked in the viewer."""
        entry = Entry(next(_keys), picture.name, b"")
        self.entries.append(entry)
        self._jobs[self._tasks.run(_open_region, entry, picture, area)] = entry.key
        self.changed.emit()

    def set_reading(self, reading: Reading) -> None:
        """Open files with this from now on."""
        self._reading = reading

    def unlock(self, key: int, password: str) -> None:
        """Try again with a password."""
        entry = self.find(key)
        if entry is not None and entry.attachment is None:
            self._open(entry, password)

    def choose_part(self, key: int, part: str) -> None:
        """Send only this part of one. Raises NoSuchPage when it has no such part."""
        entry = self.find(key)
        if entry is None or entry.attachment is None:
            return
        choose(entry.attachment, part)
        entry.part = part.strip()
        self.changed.emit()

    def find(self, key: int) -> Entry | None:
        """The entry with this key, if it is still there."""
        return next((entry for entry in self.entries if entry.key == key), None)

    def remove(self, key: int) -> None:
        """Take one out, open or not."""
        entry = self.find(key)
        if entry is not None and entry.attachment is None:
            entry.stop.set()
        self.entries = [other for other in self.entries if other is not entry]
        self.changed.emit()

    def clear(self) -> None:
        """Take all out."""
        for entry in self.entries:
            if entry.attachment is None:
                entry.stop.set()
        self.entries = []
        self.changed.emit()

    def put_back(self, entries: Iterable[Entry]) -> None:
        """Have these, which were open before, instead of any."""
        self.entries = list(entries)
        self.changed.emit()

    def _open(self, entry: Entry, password: str | None = None) -> None:
        self._jobs[self._tasks.run(_open_file, self._reading, entry, password)] = entry.key

    def _on_tasks_succeeded(self, job_id: int, result: object) -> None:
        entry = self._entry_of(job_id)
        if entry is None or not isinstance(result, _Opened):
            return
        self._cache.put(result.first.id, result.levels)
        if any(other.is_same_as(result) for other in self.entries):
            self.entries.remove(entry)  # the same twice in one question says nothing new
        else:
            if not _has_part(result.attachment, entry.part):
                entry.part = ""  # it was another file when that was chosen
            entry.attachment, entry.first, entry.region = result.attachment, result.first, result.region
            if result.region is None and result.attachment.contents.warnings:
                self.warned.emit(f"{entry.name}: {' '.join(result.attachment.contents.warnings)}")
        self.changed.emit()

    def _on_tasks_failed(self, job_id: int, error: object) -> None:
        entry = self._entry_of(job_id)
        if entry is None:
            return
        if isinstance(error, PasswordNeeded | PasswordWrong):
            self.password_wanted.emit(entry.key, entry.name, isinstance(error, PasswordWrong))
            return
        self.entries.remove(entry)
        if not isinstance(error, IngestError):
            log.error("a file could not be opened: %r", error)
            error = ReaderFailed(f"{entry.name} cannot be opened.")
        if not isinstance(error, ReaderStopped):
            self.refused.emit(error.code, entry.name, error.message)
        self.changed.emit()

    def _entry_of(self, job_id: int) -> Entry | None:
        return self.find(self._jobs.pop(job_id, 0))


@dataclass(frozen=True, slots=True)
class _Opened:
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


def _has_part(attachment: Attachment, part: str) -> bool:
    try:
        choose(attachment, part)
    except NoSuchPage:
        return False
    return True


def _open_file(reading: Reading, entry: Entry, password: str | None) -> _Opened:
    """In a worker's thread, with its first picture, so that damage is found when it is attached."""
    attachment = reading.open(entry.source, entry.name, password, entry.stop)
    first = attachment.find("0") if attachment.is_timed else attachment.pages()[0]
    return _Opened(attachment, first, decode_levels(first))


def _open_image(reading: Reading, entry: Entry, image: QImage) -> _Opened:
    """In a worker's thread: encoded once, so that it is a picture like any other."""
    encoded = QByteArray()
    buffer = QBuffer(encoded)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG", PNG_QUALITY)  # type: ignore[call-overload]
    entry.source = bytes(encoded.data())
    return _open_file(reading, entry, None)


def _open_region(entry: Entry, picture: Picture, area: Area) -> _Opened:
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
    return _Opened(picture.attachment, crop, decode_levels(crop), region)
