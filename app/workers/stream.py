"""Carries an engine's events from a thread into the window.

Each request has a thread that pulls its iterator. Events gather in a batch; the first one rings the window's thread, which
takes the whole batch at once and then not again for `BATCH_INTERVAL_MS`, so that a fast model cannot flood the window.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal

from inference.engine import Cancel
from inference.events import Event, Failed, Finished

log = logging.getLogger(__name__)

BATCH_INTERVAL_MS = 50

Pull = Callable[[Cancel], Iterator[Event]]


class EventStream(QObject):
    """One running request. Lives in the window's thread; deletes itself after the last batch was handed over.

    Attributes:
        id: names the request; carried by every signal.

    Signals:
        events_arrived(id, list of events): in order; the last batch ends with `Finished` or `Failed`.
        ended(id): after the last batch.
    """

    events_arrived = Signal(int, list)
    ended = Signal(int)
    _rung = Signal()

    def __init__(self, request_id: int, pull: Pull, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.id = request_id
        self._pull = pull
        self._cancel = Cancel()
        self._lock = threading.Lock()
        self._batch: list[Event] = []
        self._is_rung = False
        self._since_batch = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._rung.connect(self._on_rung, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name=f"events-{request_id}", daemon=True)

    def start(self) -> None:
        """Begin to pull."""
        self._thread.start()

    def cancel(self) -> None:
        """Ask the request to stop; what it still has to say is delivered. Quick, and harmless when repeated."""
        self._cancel.set()

    def wait(self, timeout_s: float) -> bool:
        """Whether the thread ended within the time; for shutting down."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def drain(self) -> None:
        """Hand over what has come, now; for shutting down, after `wait`."""
        self._timer.stop()
        self._hand_over()

    def _run(self) -> None:
        """In the request's thread."""
        is_ended = False
        try:
            for event in self._pull(self._cancel):
                self._put(event)
                is_ended = isinstance(event, Finished | Failed)
        except Exception as error:  # the border to whatever engine is in use
            log.exception("an engine raised instead of reporting")
            self._put(Failed("internal_error", f"Something went wrong inside the engine: {error}. Ask again; the log says more."))
        else:
            if not is_ended:
                self._put(Failed("internal_error", "The engine stopped without saying why. Ask again; the log may say more."))

    def _put(self, event: Event) -> None:
        """In the request's thread. Rings once per batch."""
        with self._lock:
            self._batch.append(event)
            if self._is_rung:
                return
            self._is_rung = True
        try:
            self._rung.emit()
        except RuntimeError:  # the window is gone
            self._cancel.set()

    def _on_rung(self) -> None:
        elapsed_ms = self._since_batch.elapsed() if self._since_batch.isValid() else BATCH_INTERVAL_MS
        if elapsed_ms >= BATCH_INTERVAL_MS:
            self._hand_over()
        else:
            self._timer.start(BATCH_INTERVAL_MS - int(elapsed_ms))

    def _on_timer_timeout(self) -> None:
        self._hand_over()

    def _hand_over(self) -> None:
        with self._lock:
            batch, self._batch = self._batch, []
            self._is_rung = False
        self._since_batch.start()
        if batch:
            self.events_arrived.emit(self.id, batch)
            if isinstance(batch[-1], Finished | Failed):
                self.ended.emit(self.id)
                self.deleteLater()
