"""Keeps the plan of what the next question sends, made out of the window's thread: pages and frames have to be read for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from app.chat.parts import Choice, Plan, Room
from app.chat.plan import plan
from app.chat.wants import Recognise
from app.workers.tasks import TaskRunner
from ingest.attachment import Picture
from ingest.errors import IngestError, ReaderFailed
from ingest.recogniser import Recogniser
from ingest.types import PageText

log = logging.getLogger(__name__)


class Planning(QObject):
    """Attributes:
        plan: of the latest choices; empty while they are being planned.
        is_running: whether that is still going on.
        has_failed: something of it could not be read, so that there is no plan.

    Signals:
        ended(): the plan is there, or there is none.
        failed(message): something could not be read.
    """

    ended = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject, recogniser: Recogniser, tasks: TaskRunner | None = None) -> None:
        """`recogniser` reads pictures for a model that sees none. With a thread of its own unless it is to share one."""
        super().__init__(parent)
        self._recogniser = recogniser
        self._stop = threading.Event()
        self._tasks = tasks or TaskRunner("planning", self)
        self._tasks.succeeded.connect(self._on_tasks_succeeded)
        self._tasks.failed.connect(self._on_tasks_failed)
        self._job = 0
        self.plan = Plan()
        self.is_running = self.has_failed = False

    def restart(self, choices: Sequence[Choice], room: Room) -> None:
        """The choices or the room have changed."""
        self._tasks.forget(self._job)
        self._stop.set()
        self._stop = threading.Event()
        self.plan = Plan()
        self.is_running, self.has_failed = bool(choices), False
        self._job = self._tasks.run(plan, tuple(choices), room, self._recognise(self._stop)) if choices else 0

    def set_recogniser(self, recogniser: Recogniser) -> None:
        """Read with this one from now on."""
        self._recogniser = recogniser

    def close(self) -> None:
        """End the thread."""
        self._stop.set()
        self._tasks.close()

    def _recognise(self, stop: threading.Event) -> Recognise:
        """For the thread: reading ends when something else is to be planned."""
        recogniser = self._recogniser

        def recognise(picture: Picture) -> PageText:
            return recogniser.recognise(picture, stop)

        return recognise

    def _on_tasks_succeeded(self, job_id: int, result: object) -> None:
        if job_id == self._job and isinstance(result, Plan):
            self.plan, self.is_running = result, False
            self.ended.emit()

    def _on_tasks_failed(self, job_id: int, error: object) -> None:
        if job_id != self._job:
            return
        self.is_running, self.has_failed = False, True
        if not isinstance(error, IngestError):
            log.error("the attachments could not be planned: %r", error)
            error = ReaderFailed("What is attached cannot be read.")
        self.failed.emit(error.message)
        self.ended.emit()
