"""A question is asked and its answer is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from inference.events import BoxFound, Failed, Finished, Notice, Progress, ReasoningDelta, TextDelta
from inference.types import Box, Capabilities, TextPart, Timings, Usage
from tests.helpers.scripted_engine import Pause, ScriptedEngine
from tests.helpers.window import Start, ask, attach, find_button, press, send, visible_text, wait_for_answer


def text(value: str) -> TextDelta:
    return TextDelta(value, value)


def test_the_question_goes_out_with_its_pictures(qtbot: QtBot, start: Start, picture: Path) -> None:
    engine = ScriptedEngine([text("A red half."), Finished("stop", Usage(100, 0, 50, 20), Timings(0, 0, 300, 31.0))])
    controller = start(engine)
    attach(qtbot, controller, picture)
    ask(qtbot, controller, "What is it?")
    told, message = engine.requests[0].messages
    assert told.role == "system"
    assert [image.id for image in engine.requests[0].images()] == [controller.conversation.turns[0].pictures[0].id]
    assert message.parts[0] == TextPart("Image 1:\n")
    assert message.parts[-1] == TextPart("\nWhat is it?")
    said = visible_text(controller.window.transcript)
    assert "What is it?" in said
    assert "A red half." in said
    assert "120 tokens, first word after 0.3 s, 31 tokens/s" in said
    assert controller.window.composer.question.toPlainText() == ""
    assert controller.attachments.entries == []


def test_the_title_is_the_first_question(qtbot: QtBot, start: Start) -> None:
    controller = start(ScriptedEngine())
    assert "New conversation" in visible_text(controller.window.header)
    ask(qtbot, controller, "Which quarter fell?")
    assert "Which quarter fell?" in visible_text(controller.window.header)
    assert controller.window.windowTitle() == "Which quarter fell?"


def test_enter_sends_and_shift_enter_breaks_the_line(qtbot: QtBot, start: Start) -> None:
    engine = ScriptedEngine()
    controller = start(engine)
    question = controller.window.composer.question
    height_px = question.height()
    qtbot.keyClicks(question, "One")
    qtbot.keyClick(question, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(question, "two")
    assert question.height() > height_px
    assert engine.requests == []
    qtbot.keyClick(question, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(engine.requests) == 1)
    assert engine.requests[0].messages[-1].parts[-1] == TextPart("One\ntwo")


def test_an_empty_question_cannot_be_sent(qtbot: QtBot, start: Start) -> None:
    engine = ScriptedEngine()
    controller = start(engine)
    qtbot.keyClicks(controller.window.composer.question, "  ")
    qtbot.keyClick(controller.window.composer.question, Qt.Key.Key_Return)
    assert not any(button.text() == "Send" and button.isEnabled() for button in controller.window.findChildren(QPushButton))
    assert engine.requests == []


def test_the_answer_is_shown_while_it_comes(qtbot: QtBot, start: Start) -> None:
    first, second = Pause(), Pause()
    controller = start(ScriptedEngine([text("Revenue "), first, text("fell in **Q3**."), second, Finished("stop")]))
    send(qtbot, controller, "Which?")
    qtbot.waitUntil(lambda: "Revenue" in visible_text(controller.window.transcript))
    first.release()
    qtbot.waitUntil(lambda: "Revenue fell in Q3." in visible_text(controller.window.transcript))
    assert "Copy" not in visible_text(controller.window.transcript)
    second.release()
    qtbot.waitUntil(lambda: "Copy" in visible_text(controller.window.transcript))


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (Progress("queued", 1, 0), "Waiting (1 ahead)"),
        (Progress("loading", 2, 5), "Loading the model… 40 %"),
        (Progress("encoding", 3, 12), "Looking at the picture… 3 of 12"),
        (Progress("prefill", 1, 4), "Reading the question… 25 %"),
    ],
)
def test_what_is_done_before_the_first_word_is_said(qtbot: QtBot, start: Start, progress: Progress, words: str) -> None:
    pause = Pause()
    controller = start(ScriptedEngine([progress, pause, text("Done."), Finished("stop")]))
    send(qtbot, controller, "What?")
    qtbot.waitUntil(lambda: words in visible_text(controller.window.transcript))
    pause.release()
    qtbot.waitUntil(lambda: "Done." in visible_text(controller.window.transcript))
    assert words not in visible_text(controller.window.transcript)


def test_reasoning_is_folded_and_can_be_opened(qtbot: QtBot, start: Start) -> None:
    controller = start(ScriptedEngine([ReasoningDelta("The third bar is lower.", "x"), text("Q3."), Finished("stop")]))
    ask(qtbot, controller, "Which?")
    assert "The third bar" not in visible_text(controller.window.transcript)
    press(controller.window.transcript, "Thought for 1 s")
    assert "The third bar is lower." in visible_text(controller.window.transcript)


def test_thinking_is_asked_for_with_the_toggle_and_remembered(qtbot: QtBot, start: Start) -> None:
    engine = ScriptedEngine()
    controller = start(engine)
    ask(qtbot, controller, "Plain?")
    press(controller.window, "Think")
    ask(qtbot, controller, "Deep?")
    assert [request.thinking for request in engine.requests] == [False, True]
    assert start(ScriptedEngine()).settings.thinking


def test_a_model_that_cannot_think_offers_no_toggle(qtbot: QtBot, start: Start) -> None:
    controller = start(ScriptedEngine(capabilities=Capabilities("Plain", thinking=False)))
    assert "Think" not in visible_text(controller.window.composer)


def test_notices_are_quiet_lines(qtbot: QtBot, start: Start) -> None:
    controller = start(ScriptedEngine([Notice("fewer_layers", "20 of 40 layers fit on the GPU."), text("Yes."), Finished("stop")]))
    ask(qtbot, controller, "So?")
    assert "20 of 40 layers fit on the GPU." in visible_text(controller.window.transcript)


def test_stop_keeps_what_was_written_and_the_next_question_works(qtbot: QtBot, start: Start) -> None:
    pause = Pause()
    engine = ScriptedEngine(
        [text("Half an answer"), pause, text(" and more"), Finished("stop")], [text("Whole."), Finished("stop")]
    )
    controller = start(engine)
    send(qtbot, controller, "First?")
    qtbot.waitUntil(pause.reached.is_set)
    press(controller.window, "Stop")
    wait_for_answer(qtbot, controller)
    said = visible_text(controller.window.transcript)
    assert "Half an answer" in said
    assert "and more" not in said
    assert "Stopped" in said
    ask(qtbot, controller, "Second?")
    assert "Whole." in visible_text(controller.window.transcript)
    assert [message.role for message in engine.requests[1].messages] == ["system", "user", "assistant", "user"]


def test_escape_stops_too(qtbot: QtBot, start: Start) -> None:
    pause = Pause()
    controller = start(ScriptedEngine([pause, Finished("stop")]))
    send(qtbot, controller, "First?")
    qtbot.waitUntil(pause.reached.is_set)
    controller.window.activateWindow()
    qtbot.keyClick(controller.window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: controller.conversation.running is None)


def test_a_failure_is_said_in_words_and_the_next_question_works(qtbot: QtBot, start: Start, picture: Path) -> None:
    engine = ScriptedEngine([text("Half"), Failed("engine_crashed", "It ended with signal 9.")], [text("Fine."), Finished("stop")])
    controller = start(engine)
    attach(qtbot, controller, picture)
    ask(qtbot, controller, "First?")
    said = visible_text(controller.window.transcript)
    assert "Half" in said
    assert "The model's process crashed" in said
    assert "It ended with signal 9." in said
    ask(qtbot, controller, "Second?")
    assert "Fine." in visible_text(controller.window.transcript)
    assert len(engine.requests[1].images()) == 1


def test_a_failed_question_can_be_asked_again(qtbot: QtBot, start: Start, picture: Path) -> None:
    engine = ScriptedEngine([Failed("engine_hung", "No word for 30 s.")], [text("Fine."), Finished("stop")])
    controller = start(engine)
    attach(qtbot, controller, picture)
    ask(qtbot, controller, "First?")
    press(controller.window.transcript, "Ask again")
    qtbot.waitUntil(lambda: "Fine." in visible_text(controller.window.transcript))
    assert len(controller.conversation.turns) == 1
    assert engine.requests[1].messages == engine.requests[0].messages


def test_a_failure_of_the_model_file_offers_another_model(qtbot: QtBot, start: Start) -> None:
    controller = start(ScriptedEngine([Failed("too_little_memory", "9.1 GB are needed and 6.2 GB are free.")]))
    ask(qtbot, controller, "First?")
    assert "There is too little memory for this model" in visible_text(controller.window.transcript)
    find_button(controller.window.transcript, "Choose another model…")


def test_an_engine_that_raises_is_a_failure_like_any_other(qtbot: QtBot, start: Start, caplog: pytest.LogCaptureFixture) -> None:
    controller = start(ScriptedEngine([ValueError("broken inside")], [text("Fine."), Finished("stop")]))
    ask(qtbot, controller, "First?")
    assert "broken inside" in visible_text(controller.window.transcript)
    ask(qtbot, controller, "Second?")
    assert "Fine." in visible_text(controller.window.transcript)


def test_nothing_of_an_old_conversation_comes_into_a_new_one(qtbot: QtBot, start: Start, picture: Path) -> None:
    pause = Pause()
    controller = start(ScriptedEngine([text("Old"), pause, Finished("stop")], [text("New."), Finished("stop")]))
    attach(qtbot, controller, picture)
    send(qtbot, controller, "First?")
    qtbot.waitUntil(pause.reached.is_set)
    controller.window.actions_table.action("conversation.new").trigger()
    assert controller.conversation.turns == []
    assert not controller.window.viewer.isVisible()
    ask(qtbot, controller, "Second?")
    said = visible_text(controller.window)
    assert "New." in said
    assert "Old" not in said
    assert "First?" not in said


def test_copy_takes_the_markdown_with_numbered_references(qtbot: QtBot, start: Start, picture: Path) -> None:
    box = BoxFound(Box(None, 0, 0, 1, 1), "[[0,0,999,999]]")
    controller = start(ScriptedEngine([text("It is **here** "), box, text(".\n\n- a\n- b\n"), Finished("stop")]))
    attach(qtbot, controller, picture)
    ask(qtbot, controller, "Where?")
    press(controller.window.transcript, "Copy")
    assert QGuiApplication.clipboard().text() == "It is **here** [1].\n\n- a\n- b"


def test_a_test_model_says_what_it_is(qtbot: QtBot, start: Start) -> None:
    words = "Test model: knows only coloured shapes and numbers"
    assert words in visible_text(start(ScriptedEngine(), is_test_model=True).window)
    assert words not in visible_text(start(ScriptedEngine()).window)


@pytest.mark.parametrize(("host", "badge"), [(None, "On this computer"), ("api.example.org", "api.example.org")])
def test_the_badge_says_where_questions_go(qtbot: QtBot, start: Start, host: str | None, badge: str) -> None:
    controller = start(ScriptedEngine(capabilities=Capabilities("GLM", host=host)))
    assert badge in visible_text(controller.window.header)
    assert "GLM" in visible_text(controller.window.composer)


def test_the_pictures_are_prepared_while_the_user_types(qtbot: QtBot, start: Start, picture: Path) -> None:
    engine = ScriptedEngine([text("Ok."), Finished("stop")], preparation=[Progress("encoding", 1, 2), Finished("stop")])
    controller = start(engine)
    attach(qtbot, controller, picture)
    qtbot.waitUntil(lambda: "Ready" in visible_text(controller.window.composer))
    assert engine.prepared[-1].messages[-1].parts[-1] == TextPart("\n")
    ask(qtbot, controller, "What?")
    assert engine.requests[0].messages[0] == engine.prepared[-1].messages[0]
    assert engine.requests[0].messages[1].parts[:-1] == engine.prepared[-1].messages[1].parts[:-1]


@pytest.mark.parametrize("ending", ["send", "remove"])
def test_a_preparation_is_cancelled_when_it_is_of_no_use(qtbot: QtBot, start: Start, picture: Path, ending: str) -> None:
    pause = Pause()
    engine = ScriptedEngine([text("Ok."), Finished("stop")], preparation=[pause, Finished("stop")])
    controller = start(engine)
    attach(qtbot, controller, picture)
    qtbot.waitUntil(pause.reached.is_set)
    if ending == "send":
        ask(qtbot, controller, "What?")
    else:
        controller.attachments.remove(controller.attachments.entries[0].key)
    qtbot.waitUntil(lambda: engine.cancelled_prepares == 1)


def test_a_failed_preparation_is_nobodys_concern(qtbot: QtBot, start: Start, picture: Path) -> None:
    engine = ScriptedEngine([text("Ok."), Finished("stop")], preparation=[Failed("engine_crashed", "Gone.")])
    controller = start(engine)
    attach(qtbot, controller, picture)
    qtbot.waitUntil(lambda: bool(engine.prepared))
    ask(qtbot, controller, "What?")
    said = visible_text(controller.window)
    assert "Gone." not in said
    assert "Ok." in said


def test_the_view_follows_the_end_until_the_user_looks_elsewhere(qtbot: QtBot, start: Start) -> None:
    pauses = [Pause(), Pause()]
    script = [text("line\n\n" * 60), pauses[0], text("more\n\n" * 20), pauses[1], text("rest\n\n" * 20), Finished("stop")]
    controller = start(ScriptedEngine(script))
    send(qtbot, controller, "Long?")
    bar = controller.window.transcript.verticalScrollBar()
    qtbot.waitUntil(lambda: pauses[0].reached.is_set() and bar.maximum() > 0 and bar.value() == bar.maximum())
    before = bar.maximum()
    pauses[0].release()
    qtbot.waitUntil(lambda: bar.maximum() > before and bar.value() == bar.maximum())
    qtbot.keyClick(controller.window.composer.question, Qt.Key.Key_PageUp)
    place = bar.value()
    assert place < bar.maximum() - 100
    before = bar.maximum()
    pauses[1].release()
    qtbot.waitUntil(lambda: controller.conversation.running is None and bar.maximum() > before)
    assert bar.value() == place
