"""The words of a question as they are read: whole, or folded when they are long, such as a pasted log."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QTextCursor, QTextOption, QWheelEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QTextEdit, QWidget

from app.ui.buttons import TextButton
from app.ui.language import Translated
from app.ui.text_hits import find_hits, hit_marks
from app.ui.theme import FONT_BODY_PX, themes
from app.ui.transcript_stack import Stack

FOLDED_CHARACTERS, FOLDED_LINES = 2_000, 20
"""What is shown of a long question until it is unfolded."""
CHARACTERS_MAX = 50_000
"""What is shown of it then."""
LONG_CHARACTERS = 400
"""A longer line needs all the width there is; it is not measured."""


class QuestionText(QTextEdit):
    """The words of a question, to be read and selected, as high as they are."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._hits: list[QTextCursor] = []
        self._current_hit = -1
        self.setObjectName("markdown")  # looks like the text of an answer
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # the question has one
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.viewport().setAutoFillBackground(False)
        self.setUndoRedoEnabled(False)
        self.document().setDocumentMargin(0)
        self.setPlainText(text)
        themes().changed.connect(self._on_themes_changed)
        self._on_themes_changed()

    def natural_width(self) -> int:
        """What it takes without breaking a line."""
        lines = self.toPlainText().split("\n")
        if max(len(line) for line in lines) > LONG_CHARACTERS:
            return LONG_CHARACTERS * FONT_BODY_PX
        return max(self.fontMetrics().horizontalAdvance(line) for line in lines) + 2

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width_px: int) -> int:
        self.document().setTextWidth(width_px)
        return round(self.document().size().height())

    def mark(self, wanted: str) -> int:
        """Mark where these words are; how often that is."""
        self._hits = find_hits(self.document(), wanted)
        self.show_hit(-1)
        return len(self._hits)

    def show_hit(self, index: int) -> int:
        """Mark one of them more than the others; how far down it is, in logical pixels."""
        self._current_hit = index
        self.setExtraSelections(hit_marks(self._hits, index))
        if not 0 <= index < len(self._hits):
            return 0
        cursor = QTextCursor(self._hits[index])
        cursor.setPosition(cursor.selectionStart())
        return self.cursorRect(cursor).center().y()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # likewise

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            cursor = self.textCursor()
            cursor.clearSelection()
            self.setTextCursor(cursor)

    def _on_themes_changed(self) -> None:
        font = QFont(self.font())
        font.setPixelSize(themes().text_px(FONT_BODY_PX))
        self.document().setDefaultFont(font)
        self.setExtraSelections(hit_marks(self._hits, self._current_hit))
        self.updateGeometry()


class QuestionWords(Translated, Stack):
    """The text, and what leads to the rest of it.

    Attributes:
        text: what is shown.

    Signals:
        unfolded(): the user, or a search, wants all of it.
    """

    unfolded = Signal()

    def __init__(self, words: str, parent: QWidget, *, is_open: bool) -> None:
        super().__init__(4, parent=parent)
        self._words = words
        self.text = self.adopt(QuestionText(_beginning(words, FOLDED_CHARACTERS, FOLDED_LINES)))
        self._unfold: TextButton | None = None
        self._rest: QLabel | None = None
        if self.text.toPlainText() != words:
            self._unfold = self.adopt(TextButton("link"))
            self._unfold.clicked.connect(self.unfold)
            if is_open:
                self.unfold()
        self.retranslate()

    def parts(self) -> Sequence[QWidget]:
        return [part for part in (self.text, self._unfold, self._rest) if part is not None]

    def unfold(self) -> None:
        """Show all of it, as far as text can be laid out without a long wait."""
        if self._unfold is None:
            return
        self._unfold.hide()
        self._unfold.deleteLater()
        self._unfold = None
        self.text.setPlainText(_beginning(self._words, CHARACTERS_MAX, CHARACTERS_MAX))
        if len(self._words) > CHARACTERS_MAX:
            self._rest = self.adopt(QLabel())
            self._rest.setProperty("kind", "small")
            self._rest.setWordWrap(True)
        self.retranslate()
        self.announce_change()
        self.unfolded.emit()

    def retranslate(self) -> None:
        self.text.setAccessibleName(self.tr("Question"))
        if self._unfold is not None:
            self._unfold.set_words(self.tr("Show all of it"))
        if self._rest is not None:
            count = QLocale().toString(len(self._words) - len(self.text.toPlainText()))
            self._rest.setText(
                self.tr("{count} more characters are not shown here. Copy the question to read them.").format(count=count)
            )


def _beginning(text: str, characters: int, lines: int) -> str:
    """So much of it at most."""
    return "\n".join(text[:characters].split("\n", lines)[:lines]) if len(text) > characters or text.count("\n") >= lines else text
