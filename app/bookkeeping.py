"""Counts what remote models used, outside the window's thread, and tells what this month cost."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.asking import Asking
from app.chat.session import Conversation, Turn
from app.settings.schema import Settings
from app.workers.tasks import TaskRunner

log = logging.getLogger(__name__)


class Bookkeeping(QObject):
    """Signals:
    changed(): something more was counted.
    told(spent): what `ask_month` asked for, a tuple of `app.spending.Spent`.
    failed(message): it could not be read or written.
    """

    changed = Signal()
    told = Signal(object)
    failed = Signal(str)

    def __init__(self, asking: Asking, settings: Callable[[], Settings], parent: QObject) -> None:
        super().__init__(parent)
        self._settings = settings
        self._tasks = TaskRunner("bookkeeping", self)
        self._tasks.succeeded.connect(self._on_tasks_succeeded)
        self._tasks.failed.connect(self._on_tasks_failed)
        asking.ended.connect(self._on_asking_ended)

    def ask_month(self) -> None:
        """What was used in this month, by model and host; `told` has it."""
        self._tasks.run(_month, self._settings())

    def close(self) -> None:
        """Count what has still to be counted, and end the thread."""
        self._tasks.finish()

    def _on_asking_ended(self, _conversation: Conversation, turn: Turn) -> None:
        if turn.host is not None:
            self._tasks.run(_record, turn)

    def _on_tasks_succeeded(self, _job_id: int, result: object) -> None:
        if isinstance(result, tuple):
            self.told.emit(result)
        else:
            self.changed.emit()

    def _on_tasks_failed(self, _job_id: int, error: Exception) -> None:
        log.error("the books could not be kept: %r", error)
        self.failed.emit(getattr(error, "message", str(error)))


def _record(turn: Turn) -> None:
    """In the thread, like `_month`."""
    from app.spending import Spending  # SQLite is not needed for the first window

    Spending().record(turn.host or "", turn.model_name, turn.answer.usage, turn.created_at)


def _month(settings: Settings) -> object:
    from app.engine_choice import load_model_table
    from app.spending import Spending, priced

    return priced(Spending().month(), load_model_table()[0], settings)
