"""Cutting a paragraph's characters into lines, and the widths that tabs and justification give them."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.slides.breaking import is_ideographic, may_break
from ingest.slides.glyphs import Glyph
from ingest.slides.text import LINE_BREAK, ParagraphStyle

_HANGING = frozenset("，。、．,.")
"""What may stand beyond the right edge where a paragraph lets punctuation hang."""
_TAB_PT = 72.0
_SLACK_PT = 0.01


def line_end(glyphs: Sequence[Glyph], start: int, room: float, left: float, style: ParagraphStyle) -> tuple[int, int]:
    """Where a line that begins at `start` ends, and where the next begins. `left` is where it stands, for tabs."""
    used, last = 0.0, None
    for index in range(start, len(glyphs)):
        glyph = glyphs[index]
        if glyph.text == LINE_BREAK:
            return index, index + 1
        if index > start and may_break(glyphs[index - 1].text, glyph.text):
            last = index
        used += tab_advance(glyphs, index, left + used, style) if glyph.text == "\t" else glyph.advance
        if used > room + _SLACK_PT and not glyph.text.isspace() and index > start:
            if style.hangs and glyph.text in _HANGING and used - glyph.advance <= room:
                continue
            end = last if last is not None else index
            return end, end
    return len(glyphs), len(glyphs)


def widths(glyphs: Sequence[Glyph], left: float, style: ParagraphStyle) -> list[float]:
    """Of the characters of a line, tabs included."""
    found: list[float] = []
    place = left
    for index, glyph in enumerate(glyphs):
        found.append(tab_advance(glyphs, index, place, style) if glyph.text == "\t" else glyph.advance)
        place += found[-1]
    return found


def tab_advance(glyphs: Sequence[Glyph], index: int, place: float, style: ParagraphStyle) -> float:
    """How wide the tab at `index` is when it stands at `place`."""
    stop = next((tab for tab in style.tabs if tab.place > place + 0.1), None)
    if stop is None:
        if place < style.margin_left - 0.1:
            return style.margin_left - place
        step = style.default_tab if style.default_tab > 1 else _TAB_PT
        return step - place % step
    following = 0.0
    if stop.align != "left":
        for glyph in glyphs[index + 1 :]:
            if glyph.text in "\t\v":
                break
            following += glyph.advance
    return max(0.0, stop.place - place - following * (0.5 if stop.align == "centre" else 1.0))


def trailing_spaces(glyphs: Sequence[Glyph]) -> int:
    """How many spaces are at the end."""
    count = 0
    while count < len(glyphs) and glyphs[-1 - count].text in " \u3000":
        count += 1
    return count


def justified(glyphs: Sequence[Glyph], advances: list[float], slack: float, all_gaps: bool) -> list[float]:
    """The widths with the rest of the line shared out among its spaces and ideographs, or all its characters."""
    last = len(glyphs) - trailing_spaces(glyphs) - 1
    gaps = [index for index in range(last) if all_gaps or glyphs[index].text == " " or is_ideographic(glyphs[index].text)]
    if not gaps or slack <= 0:
        return advances
    widened = list(advances)
    for index in gaps:
        widened[index] += slack / len(gaps)
    return widened
