"""The bar as a window of its own, for a question about what no region of the screen shows."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QScreen

from app.ui.quick.ask_bar import AskBar
from app.ui.quick.card_window import CardWindow

WIDTH_PX = 560
TOP_SHARE = 0.25
"""How far down the screen it stands."""
CARD_PX = (560, 360)
GAP_PX = 12


class BarWindow(CardWindow):
    """Grows and shrinks with the bar."""

    def __init__(self, bar: AskBar) -> None:
        super().__init__(bar)
        self._bar = bar
        bar.size_changed.connect(self._on_bar_size_changed)

    def open_on(self, screen: QScreen) -> None:
        """Show it in the upper part of a screen, with the keyboard in it."""
        bar, room = self._bar, screen.availableGeometry()
        width = min(bar.width_for(WIDTH_PX, room.width()), room.width())
        left, top = room.left() + (room.width() - width) // 2, room.top() + round(TOP_SHARE * room.height())
        self.open(QRect(left, top, width, bar.height_for(width)))
        bar.focus_question()

    def _on_bar_size_changed(self) -> None:
        card = self._bar.card_rect
        self._bar.resize(self._bar.width(), self._bar.height() - card.height() + self._bar.height_for(card.width()))


def card_place(bar: AskBar) -> QRect:
    """Where on the desktop the answer goes, below the bar."""
    place = bar.card_rect.translated(bar.mapToGlobal(QPoint(0, 0)))
    return QRect(place.left(), place.bottom() + GAP_PX, *CARD_PX)
