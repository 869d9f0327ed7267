"""The pages of a document that MuPDF has open: sizes, text and pixels. Also for documents made in memory, slides for one.

One thread. MuPDF is called through its own functions, not through `pymupdf.Page`, which turns the page in the document before it
reads text, and keeps track of all that was ever loaded.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pymupdf
from pymupdf import mupdf

from ingest.errors import Damaged
from ingest.pdf.drawing import DEFAULT_SIZE_PT, draw, frame_of, shown_size_pt
from ingest.pdf.notes import read_links, read_notes, with_notes
from ingest.pdf.text import TextLayer
from ingest.types import PageInfo, PageText, Pixels

RENDERER = f"mupdf {mupdf.FZ_VERSION}"


class PdfPages:
    """The pages of an open document, counted from 0. What is changed in the document shows."""

    def __init__(self, document: pymupdf.Document | mupdf.FzDocument, name: str = "The document") -> None:
        """It stays open as long as this is there. `name` is for messages."""
        this = document.this if isinstance(document, pymupdf.Document) else document
        self._document: Any = this.super() if isinstance(this, mupdf.PdfDocument) else this
        self._name = name

    def info(self, index: int) -> PageInfo:
        """Size in points as shown, cropped and turned. A page that cannot be loaded has the size of US Letter."""
        width, height = DEFAULT_SIZE_PT
        with contextlib.suppress(mupdf.FzErrorBase):
            width, height = shown_size_pt(frame_of(self._load(index)))
        return PageInfo(index, f"page {index + 1}", width, height, is_vector=True)

    def text(self, index: int) -> PageText:
        """What can be read on it. Raises Damaged."""
        with self._damage_told(index):
            page = self._load(index)
            frame = frame_of(page)
            layer = TextLayer(page, frame)
            notes, links = read_notes(page, frame, layer.words), read_links(self._document, page, frame)
            text = with_notes(layer.text, notes)
            return PageText(text, tuple(layer.words), links, notes, layer.is_scanned, layer.font_size_pt)

    def render(self, index: int, width: int, height: int) -> Pixels:
        """All of it, with annotations and form fields, stretched to this size in pixels, on white. Raises Damaged."""
        with self._damage_told(index):
            return Pixels(width, height, draw(self._load(index), width, height))

    def _load(self, index: int) -> Any:
        return mupdf.fz_load_page(self._document, index)

    @contextlib.contextmanager
    def _damage_told(self, index: int) -> Iterator[None]:
        try:
            yield
        except mupdf.FzErrorSystem as error:
            raise MemoryError(str(error)) from error
        except mupdf.FzErrorBase as error:
            raise Damaged(f"Page {index + 1} of {self._name} is damaged and cannot be read. Other pages may be sound.") from error
