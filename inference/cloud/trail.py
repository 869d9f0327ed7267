"""How far a request got, and what a fault there means.

httpx2 reports each of its steps to a `trace` function (its documentation, "Extensions"). They tell whether it was the proxy or the
server that could not be reached, and whether anything of the request was sent, which its exceptions do not.
"""

from __future__ import annotations

import socket
import ssl
from asyncio import Timeout
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Literal

from inference import errors
from inference.cloud.config import TimeLimits
from inference.cloud.fault_table import PROXY_WANTS

Phase = Literal["connect", "tls", "proxy", "send", "wait", "read"]

_SENDINGS_MAX = 3  # a server may ask, before it looks at a request, for it to come by another connection (HTTP/2, GOAWAY)
_END_S = 2.0
_MOVE_S = 0.02  # the limit moves in such steps: a timer for each piece would cost more than reading it


class Trail:
    """Follows one request, and moves its time limit along.

    Attributes:
        phase: what is being done.
        peer: host and port that a connection was made to, or was tried to; None while one is used again.
        was_sent: whether anything of the request may have reached the server.
        streams: every connection that was made, to be closed.
    """

    def __init__(self, host: str, port: int, limits: TimeLimits, now: Callable[[], float], limit: Timeout) -> None:
        self.phase: Phase = "connect"
        self.peer: tuple[str, int] | None = None
        self.was_sent = False
        self.streams: list[Any] = []
        self._target, self._limits, self._now, self._limit = (host, port), limits, now, limit
        self._sendings, self._is_secure = 0, False
        self._text_by = self._moved = 0.0
        limit.reschedule(now() + limits.connect_s)

    async def note(self, name: str, info: dict[str, Any]) -> None:
        """The trace function. Names are of the form ``connection.connect_tcp.started``."""
        where, step, state = name.split(".")
        if step == "connect_tcp" and state == "started":
            self.phase, self.peer = "connect", (str(info["host"]), int(info["port"]))
        elif step == "start_tls" and state == "started":
            self.phase = "tls"
            if where != "connection":  # by way of the proxy, to the server
                self.peer = self._target
        elif state == "complete" and step in ("connect_tcp", "start_tls"):
            self.streams.append(info["return_value"])
            self._is_secure |= step == "start_tls"
        elif step == "send_request_headers" and state == "started":
            self._begin_sending(is_tunnel=info["request"].method == b"CONNECT")
        elif step == "send_request_body" and state != "started" and self.phase == "send":  # failed: it may answer all the same
            self.phase = "wait"
            self._text_by = self._now() + self._limits.first_byte_s
            self._limit.reschedule(self._text_by)

    def body_sent(self) -> None:
        """A piece of the request's body is on its way."""
        self._limit.reschedule(self._now() + self._limits.idle_s)

    def received(self, has_text: bool) -> None:
        """Something of the answer came. What only keeps the connection alive does so no longer than the first byte may take."""
        now = self._now()
        if has_text:
            if self.phase == "read" and now - self._moved < _MOVE_S:
                return
            self.phase, self._text_by = "read", now + self._limits.first_byte_s
        self._moved = now
        self._limit.reschedule(min(self._text_by, now + self._limits.idle_s) if self.phase == "read" else self._text_by)

    def expect_end(self) -> None:
        """All that matters has come: whoever keeps the connection open now is not waited for long."""
        self._limits = replace(self._limits, idle_s=min(_END_S, self._limits.idle_s))
        self._moved = 0.0
        self._limit.reschedule(self._now() + self._limits.idle_s)

    def rest(self) -> None:
        """Nobody takes what has come; the server need not hurry."""
        self._moved = 0.0
        self._limit.reschedule(None)

    def fault(self, error: BaseException) -> errors.InferenceError:
        """What `error`, met where the request is now, tells the user."""
        causes = list(_causes(error))
        host, port = self.peer or self._target
        name = "The proxy" if self.peer and self.peer != self._target else "The server"
        place = f"{name} {host}" if port in (80, 443) else f"{name} {host}:{port}"
        if isinstance(error, TimeoutError):
            return self._silence(place)
        if type(error).__name__ in ("InvalidURL", "UnsupportedProtocol", "LocalProtocolError"):
            return errors.AddressInvalid("The server's address cannot be used. It looks like https://host/v1.")
        if self.phase == "proxy" or type(error).__name__ == "ProxyError":
            return _proxy_fault(place, str(error))
        if self.phase in ("connect", "tls"):
            return _connection_fault(place, causes, self.phase)
        if type(error).__name__ == "DecodingError":
            return errors.ReplyNotUnderstood(
                "The server's answer is packed in a damaged way. Ask again; check a proxy that may change it."
            )
        if self.phase == "read":
            return errors.ReplyCut("The connection broke while the answer came: it ends in the middle. Ask again.")
        trouble = "the server is in trouble"
        if self.streams and not self._is_secure:
            trouble = f"its address may begin with https:// instead of http://, or {trouble}"
        return errors.ServerUnreachable(
            f"{place} closed the connection without an answer. Ask again; if it happens often, {trouble}."
        )

    def _begin_sending(self, is_tunnel: bool) -> None:
        if is_tunnel:
            self.phase = "proxy"
            return
        self._sendings += 1
        if self._sendings > _SENDINGS_MAX:
            raise ConnectionError("the server sends the request from connection to connection")
        self.phase, self.was_sent = "send", True
        self._text_by = self._now() + self._limits.first_byte_s
        self.body_sent()

    def _silence(self, place: str) -> errors.InferenceError:
        if self.phase == "tls":
            return errors.ServerUnreachable(
                f"{place} did not secure the connection within {self._limits.connect_s:g} seconds."
                " Check whether its address begins with http:// or https://."
            )
        if self.phase in ("connect", "proxy"):
            return errors.ServerUnreachable(
                f"{place} took no connection within {self._limits.connect_s:g} seconds. Check address, network and proxy."
            )
        if self.phase == "send":
            return errors.ServerSilent(
                f"{place} took nothing of the question for {self._limits.idle_s:g} seconds. Check the network; send fewer pictures."
            )
        if self.phase == "wait":
            return errors.ServerSilent(
                f"{place} took the question and sent no answer within {self._limits.first_byte_s:g} seconds."
                " Ask again later, or ask for less."
            )
        seconds = self._limits.first_byte_s if self._now() >= self._text_by else self._limits.idle_s
        return errors.ReplyCut(f"The answer ends in the middle: nothing more came for {seconds:g} seconds. Ask again.")


_STRANGER_ADVICE = (
    "If your organisation has certificates of its own, name their file in the settings; otherwise somebody may be in between, so do"
    " not go on."
)
_CERTIFICATE_ADVICE = {
    **dict.fromkeys((9, 10), "See whether this computer's clock is right; if it is, whoever runs the server has to renew it."),
    **dict.fromkeys((62, 64), "Check the address; if it is right, somebody may be in between, so do not go on."),
}
"""By OpenSSL's X509_V_ERR_*: not valid yet or any more; for another name or number."""


def _proxy_fault(place: str, words: str) -> errors.InferenceError:
    """`words` are those of the exception: status and reason."""
    if words.startswith("407"):
        return errors.ProxyRefused(f"{place} {PROXY_WANTS}")
    if words[:1] == "5":
        return errors.ServerUnreachable(
            f"{place} gets no connection to the server (HTTP status {words[:3]})."
            " Check the server's address, or ask whoever runs the proxy."
        )
    if words[:3].isdecimal():
        return errors.ProxyRefused(
            f"{place} refuses to connect to the server (HTTP status {words[:3]}). Ask whoever runs it, or choose another one."
        )
    return errors.ServerUnreachable(f"{place} closed the connection. Check the proxy's address in the settings.")


def _connection_fault(place: str, causes: list[BaseException], phase: Phase) -> errors.InferenceError:
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            what = cause.verify_message.rstrip(".")
            advice = _CERTIFICATE_ADVICE.get(cause.verify_code, _STRANGER_ADVICE)
            return errors.CertificateRefused(f"{place} shows a certificate that is not trusted: {what}. {advice}")
        if isinstance(cause, ssl.SSLError):
            return errors.CertificateRefused(
                f"{place} does not speak TLS as it should. Check whether its address begins with http:// or https://."
            )
        if isinstance(cause, socket.gaierror | UnicodeError):
            return errors.ServerUnreachable(f"{place} was not found: there is no such name. Check the address and the network.")
        if isinstance(cause, ConnectionRefusedError):
            return errors.ServerUnreachable(
                f"{place} refuses the connection: nothing listens there. Check whether it runs, and the port."
            )
    if phase == "tls":
        return errors.ServerUnreachable(
            f"{place} closed the connection before it was secure. Check whether its address begins with http:// or https://."
        )
    return errors.ServerUnreachable(f"{place} cannot be reached. Check the network connection and the proxy.")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exceptions that led to this one, of groups each."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        current = waiting.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if isinstance(current, BaseExceptionGroup):
            waiting += current.exceptions
        waiting += [current.__cause__, current.__context__]
