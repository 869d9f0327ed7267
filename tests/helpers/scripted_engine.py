"""An engine that plays a script: the seam at which the window is tested without a model."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

from inference.engine import Cancel
from inference.events import Event, Failed, Finished
from inference.types import Capabilities, Request

WAIT_S_MAX = 30.0


class Pause:
    """A place in a script where the engine waits until a test lets it go on, or until it is cancelled."""

    def __init__(self) -> None:
        self._go = threading.Event()
        self.reached = threading.Event()

    def release(self) -> None:
        """Let the engine go on."""
        self._go.set()

    def wait(self, cancel: Cancel) -> None:
        """Wait in the engine's thread."""
        self.reached.set()
        cancel.on_set(self._go.set)
        self._go.wait(WAIT_S_MAX)


class Delay:
    """A place in a script where the engine takes its time, to be looked at."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def wait(self, cancel: Cancel) -> None:
        """Wait in the engine's thread; shorter when cancelled."""
        cancelled = threading.Event()
        cancel.on_set(cancelled.set)
        cancelled.wait(self._seconds)


Step = Event | Pause | Delay | Exception


class ScriptedEngine:
    """Plays one script per request, in order; the last one again and again. An exception in a script is raised.

    Attributes:
        requests, prepared: what was asked, in order.
        cancelled_prepares: how many of the prepared requests were cancelled before they ended.
        is_closed: whether `close` was called.
    """

    def __init__(
        self,
        *scripts: Sequence[Step],
        capabilities: Capabilities | None = None,
        preparation: Sequence[Step] = (),
    ) -> None:
        self._scripts = list(scripts) or [[Finished("stop")]]
        self._capabilities = capabilities or Capabilities("Scripted")
        self._preparation = preparation
        self.requests: list[Request] = []
        self.prepared: list[Request] = []
        self.cancelled_prepares = 0
        self.is_closed = False

    def capabilities(self) -> Capabilities:
        return self._capabilities

    def prepare(self, request: Request, cancel: Cancel) -> Iterator[Event]:
        self.prepared.append(request)
        for event in _play(self._preparation, cancel):
            if isinstance(event, Finished) and event.reason == "cancelled":
                self.cancelled_prepares += 1
            yield event

    def stream(self, request: Request, cancel: Cancel) -> Iterator[Event]:
        script = self._scripts[min(len(self.requests), len(self._scripts) - 1)]
        self.requests.append(request)
        yield from _play(script, cancel)

    def close(self) -> None:
        self.is_closed = True


def _play(script: Sequence[Step], cancel: Cancel) -> Iterator[Event]:
    for step in script:
        if cancel.is_set():
            yield Finished("cancelled")
            return
        if isinstance(step, Pause | Delay):
            step.wait(cancel)
        elif isinstance(step, Exception):
            raise step
        else:
            yield step
            if isinstance(step, Finished | Failed):
                return
    yield Finished("cancelled" if cancel.is_set() else "stop")
