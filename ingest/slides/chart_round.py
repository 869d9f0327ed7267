"""Charts around a point: pies, rings and radars."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ingest.slides.canvas import Canvas
from ingest.slides.chart_axes import GAP_PT, TICK_PT
from ingest.slides.chart_data import Axis, Plot, Series, number_of, value_of
from ingest.slides.chart_labels import Label, label_of, own_code
from ingest.slides.chart_looks import Looks, draw_block
from ingest.slides.chart_numbers import Scale, format_number, nice_scale
from ingest.slides.geometry import Path, Point, Rect
from ingest.slides.paint import paint
from ingest.slides.xml import child

_HOLE_PERCENT = 50.0
_RADAR_LABEL_PT = 13.0
_FIT_STEPS = 12
_STRAIGHT = math.sin(math.radians(5))
"""Labels within 5 degrees of an axis are centred on it; the others touch the pie with a corner."""


@dataclass(frozen=True, slots=True)
class _Sector:
    """One value of a pie: from and to in degrees clockwise from the top, how far it is pulled out, and its label."""

    index: int
    start: float
    sweep: float
    pulled: float
    label: Label | None

    @property
    def middle(self) -> Point:
        angle = math.radians(self.start + self.sweep / 2)
        return math.sin(angle), -math.cos(angle)


def draw_pie(canvas: Canvas, plot: Plot, region: Rect, looks: Looks) -> None:
    """A pie, or rings of which the first series is the innermost."""
    rings = [series for series in plot.series if any(series.values)]
    if plot.kind == "pie":
        rings = rings[:1]
    if not rings:
        return
    first = number_of(child(plot.element, "c:firstSliceAng")) or 0.0
    sectors = [_sectors(looks, plot, series, first % 360, region.width) for series in rings]
    pulled = max((sector.pulled for ring in sectors for sector in ring), default=0.0)
    radius = min(region.width, region.height) / 2 / (1 + pulled)
    cx, cy = region.centre
    if plot.kind == "pie":
        radius = _fitted_radius(sectors[0], radius, region)
    hole = number_of(child(plot.element, "c:holeSize"))
    inner = radius * max(0.0, min(_HOLE_PERCENT if hole is None else hole, 90.0)) / 100 if plot.kind == "doughnut" else 0.0
    width = (radius - inner) / len(rings)
    for number, (series, ring) in enumerate(zip(rings, sectors, strict=True)):
        low, high = inner + number * width, inner + (number + 1) * width
        for sector in ring:
            dx, dy = (part * sector.pulled * radius for part in sector.middle)
            path = _sector_path(cx + dx, cy + dy, low, high, sector.start, sector.sweep)
            point = series.point(sector.index)
            stroke = looks.outline(point if point is not None and child(point, "c:spPr", "a:ln") is not None else series.element)
            paint(canvas, path, looks.series_fill(plot, series, sector.index, path.bounds), stroke)
    for number, ring in enumerate(sectors):
        for sector in ring:
            if sector.label is not None:
                place = _label_place(sector, (cx, cy), inner + number * width, inner + (number + 1) * width, plot.kind == "pie")
                sector.label.draw(canvas, *place)


def _sectors(looks: Looks, plot: Plot, series: Series, first: float, chart_width: float) -> list[_Sector]:
    total = sum(abs(value) for value in series.values if value)
    whole = number_of(child(series.element, "c:explosion")) or 0.0
    sectors, angle = [], first
    for index, value in enumerate(series.values):
        if not value:
            continue
        share = abs(value) / total
        own = number_of(child(series.point(index), "c:explosion"))
        pulled = max(0.0, min((whole if own is None else own) / 100, 4.0))
        label = label_of(looks, plot, series, index, chart_width, share)
        sectors.append(_Sector(index, angle, share * 360, pulled, label))
        angle += share * 360
    return sectors


def _fitted_radius(ring: list[_Sector], radius: float, region: Rect) -> float:
    """Small enough for the labels around it to stay inside of the region."""
    smallest = radius * 0.4
    for _ in range(_FIT_STEPS):
        over = 0.0
        for sector in ring:
            if sector.label is not None and _is_outside(sector, radius):
                x, y = _label_place(sector, region.centre, 0.0, radius, True)
                half_width, half_height = sector.label.block.width / 2, sector.label.block.height / 2
                over = max(over, region.x - (x - half_width), x + half_width - region.x - region.width)
                over = max(over, region.y - (y - half_height), y + half_height - region.y - region.height)
        if over < 0.1 or radius <= smallest:
            break
        radius = max(smallest, radius - over)
    return radius


def _is_outside(sector: _Sector, radius: float) -> bool:
    assert sector.label is not None
    position, block = sector.label.position, sector.label.block
    if position in ("", "bestFit"):  # inside where the sector is wide enough for the text at two thirds of the radius
        width = 2 * radius * 0.65 * math.sin(math.radians(min(sector.sweep, 180.0) / 2))
        return width < block.width * 1.1 or radius < block.width * 1.3
    return position == "outEnd"


def _label_place(sector: _Sector, centre: Point, low: float, high: float, is_pie: bool) -> Point:
    """The middle of a label."""
    assert sector.label is not None
    dx, dy = sector.middle
    block = sector.label.block
    away = sector.pulled * high
    if is_pie and _is_outside(sector, high):
        reach = high + away + TICK_PT
        right = 0.0 if abs(dx) < _STRAIGHT else math.copysign(block.width / 2, dx)
        down = 0.0 if abs(dy) < _STRAIGHT else math.copysign(block.height / 2, dy)
        return centre[0] + dx * reach + right, centre[1] + dy * reach + down
    reach = away + (low + high) / 2
    if is_pie and sector.label.position in ("inEnd", "", "bestFit"):
        reach = away + high - (block.width * abs(dx) + block.height * abs(dy)) / 2 - GAP_PT
    return centre[0] + dx * reach, centre[1] + dy * reach


def _sector_path(cx: float, cy: float, low: float, high: float, start: float, sweep: float) -> Path:
    first, last = math.radians(start - 90), math.radians(start + sweep - 90)
    if sweep > 359.999:
        path = Path.ellipse(cx, cy, high, high)
        return path.move(cx + low, cy).arc(low, low, 0.0, -360.0).close() if low > 0 else path
    path = Path().move(cx + high * math.cos(first), cy + high * math.sin(first)).arc(high, high, start - 90, sweep)
    path.line(cx + low * math.cos(last), cy + low * math.sin(last))
    if low > 0:
        path.arc(low, low, start + sweep - 90, -sweep)
    return path.close()


# -- radar -----------------------------------------------------------------------------------------------------------------


def draw_radar(canvas: Canvas, plot: Plot, axes: tuple[Axis, ...], region: Rect, looks: Looks) -> None:
    """A web with a spoke for each category."""
    categories = plot.categories
    count = len(categories)
    if count < 1:
        return
    across, up = (next((axis for axis in axes if (axis.kind == "valAx") == is_value), None) for is_value in (False, True))
    style = looks.text_style(child(across.element, "c:txPr") if across is not None else None)
    blocks = [looks.block(text, style, region.width * 0.25) for text in categories]
    margin_y = max(block.height for block in blocks) + _RADAR_LABEL_PT
    margin_x = max(block.width for block in blocks) + _RADAR_LABEL_PT
    radius = max(10.0, min(region.height / 2 - margin_y, region.width / 2 - margin_x))
    cx, cy = region.centre
    values = [value for series in plot.series for value in series.values if value is not None]
    given = (up.scaling("c:min"), up.scaling("c:max")) if up is not None else (None, None)
    scale = nice_scale(values, max(1, int(radius / (style.size * 2.3))), *given)
    spokes = [(math.sin(2 * math.pi * index / count), -math.cos(2 * math.pi * index / count)) for index in range(count)]

    def at(index: int, share: float) -> Point:
        return cx + spokes[index][0] * radius * share, cy + spokes[index][1] * radius * share

    _draw_web(canvas, up, scale, looks, at, count)
    for index, block in enumerate(blocks):
        dx, dy = spokes[index]
        right = 0.0 if abs(dx) < _STRAIGHT else math.copysign(block.width / 2, dx)
        down = 0.0 if abs(dy) < _STRAIGHT else math.copysign(block.height / 2, dy)
        x, y = at(index, 1.0)
        draw_block(canvas, block, x + dx * _RADAR_LABEL_PT + right, y + dy * _RADAR_LABEL_PT + down)
    is_filled = value_of(plot.element, "c:radarStyle") == "filled"
    for series in plot.series:
        points = [at(index, scale.share(value)) for index, value in enumerate(series.values) if value is not None and index < count]
        if not points:
            continue
        path = Path.polygon(*points)
        if is_filled:
            paint(canvas, path, looks.series_fill(plot, series, -1, path.bounds), looks.outline(series.element))
            continue
        canvas.draw(path, stroke=looks.series_line(series))
        marker = looks.marker(plot, series)
        for point in points:
            if marker is not None:
                marker.draw(canvas, *point)


def _draw_web(canvas: Canvas, up: Axis | None, scale: Scale, looks: Looks, at, count: int) -> None:  # type: ignore[no-untyped-def]
    lines = child(up.element, "c:majorGridlines") if up is not None else None
    stroke = looks.outline(lines, looks.faint) if lines is not None or up is None else None
    axis_stroke = looks.outline(up.element, looks.faint) if up is not None and not up.is_deleted else None
    for mark in scale.marks:
        if stroke is not None:
            canvas.draw(Path.polygon(*(at(index, scale.share(mark)) for index in range(count))), stroke=stroke)
    for index in range(count):
        if axis_stroke is not None or stroke is not None:
            canvas.draw(Path.polyline(at(index, 0.0), at(index, 1.0)), stroke=axis_stroke or stroke)
    if up is None or up.is_deleted or value_of(up.element, "c:tickLblPos") == "none":
        return
    style = looks.text_style(child(up.element, "c:txPr"))
    for mark in scale.marks:
        block = looks.block(format_number(mark, own_code(up.element) or "General"), style)
        x, y = at(0, scale.share(mark))
        draw_block(canvas, block, x + TICK_PT + GAP_PT + block.width / 2, y)
