"""HTML and XHTML elements as lines of text. Scripts do not run, styles do not count, nothing is fetched."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Callable
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from ingest.text.extract import Heading, counted, heading_title

_IGNORED = {
    "script",
    "style",
    "template",
    "noscript",
    "head",
    "svg",
    "object",
    "embed",
    "video",
    "audio",
    "canvas",
    "rp",
    "datalist",
}
_BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl", "dt"),
    *("fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "html", "legend", "main", "menu", "nav", "option"),
    *("p", "section", "summary", "tbody", "tfoot", "thead"),
}
_LEVELS = {f"h{level}": level for level in range(1, 7)}
_CELL_BLOCKS = ("table", "ul", "ol", "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre")
_CELL_CHARACTERS_MAX = 300
_HIDING = re.compile(r"(display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_SHOWN_ADDRESS = re.compile(r"(https?|mailto|ftp):", re.IGNORECASE)


class Flow:
    """Collects the text below an element.

    Attributes:
        lines: paragraphs, list items and rows of tables.
        headings: level, title and index of the line.
        anchors: the line at which an element with that id begins.
        picture_count, hidden_count: of what is not shown.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.headings: list[tuple[int, str, int]] = []
        self.anchors: dict[str, int] = {}
        self.picture_count = self.hidden_count = 0
        self._inline: list[str] = []
        self._indent = 0
        self._is_preformatted = self._is_in_data = False
        self._mark = ""

    def add(self, root: Any) -> None:
        """Read an element and all below it."""
        self._visit(root)
        self._end_line()

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(self.lines)

    def line_starts(self) -> list[int]:
        """The character of `text` at which each line begins, and the end."""
        return [0, *itertools.accumulate(len(line) + 1 for line in self.lines)]

    def outline(self, section: int = 0) -> list[Heading]:
        """Its headings, given which section it becomes."""
        starts = self.line_starts()
        return [Heading(level, title, section, starts[line]) for level, title, line in self.headings]

    def warnings(self) -> tuple[str, ...]:
        """Sentences about what is not shown."""
        found = []
        if self.picture_count:
            found.append(f"Not shown: {counted(self.picture_count, 'picture')}.")
        if self.hidden_count:
            found.append(f"Left out: {counted(self.hidden_count, 'part')} that it hides from its readers.")
        return tuple(found)

    def _visit(self, element: Any) -> None:
        tag = local_name(element)
        if not tag:
            if element.tag is etree.Entity:  # left unresolved by the parser of XML
                self._say(html.unescape(element.text))
            return
        if tag in _IGNORED:
            return
        if "hidden" in element.attrib or _HIDING.search(element.get("style", "")):
            self.hidden_count += bool("".join(element.itertext()).strip())
            return
        self._note_anchor(element)
        special = _SPECIAL.get(tag)
        if special is not None:
            special(self, element)
        elif tag in _LEVELS:
            self._visit_heading(element, _LEVELS[tag])
        elif tag in _BLOCKS:
            self._end_line()
            self._visit_inside(element)
            self._end_line()
        else:
            self._visit_inside(element)

    def _visit_inside(self, element: Any) -> None:
        self._say(element.text)
        for child in element:
            self._visit(child)
            self._say(child.tail)

    def _note_anchor(self, element: Any) -> None:
        for name in (element.get("id"), element.get("name")):
            if name:
                self.anchors.setdefault(name, len(self.lines))

    def _say(self, text: str | None) -> None:
        if text:
            self._inline.append(text)

    def _end_line(self) -> None:
        text = "".join(self._inline)
        self._inline.clear()
        if self._is_preformatted:
            lines = text.strip("\r\n").replace("\r\n", "\n").split("\n") if text.strip() else []
        else:
            lines = [" ".join(part.split()) for part in text.split("\v")]
        for line in lines:
            if line or self._is_preformatted:
                self.lines.append("  " * max(0, self._indent - 1) + self._mark + line)
                self._mark = "  " if self._indent else ""

    def _visit_heading(self, element: Any, level: int) -> None:
        self._end_line()
        self._visit_inside(element)
        title = heading_title("".join(self._inline))
        if title:
            if self.lines:
                self.lines.append("")
            self.headings.append((level, title, len(self.lines)))
            self._inline.insert(0, "#" * level + " ")
        self._end_line()

    def _visit_list(self, element: Any) -> None:
        self._end_line()
        number = int(start) if (start := element.get("start", "1")).isdecimal() and len(start) < 8 else 1
        self._indent += 1
        for child in element:
            if local_name(child) == "li":
                self._mark = f"{number}. " if local_name(element) == "ol" else "- "
                number += 1
            self._visit_inside(child) if local_name(child) == "li" else self._visit(child)
            self._end_line()
        self._indent -= 1
        self._mark = "  " if self._indent else ""

    def _visit_table(self, element: Any) -> None:
        self._end_line()
        outer, self._is_in_data = self._is_in_data, not _is_layout(element)
        self._visit_inside(element)
        self._end_line()
        self._is_in_data = outer

    def _visit_row(self, row: Any) -> None:
        self._end_line()
        if not self._is_in_data:
            self._visit_inside(row)
            self._end_line()
            return
        cells = []
        for cell in row:
            inner = Flow()
            inner.add(cell)
            self.picture_count += inner.picture_count
            self.hidden_count += inner.hidden_count
            cells.append(" ".join(inner.lines))
        if any(cells):
            self._say(" | ".join(cells))
            self._end_line()

    def _visit_preformatted(self, element: Any) -> None:
        self._end_line()
        self._is_preformatted = True
        self._visit_inside(element)
        self._end_line()
        self._is_preformatted = False

    def _visit_link(self, element: Any) -> None:
        before = len(self._inline)
        self._visit_inside(element)
        address = element.get("href", "").strip()
        shown = "".join(self._inline[before:]).strip()
        if shown and _SHOWN_ADDRESS.match(address) and address.removeprefix("mailto:").rstrip("/") != shown.rstrip("/"):
            self._say(f" ({address})")

    def _visit_picture(self, element: Any) -> None:
        self.picture_count += 1
        if alt := " ".join((element.get("alt") or "").split()):
            self._say(f"[picture: {alt}]")

    def _visit_break(self, element: Any) -> None:
        self._say("\n" if self._is_preformatted else "\v")

    def _visit_rule(self, element: Any) -> None:
        self._end_line()
        self._say("---")
        self._end_line()

    def _visit_cell(self, element: Any) -> None:
        self._end_line()
        self._visit_inside(element)
        self._end_line()


_SPECIAL: dict[str, Callable[[Flow, Any], None]] = {
    "ul": Flow._visit_list,
    "ol": Flow._visit_list,
    "table": Flow._visit_table,
    "tr": Flow._visit_row,
    "td": Flow._visit_cell,
    "th": Flow._visit_cell,
    "pre": Flow._visit_preformatted,
    "a": Flow._visit_link,
    "img": Flow._visit_picture,
    "br": Flow._visit_break,
    "hr": Flow._visit_rule,
}


def _is_layout(table: Any) -> bool:
    """Whether a table only puts things next to each other: it holds other tables, or paragraphs of some length."""
    for cell in table.iterdescendants():
        name = local_name(cell)
        if name == "table":
            return True
        if name in ("td", "th") and any(local_name(below) in _CELL_BLOCKS for below in cell.iterdescendants()):
            length = 0
            for text in cell.itertext():
                length += len(text)
                if length > _CELL_CHARACTERS_MAX:
                    return True
    return False


def local_name(element: Any) -> str:
    """The tag without its namespace, in small letters; empty for comments and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def parse_html(text: str) -> tuple[Any, tuple[str, ...]]:
    """The root of an HTML document, None where there is no element, and warnings. However broken, it is read as browsers would."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    is_cut = any(entry.level_name == "FATAL" for entry in parser.error_log)
    return root, ("It is nested too deeply or too large in one piece: a part of it could not be read.",) if is_cut else ()
