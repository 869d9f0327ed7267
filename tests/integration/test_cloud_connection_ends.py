"""A request ends when it is told to, when its time is over, and when the server fails; nothing stays behind."""

from __future__ import annotations

import gc
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest

from inference import errors
from inference.cloud.connection import Connection
from inference.engine import Cancel
from tests.helpers.authority import Authority
from tests.helpers.cloud import quiet_environment
from tests.helpers.connecting import ANSWER, Connect, Listener, ask, connections
from tests.helpers.replay_server import ReplayServer, Script, refusal, words


@pytest.fixture(autouse=True)
def authority(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Authority:
    return quiet_environment(monkeypatch, tmp_path)


@pytest.fixture
def connect() -> Iterator[Connect]:
    with connections() as connect:
        yield connect


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
            target=lambda: server.wait_for(lambda: len(server.requests) == 2) and (time.sleep(0.02), cancel.set())
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
    def cancelled(connection: Connection, await_moment: Callable[[], object]) -> float:
        cancel = Cancel()
        canceller = threading.Thread(target=lambda: (await_moment(), cancel.set()))
        canceller.start()
        with pytest.raises(errors.Cancelled):
            ask(connection, cancel=cancel)
        canceller.join()
        return time.monotonic()

    with Listener() as listener:  # waits for the first word of TLS from the server
        connection = connect(f"https://127.0.0.1:{listener.port}")
        cancelled(connection, listener.wait_for_peer)
        assert listener.is_closed_by_peer()
    is_asked, looked_up = threading.Event(), threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: (is_asked.set(), looked_up.wait(120)))
    before = time.monotonic()
    ended = cancelled(connect("http://slow.test"), lambda: is_asked.wait(60))
    assert ended - before < 60  # the look-up goes on, and nobody waits for it
    looked_up.set()


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
        assert all(isinstance(future.exception(60), errors.Cancelled) for future in waiting)
        assert server.wait_closed()


@pytest.mark.parametrize(
    ("script", "limits", "error", "pattern"),
    [
        (Script(is_silent=True), {"first_byte_s": 0.1}, errors.ServerSilent, "no answer within 0.1 seconds"),
        (Script(ending="silence"), {"first_byte_s": 0.1}, errors.ServerSilent, "no answer within 0.1 seconds"),
        (Script((b": ping\n\n", 0.02) * 200), {"first_byte_s": 1.0, "idle_s": 0.5}, errors.ServerSilent, "within 1 seconds"),
        (Script(words("a", finish=None), ending="silence"), {"idle_s": 0.5}, errors.ReplyCut, "nothing more came for 0.5"),
        (Script((b"data: a\n\n", *(b": ping\n\n", 0.02) * 200)), {"first_byte_s": 1.0, "idle_s": 0.5}, errors.ReplyCut, "middle"),
        (Script(words("a"), ending="cut"), {}, errors.ReplyCut, "connection broke"),
        (Script(raw=b""), {}, errors.ServerUnreachable, "without an answer.* https://"),
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
    slow = Script((0.05, b": ping\n\n", 0.05, b"data: a\n\n", 0.05, b": ping\n\n", 0.05, b"data: b\n\n"))
    with ReplayServer(slow) as server:
        assert ask(connect(server.url)).count(b"data") == 2


def test_many_requests_leave_no_socket_thread_or_task(connect: Connect) -> None:
    def sockets() -> int:
        process = psutil.Process()
        return len(process.net_connections())

    scripts = [ANSWER, Script(raw=b""), Script(words("a"), ending="cut"), Script(ending="silence"), refusal(400, "1210")]
    with ReplayServer(*scripts * 4, ANSWER) as server:
        before = sockets()
        connection = connect(server.url, first_byte_s=1.0)
        with ThreadPoolExecutor(4) as pool:
            futures = [pool.submit(ask, connection) for _ in range(20)]
        outcomes = [type(future.exception()) for future in futures]
        assert outcomes.count(type(None)) >= 8 and errors.ReplyCut in outcomes and errors.ServerSilent in outcomes
        connection.close()
        assert server.wait_closed()
        gc.collect()
        assert sockets() <= before
