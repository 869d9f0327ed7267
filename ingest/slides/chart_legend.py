"""The legend of a chart: which colour is what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ingest.slides.canvas import Canvas, Stroke
from ingest.slides.chart_data import ChartData, flag_of, value_of
from ingest.slides.chart_looks import Looks, Marker
from ingest.slides.geometry import Path, Rect
from ingest.slides.layout import Block
from ingest.slides.paint import Fill, paint
from ingest.slides.xml import Element, child, children

Side = Literal["l", "r", "t", "b", "tr"]
_ENTRIES_MAX = 200
_SYMBOL_EM, _LINE_SYMBOL = 0.6, 3.14
"""Width of a square relative to the size of the text, and of a line relative to a square; LibreOffice's."""
_PAD_EM, _ROW_GAP_EM, _COLUMN_GAP_EM, _TEXT_GAP_PT = 0.33, 0.26, 0.66, 2.83
_WIDTH_SHARE = 0.45
"""Of the chart's width, that a legend beside it may take before its texts are broken."""


@dataclass(frozen=True, slots=True)
class _Entry:
    text: Block
    fill: Fill | None
    line: Stroke | None
    marker: Marker | None


class Legend:
    """All entries, and how much room they take at a side of the chart."""

    def __init__(self, element: Element, data: ChartData, looks: Looks, chart: Rect) -> None:
        self.element, self._looks = element, looks
        position = value_of(element, "c:legendPos", "r")
        self.side: Side = position if position in ("l", "r", "t", "b", "tr") else "r"  # type: ignore[assignment]
        self.overlays = flag_of(element, "c:overlay", False)
        self._style = looks.text_style(child(element, "c:txPr"))
        self._size = self._style.size
        self._chart = chart
        self._entries = self._read(data)[:_ENTRIES_MAX]
        self._symbol = self._size * _SYMBOL_EM
        if any(entry.line is not None for entry in self._entries):
            self._symbol *= _LINE_SYMBOL
        self._rows = self._arranged()

    def _read(self, data: ChartData) -> list[_Entry]:
        gone = {value_of(item, "c:idx") for item in children(self.element, "c:legendEntry") if flag_of(item, "c:delete", False)}
        entries: list[_Entry] = []
        is_stacked = any(plot.is_stacked and not plot.is_horizontal for plot in data.plots)
        room = self._chart.width * _WIDTH_SHARE
        square = Rect(0, 0, self._size, self._size)
        number = 0
        for plot in data.plots:
            named = (
                [(name, 0, index) for index, name in enumerate(plot.categories)]
                if plot.varies_colours
                else [(series.name, place, -1) for place, series in enumerate(plot.series)]
            )
            for name, place, index in named if plot.series else ():
                series = plot.series[place]
                if str(number) not in gone:
                    block = self._looks.block(name, self._style, room, "left")
                    has_line = plot.kind in ("line", "scatter") or (
                        plot.kind == "radar" and value_of(plot.element, "c:radarStyle") != "filled"
                    )
                    entries.append(
                        _Entry(block, None, self._looks.series_line(series), self._looks.marker(plot, series))
                        if has_line
                        else _Entry(block, self._looks.series_fill(plot, series, index, square), None, None)
                    )
                number += 1
        return entries[::-1] if is_stacked and self.side in ("l", "r", "tr") else entries

    def _arranged(self) -> list[list[tuple[_Entry, float]]]:
        """Rows of entries with their widths."""
        widths = [self._symbol + _TEXT_GAP_PT + entry.text.width for entry in self._entries]
        if self.side in ("l", "r", "tr"):
            return [[(entry, width)] for entry, width in zip(self._entries, widths, strict=True)]
        gap, room = self._size * _COLUMN_GAP_EM, self._chart.width * 0.96
        columns = max(1, len(widths))
        if sum(widths) + gap * (columns - 1) > room:
            columns = max(1, int((room + gap) / (max(widths) + gap)))
            widths = [max(widths)] * len(widths)
        pairs = list(zip(self._entries, widths, strict=True))
        return [pairs[start : start + columns] for start in range(0, len(pairs), columns)]

    @property
    def width(self) -> float:
        gap = self._size * _COLUMN_GAP_EM
        widest = max((sum(width for _, width in row) + gap * (len(row) - 1) for row in self._rows), default=0.0)
        return widest + 2 * self._size * _PAD_EM if self._rows else 0.0

    @property
    def height(self) -> float:
        gap = self._size * _ROW_GAP_EM
        return sum(self._row_height(row) + gap for row in self._rows) + gap if self._rows else 0.0

    @staticmethod
    def _row_height(row: list[tuple[_Entry, float]]) -> float:
        return max(entry.text.height for entry, _ in row)

    def draw(self, canvas: Canvas, box: Rect) -> None:
        """In a box."""
        if not self._rows:
            return
        paint(canvas, Path.rectangle(*box), self._looks.fill(self.element, box, None), self._looks.outline(self.element))
        gap = self._size * _ROW_GAP_EM
        y = box.y + max(0.0, box.height - self.height) / 2 + gap
        left = box.x + max(0.0, box.width - self.width) / 2 + self._size * _PAD_EM
        for row in self._rows:
            x = left
            for entry, width in row:
                self._draw_symbol(canvas, entry, x, y + entry.text.lines[0].height / 2 if entry.text.lines else y)
                entry.text.draw(canvas, x + self._symbol + _TEXT_GAP_PT, y)
                x += width + self._size * _COLUMN_GAP_EM
            y += self._row_height(row) + gap

    def _draw_symbol(self, canvas: Canvas, entry: _Entry, x: float, y: float) -> None:
        side = self._size * _SYMBOL_EM
        if entry.fill is not None:
            square = Rect(x + (self._symbol - side) / 2, y - side / 2, side, side)
            paint(canvas, Path.rectangle(*square), entry.fill)
        if entry.line is not None:
            canvas.draw(Path.polyline((x, y), (x + self._symbol, y)), stroke=entry.line)
        if entry.marker is not None:
            entry.marker.draw(canvas, x + self._symbol / 2, y, side)
