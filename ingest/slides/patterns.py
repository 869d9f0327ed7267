"""The patterns that decks fill with, as tiles of 8 x 8 pixels: ECMA-376 part 1, 20.1.10.51 (ST_PresetPatternVal)."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from ingest.slides.canvas import Colour

_SIDE = 8
_REPEATS = 32
TILE_SIDE_PT = 192.0
"""What a tile covers: many repetitions at 96 dpi, so that a slide needs few tiles."""


def _dark_order(x: int, y: int) -> int:
    """Which pixels of a tile are dark first: the ordered dithering of Bayer, 0..63."""
    order = 0
    for bit in range(3):
        order = order * 4 + ((x ^ y) >> bit & 1) * 2 + (y >> bit & 1)
    return order


_SHAPES: dict[str, Callable[[int, int], bool]] = {
    "horz": lambda x, y: y == 0,
    "ltHorz": lambda x, y: y % 4 == 0,
    "narHorz": lambda x, y: y % 2 == 0,
    "dkHorz": lambda x, y: y % 4 < 2,
    "dashHorz": lambda x, y: (y == 0 and x < 4) or (y == 4 and x >= 4),
    "vert": lambda x, y: x == 0,
    "ltVert": lambda x, y: x % 4 == 0,
    "narVert": lambda x, y: x % 2 == 0,
    "dkVert": lambda x, y: x % 4 < 2,
    "dashVert": lambda x, y: (x == 0 and y < 4) or (x == 4 and y >= 4),
    "cross": lambda x, y: x == 0 or y == 0,
    "dnDiag": lambda x, y: (x - y) % 8 == 0,
    "ltDnDiag": lambda x, y: (x - y) % 4 == 0,
    "dkDnDiag": lambda x, y: (x - y) % 4 < 2,
    "wdDnDiag": lambda x, y: (x - y) % 8 < 3,
    "dashDnDiag": lambda x, y: (x - y) % 4 == 0 and y < 4,
    "upDiag": lambda x, y: (x + y) % 8 == 0,
    "ltUpDiag": lambda x, y: (x + y) % 4 == 0,
    "dkUpDiag": lambda x, y: (x + y) % 4 < 2,
    "wdUpDiag": lambda x, y: (x + y) % 8 < 3,
    "dashUpDiag": lambda x, y: (x + y) % 4 == 0 and y < 4,
    "diagCross": lambda x, y: (x - y) % 8 == 0 or (x + y) % 8 == 0,
    "smCheck": lambda x, y: (x // 2 + y // 2) % 2 == 0,
    "lgCheck": lambda x, y: (x // 4 + y // 4) % 2 == 0,
    "smGrid": lambda x, y: x % 4 == 0 or y % 4 == 0,
    "lgGrid": lambda x, y: x == 0 or y == 0,
    "dotGrid": lambda x, y: (x == 0 and y % 2 == 0) or (y == 0 and x % 2 == 0),
    "trellis": lambda x, y: y % 2 == 0 or (x + y // 2 * 2) % 4 in (1, 2),
    "weave": lambda x, y: (x - y) % 8 == 0 or ((x + y) % 8 == 0 and x % 4 != 0),
    "solidDmnd": lambda x, y: abs(x - 3) + abs(y - 3) < 4,
    "openDmnd": lambda x, y: (x - y) % 8 == 0 or (x + y) % 8 == 0,
    "dotDmnd": lambda x, y: ((x - y) % 8 == 0 or (x + y) % 8 == 0) and x % 2 == 0,
    "zigZag": lambda x, y: y % 4 == (x % 8 if x % 8 < 4 else 7 - x % 8),
    "horzBrick": lambda x, y: y % 4 == 0 or (x == 0 and y < 4) or (x == 4 and y > 4),
    "diagBrick": lambda x, y: (x + y) % 8 == 0 or ((x - y) % 8 == 0 and x < 4),
    "shingle": lambda x, y: (x + y) % 8 == 0 or (y == 7 and x < 4),
    "plaid": lambda x, y: (y < 4 and (x + y) % 2 == 0) or (y >= 4 and x < 4),
    "divot": lambda x, y: (x, y) in ((3, 1), (4, 2), (3, 3), (0, 5), (7, 6), (0, 7)),
    "wave": lambda x, y: y % 4 == (0, 1, 2, 2, 1, 0, 3, 3)[x],
    "sphere": lambda x, y: (x % 4 in (0, 3)) != (y % 4 in (0, 3)),
}


def pattern_tile(name: str, front: Colour, back: Colour) -> Image.Image:
    """A pattern, repeated; one without a name that is known is half and half."""
    percent = int(name[3:]) if name.startswith("pct") and name[3:].isdigit() else 50
    is_dark: Callable[[int, int], bool] = lambda x, y: _dark_order(x, y) * 100 < percent * 64  # noqa: E731
    is_dark = _SHAPES.get(name, is_dark)
    image = Image.new("RGBA", (_SIDE, _SIDE))
    colours = [tuple(round(255 * part) for part in colour) for colour in (back, front)]
    for y in range(_SIDE):
        for x in range(_SIDE):
            image.putpixel((x, y), colours[is_dark(x, y)])
    tile = Image.new("RGBA", (_SIDE * _REPEATS, _SIDE * _REPEATS))
    for place in range(_REPEATS * _REPEATS):
        tile.paste(image, (place % _REPEATS * _SIDE, place // _REPEATS * _SIDE))
    return tile
