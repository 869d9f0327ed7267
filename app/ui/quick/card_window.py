"""Makes a floating card a window of its own that stays on top.

Where the desktop does not let a program place its windows, such as Wayland, the desktop does, and whether the card stays on top is
the desktop's affair too.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QBitmap, QGuiApplication, QPainter

from app.ui.quick.floating import RADIUS_PX, FloatingCard

BLENDING_PLATFORMS = frozenset({"windows", "cocoa", "wayland"})
"""Where a shadow may be drawn over other windows. On X11 that takes a compositor, which may be missing."""
LEAST_PX = QSize(240, 80)
SIZE_PX_MAX = (1 << 24) - 1
"""What Qt sets where nothing is set: QWIDGETSIZE_MAX."""


class CardWindow(QObject):
    """Signals:
    sizable(): the window is on the screen, and may be sized from now on.
    resized(): it has another size.
    """

    sizable = Signal()
    resized = Signal()

    def __init__(self, card: FloatingCard) -> None:
        super().__init__(card)
        self._card = card

    def open(self, place: QRect) -> None:
        """Show the card as a window, with the card here on the desktop, in logical pixels."""
        card, flag = self._card, Qt.WindowType
        blends = QGuiApplication.platformName() in BLENDING_PLATFORMS
        flags = flag.Window | flag.FramelessWindowHint | flag.WindowStaysOnTopHint | flag.NoDropShadowWindowHint
        card.setParent(None, flags)
        card.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground, blends)
        card.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        card.set_shadow(blends)
        card.put(place)
        card.installEventFilter(self)
        self._cut_corners()
        card.setFixedSize(card.size())  # desktops that tile leave alone what cannot be sized
        card.show()
        card.activateWindow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._cut_corners()
            self.resized.emit()
        elif event.type() == QEvent.Type.Paint and self._card.maximumSize() == self._card.minimumSize():
            QTimer.singleShot(0, self._let_size)  # it is on the screen then, and has its kind of place
        return super().eventFilter(watched, event)

    def _let_size(self) -> None:
        self._card.setMinimumSize(LEAST_PX)
        self._card.setMaximumSize(QSize(SIZE_PX_MAX, SIZE_PX_MAX))
        self.sizable.emit()

    def _cut_corners(self) -> None:
        """Where the window cannot be transparent there."""
        if QGuiApplication.platformName() == "xcb":
            outline = QBitmap(self._card.size())
            outline.fill(Qt.GlobalColor.color0)
            painter = QPainter(outline)
            painter.setBrush(Qt.GlobalColor.color1)
            painter.drawRoundedRect(QRectF(self._card.card_rect).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)
            painter.end()
            self._card.setMask(outline)
