"""Rectangles within a screen's picture: framed between two points, moved, sized, and taken hold of at their edges. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from app.capture.geometry import intersection
from app.capture.models import Rect

Point = tuple[int, int]

SLIP_PX = 4
"""Logical pixels; a drag shorter than that is a click."""
REACH_PX = 6
"""Logical pixels to either side of an edge in which it can be grabbed."""


@dataclass(frozen=True, slots=True)
class Target:
    """A window that is offered. `rect` is the part of it that its screen shows."""

    rect: Rect
    title: str


@dataclass(frozen=True, slots=True)
class Field:
    """A screen's picture: its size, its pixels for each logical one, and its windows, topmost first."""

    width: int
    height: int
    ratio: float
    windows: tuple[Target, ...] = ()

    @property
    def whole(self) -> Rect:
        """All of it."""
        return Rect(0, 0, self.width, self.height)

    def snapped(self, x: float, y: float) -> Point:
        """A whole pixel. The last place that a pointer can reach means the end of the picture."""
        return _snapped(x, self.width, self.ratio), _snapped(y, self.height, self.ratio)

    def window_at(self, point: Point) -> Target | None:
        """The topmost one there."""
        x, y = min(point[0], self.width - 1), min(point[1], self.height - 1)
        return next((window for window in self.windows if _contains(window.rect, x, y)), None)

    def is_slip(self, one: Point, other: Point) -> bool:
        """Whether the way between two points is too short for a drag."""
        slip = SLIP_PX * self.ratio
        return abs(one[0] - other[0]) < slip and abs(one[1] - other[1]) < slip

    def between(self, one: Point, other: Point) -> Rect:
        """With corners at two points, of at least one pixel, within the picture."""
        left, right = _span(one[0], other[0], self.width)
        top, bottom = _span(one[1], other[1], self.height)
        return Rect(left, top, right - left, bottom - top)

    def amid(self, share: float) -> Rect:
        """In the middle, with this share of its width and height."""
        width, height = max(1, round(self.width * share)), max(1, round(self.height * share))
        return Rect((self.width - width) // 2, (self.height - height) // 2, width, height)

    def clipped(self, rect: Rect) -> Rect | None:
        """What of it lies within the picture; None for nothing."""
        return intersection(rect, self.whole)

    def moved(self, rect: Rect, x: int, y: int) -> Rect:
        """As large, within the picture."""
        left, top = min(max(rect.x + x, 0), self.width - rect.width), min(max(rect.y + y, 0), self.height - rect.height)
        return replace(rect, x=left, y=top)

    def resized(self, rect: Rect, x: int, y: int) -> Rect:
        """With its lower right corner moved, within the picture."""
        width = min(max(rect.width + x, 1), self.width - rect.x)
        return replace(rect, width=width, height=min(max(rect.height + y, 1), self.height - rect.y))

    def grip(self, rect: Rect, point: Point) -> Grip:
        """What of a rectangle is at a point. In a small one there is always some inside to be had."""
        reach = round(REACH_PX * self.ratio)
        x, y = point[0] - rect.x, point[1] - rect.y
        if not (-reach <= x <= rect.width + reach and -reach <= y <= rect.height + reach):
            return Grip.NOTHING
        return Grip((_edge(x, rect.width, reach), _edge(y, rect.height, reach)))


class Grip(Enum):
    """A place of a rectangle that can be taken hold of: -1 for its left or upper edge, 1 for the right or lower one."""

    TOP_LEFT = (-1, -1)
    TOP = (0, -1)
    TOP_RIGHT = (1, -1)
    LEFT = (-1, 0)
    INSIDE = (0, 0)
    RIGHT = (1, 0)
    BOTTOM_LEFT = (-1, 1)
    BOTTOM = (0, 1)
    BOTTOM_RIGHT = (1, 1)
    NOTHING = (2, 2)


def corners(rect: Rect) -> tuple[Point, Point]:
    """The upper left one, and the lower right one, which lies beyond the last pixel."""
    return (rect.x, rect.y), (rect.x + rect.width, rect.y + rect.height)


def _snapped(place: float, length: int, ratio: float) -> int:
    return length if place > length - 1.01 * ratio else max(0, round(place))


def _span(one: int, other: int, length: int) -> tuple[int, int]:
    low, high = sorted(min(max(place, 0), length) for place in (one, other))
    low = min(low, length - 1)
    return low, max(high, low + 1)


def _edge(place: int, length: int, reach: int) -> int:
    inner = min(reach, length // 4)
    if place > length - inner:
        return 1
    return -1 if place < inner else 0


def _contains(rect: Rect, x: int, y: int) -> bool:
    return rect.x <= x < rect.x + rect.width and rect.y <= y < rect.y + rect.height
