"""Shapes with straight sides, and rectangles with round or cut corners."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ingest.slides.geometry import Path
from ingest.slides.outline import Outline, Part
from ingest.slides.presets.frame import Frame, Maker, fill_only, line_only

_DIAGONAL = 1 - math.sqrt(0.5)


def rectangle(f: Frame) -> Outline:
    return f.outline(Path.rectangle(0, 0, f.w, f.h))


def cornered(f: Frame, radii: Sequence[float], kinds: Sequence[str]) -> Outline:
    """A rectangle whose corners (top left, top right, bottom right, bottom left) are "round", "snip" or "plaque"."""
    corners = ((0.0, 0.0, 0, 1), (f.w, 0.0, -1, 0), (f.w, f.h, 0, -1), (0.0, f.h, 1, 0))
    path = Path()
    for index, (x, y, dx, dy) in enumerate(corners):
        r = radii[index]
        start, end = (x + dx * r, y + dy * r), (x + dy * r, y - dx * r)
        path.line(*start) if path.segments else path.move(*start)
        if r <= 0:
            continue
        if kinds[index] == "snip":
            path.line(*end)
        elif kinds[index] == "plaque":
            path.arc(r, r, (90, 180, 270, 0)[index], -90)
        else:
            path.arc(r, r, (180, 270, 0, 90)[index], 90)
    inset = [
        r * (0.5 if kind == "snip" else 0.7071 if kind == "plaque" else _DIAGONAL) for r, kind in zip(radii, kinds, strict=True)
    ]
    left, top = max(inset[0], inset[3]), max(inset[0], inset[1])
    right, bottom = max(inset[1], inset[2]), max(inset[2], inset[3])
    return f.outline(path.close(), text=f.box(left, top, f.w - right, f.h - bottom))


def _all_corners(kind: str) -> Maker:
    def make(f: Frame) -> Outline:
        return cornered(f, [f.short * f.share("adj", 0.16667, high=0.5)] * 4, [kind] * 4)

    return make


def _one_corner(kind: str) -> Maker:
    def make(f: Frame) -> Outline:
        return cornered(f, [0.0, f.short * f.share("adj", 0.16667, high=0.5), 0.0, 0.0], [kind] * 4)

    return make


def _same_side(kind: str) -> Maker:
    def make(f: Frame) -> Outline:
        top, bottom = f.short * f.share("adj1", 0.16667, high=0.5), f.short * f.share("adj2", 0.0, high=0.5)
        return cornered(f, [top, top, bottom, bottom], [kind] * 4)

    return make


def _diagonal(kind: str, first: float, second: float) -> Maker:
    def make(f: Frame) -> Outline:
        one, two = f.short * f.share("adj1", first, high=0.5), f.short * f.share("adj2", second, high=0.5)
        return cornered(f, [one, two, one, two], [kind] * 4)

    return make


def snip_round(f: Frame) -> Outline:
    round_, snip = f.short * f.share("adj1", 0.16667, high=0.5), f.short * f.share("adj2", 0.16667, high=0.5)
    return cornered(f, [round_, snip, 0.0, 0.0], ["round", "snip", "round", "round"])


def triangle(f: Frame) -> Outline:
    a = f.share("adj", 0.5)
    return f.polygon((0, 1), (a, 0), (1, 1), text=f.shares(a / 2, 0.5, a / 2 + 0.5, 1.0))


def right_triangle(f: Frame) -> Outline:
    return f.polygon((0, 1), (0, 0), (1, 1), text=f.shares(1 / 12, 7 / 12, 7 / 12, 11 / 12))


def diamond(f: Frame) -> Outline:
    return f.polygon((0, 0.5), (0.5, 0), (1, 0.5), (0.5, 1), text=f.shares(0.25, 0.25, 0.75, 0.75))


def parallelogram(f: Frame) -> Outline:
    x = f.short * f.share("adj", 0.25, high=f.w / (f.short or 1))
    inset = 5 * x / 12
    return f.closed(
        (0, f.h),
        (x, 0),
        (f.w, 0),
        (f.w - x, f.h),
        text=f.box(inset, inset * f.h / (f.w or 1), f.w - inset, f.h - inset * f.h / (f.w or 1)),
    )


def trapezoid(f: Frame) -> Outline:
    x = f.short * f.share("adj", 0.25, high=f.w / (f.short or 1) / 2)
    side = f.w / 3 * (x * 2 / (f.w or 1))
    return f.closed((0, f.h), (x, 0), (f.w - x, 0), (f.w, f.h), text=f.box(side, f.h / 3 * (x * 2 / (f.w or 1)), f.w - side, f.h))


def non_isosceles_trapezoid(f: Frame) -> Outline:
    left, right = f.short * f.share("adj1", 0.25, high=9), f.short * f.share("adj2", 0.25, high=9)
    return f.closed((0, f.h), (left, 0), (f.w - right, 0), (f.w, f.h))


def regular(sides: int, turn: float = -90.0) -> Maker:
    """A polygon with equal sides, stretched so that it touches the frame."""
    corners = [
        (math.cos(math.radians(turn + 360 * k / sides)), math.sin(math.radians(turn + 360 * k / sides))) for k in range(sides)
    ]
    low_x, high_x = min(x for x, _ in corners), max(x for x, _ in corners)
    low_y, high_y = min(y for _, y in corners), max(y for _, y in corners)
    shares = [((x - low_x) / (high_x - low_x), (y - low_y) / (high_y - low_y)) for x, y in corners]
    inset = 0.14 + 0.1 * (sides < 8)

    def make(f: Frame) -> Outline:
        return f.polygon(*shares, text=f.shares(inset, inset, 1 - inset, 1 - inset))

    return make


def hexagon(f: Frame) -> Outline:
    x = f.short * f.share("adj", 0.25, high=f.w / (f.short or 1) / 2)
    y = f.h / 2 * min(f.adjustments.get("vf", 115_470.0) / 100_000 * math.sin(math.radians(60)), 1.0)
    top, bottom = f.h / 2 - y, f.h / 2 + y
    text = f.box(f.w * 0.17, f.h * 0.17, f.w * 0.83, f.h * 0.83)
    return f.closed((0, f.h / 2), (x, top), (f.w - x, top), (f.w, f.h / 2), (f.w - x, bottom), (x, bottom), text=text)


def octagon(f: Frame) -> Outline:
    return cornered(f, [f.short * f.share("adj", 0.29289, high=0.5)] * 4, ["snip"] * 4)


def plus(f: Frame) -> Outline:
    d = f.short * f.share("adj", 0.25, high=0.5)
    r, b = f.w - d, f.h - d
    points = ((0, d), (d, d), (d, 0), (r, 0), (r, d), (f.w, d), (f.w, b), (r, b), (r, f.h), (d, f.h), (d, b), (0, b))
    return f.closed(*points, text=f.box(d, d, r, b))


def frame(f: Frame) -> Outline:
    d = f.short * f.share("adj1", 0.125, high=0.5)
    inner = Path.polyline((d, d), (d, f.h - d), (f.w - d, f.h - d), (f.w - d, d)).close()
    return f.outline(Path.rectangle(0, 0, f.w, f.h).add(inner), text=f.box(d, d, f.w - d, f.h - d))


def half_frame(f: Frame) -> Outline:
    y, x = f.short * f.share("adj1", 0.33333), f.short * f.share("adj2", 0.33333)
    slope = f.w / (f.h or 1)
    return f.closed((0, 0), (f.w, 0), (f.w - y * slope, y), (x, y), (x, f.h - x / (slope or 1)), (0, f.h))


def corner(f: Frame) -> Outline:
    y, x = f.short * f.share("adj1", 0.5, high=9), f.short * f.share("adj2", 0.5, high=9)
    x, y = min(x, f.w), min(y, f.h)
    return f.closed((0, 0), (x, 0), (x, f.h - y), (f.w, f.h - y), (f.w, f.h), (0, f.h), text=f.box(0, f.h - y, f.w, f.h))


def diagonal_stripe(f: Frame) -> Outline:
    a = f.share("adj", 0.5)
    return f.polygon((0, a), (a, 0), (1, 0), (0, 1), text=f.shares(0, 0, 0.5 + a / 2, 0.5 + a / 2))


def home_plate(f: Frame) -> Outline:
    x = f.w - f.short * f.share("adj", 0.5, high=f.w / (f.short or 1))
    return f.closed((0, 0), (x, 0), (f.w, f.h / 2), (x, f.h), (0, f.h), text=f.box(0, 0, (x + f.w) / 2, f.h))


def chevron(f: Frame) -> Outline:
    d = f.short * f.share("adj", 0.5, high=f.w / (f.short or 1))
    x = f.w - d
    return f.closed((0, 0), (x, 0), (f.w, f.h / 2), (x, f.h), (0, f.h), (d, f.h / 2), text=f.box(min(d, x), 0, max(d, x), f.h))


def cube(f: Frame) -> Outline:
    d = f.short * f.share("adj", 0.25)
    front = fill_only(Path.rectangle(0, d, f.w - d, f.h - d))
    right = fill_only(Path.polygon((f.w - d, d), (f.w, 0), (f.w, f.h - d), (f.w - d, f.h)), -0.2)
    top = fill_only(Path.polygon((0, d), (d, 0), (f.w, 0), (f.w - d, d)), 0.2)
    edges = Path.polygon((0, d), (d, 0), (f.w, 0), (f.w, f.h - d), (f.w - d, f.h), (0, f.h))
    edges.add(Path.polyline((0, d), (f.w - d, d), (f.w, 0))).add(Path.polyline((f.w - d, d), (f.w - d, f.h)))
    return f.outline(front, right, top, line_only(edges), text=f.box(0, d, f.w - d, f.h))


def bevel(f: Frame) -> Outline:
    d = f.short * f.share("adj", 0.125, high=0.5)
    r, b = f.w - d, f.h - d
    faces = [
        fill_only(Path.rectangle(d, d, r - d, b - d)),
        fill_only(Path.polygon((0, 0), (f.w, 0), (r, d), (d, d)), 0.2),
        fill_only(Path.polygon((0, f.h), (d, b), (r, b), (f.w, f.h)), -0.2),
        fill_only(Path.polygon((0, 0), (d, d), (d, b), (0, f.h)), 0.4),
        fill_only(Path.polygon((f.w, 0), (f.w, f.h), (r, b), (r, d)), -0.4),
    ]
    edges = Path.rectangle(0, 0, f.w, f.h).add(Path.rectangle(d, d, r - d, b - d))
    for start, end in (((0, 0), (d, d)), ((f.w, 0), (r, d)), ((f.w, f.h), (r, b)), ((0, f.h), (d, b))):
        edges.add(Path.polyline(start, end))
    return f.outline(*faces, line_only(edges), text=f.box(d, d, r, b))


def folded_corner(f: Frame) -> Outline:
    d = f.short * f.share("adj", 0.16667, high=0.5)
    x, y = f.w - d, f.h - d
    body = Path.polygon((0, 0), (f.w, 0), (f.w, y), (x, f.h), (0, f.h))
    fold = Path.polygon((x, f.h), (x + d / 5, y + d / 5), (f.w, y))
    return f.outline(Part(body), Part(fold, shade=-0.2), text=f.box(0, 0, f.w, y))


def _math(kind: str) -> Maker:
    def make(f: Frame) -> Outline:
        thick = f.short * f.share("adj1", 0.2352)
        left, right, cx, cy = f.w * 0.1325, f.w * 0.8675, f.w / 2, f.h / 2
        bar = Path.rectangle(left, cy - thick / 2, right - left, thick)
        if kind == "minus":
            return f.outline(bar)
        if kind == "plus":
            top, d = f.h * 0.1325, thick / 2
            points = ((left, cy - d), (cx - d, cy - d), (cx - d, top), (cx + d, top), (cx + d, cy - d), (right, cy - d))
            mirrored = [(f.w - x, f.h - y) for x, y in points]
            return f.closed(*points, *mirrored)
        if kind == "divide":
            dot = f.h * f.share("adj3", 0.1176)
            gap = f.h * f.share("adj2", 0.0588)
            thick = f.h * f.share("adj1", 0.2352)
            away = thick / 2 + gap + dot
            bar = Path.rectangle(left, cy - thick / 2, right - left, thick)
            return f.outline(bar.add(Path.ellipse(cx, cy - away, dot, dot)).add(Path.ellipse(cx, cy + away, dot, dot)))
        gap = f.h * f.share("adj2", 0.1176)
        thick = f.h * f.share("adj1", 0.2352)
        upper = Path.rectangle(left, cy - gap / 2 - thick, right - left, thick)
        return f.outline(upper.add(Path.rectangle(left, cy + gap / 2, right - left, thick)))

    return make


def multiply(f: Frame) -> Outline:
    thick = f.short * f.share("adj1", 0.2352, high=0.51965)
    angle = math.atan2(f.h, f.w)
    sin, cos = math.sin(angle), math.cos(angle)
    slope = sin / max(cos, 1e-6)
    gap = math.hypot(f.w, f.h) * 0.48035 / 2
    ax, ay = cos * gap - sin * thick / 2, sin * gap + cos * thick / 2
    bx, by = cos * gap + sin * thick / 2, sin * gap - cos * thick / 2
    cx, cy = f.w / 2, f.h / 2
    notch_y, notch_x = (cx - bx) * slope + by, (cy - ay) / max(slope, 1e-6) + ax
    left = [(ax, f.h - ay), (notch_x, cy), (ax, ay), (bx, by)]
    right = [(f.w - x, y) for x, y in reversed(left)]
    return f.closed(*left, (cx, notch_y), *right, (f.w - bx, f.h - by), (cx, f.h - notch_y), (bx, f.h - by))


SHAPES: dict[str, Maker] = {
    **{"rect": rectangle, "flowChartProcess": rectangle, "roundRect": _all_corners("round"), "plaque": _all_corners("plaque")},
    **{"round1Rect": _one_corner("round"), "snip1Rect": _one_corner("snip"), "snipRoundRect": snip_round},
    **{"round2SameRect": _same_side("round"), "snip2SameRect": _same_side("snip")},
    **{"round2DiagRect": _diagonal("round", 0.16667, 0.0), "snip2DiagRect": _diagonal("snip", 0.0, 0.16667)},
    **{"triangle": triangle, "rtTriangle": right_triangle, "diamond": diamond, "flowChartDecision": diamond},
    **{"parallelogram": parallelogram, "trapezoid": trapezoid, "nonIsoscelesTrapezoid": non_isosceles_trapezoid},
    **{"pentagon": regular(5), "hexagon": hexagon, "heptagon": regular(7), "octagon": octagon},
    **{"decagon": regular(10, 0.0), "dodecagon": regular(12, 15.0), "plus": plus, "frame": frame, "halfFrame": half_frame},
    **{"corner": corner, "diagStripe": diagonal_stripe, "homePlate": home_plate, "chevron": chevron, "cube": cube, "bevel": bevel},
    **{"foldedCorner": folded_corner, "mathPlus": _math("plus"), "mathMinus": _math("minus"), "mathDivide": _math("divide")},
    **{"mathEqual": _math("equal"), "mathMultiply": multiply},
}
