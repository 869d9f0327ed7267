"""Children that read files, so that a hostile or broken one ends a child and never the window.

A `Readers` keeps a few of them (`ingest.worker`), gives each request to one that is free, watches time and memory while it works,
kills it when either runs out, and starts another when it is needed. A request names all that the child must know, so it may go to
any.
Threads: `call` blocks the caller's; one thread watches all children while any of them works.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

from base.wire import Wire, encode_message, read_message
from ingest import limits
from ingest.errors import BY_CODE, IngestError, ReaderFailed, ReaderMemory, ReaderSlow, ReaderStopped

log = logging.getLogger(__name__)

WORKER_COMMAND = (sys.executable, "-P", "-m", "ingest.worker")
_WATCH_INTERVAL_S = 0.05
_LINE_BYTES_MAX = 64 << 20
_KEPT_LINES = 30


@dataclass(frozen=True, slots=True)
class Reply:
    """What a child answered: JSON, and bytes where the request asks for pixels."""

    result: Any
    blob: bytes = field(repr=False)


class Readers:
    """Up to `count` children, each reading one thing at a time.

    Attributes:
        memory_bytes: resident memory at which a child is killed.
    """

    def __init__(
        self,
        count: int = 2,
        command: Sequence[str] = WORKER_COMMAND,
        memory_bytes: int = limits.READER_MEMORY_BYTES,
        idle_s: float = limits.IDLE_SECONDS,
    ) -> None:
        """Starts nothing yet."""
        self._count, self._command, self.memory_bytes, self._idle_s = count, tuple(command), memory_bytes, idle_s
        self._condition = threading.Condition()
        self._children: list[_Child] = []
        self._watcher: threading.Thread | None = None
        self._is_closed = False

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
        if stop is not None and stop.is_set():
            raise ReaderStopped(f"Reading {name} was stopped.")
        child = self._take(repr(request.get("source")))
        try:
            return child.call(
                request | {"time_s": time_s}, _Bounds(name, time.monotonic() + time_s, time_s, stop), blob, blob_bytes
            )
        finally:
            self._put_back(child)

    def warm_up(self) -> None:
        """Start one child now, so that the first file does not wait for it."""
        with self._condition:
            if not self._children and not self._is_closed:
                self._children.append(self._start())

    def pids(self) -> list[int]:
        """The processes that are there now."""
        with self._condition:
            return [child.pid for child in self._children if child.is_alive]

    def close(self) -> None:
        """End all children, working or not."""
        with self._condition:
            self._is_closed = True
            children, self._children = self._children, []
            self._condition.notify_all()
        for child in children:
            child.end()
        if self._watcher is not None:
            self._watcher.join(2.0)

    def _take(self, affinity: str) -> _Child:
        """A free child, preferably the one that has the same document open; a new one if there may be more."""
        with self._condition:
            while True:
                if self._is_closed:
                    raise ReaderStopped("Reading was stopped, because the program is ending.")
                self._children = [child for child in self._children if child.is_alive or child.watch is not None]
                free = [child for child in self._children if child.watch is None and not child.is_taken]
                child = next((child for child in free if affinity in child.recent), None)
                if child is None and len(self._children) < self._count and not any(not other.recent for other in free):
                    child = self._start()
                    self._children.append(child)
                child = child or next(iter(sorted(free, key=lambda other: len(other.recent))), None)
                if child is not None:
                    child.is_taken = True
                    child.recent.append(affinity)
                    return child
                self._condition.wait()

    def _put_back(self, child: _Child) -> None:
        with self._condition:
            child.is_taken = False
            child.idle_since = time.monotonic()
            self._condition.notify()

    def _start(self) -> _Child:
        child = _Child(self._command)
        if self._watcher is None or not self._watcher.is_alive():
            self._watcher = threading.Thread(target=self._watch_children, name="readers-watch", daemon=True)
            self._watcher.start()
        return child

    def _watch_children(self) -> None:
        while True:
            with self._condition:
                self._condition.wait(_WATCH_INTERVAL_S if any(child.watch for child in self._children) else 1.0)
                now = time.monotonic()
                idle = [c for c in self._children if not c.is_taken and now - c.idle_since > self._idle_s]
                self._children = [child for child in self._children if child not in idle]
                children = list(self._children)
                if not children:
                    self._watcher = None
            for child in idle:
                child.end()
            for child in children:
                child.check(now, self.memory_bytes)
            if not children:
                return


@dataclass(slots=True)
class _Bounds:
    """What bounds one call."""

    name: str
    deadline: float
    time_s: float
    stop: threading.Event | None
    failure: IngestError | None = None


class _Child:
    """One process."""

    def __init__(self, command: Sequence[str]) -> None:
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        self._process = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            creationflags=flags,
            start_new_session=True,  # what it starts, an office program say, is killed with it
        )
        self.pid = self._process.pid
        self.watch: _Bounds | None = None
        self.is_taken = False
        self.idle_since = time.monotonic()
        self.recent: deque[str] = deque(maxlen=4)
        self._sent: set[str] = set()
        self._tail: deque[str] = deque(maxlen=_KEPT_LINES)
        threading.Thread(target=self._keep_tail, name="reader-stderr", daemon=True).start()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def call(self, request: Wire, watch: _Bounds, blob: bytes | None, blob_bytes: int) -> Reply:
        """One request and its answer."""
        self.watch = watch
        try:
            source = request.get("source")
            is_known = source is not None and source["path"] is None and source["key"] in self._sent
            reply = self._exchange(request, None if is_known else blob, blob_bytes)
            if is_known and reply[0].get("error", [""])[0] == "data_needed":
                reply = self._exchange(request, blob, blob_bytes)
            if source is not None and source["path"] is None:
                self._sent.add(source["key"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            self._kill()
            self._close_pipes()
            if watch.failure is None:
                log.warning("a reading child failed: %s; %s", error, " | ".join(self._tail))
            raise watch.failure or ReaderFailed(
                f"{watch.name} made the reader fail. The file is probably damaged; nothing else is affected."
            ) from None
        finally:
            self.watch = None
        message, pixels = reply
        if "error" in message:
            code, text = message["error"]
            raise BY_CODE.get(code, IngestError)(str(text))
        return Reply(message["result"], pixels)

    def check(self, now: float, memory_bytes: int) -> None:
        """Kill it when what it does takes too long, too much, or is no longer wanted."""
        watch = self.watch
        if watch is None:
            return
        if watch.stop is not None and watch.stop.is_set():
            watch.failure = ReaderStopped(f"Reading {watch.name} was stopped.")
        elif now > watch.deadline:
            watch.failure = ReaderSlow(f"Reading {watch.name} took longer than {watch.time_s:.0f} seconds and was stopped.")
        elif _resident_bytes(self.pid) > memory_bytes:
            watch.failure = ReaderMemory(f"Reading {watch.name} took more than {memory_bytes >> 20} MB of memory and was stopped.")
        if watch.failure is not None:
            self._kill()

    def end(self) -> None:
        """For good."""
        if self.watch is not None:
            self.watch.failure = ReaderStopped(f"Reading {self.watch.name} was stopped.")
        self._kill()
        if self.watch is None:  # else the thread that waits for the answer closes them
            self._close_pipes()

    def _exchange(self, request: Wire, blob: bytes | None, blob_bytes: int) -> tuple[Wire, bytes]:
        stdin, stdout = cast(BinaryIO, self._process.stdin), cast(BinaryIO, self._process.stdout)
        stdin.write(encode_message(request, blob))
        stdin.flush()
        received = read_message(stdout, _LINE_BYTES_MAX, blob_bytes)
        if received is None:
            raise ValueError("it ended")
        message, pixels = received
        if "error" not in message and len(pixels) != blob_bytes:
            raise ValueError("it sent another number of pixels")
        return message, pixels

    def _kill(self) -> None:
        """It, and whatever it started."""
        with contextlib.suppress(OSError):
            if sys.platform != "win32":
                os.killpg(self.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()

    def _close_pipes(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError, ValueError):
                cast(BinaryIO, pipe).close()

    def _keep_tail(self) -> None:
        stderr = cast(BinaryIO, self._process.stderr)
        with contextlib.suppress(ValueError, OSError):
            for line in stderr:
                self._tail.append(line.decode("utf-8", "replace").rstrip())
            stderr.close()


def _resident_bytes(pid: int) -> int:
    import psutil  # 15 ms; only once something is being read

    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0
