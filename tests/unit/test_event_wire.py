"""Events as JSON: nothing is lost on the way, nothing false is let in, and fewer events tell the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat.answer import Answer
from inference.event_wire import event_from_wire, event_to_wire, joined
from inference.events import (
    BoxFound,
    Event,
    Finished,
    TextDelta,
    ToolCall,
)
from inference.types import Box, Timings, ToolUse, Usage
from tests.helpers.events import deltas, events, json_values
from tests.helpers.history import shown


@given(events)
def test_an_event_comes_back_from_json_as_it_was(event: Event) -> None:
    assert event_from_wire(json.loads(json.dumps(event_to_wire(event)))) == event


@given(events, st.dictionaries(st.text(min_size=1).map(lambda key: f"new_{key}"), json_values, max_size=2))
def test_what_a_later_version_adds_is_passed_over(event: Event, added: dict[str, Any]) -> None:
    assert event_from_wire(event_to_wire(event) | added) == event


@given(events, st.data())
def test_a_damaged_event_is_refused_or_read_and_nothing_else(event: Event, data: st.DataObject) -> None:
    wire = event_to_wire(event)
    key = data.draw(st.sampled_from(sorted(wire)))
    wire[key] = data.draw(json_values)
    try:
        read = event_from_wire(wire)
    except ValueError:
        return
    assert event_from_wire(event_to_wire(read)) == read
    Answer().apply(read)


@pytest.mark.parametrize(
    "wire",
    [
        *({}, {"event": None}, {"event": []}, {"event": "song"}, {"event": "text"}, {"event": "text", "text": 3}),
        *({"event": "box", "raw": ""}, {"event": "box", "box": {"place": [0, 0, 1]}, "raw": ""}),
        *({"event": "box", "box": {"place": place}, "raw": ""} for place in ([0, 0, 1, 10**400], [0, 0, 1, 1.5], [1, 0, 0, 1])),
        *({"event": "finished", "reason": "tired"}, {"event": "finished", "reason": ["stop"]}, {"event": "tool_call", "call": []}),
    ],
    ids=repr,
)
def test_what_is_no_event_is_refused(wire: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        event_from_wire(wire)


@pytest.mark.parametrize("value", [[], None, "text", 3])
def test_what_is_no_object_is_refused(value: Any) -> None:
    with pytest.raises(ValueError):
        event_from_wire(value)


def test_the_end_of_an_answer_survives_an_impossible_number() -> None:
    ended = Finished("stop", Usage(completion_tokens=3), Timings(decode_tokens_per_s=float("inf")))
    assert event_from_wire(json.loads(json.dumps(event_to_wire(ended)))) == Finished("stop", Usage(completion_tokens=3))


def test_arguments_that_are_no_json_cost_neither_the_call_nor_its_text() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    for arguments in ({"deep": deep}, {"set": {1}}, {"many": 10**5000}):
        wire = event_to_wire(ToolCall(ToolUse("1", "find", arguments), "raw"))
        assert event_from_wire(json.loads(json.dumps(wire))) == ToolCall(ToolUse("1", "find", {}), "raw")


@given(st.lists(deltas | events, max_size=12))
def test_joined_events_make_the_same_answer(several: list[Event]) -> None:
    few = joined(several)
    assert len(few) <= len(several)
    assert shown(_answer(few)) == shown(_answer(several))


def test_pieces_of_text_become_one() -> None:
    pieces: list[Event] = [TextDelta(letter, letter) for letter in "\n\nHello there"]
    assert joined(pieces) == [TextDelta("\n\n", "\n\n"), TextDelta("Hello there", "Hello there")]


def test_pieces_with_a_box_between_them_stay_apart() -> None:
    mixed: list[Event] = [TextDelta("a", "a"), TextDelta("b", "b"), BoxFound(Box(None, 0, 0, 1, 1), "x"), TextDelta("c", "c")]
    assert joined(mixed) == [TextDelta("ab", "ab"), *mixed[2:]]


def _answer(several: list[Event]) -> Answer:
    answer = Answer(("one", "two"), clock=lambda: 0.0)
    for event in several:
        answer.apply(event)
    return answer
