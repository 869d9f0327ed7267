"""The window is closed while a server answers: the request ends, and no thread and no connection stays."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.helpers.cloud import Open, cloud_engines, quiet_environment
from tests.helpers.replay_server import ReplayServer, Script, refusal, words
from tests.helpers.window import Start, send, visible_text


@pytest.fixture
def open_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Open]:
    quiet_environment(monkeypatch, tmp_path)
    with cloud_engines() as opener:
        yield opener


@pytest.mark.parametrize(
    "script",
    [
        Script(is_silent=True),
        Script((*words("Half", finish=None), *(b": ping\n\n", 0.01) * 2_000)),
        refusal(429, "1303"),
    ],
    ids=["before a word", "in the middle", "before it is asked again"],
)
def test_closing_the_window_ends_the_request(qtbot: QtBot, start: Start, open_engine: Open, script: Script) -> None:
    with ReplayServer(script) as server:
        controller = start(open_engine(server.url, pace=1.0))
        send(qtbot, controller, "What?")
        qtbot.waitUntil(lambda: len(server.requests) == 1)
        if script.chunks and script.status == 200:
            qtbot.waitUntil(lambda: "Half" in visible_text(controller.window.transcript))
        controller.window.close()
        controller.shut_down()
        assert server.wait_closed() and len(server.requests) == 1
        assert "engine-net" not in [thread.name for thread in threading.enumerate()]
