"""Pages of text as pixels, and where their words are. Drawn by MuPDF straight into a picture, as vectors at any size."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

import numpy as np
import pymupdf
from pymupdf import mupdf

from ingest import limits
from ingest.text.layout import FONT_SIZE_PT, LEADING_PT, MARGIN_PT
from ingest.text.typeface import Typeface, to_codes
from ingest.types import Pixels, Word

_BASELINE = 0.8
"""Of the leading, from the top of a row down to where letters stand."""
_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_RIGHT_TO_LEFT = re.compile(f"[{_RTL}]+(?: +[{_RTL}]+)*")
"""Hebrew, Arabic and their neighbours, with the spaces between their words."""


def render(rows: Sequence[str], face: Typeface, size_pt: tuple[float, float], width: int, height: int) -> Pixels:
    """A page of `size_pt`, stretched to `width` x `height` pixels, black on white."""
    text = mupdf.FzText()
    for number, row in enumerate(rows):
        baseline = MARGIN_PT + (number + _BASELINE) * LEADING_PT
        for run, x in _runs(row, face):
            place = mupdf.fz_make_matrix(FONT_SIZE_PT, 0, 0, -FONT_SIZE_PT, MARGIN_PT + x * FONT_SIZE_PT, baseline)
            mupdf.fz_show_string(text, face.font, place, run, 0, 0, 0, 0)
    picture = mupdf.FzPixmap(mupdf.fz_device_rgb(), width, height, mupdf.FzSeparations(), 0)
    mupdf.fz_clear_pixmap_with_value(picture, 255)
    device = mupdf.fz_new_draw_device(mupdf.fz_make_matrix(width / size_pt[0], 0, 0, height / size_pt[1], 0, 0), picture)
    mupdf.fz_fill_text(device, text, mupdf.FzMatrix(), mupdf.fz_device_rgb(), (0, 0, 0), 1.0, mupdf.FzColorParams())
    mupdf.fz_close_device(device)
    return Pixels(width, height, bytes(pymupdf.Pixmap("raw", picture).samples))


def words(rows: Sequence[str], face: Typeface, size_pt: tuple[float, float]) -> tuple[Word, ...]:
    """What stands between spaces, each with its place on the page, 0..1."""
    found = []
    em = FONT_SIZE_PT / size_pt[0]
    for number, row in enumerate(rows):
        top = (MARGIN_PT + number * LEADING_PT) / size_pt[1]
        bottom = (MARGIN_PT + (number + 1) * LEADING_PT) / size_pt[1]
        pen = _pen(row, face)
        left = MARGIN_PT / size_pt[0]
        for match in re.finditer(r"\S+", row):
            first, last = _shown_between(row, match.start(), match.end(), pen)
            found.append(Word(match[0], min(1.0, left + first * em), top, min(1.0, left + last * em), bottom))
    return tuple(found[: limits.PAGE_WORDS_MAX])


def _runs(row: str, face: Typeface) -> Iterator[tuple[str, float]]:
    """What is drawn in one go, in the order in which it is seen, and where it begins."""
    pen = _pen(row, face)
    shown = _RIGHT_TO_LEFT.sub(lambda match: _backwards(match[0]), row)
    for match in re.finditer(r"[^\t]+", shown):
        yield face.drawable(match[0]), pen[match.start()]


def _backwards(text: str) -> str:
    """The characters in reverse, each with the marks that belong to it."""
    clusters: list[str] = []
    for character in text:
        if clusters and unicodedata.combining(character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return "".join(reversed(clusters))


def _shown_between(row: str, start: int, end: int, pen: Sequence[float]) -> tuple[float, float]:
    """From where to where some characters are seen; inside a run that reads from the right, that is mirrored."""
    for match in _RIGHT_TO_LEFT.finditer(row):
        if match.start() <= start and end <= match.end():
            both = pen[match.start()] + pen[match.end()]
            return both - pen[end], both - pen[start]
    return pen[start], pen[end]


def _pen(row: str, face: Typeface) -> list[float]:
    """Where each character begins and the last ends, in em from the margin."""
    return [0.0, *map(float, np.cumsum(face.advances(to_codes(row)), dtype=np.float64))]
