"""Stopping an answer at any point is quick, keeps the loaded model, and leaves the engine ready for the next question.

What holds for every engine is in test_engine_contract.py.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from inference.engine import Cancel
from inference.events import Event, Finished, Progress, Started, TextDelta
from inference.local.process import Patience
from inference.local.proxy import LocalEngine
from inference.types import ImagePart
from tests.helpers.asking import stopped
from tests.helpers.engine import (
    LONG_GRAMMAR,
    ask,
    assert_answers,
    ending_of,
    nothing_left_behind,
    output_of,
    question,
    running_engine,
)
from tests.helpers.scenes import sample

LONG = question("Hello", grammar=LONG_GRAMMAR)
CANCEL_PROMPTLY_S = 20.0
"""Far below what the patience of these tests gives the engine before it is killed, far above what it takes."""


def pictures(seed: int, count: int) -> list[ImagePart]:
    rng = random.Random(f"cancel {seed}")
    return [sample("describe", rng).images[0] for _ in range(count)]


def is_phase(phase: str, least_done: int = 0) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, Progress) and event.phase == phase and event.done >= least_done


@pytest.fixture
def engine() -> Iterator[LocalEngine]:
    with nothing_left_behind(), running_engine(n_ctx=4096) as engine:
        yield engine


def assert_stopped(events: list[Event], took_s: float) -> None:
    ending = ending_of(events)
    assert isinstance(ending, Finished) and ending.reason == "cancelled"
    assert took_s < CANCEL_PROMPTLY_S


def test_stopped_while_loading(engine: LocalEngine) -> None:
    events, took_s = stopped(engine, LONG, is_phase("loading"))
    assert_stopped(events, took_s)
    assert not any(isinstance(event, TextDelta) for event in events)
    assert_answers(engine)


def test_stopped_between_the_layers_of_an_encode(engine: LocalEngine) -> None:
    assert_answers(engine)
    pid = engine.process_id
    events, took_s = stopped(engine, question(*pictures(1, 6), "What do you see?"), is_phase("encoding", 1))
    assert_stopped(events, took_s)
    last = [event for event in events if isinstance(event, Progress)][-1]
    assert last.phase == "encoding" and last.done < last.total == 24
    assert not any(isinstance(event, Started) for event in events)
    assert_answers(engine)
    assert engine.process_id == pid


def test_stopped_while_the_prompt_is_evaluated(engine: LocalEngine) -> None:
    assert_answers(engine)
    pid = engine.process_id
    events, took_s = stopped(engine, question("word " * 900), is_phase("prefill"))
    assert_stopped(events, took_s)
    assert not any(isinstance(event, Started) for event in events)
    assert_answers(engine)
    assert engine.process_id == pid


def test_stopped_while_the_answer_comes(engine: LocalEngine) -> None:
    whole, pid = output_of(ask(engine, LONG)), engine.process_id
    events, took_s = stopped(engine, LONG, lambda event: isinstance(event, TextDelta))
    assert_stopped(events, took_s)
    assert whole.startswith(output_of(events)) and len(output_of(events)) < len(whole)
    assert_answers(engine)
    assert engine.process_id == pid


def test_an_answer_after_a_stopped_one_is_the_same_as_without(engine: LocalEngine) -> None:
    asked = sample("locate", random.Random("cancel 2"))
    request = question(*asked.messages[0].parts)
    with running_engine(n_ctx=4096) as undisturbed:
        expected = output_of(ask(undisturbed, request))
    for layers in (0, 2, 4, 5):  # an encode that was over before it could be stopped is not done again
        is_encoded = is_phase("encoding", layers)
        stopped(engine, request, lambda event, is_encoded=is_encoded: is_encoded(event) or isinstance(event, TextDelta))
    assert output_of(ask(engine, request)) == expected


def test_a_request_cancelled_before_it_began_does_nothing(engine: LocalEngine) -> None:
    cancel = Cancel()
    cancel.set()
    assert ask(engine, LONG, cancel) == [Finished("cancelled")]
    assert engine.process_id is None


def test_cancelled_at_random_moments_the_next_answer_is_right(engine: LocalEngine) -> None:
    rng = random.Random("cancel 3")
    assert_answers(engine)
    pid = engine.process_id
    for _ in range(20):
        cancel = Cancel()
        timer = threading.Timer(rng.uniform(0, 0.4), cancel.set)
        timer.start()
        ending = ending_of(ask(engine, rng.choice([LONG, question("word " * 900)]), cancel))
        assert isinstance(ending, Finished)
        timer.join()
        assert_answers(engine)
    assert engine.process_id == pid


# -- closing -----------------------------------------------------------------------------------------------------------------


def test_a_closed_engine_answers_nothing_and_starts_nothing() -> None:
    with nothing_left_behind(), running_engine() as engine:
        assert_answers(engine)
        engine.close()
        engine.close()
        assert ask(engine) == [Finished("cancelled")]
        assert engine.process_id is None


def test_closing_does_not_wait_for_ever_for_an_answer_that_nobody_reads() -> None:
    with nothing_left_behind(), running_engine(patience=Patience(cancel_s=0.5, close_s=1.0)) as engine:
        stream = engine.stream(LONG, Cancel())
        while not isinstance(next(stream), TextDelta):
            pass
        began = time.monotonic()
        engine.close()
        assert time.monotonic() - began < CANCEL_PROMPTLY_S
        rest = list(stream)
        assert isinstance(ending_of(rest), Finished)
        assert engine.process_id is None
