"""Tables of comma- and tab-separated values, a row a line; the first row is repeated on each page."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator

from ingest import limits
from ingest.documents import Source
from ingest.errors import Empty
from ingest.text.decode import read_text
from ingest.text.extract import Extract, Sanitizer, Writer

_DELIMITERS = ",;\t|"
_JUDGED_LINES = 50


def read(source: Source) -> Extract:
    """Rows, counted from 1 for the header. Raises TooLarge or Empty."""
    text, warnings = read_text(source)
    csv.field_size_limit(limits.TEXT_BYTES_MAX)
    delimiter = "\t" if source.media_type == "text/tab-separated-values" else find_delimiter(text)
    rows = _rows(text, delimiter)
    header = next(rows, None)
    if header is None:
        raise Empty(f"{source.name} is a table without rows.")
    sanitizer, writer = Sanitizer(), Writer("row", header=header)
    for number, row in enumerate(rows, 2):
        writer.add(row, number)
    if writer.is_empty:
        writer = Writer("row")
        writer.add(header, 1)
    return Extract([writer.section(sanitizer)], warnings=warnings + sanitizer.warnings)


def _rows(text: str, delimiter: str) -> Iterator[str]:
    for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        yield join_cells(cells)


def join_cells(cells: list[str]) -> str:
    """A row on one line; empty cells at its end are left out."""
    while cells and not cells[-1].strip():
        cells.pop()
    return " | ".join([" ".join(cell.split()) if "\n" in cell or "\t" in cell else cell.strip() for cell in cells])


def find_delimiter(text: str) -> str:
    """The character that parts as many cells in most lines as in the first, the most cells first."""
    lines = [line for line in text[:200_000].split("\n")[:_JUDGED_LINES] if line.strip()]
    best, most = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        counts = Counter(len(cells) for cells in csv.reader(lines, delimiter=delimiter))
        cells, times = counts.most_common(1)[0] if counts else (1, 0)
        if cells > 1 and (times / sum(counts.values()), cells) > most:
            best, most = delimiter, (times / sum(counts.values()), cells)
    return best
