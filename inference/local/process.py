"""The engine's process as the application sees it: started, spoken to, watched, explained when it dies.

Threads of one process: one reads its answers, one keeps the tail of what it prints, one watches for a standstill.
"""

from __future__ import annotations

import contextlib
import logging
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO, BinaryIO, cast

from base.wire import Wire, encode_message, read_message
from inference.errors import EngineCrashed, EngineFailed, EngineHung
from inference.local.config import LocalConfig

log = logging.getLogger(__name__)

_KEPT_LINES = 20
_WATCH_INTERVAL_S = 0.1


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds, before the engine's process counts as hung.

    Attributes:
        silence: without a sign of life while a request runs (it is stopped, or the computer is out of memory).
        standstill: alive but without any finished piece of work (native code that loops or waits for ever).
        cancel: for a cancelled request to end by itself.
        close: for the process to put its states to disk and end.
    """

    silence_s: float = 15.0
    standstill_s: float = 180.0
    cancel_s: float = 2.0
    close_s: float = 10.0


class EngineProcess:
    """One engine process, from its start to its end.

    Attributes:
        failure: why it ended, once it has; None while it runs.
    """

    def __init__(
        self, command: Sequence[str], config: LocalConfig, patience: Patience, on_message: Callable[[Wire | None], None]
    ) -> None:
        """Start it. `on_message` gets every answer, and None when there will be no more; from a thread of its own."""
        self._patience, self._on_message = patience, on_message
        self._write_lock = threading.Lock()
        self._tail: deque[str] = deque(maxlen=_KEPT_LINES)
        self._ended = threading.Event()
        self._kill_reason: EngineFailed | None = None
        self._busy_since: float | None = None
        self._last_heard = self._last_worked = 0.0
        self._work = -1
        self.failure: EngineFailed | None = None
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        self._process = subprocess.Popen(
            list(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, creationflags=flags
        )
        self.pid = self._process.pid
        self._stderr_thread = threading.Thread(target=self._keep_tail, name="engine-stderr", daemon=True)
        self._stderr_thread.start()
        threading.Thread(target=self._read, name="engine-answers", daemon=True).start()
        threading.Thread(target=self._watch, name="engine-watch", daemon=True).start()
        self.send({"type": "configure", "config": config.to_json()})

    @property
    def is_alive(self) -> bool:
        """Whether it still answers."""
        return not self._ended.is_set()

    def send(self, message: Wire, blob: bytes | None = None) -> None:
        """Send a message. If the process is dead nothing happens here: the end of its answers tells."""
        with contextlib.suppress(OSError, ValueError), self._write_lock:
            stdin = self._pipe(self._process.stdin)
            stdin.write(encode_message(message, blob))
            stdin.flush()

    def expect_answers(self, expected: bool) -> None:
        """Say whether a request runs: only then is silence a fault."""
        self._last_heard = self._last_worked = time.monotonic()
        self._busy_since = self._last_heard if expected else None

    def kill(self, reason: EngineFailed) -> None:
        """End it at once."""
        self._kill_reason = self._kill_reason or reason
        self._process.kill()

    def close(self) -> None:
        """Let it put its states to disk and end; end it if that takes too long."""
        self.send({"type": "close"})
        if not self._ended.wait(self._patience.close_s):
            self.kill(EngineHung("The engine did not end in time."))
            self._ended.wait(self._patience.close_s)

    def _read(self) -> None:
        stdout = self._pipe(self._process.stdout)
        try:
            while (received := read_message(stdout)) is not None:
                self._take(received[0])
        except (ValueError, KeyError, OSError):
            log.warning("The engine's process said something that is no message", exc_info=True)
        self._process.kill()
        code = self._process.wait()
        self._stderr_thread.join(1.0)
        self.failure = self._kill_reason or explain_exit(code, list(self._tail))
        self._ended.set()
        for pipe in (self._process.stdin, stdout):
            with contextlib.suppress(OSError):
                self._pipe(pipe).close()
        self._on_message(None)

    def _take(self, message: Wire) -> None:
        self._last_heard = time.monotonic()
        if message["type"] != "beat":
            self._last_worked = self._last_heard
            self._on_message(message)
        elif message["work"] != self._work:
            self._work, self._last_worked = message["work"], self._last_heard

    def _keep_tail(self) -> None:
        stderr = self._pipe(self._process.stderr)
        with contextlib.suppress(ValueError, OSError):
            for line in stderr:
                text = line.decode("utf-8", "replace").rstrip()
                self._tail.append(text)
                log.debug("engine: %s", text)
            stderr.close()

    def _watch(self) -> None:
        while not self._ended.wait(_WATCH_INTERVAL_S):
            if self._busy_since is None:
                continue
            now = time.monotonic()
            if now - self._last_heard > self._patience.silence_s or now - self._last_worked > self._patience.standstill_s:
                self.kill(EngineHung("The engine stopped responding and was restarted. What it had answered is kept. Ask again."))

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> BinaryIO:
        assert pipe is not None
        return cast(BinaryIO, pipe)


def explain_exit(code: int, tail: Sequence[str]) -> EngineCrashed:
    """A sentence for the way a process ended: its exit code, or minus the signal, and what it printed last."""
    kept = "What it had answered is kept. Ask again."
    if code == -getattr(signal, "SIGKILL", 9):
        return EngineCrashed(f"The system ended the engine, most often because memory ran out. {kept}")
    if code == -getattr(signal, "SIGILL", 4):
        return EngineCrashed("The installed llama.cpp was built for another kind of processor. Install it anew on this computer.")
    assertion = next((line for line in reversed(tail) if "GGML_ASSERT" in line or "Error" in line or "error" in line), "")
    detail = f" ({assertion.strip()[:200]})" if assertion else ""
    name = signal.Signals(-code).name if code < 0 and sys.platform != "win32" else f"exit code {code}"
    return EngineCrashed(f"The engine stopped unexpectedly: {name}{detail}. {kept}")
