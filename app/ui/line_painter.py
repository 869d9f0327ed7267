"""Plain text with some words in bold, in as many lines as there is room for: for rows of lists."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextOption

FONT_SMALL_PX = 12
CHARACTERS_MAX = 400
"""More than any row has room for; the rest is not even laid out."""
ELLIPSIS = "…"
LINE_HEIGHT = 1.45
"""Of a line, in sizes of the text: as much as Han characters need, whatever font they come from."""

Marks = tuple[tuple[int, int], ...]
"""Stretches of the text as (start, end)."""


def line_px(font: QFont) -> int:
    """From one line to the next, in any script."""
    return round(font.pixelSize() * LINE_HEIGHT)


def draw_line(painter: QPainter, rect: QRect, text: str, font: QFont, color: str, marks: Marks = ()) -> None:
    """One line in the middle of the height, cut with an ellipsis. `color` is ``#RRGGBB``."""
    if not marks:
        painter.setFont(font)
        painter.setPen(QColor(color))
        shown = painter.fontMetrics().elidedText(text[:CHARACTERS_MAX], Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine), shown)
        return
    layout = _lay_out_cut(text, font, marks, rect.width(), 1)
    top = rect.top() + (rect.height() - line_px(font)) / 2
    painter.setPen(QColor(color))
    layout.draw(painter, QPointF(rect.left(), top))


def draw_lines(painter: QPainter, rect: QRect, text: str, font: QFont, color: str, marks: Marks, lines_max: int) -> None:
    """Lines from the top of the rectangle; the last one is cut with an ellipsis where there is more."""
    painter.setPen(QColor(color))
    _lay_out_cut(text, font, marks, rect.width(), lines_max).draw(painter, QPointF(rect.topLeft()))


def _lay_out_cut(text: str, font: QFont, marks: Marks, width: int, lines_max: int) -> QTextLayout:
    text = text[:CHARACTERS_MAX]
    layout = _lay_out(text, font, marks, width, lines_max)
    kept = _characters_laid_out(layout, text)
    while 0 < kept < len(text):
        cut = text[:kept].rstrip() + ELLIPSIS
        layout = _lay_out(cut, font, marks, width, lines_max)
        if _characters_laid_out(layout, cut) == len(cut):
            break
        kept -= 1
    return layout


def _lay_out(text: str, font: QFont, marks: Marks, width: int, lines_max: int) -> QTextLayout:
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAnywhere if lines_max == 1 else QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    bold = QTextCharFormat()
    bold.setFontWeight(QFont.Weight.Bold)
    stretches = []
    for start, end in marks:
        stretch = QTextLayout.FormatRange()
        stretch.start = _units(text[:start])
        stretch.length, stretch.format = _units(text[:end]) - stretch.start, bold
        stretches.append(stretch)
    layout.setFormats(stretches)
    metrics = QFontMetricsF(font)
    baseline = (line_px(font) - metrics.height()) / 2 + metrics.ascent()
    layout.beginLayout()
    for number in range(lines_max):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        line.setPosition(QPointF(0, number * line_px(font) + baseline - line.ascent()))
    layout.endLayout()
    return layout


def _characters_laid_out(layout: QTextLayout, text: str) -> int:
    if not layout.lineCount():
        return 0
    line = layout.lineAt(layout.lineCount() - 1)
    units = line.textStart() + line.textLength()
    return len(text.encode("utf-16-le", "replace")[: 2 * units].decode("utf-16-le", "ignore"))


def _units(text: str) -> int:
    """How many of its units Qt counts: a character beyond U+FFFF is two."""
    return len(text.encode("utf-16-le", "replace")) // 2
