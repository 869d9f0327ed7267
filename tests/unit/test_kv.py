"""Which part of a prompt is reused: checked against a naive model of what the sequences hold."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inference.local.kv import ImageUnit, Slot, SlotTable, Unit, common_prefix, count_cells, count_positions

SMALL, TALL = ImageUnit("small", 4, 2), ImageUnit("tall", 30, 6)
UNITS: st.SearchStrategy[list[Unit]] = st.lists(st.sampled_from([1, 2, SMALL, TALL]), max_size=8)


@st.composite
def tables(draw: st.DrawFn) -> SlotTable:
    """A table after some prompts: what the slots hold, how much of it were prompts, in which order they were used."""
    table = SlotTable(draw(st.integers(1, 4)))
    for slot in draw(st.permutations(table.slots)):
        slot.units = draw(UNITS)
        slot.prompt_length = draw(st.integers(0, len(slot.units)))
        if slot.units:
            table.touch(slot)
    return table


PROMPTS = UNITS.filter(bool)


@given(UNITS, UNITS)
def test_the_common_prefix_is_the_longest_equal_start(a: list[Unit], b: list[Unit]) -> None:
    lengths = [n for n in range(min(len(a), len(b)) + 1) if a[:n] == b[:n]]
    assert common_prefix(a, b) == max(lengths)


def test_a_picture_fills_cells_but_advances_positions_by_its_longer_side() -> None:
    units: list[Unit] = [7, TALL, 8]
    assert count_cells(units) == 32
    assert count_positions(units) == 8


def test_pictures_are_equal_only_with_the_same_id_and_size() -> None:
    assert common_prefix([1, TALL], [1, ImageUnit("tall", 30, 6)]) == 2
    assert common_prefix([1, TALL], [1, ImageUnit("tall", 24, 6)]) == 1
    assert common_prefix([1, TALL], [1, ImageUnit("other", 30, 6)]) == 1


@given(tables(), PROMPTS, st.booleans())
def test_a_plan_keeps_the_longest_prefix_that_is_really_held(table: SlotTable, units: list[Unit], needs_logits: bool) -> None:
    plan = table.plan(units, needs_logits)
    assert plan.source.units[: plan.keep] == units[: plan.keep]
    reusable = len(units) - 1 if needs_logits else len(units)
    assert plan.keep == min(reusable, max(common_prefix(slot.units, units) for slot in table.slots))


@given(tables(), PROMPTS)
def test_something_is_left_to_evaluate_when_logits_are_needed(table: SlotTable, units: list[Unit]) -> None:
    assert table.plan(units, needs_logits=True).keep < len(units)


@given(tables(), PROMPTS, st.booleans())
def test_planning_changes_nothing(table: SlotTable, units: list[Unit], needs_logits: bool) -> None:
    before = [(list(slot.units), slot.prompt_length, slot.last_used) for slot in table.slots]
    table.plan(units, needs_logits)
    assert [(slot.units, slot.prompt_length, slot.last_used) for slot in table.slots] == before


@given(tables(), PROMPTS, st.booleans())
def test_no_prompt_is_cut_while_another_sequence_could_serve(table: SlotTable, units: list[Unit], needs_logits: bool) -> None:
    plan = table.plan(units, needs_logits)
    lost = plan.slot.prompt_length - (plan.keep if plan.slot is plan.source else 0)
    is_redone = needs_logits and plan.slot is plan.source and lost <= 1  # the same question again: its last unit is redone
    if lost > 0 and plan.keep > 0 and not is_redone:
        assert plan.slot is not plan.source or len(table.slots) == 1
        others = [slot for slot in table.slots if slot is not plan.source]
        assert all(slot.units for slot in others), "an empty sequence was there"
        assert plan.slot.last_used == min(slot.last_used for slot in others or table.slots)


@given(tables(), PROMPTS, st.booleans())
def test_without_anything_in_common_the_least_recent_sequence_gives_way(
    table: SlotTable, units: list[Unit], needs_logits: bool
) -> None:
    plan = table.plan(units, needs_logits)
    if plan.keep == 0:
        empty = [slot for slot in table.slots if not slot.units]
        assert plan.slot in empty or (not empty and plan.slot.last_used == min(slot.last_used for slot in table.slots))


def held(table: SlotTable, index: int, units: list[Unit], prompt_length: int) -> Slot:
    slot = table.slots[index]
    slot.units, slot.prompt_length = units, prompt_length
    table.touch(slot)
    return slot


def test_the_next_turn_continues_in_place() -> None:
    table = SlotTable(2)
    slot = held(table, 0, [1, TALL, 2, 9, 9], prompt_length=3)
    plan = table.plan([1, TALL, 2, 9, 9, 3, 4])
    assert (plan.slot, plan.source, plan.keep) == (slot, slot, 5)


def test_an_answer_told_differently_continues_in_place() -> None:
    table = SlotTable(2)
    slot = held(table, 0, [1, TALL, 2, 9, 9], prompt_length=3)
    plan = table.plan([1, TALL, 2, 8, 3])
    assert (plan.slot, plan.source, plan.keep) == (slot, slot, 3)


def test_the_same_question_again_continues_in_place() -> None:
    table = SlotTable(2)
    slot = held(table, 0, [1, TALL, 2, 9, 9], prompt_length=3)
    plan = table.plan([1, TALL, 2])
    assert (plan.slot, plan.source, plan.keep) == (slot, slot, 2)


def test_another_question_about_the_same_picture_leaves_the_first_conversation_warm() -> None:
    table = SlotTable(2)
    slot = held(table, 0, [1, TALL, 2, 9, 9], prompt_length=3)
    plan = table.plan([1, TALL, 3])
    assert plan.source is slot and plan.slot is table.slots[1] and plan.keep == 2


def test_preparing_the_picture_of_a_warm_conversation_leaves_that_conversation_whole() -> None:
    table = SlotTable(2)
    slot = held(table, 0, [1, TALL, 2, 9, 9], prompt_length=3)
    plan = table.plan([1, TALL], needs_logits=False)
    assert plan.keep == 2 and plan.slot is not slot


def test_asking_an_earlier_turn_again_leaves_the_later_turns_warm() -> None:
    table = SlotTable(2)
    slot = held(table, 0, [1, TALL, 2, 9, 9, 3, 3, 9], prompt_length=7)
    plan = table.plan([1, TALL, 2])
    assert plan.source is slot and plan.slot is table.slots[1] and plan.keep == 2


def test_the_least_recent_sequence_is_given_up_first_and_never_the_one_in_use() -> None:
    table = SlotTable(3)
    first, second = held(table, 0, [1], 1), held(table, 1, [2], 1)
    assert table.least_recent() is table.slots[2]
    assert table.next_to_evict(but=table.slots[2]) is first
    table.touch(first)
    assert table.next_to_evict(but=table.slots[2]) is second
    assert table.next_to_evict(but=second) is first
    assert SlotTable(1).next_to_evict(but=Slot(0)) is None
