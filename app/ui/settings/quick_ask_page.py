"""The page "Quick Ask": keys with how they stand, commands to bind instead, and the options about captures and recordings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.capture import select as capture_select
from app.capture.models import CaptureHandler
from app.hotkey import select as hotkey_select
from app.hotkey.handlers.external import COMMANDS, command
from app.hotkey.models import HotkeyHandler, HotkeyState
from app.settings.schema import OPTIONS, Option, Settings
from app.ui.buttons import TextButton
from app.ui.settings.hotkey_row import HotkeyRow
from app.ui.settings.option_pages import OptionPage
from app.ui.settings.rows import Row, label
from app.ui.settings.words import option_words

PREFIX = "hotkey_"


class QuickAskPage(OptionPage):
    """Signals:
    recording_changed(bool): whether a field waits for keys.
    try_again_wanted(): the desktop is to be asked for the keys once more.
    """

    recording_changed = Signal(bool)
    try_again_wanted = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        self._keys: dict[str, HotkeyRow] = {}
        self._commands = CommandsRow()
        super().__init__("quick_ask", settings, parent)

    def show_hotkeys(self, states: Mapping[str, HotkeyState]) -> None:
        """Show how the hotkeys stand, by their id."""
        for name, row in self._keys.items():
            row.show_state(states.get(name.removeprefix(PREFIX)))

    def take_hotkey(self, hotkey_id: str) -> None:
        """One of our own was pressed while a field waited: it was grabbed, so that the field did not hear it."""
        pressed = getattr(self._settings, f"{PREFIX}{hotkey_id}")
        for row in self._keys.values():
            row.field.take(pressed)

    def retranslate(self) -> None:
        super().retranslate()
        self._commands.retranslate()

    def _build(self, name: str, option: Option) -> Any:
        """Of what listens and captures, only what could ever work on this desktop, and what is chosen."""
        handlers: tuple[HotkeyHandler | CaptureHandler, ...] = ()
        if name == "hotkey_handler":
            handlers = hotkey_select.handlers()
        elif name == "capture_handler":
            handlers = capture_select.handlers()
        if handlers:
            possible = {"", getattr(self._settings, name), *(handler.name for handler in handlers if handler.is_compatible())}
            option = replace(option, offered=tuple(value for value in option.offered if value in possible))
        return super()._build(name, option)

    def _add(self, name: str, option: Option) -> None:
        if option.control == "keys":
            row = HotkeyRow(getattr(Settings(), name))
            row.changed.connect(partial(self.changed.emit, name))
            row.field.recording_changed.connect(self.recording_changed)
            row.try_again_wanted.connect(self.try_again_wanted)
            self._keys[name] = row
            self._controls[name], self._option_rows[name] = row, row
            self.add_row(row)
            if len(self._keys) == sum(other.control == "keys" for other in OPTIONS.values()):
                self.add_row(self._commands)
            return
        super()._add(name, option)


class CommandsRow(Row):
    """Commands that do what the hotkeys do, to be copied."""

    def __init__(self) -> None:
        super().__init__()
        self._buttons: dict[str, TextButton] = {}
        for hotkey_id in COMMANDS:
            words = label("quiet", command(hotkey_id))
            button = TextButton("outlined", "copy")
            button.clicked.connect(partial(self._copy, hotkey_id))
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(words, 1)
            line.addWidget(button)
            self.body.addLayout(line)
            self._buttons[hotkey_id] = button

    def retranslate(self) -> None:
        """Say everything anew."""
        self.set_words(
            self.tr("Commands for the desktop's own shortcuts"),
            self.tr("Where no program can listen for keys, bind one of these to a key in the settings of your desktop."),
        )
        names = option_words()
        for hotkey_id, button in self._buttons.items():
            button.set_words(self.tr("Copy"))
            button.setAccessibleName(self.tr("Copy the command for: {name}").format(name=names[f"{PREFIX}{hotkey_id}"].label))

    def _copy(self, hotkey_id: str) -> None:
        QGuiApplication.clipboard().setText(command(hotkey_id))
