"""What a prompt is to the KV cache: cells, positions, and what two prompts have in common."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inference.local.kv import ImageUnit, Unit, common_prefix, count_cells, count_positions

SMALL, TALL = ImageUnit("small", 4, 2), ImageUnit("tall", 30, 6)
UNITS: st.SearchStrategy[list[Unit]] = st.lists(st.sampled_from([1, 2, SMALL, TALL]), max_size=8)


@given(UNITS, UNITS)
def test_the_common_prefix_is_the_longest_equal_start(a: list[Unit], b: list[Unit]) -> None:
    lengths = [n for n in range(min(len(a), len(b)) + 1) if a[:n] == b[:n]]
    assert common_prefix(a, b) == max(lengths)


@given(UNITS, UNITS)
def test_cells_and_positions_add_up(a: list[Unit], b: list[Unit]) -> None:
    assert count_cells(a + b) == count_cells(a) + count_cells(b)
    assert count_positions(a + b) == count_positions(a) + count_positions(b)


def test_a_picture_fills_cells_but_advances_positions_by_its_longer_side() -> None:
    units: list[Unit] = [7, TALL, 8]
    assert count_cells(units) == 32
    assert count_positions(units) == 8


def test_pictures_are_equal_only_with_the_same_id_and_size() -> None:
    assert common_prefix([1, TALL], [1, ImageUnit("tall", 30, 6)]) == 2
    assert common_prefix([1, TALL], [1, ImageUnit("tall", 24, 6)]) == 1
    assert common_prefix([1, TALL], [1, ImageUnit("other", 30, 6)]) == 1
