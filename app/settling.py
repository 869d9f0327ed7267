"""Lets the program stay, once its window is there: what that takes is loaded in a thread, as the user may be typing already."""

from __future__ import annotations

import importlib
import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.controller import Controller
from app.workers.tasks import TaskRunner

if TYPE_CHECKING:
    from app.instance import Message
    from app.resident import Resident

log = logging.getLogger(__name__)

AFTER_MS = 200
"""The window is painted first."""
MODULES = ("app.resident", "PySide6.QtDBus", "app.hotkey.service", "app.capture.overlay", "app.capture.select")
"""What `Resident` needs at once; together they take a quarter of a second."""


class Settling(QObject):
    """Makes the `Resident`, and ends it."""

    def __init__(self, controller: Controller, *, stays_hidden: bool, first: Message | None) -> None:
        """See `Resident` for `stays_hidden`. `first` is what is wanted at once."""
        super().__init__(controller)
        self._controller, self._stays_hidden, self._first = controller, stays_hidden, first
        self._resident: Resident | None = None
        self._tasks = TaskRunner("settling", self)
        self._tasks.succeeded.connect(self._on_tasks_succeeded)
        self._tasks.failed.connect(self._on_tasks_failed)
        QTimer.singleShot(0 if first is not None else AFTER_MS, self, self._begin)

    def close(self) -> None:
        """Let another be the instance."""
        self._tasks.close()
        if self._resident is not None:
            self._resident.close()

    def _begin(self) -> None:
        self._tasks.run(_load)

    def _on_tasks_succeeded(self, _job_id: int, _result: object) -> None:
        from app.resident import Resident

        self._resident = Resident(self._controller, stays_hidden=self._stays_hidden)
        if self._first is not None:
            self._resident.deliver(self._first)

    def _on_tasks_failed(self, _job_id: int, error: object) -> None:
        log.error("the program cannot stay: %r", error)
        self._on_tasks_succeeded(0, None)  # most of it may be there all the same


def _load() -> None:
    """In the thread."""
    for name in MODULES:
        importlib.import_module(name)
