"""What the makers of preset shapes work with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ingest.slides.geometry import Path, Point, Rect
from ingest.slides.outline import Outline, Part

_ONE = 100_000.0


@dataclass(frozen=True, slots=True)
class Frame:
    """A shape's size in points, its top left corner at the origin, and its adjustments."""

    w: float
    h: float
    adjustments: Mapping[str, float]

    @property
    def short(self) -> float:
        return min(self.w, self.h)

    def share(self, name: str, default: float, low: float = 0.0, high: float = 1.0) -> float:
        """An adjustment in 1/100,000 as a share, within bounds."""
        return max(low, min(self.adjustments.get(name, default * _ONE) / _ONE, high))

    def angle(self, name: str, default: float) -> float:
        """An adjustment that is an angle, in degrees."""
        return self.adjustments.get(name, default * 60_000) / 60_000

    def polygon(self, *points: Point, text: Rect | None = None) -> Outline:
        """Of points in shares of the size."""
        return self.closed(*((x * self.w, y * self.h) for x, y in points), text=text)

    def closed(self, *points: Point, text: Rect | None = None) -> Outline:
        """Of points."""
        return self.outline(Path.polygon(*points), text=text)

    def outline(self, *paths: Path | Part, text: Rect | None = None) -> Outline:
        """Of paths; text goes all over the shape when nothing else is said."""
        parts = tuple(path if isinstance(path, Part) else Part(path) for path in paths)
        return Outline(parts, text or Rect(0.0, 0.0, self.w, self.h))

    def box(self, left: float, top: float, right: float, bottom: float) -> Rect:
        """A rectangle by its sides in points, turned right where sides have crossed."""
        return Rect(left, top, max(0.0, right - left), max(0.0, bottom - top))

    def shares(self, left: float, top: float, right: float, bottom: float) -> Rect:
        """A rectangle by its sides in shares of the size."""
        return self.box(left * self.w, top * self.h, right * self.w, bottom * self.h)


Maker = Callable[[Frame], Outline]


def line_only(path: Path) -> Part:
    """Stroked, not filled."""
    return Part(path, is_filled=False)


def fill_only(path: Path, shade: float = 0.0) -> Part:
    """Filled, not stroked."""
    return Part(path, is_stroked=False, shade=shade)
