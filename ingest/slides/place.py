"""Where shapes stand."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.slides.canvas import Canvas
from ingest.slides.geometry import Matrix, Rect
from ingest.slides.xml import Element, child, degrees, flag, points


@dataclass(frozen=True, slots=True)
class Place:
    """Where a shape stands, in points of the slide, before it is flipped and turned clockwise about its centre."""

    area: Rect
    rotation: float = 0.0
    flip_h: bool = False
    flip_v: bool = False


def read_place(transform: Element | None) -> Place | None:
    """Of an `a:xfrm` or `p:xfrm`; None without one."""
    if transform is None:
        return None
    offset, extent = child(transform, "a:off"), child(transform, "a:ext")
    area = Rect(points(offset, "x"), points(offset, "y"), abs(points(extent, "cx")), abs(points(extent, "cy")))
    return Place(area, degrees(transform, "rot"), flag(transform, "flipH"), flag(transform, "flipV"))


@contextlib.contextmanager
def turned(canvas: Canvas, place: Place) -> Iterator[None]:
    """The canvas turned as a shape is."""
    if place.rotation % 360 == 0:
        yield
        return
    with canvas.transformed(Matrix.rotation(place.rotation, *place.area.centre)):
        yield
