"""Block arrows."""

from __future__ import annotations

import math

from ingest.slides.geometry import Matrix, Path, Point
from ingest.slides.outline import Outline, Part
from ingest.slides.presets.frame import Frame, Maker, fill_only


def _turned(maker: Maker, quarter: int, mirrored: bool = False) -> Maker:
    """The same shape pointing elsewhere: turned clockwise by quarters, or mirrored from left to right."""

    def make(f: Frame) -> Outline:
        w, h = (f.h, f.w) if quarter % 2 else (f.w, f.h)
        outline = maker(Frame(w, h, f.adjustments))
        matrix = Matrix.mirroring(mirrored, False, w / 2, h / 2).then(Matrix(e=-w / 2, f=-h / 2))
        matrix = matrix.then(Matrix.rotation(90 * quarter)).then(Matrix(e=f.w / 2, f=f.h / 2))
        text = Path.rectangle(*outline.text).transformed(matrix).bounds
        return Outline(tuple(Part(p.path.transformed(matrix), p.is_filled, p.is_stroked, p.shade) for p in outline.parts), text)

    return make


def right_arrow(f: Frame) -> Outline:
    half = f.h * f.share("adj1", 0.5) / 2
    head = f.short * f.share("adj2", 0.5, high=f.w / (f.short or 1))
    x, cy = f.w - head, f.h / 2
    text = f.box(0, cy - half, x + half * head / (cy or 1), cy + half)
    return f.closed((0, cy - half), (x, cy - half), (x, 0), (f.w, cy), (x, f.h), (x, cy + half), (0, cy + half), text=text)


def left_right_arrow(f: Frame) -> Outline:
    half = f.h * f.share("adj1", 0.5) / 2
    head = f.short * f.share("adj2", 0.5, high=f.w / (f.short or 1) / 2)
    x, cy = f.w - head, f.h / 2
    right = [(head, cy - half), (x, cy - half), (x, 0), (f.w, cy), (x, f.h), (x, cy + half), (head, cy + half)]
    reach = half * head / (cy or 1)
    return f.closed((0, cy), (head, 0), *right, (head, f.h), text=f.box(head - reach, cy - half, x + reach, cy + half))


def notched_right_arrow(f: Frame) -> Outline:
    half = f.h * f.share("adj1", 0.5) / 2
    head = f.short * f.share("adj2", 0.5, high=f.w / (f.short or 1))
    x, cy = f.w - head, f.h / 2
    notch = half * head / (cy or 1)
    points = ((0, cy - half), (x, cy - half), (x, 0), (f.w, cy), (x, f.h), (x, cy + half), (0, cy + half), (notch, cy))
    return f.closed(*points, text=f.box(notch, cy - half, x + notch, cy + half))


def striped_right_arrow(f: Frame) -> Outline:
    half = f.h * f.share("adj1", 0.5) / 2
    unit = f.short / 32
    head = f.short * f.share("adj2", 0.5, high=f.w / (f.short or 1))
    x, cy, start = f.w - head, f.h / 2, unit * 5
    body = Path.polygon((start, cy - half), (x, cy - half), (x, 0), (f.w, cy), (x, f.h), (x, cy + half), (start, cy + half))
    body.add(Path.rectangle(0, cy - half, unit, 2 * half)).add(Path.rectangle(2 * unit, cy - half, 2 * unit, 2 * half))
    return f.outline(body, text=f.box(start, cy - half, x + half * head / (cy or 1), cy + half))


def quad_arrow(f: Frame) -> Outline:
    return _crossed(f, ("left", "up", "right", "down"))


def left_right_up_arrow(f: Frame) -> Outline:
    return _crossed(f, ("left", "up", "right"))


def _crossed(f: Frame, ends: tuple[str, ...]) -> Outline:
    """Arrows from the middle, the lower one missing when it is not asked for."""
    default = (0.225, 0.225, 0.225) if "down" in ends else (0.25, 0.25, 0.25)
    half, wide, head = (f.short * f.share(f"adj{i + 1}", default[i], high=1.0) * (0.5 if i == 0 else 1.0) for i in range(3))
    cx, cy = f.w / 2, f.h / 2 if "down" in ends else f.h - wide
    points: list[Point] = [
        (0, cy),
        (head, cy - wide),
        (head, cy - half),
        (cx - half, cy - half),
        (cx - half, head),
        (cx - wide, head),
        (cx, 0),
    ]
    points += [(f.w - x, y) for x, y in reversed(points[:-1])]
    if "down" in ends:
        points += [(x, f.h - y) for x, y in reversed(points[1:-1])]
    else:
        points += [(f.w - head, cy + wide), (f.w - head, cy + half), (head, cy + half), (head, cy + wide)]
    return f.closed(*points, text=f.box(head, cy - half, f.w - head, cy + half))


def left_up_arrow(f: Frame) -> Outline:
    half, wide, head = (f.short * f.share(f"adj{i + 1}", 0.25) * (0.5 if i == 0 else 1.0) for i in range(3))
    cx, cy = f.w - wide, f.h - wide
    points = ((0, cy), (head, cy - wide), (head, cy - half), (cx - half, cy - half), (cx - half, head), (cx - wide, head), (cx, 0))
    back = ((f.w, head), (cx + half, head), (cx + half, cy + half), (head, cy + half), (head, f.h))
    return f.closed(*points, *back, text=f.box(head, cy - half, cx + half, cy + half))


def bent_up_arrow(f: Frame) -> Outline:
    thick, wide, head = (f.short * f.share(f"adj{i + 1}", 0.25, high=0.5) for i in range(3))
    x = f.w - wide
    left, right = x - thick / 2, x + thick / 2
    points = (
        (0, f.h - thick),
        (left, f.h - thick),
        (left, head),
        (x - wide, head),
        (x, 0),
        (f.w, head),
        (right, head),
        (right, f.h),
        (0, f.h),
    )
    return f.closed(*points, text=f.box(0, f.h - thick, right, f.h))


def bent_arrow(f: Frame) -> Outline:
    thick, wide, head = (f.short * f.share(f"adj{i + 1}", 0.25, high=0.5) for i in range(3))
    bend = f.short * f.share("adj4", 0.4375)
    top = wide - thick / 2
    inner = max(bend - thick, 0.0)
    x = f.w - head
    bend = min(bend, x, f.h - top)
    path = (
        Path().move(0, f.h).line(0, top + bend).arc(bend, bend, 180, 90).line(x, top).line(x, 0).line(f.w, wide).line(x, 2 * wide)
    )
    path.line(x, top + thick).line(thick + inner, top + thick).arc(inner, inner, 270, -90).line(thick, f.h)
    return f.outline(path.close())


def u_turn_arrow(f: Frame) -> Outline:
    thick, wide, head = (f.short * f.share(f"adj{i + 1}", 0.25, high=0.5) for i in range(3))
    bend = f.short * f.share("adj4", 0.4375)
    end = f.h * f.share("adj5", 0.75)
    right = f.w - wide + thick / 2
    bend = min(bend, right / 2)
    inner = max(bend - thick, 0.0)
    path = (
        Path()
        .move(0, f.h)
        .line(0, bend)
        .arc(bend, bend, 180, 90)
        .line(right - bend, 0)
        .arc(bend, bend, 270, 90)
        .line(right, end - head)
    )
    path.line(f.w, end - head).line(f.w - wide, end).line(f.w - 2 * wide, end - head).line(right - thick, end - head)
    path.line(right - thick, thick + inner).arc(inner, inner, 0, -90).line(thick + inner, thick).arc(inner, inner, 270, -90)
    return f.outline(path.line(thick, f.h).close())


def curved_right_arrow(f: Frame) -> Outline:
    thick, wide, head = f.short * f.share("adj1", 0.25), f.short * f.share("adj2", 0.5), f.short * f.share("adj3", 0.25)
    wide = max(wide, thick)
    ry = (f.h - (thick + wide) / 2) / 2
    rx, x = f.w, f.w - head
    reach = 90 - math.degrees(math.acos(min(1.0, head / (rx or 1)))) if rx else 0.0
    tip = f.h - wide / 2
    low = (
        Path().move(0, ry).arc(rx, ry, 180, -(90 - reach)).line(x, f.h - wide).line(f.w, tip).line(x, f.h).line(x, tip + thick / 2)
    )
    low.line(x, ry + thick + ry * math.sqrt(max(0.0, 1 - (head / (rx or 1)) ** 2)))
    low.curve(x * 0.4, (ry + thick) * 1.9, 0, ry * 1.7, 0, ry + thick)
    back = Path().move(f.w, 0).arc(rx, ry, 270, -90).line(0, ry + thick).arc(rx, ry, 180, 90).close()
    return f.outline(fill_only(back, -0.2), Part(low.close()), Part(back, is_filled=False))


def circular_arrow(f: Frame) -> Outline:
    thick, head = f.short * f.share("adj1", 0.125, high=0.25), f.short * f.share("adj5", 0.125, high=0.25)
    spread, end, start = f.angle("adj2", 19.03), f.angle("adj3", 340.96), f.angle("adj4", 180.0)
    radius_x, radius_y = f.w / 2 - head, f.h / 2 - head
    sweep = (end - start) % 360 or 360
    cx, cy, half = f.w / 2, f.h / 2, thick / 2

    def at(degrees: float, more: float) -> Point:
        angle = math.radians(degrees)
        return cx + (radius_x + more) * math.cos(angle), cy + (radius_y + more) * math.sin(angle)

    path = Path().move(*at(start, half)).arc(radius_x + half, radius_y + half, start, sweep)
    path.line(*at(end, head)).line(*at(end + spread, 0)).line(*at(end, -head)).line(*at(end, -half))
    return f.outline(path.arc(radius_x - half, radius_y - half, end, -sweep).close())


def right_arrow_callout(f: Frame) -> Outline:
    thick, wide, head = (f.short * f.share(f"adj{i + 1}", 0.25, high=1.0) for i in range(3))
    x, cy = f.w * f.share("adj4", 0.64977), f.h / 2
    points = ((0, 0), (x, 0), (x, cy - thick / 2), (f.w - head, cy - thick / 2), (f.w - head, cy - wide), (f.w, cy))
    back = tuple((px, f.h - py) for px, py in reversed(points[:-1]))
    return f.closed(*points, *back, text=f.box(0, 0, x, f.h))


def left_right_arrow_callout(f: Frame) -> Outline:
    thick, wide, head = (f.short * f.share(f"adj{i + 1}", 0.25, high=1.0) for i in range(3))
    half, cx, cy = f.w * f.share("adj4", 0.48123) / 2, f.w / 2, f.h / 2
    quarter = (
        (cx, 0),
        (cx + half, 0),
        (cx + half, cy - thick / 2),
        (f.w - head, cy - thick / 2),
        (f.w - head, cy - wide),
        (f.w, cy),
    )
    right = [*quarter, *((x, f.h - y) for x, y in reversed(quarter[:-1]))]
    return f.closed(*right, *((f.w - x, y) for x, y in reversed(right[1:-1])), text=f.box(cx - half, 0, cx + half, f.h))


SHAPES: dict[str, Maker] = {
    **{"rightArrow": right_arrow, "leftArrow": _turned(right_arrow, 0, True)},
    **{"upArrow": _turned(right_arrow, 3), "downArrow": _turned(right_arrow, 1)},
    **{"leftRightArrow": left_right_arrow, "upDownArrow": _turned(left_right_arrow, 1)},
    **{"notchedRightArrow": notched_right_arrow, "stripedRightArrow": striped_right_arrow, "quadArrow": quad_arrow},
    **{"leftRightUpArrow": left_right_up_arrow, "leftUpArrow": left_up_arrow, "bentUpArrow": bent_up_arrow},
    **{"bentArrow": bent_arrow, "uturnArrow": u_turn_arrow, "circularArrow": circular_arrow},
    **{"curvedRightArrow": curved_right_arrow, "curvedLeftArrow": _turned(curved_right_arrow, 0, True)},
    **{"curvedUpArrow": _turned(curved_right_arrow, 3), "curvedDownArrow": _turned(curved_right_arrow, 3, True)},
    **{"rightArrowCallout": right_arrow_callout, "leftArrowCallout": _turned(right_arrow_callout, 0, True)},
    **{"upArrowCallout": _turned(right_arrow_callout, 3), "downArrowCallout": _turned(right_arrow_callout, 1)},
    **{"leftRightArrowCallout": left_right_arrow_callout, "upDownArrowCallout": _turned(left_right_arrow_callout, 1)},
}
