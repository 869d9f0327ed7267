"""Prose of an answer: Markdown with numbered references, rendered while it grows.

Only the end that may still change is rendered again.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import QWidget

from app.chat.answer import Reference
from app.chat.markdown import stable_length
from app.ui.markdown_browser import MarkdownBrowser
from app.ui.markdown_document import append_markdown, find_code
from app.ui.markdown_inserts import Inserts
from app.ui.theme import FONT_ANSWER_PX, RADIUS_PX, themes


class MarkdownView(MarkdownBrowser):
    """Shows prose; code blocks and tables in lists and quotations are part of it."""

    def __init__(self, parent: QWidget | None = None, font_px: int = FONT_ANSWER_PX) -> None:
        super().__init__(parent, font_px)
        self._source = ""
        self._stable = 0
        self._is_final = False
        self._inserts = Inserts()
        self._stable_formulas = 0
        self._tail = QTextCursor(self.document())
        self._has_code = False

    @property
    def stable(self) -> int:
        """How much of the source, in characters, is rendered for good."""
        return self._stable

    def show_source(self, source: str, references: dict[int, Reference], *, is_final: bool = False) -> None:
        """Render Markdown with marks for its references. What is stable must be as it was; what follows may be anything."""
        if source == self._source and is_final == self._is_final:
            return
        self._source, self._is_final = source, is_final
        self._inserts.references = references
        self._has_code = "```" in source or "~~~" in source or "    " in source or "\t" in source
        self.start_rendering()
        if not self._stable:
            self._tail.setPosition(0)
        if is_one_change := "|" not in source[self._stable :]:
            self._tail.beginEditBlock()  # one layout instead of five; only tables need those in between
        kept = self._tail.blockFormat() if self._stable else QTextBlockFormat()
        self._tail.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        self._tail.removeSelectedText()
        if self._tail.blockFormat() != kept:  # an empty line, a rule say, takes that of what was removed behind it
            self._tail.setBlockFormat(kept)
        has_stops = self._append_new()
        if is_one_change:
            self._tail.endEditBlock()
        self.finish_rendering(self._inserts, has_stops)

    def render_again(self) -> None:
        source, references, is_final = self._source, self._inserts.references, self._is_final
        self._source, self._stable, self._stable_formulas, self._inserts = "", 0, 0, Inserts()
        self.show_source(source, references, is_final=is_final)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._has_code:
            self._paint_code(QRectF(event.rect()))
        super().paintEvent(event)

    def _append_new(self) -> bool:
        """Render what is not rendered for good. Whether there are references or links in it."""
        del self._inserts.formulas[self._stable_formulas :]
        stable = stable_length(self._source, self._stable)
        has_stops = False
        if stable > self._stable:
            has_stops = self._append(self._source[self._stable : stable], can_grow=False)
            self._stable, self._stable_formulas = stable, len(self._inserts.formulas)
            self._tail.movePosition(QTextCursor.MoveOperation.End)
        end = self._tail.position()
        has_stops |= self._append(self._source[stable:], can_grow=not self._is_final)
        self._tail.setPosition(end)
        return has_stops

    def _append(self, source: str, *, can_grow: bool) -> bool:
        markdown = self._inserts.protect(source, can_grow=can_grow)
        return append_markdown(self.document(), markdown, self.look, self._inserts)

    def _paint_code(self, shown: QRectF) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(themes().current.sunken))
        for rect in find_code(self.document(), self.viewport().width()):
            if rect.intersects(shown):
                painter.drawRoundedRect(rect, RADIUS_PX, RADIUS_PX)
        painter.end()
