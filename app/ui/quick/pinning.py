"""A card that is pinned: a window that is moved by its header, sized at its corner, and grows with what it shows."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QSize
from PySide6.QtWidgets import QSizeGrip

from app.ui.quick.card_parts import PinnedHeader
from app.ui.quick.card_window import LEAST_PX, CardWindow
from app.ui.quick.floating import FloatingCard

GRIP_PX = 16
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
        card, window = self._card, CardWindow(self._card)
        place = card.card_rect.translated(card.mapToGlobal(QPoint(0, 0)))
        self._header.show()
        place.setHeight(self._height_for(place.width()))
        window.resized.connect(self._place_grip)
        window.sizable.connect(self._on_window_sizable)
        window.open(place)
        self._grip = QSizeGrip(card)  # now, as it sizes the window that it is made in
        self._grip.resize(GRIP_PX, GRIP_PX)
        self._grip.show()
        self._place_grip()

    def _height_for(self, width_px: int) -> int:
        most_px = round(HEIGHT_SHARE_MAX * self._card.screen().availableSize().height())
        return max(LEAST_PX.height(), min(self._card.height_for(width_px), most_px))

    def _fit(self) -> None:
        """As high as what it shows, until the user gives it another size."""
        card = self._card.card_rect
        if card.height() == self._own_height_px:
            self._own_height_px = self._height_for(card.width())
            self._card.resize(self._card.width(), self._card.height() - card.height() + self._own_height_px)

    def _place_grip(self) -> None:
        card = self._card.card_rect
        if self._grip is not None:
            self._grip.move(card.right() - GRIP_PX, card.bottom() - GRIP_PX)
            self._grip.raise_()

    def _on_window_sizable(self) -> None:
        self._own_height_px = self._card.card_rect.height()
        self._card.size_changed.connect(self._fit)
        self._fit()  # more may have come since

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
