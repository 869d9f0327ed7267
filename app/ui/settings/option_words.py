"""What an option is called and what it does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class OptionWords:
    """Attributes:
    label, help: what it is, and what it does in a sentence or two.
    values: how its values are called, where they are words; of an amount, under None, how it is written with its unit.
    """

    label: str
    help: str
    values: dict[Any, str] = field(default_factory=dict)
