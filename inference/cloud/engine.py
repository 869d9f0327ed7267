"""The engine that answers elsewhere: the GLM cloud, and any server that speaks the OpenAI chat API.

A request passes through these steps, each of which can be cancelled: what the model cannot take is refused; its pictures are
encoded, one request after the other; it waits in the line in front of the server; it is sent, again where that is allowed; the
answer is read as it comes. What may have reached the server is sent again only when the server refused it.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Generator, Iterator
from urllib.parse import urlsplit

from inference import errors
from inference.cloud.body import build_body, check, links_taken
from inference.cloud.config import CloudConfig
from inference.cloud.connection import Connection, Reply
from inference.cloud.faults import Fault, read_fault
from inference.cloud.line import Ticket, line_of
from inference.cloud.pictures import PictureEncoder
from inference.cloud.reply import ReplyReader, read_answer
from inference.cloud.retry import UNREACHED, Retries, wait
from inference.engine import Cancel
from inference.events import Event, Failed, Finished, Notice, Progress, Started
from inference.line import Ticket as EncodingTicket
from inference.line import WaitingLine
from inference.types import Capabilities, ImagePart, Request, Timings, Usage

_REFUSAL_BYTES_MAX = 1 << 16


class CloudEngine:
    """Asks one model of one server. Nothing goes out before the first `stream`; several may be under way (`requests_max`)."""

    def __init__(self, config: CloudConfig, pace: float = 1.0) -> None:
        """`pace` stretches the pauses between tries; tests take less than 1."""
        self._config, self._pace = config, pace
        self._connection = Connection(config)
        self._line = line_of(config.base_url, config.model.id)
        self._encoder, self._encoding = PictureEncoder(), WaitingLine()
        self._leaves_reasoning_open = False
        self._lock = threading.Lock()
        self._under_way: list[Cancel] = []
        self._is_closed = False

    def capabilities(self) -> Capabilities:
        """What is known of the model."""
        model = self._config.model
        return Capabilities(
            model.id,
            host=urlsplit(self._config.base_url).netloc.lower() or self._config.base_url,
            vision="image" in model.inputs and model.pictures_max != 0,
            thinking=model.thinking != "none",
            tools=model.tools,
            grammar=self._config.dialect == "llama_server",
            context_tokens=model.context_tokens,
            pictures_max=model.pictures_max,
            links=links_taken(self._config),
            keeps_reasoning=model.keeps_reasoning,
        )

    def prepare(self, request: Request, cancel: Cancel) -> Iterator[Event]:
        """Encodes the pictures and loads what sends them. Nothing is sent or opened: the question may never be asked."""
        return self._run(self._prepare, request, cancel)

    def stream(self, request: Request, cancel: Cancel) -> Iterator[Event]:
        """See `Engine.stream`."""
        return self._run(self._answer, request, cancel)

    def close(self) -> None:
        """See `Engine.close`."""
        with self._lock:
            self._is_closed, under_way = True, list(self._under_way)
        for cancel in under_way:
            cancel.set()
        self._connection.close()

    def _run(self, work: Callable[[Request, Cancel], Iterator[Event]], request: Request, cancel: Cancel) -> Iterator[Event]:
        """The events of a piece of work; any way in which it fails is the last of them."""
        with self._lock:
            is_closed = self._is_closed
            self._under_way.append(cancel)
        try:
            if is_closed or cancel.is_set():
                raise errors.Cancelled("The request was cancelled.")
            yield from work(request, cancel)
        except errors.Cancelled:
            yield Finished("cancelled")
        except errors.InferenceError as error:
            yield Failed(error.code, error.message)
        finally:
            with self._lock:
                self._under_way.remove(cancel)

    def _prepare(self, request: Request, cancel: Cancel) -> Iterator[Event]:
        clock = _Clock()
        if "image" in self._config.model.inputs:
            yield from self._encode(request, cancel, EncodingTicket(_ids(request), True, cancel), clock)
        self._connection.get_ready()
        yield Finished("stop", timings=clock.timings(Usage()))

    def _answer(self, request: Request, cancel: Cancel) -> Iterator[Event]:
        clock = _Clock()
        check(request, self._config)
        ticket = Ticket(self._config.requests_max, cancel)
        try:
            urls: dict[str, str] = {}
            if request.images():
                encoding = EncodingTicket(_ids(request), False, cancel)
                urls = yield from self._encode(request, cancel, encoding, clock, then=lambda: self._line.join(ticket))
            else:
                self._line.join(ticket)
            yield from self._line.wait(ticket)
            yield from self._ask(request, cancel, lambda part: urls[part.id], clock)
        finally:
            self._line.leave(ticket)

    def _encode(
        self, request: Request, cancel: Cancel, ticket: EncodingTicket, clock: _Clock, then: Callable[[], None] = lambda: None
    ) -> Generator[Event, None, dict[str, str]]:
        """The data URLs of the pictures. `then` is called before the next request may encode, so that the order stays."""
        self._encoding.join(ticket)
        try:
            yield from self._encoding.wait(ticket)
            model, images, urls = self._config.model, request.images(), dict[str, str]()
            total = self._encoder.count_missing(images, model)
            at_hand = len(ticket.image_ids) - total  # they come first
            with clock.encoding():
                for picture in self._encoder.encode_all(images, model, cancel):
                    urls[picture.image_id] = picture.url
                    if len(urls) > at_hand:
                        progress = Progress("encoding", len(urls) - at_hand, total)
                        self._encoding.report(ticket, progress)
                        yield progress
            then()
            return urls
        finally:
            self._encoding.leave(ticket)

    def _ask(self, request: Request, cancel: Cancel, encode: Callable[[ImagePart], str], clock: _Clock) -> Iterator[Event]:
        """Send the request, again where that is allowed, and report the answer. Raises why there is none."""
        retries = Retries()
        while True:
            if cancel.is_set():
                raise errors.Cancelled("The request was cancelled.")
            yield Progress("prefill", 0, 1)
            fault = yield from self._try(request, self._body(request, encode), cancel, clock)
            if fault is None:
                return
            pause = retries.after(fault)
            if pause is None:
                raise fault.error
            yield pause.notice
            wait(pause.seconds * self._pace, cancel)

    def _body(self, request: Request, encode: Callable[[ImagePart], str]) -> bytes:
        try:
            return json.dumps(build_body(request, self._config, encode), separators=(",", ":"), allow_nan=False).encode("ascii")
        except (TypeError, ValueError, RecursionError) as error:
            raise errors.RequestRefused(
                "A tool's description or a call in the conversation cannot be sent: it is no JSON."
            ) from error

    def _try(self, request: Request, body: bytes, cancel: Cancel, clock: _Clock) -> Generator[Event, None, Fault | None]:
        """Send it once. Returns why it was refused, and None once there was an answer, however that ended."""
        reply = self._connection.post("/chat/completions", body, cancel)
        try:
            with reply:
                if reply.status == 200:
                    yield from self._read(request, reply, clock)
                    return None
                return read_fault(reply.status, reply.headers, _beginning(reply), self._config.key)
        except errors.ServerUnreachable as error:
            if reply.was_sent:
                raise
            return Fault(error, UNREACHED)

    def _read(self, request: Request, reply: Reply, clock: _Clock) -> Iterator[Event]:
        ids = [image.id for image in request.images()]
        starts_in_reasoning = self._leaves_reasoning_open and request.thinking
        reader, fault, is_started = ReplyReader(ids, starts_in_reasoning, self._config.key), None, False
        try:
            for event in read_answer(_until_over(reply, reader), reply.headers.get("content-type", ""), reader):
                if not is_started and not isinstance(event, Progress):
                    is_started = True
                    yield Started(reader.usage.prompt_tokens, reader.usage.cached_tokens)
                clock.note(event)
                yield event
        except errors.InferenceError as error:
            fault = error
        self._leaves_reasoning_open |= reader.leaves_reasoning_open
        yield from reader.finish(fault, clock.timings(reader.usage))


def _until_over(reply: Reply, reader: ReplyReader) -> Iterator[bytes]:
    """The body. Once the answer is complete, a server that keeps the connection open is not waited for long."""
    for chunk in reply:
        yield chunk
        if reader.is_ending:
            reply.expect_end()


class _Clock:
    """Times one request from its arrival on."""

    def __init__(self) -> None:
        self._arrived = time.perf_counter()
        self._encode_s = 0.0
        self._first = self._last = 0.0

    @contextlib.contextmanager
    def encoding(self) -> Iterator[None]:
        """Runs while pictures are encoded."""
        began = time.perf_counter()
        yield
        self._encode_s = time.perf_counter() - began

    def note(self, event: Event) -> None:
        """An event of the answer has come."""
        if not isinstance(event, Progress | Notice):
            self._last = time.perf_counter()
            self._first = self._first or self._last

    def timings(self, usage: Usage) -> Timings:
        """What was measured up to now."""
        seconds, after_first = self._last - self._first, usage.completion_tokens - 1
        return Timings(
            encode_ms=self._encode_s * 1000,
            time_to_first_token_ms=(self._first - self._arrived) * 1000 if self._first else 0.0,
            decode_tokens_per_s=after_first / seconds if seconds > 0 and after_first > 0 else 0.0,
        )


def _ids(request: Request) -> frozenset[str]:
    return frozenset(image.id for image in request.images())


def _beginning(reply: Reply) -> bytes:
    """As much of a refusal as is read; the status tells enough when it is cut."""
    body = bytearray()
    with contextlib.suppress(errors.ReplyCut, errors.ReplyNotUnderstood):
        for chunk in reply:
            body += chunk
            if len(body) >= _REFUSAL_BYTES_MAX:
                break
    return bytes(body)
