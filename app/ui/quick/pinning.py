"""Makes a floating card a window of its own that stays on top: moved by its header, sized at its corner.

Where the desktop does not let a program place its windows, such as Wayland, the desktop moves and sizes it, and whether it stays
on top is the desktop's affair too.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QBitmap, QGuiApplication, QPainter
from PySide6.QtWidgets import QSizeGrip

from app.ui.quick.card_parts import PinnedHeader
from app.ui.quick.floating import RADIUS_PX, FloatingCard

BLENDING_PLATFORMS = frozenset({"windows", "cocoa", "wayland"})
"""Where a shadow may be drawn over other windows. On X11 that takes a compositor, which may be missing."""
LEAST_PX = QSize(240, 120)
GRIP_PX = 16
SIZE_PX_MAX = (1 << 24) - 1
"""What Qt sets where nothing is set: QWIDGETSIZE_MAX."""
HEIGHT_SHARE_MAX = 0.6
"""Of the screen, until the user makes the card larger."""


class Pinning(QObject):
    """Attributes:
    is_pinned: whether the card is a window.
    """

    def __init__(self, card: FloatingCard, header: PinnedHeader) -> None:
        super().__init__(card)
        self.is_pinned = False
        self._card, self._header = card, header
        self._grip: QSizeGrip | None = None
        self._held_at: QPoint | None = None
        self._own_height_px = 0
        header.drag_started.connect(self._on_header_drag_started)
        header.dragged.connect(self._on_header_dragged)
        header.nudged.connect(self._on_header_nudged)
        header.stretched.connect(self._on_header_stretched)

    def pin(self) -> None:
        """Become a window, where the card is now."""
        if self.is_pinned:
            return
        self.is_pinned = True
        card = self._card
        place = card.card_rect.translated(card.mapToGlobal(QPoint(0, 0)))
        blends = QGuiApplication.platformName() in BLENDING_PLATFORMS
        flag = Qt.WindowType
        shadow = flag.NoDropShadowWindowHint if blends else flag.Window
        card.setParent(None, flag.Window | flag.FramelessWindowHint | flag.WindowStaysOnTopHint | shadow)
        card.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground, blends)
        card.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        card.set_shadow(blends)
        card.put(place)
        card.installEventFilter(self)
        self._grip = QSizeGrip(card)
        self._grip.resize(GRIP_PX, GRIP_PX)
        self._header.show()
        card.size_changed.connect(self._fit)
        self._fit()
        self._place()
        card.setFixedSize(card.size())  # windows that cannot be sized are not tiled, by the desktops that tile
        card.show()
        card.activateWindow()

    def _fit(self) -> None:
        """As high as what it shows, until the user gives it another size."""
        card = self._card.card_rect
        if self._own_height_px in (0, card.height()):
            most_px = round(HEIGHT_SHARE_MAX * self._card.screen().availableSize().height())
            self._own_height_px = max(LEAST_PX.height(), min(self._card.height_for(card.width()), most_px))
            self._card.resize(self._card.width(), self._card.height() - card.height() + self._own_height_px)

    def _place(self) -> None:
        """The corner to size it by, and on X11 its outline."""
        card = self._card.card_rect
        if self._grip is not None:
            self._grip.move(card.right() - GRIP_PX, card.bottom() - GRIP_PX)
            self._grip.raise_()
        if QGuiApplication.platformName() == "xcb":
            outline = QBitmap(self._card.size())
            outline.fill(Qt.GlobalColor.color0)
            painter = QPainter(outline)
            painter.setBrush(Qt.GlobalColor.color1)
            painter.drawRoundedRect(QRectF(card).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)
            painter.end()
            self._card.setMask(outline)

    def _let_size(self) -> None:
        self._card.setMinimumSize(LEAST_PX)
        self._card.setMaximumSize(QSize(SIZE_PX_MAX, SIZE_PX_MAX))
        self._own_height_px = 0
        self._fit()  # what has come since

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        elif event.type() == QEvent.Type.Paint and self._card.maximumSize() == self._card.minimumSize():
            QTimer.singleShot(0, self._let_size)  # it is on the screen then, and has its kind of place
        return super().eventFilter(watched, event)

    def _on_header_drag_started(self, position: QPoint) -> None:
        handle = self._card.windowHandle()
        is_taken_over = handle is not None and handle.startSystemMove()
        self._held_at = None if is_taken_over else position - self._card.pos()

    def _on_header_dragged(self, position: QPoint) -> None:
        if self._held_at is not None:
            self._card.move(position - self._held_at)

    def _on_header_nudged(self, step: QPoint) -> None:
        self._card.move(self._card.pos() + step)

    def _on_header_stretched(self, step: QPoint) -> None:
        self._card.resize(self._card.size() + QSize(step.x(), step.y()))
