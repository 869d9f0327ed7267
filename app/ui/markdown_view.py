"""One block of an answer: Markdown with numbered references, rendered while it grows.

Only the end that may still change is rendered again. Raw HTML is text; nothing is loaded, neither from the network nor from files.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QByteArray, QEvent, QMimeData, QPoint, QPointF, QRectF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget

from app.chat.answer import Reference, TextBlock
from app.chat.markdown import stable_length
from app.ui.markdown_document import append_markdown, find_code, find_stops
from app.ui.markdown_style import REFERENCE_END, REFERENCE_START, clean
from app.ui.reference_tag import NUMBER, OBJECT_CHARACTER, OBJECT_TYPE, ReferenceObject
from app.ui.theme import FONT_ANSWER_PX, RADIUS_PX, themes


class MarkdownView(QTextBrowser):
    """Shows one text block as tall as it is.

    Signals:
        reference_hovered(number): the pointer or the keyboard is on a reference; 0 when it left.
        reference_activated(number): clicked, or Enter or Space pressed on it.
        link_activated(target, global position): likewise a link. It is not opened.
    """

    reference_hovered = Signal(int)
    reference_activated = Signal(int)
    link_activated = Signal(str, QPoint)

    def __init__(self, parent: QWidget | None = None, font_px: int = FONT_ANSWER_PX) -> None:
        super().__init__(parent)
        self._block = TextBlock()
        self._stable = 0
        self._tail_position = 0
        self._stop = -1
        self._hovered = 0
        self._is_rendering = False
        self._may_have_code = False
        self.setObjectName("markdown")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        flag = Qt.TextInteractionFlag  # without LinksAccessibleByKeyboard: links are among the stops of this class
        self.setTextInteractionFlags(flag.TextSelectableByMouse | flag.TextSelectableByKeyboard | flag.LinksAccessibleByMouse)
        self.setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self._tags = ReferenceObject(self)
        document = self.document()
        document.setUndoRedoEnabled(False)
        document.setDocumentMargin(0)
        document.setIndentWidth(24)
        font = QFont()
        font.setPixelSize(font_px)
        document.setDefaultFont(font)
        document.documentLayout().registerHandler(OBJECT_TYPE, self._tags)
        document.documentLayout().documentSizeChanged.connect(self._on_layout_document_size_changed)
        themes().changed.connect(self._on_themes_changed)

    def show_block(self, block: TextBlock) -> None:
        """Render what the block holds now; it may only have grown since the last call."""
        self._block = block
        references = [piece for piece in block.pieces if isinstance(piece, Reference)]
        self._tags.unplaced = frozenset(r.number for r in references if r.picture_id is None)
        source = "".join(
            clean(piece) if isinstance(piece, str) else f"{REFERENCE_START}{piece.number}{REFERENCE_END}" for piece in block.pieces
        )
        self._may_have_code = "```" in source or "~~~" in source or "    " in source
        self._is_rendering = True
        descriptions = {reference.number: reference.box.label or "" for reference in references}
        document = self.document()
        cursor = QTextCursor(document)
        cursor.setPosition(self._tail_position)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        stable = stable_length(source, self._stable)
        if stable > self._stable:
            append_markdown(document, source[self._stable : stable], descriptions)
            self._stable = stable
            cursor.movePosition(QTextCursor.MoveOperation.End)
            self._tail_position = cursor.position()
        append_markdown(document, source[stable:], descriptions)
        self._is_rendering = False
        self._fit_height()

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
        """Where a reference is, in this widget's coordinates, if it is in this block."""
        position = next((p for p, stop in find_stops(self.document()) if stop == number), None)
        if position is None:
            return None
        cursor = QTextCursor(self.document())
        cursor.setPosition(position)
        start = self.cursorRect(cursor)
        cursor.setPosition(position + 1)
        return QRectF(start.united(self.cursorRect(cursor)))

    def loadResource(self, type: int, name: QUrl | str) -> object:
        """Nothing, and not None: for that Qt would read local files by itself. An answer brings no pictures of its own."""
        return QByteArray()

    def _render_again(self) -> None:
        self._stable = self._tail_position = 0
        self.show_block(self._block)

    def _go_to_stop(self, index: int) -> bool:
        stops = find_stops(self.document())
        self._stop = index if 0 <= index < len(stops) else -1
        target = stops[self._stop][1] if self._stop >= 0 else 0
        self.setExtraSelections([])
        self._set_hovered(target if isinstance(target, int) else 0)
        if isinstance(target, str):
            self._mark_link(stops[self._stop][0])
        return self._stop >= 0

    def _mark_link(self, position: int) -> None:
        selection = self.ExtraSelection()
        cursor = QTextCursor(self.document())
        cursor.setPosition(position)
        cursor.setPosition(position + 1, QTextCursor.MoveMode.KeepAnchor)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfWord, QTextCursor.MoveMode.KeepAnchor)
        selection.cursor = cursor
        selection.format.setBackground(QColor(themes().current.accent_soft))
        self.setExtraSelections([selection])

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
        char_format = self.document().documentLayout().formatAt(position).toCharFormat()
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

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the transcript scrolls, this does not

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(themes().current.sunken))
        for rect in find_code(self.document(), self.viewport().width()) if self._may_have_code else ():
            if rect.intersects(QRectF(event.rect())):
                painter.drawRoundedRect(rect, RADIUS_PX, RADIUS_PX)
        painter.end()
        super().paintEvent(event)

    def createMimeDataFromSelection(self) -> QMimeData:
        """Selected text with ``[1]`` where a reference stands."""
        cursor = self.textCursor()
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        numbers = [stop for position, stop in find_stops(self.document()) if isinstance(stop, int) and start <= position < end]
        text = cursor.selection().toPlainText()
        for number in numbers:
            text = text.replace(OBJECT_CHARACTER, f"[{number}]", 1)
        data = QMimeData()
        data.setText(text)
        return data

    def _fit_height(self) -> None:
        if not self._is_rendering:  # half-way, the text is shorter than before
            self.setFixedHeight(math.ceil(self.document().size().height()))

    def _on_layout_document_size_changed(self) -> None:
        self._fit_height()

    def _on_themes_changed(self) -> None:
        self._render_again()
