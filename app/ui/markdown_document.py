"""Markdown into a text document, a piece at a time, and what is found in it afterwards."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor, QTextDocument

from app.ui.markdown_style import CODE_PADDING_PX, IS_CODE, style_from
from app.ui.reference_tag import NUMBER, OBJECT_TYPE
from app.ui.theme import themes

Feature = QTextDocument.MarkdownFeature
FEATURES = Feature.MarkdownDialectGitHub | Feature.MarkdownNoHTML
SENTINEL = "\u200b"
"""A paragraph put before what is inserted and taken out again: Qt forgets the format of the first block of an insertion."""
FRAME_START = "\ufdd0"
"""What Qt has in its text where a table begins."""


def append_markdown(document: QTextDocument, markdown: str, descriptions: dict[int, str]) -> None:
    """Render at the end of the document. `descriptions` are the tooltips of the references."""
    if not markdown.strip():
        return
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    cursor.movePosition(QTextCursor.MoveOperation.End)
    if cursor.position() > 0:
        cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
    start = cursor.position()
    cursor.insertMarkdown(f"{SENTINEL}\n\n{markdown}", FEATURES)
    is_empty = cursor.position() == start + len(SENTINEL)
    is_table_next = document.characterAt(start + 1) == FRAME_START
    cursor.setPosition(start)
    cursor.setPosition(start + (1 if is_table_next or is_empty else 2), QTextCursor.MoveMode.KeepAnchor)
    cursor.removeSelectedText()
    if is_empty and start > 0:  # such as the definition of a link
        cursor.deletePreviousChar()
    cursor.endEditBlock()
    if not is_empty:
        cursor.beginEditBlock()  # a second one: within the first, Qt does not know the tables that were inserted
        style_from(document, start, themes().current, descriptions)
        cursor.endEditBlock()


def find_stops(document: QTextDocument) -> list[tuple[int, int | str]]:
    """Where the keyboard stops, as (position, number of a reference or target of a link), in order."""
    stops: list[tuple[int, int | str]] = []
    block = document.begin()
    while block.isValid():
        iterator = block.begin()
        while not iterator.atEnd():
            fragment = iterator.fragment()
            char_format = fragment.charFormat()
            if char_format.objectType() == OBJECT_TYPE:
                stops.append((fragment.position(), char_format.intProperty(NUMBER)))
            elif char_format.isAnchor() and (not stops or stops[-1][1] != char_format.anchorHref()):
                stops.append((fragment.position(), char_format.anchorHref()))
            iterator += 1
        block = block.next()
    return stops


def find_code(document: QTextDocument, width_px: float) -> list[QRectF]:
    """The surfaces behind code blocks."""
    rects: list[QRectF] = []
    layout = document.documentLayout()
    block = document.begin()
    was_code = False
    while block.isValid():
        is_code = block.blockFormat().hasProperty(IS_CODE)
        if is_code:
            rect = layout.blockBoundingRect(block)
            rect = QRectF(0, rect.top() - CODE_PADDING_PX, width_px, rect.height() + 2 * CODE_PADDING_PX)
            if was_code:
                rects[-1] = rects[-1].united(rect)
            else:
                rects.append(rect)
        was_code = is_code
        block = block.next()
    return rects
