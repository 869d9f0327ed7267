"""Which part of a prompt the KV cache already holds. Pure bookkeeping: no llama.cpp, no files.

A prompt is a list of units: an int is one text token, an `ImageUnit` a whole picture. With M-RoPE a picture of c x r cells takes
c * r cells of the cache but only max(c, r) positions; cells count against the context, positions name places in a sequence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


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


@dataclass(slots=True)
class Slot:
    """One sequence of the KV cache.

    Attributes:
        seq_id: llama.cpp's number of the sequence.
        units: what its cells hold, in order.
        prompt_length: how many of the units came from a prompt; the rest was generated.
        last_used: tick of the last use, for giving up the least recent.
        state_name: the file its state was last saved to, if any.
        is_dirty: whether it holds something that file does not, and that may be kept.
    """

    seq_id: int
    units: list[Unit] = field(default_factory=list)
    prompt_length: int = 0
    last_used: int = 0
    state_name: str | None = None
    is_dirty: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """How to evaluate a prompt: in `slot`, after taking `keep` units over from `source` (which may be the slot itself)."""

    slot: Slot
    source: Slot
    keep: int


class SlotTable:
    """The sequences of one KV cache and which of them serves a prompt best."""

    def __init__(self, max_sequences: int) -> None:
        self.slots = [Slot(seq_id) for seq_id in range(max_sequences)]
        self._tick = 0

    def plan(self, units: Sequence[Unit], needs_logits: bool = True) -> Plan:
        """Choose where to evaluate `units`. With `needs_logits` at least the last one is left to evaluate.

        A sequence is continued in place when only generated text is cut off (the template drops old reasoning, an answer is
        redone). When another question branches off its prompt, the common part is shared and both stay warm.
        """
        source = max(self.slots, key=lambda slot: (common_prefix(slot.units, units), slot.last_used))
        common = common_prefix(source.units, units)
        keep = min(common, len(units) - 1 if needs_logits else len(units))
        if keep == 0:
            slot = self.least_recent()
            return Plan(slot, slot, 0)
        if common >= source.prompt_length:
            return Plan(source, source, keep)
        return Plan(self.least_recent(but=source), source, keep)

    def next_to_evict(self, but: Slot) -> Slot | None:
        """The least recently used sequence that holds anything, except `but`."""
        held = [slot for slot in self.slots if slot.units and slot is not but]
        return min(held, key=lambda slot: slot.last_used, default=None)

    def touch(self, slot: Slot) -> None:
        """Mark a sequence as just used."""
        self._tick += 1
        slot.last_used = self._tick

    def least_recent(self, but: Slot | None = None) -> Slot:
        """An empty sequence, or else the one not used for longest; not `but` if there is another."""
        candidates = [slot for slot in self.slots if slot is not but]
        return min(candidates or self.slots, key=lambda slot: (bool(slot.units), slot.last_used))
