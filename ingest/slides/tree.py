"""The shapes of a slide in their order, groups within groups, each drawn by what knows its kind."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from ingest.slides.canvas import Canvas
from ingest.slides.context import Context
from ingest.slides.frames import draw_frame
from ingest.slides.geometry import Rect
from ingest.slides.pictures import draw_picture
from ingest.slides.place import Place, read_place, turned
from ingest.slides.placeholders import ancestors, placeholder
from ingest.slides.shapes import draw_shape
from ingest.slides.xml import Element, child, elements, flag, local_name, points, qualified

log = logging.getLogger(__name__)

_DEPTH_MAX = 64
_SHAPES_MAX = 20_000


@dataclass(frozen=True, slots=True)
class Space:
    """The coordinates inside of a group: points of the file become points of the slide. Negative scales are flips."""

    scale_x: float = 1.0
    scale_y: float = 1.0
    x: float = 0.0
    y: float = 0.0

    def place(self, place: Place) -> Place:
        """Of a shape inside, as seen from outside of the group."""
        area = place.area
        scale_x, scale_y = self.scale_x, self.scale_y
        if 45 <= place.rotation % 180 < 135:  # its sides lie the other way
            scale_x, scale_y = scale_y, scale_x
        cx, cy = area.centre
        cx, cy = cx * self.scale_x + self.x, cy * self.scale_y + self.y
        width, height = area.width * abs(scale_x), area.height * abs(scale_y)
        is_mirrored = (self.scale_x < 0) != (self.scale_y < 0)
        return Place(
            Rect(cx - width / 2, cy - height / 2, width, height),
            -place.rotation if is_mirrored else place.rotation,
            place.flip_h != (self.scale_x < 0),
            place.flip_v != (self.scale_y < 0),
        )


class Tree:
    """Draws one tree of shapes: a slide's, or what its layout and master show on it."""

    def __init__(self, canvas: Canvas, context: Context, layout: Any | None, master: Any | None) -> None:
        self._canvas, self._context, self._layout, self._master = canvas, context, layout, master
        self._count = 0

    def draw(self, tree: Element | None, with_placeholders: bool = True) -> None:
        """All shapes in a `p:spTree`."""
        self._draw_all(tree, Space(), with_placeholders, 0)

    def _draw_all(self, group: Element | None, space: Space, with_placeholders: bool, depth: int) -> None:
        for item in shapes_in(group):
            self._count += 1
            if depth > _DEPTH_MAX or self._count > _SHAPES_MAX:
                self._context.warn("it has too many shapes; some were left out.")
                return
            if is_hidden(item) or (not with_placeholders and placeholder(item) is not None):
                continue
            if local_name(item) == "grpSp":
                self._draw_group(item, space, with_placeholders, depth)
            else:
                try:
                    self._draw_one(item, space)
                except (MemoryError, RecursionError):
                    raise
                except Exception:  # one broken shape must not cost the slide
                    log.warning("a shape was left out", exc_info=True)
                    self._context.warn("a part of it is damaged and was left out.")

    def _draw_group(self, item: Element, space: Space, with_placeholders: bool, depth: int) -> None:
        inner = inner_space(item, space)
        if inner is None:
            self._draw_all(item, space, with_placeholders, depth + 1)
            return
        outer = space.place(cast(Place, read_place(transform_of(item))))
        with turned(self._canvas, outer):
            self._draw_all(item, inner, with_placeholders, depth + 1)

    def _draw_one(self, item: Element, space: Space) -> None:
        above = ancestors(item, self._layout, self._master)
        place = next((found for found in (read_place(transform_of(shape)) for shape in (item, *above)) if found is not None), None)
        if place is None:
            return
        place = space.place(place)
        kind = local_name(item)
        with turned(self._canvas, place):
            if kind == "graphicFrame":
                draw_frame(self._canvas, item, place.area, self._context)
            elif kind == "pic":
                draw_picture(self._canvas, item, above, place, self._context)
            else:
                draw_shape(self._canvas, item, above, place, self._context)


def inner_space(group: Element, space: Space) -> Space | None:
    """The coordinates inside of a group that stands in a space; None when the group says nothing of its place."""
    transform = transform_of(group)
    place = read_place(transform)
    if place is None:
        return None
    outer = space.place(place)
    offset, extent = child(transform, "a:chOff"), child(transform, "a:chExt")
    x, y, width, height = points(offset, "x"), points(offset, "y"), points(extent, "cx"), points(extent, "cy")
    scale_x = outer.area.width / width if width > 0 else 1.0
    scale_y = outer.area.height / height if height > 0 else 1.0
    left, top = outer.area.x, outer.area.y
    if outer.flip_h:
        scale_x, left = -scale_x, left + outer.area.width
    if outer.flip_v:
        scale_y, top = -scale_y, top + outer.area.height
    return Space(scale_x, scale_y, left - x * scale_x, top - y * scale_y)


def transform_of(shape: Element) -> Element | None:
    """Its `xfrm`, wherever its kind keeps that."""
    for item in elements(shape):
        name = local_name(item)
        if name == "xfrm":
            return item
        if name in ("spPr", "grpSpPr"):
            return child(item, "a:xfrm")
    return None


def own_properties(shape: Element) -> Element | None:
    """Its `cNvPr`: name, alternative text, whether it is hidden."""
    for item in elements(shape):
        if local_name(item).startswith("nv"):
            return next((found for found in elements(item) if local_name(found) == "cNvPr"), None)
    return None


def is_hidden(shape: Element) -> bool:
    """Whether the author has switched it off."""
    return flag(own_properties(shape), "hidden")


def shapes_in(group: Element | None) -> Iterator[Element]:
    """Shapes, pictures, frames, connectors and groups, with alternatives decided."""
    for item in elements(group):
        name = local_name(item)
        if name in ("sp", "pic", "graphicFrame", "cxnSp", "grpSp"):
            yield item
        elif name == "AlternateContent":
            fallback, choice = item.find(qualified("mc:Fallback")), item.find(qualified("mc:Choice"))
            found = list(shapes_in(fallback)) if fallback is not None else []
            yield from found or shapes_in(choice)
