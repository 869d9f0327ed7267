"""The ends of lines: ECMA-376 part 1, 20.1.8.38 (headEnd) and 20.1.8.57 (tailEnd)."""

from __future__ import annotations

import math
from dataclasses import replace

from ingest.slides.canvas import Canvas, Stroke
from ingest.slides.geometry import Path, Point
from ingest.slides.xml import Element, child

_LENGTHS = {"sm": 2.0, "med": 3.0, "lg": 5.0}
"""Times the width of the line."""
_BASE_MIN_PT = 2.0
"""Heads of thinner lines are as large as this line's."""


def draw_ends(canvas: Canvas, path: Path, lines: list[Element], stroke: Stroke) -> Path:
    """Draw the heads that `a:ln` elements ask for; the path, shortened where a head covers its end."""
    for name, at_start in (("a:headEnd", True), ("a:tailEnd", False)):
        end = next((found for found in (child(line, name) for line in lines) if found is not None), None)
        if end is None or end.get("type") in (None, "none") or len(path.segments) < 2:
            continue
        tip, before = _ends(path, at_start)
        dx, dy = tip[0] - before[0], tip[1] - before[1]
        distance = math.hypot(dx, dy)
        if distance < 1e-6:
            continue
        base = max(stroke.width, _BASE_MIN_PT)
        length, width = (base * _LENGTHS.get(end.get(name) or "med", 3.0) for name in ("len", "w"))
        cut = _draw_head(canvas, str(end.get("type")), tip, (dx / distance, dy / distance), length, width, stroke)
        if cut and distance > cut:
            path = _shortened(path, at_start, (tip[0] - dx / distance * cut, tip[1] - dy / distance * cut))
    return path


def _draw_head(canvas: Canvas, kind: str, tip: Point, to: Point, length: float, width: float, stroke: Stroke) -> float:
    """One head; how much of the line it covers."""
    (x, y), (dx, dy) = tip, to

    def at(back: float, aside: float) -> Point:
        return x - dx * back - dy * aside, y - dy * back + dx * aside

    colour, half = stroke.colour, width / 2
    if kind == "oval":
        canvas.draw(Path.ellipse(x, y, half, half), colour)
        return 0.0
    if kind == "diamond":
        canvas.draw(Path.polygon(at(-length / 2, 0), at(0, half), at(length / 2, 0), at(0, -half)), colour)
        return 0.0
    if kind == "arrow":
        canvas.draw(Path.polyline(at(length, half), (x, y), at(length, -half)), None, replace(stroke, dash=(), join=0))
        return stroke.width
    if kind == "stealth":
        canvas.draw(Path.polygon((x, y), at(length, half), at(length * 0.6, 0), at(length, -half)), colour)
        return length * 0.6
    canvas.draw(Path.polygon((x, y), at(length, half), at(length, -half)), colour)
    return length * 0.9


def _ends(path: Path, at_start: bool) -> tuple[Point, Point]:
    """The first or last point, and the one that gives the direction there."""
    points = [(x, y) for _, numbers in path.segments for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
    ordered = points if at_start else points[::-1]
    tip = ordered[0]
    return tip, next((point for point in ordered[1:] if math.dist(point, tip) > 1e-3), tip)


def _shortened(path: Path, at_start: bool, end: Point) -> Path:
    shorter = Path()
    shorter.segments = list(path.segments)
    index = 0 if at_start else max(index for index, (_, numbers) in enumerate(path.segments) if numbers)
    operator, numbers = path.segments[index]
    shorter.segments[index] = operator, (*numbers[:-2], *end)
    return shorter
