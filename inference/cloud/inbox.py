"""What passes from the thread of the network to the thread that reads an answer: all that has come, at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from inference import errors

FULL_BYTES = 4 << 20
"""The network waits while more than this lies untaken."""


class Inbox:
    """One reply on its way. The first fault counts, and comes after what arrived before it; only `cancel` overtakes."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._head: tuple[int, Mapping[str, str]] | None = None
        self._chunks: list[bytes] = []
        self._bytes = 0
        self._is_over = False
        self._fault: errors.InferenceError | None = None
        self._on_room: Callable[[], None] | None = None

    def put_head(self, status: int, headers: Mapping[str, str]) -> None:
        """Status and headers have come."""
        with self._changed:
            self._head = (status, headers)
            self._changed.notify()

    def put(self, chunk: bytes, on_room: Callable[[], None]) -> bool:
        """A piece of the body has come. Returns whether there is room for more; if not, `on_room` is called when there is."""
        with self._changed:
            self._chunks.append(chunk)
            self._bytes += len(chunk)
            self._changed.notify()
            if self._bytes <= FULL_BYTES:
                return True
            self._on_room = on_room
            return False

    def end(self, fault: errors.InferenceError | None = None) -> None:
        """Nothing more comes."""
        with self._changed:
            if not self._is_over:
                self._is_over, self._fault = True, fault
            self._changed.notify()

    def cancel(self) -> None:
        """Nobody wants it any more."""
        with self._changed:
            self._is_over, self._fault, self._chunks = True, errors.Cancelled("The request was cancelled."), []
            self._changed.notify()

    def head(self) -> tuple[int, Mapping[str, str]]:
        """Wait for status and headers. Raises the fault that came instead."""
        with self._changed:
            self._changed.wait_for(lambda: self._head or self._is_over)
            if self._head and not isinstance(self._fault, errors.Cancelled):
                return self._head
            raise self._fault or errors.ReplyCut("The connection was closed.")

    def take(self) -> bytes:
        """Wait for all that has come since; empty when the body is complete. Raises the fault that ended it."""
        with self._changed:
            self._changed.wait_for(lambda: self._chunks or self._is_over)
            chunks, self._chunks, self._bytes = self._chunks, [], 0
            on_room, self._on_room = self._on_room, None
            if not chunks and self._fault:
                raise self._fault
        if on_room:
            on_room()
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)
