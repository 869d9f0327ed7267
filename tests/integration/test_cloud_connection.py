"""The connection against a real server on loopback: every fault has its sentence, every limit holds, and nothing stays behind."""

from __future__ import annotations

import gc
import gzip
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest

from inference import errors
from inference.cloud.config import CloudConfig, Network, TimeLimits
from inference.cloud.connection import Connection
from inference.cloud.models import CloudModel
from inference.engine import Cancel
from tests.helpers.authority import Authority, make_authority
from tests.helpers.replay_server import ReplayProxy, ReplayServer, Script, silent_socket, words

KEY = "0123456789abcdef0123456789abcdef.SecretSecret1234"
ANSWER = Script(words("a", "b"))
Connect = Callable[..., Connection]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, authority: Authority) -> None:
    """No proxies, and our own authority is trusted: the system's hundreds take long to load."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy") or name.startswith("SSL_CERT")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca_file))


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Opens connections that are closed after the test, which leave no thread."""
    opened: list[Connection] = []

    def connect(url: str, network: Network | None = None, key: str = KEY, **limits: float) -> Connection:
        limits = {"connect_s": 5.0, "first_byte_s": 5.0, "idle_s": 5.0, **limits}
        config = CloudConfig(url, CloudModel("m"), key=key, network=network or Network(), limits=TimeLimits(**limits))
        opened.append(Connection(config))
        return opened[-1]

    yield connect
    for connection in opened:
        connection.close()
    assert "engine-net" not in [thread.name for thread in threading.enumerate()]


def ask(connection: Connection, body: bytes = b"{}", cancel: Cancel | None = None) -> bytes:
    with connection.post("/chat", body, cancel or Cancel()) as reply:
        return b"".join(reply)


def test_nothing_is_imported_or_opened_before_the_first_request() -> None:
    code = "import sys, inference.cloud.connection as c; print([m for m in ('httpx2', 'asyncio', 'ssl') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_a_request_carries_key_and_body_and_the_connection_is_used_again(connect: Connect) -> None:
    with ReplayServer(ANSWER) as server:
        connection = connect(f"{server.url}/v1/")
        for _ in range(3):
            with connection.post("/chat", b'{"x": 1}' * 50_000, Cancel()) as reply:
                assert reply.status == 200 and reply.headers["content-type"] == "text/event-stream"
                assert b"".join(reply) == b"".join(words("a", "b"))
                assert reply.was_sent
        request = server.requests[-1]
        assert (request.method, request.path, len(request.body)) == ("POST", "/v1/chat", 400_000)
        assert request.headers["authorization"] == f"Bearer {KEY}" and request.headers["accept-language"] == "en-US,en"
        assert server.connections == 1
        assert connection.get("/models", Cancel())[0] == 200
        connection.close()
        assert server.wait_closed()
        with pytest.raises(errors.Cancelled):
            connection.post("/chat", b"", Cancel())


def test_http2_is_spoken_where_it_is_offered_and_own_certificates_count(
    connect: Connect, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere.pem")  # settings go before the environment
    with ReplayServer(ANSWER, tls=authority.server) as server:
        connection = connect(server.url, Network(ca_file=authority.ca_file))
        for _ in range(2):
            assert ask(connection, b"x" * 200_000) == b"".join(words("a", "b"))
        assert server.requests[0].headers[":scheme"] == "https" and len(server.requests[0].body) == 200_000
        assert server.requests[0].headers["authorization"] == f"Bearer {KEY}" and server.connections == 1


def test_certificates_of_the_environment_count_and_strangers_are_refused(
    connect: Connect, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ReplayServer(ANSWER, tls=authority.server) as server:
        assert ask(connect(server.url))
        with pytest.raises(errors.CertificateRefused, match="not valid for 'localhost'"):
            ask(connect(server.url.replace("127.0.0.1", "localhost")))
        monkeypatch.delenv("SSL_CERT_FILE")
        with pytest.raises(errors.CertificateRefused, match="not trusted"):
            ask(connect(server.url))
        assert len(server.requests) == 1
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere.pem")
    with pytest.raises(errors.CertificateRefused, match="SSL_CERT_FILE"):
        ask(connect(server.url))
    with pytest.raises(errors.CertificateRefused, match=r"test_cloud_connection\.py of the settings"):
        ask(connect(server.url, Network(ca_file=Path(__file__))))


@pytest.mark.parametrize("http2", [True, False])
@pytest.mark.parametrize(
    "script",
    [
        Script(is_silent=True),
        Script(ending="silence"),
        Script(words("a", finish=None), ending="silence"),
        Script((b"data: a\n\n", 0.002) * 5_000),
    ],
    ids=["no headers", "no body", "in the middle", "while it streams"],
)
def test_cancel_closes_the_connection_at_once(connect: Connect, authority: Authority, script: Script, http2: bool) -> None:
    tls = authority.server if http2 else None
    with ReplayServer(ANSWER, script, tls=tls) as server:
        connection, cancel = connect(server.url), Cancel()
        ask(connection)  # the cancelled one uses its connection
        timer = threading.Thread(
            target=lambda: server.wait_for(lambda: len(server.requests) == 2) and (time.sleep(0.05), cancel.set())
        )
        timer.start()
        with pytest.raises(errors.Cancelled):
            ask(connection, cancel=cancel)
        timer.join()
        assert server.wait_closed() and server.connections == 1
        with pytest.raises(errors.Cancelled):
            ask(connection, cancel=cancel)  # set before it begins
        assert len(server.requests) == 2


def test_cancel_ends_a_connection_that_is_being_made(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    def cancelled(connection: Connection, after_s: float = 0.3) -> float:
        cancel = Cancel()
        timer = threading.Timer(after_s, cancel.set)
        timer.start()
        with pytest.raises(errors.Cancelled):
            ask(connection, cancel=cancel)
        timer.join()
        return time.monotonic()

    with _Listener() as listener:  # waits for the first word of TLS from the server
        connection = connect(f"https://127.0.0.1:{listener.port}")
        cancelled(connection)
        assert listener.is_closed_by_peer()
    looked_up = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: looked_up.wait(20))
    before = time.monotonic()
    assert cancelled(connect("http://slow.test")) - before < 10  # the look-up goes on, and nobody waits for it
    looked_up.set()


class _Listener:
    """Takes a connection and says `greeting`, whatever comes."""

    def __init__(self, greeting: bytes = b"") -> None:
        self._greeting = greeting

    def __enter__(self) -> _Listener:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._greeter = threading.Thread(target=self._greet)
        if self._greeting:
            self._greeter.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._greeting:
            self._greeter.join()
        self._socket.close()

    def _greet(self) -> None:
        peer, _ = self._socket.accept()
        with peer:
            peer.recv(65_536)
            peer.sendall(self._greeting)

    def is_closed_by_peer(self) -> bool:
        self._socket.settimeout(5)
        peer, _ = self._socket.accept()
        with peer:
            peer.settimeout(5)
            try:
                while peer.recv(65_536):
                    pass
            except ConnectionResetError:
                return True
            except TimeoutError:
                return False
            return True


def test_leaving_early_closes_the_connection(connect: Connect) -> None:
    with ReplayServer(Script(words("a", finish=None), ending="silence")) as server:
        connection = connect(server.url)
        with pytest.raises(ValueError, match="enough"), connection.post("/chat", b"{}", Cancel()) as reply:
            raise ValueError("enough", next(iter(reply)))
        assert server.wait_closed()


def test_closing_the_engine_ends_what_waits(connect: Connect) -> None:
    with ReplayServer(Script(is_silent=True)) as server, ThreadPoolExecutor(4) as pool:
        connection = connect(server.url)
        waiting = [pool.submit(ask, connection) for _ in range(4)]
        assert server.wait_for(lambda: len(server.requests) == 4)
        connection.close()
        assert all(isinstance(future.exception(5), errors.Cancelled) for future in waiting)
        assert server.wait_closed()


@pytest.mark.parametrize(
    ("script", "limits", "error", "pattern"),
    [
        (Script(is_silent=True), {"first_byte_s": 0.2}, errors.ServerSilent, "no answer within 0.2 seconds"),
        (Script(ending="silence"), {"first_byte_s": 0.2}, errors.ServerSilent, "no answer within 0.2 seconds"),
        (Script((b": ping\n\n", 0.02) * 200), {"first_byte_s": 0.3, "idle_s": 0.2}, errors.ServerSilent, "0.3 seconds"),
        (Script(words("a", finish=None), ending="silence"), {"idle_s": 0.2}, errors.AnswerCut, "nothing more came for 0.2"),
        (Script((b"data: a\n\n", *(b": ping\n\n", 0.02) * 200)), {"first_byte_s": 0.4, "idle_s": 0.2}, errors.AnswerCut, "middle"),
        (Script(words("a"), ending="cut"), {}, errors.AnswerCut, "connection broke"),
        (Script(raw=b""), {}, errors.ServerUnreachable, "without an answer"),
        (Script(raw=b"SSH-2.0-x\r\n"), {}, errors.ServerUnreachable, "without an answer"),
        (Script((b"no gzip",), headers={"Content-Encoding": "gzip"}), {}, errors.ReplyNotUnderstood, "packed in a damaged"),
        (Script((b"x",), headers={"Content-Encoding": "gzip, gzip"}), {}, errors.ReplyNotUnderstood, "packed"),
    ],
)
def test_limits_and_broken_answers(connect: Connect, script: Script, limits: Any, error: type[Exception], pattern: str) -> None:
    with ReplayServer(script) as server:
        reply = connect(server.url, **limits).post("/chat", b"{}", Cancel())
        with pytest.raises(error, match=pattern), reply:
            for _ in reply:
                pass
        assert reply.was_sent
        assert server.wait_closed() and len(server.requests) == 1


def test_slow_text_and_pings_within_the_limits_are_awaited(connect: Connect) -> None:
    slow = Script((0.1, b": ping\n\n", 0.15, b"data: a\n\n", 0.15, b": ping\n\n", 0.15, b"data: b\n\n"))
    with ReplayServer(slow) as server:
        assert ask(connect(server.url, first_byte_s=2.0, idle_s=1.0)).count(b"data") == 2


def test_what_cannot_be_reached_is_said_in_words_and_nothing_was_sent(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(url: str, network: Network | None = None, **limits: float) -> errors.InferenceError:
        reply = connect(url, network, **limits).post("/chat", b"{}", Cancel())
        with pytest.raises(errors.ServerError) as caught, reply:
            pass
        assert not reply.was_sent
        assert caught.value.__cause__ is None and caught.value.__context__ is None
        return caught.value

    with socket.create_server(("127.0.0.1", 0)) as listener:
        closed = listener.getsockname()[1]
    refused = fault(f"http://127.0.0.1:{closed}")
    assert refused.code == "server_unreachable" and f"The server 127.0.0.1:{closed} refuses" in refused.message
    proxy = fault("https://server.test", Network(proxy=f"http://127.0.0.1:{closed}"))
    assert proxy.code == "server_unreachable" and f"The proxy 127.0.0.1:{closed} refuses" in proxy.message
    with silent_socket() as port:
        assert "no connection within 0.2 seconds" in fault(f"https://127.0.0.1:{port}", connect_s=0.2).message
        silent_proxy = fault("https://server.test", Network(proxy=f"http://127.0.0.1:{port}"), connect_s=0.2)
        assert f"The proxy 127.0.0.1:{port} took no connection" in silent_proxy.message
    with _Listener(b"HTTP/1.1 400 Bad Request\r\n\r\n") as listener:
        assert "does not speak TLS" in fault(f"https://127.0.0.1:{listener.port}").message
    for address in (
        "",
        "x",
        "ftp://a",
        "http://",
        "http://a:b",
        "https://me:pw@host/v1",
        "http://[::1",
        "http://a b",
        "http://a\x7f",
    ):
        assert fault(address).code == "address_invalid"
    for address in ("socks5://127.0.0.1:1", "socks4://me:pass@x", "http://a:b:c"):
        wrong = fault("https://server.test", Network(proxy=address))
        assert "proxy in the settings" in wrong.message and "pass" not in wrong.message

    def unknown(*_: object, **__: object) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "no such name" in fault("https://no.test").message
    assert "The server xn--bcher-kva.test was not found" in fault("https://bücher.test").message  # not the proxy
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test:3128")
    assert "The proxy proxy.test:3128 was not found" in fault("https://no.test").message


@pytest.mark.parametrize(
    ("status", "pattern"), [(407, "The proxy .* name and a password.*HTTPS_PROXY"), (403, "The proxy .* refuses .*403")]
)
def test_a_proxy_that_refuses_says_proxy(connect: Connect, status: int, pattern: str) -> None:
    with ReplayProxy(1, status) as proxy:
        reply = connect("https://server.test", Network(proxy=f"http://127.0.0.1:{proxy.port}")).post("/chat", b"{}", Cancel())
        with pytest.raises(errors.ServerUnreachable, match=pattern), reply:
            pass
        assert not reply.was_sent and KEY not in repr(proxy.requests) and proxy.wait_closed()


def test_proxies_of_settings_and_environment_lead_to_the_server(
    connect: Connect, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ReplayServer(ANSWER, tls=authority.server) as server, ReplayProxy(server.port) as proxy:
        url, address = f"https://server.test:{server.port}", f"127.0.0.1:{proxy.port}"
        assert ask(connect(url, Network(proxy=f"http://me:secret@{address}")))
        assert "proxy-authorization" in proxy.requests[0].headers and "authorization" not in proxy.requests[0].headers
        assert proxy.requests[0].method == "CONNECT" and ":scheme" in server.requests[0].headers
        assert "proxy-authorization" not in server.requests[0].headers
        monkeypatch.setenv("HTTPS_PROXY", f"http://{address}")
        assert ask(connect(url))
        assert len(proxy.requests) == 2
        assert ask(connect(server.url))  # this computer needs none
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
        assert ask(connect(url, Network(proxy=f"http://{address}")))  # settings go before
        assert len(proxy.requests) == 3
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))]
        )
        assert ask(connect(url, Network(proxy="none")))
        assert len(proxy.requests) == 3


def test_a_key_never_goes_to_a_proxy_that_could_read_it(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    with ReplayServer(ANSWER) as server, ReplayProxy(1, 403) as proxy:
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))]
        )
        url, network = f"http://server.test:{server.port}", Network(proxy=f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("HTTP_PROXY", network.proxy)
        for asked in (connect(url, network), connect(url)):
            assert ask(asked)
        assert len(server.requests) == 2 and proxy.requests == []
        with connect(url, network, key="").post("/chat", b"{}", Cancel()) as reply:
            assert reply.status == 403 and len(proxy.requests) == 1


def test_a_redirect_is_not_followed_and_the_key_goes_nowhere(connect: Connect) -> None:
    with (
        ReplayServer(ANSWER) as other,
        ReplayServer(Script(status=307, headers={"Location": f"{other.url}/x", "Set-Cookie": "a=b"})) as server,
    ):
        connection = connect(server.url)
        for _ in range(2):
            with connection.post("/chat", b"{}", Cancel()) as reply:
                assert reply.status == 307 and reply.headers["location"] == f"{other.url}/x"
        assert other.requests == [] and "cookie" not in server.requests[1].headers


def _to(other: ReplayServer) -> dict[str, str]:
    return {"Location": f"{other.url}/x", "Set-Cookie": "a=b", "Content-Type": "text/html"}


def test_gzip_is_unpacked_and_what_is_too_much_is_refused(connect: Connect) -> None:
    packed = Script((gzip.compress(b"".join(words("a"))),), headers={"Content-Encoding": "gzip"})
    with ReplayServer(packed, Script((b"x" * 65_536,) * 40)) as server:
        connection = connect(server.url)
        assert ask(connection) == b"".join(words("a")) and server.requests[0].headers["accept-encoding"] == "identity"
        with pytest.raises(errors.ReplyNotUnderstood, match="too long"):
            connection.get("/models", Cancel(), limit_bytes=1 << 20)


def test_a_slow_reader_holds_the_server_back(connect: Connect) -> None:
    piece = b"data: " + b"x" * 65_528 + b"\n\n"
    with ReplayServer(Script((piece,) * 400)) as server, connect(server.url, idle_s=0.3).post("/chat", b"{}", Cancel()) as reply:
        time.sleep(0.6)  # longer than the limit of silence: nobody was silent but the reader
        first = next(iter(reply))
        assert len(first) < 6 << 20
        assert len(first) + sum(map(len, reply)) == 400 * len(piece)


def test_the_key_is_in_no_log_no_exception_and_no_repr(
    connect: Connect, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said: list[str] = []
    with ReplayServer(ANSWER, Script(ending="silence"), tls=authority.server) as server:
        connection = connect(server.url, first_byte_s=0.2)
        ask(connection)
        with pytest.raises(errors.ServerSilent) as caught:
            ask(connection)
        said += [repr(caught.value), str(caught.value), repr(connection), repr(connection._config)]
    for key in ("tab\tkey" + KEY, "ünïcode" + KEY, "line\nbreak" + KEY):
        with pytest.raises(errors.KeyRefused) as refused:
            ask(connect("http://127.0.0.1:1", key=key))
        said.append(str(refused.value))
    assert KEY not in "".join(said) + caplog.text and "Bearer" not in caplog.text


def test_many_requests_leave_no_socket_thread_or_task(connect: Connect) -> None:
    def sockets() -> int:
        process = psutil.Process()
        return len(process.net_connections())

    scripts = [ANSWER, Script(raw=b""), Script(words("a"), ending="cut"), Script(ending="silence"), refused_script()]
    with ReplayServer(*scripts * 4, ANSWER) as server:
        before = sockets()
        connection = connect(server.url, first_byte_s=0.1)
        with ThreadPoolExecutor(4) as pool:
            futures = [pool.submit(ask, connection) for _ in range(20)]
        outcomes = [type(future.exception()) for future in futures]
        assert outcomes.count(type(None)) >= 8 and errors.AnswerCut in outcomes and errors.ServerSilent in outcomes
        connection.close()
        assert server.wait_closed()
        gc.collect()
        assert sockets() <= before


def refused_script() -> Script:
    return Script((b'{"error":{"code":"1210"}}',), 400, {"Content-Type": "application/json"})
