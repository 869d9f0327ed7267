"""What is attached goes to another computer once the user has said so, and not before; nothing is lost when he does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.controller import Controller
from app.preparing import DELAY_MS
from inference.events import Finished, TextDelta
from inference.types import Capabilities
from tests.helpers.scripted_engine import Pause, ScriptedEngine
from tests.helpers.window import Start, ask, attach, make_picture, press, send, visible_text, wait_for_answer

HOST = "api.example.org"
QUESTION = f"What is attached to this conversation will be sent to {HOST}."


def remote(*scripts: list[object], host: str | None = HOST) -> ScriptedEngine:
    answer = [TextDelta("Seen.", "Seen."), Finished("stop")]
    return ScriptedEngine(
        *(scripts or (answer,)),
        capabilities=Capabilities("GLM", host=host),
        preparation=[Finished("stop")],  # type: ignore[arg-type]
    )


def attached(controller: Controller) -> list[str]:
    return [entry.name for entry in controller.attachments.entries]


@pytest.fixture
def asked(qtbot: QtBot, start: Start, picture: Path) -> tuple[Controller, ScriptedEngine]:
    """A question with a picture that waits for consent."""
    engine = remote()
    controller = start(engine)
    attach(qtbot, controller, picture)
    send(qtbot, controller, "What is it?")
    assert controller.window.strip.question == QUESTION
    return controller, engine


def test_nothing_goes_out_before_consent(qtbot: QtBot, asked: tuple[Controller, ScriptedEngine], picture: Path) -> None:
    controller, engine = asked
    with qtbot.waitSignal(controller._sending._preparation._timer.timeout, raising=False, timeout=3 * DELAY_MS):
        pass
    assert engine.requests == engine.prepared == []
    assert controller.conversation.turns == []
    assert controller.window.composer.draft() == "What is it?"
    assert attached(controller) == [picture.name]


def test_with_consent_the_question_goes_out_once(qtbot: QtBot, asked: tuple[Controller, ScriptedEngine]) -> None:
    controller, engine = asked
    press(controller.window.strip, "Send")
    wait_for_answer(qtbot, controller)
    assert len(engine.requests) == 1
    assert len(engine.requests[0].images()) == 1
    assert controller.window.composer.draft() == ""
    assert attached(controller) == []


def test_without_consent_question_and_picture_stay(qtbot: QtBot, asked: tuple[Controller, ScriptedEngine], picture: Path) -> None:
    controller, engine = asked
    press(controller.window.strip, "Don't send")
    assert controller.window.composer.draft() == "What is it?"
    assert attached(controller) == [picture.name]
    press(controller.window.composer, "Send")
    assert controller.window.strip.question == QUESTION
    press(controller.window.strip, "Send")
    wait_for_answer(qtbot, controller)
    assert len(engine.requests) == 1


def test_sending_again_asks_again_and_sends_once(qtbot: QtBot, asked: tuple[Controller, ScriptedEngine]) -> None:
    controller, engine = asked
    qtbot.keyClick(controller.window.composer.question, Qt.Key.Key_Return)
    press(controller.window.strip, "Send")
    wait_for_answer(qtbot, controller)
    assert len(engine.requests) == 1


def test_the_answers_to_the_question_are_next_to_it_on_the_way_of_tab(
    qtbot: QtBot, asked: tuple[Controller, ScriptedEngine]
) -> None:
    strip, composer = asked[0].window.strip, asked[0].window.composer
    way = []
    widget = composer.nextInFocusChain()
    while widget is not composer:
        way.append(widget)
        widget = widget.nextInFocusChain()
    stops = [each for each in way if each.isVisible() and each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    own = [index for index, each in enumerate(stops) if strip.isAncestorOf(each)]
    assert own == [len(stops) - 2, len(stops) - 1], "right before what is in the composer"


@pytest.mark.parametrize("change", ["words", "attachments", "conversation"])
def test_consent_is_not_for_something_else(
    qtbot: QtBot, asked: tuple[Controller, ScriptedEngine], tmp_path: Path, change: str
) -> None:
    controller, engine = asked
    if change == "words":
        qtbot.keyClicks(controller.window.composer.question, " Really?")
    elif change == "attachments":
        attach(qtbot, controller, make_picture(tmp_path / "secret.png", color="blue"))
    else:
        controller.browsing.start_new()
    assert controller.window.strip.question == ""
    assert engine.requests == []


def test_it_is_asked_once_per_conversation(qtbot: QtBot, asked: tuple[Controller, ScriptedEngine], picture: Path) -> None:
    controller, engine = asked
    press(controller.window.strip, "Send")
    wait_for_answer(qtbot, controller)
    ask(qtbot, controller, "And now?")
    controller.asking.redo(controller.conversation.turns[0].id)
    wait_for_answer(qtbot, controller)
    assert len(engine.requests) == 3
    controller.browsing.start_new()
    attach(qtbot, controller, picture)
    send(qtbot, controller, "Here?")
    assert controller.window.strip.question == QUESTION


def test_after_a_restart_it_is_known_where_the_conversation_went(
    qtbot: QtBot, start: Start, asked: tuple[Controller, ScriptedEngine]
) -> None:
    controller, _ = asked
    press(controller.window.strip, "Send")
    wait_for_answer(qtbot, controller)
    done: list[object] = []
    controller.keeping.run(lambda store: None, done.append)
    qtbot.waitUntil(lambda: bool(done))
    engine = remote()
    again = start(engine)
    again.browsing.open(controller.conversation.key)
    qtbot.waitUntil(lambda: bool(again.conversation.turns))
    again.asking.redo(again.conversation.turns[0].id)
    wait_for_answer(qtbot, again)
    assert len(engine.requests) == 1


def test_the_text_of_a_document_asks_too(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    engine = remote()
    controller = start(engine)
    path = tmp_path / "contract.txt"
    path.write_text("A confidential contract.", encoding="utf-8")
    attach(qtbot, controller, path)
    send(qtbot, controller, "What is it?")
    assert controller.window.strip.question == QUESTION
    assert engine.requests == engine.prepared == []


def test_words_alone_go_out(qtbot: QtBot, start: Start) -> None:
    engine = remote()
    controller = start(engine)
    ask(qtbot, controller, "Hello?")
    assert len(engine.requests) == 1


def test_a_changed_question_that_was_not_sent_is_in_the_composer(qtbot: QtBot, start: Start, picture: Path) -> None:
    controller = start(remote(host=None))
    attach(qtbot, controller, picture)
    ask(qtbot, controller, "What is it?")
    turn = controller.conversation.turns[0]
    elsewhere = remote()
    controller.model.model = type(controller.model.model)(elsewhere, elsewhere.capabilities())  # type: ignore[misc,arg-type]
    controller.asking.edit(turn.id, "What is it really?")
    assert controller.window.strip.question == QUESTION
    press(controller.window.strip, "Don't send")
    assert elsewhere.requests == []
    assert controller.window.composer.draft() == "What is it really?"
    assert [turn.question for turn in controller.conversation.turns] == ["What is it?"]


def test_a_question_waits_until_what_is_attached_is_open(qtbot: QtBot, start: Start, picture: Path) -> None:
    engine = remote(host=None)
    controller = start(engine)
    qtbot.keyClicks(controller.window.composer.question, "What?")
    controller.window.files_chosen.emit([str(picture)])
    qtbot.keyClick(controller.window.composer.question, Qt.Key.Key_Return)
    assert engine.requests == []
    assert controller.window.composer.draft() == "What?"
    qtbot.waitUntil(lambda: controller.collecting.is_ready and bool(controller.attachments.pictures))
    press(controller.window.composer, "Send")
    wait_for_answer(qtbot, controller)
    assert len(engine.requests[0].images()) == 1


def test_what_cannot_be_read_is_not_silently_left_out(qtbot: QtBot, start: Start, picture: Path) -> None:
    engine = remote(host=None)
    controller = start(engine)
    attach(qtbot, controller, picture)
    qtbot.keyClicks(controller.window.composer.question, "What?")
    controller._readings.usual.close()
    controller.collecting._planning._on_tasks_failed(controller.collecting._planning._job, ValueError("torn"))
    qtbot.keyClick(controller.window.composer.question, Qt.Key.Key_Return)
    assert engine.requests == []
    assert "cannot be read" in controller.window.strip.text


MODELS = ("first.gguf", "second.gguf")


@pytest.fixture
def two_models(qtbot: QtBot, start: Start, tmp_path: Path) -> tuple[Controller, ScriptedEngine, Path]:
    """An answer, and another model that could be chosen."""
    for name in (*MODELS, "mmproj.gguf"):
        (tmp_path / name).write_bytes(b"")
    engine = ScriptedEngine([TextDelta("Seen.", "Seen."), Finished("stop")])
    controller = start(engine)
    ask(qtbot, controller, "What?")
    controller.preferences.change("models", tuple(str(tmp_path / name) for name in MODELS))
    return controller, engine, tmp_path / MODELS[1]


def redo_with(controller: Controller) -> None:
    controller.window.transcript.action_wanted.emit(controller.conversation.turns[-1].id, "redo_with")


def choose(controller: Controller, model: Path) -> None:
    menu = controller.window.composer._models
    action = next(action for action in menu.actions() if action.data() == str(model))
    menu.close()
    action.trigger()


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_question_is_asked_again_with_another_model(qtbot: QtBot, two_models: tuple[Controller, ScriptedEngine, Path]) -> None:
    controller, engine, model = two_models
    redo_with(controller)
    assert controller.window.composer._models.isVisible()
    choose(controller, model)
    assert len(engine.requests) == 1
    qtbot.waitUntil(lambda: len(engine.requests) == 2)
    wait_for_answer(qtbot, controller)
    assert engine.is_closed
    assert len(controller.conversation.all_turns) == 2


@pytest.mark.qt_log_ignore("This plugin does not support")
@pytest.mark.parametrize("ending", ["dismissed", "switched", "asked"])
def test_the_wish_for_another_model_is_taken_back(
    qtbot: QtBot, two_models: tuple[Controller, ScriptedEngine, Path], ending: str
) -> None:
    controller, engine, model = two_models
    redo_with(controller)
    menu = controller.window.composer._models
    if ending == "dismissed":
        with qtbot.waitSignal(controller._redoing._menu_timer.timeout):
            menu.close()
    elif ending == "switched":
        controller.browsing.start_new()
    else:
        controller.asking.redo(controller.conversation.turns[-1].id)
        wait_for_answer(qtbot, controller)
    before = len(engine.requests)
    choose(controller, model)
    qtbot.waitUntil(lambda: controller.model.model is not None)
    assert len(engine.requests) == before
    assert controller.conversation.running is None


def test_a_model_that_is_changed_ends_the_answer_that_runs(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    for name in (MODELS[0], "mmproj.gguf"):
        (tmp_path / name).write_bytes(b"")
    pause = Pause()
    controller = start(ScriptedEngine([TextDelta("Half", "Half"), pause, Finished("stop")]))
    send(qtbot, controller, "What?")
    qtbot.waitUntil(pause.reached.is_set)
    controller.window.composer.model_chosen.emit(str(tmp_path / MODELS[0]))
    wait_for_answer(qtbot, controller)
    qtbot.waitUntil(lambda: controller.model.model is not None)
    assert "Stopped" in visible_text(controller.window.transcript)
