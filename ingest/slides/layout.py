"""Setting paragraphs: characters get faces and widths, lines are broken, aligned and stacked.

block = compose(paragraphs, width, fonts)
block.draw(canvas, x, y)
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ingest.slides.breaking import is_ideographic, may_break
from ingest.slides.canvas import Canvas, Colour, Glyphs
from ingest.slides.fonts import ASCENT_EM, DESCENT_EM, Face, Fonts
from ingest.slides.geometry import Path, Rect
from ingest.slides.symbols import as_unicode
from ingest.slides.text import LINE_BREAK, Paragraph, ParagraphStyle, Run, Spacing

CHARACTERS_MAX = 40_000
"""Of one block; more than could be seen."""
_RAISED_SIZE = 0.58
"""Of superscripts and subscripts, relative to the size around them; LibreOffice's."""
_SMALL_CAPS = 0.8
_NO_LIMIT = 1e6
_TIGHT_ASCENT = 0.8
"""The share of a line that is set tighter than single which lies above its baseline."""


class _Glyph(NamedTuple):
    """One character: what is shown, its face, its size and width, and the run it is of."""

    text: str
    face: Face
    size: float
    advance: float
    run: Run


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of one look, standing `x` from the left edge of the block, `raised` above its line's baseline."""

    x: float
    raised: float
    glyphs: Glyphs
    run: Run

    @property
    def width(self) -> float:
        return sum(self.glyphs.advances)


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

    def draw(self, canvas: Canvas, x: float, y: float) -> None:
        """With its top left corner at a point."""
        for line in self.lines:
            for piece in line.pieces:
                _draw_piece(canvas, piece, x + piece.x, y + line.baseline - piece.raised)


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
        glyphs = list(self._glyphs(paragraph.runs))
        self.characters += len(glyphs)
        natural = (ASCENT_EM + DESCENT_EM) * (glyphs[0].size if glyphs else paragraph.end.size * self._scale)
        if not is_first:
            self.height += self._after + self._distance(paragraph.style.before, natural)
        self._after = self._distance(paragraph.style.after, natural)
        start, is_first_line = 0, True
        while True:
            left = paragraph.style.margin_left + (paragraph.style.indent if is_first_line else 0.0)
            bullet = self._bullet(paragraph, left) if is_first_line and glyphs else None
            if bullet is not None:
                left = max(paragraph.style.margin_left, bullet.x + bullet.width)
            left = max(left, 0.0)
            end, next_start = _break(glyphs, start, self._width - paragraph.style.margin_right - left, left, paragraph.style)
            is_last = next_start >= len(glyphs)
            self._add_line(paragraph, glyphs[start:end], left, bullet, is_last or glyphs[next_start - 1].text == LINE_BREAK)
            if is_last and not (glyphs and next_start == len(glyphs) and glyphs[-1].text == LINE_BREAK and end < len(glyphs)):
                break
            if is_last:
                self._add_line(paragraph, [], left, None, True)
                break
            start, is_first_line = next_start, False

    def _distance(self, spacing: Spacing, natural: float) -> float:
        return spacing.value * self._scale if spacing.is_points else spacing.value * natural

    def _glyphs(self, runs: Sequence[Run]) -> Iterator[_Glyph]:
        for run in runs:
            style = run.style
            size = style.size * self._scale
            shown_size = size * _RAISED_SIZE if style.raised else size
            for character in _shown(run):
                family = style.east_asian or style.family if is_ideographic(character) else style.family
                text, its_size = character, shown_size
                if style.caps == "small" and character.islower():
                    its_size *= _SMALL_CAPS
                if style.caps and len(character.upper()) == 1:
                    text = character.upper()
                face = self._fonts.face_for(text, family, style.bold, style.italic)
                advance = 0.0 if text in "\t\v" else face.advance(text) * its_size + style.spacing
                yield _Glyph(text, face, its_size, advance, run)

    def _bullet(self, paragraph: Paragraph, x: float) -> Piece | None:
        if paragraph.bullet is None:
            return None
        style = paragraph.bullet.style
        glyphs = list(self._glyphs([Run(paragraph.bullet.text, style)]))
        pieces = list(_pieces(glyphs, [glyph.advance for glyph in glyphs], max(x, 0.0)))
        return pieces[0] if pieces else None

    def _add_line(self, paragraph: Paragraph, glyphs: list[_Glyph], left: float, bullet: Piece | None, is_last: bool) -> None:
        style = paragraph.style
        ascent, height = _line_room(self._size(paragraph, glyphs), style.line_spacing, self._scale)
        top = self.height
        advances = _advances(glyphs, left, style)
        pieces = list(_pieces(glyphs, advances, left))
        length = (pieces[-1].x + pieces[-1].width - left) if pieces else 0.0
        trailing = sum(advances[len(glyphs) - _trailing_spaces(glyphs) :]) if glyphs else 0.0
        slack = self._width - style.margin_right - left - (length - trailing)
        shift = 0.0
        if style.align == "centre":
            shift = slack / 2
        elif style.align == "right":
            shift = slack
        elif style.align == "distribute" or (style.align == "justify" and not is_last):
            pieces = list(_pieces(glyphs, _justified(glyphs, advances, slack, style.align == "distribute"), left))
        if shift:
            pieces = [replace(piece, x=piece.x + shift) for piece in pieces]
            bullet = replace(bullet, x=bullet.x + shift) if bullet is not None else None
        if bullet is not None:
            pieces.insert(0, bullet)
        self.lines.append(Line(tuple(pieces), top + ascent, top, height))
        self.height = top + height
        self.widest = max(self.widest, left + length - trailing + style.margin_right)

    def _size(self, paragraph: Paragraph, glyphs: list[_Glyph]) -> float:
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


def _shown(run: Run) -> str:
    return as_unicode(run.text, run.style.symbol or run.style.family)


def _break(glyphs: Sequence[_Glyph], start: int, room: float, left: float, style: ParagraphStyle) -> tuple[int, int]:
    """Where a line that begins at `start` ends, and where the next begins."""
    used, last = 0.0, None
    for index in range(start, len(glyphs)):
        glyph = glyphs[index]
        if glyph.text == LINE_BREAK:
            return index, index + 1
        if index > start and may_break(glyphs[index - 1].text, glyph.text):
            last = index
        used += _tab_advance(glyphs, index, left + used, style) if glyph.text == "\t" else glyph.advance
        if used > room + 0.01 and not glyph.text.isspace() and index > start:
            end = last if last is not None else index
            return end, end
    return len(glyphs), len(glyphs)


def _advances(glyphs: Sequence[_Glyph], left: float, style: ParagraphStyle) -> list[float]:
    """The widths of the characters of a line, tabs included."""
    advances: list[float] = []
    place = left
    for index, glyph in enumerate(glyphs):
        advance = _tab_advance(glyphs, index, place, style) if glyph.text == "\t" else glyph.advance
        advances.append(advance)
        place += advance
    return advances


def _tab_advance(glyphs: Sequence[_Glyph], index: int, place: float, style: ParagraphStyle) -> float:
    stop = next((tab for tab in style.tabs if tab.place > place + 0.1), None)
    if stop is None:
        step = style.default_tab if style.default_tab > 1 else 72.0
        if place < style.margin_left - 0.1:
            return style.margin_left - place
        return step - place % step
    following = 0.0
    if stop.align != "left":
        for glyph in glyphs[index + 1 :]:
            if glyph.text in "\t\v":
                break
            following += glyph.advance
    return max(0.0, stop.place - place - following * (0.5 if stop.align == "centre" else 1.0))


def _trailing_spaces(glyphs: Sequence[_Glyph]) -> int:
    count = 0
    while count < len(glyphs) and glyphs[-1 - count].text in " \u3000":
        count += 1
    return count


def _justified(glyphs: Sequence[_Glyph], advances: list[float], slack: float, all_gaps: bool) -> list[float]:
    """The widths with the rest of the line shared out among its spaces, or its ideographs where it has some."""
    last = len(glyphs) - _trailing_spaces(glyphs) - 1
    gaps = [index for index in range(last) if all_gaps or glyphs[index].text == " " or is_ideographic(glyphs[index].text)]
    if not gaps or slack <= 0:
        return advances
    widened = list(advances)
    for index in gaps:
        widened[index] += slack / len(gaps)
    return widened


def _pieces(glyphs: Sequence[_Glyph], advances: Sequence[float], x: float) -> Iterator[Piece]:
    pairs = zip(glyphs, advances, strict=True)
    for _key, group in itertools.groupby(pairs, key=lambda pair: (id(pair[0].run), id(pair[0].face), pair[0].size)):
        members = list(group)
        first = members[0][0]
        widths = tuple(advance for _, advance in members)
        text = "".join(" " if glyph.text in "\t\v" else glyph.text for glyph, _ in members)
        style = first.run.style
        yield Piece(
            x,
            style.raised * first.size / (_RAISED_SIZE if style.raised else 1.0),
            Glyphs(first.face, first.size, text, widths),
            first.run,
        )
        x += sum(widths)


def _draw_piece(canvas: Canvas, piece: Piece, x: float, baseline: float) -> None:
    style, glyphs = piece.run.style, piece.glyphs
    if style.highlight is not None:
        top = baseline - ASCENT_EM * glyphs.size
        _bar(canvas, x, top, piece.width, (ASCENT_EM + DESCENT_EM) * glyphs.size, style.highlight)
    canvas.text(x, baseline, glyphs, style.colour)
    thickness = glyphs.size * 0.05
    if style.underline:
        _bar(canvas, x, baseline + glyphs.size * 0.1, piece.width, thickness, style.colour)
    if style.strike:
        _bar(canvas, x, baseline - glyphs.size * 0.28, piece.width, thickness, style.colour)
    if piece.run.link:
        canvas.link(Rect(x, baseline - ASCENT_EM * glyphs.size, piece.width, glyphs.size * 1.2), piece.run.link)


def _bar(canvas: Canvas, x: float, y: float, width: float, height: float, colour: Colour) -> None:
    canvas.draw(Path.rectangle(x, y, width, height), fill=colour)
