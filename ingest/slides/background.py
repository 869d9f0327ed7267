"""What is behind everything on a slide: its own background, or its layout's, or its master's."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.slides.canvas import WHITE, Canvas
from ingest.slides.context import Context
from ingest.slides.geometry import Path, Rect
from ingest.slides.paint import fill_element, paint, read_fill
from ingest.slides.xml import Element, child, integer

_FIRST = 1001
"""`a:bgFillStyleLst` is numbered from here (ECMA-376 part 1, 19.3.1.3)."""


def draw_background(canvas: Canvas, sources: Sequence[tuple[Element, Context]]) -> None:
    """Of the first of slide, layout and master, each with its context, that has one; white when none has."""
    area = Rect(0.0, 0.0, canvas.width, canvas.height)
    canvas.draw(Path.rectangle(*area), WHITE)
    for root, context in sources:
        background = child(root, "p:cSld", "p:bg")
        if background is None:
            continue
        reference = child(background, "p:bgRef")
        if reference is not None:
            index = integer(reference, "idx")
            themed = index >= _FIRST
            item = context.theme.format("bgFillStyleLst" if themed else "fillStyleLst", index - _FIRST + 1 if themed else index)
            fill = read_fill(item, context, area, context.palette.inside(reference))
        else:
            fill = read_fill(fill_element(child(background, "p:bgPr")), context, area)
        paint(canvas, Path.rectangle(*area), fill)
        return
