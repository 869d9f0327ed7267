"""Lines of text as boxes in a picture, and the picture cut so that no line is: into tiles, lines, parts of long lines."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from ingest.types import Area

Array = Any
"""Of numpy; pictures are height x width x 3 bytes."""

TILE_PIXELS_MAX = 1_600_000
"""Larger pictures are cut where nothing is drawn: finding text takes 0.3 GB of memory a million pixels."""
TILE_SIDE_MIN_PX = 320
LINE_HEIGHT_PX, LINE_WIDTH_MAX_PX = 48, 2560
"""The reader was trained with lines of that height. Its memory grows with the square of the length."""
CUT_WIDTH_MAX_PX = 30_000
"""OpenCV counts places in 16 bits."""


@dataclass(frozen=True, slots=True)
class Box:
    """A line in pixels, turned around its centre by `degrees`, clockwise, -45..45."""

    x: float
    y: float
    width: float
    height: float
    degrees: float

    @property
    def bounds(self) -> Area:
        """The upright rectangle around it."""
        cosine, sine = math.cos(math.radians(self.degrees)), abs(math.sin(math.radians(self.degrees)))
        half_width = (self.width * cosine + self.height * sine) / 2
        half_height = (self.width * sine + self.height * cosine) / 2
        return Area(self.x - half_width, self.y - half_height, self.x + half_width, self.y + half_height)

    @property
    def is_tall(self) -> bool:
        return self.height > 1.5 * self.width


def tiles(picture: Array, left: int, top: int, scale: float) -> list[tuple[int, int, Array]]:
    """The picture in parts that the detector can take, each with its place; text lies in one part as a whole."""
    height, width = picture.shape[:2]
    if height * width * scale * scale <= TILE_PIXELS_MAX:
        return [(left, top, picture)]
    if height * scale >= 2 * TILE_SIDE_MIN_PX or height >= width:
        cut = _emptiest(picture, 0, height // 3, height - height // 3)
        return tiles(picture[:cut], left, top, scale) + tiles(picture[cut:], left, top + cut, scale)
    cut = _emptiest(picture, 1, width // 3, width - width // 3)
    return tiles(picture[:, :cut], left, top, scale) + tiles(picture[:, cut:], left + cut, top, scale)


def _emptiest(picture: Array, axis: int, first: int, last: int, reach: int = 6) -> int:
    """The row (axis 0) or column (axis 1) from `first` to `last` around which least is drawn; the middle one of several."""
    window = picture[first:last] if axis == 0 else picture[:, first:last]
    drawn = np.abs(np.diff(window[:, :, 1].astype(np.int16), axis=1 - axis)).sum(axis=1 - axis).astype(np.float64)
    around = np.convolve(drawn, np.ones(2 * reach + 1), "valid")
    places = np.arange(len(around))
    return first + reach + int(np.lexsort((np.abs(places - len(around) / 2), around))[0])


def cut_out(picture: Array, box: Box) -> Array:
    """The line upright and as high as the reader wants it; lines from top to bottom are laid on their side."""
    if box.is_tall:
        return cut_out(picture, Box(box.x, box.y, box.height, box.width, box.degrees + 90))
    scale = LINE_HEIGHT_PX / box.height
    size = min(CUT_WIDTH_MAX_PX, max(16, round(box.width * scale))), LINE_HEIGHT_PX
    if abs(box.degrees) < 0.5:
        area = box.bounds
        top, left = max(0, round(area.y0)), max(0, round(area.x0))
        part = picture[top : max(top + 1, round(area.y1)), left : max(left + 1, round(area.x1))]
        return cv2.resize(part, size, interpolation=cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA)
    cosine, sine = math.cos(math.radians(box.degrees)) * scale, math.sin(math.radians(box.degrees)) * scale
    turn = np.array([[cosine, sine, 0.0], [-sine, cosine, 0.0]])
    turn[:, 2] = np.array(size) / 2 - turn[:, :2] @ (box.x, box.y)
    flags = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_LINEAR
    return cv2.warpAffine(picture, turn, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)


def pieces_of(line: Array) -> list[Array]:
    """A very long line in parts, cut between words."""
    if line.shape[1] <= LINE_WIDTH_MAX_PX:
        return [line]
    cut = _emptiest(line, 1, LINE_WIDTH_MAX_PX // 2, LINE_WIDTH_MAX_PX)
    return [line[:, :cut], *pieces_of(line[:, cut:])]


def levelled(boxes: Sequence[Box]) -> list[Area]:
    """Where the lines would be if the page had not been put on the scanner at an angle."""
    angle = math.radians(statistics.median(box.degrees for box in boxes)) if boxes else 0.0
    cosine, sine = math.cos(angle), math.sin(angle)
    level = []
    for box in boxes:
        x, y = box.x * cosine + box.y * sine, box.y * cosine - box.x * sine
        level.append(Area(x - box.width / 2, y - box.height / 2, x + box.width / 2, y + box.height / 2))
    return level
