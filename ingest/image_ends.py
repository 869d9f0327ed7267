"""Whether a JPEG or PNG ends before its picture does, found out without decoding it.

Formats: ITU-T T.81 annex B (behind SOS, FF is always followed by 00 or the number of a restart, so that FF D9 is the end); PNG 3rd
edition, chapter 5.
"""

from __future__ import annotations

import io
from typing import BinaryIO

_SEARCHED_BYTES = 1 << 20
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, b"\xff\xd9"


def is_cut_off(stream: BinaryIO, media_type: str) -> bool:
    """Moves the stream. False for other formats, and for what is no such file at all."""
    if media_type == "image/jpeg":
        return _is_jpeg_cut_off(stream)
    return media_type == "image/png" and _is_png_cut_off(stream)


def _is_jpeg_cut_off(stream: BinaryIO) -> bool:
    stream.seek(2)
    kind = 0
    while kind != _START_OF_SCAN:
        head = stream.read(4)
        if len(head) < 4 or head[0] != 0xFF:
            return False
        kind = head[1]
        if kind == 0xFF:  # a filling byte
            stream.seek(-3, io.SEEK_CUR)
            continue
        stream.seek(int.from_bytes(head[2:], "big") - 2, io.SEEK_CUR)
    tail = b""
    while data := stream.read(_SEARCHED_BYTES):
        if _END_OF_IMAGE in tail + data:
            return False
        tail = data[-1:]
    return True


def _is_png_cut_off(stream: BinaryIO) -> bool:
    size = stream.seek(0, io.SEEK_END)
    at, kind = 8, b""
    while at + 8 <= size:
        stream.seek(at)
        head = stream.read(8)
        kind = head[4:]
        at += 12 + int.from_bytes(head[:4], "big")
        if kind == b"IEND":
            return False
    return kind == b"IDAT"
