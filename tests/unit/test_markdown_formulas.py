"""Where formulas stand in Markdown, and where a dollar is only a dollar."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat.formulas import FORMULA_CHARACTERS_MAX, find_formulas


def found(text: str) -> list[tuple[str, bool]]:
    return [(formula.tex, formula.is_display) for formula in find_formulas(text)]


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("an $x_1$ in a line", "x_1"),
        ("价格$x$元", "x"),
        ("$1+1=2$", "1+1=2"),
        ("$n$-th", "n"),
        (r"\(a_b\)", "a_b"),
        (r"$\text{costs \$5}$", r"\text{costs \$5}"),
        ("- a\n\n    $x$", "x"),
        ("`a $y` then $x$", "x"),
        ("[l $y$](http://a/$b$c) $x$", "x"),
        ("```\n$y$\n```\n$x$", "x"),
        ("- ```\n  $y$\n  ```\n- $x$", "x"),
        ("https://a.b/$y$/c $x$", "x"),
        (r"\\(y\\) and $x$", "x"),
    ],
)
def test_formulas_in_the_line(text: str, tex: str) -> None:
    assert found(text) == [(tex, False)]


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("$$x$$", "x"),
        ("before\n$$\nx\n+ y\n$$\nafter", "x\n+ y"),
        (r"\[ a \\[2pt] b \]", r"a \\[2pt] b"),
        ("> $$\n> x\n> $$", "x"),
        ("$$ a $ b $$", "a $ b"),
    ],
)
def test_formulas_on_their_own(text: str, tex: str) -> None:
    assert found(text) == [(tex, True)]


@pytest.mark.parametrize(
    "text",
    [
        "$5 and $6",
        "from $20-$30",
        "US$5 to US$6",
        "$100 million to my friend$",
        "5$ and 6$",
        "a $ b $ c",
        "$ x$",
        "$x $",
        "$a$5",
        r"\$x\$",
        "`$x$`",
        "``a ` $x$``",
        "    $indented$",
        "\n    $behind a fence$",
        "words\n \n    $y$",
        "words\n\n    $y$\n\n    $z$",
        "~~~\n$x$\n~~~",
        "[a $x$ b](c)",
        "<http://a/$x$>",
        "$a\n\nb$",
        "$$\n\n$$",
        r"\(\n\n\)".replace(r"\n", "\n"),
        "$" * 50,
        "$a `b$ c`",
    ],
)
def test_no_formulas(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("text", [r"open \( x_1", r"open \[ a_b ", "open $$ x\n + y"])
def test_a_formula_may_still_be_written(text: str) -> None:
    (formula,) = find_formulas(text)
    assert formula.tex == ""
    assert text[formula.start : formula.end] == text.removeprefix("open ")


@pytest.mark.parametrize("text", ["open \\( x\n\nnext", "$" + "x" * FORMULA_CHARACTERS_MAX + "$", "\\[" + "x" * 3000])
def test_what_does_not_end_soon_is_no_formula(text: str) -> None:
    assert found(text) == []


@given(
    st.lists(
        st.sampled_from(["$", "$$", "\\(", "\\)", "\\[", "\\]", "`", "``", "x", " ", "\n", "\n\n", "5", "\\", "[", "](", ")", "> "])
    )
)
def test_formulas_are_in_order_and_whole(pieces: list[str]) -> None:
    text = "".join(pieces)
    end = 0
    for formula in find_formulas(text):
        assert end <= formula.start < formula.end <= len(text)
        assert text[formula.start] in "$\\"
        assert formula.tex or formula.end == len(text)
        assert not formula.tex or "\n\n" not in formula.tex
        end = formula.end


@pytest.mark.parametrize(
    "text", ["$x" * 20_000, "\\(" * 20_000, "`" * 40_000, "$$" * 20_001, "[" * 40_000, "](" * 20_000, "\\[a" * 9000]
)
def test_hostile_text_is_read_in_no_time(text: str) -> None:
    find_formulas(text)
