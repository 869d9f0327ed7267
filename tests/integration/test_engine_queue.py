"""Preparations make way for answers, and what they did is not lost; what was asked once stays warm.

The line itself, which every engine has, is in test_engine_contract.py.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from base.disk_store import mark_cleared
from inference.engine import Cancel
from inference.events import Event, Finished, Progress, Started
from inference.local.proxy import LocalEngine
from inference.types import ImagePart, Message, Request, TextPart
from tests.helpers.asking import is_encoding, is_text, preparation_of, queued, stream_of
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
from tests.helpers.scenes import sample

LONG = question("Hello", grammar=LONG_GRAMMAR)


def pictures(seed: int, count: int) -> list[ImagePart]:
    rng = random.Random(f"queue {seed}")
    return [sample("describe", rng).images[0] for _ in range(count)]


def prepare(engine: LocalEngine, request: Request) -> list[Event]:
    return list(engine.prepare(request, Cancel()))


def encodes(events: list[Event]) -> bool:
    return any(isinstance(event, Progress) and event.phase == "encoding" for event in events)


def started(events: list[Event]) -> Started:
    (found,) = (event for event in events if isinstance(event, Started))
    return found


@pytest.fixture
def engine() -> Iterator[LocalEngine]:
    with nothing_left_behind(), running_engine() as engine:
        assert_answers(engine)
        yield engine


# -- preparing ---------------------------------------------------------------------------------------------------------------


def test_what_was_prepared_is_not_done_again(engine: LocalEngine) -> None:
    asked = sample("locate", random.Random("queue 1"))
    request = question(*asked.messages[0].parts)
    prepared = prepare(engine, request)
    assert ending_of(prepared) == prepared[-1] and encodes(prepared)
    assert isinstance(prepared[-1], Finished) and prepared[-1].reason == "stop"
    assert prepared[-1].timings.encode_ms > 0 and prepared[-1].usage.image_tokens > 0
    events = ask(engine, request)
    assert not encodes(events)
    assert started(events).cached_tokens >= started(events).prompt_tokens - 20
    with running_engine() as undisturbed:
        assert output_of(events) == output_of(ask(undisturbed, request))


def test_preparing_twice_costs_nothing(engine: LocalEngine) -> None:
    request = question(*pictures(2, 2), "What do you see?")
    prepare(engine, request)
    assert [type(event) for event in prepare(engine, request)] == [Finished]


def test_a_preparation_of_other_pictures_makes_way(engine: LocalEngine) -> None:
    preparing = preparation_of(engine, question(*pictures(3, 6), "What do you see?"))
    assert preparing.has(is_encoding)
    asking = stream_of(engine, HELLO)
    assert output_of(asking.result()) == HELLO_ANSWER
    ending = ending_of(preparing.result())
    assert isinstance(ending, Finished) and ending.reason == "cancelled"
    assert not any(is_encoding(event) and event.done == event.total for event in preparing.events if isinstance(event, Progress))


def test_an_answer_waits_for_its_picture_that_is_being_prepared_and_shows_how_far_it_is(engine: LocalEngine) -> None:
    request = question(*pictures(4, 6), "What do you see?")
    preparing = preparation_of(engine, request)
    assert preparing.has(is_encoding)
    asking = stream_of(engine, request)
    events = asking.result()
    assert isinstance(ending_of(preparing.result()), Finished) and preparing.events[-1] == ending_of(preparing.events)
    shown = [event for event in events if isinstance(event, Progress) and event.phase == "encoding"]
    assert shown and shown[-1].total == 24 and [event.done for event in shown] == sorted({event.done for event in shown})
    assert started(events).cached_tokens >= started(events).prompt_tokens - 20


def test_a_preparation_waits_until_nobody_wants_an_answer(engine: LocalEngine) -> None:
    asking = stream_of(engine, LONG)
    assert asking.has(is_text)
    preparing = preparation_of(engine, question(*pictures(5, 1), "What do you see?"))
    assert preparing.has(queued(1))
    assert isinstance(ending_of(asking.result()), Finished)
    assert isinstance(ending_of(preparing.result()), Finished) and preparing.ended_at > asking.ended_at


def test_a_newer_preparation_replaces_an_older_one(engine: LocalEngine) -> None:
    older = preparation_of(engine, question(*pictures(6, 6), "What do you see?"))
    assert older.has(is_encoding)
    newer = preparation_of(engine, question(*pictures(7, 1), "What do you see?"))
    endings = [ending_of(asker.result()) for asker in (older, newer)]
    assert [isinstance(ending, Finished) and ending.reason for ending in endings] == ["cancelled", "stop"]


# -- what stays warm ---------------------------------------------------------------------------------------------------------


def conversation(picture: ImagePart, turns: int) -> Request:
    """A conversation whose last question is the next to be asked."""
    messages: list[Message] = [Message("user", (picture, TextPart("What do you see?")))]
    for number in range(turns):
        messages += [
            Message.text("assistant", f"A shape, number {number}, on a plain background."),
            Message.text("user", "And now?"),
        ]
    return Request(tuple(messages), sampling=GREEDY, max_tokens=12)


def missing(events: list[Event]) -> int:
    return started(events).prompt_tokens - started(events).cached_tokens


@pytest.mark.parametrize("keeps_on_disk", [False, True])
def test_preparing_a_new_conversation_about_the_same_picture_leaves_the_old_one_warm(tmp_path: Path, keeps_on_disk: bool) -> None:
    (picture,) = pictures(8, 1)
    with running_engine(tmp_path if keeps_on_disk else None) as engine:
        ask(engine, conversation(picture, 3))
        prepare(engine, question(picture, "Where is it?"))
        events = ask(engine, conversation(picture, 4))
        assert missing(events) < 40, started(events)
        assert missing(ask(engine, question(picture, "Where is it?"))) < 20


def test_conversations_that_alternate_stay_warm(engine: LocalEngine) -> None:
    several = pictures(9, 3)
    for turn in range(3):
        for picture in several:
            events = ask(engine, conversation(picture, turn))
            assert turn == 0 or (missing(events) < 40 and not encodes(events)), (turn, started(events))


def test_going_back_to_an_earlier_turn_leaves_the_later_ones_warm(engine: LocalEngine) -> None:
    (picture,) = pictures(10, 1)
    ask(engine, conversation(picture, 3))
    ask(engine, conversation(picture, 0))
    assert missing(ask(engine, conversation(picture, 3))) < 40


def test_a_conversation_is_warm_after_a_restart_and_says_the_same(tmp_path: Path) -> None:
    (picture,) = pictures(11, 1)
    with running_engine(tmp_path) as engine:
        ask(engine, conversation(picture, 3))
    with running_engine(tmp_path) as engine:
        warm = ask(engine, conversation(picture, 4))
        assert missing(warm) < 40 and not encodes(warm)
    with running_engine() as engine:
        assert output_of(warm) == output_of(ask(engine, conversation(picture, 4)))


def test_a_private_conversation_leaves_nothing_on_disk(tmp_path: Path) -> None:
    (picture,) = pictures(12, 1)
    private = replace(conversation(picture, 3), keep_on_disk=False)
    with running_engine(tmp_path) as engine:
        ask(engine, private)
        prepare(engine, replace(conversation(picture, 4), keep_on_disk=False))
        cancel = Cancel()
        for event in engine.stream(replace(private, grammar=LONG_GRAMMAR, max_tokens=None), cancel):
            if is_text(event):
                cancel.set()
        ask(engine, HELLO)
    assert not list(tmp_path.rglob("*.embd"))
    kept = [path.read_bytes() for path in tmp_path.rglob("*.kv")]
    assert not any(picture.id.encode() in content for content in kept)


def test_what_the_engine_held_when_its_cache_was_cleared_is_not_written(tmp_path: Path) -> None:
    before, after = pictures(12, 2)
    with running_engine(tmp_path) as engine:
        ask(engine, conversation(before, 3))
        mark_cleared(tmp_path)
        ask(engine, conversation(after, 3))
    states = [path.read_bytes() for path in tmp_path.rglob("*.kv")]
    assert any(after.id.encode() in state for state in states)
    assert not any(before.id.encode() in state for state in states)


@pytest.mark.parametrize("is_checked", [True, False], ids=["damaged", "forged"])
def test_damaged_and_forged_files_of_the_cache_never_change_an_answer_for_long(tmp_path: Path, is_checked: bool) -> None:
    """A forged file has right checksums: its body is any bytes at all."""
    from base.disk_store import DiskStore

    (picture,) = pictures(13, 1)
    asked, rng = conversation(picture, 3), random.Random("forged")
    with running_engine() as engine:
        expected = output_of(ask(engine, asked))
    for round_number in range(3):
        with running_engine(tmp_path) as engine:
            ask(engine, asked)
        (path,) = (tmp_path / "states").iterdir()
        header, body = DiskStore(path.parent, ".kv", 1 << 30).read(path.name) or ({}, b"")
        if is_checked:
            path.write_bytes(path.read_bytes()[: rng.randrange(path.stat().st_size)])
        else:
            changed = bytearray(body)
            for _ in range(1 + 20 * round_number):
                changed[rng.randrange(len(changed) if round_number > 1 else 64)] ^= 1 << rng.randrange(8)
            assert DiskStore(path.parent, ".kv", 1 << 30).write(path.name, header, changed)
        with nothing_left_behind(), running_engine(tmp_path) as engine:
            answers = [ask(engine, asked) for _ in range(3)]
            assert isinstance(ending_of(answers[-1]), Finished)
            assert not is_checked or [output_of(events) for events in answers] == [expected] * 3
        for file in tmp_path.rglob("*.kv"):
            file.unlink()
