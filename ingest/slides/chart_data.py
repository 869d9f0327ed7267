"""What a chart part says: its plots, series and axes, as values. ECMA-376 part 1, 21.2."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.slides.chart_numbers import format_number
from ingest.slides.xml import Element, child, children, elements, flag, integer, local_name

_SERIES_MAX = 255
"""What Excel allows."""
POINTS_MAX = 32_000
_AXES = ("catAx", "valAx", "dateAx", "serAx")
KINDS = {
    **{"barChart": "bar", "bar3DChart": "bar", "lineChart": "line", "line3DChart": "line", "stockChart": "line"},
    **{"areaChart": "area", "area3DChart": "area", "pieChart": "pie", "pie3DChart": "pie", "ofPieChart": "pie"},
    **{"doughnutChart": "doughnut", "scatterChart": "scatter", "bubbleChart": "bubble", "radarChart": "radar"},
}


@dataclass(frozen=True, slots=True)
class Series:
    """One row of numbers.

    Attributes:
        index: decides its colour where it has none of its own.
        values: a number for each category, None where there is none; of scatters the y values.
        xs, sizes: of scatters and bubbles.
        code: how its numbers are written.
        element: its `c:ser`, for its looks.
    """

    index: int
    name: str
    values: tuple[float | None, ...]
    categories: tuple[str, ...]
    code: str
    element: Element = field(repr=False)
    xs: tuple[float | None, ...] = ()
    sizes: tuple[float | None, ...] = ()

    def point(self, index: int) -> Element | None:
        """The `c:dPt` of one value, which looks unlike the rest."""
        return next((item for item in children(self.element, "c:dPt") if value_of(item, "c:idx") == str(index)), None)


@dataclass(frozen=True, slots=True)
class Plot:
    """Series that are drawn one way on the same axes.

    Attributes:
        kind: "bar", "line", "area", "pie", "doughnut", "scatter", "bubble", "radar", or "" for one that is not drawn.
        grouping: "standard", "clustered", "stacked" or "percentStacked".
        axis_ids: of its axes.
    """

    kind: str
    element: Element = field(repr=False)
    series: tuple[Series, ...]
    grouping: str
    axis_ids: tuple[str, ...]

    @property
    def is_stacked(self) -> bool:
        return self.grouping in ("stacked", "percentStacked")

    @property
    def is_horizontal(self) -> bool:
        """Bars that lie."""
        return self.kind == "bar" and value_of(self.element, "c:barDir") == "bar"

    @property
    def varies_colours(self) -> bool:
        """Whether each value of its only series has a colour of its own."""
        vary = child(self.element, "c:varyColors")
        default = self.kind in ("pie", "doughnut")
        return (len(self.series) == 1 and (default if vary is None else flag(vary, "val", True))) or default

    @property
    def categories(self) -> tuple[str, ...]:
        """What its values belong to; numbers from 1 where nothing is said."""
        count = max((max(len(series.values), len(series.categories)) for series in self.series), default=0)
        named = max((series.categories for series in self.series), key=len, default=())
        return tuple(named[index] if index < len(named) else str(index + 1) for index in range(count))


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis. `crosses` is the id of the one that it crosses."""

    id: str
    kind: str
    side: str
    crosses: str
    element: Element = field(repr=False)

    @property
    def is_deleted(self) -> bool:
        return flag_of(self.element, "c:delete", False)

    @property
    def is_reversed(self) -> bool:
        return value_of(child(self.element, "c:scaling"), "c:orientation") == "maxMin"

    @property
    def has_gridlines(self) -> bool:
        return child(self.element, "c:majorGridlines") is not None

    def scaling(self, name: str) -> float | None:
        """`c:min`, `c:max` or `c:logBase` where it is set by hand."""
        return number_of(child(self.element, "c:scaling", name))


@dataclass(frozen=True, slots=True)
class ChartData:
    """A whole chart."""

    plots: tuple[Plot, ...]
    axes: tuple[Axis, ...]

    def axis(self, axis_id: str) -> Axis | None:
        return next((axis for axis in self.axes if axis.id == axis_id), None)


def read_chart(chart: Element) -> ChartData:
    """Of a `c:chart`."""
    area = child(chart, "c:plotArea")
    plots = [_read_plot(item) for item in elements(area) if local_name(item).endswith("Chart")]
    axes = [
        Axis(value_of(item, "c:axId"), local_name(item), value_of(item, "c:axPos"), value_of(item, "c:crossAx"), item)
        for item in elements(area)
        if local_name(item) in _AXES
    ]
    return ChartData(tuple(plots), tuple(axes))


def _read_plot(element: Element) -> Plot:
    found = [series for series, _ in zip(children(element, "c:ser"), range(_SERIES_MAX), strict=False)]
    series = tuple(_read_series(item, number) for number, item in enumerate(found))
    kind = KINDS.get(local_name(element), "")
    grouping = value_of(element, "c:grouping") or ("clustered" if kind == "bar" else "standard")
    if local_name(element) == "stockChart":
        grouping = "standard"
    return Plot(kind, element, series, grouping, tuple(item.get("val") or "" for item in children(element, "c:axId")))


def _read_series(element: Element, number: int) -> Series:
    values = child(element, "c:val")
    if values is None:
        values = child(element, "c:yVal")
    numbers, code = _numbers(values)
    categories = child(element, "c:cat")
    xs: tuple[float | None, ...] = ()
    if child(element, "c:yVal") is not None:
        xs, _ = _numbers(child(element, "c:xVal"))
        if not any(x is not None for x in xs):
            xs = tuple(float(index + 1) for index in range(len(numbers)))
    sizes, _ = _numbers(child(element, "c:bubbleSize"))
    index = number_of(child(element, "c:idx"))
    name = " ".join(_texts(child(element, "c:tx"))) or f"Series{number + 1}"
    return Series(
        number if index is None else max(0, int(index)), name, numbers, tuple(_texts(categories)), code, element, xs, sizes
    )


def _cache(source: Element | None) -> Element | None:
    """Where the values are: `c:numCache` and its like, inside of a reference or not."""
    for item in elements(source):
        kind = local_name(item)
        if kind in ("numLit", "strLit"):
            return item
        if kind in ("numRef", "strRef", "multiLvlStrRef"):
            return next((cache for cache in elements(item) if local_name(cache).endswith("Cache")), None)
    return None


def _points(cache: Element | None) -> Iterator[tuple[int, Element]]:
    for place, point in enumerate(children(cache, "c:pt")):
        if place >= POINTS_MAX:
            return
        index = integer(point, "idx", place)
        if 0 <= index < POINTS_MAX:
            yield index, point


def _count(cache: Element | None, places: list[int]) -> int:
    declared = number_of(child(cache, "c:ptCount")) or 0
    return max([min(int(declared), POINTS_MAX), *(place + 1 for place in places)])


def _numbers(source: Element | None) -> tuple[tuple[float | None, ...], str]:
    cache = _cache(source)
    found = {index: number for index, point in _points(cache) if (number := to_number(_value(point))) is not None}
    code = child(cache, "c:formatCode")
    values = tuple(found.get(index) for index in range(_count(cache, list(found))))
    return values, (code.text or "General") if code is not None else "General"


def _texts(source: Element | None) -> list[str]:
    plain = child(source, "c:v")
    if plain is not None:
        return [plain.text or ""]
    cache = _cache(source)
    levels = list(children(cache, "c:lvl"))
    own = child(cache, "c:formatCode")
    found: dict[int, str] = {}
    is_number = cache is not None and local_name(cache).startswith("num")
    for index, point in (place for level in levels or [cache] for place in _points(level)):
        text = _value(point)
        number = to_number(text) if is_number else None
        code = point.get("formatCode") or (own.text if own is not None else None) or "General"
        text = text if number is None else format_number(number, code)
        found[index] = f"{found[index]} {text}" if index in found else text  # the innermost of several levels comes first
    return [re.sub(r"\s+", " ", found.get(index, "")) for index in range(_count(cache, list(found)))]


def _value(point: Element) -> str:
    value = child(point, "c:v")
    return (value.text or "") if value is not None else ""


def value_of(element: Element | None, name: str, default: str = "") -> str:
    """The `val` of a child; most of what charts say is said so."""
    found = child(element, name)
    return default if found is None else str(found.get("val") or default)


def flag_of(element: Element | None, name: str, default: bool) -> bool:
    """A child that switches something; present without a value it switches it on."""
    found = child(element, name)
    return default if found is None else flag(found, "val", True)


def number_of(element: Element | None) -> float | None:
    """The `val` of an element as a number."""
    return to_number(element.get("val") or "") if element is not None else None


def to_number(text: str) -> float | None:
    """A finite number, or None."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) < 1e300 else None
