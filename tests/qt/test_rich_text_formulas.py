"""Formulas in answers: drawn in the midst of the text, and text where they cannot be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor, QGuiApplication, QTextCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.chat.answer import TextBlock
from app.ui.formula import formulas
from app.ui.markdown_document import find_formulas
from app.ui.markdown_table import TableView
from app.ui.markdown_view import MarkdownView
from app.ui.rich_text import RichText
from app.ui.theme import themes
from tests.helpers.answers import default_looks, picture_of, reference, settle, show


@pytest.fixture(autouse=True)
def _default_looks(qapp: QApplication) -> Iterator[None]:
    with default_looks():
        yield


def prose(view: RichText, index: int = 0) -> MarkdownView:
    part = view.views[index]
    assert isinstance(part, MarkdownView)
    return part


def object_rects(part: MarkdownView) -> list[tuple[int, int, int, int]]:
    """Left, top, right and bottom of each formula."""
    rects = []
    for position, _ in find_formulas(part.document()):
        cursor = QTextCursor(part.document())
        cursor.setPosition(position)
        start = part.cursorRect(cursor)
        cursor.setPosition(position + 1)
        rects.append((start.left(), start.top(), part.cursorRect(cursor).left(), start.bottom()))
    return rects


def test_the_source_is_shown_until_the_formula_is_drawn_and_nothing_above_moves(qtbot: QtBot) -> None:
    view = show(qtbot, "Above\n\nText $\\frac{q}{r}$ and text.\n\n$$\\sum_{k=1}^{n} \\frac{q}{k}$$\n\nBelow")
    part = prose(view)
    assert formulas().is_busy
    assert view.plain_text() == "Above\nText $\\frac{q}{r}$ and text.\n$$\\sum_{k=1}^{n} \\frac{q}{k}$$\nBelow"
    before = part.document().documentLayout().blockBoundingRect(part.document().firstBlock())
    waiting = picture_of(view)
    text = view.plain_text()
    settle(qtbot, view)
    assert part.document().documentLayout().blockBoundingRect(part.document().firstBlock()) == before
    assert picture_of(view) != waiting
    assert view.plain_text() == text
    assert view.height() == view.fit(view.width())


def test_markdown_does_not_touch_what_is_in_a_formula(qtbot: QtBot) -> None:
    source = r"a $x_1 * y_1 * z$ b \(\{a\} \\ b\) c $$ [u](v) <b> `w $$ d"
    assert show(qtbot, source).plain_text() == " ".join(source.split())


def test_a_formula_stands_on_the_line_of_the_text(qtbot: QtBot) -> None:
    """The lowest pixels of the letter and of the formula are in the same row."""
    view = settle(qtbot, show(qtbot, "x $x$"))
    image = picture_of(view)
    ((left, _, right, _),) = object_rects(prose(view))
    ratio = image.devicePixelRatio()

    def lowest(start: float, end: float) -> int:
        columns = range(round(start * ratio), round(end * ratio))
        return max(y for y in range(image.height()) for x in columns if image.pixelColor(x, y).lightness() < 140)

    assert abs(lowest(0, left) - lowest(left, right)) <= ratio


def test_a_formula_alone_in_a_cell_stands_level_with_the_words_of_its_row(qtbot: QtBot) -> None:
    """The lowest pixels of the letter and of the formula are in the same row."""
    view = settle(qtbot, show(qtbot, "| a | b |\n|---|---|\n| x | $x$ |"))
    table = view.views[0]
    assert isinstance(table, TableView)
    image = picture_of(view)
    ratio = image.devicePixelRatio()

    def lowest(text: str) -> int:
        cell = table.cursorRect(table.document().find(text))
        columns = range(round((cell.left() - 12) * ratio), round((cell.left() + 14) * ratio))
        rows = range(round((cell.top() - 4) * ratio), min(image.height(), round((cell.bottom() + 6) * ratio)))
        return max(y for y in rows for x in columns if 0 <= x < image.width() and image.pixelColor(x, y).lightness() < 120)

    assert abs(lowest("x") - lowest("\ufffc")) <= ratio


def test_a_deep_formula_makes_room_below_the_line(qtbot: QtBot) -> None:
    plain = settle(qtbot, show(qtbot, "x $x$ x\nand more"))
    deep = settle(qtbot, show(qtbot, r"x $\underset{\underset{b}{a}}{x}$ x\nand more".replace(r"\n", "\n")))
    assert deep.height() > plain.height() + 5


def test_a_formula_on_its_own_is_centred(qtbot: QtBot) -> None:
    view = settle(qtbot, show(qtbot, "$$x$$"))
    image = picture_of(view)
    columns = [x for x in range(image.width()) if any(image.pixelColor(x, y).lightness() < 140 for y in range(image.height()))]
    assert abs((columns[0] + columns[-1]) - image.width()) < 8


def test_a_formula_wider_than_the_column_is_made_to_fit(qtbot: QtBot) -> None:
    long = " + ".join(f"x_{{{i}}}" for i in range(40))
    view = settle(qtbot, show(qtbot, f"$${long}$$\n\nText ${long}$ text.", width=300))
    part = prose(view)
    assert part.horizontalScrollBar().maximum() == 0
    assert all(0 <= left <= right <= 300 for left, _, right, _ in object_rects(part))


def test_formulas_follow_theme_and_size(qtbot: QtBot) -> None:
    view = settle(qtbot, show(qtbot, "$x^2$"))
    height = view.height()
    themes().choose("dark")
    themes().choose_text_size(200)
    settle(qtbot, view)
    image = picture_of(view)
    text = QColor(themes().current.text).lightness()
    assert any(abs(image.pixelColor(x, y).lightness() - text) < 30 for x in range(60) for y in range(image.height()))
    assert view.height() > 1.5 * height


@pytest.mark.parametrize("tex", [r"\nosuchcommand{x_1}", r"\text{速度} = 3", "{" * 60, r"\def\a{\a}\a"])
def test_a_formula_that_cannot_be_drawn_is_its_source_with_a_mark(qtbot: QtBot, tex: str) -> None:
    view = settle(qtbot, show(qtbot, f"See ${tex}$ here"))
    part = prose(view)
    assert part.toPlainText() == f"See ${tex}$ here"
    cursor = part.document().find(tex[:5])
    assert "cannot be drawn" in cursor.charFormat().toolTip()
    assert cursor.charFormat().underlineStyle() == cursor.charFormat().UnderlineStyle.DotLine


def test_formulas_in_code_and_links_are_text(qtbot: QtBot) -> None:
    view = show(qtbot, "`$a$` [b $c$](http://d/$e$)\n\n```\n$f$\n```\n\n- x\n  ```\n  $g$\n  ```\n")
    assert [find_formulas(part.document()) for part in view.views if isinstance(part, MarkdownView)] == [[], []]
    assert "$a$ b $c$" in view.plain_text()
    assert "$g$" in view.plain_text()


def test_formulas_in_tables_headings_lists_and_quotations(qtbot: QtBot) -> None:
    view = settle(qtbot, show(qtbot, "# $a$\n\n- $b$\n\n> $c$\n\n| $|d|$ | e |\n|---|---|\n| $f$ | $g$ |\n"))
    counts = [len(find_formulas(part.document())) for part in view.views if isinstance(part, MarkdownView | TableView)]
    assert counts == [3, 3]


def test_what_is_being_written_stays_as_it_is_written(qtbot: QtBot) -> None:
    view = RichText()
    qtbot.addWidget(view)
    view.show_block(TextBlock([r"Thus \(x_1 + *y*_2"]))
    assert view.plain_text() == r"Thus \(x_1 + *y*_2"
    view.show_block(TextBlock([r"Thus \(x_1 + *y*_2\)."]))
    assert view.plain_text() == r"Thus \(x_1 + *y*_2\)."
    assert len(find_formulas(prose(view).document())) == 1


def test_an_opening_that_never_ends_is_markdown_after_all(qtbot: QtBot) -> None:
    view = show(qtbot, r"Write \( and *this* ", reference(1))
    assert view.plain_text() == "Write ( and this [1]"


def test_copying_gives_the_source_back(qtbot: QtBot) -> None:
    view = settle(qtbot, show(qtbot, "A $x_1$ and\n\n$$\ny\n$$\n\n| a |\n|---|\n| $z$ |\n"))
    for part, expected in zip(view.views, ["A $x_1$ and\n$$ y $$", "a\n$z$"], strict=True):
        part.selectAll()  # type: ignore[union-attr]
        part.copy()  # type: ignore[union-attr]
        assert QGuiApplication.clipboard().text().strip() == expected


def test_screen_readers_are_told_the_source(qtbot: QtBot) -> None:
    view = show(qtbot, "Thus $x_1$.\n\n```\ncode\n```\n\nPlain.")
    assert prose(view).accessibleDescription() == "Thus $x_1$."
    assert prose(view, 2).accessibleDescription() == ""


def test_a_formula_at_the_very_end_of_what_is_stable_stays(qtbot: QtBot) -> None:
    view = RichText()
    qtbot.addWidget(view)
    view.show_block(TextBlock(["First $s_1$\n\nSecond\n"]))
    settle(qtbot, view)
    view.show_block(TextBlock(["First $s_1$\n\nSecond $s_2$"]))
    settle(qtbot, view)
    view.show_block(TextBlock(["First $s_1$\n\nSecond $s_2$ third"]))
    assert view.plain_text() == "First $s_1$\nSecond $s_2$ third"


def test_a_drawn_formula_is_drawn_at_once_the_next_time(qtbot: QtBot) -> None:
    settle(qtbot, show(qtbot, "$q_7$"))
    show(qtbot, "$q_7$")
    assert not formulas().is_busy


def test_hovering_a_formula_shows_its_source_as_text(qtbot: QtBot) -> None:
    view = settle(qtbot, show(qtbot, "$a<b>c$"))
    ((_, char_format),) = find_formulas(prose(view).document())
    assert char_format.toolTip() == "<span>$a&lt;b&gt;c$</span>"
