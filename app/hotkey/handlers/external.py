"""Where no program may listen for keys: the desktop's own shortcuts run a command, which reaches the program that runs."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from app import system
from app.hotkey.errors import HotkeyUnavailable
from app.hotkey.models import HotkeyHandler, KeyCombination

COMMANDS = {"capture": ("capture",), "selection": ("capture", "--selection")}
"""What follows the program's name, by hotkey; the others are in the tray's menu and in the window."""


class ExternalHandler(HotkeyHandler):
    """Listens for nothing and says what to do instead."""

    name = "external"

    def is_compatible(self) -> bool:
        return True

    def is_installed(self) -> bool:
        return True

    def bind(self, wanted: Mapping[str, KeyCombination]) -> None:
        for hotkey_id in wanted:
            error = HotkeyUnavailable(_advice(hotkey_id))
            self.failed.emit(hotkey_id, error.code, error.message)

    def close(self) -> None:
        """There is nothing to give back."""


def command(hotkey_id: str) -> str:
    """What to bind to a key, for a shell. With the whole path where `sightline` is not in `PATH`."""
    program = ["sightline"] if system.has_command("sightline") else system.window_command()
    return shlex.join([*program, *COMMANDS[hotkey_id]])


def _advice(hotkey_id: str) -> str:
    if hotkey_id in COMMANDS:
        words = QCoreApplication.translate(
            "Hotkeys", "No program can listen for keys here. Bind the command “{command}” to a key in the settings of your desktop."
        )
        return words.format(command=command(hotkey_id))
    return QCoreApplication.translate("Hotkeys", "No program can listen for keys here. Use the menu of the tray, or the window.")
