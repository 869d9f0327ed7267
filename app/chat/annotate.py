"""An answer drawn on its pictures: numbered boxes in the colours they have in the window, at full resolution."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib import resources

from PIL import Image, ImageDraw, ImageFont

from app.chat.answer import Reference
from inference.grounding import to_pixels
from inference.types import Box

_STROKE_SHARE = 1 / 400
_FILL_ALPHA = 26  # 10 %
_POINT_STROKES = 6
"""Side of the mark for a point, which has no size of its own, in widths of the line."""
_TAG_STROKES = 8
"""Height of a tag, likewise."""
_SMALL_TAGS = 2
"""A box with a shorter side than so many tags are high would be hidden by one inside it."""

Corners = list[tuple[int, int]]


def draw_references(image: Image.Image, references: Sequence[Reference]) -> Image.Image:
    """A copy of an RGB picture with the references that lie in it drawn on, no box over a tag; boxes are fractions of its sides."""
    stroke = max(2, round(max(image.size) * _STROKE_SHARE))
    overlay = Image.new("RGBA", image.size, (0, 0, 0, 0))
    shade = ImageDraw.Draw(overlay)
    shapes = [(_corners(reference.box, image.size, stroke), _colour(reference.number)) for reference in references]
    for corners, colour in shapes:
        shade.polygon(corners, fill=(*_rgb(colour), _FILL_ALPHA))
    annotated = Image.alpha_composite(image.convert("RGBA"), overlay).convert("RGB")
    draw = ImageDraw.Draw(annotated)
    for corners, colour in shapes:
        draw.polygon(corners, outline=colour, width=stroke)
    _draw_tags(draw, [(reference.number, *shape) for reference, shape in zip(references, shapes, strict=True)], stroke, image.size)
    return annotated


def _corners(box: Box, size: tuple[int, int], stroke: int) -> Corners:
    """Of the outline, in pixels of the picture: its polygon, else its box; around a point, a little square."""
    width, height = size
    if len(box.polygon) > 2:
        return [(min(round(x * width), width - 1), min(round(y * height), height - 1)) for x, y in box.polygon]
    x0, y0, x1, y1 = to_pixels(box, width, height)
    if box.x0 == box.x1 and box.y0 == box.y1:
        side = stroke * _POINT_STROKES
        x0, y0 = max(0, min(x0 - side // 2, width - side)), max(0, min(y0 - side // 2, height - side))
        x1, y1 = min(x0 + side, width), min(y0 + side, height)
    return [(x0, y0), (x1 - 1, y0), (x1 - 1, y1 - 1), (x0, y1 - 1)]


def _draw_tags(draw: ImageDraw.ImageDraw, tagged: Sequence[tuple[int, Corners, str]], stroke: int, size: tuple[int, int]) -> None:
    """Numbers above the upper left corners, or where there is room: below small boxes, inside others; none on another."""
    font = ImageFont.load_default(size=stroke * 6)
    height = stroke * _TAG_STROKES
    taken: set[tuple[int, int]] = set()
    for number, corners, colour in tagged:
        left, top, right, bottom = draw.textbbox((0, 0), str(number), font=font)
        width = max(height, int(right - left) + stroke * 4)
        x0, y0 = min(x for x, _ in corners), min(y for _, y in corners)
        x1, y1 = max(x for x, _ in corners), max(y for _, y in corners)
        is_small = min(x1 - x0, y1 - y0) < _SMALL_TAGS * height
        x, y = x0, y0 - height
        if y < 0:
            y = y1 + 1 if is_small else y0
        x, y = max(0, min(x, size[0] - width)), max(0, min(y, size[1] - height))
        while (x, y) in taken and x + 2 * width <= size[0]:
            x += width
        taken.add((x, y))
        draw.rounded_rectangle((x, y, x + width - 1, y + height - 1), radius=stroke * 2, fill=colour)
        draw.text((x + (width - left - right) / 2, y + (height - top - bottom) / 2), str(number), fill="white", font=font)


def _colour(number: int) -> str:
    colours = _box_colours()
    return colours[(number - 1) % len(colours)]


@cache
def _box_colours() -> tuple[str, ...]:
    text = resources.files("resources").joinpath("themes/tokens.json").read_text(encoding="utf-8")
    return tuple(json.loads(text)["boxes"]["light"])


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
