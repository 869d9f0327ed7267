"""How the next token is chosen: seeds, limits, a budget for reasoning, grammars, characters across tokens."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from inference.events import Finished, ReasoningDelta
from inference.local.proxy import LocalEngine
from inference.types import SamplingParams
from tests.helpers.engine import ask, ending_of, output_of, question, running_engine
from tests.helpers.scenes import sample

ASKED = sample("locate", random.Random(3))
WILD = SamplingParams(temperature=2.0, top_p=1.0, top_k=0)


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    with running_engine() as engine:
        yield engine


def answer(engine: LocalEngine, **fields: Any) -> tuple[str, Finished]:
    events = ask(engine, question(*ASKED.messages[0].parts, **fields))
    ending = ending_of(events)
    assert isinstance(ending, Finished), ending
    return output_of(events), ending


@pytest.mark.parametrize("seed", [0, 7, -1, 2**32 - 1, 2**40])
def test_the_same_seed_gives_the_same_answer(engine: LocalEngine, seed: int) -> None:
    fields = {"sampling": SamplingParams(2.0, 1.0, 0, 1.1, seed), "max_tokens": 24}
    assert len({answer(engine, **fields)[0] for _ in range(3)}) == 1


def test_without_a_seed_answers_differ(engine: LocalEngine) -> None:
    assert len({answer(engine, sampling=WILD, max_tokens=24)[0] for _ in range(5)}) > 1


def test_reasoning_ends_with_its_budget_and_the_answer_follows(engine: LocalEngine) -> None:
    whole, _ = answer(engine, thinking=True)
    assert whole.startswith(f"\n<think>{ASKED.thinking_text}</think>\n")
    for budget in (1, 2, 3):
        text, ending = answer(engine, thinking=True, thinking_budget=budget)
        words = ASKED.thinking_text.split()[:budget]  # each is one token of the tiny model
        assert text.startswith(f"\n<think>{' '.join(words)}</think>\nThe ") and ending.reason == "stop"
    assert answer(engine, thinking=True, thinking_budget=100)[0] == whole


@pytest.mark.parametrize("thinking", [False, True])
def test_a_grammar_binds_the_answer_and_not_the_reasoning(engine: LocalEngine, thinking: bool) -> None:
    events = ask(engine, question(*ASKED.messages[0].parts, grammar='root ::= "yes" | "no"', thinking=thinking))
    assert output_of(events).rpartition("\n")[2] in ("yes", "no")
    assert any(isinstance(event, ReasoningDelta) for event in events) == thinking


def test_characters_across_tokens_arrive_whole(engine: LocalEngine) -> None:
    text, _ = answer(engine, grammar='root ::= "Größe ☃ 模型 🧿"')
    assert text == "Größe ☃ 模型 🧿"
    cut, ending = answer(engine, grammar='root ::= "🧿"', max_tokens=2)
    assert cut == "\ufffd" and ending.reason == "length"


@pytest.mark.parametrize(
    "params",
    [
        SamplingParams(temperature=float("nan")),
        SamplingParams(temperature=-1.0),
        SamplingParams(temperature=1e-30, top_p=-3.0, top_k=-5),
        SamplingParams(temperature=1e30, repeat_penalty=0.5),
        SamplingParams(top_p=0.0, top_k=10**6),
    ],
)
def test_odd_parameters_do_no_harm(engine: LocalEngine, params: SamplingParams) -> None:
    answer(engine, sampling=params, max_tokens=6)
