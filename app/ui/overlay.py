"""A card over the window that takes the keyboard until it is closed: the palette, the list of shortcuts."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from app.ui.theme import themes

MARGIN_PX = 24
TOP_SHARE = 0.12
"""How far down the card begins, of the window's height."""
SCRIM_ALPHA = 90


class Overlay(QWidget):
    """Covers its parent and dims it. Esc or a click beside the card closes it; the focus goes back to where it was.

    Attributes:
        card: what the parts are laid out in.
    """

    def __init__(self, parent: QWidget, width_px: int, height_px_max: int) -> None:
        super().__init__(parent)
        self._window = parent
        self._size_px = (width_px, height_px_max)
        self._came_from: QWidget | None = None
        self._wanted_px: int | None = None
        self.card = QFrame(self)
        self.card.setObjectName("overlayCard")
        self.column = QVBoxLayout(self.card)
        self.column.setContentsMargins(8, 8, 8, 8)
        self.column.setSpacing(8)
        parent.installEventFilter(self)
        themes().changed.connect(self._on_themes_changed)
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether it is there."""
        return not self.isHidden()

    def open_over(self, first: QWidget) -> None:
        """Show it, with the keyboard in `first`."""
        if not self.is_open:
            self._came_from = QApplication.focusWidget()
        self._fit()
        self.show()
        self.raise_()
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def set_height(self, height_px: int) -> None:
        """How high the card need be."""
        self._wanted_px = height_px
        if self.is_open:
            self._fit()

    def dismiss(self) -> None:
        """Close it and give the focus back."""
        if not self.is_open:
            return
        self.hide()
        came_from, self._came_from = self._came_from, None
        if came_from is not None and came_from.isVisible():
            came_from.setFocus(Qt.FocusReason.PopupFocusReason)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()  # Esc is meant for the card, not for the answer that runs
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.dismiss()
                return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize and self.is_open:
            self._fit()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.card.geometry().contains(event.position().toPoint()):
            self.dismiss()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(0, 0, 0, SCRIM_ALPHA))

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Tab stays in the card."""
        stops = [widget for widget in self.card.findChildren(QWidget) if widget.focusPolicy() & Qt.FocusPolicy.TabFocus]
        stops = [widget for widget in stops if widget.isVisible() and widget.isEnabled()]
        now = QApplication.focusWidget()
        place = stops.index(now) if now in stops else -1
        if stops:
            stops[(place + (1 if is_next else -1)) % len(stops)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _fit(self) -> None:
        self.setGeometry(self._window.rect())
        width = min(themes().text_px(self._size_px[0]), self.width() - 2 * MARGIN_PX)
        top = max(MARGIN_PX, round(self.height() * TOP_SHARE))
        height = min(themes().text_px(self._size_px[1]), self.height() - top - MARGIN_PX)
        if self._wanted_px is not None:
            height = min(height, self._wanted_px)
        self.card.setGeometry((self.width() - width) // 2, top, width, height)

    def _on_themes_changed(self) -> None:
        if self.is_open:
            self._fit()
