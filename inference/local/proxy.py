"""The local engine: an `Engine` whose work is done by a child process that may die without taking anything along."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace

from base.wire import Wire
from inference.engine import Cancel
from inference.errors import EngineCrashed, EngineHung, InferenceError, RequestError
from inference.events import Event, Failed, Finished, Notice, Progress
from inference.line import Ticket, WaitingLine
from inference.local.config import LocalConfig
from inference.local.process import EngineProcess, Patience
from inference.local.protocol import request_to_wire
from inference.local.translator import Translator
from inference.models.catalog import defaults_for
from inference.models.fit import DEFAULT_N_CTX
from inference.models.gguf_info import GgufInfo, read_gguf_info
from inference.pixels import read_pixels
from inference.types import Capabilities, Request

WORKER_COMMAND = (sys.executable, "-P", "-m", "inference.local.worker")


class LocalEngine:
    """llama.cpp in a child process, started with the first request and again after it died."""

    def __init__(self, config: LocalConfig, command: Sequence[str] = WORKER_COMMAND, patience: Patience | None = None) -> None:
        """Nothing is started or read yet. `command` starts the child: this package's worker on its standard streams."""
        self._config, self._command, self._patience = config, tuple(command), patience or Patience()
        self._line = WaitingLine()
        self._process: EngineProcess | None = None
        self._inbox: queue.SimpleQueue[Wire | None] = queue.SimpleQueue()
        self._next_id = 0
        self._is_closed = False
        self._info: GgufInfo | None = None

    @property
    def process_id(self) -> int | None:
        """Of the child, while it runs."""
        process = self._process
        return process.pid if process is not None and process.is_alive else None

    def capabilities(self) -> Capabilities:
        """What the model file says of itself. Raises ModelFileError."""
        self._info = self._info or read_gguf_info(self._config.model)
        known = self._info.number("context_length") or DEFAULT_N_CTX
        return Capabilities(
            self._info.name,
            vision=self._config.mmproj is not None,
            context_tokens=min(self._config.n_ctx or DEFAULT_N_CTX, known),
            picture_tokens_max=self._config.image_max_tokens or defaults_for(self._info.name).image_max_tokens or None,
        )

    def prepare(self, request: Request, cancel: Cancel) -> Iterator[Event]:
        """See `Engine.prepare`."""
        return self._run(request, Ticket(frozenset(image.id for image in request.images()), True, cancel))

    def stream(self, request: Request, cancel: Cancel) -> Iterator[Event]:
        """See `Engine.stream`."""
        return self._run(request, Ticket(frozenset(image.id for image in request.images()), False, cancel))

    def close(self) -> None:
        """See `Engine.close`."""
        self._is_closed = True
        self._line.clear(self._patience.cancel_s + self._patience.close_s)
        process, self._process = self._process, None
        if process is not None:
            process.close()

    def _run(self, request: Request, ticket: Ticket) -> Iterator[Event]:
        self._line.join(ticket)
        try:
            yield from self._line.wait(ticket)
            if ticket.cancel.is_set() or self._is_closed:
                yield Finished("cancelled")
                return
            translator = Translator(request)
            try:
                is_done = yield from self._converse(request, ticket, translator)
                if not is_done:
                    yield from self._converse(request, ticket, translator, is_last_try=True)
            except RequestError as error:
                yield Failed(error.code, error.message)
            except OSError as error:
                yield Failed(EngineCrashed.code, f"The engine's process cannot be started: {error.strerror}.")
        finally:
            self._line.leave(ticket)

    def _converse(
        self, request: Request, ticket: Ticket, translator: Translator, is_last_try: bool = False
    ) -> Generator[Event, None, bool]:
        """Have the request done by the child. Returns False if it died in a way that another try may mend."""
        job = self._start_job(request, ticket)
        was_heard = is_loading_gpu = False
        try:
            while (message := self._answer(job)) is not None:
                was_heard = True
                is_loading_gpu = message["type"] == "gpu_tried" or (is_loading_gpu and message["type"] == "notice")
                if message["type"] == "pixels_wanted":
                    self._send_pixels(job, request, message["image"], translator)
                    continue
                for event in translator.events(message):
                    if isinstance(event, Progress):
                        self._line.report(ticket, event)
                    yield event
                if job.is_over:
                    return True
            may_try_again = not is_last_try and not job.was_cancelled
            if may_try_again and is_loading_gpu:  # drivers may end the process instead of refusing
                self._config = replace(self._config, gpu_layers=0)
                yield Notice("gpu_refused", "The GPU ended the engine while loading; going on with the processor alone.")
                return False
            if may_try_again and not was_heard:  # it had died before it took the request up: a new one will not mind
                return False
            yield from self._ending_of_dead(job, translator)
            return True
        finally:
            self._finish_job(job)

    def _start_job(self, request: Request, ticket: Ticket) -> _Job:
        if self._process is None or not self._process.is_alive:
            self._inbox = queue.SimpleQueue()
            self._process = EngineProcess(self._command, self._config, self._patience, self._inbox.put)
        wire = request_to_wire(request)
        self._next_id += 1
        job = _Job(self._next_id, self._process, self._patience.cancel_s)
        self._process.expect_answers(True)
        kind = "prepare" if ticket.is_preparation else "stream"
        self._process.send({"type": kind, "id": job.id, "request": wire})
        ticket.cancel.on_set(job.cancel)
        return job

    def _answer(self, job: _Job) -> Wire | None:
        """The child's next message about a job; None when it died."""
        while True:
            message = self._inbox.get()
            if message is None or message["type"] in ("finished", "failed"):
                job.end()
            if message is None or message.get("id") == job.id:
                return message

    def _finish_job(self, job: _Job) -> None:
        """Whoever asked may have gone away in the middle: then the child is stopped first."""
        if not job.is_over:
            job.cancel()
        while not job.is_over:
            self._answer(job)
        job.process.expect_answers(False)

    def _send_pixels(self, job: _Job, request: Request, image_id: str, translator: Translator) -> None:
        try:
            part = next(image for image in request.images() if image.id == image_id)
            job.process.send({"type": "pixels", "id": job.id, "image": image_id}, read_pixels(part))
        except InferenceError as error:
            translator.failure = error
            job.cancel()

    def _ending_of_dead(self, job: _Job, translator: Translator) -> list[Event]:
        if job.was_cancelled:
            return translator.ending("cancelled")
        failure = job.process.failure or EngineCrashed("The engine stopped unexpectedly. Ask again.")
        return translator.failed(failure.code, failure.message)


class _Job:
    """One request at the child: cancelled at most once, and killed with the child if it does not end then."""

    def __init__(self, job_id: int, process: EngineProcess, patience_s: float) -> None:
        self.id, self.process = job_id, process
        self.is_over = False
        self.was_cancelled = False
        self._lock = threading.Lock()
        self._timer = threading.Timer(patience_s, self._kill)
        self._timer.daemon = True

    def cancel(self) -> None:
        """Ask the child to stop; kill it when it does not. Never blocks, even when the child does not read."""
        with self._lock:
            if self.is_over or self.was_cancelled:
                return
            self.was_cancelled = True
            self._timer.start()
        message = {"type": "cancel", "id": self.id}
        threading.Thread(target=self.process.send, args=(message,), name="engine-cancel", daemon=True).start()

    def end(self) -> None:
        """The child is done with it, or dead."""
        with self._lock:
            self.is_over = True
        self._timer.cancel()

    def _kill(self) -> None:
        with self._lock:  # the process may be on the next request as soon as this one is over
            if not self.is_over:
                self.process.kill(EngineHung("The engine did not stop when asked and was restarted."))
