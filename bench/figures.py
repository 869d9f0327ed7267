"""One measured figure as one line of JSON: {"figure", "value", "unit", "target", "ok", "peer"} and what it is made of."""

from __future__ import annotations

import json
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Figure:
    """`ok` is None where there is no target; `peer` names what it is compared with."""

    name: str
    value: float
    unit: str
    target: float | None = None
    ok: bool | None = None
    peer: str | None = None
    details: dict[str, float | str] = field(default_factory=dict)

    def print(self) -> None:
        """As one line on stdout."""
        line = {"figure": self.name, "value": _short(self.value), "unit": self.unit, "target": self.target, "ok": self.ok}
        details = {name: _short(value) if isinstance(value, float) else value for name, value in self.details.items()}
        print(json.dumps(line | {"peer": self.peer} | details), flush=True)


def at_least(name: str, value: float, unit: str, target: float, peer: str | None = None, **details: float | str) -> Figure:
    """A figure that should reach its target."""
    return Figure(name, value, unit, target, value >= target, peer, details)


def at_most(name: str, value: float, unit: str, target: float, peer: str | None = None, **details: float | str) -> Figure:
    """A figure that should stay within its target."""
    return Figure(name, value, unit, target, value <= target, peer, details)


def _short(value: float) -> float:
    return float(f"{value:.4g}")
