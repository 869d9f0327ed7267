"""This side of the process that records (`recording_worker`)."""

from __future__ import annotations

import contextlib
import logging
import subprocess
import threading
from collections.abc import Callable, Sequence
from typing import BinaryIO, Literal, cast

from app.capture.recording_job import Ended, Event, Progress, RecordingJob, Started, event_from_wire
from base.wire import read_message, write_message

_LINE_BYTES_MAX = 1 << 16
_END_S = 5.0

log = logging.getLogger(__name__)

Command = Literal["pause", "resume", "stop"]


class Recorder:
    """One recording. When this process is gone, the other one closes the file and ends by itself."""

    def __init__(self, command: Sequence[str], job: RecordingJob, on_event: Callable[[Event], None]) -> None:
        """Begin at once. `on_event` is called in a thread of its own, with `Ended` last, whatever happens."""
        self._command, self._job, self._on_event = list(command), job, on_event
        self._process: subprocess.Popen[bytes] | None = None
        self._waiting: list[Command] = []
        self._sending = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="recording", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int:
        """Of the process; 0 before it is started."""
        return self._process.pid if self._process is not None else 0

    def tell(self, command: Command) -> None:
        """Does not block."""
        with self._sending:
            if self._process is None:
                self._waiting.append(command)
            else:
                self._send(command)

    def kill(self) -> None:
        """For a process that does not listen any more. What it has written stays."""
        if self._process is not None:
            self._process.kill()

    def wait(self, timeout_s: float) -> None:
        """Until the last event was told."""
        self._thread.join(timeout_s)

    def _run(self) -> None:
        path, progress, detail = "", Progress(), ""
        ended: Ended | None = None
        try:
            output = self._start()
            while ended is None and (received := read_message(output, _LINE_BYTES_MAX, 0)) is not None:
                event = event_from_wire(received[0])
                if isinstance(event, Ended):
                    ended = event
                    break
                if isinstance(event, Started):
                    path = event.path
                else:
                    progress = event
                self._on_event(event)
        except (OSError, ValueError, TypeError, KeyError) as error:
            detail = str(error)
        self._reap()
        if ended is None:
            log.warning("the process that records ended without a word: %s", detail)
            ended = Ended("died" if path else "no_start", detail, path, progress)
        self._on_event(ended)

    def _start(self) -> BinaryIO:
        """Raises OSError."""
        process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            start_new_session=True,  # what ends this program and its children, Ctrl+C say, passes it by: it has a file to close
        )
        with self._sending:
            self._process = process
            write_message(cast(BinaryIO, process.stdin), self._job.to_wire())
            for command in self._waiting:
                self._send(command)
        return cast(BinaryIO, process.stdout)

    def _send(self, command: Command) -> None:
        assert self._process is not None and self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):  # it is gone, which its last event tells
            write_message(cast(BinaryIO, self._process.stdin), {"command": command})

    def _reap(self) -> None:
        """Its file is closed when it says that it has ended; what hangs then is a driver."""
        process = self._process
        if process is None:
            return
        with self._sending, contextlib.suppress(OSError):
            cast(BinaryIO, process.stdin).close()
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        cast(BinaryIO, process.stdout).close()
