"""The engine's process: takes requests from stdin, answers on stdout, ends when stdin closes.

Threads: the main one runs all native code; one reads stdin, so that cancelling works while native code runs and the end of the
application ends this process whatever it is doing; one sends a sign of life while a request runs. Native code prints where it
likes: fd 1 is pointed at stderr before anything is imported, and the protocol speaks on a duplicate.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import queue
import signal
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

from base.wire import Wire, encode_message, read_message
from inference.errors import Cancelled, EngineUnavailable, InferenceError, OutOfMemory
from inference.local.config import LocalConfig
from inference.local.protocol import request_from_wire

if TYPE_CHECKING:
    from inference.local.runner import Runner

_BEAT_S = 0.5
_LOG_LEVEL_WARN = 3
_LOG_LEVEL_CONT = 5


class Worker:
    """One engine process.

    Attributes:
        work: counts pieces of native work; standing still while a request runs means that it hangs.
    """

    def __init__(self, requests: BinaryIO, answers: BinaryIO) -> None:
        self._requests, self._answers = requests, answers
        self._write_lock = threading.Lock()
        self._jobs: queue.SimpleQueue[Wire | None] = queue.SimpleQueue()
        self._pixels: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()
        self._cancelled: set[int] = set()
        self._job_id: int | None = None
        self._has_job = threading.Event()
        self.work = 0

    def run(self) -> None:
        """Serve until told to close. Does not return when stdin closes: the process ends there and then."""
        first = read_message(self._requests)
        if first is None:
            return
        config = LocalConfig.from_json(first[0]["config"])
        threading.Thread(target=self._read, name="requests", daemon=True).start()
        threading.Thread(target=self._beat, name="beat", daemon=True).start()
        runner: Runner | None = None
        while (job := self._next_job(runner)) is not None:
            self._job_id = job["id"]
            self._has_job.set()
            try:
                runner = runner or self._make_runner(config)
                request = request_from_wire(job["request"], self._fetch_pixels)
                (runner.prepare if job["type"] == "prepare" else runner.stream)(request)
            except Cancelled:
                self._send("finished", reason="cancelled")
            except MemoryError:
                self._fail(OutOfMemory("This computer ran out of memory. Close other programs or use a smaller picture."))
            except InferenceError as error:
                self._fail(error)
            finally:
                self._has_job.clear()
                self._cancelled.discard(job["id"])
                self._job_id = None
        if runner is not None:
            runner.save_states()
        self._send("closed")

    def _make_runner(self, config: LocalConfig) -> Runner:
        try:
            from inference.local import llama, runner
        except (ImportError, OSError, RuntimeError) as error:
            raise EngineUnavailable(f"llama-cpp-python is not installed, or does not load on this computer: {error}.") from error
        llama.start_backend(_log_native)
        return runner.Runner(config, self._send, llama.Watch(self._is_cancelled, self._count_work))

    def _next_job(self, runner: Runner | None) -> Wire | None:
        while True:
            try:
                job = self._jobs.get(timeout=runner.seconds_before_saving if runner is not None else None)
            except queue.Empty:
                assert runner is not None
                runner.save_states()
                continue
            if job is not None and job["id"] in self._cancelled:
                self._send("finished", id=job["id"], reason="cancelled")
                continue
            return job

    def _read(self) -> None:
        try:
            while (received := read_message(self._requests)) is not None:
                self._take(*received)
        except BaseException:  # nobody would hear a process that does not listen: memory ran out, say
            traceback.print_exc()
            os._exit(1)
        os._exit(0)

    def _take(self, message: Wire, blob: bytes) -> None:
        kind = message["type"]
        if kind in ("stream", "prepare"):
            self._jobs.put(message)
        elif kind == "cancel":
            self._cancelled.add(message["id"])
            self._pixels.put(("", b""))
        elif kind == "pixels":
            self._pixels.put((message["image"], blob))
        elif kind == "close":
            self._jobs.put(None)

    def _beat(self) -> None:
        while self._has_job.wait():
            self._send("beat", work=self.work)
            threading.Event().wait(_BEAT_S)

    def _fetch_pixels(self, image_id: str) -> bytes:
        self._send("pixels_wanted", image=image_id)
        while True:
            found, rgb = self._pixels.get()
            if self._is_cancelled():
                raise Cancelled("The request was cancelled.")
            if found == image_id:
                return rgb

    def _is_cancelled(self) -> bool:
        return self._job_id in self._cancelled

    def _count_work(self) -> None:
        self.work += 1

    def _fail(self, error: InferenceError) -> None:
        self._send("failed", code=error.code, message=error.message)

    def _send(self, kind: str, **fields: Any) -> None:
        data = encode_message({"type": kind, "id": self._job_id, **fields})
        try:
            with self._write_lock:
                self._answers.write(data)
                self._answers.flush()
        except OSError:
            os._exit(0)


def _log_native(level: int, text: str) -> None:
    if level >= _LOG_LEVEL_WARN and level != _LOG_LEVEL_CONT:
        sys.stderr.write(text)


def main() -> NoReturn:
    """Run the engine's process on the standard streams."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("500")  # when memory runs out, the window should outlive the model
    faulthandler.enable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal reaches this process too; the application decides
    try:
        Worker(sys.stdin.buffer, answers).run()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    sys.stderr.flush()
    os._exit(0)  # the reading thread holds stdin: an orderly end of the interpreter would abort on its lock


if __name__ == "__main__":
    main()
