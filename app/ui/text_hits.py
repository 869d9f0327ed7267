"""What a search found in a text that is drawn, and how it is marked."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from PySide6.QtGui import QColor, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextEdit

from app.ui.theme import themes
from app.ui.transcript_text import find_all

HITS_MAX = 5_000
LAST_OF_ONE_UNIT = "\uffff"
"""What comes after it takes two places: Qt counts in UTF-16."""


def find_hits(document: QTextDocument, wanted: str) -> list[QTextCursor]:
    """Where a document has these words, whatever their case and width; the first HITS_MAX places."""
    text = document.toPlainText() if wanted else ""
    hits = find_all(text, wanted)[:HITS_MAX]
    if hits and max(text) > LAST_OF_ONE_UNIT:
        places = list(accumulate((1 + (letter > LAST_OF_ONE_UNIT) for letter in text), initial=0))
        hits = [(places[start], places[end]) for start, end in hits]
    cursors = []
    for start, end in hits:
        cursor = QTextCursor(document)
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        cursors.append(cursor)
    return cursors


def hit_marks(hits: Sequence[QTextCursor], current: int) -> list[QTextEdit.ExtraSelection]:
    """How they look, the one with the number `current` more than the others; -1 for none."""
    theme = themes().current
    marks = []
    for index, hit in enumerate(hits):
        mark = QTextEdit.ExtraSelection()
        mark.cursor = hit
        mark.format.setBackground(QColor(theme.accent if index == current else theme.accent_soft))
        if index == current:
            mark.format.setForeground(QColor(theme.on_accent))
        marks.append(mark)
    return marks
