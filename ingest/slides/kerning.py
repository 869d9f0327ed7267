"""How much closer certain pairs of letters stand, as the font says: OpenType 1.9, tables `GPOS` (pair adjustment) and `kern`.

LibreOffice and PowerPoint both kern, and lines break where they do only when widths are the same.
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterator
from typing import BinaryIO

_TABLE_BYTES_MAX = 4 << 20
_ENTRIES_MAX = 70_000
_PAIR, _EXTENSION = 2, 9
_X_ADVANCE = 4


class Kerning:
    """The pairs of one font, in em."""

    def __init__(self, path: str, number: int) -> None:
        """Reads what it needs of a font file; of one that is damaged or has no pairs, none."""
        self._units, self._subtables, self._pairs = 1000, [], {}  # type: int, list[_Pairs], dict[tuple[int, int], int]
        with contextlib.suppress(OSError, struct.error, ValueError), open(path, "rb") as file:
            tables = _tables(file, number)
            self._units = struct.unpack_from(">H", _read(file, tables[b"head"]), 18)[0] or 1000 if b"head" in tables else 1000
            if b"GPOS" in tables:
                self._subtables = list(_pair_subtables(_read(file, tables[b"GPOS"])))
            if not self._subtables and b"kern" in tables:
                self._pairs = _old_pairs(_read(file, tables[b"kern"]))

    def between(self, left: int, right: int) -> float:
        """What is added between two glyphs, mostly less than 0."""
        if self._pairs:
            return self._pairs.get((left, right), 0) / self._units
        for subtable in self._subtables:
            with contextlib.suppress(struct.error):
                found = subtable.between(left, right)
                if found is not None:
                    return found / self._units
        return 0.0


class _Pairs:
    """A subtable of pairs: single ones (format 1) or classes of glyphs (format 2)."""

    def __init__(self, table: bytes, at: int) -> None:
        """Raises struct.error or ValueError."""
        self._table, self._at = table, at
        self._format, coverage, self._values, second_values = struct.unpack_from(">4H", table, at)
        if self._format not in (1, 2) or not self._values & _X_ADVANCE:
            raise ValueError("no advances")
        self._coverage = _coverage(table, at + coverage)
        self._size = 2 * (self._values.bit_count() + second_values.bit_count())
        self._advance = 2 * (self._values & (_X_ADVANCE - 1)).bit_count()
        if self._format == 2:
            first, second, _, self._columns = struct.unpack_from(">4H", table, at + 8)
            self._first, self._second = _classes(table, at + first), _classes(table, at + second)

    def between(self, left: int, right: int) -> int | None:
        """In the font's units; None when it says nothing of the pair."""
        index = self._coverage.get(left)
        if index is None:
            return None
        if self._format == 2:
            row = self._first.get(left, 0) * self._columns + self._second.get(right, 0)
            return int(struct.unpack_from(">h", self._table, self._at + 16 + row * self._size + self._advance)[0])
        start = self._at + struct.unpack_from(">H", self._table, self._at + 10 + 2 * index)[0]
        low, high = 0, struct.unpack_from(">H", self._table, start)[0]
        while low < high:
            middle = (low + high) // 2
            record = start + 2 + middle * (2 + self._size)
            glyph = struct.unpack_from(">H", self._table, record)[0]
            if glyph == right:
                return int(struct.unpack_from(">h", self._table, record + 2 + self._advance)[0])
            low, high = (middle + 1, high) if glyph < right else (low, middle)
        return None


def _tables(file: BinaryIO, number: int) -> dict[bytes, tuple[int, int]]:
    head = file.read(12)
    start = 0
    if head[:4] == b"ttcf":
        file.seek(12 + 4 * number)
        (start,) = struct.unpack(">I", file.read(4))
    file.seek(start)
    (count,) = struct.unpack(">4xH6x", file.read(12))
    return {tag: (offset, length) for tag, _, offset, length in struct.iter_unpack(">4s3I", file.read(16 * count))}


def _read(file: BinaryIO, table: tuple[int, int]) -> bytes:
    file.seek(table[0])
    return file.read(min(table[1], _TABLE_BYTES_MAX))


def _pair_subtables(table: bytes) -> Iterator[_Pairs]:
    """Of all lookups that the feature `kern` uses, in their order."""
    features, lookups = struct.unpack_from(">2H", table, 6)
    (count,) = struct.unpack_from(">H", table, features)
    wanted: set[int] = set()
    for index in range(count):
        tag, offset = struct.unpack_from(">4sH", table, features + 2 + 6 * index)
        if tag == b"kern":
            (number,) = struct.unpack_from(">H", table, features + offset + 2)
            wanted.update(struct.unpack_from(f">{number}H", table, features + offset + 4))
    for index in sorted(wanted):
        lookup = lookups + struct.unpack_from(">H", table, lookups + 2 + 2 * index)[0]
        kind, _, number = struct.unpack_from(">3H", table, lookup)
        for offset in struct.unpack_from(f">{number}H", table, lookup + 6):
            at, its_kind = lookup + offset, kind
            if kind == _EXTENSION:
                its_kind, further = struct.unpack_from(">HI", table, at + 2)
                at += further
            if its_kind == _PAIR:
                with contextlib.suppress(struct.error, ValueError):
                    yield _Pairs(table, at)


def _coverage(table: bytes, at: int) -> dict[int, int]:
    """The places of glyphs in a list."""
    kind, count = struct.unpack_from(">2H", table, at)
    if kind == 1:
        return {glyph: index for index, glyph in enumerate(struct.unpack_from(f">{count}H", table, at + 4))}
    found: dict[int, int] = {}
    for first, last, index in struct.iter_unpack(">3H", table[at + 4 : at + 4 + 6 * count]):
        if len(found) < _ENTRIES_MAX:
            found.update({glyph: index + glyph - first for glyph in range(first, last + 1)})
    return found


def _classes(table: bytes, at: int) -> dict[int, int]:
    """The classes of glyphs; those that are missing are of class 0."""
    kind, count = struct.unpack_from(">2H", table, at)
    if kind == 1:
        (number,) = struct.unpack_from(">H", table, at + 4)
        return {count + index: value for index, value in enumerate(struct.unpack_from(f">{number}H", table, at + 6))}
    found: dict[int, int] = {}
    for first, last, value in struct.iter_unpack(">3H", table[at + 4 : at + 4 + 6 * count]):
        if len(found) < _ENTRIES_MAX:
            found.update(dict.fromkeys(range(first, last + 1), value))
    return found


def _old_pairs(table: bytes) -> dict[tuple[int, int], int]:
    """Of a `kern` table of version 0: its first subtable of format 0 for lines that run across."""
    version, count = struct.unpack_from(">2H", table)
    at = 4
    for _ in range(count if version == 0 else 0):
        _, length, coverage = struct.unpack_from(">3H", table, at)
        if coverage >> 8 == 0 and coverage & 1:
            (number,) = struct.unpack_from(">H", table, at + 6)
            records = table[at + 14 : at + 14 + 6 * number]
            return {(left, right): value for left, right, value in struct.iter_unpack(">HHh", records[: len(records) // 6 * 6])}
        at += length
    return {}
