"""Ellipses and what is cut from them, and other round shapes."""

from __future__ import annotations

import math

from ingest.slides.geometry import Path, Rect, own_angle
from ingest.slides.outline import Outline, Part
from ingest.slides.presets.frame import Frame, Maker, fill_only, line_only

_DIAGONAL = (1 - math.sqrt(0.5)) / 2


def _inner(f: Frame) -> Rect:
    return f.shares(_DIAGONAL, _DIAGONAL, 1 - _DIAGONAL, 1 - _DIAGONAL)


def ellipse(f: Frame) -> Outline:
    return f.outline(Path.ellipse(f.w / 2, f.h / 2, f.w / 2, f.h / 2), text=_inner(f))


def _point(f: Frame, degrees: float) -> tuple[float, float, float]:
    """Where a ray at a visual angle meets the ellipse of the frame, and the ellipse's own angle there."""
    own = own_angle(degrees, f.w, f.h)
    return f.w / 2 * (1 + math.cos(math.radians(own))), f.h / 2 * (1 + math.sin(math.radians(own))), own


def _arc(f: Frame, start: float, end: float) -> Path:
    x, y, own_start = _point(f, start)
    _, _, own_end = _point(f, end)
    return Path().move(x, y).arc(f.w / 2, f.h / 2, own_start, (own_end - own_start) % 360 or 360)


def arc(f: Frame) -> Outline:
    path = _arc(f, f.angle("adj1", 270), f.angle("adj2", 0))
    sector = Path().add(path).line(f.w / 2, f.h / 2).close()
    return f.outline(fill_only(sector), line_only(path), text=sector.bounds)


def pie(f: Frame) -> Outline:
    return f.outline(_arc(f, f.angle("adj1", 0), f.angle("adj2", 270)).line(f.w / 2, f.h / 2).close(), text=_inner(f))


def chord(f: Frame) -> Outline:
    return f.outline(_arc(f, f.angle("adj1", 45), f.angle("adj2", 270)).close(), text=_inner(f))


def donut(f: Frame) -> Outline:
    d = f.short * f.share("adj", 0.25, high=0.5)
    hole = Path().move(f.w - d, f.h / 2).arc(f.w / 2 - d, f.h / 2 - d, 0, -360).close()
    return f.outline(Path.ellipse(f.w / 2, f.h / 2, f.w / 2, f.h / 2).add(hole), text=_inner(f))


def no_smoking(f: Frame) -> Outline:
    d = f.short * f.share("adj", 0.1875, high=0.5)
    rx, ry = f.w / 2 - d, f.h / 2 - d
    path = Path.ellipse(f.w / 2, f.h / 2, f.w / 2, f.h / 2)
    slope = math.degrees(math.atan2(f.h, f.w))
    half = math.degrees(math.asin(max(-1.0, min(d / 2 / max(min(rx, ry), 1e-6), 1.0))))
    for start in (slope + half, slope + 180 + half):
        x = f.w / 2 + rx * math.cos(math.radians(start + 180 - 2 * half))
        y = f.h / 2 + ry * math.sin(math.radians(start + 180 - 2 * half))
        path.move(x, y).arc(rx, ry, start + 180 - 2 * half, -(180 - 2 * half)).close()
    return f.outline(path, text=_inner(f))


def block_arc(f: Frame) -> Outline:
    start, end = f.angle("adj1", 180) % 360, f.angle("adj2", 0) % 360
    d = f.short * f.share("adj3", 0.25, high=0.5)
    outer = _arc(f, start, end)
    inner = Frame(max(f.w - 2 * d, 1e-6), max(f.h - 2 * d, 1e-6), {})
    x, y, own = _point(inner, end)
    _, _, own_start = _point(inner, start)
    back = -((own - own_start) % 360 or 360)
    path = outer.line(x + d, y + d).arc(inner.w / 2, inner.h / 2, own, back).close()
    return f.outline(path, text=path.bounds)


def teardrop(f: Frame) -> Outline:
    reach = f.share("adj", 1.0, high=2.0)
    cx, cy = f.w / 2, f.h / 2
    tip_x, tip_y = cx + cx * reach, cy - cy * reach
    path = Path().move(0, cy).arc(cx, cy, 180, 90)
    path.quadratic((cx + tip_x) / 2, 0, tip_x, tip_y).quadratic(f.w, (cy + tip_y) / 2, f.w, cy).arc(cx, cy, 0, 90).arc(
        cx, cy, 90, 90
    )
    return f.outline(path.close(), text=_inner(f))


def heart(f: Frame) -> Outline:
    w, h = f.w, f.h
    path = Path().move(w / 2, h / 4)
    path.curve(w / 2 + w * 10 / 48, -h / 3, w / 2 + w * 50 / 48, h / 4, w / 2, h)
    path.curve(w / 2 - w * 50 / 48, h / 4, w / 2 - w * 10 / 48, -h / 3, w / 2, h / 4)
    return f.outline(path.close(), text=f.shares(1 / 6, 1 / 4, 5 / 6, 2 / 3))


def moon(f: Frame) -> Outline:
    inner = f.w * f.share("adj", 0.5, high=0.875)
    path = Path().move(f.w, f.h).arc(f.w, f.h / 2, 90, 180)
    radius = max(f.w - inner, 1e-6)
    rx = (radius**2 + (f.w) ** 2) / (2 * radius) if radius else f.w
    rise = math.degrees(math.asin(min(1.0, f.w / rx)))
    path.arc(rx, f.h / 2 / max(math.sin(math.radians(rise)), 1e-6), 180 + rise, -2 * rise)
    return f.outline(path.close(), text=f.shares(0.2, 0.2, inner / (f.w or 1), 0.8))


def sun(f: Frame) -> Outline:
    d = f.share("adj", 0.25, 0.125, 0.46875)
    cx, cy = f.w / 2, f.h / 2
    path = Path()
    for k in range(8):
        angle, spread = math.radians(45 * k), math.radians(13)
        base = 0.5 - d + 0.06
        near = [(cx + f.w * base * math.cos(angle + s), cy + f.h * base * math.sin(angle + s)) for s in (-spread, spread)]
        far = 1.0 if k % 2 == 0 else 0.89
        path.add(Path.polygon(near[0], (cx + cx * far * math.cos(angle), cy + cy * far * math.sin(angle)), near[1]))
    return f.outline(path.add(Path.ellipse(cx, cy, f.w * (0.5 - d), f.h * (0.5 - d))), text=f.shares(d, d, 1 - d, 1 - d))


def smiley(f: Frame) -> Outline:
    smile = f.share("adj", 0.04653, -0.04653, 0.04653) * f.h
    face = Path.ellipse(f.w / 2, f.h / 2, f.w / 2, f.h / 2)
    eyes = Path()
    for x in (6215, 13135):
        eyes.add(Path.ellipse((x + 1125) / 21600 * f.w, 7570 / 21600 * f.h, f.w * 1125 / 21600, f.h * 1125 / 21600))
    y = f.h * 16515 / 21600
    mouth = Path().move(f.w * 4969 / 21600, y - smile).quadratic(f.w / 2, y + 3 * smile, f.w * 16640 / 21600, y - smile)
    return f.outline(Part(face), Part(eyes, shade=-0.2), line_only(mouth), text=_inner(f))


def can(f: Frame) -> Outline:
    d = f.short * f.share("adj", 0.25, high=0.5 * f.h / (f.short or 1)) / 2
    body = Path().move(0, d).arc(f.w / 2, d, 180, -180).line(f.w, f.h - d).arc(f.w / 2, d, 0, 180).close()
    top = Path.ellipse(f.w / 2, d, f.w / 2, d)
    return f.outline(Part(body), Part(top, shade=0.2), text=f.box(0, 2 * d, f.w, f.h - d))


def funnel(f: Frame) -> Outline:
    lip = f.short * 0.05
    rx, ry, neck = f.w / 2, f.h / 4, f.w / 8
    body = Path().move(0, ry).arc(rx, ry, 180, 180).line(f.w / 2 + neck, f.h - neck / 2).arc(neck, neck / 2, 0, 180).close()
    hole = Path().move(f.w - lip, ry).arc(rx - lip, ry - lip, 0, -360).close()
    return f.outline(body.add(hole))


_CLOUD = (
    (3900, 14370, 6753, 9190, -11429249, 7426832), (None, None, 5333, 7267, -8646143, 5396714),
    (None, None, 4365, 5945, -8748475, 5983381), (None, None, 4857, 6595, -7859164, 7034504),
    (None, None, 5333, 7273, -4722533, 6541615), (None, None, 6775, 9220, -2776035, 7816140),
    (None, None, 5785, 7867, 37501, 6842000), (None, None, 6752, 9215, 1347096, 6910353),
    (None, None, 7720, 10543, 3974558, 4542661), (None, None, 4360, 5918, -16496525, 8804134),
    (None, None, 4345, 5945, -14809710, 9151131),
)  # fmt: skip
"""Arcs of the cloud in a square of 43,200: radii, start and sweep; the first with its starting point."""


def cloud_path(f: Frame) -> Path:
    """The outside of a cloud."""
    sx, sy = f.w / 43200, f.h / 43200
    path = Path()
    for x, y, rx, ry, start, sweep in _CLOUD:
        if x is not None and y is not None:
            path.move(x * sx, y * sy)
        first, last = own_angle(start / 60_000, rx, ry), own_angle((start + sweep) / 60_000, rx, ry)
        path.arc(rx * sx, ry * sy, first, last - first)
    return path.close()


def cloud(f: Frame) -> Outline:
    return f.outline(cloud_path(f), text=f.shares(2977 / 21600, 3262 / 21600, 17087 / 21600, 17337 / 21600))


def lightning(f: Frame) -> Outline:
    points = ((8472, 0), (12860, 6080), (11050, 6797), (16577, 12007), (14767, 12877), (21600, 21600))
    back = ((10012, 14915), (12222, 13987), (5022, 9705), (7602, 8382), (0, 3890))
    return f.polygon(*((x / 21600, y / 21600) for x, y in points + back), text=f.shares(0.31, 0.35, 0.68, 0.69))


def wave(f: Frame) -> Outline:
    y, x = f.h * f.share("adj1", 0.125, high=0.2), f.w * f.share("adj2", 0.0, -0.1, 0.1)
    rise = y * 10 / 3
    left, right = max(0.0, -x) * 2, f.w - max(0.0, x) * 2
    path = Path().move(left, y)
    third = (right - left) / 3
    path.curve(left + third, y - rise, left + 2 * third, y + rise, right, y)
    left_low, right_low = max(0.0, x) * 2, f.w - max(0.0, -x) * 2
    third = (right_low - left_low) / 3
    path.line(right_low, f.h - y).curve(right_low - third, f.h - y + rise, left_low + third, f.h - y - rise, left_low, f.h - y)
    return f.outline(path.close(), text=f.box(max(left, left_low), 2 * y, min(right, right_low), f.h - 2 * y))


def double_wave(f: Frame) -> Outline:
    y = f.h * f.share("adj1", 0.0625, high=0.125)
    rise, half, third = y * 10 / 3, f.w / 2, f.w / 6
    path = Path().move(0, y)
    for start in (0.0, half):
        path.curve(start + third, y - rise, start + 2 * third, y + rise, start + half, y)
    path.line(f.w, f.h - y)
    for start in (f.w, half):
        path.curve(start - third, f.h - y + rise, start - 2 * third, f.h - y - rise, start - half, f.h - y)
    return f.outline(path.close(), text=f.box(0, 2 * y, f.w, f.h - 2 * y))


SHAPES: dict[str, Maker] = {
    **{"ellipse": ellipse, "flowChartConnector": ellipse, "arc": arc, "pie": pie, "chord": chord, "donut": donut},
    **{"noSmoking": no_smoking, "blockArc": block_arc, "teardrop": teardrop, "heart": heart, "moon": moon, "sun": sun},
    **{
        "smileyFace": smiley,
        "can": can,
        "flowChartMagneticDisk": can,
        "cloud": cloud,
        "funnel": funnel,
        "lightningBolt": lightning,
    },
    **{"wave": wave, "doubleWave": double_wave},
}
