"""Drawing the values of a chart on a pair of axes: bars, lines, areas, points and bubbles."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ingest.slides.canvas import Canvas, Stroke
from ingest.slides.chart_axes import Grid
from ingest.slides.chart_data import Plot, Series, flag_of, number_of, value_of
from ingest.slides.chart_labels import Label, label_of
from ingest.slides.chart_looks import Looks
from ingest.slides.geometry import Path, Point, Rect
from ingest.slides.paint import paint
from ingest.slides.xml import child

_GAP_PERCENT = 150.0
_BUBBLE_SHARE = 0.25
"""Of the plot's smaller side, that the largest bubble is wide."""
_LABEL_GAP_PT = 2.8


class PlotDrawer:
    """Draws plots; keeps the labels for the end, so that no bar covers one."""

    def __init__(self, canvas: Canvas, looks: Looks, chart_width: float) -> None:
        self._canvas, self._looks, self._chart_width = canvas, looks, chart_width
        self._labels: list[tuple[Label, float, float]] = []

    def draw(self, plot: Plot, grid: Grid) -> None:
        """One plot, clipped to its axes and a little more for what stands on their ends. Bubbles may reach beyond them."""
        area = grid.area
        if plot.kind == "bubble":
            self._points(plot, grid)
            return
        with self._canvas.clipped(Path.rectangle(area.x - 6, area.y - 6, area.width + 12, area.height + 12)):
            {"bar": self._bars, "line": self._lines, "area": self._areas}.get(plot.kind, self._points)(plot, grid)

    def draw_labels(self) -> None:
        for label, x, y in self._labels:
            label.draw(self._canvas, x, y)

    def _label(self, plot: Plot, series: Series, index: int) -> Label | None:
        return label_of(self._looks, plot, series, index, self._chart_width)

    # -- bars --------------------------------------------------------------------------------------------------------------

    def _bars(self, plot: Plot, grid: Grid) -> None:
        gap = number_of(child(plot.element, "c:gapWidth"))
        overlap = number_of(child(plot.element, "c:overlap"))
        gap = max(0.0, min(_GAP_PERCENT if gap is None else gap, 500.0)) / 100
        overlap = 1.0 if plot.is_stacked else max(-1.0, min((overlap or 0.0) / 100, 1.0))
        count = len(plot.series)
        step = 1.0 - overlap
        width = 1.0 / (1 + (count - 1) * step + gap)
        stacks = stacked_values(plot)
        for number, series in enumerate(plot.series):
            for index, ends in enumerate(stacks[number]):
                if ends is None:
                    continue
                start = (index + (gap / 2 + number * step) * width) / max(1, grid.count)
                low, high = (grid.scale.share(end) if end or not grid.scale.base else 0.0 for end in ends)
                if not plot.is_stacked:
                    low = grid.zero
                self._bar(plot, series, index, grid, (start, start + width / max(1, grid.count)), (_clamp(low), _clamp(high)))

    def _bar(
        self, plot: Plot, series: Series, index: int, grid: Grid, across: tuple[float, float], ends: tuple[float, float]
    ) -> None:
        (x0, y0), (x1, y1) = grid.at(across[0], ends[0]), grid.at(across[1], ends[1])
        box = Rect(min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0))
        point = series.point(index)
        stroke = self._looks.outline(point if point is not None and child(point, "c:spPr", "a:ln") is not None else series.element)
        paint(self._canvas, Path.rectangle(*box), self._looks.series_fill(plot, series, index, box), stroke)
        label = self._label(plot, series, index)
        if label is None:
            return
        base, tip = grid.at(sum(across) / 2, ends[0]), grid.at(sum(across) / 2, ends[1])
        if tip == base:
            tip_way = grid.at(sum(across) / 2, ends[1] + 0.01)
        else:
            tip_way = tip
        length = math.hypot(tip_way[0] - base[0], tip_way[1] - base[1]) or 1.0
        dx, dy = (tip_way[0] - base[0]) / length, (tip_way[1] - base[1]) / length
        reach = (label.block.width * abs(dx) + label.block.height * abs(dy)) / 2 + _LABEL_GAP_PT
        position = label.position or ("ctr" if plot.is_stacked else "outEnd")
        x, y = {
            "inBase": (base[0] + dx * reach, base[1] + dy * reach),
            "inEnd": (tip[0] - dx * reach, tip[1] - dy * reach),
            "outEnd": (tip[0] + dx * reach, tip[1] + dy * reach),
        }.get(position, ((base[0] + tip[0]) / 2, (base[1] + tip[1]) / 2))
        self._labels.append((label, x, y))

    # -- lines and areas ---------------------------------------------------------------------------------------------------

    def _lines(self, plot: Plot, grid: Grid) -> None:
        stacks = stacked_values(plot)
        self._high_low_lines(plot, grid, stacks)
        for number, series in enumerate(plot.series):
            points = [
                None if ends is None else grid.at(grid.place(index), grid.scale.share(ends[1]))
                for index, ends in enumerate(stacks[number])
            ]
            is_smooth = flag_of(series.element, "c:smooth", True)  # Office takes a missing element for a set one
            self._line(plot, series, points, self._looks.series_line(series), is_smooth)

    def _high_low_lines(self, plot: Plot, grid: Grid, stacks: list[list[tuple[float, float] | None]]) -> None:
        """What stock charts have from the highest to the lowest of their series."""
        lines = child(plot.element, "c:hiLowLines")
        if lines is None:
            return
        stroke = self._looks.outline(lines, Stroke(self._looks.base.colour, 0.75))
        for index in range(grid.count):
            shares = [grid.scale.share(row[index][1]) for row in stacks if index < len(row) and row[index] is not None]  # type: ignore[index]
            if shares:
                ends = grid.at(grid.place(index), min(shares)), grid.at(grid.place(index), max(shares))
                self._canvas.draw(Path.polyline(*ends), stroke=stroke)

    def _line(self, plot: Plot, series: Series, points: Sequence[Point | None], stroke: Stroke | None, is_smooth: bool) -> None:
        if stroke is not None:
            for run in _runs(points):
                self._canvas.draw(smooth_path(run) if is_smooth and len(run) > 2 else Path.polyline(*run), stroke=stroke)
        marker = self._looks.marker(plot, series)
        for index, point in enumerate(points):
            if point is None:
                continue
            if marker is not None:
                marker.draw(self._canvas, *point)
            label = self._label(plot, series, index)
            if label is not None:
                self._labels.append((label, *_beside(point, label, marker.size / 2 if marker else 0.0)))

    def _areas(self, plot: Plot, grid: Grid) -> None:
        stacks = stacked_values(plot)
        for number in range(len(plot.series)) if plot.is_stacked else reversed(range(len(plot.series))):
            series, ends = plot.series[number], stacks[number]
            known = [(index, pair) for index, pair in enumerate(ends) if pair is not None]
            if not known:
                continue
            top = [grid.at(grid.place(index), grid.scale.share(pair[1])) for index, pair in known]
            base = [
                grid.at(grid.place(index), grid.scale.share(pair[0]) if plot.is_stacked else grid.zero) for index, pair in known
            ]
            path = Path.polygon(*top, *reversed(base))
            fill = self._looks.series_fill(plot, series, -1, path.bounds)
            paint(self._canvas, path, fill, self._looks.outline(series.element))
            for (index, _), high, low in zip(known, top, base, strict=True):
                label = self._label(plot, series, index)
                if label is not None:
                    self._labels.append((label, high[0], (high[1] + low[1]) / 2))

    # -- points ------------------------------------------------------------------------------------------------------------

    def _points(self, plot: Plot, grid: Grid) -> None:
        assert grid.x_scale is not None
        largest = max((size for series in plot.series for size in series.sizes if size is not None and size > 0), default=1.0)
        for series in plot.series:
            points = [
                None if x is None or y is None else grid.at(grid.x_scale.share(x), grid.scale.share(y))
                for x, y in zip(series.xs, series.values, strict=False)
            ]
            if plot.kind == "bubble":
                self._bubbles(plot, series, points, largest, min(grid.area.width, grid.area.height))
                continue
            style = value_of(plot.element, "c:scatterStyle")
            stroke = None if style == "marker" else self._looks.series_line(series)
            self._line(plot, series, points, stroke, flag_of(series.element, "c:smooth", style == "smoothMarker"))

    def _bubbles(self, plot: Plot, series: Series, points: Sequence[Point | None], largest: float, side: float) -> None:
        scale = number_of(child(plot.element, "c:bubbleScale"))
        widest = side * _BUBBLE_SHARE * max(0.0, min(100.0 if scale is None else scale, 300.0)) / 100
        is_width = value_of(plot.element, "c:sizeRepresents") == "w"
        for index, point in enumerate(points):
            size = series.sizes[index] if index < len(series.sizes) else 1.0
            if point is None or size is None or size <= 0:
                continue
            radius = widest / 2 * (size / largest if is_width else math.sqrt(size / largest))
            path = Path.ellipse(*point, radius, radius)
            paint(
                self._canvas, path, self._looks.series_fill(plot, series, index, path.bounds), self._looks.outline(series.element)
            )
            label = self._label(plot, series, index)
            if label is not None:
                self._labels.append((label, *(_beside(point, label, radius) if label.position in ("t", "b", "l", "r") else point)))


def stacked_values(plot: Plot) -> list[list[tuple[float, float] | None]]:
    """From where to where each value reaches, by series: from 0, or from what it is stacked upon."""
    count = max((len(series.values) for series in plot.series), default=0)
    if not plot.is_stacked:
        return [[None if value is None else (0.0, value) for value in series.values] for series in plot.series]
    totals = [sum(abs(s.values[i] or 0.0) for s in plot.series if i < len(s.values)) or 1.0 for i in range(count)]
    above, below = [0.0] * count, [0.0] * count
    rows: list[list[tuple[float, float] | None]] = []
    for series in plot.series:
        row: list[tuple[float, float] | None] = []
        for index in range(count):
            value = series.values[index] if index < len(series.values) else None
            if value is None and plot.kind != "area":
                row.append(None)
                continue
            amount = (value or 0.0) / (totals[index] if plot.grouping == "percentStacked" else 1.0)
            sums = below if amount < 0 and plot.kind == "bar" else above
            row.append((sums[index], sums[index] + amount))
            sums[index] += amount
        rows.append(row)
    return rows


def smooth_path(points: Sequence[Point]) -> Path:
    """A curve through points that bends as their neighbours suggest (a Catmull-Rom spline)."""
    path = Path().move(*points[0])
    for index in range(len(points) - 1):
        before, start, end = points[max(0, index - 1)], points[index], points[index + 1]
        after = points[min(len(points) - 1, index + 2)]
        first = start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6
        second = end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6
        path.curve(*first, *second, *end)
    return path


def _runs(points: Sequence[Point | None]) -> list[list[Point]]:
    """The points between gaps."""
    runs: list[list[Point]] = [[]]
    for point in points:
        if point is not None:
            runs[-1].append(point)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if len(run) > 1]


def _beside(point: Point, label: Label, reach: float) -> Point:
    """The middle of a label next to a point."""
    dx, dy = {"t": (0, -1), "b": (0, 1), "l": (-1, 0), "ctr": (0, 0)}.get(label.position, (1, 0))
    away = reach + _LABEL_GAP_PT
    return point[0] + dx * (label.block.width / 2 + away), point[1] + dy * (label.block.height / 2 + away)


def _clamp(share: float) -> float:
    return max(0.0, min(share, 1.0))
