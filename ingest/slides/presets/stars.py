"""Stars, bursts, ribbons and banners, gears."""

from __future__ import annotations

import math

from ingest.slides.geometry import Path
from ingest.slides.outline import Outline, Part
from ingest.slides.presets.frame import Frame, Maker

_STRETCH = {5: (1.05146, 1.10557), 6: (1.1547, 1.0), 7: (1.02572, 1.05210), 10: (1.05146, 1.0)}
"""Factors `hf` and `vf` that make stars with few points fill their frame."""


def star(points: int, default: float) -> Maker:
    """With this many points; the adjustment is how far inside the inner corners lie, of half the size."""
    wide, high = _STRETCH.get(points, (1.0, 1.0))

    def make(f: Frame) -> Outline:
        inner = f.share("adj", default, high=0.5) * 2
        rx, ry, cx, cy = f.w / 2 * wide, f.h / 2 * high, f.w / 2, f.h / 2 * high
        corners = []
        for k in range(points * 2):
            angle, reach = math.radians(-90 + 180 * k / points), inner if k % 2 else 1.0
            corners.append((cx + rx * reach * math.cos(angle), cy + ry * reach * math.sin(angle)))
        inset = 0.5 - max(inner, 0.3) / 2 * 0.75
        return f.closed(*corners, text=f.shares(inset, inset, 1 - inset, 1 - inset))

    return make


def star4(f: Frame) -> Outline:
    return star(4, 0.125)(f)


_BURST_1 = (
    (10800, 5800), (14522, 0), (14155, 5325), (18380, 4457), (16702, 7315), (21097, 8137), (17607, 10475), (21600, 13290),
    (16837, 12942), (18145, 18095), (14020, 14457), (13247, 19737), (10532, 14935), (8485, 21600), (7715, 15627), (4762, 17617),
    (5667, 13937), (135, 14587), (3722, 11775), (0, 8615), (4627, 7617), (370, 2295), (7312, 6320), (8352, 2295),
)  # fmt: skip
_BURST_2 = (
    (11462, 4342), (14790, 0), (14525, 5777), (18007, 3172), (16380, 6532), (21600, 6645), (16985, 9402), (18270, 11290),
    (16380, 12310), (18877, 15632), (14640, 14350), (14942, 17370), (12180, 15935), (11612, 18842), (9872, 17370), (8700, 19712),
    (7527, 18125), (4917, 21600), (4805, 18240), (1285, 17825), (3330, 15370), (0, 12877), (3935, 11592), (1172, 8270),
    (5372, 7817), (4502, 3625), (8550, 6382), (9722, 1887),
)  # fmt: skip
"""Corners in a square of 21,600."""


def _burst(corners: tuple[tuple[int, int], ...]) -> Maker:
    def make(f: Frame) -> Outline:
        return f.polygon(*((x / 21600, y / 21600) for x, y in corners), text=f.shares(0.22, 0.3, 0.78, 0.7))

    return make


def ribbon(upward: bool) -> Maker:
    """A band with folded ends."""

    def make(f: Frame) -> Outline:
        rise, half = f.h * f.share("adj1", 0.16667, high=0.33333), f.w * f.share("adj2", 0.5, 0.25, 0.75) / 2
        left, right, eighth = f.w / 2 - half, f.w / 2 + half, f.w / 8

        def y(value: float) -> float:
            return f.h - value if upward else value

        ends = Path.polygon(
            (0, y(rise)), (left + eighth, y(rise)), (left + eighth, y(f.h)), (0, y(f.h)), (eighth, y((f.h + rise) / 2))
        )
        mirrored = (
            (f.w, y(rise)),
            (right - eighth, y(rise)),
            (right - eighth, y(f.h)),
            (f.w, y(f.h)),
            (f.w - eighth, y((f.h + rise) / 2)),
        )
        folds = Path.polygon((left, y(f.h - rise)), (left + eighth, y(f.h)), (left + eighth, y(f.h - rise)))
        folds.add(Path.polygon((right, y(f.h - rise)), (right - eighth, y(f.h)), (right - eighth, y(f.h - rise))))
        band = Path.polygon((left, y(0)), (right, y(0)), (right, y(f.h - rise)), (left, y(f.h - rise)))
        top, bottom = sorted((y(0), y(f.h - rise)))
        return f.outline(
            Part(ends), Part(Path.polygon(*mirrored)), Part(folds, shade=-0.2), Part(band), text=f.box(left, top, right, bottom)
        )

    return make


def ellipse_ribbon(upward: bool) -> Maker:
    """A band with folded ends, bent."""

    def make(f: Frame) -> Outline:
        bend, half, rise = f.h * f.share("adj1", 0.25), f.w * f.share("adj2", 0.5, 0.25, 0.75) / 2, f.h * f.share("adj3", 0.125)
        left, right, eighth = f.w / 2 - half, f.w / 2 + half, f.w / 8

        def y(value: float) -> float:
            return f.h - value if upward else value

        def dip(x: float) -> float:
            return bend * (1 - ((x - f.w / 2) / (f.w / 2 or 1)) ** 2)

        def strip(x0: float, x1: float, top: float, bottom: float, notch: float = 0.0) -> Path:
            middle = (x0 + x1) / 2
            control = 2 * dip(middle) - (dip(x0) + dip(x1)) / 2
            path = (
                Path()
                .move(x0, y(dip(x0) + top))
                .quadratic(middle, y(control + top), x1, y(dip(x1) + top))
                .line(x1, y(dip(x1) + bottom))
            )
            path.quadratic(middle, y(control + bottom), x0, y(dip(x0) + bottom))
            return (path.line(x0 + notch, y(dip(x0 + notch) + (top + bottom) / 2)) if notch else path).close()

        low = f.h - bend
        ends = strip(0, left + eighth, rise, low, eighth).add(strip(f.w, right - eighth, rise, low, -eighth))
        band = strip(left, right, 0, low - rise)
        top, bottom = sorted((y(bend), y(low - rise)))
        return f.outline(Part(ends, shade=-0.1), Part(band), text=f.box(left, top, right, bottom))

    return make


def scroll(vertical: bool) -> Maker:
    """A sheet with rolled ends."""

    def make(f: Frame) -> Outline:
        d = f.short * f.share("adj", 0.125, high=0.25)
        r = d / 2
        if vertical:
            sheet = Path().move(d, f.h - d).line(d, r).arc(r, r, 180, 90).line(f.w - r, 0).arc(r, r, 270, 180).line(f.w - d, d)
            sheet.line(f.w - d, f.h - r).arc(r, r, 0, 90).line(r, f.h).arc(r, r, 90, 180).close()
            return f.outline(Part(sheet), text=f.box(d, d, f.w - d, f.h - d))
        sheet = (
            Path().move(f.w - d, d).line(f.w - d, r).arc(r, r, 180, 180).line(f.w, f.h - d - r).arc(r, r, 0, 90).line(d, f.h - d)
        )
        sheet.line(d, f.h - r).arc(r, r, 0, 180).line(0, d + r).arc(r, r, 180, 90).close()
        return f.outline(Part(sheet), text=f.box(d, d, f.w - d, f.h - d))

    return make


def gear(teeth: int) -> Maker:
    def make(f: Frame) -> Outline:
        depth = f.share("adj1", 0.15 if teeth == 6 else 0.1, high=0.2)
        cx, cy = f.w / 2, f.h / 2
        inner, step = 1 - 2 * depth, 360 / teeth
        points = []
        for k in range(teeth):
            middle = -90 + step * k
            for angle, reach in ((-0.32, inner), (-0.2, 1.0), (0.2, 1.0), (0.32, inner)):
                a = math.radians(middle + angle * step)
                points.append((cx + cx * reach * math.cos(a), cy + cy * reach * math.sin(a)))
        return f.closed(*points, text=f.shares(0.22, 0.22, 0.78, 0.78))

    return make


SHAPES: dict[str, Maker] = {
    **{"star4": star(4, 0.125), "star5": star(5, 0.19098), "star6": star(6, 0.28868), "star7": star(7, 0.34601)},
    **{"star8": star(8, 0.375), "star10": star(10, 0.42533), "star12": star(12, 0.375), "star16": star(16, 0.375)},
    **{
        "star24": star(24, 0.375),
        "star32": star(32, 0.375),
        "irregularSeal1": _burst(_BURST_1),
        "irregularSeal2": _burst(_BURST_2),
    },
    **{
        "ribbon": ribbon(False),
        "ribbon2": ribbon(True),
        "ellipseRibbon": ellipse_ribbon(False),
        "ellipseRibbon2": ellipse_ribbon(True),
    },
    **{"verticalScroll": scroll(True), "horizontalScroll": scroll(False), "gear6": gear(6), "gear9": gear(9)},
}
