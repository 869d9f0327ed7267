"""The table of contents of a PDF, read from its objects: MuPDF's own reader descends by recursion and dies of a deep one.

The objects belong to the document and are only looked at, so none is counted or freed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pymupdf import mupdf

from ingest import limits
from ingest.pdf.notes import clean
from ingest.types import OutlineEntry

TITLE_CHARACTERS_MAX = 500
_FIRST, _NEXT, _TITLE, _DEST, _ACTION, _TARGET = (
    getattr(mupdf, f"PDF_ENUM_NAME_{name}").m_internal for name in ("First", "Next", "Title", "Dest", "A", "D")
)


def read_outline(pdf: Any, page_numbers: Sequence[int]) -> tuple[tuple[OutlineEntry, ...], bool]:
    """The entries in order, and whether more than `limits.OUTLINE_ENTRIES_MAX` were left out.

    `page_numbers` are the object numbers of the pages that may be led to.
    PDF 32000-1, 12.3.3: a tree of First and Next; an entry has a destination Dest, or an action A that has one in D. A loop ends
    where it closes. Raises FzErrorBase when an object cannot be read.
    """
    root = mupdf.pdf_dict_getp(mupdf.pdf_trailer(pdf), "Root/Outlines")
    if not root.m_internal:
        return (), False
    document, get = pdf.m_internal, mupdf.ll_pdf_dict_get
    to_number, to_text = mupdf.ll_pdf_to_num, mupdf.ll_pdf_to_text_string
    page_indices = {number: index for index, number in reversed(list(enumerate(page_numbers)))}
    entries: list[OutlineEntry] = []
    seen = set()
    waiting = [(get(root.m_internal, _FIRST), 1)]
    while waiting:
        item, level = waiting.pop()
        number = to_number(item) if item else 0
        if not number or number in seen:
            continue
        if len(entries) == limits.OUTLINE_ENTRIES_MAX:
            return tuple(entries), True
        seen.add(number)
        title = to_text(get(item, _TITLE))
        entries.append(OutlineEntry(level, _one_line(title), _page_index(document, item, page_indices)))
        waiting.append((get(item, _NEXT), level))
        waiting.append((get(item, _FIRST), level + 1))
    return tuple(entries), False


def _page_index(document: Any, item: Any, page_indices: dict[int, int]) -> int | None:
    target = mupdf.ll_pdf_dict_get(item, _DEST) or mupdf.ll_pdf_dict_get(mupdf.ll_pdf_dict_get(item, _ACTION), _TARGET)
    if target and not mupdf.ll_pdf_is_array(target):
        target = mupdf.ll_pdf_lookup_dest(document, target)
        if target and mupdf.ll_pdf_is_dict(target):
            target = mupdf.ll_pdf_dict_get(target, _TARGET)
    page = mupdf.ll_pdf_array_get(target, 0)
    number = mupdf.ll_pdf_to_num(page)
    if number or not mupdf.ll_pdf_is_int(page):
        return page_indices.get(number)
    index = int(mupdf.ll_pdf_to_int(page))
    return index if 0 <= index < len(page_indices) else None


def _one_line(title: str) -> str:
    if title.isascii() and title.isprintable() and len(title) <= TITLE_CHARACTERS_MAX:  # nearly all are
        return title
    return " ".join(clean(title).split())[:TITLE_CHARACTERS_MAX]
