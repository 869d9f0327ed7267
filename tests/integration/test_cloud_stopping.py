"""The line in front of a server, and stopping and closing at any point: at once, and the connection is gone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inference.engine import Cancel
from inference.events import Event, Failed, Finished, Notice, Progress
from tests.helpers.asking import is_text, queued, stopped, stream_of
from tests.helpers.cloud import KEY, Open, cloud_engines, quiet_environment
from tests.helpers.engine import HELLO, ask, ending_of, nothing_left_behind, output_of
from tests.helpers.replay_server import ReplayServer, Script, refusal, silent_socket, words

UNENDING = Script((*words("Hel", finish=None), 30.0))


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    quiet_environment(monkeypatch, tmp_path)


@pytest.fixture
def open_engine() -> Iterator[Open]:
    with nothing_left_behind(), cloud_engines() as open_one:
        yield open_one


def test_two_engines_of_the_same_model_share_the_line_and_its_limit(open_engine: Open) -> None:
    with ReplayServer(UNENDING) as server:
        engines = [open_engine(server.url, requests_max=2) for _ in range(2)]
        askers = [stream_of(engine, HELLO) for engine in engines]
        assert all(asker.has(is_text) for asker in askers)
        third = stream_of(engines[0], HELLO)
        assert third.has(queued(1)) and len(server.requests) == 2
        askers[1].cancel.set()
        assert third.has(is_text) and len(server.requests) == 3
        for asker in (*askers, third):
            asker.cancel.set()
            ending = ending_of(asker.result())
            assert isinstance(ending, Finished) and ending.reason == "cancelled"


@pytest.mark.parametrize(
    ("script", "moment"),
    [
        (UNENDING, is_text),
        (Script(is_silent=True), lambda event: event == Progress("prefill", 0, 1)),
        (refusal(429, "1302", **{"Retry-After": "60"}), lambda event: isinstance(event, Notice)),
    ],
    ids=["while it answers", "while it is silent", "between tries"],
)
def test_stopping_closes_the_connection_at_once(open_engine: Open, script: Script, moment: Callable[[Event], bool]) -> None:
    with ReplayServer(script) as server:
        events, took_s = stopped(open_engine(server.url, pace=1.0), HELLO, moment)
        ending = ending_of(events)
        assert isinstance(ending, Finished) and ending.reason == "cancelled" and took_s < 20.0
        assert script.status != 200 or server.wait_closed()
        assert len(server.requests) <= 1


def test_closing_does_not_wait_for_an_answer_that_nobody_reads(open_engine: Open) -> None:
    with ReplayServer(UNENDING) as server:
        engine = open_engine(server.url)
        stream = engine.stream(HELLO, Cancel())
        while not is_text(next(stream)):
            pass
        engine.close()
        assert server.wait_closed()
        assert [type(event) for event in stream] == [Finished]


def test_an_address_that_takes_connections_and_says_nothing_is_given_up_in_time(open_engine: Open) -> None:
    began = time.monotonic()
    with silent_socket() as port:
        ending = ending_of(ask(open_engine(f"http://127.0.0.1:{port}", limits={"first_byte_s": 0.3})))
        assert isinstance(ending, Failed) and ending.code == "server_silent"
    assert time.monotonic() - began < 30.0


def test_the_key_stands_in_nothing_that_can_be_printed(open_engine: Open) -> None:
    engine = open_engine("http://127.0.0.1:1")
    assert KEY not in repr(engine) + repr(engine._config) + repr(engine.capabilities())
    assert engine.capabilities().host == "127.0.0.1:1"


@pytest.mark.timeout(80)
def test_a_server_that_forgets_to_close_a_complete_answer_is_not_waited_for(open_engine: Open) -> None:
    with ReplayServer(Script(words("Hel", "lo!")[:-1], ending="silence")) as server:
        events = ask(open_engine(server.url, limits={"idle_s": 90.0}), HELLO)
    ending = ending_of(events)
    assert isinstance(ending, Finished) and ending.reason == "stop" and output_of(events) == "Hello!"
