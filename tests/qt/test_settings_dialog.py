"""The settings: what is changed is told at once, everything is found, named and reached."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QSlider,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.ui.elided_label import ElidedLabel
from app.ui.settings.controls import Switch
from app.ui.settings.dialog import PAGES, SettingsDialog
from app.ui.settings.words import option_words
from app.ui.theme import themes
from tests.helpers.long_words import LongWords
from tests.helpers.settings import SETTINGS, STORED, all_pages, settings_dialog
from tests.helpers.window import press, visible_text


@pytest.fixture
def dialog(qtbot: QtBot) -> Iterator[SettingsDialog]:
    with settings_dialog(qtbot) as made:
        yield made


def control(dialog: SettingsDialog, name: str) -> Any:
    """What changes an option, found by the words a person looks for."""
    words = option_words()[name].label
    kinds = (QComboBox, QSlider, QSpinBox, Switch)
    found = [
        widget
        for kind in kinds
        for widget in dialog.page.findChildren(kind)
        if widget.accessibleName() == words and widget.isVisible()
    ]
    assert found, words
    return found[0]


def told(dialog: SettingsDialog) -> list[tuple[str, object]]:
    """Everything that is told from now on."""
    changes: list[tuple[str, object]] = []
    dialog.changed.connect(lambda name, value: changes.append((name, value)))
    return changes


def test_every_visible_option_can_be_changed_in_the_dialog(qtbot: QtBot, dialog: SettingsDialog) -> None:
    said = ""
    for _, page in all_pages(qtbot, dialog):
        said += visible_text(page)
    assert [words.label for words in option_words().values() if words.label not in said] == []


def test_what_holds_is_shown_and_nothing_is_told_by_showing(dialog: SettingsDialog) -> None:
    changes = told(dialog)
    dialog.show_settings(replace(SETTINGS, theme="dark", language="zh_CN", text_percent=150, thinking=True))
    assert control(dialog, "theme").currentText() == "Dark"
    assert control(dialog, "language").currentText() == "简体中文"
    assert control(dialog, "thinking").isChecked()
    assert "150 %" in visible_text(dialog)
    assert changes == []


def test_a_choice_is_told_at_once(qtbot: QtBot, dialog: SettingsDialog) -> None:
    changes = told(dialog)
    qtbot.keyClick(control(dialog, "theme"), Qt.Key.Key_Down)
    qtbot.keyClick(control(dialog, "thinking"), Qt.Key.Key_Space)
    qtbot.mouseClick(control(dialog, "thinking"), Qt.MouseButton.LeftButton)
    qtbot.keyClick(control(dialog, "text_percent"), Qt.Key.Key_Right)
    assert changes == [("theme", "light"), ("thinking", True), ("thinking", False), ("text_percent", 110)]


def test_text_in_the_new_size_is_shown_while_the_slider_is_pulled_and_told_after(dialog: SettingsDialog) -> None:
    changes = told(dialog)
    slider = control(dialog, "text_percent")
    sample = next(label for label in dialog.page.findChildren(QLabel) if label.text().startswith("Revenue"))
    slider.setSliderDown(True)
    slider.setSliderPosition(slider.maximum())
    assert sample.font().pixelSize() == 28
    assert changes == []
    slider.setSliderDown(False)
    assert changes == [("text_percent", 200)]


def test_the_wheel_scrolls_and_changes_nothing(dialog: SettingsDialog) -> None:
    changes = told(dialog)
    for page, names in (("general", ("theme", "text_percent")), ("models", ("gpu_layers",))):
        dialog.open_page(page)
        QApplication.processEvents()
        for name in names:
            for widget in (control(dialog, name), *dialog.page.findChildren(QSpinBox)):
                center = QPointF(widget.rect().center())
                no, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
                turned = QWheelEvent(center, center, QPoint(), QPoint(0, -120), no, Qt.KeyboardModifier.NoModifier, phase, False)
                QApplication.sendEvent(widget, turned)
    assert changes == []


def test_layers_are_all_none_or_a_number(qtbot: QtBot, dialog: SettingsDialog) -> None:
    dialog.open_page("models")
    changes = told(dialog)
    choice = control(dialog, "gpu_layers")
    number = dialog.page.findChild(QSpinBox)
    assert (choice.currentText(), number.value()) == ("This many:", 12)
    number.setFocus()
    number.selectAll()
    qtbot.keyClicks(number, "40")
    qtbot.keyClick(number, Qt.Key.Key_Return)
    choice.setFocus()
    qtbot.keyClick(choice, Qt.Key.Key_Home)
    assert changes == [("gpu_layers", 40), ("gpu_layers", -1)]
    assert not number.isVisible()


def test_models_used_lately_are_used_again_or_taken_off(qtbot: QtBot, dialog: SettingsDialog) -> None:
    dialog.open_page("models")
    changes = told(dialog)
    with qtbot.waitSignal(dialog.model_chosen) as chosen:
        named(dialog, "Use 另一个模型-Q8_0.gguf").click()
    assert chosen.args == ["/models/另一个模型-Q8_0.gguf"]
    named(dialog, "Remove 另一个模型-Q8_0.gguf from the list").click()
    assert changes == [("models", SETTINGS.models[:1])]
    assert "另一个模型" not in visible_text(dialog)


def named(dialog: SettingsDialog, name: str) -> QAbstractButton:
    found = [button for button in dialog.findChildren(QAbstractButton) if button.accessibleName() == name and button.isVisible()]
    assert len(found) == 1, f"{len(found)} buttons are called {name!r}"
    return found[0]


def test_another_file_is_asked_for(qtbot: QtBot, dialog: SettingsDialog) -> None:
    dialog.open_page("models")
    wanted: list[str] = []
    dialog.file_wanted.connect(wanted.append)
    for button in dialog.page.findChildren(QAbstractButton):
        if button.text() == "Choose…":
            button.click()
    assert wanted == ["model", "mmproj"]


def test_storage_is_asked_for_when_it_is_seen_and_only_then(qtbot: QtBot, dialog: SettingsDialog) -> None:
    wanted: list[bool] = []
    dialog.storage_wanted.connect(lambda: wanted.append(True))
    dialog.open_page("models")
    assert wanted == []
    dialog.open_page("storage")
    assert wanted == [True]
    assert "Measuring…" in visible_text(dialog)
    dialog.show_storage(STORED)
    said = visible_text(dialog)
    assert all(size in said for size in ("123.5 MB", "4.1 GB", "512.0 MB", "0 bytes", "1.3 kB", "4.8 GB on this computer"))
    assert [label.full_text for label in dialog.page.findChildren(ElidedLabel)] == [str(item.folder) for item in STORED]


def test_clearing_asks_once_in_words_and_no_is_the_default(qtbot: QtBot, dialog: SettingsDialog) -> None:
    dialog.open_page("storage")
    dialog.show_storage(STORED)
    cleared: list[str] = []
    dialog.clear_wanted.connect(cleared.append)
    named(dialog, "Clear: Conversations").click()
    assert "They cannot be brought back." in visible_text(dialog)
    assert QApplication.focusWidget() is None or QApplication.focusWidget().text() == "Keep"
    press(dialog, "Keep")
    assert cleared == []
    named(dialog, "Clear: Conversations").click()
    press(dialog, "Delete all")
    assert cleared == ["conversations"]
    assert not named(dialog, "Clear: Conversations").isEnabled(), "it is not asked for twice"
    assert not named(dialog, "Clear: What models have read").isEnabled(), "there is nothing"
    dialog.show_storage(STORED)
    assert named(dialog, "Clear: Conversations").isEnabled()


def test_folders_are_opened(qtbot: QtBot, dialog: SettingsDialog) -> None:
    dialog.open_page("storage")
    dialog.show_storage(STORED)
    folders: list[str] = []
    dialog.folder_wanted.connect(folders.append)
    named(dialog, "Open the folder of: Attachments").click()
    dialog.open_page("about")
    named(dialog, "Open the folder of: Logs").click()
    assert folders[0] == str(STORED[1].folder)
    assert Path(folders[1]).name == "log"


def test_search_finds_options_on_every_page(qtbot: QtBot, dialog: SettingsDialog) -> None:
    search, pages = dialog.findChild(QLineEdit), dialog.findChild(QListWidget)
    qtbot.keyClicks(search, "graphics CARD")
    assert [name for row, name in enumerate(PAGES) if not pages.item(row).isHidden()] == ["models"]
    said = visible_text(dialog.page)
    assert "Layers on the graphics card" in said
    assert "Projector" not in said
    search.clear()
    assert [row for row in range(len(PAGES)) if pages.item(row).isHidden()] == []
    assert "Projector" in visible_text(dialog.page)
    qtbot.keyClicks(search, "storage")
    assert "Attachments" in visible_text(dialog.page), "a page that is called that is shown whole"
    search.clear()
    qtbot.keyClicks(search, "zeppelin")
    assert "No setting says that." in visible_text(dialog)


def test_the_keyboard_page_has_the_keys_of_commands(dialog: SettingsDialog) -> None:
    dialog.open_page("keyboard")
    QApplication.processEvents()
    said = visible_text(dialog)
    assert "New conversation" in said
    assert "Ctrl+N" in said


def test_licences_are_shown(qtbot: QtBot, dialog: SettingsDialog) -> None:
    dialog.open_page("about")
    press(dialog, "Show licences")
    text = dialog.page.findChild(QPlainTextEdit)
    qtbot.waitUntil(lambda: bool(text.toPlainText()))
    names = [item.text() for item in dialog.page.findChild(QListWidget).findItems("PySide6", Qt.MatchFlag.MatchStartsWith)]
    assert names


def test_escape_closes(qtbot: QtBot, dialog: SettingsDialog) -> None:
    with qtbot.waitSignal(dialog.finished):
        qtbot.keyClick(dialog.findChild(QListWidget), Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_the_window_is_not_blocked_while_it_opens(dialog: SettingsDialog) -> None:
    assert dialog.windowModality() == Qt.WindowModality.WindowModal


def test_every_control_is_named_and_reached(qtbot: QtBot, dialog: SettingsDialog) -> None:
    for name, page in all_pages(qtbot, dialog):
        for widget in (*page.findChildren(QWidget), *dialog.findChildren(QListWidget)):
            if not widget.isVisible() or widget.objectName().startswith("qt_") or isinstance(widget.parent(), QSpinBox | QComboBox):
                continue
            is_reached = bool(widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)
            if isinstance(widget, QAbstractButton | QComboBox | QSlider | QSpinBox):
                assert is_reached, f"{name}: {widget}"
            if is_reached:
                assert widget.accessibleName(), f"{name}: {widget}"


def test_tab_goes_round_all_controls_of_a_page(qtbot: QtBot, dialog: SettingsDialog) -> None:
    dialog.open_page("general")
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.findChild(QLineEdit).setFocus()
    met = set()
    for _ in range(20):
        met.add(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert {control(dialog, name) for name in ("theme", "language", "text_percent", "thinking")} <= met


def test_a_new_language_changes_every_word(qtbot: QtBot, dialog: SettingsDialog) -> None:
    pages = dict(all_pages(qtbot, dialog))
    translator = LongWords()
    QCoreApplication.installTranslator(translator)
    try:
        QApplication.processEvents()
        for name, _ in all_pages(qtbot, dialog):
            labels = [
                label for label in pages[name].findChildren(QLabel) if label.property("kind") in ("option", "help", "heading")
            ]
            said = [label.text() for label in labels if label.isVisible() and len(label.text()) > 3]
            assert [text for text in said if text.isascii() and not text.startswith("Sightline ")] == [], name
    finally:
        QCoreApplication.removeTranslator(translator)


def test_a_change_of_theme_reaches_what_is_painted_by_hand(dialog: SettingsDialog) -> None:
    switch = control(dialog, "thinking")
    before = switch.grab().toImage()
    themes().choose("dark")
    assert switch.grab().toImage() != before
    themes().choose("light")
