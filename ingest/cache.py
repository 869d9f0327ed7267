"""What was drawn or recognised before, in memory and in a folder under a size limit; safe for several processes and threads.

Pixels are kept as they are. For a page of 1190 x 1684 pixels (6 MB) on the computer this was measured on, writing takes 7 ms and
reading 6 ms; packing it with zlib, level 1, takes 36 ms more (300 ms for a photo, which hardly shrinks), unpacking 13 ms (60 ms).
Drawing a plain page again takes 7 to 50 ms. So packing costs more than it saves, and a plain page is not worth keeping on disk at
all: only what took longer than `WORTH_SECONDS_PER_BYTE` is, which is slides, video frames, large pictures and recognised text.
How long it took is the time between a `get` that found nothing and the `put` that follows.

Each write looks through the folder: 0.5 ms, with 5,000 files 75 ms, which these take longer to make.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

from base.disk_store import DiskStore

DISK_BYTES = 512 << 20
MEMORY_BYTES = 32 << 20
"""Where nothing may be kept on disk."""
MEMORY_BESIDE_DISK_BYTES = 8 << 20
"""Little: it lies in the window's process, and reading from the disk takes a millisecond a megabyte."""
WORTH_SECONDS_PER_BYTE = 10e-3 / (1 << 20)
"""Five times what writing and reading take."""
_MISSES_MAX = 256
_SUFFIX = ".drawn"


class RenderCache:
    """The bytes belonging to a key, for a while; the owner checks that they are what it needs.

    Attributes:
        folder: readable by the user only; None keeps everything in memory, so that nothing is left of it.
    """

    def __init__(self, folder: Path | None, disk_bytes: int = DISK_BYTES, memory_bytes: int | None = None) -> None:
        """`folder` belongs to the cache alone, and to what reading children keep there; it is made when it is needed."""
        self.folder = folder
        self._store = DiskStore(folder, _SUFFIX, disk_bytes) if folder is not None else None
        usual = MEMORY_BYTES if folder is None else MEMORY_BESIDE_DISK_BYTES
        self._memory_bytes, self._used_bytes = usual if memory_bytes is None else memory_bytes, 0
        self._memory: OrderedDict[str, bytes] = OrderedDict()
        self._missed_at: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> bytes | None:
        """What was put under `key`, or None when it is not there any more."""
        with self._lock:
            if key in self._memory:
                self._memory.move_to_end(key)
                return self._memory[key]
        found = self._store.read(_file_name(key)) if self._store is not None else None
        if found is not None and found[0].get("key") == key:
            self._remember(key, found[1])
            return found[1]
        with self._lock:
            self._missed_at[key] = time.monotonic()
            while len(self._missed_at) > _MISSES_MAX:
                self._missed_at.popitem(last=False)
        return None

    def put(self, key: str, data: bytes) -> None:
        """Keep `data`, on disk too if making it took longer than keeping it takes."""
        self._remember(key, data)
        with self._lock:
            missed_at = self._missed_at.pop(key, None)
        took_s = time.monotonic() - missed_at if missed_at is not None else float("inf")
        if self._store is not None and took_s > len(data) * WORTH_SECONDS_PER_BYTE:
            self._store.write(_file_name(key), {"key": key}, data)

    def clear(self) -> None:
        """Forget everything, also what reading children keep in the folder."""
        with self._lock:
            self._memory.clear()
            self._missed_at.clear()
            self._used_bytes = 0
        for path in self._files():
            with contextlib.suppress(OSError):
                path.unlink()

    def size_bytes(self) -> int:
        """How much of the disk it takes, with what reading children keep there."""
        total = 0
        for path in self._files():
            with contextlib.suppress(OSError):
                total += path.lstat().st_size
        return total

    def _remember(self, key: str, data: bytes) -> None:
        with self._lock:
            self._used_bytes -= len(self._memory.pop(key, b""))
            if len(data) > self._memory_bytes:
                return
            self._memory[key] = data
            self._used_bytes += len(data)
            while self._used_bytes > self._memory_bytes:
                self._used_bytes -= len(self._memory.popitem(last=False)[1])

    def _files(self) -> Iterator[Path]:
        if self.folder is not None:
            for folder, _, names in os.walk(self.folder):  # does not follow links
                yield from (Path(folder, name) for name in names)


def _file_name(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest() + _SUFFIX
