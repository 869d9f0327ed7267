"""Speaks HTTP with one server, for threads that wait: requests run in a thread of their own, and end at once when cancelled.

The only module that imports httpx2, when a request is near (docs/adr/0022). Certificates are always checked. Redirects are not
followed, cookies not kept, and what httpx2 and its parts log is left out: it would hold headers.

Each request under way has a client of its own, kept for a later one when all went well: with HTTP/2 requests would else share a
connection, and to end one of them would end all.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, wait
from typing import TYPE_CHECKING, Any

from inference import errors
from inference.cloud.config import CloudConfig
from inference.cloud.inbox import Inbox
from inference.cloud.outgoing import Body, headers_of, host_and_port, is_open_to_a_proxy, proxy_of_environment
from inference.cloud.sse import TextWatch
from inference.engine import Cancel

if TYPE_CHECKING:
    from inference.cloud.net_thread import NetThread
    from inference.cloud.trail import Trail

BODY_BYTES_MAX = 256 << 20
"""Of a reply. The longest answer of the table, 131,072 tokens, takes about 50 MB as events."""
_KEEP_ALIVE_S = 30.0
_CLOSE_S = 1.0
_END_S = 0.1

_Call = Callable[[Callable[[], None]], None]


class Connection:
    """To the server of `config`. Nothing is opened before the first request. Methods may be called from any thread."""

    def __init__(self, config: CloudConfig) -> None:
        self._config = config
        self._lock = threading.Lock()
        self._net: NetThread | None = None
        self._is_closed = False
        self._clients: list[Any] = []  # that wait for a request; touched in the thread of the network only
        self._tls: Any = None

    def post(self, path: str, body: bytes, cancel: Cancel) -> Reply:
        """Begin to send JSON to `path`, such as ``/chat/completions``, below the base URL."""
        return self._begin("POST", path, body, cancel)

    def get(self, path: str, cancel: Cancel, limit_bytes: int = 1 << 20) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers (lower-case names) and body. Raises what `Reply` raises, and ReplyNotUnderstood for a longer body."""
        with self._begin("GET", path, b"", cancel) as reply:
            return reply.status, reply.headers, reply.read(limit_bytes)

    def get_ready(self) -> None:
        """Do what the first request would wait for: half a second of imports and certificates. Nothing is opened."""
        import httpx2  # noqa: F401

        import inference.cloud.net_thread
        import inference.cloud.trail  # noqa: F401

        with contextlib.suppress(errors.CertificateRefused):  # the request will say so
            self._tls = self._tls or _tls(self._config.network.ca_file)

    def close(self) -> None:
        """End every request, the thread and the connections. Further calls do nothing."""
        with self._lock:
            net, self._net, self._is_closed = self._net, None, True
        if net is not None:
            net.close(self._close_clients)

    def _begin(self, method: str, path: str, body: bytes, cancel: Cancel) -> Reply:
        url = self._config.base_url.rstrip("/") + path
        inbox = Inbox()
        with self._lock:
            if self._is_closed:
                raise errors.Cancelled("The engine is closed.")
            if self._net is None:
                from inference.cloud.net_thread import NetThread

                self._net = NetThread()
            reply = Reply(inbox, self._net.call)
            reply.future = self._net.start(self._run(method, url, body, reply, inbox))
        reply.future.add_done_callback(lambda _: inbox.end(errors.Cancelled("The engine was closed.")))
        cancel.on_set(reply.cancel)
        return reply

    async def _run(self, method: str, url: str, body: bytes, reply: Reply, inbox: Inbox) -> None:
        """One request, from the first step to the last; every way out ends the inbox."""
        import asyncio

        from inference.cloud.trail import Trail

        client, trail, fault, is_over = None, None, None, False
        loop = asyncio.get_running_loop()
        try:
            host, port = host_and_port(url)
            headers = headers_of(self._config)
            client = self._clients.pop() if self._clients else self._client(url, host, goes_direct=is_open_to_a_proxy(url, headers))
            host = client.build_request(method, url).url.raw_host.decode()  # as it is looked up
            async with asyncio.timeout(None) as limit:
                trail = reply.trail = Trail(host, port, self._config.limits, loop.time, limit)
                content = Body(body, trail.body_sent) if body else None
                headers |= {"Content-Type": "application/json", "Content-Length": str(len(body))} if body else {}
                request = client.build_request(method, url, headers=headers, content=content, extensions={"trace": trail.note})
                await self._receive(client, request, trail, inbox, reply.call)
            is_over = True
        except errors.InferenceError as error:
            fault = error
        except asyncio.CancelledError:
            fault = errors.Cancelled("The request was cancelled.")
        except Exception as error:
            fault = trail.fault(error) if trail else _setup_fault(error)
        finally:
            await asyncio.shield(asyncio.ensure_future(self._put_away(client, trail, is_over)))  # whoever cancels now
            inbox.end(fault.with_traceback(None) if fault else None)

    async def _receive(self, client: Any, request: Any, trail: Trail, inbox: Inbox, call: _Call) -> None:
        import asyncio

        response = await client.send(request, stream=True)
        try:
            headers = {name.lower(): value for name, value in response.headers.items()}
            if headers.get("content-encoding", "identity").strip().lower() not in ("identity", "gzip", "x-gzip", "deflate"):
                raise errors.ReplyNotUnderstood("The server packed its answer in a way that was not asked for.")
            inbox.put_head(response.status_code, headers)
            watch = TextWatch() if headers.get("content-type", "").lower().startswith("text/event-stream") else None
            room, size = asyncio.Event(), 0
            async for chunk in response.aiter_bytes():
                trail.received(watch is None or watch.has_text(chunk))
                size += len(chunk)
                if size > BODY_BYTES_MAX:
                    raise errors.ReplyNotUnderstood("The server sends without end. Ask again, or choose another server.")
                if not inbox.put(chunk, lambda: call(room.set)):
                    trail.rest()
                    await room.wait()
                    room.clear()
                    trail.received(has_text=True)
        finally:
            await response.aclose()

    async def _put_away(self, client: Any, trail: Trail | None, is_over: bool) -> None:
        """Keep the client for the next request, or close all that it opened, wherever the request was ended."""
        if client is None:
            return
        if is_over and not self._is_closed:
            client.cookies.clear()
            self._clients.append(client)
            return
        for closable in (*(trail.streams if trail else ()), client):
            await _close(closable)

    async def _close_clients(self) -> None:
        while self._clients:
            await _close(self._clients.pop())

    def _client(self, url: str, host: str, *, goes_direct: bool) -> Any:
        """A new client. No proxy leads to this computer, nor where it `goes_direct`.

        Raises ProxyRefused or CertificateRefused when what the settings or the environment say cannot be used.
        """
        import httpx2

        for name in ("httpx2", "httpcore2", "h2", "hpack"):
            logging.getLogger(name).setLevel(logging.WARNING)
        network = self._config.network
        if self._tls is None:
            self._tls = _tls(network.ca_file)
        goes_direct |= network.proxy == "none" or host in ("localhost", "::1") or host.startswith("127.")
        proxy = "" if goes_direct else network.proxy or proxy_of_environment(url)
        try:
            return httpx2.AsyncClient(
                verify=self._tls,
                http2=True,
                proxy=proxy or None,
                trust_env=False,  # it would take up every proxy of the environment, and fail for one that is not needed
                timeout=None,  # `Trail` sets limits to every step
                limits=httpx2.Limits(keepalive_expiry=_KEEP_ALIVE_S),
            )
        except (ValueError, ImportError, httpx2.InvalidURL):  # their words may hold the proxy's password
            pass
        where = "the settings" if network.proxy else "the environment (HTTPS_PROXY, HTTP_PROXY or ALL_PROXY)"
        raise errors.ProxyRefused(
            f"The address of the proxy in {where} cannot be used. It looks like http://host:port; SOCKS proxies are not supported."
        )


class Reply:
    """What a server answers, read in the thread that asked. Use it in a `with` block: that waits for status and headers.

    Entering and iterating raise Cancelled, ServerUnreachable, ProxyRefused, CertificateRefused, ServerSilent, AddressInvalid,
    KeyRefused, ReplyNotUnderstood and, once the answer began, ReplyCut. Iterating gives the body in pieces: all that has come since
    the last. Leaving ends the request if it is under way.

    Attributes:
        status: the HTTP status.
        headers: with lower-case names.
        call: runs something in the thread of the network.
    """

    def __init__(self, inbox: Inbox, call: _Call) -> None:
        self.call = call
        self.status = 0
        self.headers: Mapping[str, str] = {}
        self.trail: Trail | None = None
        self.future: Future[None] | None = None
        self._inbox = inbox

    @property
    def was_sent(self) -> bool:
        """Whether anything of the request may have reached the server, as far as it got."""
        return self.trail is not None and self.trail.was_sent

    def cancel(self) -> None:
        """End it at once, in whatever phase it is; whoever waits for it gets Cancelled. From any thread."""
        self._inbox.cancel()
        if self.future is not None:
            with contextlib.suppress(RuntimeError):  # the thread has ended
                self.future.cancel()

    def expect_end(self) -> None:
        """The answer is complete; wait only a short while for what closes it."""
        if self.trail is not None and self.future is not None and not self.future.done():
            self.call(self.trail.expect_end)

    def read(self, limit_bytes: int) -> bytes:
        """The whole body. Raises ReplyNotUnderstood when it is longer."""
        body = bytearray()
        for chunk in self:
            body += chunk
            if len(body) > limit_bytes:
                raise errors.ReplyNotUnderstood("The server's answer is far too long. Check the address.")
        return bytes(body)

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self._inbox.take():
            yield chunk

    def __enter__(self) -> Reply:
        try:
            self.status, self.headers = self._inbox.head()
        except BaseException:
            self.cancel()
            raise
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if (
            kind is None and self.future is not None
        ):  # what ends the body mostly comes with the last piece; then the connection is kept
            wait([self.future], _END_S)
        self.cancel()


def _tls(ca_file: Any) -> Any:
    """What is trusted: the system's certificates, or those of the environment, and those of `ca_file`."""
    import ssl

    import httpx2

    try:
        context = httpx2.create_ssl_context(trust_env=ca_file is None)
        if ca_file is not None:
            context.load_verify_locations(cafile=ca_file)
        return context
    except OSError as error:
        reason = "it holds no certificate in PEM" if isinstance(error, ssl.SSLError) else error.strerror
    where = f"{ca_file.name} of the settings" if ca_file is not None else "of the environment (SSL_CERT_FILE)"
    raise errors.CertificateRefused(f"The file of certificates {where} cannot be used: {reason}.")


def _setup_fault(error: Exception) -> errors.InferenceError:
    logging.getLogger(__name__).error("A request could not be made: %s", type(error).__name__)
    return errors.AddressInvalid("The server's address cannot be used. It looks like https://host/v1.")


async def _close(closable: Any) -> None:
    import asyncio

    with contextlib.suppress(Exception):  # whatever it says, it is gone
        await asyncio.wait_for(closable.aclose(), _CLOSE_S)
