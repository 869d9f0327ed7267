"""What waits in the composer: opened out of the window's thread, in the order it was added, each with what of it is meant."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.chat.history.types import DraftFile
from app.chat.parts import Choice
from app.chat.pictures import SourceInfo
from app.opening import Entry, Opened, choose, has_part, open_file, open_image, open_kept, open_region
from app.reading import Reading
from app.ui.picture_levels import PictureCache
from app.workers.tasks import TaskRunner
from ingest.attachment import Picture
from ingest.errors import IngestError, PasswordNeeded, PasswordWrong, ReaderFailed, ReaderStopped
from ingest.types import Area

log = logging.getLogger(__name__)

_keys = itertools.count(1)


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

    def add_again(self, files: Iterable[DraftFile], find: Callable[[SourceInfo], Path]) -> None:
        """Open what was attached before. `find` tells, in any thread, where the copy of something is."""
        for file in files:
            if file.sha256:
                entry = Entry(next(_keys), file.name, b"", part=file.part)
                source = SourceInfo(file.sha256, file.name, "picture")
                self._jobs[self._tasks.run(open_kept, self._reading, entry, source, find)] = entry.key
            else:
                entry = Entry(next(_keys), Path(file.name).name or file.name, Path(file.name), part=file.part)
                self._open(entry)
            self.entries.append(entry)
        self.changed.emit()

    def add_image(self, image: QImage, name: str) -> None:
        """Take a picture that is in no file, as from the clipboard."""
        entry = Entry(next(_keys), name, b"")
        self.entries.append(entry)
        self._jobs[self._tasks.run(open_image, self._reading, entry, image)] = entry.key
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
        self._jobs[self._tasks.run(open_region, entry, picture, area)] = entry.key
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
        self._jobs[self._tasks.run(open_file, self._reading, entry, password)] = entry.key

    def _on_tasks_succeeded(self, job_id: int, result: object) -> None:
        entry = self._entry_of(job_id)
        if entry is None or not isinstance(result, Opened):
            return
        self._cache.put(result.first.id, result.levels)
        if any(other.is_same_as(result) for other in self.entries):
            self.entries.remove(entry)  # the same twice in one question says nothing new
        else:
            if not has_part(result.attachment, entry.part):
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
