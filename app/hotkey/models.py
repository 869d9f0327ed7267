"""Keys that are pressed in any program, and what listens for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QObject, Signal

from app.hotkey.keys import ALONE, canonical

HotkeyId = Literal["capture", "selection", "record"]
"""capture: ask about the screen. selection: ask about what is selected, or was copied last. record: begin or end a recording."""

MODIFIERS = ("Ctrl", "Alt", "Shift", "Meta")


@dataclass(frozen=True, slots=True)
class KeyCombination:
    """Modifiers and a key.

    Attributes:
        modifiers: of "Ctrl", "Alt", "Shift" and "Meta" (Windows, Command, Super), in this order. On macOS, "Ctrl" is Command and
            "Meta" is Control, as Qt has it.
        key: as QKeySequence writes it in English: "Space", "A", "F9", "PgUp".
    """

    modifiers: tuple[str, ...]
    key: str

    @classmethod
    def parse(cls, text: str) -> KeyCombination | None:
        """From "Ctrl+Shift+Space", in any case and order. None for what cannot be grabbed.

        That is what has no key, or none of Ctrl, Alt and Meta: with Shift alone one writes. Keys that write nothing need none.
        """
        head, _, key = text[:-1].rpartition("+")  # the last character is of the key, even if it is a plus
        names = head.split("+") if head else []
        found = {name.strip().capitalize() for name in names}
        name = canonical((key + text[-1:]).strip())
        if name is None or len(found) != len(names) or not found.issubset(MODIFIERS):
            return None
        if name not in ALONE and not found & {"Ctrl", "Alt", "Meta"}:
            return None
        return cls(tuple(modifier for modifier in MODIFIERS if modifier in found), name)

    def __str__(self) -> str:
        return "+".join((*self.modifiers, self.key))


@dataclass(frozen=True, slots=True)
class HotkeyState:
    """How a hotkey stands.

    Attributes:
        combination: what is wanted; None for no keys.
        shown: what the user has to press. Where the desktop decides, in its words; empty if it does not say.
        handler: what listens, or would have to.
        code: empty while it is listened for; "hotkey_off" for no keys, "hotkey_pending" until it is known; else of `errors`.
        message: a sentence about what is wrong and what to do.
    """

    combination: KeyCombination | None
    shown: str = ""
    handler: str = ""
    code: str = ""
    message: str = ""


class HotkeyHandler(QObject):
    """One way to hear keys. Lives in the window's thread.

    Attributes:
        name: "x11", "windows", "macos", "portal" or "external".
        install_hint: a sentence about what to install to have it; empty when it always comes along.

    Signals:
        pressed(id, activation token): one of the hotkeys. With Wayland's token a window may take the focus; empty without one.
        bound(id, shown): it is listened for; `shown` is what the user has to press, in the desktop's words where it decides.
        failed(id, code, message): it is not. Codes: hotkey_taken (another program has it), hotkey_refused (the desktop or the
            user said no), hotkey_unavailable (nothing here can), hotkey_invalid. The message is a sentence that says what to do.
    """

    pressed = Signal(str, str)
    bound = Signal(str, str)
    failed = Signal(str, str, str)
    name = ""
    install_hint = ""

    def is_compatible(self) -> bool:
        """Whether it could ever work on this kind of desktop."""
        raise NotImplementedError

    def is_installed(self) -> bool:
        """Whether what it needs is here."""
        raise NotImplementedError

    def bind(self, wanted: Mapping[str, KeyCombination]) -> None:
        """Listen for these and for no others. `bound` or `failed` comes for each, perhaps later."""
        raise NotImplementedError

    def close(self) -> None:
        """Give every key back."""
        raise NotImplementedError
