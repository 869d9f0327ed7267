"""The hotkeys of the settings: who listens for them, how they stand, and what happens when someone cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.hotkey.errors import HotkeyUnavailable
from app.hotkey.handlers.external import ExternalHandler
from app.hotkey.models import HotkeyHandler, KeyCombination
from app.hotkey.service import Hotkeys
from app.settings.schema import Settings
from app.ui.settings.key_field import KeyField
from tests.helpers.window import Start, visible_text

SETTINGS = Settings(hotkey_capture="Ctrl+Shift+Space", hotkey_selection="Ctrl+F9", hotkey_record="")


class Listener(HotkeyHandler):
    """Answers at once: some keys are taken, or nothing can be listened for at all."""

    def __init__(self, name: str, *, is_deaf: bool = False) -> None:
        super().__init__()
        self.name = name
        self.taken: set[str] = set()
        self.is_deaf = is_deaf
        self.bound_keys: list[list[str]] = []
        self.is_closed = False

    def bind(self, wanted: Mapping[str, KeyCombination]) -> None:
        self.bound_keys.append([str(combination) for combination in wanted.values()])
        for hotkey_id, combination in wanted.items():
            if self.is_deaf:
                self.failed.emit(hotkey_id, "hotkey_unavailable", f"{self.name} is deaf.")
            elif str(combination) in self.taken:
                self.failed.emit(hotkey_id, "hotkey_taken", "Taken.")
            else:
                self.bound.emit(hotkey_id, f"{self.name}: {combination}")

    def close(self) -> None:
        self.is_closed = True


def service(*listeners: HotkeyHandler) -> tuple[Hotkeys, list[str]]:
    """With these handlers, and the names of those that were forced."""
    forced: list[str] = []

    def usable(name: str) -> list[HotkeyHandler]:
        forced.append(name)
        return [listener for listener in listeners if name in ("", listener.name)]

    return Hotkeys(usable=usable), forced


def codes(hotkeys: Hotkeys) -> dict[str, str]:
    return {hotkey_id: state.code for hotkey_id, state in hotkeys.states.items()}


@pytest.fixture(autouse=True)
def _end(qapp: QApplication) -> None:
    """Signals need an application."""


def test_what_is_bound_is_shown_and_pressed(qtbot: QtBot) -> None:
    listener = Listener("x11")
    hotkeys, _ = service(listener)
    with qtbot.waitSignal(hotkeys.state_changed):
        hotkeys.apply(SETTINGS)
    assert codes(hotkeys) == {"capture": "", "selection": "", "record": "hotkey_off"}
    state = hotkeys.states["capture"]
    assert (str(state.combination), state.shown, state.handler) == ("Ctrl+Shift+Space", "x11: Ctrl+Shift+Space", "x11")
    with qtbot.waitSignal(hotkeys.pressed) as pressed:
        listener.pressed.emit("selection", "token")
    assert pressed.args == ["selection", "token"]
    hotkeys.close()
    assert listener.is_closed
    hotkeys.apply(replace(SETTINGS, hotkey_capture="Ctrl+F10"))
    hotkeys.try_again()
    assert len(listener.bound_keys) == 1, "the program is ending"


def test_other_settings_bind_anew_and_the_same_ones_do_not() -> None:
    listener = Listener("x11")
    hotkeys, forced = service(listener)
    for settings in (SETTINGS, replace(SETTINGS, theme="dark"), replace(SETTINGS, hotkey_selection=""), SETTINGS):
        hotkeys.apply(settings)
    assert listener.bound_keys == [["Ctrl+Shift+Space", "Ctrl+F9"], ["Ctrl+Shift+Space"], ["Ctrl+Shift+Space", "Ctrl+F9"]]
    assert forced == [""]


def test_keys_that_are_taken_do_not_keep_others_from_working() -> None:
    listener = Listener("x11")
    listener.taken = {"Ctrl+F9"}
    hotkeys, _ = service(listener, Listener("portal"))
    hotkeys.apply(SETTINGS)
    assert codes(hotkeys) == {"capture": "", "selection": "hotkey_taken", "record": "hotkey_off"}
    assert hotkeys.states["selection"].handler == "x11", "another way of listening would not free them"
    listener.taken = set()
    hotkeys.try_again()
    assert codes(hotkeys)["selection"] == ""


def test_where_one_cannot_listen_the_next_one_does() -> None:
    deaf, second = Listener("x11", is_deaf=True), Listener("portal")
    hotkeys, _ = service(deaf, second)
    hotkeys.apply(SETTINGS)
    assert codes(hotkeys)["capture"] == codes(hotkeys)["selection"] == ""
    assert hotkeys.states["capture"].handler == "portal"
    assert deaf.is_closed
    deaf.bound.emit("capture", "too late")
    assert hotkeys.states["capture"].shown == "portal: Ctrl+Shift+Space"


def test_where_nobody_can_listen_a_command_is_named_and_why() -> None:
    hotkeys, _ = service(Listener("portal", is_deaf=True), ExternalHandler())
    hotkeys.apply(SETTINGS)
    state = hotkeys.states["capture"]
    assert (state.code, state.handler) == ("hotkey_unavailable", "external")
    assert "portal is deaf." in state.message and "sightline capture" in state.message


def test_a_forced_handler_that_cannot_work_says_why() -> None:
    def usable(name: str) -> list[HotkeyHandler]:
        raise HotkeyUnavailable(f"No {name} here.")

    hotkeys = Hotkeys(usable=usable)
    hotkeys.apply(replace(SETTINGS, hotkey_handler="macos"))
    state = hotkeys.states["capture"]
    assert (state.code, state.handler, state.message) == ("hotkey_unavailable", "macos", "No macos here.")
    hotkeys.apply(replace(SETTINGS, hotkey_handler="macos", hotkey_capture="Ctrl+F10"))
    assert codes(hotkeys)["capture"] == "hotkey_unavailable"


def test_the_same_keys_twice_and_nonsense_are_said_and_not_bound() -> None:
    listener = Listener("x11")
    hotkeys, _ = service(listener)
    hotkeys.apply(replace(SETTINGS, hotkey_selection="Shift+Ctrl+space", hotkey_record="Mouse"))
    assert codes(hotkeys) == {"capture": "", "selection": "hotkey_taken", "record": "hotkey_invalid"}
    assert listener.bound_keys == [["Ctrl+Shift+Space"]]


def test_presses_are_diverted_while_keys_are_recorded(qtbot: QtBot) -> None:
    listener = Listener("x11")
    hotkeys, _ = service(listener)
    hotkeys.apply(SETTINGS)
    hotkeys.divert(True)
    with qtbot.assertNotEmitted(hotkeys.pressed), qtbot.waitSignal(hotkeys.diverted) as diverted:
        listener.pressed.emit("capture", "")
    assert diverted.args == ["capture"]
    hotkeys.divert(False)
    with qtbot.waitSignal(hotkeys.pressed):
        listener.pressed.emit("capture", "")


def test_the_settings_show_change_and_record_them(qtbot: QtBot, start: Start) -> None:
    """In the window, as the program connects them."""
    preferences = start().preferences
    listener = Listener("x11")
    hotkeys, _ = service(listener)
    preferences.serve_hotkeys(hotkeys)
    preferences.show_dialog()
    dialog = preferences._dialog
    assert dialog is not None
    dialog.open_page("quick_ask")
    assert "Works: press Ctrl+Shift+Space" in visible_text(dialog.page)
    field = dialog.page.findChildren(KeyField)[1]
    field.click()
    with qtbot.assertNotEmitted(hotkeys.pressed):
        listener.pressed.emit("capture", "")
    assert preferences.settings.hotkey_selection == "Ctrl+Shift+Space"
    assert codes(hotkeys)["selection"] == "hotkey_taken"
    assert "Another hotkey of Sightline has these keys." in visible_text(dialog.page)
    with qtbot.waitSignal(hotkeys.pressed):
        listener.pressed.emit("capture", "")
    dialog.close()
    hotkeys.close()
