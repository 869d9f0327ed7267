"""The list of conversations and what is in the window: what is found is brought into view."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot

from app import paths
from app.chat.history.types import Found
from app.controller import HISTORY_FOLDER, Controller
from inference.events import BoxFound, Finished, TextDelta
from inference.types import Box
from tests.helpers.history import rows
from tests.helpers.scripted_engine import ScriptedEngine
from tests.helpers.window import OPEN_MS, Start, ask, attach

BOX = BoxFound(Box("2", 0.1, 0.2, 0.5, 0.6), "x")
WORDS = ("apples", "pears", "plums")


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """Pages with one word each."""
    import pymupdf

    path = tmp_path / "report.pdf"
    with pymupdf.open() as document:
        for word in WORDS:
            document.new_page(width=200, height=160).insert_text((20, 60), word)
        document.save(path)
    return path


def shows(controller: Controller, name: str) -> bool:
    picture = controller.window.viewer.shown_picture
    return picture is not None and picture.name == name


def search(qtbot: QtBot, controller: Controller, word: str) -> list[Found]:
    """What is found, once what was sent has been read for the search."""
    found: list[Found] = []

    def is_found() -> bool:
        controller.keeping.search(word)
        with qtbot.waitSignal(controller.keeping.found) as answer:
            pass
        assert answer.args is not None
        found[:] = answer.args[1]
        return bool(found)

    qtbot.waitUntil(is_found, timeout=OPEN_MS)
    return found


@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_the_page_that_was_found_is_shown(qtbot: QtBot, start: Start, report: Path, is_elsewhere: bool) -> None:
    controller = start(ScriptedEngine([TextDelta("Fruit.", "Fruit."), Finished("stop")]))
    attach(qtbot, controller, report)
    ask(qtbot, controller, "What is this?")
    assert shows(controller, "report.pdf, page 1")
    (found,) = search(qtbot, controller, "plums")
    if is_elsewhere:
        controller.browsing.start_new()
    controller.window.sidebar.found_wanted.emit(found)
    qtbot.waitUntil(lambda: shows(controller, "report.pdf, page 3"), timeout=OPEN_MS)


@pytest.mark.parametrize(("boxes", "page"), [((), 1), ((BOX,), 2), ((BOX, BOX), 2)])
def test_a_conversation_comes_back_with_the_page_that_it_is_about(
    qtbot: QtBot, start: Start, report: Path, boxes: tuple[BoxFound, ...], page: int
) -> None:
    controller = start(ScriptedEngine([TextDelta("Fruit.", "Fruit."), *boxes, Finished("stop")]))
    attach(qtbot, controller, report)
    ask(qtbot, controller, "What is this?")
    assert shows(controller, f"report.pdf, page {page}")
    key = controller.conversation.key
    controller.browsing.start_new()
    again = start()
    again.browsing.open(key)
    qtbot.waitUntil(lambda: again.conversation.key == key, timeout=OPEN_MS)
    assert shows(again, f"report.pdf, page {page}")


@pytest.mark.parametrize("is_turn", [False, True])
def test_a_deletion_is_undone_with_its_command(qtbot: QtBot, start: Start, is_turn: bool) -> None:
    fruit = [TextDelta("Fruit.", "Fruit."), Finished("stop")]
    controller = start(ScriptedEngine(fruit, fruit))
    undo = controller.window.actions_table.action("edit.undo_delete")
    ask(qtbot, controller, "What?")
    ask(qtbot, controller, "And?")
    key = controller.conversation.key
    assert not undo.isEnabled()
    if is_turn:
        controller.browsing.delete_turn(controller.conversation.turns[-1])
    else:
        controller.browsing.delete(key)
    assert undo.isEnabled()
    undo.trigger()
    qtbot.waitUntil(lambda: controller.conversation.key == key and len(controller.conversation.turns) == 2, timeout=OPEN_MS)
    assert not undo.isEnabled()


def test_what_was_deleted_long_ago_is_removed_while_the_window_is_open(
    qtbot: QtBot, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.keeping.PURGE_INTERVAL_MS", 50)
    monkeypatch.setattr("app.browsing.UNDO_MS", 50)
    monkeypatch.setattr("app.chat.history.store.time", SimpleNamespace(time=lambda: 1_000_000_000.0))  # so it was years ago
    controller = start(ScriptedEngine([TextDelta("Fruit.", "Fruit."), Finished("stop")]))
    with qtbot.waitSignal(controller.keeping.listed, timeout=OPEN_MS):
        ask(qtbot, controller, "What?")
    controller.browsing.delete(controller.conversation.key)
    folder = paths.data_dir() / HISTORY_FOLDER
    qtbot.waitUntil(lambda: rows(folder, "SELECT count(*) FROM conversation") == [(0,)], timeout=OPEN_MS)
    qtbot.waitUntil(lambda: not controller.browsing.can_undo)  # nothing is offered that could not be done
    assert not controller.window.actions_table.action("edit.undo_delete").isEnabled()
