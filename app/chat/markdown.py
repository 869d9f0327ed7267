"""Markdown that is still growing: what of it is prose, code or a table, and where prose can be cut, so that only its end has to be
rendered again. Blocks are told apart as CommonMark 0.31 and GitHub's tables do, as far as that decides where a segment ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from app.chat.formulas import TEX_INLINE

PARAGRAPH_CHARACTERS_MAX = 4_000
"""Prose that goes on for longer is cut in the midst of it. Only a model that runs in circles writes like that."""
TABLE_COLUMNS_MAX = 64

Kind = Literal["prose", "code", "table"]

_FENCE = re.compile(r" {0,3}(?:(`{3,})([^`\n]*)|(~{3,})([^\n]*))$")
_ANY_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_LIST_ITEM = re.compile(r"( {0,3})([-*+]|(\d{1,9})[.)])([ \t]+|$)(.*)")
_RULE = re.compile(r" {0,3}([-*_])[ \t]*(\1[ \t]*){2,}$")
_HEADING = re.compile(r" {0,3}#{1,6}([ \t]|$)")
_QUOTE = re.compile(r" {0,3}>")
_DELIMITERS = re.compile(r" {0,3}(?=.*-)\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_CELL_BORDER = re.compile(rf"{TEX_INLINE}|\\.|(`+)(?!`).*?(?<!`)\1(?!`)|\|")
_PLACE_TO_CUT = re.compile(r"[\s。，！？；、]")


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of the source that is shown by one view; all segments, joined, are the source.

    Attributes:
        language: of code, as it was written; may be empty.
        code: without its fences and without their indentation.
        is_closed: whether more source can no longer change it.
    """

    kind: Kind
    source: str
    language: str = ""
    code: str = ""
    is_closed: bool = False


@dataclass(slots=True)
class _Context:
    """What the lines so far say about the next one.

    Attributes:
        item_indent: columns by which a line must be indented to belong to the open list item; 0 outside of lists.
        item_marker: the sign of the open item's list.
        fence: of code inside that item.
    """

    item_indent: int = 0
    item_marker: str = ""
    fence: str = ""
    is_after_blank: bool = True
    is_paragraph: bool = False

    def starts_item(self, line: str) -> bool:
        """Whether an item follows at the same level in the same list, which ends the one before."""
        match = _LIST_ITEM.match(line)
        return bool(match and self.item_indent and match[2][-1] == self.item_marker and not self.is_inside_item(line))

    def is_inside_item(self, line: str) -> bool:
        """Whether a line belongs to the open list item by its indentation."""
        return bool(self.item_indent) and _indent(line) >= self.item_indent

    def read(self, line: str) -> None:
        """Take in a line that is no part of a code or table segment."""
        if not line.strip():
            self.is_after_blank, self.is_paragraph = True, False
            return
        if self.is_inside_item(line):
            self._read_inside_item(line)
        elif not self._read_item(line):
            is_other_block = bool(_HEADING.match(line) or _QUOTE.match(line) or _RULE.match(line))
            if self.is_after_blank or self.fence or is_other_block or not self.is_paragraph:
                self.item_indent, self.fence = 0, ""
            is_indented_code = _indent(line) >= 4 and not self.is_paragraph
            self.is_paragraph = not is_other_block and not is_indented_code
        self.is_after_blank = False

    def _read_inside_item(self, line: str) -> None:
        marker = _ANY_FENCE.match(line)
        if marker and (not self.fence or (marker[1].startswith(self.fence) and not line.strip(" \t`~"))):
            self.fence = "" if self.fence else marker[1]
            self.is_paragraph = False
        else:
            inner = line.lstrip()
            self.is_paragraph = not (self.fence or _HEADING.match(inner) or _RULE.match(inner))

    def _read_item(self, line: str) -> bool:
        match = _LIST_ITEM.match(line)
        if not match or _RULE.match(line):
            return False
        if self.is_paragraph and not self.item_indent and (not match[5] or match[3] not in (None, "1")):
            return False  # only a list that starts with 1 and says something interrupts a paragraph
        end = len(match[1]) + len(match[2])
        room = _indent(line[end:], end)
        self.item_indent = end + (room if 1 <= room <= 4 and match[5] else 1)
        self.item_marker, self.fence = match[2][-1], ""
        self.is_paragraph = bool(match[5])
        return True


def split(source: str) -> list[Segment]:
    """Segments in order. The last one may still change when the source grows; the kind of it too."""
    segments: list[Segment] = []
    context = _Context()
    prose = position = 0
    header = -1
    while position < len(source):
        end = _line_end(source, position)
        line = source[position:end].rstrip("\n")
        found: tuple[int, Segment] | None = None
        opening = None if context.is_inside_item(line) else _FENCE.match(line)
        if opening:
            found = position, _code_from(source, position, end, opening)
        elif header >= 0 and _is_delimiter_row(line) and len(split_row(source[header:position])) == _column_count(line):
            found = header, _table_from(source, header, end)
        if found is not None:
            start, segment = found
            if start > prose:
                segments.append(Segment("prose", source[prose:start], is_closed=True))
            segments.append(segment)
            prose = position = start + len(segment.source)
            header, context = -1, _Context()
            continue
        may_be_header = "|" in line and not _QUOTE.match(line) and _indent(line) < 4
        context.read(line)
        header = position if may_be_header and not context.item_indent and end > position and source[end - 1] == "\n" else -1
        position = end
    if prose < len(source):
        segments.append(Segment("prose", source[prose:]))
    return segments


def stable_length(text: str, start: int = 0) -> int:
    """How much of a prose segment, from its beginning, more text cannot change. `start` must be 0 or an earlier result.

    A cut is made before a complete line that can only begin a new block: one after an empty line that is not indented, or the next
    item of a list. Lists that are cut have to be put together again.
    """
    stable, position = start, start
    context = _Context()
    while position < len(text):
        end = _line_end(text, position)
        line = text[position:end].rstrip("\n")
        is_settled = text[end - 1] == "\n" or len(line) > PARAGRAPH_CHARACTERS_MAX
        if is_settled and position > stable and _is_cut_before(line, context, position - stable):
            stable = position
        context.read(line)
        while (cut := _cut_within(text, max(position, stable), end)) is not None:
            stable, context = cut, _Context()
            context.read(text[cut:end])
        position = end
    return stable


def split_row(line: str) -> list[str]:
    """The cells of a table's row. Borders that are escaped, or stand in code or formulas, are none."""
    line = line.strip()
    borders = [match.start() for match in _CELL_BORDER.finditer(line) if match[0] == "|"]
    edges = [-1, *borders, len(line)]
    cells = [line[before + 1 : after].strip() for before, after in pairwise(edges)]
    if borders and borders[0] == 0:
        del cells[0]
    if borders and borders[-1] == len(line) - 1 and cells:
        del cells[-1]
    return cells[:TABLE_COLUMNS_MAX]


def _is_cut_before(line: str, context: _Context, length: int) -> bool:
    """Whether nothing that follows this line can change what is before it. `length` is that of the piece that would end."""
    if not line.strip():
        return False
    if context.starts_item(line):
        return not _RULE.match(line)
    if line[0].isspace() or (context.item_indent and _LIST_ITEM.match(line)):
        return False
    if context.is_after_blank:
        return True
    return length > PARAGRAPH_CHARACTERS_MAX and not context.item_indent and not _QUOTE.match(line)


def _cut_within(text: str, start: int, end: int) -> int | None:
    """Where a line that goes on for too long is cut."""
    earliest = start + PARAGRAPH_CHARACTERS_MAX
    latest = earliest + PARAGRAPH_CHARACTERS_MAX
    match = _PLACE_TO_CUT.search(text, earliest, min(end, latest))
    cut = match.end() if match else latest
    return cut if cut < end else None


def _code_from(source: str, start: int, body: int, opening: re.Match[str]) -> Segment:
    """The code block whose first line ends at `body`."""
    fence, info = opening[1] or opening[3], opening[2] or opening[4] or ""
    closing = re.compile(rf"^ {{0,3}}{re.escape(fence[0])}{{{len(fence)},}}[ \t]*$", re.MULTILINE).search(source, body)
    end = _line_end(source, closing.start()) if closing else len(source)
    code = source[body : closing.start() if closing else end]
    if indent := _indent(opening[0]):
        code = re.sub(rf"^ {{1,{indent}}}", "", code, flags=re.MULTILINE)
    words = info.split()
    is_closed = closing is not None and source[end - 1] == "\n"
    return Segment("code", source[start:end], words[0].strip("{}.") if words else "", code, is_closed)


def _table_from(source: str, start: int, body: int) -> Segment:
    """The table whose header starts at `start` and whose rows start at `body`."""
    position = body
    while position < len(source):
        end = _line_end(source, position)
        line = source[position:end].rstrip("\n")
        is_complete = source[end - 1] == "\n"
        if not line.strip() or _ends_table(line, is_complete):
            return Segment("table", source[start:position], is_closed=is_complete)
        position = end
    return Segment("table", source[start:])


def _ends_table(line: str, is_complete: bool) -> bool:
    """Whether a line is no row. One that is still being written must say so for sure: ``--`` may become ``--|--``."""
    if _FENCE.match(line) or _QUOTE.match(line) or _indent(line) >= 4:
        return True
    item = _LIST_ITEM.match(line)
    return bool((item and item[5]) or (is_complete and (item or _HEADING.match(line) or _RULE.match(line))))


def _is_delimiter_row(line: str) -> bool:
    return "|" in line and bool(_DELIMITERS.match(line))


def _column_count(delimiters: str) -> int:
    return min(len(delimiters.strip().strip("|").split("|")), TABLE_COLUMNS_MAX)


def _line_end(source: str, position: int) -> int:
    """Behind the line's end."""
    end = source.find("\n", position)
    return len(source) if end < 0 else end + 1


def _indent(line: str, column: int = 0) -> int:
    """In columns; a tab goes on to the next multiple of four."""
    start = column
    for letter in line:
        if letter == " ":
            column += 1
        elif letter == "\t":
            column += 4 - column % 4
        else:
            break
    return column - start
