"""Why a hotkey is not listened for.

HotkeyError
├── HotkeyTaken         another program listens for these keys
├── HotkeyRefused       the desktop, or the user in its dialog, said no
├── HotkeyUnavailable   nothing here can listen for keys in this way
└── HotkeyInvalid       the keys themselves cannot be used
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


class HotkeyError(Exception):
    """Base. `message` is a full sentence: what happened, why, what to do."""

    code = "hotkey_error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class HotkeyTaken(HotkeyError):
    """Systems do not tell by whom."""

    code = "hotkey_taken"

    def __init__(self, keys: str) -> None:
        words = QCoreApplication.translate(
            "Hotkeys", "{keys} is taken by another program or by the desktop. Choose other keys, or free them there."
        )
        super().__init__(words.format(keys=keys))


class HotkeyRefused(HotkeyError):
    """For now or for good."""

    code = "hotkey_refused"

    def __init__(self, why: str = "") -> None:
        words = QCoreApplication.translate(
            "Hotkeys", "The desktop did not allow these keys. Allow them in its settings of shortcuts, or choose others."
        )
        super().__init__(f"{words} ({why})" if why else words)


class HotkeyUnavailable(HotkeyError):
    """The message says what to do instead."""

    code = "hotkey_unavailable"


class HotkeyInvalid(HotkeyError):
    """No key of the keyboard, or one that every program needs."""

    code = "hotkey_invalid"

    def __init__(self, keys: str) -> None:
        words = QCoreApplication.translate("Hotkeys", "{keys} cannot be used on this keyboard. Choose other keys.")
        super().__init__(words.format(keys=keys))
