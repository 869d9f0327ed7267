"""Gives a rendered piece of Markdown its looks: distances, headings, code, links; and puts in the reference tags.

Qt's Markdown reader sets sizes and margins of its own; everything that is seen is set again here. Pictures that the model wrote
as Markdown become their words: nothing in an answer is loaded from anywhere.
"""

from __future__ import annotations

import re
from functools import cache

from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
)

from app.ui.reference_tag import OBJECT_CHARACTER, reference_format
from app.ui.theme import FONT_ANSWER_PX, FONT_BODY_PX, LINE_HEIGHT, Theme, mono_font

REFERENCE_START, REFERENCE_END = "\ufdd2", "\ufdd3"
"""Stand around a reference's number in the Markdown. Unicode promises that no text holds them; `clean` sees to it."""
REFERENCE = re.compile(f"{REFERENCE_START}(\\d+){REFERENCE_END}")
NOT_TEXT = {code: "\ufffd" for code in (*range(0xFDD0, 0xFDF0), 0xFFFC)}

HEADING_PX = {1: 20, 2: 18, 3: 16}
GAP_PX, LIST_GAP_PX, HEADING_GAP_PX = 12, 4, 20
CODE_PADDING_PX = 12
QUOTE_INDENT_PX = 16
TABLE_PADDING_PX = 6
RULE = QTextFormat.Property.BlockTrailingHorizontalRulerWidth
IS_CODE = QTextFormat.Property.UserProperty + 2
"""Set on every line of a code block; the view paints the surface behind them."""


def clean(text: str) -> str:
    """The model's text without characters that mean something to the view."""
    return text.translate(NOT_TEXT)


def style_from(document: QTextDocument, position: int, theme: Theme, descriptions: dict[int, str]) -> None:
    """Style every block from `position` to the end. `descriptions` are the tooltips of the references."""
    block = document.findBlock(position)
    while block.isValid():
        _style_table(block, theme)
        _style_block(block, theme)
        _style_fragments(block, theme)
        _insert_references(block, descriptions)
        block = block.next()


def _style_block(block: QTextBlock, theme: Theme) -> None:
    cursor = QTextCursor(block)
    old = block.blockFormat()
    wanted = QTextBlockFormat()
    is_first = block.blockNumber() == 0
    previous = block.previous().blockFormat()
    gap_px = GAP_PX
    font_px = FONT_ANSWER_PX
    if old.headingLevel():
        font_px = HEADING_PX.get(old.headingLevel(), FONT_ANSWER_PX)
        gap_px = HEADING_GAP_PX
    elif is_code(old):
        font_px = FONT_BODY_PX - 1
        is_first_line = is_first or not is_code(previous)
        gap_px = GAP_PX + CODE_PADDING_PX if is_first_line else 0
        wanted.setProperty(IS_CODE, True)
        wanted.setLeftMargin(CODE_PADDING_PX)
        wanted.setRightMargin(CODE_PADDING_PX)
        wanted.setNonBreakableLines(False)
        if not block.next().isValid() or not is_code(block.next().blockFormat()):
            wanted.setBottomMargin(CODE_PADDING_PX)
    elif _goes_on_with_list(block):
        gap_px = LIST_GAP_PX
    elif old.hasProperty(RULE):
        wanted.setBackground(QColor(theme.line))
    if cursor.currentTable() is not None:
        gap_px = 0
    if old.intProperty(QTextFormat.Property.BlockQuoteLevel):
        wanted.setLeftMargin(QUOTE_INDENT_PX * old.intProperty(QTextFormat.Property.BlockQuoteLevel))
    if not is_code(old):
        wanted.setBottomMargin(0)
    if not block.text() and QTextCursor(block.next()).currentTable() is not None and cursor.currentTable() is None:
        cursor.mergeBlockFormat(_nothing_to_see())
        return
    wanted.setTopMargin(CODE_PADDING_PX if is_first and is_code(old) else 0 if is_first else gap_px)
    wanted.setLineHeight(_line_height_percent(font_px), QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    cursor.mergeBlockFormat(wanted)


def _nothing_to_see() -> QTextBlockFormat:
    """For the empty line that Qt needs before a table."""
    result = QTextBlockFormat()
    result.setTopMargin(0)
    result.setLineHeight(1, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    return result


def _goes_on_with_list(block: QTextBlock) -> bool:
    """Whether it is not the first item, nested ones included."""
    mine, before = block.textList(), block.previous().textList()
    return bool(mine and before and (mine == before or mine.format().indent() != before.format().indent()))


def is_code(block_format: QTextBlockFormat) -> bool:
    """Whether a line belongs to a code block."""
    return block_format.hasProperty(QTextFormat.Property.BlockCodeFence) or block_format.nonBreakableLines()


@cache
def _line_height_percent(font_px: int) -> float:
    """Qt counts line height from the font's own, which differs between fonts; the design counts from the font's size."""
    font = QFont()
    font.setPixelSize(font_px)
    return 100.0 * LINE_HEIGHT * font_px / QFontMetricsF(font).height()


def _style_fragments(block: QTextBlock, theme: Theme) -> None:
    ranges = []
    iterator = block.begin()
    while not iterator.atEnd():
        fragment = iterator.fragment()
        ranges.append((fragment.position(), fragment.length(), fragment.charFormat()))
        iterator += 1
    cursor = QTextCursor(block)
    for position, length, old in reversed(ranges):  # backwards: a picture's words are longer than the picture
        cursor.setPosition(position)
        cursor.setPosition(position + length, QTextCursor.MoveMode.KeepAnchor)
        if old.isImageFormat():
            image = old.toImageFormat()
            words = QTextCharFormat()
            words.setForeground(QColor(theme.text_2))
            name = image.stringProperty(QTextFormat.Property.ImageAltText) or image.name()
            cursor.insertText(f"[{name}]", words)
        else:
            cursor.setCharFormat(_fragment_format(block, old, theme))


def _fragment_format(block: QTextBlock, old: QTextCharFormat, theme: Theme) -> QTextCharFormat:
    result = QTextCharFormat(old)
    result.clearProperty(QTextFormat.Property.FontSizeAdjustment)
    level = block.blockFormat().headingLevel()
    if level:
        result.setProperty(QTextFormat.Property.FontPixelSize, HEADING_PX.get(level, FONT_ANSWER_PX))
        result.setFontWeight(QFont.Weight.DemiBold)
    elif old.fontWeight() > QFont.Weight.Medium:
        result.setFontWeight(QFont.Weight.DemiBold)
    if old.fontFixedPitch():
        font = mono_font(FONT_BODY_PX - 1)
        result.setFontFamilies(font.families())
        result.setProperty(QTextFormat.Property.FontPixelSize, font.pixelSize())
        if not is_code(block.blockFormat()):
            result.setBackground(QColor(theme.sunken))
    if old.isAnchor():
        result.setForeground(QColor(theme.accent))
        result.setFontUnderline(True)
        result.setToolTip(old.anchorHref())
    elif block.blockFormat().intProperty(QTextFormat.Property.BlockQuoteLevel):
        result.setForeground(QColor(theme.text_2))
    return result


def _insert_references(block: QTextBlock, descriptions: dict[int, str]) -> None:
    cursor = QTextCursor(block)
    for match in reversed(list(REFERENCE.finditer(block.text()))):
        number = int(match[1])
        cursor.setPosition(block.position() + match.start())
        cursor.setPosition(block.position() + match.end(), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(OBJECT_CHARACTER, reference_format(number, descriptions.get(number, "")))


def _style_table(block: QTextBlock, theme: Theme) -> None:
    """The table that begins with this block, if one does."""
    table = QTextCursor(block).currentTable()
    if table is None or table.firstPosition() != block.position():
        return
    wanted = table.format()
    wanted.setBorder(1)
    wanted.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    wanted.setBorderBrush(QColor(theme.line))
    wanted.setBorderCollapse(True)
    wanted.setCellPadding(TABLE_PADDING_PX)
    wanted.setCellSpacing(0)
    wanted.setTopMargin(TABLE_PADDING_PX)
    table.setFormat(wanted)
