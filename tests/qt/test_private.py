"""A private conversation leaves nothing on disk."""

from __future__ import annotations

import logging
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from pytestqt.qtbot import QtBot

from app import paths
from app.controller import Controller
from app.ui.text_layer import TextLayer
from app.ui.viewer_requests import RecogniseText
from inference.events import Finished, TextDelta
from inference.types import Timings, Usage
from tests.helpers.scripted_engine import Pause, ScriptedEngine
from tests.helpers.window import OPEN_MS, Start, ask, attach, press, send, visible_text

QUESTION, ANSWER, NAME, SEEN, DRAFT = "Zanzibar?", "Quagga.", "okapi", "WOMBAT", "numbat"


def everything() -> Iterator[Path]:
    """All files of the user."""
    for folder, _, names in os.walk(os.environ["HOME"]):
        for name in names:
            yield Path(folder, name)


def traces(*words: str) -> list[str]:
    """Where any of these stand on disk."""
    found = []
    for path in everything():
        content = path.read_bytes().lower() + str(path).encode().lower()
        found += [f"{word} in {path.name}" for word in words if word.lower().encode() in content]
    return found


def cached() -> set[Path]:
    return {path for path in everything() if paths.cache_dir() in path.parents}


def settle(qtbot: QtBot, controller: Controller) -> None:
    done: list[object] = []
    controller.keeping.run(lambda store: None, done.append)
    qtbot.waitUntil(lambda: bool(done))


def engine() -> ScriptedEngine:
    return ScriptedEngine([TextDelta(ANSWER, ANSWER), Finished("stop")], preparation=[Finished("stop")])


@pytest.fixture
def sign(tmp_path: Path) -> Path:
    """A picture with a word on it."""
    path = tmp_path / f"{NAME}.png"
    image = Image.new("RGB", (480, 120), "white")
    ImageDraw.Draw(image).text((40, 30), SEEN, fill="black", font=ImageFont.load_default(60))
    image.save(path)
    return path


@pytest.fixture
def report(tmp_path: Path) -> Path:
    import pymupdf

    path = tmp_path / f"{NAME}.pdf"
    with pymupdf.open() as document:
        document.new_page(width=200, height=160).insert_text((20, 60), SEEN)
        document.save(path)
    return path


def converse(qtbot: QtBot, controller: Controller, *files: Path) -> None:
    attach(qtbot, controller, *files)
    ask(qtbot, controller, QUESTION)
    qtbot.keyClicks(controller.window.composer.question, DRAFT)
    settle(qtbot, controller)


def test_what_is_looked_for_would_be_found(qtbot: QtBot, start: Start, sign: Path, report: Path) -> None:
    controller = start(engine())
    before = cached()
    converse(qtbot, controller, sign, report)
    words = (QUESTION, ANSWER, NAME, SEEN)
    expected = {f"{word} in history.sqlite-wal" for word in words}
    qtbot.waitUntil(lambda: expected <= set(traces(*words)), timeout=OPEN_MS)
    assert cached() > before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_all_that_is_written_can_be_read_by_its_user_alone(qtbot: QtBot, start: Start, sign: Path, report: Path) -> None:
    """Also what was made by somebody else, who left the folder open."""
    paths.config_dir().chmod(0o755)
    controller = start(ScriptedEngine([TextDelta(ANSWER, ANSWER), Finished("stop", Usage(100, 9), Timings(10.0, 0.0, 900.0, 5.0))]))
    converse(qtbot, controller, sign, report)
    controller.preferences.change("thinking", True)
    logging.getLogger("app").warning("something to log")
    qtbot.waitUntil(lambda: f"{SEEN} in history.sqlite-wal" in traces(SEEN), timeout=OPEN_MS)
    root = Path(os.environ[paths.DATA_DIR_VARIABLE])
    written = {path: stat.S_IMODE(path.stat().st_mode) for path in (root, *root.rglob("*"))}
    assert {"speeds.json", "settings.json", "window.log", "history.sqlite", "history.lock"} <= {path.name for path in written}
    assert not [path for path, mode in written.items() if mode & 0o077]


@pytest.mark.parametrize("reason", ["command", "setting", "setting while it stands ready"])
def test_nothing_is_written(qtbot: QtBot, start: Start, sign: Path, report: Path, reason: str) -> None:
    talker = engine()
    controller = start(talker)
    if reason == "command":
        controller.window.actions_table.action("conversation.new_private").trigger()
    else:
        controller.preferences.change("keeps_history", False)
    if reason == "setting":
        controller.browsing.start_new()
    before = cached()
    converse(qtbot, controller, sign, report)
    controller.browsing.rename(controller.conversation.key, f"{QUESTION} renamed")
    controller.asking.redo(controller.conversation.turns[0].id)
    qtbot.waitUntil(lambda: controller.conversation.running is None)
    assert "Private" in visible_text(controller.window.header)
    controller.browsing.start_new()
    settle(qtbot, controller)
    controller.window.close()
    controller.shut_down()
    assert traces(QUESTION, ANSWER, NAME, SEEN, DRAFT) == []
    assert cached() == before
    assert not any(request.keep_on_disk for request in (*talker.requests, *talker.prepared))


def test_what_is_recognised_in_the_viewer_is_not_written(qtbot: QtBot, start: Start, sign: Path) -> None:
    controller = start(engine())
    controller.browsing.start_new(is_private=True)
    attach(qtbot, controller, sign)
    viewer = controller.window.viewer
    before = cached()
    read: list[TextLayer] = []

    def take(request: object, result: object) -> None:
        if isinstance(request, RecogniseText) and isinstance(result, TextLayer):
            read.append(result)

    viewer.take = take  # type: ignore[method-assign]
    viewer.wanted.emit(RecogniseText(controller.attachments.pictures[0]))
    qtbot.waitUntil(lambda: bool(read), timeout=OPEN_MS)
    assert SEEN in read[0].text(0, read[0].last)
    assert cached() == before


def test_a_switched_off_history_is_not_written_to_from_the_conversation_that_stands_ready(qtbot: QtBot, start: Start) -> None:
    controller = start(engine())
    qtbot.keyClicks(controller.window.composer.question, DRAFT)
    controller.preferences.change("keeps_history", False)
    assert controller.conversation.is_private
    assert controller.window.composer.draft() == DRAFT


def test_a_private_answer_ends_with_its_conversation(qtbot: QtBot, start: Start) -> None:
    pause = Pause()
    controller = start(ScriptedEngine([TextDelta(ANSWER, ANSWER), pause, Finished("stop")]))
    controller.browsing.start_new(is_private=True)
    send(qtbot, controller, QUESTION)
    qtbot.waitUntil(pause.reached.is_set)
    controller.browsing.start_new()
    qtbot.waitUntil(lambda: not controller.asking.is_answering)
    settle(qtbot, controller)
    assert traces(QUESTION, ANSWER) == []


def test_a_private_conversation_can_be_deleted_and_brought_back(qtbot: QtBot, start: Start) -> None:
    controller = start(engine())
    controller.browsing.start_new(is_private=True)
    ask(qtbot, controller, QUESTION)
    controller.window.actions_table.action("conversation.delete").trigger()
    assert controller.conversation.turns == []
    assert not controller.conversation.is_private
    press(controller.window.strip, "Undo")
    settle(qtbot, controller)
    assert ANSWER in visible_text(controller.window.transcript)
    assert controller.conversation.is_private
    assert controller.window.strip.text == ""
    assert traces(QUESTION, ANSWER) == []


def test_a_private_draft_does_not_come_into_a_conversation_that_is_kept(qtbot: QtBot, start: Start) -> None:
    controller = start(engine())
    controller.browsing.start_new(is_private=True)
    qtbot.keyClicks(controller.window.composer.question, DRAFT)
    controller.browsing.start_new()
    assert controller.window.composer.draft() == ""
    controller.browsing.start_new(is_private=True)
    assert controller.window.composer.draft() == DRAFT
