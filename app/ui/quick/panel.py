"""Keeps the bar and the card in their places beside a region, while they and the region change."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QWidget

from app.capture.models import Rect
from app.ui.quick.answer_card import AnswerCard
from app.ui.quick.ask_bar import AskBar
from app.ui.quick.bar_window import BarWindow, card_place
from app.ui.quick.placing import card_slot, overlap_px, place_bar, place_card
from app.ui.theme import themes

CARD_WIDTHS_PX = (400, 320)
CARD_HEIGHT_SHARES = (0.6, 0.45, 0.3)
"""Of the height of the screen, the most that a card takes; the less, the more places there are that cover nothing."""


class QuickPanel(QObject):
    """The card stays at the side where it came up, however long the answer gets.

    Attributes:
        is_floating: whether the bar is in a window of its own, and the card too, with no region beside them.
    """

    def __init__(self, bar: AskBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bar = bar
        self.is_floating = False
        self._card: AnswerCard | None = None
        self._surface: QWidget | None = None
        self._region = self._slot = Rect(0, 0, 0, 0)
        self._taken: tuple[Rect, ...] = ()
        bar.size_changed.connect(self._arrange)

    def open(self, surface: QWidget, region: QRect, taken: Sequence[QRect] = ()) -> None:
        """Show the bar on a surface, with the keyboard in it. `taken` is not covered where that can be avoided."""
        self._surface = surface
        self._bar.setParent(surface)
        self.move_to(region, taken)
        self._bar.show()
        self._bar.raise_()
        self._bar.focus_question()

    def float_on(self, screen: QScreen) -> None:
        """Show the bar in a window of its own, with the keyboard in it."""
        self.close()
        self.is_floating = True
        BarWindow(self._bar).open_on(screen)

    def move_to(self, region: QRect, taken: Sequence[QRect] = ()) -> None:
        """The region was moved or sized."""
        self._region, self._taken = _rect(region), tuple(map(_rect, taken))
        self._slot = Rect(0, 0, 0, 0)
        self._arrange()

    def show_card(self, card: AnswerCard) -> None:
        """Show this card beside the region, until it is pinned."""
        if self.is_floating:
            card.put(card_place(self._bar))
            card.pin()
            return
        self.let_go()
        self._card = card
        card.setParent(self._surface)
        card.size_changed.connect(self._arrange_card)
        card.pin_toggled.connect(self.let_go)
        card.destroyed.connect(self._on_card_destroyed)
        self._slot = Rect(0, 0, 0, 0)
        self._arrange()
        card.show()
        card.raise_()

    def let_go(self) -> None:
        """Place the card no more."""
        if self._card is not None:
            self._card.size_changed.disconnect(self._arrange_card)
            self._card.pin_toggled.disconnect(self.let_go)
            self._card.destroyed.disconnect(self._on_card_destroyed)
            self._card = None

    def drop_card(self) -> None:
        """Take it away for good."""
        card = self._card
        self.let_go()
        if card is not None:
            card.hide()
            card.deleteLater()

    def close(self) -> None:
        """Take the bar off the surface, and the card unless it is pinned: both outlive it."""
        card = self._card if self._card is not None and not self._card.is_pinned else None
        self.let_go()
        self._surface = None
        for widget in (self._bar, card):
            if widget is not None:
                widget.hide()
                widget.setParent(None)

    def _arrange(self) -> None:
        if self._surface is None or not self._region.width:
            return
        room = _rect(self._surface.rect())
        width = self._bar.width_for(self._region.width, room.width)
        bar = place_bar(room, self._region, (width, self._bar.height_for(width)), self._taken)
        self._bar.put(_qrect(bar))
        is_stale = not self._slot.width or overlap_px(self._slot, bar) > 0
        if self._card is not None and is_stale:
            widths = (themes().text_px(width_px) for width_px in CARD_WIDTHS_PX)
            sizes = [(width_px, round(share * room.height)) for width_px in widths for share in CARD_HEIGHT_SHARES]
            self._slot = card_slot(room, self._region, bar, sizes, self._taken)
        self._arrange_card()

    def _arrange_card(self) -> None:
        if self._card is not None and self._slot.width:
            self._card.put(_qrect(place_card(self._slot, self._region, self._card.height_for(self._slot.width))))

    def _on_card_destroyed(self) -> None:
        self._card = None


def _rect(rect: QRect) -> Rect:
    return Rect(rect.x(), rect.y(), rect.width(), rect.height())


def _qrect(rect: Rect) -> QRect:
    return QRect(rect.x, rect.y, rect.width, rect.height)
