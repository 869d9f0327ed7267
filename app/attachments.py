"""The pictures that wait in the composer: opened and decoded out of the window's thread, in the order they were added."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Signal
from PySide6.QtGui import QImage

from app.ui.picture_levels import PictureCache, PictureLevels, open_levels
from app.workers.tasks import TaskRunner
from ingest.errors import IngestError, PictureUnreadable
from ingest.types import Picture

log = logging.getLogger(__name__)

PNG_QUALITY = 80
"""Fast compression: a pasted screenshot is kept for the conversation, not for ever."""

_keys = itertools.count(1)


@dataclass(slots=True)
class Attachment:
    """A picture on its way. `picture` is None until it is open."""

    key: int
    name: str
    picture: Picture | None = None


class Attachments(QObject):
    """Signals:
    changed(): something was added, opened or removed.
    refused(code, name, message): something could not be opened and is gone again.
    """

    changed = Signal()
    refused = Signal(str, str, str)

    def __init__(self, tasks: TaskRunner, cache: PictureCache, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._cache = cache
        self._jobs: dict[int, int] = {}
        self.entries: list[Attachment] = []
        tasks.succeeded.connect(self._on_tasks_succeeded)
        tasks.failed.connect(self._on_tasks_failed)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The ones that are open."""
        return tuple(entry.picture for entry in self.entries if entry.picture is not None)

    @property
    def is_opening(self) -> bool:
        """Whether one is still on its way."""
        return any(entry.picture is None for entry in self.entries)

    def add_files(self, paths: Iterable[Path]) -> None:
        """Open picture files."""
        for path in paths:
            entry = Attachment(next(_keys), path.name or str(path))
            self.entries.append(entry)
            self._jobs[self._tasks.run(open_levels, str(path), None)] = entry.key
        self.changed.emit()

    def add_image(self, image: QImage, name: str) -> None:
        """Take a picture that is in no file, as from the clipboard."""
        entry = Attachment(next(_keys), name)
        self.entries.append(entry)
        self._jobs[self._tasks.run(_open_image, image, name)] = entry.key
        self.changed.emit()

    def restore(self, pictures: Iterable[Picture]) -> None:
        """Put pictures back that were open before."""
        for picture in pictures:
            self.entries.append(Attachment(next(_keys), picture.name, picture))
        self.changed.emit()

    def remove(self, key: int) -> None:
        """Take one out, open or not."""
        self.entries = [entry for entry in self.entries if entry.key != key]
        self.changed.emit()

    def clear(self) -> None:
        """Take all out."""
        self.entries = []
        self.changed.emit()

    def _on_tasks_succeeded(self, job_id: int, result: object) -> None:
        entry = self._entry_of(job_id)
        if entry is None or not isinstance(result, tuple):
            return
        picture, levels = result
        assert isinstance(picture, Picture)
        assert isinstance(levels, PictureLevels)
        self._cache.put(picture.id, levels)
        if picture in self.pictures:
            self.entries.remove(entry)  # the same picture twice in one question says nothing new
        else:
            entry.picture = picture
        self.changed.emit()

    def _on_tasks_failed(self, job_id: int, error: object) -> None:
        entry = self._entry_of(job_id)
        if entry is None:
            return
        self.entries.remove(entry)
        if not isinstance(error, IngestError):
            log.error("a picture could not be opened: %r", error)
            error = PictureUnreadable(f"{entry.name} cannot be opened.")
        self.refused.emit(error.code, entry.name, error.message)
        self.changed.emit()

    def _entry_of(self, job_id: int) -> Attachment | None:
        key = self._jobs.pop(job_id, None)
        return next((entry for entry in self.entries if entry.key == key), None)


def _open_image(image: QImage, name: str) -> tuple[Picture, PictureLevels]:
    """In a worker's thread: encoded once, so that it is a picture like any other."""
    encoded = QByteArray()
    buffer = QBuffer(encoded)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG", PNG_QUALITY)  # type: ignore[call-overload]
    return open_levels(bytes(encoded.data()), name)
