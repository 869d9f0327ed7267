"""Finding fonts where no fontconfig answers: the usual folders of each system, by the names inside the files.

OpenType 1.9: table directory, `name` (families in every language), `OS/2` (bold and italic bits of fsSelection).
"""

from __future__ import annotations

import contextlib
import functools
import os
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_FILES_MAX = 5000
_NAME_TABLE_BYTES_MAX = 1 << 20
_FAMILY_IDS = (1, 16)
_EQUAL_WIDTHS = {
    "calibri": ("carlito",),
    "cambria": ("caladea",),
    "arial": ("liberation sans", "arimo", "helvetica"),
    "helvetica": ("arial", "liberation sans", "arimo"),
    "times new roman": ("liberation serif", "tinos", "times"),
    "times": ("times new roman", "liberation serif"),
    "courier new": ("liberation mono", "cousine", "courier"),
    "georgia": ("gelasio",),
}
_BY_LANGUAGE = {
    "zh-cn": ("microsoft yahei", "pingfang sc", "hiragino sans gb", "noto sans cjk sc", "source han sans sc", "simsun"),
    "ja": ("yu gothic", "hiragino sans", "meiryo", "noto sans cjk jp", "ms gothic"),
    "ko": ("malgun gothic", "apple sd gothic neo", "noto sans cjk kr"),
    "ar": ("arial", "segoe ui", "geeza pro"),
    "he": ("arial", "segoe ui", "arial hebrew"),
    "th": ("leelawadee ui", "tahoma", "thonburi"),
    "hi": ("nirmala ui", "mangal", "kohinoor devanagari"),
    "en": ("segoe ui symbol", "segoe ui", "apple symbols", "arial unicode ms"),
}

Found = tuple[str, int, bool, bool]
"""Path, number of the font in its collection, whether it is bold, whether it is italic."""


def find(family: str, bold: bool, italic: bool, wanted: str = "") -> Found | None:
    """The best file for a family or one of equal widths. With `wanted`, "lang=zh-cn" say, for a language instead."""
    fonts = _installed()
    if wanted:
        names = _BY_LANGUAGE.get(wanted.removeprefix("lang="), ())
    else:
        names = (family.lower(), *_EQUAL_WIDTHS.get(family.lower(), ()))
    for name in names:
        found = fonts.get(name)
        if found:
            return min(found, key=lambda font: (font[2] != bold) + (font[3] != italic))
    return None


def folders() -> list[Path]:
    """Where this system keeps fonts."""
    home = Path.home()
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", home))
        return [Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts", local / "Microsoft" / "Windows" / "Fonts"]
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts"]
    return [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".local/share/fonts", home / ".fonts"]


@functools.cache
def _installed() -> dict[str, list[Found]]:
    fonts: dict[str, list[Found]] = {}
    paths = (path for folder in folders() for path in sorted(folder.rglob("*")))
    files = (path for path in paths if path.suffix.lower() in (".ttf", ".otf", ".ttc", ".otc"))
    for path, _ in zip(files, range(_FILES_MAX), strict=False):
        with contextlib.suppress(OSError, struct.error, ValueError), open(path, "rb") as file:
            for index, offset in enumerate(_font_offsets(file)):
                names, is_bold, is_italic = read_names(file, offset)
                for name in names:
                    fonts.setdefault(name.lower(), []).append((str(path), index, is_bold, is_italic))
    return fonts


def _font_offsets(file: BinaryIO) -> list[int]:
    head = file.read(12)
    if head[:4] != b"ttcf":
        return [0]
    (count,) = struct.unpack(">I", head[8:12])
    return list(struct.unpack(f">{min(count, 64)}I", file.read(4 * min(count, 64))))


def read_names(file: BinaryIO, offset: int) -> tuple[set[str], bool, bool]:
    """The families that the font at an offset calls itself, whether it is bold, whether it is italic. Raises struct.error."""
    file.seek(offset)
    (count,) = struct.unpack(">4xH6x", file.read(12))
    records = file.read(16 * count)
    tables = {tag: (start, length) for tag, _, start, length in struct.iter_unpack(">4s3I", records)}
    selection = 0
    if b"OS/2" in tables:
        file.seek(tables[b"OS/2"][0] + 62)
        (selection,) = struct.unpack(">H", file.read(2))
    start, length = tables.get(b"name", (0, 0))
    file.seek(start)
    return set(_families(file.read(min(length, _NAME_TABLE_BYTES_MAX)))), bool(selection & 32), bool(selection & 1)


def _families(table: bytes) -> Iterator[str]:
    if len(table) < 6:
        return
    _, count, strings = struct.unpack(">HHH", table[:6])
    for platform, _, _, name_id, length, at in struct.iter_unpack(">6H", table[6 : 6 + 12 * count]):
        if name_id in _FAMILY_IDS:
            text = table[strings + at : strings + at + length]
            with contextlib.suppress(UnicodeDecodeError):
                yield text.decode("utf-16-be" if platform in (0, 3) else "mac-roman")
