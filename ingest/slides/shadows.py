"""Outer shadows of shapes, softened by a few outlines: ECMA-376 part 1, 20.1.8.45 (outerShdw)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from ingest.slides.canvas import Canvas, Colour, Stroke
from ingest.slides.context import Context
from ingest.slides.geometry import Matrix
from ingest.slides.outline import Outline
from ingest.slides.place import Place
from ingest.slides.xml import Element, child, degrees, elements, flag, integer, local_name, points

_LAYERS = 3
_CORE = 0.6
"""How dark a shadow is inside, relative to its colour; the rest of it is in its soft edge."""
_DISTANCE_MAX_PT = 500.0


class Shadow(NamedTuple):
    """How far a shadow lies from its shape, as seen by the unturned shape, how soft its edge is, and its colour."""

    x: float
    y: float
    blur: float
    colour: Colour


def read_shadow(chain: Sequence[Element], style: Element | None, place: Place, context: Context) -> Shadow | None:
    """The shadow that the first of a shape and its twins, else its style, asks for."""
    effects = next((item for shape in chain for item in elements(shape) if local_name(item) == "effectLst"), None)
    colour = None
    if effects is None and style is not None:
        reference = child(style, "a:effectRef")
        colour = context.palette.inside(reference)
        effects = child(context.theme.format("effectStyleLst", integer(reference, "idx")), "a:effectLst")
    found = child(effects, "a:outerShdw")
    shade = context.palette.inside(found, colour)
    if found is None or shade is None:
        return None
    angle = degrees(found, "dir") - (0.0 if flag(found, "rotWithShape", True) else place.rotation)
    distance = min(points(found, "dist"), _DISTANCE_MAX_PT)
    x, y = distance * math.cos(math.radians(angle)), distance * math.sin(math.radians(angle))
    blur = min(points(found, "blurRad"), _DISTANCE_MAX_PT)
    return Shadow(-x if place.flip_h else x, -y if place.flip_v else y, blur, shade)


def draw_shadow(canvas: Canvas, outline: Outline, shadow: Shadow, stroke: Stroke | None, opacity: float) -> None:
    """Below a shape whose fill is as opaque as that, 0 without one, on a canvas that is turned and flipped as the shape is."""
    layer = shadow.colour._replace(alpha=shadow.colour.alpha * (1.0 - _CORE) / _LAYERS * (opacity or 1.0))
    for part in outline.parts:
        path = part.path.transformed(Matrix(e=shadow.x, f=shadow.y))
        fills = opacity > 0 and part.is_filled
        if not fills and (stroke is None or not part.is_stroked):
            continue
        if fills:
            canvas.draw(path, shadow.colour._replace(alpha=shadow.colour.alpha * opacity * _CORE))
        for step in range(1, _LAYERS + 1):
            width = shadow.blur * step / _LAYERS + (stroke.width if stroke is not None and not fills else 0.0)
            canvas.draw(path, None, Stroke(layer, max(width, 0.1), join=1))
