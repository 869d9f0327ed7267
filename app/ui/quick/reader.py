"""What is read on the card: answers below each other, or recognised text, scrolling when it is long."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QScrollArea, QTextEdit, QWidget

from app.ui.transcript_reading import SCROLL_KEYS
from app.ui.transcript_stack import Stack

FOLLOW_SLACK_PX = 24
SEEN_MARGIN_PX = 24
BAR_PX = 12
"""Of the scroll bar, which stands in the margin of the card."""


class Reader(QScrollArea):
    """Attributes:
        content: what is read.

    Signals:
        focus_changed(is reached): it was reached with Tab, or left; whoever has it shows that.
    """

    focus_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.content = Content()
        self._follows = True
        self._is_settling = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(self.content)
        self.content.setAutoFillBackground(False)
        self.verticalScrollBar().valueChanged.connect(self._on_bar_value_changed)

    def follow(self) -> None:
        """Show the end, and stay with it until the user scrolls back."""
        self._follows = True

    def rewind(self) -> None:
        """Show the beginning."""
        self._follows = False
        self.verticalScrollBar().setValue(0)

    def fit(self, width_px: int) -> int:
        """The height of all that there is to read, at this width of the whole."""
        return self.content.fit(width_px - BAR_PX)

    def lay_out(self) -> None:
        """Place what there is, and keep the end in view if it was."""
        self._is_settling = True
        width_px = max(1, self.width() - BAR_PX)
        self.content.resize(width_px, self.content.fit(width_px))
        if self._follows:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
        self._is_settling = False

    def show_place(self, widget: QWidget, y_px: int) -> None:
        """Scroll as little as needed so that this height of a widget in here is seen."""
        place = widget.mapTo(self.content, QPoint(0, y_px)).y()
        self.ensureVisible(0, place, 0, min(SEEN_MARGIN_PX, self.viewport().height() // 3))

    def focus_stops(self) -> list[QWidget]:
        """What Tab comes to, in the order of reading."""
        stops = [
            widget for widget in self.content.findChildren(QWidget)
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
        ]  # fmt: skip
        return [self, *sorted(stops, key=self._place_of)]

    def watch_texts(self) -> None:
        """Texts in here do not scroll by themselves: keys for that are ours."""
        for edit in self.content.findChildren(QWidget):
            if isinstance(edit, QTextEdit | QPlainTextEdit) and edit.isReadOnly():
                edit.installEventFilter(self)  # again and again is as good as once

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
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
                bar.setValue(bar.maximum())
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit(event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.lay_out()

    def _place_of(self, widget: QWidget) -> tuple[int, int]:
        place = widget.mapTo(self.content, QPoint(0, 0))
        return place.y(), place.x()

    def _on_bar_value_changed(self, value: int) -> None:
        if not self._is_settling:
            self._follows = value >= self.verticalScrollBar().maximum() - FOLLOW_SLACK_PX


class Content(Stack):
    """Parts that come and go."""

    def __init__(self) -> None:
        super().__init__(12)
        self._parts: list[QWidget] = []

    def parts(self) -> Sequence[QWidget]:
        return self._parts

    def add(self, part: QWidget) -> None:
        """Below the others."""
        self._parts.append(self.adopt(part))

    def keep(self, count: int) -> None:
        """Let go of all but the first ones."""
        for part in self._parts[count:]:
            part.hide()
            part.deleteLater()
        del self._parts[count:]
