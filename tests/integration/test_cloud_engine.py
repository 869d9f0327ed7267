"""The engine against a server on loopback that answers as scripted: what is sent, how often, and what becomes of each reply."""

from __future__ import annotations

import gzip
import itertools
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inference.cloud.models import CloudModel
from inference.engine import Cancel
from inference.events import BoxFound, Event, Failed, Finished, Notice, Progress, ReasoningDelta, Started, TextDelta, ToolCall
from inference.types import ImagePart, LinkPart, Message, Request, TextPart, ToolSpec
from tests.helpers.asking import preparation_of, stream_of
from tests.helpers.cloud import GLM, KEY, Open, cloud_engines, quiet_environment
from tests.helpers.engine import WAIT_S, ask, ending_of, nothing_left_behind, output_of, question, wait_until
from tests.helpers.replay_server import ReplayServer, Script, refusal, sse, words

PICTURE = ImagePart.from_rgb(64, 48, bytes(range(256)) * 36)
HELLO = question("Hello")
ANSWER = Script(words("Hel", "lo!", usage={"prompt_tokens": 9, "completion_tokens": 2}))
ALL_OF_IT = "Hello!"


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    quiet_environment(monkeypatch, tmp_path)


@pytest.fixture
def open_engine() -> Iterator[Open]:
    with nothing_left_behind(), cloud_engines() as open_one:
        yield open_one


def said(events: list[Event], kind: type[Event]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


def failed(events: list[Event], code: str) -> Failed:
    ending = ending_of(events)
    assert isinstance(ending, Failed) and ending.code == code, ending
    assert KEY not in repr(events)
    return ending


def sent(server: ReplayServer, number: int = -1) -> dict[str, Any]:
    body = json.loads(server.requests[number].body)
    assert isinstance(body, dict)
    return body


# -- what is sent ------------------------------------------------------------------------------------------------------------


def test_an_answer_becomes_events_and_what_it_took_is_told(open_engine: Open) -> None:
    chunks = sse(
        {"choices": [{"index": 0, "delta": {"role": "assistant", "reasoning_content": "I look."}}]},
        {"choices": [{"index": 0, "delta": {"content": "Here: <|begin_of_box|>[[100,200,300,400]]"}}]},
        {"choices": [{"index": 0, "delta": {"content": "<|end_of_box|>."}}]},
        {"choices": [{"delta": {"tool_calls": [{"index": 0, "id": "c1", "function": {"name": "crop", "arguments": '{"x": 1}'}}]}}]},
        {
            "choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}],
            "usage": {"prompt_tokens": 20, "completion_tokens": 9, "prompt_tokens_details": {"cached_tokens": 16}},
        },
        "[DONE]",
    )
    with ReplayServer(Script((*chunks[:3], 0.05, *chunks[3:]))) as server:
        engine = open_engine(server.url)
        request = replace(question(PICTURE, "Where?", thinking=True), tools=(ToolSpec("crop", "Cuts.", {"type": "object"}),))
        events = ask(engine, request)
    assert events[:3] == [Progress("encoding", 1, 1), Progress("prefill", 0, 1), Started(0, 0)]
    assert said(events, ReasoningDelta) == [ReasoningDelta("I look.", "I look.")]
    (found,) = said(events, BoxFound)
    assert (found.box.image_id, found.box.x0, found.box.y1) == (PICTURE.id, 0.1, 0.4)
    (call,) = said(events, ToolCall)
    assert (call.call.id, call.call.name, call.call.arguments) == ("c1", "crop", {"x": 1})
    ending = ending_of(events)
    assert isinstance(ending, Finished) and ending.reason == "tool_calls"
    assert (ending.usage.prompt_tokens, ending.usage.cached_tokens, ending.usage.completion_tokens) == (20, 16, 9)
    timings = ending.timings
    assert timings.time_to_first_token_ms > 0 and timings.encode_ms > 0 and timings.decode_tokens_per_s > 0
    body = sent(server)
    assert body["stream"] is True and body["thinking"]["type"] == "enabled" and list(body)[-1] == "request_id"
    assert server.requests[0].path == "/v4/chat/completions" and server.requests[0].headers["authorization"] == f"Bearer {KEY}"


def test_a_later_turn_repeats_the_earlier_ones_byte_for_byte(open_engine: Open) -> None:
    asked = question(PICTURE, "What is it?")
    later = replace(asked, messages=(*asked.messages, Message.text("assistant", "A plane."), Message.text("user", "Sure?")))
    with ReplayServer(ANSWER) as server:
        engine = open_engine(server.url)
        ask(engine, asked)
        ask(engine, later)
        first, second = (request.body for request in server.requests)
    same = next(place for place, (old, new) in enumerate(zip(first, second, strict=False)) if old != new)
    assert b"data:image/png;base64," in first[:same] and b"What is it?" in first[:same]
    assert first[same:].count(b"{") < 3, "only the options follow"


def test_preparing_sends_nothing_and_does_the_work(open_engine: Open) -> None:
    with ReplayServer(ANSWER) as server:
        engine = open_engine(server.url)
        prepared = list(engine.prepare(question(PICTURE, ""), Cancel()))
        assert prepared[0] == Progress("encoding", 1, 1) and isinstance(prepared[1], Finished)
        assert server.connections == 0 and server.requests == []
        assert not any(event == Progress("encoding", 1, 1) for event in ask(engine, question(PICTURE, "What?")))
        assert len(server.requests) == 1


def test_a_picture_that_is_being_prepared_is_not_encoded_again(open_engine: Open) -> None:
    reads, may_go_on = list[int](), threading.Event()

    def read() -> bytes:
        reads.append(1)
        may_go_on.wait(WAIT_S)
        return PICTURE.read_rgb()

    asked = question(ImagePart("slow", PICTURE.width, PICTURE.height, read), "What?")
    with ReplayServer(ANSWER) as server:
        engine = open_engine(server.url)
        preparing = preparation_of(engine, asked)
        assert wait_until(lambda: reads)
        asking = stream_of(engine, asked)
        may_go_on.set()
        assert isinstance(ending_of(preparing.result()), Finished)
        assert output_of(asking.result()) == ALL_OF_IT and len(reads) == 1 and len(server.requests) == 1


NOT_TAKEN: dict[str, tuple[CloudModel, Request, str]] = {
    "a picture": (replace(GLM, inputs=frozenset({"text"})), question(PICTURE, "What?"), "request_refused"),
    "too many pictures": (replace(GLM, pictures_max=1), question(PICTURE, PICTURE, "What?"), "request_refused"),
    "a film": (GLM, Request((Message("user", (LinkPart("video", "https://example.com/a.mp4"),)),)), "link_refused"),
    "a grammar": (GLM, question("Hello", grammar='root ::= "x"'), "request_refused"),
    "a book": (replace(GLM, context_tokens=1_000), question("word " * 5_000), "context_too_long"),
    "a lost picture": (GLM, question(ImagePart("gone", 9, 9, lambda: b""), "What?"), "picture_unreadable"),
    "no JSON": (GLM, Request((Message("user", (TextPart("x"),)),), (ToolSpec("t", "", {"x": float("nan")}),)), "request_refused"),
}


@pytest.mark.parametrize("kind", NOT_TAKEN)
def test_what_the_model_cannot_take_is_said_before_anything_is_sent(open_engine: Open, kind: str) -> None:
    model, request, code = NOT_TAKEN[kind]
    with ReplayServer(ANSWER) as server:
        failure = failed(ask(open_engine(server.url, model), request), code)
        assert failure.message.endswith(".") and server.connections == 0


# -- replies -----------------------------------------------------------------------------------------------------------------

_WHOLE = {"choices": [{"message": {"content": ALL_OF_IT}, "finish_reason": "stop"}], "usage": {"completion_tokens": 2}}
_JSON = {"Content-Type": "application/json; charset=utf-8"}
_STREAM = {"Content-Type": "text/event-stream"}
GOOD = {
    "a stream": ANSWER,
    "byte by byte": Script(tuple(itertools.chain.from_iterable((bytes([byte]), 0.0) for byte in b"".join(ANSWER.chunks)))),  # type: ignore[arg-type]
    "gzip": Script((gzip.compress(b"".join(ANSWER.chunks)),), headers=_STREAM | {"Content-Encoding": "gzip"}),  # type: ignore[arg-type]
    "one JSON": Script((json.dumps(_WHOLE).encode(),), headers=_JSON),
    "kept alive by comments": Script((b": wait\n\n", 0.05, b": wait\n\n", *ANSWER.chunks)),
    "until it closes": Script(ANSWER.chunks, framing="close"),
    "no last mark": Script(ANSWER.chunks[:-1]),
}
BAD = {
    "cut in the middle": (Script(words("Hel", finish=None), ending="cut"), "reply_cut"),
    "ended in the middle": (Script(words("Hel", finish=None)), "reply_cut"),
    "silent in the middle": (Script(words("Hel", finish=None), ending="silence"), "reply_cut"),
    "silent after the question": (Script(is_silent=True), "server_silent"),
    "silent but for comments": (Script((b": wait\n\n", 0.05) * 20, ending="silence"), "server_silent"),
    "closed without a word": (Script(raw=b""), "server_unreachable"),
    "closed in the headers": (Script(raw=b"HTTP/1.1 200 OK\r\nContent-"), "server_unreachable"),
    "no HTTP": (Script(raw=b"220 mail.example.com ESMTP\r\n"), None),
    "a page": (Script((b"<html>Log in</html>",), headers={"Content-Type": "text/html"}), "reply_not_understood"),
    "no JSON": (Script((b"data: {nonsense\n\n",)), "reply_not_understood"),
    "a giant line": (Script((b"data: " + b"x" * (3 << 19),) * 2), "reply_not_understood"),
    "a damaged gzip": (Script((b"\x1f\x8bnonsense",), headers=_STREAM | {"Content-Encoding": "gzip"}), "reply_not_understood"),
    "an error in the stream": (Script(words("Hel", finish=None) + sse({"error": {"code": "1302", "message": ""}})), "server_busy"),
    "sensitive": (Script(words("Hel", finish="sensitive")), "content_refused"),
    "network_error": (Script(words("Hel", finish="network_error")), "server_failed"),
    "a redirect": (Script((), 302, {"Location": "https://elsewhere.example/v4"}), "address_invalid"),
}


@pytest.mark.parametrize("kind", GOOD)
def test_whole_answers_are_taken_in_whatever_form(open_engine: Open, kind: str) -> None:
    with ReplayServer(GOOD[kind]) as server:
        events = ask(open_engine(server.url))
        ending = ending_of(events)
        assert isinstance(ending, Finished) and ending.reason == "stop" and ending.usage.completion_tokens == 2
        assert output_of(events) == ALL_OF_IT and len(server.requests) == 1


@pytest.mark.parametrize("kind", BAD)
def test_broken_answers_are_failures_and_nothing_is_asked_twice(open_engine: Open, kind: str) -> None:
    script, code = BAD[kind]
    with ReplayServer(script) as server:
        events = ask(open_engine(server.url, limits={"first_byte_s": 1.5, "idle_s": 1.5}))
        ending = ending_of(events)
        assert isinstance(ending, Failed) and ending.code == (code or ending.code) and ALL_OF_IT.startswith(output_of(events))
        assert len(server.requests) == 1 and not said(events, Notice)


REFUSALS: dict[str, tuple[int, str, int]] = {
    **dict.fromkeys(["500", "1200", "1230", "1234"], (500, "server_failed", 4)),
    **dict.fromkeys(["401", "1000", "1001", "1002", "1003", "1004", "1005"], (401, "key_refused", 1)),
    **dict.fromkeys(["1110", "1111", "1112", "1113", "1120", "1121", "1309", "1311", "1313"], (429, "account_blocked", 1)),
    **dict.fromkeys(["1210", "1212", "1213", "1214", "1215", "1221", "1222"], (400, "request_refused", 1)),
    "1211": (400, "model_unknown", 1),
    "1220": (403, "account_blocked", 1),
    "1231": (400, "request_refused", 2),
    "1261": (400, "context_too_long", 1),
    "1301": (400, "content_refused", 1),
    **dict.fromkeys(["1302", "1303", "1305", "1312"], (429, "server_busy", 4)),
    **dict.fromkeys(["1304", "1308", "1310", *map(str, range(1314, 1322))], (429, "quota_used_up", 1)),
}


def test_every_documented_refusal_is_told_and_repeated_as_often_as_allowed(open_engine: Open) -> None:
    scripts = [
        script
        for code, (status, _, tries) in REFUSALS.items()
        for script in [refusal(status, code, f"no, {KEY}, because 因为")] * tries
    ]
    with ReplayServer(*scripts, Script(raw=b"")) as server:
        engine, before = open_engine(server.url), 0
        for code, (_, expected, tries) in REFUSALS.items():
            events = ask(engine)
            assert "because 因为" in failed(events, expected).message, code
            requests, before = server.requests[before:], len(server.requests)
            assert len({json.loads(request.body)["request_id"] for request in requests}) == len(requests) == tries, code
            assert [notice.code for notice in said(events, Notice)] == ["asking_again"] * (tries - 1)


def test_a_busy_server_is_asked_again_until_it_answers(open_engine: Open) -> None:
    with ReplayServer(refusal(429, "1305"), refusal(503, 503), refusal(400, "1231"), ANSWER) as server:
        events = ask(open_engine(server.url))
        assert isinstance(ending_of(events), Finished) and output_of(events) == ALL_OF_IT
        assert len(server.requests) == 4 and len(said(events, Notice)) == 3 and len(said(events, Started)) == 1


def test_where_nothing_listens_the_connection_is_tried_again_and_then_given_up(open_engine: Open) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    events = ask(open_engine(f"http://127.0.0.1:{port}"))
    assert "nothing listens there" in failed(events, "server_unreachable").message and len(said(events, Notice)) == 2


def test_reasoning_that_a_server_left_open_is_told_apart_from_the_second_answer_on(open_engine: Open) -> None:
    thinking, model = question("Hello", thinking=True), CloudModel("m")
    with ReplayServer(Script(words("I think.</think>\n", "Yes."))) as server:
        engine = open_engine(server.url, model, dialect="vllm")
        first, second = ask(engine, thinking), ask(engine, thinking)
    assert "reasoning_in_answer" in [notice.code for notice in said(first, Notice)]
    assert "".join(event.text for event in said(second, ReasoningDelta)).strip() == "I think."
    assert "".join(event.text for event in said(second, TextDelta)).strip() == "Yes." and not said(second, Notice)
