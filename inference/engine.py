"""What every engine offers, and the object that cancels a request."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Protocol

from inference.events import Event
from inference.types import Capabilities, Request


class Cancel:
    """Asks one running request to stop; made by whoever starts it, kept by whoever may stop it. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_set = False
        self._callbacks: list[Callable[[], None]] = []

    def set(self) -> None:
        """Ask to stop. Further calls do nothing."""
        with self._lock:
            if self._is_set:
                return
            self._is_set = True
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def is_set(self) -> bool:
        """Whether someone asked to stop."""
        return self._is_set

    def on_set(self, callback: Callable[[], None]) -> None:
        """Call back when asked to stop, from the asking thread; at once if that was before."""
        with self._lock:
            if not self._is_set:
                self._callbacks.append(callback)
                return
        callback()


class Engine(Protocol):
    """Answers requests one at a time; further ones wait in a queue that they report on. Methods may be called from any thread."""

    def capabilities(self) -> Capabilities:
        """What the engine is, without starting it."""
        ...

    def prepare(self, request: Request, cancel: Cancel) -> Iterator[Event]:
        """Do what can be done before the question is known: all of `request` up to the text of its last message.

        Yields `Progress` and ends with `Finished` or `Failed`. Runs only when nothing else does, and makes way for `stream`.
        """
        ...

    def stream(self, request: Request, cancel: Cancel) -> Iterator[Event]:
        """Answer. Never raises for a fault of the model, the files or the request: that ends the events with `Failed`."""
        ...

    def close(self) -> None:
        """End every request, keep what is worth keeping, free everything. Further calls do nothing."""
        ...
