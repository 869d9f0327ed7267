"""Fonts by the names that decks use, from what is installed, and widths of their characters.

What stands in for a missing family is what the system says (fontconfig), else a font of equal widths where one is known, else one
of the fonts inside PyMuPDF. A character that a font lacks comes from one that has it.
"""

from __future__ import annotations

import functools
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pymupdf
from pymupdf import mupdf

from ingest.slides import font_files
from ingest.slides.embedding import describe, embed
from ingest.slides.kerning import Kerning

ASCENT_EM, DESCENT_EM = 1.0, 0.2
"""Of a line above and below its baseline, whatever its font: between Calibri's 1.22 and Arial's 1.15 in all. The font at hand may
stand in for another, and where lines go is up to the one that the author saw."""
_ITALIC_LEAN = 0.2
_FC_TIMEOUT_S = 5.0
_FC_BOLD, _FC_MEDIUM = 200, 100  # FC_WEIGHT_BOLD, FC_WEIGHT_MEDIUM of fontconfig.h


class FontFile(NamedTuple):
    """A font that is installed; `path` empty for one inside PyMuPDF; `number` is its place in the collection."""

    path: str
    number: int
    is_bold: bool
    is_italic: bool


class Face:
    """A font of a deck in one weight and slant.

    Attributes:
        name: as the content streams call it.
        ascent, descent: in em, both positive, as the font says; lines go by `ASCENT_EM` and `DESCENT_EM`.
        slant: how far upright letters are leaned to look italic, 0 when they are.
        is_emboldened: whether letters are to be thickened to look bold.
    """

    def __init__(self, name: str, file: FontFile, document: pymupdf.Document, bold: bool, italic: bool) -> None:
        self._font, self._document, self._number = _load(file), document, file.number
        self.name = name
        self.ascent: float = mupdf.fz_font_ascender(self._font)
        self.descent: float = -mupdf.fz_font_descender(self._font)
        self.slant = _ITALIC_LEAN if italic and not file.is_italic else 0.0
        self.is_emboldened = bold and not file.is_bold
        self._kerning = _kerning_of(file)
        self._kerned: dict[tuple[str, str], float] = {}
        self._glyphs: dict[str, tuple[int, float]] = {}
        self._file_xref = 0

    def xref(self, characters: Iterable[str]) -> int:
        """Of a font in the deck's document that shows these characters."""
        self._file_xref = self._file_xref or embed(self._document, self._font, self._number)
        return describe(self._document, self._file_xref, {character: self._glyph(character) for character in characters})

    def has(self, character: str) -> bool:
        return self._glyph(character)[0] != 0

    def glyph(self, character: str) -> int:
        """0 when it has none."""
        return self._glyph(character)[0]

    def advance(self, character: str) -> float:
        """In em."""
        return self._glyph(character)[1]

    def kerning(self, left: str, right: str) -> float:
        """What the font adds between two characters, in em."""
        found = self._kerned.get((left, right))
        if found is None:
            found = self._kerned[left, right] = self._kerning.between(self.glyph(left), self.glyph(right))
        return found

    def _glyph(self, character: str) -> tuple[int, float]:
        found = self._glyphs.get(character)
        if found is None:
            glyph: int = mupdf.fz_encode_character(self._font, ord(character))
            found = self._glyphs[character] = glyph, mupdf.fz_advance_glyph(self._font, glyph, 0)
        return found


class Fonts:
    """The faces of one deck."""

    def __init__(self, document: pymupdf.Document) -> None:
        self._document = document
        self._faces: dict[tuple[FontFile, bool, bool], Face] = {}
        self._found: dict[tuple[str, bool, bool, str], Face] = {}

    def face(self, family: str, bold: bool = False, italic: bool = False) -> Face:
        """What stands for a family."""
        return self._face(family, bold, italic, "")

    def face_for(self, character: str, family: str, bold: bool = False, italic: bool = False) -> Face:
        """The face of a family, or where it lacks the character, another that has it, if any has."""
        face = self.face(family, bold, italic)
        if face.has(character) or character.isspace() or not character.isprintable():
            return face
        for wanted in (f"lang={_language(character)}", f"charset={ord(character):x}"):
            other = self._face(family, bold, italic, wanted)
            if other.has(character):
                return other
        other = self._made(FontFile("", 0, False, False), bold, italic)
        return other if other.has(character) else face

    def _face(self, family: str, bold: bool, italic: bool, wanted: str) -> Face:
        key = family, bold, italic, wanted
        if key not in self._found:
            self._found[key] = self._made(_match(*key), bold, italic)
        return self._found[key]

    def _made(self, file: FontFile, bold: bool, italic: bool) -> Face:
        key = file, bold, italic
        if key not in self._faces:
            self._faces[key] = Face(f"F{len(self._faces)}", file, self._document, bold, italic)
        return self._faces[key]


@functools.lru_cache(maxsize=64)
def _load(file: FontFile) -> mupdf.FzFont:
    if file.path:
        try:
            return mupdf.fz_new_font_from_file(None, file.path, file.number, 0)
        except Exception:  # a font that is installed and broken, or gone since
            pass
    elif file.number:
        return pymupdf.Font(_BUILT_IN[file.number]).this
    return pymupdf.Font("cjk").this


@functools.lru_cache(maxsize=64)
def _kerning_of(file: FontFile) -> Kerning:
    return Kerning(file.path, file.number)


_BUILT_IN = ("cjk", "helv", "hebo", "heit", "hebi", "tiro", "tibo", "tiit", "tibi", "cour", "cobo", "coit", "cobi")
_SERIFS = ("times", "georgia", "cambria", "garamond", "serif", "song", "sun", "ming", "roman", "palatino", "book", "宋", "明")
_MONOSPACED = ("courier", "consolas", "mono", "menlo", "code")


@functools.lru_cache(maxsize=1024)
def _match(family: str, bold: bool, italic: bool, wanted: str) -> FontFile:
    """The file that the system gives for a family; `wanted` is a further condition in fontconfig's words."""
    program = _fc_match_program()
    if program:
        found = _ask_fontconfig(program, family, bold, italic, wanted)
        if found is not None:
            return found
    path = font_files.find(family, bold, italic, wanted)
    if path is not None:
        return FontFile(*path)
    if wanted:
        return FontFile("", 0, False, False)
    name = family.lower()
    start = 5 if any(part in name for part in _SERIFS) else 9 if any(part in name for part in _MONOSPACED) else 1
    return FontFile("", start + bold + 2 * italic, bold, italic)


def _ask_fontconfig(program: str, family: str, bold: bool, italic: bool, wanted: str) -> FontFile | None:
    pattern = "".join(f"\\{letter}" if letter in "\\-:," else letter for letter in family)
    conditions = ["weight=bold"] * bold + ["slant=italic"] * italic + [wanted] * bool(wanted)
    try:
        answer = subprocess.run(
            [program, "-f", "%{file}\t%{index}\t%{weight}\t%{slant}", ":".join([pattern, *conditions])],
            capture_output=True,
            timeout=_FC_TIMEOUT_S,
            stdin=subprocess.DEVNULL,
        )
        path, index, weight, slant = answer.stdout.decode("utf-8", "replace").split("\t")
        found = FontFile(path, int(index), _number(weight) > _FC_MEDIUM + 50, _number(slant) > 0)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return found if Path(path).suffix.lower() in (".ttf", ".otf", ".ttc", ".otc", ".pfb", ".t1") else None


def _number(text: str) -> float:
    """Of a weight or slant; a variable font says a range, such as [40 200]."""
    return float(text.strip("[]").split()[-1])


@functools.cache
def _fc_match_program() -> str | None:
    return shutil.which("fc-match")


def _language(character: str) -> str:
    """The language whose fonts have a character for sure, in fontconfig's spelling."""
    code = ord(character)
    if 0x3040 <= code < 0x3100 or 0x31F0 <= code < 0x3200 or 0xFF66 <= code < 0xFFA0:
        return "ja"
    if 0xAC00 <= code < 0xD7B0 or 0x1100 <= code < 0x1200 or 0x3130 <= code < 0x3190:
        return "ko"
    if 0x0590 <= code < 0x0600:
        return "he"
    if 0x0600 <= code < 0x0700:
        return "ar"
    if 0x0E00 <= code < 0x0E80:
        return "th"
    if 0x0900 <= code < 0x0980:
        return "hi"
    return "zh-cn" if code >= 0x2E80 else "en"
