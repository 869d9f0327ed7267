"""The axes of a chart: where values lie on the page, and lines, marks, gridlines and labels along the sides."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field

from ingest.slides.canvas import Canvas
from ingest.slides.chart_data import Axis, number_of, value_of
from ingest.slides.chart_looks import Looks, draw_block
from ingest.slides.chart_numbers import Scale, format_number
from ingest.slides.geometry import Path, Point, Rect
from ingest.slides.layout import Block
from ingest.slides.xml import child, integer

TICK_PT, GAP_PT = 4.25, 2.83
"""Length of a mark, and from there to its label: 1.5 mm and 1 mm, as LibreOffice has them."""
_VERTICAL_WIDTH_SHARE = 0.4
_LINES_MAX = 4
_SLANT_DEGREES = -45.0


@dataclass(frozen=True, slots=True)
class Grid:
    """How shares of a pair of axes become points of the slide.

    Attributes:
        area: inside of the axes.
        scale: of the values; `x_scale` of scatters, None where there are `count` categories.
        is_between: categories have a slot each, rather than the ends of the axis being the first and the last.
        is_swapped: values run to the right, categories upwards.
    """

    area: Rect
    scale: Scale
    count: int
    x_scale: Scale | None = None
    is_between: bool = True
    is_swapped: bool = False
    reverses_x: bool = False
    reverses_values: bool = False

    def place(self, index: float) -> float:
        """The share at which a category lies, counted from 0."""
        if self.is_between:
            return (index + 0.5) / max(1, self.count)
        return index / (self.count - 1) if self.count > 1 else 0.5

    def at(self, u: float, v: float) -> Point:
        """The point at shares of both axes."""
        u, v = (1 - u if self.reverses_x else u), (1 - v if self.reverses_values else v)
        x, y = (v, u) if self.is_swapped else (u, v)
        return self.area.x + x * self.area.width, self.area.y + (1 - y) * self.area.height

    @property
    def zero(self) -> float:
        """The share from which bars and areas rise."""
        return max(0.0, min(self.scale.share(0.0), 1.0)) if not self.scale.base else 0.0


@dataclass(slots=True)
class AxisView:
    """One axis on its grid, with its labels."""

    axis: Axis
    other: Axis | None
    grid: Grid
    is_value: bool
    looks: Looks
    categories: tuple[str, ...] = ()
    code: str = "General"
    labels: list[tuple[float, Block]] = field(default_factory=list)
    angle: float = 0.0

    def __post_init__(self) -> None:
        if self.is_hidden or value_of(self.axis.element, "c:tickLblPos") == "none":
            return
        properties = child(self.axis.element, "c:txPr")
        style = self.looks.text_style(properties)
        scale = self.grid.scale if self.is_value else self.grid.x_scale
        if scale is not None:
            self.labels = [(scale.share(mark), self.looks.block(format_number(mark, self.code), style)) for mark in scale.marks]
            return
        skip = int(number_of(child(self.axis.element, "c:tickLblSkip")) or 0)
        shown = range(0, len(self.categories), max(1, skip or math.ceil(len(self.categories) / 400)))
        blocks = [(index, self.looks.block(self.categories[index], style)) for index in shown]
        self.angle = integer(child(properties, "a:bodyPr"), "rot") / 60_000
        if abs(self.angle) > 90:
            self.angle = 0.0
        slot = self._length / max(1, self.grid.count) * (shown.step if shown else 1)
        widest = max((block.width for _, block in blocks), default=0.0)
        if not self.is_across:
            room = self.grid.area.width * _VERTICAL_WIDTH_SHARE
            blocks = [(index, self.looks.block(self.categories[index], style, room, "right")) for index, _ in blocks]
            self._keep(blocks, slot, max((block.height for _, block in blocks), default=0.0))
        elif self.angle or widest <= slot:
            self._keep(blocks, slot, self._slanted(widest, style.size) if self.angle else widest)
        else:
            wrapped = [(index, self.looks.block(self.categories[index], style, slot)) for index, _ in blocks]
            longest = max((word for text in self.categories for word in text.split() if word.isascii()), key=len, default="")
            if max(len(block.lines) for _, block in wrapped) <= _LINES_MAX and self.looks.block(longest, style).width <= slot:
                self.labels = [(self.grid.place(index), block) for index, block in wrapped]
            else:
                self.angle = _SLANT_DEGREES
                self._keep(blocks, slot, style.size * 1.5)

    def _keep(self, blocks: list[tuple[int, Block]], slot: float, needed: float) -> None:
        """As many labels as there is room for."""
        step = max(1, math.ceil(needed / slot - 0.05)) if slot > 0 else 1
        self.labels = [(self.grid.place(index), block) for index, block in blocks[::step]]

    @staticmethod
    def _slanted(width: float, size: float) -> float:
        return min(width, size * 1.5)

    # -- where it is -------------------------------------------------------------------------------------------------------

    @property
    def is_hidden(self) -> bool:
        return self.axis.is_deleted

    @property
    def is_across(self) -> bool:
        """Whether its line lies."""
        return self.is_value == self.grid.is_swapped

    @property
    def _length(self) -> float:
        return self.grid.area.width if self.is_across else self.grid.area.height

    @property
    def crossing(self) -> float:
        """The share of the other axis at which it stands."""
        how, where = value_of(self.axis.element, "c:crosses", "autoZero"), number_of(child(self.axis.element, "c:crossesAt"))
        if how in ("min", "max"):
            return float(how == "max")
        scale = self.grid.x_scale if self.is_value else self.grid.scale
        if scale is None:
            return 0.0 if where is None else max(0.0, min((where - 1) / max(1, self.grid.count), 1.0))
        if where is None and scale.base:
            return 0.0
        return max(0.0, min(scale.share(where or 0.0), 1.0))

    def _at(self, along: float, other: float) -> Point:
        return self.grid.at(other, along) if self.is_value else self.grid.at(along, other)

    def _outwards(self, is_low: bool) -> Point:
        """The direction from the chart towards the labels."""
        (x0, y0), (x1, y1) = self._at(0.5, 0.0), self._at(0.5, 1.0)
        dx, dy = (x0 - x1, y0 - y1) if is_low else (x1 - x0, y1 - y0)
        length = math.hypot(dx, dy) or 1.0
        return dx / length, dy / length

    def boxes(self) -> list[tuple[Rect, Block]]:
        """Where each label goes: the box around it, turned or not."""
        place = value_of(self.axis.element, "c:tickLblPos", "nextTo")
        where = {"low": 0.0, "high": 1.0}.get(place, self.crossing)
        is_low = where < 0.999
        dx, dy = self._outwards(is_low)
        distance = (TICK_PT if value_of(self.axis.element, "c:majorTickMark", "out") in ("out", "cross") else 0.0) + GAP_PT
        found = []
        for share, block in self.labels:
            x, y = self._at(share, where)
            width, height = self._turned(block)
            across = width if not self.angle or abs(self.angle) == 90 else 0.0
            left = x - across / 2 if self.is_across else x + dx * distance - (width if dx < 0 else 0.0)
            if self.is_across and not across:
                left = x - width if self.angle < 0 else x
            top = y - height / 2 if not self.is_across else y + dy * distance - (height if dy < 0 else 0.0)
            found.append((Rect(left, top, width, height), block))
        return found

    def _turned(self, block: Block) -> tuple[float, float]:
        sine, cosine = abs(math.sin(math.radians(self.angle))), abs(math.cos(math.radians(self.angle)))
        return block.width * cosine + block.height * sine, block.width * sine + block.height * cosine

    # -- drawing -----------------------------------------------------------------------------------------------------------

    def draw_gridlines(self, canvas: Canvas) -> None:
        for name, is_major in (("c:minorGridlines", False), ("c:majorGridlines", True)):
            lines = child(self.axis.element, name)
            stroke = self.looks.outline(lines, self.looks.faint) if lines is not None else None
            if stroke is not None:
                for share in self._shares() if is_major else self._minor_shares():
                    canvas.draw(Path.polyline(self._at(share, 0.0), self._at(share, 1.0)), stroke=stroke)

    def draw(self, canvas: Canvas) -> None:
        """Its line, marks and labels."""
        if self.is_hidden:
            return
        stroke = self.looks.outline(self.axis.element, self.looks.faint)
        if stroke is not None:
            canvas.draw(Path.polyline(self._at(0.0, self.crossing), self._at(1.0, self.crossing)), stroke=stroke)
            dx, dy = self._outwards(self.crossing < 0.999)
            kind = value_of(self.axis.element, "c:majorTickMark", "out")
            outer, inner = (TICK_PT if kind in ("out", "cross") else 0.0), (TICK_PT if kind in ("in", "cross") else 0.0)
            for share in self._shares() if outer or inner else ():
                x, y = self._at(share, self.crossing)
                ends = (x - dx * inner, y - dy * inner), (x + dx * outer, y + dy * outer)
                canvas.draw(Path.polyline(*ends), stroke=stroke)
        for box, block in self.boxes():
            draw_block(canvas, block, *box.centre, self.angle)

    def _shares(self) -> list[float]:
        """Where marks and gridlines are: at the values, or between the categories."""
        scale = self.grid.scale if self.is_value else self.grid.x_scale
        if scale is not None:
            return [scale.share(mark) for mark in scale.marks]
        step = max(1, int(number_of(child(self.axis.element, "c:tickMarkSkip")) or math.ceil(self.grid.count / 400)))
        if self.grid.is_between:
            return [index / max(1, self.grid.count) for index in range(0, self.grid.count + 1, step)]
        return [self.grid.place(index) for index in range(0, self.grid.count, step)]

    def _minor_shares(self) -> list[float]:
        shares = self._shares()
        return [low + (high - low) * part / 5 for low, high in itertools.pairwise(shares) for part in range(1, 5)]


def stands_between(axis: Axis | None, default: bool) -> bool:
    """Whether a value axis crosses between the categories."""
    how = value_of(axis.element, "c:crossBetween") if axis is not None else ""
    return how == "between" if how else default
