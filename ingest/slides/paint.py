"""Fills and outlines: what a shape, its style and the theme say together, and putting them on the canvas.

ECMA-376 part 1, 20.1.8 (fills) and 20.1.2.1.24 (outlines).
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

from PIL import Image

from ingest.slides.canvas import BLACK, Canvas, Colour, Gradient, Stroke
from ingest.slides.context import Context
from ingest.slides.geometry import Path, Rect
from ingest.slides.images import Picture
from ingest.slides.patterns import TILE_SIDE_PT, pattern_tile
from ingest.slides.xml import Element, child, children, elements, flag, fraction, integer, local_name, points, qualified

FILLS = ("noFill", "solidFill", "gradFill", "blipFill", "pattFill", "grpFill")
_TILES_MAX = 600
_STOPS_MAX = 64
_RECT_GRADIENT_PX = 64
_DEFAULT_WIDTH_PT = 0.75
_HAIRLINE_PT = 0.25
_DASHES: dict[str, tuple[float, ...]] = {
    **{"dot": (1, 3), "sysDot": (1, 1), "dash": (4, 3), "sysDash": (3, 1), "lgDash": (8, 3), "dashDot": (4, 3, 1, 3)},
    **{
        "sysDashDot": (3, 1, 1, 1),
        "lgDashDot": (8, 3, 1, 3),
        "lgDashDotDot": (8, 3, 1, 3, 1, 3),
        "sysDashDotDot": (3, 1, 1, 1, 1, 1),
    },
}
_CAPS = {"flat": 0, "rnd": 1, "sq": 2}


@dataclass(frozen=True, slots=True)
class ImageFill:
    """A picture over `area` points, cut to what it fills; repeated when it is a tile."""

    picture: Picture
    area: Rect
    alpha: float = 1.0
    is_tile: bool = False


Fill = Colour | Gradient | ImageFill


def fill_element(parent: Element | None) -> Element | None:
    """The fill directly inside of an element such as `p:spPr`; None when it says nothing of fills."""
    return next((item for item in elements(parent) if local_name(item) in FILLS), None)


def read_fill(item: Element | None, context: Context, area: Rect, placeholder: Colour | None = None) -> Fill | None:
    """What an `a:solidFill` or its like means for a shape at `area`; None for no fill. `placeholder` stands in for phClr."""
    kind = local_name(item) if item is not None else ""
    if kind == "solidFill":
        return context.palette.inside(item, placeholder)
    if kind == "gradFill":
        return _read_gradient(item, context, area, placeholder)
    if kind == "blipFill":
        return read_image_fill(item, context, area)
    if kind == "pattFill":
        front = context.palette.inside(child(item, "a:fgClr"), placeholder) or BLACK
        back = context.palette.inside(child(item, "a:bgClr"), placeholder) or Colour(1.0, 1.0, 1.0)
        tile = context.images.of_image(pattern_tile(str(item.get("prst") or "") if item is not None else "", front, back))
        return ImageFill(tile, Rect(area.x, area.y, TILE_SIDE_PT, TILE_SIDE_PT), 1.0, is_tile=True)
    return None


def _read_gradient(item: Element, context: Context, area: Rect, placeholder: Colour | None) -> Fill | None:
    found = []
    for stop in list(children(child(item, "a:gsLst"), "a:gs"))[:_STOPS_MAX]:
        found.append((max(0.0, min(fraction(stop, "pos"), 1.0)), context.palette.inside(stop, placeholder) or BLACK))
    stops = sorted(found, key=lambda stop: stop[0])
    if len(stops) < 2:
        return stops[0][1] if stops else None
    if stops[0][0] > 0:
        stops.insert(0, (0.0, stops[0][1]))
    if stops[-1][0] < 1:
        stops.append((1.0, stops[-1][1]))
    cx, cy = area.centre
    path = child(item, "a:path")
    if path is None:
        return _linear(tuple(stops), child(item, "a:lin"), area)
    target = child(path, "a:fillToRect")
    cx = area.x + area.width * (fraction(target, "l") + 1 - fraction(target, "r")) / 2
    cy = area.y + area.height * (fraction(target, "t") + 1 - fraction(target, "b")) / 2
    if path.get("path") == "circle":
        reach = math.hypot(max(cx - area.x, area.x + area.width - cx), max(cy - area.y, area.y + area.height - cy))
        return Gradient(tuple(stops), (cx, cy), (cx, cy), max(reach, 0.1))
    return ImageFill(
        context.images.of_image(_rectangular(stops, (cx - area.x) / (area.width or 1), (cy - area.y) / (area.height or 1))), area
    )


def _linear(stops: tuple[tuple[float, Colour], ...], line: Element | None, area: Rect) -> Gradient:
    angle = math.radians(integer(line, "ang") / 60_000)
    if flag(line, "scaled") and area.width > 0:
        angle = math.atan2(math.sin(angle) * area.height, math.cos(angle) * area.width)
    dx, dy = math.cos(angle), math.sin(angle)
    reach = (abs(area.width * dx) + abs(area.height * dy)) / 2
    cx, cy = area.centre
    return Gradient(stops, (cx - dx * reach, cy - dy * reach), (cx + dx * reach, cy + dy * reach))


def _rectangular(stops: list[tuple[float, Colour]], fx: float, fy: float) -> Image.Image:
    """A gradient from a point to the sides of a square, as a small picture."""
    size = _RECT_GRADIENT_PX
    image = Image.new("RGB", (size, size))
    for y in range(size):
        for x in range(size):
            px, py = (x + 0.5) / size, (y + 0.5) / size
            dx = (fx - px) / fx if px < fx else (px - fx) / max(1 - fx, 1e-6)
            dy = (fy - py) / fy if py < fy else (py - fy) / max(1 - fy, 1e-6)
            image.putpixel((x, y), _at(stops, max(dx, dy)))
    return image


def _at(stops: list[tuple[float, Colour]], place: float) -> tuple[int, int, int]:
    for (low, first), (high, second) in itertools.pairwise(stops):
        if place <= high:
            share = (place - low) / (high - low) if high > low else 0.0
            red, green, blue = (round(255 * (a + (b - a) * share)) for a, b in zip(first[:3], second[:3], strict=True))
            return red, green, blue
    red, green, blue = (round(255 * part) for part in stops[-1][1][:3])
    return red, green, blue


def read_image_fill(item: Element, context: Context, area: Rect) -> ImageFill | None:
    """A `blipFill`: cropped by `a:srcRect`, stretched or tiled. None with a warning when its picture cannot be shown."""
    blip = child(item, "a:blip")
    picture = read_picture(blip, context)
    if picture is None:
        return None
    alpha = fraction(child(blip, "a:alphaModFix"), "amt", 1.0)
    tile = child(item, "a:tile")
    if tile is not None:
        width = picture.width * 0.75 * max(0.01, fraction(tile, "sx", 1.0))
        height = picture.height * 0.75 * max(0.01, fraction(tile, "sy", 1.0))
        place = Rect(area.x + points(tile, "tx"), area.y + points(tile, "ty"), width, height)
        return ImageFill(picture, place, alpha, is_tile=True)
    fill, source = child(item, "a:stretch", "a:fillRect"), child(item, "a:srcRect")
    shown = area_less(area, fill)
    left, top, right, bottom = (fraction(source, side) for side in "ltrb")
    across, down = max(1 - left - right, 1e-3), max(1 - top - bottom, 1e-3)
    width, height = shown.width / across, shown.height / down
    return ImageFill(picture, Rect(shown.x - left * width, shown.y - top * height, width, height), alpha)


def area_less(area: Rect, sides: Element | None) -> Rect:
    """An area less the shares of its size that `l`, `t`, `r` and `b` say; negative ones enlarge it."""
    left, top, right, bottom = (fraction(sides, side) for side in "ltrb")
    width, height = area.width * max(0.0, 1 - left - right), area.height * max(0.0, 1 - top - bottom)
    return Rect(area.x + left * area.width, area.y + top * area.height, width, height)


def read_picture(blip: Element | None, context: Context) -> Picture | None:
    """The picture that an `a:blip` embeds; None, with a warning, when it is outside of the file or of a kind that is not drawn."""
    if blip is None:
        return None
    if blip.get(qualified("r:embed")) is None and blip.get(qualified("r:link")) is not None:
        context.warn("a linked picture is not part of the file and was left out.")
        return None
    part = context.related(blip.get(qualified("r:embed")))
    picture = context.images.of_part(part) if part is not None else None
    if picture is None:
        name = str(getattr(part, "partname", "")).rpartition(".")[2].upper()
        context.warn(f"a picture ({name or 'missing'}) cannot be shown and was left out.")
    return picture


def read_stroke(lines: list[Element], context: Context, placeholder: Colour | None = None) -> Stroke | None:
    """What `a:ln` elements, the most specific first, mean together; None for no outline."""
    fill = next((found for found in map(fill_element, lines) if found is not None), None)
    if fill is None or local_name(fill) == "noFill":
        return None
    if local_name(fill) == "gradFill":
        fill = child(fill, "a:gsLst", "a:gs")
    elif local_name(fill) == "pattFill":
        fill = child(fill, "a:fgClr")
    colour = context.palette.inside(fill, placeholder)
    if colour is None:
        return None
    wide = next((line for line in lines if line.get("w") is not None), None)
    width = max(points(wide, "w", _DEFAULT_WIDTH_PT), _HAIRLINE_PT)
    cap = next((_CAPS.get(line.get("cap"), 0) for line in lines if line.get("cap")), 0)
    join = next(
        (
            code
            for line in lines
            for name, code in (("round", 1), ("bevel", 2), ("miter", 0))
            if child(line, f"a:{name}") is not None
        ),
        1,
    )
    return Stroke(colour, min(width, 1584.0), _read_dash(lines, width, cap), cap, join)


def _read_dash(lines: list[Element], width: float, cap: int) -> tuple[float, ...]:
    for line in lines:
        preset, custom = child(line, "a:prstDash"), child(line, "a:custDash")
        if preset is not None:
            dashes = _DASHES.get(preset.get("val") or "", ())
        elif custom is not None:
            dashes = tuple(fraction(dash, name, 1.0) for dash in list(children(custom, "a:ds"))[:16] for name in ("d", "sp"))
        else:
            continue
        shorter = 1.0 if cap else 0.0  # round and square ends reach over the dash's own
        return tuple(max(0.01, part - shorter if index % 2 == 0 else part + shorter) * width for index, part in enumerate(dashes))
    return ()


def paint(canvas: Canvas, path: Path, fill: Fill | None, stroke: Stroke | None = None) -> None:
    """Fill and outline a path, with a picture too."""
    if isinstance(fill, ImageFill):
        with canvas.clipped(path):
            _draw_image_fill(canvas, fill, path.bounds)
        fill = None
    canvas.draw(path, fill, stroke)


def _draw_image_fill(canvas: Canvas, fill: ImageFill, bounds: Rect) -> None:
    tile = fill.area
    if not fill.is_tile or tile.width <= 0 or tile.height <= 0:
        canvas.image(fill.picture.xref, tile, fill.alpha)
        return
    columns = range(math.floor((bounds.x - tile.x) / tile.width), math.ceil((bounds.x + bounds.width - tile.x) / tile.width))
    rows = range(math.floor((bounds.y - tile.y) / tile.height), math.ceil((bounds.y + bounds.height - tile.y) / tile.height))
    if len(columns) * len(rows) > _TILES_MAX:
        canvas.image(fill.picture.xref, bounds, fill.alpha)
        return
    for row in rows:
        for column in columns:
            place = Rect(tile.x + column * tile.width, tile.y + row * tile.height, tile.width, tile.height)
            canvas.image(fill.picture.xref, place, fill.alpha)
