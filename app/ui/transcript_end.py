"""The round button that leads to the end of the conversation."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.ui.icons import pixmap
from app.ui.language import Translated
from app.ui.theme import themes

SIDE_PX, ICON_PX, DOT_PX = 36, 18, 8


class EndButton(Translated, QAbstractButton):
    """With a dot on it when something came that was not seen yet."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._has_news = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(QSize(SIDE_PX, SIDE_PX))
        self.hide()
        themes().changed.connect(self.update)
        self.retranslate()

    @property
    def has_news(self) -> bool:
        """Whether the dot is there."""
        return self._has_news

    def set_news(self, has_news: bool) -> None:
        """Whether something came."""
        if has_news != self._has_news:
            self._has_news = has_news
            self.retranslate()
            self.update()

    def retranslate(self) -> None:
        words = self.tr("To the end, where something new is") if self._has_news else self.tr("To the end")
        self.setAccessibleName(words)
        self.setToolTip(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = themes().current
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.accent), 2) if self.hasFocus() else QPen(QColor(theme.line), 1))
        painter.setBrush(QColor(theme.sunken if self.underMouse() else theme.surface))
        painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        inset = (SIDE_PX - ICON_PX) / 2
        painter.drawPixmap(QPointF(inset, inset), pixmap("down", theme.text_2, ICON_PX, self.devicePixelRatioF()))
        if self._has_news:
            painter.setPen(QPen(QColor(theme.surface), 2))
            painter.setBrush(QColor(theme.accent))
            painter.drawEllipse(QRectF(SIDE_PX - DOT_PX - 3, 2, DOT_PX + 2, DOT_PX + 2))
        painter.end()
