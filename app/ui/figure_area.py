"""Which part of a picture a figure shows, and how large, as pure numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from inference.types import Box
from ingest.types import Area

WIDTH_PX_MAX, HEIGHT_PX_MAX = 430, 280
WIDTH_PX_MIN = 280
"""Of a card, so that the picture's name has room."""
SCALE_MAX = 1.5
"""Logical pixels for one of the picture's: small pictures are not blown up."""
MARGIN_SHARE = 0.35
"""Of the boxes' own size, on each side: what something stands next to says what it is."""
PART_PX_MIN = 320
"""The least that is shown, in pixels of the picture, where it has that many."""
ASPECT_MIN, ASPECT_MAX = 1.6, 4.0
"""Width to height of a part. Whole pictures keep theirs."""
WHOLE_SHARE = 0.7
"""A part that takes more than this of both sides is not worth cutting out."""


class Size(NamedTuple):
    """Of something in pixels."""

    width: float
    height: float


def figure_area(boxes: Sequence[Box], width: int, height: int) -> Area:
    """The part of a picture of this size that shows these boxes with what is around them; all of it when they are large."""
    left, right = min(box.x0 for box in boxes) * width, max(box.x1 for box in boxes) * width
    top, bottom = min(box.y0 for box in boxes) * height, max(box.y1 for box in boxes) * height
    part_width = max((right - left) * (1 + 2 * MARGIN_SHARE), PART_PX_MIN)
    part_height = max((bottom - top) * (1 + 2 * MARGIN_SHARE), PART_PX_MIN / ASPECT_MAX)
    part_width = max(part_width, part_height * ASPECT_MIN)
    part_height = max(part_height, part_width / ASPECT_MAX, min(part_width / 2, HEIGHT_PX_MAX / 2))
    if part_width >= WHOLE_SHARE * width and part_height >= WHOLE_SHARE * height:
        return Area(0.0, 0.0, 1.0, 1.0)
    x0, x1 = _placed((left + right) / 2, part_width, width)
    y0, y1 = _placed((top + bottom) / 2, part_height, height)
    return Area(x0 / width, y0 / height, x1 / width, y1 / height)


def card_size(part: Size, room_px: int) -> tuple[Size, float]:
    """The size of the card's picture in logical pixels, and the scale at which a part of a picture is drawn in it."""
    width_max = max(1, min(WIDTH_PX_MAX, room_px))
    scale = min(width_max / part.width, HEIGHT_PX_MAX / part.height, SCALE_MAX)
    width = min(width_max, max(WIDTH_PX_MIN, round(part.width * scale)))
    return Size(width, max(1, round(part.height * scale))), scale


def _placed(center: float, length: float, room: float) -> tuple[float, float]:
    """Where a stretch begins and ends that has its middle there if there is room."""
    if length >= room:
        return 0.0, room
    start = min(max(center - length / 2, 0.0), room - length)
    return start, start + length
