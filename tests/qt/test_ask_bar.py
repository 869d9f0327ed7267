"""The ask bar: what is asked and where it goes, with every key, over any picture, in any size of text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.ui.buttons import IconButton
from app.ui.quick.ask_bar import AskBar
from app.ui.quick.panel import QuickPanel
from app.ui.quick.quick_actions import read_actions
from app.ui.theme import themes, ui_font
from tests.helpers.answers import default_looks
from tests.helpers.long_words import LongWords
from tests.helpers.quick import BACKGROUND, Surface
from tests.helpers.window import find_button, press, visible_text

REGION = QRect(230, 190, 612, 370)


@pytest.fixture(autouse=True)
def _looks(qapp: QApplication) -> Iterator[None]:
    qapp.setStyle("Fusion")
    qapp.setFont(ui_font())
    with default_looks():
        yield


@pytest.fixture
def surface(qtbot: QtBot) -> Surface:
    surface = Surface()
    qtbot.addWidget(surface)
    surface.show()
    return surface


@pytest.fixture
def bar(qtbot: QtBot, surface: Surface) -> AskBar:
    """Open beside a region, with a model on this computer."""
    bar = AskBar()
    bar.set_actions("")
    bar.set_destination(True)
    QuickPanel(bar, bar).open(surface, REGION)
    qtbot.waitUntil(bar.question.hasFocus)
    return bar


def shots(count: int) -> list[QImage]:
    images = [QImage(300, 200, QImage.Format.Format_RGB32) for _ in range(count)]
    for image in images:
        image.fill(QColor("teal"))
    return images


def icon_button(bar: AskBar, name: str) -> IconButton:
    return next(button for button in bar.findChildren(IconButton) if button.accessibleName() == name)


def test_enter_asks_once_and_nothing_is_no_question(qtbot: QtBot, bar: AskBar) -> None:
    with qtbot.assertNotEmitted(bar.asked):
        qtbot.keyClick(bar.question, Qt.Key.Key_Return)
        qtbot.keyClicks(bar.question, "  ")
        qtbot.keyClick(bar.question, Qt.Key.Key_Return)
    qtbot.keyClicks(bar.question, "Why? ")
    with qtbot.waitSignal(bar.asked) as asked:
        qtbot.keyClick(bar.question, Qt.Key.Key_Return)
    assert asked.args == ["Why?"]
    bar.set_running(True)
    with qtbot.assertNotEmitted(bar.asked):
        qtbot.keyClick(bar.question, Qt.Key.Key_Return)
        assert not icon_button(bar, "Ask").isEnabled()


def test_the_destination_is_always_said(bar: AskBar) -> None:
    assert "On this computer" in visible_text(bar)
    bar.set_destination(True, "api.example.org")
    assert "api.example.org" in visible_text(bar)
    assert "On this computer" not in visible_text(bar)
    bar.set_destination(False)
    assert "No model yet: choose one…" in visible_text(bar)


def test_without_a_model_text_is_extracted_all_the_same(qtbot: QtBot, bar: AskBar) -> None:
    bar.set_destination(False)
    enabled = [button.text() for button in bar.findChildren(QPushButton) if button.isVisible() and button.isEnabled()]
    assert enabled == ["Extract text", "No model yet: choose one…"]
    with qtbot.waitSignal(bar.action_chosen) as chosen:
        press(bar, "Extract text")
    assert chosen.args == ["extract"]
    assert bar.question_for("extract") == ""
    bar.set_text("Why?")
    with qtbot.waitSignal(bar.destination_wanted), qtbot.assertNotEmitted(bar.asked):
        qtbot.keyClick(bar.question, Qt.Key.Key_Return)
    with qtbot.waitSignal(bar.destination_wanted):
        press(bar, "No model yet: choose one…")


def test_find_waits_for_what_is_to_be_found(qtbot: QtBot, bar: AskBar) -> None:
    with qtbot.assertNotEmitted(bar.action_chosen):
        press(bar, "Find…")
    assert bar.question.placeholderText() == "Find… Write what, then press Enter"
    qtbot.keyClicks(bar.question, "the total")
    with qtbot.waitSignal(bar.action_chosen) as chosen, qtbot.assertNotEmitted(bar.asked):
        qtbot.keyClick(bar.question, Qt.Key.Key_Return)
    assert chosen.args == ["find"]
    assert "the total" in bar.question_for("find")
    with qtbot.waitSignal(bar.action_chosen):
        press(bar, "Find…")  # the words are there


def test_escape_takes_back_one_thing_at_a_time(qtbot: QtBot, bar: AskBar, surface: Surface) -> None:
    press(bar, "Find…")
    with qtbot.assertNotEmitted(bar.dismissed):
        qtbot.keyClick(bar.question, Qt.Key.Key_Escape)
    assert bar.question.placeholderText() == "Ask about this…"
    with qtbot.waitSignal(bar.dismissed):
        qtbot.keyClick(bar.question, Qt.Key.Key_Escape)
    assert surface.keys == 0


def test_tab_goes_through_everything(qtbot: QtBot, bar: AskBar) -> None:
    bar.set_shots(shots(2))
    bar.set_text("Why?")
    QApplication.processEvents()
    names = []
    for _ in range(12):
        focused = QApplication.focusWidget()
        assert focused is not None
        names.append(focused.accessibleName())
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    actions = ["Explain", "Extract text", "Translate", "Find…", "To table", "To code"]
    last = ["Add another shot to the question", "Leave out shot 1", "Leave out shot 2", "On this computer"]
    assert names == ["Question", "Ask", *actions, *last]


def test_one_shot_needs_no_row_and_each_of_several_can_be_left_out(qtbot: QtBot, bar: AskBar) -> None:
    bar.set_shots(shots(1))
    alone = bar.height()
    bar.set_shots(shots(3))
    assert bar.height() > alone
    with qtbot.waitSignal(bar.shot_removed) as removed:
        icon_button(bar, "Leave out shot 2").click()
    assert removed.args == [1]
    bar.set_shots(shots(1))
    assert bar.height() == alone
    with qtbot.waitSignal(bar.more_wanted):
        icon_button(bar, "Add another shot to the question").click()


def test_the_keyboard_is_in_the_question_after_a_shot_was_left_out(qtbot: QtBot, bar: AskBar) -> None:
    bar.set_shots(shots(2))
    bar.shot_removed.connect(lambda _index: bar.set_shots(shots(1)))
    cross = icon_button(bar, "Leave out shot 2")
    cross.setFocus()
    qtbot.waitUntil(cross.hasFocus)
    qtbot.keyClick(cross, Qt.Key.Key_Space)
    qtbot.waitUntil(bar.question.hasFocus)


def test_what_cannot_be_pasted_is_said(bar: AskBar) -> None:
    data = QMimeData()
    data.setImageData(shots(1)[0])
    bar.question.insertFromMimeData(data)
    assert "Only text can be pasted here" in visible_text(bar)
    data = QMimeData()
    data.setText("word " * 20_000)
    bar.question.insertFromMimeData(data)
    assert bar.text() == ""
    assert "This text is too long for a question" in visible_text(bar)


@pytest.mark.qt_log_ignore("^This plugin does not support", extend=True)  # a menu without a window manager
def test_an_action_is_edited_from_its_menu(qtbot: QtBot, bar: AskBar) -> None:
    chip = find_button(bar, "Explain")
    chip.setFocus()
    QApplication.sendEvent(chip, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(4, 4), chip.mapToGlobal(QPoint(4, 4))))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.actions()[0].trigger()
    menu.close()
    bar.findChild(QLineEdit).setText("What is it?")
    next(edit for edit in bar.findChildren(QPlainTextEdit) if edit is not bar.question).setPlainText("Say what it is.")
    with qtbot.waitSignal(bar.actions_changed) as changed:
        press(bar, "Save")
    assert read_actions(changed.args[0])[0].prompt == "Say what it is."
    QApplication.processEvents()
    assert bar.question_for("explain") == "Say what it is."
    assert find_button(bar, "What is it?")
    assert bar.window().focusWidget() is bar.question


def test_the_mouse_passes_through_the_shadow_and_not_through_the_bar(qtbot: QtBot, bar: AskBar, surface: Surface) -> None:
    card = bar.card_rect
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=card.topLeft() + QPoint(2, 6))
    assert surface.presses == 0
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=card.topLeft() - QPoint(6, 6))
    assert surface.presses == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_shadow_fades_into_the_picture(bar: AskBar, surface: Surface, theme: str) -> None:
    themes().choose(theme)
    QApplication.processEvents()
    picture = surface.grab().toImage()

    def color_at(x: int, y: int) -> QColor:
        return picture.pixelColor(QPoint(x, y) * round(picture.devicePixelRatio()))

    card = bar.card_rect.translated(bar.pos())
    below = [color_at(card.center().x(), y).lightness() for y in range(card.bottom() + 2, bar.geometry().bottom() + 1)]
    assert below == sorted(below)
    assert below[0] < below[-1]
    assert color_at(bar.x(), bar.y()) == QColor(BACKGROUND)
    assert color_at(card.center().x(), bar.geometry().bottom() + 2) == QColor(BACKGROUND)
    assert color_at(card.center().x(), card.top() + 4) == QColor(themes().current.surface)


@pytest.mark.parametrize("is_long", [False, True])
@pytest.mark.parametrize("percent", [100, 200])
def test_nothing_is_cut_in_any_size_and_language(qapp: QApplication, bar: AskBar, percent: int, is_long: bool) -> None:
    translator = LongWords(qapp)
    if is_long:
        QCoreApplication.installTranslator(translator)
    try:
        themes().choose_text_size(percent)
        bar.set_status("1,196 tokens, about 4 s")
        bar.set_shots(shots(3))
        bar.set_text("Which of these is the one that was delivered? " * 4)
        QApplication.processEvents()
        assert ("Explain长" in visible_text(bar)) == is_long
        for button in [*bar.findChildren(QPushButton), *bar.findChildren(IconButton)]:
            if button.isVisible():
                assert button.width() >= min(button.sizeHint().width(), button.maximumWidth()), button.accessibleName()
                place = QRect(button.mapTo(bar, QPoint(0, 0)), button.size())
                assert bar.card_rect.contains(place), button.accessibleName()
        assert bar.question.verticalScrollBar().maximum() == 0
        assert bar.parentWidget().rect().contains(bar.card_rect.translated(bar.pos()))
    finally:
        QCoreApplication.removeTranslator(translator)
        QApplication.processEvents()
