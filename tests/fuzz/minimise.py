"""A smaller file that fails in the same way."""

from __future__ import annotations

from collections.abc import Callable


def minimised(data: bytes, still_fails: Callable[[bytes], bool], tries: int = 150) -> bytes:
    """Leave out pieces, large ones first, as long as it fails on; data as it was when it does not fail again."""
    if not still_fails(data):
        return data
    size = len(data) // 2
    while size >= 1 and tries > 0:
        at = 0
        while at < len(data) and tries > 0:
            shorter = data[:at] + data[at + size :]
            tries -= 1
            if still_fails(shorter):
                data = shorter
            else:
                at += size
        size //= 2
    return data
