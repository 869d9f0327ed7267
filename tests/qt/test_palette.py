"""Ctrl+K: what is found, and what the keyboard and the mouse do with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QMainWindow
from pytestqt.qtbot import QtBot

from app.chat.history.types import Summary
from app.ui.actions import Actions
from app.ui.command_table import COMMANDS, KEYWORDS
from app.ui.language import Languages
from app.ui.palette import Palette
from app.ui.palette_match import match

words = st.text(st.sampled_from("abcdE ßİ发票总额-"), max_size=40)


@given(words, words)
def test_what_fits_has_the_letters_in_order(query: str, text: str) -> None:
    found = match(query, text)
    letters = "".join(query.split())
    if found is None:
        assert letters.casefold() not in text.casefold() or any(len(c.casefold()) > 1 for c in letters + text)
        return
    assert len(found.places) == len(letters)
    assert list(found.places) == sorted(set(found.places))
    assert all(a == b or a.casefold() == b.casefold() for a, b in zip(letters, (text[i] for i in found.places), strict=True))


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        ("new", "New conversation", "Answer with a wide margin"),
        ("np", "New private conversation", "Keyboard input"),
        ("import", "Import conversations…", "Export: To be imported again…"),
        ("find", "Find in the conversation", "Fold in the conversation"),
        ("总额", "发票总额与税率", "总是有额"),
    ],
)
def test_beginnings_of_words_and_letters_in_a_row_come_first(query: str, better: str, worse: str) -> None:
    first, second = match(query, better), match(query, worse)
    assert first is not None
    assert second is None or first.points > second.points


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    result = QMainWindow()
    result.resize(800, 600)
    result.setCentralWidget(QLineEdit())
    qtbot.addWidget(result)
    with qtbot.waitExposed(result):
        result.show()
    result.activateWindow()
    result.centralWidget().setFocus()
    return result


@pytest.fixture
def actions(window: QMainWindow) -> Actions:
    return Actions(window)


@pytest.fixture
def chinese(window: QMainWindow, qapp: QApplication) -> Iterator[None]:
    languages = Languages(window)
    languages.choose("zh_CN")
    yield
    languages.choose("en")


@pytest.fixture
def palette(window: QMainWindow, actions: Actions) -> Palette:
    result = Palette(actions, window)
    result.set_conversations([Summary("old", "Receipts of the trip", False, 1e9), Summary("new", "发票总额与税率", False, 2e9)])
    result.open()
    return result


def field_of(palette: Palette) -> QLineEdit:
    return palette.findChild(QLineEdit, "paletteField")


def list_of(palette: Palette) -> QListView:
    return palette.findChild(QListView, "paletteList")


def chosen(palette: Palette) -> str:
    return palette.rows[list_of(palette).currentIndex().row()].id


def test_every_command_is_there_before_a_letter_is_typed(palette: Palette) -> None:
    offered = [row.id for row in palette.rows]
    assert offered == ["new", "old", *(row.id for row in COMMANDS if row.id != "palette")]
    assert {row.id: row.shortcut for row in palette.rows}["conversation.new"] == "Ctrl+N"


def test_every_command_is_found_by_its_words(palette: Palette, actions: Actions) -> None:
    for row in COMMANDS:
        if row.id != "palette":
            field_of(palette).setText(actions.words(row.id))
            best = palette.rows[0].words
            assert best == actions.words(row.id), row.id


def test_in_a_chinese_window_english_names_find_every_command_too(palette: Palette, actions: Actions, chinese: None) -> None:
    actions.retranslate()
    palette.open()
    for row in COMMANDS:
        if row.id != "palette":
            field_of(palette).setText(actions.source_words(row.id))
            assert palette.rows[0].id == row.id
            assert palette.rows[0].words == actions.words(row.id)


@pytest.mark.parametrize(
    ("typed", "best"),
    [
        ("chinese", "language.zh_CN"), ("simpl", "language.zh_CN"), ("英语", "language.en"), ("dark mode", "theme.dark"),
        ("pref", "settings"), ("exit", "quit"), ("zoom in", "view.zoom_text_in"), ("remove", "conversation.delete"),
    ],
)  # fmt: skip
def test_commands_are_found_by_other_names_from_their_beginning_on(palette: Palette, typed: str, best: str) -> None:
    field_of(palette).setText(typed)
    assert palette.rows[0].id == best


def test_other_names_belong_to_commands() -> None:
    assert KEYWORDS.keys() <= {row.id for row in COMMANDS}


def test_the_conversation_that_is_open_is_offered_only_by_its_title(palette: Palette) -> None:
    palette.set_conversations([Summary("old", "Receipts of the trip", False, 1e9), Summary("new", "发票", False, 2e9)], "new")
    palette.open()
    assert "new" not in [row.id for row in palette.rows]
    assert chosen(palette) == "old"
    field_of(palette).setText("发票")
    assert chosen(palette) == "new"


def test_enter_runs_the_best_command_and_gives_the_focus_back(palette: Palette, actions: Actions, window: QMainWindow) -> None:
    triggered: list[tuple[str, bool]] = []
    actions.triggered.connect(lambda command_id: triggered.append((command_id, palette.is_open)))
    QTest.keyClicks(field_of(palette), "priv")
    QTest.keyClick(field_of(palette), Qt.Key.Key_Return)
    assert triggered == [("conversation.new_private", False)]
    assert window.focusWidget() is window.centralWidget()


def test_arrows_pass_over_what_is_not_possible_and_go_round(palette: Palette, actions: Actions) -> None:
    actions.set_conditions(has_turns=False)
    palette.open()
    field_of(palette).setText("conversation")
    possible = [row.id for row in palette.rows if row.is_possible]
    assert "conversation.find" not in possible
    assert "conversation.find" in [row.id for row in palette.rows]
    seen = []
    for _ in possible:
        seen.append(chosen(palette))
        QTest.keyClick(field_of(palette), Qt.Key.Key_Down)
    assert seen == possible
    assert chosen(palette) == possible[0]
    QTest.keyClick(field_of(palette), Qt.Key.Key_Up)
    assert chosen(palette) == possible[-1]
    assert field_of(palette).accessibleDescription() == actions.words(possible[-1])


def test_what_is_not_possible_is_not_run(palette: Palette, actions: Actions) -> None:
    actions.set_conditions(is_running=False)
    palette.open()
    triggered: list[str] = []
    actions.triggered.connect(triggered.append)
    field_of(palette).setText(actions.words("answer.stop"))
    place = [row.id for row in palette.rows].index("answer.stop")
    view = list_of(palette)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(view.model().index(place, 0)).center())
    assert triggered == []
    assert palette.is_open


def test_a_conversation_is_found_and_wanted(palette: Palette, qtbot: QtBot) -> None:
    field_of(palette).setText("总额")
    assert [row.id for row in palette.rows] == ["new"]
    with qtbot.waitSignal(palette.conversation_wanted) as wanted:
        QTest.keyClick(field_of(palette), Qt.Key.Key_Enter)
    assert wanted.args == ["new"]


def test_a_click_chooses(palette: Palette, actions: Actions, qtbot: QtBot) -> None:
    field_of(palette).setText("Theme: Dark")
    view = list_of(palette)
    with qtbot.waitSignal(actions.chosen) as choice:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(view.model().index(0, 0)).center())
    assert choice.args == ["theme", "dark"]


def test_escape_closes_it_and_stops_no_answer(palette: Palette, actions: Actions, window: QMainWindow) -> None:
    triggered: list[str] = []
    actions.triggered.connect(triggered.append)
    QTest.keyClick(field_of(palette), Qt.Key.Key_Escape)
    assert not palette.is_open
    assert triggered == []
    QTest.keyClick(window.centralWidget(), Qt.Key.Key_Escape)
    assert triggered == ["answer.stop"]


def test_a_click_beside_it_closes_it(palette: Palette) -> None:
    QTest.mouseClick(palette, Qt.MouseButton.LeftButton, pos=palette.rect().bottomLeft())
    assert not palette.is_open


def test_tab_stays_in_it(palette: Palette, window: QMainWindow) -> None:
    QTest.keyClick(field_of(palette), Qt.Key.Key_Tab)
    assert window.focusWidget() is field_of(palette)


def test_letters_that_nothing_has_are_answered_in_words(palette: Palette) -> None:
    field_of(palette).setText("qqqqqq")
    assert palette.rows == ()
    assert list_of(palette).isHidden()
    QTest.keyClick(field_of(palette), Qt.Key.Key_Return)
    assert palette.is_open


def test_it_fits_a_small_window(palette: Palette, window: QMainWindow) -> None:
    window.resize(400, 300)
    assert window.rect().contains(palette.card.geometry())
