"""KV states of conversations that are not in the KV cache right now: in memory up to one limit, on disk up to another.

A conversation that comes back is warm again, also after a restart. States are found by what they hold, so that a new
conversation about a known picture finds the picture too. Disk files are named by the model they belong to.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from base.disk_store import DiskStore
from inference.local.kv import ImageUnit, Unit, common_prefix


@dataclass(slots=True, eq=False)
class State:
    """What the KV cache held for one conversation.

    Attributes:
        units: in order, the generated answer included.
        prompt_length: how many of them came from a prompt.
        data: as llama.cpp wrote it; None when it is on disk only.
        name: of its file; None when it is in memory only.
        keep_on_disk: whether it may be written to disk.
        cleared_ns: when the cache on disk had last been cleared as its conversation was asked about; after another time, nothing
            of it may be written.
        replaces: states on disk that are of no use once this one is there too.
    """

    units: list[Unit]
    prompt_length: int
    data: bytes | memoryview | None
    name: str | None = None
    keep_on_disk: bool = True
    cleared_ns: int = 0
    replaces: list[State] = field(default_factory=list)


class StateCache:
    """The states of one model, projector and size of KV cache; the least recently used go first."""

    def __init__(self, fingerprint: str, memory_bytes: int, folder: Path | None, disk_bytes: int) -> None:
        self._prefix = f"{fingerprint[:24]}-"
        self._memory_bytes = memory_bytes
        self._disk = DiskStore(folder, ".kv", disk_bytes) if folder else None
        self._states: list[State] = []  # least recently used first

    @property
    def largest_bytes(self) -> int:
        """The largest state that can be kept anywhere."""
        return max(self._memory_bytes, self._disk.limit_bytes if self._disk else 0)

    @property
    def cleared_ns(self) -> int:
        """When the cache on disk was last cleared, in nanoseconds; 0 for never."""
        return self._disk.cleared_ns if self._disk else 0

    def best_match(self, units: Sequence[Unit]) -> tuple[State | None, int]:
        """The state that shares the longest prefix with `units`, and how many units that are."""
        self._refresh()
        best, length = None, 0
        for state in self._states:
            if (shared := common_prefix(state.units, units)) > length or (shared == length and best and best.data is None):
                best, length = (state, shared) if shared else (None, 0)
        return best, length

    def read(self, state: State) -> bytes | memoryview | None:
        """The data of a state; None when its file is gone or damaged, and then the state is forgotten."""
        if state not in self._states:
            return None
        if state.data is None:
            stored = self._disk.read(state.name) if self._disk and state.name else None
            if stored is None or _decode_units(stored[0].get("units")) != state.units:
                self._states.remove(state)
                return None
            state.data = stored[1]
        self._states.remove(state)
        self._states.append(state)
        data = state.data
        self._trim()
        return data

    def put(self, state: State, replaces: State | None = None) -> None:
        """Keep a state, in place of an earlier one of the same conversation and of all that it continues.

        Their files stay until this one has its own.
        """
        for other in [*self._states]:
            if other is not replaces and common_prefix(other.units, state.units) < len(other.units):
                continue
            if other.name is None:
                self._states.remove(other)
                state.replaces += other.replaces
            else:
                other.data = None
                state.replaces.append(other)
        self._states.append(state)
        self._trim()

    def flush(self) -> None:
        """Write to disk what may be there and is not."""
        for state in [*self._states]:
            self._write(state)

    def _write(self, state: State) -> None:
        if self._disk is None or state.name is not None or state.data is None or not state.keep_on_disk:
            return
        if state.cleared_ns != self._disk.cleared_ns:
            return
        name = f"{self._prefix}{secrets.token_hex(12)}.kv"
        header: dict[str, Any] = {"units": _encode_units(state.units), "prompt_length": state.prompt_length}
        if self._disk.write(name, header, state.data):
            if state.cleared_ns != self._disk.cleared_ns:  # meanwhile
                self._disk.delete(name)
                return
            state.name = name
            for other in state.replaces:
                self._forget(other)
            state.replaces = []

    def _trim(self) -> None:
        """Keep the limit of memory; what leaves it goes to disk if it may."""
        used = sum(len(state.data) for state in self._states if state.data is not None)
        for state in [*self._states]:
            if used <= self._memory_bytes:
                return
            if state.data is not None:
                used -= len(state.data)
                self._write(state)
                state.data = None
                if state.name is None:
                    self._states.remove(state)

    def _forget(self, state: State) -> None:
        if state in self._states:
            self._states.remove(state)
        if self._disk is not None and state.name is not None:
            self._disk.delete(state.name)

    def _refresh(self) -> None:
        """Follow the folder: other processes write and delete there too."""
        if self._disk is None:
            return
        names = {name for name in self._disk.names() if name.startswith(self._prefix)}
        for state in [*self._states]:
            if state.name is not None and state.name not in names:  # cleared by the user, or it made way for a newer one
                state.name, state.keep_on_disk = None, False
                if state.data is None:
                    self._states.remove(state)
        for name in names - {state.name for state in self._states}:
            header = self._disk.read_header(name) or {}
            units, prompt_length = _decode_units(header.get("units")), header.get("prompt_length")
            if units is not None and isinstance(prompt_length, int):
                self._states.insert(0, State(units, prompt_length, None, name))


def _encode_units(units: Sequence[Unit]) -> list[Any]:
    return [unit if isinstance(unit, int) else [unit.id, unit.cells, unit.positions] for unit in units]


def _decode_units(values: Any) -> list[Unit] | None:
    if not isinstance(values, list):
        return None
    try:
        return [value if isinstance(value, int) else ImageUnit(str(value[0]), int(value[1]), int(value[2])) for value in values]
    except (TypeError, ValueError, IndexError, KeyError):
        return None
