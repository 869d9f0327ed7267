"""What prose and tables have in common: they are as tall as they are long, and show formulas and what a search found.

Raw HTML is text; nothing is loaded, neither from the network nor from files.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QByteArray, QMimeData, QRectF, Qt, QUrl
from PySide6.QtGui import QColor, QFont, QResizeEvent, QTextCharFormat, QTextCursor, QTextFormat, QWheelEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from app.ui import formula_object
from app.ui.formula import Key, formulas
from app.ui.markdown_document import find_formulas, text_between
from app.ui.markdown_inserts import Inserts, insert_formula
from app.ui.markdown_stops import StopsBrowser
from app.ui.markdown_style import Look
from app.ui.sideways import scroll_sideways
from app.ui.text_hits import find_hits, hit_marks
from app.ui.theme import FONT_ANSWER_PX, themes

INDENT_EM = 1.6


class MarkdownBrowser(StopsBrowser):
    """Shows a document of which the end may grow. Subclasses render into it between `start_rendering` and `finish_rendering`."""

    def __init__(self, parent: QWidget | None = None, font_px: int = FONT_ANSWER_PX) -> None:
        """`font_px` is a size from tokens.json."""
        super().__init__(parent)
        self._font_px = font_px
        self._is_rendering = False
        self._awaited: set[Key] = set()
        self._wanted = ""
        self._hits: list[QTextCursor] = []
        self._current_hit = -1
        self.setObjectName("markdown")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.viewport().setAutoFillBackground(False)
        document = self.document()
        document.setUndoRedoEnabled(False)
        document.setDocumentMargin(0)
        document.documentLayout().registerHandler(formula_object.OBJECT_TYPE, formula_object.FormulaObject(self))
        document.documentLayout().documentSizeChanged.connect(self._on_layout_document_size_changed)
        self._set_font()
        themes().changed.connect(self._on_themes_changed)
        formulas().settled.connect(self._on_formulas_settled)

    @property
    def look(self) -> Look:
        """How text looks now."""
        return Look.of(self._font_px)

    def find_all(self, text: str) -> int:
        """Mark a text wherever it is, whatever its case and width; how often that is. Empty for no marks."""
        self._wanted = text
        self._hits, self._current_hit = find_hits(self.document(), text), -1
        self.mark()
        return len(self._hits)

    def show_hit(self, index: int) -> QRectF | None:
        """Mark this hit more than the others, or none; where it is, in this widget's coordinates."""
        self._current_hit = index
        self.mark()
        if not 0 <= index < len(self._hits):
            return None
        return self.rect_between(self._hits[index].selectionStart(), self._hits[index].selectionEnd())

    def plain_text(self) -> str:
        """All that is said, with ``[1]`` for a reference and its LaTeX for a formula."""
        return text_between(self.document(), 0, self.document().characterCount())

    def selected_text(self) -> str:
        """What is selected, in the same way."""
        cursor = self.textCursor()
        return text_between(self.document(), cursor.selectionStart(), cursor.selectionEnd()) if cursor.hasSelection() else ""

    def focus_stops(self) -> list[QWidget]:
        """What Tab reaches in it, in order."""
        return [self]

    def mark(self) -> None:
        marks = hit_marks(self._hits, self._current_hit)
        if self._link is not None:
            marks += hit_marks([self._link], 0)
        if marks or self.extraSelections():
            self.setExtraSelections(marks)

    def loadResource(self, type: int, name: QUrl | str) -> object:
        """Nothing, and not None: for that Qt would read local files by itself. An answer brings no pictures of its own."""
        return QByteArray()

    def createMimeDataFromSelection(self) -> QMimeData:
        """Text only: what is pasted elsewhere does not bring our colours along."""
        # One made here would be Python's own, and end the program with a fault if the clipboard still has it then (PySide 6.11).
        data = super().createMimeDataFromSelection()
        data.text()  # until it is asked, Qt keeps its own text aside
        data.clear()
        data.setText(self.selected_text())
        return data

    def render_again(self) -> None:
        """Show everything in the present colours and sizes."""
        raise NotImplementedError

    def start_rendering(self) -> None:
        """The height stays until `finish_rendering`: half-way, the text is shorter than before."""
        self._is_rendering = True

    def finish_rendering(self, inserts: Inserts, has_stops: bool) -> None:
        """Take the height that is needed now. `has_stops` says whether there are references or links in what is new."""
        self._is_rendering = False
        if has_stops:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        keys = {(tex, is_display) for _, tex, is_display in inserts.formulas}
        self._awaited = {key for key in keys if not formulas().is_settled(*key)}
        if self._wanted:
            current = self._current_hit
            self.find_all(self._wanted)
            self.show_hit(current)
        self._fit_height()

    def wheelEvent(self, event: QWheelEvent) -> None:
        scroll_sideways(self.horizontalScrollBar(), event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()

    def _set_font(self) -> None:
        font = QFont()
        font.setPixelSize(self.look.text_px)
        self.document().setDefaultFont(font)
        self.document().setIndentWidth(round(self.look.text_px * INDENT_EM))

    def _fit_height(self) -> None:
        if self._is_rendering:
            return
        size = self.document().size()
        is_wide = size.width() > self.viewport().width() + 1
        self.setFixedHeight(math.ceil(size.height()) + (self.horizontalScrollBar().sizeHint().height() if is_wide else 0))

    def _on_layout_document_size_changed(self) -> None:
        self._fit_height()

    def _on_themes_changed(self) -> None:
        self._set_font()
        self.render_again()

    def _on_formulas_settled(self, tex: str, is_display: bool) -> None:
        """Show a formula that was waited for. What is above it stays where it is."""
        if (tex, is_display) not in self._awaited:
            return
        self._awaited.discard((tex, is_display))
        for position, found in reversed(find_formulas(self.document())):
            if (found.stringProperty(formula_object.TEX), found.boolProperty(formula_object.IS_DISPLAY)) != (tex, is_display):
                continue
            cursor = QTextCursor(self.document())
            cursor.setPosition(position)
            cursor.setPosition(position + 1, QTextCursor.MoveMode.KeepAnchor)
            text_px = found.intProperty(formula_object.TEXT_PX)
            base = QTextCharFormat()
            base.setProperty(QTextFormat.Property.FontPixelSize, text_px)
            base.setForeground(QColor(found.stringProperty(formula_object.COLOR)))
            base.setBackground(found.background())
            insert_formula(cursor, found.stringProperty(formula_object.SOURCE), tex, is_display, text_px, base)
