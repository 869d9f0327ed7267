"""Where the question is written: grows with its lines, sends on Enter, hands pictures on."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from app.ui import intake

LINES_MAX = 8
PAGE_KEYS = {int(Qt.Key.Key_PageUp): -1, int(Qt.Key.Key_PageDown): 1}
DOCUMENT_MARGIN_PX = 2


class QuestionEdit(QPlainTextEdit):
    """Signals:
    submitted(): Enter was pressed; Shift+Enter breaks the line.
    page_turned(direction): Page Up (-1) or Page Down (1), which are for the conversation while there is one line here.
    pasted(data): files or a picture were pasted.
    focus_changed(): it got or lost the focus.
    """

    submitted = Signal()
    page_turned = Signal(int)
    pasted = Signal(QMimeData)
    focus_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("question")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(False)  # the window takes drops, wherever they fall
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(DOCUMENT_MARGIN_PX)
        self.document().documentLayout().documentSizeChanged.connect(self._fit_height)
        self._fit_height()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return intake.can_read(source) or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        if intake.can_read(source):
            self.pasted.emit(source)
        else:
            super().insertFromMimeData(source)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.submitted.emit()
        elif event.key() in PAGE_KEYS and self.blockCount() == 1:
            self.page_turned.emit(PAGE_KEYS[event.key()])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: object) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type]
        self.focus_changed.emit()

    def focusOutEvent(self, event: object) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self.focus_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()

    def _fit_height(self) -> None:
        line_px = self.fontMetrics().lineSpacing()
        lines = min(max(1, round(self.document().size().height())), LINES_MAX)  # a plain text document counts in lines
        self.setFixedHeight(lines * line_px + 2 * DOCUMENT_MARGIN_PX + 2)
        is_full = lines == LINES_MAX
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if is_full else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(policy)
