"""An answer takes engine events in and holds what to show. Names of pictures, and places for them, are in tests of their own."""

from __future__ import annotations

import pytest

from app.chat.answer import Answer, AnswerState, PictureBlock, Reference, TextBlock, ToolBlock
from inference.events import (
    BoxFound,
    Event,
    Failed,
    Finished,
    ImageRef,
    Notice,
    Progress,
    ReasoningDelta,
    Started,
    TextDelta,
    ToolCall,
    ToolCallDelta,
)
from inference.types import Box, Timings, ToolUse, Usage

BOX = Box(None, 0.1, 0.2, 0.3, 0.4, "circle")
OTHER = Box(None, 0.5, 0.6, 0.7, 0.8)


def text(value: str) -> TextDelta:
    return TextDelta(value, value)


def answer_to(*events: Event, pictures: tuple[str, ...] = ("a",), latest: tuple[str, ...] = ()) -> Answer:
    answer = Answer(pictures, latest)
    for event in events:
        answer.apply(event)
    return answer


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_text_arrives_as_one_piece() -> None:
    answer = answer_to(Started(3, 0), text("A red "), text("circle."), Finished("stop"))
    assert answer.blocks == [TextBlock(["A red circle."])]
    assert answer.state is AnswerState.FINISHED


def test_boxes_are_numbered_where_they_stand() -> None:
    answer = answer_to(text("Two: "), BoxFound(BOX, "[[1],"), BoxFound(OTHER, ""), text(". Done"))
    first, second = Reference(1, BOX, "a", "circle"), Reference(2, OTHER, "a", "[500, 600, 700, 800]")
    assert answer.blocks == [TextBlock(["Two: ", first, second, ". Done"])]
    assert answer.references == [first, second]
    assert answer.markdown() == "Two: [1][2]. Done"


def test_the_same_place_has_the_same_number_wherever_it_is_mentioned() -> None:
    again = Box("a", 0.1, 0.2, 0.3, 0.4, "it")
    answer = answer_to(
        BoxFound(BOX, "x"), text(" and "), BoxFound(OTHER, "x"), text(", "), BoxFound(again, "x"), ImageRef("1", (again,), "", "x")
    )
    assert answer.markdown() == "[1] and [2], [1][1]"
    assert [reference.number for reference in answer.references] == [1, 2]
    elsewhere = answer_to(BoxFound(BOX, "x"), BoxFound(Box("2", 0.1, 0.2, 0.3, 0.4), "x"), pictures=("a", "b"))
    assert elsewhere.markdown() == "[1][2]"


def test_what_was_said_is_kept_byte_for_byte_and_without_reasoning() -> None:
    answer = answer_to(
        ReasoningDelta("hm", "<think>hm</think>"),
        TextDelta("Here: ", "\nHere: "),
        BoxFound(BOX, "<|begin_of_box|>[[1,2,3,4]]<|end_of_box|>"),
        ToolCall(ToolUse("1", "crop", {}), "<tool_call>crop</tool_call>"),
    )
    assert answer.said == "\nHere: <|begin_of_box|>[[1,2,3,4]]<|end_of_box|>"
    assert answer.reasoning == "hm"


@pytest.mark.parametrize(
    ("target", "picture_id"),
    [(None, "b"), ("a", "a"), ("1", "a"), ("3", "c"), ("4", None), ("0", None), ("zzz", None), ("²", None)],
)
def test_a_reference_names_a_picture_by_id_by_number_or_not_at_all(target: str | None, picture_id: str | None) -> None:
    answer = answer_to(BoxFound(Box(target, 0, 0, 1, 1), "x"), pictures=("a", "b", "c"), latest=("b", "c"))
    assert answer.references[0].picture_id == picture_id


def test_a_picture_reference_shows_the_picture_and_is_mentioned_in_the_text() -> None:
    answer = answer_to(text("See "), ImageRef("1", (BOX, OTHER), "the chart", "!<image_ref>"), text("."))
    answer.apply(Finished("stop"))
    first, second = answer.references
    assert (first.text, second.text) == ("the chart", "the chart")
    assert answer.blocks == [TextBlock(["See ", first, second, "."]), PictureBlock([first, second], "the chart")]


def test_a_picture_reference_without_boxes_means_the_whole_picture() -> None:
    box = answer_to(ImageRef("1", (), "the chart", "!<image_ref>")).references[0].box
    assert (box.x0, box.y0, box.x1, box.y1, box.label) == (0, 0, 1, 1, "the chart")


def test_what_was_shown_already_is_mentioned_but_not_shown_again() -> None:
    once = ImageRef("1", (BOX,), "c", "r")
    answer = answer_to(once, text("\n\nAgain: "), once, text("\n\nPart: "), ImageRef("1", (OTHER,), "d", "r"), Finished("stop"))
    assert [type(block) for block in answer.blocks] == [TextBlock, PictureBlock, TextBlock, PictureBlock]
    assert answer.markdown() == "[1]\n\nc\n\nAgain: [1]\n\nPart: [2]\n\nd"


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (ImageRef("7", (BOX, OTHER), "the chart", "!<image_ref>[7, ...]</image_ref>"), "the chart"),
        (ImageRef("logo.png", (), "x", "![x](logo.png)"), "![x](logo.png)"),
        (BoxFound(Box("7", 0.1, 0.2, 0.3, 0.4, "cat"), "{...}"), "cat"),
        (BoxFound(Box("7", 0.1, 0.2, 0.3, 0.4), "{...}"), "[100, 200, 300, 400]"),
    ],
)
def test_a_picture_that_does_not_exist_is_a_reference_in_words(event: Event, words: str) -> None:
    answer = answer_to(text("See "), event, text("."), Finished("stop"), pictures=("a", "b"))
    (block,) = answer.blocks
    assert isinstance(block, TextBlock)
    assert [(ref.picture_id, ref.text) for ref in answer.references] == [(None, words)]
    assert answer.markdown() == f"See {words}."


def test_words_of_references_that_lead_nowhere_do_not_run_together() -> None:
    ghost = Box("7", 0, 0, 1, 1, "ghost")
    answer = answer_to(*(BoxFound(box, "x") for box in (BOX, OTHER, ghost, Box("8", 0, 0, 1, 1, "shade"))), pictures=("a", "b"))
    assert answer.markdown() == "[1][2], ghost, shade"


def test_references_that_lead_nowhere_leave_no_gap_in_the_numbers() -> None:
    lost = [Box("7", 0, 0, 1, 1, label) for label in ("ghost", "shade")]
    answer = answer_to(*(BoxFound(box, "x") for box in (lost[0], BOX, lost[1], lost[0], OTHER)), pictures=("a", "b"))
    assert [reference.number for reference in answer.references if reference.picture_id is not None] == [1, 2]
    assert len({reference.number for reference in answer.references}) == 4
    assert "[1]" in answer.markdown() and "[2]" in answer.markdown() and answer.markdown().count("[") == 2


def test_without_pictures_a_box_leads_nowhere() -> None:
    answer = answer_to(BoxFound(BOX, "x"), pictures=())
    assert (answer.references[0].picture_id, answer.markdown()) == (None, "circle")


def test_pictures_are_copied_by_their_names() -> None:
    answer = Answer(("a",), names={"report.pdf, page 3": "a"})
    for event in (text("Look:"), ImageRef("1", (), "Sales", "r"), text("\n\nThey fell."), Finished("stop")):
        answer.apply(event)
    assert answer.markdown() == "Look:[1]\n\n![Sales](report.pdf, page 3)\n\nThey fell."


def test_thinking_is_timed_until_the_first_word() -> None:
    clock = Clock()
    answer = Answer(clock=clock)
    answer.apply(ReasoningDelta("so", "so"))
    clock.now_s = 4.0
    answer.apply(ReasoningDelta(" on", " on"))
    assert (answer.state, answer.reasoning_s) == (AnswerState.THINKING, 4.0)
    clock.now_s = 6.0
    answer.apply(text("\n"))
    assert answer.state is AnswerState.THINKING
    answer.apply(text("Red."))
    clock.now_s = 9.0
    answer.apply(Finished("stop"))
    assert (answer.reasoning, answer.reasoning_s) == ("so on", 6.0)


def test_progress_is_shown_until_the_first_word() -> None:
    answer = answer_to(Progress("encoding", 3, 12))
    assert answer.progress == Progress("encoding", 3, 12)
    answer.apply(text("A"))
    assert answer.progress is None


def test_a_failure_keeps_what_came_before() -> None:
    answer = answer_to(text("Half an ans"), Failed("engine_crashed", "It crashed."), text("late"))
    assert answer.state is AnswerState.FAILED
    assert answer.failure is not None
    assert answer.failure.code == "engine_crashed"
    assert answer.markdown() == "Half an ans"


def test_a_stopped_answer_is_not_a_failure() -> None:
    answer = answer_to(text("Half"), Finished("cancelled", Usage(3, 2, 1, 1), Timings(decode_tokens_per_s=9.0)))
    assert answer.state is AnswerState.STOPPED
    assert answer.is_final
    assert (answer.usage.prompt_tokens, answer.timings.decode_tokens_per_s) == (3, 9.0)


def test_a_tool_call_is_a_block_of_its_own() -> None:
    call = ToolUse("1", "crop", {"bbox": [1, 2, 3, 4]})
    answer = answer_to(text("Wait."), ToolCallDelta(0, "<tool_"), ToolCallDelta(0, "call>"), ToolCall(call, ""), text("Then."))
    assert answer.blocks == [TextBlock(["Wait."]), ToolBlock(0, "<tool_call>", call), TextBlock(["Then."])]
    assert answer.markdown() == "Wait.\n\nThen."


def test_notices_are_kept_in_order() -> None:
    answer = answer_to(Notice("a", "A."), Notice("b", "B."))
    assert [notice.code for notice in answer.notices] == ["a", "b"]
