"""Setting paragraphs: characters get faces and widths, lines are broken, aligned and stacked.

block = compose(paragraphs, width, fonts)
block.draw(canvas, x, y)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.slides.canvas import Canvas
from ingest.slides.fonts import ASCENT_EM, DESCENT_EM, Fonts
from ingest.slides.glyphs import Glyph, Piece, draw_piece, pieces, shape
from ingest.slides.lines import justified, line_end, trailing_spaces, widths
from ingest.slides.text import LINE_BREAK, Paragraph, Run, Spacing

CHARACTERS_MAX = 40_000
"""Of one block; more than could be seen."""
_NO_LIMIT = 1e6
_TIGHT_ASCENT = 0.8
"""The share of a line that is set tighter than single which lies above its baseline."""


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces on one baseline, `baseline` below the top of the block; `top` and `height` of the room it takes."""

    pieces: tuple[Piece, ...]
    baseline: float
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Block:
    """Lines one below another. `width` is of the longest."""

    lines: tuple[Line, ...]
    width: float
    height: float

    def draw(self, canvas: Canvas, x: float, y: float, upright: bool = False) -> None:
        """With its top left corner at a point. `upright` as for `draw_piece`."""
        for line in self.lines:
            for piece in line.pieces:
                draw_piece(canvas, piece, x + piece.x, y + line.baseline - piece.raised, upright)


def compose(paragraphs: Sequence[Paragraph], width: float | None, fonts: Fonts, scale: float = 1.0) -> Block:
    """Set paragraphs in lines of a width, or of any width for None; then they are aligned to the longest.

    `scale` multiplies all sizes and the distances between lines and paragraphs.
    """
    if width is None:
        width = max(
            (block.width for block in (compose([p], _NO_LIMIT, fonts, scale) for p in map(_as_left, paragraphs))), default=0.0
        )
        width += 0.01
    setter = _Setter(fonts, max(width, 1.0), scale)
    for index, paragraph in enumerate(paragraphs):
        setter.add(paragraph, is_first=index == 0)
        if setter.characters > CHARACTERS_MAX:
            break
    return Block(tuple(setter.lines), setter.widest, setter.height)


def _as_left(paragraph: Paragraph) -> Paragraph:
    return replace(paragraph, style=replace(paragraph.style, align="left"))


class _Setter:
    """Stacks the lines of one block."""

    def __init__(self, fonts: Fonts, width: float, scale: float) -> None:
        self._fonts, self._width, self._scale = fonts, width, scale
        self.lines: list[Line] = []
        self.height = self.widest = 0.0
        self.characters = 0
        self._after = 0.0

    def add(self, paragraph: Paragraph, is_first: bool) -> None:
        glyphs = shape(paragraph.runs, self._fonts, self._scale)[:CHARACTERS_MAX]
        self.characters += len(glyphs)
        natural = self._size(paragraph, glyphs[:1])
        if not is_first:
            self.height += self._after + self._distance(paragraph.style.before, natural)
        self._after = self._distance(paragraph.style.after, natural)
        start, is_first_line = 0, True
        while True:
            left = paragraph.style.margin_left + (paragraph.style.indent if is_first_line else 0.0)
            bullet = self._bullet(paragraph, left, natural) if is_first_line and glyphs else []
            if bullet:
                left = max(paragraph.style.margin_left, bullet[-1].x + bullet[-1].width)
            left = max(left, 0.0)
            end, next_start = line_end(glyphs, start, self._width - paragraph.style.margin_right - left, left, paragraph.style)
            is_last = next_start >= len(glyphs)
            self._add_line(paragraph, glyphs[start:end], left, bullet, is_last or glyphs[next_start - 1].text == LINE_BREAK)
            if is_last and not (glyphs and next_start == len(glyphs) and glyphs[-1].text == LINE_BREAK and end < len(glyphs)):
                break
            if is_last:
                self._add_line(paragraph, [], left, [], True)
                break
            start, is_first_line = next_start, False

    def _distance(self, spacing: Spacing, natural: float) -> float:
        return spacing.value * self._scale if spacing.is_points else spacing.value * natural

    def _bullet(self, paragraph: Paragraph, x: float, size: float) -> list[Piece]:
        """What stands before a paragraph whose first line has characters of a size. Signs stand at the middle of that line."""
        bullet = paragraph.bullet
        if bullet is None:
            return []
        glyphs = shape([Run(bullet.text, bullet.style)], self._fonts, self._scale)
        found = list(pieces(glyphs, [glyph.advance for glyph in glyphs], max(x, 0.0)))
        if bullet.is_number:
            return found
        middle = (ASCENT_EM - DESCENT_EM) / 2 * size
        return [
            replace(piece, raised=middle - (piece.glyphs.face.ascent - piece.glyphs.face.descent) / 2 * piece.glyphs.size)
            for piece in found
        ]

    def _add_line(self, paragraph: Paragraph, glyphs: list[Glyph], left: float, bullet: list[Piece], is_last: bool) -> None:
        style = paragraph.style
        ascent, height = _line_room(self._size(paragraph, glyphs), style.line_spacing, self._scale)
        top = self.height
        advances = widths(glyphs, left, style)
        line = list(pieces(glyphs, advances, left))
        length = (line[-1].x + line[-1].width - left) if line else 0.0
        trailing = sum(advances[len(glyphs) - trailing_spaces(glyphs) :]) if glyphs else 0.0
        slack = self._width - style.margin_right - left - (length - trailing)
        shift = 0.0
        if style.align == "centre":
            shift = slack / 2
        elif style.align == "right":
            shift = slack
        elif style.align == "distribute" or (style.align == "justify" and not is_last):
            line = list(pieces(glyphs, justified(glyphs, advances, slack, style.align == "distribute"), left))
        line = bullet + line
        if shift:
            line = [replace(piece, x=piece.x + shift) for piece in line]
        self.lines.append(Line(tuple(line), top + ascent, top, height))
        self.height = top + height
        self.widest = max(self.widest, left + length - trailing + style.margin_right)

    def _size(self, paragraph: Paragraph, glyphs: list[Glyph]) -> float:
        """The largest of a line's characters."""
        if glyphs:
            return max(glyph.run.style.size for glyph in glyphs) * self._scale
        return (paragraph.runs[-1].style if paragraph.runs else paragraph.end).size * self._scale


def _line_room(size: float, spacing: Spacing, scale: float) -> tuple[float, float]:
    """How far a line reaches above its baseline, and its height; as LibreOffice does it."""
    ascent, natural = size * ASCENT_EM, size * (ASCENT_EM + DESCENT_EM)
    height = spacing.value * scale if spacing.is_points else natural * max(0.1, spacing.value)
    if height < natural and not spacing.is_points:
        return min(ascent, height * _TIGHT_ASCENT), height
    return ascent + height - natural, height
