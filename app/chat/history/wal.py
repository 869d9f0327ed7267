"""SQLite's write-ahead log, read without SQLite: which pages stand in it, and whether SQLite passes over some.

SQLite takes a log up to the first frame that is damaged, and says nothing of what was committed behind it. The format:
https://www.sqlite.org/fileformat2.html#the_write_ahead_log, and https://www.sqlite.org/walformat.html#the_wal_index_file_format.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

HEADER_BYTES, FRAME_HEADER_BYTES = 32, 24
MAGICS = {0x377F0682: "<", 0x377F0683: ">"}
"""And in which order its checksums read bytes."""
INDEX_HEADER_BYTES, INDEX_LAST_FRAME_AT, INDEX_SALTS_AT = 48, 16, 32
"""The number of the last frame that SQLite takes is in the order of this computer."""


class _Frame(NamedTuple):
    """The head of a frame, what its checksum goes on from, where its page begins in the file, and whether it is no older one."""

    head: bytes
    seed: bytes
    page_at: int
    is_of_this_log: bool

    @property
    def page_number(self) -> int:
        return int.from_bytes(self.head[:4], "big")

    @property
    def pages_after(self) -> int:
        """How many pages the file has; 0 but in the last frame of a transaction."""
        return int.from_bytes(self.head[4:8], "big")

    @property
    def sums(self) -> bytes:
        return self.head[16:24]


def committed(log: Path, page_size: int) -> tuple[dict[int, int], int]:
    """Where in the log the newest committed form of each page begins, and how many pages the file has by it; 0 without a log.

    A damaged frame is left out, and what stands behind it is not. Raises OSError.
    """
    places: dict[int, int] = {}
    pending: dict[int, int] = {}
    pages = 0
    if not log.exists():
        return {}, 0
    with open(log, "rb") as file:
        header = file.read(HEADER_BYTES)
        order = _order(header)
        for frame in _frames(file, header, page_size):
            if frame.is_of_this_log and _sums_of(file, frame, page_size, order, frame.seed) == frame.sums:
                pending[frame.page_number] = frame.page_at
            if frame.is_of_this_log and frame.pages_after:
                places |= pending
                pages, pending = frame.pages_after, {}
    return places, pages


def is_cut_short(path: Path) -> bool:
    """Whether SQLite, which has the file open for reading, passes over transactions that were written one after the other.

    One alone is no damage: it is being written, or its writer died before it was done. Of several, each left by another writer,
    none goes on from the one before. Looks at the frames behind those that SQLite takes. Raises OSError.
    """
    log, index = (path.with_name(path.name + end) for end in ("-wal", "-shm"))
    if not log.exists() or not index.exists():
        return False
    with open(log, "rb") as file, open(index, "rb") as shared, open(path, "rb") as database:
        header, known = file.read(HEADER_BYTES), shared.read(INDEX_HEADER_BYTES)
        size = int.from_bytes(database.read(18)[16:18], "big")
        if len(header) < HEADER_BYTES or len(known) < INDEX_HEADER_BYTES:
            return False
        if _is_sound(header) and header[16:24] != known[INDEX_SALTS_AT:][:8]:
            return False  # another process begins the log anew
        (taken,) = struct.unpack_from("=I", known, INDEX_LAST_FRAME_AT)
        if _commits_behind(file, header, 65536 if size == 1 else size, taken) < 2:
            return False
        now = _read(file, 0, HEADER_BYTES), _read(shared, 0, INDEX_HEADER_BYTES)
        return now == (header, known)  # nobody wrote meanwhile


def _commits_behind(file: BinaryIO, header: bytes, page_size: int, taken: int) -> int:
    """How many transactions end behind the frames that are taken, all but one of which go on from the frame before."""
    order, count, breaks = _order(header), 0, int(not _is_sound(header))
    computed = b"" if taken else _checksum(header[:24], order, (0, 0))
    for frame in _frames(file, header, page_size, taken):
        before, computed = computed, _sums_of(file, frame, page_size, order, frame.seed)
        goes_on = computed == frame.sums or (before and _sums_of(file, frame, page_size, order, before) == frame.sums)
        breaks += not (frame.is_of_this_log and goes_on)
        if breaks > 1 or (frame.pages_after and not breaks):  # the second is one that SQLite has yet to take
            break
        count += frame.pages_after > 0
    return count


def _sums_of(file: BinaryIO, frame: _Frame, page_size: int, order: str, seed: bytes) -> bytes:
    """What its checksum should be; empty for a frame that is not all there."""
    page = _read(file, frame.page_at, page_size)
    return _checksum(frame.head[:8] + page, order, struct.unpack(">II", seed)) if len(page) == page_size else b""


def _is_sound(header: bytes) -> bool:
    return len(header) == HEADER_BYTES and _checksum(header[:24], _order(header), (0, 0)) == header[24:32]


def _frames(file: BinaryIO, header: bytes, page_size: int, skipped: int = 0) -> Iterator[_Frame]:
    """All but the first so many. What is left of an earlier log has other salts."""
    if len(header) < HEADER_BYTES or (_is_sound(header) and int.from_bytes(header[8:12], "big") != page_size):
        return
    salts = header[16:24] if _is_sound(header) else _read(file, HEADER_BYTES, FRAME_HEADER_BYTES)[8:16]
    at = HEADER_BYTES + skipped * (FRAME_HEADER_BYTES + page_size)
    seed = _read(file, at - FRAME_HEADER_BYTES - page_size, FRAME_HEADER_BYTES)[16:24] if skipped else header[24:32]
    while len(head := _read(file, at, FRAME_HEADER_BYTES)) == FRAME_HEADER_BYTES:
        yield _Frame(head, seed, at + FRAME_HEADER_BYTES, head[8:16] == salts)
        seed = head[16:24]
        at += FRAME_HEADER_BYTES + page_size


def _read(file: BinaryIO, at: int, size: int) -> bytes:
    file.seek(at)
    return file.read(size)


def _order(header: bytes) -> str:
    return MAGICS.get(int.from_bytes(header[:4], "big"), "<")


def _checksum(data: bytes, order: str, sums: tuple[int, int]) -> bytes:
    """As it stands in the log. `data` is a multiple of 8 bytes long."""
    first, second = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return struct.pack(">II", first, second)
