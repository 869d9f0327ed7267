"""Where the question is written: grows with its lines, sends on Enter, hands pictures and long texts on."""

from __future__ import annotations

import math

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QInputMethodEvent, QKeyEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from app.ui import intake
from app.ui.theme import themes

LINES_MAX = 8
LONG_CHARACTERS = 2_000
LONG_LINES = 30
"""From here on a pasted text may be better as an attachment; it stays in the field unless the user says so."""
TEXT_CHARACTERS_MAX = 50_000
"""More than that is never put into the field, which lays out all of it at once."""
PAGE_KEYS = {int(Qt.Key.Key_PageUp): -1, int(Qt.Key.Key_PageDown): 1}
DOCUMENT_MARGIN_PX = 2


class QuestionEdit(QPlainTextEdit):
    """Signals:
    submitted(): Enter was pressed; Shift+Enter breaks the line.
    last_question_wanted(): the up arrow was pressed in an empty field.
    page_turned(direction): Page Up (-1) or Page Down (1), which are for the conversation while there is one line here.
    pasted(data): files or a picture were pasted.
    long_text_pasted(text): a text was pasted that is long; it is in the field.
    text_refused(text): a text was pasted that is too long for the field; it is not in it.
    focus_changed(): it got or lost the focus.
    """

    submitted = Signal()
    last_question_wanted = Signal()
    page_turned = Signal(int)
    pasted = Signal(QMimeData)
    long_text_pasted = Signal(str)
    text_refused = Signal(str)
    focus_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_composing = False
        self.setObjectName("question")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(False)  # the window takes drops, wherever they fall
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(DOCUMENT_MARGIN_PX)
        self.document().documentLayout().documentSizeChanged.connect(self._fit_height)
        themes().changed.connect(self._fit_height)
        self._fit_height()

    def insert_text(self, text: str) -> None:
        """Put a text in at the cursor, as pasted."""
        text = _plain(text)
        if len(text) > TEXT_CHARACTERS_MAX:
            self.text_refused.emit(text)
            return
        self.insertPlainText(text)
        self.ensureCursorVisible()
        if len(text) > LONG_CHARACTERS or text.count("\n") >= LONG_LINES:
            self.long_text_pasted.emit(text)

    def take_out(self, text: str) -> None:
        """Remove a text again, once, wherever it stands. The user can undo it."""
        before, found, _ = self.toPlainText().partition(text)
        if found:
            cursor = self.textCursor()
            cursor.setPosition(_units(before))
            cursor.setPosition(_units(before) + _units(text), QTextCursor.MoveMode.KeepAnchor)
            cursor.removeSelectedText()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return intake.can_read(source) or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        if intake.can_attach(source):
            self.pasted.emit(source)
        elif source.hasText():
            self.insert_text(source.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        control_shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        if self._is_composing:  # the key is for the input method, whatever it does with it
            super().keyPressEvent(event)
        elif is_enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.submitted.emit()
        elif event.key() == Qt.Key.Key_V and event.modifiers() == control_shift:
            self.insertPlainText(_plain(QGuiApplication.clipboard().text())[:TEXT_CHARACTERS_MAX])
        elif event.key() == Qt.Key.Key_Up and self.document().isEmpty():
            self.last_question_wanted.emit()
        elif event.key() in PAGE_KEYS and self.blockCount() == 1:
            self.page_turned.emit(PAGE_KEYS[event.key()])
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._is_composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._is_composing = False
        super().focusOutEvent(event)
        self.focus_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()

    def _fit_height(self) -> None:
        line = self.document().lastBlock().layout()
        own_px = line.lineAt(0).height() if line.lineCount() else 0.0  # Chinese characters stand on higher lines
        line_px = max(self.fontMetrics().lineSpacing(), math.ceil(own_px))
        lines = min(max(1, round(self.document().size().height())), LINES_MAX)  # a plain text document counts in lines
        self.setFixedHeight(lines * line_px + 2 * DOCUMENT_MARGIN_PX + 2)
        is_full = lines == LINES_MAX
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if is_full else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(policy)


def _plain(text: str) -> str:
    """As the field gives it back."""
    for other in ("\r\n", "\r", "\u2028", "\u2029"):
        text = text.replace(other, "\n")
    return text.replace("\x00", "").replace("\xa0", " ")


def _units(text: str) -> int:
    """Its length as Qt counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
