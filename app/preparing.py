"""Lets the engine look at the pictures while the question is still being written."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.workers.stream import EventStream
from inference.engine import Engine
from inference.events import Event, Failed, Finished, Progress
from inference.types import Request

DELAY_MS = 300
"""Several pictures dropped one after another are one change."""

_ids = itertools.count(1)


class Preparation(QObject):
    """At most one preparation runs; a change cancels it and begins another. Its failures are nobody's concern.

    Signals:
        progressed(Progress): how far it is.
        ended(is ready): the pictures are ready, or not; also when it was cancelled.
        measured(Finished): what it took.
    """

    progressed = Signal(object)
    ended = Signal(bool)
    measured = Signal(object)

    def __init__(self, build: Callable[[], Request | None], engine: Callable[[], Engine | None], parent: QObject) -> None:
        """`build` gives the request as it stands, None when there is nothing to prepare."""
        super().__init__(parent)
        self._build = build
        self._engine = engine
        self._stream: EventStream | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timer_timeout)

    def restart(self, delay_ms: int = DELAY_MS) -> None:
        """What is to be prepared has changed: begin again, a moment later."""
        self.cancel()
        self._timer.start(delay_ms)

    def cancel(self) -> None:
        """Stop, and begin nothing; the engine keeps what is useful."""
        self._timer.stop()
        if self._stream is not None:
            self._stream.cancel()
            self._stream = None
            self.ended.emit(False)

    def leave_to_engine(self) -> EventStream | None:
        """The question itself is on its way. The engine goes on with what is of use to it, and stops everything else.

        What runs, if anything does, for `Asking.end_with_answer`: it may outlive whoever asked, as the answer does.
        """
        self._timer.stop()
        stream, self._stream = self._stream, None
        if stream is not None:
            self.ended.emit(False)
        return stream

    def wait(self, timeout_s: float) -> None:
        """For shutting down, after `cancel`."""
        for stream in self.findChildren(EventStream):
            stream.wait(timeout_s)

    def _on_timer_timeout(self) -> None:
        engine, request = self._engine(), self._build()
        if engine is None or request is None:
            return
        self._stream = EventStream(next(_ids), lambda cancel: engine.prepare(request, cancel), self)
        self._stream.events_arrived.connect(self._on_stream_events_arrived)
        self._stream.start()

    def _on_stream_events_arrived(self, stream_id: int, events: list[Event]) -> None:
        if self._stream is None or self._stream.id != stream_id:
            return
        last = events[-1]
        if isinstance(last, Progress):
            self.progressed.emit(last)
        elif isinstance(last, Finished | Failed):
            self._stream = None
            if isinstance(last, Finished):
                self.measured.emit(last)
            self.ended.emit(isinstance(last, Finished) and last.reason != "cancelled")
