"""Tables: cells with their style, borders and text, in rows that grow with what is written in them.

ECMA-376 part 1, 21.1.3.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from ingest.slides.body import TextSources, list_style, read_body
from ingest.slides.canvas import Canvas, Colour, Stroke
from ingest.slides.context import Context
from ingest.slides.geometry import Path, Rect
from ingest.slides.paint import Fill, fill_element, paint, read_fill, read_stroke
from ingest.slides.table_styles import TableStyle
from ingest.slides.text import Body, BodyStyle
from ingest.slides.textbox import draw_body, text_height
from ingest.slides.xml import Element, child, children, elements, flag, integer, local_name, points, qualified

_CELLS_MAX = 20_000
_MARGINS_PT = (("marL", 7.2), ("marT", 3.6), ("marR", 7.2), ("marB", 3.6))
_ANCHORS: dict[str, Literal["top", "middle", "bottom"]] = {"ctr": "middle", "b": "bottom"}
_OWN_LINE = 100
"""A cell's own border is stronger than any of the style's."""

Edge = tuple[bool, int, int]
"""Whether it lies across, and the row and column of the cell below or right of it."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell with all that it covers: rows `row` to `bottom` and columns `column` to `right`, the ends excluded."""

    element: Element
    row: int
    column: int
    bottom: int
    right: int
    body: Body

    @property
    def properties(self) -> Element | None:
        return child(self.element, "a:tcPr")


def draw(canvas: Canvas, frame: Element, area: Rect, context: Context) -> None:
    """The table of a `p:graphicFrame`."""
    table = child(frame, "a:graphic", "a:graphicData", "a:tbl")
    if table is not None:
        draw_table(canvas, table, area, context)


def draw_table(canvas: Canvas, element: Element, area: Rect, context: Context) -> None:
    """An `a:tbl`, with its top left corner at the area's."""
    rows = list(children(element, "a:tr"))
    widths = [max(0.0, points(column, "w")) for column in children(child(element, "a:tblGrid"), "a:gridCol")]
    if not rows or not widths:
        return
    if len(rows) * len(widths) > _CELLS_MAX:
        context.warn(f"a table has {len(rows)} rows; those that are far outside of the slide were left out.")
        rows = rows[: max(1, _CELLS_MAX // len(widths))]
        widths = widths[:_CELLS_MAX]
    _Table(canvas, context, element, rows, widths).draw(area)


class _Table:
    """One table being drawn."""

    def __init__(self, canvas: Canvas, context: Context, element: Element, rows: list[Element], widths: list[float]) -> None:
        self._canvas, self._context, self._widths = canvas, context, widths
        self._style = TableStyle.of(element, context, len(rows), len(widths))
        self._is_mirrored = flag(child(element, "a:tblPr"), "rtl")
        self._own_fill = fill_element(child(element, "a:tblPr"))
        self._cells = list(self._read(rows))
        self._heights = self._fitted([max(0.0, points(row, "h")) for row in rows])

    def draw(self, area: Rect) -> None:
        """Fills first, then borders over them, then text."""
        lefts, tops = _sums(area.x, self._widths), _sums(area.y, self._heights)
        if self._is_mirrored:
            lefts = [area.x + lefts[-1] - left for left in lefts]
        whole = Rect(area.x, area.y, sum(self._widths), sum(self._heights))
        self._paint(whole, self._background(whole))
        boxes = []
        for cell in self._cells:
            left, right = sorted((lefts[cell.column], lefts[cell.right]))
            boxes.append(Rect(left, tops[cell.row], right - left, tops[cell.bottom] - tops[cell.row]))
            self._paint(boxes[-1], self._fill(cell, boxes[-1]))
        for (is_across, row, column), stroke in self._borders().items():
            x, y = lefts[column], tops[row]
            end = (lefts[column + 1], y) if is_across else (x, tops[row + 1])
            self._canvas.draw(Path.polyline((x, y), end), stroke=replace(stroke, cap=stroke.cap if stroke.dash else 2))
        for cell, box in zip(self._cells, boxes, strict=True):
            self._draw_diagonals(cell, box)
            draw_body(self._canvas, cell.body, box, self._context.fonts)

    def _paint(self, box: Rect, fill: Fill | None) -> None:
        if fill is not None:
            paint(self._canvas, Path.rectangle(*box), fill)

    # -- reading -----------------------------------------------------------------------------------------------------------

    def _read(self, rows: list[Element]) -> Iterator[_Cell]:
        for row, element in enumerate(rows):
            for column, cell in zip(range(len(self._widths)), children(element, "a:tc"), strict=False):
                if flag(cell, "hMerge") or flag(cell, "vMerge"):
                    continue
                bottom = min(row + max(1, integer(cell, "rowSpan", 1)), len(rows))
                right = min(column + max(1, integer(cell, "gridSpan", 1)), len(self._widths))
                yield _Cell(cell, row, column, bottom, right, self._read_text(cell, row, column))

    def _read_text(self, cell: Element, row: int, column: int) -> Body:
        sections = [child(section, "a:tcTxStyle") for section, _ in reversed(self._style.sections(row, column))]
        styles = [style for style in sections if style is not None]
        colour = next((holder for holder in map(_colour_holder, styles) if holder is not None), None)
        bold, italic = (
            next((style.get(name) == "on" for style in styles if style.get(name) in ("on", "off")), None) for name in "bi"
        )
        body = read_body(child(cell, "a:txBody"), self._context, TextSources((list_style(colour, "", bold, italic),)))
        properties = child(cell, "a:tcPr")
        anchor = _ANCHORS.get(properties.get("anchor") or "", "top") if properties is not None else "top"
        direction = (properties.get("vert") or "horz") if properties is not None else "horz"
        left, top, right, bottom = (max(0.0, points(properties, name, default)) for name, default in _MARGINS_PT)
        return replace(
            body, style=BodyStyle((left, top, right, bottom), anchor, flag(properties, "anchorCtr"), direction=direction)
        )

    def _fitted(self, heights: list[float]) -> list[float]:
        """The heights of rows that hold all their text; what spans several rows stretches the last of them."""
        for cell in sorted(self._cells, key=lambda cell: cell.bottom - cell.row):
            if cell.body.style.direction == "horz" and cell.body.text:
                needed = text_height(cell.body, sum(self._widths[cell.column : cell.right]), self._context.fonts)
            else:
                needed = 0.0
            heights[cell.bottom - 1] += max(0.0, needed - sum(heights[cell.row : cell.bottom]))
        return heights

    # -- fills -------------------------------------------------------------------------------------------------------------

    def _background(self, box: Rect) -> Fill | None:
        if self._own_fill is not None:
            return read_fill(self._own_fill, self._context, box)
        return self._styled_fill(self._style.background, box)

    def _fill(self, cell: _Cell, box: Rect) -> Fill | None:
        own = fill_element(cell.properties)
        if own is not None:
            return read_fill(own, self._context, box)
        for section, _ in reversed(self._style.sections(cell.row, cell.column)):
            style = child(section, "a:tcStyle")
            if fill_element(child(style, "a:fill")) is not None or child(style, "a:fillRef") is not None:
                return self._styled_fill(style, box)
        return None

    def _styled_fill(self, style: Element | None, box: Rect) -> Fill | None:
        reference = child(style, "a:fillRef")
        if reference is not None:
            fill = self._context.theme.format("fillStyleLst", integer(reference, "idx"))
            return read_fill(fill, self._context, box, self._context.palette.inside(reference))
        return read_fill(fill_element(child(style, "a:fill")), self._context, box)

    # -- borders -----------------------------------------------------------------------------------------------------------

    def _borders(self) -> dict[Edge, Stroke]:
        """What is drawn on each piece of the grid: of the two cells that share it, the one with the stronger say."""
        found: dict[Edge, tuple[int, Stroke]] = {}
        for cell in self._cells:
            sections = self._style.sections(cell.row, cell.column)
            for side, edges in _sides(cell).items():
                strength, stroke = self._border(cell, side, sections)
                if stroke is not None:
                    for edge in edges:
                        if edge not in found or found[edge][0] <= strength:
                            found[edge] = strength, stroke
        return {edge: stroke for edge, (_, stroke) in found.items()}

    def _border(
        self, cell: _Cell, side: str, sections: list[tuple[Element, tuple[int, int, int, int]]]
    ) -> tuple[int, Stroke | None]:
        own = child(cell.properties, f"a:ln{'LRTB'[('left', 'right', 'top', 'bottom').index(side)]}")
        if own is not None and fill_element(own) is not None:
            return _OWN_LINE, read_stroke([own], self._context)
        for strength in range(len(sections) - 1, -1, -1):
            section, (first_row, last_row, first_column, last_column) = sections[strength]
            is_outer = {
                "left": cell.column == first_column,
                "right": cell.right == last_column + 1,
                "top": cell.row == first_row,
                "bottom": cell.bottom == last_row + 1,
            }[side]
            name = side if is_outer else "insideV" if side in ("left", "right") else "insideH"
            border = child(section, "a:tcStyle", "a:tcBdr", f"a:{name}")
            if border is not None:
                return strength, self._styled_line(border)
        return 0, None

    def _styled_line(self, border: Element) -> Stroke | None:
        reference = child(border, "a:lnRef")
        if reference is None:
            line = child(border, "a:ln")
            return read_stroke([line], self._context) if line is not None else None
        line = self._context.theme.format("lnStyleLst", integer(reference, "idx"))
        colour: Colour | None = self._context.palette.inside(reference)
        return read_stroke([line], self._context, colour) if line is not None else None

    def _draw_diagonals(self, cell: _Cell, box: Rect) -> None:
        right, bottom = box.x + box.width, box.y + box.height
        corners = {"a:lnTlToBr": ((box.x, box.y), (right, bottom)), "a:lnBlToTr": ((box.x, bottom), (right, box.y))}
        for name, ends in corners.items():
            line = child(cell.properties, name)
            if line is not None:
                self._canvas.draw(Path.polyline(*ends), stroke=read_stroke([line], self._context))


def _sides(cell: _Cell) -> dict[str, list[Edge]]:
    """The pieces of the grid around a cell."""
    rows, columns = range(cell.row, cell.bottom), range(cell.column, cell.right)
    return {
        "left": [(False, row, cell.column) for row in rows],
        "right": [(False, row, cell.right) for row in rows],
        "top": [(True, cell.row, column) for column in columns],
        "bottom": [(True, cell.bottom, column) for column in columns],
    }


def _sums(start: float, lengths: list[float]) -> list[float]:
    places = [start]
    for length in lengths:
        places.append(places[-1] + length)
    return places


def _colour_holder(style: Element) -> Element | None:
    """An element with nothing but the colour of an `a:tcTxStyle`, which may be in its `a:fontRef`."""
    for holder in (style, child(style, "a:fontRef")):
        for item in elements(holder):
            if local_name(item).endswith("Clr"):
                fill = style.makeelement(qualified("a:solidFill"))
                fill.append(copy.deepcopy(item))
                return fill
    return None
