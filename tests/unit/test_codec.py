"""What is known about files crosses the border unchanged, and nothing else crosses it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import limits
from ingest.codec import PLACES, from_wire, is_increasing, to_wire
from ingest.types import (
    Area,
    Contents,
    FrameTime,
    Link,
    Note,
    OutlineEntry,
    PageInfo,
    PageText,
    RecognisedLine,
    Subtitle,
    Word,
)

numbers = st.floats(-1e6, 1e6) | st.integers(-1000, 1000).map(float)
places = st.integers(-200_000, 200_000).map(lambda place: place / PLACES)
texts = st.text(st.characters(codec="utf-8"), max_size=20)
areas = st.builds(Area, numbers, numbers, numbers, numbers)
page_texts = st.builds(
    PageText,
    texts,
    st.lists(st.builds(Word, texts, places, places, places, places), max_size=5).map(tuple),
    st.lists(st.builds(Link, areas, st.none() | st.integers(0, 10), st.none() | texts), max_size=3).map(tuple),
    st.lists(st.builds(Note, texts, texts, texts, st.none() | areas), max_size=3).map(tuple),
    st.booleans(),
    st.none() | st.floats(0.1, 100),
)


def over_the_wire(value: Any) -> Any:
    return json.loads(json.dumps(to_wire(value)))


@given(page_texts)
def test_a_page_comes_back_as_it_was(page: PageText) -> None:
    assert from_wire(PageText, over_the_wire(page)) == page


def test_contents_come_back_as_they_were() -> None:
    contents = Contents(
        "pdf", 12, "Title", (OutlineEntry(1, "One", 3), OutlineEntry(2, "Two", None)), ("A warning.",), "r", None, 0, 0, None
    )
    assert from_wire(Contents, over_the_wire(contents)) == contents
    clip = Contents("video", duration_s=2.5, width=640, height=480, frames_per_s=25.0, subtitles=(Subtitle(0.5, 1.0, "Hello"),))
    assert from_wire(Contents, over_the_wire(clip)) == clip


def test_lists_of_values_come_back_as_tuples() -> None:
    pages = (PageInfo(0, "page 1", 595.0, 842.0, True), PageInfo(1, "page 2", 1.0, 1.0, False))
    assert from_wire(tuple[PageInfo, ...], over_the_wire(pages)) == pages
    lines = (RecognisedLine("Hello", 0.0, 0.0, 1.0, 0.1, 0.99),)
    assert from_wire(tuple[RecognisedLine, ...], over_the_wire(lines)) == lines


def test_half_a_surrogate_pair_becomes_a_mark() -> None:
    page = from_wire(PageText, json.loads(json.dumps(to_wire(PageText("a\ud800b", (Word("\udfff", 0.0, 0.0, 1.0, 1.0),))))))
    assert (page.text, page.words[0].text) == ("a?b", "?")


WORD = ["word", 0.1, 0.2, 0.3, 0.4]
PAGE = [0, "page 1", 595.0, 842.0, True]
CONTENTS = ["pdf", 3, "", [], [], "", None, 0, 0, None, []]


def changed(wire: list[Any], at: int, value: Any) -> list[Any]:
    return [*wire[:at], value, *wire[at + 1 :]]


@pytest.mark.parametrize("side", [float("nan"), float("inf"), -float("inf"), 1e308, 10**400, True, None, "1", [1], {}], ids=repr)
def test_a_place_that_is_no_number_is_refused(side: Any) -> None:
    for at in range(1, 5):
        with pytest.raises(ValueError):
            from_wire(PageText, ["", [WORD, changed(WORD, at, side)], [], [], False, None])
    with pytest.raises(ValueError):
        from_wire(FrameTime, [side, False])


@pytest.mark.parametrize("word", [None, 3, "words", [], ["a", 1, 2, 3], ["a", 1, 2, 3, 4, 5], [b"a", 1, 2, 3, 4], {}], ids=repr)
def test_a_word_that_is_none_is_refused(word: Any) -> None:
    for words in ([word], [WORD, word], [word, WORD], word):
        if words == []:
            continue  # a page without words is fine
        with pytest.raises(ValueError):
            from_wire(PageText, ["", words, [], [], False, None])


@pytest.mark.parametrize(
    ("at", "value"),
    [(0, -1), (0, True), (0, 1.0), (0, 10**30), (1, ""), (1, 5), (2, 0), (2, -1.0), (2, float("nan")), (3, 1e7), (4, 1), (4, None)],
    ids=repr,
)
def test_an_impossible_page_is_refused(at: int, value: Any) -> None:
    assert from_wire(PageInfo, PAGE).locator == "page 1"
    with pytest.raises(ValueError):
        from_wire(PageInfo, changed(PAGE, at, value))


@pytest.mark.parametrize(
    ("at", "value"),
    [
        *((0, "folder"), (0, None), (0, ["pdf"]), (0, "video"), (1, 0), (1, -1), (1, limits.PAGES_MAX + 1), (1, 2.0)),
        *((3, [[1, "leads nowhere", 3]]), (3, [[0, "no level", 0]]), (3, [[1, "before the start", -1]]), (3, None), (4, [3])),
        *((6, -1.0), (7, limits.PICTURE_SIDE_MAX_PX + 1), (9, -25.0), (10, [[2.0, 1.0, "ends first"]]), (10, "no list")),
    ],
    ids=repr,
)
def test_impossible_contents_are_refused(at: int, value: Any) -> None:
    assert from_wire(Contents, CONTENTS).page_count == 3
    with pytest.raises(ValueError):
        from_wire(Contents, changed(CONTENTS, at, value))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=20,
)


@given(json_values, st.sampled_from([PageText, PageInfo, Contents, tuple[FrameTime, ...], tuple[RecognisedLine, ...]]))
def test_any_json_is_a_value_or_refused(wire: Any, wanted: Any) -> None:
    try:
        value = from_wire(wanted, wire)
    except ValueError:
        return
    assert to_wire(value) == wire


def test_frames_come_one_after_another() -> None:
    assert is_increasing(())
    assert is_increasing((FrameTime(0.0), FrameTime(0.5)))
    assert not is_increasing((FrameTime(0.5), FrameTime(0.5)))
