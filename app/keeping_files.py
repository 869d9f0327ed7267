"""Copies of attached files, made and found beside the history's own thread: a film must not keep an answer from being written."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.chat.history.types import Damage
from app.chat.pictures import SourceInfo
from app.workers.tasks import TaskRunner

if TYPE_CHECKING:
    from app.chat.history.store import History


class FileKeeping(QObject):
    """Attributes:
        damage: what happened when the history was found to be damaged here; None when it was not.

    Signals:
        ended(name): a file was looked after; its name if it is too large for a copy, else empty.
        failed(job id, exception): one could not be kept.
    """

    ended = Signal(str)
    failed = Signal(int, object)

    def __init__(self, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._folder = folder
        self._tasks = TaskRunner("files", self)
        self._tasks.succeeded.connect(self._on_tasks_succeeded)
        self._tasks.failed.connect(self.failed)
        self._lock = threading.Lock()
        self._store: History | None = None
        self.damage: Damage | None = None

    def keep(self, source: SourceInfo) -> None:
        """Copy a file."""
        self._tasks.run(self._keep, source)

    def find(self, source: SourceInfo) -> Path:
        """Where the bytes of an attachment are. Blocks; may be called from any thread. Raises FileGone."""
        with self._lock:
            if self._store is None:
                self._store = self._new_store()
            try:
                return self._store.file_of(source)
            finally:
                self.damage = self._store.damage or self.damage

    def finish(self) -> None:
        """Copy what waits, and end the thread."""
        self._tasks.finish()
        with self._lock:
            if self._store is not None:
                self._store.close()
                self._store = None

    def _keep(self, source: SourceInfo) -> str:
        """In the thread, with a connection of its own."""
        store = self._new_store()
        try:
            return "" if store.keep_file(source).is_copied else source.name
        finally:
            self.damage = store.damage or self.damage
            store.close()

    def _new_store(self) -> History:
        from app.chat.history.store import History  # not needed for the first window

        return History(self._folder)

    def _on_tasks_succeeded(self, _job_id: int, name: str) -> None:
        self.ended.emit(name)
