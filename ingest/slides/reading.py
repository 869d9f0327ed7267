"""The text of a slide in the order in which it is read, with its places, links, speaker notes and alternative texts."""

from __future__ import annotations

import pymupdf

from ingest.slides.canvas import Canvas
from ingest.slides.context import Context
from ingest.types import PageText


def read_slide(page: pymupdf.Page, canvas: Canvas, contexts: tuple[Context, Context, Context]) -> PageText:
    """All that can be read on a drawn slide."""
    return PageText(page.get_text())
