"""What `sightline capture` was called with: from its words, which may come from anywhere, and back to them. No Qt."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["region", "screen", "same", "selection"]
KINDS: tuple[Kind, ...] = get_args(Kind)
DELAY_S_MAX = 60.0


@dataclass(frozen=True, slots=True)
class CaptureWish:
    """Attributes:
    kind: choose a region or window, the whole screen, the same region as last time, or what is selected in another program.
    delay_s: how long to wait first, for menus to be opened; None for what the settings say.
    handler: what is to take the picture; empty for what the settings say.
    """

    kind: Kind = "region"
    delay_s: float | None = None
    handler: str = ""

    @classmethod
    def parse(cls, words: Sequence[str]) -> CaptureWish:
        """From `--screen --delay 3` and the like; the last one holds. Raises ValueError with a sentence."""
        kind: Kind = "region"
        delay_s, handler = None, ""
        waiting = list(words)
        while waiting:
            word = waiting.pop(0)
            if word in _SWITCHES:
                kind = _SWITCHES[word]
            elif word == "--delay" and waiting:
                delay_s = read_delay(waiting.pop(0))
            elif word == "--handler" and waiting:
                handler = read_handler(waiting.pop(0))
            else:
                raise ValueError(f"sightline capture does not know {word[:100]}. See sightline capture --help.")
        return cls(kind, delay_s, handler)

    def words(self) -> list[str]:
        """What `parse` reads."""
        delay = ["--delay", repr(self.delay_s)] if self.delay_s is not None else []
        return [f"--{self.kind}", *delay, *(["--handler", self.handler] if self.handler else [])]


def read_delay(text: str) -> float:
    """Seconds. Raises ValueError with a sentence."""
    try:
        delay_s = float(text)
    except ValueError:
        delay_s = math.nan
    if not 0 <= delay_s <= DELAY_S_MAX:
        raise ValueError(f"The delay is a number of seconds from 0 to {DELAY_S_MAX:.0f}.")
    return delay_s


def read_handler(text: str) -> str:
    """A name of small letters, digits and hyphens; whether there is such a handler is found out later. Raises ValueError."""
    if not re.fullmatch(r"[a-z0-9-]{1,40}", text):
        raise ValueError("The name of a handler is made of small letters and hyphens, as in grim. See sightline doctor.")
    return text


_SWITCHES: dict[str, Kind] = {f"--{kind}": kind for kind in KINDS}
