"""Shapes and connectors: geometry, fill, outline and text."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.slides.arrowheads import draw_ends
from ingest.slides.body import TextSources, list_style, read_body
from ingest.slides.canvas import Canvas, Colour, Gradient, Stroke
from ingest.slides.context import Context
from ingest.slides.geometry import Matrix, Path, Rect
from ingest.slides.outline import Outline, Part, custom
from ingest.slides.paint import Fill, fill_element, paint, read_fill, read_stroke
from ingest.slides.place import Place, read_place
from ingest.slides.placeholders import placeholder, text_style_name
from ingest.slides.presets import preset
from ingest.slides.shadows import Shadow, draw_shadow, read_shadow
from ingest.slides.text import Body
from ingest.slides.textbox import draw_body, text_height
from ingest.slides.xml import Element, child, elements, integer, local_name

_BACKGROUND_FILLS = 1000
"""From here on `a:fillRef` numbers mean the theme's background fills."""


@dataclass(frozen=True, slots=True)
class Look:
    """What fills and outlines a shape."""

    fill: Fill | None
    stroke: Stroke | None
    lines: list[Element]
    shadow: Shadow | None = None


def draw_shape(canvas: Canvas, shape: Element, above: Sequence[Element], place: Place, context: Context) -> None:
    """A `p:sp` or `p:cxnSp` on a canvas that is turned as the shape is. `above` are its twins on layout and master."""
    body = read_text(shape, above, context)
    if placeholder(shape) is not None and not body.text.strip() and fill_element(properties(shape)) is None:
        return
    if body.style.grows and body.style.wraps and body.style.columns == 1 and body.style.direction == "horz":
        place = _grown(place, body, context)
    outline = read_outline((shape, *above), place.area, context)
    look = read_look((shape, *above), place, context)
    with flipped(canvas, place):
        draw_outline(canvas, outline, look)
    area = _text_area(shape, outline, place, context)
    turn = 180.0 if place.flip_v else 0.0
    with canvas.transformed(Matrix.rotation(turn, *place.area.centre)) if turn else contextlib.nullcontext():
        draw_body(canvas, body, area, context.fonts)


def draw_outline(canvas: Canvas, outline: Outline, look: Look) -> None:
    """The paths of a shape, filled and stroked, above its shadow."""
    if look.shadow is not None:
        draw_shadow(canvas, outline, look.shadow, look.stroke, _opacity(look.fill))
    for part in outline.parts:
        fill = _shaded(look.fill, part.shade) if part.is_filled else None
        stroke = look.stroke if part.is_stroked else None
        path = part.path
        if stroke is not None and path.segments and path.segments[-1][0] != "h":
            if fill is not None:
                paint(canvas, path, fill)
            path = draw_ends(canvas, path, look.lines, stroke)
            fill = None
        paint(canvas, path, fill, stroke)


def read_outline(chain: Sequence[Element], area: Rect, context: Context) -> Outline:
    """The geometry that the first of a shape and its twins with one has; a rectangle when none has."""
    for shape in chain:
        for item in elements(properties(shape)):
            if local_name(item) == "custGeom":
                return custom(item, area)
            if local_name(item) == "prstGeom":
                name = str(item.get("prst") or "rect")
                found = preset(name, area, item)
                if found is None:
                    context.warn(f"the shape “{name[:40]}” is drawn as a rectangle.")
                return found or _rectangle(area)
    return _rectangle(area)


def read_look(chain: Sequence[Element], place: Place, context: Context) -> Look:
    """The fill and outline of a shape, what it does not say taken from its style, its twins and the theme."""
    style = next((found for found in (_style(shape) for shape in chain) if found is not None), None)
    fill_item = next((found for found in (fill_element(properties(shape)) for shape in chain) if found is not None), None)
    placeholder_colour = None
    if fill_item is None and style is not None:
        reference = child(style, "a:fillRef")
        index = integer(reference, "idx")
        name = "bgFillStyleLst" if index > _BACKGROUND_FILLS else "fillStyleLst"
        fill_item = context.theme.format(name, index % _BACKGROUND_FILLS if index > _BACKGROUND_FILLS else index)
        placeholder_colour = context.palette.inside(reference)
    if fill_item is not None and local_name(fill_item) == "grpFill":
        fill_item = group_fill(chain[0])
    lines = [line for line in (child(properties(shape), "a:ln") for shape in chain) if line is not None]
    line_colour = None
    if style is not None:
        reference = child(style, "a:lnRef")
        line_colour = context.palette.inside(reference)
        themed = context.theme.format("lnStyleLst", integer(reference, "idx"))
        lines += [themed] if themed is not None else []
    fill = read_fill(fill_item, context, place.area, placeholder_colour)
    shadow = read_shadow([item for item in map(properties, chain) if item is not None], style, place, context)
    return Look(fill, read_stroke(lines, context, line_colour), lines, shadow)


def read_text(shape: Element, above: Sequence[Element], context: Context) -> Body:
    """The text of a shape with what its twins, its style and the master say of it."""
    element = next((item for item in elements(shape) if local_name(item) == "txBody"), None)
    if element is None:
        return Body()
    bodies = [
        body
        for body in (next((i for i in elements(twin) if local_name(i) == "txBody"), None) for twin in above)
        if body is not None
    ]
    lists = [styles for styles in (child(body, "a:lstStyle") for body in bodies) if styles is not None]
    reference = child(_style(shape), "a:fontRef")
    if reference is not None:
        typeface = {"major": "+mj-lt", "minor": "+mn-lt"}.get(reference.get("idx") or "", "")
        lists.insert(0, list_style(reference, typeface))
    styles = context.master_style(text_style_name(placeholder(shape)))
    lists += [styles] if styles is not None else []
    own_bodies = [body for body in (child(body, "a:bodyPr") for body in bodies) if body is not None]
    return read_body(element, context, TextSources(tuple(lists), tuple(own_bodies)))


def properties(shape: Element) -> Element | None:
    """Its `spPr`, of whatever namespace."""
    return next((item for item in elements(shape) if local_name(item) in ("spPr", "grpSpPr")), None)


def group_fill(shape: Element) -> Element | None:
    """The fill of the nearest group around a shape that has one."""
    for group in shape.iterancestors():
        found = fill_element(properties(group)) if local_name(group) == "grpSp" else None
        if found is not None and local_name(found) != "grpFill":
            return found
    return None


@contextlib.contextmanager
def flipped(canvas: Canvas, place: Place) -> Iterator[None]:
    """The canvas mirrored as a shape is."""
    if not (place.flip_h or place.flip_v):
        yield
        return
    with canvas.transformed(Matrix.mirroring(place.flip_h, place.flip_v, *place.area.centre)):
        yield


def _style(shape: Element) -> Element | None:
    return next((item for item in elements(shape) if local_name(item) == "style"), None)


def _rectangle(area: Rect) -> Outline:
    return Outline((Part(Path.rectangle(*area)),), area)


def _opacity(fill: Fill | None) -> float:
    if isinstance(fill, Colour):
        return fill.alpha
    if isinstance(fill, Gradient):
        return max(colour.alpha for _, colour in fill.stops)
    return fill.alpha if fill is not None else 0.0


def _shaded(fill: Fill | None, shade: float) -> Fill | None:
    if not shade or fill is None:
        return fill
    if isinstance(fill, Colour):
        return _mixed(fill, shade)
    if isinstance(fill, Gradient):
        return replace(fill, stops=tuple((place, _mixed(colour, shade)) for place, colour in fill.stops))
    return fill


def _mixed(colour: Colour, shade: float) -> Colour:
    target = 1.0 if shade > 0 else 0.0
    red, green, blue = (part + (target - part) * abs(shade) for part in colour[:3])
    return Colour(red, green, blue, colour.alpha)


def _grown(place: Place, body: Body, context: Context) -> Place:
    area = place.area
    height = max(area.height, text_height(body, area.width, context.fonts))
    y = {"top": area.y, "middle": area.y - (height - area.height) / 2, "bottom": area.y - (height - area.height)}[body.style.anchor]
    return replace(place, area=Rect(area.x, y, area.width, height))


def _text_area(shape: Element, outline: Outline, place: Place, context: Context) -> Rect:
    """The box of the text: of the geometry, mirrored with it; SmartArt says it itself."""
    own = next((item for item in elements(shape) if local_name(item) == "txXfrm"), None)
    if own is not None:
        inner = read_place(own)
        base = read_place(child(properties(shape), "a:xfrm"))
        if inner is not None and base is not None:
            return Rect(
                place.area.x + inner.area.x - base.area.x,
                place.area.y + inner.area.y - base.area.y,
                inner.area.width,
                inner.area.height,
            )
    area, text = place.area, outline.text
    x = 2 * area.x + area.width - text.x - text.width if place.flip_h else text.x
    return Rect(x, text.y, text.width, text.height)
