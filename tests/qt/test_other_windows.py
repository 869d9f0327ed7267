"""What happens in another window of the same history comes into this one."""

from __future__ import annotations

from contextlib import closing

from pytestqt.qtbot import QtBot

from app.chat.history.store import History
from app.chat.parts import Plan
from app.keeping import LOOK_INTERVAL_MS
from inference.events import Event, Finished, TextDelta
from tests.helpers.conversing import answers, history_folder, open_again, settle, titles
from tests.helpers.history import no_opener
from tests.helpers.other_window import other_window, tell
from tests.helpers.window import OPEN_MS, Start, ask, press, visible_text, wait_for_answer


def test_an_answer_of_another_window_comes_when_it_has_ended(qtbot: QtBot, start: Start) -> None:
    controller = start(answers("Here."))
    settle(qtbot, controller)
    with other_window(history_folder()) as (key, process):
        open_again(qtbot, controller, key)
        said = visible_text(controller.window)
        assert "Begun elsewhere" in said
        assert "Being answered in another window" in said
        assert "Stop" not in said.splitlines()
        qtbot.keyClicks(controller.window.composer.question, "mine")
        tell(process)
        words = "Begun elsewhere, ended there."
        qtbot.waitUntil(lambda: words in visible_text(controller.window.transcript), timeout=OPEN_MS)
        assert controller.window.composer.draft() == "mine"
        press(controller.window, "Send")
        wait_for_answer(qtbot, controller)
        assert "Here." in visible_text(controller.window.transcript)


def test_the_list_follows_another_window(qtbot: QtBot, start: Start) -> None:
    controller = start()
    settle(qtbot, controller)
    with other_window(history_folder()):
        qtbot.waitUntil(lambda: titles(controller) == ["Asked elsewhere?"], timeout=2 * LOOK_INTERVAL_MS + OPEN_MS)


def test_what_was_asked_elsewhere_in_the_same_conversation_comes_into_it(qtbot: QtBot, start: Start) -> None:
    """From another window or program, and from a card of Quick Ask, which has a copy of its own; nothing moves for it."""
    controller = start(answers("One. " * 2000, "Three."))
    ask(qtbot, controller, "First?")
    settle(qtbot, controller)
    transcript, conversation = controller.window.transcript, controller.conversation
    transcript.verticalScrollBar().setValue(100)
    qtbot.keyClicks(controller.window.composer.question, "begun")
    with closing(History(history_folder())) as other:
        copy = other.load(conversation.key, no_opener)
        turn = copy.start_turn("Second?", (), False)
        other.start_turn(copy, turn)
        events: list[Event] = [TextDelta("Two.", "Two."), Finished("stop")]
        copy.apply(turn.id, events)
        other.journal(turn.key, events, 0.0)
        other.finish_turn(turn)
    wait_ms = 2 * LOOK_INTERVAL_MS + OPEN_MS
    qtbot.waitUntil(lambda: [turn.question for turn in transcript.turns] == ["First?", "Second?"], timeout=wait_ms)
    assert controller.conversation is conversation
    controller.asking.ask("Third?", Plan((), ()), False, None, copy)
    qtbot.waitUntil(lambda: len(transcript.turns) == 3, timeout=wait_ms)
    assert [turn.answer.said for turn in conversation.turns[1:]] == ["Two.", "Three."]
    assert transcript.verticalScrollBar().value() == 100
    assert controller.window.composer.draft() == "begun"


def test_the_last_name_that_was_given_wins_in_both_windows(qtbot: QtBot, start: Start) -> None:
    controller = start(answers("One.", "Two."))
    ask(qtbot, controller, "First?")
    key = controller.conversation.key
    settle(qtbot, controller)
    with closing(History(history_folder())) as other:
        other.rename(key, "Theirs")
        controller.browsing.pin(key, True)  # neither this nor a question says anything of the name
        ask(qtbot, controller, "Second?")
        qtbot.waitUntil(lambda: controller.conversation.title == "Theirs" and titles(controller) == ["Theirs"])
        controller.browsing.rename(key, "Ours")
        settle(qtbot, controller)
        assert (other.naming(key), other.summaries()[0].title) == (("Ours", True), "Ours")
        other.rename(key, "")
        qtbot.waitUntil(lambda: controller.conversation.title == "First?", timeout=2 * LOOK_INTERVAL_MS + OPEN_MS)
