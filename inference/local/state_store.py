"""KV states of conversations on disk, found again by what they hold: a conversation is warm after a restart.

Files are named by the model they belong to. What a state holds stands in its header, so that the longest match can be chosen
without reading any state.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from inference.local.disk_store import DiskStore
from inference.local.kv import ImageUnit, Unit, common_prefix


class StateStore:
    """The saved states that fit one model, projector and shape of KV cache."""

    def __init__(self, fingerprint: str, folder: Path, limit_bytes: int) -> None:
        self._prefix = f"{fingerprint[:24]}-"
        self._disk = DiskStore(folder, ".kv", limit_bytes)
        self._units: dict[str, list[Unit]] = {}

    @property
    def limit_bytes(self) -> int:
        """The largest state that can be kept."""
        return self._disk.limit_bytes

    def best_match(self, units: Sequence[Unit]) -> tuple[str, int]:
        """The name of the state that shares the longest prefix with `units`, and how many units; ("", 0) for none."""
        self._refresh()
        matches = ((common_prefix(held, units), name) for name, held in self._units.items())
        length, name = max(matches, default=(0, ""))
        return (name, length) if length else ("", 0)

    def read(self, name: str) -> tuple[list[Unit], int, bytes] | None:
        """Units, prompt length and state; None when it is gone or damaged."""
        stored = self._disk.read(name)
        units = _decode_units(stored[0].get("units")) if stored else None
        if stored is None or units is None:
            self._units.pop(name, None)
            return None
        return units, int(stored[0].get("prompt_length", 0)), stored[1]

    def write(self, units: Sequence[Unit], prompt_length: int, state: bytes | memoryview, replaces: str | None) -> str | None:
        """Keep a state, in place of the earlier one of the same conversation. Returns its name, None when it was not kept."""
        name = f"{self._prefix}{secrets.token_hex(12)}.kv"
        header: dict[str, Any] = {"units": _encode_units(units), "prompt_length": prompt_length}
        if not self._disk.write(name, header, state):
            return None
        self._units[name] = list(units)
        if replaces is not None:
            self._disk.delete(replaces)
            self._units.pop(replaces, None)
        return name

    def _refresh(self) -> None:
        names = {name for name in self._disk.names() if name.startswith(self._prefix)}
        for gone in self._units.keys() - names:
            del self._units[gone]
        for name in names - self._units.keys():
            header = self._disk.read_header(name)
            units = _decode_units(header.get("units")) if header else None
            if units is not None:
                self._units[name] = units


def _encode_units(units: Sequence[Unit]) -> list[Any]:
    return [unit if isinstance(unit, int) else [unit.id, unit.cells, unit.positions] for unit in units]


def _decode_units(values: Any) -> list[Unit] | None:
    if not isinstance(values, list):
        return None
    try:
        return [value if isinstance(value, int) else ImageUnit(str(value[0]), int(value[1]), int(value[2])) for value in values]
    except (TypeError, ValueError, IndexError, KeyError):
        return None
