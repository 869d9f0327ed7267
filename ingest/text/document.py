"""An extract as a document: pages with locators, an outline, text and words."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import pymupdf

from ingest import limits
from ingest.errors import Empty, TooLarge
from ingest.text import drawing
from ingest.text.extract import Extract, Section
from ingest.text.layout import FONT_SIZE_PT, Layout
from ingest.text.typeface import typeface
from ingest.types import Contents, OutlineEntry, PageInfo, PageText, Pixels

RENDERER = f"dense text 1, MuPDF {pymupdf.mupdf_version}"
"""The number changes with anything that moves a page's beginning or a glyph."""


class TextDocument:
    """Pages of an extract. Its text is in memory, its pages are set when they are asked for."""

    def __init__(self, extract: Extract) -> None:
        """Break it into pages. Raises Empty or TooLarge."""
        if not extract.sections:
            raise Empty("There is no text in it.")
        self._layouts = [Layout(section, typeface(section.is_code)) for section in _told_apart(extract.sections)]
        self._first_pages = np.cumsum([0, *map(len, self._layouts)])
        page_count = int(self._first_pages[-1])
        if page_count > limits.PAGES_MAX:
            raise TooLarge(
                f"This text fills {page_count} pages; at most {limits.PAGES_MAX} can be opened. Split the file and open its parts."
            )
        self.contents = Contents(
            "text", page_count, extract.title, self._outline(extract), tuple(extract.warnings), renderer=RENDERER
        )

    def page(self, index: int) -> PageInfo:
        layout, page = self._at(index)
        width, height = layout.size_pt(page)
        return PageInfo(index, locator(layout, page), width, height, is_vector=True)

    def text(self, index: int) -> PageText:
        layout, page = self._at(index)
        words = drawing.words(layout.rows(page), typeface(layout.section.is_code), layout.size_pt(page))
        return PageText(layout.text(page), words, font_size_pt=FONT_SIZE_PT if words else None)

    def render(self, index: int, width: int, height: int) -> Pixels:
        layout, page = self._at(index)
        return drawing.render(layout.rows(page), typeface(layout.section.is_code), layout.size_pt(page), width, height)

    def close(self) -> None:
        self._layouts.clear()

    def _at(self, index: int) -> tuple[Layout, int]:
        section = int(np.searchsorted(self._first_pages, index, side="right")) - 1
        return self._layouts[section], index - int(self._first_pages[section])

    def _outline(self, extract: Extract) -> tuple[OutlineEntry, ...]:
        entries = []
        for heading in extract.headings[: limits.OUTLINE_ENTRIES_MAX]:
            starts = self._layouts[heading.section].page_starts
            page = int(np.searchsorted(starts, heading.at, side="right")) - 1
            entries.append(OutlineEntry(heading.level, heading.title, int(self._first_pages[heading.section]) + page))
        return tuple(entries)


def _told_apart(sections: Sequence[Section]) -> Iterator[Section]:
    """Sections of different names, so that no two pages have the same: sheets of a damaged workbook may."""
    seen: Counter[str] = Counter()
    for section in sections:
        seen[section.prefix] += 1
        count = seen[section.prefix]
        yield section if count == 1 else dataclasses.replace(section, prefix=f"{section.prefix}copy {count}, ")


def locator(layout: Layout, page: int) -> str:
    """What names a page: the units on it, "lines 1-58", or, within a unit longer than a page, "line 1, part 3"."""
    section = layout.section
    if not section.unit:
        return f"{section.prefix}part {page + 1}"
    start, end = layout.span(page)
    first, last = (int(np.searchsorted(section.starts, at, side="right")) - 1 for at in (start, max(start, end - 1)))
    if first != last:
        return f"{section.prefix}{section.unit}s {section.numbers[first]}-{section.numbers[last]}"
    name = f"{section.prefix}{section.unit} {section.numbers[first]}"
    unit_start = section.starts[first]
    unit_end = section.starts[first + 1] if first + 1 < len(section.starts) else len(section.text)
    if start <= unit_start and unit_end <= end:
        return name
    return f"{name}, part {page - int(np.searchsorted(layout.page_starts, unit_start)) + 1}"
