"""The page "Quick Ask" of the settings: keys are recorded by pressing them, and how they stand is said in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QSpinBox
from pytestqt.qtbot import QtBot

from app import system
from app.hotkey.models import HotkeyState, KeyCombination
from app.settings.schema import Settings
from app.ui.settings.dialog import SettingsDialog
from app.ui.settings.key_field import KeyField
from app.ui.settings.words import option_words
from tests.helpers.settings import SETTINGS, settings_dialog
from tests.helpers.window import visible_text

CTRL, ALT, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
CAPTURE = KeyCombination(("Ctrl", "Shift"), "Space")


@pytest.fixture
def dialog(qtbot: QtBot) -> Iterator[SettingsDialog]:
    with settings_dialog(qtbot) as made:
        made.open_page("quick_ask")
        made.activateWindow()
        qtbot.waitUntil(made.isActiveWindow)
        yield made


@pytest.fixture
def changes(dialog: SettingsDialog) -> list[tuple[str, object]]:
    """All that was told, in order; it holds at once, as in the program."""
    told: list[tuple[str, object]] = []
    settings = SETTINGS

    def change(name: str, value: object) -> None:
        nonlocal settings
        settings = replace(settings, **{name: value})
        told.append((name, value))
        dialog.show_settings(settings)

    dialog.changed.connect(change)
    return told


def field(dialog: SettingsDialog, name: str) -> KeyField:
    words = option_words()[name].label
    return next(found for found in dialog.page.findChildren(KeyField) if found.accessibleName().startswith(words))


def named(dialog: SettingsDialog, name: str) -> QAbstractButton:
    return next(found for found in dialog.page.findChildren(QAbstractButton) if found.accessibleName() == name)


def begin(qtbot: QtBot, dialog: SettingsDialog, name: str) -> KeyField:
    """With the keyboard, as a person does it."""
    found = field(dialog, name)
    found.setFocus()
    qtbot.keyClick(found, Qt.Key.Key_Space)
    assert found.is_recording
    return found


def test_keys_are_recorded_by_pressing_them(qtbot: QtBot, dialog: SettingsDialog, changes: list[tuple[str, object]]) -> None:
    waiting: list[bool] = []
    dialog.keys_recording_changed.connect(waiting.append)
    found = begin(qtbot, dialog, "hotkey_capture")
    qtbot.keyPress(found, Qt.Key.Key_Control)  # the modifiers are those before the press
    qtbot.keyPress(found, Qt.Key.Key_Alt, CTRL)
    assert found.text() == "Ctrl+Alt+…"
    qtbot.keyClick(found, Qt.Key.Key_F, CTRL | ALT)
    assert changes == [("hotkey_capture", "Ctrl+Alt+F")]
    assert found.text() == "Ctrl+Alt+F" and "Ctrl+Alt+F" in found.accessibleName()
    assert waiting == [True, False]


@pytest.mark.parametrize(
    ("key", "modifiers", "expected"),
    [
        (Qt.Key.Key_F9, Qt.KeyboardModifier.NoModifier, "F9"),
        (Qt.Key.Key_Print, SHIFT, "Shift+Print"),
        (Qt.Key.Key_Backtab, CTRL | SHIFT, "Ctrl+Shift+Tab"),
        (Qt.Key.Key_F, CTRL, "Ctrl+F"),  # the dialog's own shortcut
        (Qt.Key.Key_Escape, CTRL, "Ctrl+Esc"),
        (Qt.Key.Key_Exclam, CTRL | SHIFT, "Ctrl+Shift+!"),
    ],
)
def test_every_key_is_taken_also_those_that_do_something_here(
    qtbot: QtBot,
    dialog: SettingsDialog,
    changes: list[tuple[str, object]],
    key: Qt.Key,
    modifiers: Qt.KeyboardModifier,
    expected: str,
) -> None:
    found = begin(qtbot, dialog, "hotkey_selection")
    qtbot.keyClick(found, key, modifiers)
    assert changes == [("hotkey_selection", expected)]
    assert QApplication.focusWidget() is found


def test_keys_that_write_are_refused_in_words_and_the_field_goes_on(
    qtbot: QtBot, dialog: SettingsDialog, changes: list[tuple[str, object]]
) -> None:
    found = begin(qtbot, dialog, "hotkey_capture")
    qtbot.keyClick(found, Qt.Key.Key_A, SHIFT)
    assert "That key alone cannot be used." in visible_text(dialog.page)
    assert found.is_recording
    qtbot.keyClick(found, Qt.Key.Key_5, CTRL | Qt.KeyboardModifier.KeypadModifier)
    qtbot.keyClick(found, Qt.Key.Key_Escape)
    assert not found.is_recording and found.text() == "Ctrl+Shift+Space" and changes == []
    assert "That key alone" not in visible_text(dialog.page)
    assert dialog.isVisible(), "Esc was for the field"


def test_leaving_the_field_keeps_the_keys(qtbot: QtBot, dialog: SettingsDialog, changes: list[tuple[str, object]]) -> None:
    found = begin(qtbot, dialog, "hotkey_capture")
    field(dialog, "hotkey_record").setFocus()
    assert not found.is_recording and changes == []
    begin(qtbot, dialog, "hotkey_capture")
    dialog.open_page("general")
    assert not found.is_recording


def test_a_hotkey_of_our_own_is_recorded_although_it_was_grabbed(
    qtbot: QtBot, dialog: SettingsDialog, changes: list[tuple[str, object]]
) -> None:
    found = begin(qtbot, dialog, "hotkey_record")
    dialog.take_hotkey("capture")
    assert changes == [("hotkey_record", "Ctrl+Shift+Space")]
    assert not found.is_recording
    dialog.take_hotkey("selection")
    assert len(changes) == 1, "nobody waits for it"


def test_keys_are_cleared_and_reset(qtbot: QtBot, dialog: SettingsDialog, changes: list[tuple[str, object]]) -> None:
    named(dialog, "Clear: Ask about the screen").click()
    assert field(dialog, "hotkey_capture").text() == "No keys"
    assert named(dialog, "Clear: Ask about the screen").isHidden()
    named(dialog, "Reset: Ask about the screen").click()
    assert named(dialog, "Reset: Ask about the screen").isHidden()
    assert changes == [("hotkey_capture", ""), ("hotkey_capture", Settings().hotkey_capture)]


@pytest.mark.parametrize(
    ("state", "words", "can_try_again"),
    [
        (HotkeyState(CAPTURE, "Ctrl+Shift+Space", "x11"), "Works: press Ctrl+Shift+Space", False),
        (HotkeyState(CAPTURE, "Super+Q", "portal"), "Works, as the desktop has it: Super+Q", False),
        (HotkeyState(CAPTURE, "", "portal"), "The desktop knows it.", False),
        (HotkeyState(CAPTURE, code="hotkey_pending"), "Asking the desktop…", False),
        (HotkeyState(CAPTURE, "", "x11", "hotkey_taken"), "Another program or the desktop has these keys.", True),
        (HotkeyState(CAPTURE, "", "", "hotkey_taken"), "Another hotkey of Sightline has these keys.", False),
        (HotkeyState(CAPTURE, "", "portal", "hotkey_refused"), "The desktop did not allow it.", True),
        (HotkeyState(CAPTURE, "", "x11", "hotkey_invalid"), "No key of this keyboard makes that.", False),
        (HotkeyState(CAPTURE, "", "external", "hotkey_unavailable"), "Bind a command below", True),
        (HotkeyState(CAPTURE, "", "macos", "hotkey_unavailable", "There is no macOS."), "There is no macOS.", True),
    ],
)
def test_how_a_hotkey_stands_is_said_in_words(
    qtbot: QtBot, dialog: SettingsDialog, state: HotkeyState, words: str, can_try_again: bool
) -> None:
    dialog.show_hotkeys({"capture": state})
    assert words in visible_text(dialog.page)
    again = named(dialog, "Try again: Ask about the screen")
    assert again.isVisible() is can_try_again
    if can_try_again:
        with qtbot.waitSignal(dialog.hotkeys_wanted):
            again.click()


def test_the_commands_to_bind_instead_are_copied(monkeypatch: pytest.MonkeyPatch, dialog: SettingsDialog) -> None:
    monkeypatch.setattr(system, "has_command", lambda _name: True)
    named(dialog, "Copy the command for: Ask about what is selected").click()
    assert QGuiApplication.clipboard().text() == "sightline capture --selection"


def test_only_what_could_work_on_this_desktop_is_offered(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "is_windows", lambda: True)
    with settings_dialog(qtbot, replace(SETTINGS, hotkey_handler="portal")) as dialog:
        dialog.open_page("quick_ask")
        choice = next(box for box in dialog.page.findChildren(QComboBox) if "Listen" in box.accessibleName())
        assert [choice.itemText(index) for index in range(choice.count())] == [
            "What works best here", "Windows", "The desktop's portal", "The desktop's own shortcuts",
        ]  # fmt: skip
        assert choice.currentText() == "The desktop's portal", "what was chosen elsewhere can be seen"


def test_amounts_and_prompts_are_told(qtbot: QtBot, dialog: SettingsDialog, changes: list[tuple[str, object]]) -> None:
    delay, limit = (
        next(box for box in dialog.page.findChildren(QSpinBox) if box.accessibleName() == option_words()[name].label)
        for name in ("capture_delay_s", "recording_limit_mb")
    )
    assert (delay.text(), limit.text()) == ("0 s", "1,000 MB")
    delay.setFocus()
    delay.selectAll()
    qtbot.keyClicks(delay, "7")
    qtbot.keyClick(delay, Qt.Key.Key_Return)
    assert changes == [("capture_delay_s", 7)]
    named(dialog, "Move Extract text to the front").click()
    assert changes[-1][0] == "quick_prompts" and "extract" in str(changes[-1][1])
