"""The connection against a real server on loopback: what is sent and what comes back."""

from __future__ import annotations

import gzip
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from inference import errors
from inference.cloud.config import Network
from inference.engine import Cancel
from tests.helpers.authority import Authority
from tests.helpers.cloud import KEY, quiet_environment
from tests.helpers.connecting import ANSWER, Connect, ask, connections
from tests.helpers.replay_server import ReplayServer, Script, words


@pytest.fixture(autouse=True)
def authority(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Authority:
    return quiet_environment(monkeypatch, tmp_path)


@pytest.fixture
def connect() -> Iterator[Connect]:
    with connections() as connect:
        yield connect


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


def test_gzip_is_unpacked_and_what_is_too_much_is_refused(connect: Connect) -> None:
    packed = Script((gzip.compress(b"".join(words("a"))),), headers={"Content-Encoding": "gzip"})
    with ReplayServer(packed, Script((b"x" * 65_536,) * 40)) as server:
        connection = connect(server.url)
        assert ask(connection) == b"".join(words("a")) and server.requests[0].headers["accept-encoding"] == "identity"
        with pytest.raises(errors.ReplyNotUnderstood, match="too long"):
            connection.get("/models", Cancel(), limit_bytes=1 << 20)


def test_a_slow_reader_holds_the_server_back(connect: Connect) -> None:
    piece = b"data: " + b"x" * 65_528 + b"\n\n"
    with ReplayServer(Script((piece,) * 200)) as server, connect(server.url, idle_s=1.0).post("/chat", b"{}", Cancel()) as reply:
        time.sleep(1.5)  # longer than the limit of silence: nobody was silent but the reader
        first = next(iter(reply))
        assert len(first) < 6 << 20
        assert len(first) + sum(map(len, reply)) == 200 * len(piece)


def test_only_what_http2_turned_away_unread_is_sent_by_another_connection(connect: Connect, authority: Authority) -> None:
    away = Script(ending="turned away")
    with ReplayServer(ANSWER, away, ANSWER, Script(words("a"), ending="cut"), tls=authority.server) as server:
        connection = connect(server.url)
        assert ask(connection) and ask(connection)
        assert (len(server.requests), server.connections) == (3, 2)
        with pytest.raises(errors.ReplyCut):
            ask(connection)
        assert (len(server.requests), server.connections) == (4, 2)
