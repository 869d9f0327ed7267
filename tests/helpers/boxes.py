"""Boxes in a model's raw output, and how well two boxes agree."""

from __future__ import annotations

import re
from collections.abc import Sequence

Box = tuple[int, int, int, int]

_BOX = re.compile(r"\[(\d+),(\d+),(\d+),(\d+)\]")


def answer_of(text: str) -> str:
    """What comes after the reasoning in a model's output."""
    return text.rpartition("</think>\n")[2]


def boxes_in(text: str) -> tuple[Box, ...]:
    """Every `[x1,y1,x2,y2]` of a text."""
    return tuple((int(x1), int(y1), int(x2), int(y2)) for x1, y1, x2, y2 in _BOX.findall(text))


def iou(a: Sequence[float], b: Sequence[float]) -> float:
    """Area of the intersection by area of the union of two boxes (x1, y1, x2, y2) in any unit."""
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
    return width * height / (areas - width * height)
