"""Where no program may listen for keys: the desktop's own shortcuts run a command, which reaches the program that runs."""

from __future__ import annotations

from collections.abc import Mapping

from app.hotkey.errors import HotkeyUnavailable
from app.hotkey.models import HotkeyHandler, KeyCombination

COMMANDS = {"capture": "sightline capture", "selection": "sightline capture --selection"}
"""What to bind, by hotkey; the others are in the tray's menu and in the window."""


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


def _advice(hotkey_id: str) -> str:
    reason = "Here, no program can listen for keys of others."
    if hotkey_id in COMMANDS:
        return f"{reason} Bind the command `{COMMANDS[hotkey_id]}` to a key in the settings of your desktop."
    return f"{reason} Use the menu of the tray, or the window."
