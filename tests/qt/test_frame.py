"""What is around the conversation: header, badges, questions above the composer, panes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from app.chat.history.types import Summary
from app.ui import message_strip
from app.ui.badge import Badge
from app.ui.main_window import MainWindow
from app.ui.palette import Palette
from app.ui.panes import CONVERSATION_WIDTH_PX_MIN, NARROW_PX, SIDEBAR_WIDTH_PX, VIEWER_WIDTH_PX_MIN, PaneWishes
from app.ui.picture_levels import PictureCache
from app.ui.shortcuts_sheet import ShortcutsSheet
from app.ui.theme import themes
from app.workers.tasks import TaskRunner
from tests.helpers.window import press, visible_text


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    tasks = TaskRunner("pictures")
    result = MainWindow(PictureCache(tasks))
    qtbot.addWidget(result)
    result.resize(1400, 860)
    with qtbot.waitExposed(result):
        result.show()
    result.activateWindow()
    yield result
    tasks.close()


def trigger(window: MainWindow, command_id: str) -> None:
    window.actions_table.action(command_id).trigger()


def button(window: MainWindow, name: str) -> QToolButton:
    (found,) = [tool for tool in window.header.findChildren(QToolButton) if tool.accessibleName().startswith(name)]
    return found


def badges(window: MainWindow) -> list[str]:
    return [badge.text for badge in window.header.findChildren(Badge) if badge.isVisible()]


# The header


def test_a_double_click_writes_the_title_anew(window: MainWindow, qtbot: QtBot) -> None:
    window.set_title("Which quarter\nfell?")
    (label,) = [label for label in window.header.children() if getattr(label, "full_text", "") == "Which quarter fell?"]
    QTest.mouseDClick(label, Qt.MouseButton.LeftButton)
    field = window.header.findChild(QLineEdit)
    assert QApplication.focusWidget() is field
    assert field.selectedText() == "Which quarter fell?"
    QTest.keyClicks(field, "Better")
    with qtbot.waitSignal(window.rename_wanted) as wanted:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert wanted.args == ["Better"]
    assert not field.isVisible()


def test_leaving_the_title_keeps_it_and_escape_does_not(window: MainWindow, qtbot: QtBot) -> None:
    window.set_title("Old")
    field = window.header.findChild(QLineEdit)
    wanted: list[str] = []
    window.rename_wanted.connect(wanted.append)
    stopped: list[str] = []
    window.actions_table.triggered.connect(stopped.append)
    window.header.rename()
    QTest.keyClicks(field, "Escaped")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert (wanted, stopped, field.isVisible()) == ([], [], False)
    window.header.rename()
    QTest.keyClicks(field, "Left")
    window.composer.question.setFocus()
    assert wanted == ["Left"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_after_the_title_the_next_question_is_written(window: MainWindow, key: Qt.Key) -> None:
    window.set_title("Old")
    window.header.rename()
    QTest.keyClick(window.header.findChild(QLineEdit), key)
    assert window.composer.question.hasFocus()


def test_a_title_that_is_being_written_is_not_given_to_another_conversation(window: MainWindow) -> None:
    window.set_title("Old")
    wanted: list[str] = []
    window.rename_wanted.connect(wanted.append)
    window.header.rename()
    field = window.header.findChild(QLineEdit)
    QTest.keyClicks(field, "Meant for the first")
    window.set_title("Another")
    assert not field.isVisible()
    assert wanted == []


def test_a_conversation_without_a_title_has_none_to_change(window: MainWindow) -> None:
    window.set_title("")
    window.header.rename()
    assert not window.header.findChild(QLineEdit).isVisible()


def test_the_badge_says_where_questions_go_by_more_than_colour(window: MainWindow) -> None:
    window.header.set_destination(False)
    assert badges(window) == []
    pictures = []
    for host in (None, "open.bigmodel.cn"):
        window.header.set_destination(True, host)
        pictures.append(window.header.grab().toImage().convertToFormat(window.header.grab().toImage().Format.Format_Grayscale8))
        assert badges(window) == [host or "On this computer"]
    assert pictures[0] != pictures[1]
    window.set_private(True)
    assert badges(window) == ["Private", "open.bigmodel.cn"]
    assert "A private conversation" not in visible_text(window.hero)
    window.hero.set_has_model(True)
    assert "A private conversation" in visible_text(window.hero)


def test_a_long_host_leaves_room_for_the_title(window: MainWindow) -> None:
    window.resize(760, 600)
    window.set_title("A title")
    window.header.set_destination(True, "a-very-long-name-of-a-server.in-a-very-long-domain.example.com")
    (badge,) = [badge for badge in window.header.findChildren(Badge) if badge.isVisible()]
    assert badge.width() < 300
    assert badge.accessibleName().endswith("example.com")


# Messages, questions, offers


def test_a_question_stays_until_it_is_answered(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_strip, "OFFER_MS", 1)
    window.strip.ask("consent", "Pictures will be sent to example.com.", ["Send", "Don't send"])
    window.strip.show_message("A file could not be opened.")
    assert (window.strip.question, window.strip.text) == (
        "Pictures will be sent to example.com.", "A file could not be opened.",
    )  # fmt: skip
    with qtbot.waitSignal(window.strip.answered) as answered:
        press(window.strip, "Don't send")
    assert answered.args == ["consent", 1]
    assert window.strip.question == ""
    assert window.strip.text == "A file could not be opened."


def test_only_a_warning_looks_like_one(window: MainWindow) -> None:
    def has_warning_colour() -> bool:
        image = window.strip.grab().toImage()
        colours = {image.pixelColor(x, y).name() for x in range(60) for y in range(image.height())}
        return themes().current.warn.lower() in colours

    window.strip.show_message("A file could not be opened.")
    assert has_warning_colour()
    window.strip.show_message("Saved as report.pdf.", is_good=True)
    assert not has_warning_colour()


def test_an_offer_goes_away_by_itself(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_strip, "OFFER_MS", 1)
    with qtbot.waitSignal(window.strip.dismissed) as dismissed:
        window.strip.ask("undo", "Deleted.", ["Undo"])
    assert dismissed.args == ["undo"]
    assert not window.strip.isVisible()


def test_an_offer_is_held_by_the_keyboard(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_strip, "OFFER_MS", 1)
    monkeypatch.setattr(message_strip, "HELD_MS", 1)
    window.strip.ask("undo", "Deleted.", ["Undo"])
    undo = next(found for found in window.strip.findChildren(QPushButton) if found.text() == "Undo")
    undo.setFocus()
    timer = window.strip._timer
    with qtbot.waitSignals([timer.timeout, timer.timeout, timer.timeout]):
        pass
    assert window.strip.question == "Deleted."
    with qtbot.waitSignal(window.strip.dismissed):
        window.composer.question.setFocus()


def test_the_next_question_takes_the_place_of_one_and_hiding_lets_go(window: MainWindow) -> None:
    gone: list[str] = []
    window.strip.dismissed.connect(gone.append)
    window.strip.ask("undo", "Deleted.", ["Undo"])
    window.strip.ask("consent", "Send?", ["Send", "Don't send"])
    assert gone == ["undo"]
    window.strip.hide()
    assert gone == ["undo", "consent"]
    window.strip.show_message("New.")
    assert window.strip.question == ""


def test_what_a_message_says_to_run_can_be_copied(window: MainWindow) -> None:
    window.strip.show_message("busctl")
    words = next(label for label in window.strip.findChildren(QLabel) if label.text() == "busctl")
    QTest.mouseDClick(words, Qt.MouseButton.LeftButton, pos=QPoint(4, words.height() // 2))
    QTest.keyClick(words, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "busctl"


# The panes


def test_the_sides_come_back_as_wide_as_they_were(window: MainWindow, qtbot: QtBot) -> None:
    window.set_has_pictures(True)
    assert window.sidebar.width() == SIDEBAR_WIDTH_PX
    window.restore_layout("", PaneWishes(300, 500, True, True).to_text())
    assert (window.sidebar.width(), window.viewer.width()) == (300, 500)
    trigger(window, "view.sidebar")
    trigger(window, "view.viewer")
    assert (window.sidebar.isVisible(), window.viewer.isVisible()) == (False, False)
    assert PaneWishes.read(window.layout_state()[1]) == PaneWishes(300, 500, False, False)
    button(window, "List of conversations").click()
    button(window, "Viewer").click()
    assert (window.sidebar.width(), window.viewer.width()) == (300, 500)
    assert not button(window, "List of conversations").isVisible()


def test_there_is_no_viewer_without_something_to_look_at(window: MainWindow) -> None:
    assert not window.viewer.isVisible()
    window.set_has_pictures(True)
    assert window.viewer.isVisible()
    assert window.actions_table.action("view.viewer").isChecked()
    window.set_has_pictures(False)
    assert not window.viewer.isVisible()
    assert not window.actions_table.action("view.viewer").isEnabled()


def test_a_citation_brings_back_a_viewer_that_was_closed(window: MainWindow) -> None:
    window.set_has_pictures(True)
    trigger(window, "view.viewer")
    assert not window.viewer.isVisible()
    window.show_viewer()
    assert window.viewer.isVisible()


def test_a_narrow_window_has_the_list_only_while_it_is_wanted(window: MainWindow) -> None:
    window.sidebar.set_summaries([Summary("a", "A", False, 0.0)])
    window.set_has_pictures(True)
    window.resize(NARROW_PX - 20, 600)
    assert (window.sidebar.isVisible(), window.viewer.isVisible()) == (False, True)
    button(window, "List of conversations").click()
    assert (window.sidebar.isVisible(), window.viewer.isVisible()) == (True, False)
    window.sidebar.conversation_wanted.emit("a")
    assert (window.sidebar.isVisible(), window.viewer.isVisible()) == (False, True)
    window.search()
    assert window.sidebar.isVisible()
    assert QApplication.focusWidget().objectName() == "searchField"
    window.resize(1400, 860)
    assert (window.sidebar.isVisible(), window.viewer.isVisible()) == (True, True)
    assert PaneWishes.read(window.layout_state()[1]).has_sidebar


@pytest.mark.parametrize("width", [720, 899, 900, 1000, 1400, 2400])
def test_no_side_is_cut_at_any_width(window: MainWindow, width: int) -> None:
    window.set_has_pictures(True)
    window.resize(width, 600)
    rects = [side.geometry() for side in (window.sidebar, window.header.parentWidget(), window.viewer) if side.isVisible()]
    assert rects[0].left() <= 1  # a handle may be left of the first one
    assert rects[-1].right() == width - 1
    assert all(before.right() < after.left() for before, after in itertools.pairwise(rects))
    assert window.header.width() >= CONVERSATION_WIDTH_PX_MIN
    if window.viewer.isVisible():
        assert window.viewer.width() >= VIEWER_WIDTH_PX_MIN


@given(st.text() | st.builds(lambda *parts: ",".join(parts), *[st.from_regex(r"\A-?[0-9]{0,7}\Z")] * 4))
def test_any_kept_layout_is_read(text: str) -> None:
    wishes = PaneWishes.read(text)
    assert PaneWishes.read(wishes.to_text()) == wishes


# Overlays


def test_the_palette_offers_the_conversations_of_the_list(window: MainWindow, qtbot: QtBot) -> None:
    window.sidebar.set_summaries([Summary("a", "Which quarter fell", False, 1e9)])
    window.composer.question.setFocus()
    QTest.keyClick(window.composer.question, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = window.findChild(Palette)
    assert palette.rows[0].words == "Which quarter fell"
    with qtbot.waitSignal(window.sidebar.conversation_wanted) as wanted:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert wanted.args == ["a"]
    assert QApplication.focusWidget() is window.composer.question


def test_the_sheet_says_every_shortcut(window: MainWindow) -> None:
    trigger(window, "help.shortcuts")
    sheet = window.findChild(ShortcutsSheet)
    said = visible_text(sheet)
    for keys in ("Ctrl+Shift+N", "F1", "Ctrl+PgDown   Ctrl+Tab", "Esc"):
        assert keys in said
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_the_window_begins_within_its_screen(window: MainWindow) -> None:
    room = window.screen().availableGeometry()
    assert window.width() <= max(room.width(), window.minimumWidth())
