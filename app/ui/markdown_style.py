"""Gives a rendered piece of Markdown its looks: distances, headings, code, links; and puts in references and formulas.

Qt's Markdown reader sets sizes and margins of its own; everything that is seen is set again here. Pictures that the model wrote
as Markdown become their words: nothing in an answer is loaded from anywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

from PySide6.QtCore import Qt
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
    QTextList,
)

from app.ui.markdown_inserts import MARK, Inserts, insert_marked
from app.ui.theme import FONT_ANSWER_PX, LINE_HEIGHT, Theme, mono_font, themes
from app.ui.tooltips import plain_tooltip

HEADING_PX = {1: 20, 2: 18, 3: 16}
CODE_SMALLER_PX = 2
GAP_PX, LIST_GAP_PX, HEADING_GAP_PX = 12, 4, 20
CODE_PADDING_PX = 12
QUOTE_INDENT_PX = 16
TABLE_PADDING_PX = 6
RULE = QTextFormat.Property.BlockTrailingHorizontalRulerWidth
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]")
IS_CODE = QTextFormat.Property.UserProperty + 2
"""Set on every line of a code block; the view paints the surface behind them."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a view looks: its colours, and the size of plain text in px."""

    theme: Theme
    text_px: int

    @classmethod
    def of(cls, font_px: int) -> Look:
        """Now, for text of a size from tokens.json."""
        return cls(themes().current, themes().text_px(font_px))

    def heading_px(self, level: int) -> int:
        """The size of a heading, from 1, or of plain text, 0."""
        larger = HEADING_PX.get(level, FONT_ANSWER_PX) if level else FONT_ANSWER_PX
        return round(self.text_px * larger / FONT_ANSWER_PX)

    @property
    def code_px(self) -> int:
        """The size of code in the text."""
        return self.text_px - CODE_SMALLER_PX

    def cell_format(self, alignment: Qt.AlignmentFlag, *, is_even: bool) -> QTextBlockFormat:
        """For a line in a table's cell. Even ones stand level in a row, though Han characters are higher than digits."""
        result = QTextBlockFormat()
        result.setAlignment(alignment)
        if is_even:
            result.setLineHeight(LINE_HEIGHT * self.text_px, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        else:
            _space_lines(result, self.text_px)
        return result


class Styler:
    """Styles what was rendered, block by block.

    Attributes:
        has_stops: whether there are references or links among it.
    """

    def __init__(self, look: Look, inserts: Inserts) -> None:
        self._look = look
        self._inserts = inserts
        self._formats: dict[tuple[int, int, bool, bool], QTextCharFormat | None] = {}
        self.has_stops = False

    def style(self, document: QTextDocument, start: int) -> None:
        """Every block from the one at `start`."""
        block = document.findBlock(start)
        count = document.blockCount() - block.blockNumber()
        for _ in range(count):
            self._style_table(block)
            self._style_block(block)
            self.style_words(block)
            block = block.next()

    def style_words(self, block: QTextBlock) -> None:
        """What is in a line. The line itself keeps its looks."""
        self._style_fragments(block)
        if MARK.search(block.text()):
            text_px = self._look.heading_px(block.blockFormat().headingLevel())
            self.has_stops |= insert_marked(block, self._inserts, text_px)

    def _style_block(self, block: QTextBlock) -> None:
        cursor = QTextCursor(block)
        old = block.blockFormat()
        before = block.previous().blockFormat()
        wanted = QTextBlockFormat()
        is_first = block.blockNumber() == 0
        is_in_table = cursor.currentTable() is not None
        font_px = self._look.heading_px(old.headingLevel())
        gap_px = HEADING_GAP_PX if old.headingLevel() else GAP_PX
        if is_code(old):
            font_px = self._look.code_px
            is_first_line = is_first or not is_code(before)
            gap_px = GAP_PX + CODE_PADDING_PX if is_first_line else 0
            self._style_code_line(block, wanted)
        elif not is_first and is_code(before):
            gap_px += CODE_PADDING_PX
        elif goes_on_with_list(block):
            gap_px = LIST_GAP_PX
        elif old.hasProperty(RULE):
            wanted.setBackground(QColor(self._look.theme.line))
        if quote_level := old.intProperty(QTextFormat.Property.BlockQuoteLevel):
            wanted.setLeftMargin(QUOTE_INDENT_PX * quote_level)
        if not is_code(old):
            wanted.setBottomMargin(0)
        if not block.text() and not is_in_table and QTextCursor(block.next()).currentTable() is not None:
            cursor.mergeBlockFormat(nothing_to_see())
            return
        wanted.setTopMargin(CODE_PADDING_PX if is_first and is_code(old) else 0 if is_first or is_in_table else gap_px)
        _space_lines(wanted, font_px)
        cursor.mergeBlockFormat(wanted)

    def _style_code_line(self, block: QTextBlock, wanted: QTextBlockFormat) -> None:
        wanted.setProperty(IS_CODE, True)
        wanted.setLeftMargin(CODE_PADDING_PX)
        wanted.setRightMargin(CODE_PADDING_PX)
        wanted.setNonBreakableLines(False)
        if not block.next().isValid() or not is_code(block.next().blockFormat()):
            wanted.setBottomMargin(CODE_PADDING_PX)

    def _style_fragments(self, block: QTextBlock) -> None:
        block_format = block.blockFormat()
        kind = block_format.headingLevel(), is_code(block_format), bool(quote_level(block_format))
        changes = []
        iterator = block.begin()
        while not iterator.atEnd():
            fragment = iterator.fragment()
            index = fragment.charFormatIndex(), *kind
            if index not in self._formats:
                old = fragment.charFormat()
                new = self._fragment_format(old, *kind)
                self._formats[index] = None if new == old and not old.isImageFormat() else new
            if (wanted := self._formats[index]) is not None:
                changes.append((fragment.position(), fragment.length(), fragment.charFormat(), wanted))
            iterator += 1
        cursor = QTextCursor(block)
        for position, length, old, new in reversed(changes):  # backwards: a picture's words are longer than the picture
            cursor.setPosition(position)
            cursor.setPosition(position + length, QTextCursor.MoveMode.KeepAnchor)
            if old.isImageFormat():
                image = old.toImageFormat()
                name = image.stringProperty(QTextFormat.Property.ImageAltText) or image.name()
                cursor.insertText(f"[{self._inserts.restored(name)}]" * length, self._quiet_format())
            else:
                cursor.setCharFormat(new)

    def _fragment_format(self, old: QTextCharFormat, level: int, is_code_line: bool, is_quoted: bool) -> QTextCharFormat:
        result = QTextCharFormat(old)
        result.clearProperty(QTextFormat.Property.FontSizeAdjustment)
        if level:
            result.setProperty(QTextFormat.Property.FontPixelSize, self._look.heading_px(level))
            result.setFontWeight(QFont.Weight.DemiBold)
        elif old.fontWeight() > QFont.Weight.Medium:
            result.setFontWeight(QFont.Weight.DemiBold)
        if old.fontFixedPitch():
            font = mono_font(self._look.code_px)
            result.setFontFamilies(font.families())
            result.setProperty(QTextFormat.Property.FontPixelSize, font.pixelSize())
            if not is_code_line:
                result.setBackground(QColor(self._look.theme.sunken))
        if old.isAnchor():
            target = _visible(self._inserts.restored(old.anchorHref()))
            result.setAnchorHref(target)
            result.setForeground(QColor(self._look.theme.accent))
            result.setFontUnderline(True)
            result.setToolTip(plain_tooltip(target))
            self.has_stops = True
        elif is_quoted:
            result.setForeground(QColor(self._look.theme.text_2))
        return result

    def _quiet_format(self) -> QTextCharFormat:
        result = QTextCharFormat()
        result.setForeground(QColor(self._look.theme.text_2))
        return result

    def _style_table(self, block: QTextBlock) -> None:
        """The table that begins with this block, if one does."""
        table = QTextCursor(block).currentTable()
        if table is None or table.firstPosition() != block.position():
            return
        wanted = table.format()
        wanted.setBorder(1)
        wanted.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        wanted.setBorderBrush(QColor(self._look.theme.line))
        wanted.setBorderCollapse(True)
        wanted.setCellPadding(TABLE_PADDING_PX)
        wanted.setCellSpacing(0)
        wanted.setTopMargin(TABLE_PADDING_PX)
        table.setFormat(wanted)


def nothing_to_see() -> QTextBlockFormat:
    """For the empty line that Qt needs before a table."""
    result = QTextBlockFormat()
    result.setTopMargin(0)
    result.setLineHeight(1, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    return result


def goes_on_with_list(block: QTextBlock) -> bool:
    """Whether it is not the first item, nested ones included."""
    mine, before = block.textList(), block.previous().textList()
    return bool(mine and before and (mine.format().indent() != before.format().indent() or are_alike(mine, before)))


def are_alike(first: QTextList, second: QTextList) -> bool:
    """Whether two lists, or parts of one, have the same signs and stand at the same level."""
    one, other = first.format(), second.format()
    return (one.indent(), one.style(), one.numberSuffix()) == (other.indent(), other.style(), other.numberSuffix())


def is_code(block_format: QTextBlockFormat) -> bool:
    """Whether a line belongs to a code block."""
    return block_format.hasProperty(QTextFormat.Property.BlockCodeFence) or block_format.nonBreakableLines()


def quote_level(block_format: QTextBlockFormat) -> int:
    """How deep a line is in quotations; 0 outside of them."""
    return block_format.intProperty(QTextFormat.Property.BlockQuoteLevel)


def _space_lines(block_format: QTextBlockFormat, font_px: int) -> None:
    """A fixed distance, so that high lines, with a formula say, do not stand further apart than others."""
    block_format.setLineHeight(_line_distance_px(font_px), QTextBlockFormat.LineHeightTypes.LineDistanceHeight.value)


def _visible(target: str) -> str:
    """With signs that cannot be seen, or that turn the direction of what follows, as addresses have them."""
    return _UNSEEN.sub(lambda match: quote(match[0]), target)


@cache
def _line_distance_px(font_px: int) -> float:
    """Qt counts from the height of the font, which differs between fonts; the design counts from the font's size."""
    font = QFont()
    font.setPixelSize(font_px)
    return max(0.0, LINE_HEIGHT * font_px - QFontMetricsF(font).height())
