"""What is kept of a conversation comes back as it was."""

from __future__ import annotations

import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.chat.answer import AnswerState
from app.chat.history.errors import HistoryUnreadable, NotKept
from app.chat.history.store import History
from app.chat.history.types import Summary
from app.chat.parts import Reduction, Shown, Written
from app.chat.pictures import KeptPicture, SourceInfo
from app.chat.session import Conversation
from inference.events import (
    BoxFound,
    Failed,
    Finished,
    Notice,
    Progress,
    ReasoningDelta,
    Started,
    TextDelta,
    ToolCall,
    ToolCallDelta,
)
from inference.types import Box, Timings, ToolUse, Usage
from ingest.attachment import open_attachment
from ingest.types import Area
from tests.helpers.events import deltas, events
from tests.helpers.history import DONE, ask, is_sound, no_opener, outline, page, rows, said, source
from tests.helpers.image_files import plain_png
from tests.helpers.stills import Still

REPORT = source("report.pdf", page_count=48, path="/home/me/report.pdf")


@pytest.fixture
def history(tmp_path: Path):
    opened = History(tmp_path)
    yield opened
    opened.close()


def test_a_conversation_comes_back_as_it_was(history: History) -> None:
    conversation = Conversation()
    answer = (
        Started(10, 2),
        Progress("prefill", 1, 2),
        Notice("less_gpu", "Fewer layers are on the GPU."),
        ReasoningDelta("Let me ", "<think>Let me "),
        ReasoningDelta("see.", "see."),
        *(TextDelta(letter, letter) for letter in "\nIt is here: "),
        BoxFound(Box("1", 0.1, 0.2, 0.3, 0.4, "chart"), "[[100,200,300,400]]"),
        ToolCallDelta(0, "<tool_call>"),
        ToolCall(ToolUse("7", "crop", {"page": 3, "area": [0, 0, 1, 1]}), "<tool_call></tool_call>"),
        Finished("length", Usage(12, 2, 8, 40), Timings(1, 2.5, 3, 20)),
    )
    ask(history, conversation, "Where is the chart?\n它在哪里？ 🙂", answer, [page(REPORT)], model_name="GLM", host="example.org")
    ask(history, conversation, "And now?", [*said("Nowhere.")[:1], Failed("engine_crashed", "It crashed.")])

    loaded = history.load(conversation.key, no_opener)

    assert outline(loaded) == outline(conversation)
    assert [turn.key for turn in loaded.turns] == [turn.key for turn in conversation.turns]
    first, kept = conversation.turns[0], loaded.turns[0]
    assert kept.parts == first.parts and kept.sources == first.sources
    assert (kept.thinking, kept.model_name, kept.host, kept.created_at) == (False, "GLM", "example.org", first.created_at)
    assert kept.answer.references[0].picture_id == first.parts[0].picture.id
    assert kept.id not in {turn.id for turn in conversation.all_turns}


def test_how_long_the_model_thought_is_not_how_long_loading_takes(history: History) -> None:
    conversation = Conversation()
    turn = ask(history, conversation, "Well?", [ReasoningDelta("Hm", "Hm")])
    turn.answer.reasoning_s = 6.5
    conversation.apply(turn.id, [DONE])
    turn.answer.reasoning_s = 6.5
    history.journal(turn.key, [DONE], 6.5)
    history.finish_turn(turn)
    assert history.load(conversation.key, no_opener).turns[0].answer.reasoning_s == 6.5


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(deltas | events, max_size=6), max_size=4))
def test_any_answer_is_shown_again_as_it_was(history: History, batches: list[list]) -> None:
    conversation = Conversation()
    turn = conversation.start_turn("?", [], True)
    history.start_turn(conversation, turn)
    for batch in [*batches, [DONE]]:
        conversation.apply(turn.id, batch)
        history.journal(turn.key, batch, turn.answer.reasoning_s)
    history.finish_turn(turn)
    assert outline(history.load(conversation.key, no_opener)) == outline(conversation)


def test_a_finished_answer_is_one_row(history: History, tmp_path: Path) -> None:
    conversation = Conversation()
    turn = conversation.start_turn("?", [], False)
    history.start_turn(conversation, turn)
    for letter in "A long answer":
        conversation.apply(turn.id, [TextDelta(letter, letter)])
        history.journal(turn.key, [TextDelta(letter, letter)], 0.0)
    assert rows(tmp_path, "SELECT count(*) FROM journal") == [(13,)]
    conversation.apply(turn.id, [DONE])
    history.finish_turn(turn)  # the end was not journaled: it is taken from the answer
    assert rows(tmp_path, "SELECT count(*) FROM journal") == [(0,)]
    ((events,),) = rows(tmp_path, "SELECT events FROM turn")
    assert events.count("event") == 2 and "A long answer" in events
    assert history.load(conversation.key, no_opener).turns[0].answer.state is AnswerState.FINISHED


def test_pictures_are_opened_when_they_are_looked_at(history: History) -> None:
    data = plain_png(40, 30, 8, 0)
    attachment = open_attachment(data, name="cat.png")
    opened: list[SourceInfo] = []

    def opener(info: SourceInfo):
        opened.append(info)
        return attachment

    shot = SourceInfo.of(attachment)
    whole = page(shot)
    place = replace(whole.place, locator=attachment.pages()[0].locator)
    parts = [
        replace(whole, picture=KeptPicture(place, attachment.pages()[0].id, "cat.png", 40, 30, opener), place=place),
        replace(whole, picture=KeptPicture(replace(place, area=Area(0, 0, 0.5, 1)), "crop", "cat.png", 20, 30, opener), place=None),
        Written(KeptPicture(place, "text", "cat.png", 40, 30, opener), "cat.png, page 1", "Meow. \ud800", place),
    ]
    conversation = Conversation()
    ask(history, conversation, "What is it?", said("A cat."), parts)
    loaded = history.load(conversation.key, opener).turns[0].parts
    assert list(loaded) == parts
    assert not opened
    assert loaded[0].picture.render(4, 3).rgb == attachment.pages()[0].render(4, 3).rgb
    assert len(loaded[1].picture.render(2, 3).rgb) == 18
    assert opened == [shot, shot]


def test_a_picture_that_no_file_holds_is_known_by_name(history: History) -> None:
    conversation = Conversation()
    ask(history, conversation, "?", said("!"), [Shown(Still("cat", "cat.png"), 4, 4)])
    (part,) = history.load(conversation.key, no_opener).turns[0].parts
    assert isinstance(part, Shown) and part.place is None
    assert (part.picture.id, part.picture.name, part.picture.width) == ("cat", "cat.png", 4)


def test_reductions_and_frames_come_back(history: History) -> None:
    conversation = Conversation()
    clip = SourceInfo("ab" * 32, "clip.mp4", "video", 0, 63.25, "/clips/clip.mp4")
    still = page(clip)
    place = replace(still.place, locator="00:12.5", time_s=12.5)
    frame = replace(still, picture=replace(still.picture, place=place), time_s=12.5, place=place)
    turn = conversation.start_turn("?", [frame], True, [Reduction("frames_left_out", "clip.mp4", 8, 60)])
    history.start_turn(conversation, turn)
    (loaded,) = history.load(conversation.key, no_opener).turns
    assert loaded.parts == turn.parts and loaded.reductions == turn.reductions and loaded.thinking


def test_the_list_has_the_pinned_ones_first_and_then_the_newest(history: History) -> None:
    conversations = [Conversation() for _ in range(4)]
    for number, conversation in enumerate(conversations):
        ask(history, conversation, f"Question {number}", said("Yes."))
    history.pin(conversations[1].key, True)
    ask(history, conversations[0], "One more", said("No."))
    assert [summary.title for summary in history.summaries()] == ["Question 1", "Question 0", "Question 3", "Question 2"]
    assert [summary.is_pinned for summary in history.summaries(2)] == [True, False]


def test_a_title_of_ones_own_and_the_pin_are_kept(history: History) -> None:
    conversation = Conversation()
    turn = ask(history, conversation, "What?", said("That."))
    history.rename(conversation.key, "The chart")
    history.pin(conversation.key, True)
    assert history.summaries() == [Summary(conversation.key, "The chart", True, turn.created_at)]
    loaded = history.load(conversation.key, no_opener)
    assert (loaded.own_title, loaded.is_pinned, loaded.created_at) == ("The chart", True, conversation.created_at)
    history.rename(conversation.key, "")
    assert history.summaries()[0].title == "What?"


def test_another_window_does_not_undo_a_new_title(history: History) -> None:
    conversation = Conversation()
    ask(history, conversation, "What?", said("That."))
    other = history.load(conversation.key, no_opener)
    history.rename(conversation.key, "The chart")
    ask(history, other, "And this?", said("This."))
    other.choose(other.turns[0].key)
    history.save(other)
    history.pin(other.key, True)
    assert history.load(conversation.key, no_opener).own_title == "The chart"
    assert history.summaries()[0].title == "The chart"


def test_nothing_is_kept_of_a_conversation_without_a_question(history: History) -> None:
    history.save(Conversation())
    assert history.summaries() == []


def test_every_version_of_a_question_is_kept_with_the_path_that_was_read(history: History) -> None:
    conversation = Conversation()
    first = ask(history, conversation, "One", said("1"))
    ask(history, conversation, "Two", said("2"))
    ask(history, conversation, "Two, in other words", said("II"), before=first.key)
    ask(history, conversation, "Three", said("3"))
    conversation.choose(conversation.all_turns[1].key)
    history.save(conversation)
    loaded = history.load(conversation.key, no_opener)
    assert outline(loaded) == outline(conversation)
    assert [turn.question for turn in loaded.turns] == ["One", "Two"]
    assert [turn.question for turn in loaded.versions(loaded.turns[1])] == ["Two", "Two, in other words"]


def test_the_pictures_of_other_versions_are_not_those_of_an_answer(history: History) -> None:
    conversation = Conversation()
    first = ask(history, conversation, "One", said("1"), [page(REPORT, 1)])
    ask(history, conversation, "Two", said("2"), [page(REPORT, 2)])
    box = [BoxFound(Box("2", 0, 0, 1, 1), "x"), BoxFound(Box(None, 0, 0, 1, 1), "x"), DONE]
    ask(history, conversation, "Or", box, [page(REPORT, 3)], before=first.key)
    ask(history, conversation, "And", box)
    loaded = history.load(conversation.key, no_opener)
    assert [[each.picture_id for each in turn.answer.references] for turn in loaded.all_turns] == [
        [each.picture_id for each in turn.answer.references] for turn in conversation.all_turns
    ]
    assert outline(loaded) == outline(conversation)


@pytest.mark.parametrize("gone", range(4))
def test_deleting_a_turn_and_bringing_it_back_is_the_same_on_disk(history: History, gone: int) -> None:
    conversation = Conversation()
    first = ask(history, conversation, "One", said("1"))
    ask(history, conversation, "Two", said("2"))
    ask(history, conversation, "Two, in other words", said("II"), before=first.key)
    ask(history, conversation, "Three", said("3"))
    before, title = outline(conversation), conversation.title
    turn = conversation.all_turns[gone]
    after = [other.key for other in conversation.all_turns if other.before == turn.key]

    conversation.drop_turn(turn.id)
    history.delete_turn(turn.key)
    loaded = history.load(conversation.key, no_opener)
    assert outline(loaded) == outline(conversation)
    assert loaded.leaf == conversation.leaf
    assert history.summaries()[0].title == conversation.title

    conversation.restore_turn(turn, after)
    history.restore_turn(conversation, turn, after)
    loaded = history.load(conversation.key, no_opener)
    assert outline(loaded) == outline(conversation) == before
    assert loaded.leaf == conversation.leaf
    assert history.summaries()[0].title == title


def test_a_deleted_conversation_can_be_brought_back(history: History) -> None:
    conversation = Conversation()
    ask(history, conversation, "One", said("1"))
    history.delete(conversation.key)
    assert history.summaries() == []
    with pytest.raises(NotKept):
        history.load(conversation.key, no_opener)
    history.restore(conversation.key)
    assert outline(history.load(conversation.key, no_opener)) == outline(conversation)


def test_a_question_brings_its_deleted_conversation_back(history: History) -> None:
    conversation = Conversation()
    ask(history, conversation, "One", said("1"))
    history.delete(conversation.key)
    ask(history, conversation, "Two", said("2"))
    assert outline(history.load(conversation.key, no_opener)) == outline(conversation)


def test_what_is_not_there_is_said_to_be_so(history: History) -> None:
    conversation = Conversation()
    turn = conversation.start_turn("?", [], False)
    for act in (
        lambda: history.load(conversation.key, no_opener),
        lambda: history.delete(conversation.key),
        lambda: history.restore(conversation.key),
        lambda: history.journal(turn.key, [DONE], 0.0),
        lambda: history.finish_turn(turn),
        lambda: history.delete_turn(turn.key),
        lambda: history.restore_turn(conversation, turn, []),
    ):
        with pytest.raises(NotKept, match=r"^This .*\.$"):
            act()
    assert not history.is_written_elsewhere(turn.key)


def test_nothing_of_a_private_conversation_is_written(history: History, tmp_path: Path) -> None:
    conversation = Conversation(is_private=True)
    turn = conversation.start_turn("My secret question", [page(REPORT)], False)
    conversation.own_title = "My secret title"
    for act in (
        lambda: history.start_turn(conversation, turn),
        lambda: history.save(conversation),
        lambda: history.restore_turn(conversation, turn, []),
    ):
        with pytest.raises(ValueError):
            act()
    with pytest.raises(NotKept):
        history.journal(turn.key, said("My secret answer"), 0.0)
    history.close()
    assert not any(b"secret" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_an_object_hears_of_what_others_wrote_and_not_of_its_own(history: History, tmp_path: Path) -> None:
    other = History(tmp_path)
    conversation = Conversation()
    ask(history, conversation, "One", said("1"))
    assert not history.has_changed()
    assert other.has_changed() and not other.has_changed()
    other.delete(conversation.key)
    assert history.has_changed()
    other.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_the_files_are_their_users_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "history"
    history = History(folder)
    ask(history, Conversation(), "One", said("1"))
    history.keep_file(source("a", b"a"), b"a")
    for path in folder.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    history.close()


def test_a_folder_that_cannot_be_used_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(HistoryUnreadable, match=r"folder and its permissions\.$"):
        History(tmp_path / "file")


def test_strange_characters_are_kept_or_replaced_and_stop_nothing(history: History, tmp_path: Path) -> None:
    conversation = Conversation()
    strange = "a\0b \ud800 c\u202e \U0010ffff"
    ask(history, conversation, strange, said(strange), model_name=strange)
    history.rename(conversation.key, strange)
    loaded = history.load(conversation.key, no_opener)
    assert loaded.own_title == loaded.turns[0].question == strange.replace("\ud800", "?")
    assert loaded.turns[0].answer.said == strange
    assert is_sound(tmp_path)
