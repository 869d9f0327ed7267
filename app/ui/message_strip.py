"""One quiet line above the composer, for what concerns no answer: a file that could not be opened, settings that were broken."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from app.ui.buttons import IconButton
from app.ui.icons import pixmap
from app.ui.language import Translated
from app.ui.theme import themes


class MessageStrip(Translated, QFrame):
    """Stays until it is closed or the next question is sent; a second message replaces the first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._icon = QLabel()
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._close = IconButton("close", size_px=16)
        self._close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 4, 8)
        layout.setSpacing(8)
        layout.addWidget(self._icon)
        layout.addWidget(self._words, 1)
        layout.addWidget(self._close)
        themes().changed.connect(self._on_themes_changed)
        self._on_themes_changed()
        self.retranslate()
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty while it is hidden."""
        return "" if self.isHidden() else self._words.text()

    def show_message(self, text: str) -> None:
        """Say something."""
        self._words.setText(text)
        self.setAccessibleName(text)
        self.show()

    def retranslate(self) -> None:
        self._close.set_words(self.tr("Close this message"))

    def _on_themes_changed(self) -> None:
        self._icon.setPixmap(pixmap("alert", themes().current.warn, 16, self.devicePixelRatioF()))
