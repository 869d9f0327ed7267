"""Where the keyboard and the pointer find something to press in rendered Markdown: references and links."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QTextCursor
from PySide6.QtWidgets import QTextBrowser, QWidget

from app.ui.announcing import announce
from app.ui.markdown_document import find_reference, find_stops, stop_cursor
from app.ui.reference_tag import NUMBER, OBJECT_TYPE, WORDS, ReferenceObject


class StopsBrowser(QTextBrowser):
    """Tab and the arrows go from one reference or link to the next, which is said; then Tab goes on to the next widget.

    Signals:
        reference_hovered(number): the pointer or the keyboard is on a reference; 0 when it left.
        reference_activated(number): clicked, or Enter or Space pressed on it.
        link_activated(target, global position): likewise a link. It is not opened.
    """

    reference_hovered = Signal(int)
    reference_activated = Signal(int)
    link_activated = Signal(str, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stop = -1
        self._hovered = 0
        self._link: QTextCursor | None = None
        self._tags = ReferenceObject(self)
        self.setOpenLinks(False)
        flag = Qt.TextInteractionFlag  # without LinksAccessibleByKeyboard: links are among the stops of this class
        self.setTextInteractionFlags(flag.TextSelectableByMouse | flag.TextSelectableByKeyboard | flag.LinksAccessibleByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCursorWidth(0)
        self.setMouseTracking(True)
        self.document().documentLayout().registerHandler(OBJECT_TYPE, self._tags)

    @property
    def current_reference(self) -> int:
        """The highlighted one, 0 for none."""
        return self._tags.current

    def set_current_reference(self, number: int) -> None:
        """Highlight this reference; 0 for none."""
        if self._tags.current != number:
            self._tags.current = number
            self.viewport().update()

    def reference_rect(self, number: int) -> QRectF | None:
        """Where a reference is, in this widget's coordinates, if it is in this document."""
        place = find_reference(self.document(), number)
        return self.rect_between(*place) if place is not None else None

    def rect_between(self, start: int, end: int) -> QRectF:
        """Where these characters are, or the first of them that are in one line."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        first = self.cursorRect(cursor)
        cursor.setPosition(end)
        last = self.cursorRect(cursor)
        return QRectF(first.united(last) if first.top() == last.top() else first)

    def mark(self) -> None:
        """Show the link that the keyboard is on."""
        raise NotImplementedError

    def _go_to_stop(self, index: int) -> bool:
        stops = find_stops(self.document())
        self._stop = index if 0 <= index < len(stops) else -1
        target = stops[self._stop][1] if self._stop >= 0 else 0
        self._set_hovered(target if isinstance(target, int) else 0)
        self._link = None
        if self._stop >= 0:
            cursor = stop_cursor(self.document(), stops[self._stop][0])
            self._link = cursor if isinstance(target, str) else None
            announce(self, cursor.charFormat().stringProperty(WORDS) or cursor.selectedText())
        self.mark()
        return self._stop >= 0

    def _set_hovered(self, number: int) -> None:
        if number != self._hovered:
            self._hovered = number
            self.reference_hovered.emit(number)

    def _activate(self, target: int | str, where: QPoint) -> None:
        if isinstance(target, int):
            self.reference_activated.emit(target)
        else:
            self.link_activated.emit(target, where)

    def _target_at(self, position: QPointF) -> int | str | None:
        place = position + QPointF(self.horizontalScrollBar().value(), 0)
        char_format = self.document().documentLayout().formatAt(place).toCharFormat()
        if char_format.objectType() == OBJECT_TYPE:
            return char_format.intProperty(NUMBER)
        return self.anchorAt(position.toPoint()) or None

    def focusNextPrevChild(self, next: bool) -> bool:
        index = self._stop + 1 if next else self._stop - 1
        if self._stop < 0 and not next:
            index = -1
        return self._go_to_stop(index) or super().focusNextPrevChild(next)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.TabFocusReason:
            self._go_to_stop(0)
        elif event.reason() == Qt.FocusReason.BacktabFocusReason:
            self._go_to_stop(len(find_stops(self.document())) - 1)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):  # it comes back
            self._go_to_stop(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        stops = find_stops(self.document())
        if key in (Qt.Key.Key_Right, Qt.Key.Key_Down) and self._stop + 1 < len(stops) and not event.modifiers():
            self._go_to_stop(self._stop + 1)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Up) and self._stop > 0 and not event.modifiers():
            self._go_to_stop(self._stop - 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and 0 <= self._stop < len(stops):
            position, target = stops[self._stop]
            cursor = QTextCursor(self.document())
            cursor.setPosition(position)
            self._activate(target, self.viewport().mapToGlobal(self.cursorRect(cursor).bottomLeft()))
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        target = self._target_at(event.position())
        self._set_hovered(target if isinstance(target, int) else 0)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor if target is None else Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        target = self._target_at(event.position())
        if target is not None and event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self._activate(target, event.globalPosition().toPoint())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._set_hovered(0)
