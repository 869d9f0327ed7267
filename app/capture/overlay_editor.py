"""Where a question is written on the frozen screens: the keyboard goes back there after something was chosen or drawn."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.capture.overlay_keys import writes


class OverlayEditor:
    """The widget that takes text and had the keyboard last."""

    def __init__(self) -> None:
        self._widget: QWidget | None = None

    def note(self, focused: QWidget) -> None:
        """This has the keyboard now."""
        if focused.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled):
            self._widget = focused

    def forget(self) -> None:
        """There is none."""
        self._widget = None

    def focus(self, event: QKeyEvent | None = None) -> None:
        """Give it the keyboard, if it is there and seen, and the text that this key writes."""
        editor = self._widget
        if editor is None or not isValid(editor) or not editor.isVisible():
            return
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        if event is not None and writes(event):
            QCoreApplication.sendEvent(editor, event)
