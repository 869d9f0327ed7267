"""The engine, through its child process, says what llama.cpp's bare functions say, wherever the beginning of the prompt came from.

Greedy, fresh samples of each task, 100 in `make test-slow`, every other one with thinking on.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from inference.engine import Cancel
from inference.events import Event, Failed, Finished
from inference.local.config import LocalConfig
from inference.local.proxy import LocalEngine
from inference.types import Message, Request, SamplingParams, TextPart, Usage
from tests.conftest import TINY_MODEL
from tests.helpers.bare import BareModel, BareOptions, prompt_of
from tests.helpers.scenes import TASKS, Sample, Task, conversation, sample, with_crop

SAMPLES = int(os.environ.get("SIGHTLINE_SAMPLES", "10"))
EACH_SORT = ("locate", "describe", "video", "tool")
SOME_TASKS = [pytest.param(task, marks=() if task in EACH_SORT else pytest.mark.slow) for task in TASKS]
"""A place, words, several pictures and a call: enough for every run. `make test-slow` does them all."""
MAX_TOKENS = 96
AT_LEAST_THE_SAME = SAMPLES - max(1, SAMPLES // 50)
MODEL = TINY_MODEL / "tiny-glm-4.6v-Q8_0.gguf"
MMPROJ = TINY_MODEL / "mmproj-tiny-glm-4.6v-Q8_0.gguf"
GREEDY = SamplingParams(temperature=0)


@dataclass(frozen=True)
class Answered:
    """What came out of one request: the model's output byte for byte, and what was counted."""

    text: str
    usage: Usage


@pytest.fixture(scope="module")
def bare() -> Iterator[BareModel]:
    with BareModel(MODEL, MMPROJ, BareOptions(image_max_tokens=36, n_batch=512, n_threads=1, use_extra_bufts=False)) as model:
        yield model


@pytest.fixture(scope="module")
def start_engine() -> Iterator[Callable[[Path | None], LocalEngine]]:
    engines: list[LocalEngine] = []

    def start(cache_dir: Path | None) -> LocalEngine:
        engines.append(LocalEngine(LocalConfig(MODEL, MMPROJ, n_ctx=4096, n_threads=1, cache_dir=cache_dir)))
        return engines[-1]

    yield start
    for engine in engines:
        engine.close()


@pytest.fixture(scope="module")
def engine(start_engine: Callable[[Path | None], LocalEngine]) -> LocalEngine:
    """Keeps nothing on disk."""
    return start_engine(None)


@cache
def questions(task: Task) -> tuple[tuple[Request, Sample], ...]:
    """Drawn anew from a seed; tool questions alternate between the call and what follows its result."""
    rng = random.Random(f"answers {task}")
    drawn = []
    for number in range(SAMPLES):
        asked = sample(task, rng)
        if task == "tool" and number % 4 >= 2:
            asked = with_crop(asked)
        drawn.append((to_request(asked, thinking=number % 2 == 1), asked))
    return tuple(drawn)


def to_request(asked: Sample, thinking: bool) -> Request:
    return Request(asked.messages, asked.tools, GREEDY, thinking=thinking, max_tokens=MAX_TOKENS)


def answer(engine: LocalEngine, request: Request) -> Answered:
    return collect(engine.stream(request, Cancel()))


def collect(events: Iterator[Event]) -> Answered:
    seen = list(events)
    ending = seen[-1]
    assert isinstance(ending, Finished), ending
    assert not any(isinstance(event, Finished | Failed) for event in seen[:-1])
    return Answered("".join(getattr(event, "raw", "") for event in seen), ending.usage)


_BARE_ANSWERS: dict[tuple[str, int], str] = {}


def bare_answer(bare: BareModel, task: str, number: int, request: Request) -> str:
    """Each is asked once and compared with several times."""
    key = task, number
    if key not in _BARE_ANSWERS:
        prompt = prompt_of(request.messages, request.tools, request.thinking)
        _BARE_ANSWERS[key] = bare.ask(prompt, request.images(), MAX_TOKENS)
    return _BARE_ANSWERS[key]


def count_same(bare: BareModel, task: Task, ask: Callable[[Request], Answered]) -> int:
    return sum(ask(request).text == bare_answer(bare, task, number, request) for number, (request, _) in enumerate(questions(task)))


@pytest.mark.parametrize("task", TASKS)
def test_answers_are_those_of_the_bare_functions(bare: BareModel, engine: LocalEngine, task: Task) -> None:
    assert count_same(bare, task, lambda request: answer(engine, request)) >= AT_LEAST_THE_SAME


@pytest.mark.parametrize("task", SOME_TASKS)
def test_answers_are_the_same_when_the_prefix_is_in_the_kv_cache(bare: BareModel, engine: LocalEngine, task: Task) -> None:
    def ask_again(request: Request) -> Answered:
        other_question = replace(request, messages=(*request.messages[:-1], with_text(request.messages[-1], "Read the number.")))
        answer(engine, other_question)
        answered = answer(engine, request)
        assert answered.usage.cached_tokens >= answered.usage.image_tokens
        return answered

    assert count_same(bare, task, ask_again) >= AT_LEAST_THE_SAME


@pytest.mark.parametrize("task", SOME_TASKS)
def test_answers_are_the_same_after_preparing(bare: BareModel, engine: LocalEngine, task: Task) -> None:
    def prepare_and_ask(request: Request) -> Answered:
        unasked = replace(request, messages=(*request.messages[:-1], with_text(request.messages[-1], "")))
        assert isinstance(list(engine.prepare(unasked, Cancel()))[-1], Finished)
        answered = answer(engine, request)
        assert answered.usage.cached_tokens >= answered.usage.image_tokens
        return answered

    assert count_same(bare, task, prepare_and_ask) >= AT_LEAST_THE_SAME


@pytest.mark.parametrize("task", SOME_TASKS)
def test_answers_are_the_same_when_the_state_comes_from_disk(
    bare: BareModel, start_engine: Callable[[Path | None], LocalEngine], tmp_path: Path, task: Task
) -> None:
    before = start_engine(tmp_path)
    for request, _ in questions(task):
        answer(before, request)
    before.close()
    after = start_engine(tmp_path)

    def ask(request: Request) -> Answered:
        answered = answer(after, request)
        assert answered.usage.cached_tokens >= answered.usage.image_tokens
        return answered

    assert count_same(bare, task, ask) >= AT_LEAST_THE_SAME


def test_encoded_pictures_from_disk_give_the_same_answers(
    bare: BareModel, start_engine: Callable[[Path | None], LocalEngine], tmp_path: Path
) -> None:
    """Pictures known, conversation new: a system prompt puts them at other places than before."""
    before = start_engine(tmp_path)
    asked = [request for request, _ in questions("locate")[:30]]
    for request in asked:
        answer(before, request)
    before.close()
    for state in (tmp_path / "states").iterdir():
        state.unlink()
    after = start_engine(tmp_path)
    same = 0
    for request in asked:
        moved = replace(request, messages=(Message.text("system", "You are a helpful assistant."), *request.messages))
        events = list(after.stream(moved, Cancel()))
        assert isinstance(events[-1], Finished)
        assert events[-1].timings.encode_ms == 0
        expected = bare.ask(prompt_of(moved.messages, (), moved.thinking), moved.images(), MAX_TOKENS)
        same += "".join(getattr(event, "raw", "") for event in events) == expected
    assert same >= len(asked) - 1


def test_second_turns_about_the_same_picture_are_the_same(bare: BareModel, engine: LocalEngine) -> None:
    rng = random.Random("conversations")
    same = 0
    for number in range(SAMPLES):
        first, second = conversation(rng)
        thinking = number % 2 == 1
        opening = answer(engine, to_request(first, thinking))
        said = opening.text.rpartition("</think>\n")[2]
        follow_up = to_request(second.following(first, said), thinking)
        answered = answer(engine, follow_up)
        assert answered.usage.cached_tokens >= answered.usage.image_tokens
        same += answered.text == bare.ask(prompt_of(follow_up.messages, (), thinking), follow_up.images(), MAX_TOKENS)
    assert same >= AT_LEAST_THE_SAME


@pytest.mark.parametrize("size", [(150, 133), (200, 113), (320, 240), (120, 300)])
def test_pictures_of_any_shape_are_seen_as_in_training(bare: BareModel, engine: LocalEngine, size: tuple[int, int]) -> None:
    rng = random.Random(f"shape {size}")
    same = 0
    for _ in range(SAMPLES):
        request = to_request(sample("locate", rng, size), thinking=False)
        same += answer(engine, request).text == bare.ask(prompt_of(request.messages), request.images(), MAX_TOKENS)
    assert same >= AT_LEAST_THE_SAME


def with_text(message: Message, text: str) -> Message:
    """The message with another last text."""
    kept = message.parts[:-1] if message.parts and isinstance(message.parts[-1], TextPart) else message.parts
    return replace(message, parts=(*kept, TextPart(text)))
