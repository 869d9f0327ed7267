"""When a request that failed is sent again: few times, ever later, never at the same moment as everyone else who was refused."""

from __future__ import annotations

import math
import random
import threading
from dataclasses import dataclass

from inference.cloud.fault_table import RetryRule
from inference.cloud.faults import Fault
from inference.engine import Cancel
from inference.events import Notice

TRIES_MAX = 4
PAUSE_S_MAX = 30.0
UNREACHED = RetryRule(tries=3)
"""No connection was made, so nothing was sent. A network that changes is back within seconds; a wrong address is wrong for ever."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait `seconds`, then send the request again. `notice` says so."""

    seconds: float
    notice: Notice


class Retries:
    """The tries of one request."""

    def __init__(self, rng: random.Random | None = None) -> None:
        self._rng = rng or random.Random()
        self._tries = 1
        self._had_new_id = False

    def after(self, fault: Fault) -> Pause | None:
        """What follows the failure of the newest try; None when that was the last."""
        rule = fault.retry
        if rule is None or (rule.needs_new_id and self._had_new_id):
            return None
        tries_max = TRIES_MAX if rule.needs_new_id else min(rule.tries, TRIES_MAX)
        if self._tries >= tries_max:
            return None
        self._had_new_id |= rule.needs_new_id
        doubled = rule.pause_s * 2 ** (self._tries - 1) * self._rng.uniform(1.0, 1.5)
        seconds = max(rule.pause_s, min(doubled, PAUSE_S_MAX))
        self._tries += 1
        reason = fault.error.message.partition(". ")[0].removesuffix(".")
        message = f"{reason}. Asking again in {math.ceil(seconds)} s (try {self._tries} of {tries_max})."
        return Pause(seconds, Notice("asking_again", message))


def wait(seconds: float, cancel: Cancel) -> None:
    """Wait, but not beyond the moment when `cancel` is set."""
    is_set = threading.Event()
    cancel.on_set(is_set.set)
    is_set.wait(seconds)
