"""Asking an engine in a thread of its own, and watching what comes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

from inference.engine import Cancel, Engine
from inference.events import Event, Progress, TextDelta
from inference.types import Request
from tests.helpers.engine import WAIT_S


class Asker(threading.Thread):
    """Asks, or prepares, in a thread of its own.

    Attributes:
        events: so far.
        ended_at: `time.monotonic` of the end.
    """

    def __init__(self, events: Callable[[Cancel], Iterator[Event]]) -> None:
        super().__init__()
        self.cancel, self.events, self.ended_at = Cancel(), list[Event](), 0.0
        self._make_events = events
        self._changed = threading.Condition()
        self.start()

    def run(self) -> None:
        for event in self._make_events(self.cancel):
            with self._changed:
                self.events.append(event)
                self._changed.notify_all()
        self.ended_at = time.monotonic()

    def has(self, is_wanted: Callable[[Event], bool]) -> bool:
        """Wait for an event."""
        with self._changed:
            return self._changed.wait_for(lambda: any(map(is_wanted, self.events)), WAIT_S)

    def result(self) -> list[Event]:
        """All events, once it has ended."""
        self.join(WAIT_S)
        assert not self.is_alive()
        return self.events


def stream_of(engine: Engine, request: Request) -> Asker:
    """Asks for an answer."""
    return Asker(lambda cancel: engine.stream(request, cancel))


def preparation_of(engine: Engine, request: Request) -> Asker:
    """Prepares."""
    return Asker(lambda cancel: engine.prepare(request, cancel))


def stopped(engine: Engine, request: Request, is_moment: Callable[[Event], bool]) -> tuple[list[Event], float]:
    """The events of an answer that is cancelled at the first event of a kind, and how long it took to end from there."""
    cancel, events, since = Cancel(), list[Event](), 0.0
    for event in engine.stream(request, cancel):
        events.append(event)
        if not cancel.is_set() and is_moment(event):
            since = time.monotonic()
            cancel.set()
    assert cancel.is_set(), "the moment never came"
    return events, time.monotonic() - since


def is_text(event: Event) -> bool:
    """Whether it is text of the answer."""
    return isinstance(event, TextDelta)


def is_encoding(event: Event) -> bool:
    """Whether pictures are being encoded."""
    return isinstance(event, Progress) and event.phase == "encoding"


def queued(ahead: int) -> Callable[[Event], bool]:
    """Whether it tells that so many are ahead."""
    return lambda event: event == Progress("queued", ahead, ahead)


def queued_numbers(events: list[Event]) -> list[int]:
    """Every place in line that was told."""
    return [event.done for event in events if isinstance(event, Progress) and event.phase == "queued"]
