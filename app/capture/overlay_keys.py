"""What keys mean over a frozen screen."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

FAR_PX = 16
"""Image pixels that an arrow key goes with Ctrl; one without."""

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


@dataclass(frozen=True, slots=True)
class Step:
    """An arrow key: how far, in image pixels, and whether Shift makes it size instead of move."""

    x: int
    y: int
    sizes: bool


def step_of(event: QKeyEvent) -> Step | None:
    """None for every other key."""
    direction = _ARROWS.get(Qt.Key(event.key()))
    if direction is None:
        return None
    modifiers = event.modifiers()
    far = FAR_PX if modifiers & Qt.KeyboardModifier.ControlModifier else 1
    return Step(direction[0] * far, direction[1] * far, bool(modifiers & Qt.KeyboardModifier.ShiftModifier))


def is_enter(event: QKeyEvent) -> bool:
    """Either of both keys."""
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def is_undo(event: QKeyEvent) -> bool:
    """Ctrl+Z, or what the desktop has for it."""
    return event.matches(QKeySequence.StandardKey.Undo)


def writes(event: QKeyEvent) -> bool:
    """Whether it is text that is typed, and no shortcut."""
    control, alt = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
    modifiers = event.modifiers()
    if bool(modifiers & control) != bool(modifiers & alt):  # both are AltGr on Windows
        return False
    return bool(event.text()) and event.text().isprintable()
