"""Reading with the keyboard: keys that scroll, Tab through the turns, and a frame where the focus is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from app.ui.theme import RADIUS_PX, themes
from app.ui.transcript_area import FOLLOW_SLACK_PX, TurnArea

SCROLL_KEYS = frozenset({Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End})


class ReadingArea(TurnArea):
    """Takes the keys that its parts leave to it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_tab_focus = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @contextmanager
    def focus_held(self) -> Iterator[None]:
        """Turns may go inside; the keyboard stays on the way to the versions of a turn, or else in the conversation."""
        focused = QApplication.focusWidget()
        if focused is None or not self.viewport().isAncestorOf(focused):
            yield
            return
        bars = [row.view.question.versions if row.view is not None else None for row in self.rows]
        steps = {index: bar.focused_step for index, bar in enumerate(bars) if bar is not None and bar.focused_step}
        yield
        if isValid(focused) and focused.hasFocus():
            return
        for index, step in steps.items():
            view = self.rows[index].view if index < len(self.rows) else None
            if view is not None and view.question.versions is not None:
                view.question.versions.take_focus(step)
                return
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def turn_page(self, direction: int) -> None:
        """Scroll by nearly what is seen, back (-1) or on (1)."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + direction * (bar.pageStep() - 2 * FOLLOW_SLACK_PX))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The texts in here do not scroll by themselves; a page up or down is one of the conversation."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent) or event.key() not in SCROLL_KEYS:
            return super().eventFilter(watched, event)
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:  # selects
            return super().eventFilter(watched, event)
        self.keyPressEvent(event)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        match event.key():
            case Qt.Key.Key_Home:
                bar.setValue(0)
            case Qt.Key.Key_End:
                self.scroll_to_end()
            case Qt.Key.Key_PageUp | Qt.Key.Key_PageDown:
                self.turn_page(-1 if event.key() == Qt.Key.Key_PageUp else 1)
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                bar.setValue(bar.value() + 2 * bar.singleStep() * (-1 if event.key() == Qt.Key.Key_Up else 1))
            case _:
                super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        self.order_focus()
        has_moved = super().focusNextPrevChild(next)
        focused = QApplication.focusWidget()
        if has_moved and focused is not None and self.viewport().isAncestorOf(focused):
            self.show_place(focused, min(focused.height() // 2, FOLLOW_SLACK_PX))
        return has_moved

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._is_tab_focus = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus() and self._is_tab_focus:
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(themes().current.accent), 2))
            painter.drawRoundedRect(self.viewport().rect().adjusted(3, 3, -3, -3), RADIUS_PX, RADIUS_PX)
            painter.end()
