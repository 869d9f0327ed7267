"""Short jobs outside the window's thread, with the result brought back into it."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

log = logging.getLogger(__name__)

_job_ids = itertools.count(1)


class TaskRunner(QObject):
    """Runs jobs one after another in a thread of its own.

    Signals:
        succeeded(job id, result), failed(job id, exception): in the thread this object lives in.
    """

    succeeded = Signal(int, object)
    failed = Signal(int, object)
    _done = Signal(int, object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._executor: ThreadPoolExecutor | None = None
        self._is_closed = False
        self._waiting: set[int] = set()
        self._done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)

    def run(self, job: Callable[..., Any], *arguments: Any) -> int:
        """Queue a job; the id comes back with its result. Nothing is done after `close` or `finish`."""
        if self._is_closed:
            return next(_job_ids)
        if self._executor is None:
            self._executor = ThreadPoolExecutor(1, thread_name_prefix=self._name)
        job_id = next(_job_ids)
        self._waiting.add(job_id)
        future = self._executor.submit(job, *arguments)
        future.add_done_callback(lambda done: self._report(job_id, done))
        return job_id

    def forget(self, job_id: int) -> None:
        """Let no result of this job come back."""
        self._waiting.discard(job_id)

    def finish(self, last: Callable[[], None] | None = None) -> None:
        """Do all that waits, then `last`, and end the thread. No results come back any more."""
        self._is_closed = True
        self._waiting.clear()
        if self._executor is not None:
            if last is not None:
                self._executor.submit(last)
            self._executor.shutdown(wait=True)
            self._executor = None

    def close(self) -> None:
        """Drop what waits and end the thread after the running job."""
        self._is_closed = True
        self._waiting.clear()
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None

    def _report(self, job_id: int, done: Future[Any]) -> None:
        """In the job's thread."""
        if done.cancelled():
            return
        try:
            self._done.emit(job_id, done)
        except RuntimeError:  # the window is gone
            log.debug("a result came after the end")

    def _on_done(self, job_id: int, done: Future[Any]) -> None:
        if job_id not in self._waiting:
            return
        self._waiting.discard(job_id)
        error = done.exception()
        if error is None:
            self.succeeded.emit(job_id, done.result())
        else:
            self.failed.emit(job_id, error)
