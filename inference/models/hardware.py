"""What this computer has: memory that is really free, and cores worth using."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import psutil

_CGROUP = Path("/sys/fs/cgroup")


def available_memory_bytes() -> int:
    """Memory a new process can take without swapping, limits of the container included."""
    available = int(psutil.virtual_memory().available)
    with contextlib.suppress(OSError, ValueError):
        limit = int((_CGROUP / "memory.max").read_text())
        used = int((_CGROUP / "memory.current").read_text())
        available = min(available, max(0, limit - used))
    return available


def default_thread_count() -> int:
    """Physical cores this process may run on: a second thread on a core makes llama.cpp slower."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
    return max(1, min(usable, psutil.cpu_count(logical=False) or usable))
