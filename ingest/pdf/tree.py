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

_KIDS = mupdf.PDF_ENUM_NAME_Kids.m_internal


def make_sound(pdf: Any) -> tuple[list[int], bool]:
    """The object numbers of its pages, at most one more than `limits.PAGES_MAX`, and whether the tree had to be mended.

    Mended means that all pages found hang on one new root; what they inherit they find by their own Parent. Where the tree has no
    pages at all, those that lie about in the file are taken, in the order in which they were made.
    """
    numbers, is_sound = _pages(pdf)
    if not numbers and not is_sound and not mupdf.pdf_was_repaired(pdf):
        with contextlib.suppress(mupdf.FzErrorBase):
            mupdf.pdf_repair_xref(pdf)  # the list of where objects are may be what lies
        numbers, is_sound = _pages(pdf)
    if is_sound:
        return numbers, False
    numbers = numbers or list(itertools.islice(_stray_pages(pdf), limits.PAGES_MAX + 1))
    if numbers:
        _hang_on_new_root(pdf, numbers)
    return numbers, True


def _pages(pdf: Any) -> tuple[list[int], bool]:
    """The pages in the tree, and whether it says itself that there are so many."""
    root = mupdf.pdf_dict_getp(mupdf.pdf_trailer(pdf), "Root/Pages")
    numbers = list(itertools.islice(_walk(root.m_internal), limits.PAGES_MAX + 1)) if root.m_internal else []
    has_kids = bool(mupdf.pdf_is_array(mupdf.pdf_dict_get(root, mupdf.PDF_ENUM_NAME_Kids)))
    return numbers, has_kids and len(numbers) == mupdf.pdf_dict_get_int(root, mupdf.PDF_ENUM_NAME_Count)


def _walk(root: Any) -> Iterator[int]:
    """The pages of a tree in order. A part of it that comes again is left out."""
    get, is_array, is_dict, number_of = mupdf.ll_pdf_dict_get, mupdf.ll_pdf_is_array, mupdf.ll_pdf_is_dict, mupdf.ll_pdf_to_num
    seen = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if not is_dict(node):
            continue
        kids, number = get(node, _KIDS), number_of(node)
        if kids and is_array(kids):
            if number not in seen:
                seen.add(number)
                waiting.extend(mupdf.ll_pdf_array_get(kids, index) for index in reversed(range(mupdf.ll_pdf_array_len(kids))))
        elif number and node is not root:
            yield number


def _stray_pages(pdf: Any) -> Iterator[int]:
    for number in range(1, mupdf.pdf_xref_len(pdf)):
        with contextlib.suppress(mupdf.FzErrorBase):
            kind = mupdf.pdf_dict_get(mupdf.pdf_new_indirect(pdf, number, 0), mupdf.PDF_ENUM_NAME_Type)
            if mupdf.pdf_name_eq(kind, mupdf.PDF_ENUM_NAME_Page):
                yield number


def _hang_on_new_root(pdf: Any, numbers: list[int]) -> None:
    kids = mupdf.pdf_new_array(pdf, len(numbers))
    for number in numbers:
        mupdf.pdf_array_push(kids, mupdf.pdf_new_indirect(pdf, number, 0))
    root = mupdf.pdf_new_dict(pdf, 3)
    mupdf.pdf_dict_put(root, mupdf.PDF_ENUM_NAME_Type, mupdf.PDF_ENUM_NAME_Pages)
    mupdf.pdf_dict_put(root, mupdf.PDF_ENUM_NAME_Kids, kids)
    mupdf.pdf_dict_put_int(root, mupdf.PDF_ENUM_NAME_Count, len(numbers))
    catalogue = mupdf.pdf_dict_gets(mupdf.pdf_trailer(pdf), "Root")
    mupdf.pdf_dict_put(catalogue, mupdf.PDF_ENUM_NAME_Pages, mupdf.pdf_add_object(pdf, root))
