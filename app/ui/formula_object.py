"""Formulas inside a text document: one character each, painted as sharp as the screen is, on the line of the text."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication, QObject, QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QFontMetricsF,
    QPainter,
    QPyTextObject,
    QTextCharFormat,
    QTextDocument,
    QTextFormat,
)

from app.ui.formula import formulas
from app.ui.theme import mono_font, themes
from app.ui.tooltips import plain_tooltip

OBJECT_TYPE = QTextFormat.ObjectTypes.UserObject + 2
TEX, IS_DISPLAY, SOURCE, TEXT_PX, COLOR = (QTextFormat.Property.UserProperty + number for number in range(10, 15))
LARGER = 1.1
"""Letters of the formulas' font, STIX Two, are lower than those of the fonts of windows."""
DISPLAY_PADDING_PX = 6
SIDE_PX = 1
"""Room on both sides of a formula in the line; slanted letters reach beyond their width."""
ROUNDING_PX = 1
"""Qt rounds widths up, and a column that is too narrow by a fraction of a pixel would scroll."""
WIDTH_UNKNOWN_PX = 100_000.0


class FormulaObject(QPyTextObject):
    """Draws formulas; their source while they are not drawn yet."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)

    def intrinsicSize(self, doc: QTextDocument, posInDocument: int, format: QTextFormat) -> QSizeF:
        room = _room(doc, posInDocument)
        below = _descent(format)
        drawing = formulas().drawing(format.stringProperty(TEX), format.boolProperty(IS_DISPLAY))
        if drawing is None:
            font = _source_font(format)
            width = QFontMetricsF(font).horizontalAdvance(format.stringProperty(SOURCE))
            return QSizeF(min(math.ceil(width), room), QFontMetrics(font).height())
        scale = _scale(drawing.width, room, format)
        above = math.ceil((drawing.height - drawing.depth) * scale)
        if format.boolProperty(IS_DISPLAY):
            height = above + below + 2 * DISPLAY_PADDING_PX
            return QSizeF(room if room < WIDTH_UNKNOWN_PX else drawing.width * scale, height)
        line_above = QFontMetrics(_line_font(format)).ascent()  # alone in a cell it stands where the words beside it do
        return QSizeF(math.ceil(drawing.width * scale) + 2 * SIDE_PX, max(above, line_above) + below)

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, doc: QTextDocument, posInDocument: int, format: QTextFormat
    ) -> None:
        rect = QRectF(rect)
        tex, is_display = format.stringProperty(TEX), format.boolProperty(IS_DISPLAY)
        drawing = formulas().drawing(tex, is_display)
        renderer = formulas().renderer(tex, is_display, format.stringProperty(COLOR))
        if drawing is None or renderer is None:
            self._draw_source(painter, rect, format)
            return
        scale = _scale(drawing.width, rect.width() if is_display else _room(doc, posInDocument), format)
        size = QSizeF(drawing.width * scale, drawing.height * scale)
        left = rect.center().x() - size.width() / 2 if is_display else rect.left() + SIDE_PX
        padding = DISPLAY_PADDING_PX if is_display else 0
        base_line = rect.bottom() - padding - _descent(format)
        top = base_line - (drawing.height - drawing.depth) * scale
        renderer.render(painter, QRectF(QPointF(left, top), size))

    def _draw_source(self, painter: QPainter, rect: QRectF, format: QTextFormat) -> None:
        font = _source_font(format)
        words = QFontMetricsF(font).elidedText(format.stringProperty(SOURCE), Qt.TextElideMode.ElideRight, rect.width())
        painter.save()
        painter.setFont(font)
        painter.setPen(QColor(themes().current.text_2))
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, words)
        painter.restore()


def formula_format(base: QTextCharFormat, tex: str, is_display: bool, source: str, text_px: int, color: str) -> QTextCharFormat:
    """For the object character that stands for a formula.

    Qt puts an object that stands on the line as far below it as letters of its font reach; so its font is one that is large enough.
    """
    result = QTextCharFormat()
    result.setObjectType(OBJECT_TYPE)
    result.setProperty(TEX, tex)
    result.setProperty(IS_DISPLAY, is_display)
    result.setProperty(SOURCE, " ".join(source.split()))
    result.setProperty(TEXT_PX, text_px)
    result.setProperty(COLOR, color)
    result.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBaseline)
    result.setBackground(base.background())
    result.setToolTip(plain_tooltip(source))
    drawing = formulas().drawing(tex, is_display)
    depth = drawing.depth * text_px * LARGER if drawing is not None else 0
    font_px = text_px
    result.setProperty(QTextFormat.Property.FontPixelSize, font_px)
    while QFontMetrics(result.font()).descent() < depth and font_px < 100 * text_px:
        font_px += max(1, int(depth - QFontMetrics(result.font()).descent()))
        result.setProperty(QTextFormat.Property.FontPixelSize, font_px)
    return result


def undrawn_format(base: QTextCharFormat) -> QTextCharFormat:
    """For the source of a formula that cannot be drawn."""
    result = QTextCharFormat(base)
    result.setForeground(QColor(themes().current.text_2))
    result.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
    result.setToolTip(QCoreApplication.translate("Formula", "This formula cannot be drawn, so its source is shown"))
    return result


def _scale(width: float, room: float, format: QTextFormat) -> float:
    """Px for each px of a letter; less where the formula would be wider than its column."""
    return min(LARGER * format.intProperty(TEXT_PX), max(0.0, room - 2 * SIDE_PX) / width)


def _descent(format: QTextFormat) -> int:
    """As Qt will count it."""
    return QFontMetrics(format.toCharFormat().font()).descent()


def _line_font(format: QTextFormat) -> QFont:
    """Of the words around it, as Qt resolves it."""
    font = format.toCharFormat().font()
    font.setPixelSize(max(1, format.intProperty(TEXT_PX)))
    return font


def _source_font(format: QTextFormat) -> QFont:
    return mono_font(max(1, format.intProperty(TEXT_PX) - 2))


def _room(document: QTextDocument, position: int) -> float:
    """The width of the column, in px, without what indents this block. Cells of tables grow with what is in them."""
    block = document.findBlock(position)
    width = document.textWidth()
    if width <= 0:
        return WIDTH_UNKNOWN_PX
    block_format = block.blockFormat()
    indent = block_format.indent()
    text_list = block.textList()
    if text_list is not None:
        indent += text_list.format().indent()
    return float(
        max(1.0, width - ROUNDING_PX - block_format.leftMargin() - block_format.rightMargin() - indent * document.indentWidth())
    )
