"""What servers stream becomes the events of an answer, and only a complete answer ends as one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference import errors
from inference.cloud.reply import ReplyReader, read_answer
from inference.cloud.sse import ServerEvent
from inference.events import (
    BoxFound,
    Event,
    Failed,
    Finished,
    Notice,
    Progress,
    ReasoningDelta,
    TextDelta,
    ToolCall,
    ToolCallDelta,
)
from inference.markup import visible_text
from inference.types import ToolUse, Usage
from tests.helpers.replay_server import sse, words

EVENTS = "text/event-stream; charset=utf-8"


def read(chunks: Sequence[bytes], content_type: str = EVENTS, reader: ReplyReader | None = None) -> list[Event]:
    reader, fault = reader or ReplyReader(["p"]), None
    events: list[Event] = []
    try:
        events += read_answer(chunks, content_type, reader)
    except errors.InferenceError as error:
        fault = error
    return events + reader.finish(fault)


def delta(finish: str | None = None, **fields: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": fields, "finish_reason": finish}]}


def reasoning(events: Sequence[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, ReasoningDelta))


def codes(events: Sequence[Event]) -> list[str]:
    return [event.code for event in events if isinstance(event, Notice)]


def test_text_boxes_and_usage_as_glm_sends_them() -> None:
    usage = {"prompt_tokens": 40, "completion_tokens": 9, "total_tokens": 49, "prompt_tokens_details": {"cached_tokens": 30}}
    events = read(words("It is <|begin_", "of_box|>[[1,2,3,4]]<|end_of_box|>", " there", usage=usage))
    assert visible_text(events) == "It is [[1,2,3,4]] there"
    assert next(event for event in events if isinstance(event, BoxFound)).box.image_id == "p"
    assert events[-1] == Finished("stop", Usage(40, 30, 0, 9))


def test_llama_servers_stream_with_pings_and_usage_in_a_last_chunk() -> None:
    last = {"choices": [], "usage": {"completion_tokens": 2, "prompt_tokens": 3}, "timings": {"cache_n": 0}}
    stream = [b":\n\n", *sse(delta(role="assistant", content=None), delta(content="Hi")), b": ping\n\n"]
    events = read([*stream, *sse(delta("length"), last, "[DONE]")])
    assert visible_text(events) == "Hi" and events[-1] == Finished("length", Usage(3, 0, 0, 2))


def test_llama_servers_progress_counts_what_there_is_to_do() -> None:
    def told(**progress: Any) -> dict[str, Any]:
        return {"choices": [{"delta": {"role": "assistant", "content": None}}], "prompt_progress": progress}

    reader, chunks = ReplyReader(), (told(total=11, cache=4, processed=4), told(total=11, cache=4, processed=11, time_ms=2))
    events = [event for chunk in chunks for event in reader.feed(ServerEvent("message", json.dumps(chunk)))]
    assert events == [Progress("prefill", 0, 7), Progress("prefill", 7, 7)] and reader.usage == Usage(11, 4)
    for odd in ("x", {"total": "x"}, {"total": 1, "processed": 5}):
        assert reader.feed(ServerEvent("message", json.dumps({"prompt_progress": odd}))) == []


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
def test_reasoning_in_a_field_of_its_own(name: str) -> None:
    reader = ReplyReader(starts_in_reasoning=True)  # learnt of another answer, and not so here
    stream = sse(delta(**{name: "why"}), delta(**{name: "!"}), delta(content="Yes"), delta("stop"), "[DONE]")
    events = read(stream, reader=reader)
    assert reasoning(events) == "why!" and visible_text(events) == "Yes" and events[-1] == Finished("stop")
    assert codes(events) == [] and not reader.leaves_reasoning_open


@pytest.mark.parametrize("name", ["content", "reasoning_content"])
def test_an_answer_without_end_is_broken_off(name: str) -> None:
    piece = "many words " * 50_000
    events = read(sse(*[delta(**{name: piece})] * 12, delta("stop")))
    assert len(reasoning(events) + visible_text(events)) < 5_000_000
    assert isinstance(events[-1], Failed) and events[-1].code == "reply_not_understood"


@pytest.mark.parametrize("name", ["content", "reasoning_content"])
def test_characters_that_come_in_halves_are_whole(name: str) -> None:
    pieces = [delta(**{name: piece}) for piece in ("a\ud83d", "", "\ude00b", "\ude00c", "\ud83d", "d\ud83d")]
    events = read(sse(*pieces, delta("stop", content="!")))
    assert (visible_text(events) if name == "content" else reasoning(events) + "!") == "a😀b�c�d" + (
        "�!" if name == "content" else "!"
    )


def test_tool_calls_hold_whole_characters() -> None:
    fragments = [{"name": "x\ud83d", "arguments": '{"a": "\ud83d'}, {"arguments": '\ude00"}'}]
    events = read(
        sse(*(delta(tool_calls=[{"index": 0, "id": "\ude00", "function": each}]) for each in fragments), delta("tool_calls"))
    )
    assert [event.call for event in events if isinstance(event, ToolCall)] == [ToolUse("�", "x�", {"a": "😀"})]
    assert "".join(event.raw for event in events if isinstance(event, ToolCallDelta)) == 'x�\n{"a": "😀"}'


def test_reasoning_left_in_the_answer_is_learnt_and_never_lost() -> None:
    stream = words("I thi", "nk.</th", "ink>\nYes")
    first = ReplyReader()
    events = read(stream, reader=first)
    assert visible_text(events) == "I think.Yes" and codes(events) == ["reasoning_in_answer"] and first.leaves_reasoning_open
    second = ReplyReader(starts_in_reasoning=first.leaves_reasoning_open)
    events = read(stream, reader=second)
    assert (
        reasoning(events) == "I think." and visible_text(events) == "Yes" and codes(events) == [] and second.leaves_reasoning_open
    )
    whole = ReplyReader()
    events = read(words("<think>", "a", "</think>", "\nYes"), reader=whole)
    assert (reasoning(events), visible_text(events), codes(events), whole.leaves_reasoning_open) == ("a", "Yes", [], False)


@pytest.mark.parametrize("starts_in_reasoning", [False, True])
def test_an_answer_that_is_all_reasoning_is_shown_as_the_answer(starts_in_reasoning: bool) -> None:
    field = "content" if starts_in_reasoning else "reasoning_content"
    events = read(sse(delta(**{field: "At [[1,2,3,4]]."}), delta("stop"), "[DONE]"), reader=ReplyReader(["p"], starts_in_reasoning))
    assert (
        codes(events) == ["answer_from_reasoning"] and visible_text(events) == "At [[1,2,3,4]]." and events[-1] == Finished("stop")
    )
    cut = read(sse(delta(reasoning_content="I thi"), delta("length"), "[DONE]"))
    assert visible_text(cut) == "" and cut[-1] == Finished("length")


def call(index: int | None = 0, **fields: Any) -> dict[str, Any]:
    identity = {name: fields.pop(name) for name in ("id",) if name in fields}
    return ({} if index is None else {"index": index}) | identity | {"type": "function", "function": fields}


@pytest.mark.parametrize(
    "fragments",
    [
        [[call(0, id="a", name="crop", arguments='{"x": 1}'), call(1, id="b", name="zoom", arguments="{}")]],
        [
            [call(0, id="a", name="crop", arguments='{"x"')],
            [call(0, arguments=": 1}")],
            [call(1, id="b", name="zoom", arguments="")],
        ],
        [
            [call(0, id="a", name="crop")],
            [call(1, id="b", name="zoom")],
            [call(0, arguments='{"x": '), call(1, arguments="{}")],
            [call(0, arguments="1}")],
        ],
        [[call(None, id="a", name="crop", arguments={"x": 1})], [call(None, id="b", name="zoom", arguments=None)]],
    ],
)
@pytest.mark.parametrize("finish", ["tool_calls", "stop"])
def test_tool_calls_whole_in_fragments_and_mixed(fragments: list[Any], finish: str) -> None:
    events = read(sse(delta(content="Look: "), *(delta(tool_calls=fragment) for fragment in fragments), delta(finish), "[DONE]"))
    calls = [event.call for event in events if isinstance(event, ToolCall)]
    assert calls == [ToolUse("a", "crop", {"x": 1}), ToolUse("b", "zoom", {})] and events[-1] == Finished("tool_calls")
    order = [
        event.index if isinstance(event, ToolCallDelta) else event.call.id
        for event in events
        if isinstance(event, ToolCallDelta | ToolCall)
    ]
    assert [item for n, item in enumerate(order) if n == 0 or item != order[n - 1]] == [0, "a", 1, "b"]  # each keeps together


def test_raw_and_broken_tool_calls() -> None:
    raw = read(words("<tool_call>crop\n<arg_key>x</arg_key>\n<arg_value>1</arg_value>\n</tool_call>"))
    assert [event.call.name for event in raw if isinstance(event, ToolCall)] == ["crop"] and raw[-1] == Finished("tool_calls")
    broken = read(sse(delta(tool_calls=[call(name="crop", arguments='{"x": ')]), delta("tool_calls"), "[DONE]"))
    assert visible_text(broken) == 'crop\n{"x": ' and broken[-1] == Finished("stop")
    cut = read(sse(delta(tool_calls=[call(name="crop")]), delta("length"), "[DONE]"))
    assert not any(isinstance(event, ToolCall) for event in cut) and cut[-1] == Finished("length")
    text_after = read(sse(delta(tool_calls=[call(name="crop", arguments="{}")]), delta(content="done"), delta("stop"), "[DONE]"))
    assert [type(event) for event in text_after] == [ToolCallDelta, ToolCall, TextDelta, Finished]


@pytest.mark.parametrize(
    ("reason", "last"),
    [
        ("sensitive", "content_refused"),
        ("content_filter", "content_refused"),
        ("network_error", "server_failed"),
        ("abort", "reply_cut"),
        ("model_context_window_exceeded", Finished("length")),
        ("eos", Finished("stop")),
    ],
)
def test_reasons_for_the_end(reason: str, last: Finished | str) -> None:
    events = read(words("Half", finish=reason))
    assert visible_text(events) == "Half"
    assert events[-1] == last if isinstance(last, Finished) else isinstance(events[-1], Failed) and events[-1].code == last


def test_a_reason_that_nobody_knows_is_told() -> None:
    assert codes(read(words("x", finish="tired"))) == ["finish_reason_unknown"]


@pytest.mark.parametrize(
    ("chunks", "code"),
    [
        (words("Half", finish=None), "reply_cut"),
        ((*words("Half", finish=None), *sse("[DONE]")), "reply_cut"),
        ((*words("Half", finish=None), *sse({"error": {"code": "1305", "message": "busy"}})), "server_busy"),
        ((*words("Half", finish=None), b'event: error\ndata: {"code": "1301", "message": "no"}\n\n'), "content_refused"),
        ((*words("Half", finish=None), b"event: error\ndata: out of order\n\n"), "server_failed"),
        ((*words("Half", finish=None), *sse({"object": "error", "message": "x", "code": 400})), "request_refused"),
        ((*words("Half"), *sse({"error": {"code": 500}}))[:-2] + sse({"error": {"code": 500}}), "server_failed"),
        ((*words("Half", finish=None), b"data: {broken\n\n"), "reply_not_understood"),
        ((*words("Half", finish=None), b"data: 5\n\n"), "reply_not_understood"),
        ((*words("Half", finish=None), *sse(delta(content=5))), "reply_not_understood"),
        ((*words("Half", finish=None), b"data: " + b"x" * 2_000_000), "reply_not_understood"),
        ((*words("Half", finish=None), b"data: " + b"[" * 200_000 + b"\n\n"), "reply_not_understood"),
        ((*words("Half", finish=None), b'data: {"choices":[{"delta":{"content":"more'), "reply_not_understood"),
    ],
)
def test_what_breaks_off_keeps_its_text_and_is_never_complete(chunks: Sequence[bytes], code: str) -> None:
    events = read(chunks)
    assert visible_text(events) == "Half"
    assert isinstance(events[-1], Failed) and events[-1].code == code
    assert sum(isinstance(event, Finished | Failed) for event in events) == 1


@pytest.mark.parametrize(
    "rest",
    [
        sse(delta("sensitive") | {"usage": {"prompt_tokens": 40, "completion_tokens": 9}}, "[DONE]"),
        sse(delta("content_filter"), {"choices": [], "usage": {"prompt_tokens": 40, "completion_tokens": 9}}, "[DONE]"),
        sse({"error": {"code": "1234"}, "usage": {"prompt_tokens": 40, "completion_tokens": 9}}),
        sse({"choices": [], "usage": {"prompt_tokens": 40, "completion_tokens": 9}}),  # vLLM: continuous_usage_stats; then cut
    ],
)
def test_what_a_failed_answer_used_is_told(rest: tuple[bytes, ...]) -> None:
    failed = read((*words("Half", finish=None), *rest))[-1]
    assert isinstance(failed, Failed) and failed.usage == Usage(40, 0, 0, 9)


def test_a_fault_after_the_end_changes_nothing_and_a_cancelled_answer_is_stopped() -> None:
    for fault, last in ((errors.ReplyCut("x"), "stop"), (errors.Cancelled("x"), "cancelled")):
        reader = ReplyReader()
        list(read_answer(words("all")[:-1], EVENTS, reader))
        finished = reader.finish(fault)[-1]
        assert isinstance(finished, Finished) and finished.reason == last


def test_a_whole_reply_is_read_though_a_stream_was_asked_for() -> None:
    message = {"role": "assistant", "content": [{"type": "text", "text": "Hi"}], "reasoning_content": "r"}
    reply = {"choices": [{"message": message, "finish_reason": "stop"}], "usage": {"prompt_tokens": 3, "completion_tokens": True}}
    body = json.dumps(reply).encode()
    events = read([body[:9], body[9:]], "application/json; charset=utf-8")
    assert (visible_text(events), reasoning(events), events[-1]) == ("Hi", "r", Finished("stop", Usage(3)))
    refused = read([b'{"code": 500, "msg": "404 NOT_FOUND", "success": false}'], "application/json")[-1]
    assert isinstance(refused, Failed) and refused.code == "address_invalid"
    endless = read([b" " * 1_000_000] * 20, "application/json")[-1]
    assert isinstance(endless, Failed) and endless.code == "reply_not_understood"


def test_a_page_is_no_answer() -> None:
    page = read([b"<html>Log in"], "text/html")[-1]
    assert isinstance(page, Failed) and page.code == "reply_not_understood" and "text/html" in page.message


_FIELDS = ["choices", "delta", "message", "content", "reasoning", "tool_calls", "function", "name", "arguments", "index", "id"]
_FIELDS += ["finish_reason", "usage", "prompt_tokens", "prompt_tokens_details", "error", "code", "text"]
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["stop", "</think>", "<tool_call>", "a", "[[1,"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(_FIELDS),
            inner,
            max_size=5,
        )
    ),
    max_leaves=14,
)
_DELTAS = st.fixed_dictionaries(
    {"choices": st.lists(st.fixed_dictionaries({"delta": _VALUES}, optional={"finish_reason": _VALUES}))}
)


@given(st.lists(_VALUES | _DELTAS, max_size=5), st.booleans())
def test_nothing_that_a_server_sends_raises(values: list[Any], starts_in_reasoning: bool) -> None:
    reader = ReplyReader(["p"], starts_in_reasoning)
    events = read(sse(*values), reader=reader)
    assert sum(isinstance(event, Finished | Failed) for event in events) == 1 and isinstance(events[-1], Finished | Failed)
    if isinstance(events[-1], Finished):
        assert any("finish_reason" in json.dumps(value) for value in values)
    read([json.dumps(value).encode() for value in values[:1]], "application/json")
