"""Text on a page: what is under a point, what a selection says and where it lies, for any words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.text_layer import TextLayer
from ingest.types import Area, PageText, Word

LINE, GAP = 0.04, 0.06


def words_of(*lines: str) -> tuple[Word, ...]:
    """A character is 0.02 wide, a line 0.04 high, and lines are 0.06 apart."""
    found = []
    for row, line in enumerate(lines):
        x = 0.1
        for word in line.split():
            found.append(Word(word, x, 0.1 + row * GAP, x + 0.02 * len(word), 0.1 + row * GAP + LINE))
            x += 0.02 * (len(word) + 1)
    return tuple(found)


def layer_of(*lines: str, text: str | None = None, aspect: float = 1.0) -> TextLayer:
    return TextLayer(PageText("\n".join(lines) if text is None else text, words_of(*lines)), aspect)


def test_a_selection_says_what_the_page_says_between_its_ends() -> None:
    layer = layer_of("one two", "three", text="one\ttwo\n\nthree")
    assert layer.text(0, 2) == "one\ttwo\n\nthree"
    assert layer.text(1, 2) == "two\n\nthree"
    assert layer.last == 2


def test_words_that_the_text_does_not_hold_are_set_apart_by_their_places() -> None:
    layer = layer_of("one two", "three", text="something else altogether")
    assert layer.text(0, 2) == "one two\nthree"


def test_notes_between_words_are_not_taken_for_a_gap() -> None:
    layer = layer_of("one two", text="one (a note) two")
    assert layer.text(0, 1) == "one two"


def test_the_text_of_a_part_is_what_has_its_middle_there() -> None:
    layer = layer_of("one two six", "ten")
    assert layer.text_in(Area(0.15, 0.1, 1.0, 0.14)) == "two six"
    assert layer.text_in(Area(0.0, 0.0, 0.16, 1.0)) == "one\nten"
    assert layer.text_in(Area(0.8, 0.8, 1.0, 1.0)) == ""


def test_what_is_under_a_point() -> None:
    layer = layer_of("one two", "three")
    assert layer.piece_at(0.11, 0.12) == 0
    assert layer.piece_at(0.19, 0.12) == 1
    assert layer.piece_at(0.5, 0.12) is None
    assert layer.piece_at(0.11, 0.18) == 2
    assert layer.piece_at(0.11, 0.9) is None
    assert layer.nearest(0.5, 0.12) == 1
    assert layer.nearest(0.5, 0.9) == 2


def test_a_selection_is_painted_in_one_piece_for_each_line() -> None:
    layer = layer_of("one two six", "ten")
    first, second = layer.areas(1, 3)
    assert (first.x0, first.x1) == pytest.approx((0.18, 0.32))
    assert (second.x0, second.x1) == pytest.approx((0.1, 0.16))


def test_columns_far_apart_are_painted_apart() -> None:
    words = (Word("left", 0.1, 0.1, 0.2, 0.14), Word("right", 0.7, 0.1, 0.8, 0.14))
    assert len(TextLayer(PageText("left\tright", words), 1.0).areas(0, 1)) == 2


def test_chinese_is_selected_by_characters_and_a_run_of_it_as_a_word() -> None:
    words = (Word("第三季度。", 0.1, 0.1, 0.6, 0.2), Word("ok", 0.6, 0.1, 0.7, 0.2))
    layer = TextLayer(PageText("第三季度。ok", words), 1.0)
    assert layer.text(1, 2) == "三季"
    assert layer.piece_at(0.25, 0.15) == 1
    assert layer.word_at(2) == (0, 4)
    assert layer.text(0, layer.last) == "第三季度。ok"


def test_lines_above_and_below() -> None:
    layer = layer_of("one two", "three four", "five")
    assert layer.text(*[layer.beside_line(1, True)] * 2) == "three"
    assert layer.text(*[layer.beside_line(3, False)] * 2) == "two"
    assert layer.beside_line(4, True) == layer.last
    assert layer.beside_line(0, False) == 0


def test_a_page_without_text_has_nothing_to_select() -> None:
    layer = TextLayer(PageText("", scanned=True), 1.0)
    assert layer.is_empty
    assert layer.needs_recognition
    assert layer.nearest(0.5, 0.5) is None
    assert layer.text_in(Area(0, 0, 1, 1)) == ""
    assert not TextLayer(PageText("", scanned=True), 1.0, is_recognised=True).needs_recognition


sides = st.floats(-5, 5, allow_nan=False)
any_word = st.builds(Word, st.text(min_size=1, max_size=6), sides, sides, sides, sides)


@given(st.lists(any_word, max_size=12), st.text(max_size=60), st.floats(0.05, 20), sides, sides)
def test_any_words_can_be_hit_selected_and_quoted(words: list[Word], text: str, aspect: float, x: float, y: float) -> None:
    layer = TextLayer(PageText(text, tuple(words)), aspect)
    said = "".join(word.text for word in words)
    whole = layer.text(0, layer.last)
    assert "".join(whole.split()) == "".join(said.split())
    found = layer.nearest(x, y)
    assert (found is None) == (not words)
    if found is not None:
        first, last = layer.word_at(found)
        assert 0 <= first <= found <= last <= layer.last
        areas = layer.areas(0, layer.last)
        assert all(0 <= a.x0 <= a.x1 <= 1 and 0 <= a.y0 <= a.y1 <= 1 for a in areas)
        assert layer.text_in(Area(0, 0, 1, 1)) == whole
