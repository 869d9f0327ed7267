"""Rows of a SQLite file, read without SQLite: from every page that holds rows, whether or not anything leads to it.

For files that SQLite refuses. The format: https://www.sqlite.org/fileformat2.html, sections 1.3 (header), 1.6 (b-tree
pages) and 2.1 (records). Nothing read here is trusted: what does not fit is passed over.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import BinaryIO, NamedTuple

from app.chat.history.wal import committed

DEFAULT_PAGE_SIZE = 4096
HEADER_BYTES = 100
MAGIC = b"SQLite format 3\0"
TABLE_LEAF = 0x0D
COLUMNS_MAX = 64
ROW_BYTES_MAX = 512 << 20

_INTEGER_BYTES = (0, 1, 2, 3, 4, 6, 8)


class Lost(Enum):
    """Stands for a value whose page is gone."""

    LOST = "lost"


Value = None | int | float | str | bytes | Lost


class Row(NamedTuple):
    """A row of some table: which one is to be guessed from its values."""

    id: int
    values: tuple[Value, ...]


class RawPages:
    """The pages of a file and its log as SQLite would see them."""

    def __init__(self, path: Path) -> None:
        """Raises OSError."""
        with open(path, "rb") as file:
            header = file.read(HEADER_BYTES)
        self._path = path
        file_bytes = path.stat().st_size
        self._page_size = _page_size(header, file_bytes)
        reserved = header[20] if header.startswith(MAGIC) and self._page_size - header[20] >= 480 else 0
        self._usable = self._page_size - reserved
        self._log = path.with_name(path.name + "-wal")
        self._in_log, pages = committed(self._log, self._page_size)
        self.count = pages or -(-file_bytes // self._page_size)

    def rows(self) -> Iterator[Row]:
        """All rows that can be read, page by page. Raises OSError."""
        with open(self._path, "rb") as file, open(self._log if self._in_log else self._path, "rb") as log:
            for number in range(1, self.count + 1):
                page = self._read(number, file, log)
                start = HEADER_BYTES if number == 1 else 0
                if len(page) > start and page[start] == TABLE_LEAF:
                    yield from self._rows_of(page, start, file, log)

    def _read(self, number: int, file: BinaryIO, log: BinaryIO) -> bytes:
        if number in self._in_log:
            log.seek(self._in_log[number])
            return log.read(self._page_size)
        file.seek((number - 1) * self._page_size)
        return file.read(self._page_size)

    def _rows_of(self, page: bytes, start: int, file: BinaryIO, log: BinaryIO) -> Iterator[Row]:
        count = int.from_bytes(page[start + 3 : start + 5], "big")
        for index in range(count):
            at = start + 8 + 2 * index
            cell = int.from_bytes(page[at : at + 2], "big")
            if cell < at + 2:
                continue
            try:
                size, cell = _varint(page, cell)
                row_id, cell = _varint(page, cell)
                payload = self._payload(page, cell, size, file, log)
                yield Row(row_id, _record(payload, size))
            except (IndexError, ValueError, struct.error):
                continue

    def _payload(self, page: bytes, at: int, size: int, file: BinaryIO, log: BinaryIO) -> bytes:
        """What a row holds; less than `size` when the pages on which it goes on are lost."""
        if size > ROW_BYTES_MAX:
            raise ValueError("too long for a row")
        most, least = self._usable - 35, (self._usable - 12) * 32 // 255 - 23
        if size <= most:
            return page[at : at + size]
        local = least + (size - least) % (self._usable - 4)
        local = local if local <= most else least
        parts, left = [page[at : at + local]], size - local
        following = int.from_bytes(page[at + local : at + local + 4], "big")
        while left > 0 and 1 < following <= self.count:
            overflow = self._read(following, file, log)
            part = overflow[4 : min(self._usable, 4 + left)]
            if not part:
                break
            parts.append(part)
            left -= len(part)  # so that a ring of pages ends
            following = int.from_bytes(overflow[:4], "big")
        return b"".join(parts)


def _page_size(header: bytes, file_bytes: int) -> int:
    """What the header says, if that fits the number of pages and the size of the file."""
    size = int.from_bytes(header[16:18], "big")
    size = 65536 if size == 1 else size
    is_size = header.startswith(MAGIC) and size >= 512 and size & (size - 1) == 0
    return size if is_size and size * int.from_bytes(header[28:32], "big") == file_bytes else DEFAULT_PAGE_SIZE


def _record(payload: bytes, size: int) -> tuple[Value, ...]:
    """The values of a row. Raises ValueError or IndexError when it is none."""
    header_size, at = _varint(payload, 0)
    if not at <= header_size <= min(size, len(payload)):
        raise ValueError("no header of a row")
    kinds = []
    while at < header_size:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    if len(kinds) > COLUMNS_MAX or sum(map(_size_of, kinds)) != size - header_size:
        raise ValueError("no row")
    values: list[Value] = []
    at = header_size
    for kind in kinds:
        end = at + _size_of(kind)
        values.append(_value(kind, payload[at:end]) if end <= len(payload) else Lost.LOST)
        at = end
    return tuple(values)


def _size_of(kind: int) -> int:
    if kind >= 12:
        return (kind - 12) // 2
    if kind in (10, 11):
        raise ValueError("a kind of value that is never written")
    return 8 if kind == 7 else 0 if kind in (8, 9) else _INTEGER_BYTES[kind]


def _value(kind: int, data: bytes) -> Value:
    if kind == 0:
        return None
    if kind == 7:
        return float(struct.unpack(">d", data)[0])
    if kind in (8, 9):
        return kind - 8
    if kind >= 12:
        return data.decode(errors="replace") if kind % 2 else data
    return int.from_bytes(data, "big", signed=True)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where it ends."""
    value = 0
    for index in range(8):
        byte = data[at + index]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + index + 1
    return value << 8 | data[at + 8], at + 9
