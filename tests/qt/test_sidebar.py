"""The list of conversations: order, keyboard, search, titles written in place."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListView, QMenu, QStackedWidget
from pytestqt.qtbot import QtBot

from app.chat.history.types import Found, Summary
from app.ui.actions import Actions
from app.ui.line_painter import draw_line, draw_lines
from app.ui.sidebar import Sidebar
from app.ui.sidebar_groups import Heading, build_rows, date_words, short_title
from app.ui.theme import themes, ui_font

TODAY = date(2026, 11, 22)
DAY_S = 86_400.0


def at(day: date, hour: int = 12) -> float:
    return datetime(day.year, day.month, day.day, hour).timestamp()


def summary(key: str, changed_at: float | None = None, *, title: str = "", is_pinned: bool = False) -> Summary:
    return Summary(key, title or f"About {key}", is_pinned, time.time() if changed_at is None else changed_at)


@pytest.fixture
def sidebar(qtbot: QtBot) -> Iterator[Sidebar]:
    holder = QLabel()
    qtbot.addWidget(holder)
    result = Sidebar(Actions(holder))
    qtbot.addWidget(result)
    result.resize(240, 600)
    with qtbot.waitExposed(result):
        result.show()
    result.activateWindow()
    yield result
    holder.close()  # it holds the actions, and has to be there till now


def view_of(sidebar: Sidebar) -> QListView:
    """The list that is shown."""
    page = sidebar.findChild(QStackedWidget).currentWidget()
    assert isinstance(page, QListView)
    return page


def page_text(sidebar: Sidebar) -> str:
    """What is said where there is no list."""
    page = sidebar.findChild(QStackedWidget).currentWidget()
    return page.text() if isinstance(page, QLabel) else ""


def search_of(sidebar: Sidebar) -> QLineEdit:
    return sidebar.findChild(QLineEdit, "searchField")


def said(sidebar: Sidebar) -> list[str]:
    model = view_of(sidebar).model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def index_of(sidebar: Sidebar, words: str) -> QModelIndex:
    return view_of(sidebar).model().index(said(sidebar).index(words), 0)


def click(sidebar: Sidebar, words: str) -> None:
    view = view_of(sidebar)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(index_of(sidebar, words)).center())


def test_rows_stand_under_their_days(qapp: QApplication) -> None:
    yesterday = TODAY - timedelta(days=1)
    rows = build_rows(
        [
            summary("last year", at(date(2025, 10, 3))),
            summary("eight days", at(TODAY - timedelta(days=8))),
            summary("seven days", at(TODAY - timedelta(days=7), 0)),
            summary("two days", at(TODAY - timedelta(days=2), 23)),
            summary("yesterday", at(yesterday, 0)),
            summary("kept", at(date(2024, 1, 1)), is_pinned=True),
            summary("morning", at(TODAY, 0)),
            summary("noon", at(TODAY)),
            summary("october", at(date(2026, 10, 31), 23)),
            summary("october too", at(date(2026, 10, 1), 0)),
        ],
        TODAY,
    )
    assert [row.words if isinstance(row, Heading) else row.key for row in rows] == [
        "Pinned", "kept", "Today", "noon", "morning", "Yesterday", "yesterday", "Previous 7 days", "two days", "seven days",
        "November", "eight days", "October", "october", "october too", "October 2025", "last year",
    ]  # fmt: skip


@given(st.lists(st.tuples(st.floats(), st.booleans()), max_size=30), st.dates(date(1980, 1, 1), date(2090, 1, 1)))
def test_no_time_makes_a_row_disappear(qapp: QApplication, moments: list[tuple[float, bool]], today: date) -> None:
    summaries = [summary(str(i), moment, is_pinned=is_pinned) for i, (moment, is_pinned) in enumerate(moments)]
    rows = build_rows(summaries, today)
    assert sorted(row.key for row in rows if isinstance(row, Summary)) == sorted(row.key for row in summaries)
    headings = [row.words for row in rows if isinstance(row, Heading)]
    assert len(set(headings)) == len(headings)
    assert not any(isinstance(row, Heading) for row in rows[-1:])
    for moment, _ in moments:
        assert date_words(moment, today)


@pytest.mark.parametrize(
    ("title", "shown"), [("", "Untitled"), (" a\n\tb ", "a b"), ("x" * 9_999, "x" * 200), ("\u2028", "Untitled")]
)
def test_any_title_is_one_line(qapp: QApplication, title: str, shown: str) -> None:
    assert short_title(title) == shown


def test_a_click_and_enter_open(sidebar: Sidebar, qtbot: QtBot) -> None:
    sidebar.set_summaries([summary("a"), summary("b", time.time() - 9)])
    with qtbot.waitSignal(sidebar.conversation_wanted) as wanted:
        click(sidebar, "About b")
    assert wanted.args == ["b"]
    QTest.keyClick(view_of(sidebar), Qt.Key.Key_Up)
    with qtbot.waitSignal(sidebar.conversation_wanted) as wanted:
        QTest.keyClick(view_of(sidebar), Qt.Key.Key_Return)
    assert wanted.args == ["a"]


def test_arrows_pass_over_headings(sidebar: Sidebar) -> None:
    sidebar.set_summaries([summary("a", is_pinned=True), summary("b"), summary("c", time.time() - 400 * DAY_S)])
    view = view_of(sidebar)
    QTest.keyClick(search_of(sidebar), Qt.Key.Key_Down)
    visited = []
    for _ in range(3):
        visited.append(view.currentIndex().data())
        QTest.keyClick(view, Qt.Key.Key_Down)
    assert visited == ["About a", "About b", "About c"]


def test_ten_thousand_rows_cost_what_is_seen(sidebar: Sidebar, monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[int] = []
    delegate = view_of_list(sidebar).itemDelegate()
    paint = delegate.paint
    measured: list[int] = []
    size_hint = delegate.sizeHint
    monkeypatch.setattr(delegate, "paint", lambda *a: (painted.append(1), paint(*a))[1])
    monkeypatch.setattr(delegate, "sizeHint", lambda *a: (measured.append(1), size_hint(*a))[1])
    now = time.time()
    sidebar.set_summaries([summary(str(i), now - i * 3_600) for i in range(10_000)])
    sidebar.grab()
    view = view_of(sidebar)
    for place in (0.25, 0.5, 1.0):
        view.verticalScrollBar().setValue(round(view.verticalScrollBar().maximum() * place))
        sidebar.grab()
    assert 40 < len(painted) < 400
    assert len(measured) < 400
    assert said(sidebar)[-1] == "About 9999"


def view_of_list(sidebar: Sidebar) -> QListView:
    """The list of conversations, shown or not."""
    return sidebar.findChild(QStackedWidget).widget(0)


def test_a_new_list_leaves_the_keyboard_and_the_view_where_they_are(sidebar: Sidebar) -> None:
    now = time.time()
    summaries = [summary(str(i), now - i * 60) for i in range(200)]
    sidebar.set_summaries(summaries)
    view = view_of(sidebar)
    view.setCurrentIndex(index_of(sidebar, "About 100"))
    place = view.verticalScrollBar().value()
    assert place > 0
    sidebar.set_summaries([summary("150", now + 1), *(row for row in summaries if row.key != "150")])
    assert view.currentIndex().data() == "About 100"
    assert view.verticalScrollBar().value() == place


def test_a_title_is_written_in_place(sidebar: Sidebar, qtbot: QtBot) -> None:
    sidebar.set_summaries([summary("a"), summary("b", time.time() - 9)])
    editor = start_renaming(sidebar, "About b")
    assert editor.text() == "About b"
    editor.setText("  Better\nname ")
    with qtbot.waitSignal(sidebar.rename_wanted) as wanted:
        QTest.keyClick(editor, Qt.Key.Key_Return)
    assert wanted.args == ["b", "Better name"]
    assert said(sidebar) == ["Today", "About a", "Better name"]


def start_renaming(sidebar: Sidebar, words: str) -> QLineEdit:
    view = view_of(sidebar)
    view.setFocus()
    view.setCurrentIndex(index_of(sidebar, words))
    QTest.keyClick(view, Qt.Key.Key_F2)
    editor = view.findChild(QLineEdit, "titleField")
    assert editor is not None
    return editor


def test_escape_and_the_same_title_rename_nothing(sidebar: Sidebar, qtbot: QtBot) -> None:
    sidebar.set_summaries([summary("a")])
    with qtbot.assertNotEmitted(sidebar.rename_wanted):
        QTest.keyClicks(start_renaming(sidebar, "About a"), "x")
        QTest.keyClick(sidebar.findChild(QLineEdit, "titleField"), Qt.Key.Key_Escape)
        QTest.keyClick(start_renaming(sidebar, "About a"), Qt.Key.Key_Return)
    assert said(sidebar) == ["Today", "About a"]


def test_a_list_that_comes_while_a_title_is_written_waits(sidebar: Sidebar, qtbot: QtBot) -> None:
    sidebar.set_summaries([summary("a")])
    editor = start_renaming(sidebar, "About a")
    QTest.keyClicks(editor, "Half a ti")
    sidebar.set_summaries([summary("a"), summary("b")])
    assert editor.isVisible()
    assert editor.text() == "Half a ti"
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: "About b" in said(sidebar))


def test_delete_asks_for_the_row_with_the_keyboard(sidebar: Sidebar, qtbot: QtBot) -> None:
    sidebar.set_summaries([summary("a"), summary("b", time.time() - 9)])
    view_of(sidebar).setCurrentIndex(index_of(sidebar, "About b"))
    with qtbot.waitSignal(sidebar.delete_wanted) as wanted:
        QTest.keyClick(view_of(sidebar), Qt.Key.Key_Delete)
    assert wanted.args == ["b"]


def open_menu(sidebar: Sidebar, words: str) -> dict[str, QAction]:
    view = view_of(sidebar)
    place = view.visualRect(index_of(sidebar, words)).center()
    QApplication.sendEvent(
        view.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, view.viewport().mapToGlobal(place))
    )
    menu = sidebar.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)[-1]
    menu.hide()
    return {action.objectName(): action for action in menu.findChildren(QAction) if action.objectName()}


@pytest.mark.qt_log_ignore("^This plugin does not support", extend=True)  # a menu without a window manager
def test_the_menu_of_a_row_is_about_that_row(sidebar: Sidebar, qtbot: QtBot) -> None:
    sidebar.set_summaries([summary("a"), summary("b", is_pinned=True)])
    sidebar.set_current("b")
    assert open_menu(sidebar, "About b")["conversation.pin"].isChecked()
    menu = open_menu(sidebar, "About a")
    assert not menu["conversation.pin"].isChecked()
    for command_id, signal, args in (
        ("conversation.pin", sidebar.pin_wanted, ["a", True]),
        ("conversation.delete", sidebar.delete_wanted, ["a"]),
        ("export.pdf", sidebar.export_wanted, ["a", "pdf"]),
        ("conversation.export", sidebar.export_wanted, ["a", ""]),
    ):
        with qtbot.waitSignal(signal) as wanted:
            menu[command_id].trigger()
        assert wanted.args == args
    menu["conversation.rename"].trigger()
    assert sidebar.findChild(QLineEdit, "titleField").text() == "About a"
    QTest.keyClick(sidebar.findChild(QLineEdit, "titleField"), Qt.Key.Key_Escape)


def test_a_private_conversation_has_a_row_that_is_in_no_list(sidebar: Sidebar, qtbot: QtBot) -> None:
    sidebar.set_summaries([summary("a")])
    sidebar.set_current("secret", is_private=True)
    assert said(sidebar) == ["Private conversation", "Today", "About a"]
    assert sidebar.summaries == (summary("a", sidebar.summaries[0].changed_at),)
    with qtbot.assertNotEmitted(sidebar.conversation_wanted):
        click(sidebar, "Private conversation")
    sidebar.set_current("a")
    assert said(sidebar) == ["Today", "About a"]


def test_a_screen_reader_hears_what_is_open_and_what_is_answered(sidebar: Sidebar) -> None:
    sidebar.set_summaries([summary("a"), summary("b")])
    sidebar.set_current("a")
    sidebar.set_running({"b"})
    spoken = Qt.ItemDataRole.AccessibleTextRole
    assert index_of(sidebar, "About a").data(spoken) == "About a, open now"
    assert index_of(sidebar, "About b").data(spoken) == "About b, being answered"


def test_the_open_row_and_the_running_one_look_different(sidebar: Sidebar) -> None:
    now = time.time()
    sidebar.set_summaries([summary(key, now, title="The same words") for key in "abc"])
    plain = [picture_of(sidebar, row) for row in (1, 2, 3)]
    assert plain[0] == plain[1] == plain[2]
    sidebar.set_current("a")
    sidebar.set_running({"b"})
    assert picture_of(sidebar, 3) == plain[2]
    assert len({bytes(picture_of(sidebar, row).constBits()) for row in (1, 2, 3)}) == 3


def picture_of(sidebar: Sidebar, row: int) -> QImage:
    view = view_of(sidebar)
    view.clearFocus()
    rect = view.visualRect(view.model().index(row, 0))
    return view.viewport().grab(rect).toImage()


def found(conversation: Summary, excerpt: str = "the words around it", *, marks: Sequence[tuple[int, int]] = ()) -> Found:
    return Found(conversation, "turn", excerpt, tuple(marks))


def test_typing_in_the_list_searches_once_after_the_last_key(sidebar: Sidebar, qtbot: QtBot) -> None:
    sidebar.set_summaries([summary("a")])
    asked: list[str] = []
    sidebar.search_wanted.connect(asked.append)
    view_of(sidebar).setFocus()
    QTest.keyClick(view_of(sidebar), "q")
    QTest.keyClicks(search_of(sidebar), "uarter ")
    qtbot.waitUntil(lambda: bool(asked))
    assert asked == ["quarter"]
    assert said(sidebar) == ["Today", "About a"]  # until there are results


def test_results_of_another_search_are_passed_over(sidebar: Sidebar) -> None:
    sidebar.set_summaries([summary("a"), summary("b")])
    search_of(sidebar).setText("new")
    sidebar.show_found([found(summary("a"))], "old")
    assert "Today" in said(sidebar)
    sidebar.show_found([found(summary("b"))], "new")
    assert said(sidebar) == ["About b"]
    search_of(sidebar).clear()
    sidebar.show_found([found(summary("b"))], "new")
    assert "Today" in said(sidebar)


def test_a_result_is_opened_with_enter_an_arrow_or_a_click(sidebar: Sidebar, qtbot: QtBot) -> None:
    results = [found(summary("a")), found(summary("b"))]
    search = search_of(sidebar)
    search.setText("words")
    qtbot.waitSignal(sidebar.search_wanted).wait()
    sidebar.show_found(results, "words")
    with qtbot.waitSignal(sidebar.found_wanted) as wanted:
        QTest.keyClick(search, Qt.Key.Key_Return)
    assert wanted.args == [results[0]]
    QTest.keyClick(search, Qt.Key.Key_Down)
    QTest.keyClick(view_of(sidebar), Qt.Key.Key_Down)
    with qtbot.waitSignal(sidebar.found_wanted) as wanted:
        QTest.keyClick(view_of(sidebar), Qt.Key.Key_Enter)
    assert wanted.args == [results[1]]
    with qtbot.waitSignal(sidebar.found_wanted) as wanted:
        click(sidebar, "About a")
    assert wanted.args == [results[0]]


def test_escape_ends_the_search(sidebar: Sidebar, qtbot: QtBot) -> None:
    sidebar.set_summaries([summary("a")])
    search = search_of(sidebar)
    search.setText("words")
    sidebar.show_found([], "words")
    assert page_text(sidebar) == "Nothing found for “words”"
    with qtbot.waitSignal(sidebar.search_wanted) as asked:
        QTest.keyClick(search, Qt.Key.Key_Escape)
    assert asked.args == [""]
    assert said(sidebar) == ["Today", "About a"]


def test_an_empty_list_says_what_it_is_for(sidebar: Sidebar) -> None:
    assert page_text(sidebar) == "What you ask is kept here, on this computer."
    sidebar.set_summaries([summary("a")])
    assert page_text(sidebar) == ""


def test_rows_grow_with_the_size_of_text(sidebar: Sidebar) -> None:
    sidebar.set_summaries([summary("a")])
    view = view_of(sidebar)
    usual_px = view.visualRect(index_of(sidebar, "About a")).height()
    themes().choose_text_size(200)
    try:
        assert view.visualRect(index_of(sidebar, "About a")).height() > usual_px
    finally:
        themes().choose_text_size(100)


def drawn(text: str, marks: Sequence[tuple[int, int]] = (), *, lines: int = 1, width: int = 300) -> QImage:
    image = QImage(width, 60, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    if lines == 1:
        draw_line(painter, image.rect(), text, ui_font(), "#000000", tuple(marks))
    else:
        draw_lines(painter, image.rect(), text, ui_font(), "#000000", tuple(marks), lines)
    painter.end()
    return image


def test_marks_are_bold_after_characters_of_two_units(qapp: QApplication) -> None:
    assert drawn("😀 hit", [(2, 5)]) != drawn("😀 hit")
    assert drawn("😀", [(1, 1)]) == drawn("😀")


def test_text_without_room_ends_in_an_ellipsis(qapp: QApplication) -> None:
    long = "word " * 80
    assert drawn(long, lines=2, width=120) != drawn(long[:20], lines=2, width=120)
    assert drawn(long + "another end", width=120) == drawn(long, width=120)
    assert drawn("\ud800 alone", width=120).size().width() == 120


def test_no_row_takes_events_of_a_language_change_badly(sidebar: Sidebar) -> None:
    sidebar.set_summaries([summary("a")])
    QApplication.sendEvent(sidebar, QEvent(QEvent.Type.LanguageChange))
    assert said(sidebar) == ["Today", "About a"]
    assert view_of(sidebar).indexAt(QPoint(5, 5)).isValid()


def test_what_stands_in_place_of_a_list_is_in_its_middle(sidebar: Sidebar) -> None:
    sidebar.set_summaries([])
    image = sidebar.grab().toImage()
    page = sidebar.findChild(QStackedWidget)
    rows = range(page.y(), page.y() + page.height())
    inked = [x for x in range(image.width()) if len({image.pixel(x, y) for y in rows}) > 1]
    assert inked[0] + inked[-1] == pytest.approx(image.width(), abs=4)
