"""An answer takes engine events in and holds what to show."""

from __future__ import annotations

import pytest

from app.chat.answer import Answer, AnswerState, Reference, TextBlock, ToolBlock
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
    answer = answer_to(text("Two: "), BoxFound(BOX, "[[1],"), BoxFound(BOX, ""), text(". Done"))
    assert answer.blocks == [TextBlock(["Two: ", Reference(1, BOX, "a"), Reference(2, BOX, "a"), ". Done"])]
    assert answer.markdown() == "Two: [1][2]. Done"
    assert [reference.number for reference in answer.references] == [1, 2]


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


def test_a_picture_reference_without_boxes_means_the_whole_picture() -> None:
    answer = answer_to(ImageRef("1", (), "the chart", "!<image_ref>"))
    box = answer.references[0].box
    assert (box.x0, box.y0, box.x1, box.y1, box.label) == (0, 0, 1, 1, "the chart")


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
