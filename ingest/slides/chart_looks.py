"""How the parts of a chart look: colours that it chooses itself, fills, lines and letters. ECMA-376 part 1, 21.2.2.198 (spPr)."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pptx.oxml import parse_xml

from ingest.slides.body import TextSources, read_body
from ingest.slides.canvas import Canvas, Colour, Stroke
from ingest.slides.chart_data import Plot, Series, value_of
from ingest.slides.context import Context
from ingest.slides.geometry import Matrix, Path, Rect
from ingest.slides.layout import Block, compose
from ingest.slides.paint import Fill, fill_element, read_fill, read_stroke
from ingest.slides.text import Align, Paragraph, ParagraphStyle, Run, TextStyle
from ingest.slides.xml import NAMESPACES, Element, child, points

_LINE_PT = 2.25
"""Of the lines of series; what PowerPoint's default chart style says."""
_BASE_SIZE_PT, _TITLE_SIZE_PT = 10.0, 18.0
_TITLE_SCALE = 1.2
_SAMPLE = parse_xml(f'<a:txBody xmlns:a="{NAMESPACES["a"]}"><a:bodyPr/><a:p><a:r><a:t>0</a:t></a:r></a:p></a:txBody>')
_SYMBOLS = ("diamond", "square", "triangle", "x", "star", "circle", "plus", "dot", "dash")
_MARKER_PT = 5.0


@dataclass(frozen=True, slots=True)
class Marker:
    """The sign of a value on a line."""

    symbol: str
    size: float
    fill: Fill | None
    stroke: Stroke | None

    def draw(self, canvas: Canvas, x: float, y: float, size: float | None = None) -> None:
        """In the middle of a point."""
        half = (size or self.size) / 2
        path = _outline(self.symbol, x, y, half)
        is_open = self.symbol in ("x", "star", "plus", "dash")
        fill = self.fill if isinstance(self.fill, Colour) else None
        stroke = self.stroke or (Stroke(fill or Colour(0, 0, 0), 1.0) if is_open else None)
        canvas.draw(path, None if is_open else fill, stroke)


class Looks:
    """The looks of one chart; `context` is of its part."""

    def __init__(self, context: Context, space: Element) -> None:
        own = _list_style(child(space, "c:txPr"), f'sz="{_BASE_SIZE_PT * 100:.0f}"')
        self.context = replace(context, defaults=(own,))
        self.base = self.text_style()
        sized = child(space, "c:txPr", "a:p", "a:pPr", "a:defRPr")
        self._title_size = self.base.size * _TITLE_SCALE if sized is not None and sized.get("sz") else _TITLE_SIZE_PT

    # -- letters -----------------------------------------------------------------------------------------------------------

    def text_style(self, *bodies: Element | None) -> TextStyle:
        """Of `c:txPr` elements, the most specific first."""
        lists = tuple(_list_style(body) for body in bodies if body is not None)
        return read_body(_SAMPLE, self.context, TextSources(lists)).paragraphs[0].runs[0].style

    def block(self, text: str, style: TextStyle, width: float | None = None, align: Align = "centre") -> Block:
        """Text ready to be drawn, broken where it would be wider than `width`."""
        return self._set([Paragraph((Run(line, style),), ParagraphStyle(align), style) for line in text.split("\n")], width)

    def _set(self, paragraphs: Sequence[Paragraph], width: float | None) -> Block:
        natural = compose(paragraphs, None, self.context.fonts)
        if width is None or natural.width <= width:
            return natural
        broken = compose([replace(item, style=replace(item.style, align="left")) for item in paragraphs], width, self.context.fonts)
        return compose(paragraphs, broken.width + 0.01, self.context.fonts)  # the same lines, as wide as the longest

    def title(self, title: Element | None, width: float, is_main: bool, fallback: str = "") -> Block | None:
        """The text of a `c:title`; None without one."""
        rich = child(title, "c:tx", "c:rich")
        size = self._title_size if is_main else self.base.size
        automatic = _list_style(None, f'sz="{size * 100:.0f}" b="1"')
        if rich is None:
            cached = child(title, "c:tx", "c:strRef", "c:strCache", "c:pt", "c:v")
            text = (cached.text or "") if cached is not None else fallback
            style = read_body(_SAMPLE, self.context, TextSources((_list_style(child(title, "c:txPr")), automatic)))
            return self.block(text, style.paragraphs[0].runs[0].style, width) if text else None
        body = read_body(rich, self.context, TextSources((_list_style(rich), automatic)))
        if not body.text.strip():
            return None
        centred = [replace(item, style=replace(item.style, align="centre"), bullet=None) for item in body.paragraphs]
        return self._set(centred, width)

    # -- colours -----------------------------------------------------------------------------------------------------------

    @property
    def faint(self) -> Stroke:
        """Axes and gridlines that say nothing of their colour."""
        tinted = parse_xml(
            f'<a:solidFill xmlns:a="{NAMESPACES["a"]}"><a:schemeClr val="tx1"><a:tint val="75000"/></a:schemeClr></a:solidFill>'
        )
        return Stroke(self.context.palette.inside(tinted) or Colour(0.5, 0.5, 0.5), 0.75)

    def accent(self, index: int) -> Colour:
        """The colour of the n-th series: the accents, then the accents darker, then lighter."""
        colour = self.context.palette.role(f"accent{index % 6 + 1}")
        turn = index // 6 % 3
        if turn == 1:
            return Colour(colour.red * 0.6, colour.green * 0.6, colour.blue * 0.6, colour.alpha)
        if turn == 2:
            red, green, blue = (part + (1 - part) * 0.4 for part in colour[:3])
            return Colour(red, green, blue, colour.alpha)
        return colour

    def fill(self, holder: Element | None, area: Rect, automatic: Colour | None) -> Fill | None:
        """Of the `c:spPr` in an element, or else the automatic one."""
        own = fill_element(child(holder, "c:spPr"))
        return automatic if own is None else read_fill(own, self.context, area, automatic)

    def outline(self, holder: Element | None, automatic: Stroke | None = None) -> Stroke | None:
        """The line of the `c:spPr` in an element, or else the automatic one; what it leaves open is taken from that."""
        line = child(holder, "c:spPr", "a:ln")
        if line is None:
            return automatic
        fill = fill_element(line)
        if fill is None and automatic is not None:
            return replace(automatic, width=points(line, "w", automatic.width))
        stroke = read_stroke([line], self.context, automatic.colour if automatic else None)
        if stroke is not None and automatic is not None:
            wide = stroke.width if line.get("w") is not None else automatic.width
            stroke = replace(stroke, width=wide, cap=stroke.cap if line.get("cap") or stroke.dash else automatic.cap)
        return stroke

    def series_fill(self, plot: Plot, series: Series, index: int, area: Rect) -> Fill | None:
        """Of one value of a series."""
        automatic = self.accent(index if plot.varies_colours else series.index)
        own = self.fill(series.element, area, automatic)
        point = series.point(index)
        if point is not None and fill_element(child(point, "c:spPr")) is not None:
            return self.fill(point, area, automatic)
        return own

    def series_line(self, series: Series) -> Stroke | None:
        """The line through the values of a series."""
        accent = self.accent(series.index)
        themed = self.context.theme.format("lnStyleLst", 1)
        stroke = read_stroke([themed], self.context, accent) if themed is not None else None
        automatic = Stroke(stroke.colour if stroke is not None else accent, _LINE_PT, cap=1)
        return self.outline(series.element, automatic)

    def marker(self, plot: Plot, series: Series) -> Marker | None:
        """The sign at the values of a series; None without one."""
        own = child(series.element, "c:marker")
        symbol = value_of(own, "c:symbol", "auto")
        if plot.kind == "line" and own is None and value_of(plot.element, "c:marker") not in ("1", "true"):
            return None
        if plot.kind == "radar" and value_of(plot.element, "c:radarStyle") != "marker":
            return None
        if symbol == "none":
            return None
        if symbol in ("auto", "picture"):
            symbol = _SYMBOLS[series.index % len(_SYMBOLS)]
        size = value_of(own, "c:size")
        accent = self.accent(series.index)
        line = self.series_line(series)
        fill = self.fill(own, Rect(0, 0, 1, 1), line.colour if line is not None else accent)
        return Marker(symbol, min(float(size), 72.0) if size.isdigit() else _MARKER_PT, fill, self.outline(own))


def draw_block(canvas: Canvas, block: Block, x: float, y: float, degrees: float = 0.0) -> None:
    """Text whose middle is at a point, turned clockwise."""
    if not degrees:
        block.draw(canvas, x - block.width / 2, y - block.height / 2)
        return
    with canvas.transformed(Matrix.rotation(degrees, x, y)):
        block.draw(canvas, x - block.width / 2, y - block.height / 2)


def _list_style(body: Element | None, attributes: str = "") -> Element:
    """What a `c:txPr` or `c:rich` says of all of its text, as a list style."""
    style = parse_xml(f'<a:lstStyle xmlns:a="{NAMESPACES["a"]}"><a:defPPr><a:defRPr {attributes}/></a:defPPr></a:lstStyle>')
    own = child(body, "a:p", "a:pPr", "a:defRPr")
    if own is not None:
        merged = copy.deepcopy(own)
        for name, value in style[0][0].attrib.items():
            if merged.get(name) is None:
                merged.set(name, value)
        style[0].replace(style[0][0], merged)
    return style


def _outline(symbol: str, x: float, y: float, half: float) -> Path:
    if symbol in ("circle", "dot"):
        reach = half if symbol == "circle" else half / 2
        return Path.ellipse(x, y, reach, reach)
    if symbol == "diamond":
        return Path.polygon((x, y - half), (x + half, y), (x, y + half), (x - half, y))
    if symbol == "triangle":
        return Path.polygon((x, y - half), (x + half, y + half), (x - half, y + half))
    if symbol == "dash":
        return Path.polyline((x - half, y), (x + half, y))
    if symbol in ("x", "star", "plus"):
        path = Path()
        if symbol != "plus":
            path.move(x - half, y - half).line(x + half, y + half).move(x - half, y + half).line(x + half, y - half)
        if symbol != "x":
            path.move(x, y - half).line(x, y + half)
        if symbol == "plus":
            path.move(x - half, y).line(x + half, y)
        return path
    return Path.rectangle(x - half, y - half, 2 * half, 2 * half)
