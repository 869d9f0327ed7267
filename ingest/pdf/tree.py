"""The tree of a PDF's pages, made sound: MuPDF believes the numbers in it, loses pages where they are wrong, and stops at a loop.

The objects belong to the document and are only looked at, so none is counted or freed here. The file is never written.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from typing import Any

from pymupdf import mupdf

from ingest import limits

_KIDS, _COUNT, _TYPE, _PAGE, _PAGES = (
    getattr(mupdf, f"PDF_ENUM_NAME_{name}").m_internal for name in ("Kids", "Count", "Type", "Page", "Pages")
)


def make_sound(pdf: Any) -> tuple[int, bool]:
    """How many pages there are, at most one more than `limits.PAGES_MAX`, and whether the tree had to be mended.

    Mended means that all pages found hang on its root; what they inherit they find by their own Parent. Where the tree has no pages
    at all, those that lie about in the file are taken, in the order in which they were made.
    """
    root = mupdf.pdf_dict_getp(mupdf.pdf_trailer(pdf), "Root/Pages")
    pages = _pages_below(root.m_internal) if root.m_internal else []
    claimed = mupdf.pdf_dict_get_int(root, mupdf.PDF_ENUM_NAME_Count) if root.m_internal else 0
    if pages and len(pages) == claimed:
        return claimed, False
    references = [mupdf.PdfObj(mupdf.ll_pdf_keep_obj(page)) for page in pages] or _stray_pages(pdf)
    if not references:
        return 0, False
    kids = mupdf.pdf_new_array(pdf, len(references))
    for reference in references:
        mupdf.pdf_array_push(kids, reference)
    tree = mupdf.pdf_new_dict(pdf, 3)
    mupdf.pdf_dict_put(tree, mupdf.PDF_ENUM_NAME_Type, mupdf.PDF_ENUM_NAME_Pages)
    mupdf.pdf_dict_put(tree, mupdf.PDF_ENUM_NAME_Kids, kids)
    mupdf.pdf_dict_put_int(tree, mupdf.PDF_ENUM_NAME_Count, len(references))
    catalogue = mupdf.pdf_dict_gets(mupdf.pdf_trailer(pdf), "Root")
    mupdf.pdf_dict_put(catalogue, mupdf.PDF_ENUM_NAME_Pages, mupdf.pdf_add_object(pdf, tree))
    return len(references), True


def _pages_below(root: Any) -> list[Any]:
    """References to all pages, in order. A part of the tree that comes again is left out."""
    return list(itertools.islice(_walk(root), limits.PAGES_MAX + 1))


def _walk(root: Any) -> Iterator[Any]:
    get, is_array, is_dict = mupdf.ll_pdf_dict_get, mupdf.ll_pdf_is_array, mupdf.ll_pdf_is_dict
    seen = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        kids = get(node, _KIDS) if is_dict(node) else None
        number = mupdf.ll_pdf_to_num(node)
        if kids and is_array(kids):
            if number not in seen:
                seen.add(number)
                waiting.extend(mupdf.ll_pdf_array_get(kids, index) for index in reversed(range(mupdf.ll_pdf_array_len(kids))))
        elif number and is_dict(node) and node is not root:
            yield node


def _stray_pages(pdf: Any) -> list[Any]:
    """Pages that no tree holds, at most one more than are allowed."""
    pages = []
    for number in range(1, mupdf.pdf_xref_len(pdf)):
        with contextlib.suppress(mupdf.FzErrorBase):
            reference = mupdf.pdf_new_indirect(pdf, number, 0)
            if mupdf.pdf_name_eq(mupdf.pdf_dict_get(reference, mupdf.PDF_ENUM_NAME_Type), mupdf.PDF_ENUM_NAME_Page):
                pages.append(reference)
        if len(pages) > limits.PAGES_MAX:
            break
    return pages
