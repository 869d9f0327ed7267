"""A code block of an answer: its language, a button that copies it, and its lines in colours, never wrapped."""

from __future__ import annotations

import re

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from app.ui.buttons import TextButton
from app.ui.code_lexers import lexers
from app.ui.code_lexing import Lexing
from app.ui.code_text import CodeText
from app.ui.elided_label import ElidedLabel
from app.ui.language import Translated
from app.ui.theme import RADIUS_PX, themes

HEADER_PX = 32
PADDING_PX = 12
LANGUAGE_CHARACTERS_MAX = 40
SHOWN_LINE_CHARACTERS_MAX = 4_000
"""Longer lines are broken, only to the eye: Qt shapes a line as a whole, a megabyte of it for seconds."""
COPIED_MS = 1_500
SLICE_S = 0.004
_TOO_LONG = re.compile(rf"[^\n]{{{SHOWN_LINE_CHARACTERS_MAX}}}(?=[^\n])")


class CodeView(Translated, QFrame):
    """Shows code while it grows.

    Attributes:
        text: the lines.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._code = ""
        self._language = ""
        self._is_whole = False
        self._has_long_lines = False
        self._lexing: Lexing | None = None
        self.setObjectName("codeView")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name = ElidedLabel("small", Qt.TextElideMode.ElideRight)
        self._copy = TextButton("link")
        self._copy.clicked.connect(self._on_copy_clicked)
        self._header = QWidget(self)
        header = QHBoxLayout(self._header)
        header.setContentsMargins(PADDING_PX, 0, PADDING_PX - 4, 0)
        header.addWidget(self._name, 1)
        header.addWidget(self._copy)
        self.text = CodeText(self)
        self.text.focus_changed.connect(self.update)
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(COPIED_MS)
        self._copied.timeout.connect(self.retranslate)
        self._coloring = QTimer(self)
        self._coloring.setSingleShot(True)
        self._coloring.timeout.connect(self._on_coloring_timeout)
        themes().changed.connect(self._on_themes_changed)
        lexers().made.connect(self._on_lexers_made)
        self.retranslate()

    @property
    def is_coloring(self) -> bool:
        """Whether there are lines that have no colours yet."""
        return self._coloring.isActive()

    @property
    def code(self) -> str:
        """All of it, as it was written."""
        return self._code

    def show_code(self, code: str, language: str, *, is_whole: bool) -> None:
        """Show code, which mostly has grown since the last call. `is_whole` says that no more will come."""
        has_grown = code.startswith(self._code)
        if (code, language, is_whole) == (self._code, self._language, self._is_whole):
            return
        new = code[self._code.rfind("\n") + 1 :] if has_grown else code
        self._has_long_lines |= any(len(line) > SHOWN_LINE_CHARACTERS_MAX for line in new.split("\n"))
        self._code, self._is_whole = code, is_whole
        shown = code.removesuffix("\n")
        self.text.show_text(_TOO_LONG.sub("\\g<0>\n", shown) if self._has_long_lines else shown)
        if language != self._language or not has_grown:
            self._language, self._lexing = language, None
            self.retranslate()
        self._fit_height()
        self._read_on()

    def find_all(self, text: str) -> int:
        """Mark a text wherever it is, whatever its case and width; how often that is. Empty for no marks."""
        return self.text.find_all(text)

    def show_hit(self, index: int) -> QRectF | None:
        """Mark this hit more than the others, or none; where it is, in this widget's coordinates."""
        rect = self.text.show_hit(index)
        return rect.translated(QPointF(self.text.pos())) if rect is not None else None

    def plain_text(self) -> str:
        """The code."""
        return self._code

    def selected_text(self) -> str:
        """What is selected of it."""
        return self.text.textCursor().selectedText().replace("\u2029", "\n")

    def focus_stops(self) -> list[QWidget]:
        """What Tab reaches in it, in order."""
        return [self._copy, self.text]

    @property
    def language_name(self) -> str:
        """As Pygments calls it, or else as it was written."""
        lexer = lexers().get(self._language.lower())
        return str(getattr(lexer, "name", "")) or self._language[:LANGUAGE_CHARACTERS_MAX] or self.tr("Code")

    def retranslate(self) -> None:
        name = self.language_name
        self._name.set_full_text(name)
        self.text.setAccessibleName(self.tr("Code, {language}").format(language=name))
        self._copy.set_words(self.tr("Copied") if self._copied.isActive() else self.tr("Copy"), self.tr("Copy the code"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = themes().current
        is_focused = self.text.hasFocus()
        painter.setPen(QPen(QColor(theme.accent), 2) if is_focused else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.sunken))
        inset = 1 if is_focused else 0
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), RADIUS_PX, RADIUS_PX)
        painter.end()

    def _fit_height(self) -> None:
        self.setFixedHeight(themes().tall_px(HEADER_PX) + self.text.needed_height())
        self._place()

    def _place(self) -> None:
        header_px = themes().tall_px(HEADER_PX)
        self._header.setGeometry(0, 0, self.width(), header_px)
        self.text.setGeometry(PADDING_PX, header_px, self.width() - 2 * PADDING_PX, self.height() - header_px)

    def _read_on(self) -> None:
        """Have the complete lines coloured, a little in every turn of the event loop."""
        language = self._language.lower()
        if not language or not lexers().ask(language):
            return
        lexer = lexers().get(language)
        if self._lexing is None and lexer is not None:
            self._lexing = Lexing(lexer)
        if self._lexing is not None:
            complete = self._code if self._is_whole else self._code[: self._code.rfind("\n") + 1]
            self._lexing.read(complete, is_whole=self._is_whole)
            self._coloring.start()

    def _on_coloring_timeout(self) -> None:
        if self._lexing is None:
            return
        self.text.set_colors(self._lexing.work(SLICE_S))
        if not self._lexing.is_done:
            self._coloring.start()

    def _on_lexers_made(self, language: str) -> None:
        if language == self._language.lower():
            self.retranslate()
            self._read_on()

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._code)
        self._copied.start()
        self.retranslate()

    def _on_themes_changed(self) -> None:
        self.text.restyle()
        self._lexing = None
        self._fit_height()
        self._read_on()
