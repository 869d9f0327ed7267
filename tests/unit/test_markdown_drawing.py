"""Formulas are drawn by a child process that is ended when it takes too long."""

from __future__ import annotations

import sys
import threading
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest

from app.chat.formula_drawing import FormulaDrawer, is_drawable


@pytest.fixture(scope="module")
def drawer() -> Iterator[FormulaDrawer]:
    drawer = FormulaDrawer()
    yield drawer
    drawer.close()


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac{a}{b}",
        r"\int_0^\infty e^{-x^2}\,dx = \frac{\sqrt{\pi}}{2}",
        r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}",
        r"\begin{align} a &= b \label{one} \\ c &= d \nonumber \end{align}",
        r"\begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases}",
        r"\mathbb{R} \to \mathcal{L}, \quad \vec{v} \cdot \hat{n}",
        "50\\%",
        "a<b>c",
    ],
)
def test_formulas_are_drawn_as_outlines(drawer: FormulaDrawer, tex: str) -> None:
    drawing = drawer.draw(tex, True)
    assert drawing is not None
    names = {element.tag.rpartition("}")[2] for element in ET.fromstring(drawing.svg).iter()}
    assert names <= {"svg", "path", "rect", "g", "line"}
    assert drawing.width > 0
    assert 0 <= drawing.depth < drawing.height


def test_a_formula_says_how_far_it_reaches_below_the_line(drawer: FormulaDrawer) -> None:
    high, deep = drawer.draw("x^2", False), drawer.draw("x_{y_2}", False)
    assert high is not None
    assert deep is not None
    assert high.depth < 0.1 < deep.depth


def test_a_formula_with_a_number_is_as_wide_as_it_is(drawer: FormulaDrawer) -> None:
    drawing = drawer.draw(r"a \tag{12}", True)
    assert drawing is not None
    assert drawing.width < 8


@pytest.mark.parametrize(
    "tex",
    [
        r"\nosuchcommand{x}",
        r"\frac{a}",
        "{",
        r"\hspace{100000em}x",
        r"\text{速度}",
        r"\def\a{\a\a}\a",
        r"\newcommand{\x}{y} \x",
        r"\input{/etc/passwd}",
        "{" * 100 + "}" * 100,
        "x" * 5000,
        "",
    ],
)
def test_what_cannot_be_drawn_is_none(drawer: FormulaDrawer, tex: str) -> None:
    assert drawer.draw(tex, True) is None


def test_links_and_words_in_a_formula_are_but_outlines(drawer: FormulaDrawer) -> None:
    drawing = drawer.draw(r"\href{javascript:alert(1)}{x} \text{<script>}", False)
    assert drawing is None or not any(word in drawing.svg for word in ("javascript", "script>", "href="))


def test_a_formula_that_takes_too_long_is_given_up_and_the_next_is_drawn() -> None:
    drawer = FormulaDrawer()
    try:
        assert drawer.draw("x", False) is not None
        assert drawer.draw(r"\frac{1}{" * 14 + "x" + "}" * 14, True) is None
        assert drawer.draw("y", False) is not None
    finally:
        drawer.close()


def test_closing_ends_what_is_being_drawn() -> None:
    drawer = FormulaDrawer()
    thread = threading.Thread(target=drawer.draw, args=(r"\frac{1}{" * 14 + "x" + "}" * 14, True))
    thread.start()
    drawer.close()
    thread.join(timeout=60)
    assert not thread.is_alive()


def test_a_child_that_does_not_start_is_not_tried_for_ever() -> None:
    drawer = FormulaDrawer((sys.executable, "-c", "raise SystemExit(3)"))
    for _ in range(5):
        assert drawer.draw("x", False) is None
    drawer._command = (sys.executable, "-P", "-m", "app.chat.formula_worker")
    assert drawer.draw("x", False) is None


def test_nothing_is_started_for_what_cannot_be_drawn_anyway() -> None:
    assert is_drawable(r"\frac{\{a\}}{b}")
    assert not is_drawable("中")
    assert not is_drawable("{" * 30 + "}" * 30)
