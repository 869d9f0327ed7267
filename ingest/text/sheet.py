"""Excel workbooks: the values that were last computed, sheet by sheet, each row with its number.

openpyxl reads row by row without keeping them. It takes formulas for text that is not computed here; what the workbook's program
last computed stands next to them in the file and is what is read.
"""

from __future__ import annotations

import datetime
import itertools
import warnings
from collections.abc import Iterator
from typing import Any

from ingest.documents import Source
from ingest.errors import Damaged, Empty, FormatUnsupported, IngestError
from ingest.text.extract import Extract, Heading, Sanitizer, Section, Writer, counted, heading_title
from ingest.text.package import Package
from ingest.text.table import join_cells
from ingest.text.word_runs import local_name

CELLS_MAX = 500_000
"""Of a workbook, empty ones between others included; openpyxl reads some 30,000 a second."""
ROWS_MAX, COLUMNS_MAX = 1_048_576, 16_384
"""ECMA-376 leaves this open; it is what Excel has."""
_EMPTY_ROWS_MAX = 100_000


def read(source: Source) -> Extract:
    """A section a sheet. Raises what `Package` raises, or Empty."""
    import openpyxl  # type: ignore[import-untyped]  # 200 ms

    with Package(source) as package:
        if "xl/workbook.bin" in package.names:
            raise FormatUnsupported(f"{source.name} is a binary workbook. Save it as .xlsx and open that.")
        charts = [_chart_title(package, name) for name in sorted(package.names) if name.startswith("xl/charts/chart")]
    with warnings.catch_warnings(), source.open() as stream:
        warnings.simplefilter("ignore")  # what it does not keep when it writes, which it does not do here
        try:
            workbook = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            return _Reader(source.name, charts).read(workbook)
        except (IngestError, MemoryError):
            raise
        except Exception as error:  # whatever it throws on damaged data
            raise Damaged(f"{source.name} is damaged: its sheets cannot be read.") from error


class _Reader:
    def __init__(self, name: str, charts: list[str]) -> None:
        self._name, self._cells_left = name, CELLS_MAX
        self._sanitizer = Sanitizer()
        self._warnings: list[str] = []
        if charts:
            shown = ", ".join(charts[:20])
            self._warnings.append(f"Not shown: {counted(len(charts), 'chart')} ({shown}). Save it as PDF to see all.")

    def read(self, workbook: Any) -> Extract:
        sections: list[Section] = []
        headings: list[Heading] = []
        for sheet in workbook.worksheets:
            if sheet.sheet_state != "visible":
                self._warnings.append(f"The sheet {sheet.title} is hidden in the workbook; it is shown here.")
            section = self._section(sheet)
            if section is not None:
                headings.append(Heading(1, heading_title(sheet.title), len(sections)))
                sections.append(section)
        for sheet in workbook.chartsheets:
            self._warnings.append(f"The sheet {sheet.title} is a chart and is not shown.")
        if not sections:
            raise Empty(f"There is nothing in the sheets of {self._name}.")
        title = heading_title(workbook.properties.title or "")
        return Extract(sections, title, headings, (*self._warnings, *self._sanitizer.warnings))

    def _section(self, sheet: Any) -> Section | None:
        sheet.reset_dimensions()  # what the file says of its size is often wrong
        rows = list(self._rows(sheet))
        if not rows:
            return None
        width = max(len(cells) for _, cells in rows)
        header = " | ".join(["", *itertools.islice(_column_names(), width)]).lstrip()
        writer = Writer("row", f"sheet {heading_title(sheet.title)}, ", header)
        for number, cells in rows:
            writer.add(f"{number} | {join_cells(cells)}", number)
        return writer.section(self._sanitizer)

    def _rows(self, sheet: Any) -> Iterator[tuple[int, list[str]]]:
        """Numbers and cells of the rows that hold anything, until too much was read."""
        empty = 0
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
            if self._cells_left <= 0 or empty > _EMPTY_ROWS_MAX:
                self._warnings.append(
                    f"Of the sheet {sheet.title} the rows from {number} on are left out: at most {CELLS_MAX:,} cells of a workbook "
                    f"and {_EMPTY_ROWS_MAX:,} empty rows in a row are read."
                )
                return
            cells = [shown(value) for value in row]
            while cells and not cells[-1].strip():
                cells.pop()
            self._cells_left -= max(1, len(row) // 16, len(cells))
            empty = 0 if cells else empty + 1
            if cells:
                yield number, cells


def shown(value: Any) -> str:
    """A value as people write it: numbers without a useless fraction, dates as ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.15g}"  # the digits that Excel keeps
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d") if value.time() == datetime.time() else value.isoformat(" ", "seconds")
    return str(value)


def _column_names() -> Iterator[str]:
    """A, B ... Z, AA, AB ..."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for length in itertools.count(1):
        yield from map("".join, itertools.product(letters, repeat=length))


def _chart_title(package: Package, name: str) -> str:
    """What is written over a chart, or its part's name."""
    try:
        root = package.xml(name)
    except Damaged:
        return name.rpartition("/")[2]
    title = next((each for each in root.iter() if local_name(each) == "title"), None)
    text = "".join(each.text or "" for each in title.iter() if local_name(each) == "t") if title is not None else ""
    return heading_title(text) or name.rpartition("/")[2]
