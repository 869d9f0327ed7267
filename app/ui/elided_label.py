"""A line of text that gives way: what has no room becomes an ellipsis, and the tooltip has it whole."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui.tooltips import plain_tooltip

WIDTH_PX_MIN = 48


class ElidedLabel(QLabel):
    """One line of plain text."""

    def __init__(self, kind: str, mode: Qt.TextElideMode, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mode = mode
        self._full_text = ""
        self.setProperty("kind", kind)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    @property
    def full_text(self) -> str:
        """What it says when there is room."""
        return self._full_text

    def set_full_text(self, text: str) -> None:
        """Say this, as far as there is room."""
        self._full_text = text
        self.setAccessibleName(text)
        self._elide()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._full_text) + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(WIDTH_PX_MIN, self.sizeHint().width()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(self._full_text, self._mode, self.width())
        self.setText(shown)
        self.setToolTip(plain_tooltip(self._full_text) if shown != self._full_text else "")
