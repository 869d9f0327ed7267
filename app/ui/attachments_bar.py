"""The row of attachments above the question that is being written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QWidget

from app.opening import Entry
from app.speed import Cost
from app.ui.cost_words import short_cost_words
from app.ui.picture_card import PictureCard
from app.ui.picture_levels import PictureCache
from app.ui.words import entry_words


class AttachmentsBar(QScrollArea):
    """Cards with what each costs and a way to remove it; hidden when there are none.

    Signals:
        removed(key), activated(key), part_wanted(key): of a card.
    """

    removed = Signal(int)
    activated = Signal(int)
    part_wanted = Signal(int)

    def __init__(self, cache: PictureCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._cards: dict[int, PictureCard] = {}
        self._shows_newest = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Tab passes it over, and goes through its cards after it
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        content = QWidget()
        content.setAutoFillBackground(False)
        self._layout = QHBoxLayout(content)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._layout.addStretch()
        self.setWidget(content)
        self.horizontalScrollBar().rangeChanged.connect(self._on_scroll_bar_range_changed)
        self.horizontalScrollBar().actionTriggered.connect(self._on_scroll_bar_action_triggered)
        self.hide()

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these, keeping the cards that are there already."""
        keys = {entry.key for entry in entries}
        for key in [key for key in self._cards if key not in keys]:
            self._cards.pop(key).deleteLater()
        for entry in entries:
            card = self._cards.get(entry.key)
            if card is None:
                card = PictureCard(entry.name, is_removable=True)
                card.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Expanding)
                card.clicked.connect(self._on_card_clicked)
                card.removed.connect(self._on_card_removed)
                card.part_wanted.connect(self._on_card_part_wanted)
                self._layout.insertWidget(self._layout.count() - 1, card)
                for stop in card.focus_stops:
                    stop.installEventFilter(self)
                self._cards[entry.key] = card
                self._shows_newest = True
            if entry.attachment is not None and entry.first is not None:
                thumbnail = self._cache.thumbnail(entry.first.id)
                card.set_picture(thumbnail, entry_words(entry), has_parts=entry.has_parts)
        self._order_focus([self._cards[entry.key] for entry in entries])
        self.setVisible(bool(entries))
        self._fit_height()

    def show_costs(self, costs: Mapping[int, Cost]) -> None:
        """What each takes, by the keys of the entries; nothing on those that are not named."""
        for key, card in self._cards.items():
            card.set_cost(partial(short_cost_words, costs[key]) if key in costs else None)
        self._fit_height()

    def _key_of(self, sender: object) -> int:
        return next(key for key, card in self._cards.items() if card is sender)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange, QEvent.Type.LanguageChange):
            self._fit_height()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self._shows_newest = False
            self.ensureWidgetVisible(watched)
        return super().eventFilter(watched, event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta() / 2
        self._scroll_to(self.horizontalScrollBar().value() - (delta.x() or delta.y()))
        event.accept()

    def _order_focus(self, cards: Sequence[PictureCard]) -> None:
        """Tab comes to the cards before the question, in their order."""
        before: QWidget = self
        for card in cards:
            for stop in card.focus_stops:
                QWidget.setTabOrder(before, stop)
                before = stop

    def _scroll_to(self, value: int) -> None:
        """As the user wants it."""
        self._shows_newest = False
        self.horizontalScrollBar().setValue(value)

    def _fit_height(self) -> None:
        """As high as the highest card, all alike; cards that do not fit need room for the bar below them."""
        height_px = max((card.sizeHint().height() for card in self._cards.values()), default=0)
        bar = self.horizontalScrollBar()
        self.setFixedHeight(height_px + (bar.sizeHint().height() + 2 if bar.maximum() > 0 else 0))

    def _on_scroll_bar_range_changed(self, _least: int, most: int) -> None:
        self._fit_height()
        if self._shows_newest:
            self.horizontalScrollBar().setValue(most)

    def _on_scroll_bar_action_triggered(self) -> None:
        self._shows_newest = False

    def _on_card_clicked(self) -> None:
        self.activated.emit(self._key_of(self.sender()))

    def _on_card_part_wanted(self) -> None:
        self.part_wanted.emit(self._key_of(self.sender()))

    def _on_card_removed(self) -> None:
        self.removed.emit(self._key_of(self.sender()))
