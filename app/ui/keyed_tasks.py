"""Work outside the window's thread, each piece done once, by a thread that is there only while there is something to do."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.workers.tasks import TaskRunner


class KeyedTasks(QObject):
    """Signals:
    done(key, result): in the thread this object lives in; the result is None where the work failed.
    """

    done = Signal(object, object)

    def __init__(self, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self._name = name
        self._runner: TaskRunner | None = None
        self._waiting: dict[int, Hashable] = {}

    @property
    def is_busy(self) -> bool:
        """Whether there is work to do."""
        return bool(self._waiting)

    def run(self, key: Hashable, job: Callable[..., Any], *arguments: Any) -> None:
        """Have it done, unless it is being done."""
        if key in self._waiting.values():
            return
        if self._runner is None:
            self._runner = TaskRunner(self._name, self)
            self._runner.succeeded.connect(self._on_runner_succeeded)
            self._runner.failed.connect(self._on_runner_failed)
        self._waiting[self._runner.run(job, *arguments)] = key

    def close(self) -> None:
        """End the thread after what is being done, and forget what waits. Whoever wants more starts it again."""
        self._waiting.clear()
        if self._runner is not None:
            self._runner.close()
            self._runner.deleteLater()
            self._runner = None

    def _on_runner_succeeded(self, job_id: int, result: object) -> None:
        key = self._waiting.pop(job_id)
        if not self._waiting:
            self.close()
        self.done.emit(key, result)

    def _on_runner_failed(self, job_id: int, error: Exception) -> None:
        self._on_runner_succeeded(job_id, None)
