"""Charts, drawn from their data: where title, legend, axes and plots go. ECMA-376 part 1, 21.2.

Distances are LibreOffice's, which come close to PowerPoint's; what a chart says of its own layout is kept to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lxml.etree import XMLSyntaxError  # type: ignore[import-untyped]
from pptx.oxml import parse_xml

from ingest.slides.canvas import Canvas
from ingest.slides.chart_axes import AxisView, Grid, stands_between
from ingest.slides.chart_data import Axis, ChartData, Plot, flag_of, number_of, read_chart, value_of
from ingest.slides.chart_fallback import draw_data
from ingest.slides.chart_labels import own_code
from ingest.slides.chart_legend import Legend
from ingest.slides.chart_looks import Looks, draw_block
from ingest.slides.chart_numbers import Scale, format_number, nice_scale
from ingest.slides.chart_plots import PlotDrawer, stacked_values
from ingest.slides.chart_round import draw_pie, draw_radar
from ingest.slides.context import Context
from ingest.slides.geometry import Path, Rect
from ingest.slides.layout import Block
from ingest.slides.paint import paint
from ingest.slides.theme import Palette, Theme
from ingest.slides.xml import NAMESPACES, Element, child, local_name, qualified

_MARGIN = 0.02
"""Between the parts of a chart, as a share of its width or height."""
_TITLE_OUTER_PT, _TITLE_INNER_PT = 8.2, 4.1
_LEGEND_GAP_EM = 0.44
_STEPS_MAX = 10
_ROUNDS = 3
"""The room of labels depends on the scale, and the scale on the room; so often is that settled."""


def draw(canvas: Canvas, frame: Element, area: Rect, context: Context) -> None:
    """The chart of a `p:graphicFrame`."""
    reference = child(frame, "a:graphic", "a:graphicData", "c:chart")
    part = context.related(reference.get(qualified("r:id"))) if reference is not None else None
    space = getattr(part, "_element", None)
    chart = child(space, "c:chart")
    if chart is None:
        context.warn("a chart is missing from the file and was left out.")
        return
    own = replace(context, part=part)
    own = _with_own_theme(own)
    data = read_chart(chart)
    if not any(plot.series for plot in data.plots):
        context.warn("a chart holds no data and was left empty.")
    unknown = [plot for plot in data.plots if not plot.kind]
    if unknown:
        kind = local_name(unknown[0].element).removesuffix("Chart").removesuffix("3D")
        context.warn(f"a chart of a kind that is not drawn ({kind}) is shown as a table of its data.")
        draw_data(canvas, unknown[0], area, context)
        return
    _Chart(canvas, space, chart, data, area, own).draw()


def _with_own_theme(context: Context) -> Context:
    """A chart that was pasted with its own looks brings its own theme."""
    for relationship in context.part.rels.values():
        if relationship.reltype.endswith("/themeOverride") and not relationship.is_external:
            try:
                root = parse_xml(relationship.target_part.blob)
            except XMLSyntaxError:
                return context
            if child(root, "a:clrScheme") is not None and child(root, "a:fontScheme") is not None:
                whole = parse_xml(f'<a:theme xmlns:a="{NAMESPACES["a"]}"><a:themeElements/></a:theme>')
                whole[0].extend(list(root))
                theme = Theme.read(whole)
                return replace(context, theme=theme, palette=Palette.of(theme, None))
    return context


class _Chart:
    """One chart being drawn."""

    def __init__(self, canvas: Canvas, space: Element, chart: Element, data: ChartData, area: Rect, context: Context) -> None:
        self._canvas, self._space, self._chart, self._data, self._area = canvas, space, chart, data, area
        self._looks = Looks(context, space)
        self._dx, self._dy = area.width * _MARGIN, area.height * _MARGIN

    def draw(self) -> None:
        area = self._area
        paint(self._canvas, Path.rectangle(*area), self._looks.fill(self._space, area, None), self._looks.outline(self._space))
        room = area.inset(self._dx, self._dy, self._dx, self._dy)
        room = self._draw_title(room)
        room = self._draw_legend(room)
        plot_area = child(self._chart, "c:plotArea")
        given = self._manual(plot_area)
        round_plots = [plot for plot in self._data.plots if plot.kind in ("pie", "doughnut", "radar")]
        flat_plots = [plot for plot in self._data.plots if plot not in round_plots and plot.series]
        for plot in round_plots:
            if plot.kind == "radar":
                draw_radar(self._canvas, plot, self._data.axes, given or room, self._looks)
            else:
                draw_pie(self._canvas, plot, given or room, self._looks)
        if flat_plots:
            is_inner = value_of(child(plot_area, "c:layout", "c:manualLayout"), "c:layoutTarget") == "inner"
            self._draw_flat(flat_plots, given or room, is_inner and given is not None)

    def _manual(self, holder: Element | None) -> Rect | None:
        """The place that an element was given by hand."""
        layout = child(holder, "c:layout", "c:manualLayout")
        x, y, width, height = (number_of(child(layout, f"c:{name}")) for name in ("x", "y", "w", "h"))
        if value_of(layout, "c:xMode") != "edge" or value_of(layout, "c:yMode") != "edge" or x is None or y is None:
            return None
        area = self._area
        size = (max(0.0, min(width or 0.0, 1.0)) * area.width, max(0.0, min(height or 0.0, 1.0)) * area.height)
        place = Rect(area.x + max(0.0, min(x, 1.0)) * area.width, area.y + max(0.0, min(y, 1.0)) * area.height, *size)
        return place if local_name(holder) == "title" or (place.width > 1 and place.height > 1) else None

    # -- title and legend --------------------------------------------------------------------------------------------------

    def _draw_title(self, room: Rect) -> Rect:
        title = child(self._chart, "c:title")
        series = [series for plot in self._data.plots for series in plot.series]
        fallback = series[0].name if len(series) == 1 else ""
        if title is None and (not fallback or flag_of(self._chart, "c:autoTitleDeleted", False)):
            return room
        block = self._looks.title(title, room.width, is_main=True, fallback=fallback)
        if block is None:
            return room
        given = self._manual(title)
        if given is not None:
            draw_block(
                self._canvas, block, given.x + block.width / 2 + _TITLE_INNER_PT, given.y + block.height / 2 + _TITLE_INNER_PT
            )
        else:
            draw_block(self._canvas, block, self._area.centre[0], room.y + _TITLE_OUTER_PT + block.height / 2)
        if flag_of(title, "c:overlay", False):
            return room
        return room.inset(0, _TITLE_OUTER_PT + block.height + _TITLE_INNER_PT + self._dy, 0, 0)

    def _draw_legend(self, room: Rect) -> Rect:
        element = child(self._chart, "c:legend")
        if element is None:
            return room
        legend = Legend(element, self._data, self._looks, self._area)
        width, height = min(legend.width, room.width), min(legend.height, room.height)
        area, middle_x, middle_y = self._area, self._area.centre[0] - width / 2, self._area.centre[1] - height / 2
        gap = self._looks.base.size * _LEGEND_GAP_EM
        place, rest = {
            "t": (Rect(middle_x, room.y - gap / 2, width, height), room.inset(0, height - gap / 2 + self._dy, 0, 0)),
            "b": (
                Rect(middle_x, area.y + area.height - height, width, height),
                room.inset(0, 0, 0, max(0.0, height - self._dy) + self._dy + gap),
            ),
            "l": (Rect(room.x, middle_y, width, height), room.inset(width + self._dx, 0, 0, 0)),
            "tr": (Rect(room.x + room.width - width, room.y, width, height), room.inset(0, 0, width + self._dx, 0)),
        }.get(legend.side, (Rect(room.x + room.width - width, middle_y, width, height), room.inset(0, 0, width + self._dx, 0)))
        legend.draw(self._canvas, self._manual(element) or place)
        return room if legend.overlays else rest

    # -- plots with axes ---------------------------------------------------------------------------------------------------

    def _draw_flat(self, plots: list[Plot], room: Rect, is_inner: bool) -> None:
        titles = [] if is_inner else self._axis_titles(room)
        for _, side, _, thickness in titles:
            step = self._dx if side in "lr" else self._dy
            inset = {name: thickness + step if name == side else 0.0 for name in "ltrb"}
            room = room.inset(inset["l"], inset["t"], inset["r"], inset["b"])
        inner, views, grids = room, [], {}
        for _ in range(_ROUNDS):
            grids = {plot.axis_ids: self._grid(plot, plots, inner) for plot in plots}
            views = self._views(plots, grids)
            if is_inner:
                break
            boxes = [box for view in views for box, _ in view.boxes()]
            left = max([0.0, *(inner.x - box.x for box in boxes)])
            top = max([0.0, *(inner.y - box.y for box in boxes)])
            right = max([0.0, *(box.x + box.width - inner.x - inner.width for box in boxes)])
            bottom = max([0.0, *(box.y + box.height - inner.y - inner.height for box in boxes)])
            inner = room.inset(
                min(left, room.width / 2), min(top, room.height / 3), min(right, room.width / 3), min(bottom, room.height / 2)
            )
        background = child(self._chart, "c:plotArea")
        paint(self._canvas, Path.rectangle(*inner), self._looks.fill(background, inner, None), self._looks.outline(background))
        for view in views:
            view.draw_gridlines(self._canvas)
        drawer = PlotDrawer(self._canvas, self._looks, self._area.width)
        order = {"area": 0, "bar": 1}
        is_below = all(plot.kind != "area" for plot in plots)
        for view in views if is_below else ():
            view.draw(self._canvas)
        for plot in sorted(plots, key=lambda plot: order.get(plot.kind, 2)):
            drawer.draw(plot, grids[plot.axis_ids])
        for view in () if is_below else views:
            view.draw(self._canvas)
        drawer.draw_labels()
        for block, side, degrees, thickness in titles:
            self._place_title(block, side, degrees, thickness, room)

    def _axis_titles(self, room: Rect) -> list[tuple[Block, str, float, float]]:
        """Each with its side, how far it is turned, and the room it takes across."""
        found = []
        for axis in self._data.axes:
            block = self._looks.title(
                child(axis.element, "c:title"), room.width if axis.side in "tb" else room.height, is_main=False
            )
            if block is not None and not axis.is_deleted and axis.side in ("l", "r", "t", "b"):
                found.append(
                    (block, axis.side, -90.0 if axis.side in "lr" else 0.0, _TITLE_OUTER_PT + block.height + _TITLE_INNER_PT)
                )
        return found

    def _place_title(self, block: Block, side: str, degrees: float, thickness: float, room: Rect) -> None:
        cx, cy = room.centre
        middle = _TITLE_INNER_PT + block.height / 2
        x, y = {
            "l": (room.x - self._dx - middle, cy),
            "r": (room.x + room.width + self._dx + middle, cy),
            "t": (cx, room.y - self._dy - middle),
        }.get(side, (cx, room.y + room.height + self._dy + middle))
        draw_block(self._canvas, block, x, y, degrees)

    def _views(self, plots: Sequence[Plot], grids: dict[tuple[str, ...], Grid]) -> list[AxisView]:
        views: dict[str, AxisView] = {}
        for plot in plots:
            for number, axis in enumerate(self._axes_of(plot)):
                if axis is None or axis.id in views:
                    continue
                is_value = number == 1
                other = self._axes_of(plot)[0 if is_value else 1]
                views[axis.id] = AxisView(
                    axis, other, grids[plot.axis_ids], is_value, self._looks, plot.categories, self._code(axis, plot, is_value)
                )
        return list(views.values())

    def _axes_of(self, plot: Plot) -> tuple[Axis | None, Axis | None]:
        """The axis of categories or x values, and that of the values."""
        axes = [axis for axis in map(self._data.axis, plot.axis_ids[:2]) if axis is not None]
        if plot.kind in ("scatter", "bubble"):
            across = next((axis for axis in axes if axis.side in ("b", "t")), axes[0] if axes else None)
            return across, next((axis for axis in axes if axis is not across), None)
        return (
            next((axis for axis in axes if axis.kind != "valAx"), None),
            next((axis for axis in axes if axis.kind == "valAx"), None),
        )

    def _code(self, axis: Axis, plot: Plot, is_value: bool) -> str:
        if own_code(axis.element):
            return own_code(axis.element)
        if is_value and plot.grouping == "percentStacked":
            return "0%"
        return next((series.code for series in plot.series if series.code != "General"), "General") if is_value else "General"

    def _grid(self, plot: Plot, plots: Sequence[Plot], inner: Rect) -> Grid:
        across, up = self._axes_of(plot)
        sharing = [other for other in plots if up is not None and self._axes_of(other)[1] is up] or [plot]
        values = [end for other in sharing for row in stacked_values(other) for ends in row if ends is not None for end in ends[1:]]
        is_swapped = plot.is_horizontal
        height = self._looks.base.size * 1.2
        if is_swapped:
            widest = max(
                (len(format_number(value, self._code(up, plot, True) if up else "General")) for value in values), default=1
            )
            steps = int(inner.width / (self._looks.base.size * 0.6 * (min(widest, 12) + 1)))
        else:
            steps = int(inner.height / height)
        scale = _scale(up, values, min(_STEPS_MAX, steps), plot.grouping == "percentStacked")
        x_scale = None
        if plot.kind in ("scatter", "bubble"):
            xs = [x for other in sharing for series in other.series for x in series.xs if x is not None]
            x_scale = _scale(across, xs, min(_STEPS_MAX, int(inner.width / (self._looks.base.size * 2.4))), False)
        return Grid(
            inner,
            scale,
            max(1, *(len(other.categories) for other in sharing)),
            x_scale,
            stands_between(up, plot.kind != "area") or plot.kind == "bar",
            is_swapped,
            across is not None and across.is_reversed,
            up is not None and up.is_reversed,
        )


def _scale(axis: Axis | None, values: list[float], steps: int, is_percent: bool) -> Scale:
    low, high = (axis.scaling("c:min"), axis.scaling("c:max")) if axis is not None else (None, None)
    step = number_of(child(axis.element, "c:majorUnit")) if axis is not None else None
    if is_percent:
        low = (-1.0 if any(value < 0 for value in values) else 0.0) if low is None else low
        high = 1.0 if high is None else high
    base = (axis.scaling("c:logBase") if axis is not None else None) or 0.0
    return nice_scale(values, max(1, steps), low, high, step, base if 1 < base <= 1000 else 0.0)
