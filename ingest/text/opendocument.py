"""OpenDocument texts and spreadsheets (OpenDocument 1.3 part 3, sections 5, 9 and 19)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest import limits
from ingest.documents import Source
from ingest.errors import Empty, FormatUnsupported
from ingest.text.extract import Extract, Heading, Sanitizer, Section, Writer, counted, heading_title
from ingest.text.package import Package
from ingest.text.table import join_cells
from ingest.text.word_runs import attribute, child, local_name

_SKIPPED = {"annotation", "tracked-changes", "script", "desc", "title", "forms"}
_ROW_GROUPS = {"table-rows", "table-header-rows", "table-row-group"}
_REPEATED_MAX = 256
"""A cell with something in it is repeated at most so often; empty ones at the end of a row are repeated to the sheet's edge."""


def read(source: Source) -> Extract:
    """Paragraphs of a text, or a section a sheet. Raises what `Package` raises, FormatUnsupported for encryption, or Empty."""
    with Package(source) as package:
        manifest = package.xml_if_there("META-INF/manifest.xml")
        if manifest is not None and any(local_name(each) == "encryption-data" for each in manifest.iter()):
            raise FormatUnsupported(f"{source.name} is encrypted. Save it without a password and open that.")
        body = child(package.xml("content.xml"), "body")
        reader = _Reader()
        for part in body if body is not None else ():
            if local_name(part) == "spreadsheet":
                reader.read_sheets(part)
            elif local_name(part) == "text":
                reader.read_text(part)
    if not reader.sections:
        raise Empty(f"There is no text in {source.name}.")
    title = reader.headings[0].title if reader.headings else ""
    return Extract(reader.sections, title, reader.headings, reader.warnings())


class _Reader:
    def __init__(self) -> None:
        self.sections: list[Section] = []
        self.headings: list[Heading] = []
        self._sanitizer = Sanitizer()
        self._picture_count = 0

    def warnings(self) -> tuple[str, ...]:
        pictures = (f"Not shown: {counted(self._picture_count, 'picture')}.",) if self._picture_count else ()
        return pictures + self._sanitizer.warnings

    def read_text(self, body: Any) -> None:
        writer = Writer("paragraph")
        for line, level in self._blocks(body, 0):
            if level:
                self.headings.append(Heading(level, heading_title(line), 0, writer.length))
                line = "#" * min(level, 6) + " " + line
            writer.add(line)
        if not writer.is_empty:
            self.sections.append(writer.section(self._sanitizer))

    def read_sheets(self, body: Any) -> None:
        for table in body:
            if local_name(table) != "table":
                continue
            name = heading_title(attribute(table, "name"))
            writer = Writer("row", f"sheet {name}, ")
            for number, row in self._rows(table):
                writer.add(f"{number} | {row}", number)
            if not writer.is_empty:
                self.headings.append(Heading(1, name, len(self.sections)))
                self.sections.append(writer.section(self._sanitizer))

    def _blocks(self, holder: Any, depth: int) -> Iterator[tuple[str, int]]:
        """What each block says, and its level where it is a heading."""
        for element in holder:
            name = local_name(element)
            if name in ("p", "h"):
                text = self._inline(element).strip()
                level = _repeated(element, "outline-level") if name == "h" else 0
                if text:
                    yield "  " * max(0, depth - 1) + "- " * (depth > 0) + text, level
            elif name == "list":
                yield from self._blocks(element, depth + 1)
            elif name == "table":
                for _, row in self._rows(element):
                    yield row, 0
            elif name not in _SKIPPED:
                yield from self._blocks(element, depth)

    def _rows(self, table: Any) -> Iterator[tuple[int, str]]:
        """Number and text of the rows that hold anything."""
        number = 1
        for row in _rows_of(table):
            cells: list[str] = []
            for cell in row:
                if local_name(cell) in ("table-cell", "covered-table-cell"):
                    text = " ".join(line for line, _ in self._blocks(cell, 0))
                    cells += [text] * min(_repeated(cell, "number-columns-repeated"), _REPEATED_MAX)
            joined, count = join_cells(cells), _repeated(row, "number-rows-repeated")
            for each in range(min(count, _REPEATED_MAX) if joined else 0):
                yield number + each, joined
            number += count

    def _inline(self, element: Any) -> str:
        name = local_name(element)
        if name in _SKIPPED or not name:
            return ""
        if name == "s":
            return " " * min(_repeated(element, "c"), limits.PAGE_WORDS_MAX)
        if name in ("tab", "line-break"):
            return "\t" if name == "tab" else "\n"
        if name == "frame":
            self._picture_count += any(local_name(each) in ("image", "object") for each in element)
        parts = [element.text or ""]
        for each in element:
            parts += [self._inline(each), each.tail or ""]
        return "".join(parts)


def _rows_of(table: Any) -> Iterator[Any]:
    """The rows of a table, also those in groups, but none of a table in a cell."""
    for element in table:
        name = local_name(element)
        if name == "table-row":
            yield element
        elif name in _ROW_GROUPS:
            yield from _rows_of(element)


def _repeated(element: Any, name: str) -> int:
    text = attribute(element, name)
    return max(1, int(text)) if text.isdecimal() and len(text) < 8 else 1
