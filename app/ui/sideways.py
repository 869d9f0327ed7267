"""Views that are as tall as what they show, and scroll sideways only: the wheel's other direction is the transcript's."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QScrollBar


def scroll_sideways(bar: QScrollBar, event: QWheelEvent) -> None:
    """Scroll if that is what is meant and there is something to see; else leave the event to the parent."""
    delta = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta() / 2
    is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    across = delta.x() or (delta.y() if is_shifted else 0)
    if bar.maximum() > 0 and (is_shifted or abs(delta.x()) > abs(delta.y())):
        bar.setValue(bar.value() - across)
        event.accept()
    else:
        event.ignore()
