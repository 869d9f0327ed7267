"""How long it is until the screens are frozen, where a capture waits for a menu to be opened."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QLabel

from app import system
from app.ui.language import Translated
from app.ui.theme import themes

GAP_PX = 24
"""From the edges of the screen."""
_FLAGS = (
    Qt.WindowType.ToolTip
    | Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnTopHint
    | Qt.WindowType.WindowDoesNotAcceptFocus
    | Qt.WindowType.WindowTransparentForInput
)


class Countdown(Translated, QLabel):
    """A small window in a corner of the screen with the pointer. It takes neither keyboard nor mouse, so that menus stay open.

    On Wayland there is none: any window there would close the menu that is waited for.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setWindowFlags(_FLAGS)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self._seconds = 0
        theme, padding_px = themes().current, themes().text_px(12)
        self.setStyleSheet(
            f"background: {theme.surface}; color: {theme.text}; border: 1px solid {theme.line}; padding: {padding_px}px;"
        )

    def show_seconds(self, seconds: int) -> None:
        """So many are left; with none it is hidden, before the picture is taken."""
        self._seconds = seconds
        if not seconds or system.is_wayland_session():
            self.hide()
            return
        self.retranslate()
        self.adjustSize()
        screen = QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()
        place = QRect(QPoint(0, 0), self.size())
        place.moveBottomRight(screen.availableGeometry().bottomRight() - QPoint(GAP_PX, GAP_PX))
        self.setGeometry(place)
        self.show()

    def retranslate(self) -> None:
        self.setText(self.tr("The picture is taken in {seconds} s").format(seconds=self._seconds))
