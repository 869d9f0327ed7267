"""What a prompt is to the KV cache, in numbers. Pure bookkeeping: no llama.cpp, no files.

A prompt is a list of units: an int is one text token, an `ImageUnit` a whole picture. With M-RoPE a picture of c x r cells takes
c * r cells of the cache but only max(c, r) positions; cells count against the context, positions name places in a sequence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImageUnit:
    """A picture in a prompt: its id, the cells it fills and the positions it advances."""

    id: str
    cells: int
    positions: int


Unit = int | ImageUnit


def count_cells(units: Sequence[Unit]) -> int:
    """Cells of the KV cache that the units fill."""
    return sum(1 if isinstance(unit, int) else unit.cells for unit in units)


def count_positions(units: Sequence[Unit]) -> int:
    """Positions that the units advance; the position of whatever follows."""
    return sum(1 if isinstance(unit, int) else unit.positions for unit in units)


def common_prefix(a: Sequence[Unit], b: Sequence[Unit]) -> int:
    """How many units the two have in common from the start."""
    length = min(len(a), len(b))
    return next((i for i in range(length) if a[i] != b[i]), length)
