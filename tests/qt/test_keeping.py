"""A history that cannot be written, or is damaged: nothing is lost that could be kept, and it is said."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from pytestqt.qtbot import QtBot

from app.chat.history.store import History
from app.chat.session import Conversation
from app.controller import Controller
from app.keeping import LOOK_INTERVAL_MS
from inference.events import Finished
from tests.helpers.conversing import answers, history_folder, open_again, settle, text, titles
from tests.helpers.history import ask as keep
from tests.helpers.history import rows, said
from tests.helpers.scripted_engine import Pause, ScriptedEngine
from tests.helpers.window import OPEN_MS, Start, ask, send, visible_text, wait_for_answer


@contextmanager
def locked_out(controller: Controller) -> Iterator[None]:
    """Nothing can be written to the history, as on a full disk: a trigger refuses it."""
    with closing(sqlite3.connect(history_folder() / "history.sqlite")) as connection:
        for table in ("journal", "turn"):
            connection.execute(f"CREATE TRIGGER no_{table} BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'refused'); END")
        yield
        for table in ("journal", "turn"):
            connection.execute(f"DROP TRIGGER no_{table}")


def test_a_history_that_cannot_be_written_is_said_once_and_caught_up_with(
    qtbot: QtBot, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    pauses = [Pause() for _ in range(3)]
    script = [step for pause in pauses for step in (text("word "), pause)]
    controller = start(ScriptedEngine([*script, Finished("stop")]))
    settle(qtbot, controller)
    failures: list[str] = []
    controller.keeping.failed.connect(lambda code, _message: failures.append(code))
    with locked_out(controller):
        send(qtbot, controller, "First?")
        for pause in pauses[:2]:
            qtbot.waitUntil(pause.reached.is_set)
            settle(qtbot, controller)
            pause.release()
        qtbot.waitUntil(pauses[2].reached.is_set)
        settle(qtbot, controller)
        assert len(failures) == 1
        assert controller.window.strip.text != ""
    pauses[2].release()
    wait_for_answer(qtbot, controller)
    settle(qtbot, controller)
    again = start()
    open_again(qtbot, again, controller.conversation.key)
    assert "word word word" in visible_text(again.window.transcript)


def test_each_question_that_cannot_be_kept_says_so(qtbot: QtBot, start: Start, caplog: pytest.LogCaptureFixture) -> None:
    history_folder().parent.mkdir(parents=True, exist_ok=True)
    history_folder().write_text("no folder")
    controller = start(answers("One.", "Two."))
    strip = controller.window.strip
    qtbot.waitUntil(lambda: "cannot be read or written" in strip.text)
    for question in ("First?", "Second?"):
        strip.hide()
        ask(qtbot, controller, question)
        qtbot.waitUntil(lambda: "cannot be read or written" in strip.text)


def test_the_end_of_an_answer_is_tried_again(qtbot: QtBot, start: Start, caplog: pytest.LogCaptureFixture) -> None:
    controller = start(answers("All of it."))
    settle(qtbot, controller)
    with locked_out(controller):
        ask(qtbot, controller, "First?")
        settle(qtbot, controller)
        assert rows(history_folder(), "SELECT * FROM turn") == []
        assert controller.window.strip.text != ""
    qtbot.waitUntil(lambda: titles(controller) == ["First?"], timeout=2 * LOOK_INTERVAL_MS + OPEN_MS)
    assert controller.window.strip.text == ""  # it would be read as if the answer were not kept
    again = start()
    open_again(qtbot, again, controller.conversation.key)
    assert "All of it." in visible_text(again.window.transcript)


def test_what_came_before_the_window_was_closed_is_kept(qtbot: QtBot, start: Start) -> None:
    pause = Pause()
    controller = start(ScriptedEngine([text("Half of it"), pause, Finished("stop")]))
    send(qtbot, controller, "First?")
    qtbot.waitUntil(pause.reached.is_set)
    controller.window.close()
    controller.shut_down()
    again = start()
    open_again(qtbot, again, controller.conversation.key)
    said = visible_text(again.window.transcript)
    assert "Half of it" in said
    assert "Stopped" in said


def test_a_damaged_history_is_reported(qtbot: QtBot, start: Start, caplog: pytest.LogCaptureFixture) -> None:
    history_folder().mkdir(parents=True)
    (history_folder() / "history.sqlite").write_bytes(b"no database" * 1000)
    controller = start(answers("One."))
    qtbot.waitUntil(lambda: "history was damaged" in controller.window.strip.text)
    ask(qtbot, controller, "First?")
    qtbot.waitUntil(lambda: titles(controller) == ["First?"])


def test_what_lost_its_questions_says_so(qtbot: QtBot, start: Start, caplog: pytest.LogCaptureFixture) -> None:
    conversation = Conversation()
    with closing(History(history_folder())) as history:
        keep(history, conversation, "First?", said("One."))
    with closing(sqlite3.connect(history_folder() / "history.sqlite", isolation_level=None)) as connection:
        connection.execute("DELETE FROM turn")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with (history_folder() / "history.sqlite").open("r+b") as file:
        file.write(bytes(4096))
    controller = start()
    qtbot.waitUntil(lambda: titles(controller) == ["First?"])
    open_again(qtbot, controller, conversation.key)
    assert controller.conversation.title == "First?"
    assert "Only the title of this conversation could be saved" in controller.window.strip.text
