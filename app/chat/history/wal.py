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
INDEX_HEADER_BYTES, INDEX_LAST_FRAME_AT = 48, 16
"""The number of the last frame that SQLite takes stands there, in the order of this computer."""


class _Frame(NamedTuple):
    """The head of a frame, what its checksum goes on from, and where its page begins in the file."""

    head: bytes
    seed: bytes
    page_at: int

    @property
    def page_number(self) -> int:
        return int.from_bytes(self.head[:4], "big")

    @property
    def pages_after(self) -> int:
        """How many pages the file has; 0 but in the last frame of a transaction."""
        return int.from_bytes(self.head[4:8], "big")


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
            file.seek(frame.page_at)
            page = file.read(page_size)
            seed = struct.unpack(">II", frame.seed)
            if len(page) == page_size and _checksum(frame.head[:8] + page, order, seed) == frame.head[16:24]:
                pending[frame.page_number] = frame.page_at
            if frame.pages_after:
                places |= pending
                pages, pending = frame.pages_after, {}
    return places, pages


def is_cut_short(path: Path) -> bool:
    """Whether SQLite, which has the file open for reading, passes over more than one transaction at the end of its log.

    One is what was being written just now, or when the power went. Looks at the heads of the frames only. Raises OSError.
    """
    log, index = (path.with_name(path.name + end) for end in ("-wal", "-shm"))
    if not log.exists() or not index.exists():
        return False
    with open(index, "rb") as file:
        index_header = file.read(INDEX_HEADER_BYTES)
    with open(log, "rb") as file, open(path, "rb") as database:
        header, size = file.read(HEADER_BYTES), int.from_bytes(database.read(18)[16:18], "big")
        if len(index_header) < INDEX_HEADER_BYTES:
            return False
        page_size = 65536 if size == 1 else size
        (taken,) = struct.unpack_from("=I", index_header, INDEX_LAST_FRAME_AT)
        end = HEADER_BYTES + taken * (FRAME_HEADER_BYTES + page_size)
        return sum(1 for frame in _frames(file, header, page_size) if frame.page_at > end and frame.pages_after) > 1


def _frames(file: BinaryIO, header: bytes, page_size: int) -> Iterator[_Frame]:
    """Those that were written since the log was begun anew: what is left of earlier ones has other salts."""
    if len(header) < HEADER_BYTES:
        return
    is_sound = _checksum(header[:24], _order(header), (0, 0)) == header[24:32]
    if is_sound and int.from_bytes(header[8:12], "big") != page_size:
        return
    salts, seed, at = header[16:24] if is_sound else b"", header[24:32], HEADER_BYTES
    file.seek(at)
    while len(head := file.read(FRAME_HEADER_BYTES)) == FRAME_HEADER_BYTES:
        salts = salts or head[8:16]
        if head[8:16] == salts:
            yield _Frame(head, seed, at + FRAME_HEADER_BYTES)
        seed = head[16:24]
        at += FRAME_HEADER_BYTES + page_size
        file.seek(at)


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
