"""The lines of a code block: as many as there are, each in one line, in colours that come when they are known."""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextLayout,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from app.ui.code_lexing import Spans
from app.ui.sideways import scroll_sideways
from app.ui.text_hits import find_hits, hit_marks
from app.ui.theme import FONT_BODY_PX, Theme, mono_font, themes

SLACK_PX = 2
"""So that Qt does not believe that the last line has no room, and scroll."""


def code_colors(theme: Theme) -> dict[str, str]:
    """The colour of each kind of word; all others have that of text."""
    return {
        "comment": theme.text_2,
        "meta": theme.warn,
        "keyword": theme.accent,
        "number": theme.warn,
        "string": theme.ok,
        "function": theme.boxes[2],
        "type": theme.boxes[3],
        "deleted": theme.danger,
        "inserted": theme.ok,
    }


class CodeText(QPlainTextEdit):
    """Text that only grows at its end.

    Signals:
        focus_changed(): it got or lost the keyboard.
    """

    focus_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self._measured = 0
        self._measured_px = 0.0
        self._line_px = 0.0
        self._formats: dict[str, QTextCharFormat] = {}
        self._hits: list[QTextCursor] = []
        self._current_hit = -1
        self.setObjectName("markdown")  # as transparent as prose
        self.setReadOnly(True)
        self.setCursorWidth(0)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self.setUndoRedoEnabled(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.document().setDocumentMargin(0)
        self.viewport().setAutoFillBackground(False)
        self.horizontalScrollBar().rangeChanged.connect(self._on_horizontal_scroll_bar_range_changed)
        self.restyle()

    def restyle(self) -> None:
        """Take the present theme and size of text. Colours are to be set again."""
        font = QFont(mono_font(themes().text_px(FONT_BODY_PX - 1)))
        self.setFont(font)
        self.document().setDefaultFont(font)
        self.setTabStopDistance(4 * self.fontMetrics().horizontalAdvance(" "))
        self._formats = {kind: _format(kind, color) for kind, color in code_colors(themes().current).items()}
        self._measured, self._measured_px, self._line_px = 0, 0.0, 0.0
        self._mark()

    def show_text(self, text: str) -> None:
        """Show this, which mostly begins with what is shown already."""
        if text.startswith(self._shown):
            if len(text) > len(self._shown):
                cursor = QTextCursor(self.document())
                cursor.movePosition(QTextCursor.MoveOperation.End)
                cursor.insertText(text[len(self._shown) :])
        else:
            self.setPlainText(text)
            self._measured, self._measured_px = 0, 0.0
        self._shown = text

    def needed_height(self) -> int:
        """In px, with room for the scroll bar, which comes and goes."""
        document = self.document()
        last = document.blockCount() - 1
        block = document.findBlockByNumber(self._measured)
        while self._measured < last:
            self._measured_px += self._block_height(block)
            self._measured += 1
            block = block.next()
        height = self._measured_px + self._block_height(document.lastBlock())
        return math.ceil(height) + self.horizontalScrollBar().sizeHint().height() + SLACK_PX

    def set_colors(self, lines: Iterable[tuple[int, Spans]]) -> None:
        """Colour the words of these lines."""
        document = self.document()
        for number, spans in lines:
            block = document.findBlockByNumber(number)
            if not block.isValid():
                return
            block.layout().setFormats([self._range(block.text(), *span) for span in spans])
            document.markContentsDirty(block.position(), block.length())

    def find_all(self, text: str) -> int:
        """Mark a text wherever it is, whatever its case and width; how often that is. Empty for no marks."""
        self._hits = find_hits(self.document(), text)
        self.show_hit(-1)
        return len(self._hits)

    def show_hit(self, index: int) -> QRectF | None:
        """Mark this hit more than the others, or none; where it is, in this widget's coordinates."""
        self._current_hit = index
        self._mark()
        if not 0 <= index < len(self._hits):
            return None
        hit = QTextCursor(self._hits[index])
        hit.setPosition(self._hits[index].selectionStart())
        self._show_sideways(hit)
        return QRectF(self.cursorRect(hit).united(self.cursorRect(self._hits[index])))

    def wheelEvent(self, event: QWheelEvent) -> None:
        scroll_sideways(self.horizontalScrollBar(), event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit()

    def _mark(self) -> None:
        if self._hits or self.extraSelections():
            self.setExtraSelections(hit_marks(self._hits, self._current_hit))

    def _show_sideways(self, cursor: QTextCursor) -> None:
        bar, x = self.horizontalScrollBar(), self.cursorRect(cursor).left()
        if not 0 <= x < self.viewport().width():
            bar.setValue(bar.value() + x - self.viewport().width() // 2)

    def _block_height(self, block: QTextBlock) -> float:
        """Lines of other scripts may be taller, as they come from other fonts."""
        if not block.text().isascii():
            return self.blockBoundingRect(block).height()
        if not self._line_px:
            self._line_px = self.blockBoundingRect(block).height()
        return self._line_px

    def _range(self, text: str, start: int, end: int, kind: str) -> QTextLayout.FormatRange:
        result = QTextLayout.FormatRange()
        if not text.isascii():  # Qt counts in UTF-16
            start, end = (len(text[:place].encode("utf-16-le")) // 2 for place in (start, end))
        result.start, result.length = start, end - start
        result.format = self._formats[kind]
        return result

    def _on_horizontal_scroll_bar_range_changed(self, minimum: int, maximum: int) -> None:
        """The keyboard has something to do here when there is something to scroll to."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if maximum > 0 else Qt.FocusPolicy.ClickFocus)


def _format(kind: str, color: str) -> QTextCharFormat:
    result = QTextCharFormat()
    result.setForeground(QColor(color))
    result.setFontItalic(kind == "comment")
    return result
