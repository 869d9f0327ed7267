"""Sizes to draw at, and times as people write them."""

from __future__ import annotations

import math
import re

from base.cells import fit_to_cells
from ingest.errors import NoSuchPage


def size_for(
    width: float, height: float, may_grow: bool, *, max_pixels: int | None = None, tokens: int | None = None
) -> tuple[int, int]:
    """The largest size of the same shape within `max_pixels`, or of whole cells within `tokens`; its own size without either."""
    if tokens is not None:
        if not may_grow:
            return fit_to_cells(max(1, round(width)), max(1, round(height)), 1, tokens)
        scale = math.sqrt(tokens * 28 * 28 / (width * height))
        return fit_to_cells(max(1, round(width * scale)), max(1, round(height * scale)), 1, tokens)
    scale = math.sqrt(max_pixels / (width * height)) if max_pixels is not None else 1.0
    if not may_grow:
        scale = min(1.0, scale)
    columns, rows = max(1, math.floor(width * scale + 1e-9)), max(1, math.floor(height * scale + 1e-9))
    if max_pixels is not None and columns * rows > max_pixels:  # one row of pixels is as low as it gets, and no shape to keep
        columns, rows = min(columns, max(1, max_pixels // rows)), min(rows, max(1, max_pixels // columns))
    return columns, rows


def format_time(time_s: float) -> str:
    """Seconds as people write them, to the tenth: "00:12.5", "1:02:03"; more digits only where a tenth is not exact enough."""
    digits = next(digits for digits in (0, 1, 2, 3, 6) if digits == 6 or abs(round(time_s, digits) - time_s) < 5e-7)
    total = round(time_s, digits)
    minutes, seconds = divmod(total, 60)
    width = 2 if digits == 0 else 3 + digits
    text = f"{int(minutes) % 60:02d}:{seconds:0{width}.{digits}f}"
    return f"{int(minutes) // 60}:{text}" if minutes >= 60 else text


def parse_time(text: str) -> float:
    """Seconds from "12.5", "00:12.5" or "1:02:03". Raises NoSuchPage for anything else."""
    if not re.fullmatch(r"(\d{1,9}:){0,2}\d{1,9}(\.\d{1,12})?", text.strip()):
        raise NoSuchPage(f"{text} is no time. Write 00:12.5 or 1:02:03.")
    total = 0.0
    for part in text.strip().split(":"):
        total = total * 60 + float(part)
    return total
