"""Which part of a picture is cut out to show a place in it, in the window and in what is exported. Pure numbers."""

from __future__ import annotations

from collections.abc import Sequence

from inference.types import Box
from ingest.types import Area

WHOLE = Area(0.0, 0.0, 1.0, 1.0)
MARGIN_SHARE = 0.35
"""Of the boxes' own size, on each side: what something stands next to says what it is."""
WIDTH_PX_MIN, HEIGHT_PX_MIN = 320, 140
"""The least that is shown, in pixels of the picture, where it has that many; the height only where the part is wide enough."""
ASPECT_MIN, ASPECT_MAX = 1.6, 4.0
"""Width to height of a part. Whole pictures keep theirs."""
WHOLE_SHARE = 0.7
"""A part that takes more than this of both sides is not worth cutting out."""


def figure_area(boxes: Sequence[Box], width: int, height: int) -> Area:
    """The part of a picture of this size that shows these boxes with what is around them; all of it when they are large."""
    if not boxes or width < 1 or height < 1:
        return WHOLE
    left, right = min(box.x0 for box in boxes) * width, max(box.x1 for box in boxes) * width
    top, bottom = min(box.y0 for box in boxes) * height, max(box.y1 for box in boxes) * height
    part_width = max((right - left) * (1 + 2 * MARGIN_SHARE), WIDTH_PX_MIN)
    part_height = max((bottom - top) * (1 + 2 * MARGIN_SHARE), WIDTH_PX_MIN / ASPECT_MAX)
    part_width = max(part_width, part_height * ASPECT_MIN)
    part_height = max(part_height, part_width / ASPECT_MAX, min(part_width / 2, HEIGHT_PX_MIN))
    if part_width >= WHOLE_SHARE * width and part_height >= WHOLE_SHARE * height:
        return WHOLE
    x0, x1 = _placed((left + right) / 2, part_width, width)
    y0, y1 = _placed((top + bottom) / 2, part_height, height)
    return Area(x0 / width, y0 / height, x1 / width, y1 / height)


def _placed(center: float, length: float, room: float) -> tuple[float, float]:
    """Where a stretch begins and ends that has its middle there if there is room."""
    if length >= room:
        return 0.0, room
    start = min(max(center - length / 2, 0.0), room - length)
    return start, start + length
