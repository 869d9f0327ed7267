"""A folder of files under a size limit, oldest use first out; safe for several processes and against half-written files.

A file counts once it has its final name, which it gets by an atomic rename. Each begins with a line: the CRC-32 of the rest of
the line, then JSON that holds what the owner needs to find the file, the length of the body and its CRC-32. So a damaged file is
noticed and deleted, never used.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import secrets
import time
import zlib
from pathlib import Path
from typing import Any, BinaryIO

log = logging.getLogger(__name__)

CLEARED = ".cleared"
"""An empty file in a cache's folder, above the folders of its stores: as old as the last time that all of it was cleared."""
_CHUNK = 1 << 20
_MAX_HEADER = 64 << 20
_STALE_PARTIAL_S = 3600.0


def mark_cleared(folder: Path) -> None:
    """Have every process know that what it took up before now is no longer to be kept in this cache. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark = folder / CLEARED
    mark.touch(0o600)
    now_ns = time.time_ns()
    os.utime(mark, ns=(now_ns, now_ns))  # finer than the system's own time stamps


class DiskStore:
    """One folder, one kind of file.

    Attributes:
        folder: created when the first file is written, readable by the user only.
        suffix: of the files that count.
        limit_bytes: what all of them together may take.
    """

    def __init__(self, folder: Path, suffix: str, limit_bytes: int) -> None:
        self.folder, self.suffix, self.limit_bytes = folder, suffix, limit_bytes

    @property
    def cleared_ns(self) -> int:
        """When the cache that it belongs to was last cleared, in nanoseconds; 0 for never."""
        try:
            return os.stat(self.folder.parent / CLEARED).st_mtime_ns
        except OSError:
            return 0

    def names(self) -> set[str]:
        """What is there now."""
        try:
            return {entry.name for entry in os.scandir(self.folder) if entry.name.endswith(self.suffix)}
        except OSError:
            return set()

    def read_header(self, name: str) -> dict[str, Any] | None:
        """What the owner wrote about a file, or None when it is gone or damaged."""
        try:
            with open(self.folder / name, "rb") as file:
                return _read_header(file)
        except OSError:
            return None
        except ValueError:
            self.delete(name)
            return None

    def read(self, name: str) -> tuple[dict[str, Any], bytes] | None:
        """Header and body, or None when the file is gone or damaged; a damaged one is deleted."""
        path = self.folder / name
        try:
            with open(path, "rb") as file:
                header = _read_header(file)
                body = file.read()
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            self.delete(name)
            return None
        if len(body) != header.get("body_bytes") or zlib.crc32(body) != header.get("crc32"):
            log.warning("A damaged file of the cache was deleted: %s", name)
            self.delete(name)
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return header, body

    def write(self, name: str, header: dict[str, Any], body: bytes | memoryview) -> bool:
        """Keep a file. Returns False, leaving nothing behind, when it is over the limit or the disk refuses."""
        line = _header_line(header | {"body_bytes": len(body), "crc32": zlib.crc32(body)})
        size = len(line) + len(body)
        if size > self.limit_bytes:
            return False
        partial = self.folder / f"{name}.{secrets.token_hex(4)}.partial"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._make_room(size, but=name)
            with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(line)
                file.write(body)
            os.replace(partial, self.folder / name)
        except OSError as error:
            log.warning("The cache could not be written: %s", error.strerror)
            with contextlib.suppress(OSError):
                partial.unlink()
            return False
        return True

    def delete(self, name: str) -> None:
        """Forget a file; it may be gone already."""
        with contextlib.suppress(OSError):
            (self.folder / name).unlink()

    def _make_room(self, size: int, but: str) -> None:
        files: list[tuple[float, int, Path]] = []
        for entry in os.scandir(self.folder):
            with contextlib.suppress(OSError):
                stat = entry.stat()
                if entry.name.endswith(self.suffix) and entry.name != but:
                    files.append((stat.st_mtime, stat.st_size, Path(entry.path)))
                elif entry.name.endswith(".partial") and time.time() - stat.st_mtime > _STALE_PARTIAL_S:
                    os.unlink(entry.path)
        total = sum(file_size for _, file_size, _ in files) + size
        for _, file_size, path in sorted(files):
            if total <= self.limit_bytes:
                return
            with contextlib.suppress(OSError):
                path.unlink()
            total -= file_size


def _header_line(header: dict[str, Any]) -> bytes:
    text = json.dumps(header, separators=(",", ":")).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _read_header(file: BinaryIO) -> dict[str, Any]:
    checksum, _, text = file.readline(_MAX_HEADER).removesuffix(b"\n").partition(b" ")
    if checksum != b"%08x" % zlib.crc32(text):
        raise ValueError("the header is damaged")
    header = json.loads(text)
    if not isinstance(header, dict):
        raise ValueError("the header is not an object")
    return header
