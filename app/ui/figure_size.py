"""How large a figure shows its part of a picture, as pure numbers."""

from __future__ import annotations

from typing import NamedTuple

WIDTH_PX_MAX, HEIGHT_PX_MAX = 430, 280
WIDTH_PX_MIN = 280
"""Of a card, so that the picture's name has room."""
SCALE_MAX = 1.5
"""Logical pixels for one of the picture's: small pictures are not blown up."""


class Size(NamedTuple):
    """Of something in pixels."""

    width: float
    height: float


def card_size(part: Size, room_px: int) -> tuple[Size, float]:
    """The size of the card's picture in logical pixels, and the scale at which a part of a picture is drawn in it."""
    width_max = max(1, min(WIDTH_PX_MAX, room_px))
    scale = min(width_max / part.width, HEIGHT_PX_MAX / part.height, SCALE_MAX)
    width = min(width_max, max(WIDTH_PX_MIN, round(part.width * scale)))
    return Size(width, max(1, round(part.height * scale))), scale
