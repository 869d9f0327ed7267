"""Where the frames of a GIF, WebP or PNG are, when each is shown, and how it goes onto the one before.

Only the structure of a file is read here. A frame is a `Patch`; as bytes it becomes a picture file of its own, of the same format,
which Pillow decodes. So a frame costs what it covers, and no frame is decoded that nobody looks at.
Formats: GIF89a specification; PNG 3rd edition, chapter 11.3.6 (animation); WebP container specification (RFC 9649, section 2.7.1).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

PATCHES_MAX = 100_000
_TOO_SHORT_S, _INSTEAD_S = 0.011, 0.1
"""Browsers show a frame for a tenth of a second that asks for less than 11 ms (Blink, deferred_image_decoder.cc)."""
_PNG_START = b"\x89PNG\r\n\x1a\n"

Range = tuple[int, int]
"""From and up to which byte of the file."""
After = Literal["stay", "clear", "restore"]
"""What becomes of a patch before the next is drawn: its place is cleared, or gets back what it showed before."""


@dataclass(frozen=True, slots=True)
class Patch:
    """One frame, which may be smaller than the picture.

    Attributes:
        x, y, width, height: its place, in pixels; may reach over the edge.
        is_opaque: it replaces everything in its place, what is transparent in it too.
        parts: what of the file belongs to it; `Patches.still` knows how.
    """

    delay_s: float
    x: int
    y: int
    width: int
    height: int
    is_opaque: bool
    after: After
    parts: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Patches:
    """All frames of a file.

    Attributes:
        still: makes a picture file of a patch and its parts.
        is_whole: False when the file is cut off, or has more than PATCHES_MAX frames.
    """

    width: int
    height: int
    patches: Sequence[Patch]
    still: Callable[[Patch, Sequence[bytes]], bytes]
    is_whole: bool


def find_patches(data: bytes, media_type: str) -> Patches:
    """Raises struct.error, IndexError or ValueError for what is no such file; what comes before some damage is found."""
    return {"image/gif": _find_gif, "image/webp": _find_webp, "image/png": _find_png}[media_type](data)


def shown_for(delay_s: float) -> float:
    """How long a frame is really shown that asks for `delay_s`."""
    return _INSTEAD_S if delay_s < _TOO_SHORT_S else delay_s


def _find_gif(data: bytes) -> Patches:
    width, height, packed = struct.unpack_from("<HHB", data, 6)
    start = 13 + _colours_bytes(packed)
    screen, colours = data[10:13], data[13:start]

    def still(patch: Patch, parts: Sequence[bytes]) -> bytes:
        control, head, rest = parts
        size = struct.pack("<HH", patch.width, patch.height)
        return b"".join((b"GIF89a", size, screen, colours, control, b",\0\0\0\0", size, head[9:], rest, b";"))

    patches: list[Patch] = []
    at, control, is_whole = start, (0, 0), False
    try:
        while len(patches) < PATCHES_MAX:
            block = data[at]
            if block == 0x3B:
                is_whole = True
                break
            if block == 0x21:
                end = _skip_blocks(data, at + 2)
                control = (at, end) if data[at + 1] == 0xF9 else control
            elif block == 0x2C:
                head = at + 10 + _colours_bytes(data[at + 9])
                end = _skip_blocks(data, head + 1)
                patches.append(_gif_patch(data, control, at, head, end))
                control = (0, 0)
            else:
                end = at + 1  # padding between blocks, as some programs write it
            at = end
    except IndexError:
        pass
    first = patches[0] if patches else Patch(0.0, 0, 0, 0, 0, False, "stay", ())
    return Patches(width or first.width, height or first.height, patches, still, is_whole)


def _gif_patch(data: bytes, control: Range, at: int, head: int, end: int) -> Patch:
    """`at` is where the image descriptor begins, `head` where it and its colours end, `end` where the pixels do."""
    x, y, width, height = struct.unpack_from("<HHHH", data, at + 1)
    flags, delay = struct.unpack_from("<BH", data, control[0] + 3) if control[1] else (0, 0)
    after: After = {2: "clear", 3: "restore"}.get(flags >> 2 & 7, "stay")  # type: ignore[assignment]
    return Patch(shown_for(delay / 100), x, y, width, height, not flags & 1, after, (control, (at, head), (head, end)))


def _colours_bytes(packed: int) -> int:
    return 3 * 2 << (packed & 7) if packed & 0x80 else 0


def _skip_blocks(data: bytes, at: int) -> int:
    """Behind the sub-blocks that begin at `at`. Raises IndexError at the end of the file."""
    while length := data[at]:
        at += length + 1
    return at + 1


def _find_png(data: bytes) -> Patches:
    width, height = struct.unpack_from(">II", data, 16)
    common: list[bytes] = []
    controls: list[bytes] = []
    parts: list[list[Range]] = []
    at, is_whole = 8, False
    while at + 12 <= len(data) and len(controls) <= PATCHES_MAX:
        length, kind = struct.unpack_from(">I4s", data, at)
        body, at = at + 8, at + 12 + length
        if kind == b"IEND":
            is_whole = True
            break
        if at > len(data):
            break
        if kind == b"fcTL":
            controls.append(data[body : body + length])
            parts.append([])
        elif kind in (b"IDAT", b"fdAT") and parts:  # an IDAT before the first fcTL is for those who know no animation
            parts[-1].append((body + (4 if kind == b"fdAT" else 0), body + length))
        elif kind in (b"PLTE", b"tRNS"):
            common.append(_png_chunk(kind, data[body : body + length]))

    def still(patch: Patch, pieces: Sequence[bytes]) -> bytes:
        header = _png_chunk(b"IHDR", struct.pack(">II", patch.width, patch.height) + data_header)
        return b"".join((_PNG_START, header, *common, _png_chunk(b"IDAT", b"".join(pieces)), _png_chunk(b"IEND", b"")))

    data_header = data[24:29]
    found = [_png_patch(control, ranges) for control, ranges in zip(controls, parts, strict=True) if ranges]
    return Patches(width, height, found[:PATCHES_MAX], still, is_whole)


def _png_patch(control: bytes, parts: list[Range]) -> Patch:
    width, height, x, y, numerator, denominator, after, blend = struct.unpack(">4xIIIIHHBB", control)
    afters: tuple[After, ...] = ("stay", "clear", "restore")
    return Patch(shown_for(numerator / (denominator or 100)), x, y, width, height, not blend, afters[after], tuple(parts))


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _find_webp(data: bytes) -> Patches:
    patches: list[Patch] = []
    width = height = 0
    at, is_whole = 12, True
    while at + 8 <= len(data) and len(patches) < PATCHES_MAX:
        kind, length = struct.unpack_from("<4sI", data, at)
        body, at = at + 8, at + 8 + length + (length & 1)
        if body + length > len(data):
            is_whole = False
            break
        if kind == b"VP8X":
            width, height = _u24(data, body + 4) + 1, _u24(data, body + 7) + 1
        elif kind == b"ANMF":
            x, y, across, down, delay_ms = (_u24(data, body + 3 * number) for number in range(5))
            after: After = "clear" if data[body + 15] & 1 else "stay"
            is_opaque = bool(data[body + 15] & 2)
            part = (body + 16, body + length)
            patches.append(Patch(shown_for(delay_ms / 1000), 2 * x, 2 * y, across + 1, down + 1, is_opaque, after, (part,)))
    is_whole = is_whole and len(patches) < PATCHES_MAX
    return Patches(width, height, patches, _webp_still, is_whole)


def _webp_still(patch: Patch, parts: Sequence[bytes]) -> bytes:
    has_alpha = parts[0].startswith(b"ALPH")
    size = struct.pack("<I", patch.width - 1)[:3] + struct.pack("<I", patch.height - 1)[:3]
    extended = b"VP8X" + struct.pack("<II", 10, 0x10) + size if has_alpha else b""
    return b"RIFF" + struct.pack("<I", 4 + len(extended) + len(parts[0])) + b"WEBP" + extended + parts[0]


def _u24(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 3], "little")
