"""Several conversations: opened, left, renamed, deleted and brought back, while answers run and while they are being read."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest
from pytestqt.qtbot import QtBot

from app.controller import Controller
from app.ui.prompts import PasswordPrompt
from inference.events import Finished, Progress
from tests.helpers.conversing import answers, open_again, settle, text, titles
from tests.helpers.scripted_engine import Pause, ScriptedEngine
from tests.helpers.viewing import make_report
from tests.helpers.window import OPEN_MS, Start, ask, attach, press, send, visible_text, wait_for_answer


def test_an_answer_goes_on_behind_another_conversation(qtbot: QtBot, start: Start) -> None:
    pause = Pause()
    engine = ScriptedEngine([text("Behind"), pause, text(" the scenes."), Finished("stop")], [text("In front."), Finished("stop")])
    controller = start(engine)
    send(qtbot, controller, "First?")
    qtbot.waitUntil(pause.reached.is_set)
    first = controller.conversation
    controller.browsing.start_new()
    assert controller.asking.running_keys == {first.key}
    ask(qtbot, controller, "Second?")
    pause.release()
    qtbot.waitUntil(lambda: not controller.asking.is_answering)
    assert "scenes" not in visible_text(controller.window.transcript)
    open_again(qtbot, controller, first.key)
    assert "Behind the scenes." in visible_text(controller.window.transcript)


def test_stop_stops_the_answer_in_the_window_alone(qtbot: QtBot, start: Start) -> None:
    pauses = [Pause(), Pause()]
    controller = start(ScriptedEngine(*([pause, Finished("stop")] for pause in pauses)))
    send(qtbot, controller, "First?")
    qtbot.waitUntil(pauses[0].reached.is_set)
    first = controller.conversation.key
    controller.browsing.start_new()
    send(qtbot, controller, "Second?")
    qtbot.waitUntil(pauses[1].reached.is_set)
    press(controller.window, "Stop")
    wait_for_answer(qtbot, controller)
    assert controller.asking.running_keys == {first}


def test_the_end_of_an_answer_behind_the_window_leaves_the_composer_alone(qtbot: QtBot, start: Start, picture: Path) -> None:
    pause, preparing = Pause(), Pause()
    engine = ScriptedEngine([pause, Finished("stop")], preparation=[Progress("encoding", 1, 2), preparing, Finished("stop")])
    controller = start(engine)
    send(qtbot, controller, "First?")
    qtbot.waitUntil(pause.reached.is_set)
    controller.browsing.start_new()
    attach(qtbot, controller, picture)
    words = "Looking at the picture… 1 of 2"
    qtbot.waitUntil(lambda: words in visible_text(controller.window.composer))
    pause.release()
    qtbot.waitUntil(lambda: not controller.asking.is_answering)
    assert words in visible_text(controller.window.composer)


def test_ready_is_not_said_of_what_was_taken_out(qtbot: QtBot, start: Start, picture: Path) -> None:
    controller = start(ScriptedEngine(preparation=[Finished("stop")]))
    attach(qtbot, controller, picture)
    qtbot.waitUntil(lambda: "Ready" in visible_text(controller.window.composer))
    controller.attachments.remove(controller.attachments.entries[0].key)
    assert "Ready" not in visible_text(controller.window.composer)


def test_what_was_attached_during_an_answer_is_prepared_after_it(qtbot: QtBot, start: Start, picture: Path) -> None:
    pause = Pause()
    engine = ScriptedEngine([pause, Finished("stop")], preparation=[Finished("stop")])
    controller = start(engine)
    send(qtbot, controller, "First?")
    qtbot.waitUntil(pause.reached.is_set)
    attach(qtbot, controller, picture)
    assert not engine.prepared
    pause.release()
    qtbot.waitUntil(lambda: any(request.images() for request in engine.prepared))


def test_a_conversation_that_is_still_being_read_does_not_come_over_a_new_one(qtbot: QtBot, start: Start) -> None:
    controller = start(answers("One.", "Two."))
    ask(qtbot, controller, "First?")
    key = controller.conversation.key
    controller.browsing.start_new()
    controller.browsing.open(key)
    controller.browsing.start_new()
    settle(qtbot, controller)
    assert controller.conversation.turns == []


def test_of_two_conversations_opened_at_once_the_last_one_comes(qtbot: QtBot, start: Start) -> None:
    controller = start(answers("One.", "Two."))
    keys = []
    for question in ("First?", "Second?"):
        ask(qtbot, controller, question)
        keys.append(controller.conversation.key)
        controller.browsing.start_new()
    with qtbot.waitSignal(controller.asking.switched):
        controller.browsing.open(keys[1])
        controller.browsing.open(keys[1])
        controller.browsing.open(keys[0])
    settle(qtbot, controller)
    assert controller.conversation.key == keys[0]


def test_a_title_given_while_the_conversation_is_read_is_in_the_window(qtbot: QtBot, start: Start) -> None:
    controller = start(answers("One."))
    ask(qtbot, controller, "First?")
    key = controller.conversation.key
    controller.browsing.start_new()
    controller.browsing.open(key)
    controller.browsing.rename(key, "My own")
    qtbot.waitUntil(lambda: controller.conversation.key == key)
    qtbot.waitUntil(lambda: controller.conversation.title == "My own")
    assert titles(controller) == ["My own"]


def test_a_conversation_deleted_while_it_is_read_does_not_come(qtbot: QtBot, start: Start) -> None:
    controller = start(answers("One."))
    ask(qtbot, controller, "First?")
    key = controller.conversation.key
    controller.browsing.start_new()
    controller.browsing.open(key)
    controller.browsing.delete(key)
    settle(qtbot, controller)
    assert controller.conversation.key != key


def test_a_deleted_conversation_comes_back_with_undo(qtbot: QtBot, start: Start) -> None:
    controller = start(answers("One."))
    ask(qtbot, controller, "First?")
    key = controller.conversation.key
    controller.browsing.delete(key)
    qtbot.waitUntil(lambda: titles(controller) == [])
    assert controller.conversation.key != key
    press(controller.window.strip, "Undo")
    qtbot.waitUntil(lambda: controller.conversation.key == key)
    qtbot.waitUntil(lambda: titles(controller) == ["First?"])
    assert "One." in visible_text(controller.window.transcript)


def test_a_conversation_deleted_while_its_answer_runs_is_gone(qtbot: QtBot, start: Start) -> None:
    pause = Pause()
    controller = start(ScriptedEngine([text("Half"), pause, Finished("stop")]))
    send(qtbot, controller, "First?")
    qtbot.waitUntil(pause.reached.is_set)
    controller.browsing.delete(controller.conversation.key)
    qtbot.waitUntil(lambda: not controller.asking.is_answering)
    settle(qtbot, controller)
    qtbot.waitUntil(lambda: titles(controller) == [])
    assert controller.window.strip.text == ""


def test_deleting_the_only_question_deletes_the_conversation(qtbot: QtBot, start: Start) -> None:
    controller = start(answers("One."))
    ask(qtbot, controller, "First?")
    key = controller.conversation.key
    controller.browsing.delete_turn(controller.conversation.turns[0])
    qtbot.waitUntil(lambda: titles(controller) == [])
    controller.browsing.undo()
    qtbot.waitUntil(lambda: titles(controller) == ["First?"])
    qtbot.waitUntil(lambda: controller.conversation.key == key)


@pytest.mark.parametrize("is_left", [False, True])
def test_a_deleted_question_comes_back_with_undo(qtbot: QtBot, start: Start, is_left: bool) -> None:
    controller = start(answers("One.", "Two."))
    ask(qtbot, controller, "First?")
    ask(qtbot, controller, "Second?")
    key = controller.conversation.key
    controller.browsing.delete_turn(controller.conversation.turns[0])
    assert [turn.question for turn in controller.conversation.turns] == ["Second?"]
    if is_left:  # and read again: it is another object now
        undo = controller.browsing._undo
        controller.browsing.start_new()
        open_again(qtbot, controller, key)
        assert undo is controller.browsing._undo
    controller.browsing.undo()
    for window in (controller, start()):
        open_again(qtbot, window, key)
        assert [turn.question for turn in window.conversation.turns] == ["First?", "Second?"]
        assert "First?" in visible_text(window.window.transcript)


def test_the_branch_that_was_chosen_is_read_after_a_restart(qtbot: QtBot, start: Start) -> None:
    controller = start(answers("One.", "Two."))
    ask(qtbot, controller, "First?")
    first = controller.conversation.turns[0]
    controller.asking.edit(first.id, "Other?")
    wait_for_answer(qtbot, controller)
    controller.window.transcript.version_wanted.emit(first.key)
    assert "One." in visible_text(controller.window.transcript)
    settle(qtbot, controller)
    again = start()
    open_again(qtbot, again, controller.conversation.key)
    assert "One." in visible_text(again.window.transcript)


def test_what_was_found_in_another_version_is_shown(qtbot: QtBot, start: Start) -> None:
    controller = start(answers("Apples.", "Pears."))
    ask(qtbot, controller, "First?")
    controller.asking.edit(controller.conversation.turns[0].id, "Other?")
    wait_for_answer(qtbot, controller)
    assert "Apples." not in visible_text(controller.window.transcript)
    with qtbot.waitSignal(controller.keeping.found) as found:
        controller.keeping.search("apples")
    assert found.args is not None
    controller.window.sidebar.found_wanted.emit(found.args[1][0])
    assert "Apples." in visible_text(controller.window.transcript)


def test_a_file_too_large_for_a_copy_is_named(qtbot: QtBot, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.chat.history.files.COPY_BYTES_MAX", 10)
    controller = start(answers("One."))
    attach(qtbot, controller, make_report(tmp_path / "report.pdf"))
    ask(qtbot, controller, "First?")
    qtbot.waitUntil(lambda: "report.pdf is larger than 1 GB" in controller.window.strip.text)


def give_password(qtbot: QtBot, controller: Controller, password: str) -> None:
    """Answer the prompt, once there is one."""
    prompts: list[PasswordPrompt] = []

    def is_asked() -> bool:
        prompts[:] = [prompt for prompt in controller.window.findChildren(PasswordPrompt) if prompt.isVisible()]
        return bool(prompts)

    qtbot.waitUntil(is_asked, timeout=OPEN_MS)
    prompts[0].setTextValue(password)
    prompts[0].accept()


def test_a_protected_document_of_an_earlier_question_wants_its_password(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    path = tmp_path / "secret.pdf"
    with pymupdf.open() as document:
        document.new_page(width=200, height=160).draw_rect((0, 0, 200, 160), fill=(1, 0, 0))
        document.save(path, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="right", owner_pw="right")
    controller = start(answers("Red."))
    controller.window.files_chosen.emit([str(path)])
    give_password(qtbot, controller, "right")
    qtbot.waitUntil(lambda: controller.collecting.is_ready and bool(controller.attachments.pictures), timeout=OPEN_MS)
    ask(qtbot, controller, "First?")
    settle(qtbot, controller)
    again = start()
    open_again(qtbot, again, controller.conversation.key)
    picture = again.conversation.pictures()[0]
    assert again._cache.request(picture) is None
    give_password(qtbot, again, "wrong")
    give_password(qtbot, again, "right")
    qtbot.waitUntil(lambda: again._cache.request(picture) is not None, timeout=OPEN_MS)
