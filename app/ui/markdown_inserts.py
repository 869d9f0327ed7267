"""References and formulas on their way through Qt's Markdown reader: as marks in the source, then as objects in the document.

The reader must not see what they are made of: it would take underscores and backslashes in a formula for its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtGui import QColor, QTextBlock, QTextCharFormat, QTextCursor, QTextFormat

from app.chat.answer import Reference
from app.chat.formulas import find_formulas
from app.ui.box_words import box_words
from app.ui.formula import formulas
from app.ui.formula_object import formula_format, undrawn_format
from app.ui.reference_tag import OBJECT_CHARACTER, reference_format, unplaced_format, unplaced_words
from app.ui.theme import themes

REFERENCE_START, FORMULA_START, MARK_END = "\ufdd2", "\ufdd4", "\ufdd3"
"""Stand around a number in the Markdown. Unicode promises that no text holds them; `clean` sees to it."""
MARK = re.compile(f"([{REFERENCE_START}{FORMULA_START}])(\\d{{1,7}}){MARK_END}")
NOT_TEXT = re.compile("[\ufdd0-\ufdef\ufffc]")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


@dataclass(slots=True)
class Inserts:
    """What the marks in a view's source stand for.

    Attributes:
        references: by number.
        formulas: source, LaTeX, and whether it stands on a line of its own.
    """

    references: dict[int, Reference] = field(default_factory=dict)
    formulas: list[tuple[str, str, bool]] = field(default_factory=list)

    def protect(self, markdown: str, *, can_grow: bool = False) -> str:
        """Put a mark in place of each formula. One whose end may still come is text until then, as it is written."""
        if "$" not in markdown and "\\" not in markdown:
            return markdown
        pieces: list[str] = []
        position = 0
        for formula in find_formulas(markdown):
            source = markdown[formula.start : formula.end]
            if formula.tex:
                pieces += (markdown[position : formula.start], f"{FORMULA_START}{len(self.formulas)}{MARK_END}")
                self.formulas.append((self.restored(source), self.restored(formula.tex), formula.is_display))
            elif can_grow:
                pieces += (markdown[position : formula.start], _PUNCTUATION.sub(r"\\\1", " ".join(source.split())))
            else:
                continue
            position = formula.end
        return "".join((*pieces, markdown[position:]))

    def restored(self, text: str) -> str:
        """With the source in place of the marks."""
        if MARK_END not in text:
            return text
        return MARK.sub(lambda match: self.source_of(match[1], int(match[2])), text)

    def source_of(self, start: str, number: int) -> str:
        """What a mark stands for, as text."""
        if start == FORMULA_START:
            return self.formulas[number][0] if number < len(self.formulas) else ""
        return f"[{number}]"


def clean(text: str) -> str:
    """The model's text without characters that mean something to the view."""
    return NOT_TEXT.sub("\ufffd", text)


def marked(pieces: Sequence[str | Reference]) -> str:
    """The Markdown of a text block with marks for its references."""
    return "".join(
        clean(piece) if isinstance(piece, str) else f"{REFERENCE_START}{piece.number}{MARK_END}" for piece in pieces
    )  # fmt: skip


def insert_marked(block: QTextBlock, inserts: Inserts, text_px: int) -> bool:
    """Put references and formulas in place of their marks. Whether there were references that lead somewhere."""
    has_stops = False
    text = block.text()
    for match in reversed(list(MARK.finditer(text))):
        cursor = QTextCursor(block)
        start = block.position() + _utf16_length(text[: match.start()])
        cursor.setPosition(start + 1)
        old = cursor.charFormat()
        cursor.setPosition(start)
        cursor.setPosition(start + len(match[0]), QTextCursor.MoveMode.KeepAnchor)
        number = int(match[2])
        if old.fontFixedPitch() or (old.isAnchor() and match[1] == FORMULA_START):
            cursor.insertText(inserts.source_of(match[1], number), old)
        elif match[1] == REFERENCE_START:
            has_stops |= _insert_reference(cursor, inserts.references.get(number), number, old)
        else:
            insert_formula(cursor, *inserts.formulas[number], text_px, old)
    return has_stops


def insert_formula(cursor: QTextCursor, source: str, tex: str, is_display: bool, text_px: int, old: QTextCharFormat) -> None:
    """Put a formula in place of what is selected: drawn now or later, or its source when it cannot be."""
    is_settled = formulas().ask(tex, is_display)
    if is_settled and formulas().drawing(tex, is_display) is None:
        cursor.insertText(source, undrawn_format(old))
        return
    has_color = old.hasProperty(QTextFormat.Property.ForegroundBrush)
    color = old.foreground().color().name() if has_color else QColor(themes().current.text).name()
    cursor.insertText(OBJECT_CHARACTER, formula_format(old, tex, is_display, source, text_px, color))


def _insert_reference(cursor: QTextCursor, reference: Reference | None, number: int, old: QTextCharFormat) -> bool:
    if reference is not None and reference.picture_id is not None:
        words = box_words(number, reference.box)
        cursor.insertText(OBJECT_CHARACTER, reference_format(number, reference.box.label or "", words))
        return True
    label = clean(reference.box.label or "") if reference is not None else ""
    cursor.insertText(unplaced_words(label), unplaced_format(old, number))
    return False


def _utf16_length(text: str) -> int:
    """As Qt counts characters."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
