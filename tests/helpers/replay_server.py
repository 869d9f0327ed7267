"""A server on loopback that answers as scripted: HTTP/1.1 and HTTP/2, with and without TLS, well-behaved or not."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

import h2.config
import h2.connection
import h2.events

Ending = Literal["whole", "cut", "silence", "turned away"]


@dataclass(frozen=True)
class Script:
    """One answer.

    Attributes:
        chunks: of the body; a number is a pause in seconds.
        ending: the connection is closed before the body is complete, or nothing more is sent; or a later request of an
            HTTP/2 connection is turned away unread (GOAWAY).
        framing: how HTTP/1.1 tells the body's end.
        raw: sent instead of everything else, and the connection closed.
        is_silent: nothing is ever answered.
    """

    chunks: Sequence[bytes | float] = ()
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/event-stream"})
    ending: Ending = "whole"
    framing: Literal["chunked", "close"] = "chunked"
    raw: bytes | None = None
    is_silent: bool = False


@dataclass(frozen=True)
class Received:
    """A request as it came. Header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


def sse(*values: Any) -> tuple[bytes, ...]:
    """Each value as an event, text as it is and all else as JSON."""
    texts = (value if isinstance(value, str) else json.dumps(value) for value in values)
    return tuple(f"data: {text}\n\n".encode() for text in texts)


def words(*texts: str, finish: str | None = "stop", **rest: Any) -> tuple[bytes, ...]:
    """A streamed answer of these texts, with `finish` as its reason, or none."""
    chunks: list[Any] = [{"choices": [{"index": 0, "delta": {"content": text}}]} for text in texts]
    if finish:
        chunks += [{"choices": [{"index": 0, "delta": {}, "finish_reason": finish}], **rest}, "[DONE]"]
    return sse(*chunks)


def refusal(status: int, code: str | int, message: str = "no", **headers: str) -> Script:
    """An error as GLM and OpenAI tell it."""
    body = json.dumps({"error": {"code": code, "message": message}}).encode()
    return Script((body,), status, {"Content-Type": "application/json", **headers})


class LoopbackServer:
    """Runs `_serve` for each connection, in a thread of its own. Use it in a `with` block.

    Attributes:
        port: on 127.0.0.1.
        connections: how many were made.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.port = 0
        self.connections = 0
        self._tls = tls
        self._changed = threading.Condition()
        self._open = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="replay", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        with self._changed:
            assert self._changed.wait_for(lambda: self.port, 60)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)

    def wait_closed(self, timeout_s: float = 60.0) -> bool:
        """Whether every connection is closed, by then."""
        with self._changed:
            return self._changed.wait_for(lambda: self._open == 0, timeout_s)

    def wait_for(self, is_true: Callable[[], object], timeout_s: float = 60.0) -> bool:
        """Whether something about the server becomes true by then."""
        with self._changed:
            return bool(self._changed.wait_for(is_true, timeout_s))

    def _run(self) -> None:
        server = self._loop.run_until_complete(asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._tls))
        self._note(port=server.sockets[0].getsockname()[1])
        self._loop.run_forever()
        self._loop.run_until_complete(asyncio.sleep(0.02))  # what came last is taken up; asyncio leaks it when the server is closed
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        if tasks:
            self._loop.run_until_complete(asyncio.wait(tasks))
        self._loop.run_until_complete(asyncio.sleep(0.02))  # connections that were broken off are closed now
        self._loop.close()

    def _note(self, **changes: Any) -> None:
        with self._changed:
            vars(self).update(changes)
            self._changed.notify_all()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._note(_open=self._open + 1, connections=self.connections + 1)
        serving = asyncio.ensure_future(self._serve(reader, writer))
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await serving
        finally:
            writer.transport.abort()
            self._note(_open=self._open - 1)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raise NotImplementedError


class ReplayServer(LoopbackServer):
    """Answers each request with the next script, and with the last one from then on.

    Attributes:
        requests: all that came.
        resets: how many HTTP/2 streams the client ended.
    """

    def __init__(self, *scripts: Script, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(tls)
        self.requests: list[Received] = []
        self.url = f"{'https' if tls else 'http'}://127.0.0.1"
        self._scripts = list(scripts)

    def __enter__(self) -> Self:
        super().__enter__()
        self.url = f"{self.url}:{self.port}"
        return self

    def _next(self, request: Received) -> Script:
        self._note(requests=[*self.requests, request])
        return self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tls = writer.get_extra_info("ssl_object")
        if tls is not None and tls.selected_alpn_protocol() == "h2":
            await self._serve_http2(reader, writer)
            return
        while (request := await read_request(reader)) is not None:
            script = self._next(request)
            await _until_gone(self._answer(script, writer), reader)
            if script.ending == "cut" or script.framing == "close" or script.raw is not None:
                return

    async def _answer(self, script: Script, writer: asyncio.StreamWriter) -> None:
        if script.is_silent:
            await asyncio.Event().wait()
        if script.raw is not None:
            writer.write(script.raw)
            await writer.drain()
            return
        lines = [f"HTTP/1.1 {script.status} x", *(f"{name}: {value}" for name, value in script.headers.items())]
        is_chunked = script.framing == "chunked"
        lines.append("Transfer-Encoding: chunked" if is_chunked else "Connection: close")
        writer.write("\r\n".join([*lines, "", ""]).encode())
        async for chunk in _paced(script):
            writer.write(b"%x\r\n%b\r\n" % (len(chunk), chunk) if is_chunked else chunk)
            await writer.drain()
        if is_chunked and script.ending == "whole":
            writer.write(b"0\r\n\r\n")
        await writer.drain()

    async def _serve_http2(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        connection.initiate_connection()
        writer.write(connection.data_to_send())
        started: dict[int, dict[str, str]] = {}
        bodies: dict[int, bytes] = {}
        answers: set[asyncio.Task[None]] = set()
        try:
            while data := await reader.read(65_536):
                for event in connection.receive_data(data):
                    if isinstance(event, h2.events.RequestReceived):
                        started[event.stream_id], bodies[event.stream_id] = dict(event.headers), b""  # type: ignore[arg-type]
                    elif isinstance(event, h2.events.DataReceived):
                        bodies[event.stream_id] += event.data
                        connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                    elif isinstance(event, h2.events.StreamEnded):
                        headers = started[event.stream_id]
                        request = Received(headers[":method"], headers[":path"], headers, bodies[event.stream_id])
                        answer = self._answer_http2(self._next(request), connection, event.stream_id, writer)
                        answers.add(asyncio.ensure_future(answer))
                writer.write(connection.data_to_send())
        finally:
            for task in answers:
                task.cancel()

    async def _answer_http2(
        self, script: Script, connection: h2.connection.H2Connection, stream: int, writer: asyncio.StreamWriter
    ) -> None:
        if script.is_silent:
            return
        if script.ending == "turned away":
            connection.close_connection(last_stream_id=stream - 2)
            writer.write(connection.data_to_send())
            return
        headers = [(":status", str(script.status)), *((name.lower(), value) for name, value in script.headers.items())]
        connection.send_headers(stream, headers)
        writer.write(connection.data_to_send())
        async for chunk in _paced(script):
            connection.send_data(stream, chunk)
            writer.write(connection.data_to_send())
        if script.ending == "cut":
            connection.reset_stream(stream, 2)
        else:
            connection.end_stream(stream)
        writer.write(connection.data_to_send())


async def _paced(script: Script) -> AsyncIterator[bytes]:
    for chunk in script.chunks:
        if isinstance(chunk, bytes):
            yield chunk
        else:
            await asyncio.sleep(chunk)
    if script.ending == "silence":
        await asyncio.Event().wait()


async def read_request(reader: asyncio.StreamReader) -> Received | None:
    """One request as it came."""
    start = await reader.readuntil(b"\r\n\r\n")
    first, *lines = start.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    method, path, _ = first.split(" ")
    return Received(method, path, headers, await reader.readexactly(int(headers.get("content-length", "0"))))


async def _until_gone(answer: Any, reader: asyncio.StreamReader) -> None:
    """Answer, but no longer than the client is there. Nobody sends anything while an answer is under way."""
    answering, leaving = asyncio.ensure_future(answer), asyncio.ensure_future(reader.read(1))
    try:
        await asyncio.wait([answering, leaving], return_when=asyncio.FIRST_COMPLETED)
        if not answering.done():
            raise ConnectionResetError
        await answering
    finally:
        for task in (answering, leaving):
            task.cancel()
        await asyncio.gather(answering, leaving, return_exceptions=True)


@contextlib.contextmanager
def silent_socket() -> Iterator[int]:
    """The port of a listener that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]
