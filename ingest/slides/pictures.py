"""Pictures: crop, transparency, the shape that they are cut to, and what is drawn where there is none."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.slides.canvas import Canvas, Colour, Stroke
from ingest.slides.context import Context
from ingest.slides.geometry import Path, Rect
from ingest.slides.paint import fill_element, paint, read_fill, read_image_fill
from ingest.slides.place import Place
from ingest.slides.shapes import flipped, properties, read_look, read_outline
from ingest.slides.xml import Element, child

_GREY, _DARK_GREY = Colour(0.93, 0.93, 0.93), Colour(0.6, 0.6, 0.6)


def draw_picture(canvas: Canvas, picture: Element, above: Sequence[Element], place: Place, context: Context) -> None:
    """A `p:pic` on a canvas that is turned as it is."""
    look = read_look((picture, *above), place, context)
    outline = read_outline((picture, *above), place.area, context)
    fill = child(picture, "p:blipFill")
    shown = read_image_fill(fill, context, place.area) if fill is not None else None
    with flipped(canvas, place):
        for part in outline.parts:
            paint(canvas, part.path, read_fill(fill_element(properties(picture)), context, place.area))
            if shown is not None:
                paint(canvas, part.path, shown)
            canvas.draw(part.path, None, look.stroke)
    if shown is None:
        draw_missing(canvas, place.area)


def draw_missing(canvas: Canvas, area: Rect) -> None:
    """A grey box with a cross, where something cannot be shown."""
    canvas.draw(Path.rectangle(*area), _GREY, Stroke(_DARK_GREY, 0.75))
    x, y, width, height = area
    cross = Path.polyline((x, y), (x + width, y + height)).add(Path.polyline((x + width, y), (x, y + height)))
    canvas.draw(cross, None, Stroke(_DARK_GREY, 0.5))
