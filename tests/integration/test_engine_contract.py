"""What every engine holds: the model on this computer, and the same model behind llama-server's engine on loopback.

Both are asked the same by the same script. What only one of them can or must do is in files of its own.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace

import pytest

from inference.cloud.config import CloudConfig
from inference.cloud.engine import CloudEngine
from inference.cloud.models import CloudModel
from inference.engine import Cancel, Engine
from inference.events import BoxFound, Event, Failed, Finished, ImageRef, ReasoningDelta, Started, TextDelta, ToolCall
from inference.types import ImagePart, LinkPart, Message, Request, SamplingParams
from tests.helpers.asking import is_encoding, is_text, queued, queued_numbers, stopped, stream_of
from tests.helpers.boxes import boxes_in, iou
from tests.helpers.engine import (
    GREEDY,
    HELLO,
    HELLO_ANSWER,
    LONG_GRAMMAR,
    ask,
    assert_answers,
    ending_of,
    nothing_left_behind,
    output_of,
    question,
    running_engine,
)
from tests.helpers.llama_server import CONTEXT_TOKENS, LlamaServer, running_llama_server
from tests.helpers.scenes import CROP_TOOL, Sample, Task, conversation, is_right, sample, with_crop

SAMPLES = int(os.environ.get("SIGHTLINE_SAMPLES", "5"))
ACCURACY = {"locate": 0.94, "describe": 0.95, "count": 0.985, "number": 1.0, "video": 1.0, "tool": 0.97}
"""Of tests/data/tiny_model/README.md, thinking off and on taken together."""
LONG = question("Hello", grammar=LONG_GRAMMAR)
ENDLESS = question("Hello", grammar='root ::= "Once" [a-z ]* "@"')
"""Ends when the context is full, which takes 14 s here at the least."""
PROMPTLY_S = 10.0
"""Far above what it takes, and below what an endless answer takes."""
_BBOX = {"type": "array", "items": {"type": "integer"}, "minItems": 4, "maxItems": 4}
CROP = replace(CROP_TOOL, parameters={"type": "object", "properties": {"bbox": _BBOX}, "required": ["bbox"]})


@dataclass(frozen=True)
class Side:
    """One of the two. `start` gives a fresh engine, `is_idle` waits until nothing is generated."""

    start: Callable[[], AbstractContextManager[Engine]]
    is_idle: Callable[[], bool]


@pytest.fixture(scope="module", params=["local", "llama-server"])
def side(request: pytest.FixtureRequest) -> Iterator[Side]:
    if request.param == "local":
        yield Side(lambda: running_engine(n_ctx=CONTEXT_TOKENS), lambda: True)
        return
    with running_llama_server() as server:
        yield Side(lambda: engine_of(server), server.becomes_idle)


@contextmanager
def engine_of(server: LlamaServer) -> Iterator[Engine]:
    engine = CloudEngine(CloudConfig(f"{server.address}/v1", CloudModel("tiny"), "llama_server"))
    try:
        yield engine
    finally:
        engine.close()


@pytest.fixture(scope="module")
def engine(side: Side) -> Iterator[Engine]:
    with side.start() as engine:
        yield engine


@pytest.fixture
def fresh(side: Side) -> Iterator[Engine]:
    """One that nobody used, which leaves nothing behind."""
    with nothing_left_behind(), side.start() as engine:
        yield engine


def finished(events: list[Event]) -> Finished:
    ending = ending_of(events)
    assert isinstance(ending, Finished), ending
    return ending


def failed(events: list[Event]) -> Failed:
    ending = ending_of(events)
    assert isinstance(ending, Failed), ending
    return ending


def visible(events: list[Event]) -> str:
    return "".join(event.raw for event in events if isinstance(event, TextDelta | BoxFound | ImageRef))


def picture(seed: int) -> ImagePart:
    return sample("describe", random.Random(f"contract {seed}")).images[0]


# -- answers -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("task", sorted(ACCURACY))
def test_answers_are_as_right_as_the_model_can(engine: Engine, task: Task) -> None:
    """Thinking on and off by turns; a tool is called, and its result looked at, by turns."""
    rng, right = random.Random(f"contract {task}"), 0
    for number in range(SAMPLES):
        thinking, asked = number % 2 == 1, sample(task, rng)
        if task == "tool":
            asked = replace(with_crop(asked) if number % 4 >= 2 else asked, tools=(CROP,))
        events = ask(engine, Request(asked.messages, asked.tools, GREEDY, thinking=thinking, max_tokens=96))
        reasoning = "".join(event.text for event in events if isinstance(event, ReasoningDelta)).strip()
        right += tells_right(asked, events) and reasoning == (asked.thinking_text if thinking else "")
    assert right >= int(SAMPLES * (ACCURACY[task] - 0.05))


def tells_right(asked: Sample, events: list[Event]) -> bool:
    """Whether the events say what is expected, boxes and calls included."""
    ending, said = finished(events), visible(events)
    calls = [event.call for event in events if isinstance(event, ToolCall)]
    assert (ending.reason == "tool_calls") == bool(calls)
    if "<tool_call>" in asked.expected_text:
        (wanted,) = asked.expected_boxes
        # It was not taught to stop after a call: noise, which may be another one, follows.
        return bool(calls) and calls[0].name == CROP.name and iou(calls[0].arguments["bbox"], wanted) > 0.5
    found = [event.box for event in events if isinstance(event, BoxFound)]
    assert [tuple(round(edge * 1000) for edge in (box.x0, box.y0, box.x1, box.y1)) for box in found] == list(boxes_in(said))
    assert all(box.image_id == asked.images[0].id for box in found)
    if asked.expected_boxes:
        return is_right(asked, said)
    return said.strip() == asked.expected_text


def test_the_joined_raw_is_what_the_model_wrote(engine: Engine) -> None:
    assert output_of(ask(engine)) == HELLO_ANSWER
    assert output_of(ask(engine, replace(HELLO, thinking=True))).strip() == f"<think>A greeting.</think>\n{HELLO_ANSWER}"


def test_the_second_turn_finds_the_picture_in_the_cache(engine: Engine) -> None:
    first, second = conversation(random.Random("contract turns"))
    opening = ask(engine, Request(first.messages, sampling=GREEDY))
    follow_up = ask(engine, Request(second.following(first, output_of(opening)).messages, sampling=GREEDY))
    before, after = finished(opening).usage, finished(follow_up).usage
    picture_tokens = first.images[0].width * first.images[0].height // 28**2
    assert before.prompt_tokens > picture_tokens and after.prompt_tokens > before.prompt_tokens
    assert after.cached_tokens > picture_tokens
    (started,) = (event for event in follow_up if isinstance(event, Started))
    assert (started.prompt_tokens, started.cached_tokens) == (after.prompt_tokens, after.cached_tokens)
    assert after.completion_tokens > 0 and finished(follow_up).timings.time_to_first_token_ms > 0


@pytest.mark.parametrize("limit", [1, 2, 9])
def test_an_answer_ends_at_its_limit(engine: Engine, limit: int) -> None:
    events = ask(engine, replace(HELLO, max_tokens=limit))
    assert finished(events).reason == "length" and finished(events).usage.completion_tokens == limit
    assert HELLO_ANSWER.startswith(output_of(events)) and output_of(events) != HELLO_ANSWER


def test_the_same_seed_gives_the_same_answer(engine: Engine) -> None:
    wild = question("Hello", sampling=SamplingParams(2.0, 1.0, 0, 1.1, 7), max_tokens=24)
    assert len({output_of(ask(engine, wild)) for _ in range(3)}) == 1
    others = {output_of(ask(engine, replace(wild, sampling=replace(wild.sampling, seed=seed)))) for seed in range(4)}
    assert len(others) > 1


# -- preparing ---------------------------------------------------------------------------------------------------------------


def test_what_was_prepared_is_not_done_again(engine: Engine) -> None:
    request = question(picture(1), picture(2), "What do you see?")
    for is_first in (True, False):
        prepared = list(engine.prepare(request, Cancel()))
        assert finished(prepared).reason == "stop" and any(map(is_encoding, prepared)) == is_first
    assert not any(map(is_encoding, ask(engine, request)))


def test_a_preparation_that_fails_says_so_and_does_no_harm(engine: Engine) -> None:
    events = list(engine.prepare(question(ImagePart("gone", 112, 112, lambda: b""), "What?"), Cancel()))
    assert failed(events).code == "picture_unreadable"
    assert_answers(engine)


# -- stopping ----------------------------------------------------------------------------------------------------------------


def test_stopped_while_the_answer_comes(side: Side, engine: Engine) -> None:
    whole = output_of(ask(engine, LONG))
    events, took_s = stopped(engine, LONG, is_text)
    assert finished(events).reason == "cancelled" and took_s < PROMPTLY_S
    assert whole.startswith(output_of(events)) and len(output_of(events)) < len(whole)
    began = time.monotonic()
    stopped(engine, ENDLESS, is_text)
    assert side.is_idle()
    assert time.monotonic() - began < PROMPTLY_S, "it went on although nobody listened"
    assert_answers(engine)


def test_a_request_cancelled_before_it_began_does_nothing(fresh: Engine) -> None:
    cancel = Cancel()
    cancel.set()
    assert ask(fresh, LONG, cancel) == [Finished("cancelled")]


def test_cancelling_what_is_over_does_no_harm(engine: Engine) -> None:
    cancel = Cancel()
    ask(engine, HELLO, cancel)
    cancel.set()
    assert_answers(engine)


def test_an_abandoned_answer_is_stopped_and_makes_way(engine: Engine) -> None:
    for _ in range(3):
        stream = engine.stream(ENDLESS, Cancel())
        while not isinstance(next(stream), TextDelta):
            pass
        stream.close()  # type: ignore[attr-defined]
        assert_answers(engine)
    stream = engine.stream(ENDLESS, Cancel())
    next(stream)
    del stream
    assert_answers(engine)


def test_cancelled_at_random_moments_the_next_answer_is_right(engine: Engine) -> None:
    rng = random.Random("contract cancel")
    for _ in range(5):
        cancel = Cancel()
        timer = threading.Timer(rng.uniform(0, 0.2), cancel.set)
        timer.start()
        finished(ask(engine, rng.choice([LONG, question("word " * 900)]), cancel))
        timer.join()
        assert_answers(engine)


# -- the line ----------------------------------------------------------------------------------------------------------------


def test_answers_come_in_order_and_report_their_place(engine: Engine) -> None:
    askers = [stream_of(engine, ENDLESS)]
    assert askers[0].has(is_text)
    for ahead, request in ((1, ENDLESS), (2, HELLO)):
        askers.append(stream_of(engine, request))
        assert askers[ahead].has(queued(ahead))
    askers[0].cancel.set()
    assert askers[1].has(is_text) and askers[2].has(queued(1))
    askers[1].cancel.set()
    assert [output_of(asker.result()) for asker in askers][2] == HELLO_ANSWER
    assert askers[0].ended_at < askers[1].ended_at < askers[2].ended_at
    assert [queued_numbers(asker.events) for asker in askers] == [[], [1], [2, 1]]


def test_cancelling_while_waiting_ends_at_once_and_the_next_moves_up(engine: Engine) -> None:
    first = stream_of(engine, ENDLESS)
    assert first.has(is_text)
    second = stream_of(engine, LONG)
    assert second.has(queued(1))
    third = stream_of(engine, HELLO)
    assert third.has(queued(2))
    second.cancel.set()
    assert second.result()[-1] == Finished("cancelled") and not any(map(is_text, second.events))
    assert third.has(queued(1))
    first.cancel.set()
    assert output_of(third.result()) == HELLO_ANSWER
    assert finished(first.result()).reason == "cancelled" and first.ended_at < third.ended_at


def test_a_failure_does_not_hold_up_the_line(engine: Engine) -> None:
    broken = ImagePart("gone", 112, 112, lambda: b"")
    askers = [stream_of(engine, request) for request in (LONG, question(broken, "What?"), LONG, HELLO)]
    results = [asker.result() for asker in askers]
    assert [type(ending_of(events)).__name__ for events in results] == ["Finished", "Failed", "Finished", "Finished"]
    assert output_of(results[3]) == HELLO_ANSWER


def test_many_at_once_each_get_their_own_answer(engine: Engine) -> None:
    rng = random.Random("queue many")
    asked = [question(*sample("number", rng).messages[0].parts) for _ in range(6)]
    askers = [stream_of(engine, one) for one in asked]
    answers = [output_of(asker.result()) for asker in askers]
    assert answers == [output_of(ask(engine, one)) for one in asked]
    assert len(set(answers)) > 3


# -- failures ----------------------------------------------------------------------------------------------------------------


def unreadable() -> bytes:
    raise OSError("the disk is gone")


FAILURES: dict[str, tuple[Request, str]] = {
    "a picture that is gone": (question(ImagePart("gone", 112, 112, unreadable), "What?"), "picture_unreadable"),
    "a picture that changed": (question(ImagePart("changed", 112, 112, lambda: b"abc"), "What?"), "picture_unreadable"),
    "a conversation that is too long": (question("word " * 6000), "context_too_long"),
    "a document on the web": (
        Request((Message("user", (LinkPart("file", "https://example.com/a.pdf"),)),), sampling=GREEDY),
        "link_refused",
    ),
}


@pytest.mark.parametrize("kind", FAILURES)
def test_what_cannot_be_answered_is_a_failure_in_words(engine: Engine, kind: str) -> None:
    request, code = FAILURES[kind]
    failure = failed(ask(engine, request))
    assert failure.code == code and failure.message[-1] in ".”" and len(failure.message) > 30
    assert_answers(engine)


# -- closing -----------------------------------------------------------------------------------------------------------------


def test_closing_ends_the_running_answer_and_those_that_wait(fresh: Engine) -> None:
    askers = [stream_of(fresh, ENDLESS)]
    assert askers[0].has(is_text)
    for ahead in (1, 2):
        askers.append(stream_of(fresh, LONG))
        assert askers[-1].has(queued(ahead))
    began = time.monotonic()
    fresh.close()
    assert time.monotonic() - began < PROMPTLY_S
    assert [finished(asker.result()).reason for asker in askers] == ["cancelled"] * 3


def test_a_closed_engine_answers_nothing(fresh: Engine) -> None:
    assert_answers(fresh)
    fresh.close()
    fresh.close()
    assert ask(fresh) == [Finished("cancelled")]
    assert list(fresh.prepare(HELLO, Cancel())) == [Finished("cancelled")]


def test_an_engine_that_was_never_used_tells_what_it_is_and_closes_at_once(fresh: Engine) -> None:
    capabilities = fresh.capabilities()
    assert capabilities.vision and capabilities.thinking and capabilities.tools and capabilities.grammar and capabilities.model_name
