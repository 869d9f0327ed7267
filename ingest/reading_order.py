"""The order in which lines of text found in a picture are read: rows from top to bottom, columns of prose one after the other."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from ingest.types import Area

PROSE_WIDTH_MIN = 10.0
"""In heights of a line: columns of prose are at least that wide, cells of a table and labels mostly are not."""
PROSE_LINES_MIN = 3
SPANNING_SHARE_MAX = 0.25
"""Of the lines; titles and captions may cross the gap between columns."""


def reading_order(areas: Sequence[Area]) -> list[int]:
    """The indices of `areas` in reading order, in any unit."""
    return _ordered(areas, list(range(len(areas))))


def rows(areas: Sequence[Area], indices: Sequence[int] | None = None) -> list[list[int]]:
    """Indices grouped into rows from top to bottom, each from left to right."""
    found: list[list[int]] = []
    for index in sorted(range(len(areas)) if indices is None else indices, key=lambda index: areas[index].y0 + areas[index].y1):
        if found and is_same_row(areas[found[-1][0]], areas[index]):
            found[-1].append(index)
        else:
            found.append([index])
    return [sorted(row, key=lambda index: areas[index].x0) for row in found]


def is_same_row(one: Area, other: Area) -> bool:
    """Whether the middle of each lies well within the height of the other."""
    apart = abs(one.y0 + one.y1 - other.y0 - other.y1) / 2
    return apart < 0.5 * min(one.y1 - one.y0, other.y1 - other.y0)


def _ordered(areas: Sequence[Area], indices: list[int]) -> list[int]:
    gap = _gap(areas, indices)
    if gap is None:
        return [index for row in rows(areas, indices) for index in row]
    ordered: list[int] = []
    left: list[int] = []
    right: list[int] = []
    for index in sorted(indices, key=lambda index: areas[index].y0 + areas[index].y1):
        if areas[index].x1 <= gap:
            left.append(index)
        elif areas[index].x0 >= gap:
            right.append(index)
        else:  # what spans both columns is read after what is above it
            ordered += [*_ordered(areas, left), *_ordered(areas, right), index]
            left, right = [], []
    return ordered + _ordered(areas, left) + _ordered(areas, right)


def _gap(areas: Sequence[Area], indices: list[int]) -> float | None:
    """Where two columns of prose are apart, None where there are none. Fewer lines cross it than any other such place."""
    best: tuple[int, float] | None = None
    edges = sorted({areas[index].x1 for index in indices})
    starts = sorted({areas[index].x0 for index in indices})
    for edge in edges:
        following = next((start for start in starts if start >= edge), None)
        if following is None:
            break
        gap = (edge + following) / 2
        spanning = sum(areas[index].x0 < gap < areas[index].x1 for index in indices)
        if spanning > SPANNING_SHARE_MAX * len(indices) or (best is not None and spanning >= best[0]):
            continue
        left = [areas[index] for index in indices if areas[index].x1 <= gap]
        right = [areas[index] for index in indices if areas[index].x0 >= gap]
        if _is_prose(left) and _is_prose(right):
            best = spanning, gap
    return best[1] if best is not None else None


def _is_prose(areas: Sequence[Area]) -> bool:
    if len(areas) < PROSE_LINES_MIN:
        return False
    height = statistics.median(area.y1 - area.y0 for area in areas)
    return statistics.median(area.x1 - area.x0 for area in areas) >= PROSE_WIDTH_MIN * height
