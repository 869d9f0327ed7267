"""An answer's text as a stack of views that grows at its end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.chat.answer import TextBlock
from app.ui.code_view import CodeView
from app.ui.markdown_table import TableView
from app.ui.markdown_view import MarkdownView
from app.ui.rich_text import RichText
from app.ui.theme import themes
from tests.helpers.answers import EVERYTHING, default_looks, picture_of, reference, settle, show
from tests.helpers.contrast import contrast


@pytest.fixture(autouse=True)
def _default_looks(qapp: QApplication) -> Iterator[None]:
    with default_looks():
        yield


def grow(view: RichText, source: str, size: int) -> None:
    block = TextBlock([""])
    for start in range(0, len(source), size):
        block.pieces[0] = source[: start + size]
        view.show_block(block)
    view.set_final()


def new_view(qtbot: QtBot) -> RichText:
    view = RichText()
    qtbot.addWidget(view)
    view.resize(500, 10)
    view.show()
    return view


@pytest.mark.parametrize("size", [1, 7, 40])
def test_growing_text_looks_in_the_end_as_it_would_have_at_once(qtbot: QtBot, size: int) -> None:
    whole = settle(qtbot, show(qtbot, EVERYTHING))
    growing = new_view(qtbot)
    grow(growing, EVERYTHING, size)
    settle(qtbot, growing)
    assert [type(view) for view in growing.views] == [type(view) for view in whole.views]
    assert growing.plain_text() == whole.plain_text()
    assert growing.height() == whole.height()
    assert picture_of(growing) == picture_of(whole)


def test_what_stands_above_the_last_view_is_never_touched_again(qtbot: QtBot) -> None:
    view = new_view(qtbot)
    block = TextBlock([""])
    places: dict[int, tuple[object, int]] = {}
    for end in range(0, len(EVERYTHING), 5):
        block.pieces[0] = EVERYTHING[:end]
        view.show_block(block)
        for index, part in enumerate(view.views[:-2]):
            document = part.text.document() if isinstance(part, CodeView) else part.document()
            now = (part.geometry(), document.revision())
            assert places.setdefault(index, now) == now
    assert len(places) > 3


def test_stable_prose_is_not_rendered_again(qtbot: QtBot) -> None:
    view = show(qtbot, "First.\n\nSecond.\n\nThi")
    changes: list[int] = []
    view.views[0].document().contentsChange.connect(lambda position, removed, added: changes.append(position))  # type: ignore[union-attr]
    view.show_block(TextBlock(["First.\n\nSecond.\n\nThird."]))
    assert min(changes) >= len("First.")


def test_rows_of_a_table_are_rendered_once(qtbot: QtBot) -> None:
    head = "| a | b |\n|---|---|\n"
    rows = [f"| {i} | word |\n" for i in range(20)]
    view = show(qtbot, head + "".join(rows))
    changes: list[int] = []
    table = view.views[0]
    assert isinstance(table, TableView)
    end = table.document().characterCount()
    table.document().contentsChange.connect(lambda position, removed, added: changes.append(position))
    view.show_block(TextBlock([head + "".join(rows) + "| 20 | last |"]))
    assert min(changes) > end - 20
    assert view.plain_text().endswith("20\tlast")


def test_bands_of_a_table_join_without_a_seam(qtbot: QtBot) -> None:
    view = show(qtbot, "| a | bbb |\n|---|--:|\n" + "| 1 | 2 |\n" * 30)
    assert view.find("2") == 30
    table = view.views[0]
    assert isinstance(table, TableView)
    tops = [table.cursorRect(cursor).top() for cursor in _cells(table, "1")]
    assert len(tops) == 30
    assert len({after - before for before, after in pairwise(tops)}) == 1
    assert len({table.cursorRect(cursor).right() for cursor in _cells(table, "2")}) == 1


def _cells(table: TableView, text: str) -> list[QTextCursor]:
    found = []
    cursor = table.document().find(text)
    while not cursor.isNull():
        found.append(cursor)
        cursor = table.document().find(text, cursor)
    return found


def test_a_wide_table_scrolls_and_leaves_the_column_as_it_is(qtbot: QtBot) -> None:
    columns = 30
    view = show(qtbot, "|" + " heading |" * columns + "\n|" + "---|" * columns + "\n|" + " 12345 |" * columns + "\n\nText.")
    table, text = view.views
    assert isinstance(table, TableView)
    assert view.width() == table.width() == text.width() == 500
    assert table.horizontalScrollBar().maximum() > 0


def test_a_narrower_window_keeps_the_bands_together(qtbot: QtBot) -> None:
    view = show(qtbot, "| a | b |\n|---|---|\n" + "| 1 | words and more words in a long cell that has to break |\n" * 12)
    view.resize(260, view.height())
    table = view.views[0]
    assert isinstance(table, TableView)
    assert len({table.cursorRect(cursor).left() for cursor in _cells(table, "words and")}) == 1
    assert table.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize(
    ("first", "then", "kinds"),
    [
        ("``", "```\nx", [CodeView]),
        ("Text\n```a", "Text\n```a``` code", [MarkdownView]),
        ("| a | b |\n|--", "| a | b |\n|--|--|\n", [TableView]),
        ("a | b\n--", "a | b\n--|--\n1 | 2", [TableView]),
        ("| a |\n|--|\n-", "| a |\n|--|\n- item", [TableView, MarkdownView]),
        ("| a |\n|--|\n-", "| a |\n|--|\n-5 | x", [TableView]),
        ("Text\n\n| a | b |\n|--|--|", "Text\n\n| a | b |\n|--|--|c", [MarkdownView]),
    ],
)
def test_what_looked_like_something_else_becomes_what_it_is(qtbot: QtBot, first: str, then: str, kinds: list[type]) -> None:
    view = new_view(qtbot)
    view.show_block(TextBlock([first]))
    view.show_block(TextBlock([then]))
    view.set_final()
    assert [type(part) for part in view.views] == kinds
    assert view.plain_text() == show(qtbot, then).plain_text()


def test_lists_are_numbered_on(qtbot: QtBot) -> None:
    view = show(qtbot, "1. a\n1. b\n\n   more\n1. c\n1. d\n")
    document = view.views[0].document()  # type: ignore[union-attr]
    numbers = []
    block = document.begin()
    while block.isValid():
        if (text_list := block.textList()) is not None:
            numbers.append(text_list.itemText(block))
        block = block.next()
    assert numbers == ["1.", "2.", "3.", "4."]


def test_references_are_found_wherever_they_stand(qtbot: QtBot) -> None:
    pieces = ["# Head ", "\n\n- 😀 item ", "\n\n| a |\n|---|\n| cell ", " |\n\n> ", "\n\n`code ", "`\n\n```\nx ", "\n```\n\n[link "]
    with_references = [part for number, piece in enumerate(pieces, 1) for part in (piece, reference(number))]
    view = show(qtbot, *with_references, "](http://a.b)")
    tops = [view.reference_rect(number) for number in (1, 2, 3, 4, 7)]
    assert all(rect is not None for rect in tops)
    assert tops == sorted(tops, key=lambda rect: rect.top() if rect else 0)
    assert view.reference_rect(5) is None
    assert view.reference_rect(6) is None
    assert "code [5]" in view.plain_text()
    assert "x [6]" in view.plain_text()
    clicked: list[int] = []
    view.reference_activated.connect(clicked.append)
    for number in (1, 2, 3, 4):
        rect = view.reference_rect(number)
        assert rect is not None
        place = rect.center().toPoint()
        part = next(part for part in view.views if part.geometry().contains(place))
        QTest.mouseClick(part.viewport(), Qt.MouseButton.LeftButton, pos=place - part.pos())  # type: ignore[union-attr]
    assert clicked == [1, 2, 3, 4]


def test_a_reference_to_nothing_is_quiet_text(qtbot: QtBot) -> None:
    view = show(qtbot, "See ", reference(1, None, "the  <b>plant</b>"), " and ", reference(2, None), ", not ", reference(3))
    part = view.views[0]
    assert isinstance(part, MarkdownView)
    assert part.toPlainText() == "See the <b>plant</b> and ?, not \ufffc"
    cursor = part.document().find("plant")
    assert cursor.charFormat().toolTip() == "There is no such picture in this conversation"
    assert cursor.charFormat().foreground().color() == QColor(themes().current.text_2)
    activated: list[int] = []
    view.reference_activated.connect(activated.append)
    QTest.mouseClick(part.viewport(), Qt.MouseButton.LeftButton, pos=part.cursorRect(cursor).center() - QPoint(4, 0))
    with qtbot.waitActive(view):
        view.activateWindow()
    part.clearFocus()
    part.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(part, Qt.Key.Key_Return)
    assert activated == [3]


def test_the_keyboard_walks_all_references_and_links_of_the_stack(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    view = RichText()
    layout.addWidget(view)
    window.resize(500, 400)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    source = (
        "A ",
        reference(1),
        " and [x](http://a.b).\n\n```\ncode\n```\n\nNothing.\n\n| a |\n|---|\n| ",
        reference(2),
        " |\n\nEnd ",
        reference(3),
    )
    view.show_block(TextBlock(list(source)))
    view.set_final()
    seen: list[object] = []
    view.reference_hovered.connect(lambda number: seen.append(number) if number else None)
    copy = view.views[1].focus_stops()[0]
    view.views[0].setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(4):
        focused = QApplication.focusWidget()
        QTest.keyClick(focused, Qt.Key.Key_Tab)
        if QApplication.focusWidget() is copy:
            seen.append("copy")
    assert seen == [1, "copy", 2, 3]
    for _ in range(2):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is copy
    QTest.keyClick(copy, Qt.Key.Key_Backtab)
    targets: list[str] = []
    view.link_activated.connect(lambda target, place: targets.append(target))
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert targets == ["http://a.b"]


def test_all_of_the_link_that_the_keyboard_is_on_is_seen(qtbot: QtBot) -> None:
    links = ("an annual report", "bold *and* mixed", "年度报告 😀 全文")
    view = show(qtbot, " and ".join(f"[{words}](https://example.org/{number})" for number, words in enumerate(links)))
    (part,) = view.views
    assert isinstance(part, MarkdownView)
    with qtbot.waitActive(view):
        view.activateWindow()
    part.setFocus()
    seen = []
    for _ in links:
        QTest.keyClick(part, Qt.Key.Key_Right)
        (mark,) = part.extraSelections()
        seen.append(mark.cursor.selectedText())
        colors = mark.format.foreground().color(), mark.format.background().color()
        assert contrast(*(color.name() for color in colors)) >= 4.5
    assert seen == [words.replace("*", "") for words in links]
    other = QWidget()
    qtbot.addWidget(other)
    for there in (other, view):  # the user looks at another window, and comes back
        with qtbot.waitActive(there):
            there.show()
            there.activateWindow()
    assert [mark.cursor.selectedText() for mark in part.extraSelections()] == seen[-1:]


def test_the_current_reference_is_current_in_views_that_come_later(qtbot: QtBot) -> None:
    view = new_view(qtbot)
    view.show_block(TextBlock(["a ", reference(1)]))
    view.set_current_reference(2)
    view.show_block(TextBlock(["a ", reference(1), "\n\n```\nx\n```\n\n", reference(2)]))
    part = view.views[-1]
    assert isinstance(part, MarkdownView)
    assert view.current_reference == part.current_reference == 2


def test_words_are_found_in_every_kind_of_view(qtbot: QtBot) -> None:
    view = show(qtbot, "Needle and needle.\n\n```\nNEEDLE = 1\n```\n\n| needle |\n|---|\n| x |\n")
    assert view.find("needle") == 4
    rects = [view.show_hit(index) for index in range(4)]
    assert all(rect is not None and rect.width() > 10 for rect in rects)
    assert [type(_view_at(view, rect.center().toPoint())) for rect in rects if rect] == [
        MarkdownView,
        MarkdownView,
        CodeView,
        TableView,
    ]
    assert view.show_hit(4) is None
    assert view.find("") == 0
    assert picture_of(view) == picture_of(show(qtbot, "Needle and needle.\n\n```\nNEEDLE = 1\n```\n\n| needle |\n|---|\n| x |\n"))


def _view_at(view: RichText, place: QPoint) -> QObject | None:
    return next((part for part in view.views if part.geometry().contains(place)), None)


def test_what_comes_later_is_found_too(qtbot: QtBot) -> None:
    view = new_view(qtbot)
    view.show_block(TextBlock(["needle"]))
    assert view.find("needle") == 1
    view.show_block(TextBlock(["needle needle\n\n```\nneedle\n"]))
    assert view.show_hit(2) is not None


def test_copying_gives_text_with_numbers_tabs_and_nothing_else(qtbot: QtBot) -> None:
    view = show(qtbot, "A 😀 ", reference(12), " b.\n\n| x | y |\n|---|---|\n| 1 | ", reference(3), " |\n")
    prose, table = view.views
    assert isinstance(prose, MarkdownView)
    assert isinstance(table, TableView)
    for part, expected in ((prose, "A 😀 [12] b."), (table, "x\ty\n1\t[3]")):
        part.selectAll()
        part.copy()
        assert QGuiApplication.clipboard().text().strip() == expected
        assert QGuiApplication.clipboard().mimeData().formats() == ["text/plain"]
    assert view.selected_text() == "A 😀 [12] b."


def test_another_theme_and_size_are_as_if_it_had_been_so_from_the_start(qtbot: QtBot) -> None:
    view = settle(qtbot, show(qtbot, EVERYTHING))
    light, height = picture_of(view), view.height()
    themes().choose("dark")
    themes().choose_text_size(150)
    settle(qtbot, view)
    fresh = settle(qtbot, show(qtbot, EVERYTHING))
    assert picture_of(view) == picture_of(fresh)
    assert view.height() > height
    themes().choose_text_size(100)
    themes().choose("light")
    settle(qtbot, view)
    assert picture_of(view) == light


def test_a_view_in_a_stack_leaves_its_height_to_the_stack(qtbot: QtBot) -> None:
    view = show(qtbot, "Text\n\n```\nx\n```\n")
    heights = [view.fit(width) for width in (500, 200)]
    assert heights[0] == heights[1] == sum(part.height() for part in view.views) + 12


@pytest.mark.parametrize("text", ["", "\n\n", "   "])
def test_nothing_is_shown_for_nothing(qtbot: QtBot, text: str) -> None:
    assert show(qtbot, text).views == []


def test_text_of_other_directions_and_scripts_breaks_within_the_column(qtbot: QtBot) -> None:
    view = show(qtbot, "שלום עולם " * 40 + "\n\n" + "中文字符，" * 60 + "\n\n" + "x" * 300 + "\n\n" + "👩‍👩‍👧 " * 50)
    part = view.views[0]
    assert isinstance(part, MarkdownView)
    assert part.horizontalScrollBar().maximum() == 0
    assert part.document().size().width() <= part.viewport().width()
