"""The process that records: takes pictures of the screen, encodes them and writes them to the disk at once.

It is apart from the window so that neither a stall nor a crash of the one harms the other. It gets a job and then "pause", "resume"
and "stop" on stdin, and tells `recording_job.Event`s on stdout. When stdin is closed, or a signal asks it to end, the window may be
gone: it closes the file and ends.
"""

from __future__ import annotations

import contextlib
import logging
import math
import os
import queue
import shutil
import signal
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, NoReturn

import av
from av.video.frame import VideoFrame

from app.capture.frame_source import FrameSource, open_source
from app.capture.recording_job import Ended, Ending, Event, Progress, RecordingJob, Started, event_to_wire
from app.capture.video_file import CLOCK, SizeLimitReached, VideoFile
from base.wire import read_message, write_message

PROGRESS_INTERVAL_S = 0.25
DISK_INTERVAL_S = 0.25
PATIENCE_S = 3.0
"""So long a screen may give no pictures, while it is locked or another one is plugged in, before the recording is over."""
RETRY_INTERVAL_S = 0.2

log = logging.getLogger(__name__)


class _Over(Exception):
    """The recording has to end."""

    def __init__(self, ending: Ending, detail: str = "") -> None:
        super().__init__(ending)
        self.ending: Ending = ending
        self.detail = detail


class RecordingWorker:
    """One recording. `commands` may be filled by another thread."""

    def __init__(self, job: RecordingJob, commands: queue.SimpleQueue[str], output: BinaryIO) -> None:
        self._job, self._commands, self._output = job, commands, output
        self._source: FrameSource | None = None
        self._file: VideoFile | None = None
        self._path = Path()
        self._size = (0, 0)
        self._origin_s = 0.0
        self._paused_s: float | None = None
        self._missing_since_s: float | None = None
        self._told_s = self._disk_seen_s = -math.inf
        self._dropped = 0
        self._tick = -1  # of the last frame; one is due in each 1 / frames_per_s

    def run(self) -> None:
        """Until it is over. Raises nothing."""
        try:
            self._record()
        except _Over as over:
            ending, detail = over.ending, over.detail
        except Exception as error:  # whatever a driver, an encoder or a disk comes up with: what was recorded is kept
            log.exception("the recording failed")
            ending, detail = "write_failed", str(error)
        ending, detail = self._close(ending, detail)
        if self._file is not None and self._file.frames and self._path.exists():
            self._tell(Ended(ending, detail, str(self._path), replace(self._progress(), is_paused=False)))
            return
        with contextlib.suppress(OSError):
            if self._path.name:
                self._path.unlink(missing_ok=True)
        self._tell(Ended(ending, detail))

    def _record(self) -> NoReturn:
        self._grab_first()
        while True:
            self._wait()
            taken = self._grab()
            if taken is not None:
                self._write(*taken)
            self._watch_disk()

    def _grab_first(self) -> None:
        """Nothing is written before there is a first picture."""
        try:
            self._source = open_source(self._job)
            taken_s, frame = self._source.grab()
            self._job.folder.mkdir(parents=True, exist_ok=True)
            self._path = _new_file(self._job.folder, self._job.name)
            self._file = VideoFile(
                self._path, self._job.codec, frame.width, frame.height, self._job.frames_per_s, self._job.size_limit_bytes
            )
        except Exception as error:
            raise _Over("no_start", str(error)) from error
        self._size = (frame.width, frame.height)
        self._origin_s = taken_s
        self._watch_disk()
        self._write(taken_s, frame)
        self._tell(Started(str(self._path), frame.width, frame.height, taken_s))

    def _wait(self) -> None:
        """Until the next frame is due; does what it is told meanwhile. Raises _Over when told to stop."""
        while True:
            if self._paused_s is not None:
                timeout_s = None
            else:
                due_s = self._origin_s + (self._tick + 1) / self._job.frames_per_s
                timeout_s = max(0.0, min(due_s - time.monotonic(), PROGRESS_INTERVAL_S))
            try:
                self._do(self._commands.get(timeout_s != 0, timeout_s))
            except queue.Empty:
                self._tell_progress()
                if timeout_s == 0:
                    return

    def _do(self, command: str) -> None:
        now_s = time.monotonic()
        if command == "stop":
            raise _Over("stopped")
        if command == "pause" and self._paused_s is None:
            self._count_missed(now_s)
            self._paused_s = now_s
            self._tell(self._progress())
        elif command == "resume" and self._paused_s is not None:
            self._origin_s += now_s - self._paused_s
            self._paused_s = self._missing_since_s = None
            self._tell(self._progress())

    def _grab(self) -> tuple[float, VideoFrame] | None:
        """None when there is no picture now. Raises _Over when there was none for too long, or it has another size."""
        try:
            if self._source is None:
                self._source = open_source(self._job)
            taken_s, frame = self._source.grab()
        except Exception as error:  # each system has its own
            log.warning("no picture of the screen: %s", error)
            self._close_source()
            now_s = time.monotonic()
            self._missing_since_s = self._missing_since_s or now_s
            if now_s - self._missing_since_s > PATIENCE_S:
                raise _Over("screen_gone", str(error)) from error
            time.sleep(RETRY_INTERVAL_S)
            return None
        if (frame.width, frame.height) != self._size:
            raise _Over("screen_changed")
        self._missing_since_s = None
        return taken_s, frame

    def _write(self, taken_s: float, frame: VideoFrame) -> None:
        """A frame of the file; those that were due before it and are not there are dropped ones."""
        assert self._file is not None
        ticks = math.ceil((taken_s - self._origin_s) * CLOCK)  # never before it was due
        tick = ticks * self._job.frames_per_s // CLOCK
        if tick <= self._tick:  # due by a rounding only
            return
        try:
            self._file.write(frame, ticks)
        except SizeLimitReached:
            raise _Over("size_limit") from None
        except (OSError, av.FFmpegError) as error:
            raise _Over("write_failed", str(error)) from error
        self._dropped += tick - self._tick - 1
        self._tick = tick

    def _count_missed(self, now_s: float) -> None:
        """Those that were due until now count even if no frame comes after them."""
        due = int((now_s - self._origin_s) * self._job.frames_per_s)
        if due > self._tick:
            self._dropped += due - self._tick
            self._tick = due

    def _watch_disk(self) -> None:
        now_s = time.monotonic()
        if now_s - self._disk_seen_s < DISK_INTERVAL_S:
            return
        self._disk_seen_s = now_s
        with contextlib.suppress(OSError):  # a network's disk that does not tell
            if shutil.disk_usage(self._job.folder).free < self._job.free_bytes_min:
                raise _Over("disk_full")

    def _close(self, ending: Ending, detail: str) -> tuple[Ending, str]:
        if self._file is not None:
            if self._paused_s is None:
                self._paused_s = time.monotonic()
                self._count_missed(self._paused_s)
            try:
                self._file.close()
            except (OSError, av.FFmpegError) as error:
                ending, detail = "write_failed", str(error)
        self._close_source()
        return ending, detail

    def _close_source(self) -> None:
        with contextlib.suppress(Exception):  # it may be what failed
            if self._source is not None:
                self._source.close()
        self._source = None

    def _progress(self) -> Progress:
        if self._file is None:
            return Progress()
        is_paused = self._paused_s is not None
        until_s = self._paused_s if self._paused_s is not None else time.monotonic()
        size = 0
        with contextlib.suppress(OSError):  # somebody took the file away
            size = self._file.bytes
        return Progress(until_s - self._origin_s, size, self._file.frames, self._dropped, is_paused)

    def _tell_progress(self) -> None:
        now_s = time.monotonic()
        if now_s - self._told_s >= PROGRESS_INTERVAL_S:
            self._told_s = now_s
            self._tell(self._progress())

    def _tell(self, event: Event) -> None:
        with contextlib.suppress(OSError):  # nobody listens any more, which stdin tells too
            write_message(self._output, event_to_wire(event))


def _new_file(folder: Path, name: str) -> Path:
    """An empty file with a name that nothing has, for this user only. Raises OSError."""
    number = 1
    while True:
        path = folder / (f"{name}.mp4" if number == 1 else f"{name} ({number}).mp4")
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            return path
        except FileExistsError:
            number += 1


def _listen(commands: queue.SimpleQueue[str]) -> None:
    """In a thread of its own, since a pipe cannot be waited for with a time limit everywhere."""
    with contextlib.suppress(ValueError, OSError):
        while (received := read_message(sys.stdin.buffer)) is not None:
            commands.put(str(received[0].get("command")))
    commands.put("stop")


def main() -> NoReturn:
    """Run the child on the standard streams."""
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    commands: queue.SimpleQueue[str] = queue.SimpleQueue()
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: commands.put("stop"))
    received = read_message(sys.stdin.buffer)
    if received is not None:
        threading.Thread(target=_listen, args=(commands,), name="commands", daemon=True).start()
        RecordingWorker(RecordingJob.from_wire(received[0]), commands, output).run()
    os._exit(0)


if __name__ == "__main__":
    main()
