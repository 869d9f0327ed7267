"""Fonts in the PDF that slides are drawn into: the file once for the document, and for each page what it says of its characters.

MuPDF would describe all 65,000 characters of a Chinese font, which takes longer than drawing the slide. ISO 32000-1, 9.7 (composite
fonts) and 9.10.3 (ToUnicode); OpenType 1.9 (collections and table directories).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

import pymupdf
from pymupdf import mupdf

_CODES_AT_ONCE = 100
"""What one `beginbfchar` may hold (Adobe Technical Note 5014)."""


def embed(document: pymupdf.Document, font: mupdf.FzFont, number: int) -> int:
    """Enter a font's file; its xref. `number` is its place in a collection."""
    pdf = pymupdf._as_pdf_document(document)
    buffer = mupdf.FzBuffer(mupdf.ll_fz_keep_buffer(font.m_internal.buffer))
    if mupdf.fz_buffer_storage_memoryview(buffer, writable=False)[:4] == b"ttcf":
        buffer = mupdf.fz_new_buffer_from_copied_data(_taken_out(mupdf.fz_buffer_extract_copy(buffer), number))
    stream = mupdf.pdf_add_object(pdf, mupdf.pdf_new_dict(pdf, 4))
    mupdf.pdf_update_stream(pdf, stream, buffer, 0)
    return int(mupdf.pdf_to_num(stream))


def describe(document: pymupdf.Document, file_xref: int, glyphs: Mapping[str, tuple[int, float]]) -> int:
    """Enter a font that shows these characters, each with its glyph and its width in em; its xref. Codes are glyph numbers."""
    widths = " ".join(f"{glyph} [{width * 1000:.2f}]" for glyph, width in sorted(set(glyphs.values())))
    descriptor = _enter(
        document,
        "<</Type/FontDescriptor/FontName/Slide/Flags 4/FontBBox[0 -300 1000 1000]/ItalicAngle 0/Ascent 1000/Descent -200"
        f"/CapHeight 700/StemV 80/FontFile3 {file_xref} 0 R>>",
    )
    descendant = _enter(
        document,
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/Slide/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        f"/FontDescriptor {descriptor} 0 R/DW 1000/W[{widths}]/CIDToGIDMap/Identity>>",
    )
    names = _enter(document, "<<>>")
    document.update_stream(names, _names(glyphs).encode("ascii"), compress=False)
    return _enter(
        document,
        f"<</Type/Font/Subtype/Type0/BaseFont/Slide/Encoding/Identity-H/ToUnicode {names} 0 R/DescendantFonts[{descendant} 0 R]>>",
    )


def _enter(document: pymupdf.Document, text: str) -> int:
    xref = int(document.get_new_xref())
    document.update_object(xref, text)
    return xref


def _names(glyphs: Mapping[str, tuple[int, float]]) -> str:
    """The characters that glyphs stand for, as a CMap."""
    lines = [f"<{glyph:04x}> <{character.encode('utf-16-be', 'replace').hex()}>" for character, (glyph, _) in glyphs.items()]
    groups = (lines[at : at + _CODES_AT_ONCE] for at in range(0, len(lines), _CODES_AT_ONCE))
    body = "\n".join(f"{len(group)} beginbfchar\n" + "\n".join(group) + "\nendbfchar" for group in groups)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Slide def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{body}\nendcmap end end"
    )


def _taken_out(collection: bytes, number: int) -> bytes:
    """One font of a collection as a file of its own: its table directory first, then all that there was."""
    (start,) = struct.unpack_from(">I", collection, 12 + 4 * number)
    version, count = struct.unpack_from(">4sH", collection, start)
    shift = 12 + 16 * count
    tables = struct.iter_unpack(">4s3I", collection[start + 12 : start + shift])
    directory = b"".join(struct.pack(">4s3I", tag, checksum, offset + shift, length) for tag, checksum, offset, length in tables)
    head: bytes = version + struct.pack(">4H", count, 0, 0, 0)
    return head + directory + collection
