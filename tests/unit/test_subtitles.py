"""What is left of a subtitle when its markup is taken away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.subtitles import TEXT_CHARACTERS_MAX, clean, text_of_event


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("Hello", "Hello"),
        ("<i>Hello</i> <font color='#ff0000'>there</font>", "Hello there"),
        (r"{\i1}Hello{\i0}\Nthere", "Hello\nthere"),
        (r"{\an8\pos(10,20)}Top", "Top"),
        (r"{\p1}m 0 0 l 100 0 100 100{\p0}Sign", "Sign"),
        (r"a\hb", "a b"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("if (a<b) x>y", "if (a<b) x>y"),
        ("<c.yellow>Word</c><00:00:01.000> by <v Ann>word", "Word by word"),
        ("fish &amp; chips", "fish & chips"),
        (r"\{not markup\}", "{not markup}"),
        ("  two \t spaces  \r\n\r\n next ", "two spaces\nnext"),
        ("bell\x07 and\x00 nul", "bell and nul"),
        ("你好<br/>世界", "你好\n世界"),
    ],
)
def test_only_the_words_stay(marked: str, plain: str) -> None:
    assert clean(marked) == plain


def test_an_event_may_contain_commas() -> None:
    assert text_of_event(r"3,0,Default,,0,0,0,,Well, {\b1}no{\b0}, never") == "Well, no, never"
    assert text_of_event("too,few,fields") == ""


@given(st.text())
def test_any_text_is_cleaned_into_lines_that_can_be_shown(text: str) -> None:
    result = clean(text)
    assert len(result) <= TEXT_CHARACTERS_MAX
    for line in result.split("\n"):
        assert line == line.strip()
        assert all(character.isprintable() or character.isspace() for character in line)


@given(st.text(alphabet="<>{}\\Npbi/ .:0123456789&;", max_size=10_000))
def test_markup_that_never_ends_is_no_trap(text: str) -> None:
    assert len(clean(text)) <= TEXT_CHARACTERS_MAX


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1, max_size=200))
def test_words_are_never_lost(words: str) -> None:
    assert clean(f"<b>{words}</b>") == words
    assert clean(f"{{\\i1}}{words}") == words
