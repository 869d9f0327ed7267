"""Markdown into a text document, a piece at a time, and what is found in it afterwards."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRectF
from PySide6.QtGui import QTextBlock, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextDocument

from app.chat.emphasis import UNSEEN, loosen_bold
from app.ui import formula_object
from app.ui.markdown_inserts import Inserts
from app.ui.markdown_style import CODE_PADDING_PX, IS_CODE, Look, Styler, are_alike
from app.ui.reference_tag import NUMBER, OBJECT_CHARACTER, OBJECT_TYPE

Feature = QTextDocument.MarkdownFeature
FEATURES = Feature.MarkdownDialectGitHub | Feature.MarkdownNoHTML
SENTINEL = "\u200b"
"""A paragraph put before what is inserted and taken out again: Qt forgets the format of the first block of an insertion."""
FRAME_START = "\ufdd0"
"""What Qt has in its text where a table begins."""


def append_markdown(document: QTextDocument, markdown: str, look: Look, inserts: Inserts) -> bool:
    """Render at the end of the document. Whether there are references or links in it."""
    if not markdown.strip():
        return False
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    cursor.movePosition(QTextCursor.MoveOperation.End)
    if cursor.position() > 0:
        cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
    start = cursor.position()
    loosened = loosen_bold(markdown)
    cursor.insertMarkdown(f"{SENTINEL}\n\n{loosened}", FEATURES)
    if loosened is not markdown:
        tighten(document, start + len(SENTINEL))
        cursor.movePosition(QTextCursor.MoveOperation.End)
    is_empty = cursor.position() == start + len(SENTINEL)
    is_table_next = document.characterAt(start + 1) == FRAME_START
    cursor.setPosition(start)
    cursor.setPosition(start + (1 if is_table_next or is_empty else 2), QTextCursor.MoveMode.KeepAnchor)
    cursor.removeSelectedText()
    if is_empty and start > 0:  # such as the definition of a link, or a list without words
        before = document.findBlock(start - 1).blockFormat()
        cursor.deletePreviousChar()
        cursor.setBlockFormat(before)
    if not is_empty:
        _go_on_counting(document.findBlock(start))
    cursor.endEditBlock()
    if is_empty:
        return False
    cursor.beginEditBlock()  # a second one: within the first, Qt does not know the tables that were inserted
    styler = Styler(look, inserts)
    styler.style(document, start)
    cursor.endEditBlock()
    return styler.has_stops


def tighten(document: QTextDocument, start: int) -> None:
    """Take out what `loosen_bold` put in."""
    found = document.find(UNSEEN, start)
    while not found.isNull():
        found.removeSelectedText()
        found = document.find(UNSEEN, found.position())


def _go_on_counting(first: QTextBlock) -> None:
    """Number the list that begins here after the one that the text before ends with, if they are parts of one.

    They stay two: in one list, every change would have Qt lay out all of its items again.
    """
    added = first.textList()
    block = first.previous()
    while added is not None and block.isValid() and (block.textList() is not None or block.blockFormat().indent() > 0):
        before = block.textList()
        if before is not None and are_alike(before, added):
            list_format = added.format()
            list_format.setStart(before.format().start() + before.count())
            added.setFormat(list_format)
            return
        block = block.previous()


def fragments(block: QTextBlock) -> Iterator[tuple[int, str, QTextCharFormat]]:
    """Position, text and format of each run of a line."""
    iterator = block.begin()
    while not iterator.atEnd():
        fragment = iterator.fragment()
        yield fragment.position(), fragment.text(), fragment.charFormat()
        iterator += 1


def find_stops(document: QTextDocument) -> list[tuple[int, int | str]]:
    """Where the keyboard stops, as (position, number of a reference or target of a link), in order."""
    stops: list[tuple[int, int | str]] = []
    block = document.begin()
    while block.isValid():
        link_end = -1
        for position, text, char_format in fragments(block):
            if char_format.objectType() == OBJECT_TYPE:
                stops += [(position + index, char_format.intProperty(NUMBER)) for index in range(len(text))]
            elif char_format.isAnchor():
                target = char_format.anchorHref()
                if link_end != position or stops[-1][1] != target:
                    stops.append((position, target))
                link_end = position + len(text)
        block = block.next()
    return stops


def stop_cursor(document: QTextDocument, position: int) -> QTextCursor:
    """Holds all of the reference or link that begins there."""
    cursor = QTextCursor(document)
    cursor.setPosition(position)
    cursor.movePosition(QTextCursor.MoveOperation.NextCharacter, QTextCursor.MoveMode.KeepAnchor)
    target = cursor.charFormat().anchorHref()
    for start, text, char_format in fragments(cursor.block()) if target else ():
        if start <= cursor.position() and char_format.anchorHref() == target:
            cursor.setPosition(max(cursor.position(), start + len(text.encode("utf-16-le")) // 2), QTextCursor.MoveMode.KeepAnchor)
    return cursor


def find_reference(document: QTextDocument, number: int) -> tuple[int, int] | None:
    """Where a reference starts and ends, also one that leads nowhere."""
    block = document.begin()
    while block.isValid():
        for position, text, char_format in fragments(block):
            if char_format.intProperty(NUMBER) == number:
                return position, position + (1 if char_format.objectType() == OBJECT_TYPE else len(text))
        block = block.next()
    return None


def find_formulas(document: QTextDocument) -> list[tuple[int, QTextCharFormat]]:
    """Where formulas stand as objects."""
    found: list[tuple[int, QTextCharFormat]] = []
    cursor = document.find(OBJECT_CHARACTER)
    while not cursor.isNull():
        if cursor.charFormat().objectType() == formula_object.OBJECT_TYPE:
            found.append((cursor.selectionStart(), cursor.charFormat()))
        cursor = document.find(OBJECT_CHARACTER, cursor)
    return found


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


def text_between(document: QTextDocument, start: int, end: int) -> str:
    """What stands there, with ``[1]`` for a reference and its LaTeX for a formula; cells of a row have tabs between them."""
    pieces: list[str] = []
    block = document.findBlock(start)
    row_before: tuple[int, int] | None = None
    while block.isValid() and block.position() < max(end, start + 1):
        cursor = QTextCursor(block)
        table = cursor.currentTable()
        row = (table.firstPosition(), table.cellAt(cursor).row()) if table is not None else None
        if table is None and not block.text() and QTextCursor(block.next()).currentTable() is not None:
            block = block.next()  # the empty line that Qt needs before a table
            continue
        if pieces:
            pieces.append("\t" if row is not None and row == row_before else "\n")
        row_before = row
        for position, text, char_format in fragments(block):
            pieces.append(_said(_clipped(text, start - position, end - position), char_format))
        block = block.next()
    return "".join(pieces)


def _said(text: str, char_format: QTextCharFormat) -> str:
    if char_format.objectType() == OBJECT_TYPE:
        return f"[{char_format.intProperty(NUMBER)}]" * len(text)
    if char_format.objectType() == formula_object.OBJECT_TYPE:
        return char_format.stringProperty(formula_object.SOURCE) * len(text)
    return text.replace("\u2028", "\n").replace("\u00a0", " ")


def _clipped(text: str, start: int, end: int) -> str:
    """A part, counted as Qt counts characters."""
    if start <= 0 and end >= 2 * len(text):
        return text
    encoded = text.encode("utf-16-le")
    return encoded[max(0, 2 * start) : max(0, 2 * end)].decode("utf-16-le", "replace")
