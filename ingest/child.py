"""One process that reads files, as its parent sees it: started, spoken to, and ended together with all that it started.

Threads: `exchange` blocks the caller's and does the talking in another, so that the caller always comes back, even from a process
that hangs in the kernel; a third keeps what the process prints, and cleans up once it is gone.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import BinaryIO, cast

from base.wire import Wire, read_message, write_message

log = logging.getLogger(__name__)

CHECK_INTERVAL_S = 0.05
_LINE_BYTES_MAX = 64 << 20
_PIPE_BYTES = 1 << 20
_KEPT_LINES = 30
_KEPT_CHARACTERS = 1000
_PASSED_ON = ("PYTHON", "SIGHTLINE_", "LC_", "LD_LIBRARY_PATH", "DYLD_", "OMP_", "FONTCONFIG_", "XDG_")
_PASSED_ON_EXACTLY = (
    *("PATH", "HOME", "USER", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP"),
    *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "PROGRAMFILES", "PROGRAMDATA"),
)
MEMORY_SETTINGS = {
    "MALLOC_ARENA_MAX": "4",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(64 << 20),
}
"""Many processors would each reserve much of the address space that a child may have: for glibc's arenas, and numpy's buffers. And
pixels of one page are made in the memory of the last: asking the system for it anew takes three times as long as drawing."""
_SECRETS = ("KEY", "TOKEN", "SECRET", "PASS", "CREDENTIAL")


class ChildFailed(Exception):
    """It died, or said something that is no answer."""


class Child:
    """A process and the pipes to it.

    Attributes:
        pid: of the process; it leads a group of its own.
        is_fresh: whether it has not answered anything yet.
    """

    def __init__(self, command: Sequence[str]) -> None:
        """Start it. Raises OSError."""
        self._process = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            start_new_session=True,  # what it starts, an office program say, is killed with it; Ctrl+C in a terminal passes it by
        )
        _widen(cast(BinaryIO, self._process.stdout))
        self.pid = self._process.pid
        self.is_fresh = True
        self._last_id = 0
        self._talking = threading.Lock()
        self._ending = threading.Lock()
        self._is_ended = False
        self._tail: deque[str] = deque(maxlen=_KEPT_LINES)
        threading.Thread(target=self._keep_tail, name="reader-stderr", daemon=True).start()

    @property
    def is_alive(self) -> bool:
        """Whether it is still there, as far as is known. It may have died a moment ago."""
        return not self._is_ended

    def exchange(self, request: Wire, blob: bytes | None, blob_bytes_max: int, check: Callable[[], None]) -> tuple[Wire, bytes]:
        """Send a request, return the answer and its blob.

        `check` is called every 50 ms until then; when it raises, the process is ended and the exception passed on. Raises
        ChildFailed, and then the process has been ended too.
        """
        self._last_id += 1
        answers: queue.SimpleQueue[tuple[Wire, bytes] | Exception] = queue.SimpleQueue()
        arguments = (request | {"id": self._last_id}, blob, blob_bytes_max, answers)
        threading.Thread(target=self._talk, args=arguments, name="reader-talk", daemon=True).start()
        try:
            while True:
                try:
                    answer = answers.get(timeout=CHECK_INTERVAL_S)
                    break
                except queue.Empty:
                    check()
            if isinstance(answer, Exception):
                raise ChildFailed(f"{answer}; it printed: {' | '.join(self._tail)}")
        except BaseException:
            self.end()
            raise
        self.is_fresh = False
        return answer

    def resident_bytes(self) -> int:
        """How much memory it takes now; 0 when it is gone."""
        import psutil  # 15 ms; not needed for what is read at once

        try:
            return int(psutil.Process(self.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def end(self) -> None:
        """End it, whatever it does, and whatever it started. Does nothing the second time. Takes seconds at most."""
        with self._ending:
            if self._is_ended:
                return
            self._is_ended = True
            self._kill()  # before `wait`: until then the number of the process cannot become that of another
            try:
                self._process.wait(2.0)
            except subprocess.TimeoutExpired:
                log.warning("a reading child hangs in the kernel and is left behind")
                return
        if self._talking.acquire(timeout=2.0):
            for pipe in (self._process.stdin, self._process.stdout):
                with contextlib.suppress(OSError, ValueError):
                    cast(BinaryIO, pipe).close()
            self._talking.release()

    def _kill(self) -> None:
        if sys.platform != "win32":
            with contextlib.suppress(OSError):
                os.killpg(self.pid, signal.SIGKILL)
        else:
            import psutil

            with contextlib.suppress(psutil.Error):
                for started in psutil.Process(self.pid).children(recursive=True):
                    with contextlib.suppress(psutil.Error):
                        started.kill()
        self._process.kill()

    def _talk(
        self, request: Wire, blob: bytes | None, blob_bytes_max: int, answers: queue.SimpleQueue[tuple[Wire, bytes] | Exception]
    ) -> None:
        """Put the answer into `answers`, or why there is none."""
        stdin, stdout = cast(BinaryIO, self._process.stdin), cast(BinaryIO, self._process.stdout)
        try:
            with self._talking:
                write_message(stdin, request, blob)
                answer = read_message(stdout, _LINE_BYTES_MAX, blob_bytes_max)
            if answer is None:
                raise ValueError("it ended")
            if answer[0].get("id") != request["id"]:
                raise ValueError("it answered something else")
            answers.put(answer)
        except Exception as error:  # the caller waits for it
            answers.put(error)

    def _keep_tail(self) -> None:
        stderr = cast(BinaryIO, self._process.stderr)
        with contextlib.suppress(OSError, ValueError):
            while line := stderr.readline(_KEPT_CHARACTERS):
                text = line.decode("utf-8", "replace").rstrip()
                self._tail.append(text)
                log.debug("reader: %s", text)
        stderr.close()
        self.end()


def _widen(pipe: BinaryIO) -> None:
    """On Linux, let a page of pixels through in a few pieces instead of a hundred."""
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):  # more than this user may have
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _environment() -> dict[str, str]:
    """What a reader needs to know of its surroundings. Keys and tokens are none of it."""
    passed_on = {
        name: value
        for name, value in os.environ.items()
        if (name.upper() in _PASSED_ON_EXACTLY or name.upper().startswith(_PASSED_ON))
        and not any(word in name.upper() for word in _SECRETS)
    }
    return MEMORY_SETTINGS | passed_on
