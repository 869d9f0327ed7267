"""A conversation knows its turns and lets nothing stale in."""

from __future__ import annotations

import pytest

from app.chat.parts import Shown
from app.chat.session import Conversation
from inference.events import BoxFound, Failed, Finished, TextDelta
from inference.types import Box
from tests.helpers.stills import Still

CAT, DOG = Shown(Still("cat", "cat.png"), 4, 4), Shown(Still("dog", "dog.png"), 4, 4)


def test_the_title_is_the_first_line_of_the_first_question() -> None:
    conversation = Conversation()
    assert conversation.title == ""
    turn = conversation.start_turn("  Where is it?\nLook well.", [], False)
    conversation.apply(turn.id, [Finished("stop")])
    conversation.start_turn("And now?", [], False)
    assert conversation.title == "Where is it?"


def test_a_long_title_is_cut() -> None:
    conversation = Conversation()
    conversation.start_turn("word " * 100, [], False)
    assert len(conversation.title) <= 80
    assert conversation.title.endswith("…")


def test_only_one_question_runs_at_a_time() -> None:
    conversation = Conversation()
    turn = conversation.start_turn("One?", [], False)
    assert conversation.running is turn
    with pytest.raises(RuntimeError):
        conversation.start_turn("Two?", [], False)
    conversation.apply(turn.id, [TextDelta("1", "1"), Failed("engine_crashed", "x")])
    assert conversation.running is None
    conversation.start_turn("Two?", [], False)


def test_events_of_another_conversation_change_nothing() -> None:
    old, new = Conversation(), Conversation()
    gone = old.start_turn("Old?", [], False)
    here = new.start_turn("New?", [], False)
    assert gone.id != here.id
    assert new.apply(gone.id, [TextDelta("x", "x")]) is None
    assert here.answer.blocks == []


def test_a_question_without_pictures_is_about_the_latest_ones() -> None:
    conversation = Conversation()
    for pictures in ([CAT], [DOG]):
        turn = conversation.start_turn("What?", pictures, False)
        conversation.apply(turn.id, [Finished("stop")])
    turn = conversation.start_turn("Where is it?", [], False)
    conversation.apply(turn.id, [BoxFound(Box(None, 0, 0, 1, 1), "x"), BoxFound(Box("1", 0, 0, 1, 1), "x")])
    assert [reference.picture_id for reference in turn.answer.references] == ["dog", "cat"]


def test_each_picture_is_counted_once() -> None:
    conversation = Conversation()
    for pictures in ([CAT, DOG], [CAT]):
        conversation.apply(conversation.start_turn("What?", pictures, False).id, [Finished("stop")])
    assert conversation.pictures() == (CAT.picture, DOG.picture)


def test_a_box_in_a_picture_that_was_sent_smaller_is_in_the_picture() -> None:
    page = Shown(Still("page", "report.pdf, page 3", 400, 300), 84, 56)
    conversation = Conversation()
    turn = conversation.start_turn("Where?", [page], False)
    conversation.apply(turn.id, [BoxFound(Box("page-84x56", 0, 0, 1, 1), "x")])
    assert [reference.picture_id for reference in turn.answer.references] == ["page"]
