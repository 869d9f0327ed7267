"""Growing Markdown: what is prose, code and a table, and where prose is cut, so that what follows changes nothing before."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.chat.markdown import PARAGRAPH_CHARACTERS_MAX, split, split_row, stable_length

LINES = (
    "", "", "text", "more *text* here", "- a", "- b", "  - nested", "  inside", "1. one", "2. two", "   deep", "> quote", "# Head",
    "---", "```", "```python", "````", "  ```", "   ```", "    ```", "~~~", "~~~ info ``` x", "``` a`b", "    code", "| a | b |",
    "|---|---|", "| 1 | 2 |", "a | b", "--|--", "* star", "x = `y`", "\t```",
)  # fmt: skip
documents = st.lists(st.sampled_from(LINES), max_size=14).map("\n".join)


def kinds(source: str) -> list[tuple[str, str]]:
    return [(segment.kind, segment.source) for segment in split(source)]


@given(documents | st.text(alphabet="`~- \n\t|>#1.ab", max_size=60))
def test_segments_are_the_source(source: str) -> None:
    assert "".join(segment.source for segment in split(source)) == source


@given(documents)
@example("- a\n```\nx\n")
@example("1. a\n\n   ```\n   x\n   ```\n```\ny\n```")
def test_code_is_code_where_commonmark_says_so(source: str) -> None:
    """Tables end, and thus fences begin, where GitHub's do; markdown-it agrees with that."""
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(source)
    expected = [(token.content.split(), token.info.split()[:1]) for token in tokens if token.type == "fence" and token.level == 0]
    assert [(code.code.split(), code.language.split()) for code in split(source) if code.kind == "code"] == expected


@given(documents)
def test_what_is_closed_stays_as_it_is(source: str) -> None:
    whole = split(source)
    for end in range(len(source)):
        closed = [segment for segment in split(source[:end]) if segment.kind != "prose" and segment.is_closed]
        assert [segment for segment in whole if segment.kind != "prose"][: len(closed)] == closed


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a\n```py\nx\n```\nb", [("prose", "a\n"), ("code", "```py\nx\n```\n"), ("prose", "b")]),
        ("```\nnever closed\n", [("code", "```\nnever closed\n")]),
        ("~~~\n```\n~~~", [("code", "~~~\n```\n~~~")]),
        ("- a\n  ```\n  x\n  ```\n- b", [("prose", "- a\n  ```\n  x\n  ```\n- b")]),
        ("> ```\n> x\n", [("prose", "> ```\n> x\n")]),
        ("inline ```x``` code", [("prose", "inline ```x``` code")]),
        ("```x``` code", [("prose", "```x``` code")]),
        (
            "t\n| a | b |\n|---|--:|\n| 1 |\n\nend",
            [("prose", "t\n"), ("table", "| a | b |\n|---|--:|\n| 1 |\n"), ("prose", "\nend")],
        ),
        ("| a | `x|y` |\n|--|--|", [("table", "| a | `x|y` |\n|--|--|")]),
        ("| a | $|x|$ |\n|--|--|", [("table", "| a | $|x|$ |\n|--|--|")]),
        ("| a | b |\n|---|", [("prose", "| a | b |\n|---|")]),
        ("- | a | b |\n  |---|---|\n", [("prose", "- | a | b |\n  |---|---|\n")]),
        ("| a | b |\n|---|---|\n```\nx\n", [("table", "| a | b |\n|---|---|\n"), ("code", "```\nx\n")]),
    ],
)
def test_segments(source: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(source) == expected


def test_code_is_without_its_fences_and_their_indentation() -> None:
    (segment,) = split("  ```{.python} title\n  x\n    y\n z\n  ```\n")
    assert (segment.language, segment.code, segment.is_closed) == ("python", "x\n  y\nz\n", True)


def test_code_is_open_until_its_last_line_is_complete() -> None:
    assert not split("```\nx\n```")[0].is_closed
    assert split("```\nx\n```\n")[0].is_closed


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ("| a | b |", ["a", "b"]),
        ("a | b", ["a", "b"]),
        (r"| a \| b | c", [r"a \| b", "c"]),
        ("| `a|b` | $|x|$ | \\(a|b\\) |", ["`a|b`", "$|x|$", "\\(a|b\\)"]),
        ("| $5 | $6 |", ["$5", "$6"]),
        ("||", [""]),
        ("| a |  | c |", ["a", "", "c"]),
    ],
)
def test_cells_of_a_row(row: str, cells: list[str]) -> None:
    assert split_row(row) == cells


def test_the_columns_of_a_table_are_limited() -> None:
    assert len(split_row("|" * 100_000)) == 64


@pytest.mark.parametrize(
    ("stable", "growing"),
    [
        ("", "One paragraph"),
        ("", "One\nstill the same\n"),
        ("One\n\n", "Two\n"),
        ("One\n\n", "Two\nstill two"),
        ("", "One\n\nTw"),
        ("# Head\n\nOne\n\n", "Two\n\n"),
        ("- a\n\n- b\n\n  more of b\n\n", "- c\n"),
        ("- a\n  - nested\n- b\n", "- c\n  - nes"),
        ("", "- a\n* other"),
        ("- a\n\n", "After the list\n"),
        ("1. a\n\n", "2. b\n"),
        ("", "text\n2. no list\n"),
        ("- a\n  ```\n  x\n\n  y\n  ```\n", "- b\n"),
        ("- a\n  ```\n\n", "After\n"),
        ("", "- a\n---\n"),
        ("Before\n\n", "| a | b |\n"),
        ("", "    indented\n\n    code\n"),
        ("", "> a\n> - b\n> - c\n"),
    ],
)
def test_the_cut_is_before_the_last_block_that_began(stable: str, growing: str) -> None:
    assert stable_length(stable + growing) == len(stable)


@given(documents)
def test_going_on_from_an_earlier_cut_finds_the_same_place(source: str) -> None:
    cut = 0
    for length in range(len(source) + 1):
        cut = stable_length(source[:length], cut)
        assert cut == stable_length(source[:length])


@given(documents)
def test_pieces_say_what_the_whole_says(source: str) -> None:
    """Rendered piece by piece, prose is the same; lists that are cut differ only in that they are several."""
    if any(segment.kind != "prose" for segment in split(source)):
        return
    markdown = MarkdownIt("commonmark", {"html": False})
    cut = stable_length(source)
    pieces = markdown.parse(source[:cut]) + markdown.parse(source[cut:])
    assert [token.content for token in pieces if token.content] == [t.content for t in markdown.parse(source) if t.content]


@pytest.mark.parametrize("text", ["word " * 4000, "字，" * 9000, "x" * 30_000, "line of words\n" * 2000])
def test_prose_that_never_ends_is_cut_all_the_same(text: str) -> None:
    cut, length = 0, 0
    while length < len(text):
        length = min(len(text), length + 700)
        cut = stable_length(text[:length], cut)
        assert length - cut <= 2 * PARAGRAPH_CHARACTERS_MAX + 700
    assert cut == stable_length(text)
