"""Keeps the window small after large pictures went through it."""

from __future__ import annotations

import sys

LARGE_BLOCK_BYTES = 1 << 20
M_MMAP_THRESHOLD = -3
"""From malloc.h of the GNU C library."""


def give_back_large_blocks() -> None:
    """Have large blocks of memory go back to the system as soon as they are freed.

    The GNU C library raises its limit for that by itself after the first large block; from then on, pictures of a few megabytes are
    cut from a heap that no longer shrinks. After one picture of 48 megapixels the window kept 337 MB with it and 156 MB without.
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none, and no need of it
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK_BYTES)
