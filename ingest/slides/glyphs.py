"""From runs to characters with faces and widths, and from these back to pieces that are drawn in one go."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ingest.slides.breaking import is_ideographic
from ingest.slides.canvas import Canvas, Colour, Glyphs
from ingest.slides.fonts import ASCENT_EM, DESCENT_EM, Face, Fonts
from ingest.slides.geometry import Matrix, Path, Rect
from ingest.slides.symbols import as_unicode
from ingest.slides.text import LINE_BREAK, Run

RUN_CHARACTERS_MAX = 40_000
"""More than could be seen."""
_RAISED_SIZE = 0.58
"""Of superscripts and subscripts, relative to the size around them; LibreOffice's."""
_SMALL_CAPS = 0.8
_SCRIPT_GAP = 0.245
"""Between Chinese and Latin characters, in em; LibreOffice's, on by default there."""
_SHARED = frozenset("“”‘’…—·")
"""Marks that both scripts use: next to a Chinese character they are Chinese."""
_WITHOUT_WIDTH = "\t" + LINE_BREAK
_UPRIGHT_CENTRE = 0.38
"""Of an ideograph's em square, above its baseline."""
_VERTICAL_FORMS = {
    **dict(zip("，、。：；！？…—", "︐︑︒︓︔︕︖︙︱", strict=True)),
    **dict(zip("（）｛｝〔〕【】《》〈〉「」『』", "︵︶︷︸︹︺︻︼︽︾︿﹀﹁﹂﹃﹄", strict=True)),
}


class Glyph(NamedTuple):
    """One character: what is shown, its face, its size and width in points, and the run it is of."""

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


def shape(runs: Sequence[Run], fonts: Fonts, scale: float = 1.0) -> list[Glyph]:
    """The characters of a paragraph, sizes multiplied by `scale`."""
    found: list[Glyph] = []
    was_asian = False
    for run in runs:
        style = run.style
        size = style.size * scale * (_RAISED_SIZE if style.raised else 1.0)
        shown = as_unicode(run.text[:RUN_CHARACTERS_MAX], style.symbol or style.family)
        for index, character in enumerate(shown):
            is_asian = _is_asian(character, was_asian, shown[index + 1 : index + 2])
            if is_asian != was_asian and found and found[-1].text not in _WITHOUT_WIDTH:
                found[-1] = found[-1]._replace(advance=found[-1].advance + _SCRIPT_GAP * size)
            glyph = _glyph(character, is_asian, size, run, fonts)
            if index and not is_asian and not was_asian and glyph.face is found[-1].face:
                closer = glyph.face.kerning(found[-1].text, glyph.text) * glyph.size
                found[-1] = found[-1]._replace(advance=found[-1].advance + closer) if closer else found[-1]
            was_asian = is_asian
            found.append(glyph)
    return found


def _is_asian(character: str, was_asian: bool, following: str) -> bool:
    """Whether it is set in the East Asian font: marks and spaces go with what is before them."""
    if character.isspace():
        return was_asian
    if character in _SHARED:
        return was_asian or (following != "" and is_ideographic(following))
    return is_ideographic(character)


def _glyph(character: str, is_asian: bool, size: float, run: Run, fonts: Fonts) -> Glyph:
    style, text = run.style, character
    if style.caps == "small" and character.islower():
        size *= _SMALL_CAPS
    if style.caps and len(character.upper()) == 1:
        text = character.upper()
    family = (style.east_asian or style.family) if is_asian else style.family
    face = fonts.face_for(text, family, style.bold, style.italic)
    return Glyph(text, face, size, 0.0 if text in _WITHOUT_WIDTH else face.advance(text) * size + style.spacing, run)


def pieces(glyphs: Sequence[Glyph], advances: Sequence[float], x: float) -> Iterator[Piece]:
    """Characters that look the same put together, the first at `x`; `advances` are their widths in this line."""
    pairs = zip(glyphs, advances, strict=True)
    for _, group in itertools.groupby(pairs, key=lambda pair: (id(pair[0].run), id(pair[0].face), pair[0].size)):
        members = list(group)
        first = members[0][0]
        widths = tuple(advance for _, advance in members)
        text = "".join(" " if glyph.text in _WITHOUT_WIDTH else glyph.text for glyph, _ in members)
        raised = first.run.style.raised * first.size / _RAISED_SIZE if first.run.style.raised else 0.0
        yield Piece(x, raised, Glyphs(first.face, first.size, text, widths), first.run)
        x += sum(widths)


def draw_piece(canvas: Canvas, piece: Piece, x: float, baseline: float, upright: bool = False) -> None:
    """A piece with its lines and its mark. `upright`: the canvas is turned right for vertical text, ideographs are turned back."""
    style, glyphs = piece.run.style, piece.glyphs
    size, top = glyphs.size, baseline - ASCENT_EM * glyphs.size
    if style.highlight is not None:
        _bar(canvas, x, top, piece.width, (ASCENT_EM + DESCENT_EM) * size, style.highlight)
    if upright and any(map(is_ideographic, glyphs.text)):
        _draw_upright(canvas, piece, x, baseline)
    else:
        canvas.text(x, baseline, glyphs, style.colour)
    thickness = size * 0.05
    if style.underline:
        _bar(canvas, x, baseline + size * 0.1, piece.width, thickness, style.colour)
    if style.strike:
        _bar(canvas, x, baseline - size * 0.28, piece.width, thickness, style.colour)
    if piece.run.link:
        canvas.link(Rect(x, top, piece.width, (ASCENT_EM + DESCENT_EM) * size), piece.run.link)


def _draw_upright(canvas: Canvas, piece: Piece, x: float, baseline: float) -> None:
    face, size, text, advances = piece.glyphs
    for character, advance in zip(text, advances, strict=True):
        form = _VERTICAL_FORMS.get(character, "")
        shown = form if form and face.has(form) else character
        one = Glyphs(face, size, shown, (advance,))
        if is_ideographic(character):
            centre = x + face.advance(character) * size / 2, baseline - _UPRIGHT_CENTRE * size
            with canvas.transformed(Matrix.rotation(-90, *centre)):
                canvas.text(x, baseline, one, piece.run.style.colour)
        else:
            canvas.text(x, baseline, one, piece.run.style.colour)
        x += advance


def _bar(canvas: Canvas, x: float, y: float, width: float, height: float, colour: Colour) -> None:
    canvas.draw(Path.rectangle(x, y, width, height), fill=colour)
