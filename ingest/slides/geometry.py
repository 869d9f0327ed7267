"""Rectangles, matrices and paths, in points, y downwards."""

from __future__ import annotations

import math
from typing import NamedTuple

_ARC_DEGREES = 90.0
"""An arc is cut into Bézier curves of at most this."""


class Rect(NamedTuple):
    """A rectangle in points."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    def inset(self, left: float, top: float, right: float, bottom: float) -> Rect:
        """Smaller by this much on each side, never negative."""
        return Rect(self.x + left, self.y + top, max(0.0, self.width - left - right), max(0.0, self.height - top - bottom))


class Matrix(NamedTuple):
    """x' = a x + c y + e, y' = b x + d y + f; as in PDF."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    @staticmethod
    def rotation(degrees: float, x: float = 0.0, y: float = 0.0) -> Matrix:
        """Clockwise about a point."""
        cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        return Matrix(cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y)

    @staticmethod
    def mirroring(horizontal: bool, vertical: bool, x: float, y: float) -> Matrix:
        """Flipped about a point."""
        a, d = -1.0 if horizontal else 1.0, -1.0 if vertical else 1.0
        return Matrix(a, 0.0, 0.0, d, x - a * x, y - d * y)

    def then(self, outer: Matrix) -> Matrix:
        """First this, then the other."""
        return Matrix(
            self.a * outer.a + self.b * outer.c,
            self.a * outer.b + self.b * outer.d,
            self.c * outer.a + self.d * outer.c,
            self.c * outer.b + self.d * outer.d,
            self.e * outer.a + self.f * outer.c + outer.e,
            self.e * outer.b + self.f * outer.d + outer.f,
        )

    def apply(self, x: float, y: float) -> tuple[float, float]:
        """Where a point goes."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f


Point = tuple[float, float]


class Path:
    """Lines and curves. Methods return the path, so that they can be chained."""

    def __init__(self) -> None:
        self.segments: list[tuple[str, tuple[float, ...]]] = []
        self._at: Point = (0.0, 0.0)
        self._start: Point = (0.0, 0.0)

    @staticmethod
    def rectangle(x: float, y: float, width: float, height: float) -> Path:
        return Path.polygon((x, y), (x + width, y), (x + width, y + height), (x, y + height))

    @staticmethod
    def polygon(*points: Point) -> Path:
        """Closed."""
        return Path.polyline(*points).close()

    @staticmethod
    def polyline(*points: Point) -> Path:
        """Open."""
        path = Path().move(*points[0])
        for point in points[1:]:
            path.line(*point)
        return path

    @staticmethod
    def ellipse(cx: float, cy: float, rx: float, ry: float) -> Path:
        return Path().move(cx + rx, cy).arc(rx, ry, 0.0, 360.0).close()

    def move(self, x: float, y: float) -> Path:
        self.segments.append(("m", (x, y)))
        self._at = self._start = x, y
        return self

    def line(self, x: float, y: float) -> Path:
        self.segments.append(("l", (x, y)))
        self._at = x, y
        return self

    def curve(self, x1: float, y1: float, x2: float, y2: float, x: float, y: float) -> Path:
        """A cubic Bézier curve."""
        self.segments.append(("c", (x1, y1, x2, y2, x, y)))
        self._at = x, y
        return self

    def quadratic(self, x1: float, y1: float, x: float, y: float) -> Path:
        x0, y0 = self._at
        return self.curve(x0 + (x1 - x0) * 2 / 3, y0 + (y1 - y0) * 2 / 3, x + (x1 - x) * 2 / 3, y + (y1 - y) * 2 / 3, x, y)

    def arc(self, rx: float, ry: float, start_degrees: float, sweep_degrees: float) -> Path:
        """Along an ellipse from where the path is, which is at `start_degrees` of its parameter, clockwise."""
        count = max(1, math.ceil(abs(sweep_degrees) / _ARC_DEGREES - 1e-9))
        angle, step = math.radians(start_degrees), math.radians(sweep_degrees) / count
        cx, cy = self._at[0] - rx * math.cos(angle), self._at[1] - ry * math.sin(angle)
        k = 4 / 3 * math.tan(step / 4)
        for _ in range(count):
            cos0, sin0, cos1, sin1 = math.cos(angle), math.sin(angle), math.cos(angle + step), math.sin(angle + step)
            self.curve(
                cx + rx * (cos0 - k * sin0),
                cy + ry * (sin0 + k * cos0),
                cx + rx * (cos1 + k * sin1),
                cy + ry * (sin1 - k * cos1),
                cx + rx * cos1,
                cy + ry * sin1,
            )
            angle += step
        return self

    def close(self) -> Path:
        self.segments.append(("h", ()))
        self._at = self._start
        return self

    def add(self, other: Path) -> Path:
        """All of another path after this one."""
        self.segments += other.segments
        self._at, self._start = other._at, other._start
        return self

    def transformed(self, matrix: Matrix) -> Path:
        """A new path."""
        path = Path()
        for operator, numbers in self.segments:
            pairs = zip(numbers[::2], numbers[1::2], strict=True)
            path.segments.append((operator, tuple(value for x, y in pairs for value in matrix.apply(x, y))))
        path._at, path._start = matrix.apply(*self._at), matrix.apply(*self._start)
        return path

    @property
    def bounds(self) -> Rect:
        """Of all points, control points included; empty without any."""
        xs = [x for _, numbers in self.segments for x in numbers[::2]]
        ys = [y for _, numbers in self.segments for y in numbers[1::2]]
        if not xs:
            return Rect(0.0, 0.0, 0.0, 0.0)
        return Rect(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def own_angle(degrees: float, rx: float, ry: float) -> float:
    """The angle of an ellipse's own parameter at which a ray at an angle from its centre meets it; the same number of turns.

    DrawingML's arcs say the ray's angle, `Path.arc` takes the ellipse's own.
    """
    if rx <= 0 or ry <= 0:
        return degrees
    own = math.degrees(math.atan2(rx * math.sin(math.radians(degrees)), ry * math.cos(math.radians(degrees))))
    return own + 360.0 * round((degrees - own) / 360.0)
