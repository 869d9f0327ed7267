"""Word documents: paragraphs, headings, lists, rows of tables, notes and comments. Element names: ECMA-376 part 1, section 17.

Names are compared without their namespace, since the strict and the transitional kind differ in nothing else that matters here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.documents import Source
from ingest.errors import Damaged, Empty
from ingest.text.extract import Extract, Heading, Sanitizer, Writer, heading_title
from ingest.text.package import Package
from ingest.text.word_runs import Runs, attribute, child, local_name
from ingest.text.word_styles import Numbering, Styles

_NOTE_PARTS = (("footnotes", "footnote"), ("endnotes", "endnote"), ("comments", "comment"))
_HOLDERS = {
    "sdt",
    "sdtContent",
    "ins",
    "moveTo",
    "customXml",
    "smartTag",
    "body",
    "txbxContent",
    "hdr",
    "ftr",
    "footnote",
    "endnote",
    "comment",
}


def read(source: Source) -> Extract:
    """A unit a paragraph or row. Raises what `Package` raises, or Empty."""
    with Package(source) as package:
        return _Reader(package, source.name).read()


class _Reader:
    def __init__(self, package: Package, name: str) -> None:
        self._package, self._name = package, name
        self._main = package.first_target("", "officeDocument") or "word/document.xml"
        self._styles = Styles(self._part_xml("styles"))
        self._numbering = Numbering(self._part_xml("numbering"))
        self._runs = Runs(self._styles)
        self._writer = Writer("paragraph")
        self._headings: list[Heading] = []

    def read(self) -> Extract:
        root = self._package.xml(self._main)
        body = child(root, "body")
        if body is None:
            raise Damaged(f"{self._name} is damaged: it has no text part.")
        for line in self._lines(body):
            self._writer.add(line)
        for line in self._margins():
            self._writer.add(line)
        if self._writer.is_empty:
            raise Empty(f"There is no text in {self._name}.")
        sanitizer = Sanitizer()
        section = self._writer.section(sanitizer)
        return Extract([section], self._title(), self._headings, (*self._runs.warnings(), *sanitizer.warnings))

    def _lines(self, holder: Any, in_note: bool = False) -> Iterator[str]:
        """What the blocks of a body, a cell or a note say; headings are noted on the way."""
        for block in holder:
            name = local_name(block)
            if name == "p":
                yield from self._paragraph(block, in_note)
            elif name == "tbl":
                for row in self._rows(block):
                    yield " | ".join(" ".join(line.replace("\n", " ") for line in self._lines(cell, True)) for cell in row)
            elif name in _HOLDERS:
                yield from self._lines(block, in_note)

    def _paragraph(self, paragraph: Any, in_note: bool) -> Iterator[str]:
        text = self._runs.text(paragraph)
        boxes = self._runs.take_boxes()
        if text.strip():
            style = attribute(child(paragraph, "pPr", "pStyle"), "val")
            level = 0 if in_note else self._styles.heading_level(paragraph, style)
            own = child(paragraph, "pPr", "numPr")
            mark = self._numbering.mark(own if own is not None else self._styles.numbering(style))
            if level:
                title = heading_title(mark + text)
                self._headings.append(Heading(level, title, 0, self._writer.length))
                yield "#" * min(level, 6) + " " + mark + text.strip()
            else:
                yield mark + text.rstrip()
        for box in boxes:
            for line in self._lines(box, True):
                yield f"[text box] {line}"

    def _rows(self, table: Any) -> Iterator[list[Any]]:
        for row in _below(table, "tr"):
            cells = list(_below(row, "tc"))
            if any(self._has_text(cell) for cell in cells):
                yield cells

    def _has_text(self, cell: Any) -> bool:
        return any(local_name(each) in ("t", "drawing", "pict", "sym") for each in cell.iter())

    def _margins(self) -> Iterator[str]:
        """Notes and comments that the text refers to, then headers and footers, each once."""
        for kind, element in _NOTE_PARTS:
            root = self._part_xml(kind)
            for note in root if root is not None else ():
                number = self._runs.references.get((element, attribute(note, "id")))
                if local_name(note) == element and number:
                    author = attribute(note, "author")
                    name = f"{element} {number}" + (f" by {author}" if author else "")
                    yield f"[{name}] " + " ".join(line.strip() for line in self._lines(note, True))
        said = set()
        for kind, part in self._package.targets(self._main).values():
            if kind in ("header", "footer") and part in self._package.names:
                line = " / ".join(line.strip() for line in self._lines(self._package.xml(part), True))
                if line and line not in said:
                    said.add(line)
                    yield f"[{kind}] {line}"

    def _part_xml(self, kind: str) -> Any | None:
        part = self._package.first_target(self._main, kind)
        return self._package.xml(part) if part else None

    def _title(self) -> str:
        core = self._package.xml_if_there("docProps/core.xml")
        titles = [each.text for each in core if local_name(each) == "title" and each.text] if core is not None else []
        return heading_title(titles[0]) if titles else ""


def _below(holder: Any, wanted: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, also those in content controls and tracked insertions."""
    for element in holder:
        name = local_name(element)
        if name == wanted:
            if child(element, "trPr", "del") is None:
                yield element
        elif name in _HOLDERS:
            yield from _below(element, wanted)
