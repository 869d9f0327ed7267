"""Synthetic pictures of the kind the tiny test model was taught on: flat shapes, or one number, on a flat background.

Sizes and places are in pixels; a `Bounds` has its right and bottom edge one past the last pixel. The taught pictures have
4 to 6 cells of 28 pixels a side. Any other size can be asked for; what is drawn keeps its share of the picture.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

CELL_PX = 28
COLOURS = {
    "red": (220, 40, 40),
    "green": (40, 170, 60),
    "blue": (50, 80, 220),
    "yellow": (240, 210, 40),
    "purple": (150, 50, 180),
    "orange": (245, 140, 30),
    "black": (20, 20, 20),
    "pink": (250, 150, 190),
}
FORMS = ("square", "circle", "triangle")
_BACKGROUNDS = ((255, 255, 255), (245, 245, 245), (230, 235, 240), (200, 205, 210), (250, 245, 230))
_INK = (20, 20, 20)
# The digits of DejaVu Sans Bold, so that the pictures are the same on computers without that font.
_DIGITS_FONT = Path(__file__).parent / "digits.ttf"
_PLACING_ATTEMPTS = 60
_GAP_PX = 4

Rgb = tuple[int, int, int]
Size = tuple[int, int]
Bounds = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape and where it is."""

    colour: str
    form: str
    bounds: Bounds

    @property
    def name(self) -> str:
        """What a question calls it, such as `red circle`."""
        return f"{self.colour} {self.form}"


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture and the shapes on it, from left to right."""

    image: Image.Image
    shapes: tuple[Shape, ...]


def taught_size(rng: random.Random, *, small: bool = False) -> Size:
    """A picture size as in the training; `small` as in questions about several pictures."""
    columns, rows = (rng.randint(4, 5), 4) if small else (rng.randint(4, 6), rng.randint(4, 6))
    return columns * CELL_PX, rows * CELL_PX


def draw_scene(rng: random.Random, size: Size, count: int, *, distinct_forms: bool = False) -> Scene:
    """`count` shapes of different names that do not touch; with `distinct_forms` not two of the same form."""
    image, side = _blank(rng, size), min(size)
    smallest = max(20, side // 6)
    largest = max(28, side // 2 if count < 3 else side // 3)
    shapes: list[Shape] = []
    names = [(colour, form) for colour in COLOURS for form in FORMS]
    for colour, form in rng.sample(names, len(names)):
        if len(shapes) == count:
            break
        if distinct_forms and any(shape.form == form for shape in shapes):
            continue
        bounds = _free_place(rng, size, [shape.bounds for shape in shapes], smallest, largest)
        if bounds is not None:
            shapes.append(_draw_shape(rng, image, colour, form, bounds))
    return Scene(image, tuple(sorted(shapes, key=lambda shape: shape.bounds[0] + shape.bounds[2])))


def draw_frames(rng: random.Random, size: Size, count: int, first_seen: int) -> tuple[list[Image.Image], str]:
    """Frames of a video in which a shape is seen from frame `first_seen` on, at another place in each; and the shape's name."""
    colour, form = rng.choice(list(COLOURS)), rng.choice(FORMS)
    smallest, largest = 24 * min(size) // 112, 56 * min(size) // 112
    frames = [_blank(rng, size) for _ in range(count)]
    for frame in frames[first_seen:]:
        bounds = _free_place(rng, size, [], smallest, largest)
        assert bounds is not None, "an empty picture has room"
        _draw_shape(rng, frame, colour, form, bounds)
    return frames, f"{colour} {form}"


def draw_number(rng: random.Random, size: Size, number: int) -> Image.Image:
    """The number in big dark digits somewhere on the picture."""
    image, scale = _blank(rng, size), max(1.0, min(size) / (6 * CELL_PX))
    font = ImageFont.truetype(_DIGITS_FONT, round(rng.randint(40, 72) * scale))
    draw = ImageDraw.Draw(image)
    left, top, right, bottom = draw.textbbox((0, 0), str(number), font=font)
    x = rng.randint(2, max(2, int(size[0] - (right - left) - 2)))
    y = rng.randint(2, max(2, int(size[1] - (bottom - top) - 2)))
    draw.text((x - left, y - top), str(number), font=font, fill=_vary(rng, _INK, 20))
    return image


def _blank(rng: random.Random, size: Size) -> Image.Image:
    return Image.new("RGB", size, _vary(rng, rng.choice(_BACKGROUNDS), 6))


def _vary(rng: random.Random, colour: Rgb, by: int) -> Rgb:
    red, green, blue = (max(0, min(255, channel + rng.randint(-by, by))) for channel in colour)
    return red, green, blue


def _free_place(rng: random.Random, size: Size, taken: list[Bounds], smallest: int, largest: int) -> Bounds | None:
    """A random place with a gap to every taken one, or None when none was found."""
    for _ in range(_PLACING_ATTEMPTS):
        width = rng.randint(smallest, largest)
        height = max(smallest, min(largest, int(width * rng.uniform(0.75, 1.33))))
        if width >= size[0] or height >= size[1]:
            continue
        left, top = rng.randint(0, size[0] - width), rng.randint(0, size[1] - height)
        bounds = (left, top, left + width, top + height)
        if not any(_overlap(bounds, other) for other in taken):
            return bounds
    return None


def _overlap(a: Bounds, b: Bounds) -> bool:
    """Whether two places touch or are closer than the gap."""
    across = a[0] < b[2] + _GAP_PX and b[0] < a[2] + _GAP_PX
    down = a[1] < b[3] + _GAP_PX and b[1] < a[3] + _GAP_PX
    return across and down


def _draw_shape(rng: random.Random, image: Image.Image, colour: str, form: str, bounds: Bounds) -> Shape:
    draw, fill = ImageDraw.Draw(image), _vary(rng, COLOURS[colour], 18)
    left, top, right, bottom = bounds[0], bounds[1], bounds[2] - 1, bounds[3] - 1  # Pillow includes the last pixel
    if form == "square":
        draw.rectangle((left, top, right, bottom), fill=fill)
    elif form == "circle":
        draw.ellipse((left, top, right, bottom), fill=fill)
    else:
        draw.polygon([(left, bottom), (right, bottom), ((bounds[0] + bounds[2]) // 2, top)], fill=fill)
    return Shape(colour, form, bounds)
