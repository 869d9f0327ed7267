"""The glyphs that dense pages are set in, and how wide each is.

All come with MuPDF, so that a page has the same pixels on every computer: a Latin face first, then Droid Sans Fallback for Chinese,
Japanese and Korean, then the Noto faces. MuPDF picks among them by itself when it is given text (`fz_show_string`); the same choice
is made here for widths. `pymupdf.Font.glyph_advance` does it too and takes 32 microseconds a character, so a table
keeps them.
"""

from __future__ import annotations

import functools
import re

import numpy as np
import numpy.typing as npt
import pymupdf
from pymupdf import mupdf

from ingest.text.extract import REPLACEMENT

Codes = npt.NDArray[np.uint32]

TAB_SPACES = 4
_UNICODE_END = 0x110000
_UNKNOWN, _NO_GLYPH = -1.0, 1.0
_ZERO_WIDTH = "\xad\u034f\u061c\u180e\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef\n"
_INVISIBLE = re.compile(f"[{_ZERO_WIDTH}]")
_SQUARES = ((0x3041, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF))
"""Kana, ideographs and Hangul: one em wide in Droid Sans Fallback, and by far the most of all characters."""
_NEVER_DRAWN = ((0x20000, 0x3FFFF), (0xE0000, 0x10FFFF))
"""Rare ideographs and private use, which none of the faces has: looking through all of them takes long."""


class Typeface:
    """One Latin face and those that stand in for it."""

    def __init__(self, name: str) -> None:
        """`name` is one of PyMuPDF's: "helv", "cour"."""
        self.font = pymupdf.Font(name).this
        self._wide = pymupdf.Font("china-s").this
        self._table = np.full(_UNICODE_END, _UNKNOWN, np.float32)
        self._missing: set[str] = set()
        for first, last in _NEVER_DRAWN:
            self._table[first : last + 1] = _NO_GLYPH
        for match in _INVISIBLE.finditer("".join(map(chr, range(0x10000))) + "".join(map(chr, range(0xE0100, 0xE01F0)))):
            self._table[ord(match[0])] = 0.0
        self._table[ord("\t")] = TAB_SPACES * self._measure(ord(" "))

    def advances(self, codes: Codes) -> npt.NDArray[np.float32]:
        """How far each character moves the pen, in em."""
        found = self._table[codes]
        if (found < 0).any():
            for code in np.unique(codes[found < 0]):
                self._table[code] = self._measure(int(code))
            found = self._table[codes]
        return found

    def drawable(self, text: str) -> str:
        """Only what has a glyph: the invisible left out, the missing replaced. As wide as the text."""
        text = _INVISIBLE.sub("", text)
        self.advances(to_codes(text))
        return "".join(REPLACEMENT if ord(c) in range(0x20000, _UNICODE_END) or c in self._missing else c for c in text)

    def _measure(self, code: int) -> float:
        if any(first <= code <= last for first, last in _SQUARES) and mupdf.fz_encode_character(self._wide, code):
            return 1.0
        glyph, font = mupdf.fz_encode_character_with_fallback(self.font, code, 0, 0)
        if not glyph:
            self._missing.add(chr(code))
            return _NO_GLYPH
        return float(mupdf.fz_advance_glyph(font, glyph, 0))


@functools.cache
def typeface(is_code: bool) -> Typeface:
    """The face for prose, or for text in columns."""
    return Typeface("cour" if is_code else "helv")


def to_codes(text: str) -> Codes:
    """The characters as numbers."""
    return np.frombuffer(text.encode("utf-32-le", "replace"), "<u4")
