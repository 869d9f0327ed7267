"""Speech bubbles and labels with leader lines."""

from __future__ import annotations

import math

from ingest.slides.geometry import Path, Point
from ingest.slides.outline import Outline, Part
from ingest.slides.presets.basic import cornered
from ingest.slides.presets.frame import Frame, Maker, fill_only, line_only
from ingest.slides.presets.round_shapes import cloud, cloud_path, ellipse


def _tip(f: Frame) -> Point:
    """Where a bubble points: adjustments are from its centre, in shares of the size."""
    return f.w * (0.5 + f.share("adj1", -0.20833, -99, 99)), f.h * (0.5 + f.share("adj2", 0.625, -99, 99))


def bubble(f: Frame, radius: float = 0.0) -> Outline:
    """A rectangle that runs out to a point from the nearer part of the side that faces it."""
    tip = _tip(f)
    dx, dy = tip[0] - f.w / 2, tip[1] - f.h / 2
    is_across = abs(dx) * f.h <= abs(dy) * f.w
    low, high = (2 / 12, 5 / 12) if (dx < 0 if is_across else dy < 0) else (7 / 12, 10 / 12)
    rest = cornered(f, [radius] * 4, ["round"] * 4)
    corners = [segment for segment in rest.parts[0].path.segments if segment[0] != "h"]
    path = Path()
    side = ("top" if dy < 0 else "bottom") if is_across else ("right" if dx > 0 else "left")
    wedge = {
        "top": [(f.w * low, 0.0), tip, (f.w * high, 0.0)],
        "right": [(f.w, f.h * low), tip, (f.w, f.h * high)],
        "bottom": [(f.w * high, f.h), tip, (f.w * low, f.h)],
        "left": [(0.0, f.h * high), tip, (0.0, f.h * low)],
    }[side]
    after = {"top": (radius, 0.0), "right": (f.w, radius), "bottom": (f.w - radius, f.h), "left": (0.0, f.h - radius)}[side]
    done = False
    for operator, numbers in corners:
        path.segments.append((operator, numbers))
        if not done and math.dist(numbers[-2:], after) < 0.01:
            for point in wedge:
                path.line(*point)
            done = True
    return Outline((Part(path.close()),), rest.text)


def round_bubble(f: Frame) -> Outline:
    return bubble(f, f.short * f.share("adj3", 0.16667, high=0.5))


def oval_bubble(f: Frame) -> Outline:
    tip = _tip(f)
    own = math.degrees(math.atan2((tip[1] - f.h / 2) * f.w, (tip[0] - f.w / 2) * f.h))
    start = math.radians(own + 11)
    path = Path().move(f.w / 2 * (1 + math.cos(start)), f.h / 2 * (1 + math.sin(start))).arc(f.w / 2, f.h / 2, own + 11, 338)
    return Outline((Part(path.line(*tip).close()),), ellipse(f).text)


def cloud_bubble(f: Frame) -> Outline:
    tip = _tip(f)
    path = cloud_path(f)
    cx, cy = f.w / 2, f.h / 2
    distance = math.hypot(tip[0] - cx, tip[1] - cy) or 1.0
    edge = 1 / math.hypot((tip[0] - cx) / (cx or 1), (tip[1] - cy) / (cy or 1)) if distance > 1 else 1.0
    for place, size in ((0.25, 1800), (0.6, 1200), (0.97, 600)):
        share = edge + (1 - edge) * place
        radius = f.short * size / 21600
        path.add(Path.ellipse(cx + (tip[0] - cx) * share, cy + (tip[1] - cy) * share, radius, radius))
    return Outline((Part(path),), cloud(f).text)


_LEADERS = {
    1: (0.1875, -0.08333, 1.125, -0.38333),
    2: (0.1875, -0.08333, 0.1875, -0.16667, 1.125, -0.46667),
    3: (0.1875, -0.08333, 0.1875, -0.16667, 1.0, -0.16667, 1.12963, -0.08333),
}


def leader(count: int, has_border: bool, has_bar: bool) -> Maker:
    """A label and a line of `count` pieces to what it is about."""

    def make(f: Frame) -> Outline:
        values = [f.share(f"adj{i + 1}", default, -99, 99) for i, default in enumerate(_LEADERS[count])]
        points = [(x * f.w, y * f.h) for y, x in zip(values[::2], values[1::2], strict=True)]
        box = Path.rectangle(0, 0, f.w, f.h)
        lines = Path.polyline(*points)
        if has_bar:
            lines.add(Path.polyline((points[0][0], 0), (points[0][0], f.h)))
        body = Part(box) if has_border else fill_only(box)
        return f.outline(body, line_only(lines))

    return make


SHAPES: dict[str, Maker] = {
    **{
        "wedgeRectCallout": bubble,
        "wedgeRoundRectCallout": round_bubble,
        "wedgeEllipseCallout": oval_bubble,
        "cloudCallout": cloud_bubble,
    },
    **{f"borderCallout{n}": leader(n, True, False) for n in _LEADERS},
    **{f"callout{n}": leader(n, False, False) for n in _LEADERS},
    **{f"accentCallout{n}": leader(n, False, True) for n in _LEADERS},
    **{f"accentBorderCallout{n}": leader(n, True, True) for n in _LEADERS},
}
