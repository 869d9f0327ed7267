"""Children that read files, so that a hostile or broken one ends a child and never the window.

A `Readers` has room for a few of them (`ingest.worker`). A request goes to one that is free, which is started if need be and ended
when time or memory runs out; the next request starts another. A request names all that the child must know, so it may go to any.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from base.wire import Wire
from ingest import limits
from ingest.child import CHECK_INTERVAL_S, Child, ChildFailed
from ingest.errors import BY_CODE, IngestError, ReaderFailed, ReaderMemory, ReaderSlow, ReaderStopped

log = logging.getLogger(__name__)

WORKER_COMMAND = (sys.executable, "-P", "-m", "ingest.worker")
_MESSAGE_CHARACTERS_MAX = 600


@dataclass(frozen=True, slots=True)
class Reply:
    """What a child answered: JSON, and bytes where the request asks for pixels."""

    result: Any
    blob: bytes = field(repr=False)


class Readers:
    """Up to `count` children, each reading one thing at a time; for any number of threads, first come first served.

    Attributes:
        memory_bytes: resident memory at which a child is ended.
    """

    def __init__(
        self,
        count: int = 2,
        command: Sequence[str] = WORKER_COMMAND,
        memory_bytes: int = limits.READER_MEMORY_BYTES,
        idle_s: float = limits.IDLE_SECONDS,
    ) -> None:
        """Starts nothing yet. A child that has nothing to do for `idle_s` seconds ends."""
        self._command, self.memory_bytes, self._idle_s = tuple(command), memory_bytes, idle_s
        self._lock = threading.Lock()
        self._seats = [_Seat() for _ in range(count)]
        self._free = list(self._seats)
        self._waiting: deque[_Waiter] = deque()
        self._closed = threading.Event()

    def call(
        self,
        request: Wire,
        *,
        name: str,
        time_s: float,
        blob: bytes | None = None,
        blob_bytes: int = 0,
        stop: threading.Event | None = None,
    ) -> Reply:
        """Have a child do something; blocks until it has.

        `name` is what to call the file in messages, `time_s` how long it may take, `blob_bytes` the size that the answer's blob
        must have. Raises the IngestError that the child raised, or ReaderFailed, ReaderSlow, ReaderMemory or ReaderStopped when it
        did not answer.
        """
        source = request.get("source")
        document = None if source is None else (source["path"], str(source["key"]))
        seat = self._take(document, name, stop)
        try:
            call = _Call(self, seat, name, time_s, stop)
            return call.run(request | {"limit_s": time_s, "idle_s": self._idle_s}, document, blob, blob_bytes)
        finally:
            self._give_back(seat)

    def warm_up(self) -> None:
        """Start one child now, so that the first file does not wait for it."""
        with self._lock:
            if self._closed.is_set() or len(self._free) < len(self._seats) or any(seat.is_running for seat in self._seats):
                return
            seat = self._free.pop()
        try:
            self.child_for(seat)
        except OSError as error:
            log.warning("no reading child can be started: %s", error)
        finally:
            self._give_back(seat)

    def pids(self) -> list[int]:
        """The processes that are there now."""
        return [child.pid for seat in self._seats if (child := seat.child) is not None and child.is_alive]

    def close(self) -> None:
        """End all children, working or not. Calls that run or wait end with ReaderStopped, and so do all that come later."""
        self._closed.set()
        for seat in self._seats:
            seat.end()

    def check_wanted(self, name: str, stop: threading.Event | None) -> None:
        """Raises ReaderStopped when a call is not to go on."""
        if stop is not None and stop.is_set():
            raise ReaderStopped(f"Reading {name} was stopped.")
        if self._closed.is_set():
            raise ReaderStopped(f"Reading {name} was stopped, because the program is ending.")

    def child_for(self, seat: _Seat) -> Child:
        """The child of a seat that was taken; a new one if there is none. Raises OSError."""
        if seat.child is None or not seat.child.is_alive:
            seat.documents.clear()
            seat.child = Child(self._command)
        return seat.child

    def _take(self, document: object, name: str, stop: threading.Event | None) -> _Seat:
        """A free seat, if possible one whose child has the document open, or else one that has a child at all."""
        self.check_wanted(name, stop)
        with self._lock:
            if self._free:
                seat = min(self._free, key=lambda seat: (document not in seat.documents, not seat.is_running))
                self._free.remove(seat)
                return seat
            waiter = _Waiter()
            self._waiting.append(waiter)
        while not waiter.served.wait(CHECK_INTERVAL_S):
            try:
                self.check_wanted(name, stop)
            except ReaderStopped:
                self._leave(waiter)
                raise
        assert waiter.seat is not None
        return waiter.seat

    def _leave(self, waiter: _Waiter) -> None:
        with self._lock:
            if waiter.seat is None:
                self._waiting.remove(waiter)
                return
        self._give_back(waiter.seat)  # it had just got it

    def _give_back(self, seat: _Seat) -> None:
        if self._closed.is_set():
            seat.end()
        with self._lock:
            if not self._waiting:
                self._free.append(seat)
                return
            waiter = self._waiting.popleft()
            waiter.seat = seat
        waiter.served.set()


class _Seat:
    """Where one child may be.

    Attributes:
        child: the last one, alive or not.
        documents: what it has open, the last one used at the end.
    """

    def __init__(self) -> None:
        self.child: Child | None = None
        self.documents: OrderedDict[object, None] = OrderedDict()

    @property
    def is_running(self) -> bool:
        return self.child is not None and self.child.is_alive

    def use(self, document: object) -> None:
        """Remember that the child opens it, or has it open."""
        self.documents[document] = None
        self.documents.move_to_end(document)
        while len(self.documents) > limits.OPEN_DOCUMENTS_MAX:
            self.documents.popitem(last=False)

    def end(self) -> None:
        if self.child is not None:
            self.child.end()


class _Waiter:
    """A caller in the line."""

    def __init__(self) -> None:
        self.served = threading.Event()
        self.seat: _Seat | None = None


class _Call:
    """One request, from the moment it has a seat."""

    def __init__(self, readers: Readers, seat: _Seat, name: str, time_s: float, stop: threading.Event | None) -> None:
        self._readers, self._seat, self._name, self._time_s, self._stop = readers, seat, name, time_s, stop
        self._deadline = time.monotonic() + time_s

    def run(self, request: Wire, document: object, blob: bytes | None, blob_bytes: int) -> Reply:
        """A child that has read other files may suffer from those; then a new one tries again."""
        self._end_if_swollen(document)
        while True:
            child = self._start()
            was_fresh = child.is_fresh
            try:
                return self._ask(child, request, document, blob, blob_bytes)
            except ChildFailed as error:
                log.warning("a reading child failed: %s", error)
                self._check()  # it may have been ended because this is no longer wanted
                if was_fresh:
                    raise reader_failed(self._name) from None
            except ReaderMemory:
                child.end()
                if was_fresh:
                    raise

    def _ask(self, child: Child, request: Wire, document: object, blob: bytes | None, blob_bytes: int) -> Reply:
        """Bytes are sent along unless the child has them."""
        is_sent = document in self._seat.documents
        if document is not None:
            self._seat.use(document)
        message, pixels = child.exchange(request, None if is_sent else blob, blob_bytes, self._check_all)
        if is_sent and message.get("is_blob_needed") is True:
            message, pixels = child.exchange(request, blob, blob_bytes, self._check_all)
        if "error" in message:
            if "trace" in message:
                log.info("a parser failed: %.300s", message["trace"])
            raise self._refusal(message["error"])
        if "result" not in message or len(pixels) != blob_bytes:
            child.end()
            raise ChildFailed("an answer is incomplete")
        return Reply(message["result"], pixels)

    def _start(self) -> Child:
        try:
            return self._readers.child_for(self._seat)
        except OSError as error:
            raise ReaderFailed(
                f"{self._name} cannot be read, because no process can be started: {error.strerror}. Close other programs."
            ) from error

    def _end_if_swollen(self, document: object) -> None:
        """What other files left behind in a child's memory goes with it."""
        child = self._seat.child
        if document is None or document in self._seat.documents or child is None or not child.is_alive or child.is_fresh:
            return
        if child.resident_bytes() > limits.READER_KEPT_BYTES:
            child.end()

    def _check(self) -> None:
        self._readers.check_wanted(self._name, self._stop)
        if time.monotonic() > self._deadline:
            raise ReaderSlow(f"Reading {self._name} took longer than {self._time_s:.0f} seconds and was stopped.")

    def _check_all(self) -> None:
        self._check()
        child = self._seat.child
        if child is not None and child.resident_bytes() > self._readers.memory_bytes:
            raise ReaderMemory(
                f"Reading {self._name} took more than {self._readers.memory_bytes >> 20} MB of memory and was stopped."
            )

    def _refusal(self, error: Any) -> IngestError:
        """What the child raised. Its words may come from a hostile file."""
        try:
            code, text = error
            words = "".join(letter if letter.isprintable() else " " for letter in text[: 2 * _MESSAGE_CHARACTERS_MAX])
            kind = BY_CODE[code]
        except (ValueError, TypeError, KeyError):
            return reader_failed(self._name)
        if len(words) > _MESSAGE_CHARACTERS_MAX:
            words = words[: _MESSAGE_CHARACTERS_MAX - 1] + "…"
        return kind(words)


def reader_failed(name: str) -> ReaderFailed:
    """For a file that killed its reader, or made it talk nonsense."""
    return ReaderFailed(f"{name} made the reader fail. The file is probably damaged; nothing else is affected.")
