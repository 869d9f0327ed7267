"""An answer drawn on its pictures: numbered boxes in the colours they have in the window, at full resolution."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib import resources

from PIL import Image, ImageDraw, ImageFont

from app.chat.answer import Reference
from inference.grounding import to_pixels

_STROKE_SHARE = 1 / 400
_FILL_ALPHA = 26  # 10 %


def draw_references(image: Image.Image, references: Sequence[Reference]) -> Image.Image:
    """A copy of an RGB picture with the references that lie in it drawn on; boxes are fractions of its sides."""
    stroke = max(2, round(max(image.size) * _STROKE_SHARE))
    font = ImageFont.load_default(size=stroke * 6)
    overlay = Image.new("RGBA", image.size, (0, 0, 0, 0))
    shade = ImageDraw.Draw(overlay)
    boxes = [(reference, to_pixels(reference.box, *image.size), _colour(reference.number)) for reference in references]
    for _, (x0, y0, x1, y1), colour in boxes:
        shade.rectangle((x0, y0, x1 - 1, y1 - 1), fill=(*_rgb(colour), _FILL_ALPHA))
    annotated = Image.alpha_composite(image.convert("RGBA"), overlay).convert("RGB")
    draw = ImageDraw.Draw(annotated)
    for reference, (x0, y0, x1, y1), colour in boxes:
        draw.rectangle((x0, y0, x1 - 1, y1 - 1), outline=colour, width=stroke)
        _draw_tag(draw, str(reference.number), (x0, y0), colour, font, stroke, image.size)
    return annotated


def _draw_tag(
    draw: ImageDraw.ImageDraw,
    text: str,
    corner: tuple[int, int],
    colour: str,
    font: ImageFont.ImageFont | ImageFont.FreeTypeFont,
    stroke: int,
    size: tuple[int, int],
) -> None:
    """The number on a filled tag at a box's upper left corner, moved inside the picture."""
    left, top, right, bottom = draw.textbbox((0, 0), text, font=font)
    height = stroke * 8
    width = max(height, int(right - left) + stroke * 4)
    x = max(0, min(corner[0], size[0] - width))
    y = max(0, corner[1] - height) if corner[1] >= height else min(corner[1], max(0, size[1] - height))
    draw.rounded_rectangle((x, y, x + width - 1, y + height - 1), radius=stroke * 2, fill=colour)
    draw.text((x + (width - left - right) / 2, y + (height - top - bottom) / 2), text, fill="white", font=font)


def _colour(number: int) -> str:
    colours = _box_colours()
    return colours[(number - 1) % len(colours)]


@cache
def _box_colours() -> tuple[str, ...]:
    text = resources.files("resources").joinpath("themes/tokens.json").read_text(encoding="utf-8")
    return tuple(json.loads(text)["boxes"]["light"])


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
