"""Which process writes an answer, and whether it still lives. A process id alone is soon given to another."""

from __future__ import annotations

import functools
import os
from typing import NamedTuple

START_DIFFERENCE_S = 2.0
"""How far two readings of one start time may be apart: on Linux it is reckoned from the clock, which is set now and then."""


class Writer(NamedTuple):
    """A process: its id, and when it started, in seconds since 1970."""

    pid: int
    started: float

    @property
    def is_this_process(self) -> bool:
        return self.pid == os.getpid() and abs(self.started - this_process().started) < START_DIFFERENCE_S

    @property
    def is_alive(self) -> bool:
        """Also when nothing can be found out about it."""
        import psutil  # 57 ms

        try:
            process = psutil.Process(self.pid)
            is_same = abs(process.create_time() - self.started) < START_DIFFERENCE_S
            return is_same and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False
        except psutil.AccessDenied:
            return True


def this_process() -> Writer:
    """The one that runs this."""
    return _with_id(os.getpid())


@functools.cache
def _with_id(pid: int) -> Writer:
    import psutil

    return Writer(pid, psutil.Process(pid).create_time())
