"""A pill that says one thing about the conversation, with an icon that says it too."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.ui.elided_label import ElidedLabel
from app.ui.icons import pixmap
from app.ui.theme import themes
from app.ui.tooltips import plain_tooltip

TEXT_WIDTH_PX_MAX = 220
Tone = Literal["ok", "warn", "quiet"]
ICON_SIZES_PX = {"dot": 10}
ICON_PX = 14


class Badge(QFrame):
    """An icon and few words in one colour; the icon differs too, for who does not see colours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = "dot"
        self._tone: Tone = "quiet"
        self.setProperty("kind", "badge")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._icon = QLabel()
        self._words = ElidedLabel("badgeWords", Qt.TextElideMode.ElideMiddle)
        self._words.setMaximumWidth(TEXT_WIDTH_PX_MAX)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 0, 11, 0)
        layout.setSpacing(6)
        layout.addWidget(self._icon)
        layout.addWidget(self._words)
        themes().changed.connect(self._draw)

    @property
    def text(self) -> str:
        """What it says in full."""
        return self._words.full_text

    def set_words(self, words: str, tooltip: str) -> None:
        """Say this, and more where the pointer rests."""
        self._words.set_full_text(words)
        self.setToolTip(plain_tooltip(tooltip))
        self.setAccessibleName(words)
        self.setAccessibleDescription(tooltip)

    def set_look(self, icon_name: str, tone: Tone) -> None:
        """Show this icon in the colour of the tone."""
        self._icon_name, self._tone = icon_name, tone
        self._draw()

    def _draw(self) -> None:
        theme = themes().current
        color = {"ok": theme.ok, "warn": theme.warn, "quiet": theme.text_2}[self._tone]
        size_px = themes().text_px(ICON_SIZES_PX.get(self._icon_name, ICON_PX))
        self._icon.setPixmap(pixmap(self._icon_name, color, size_px, self.devicePixelRatioF()))
        if self._words.property("tone") != self._tone:
            self._words.setProperty("tone", self._tone)
            self._words.style().unpolish(self._words)
            self._words.style().polish(self._words)
