"""What `sightline doctor` found out about a part of Sightline. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["works", "limited", "broken"]
"""limited: Sightline is of use without it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Attributes:
    part: its stable name.
    message: what was found, in a sentence.
    advice: what to do about it, in a sentence; empty when it works.
    """

    part: str
    state: State
    message: str
    advice: str = ""
