"""Damage for files: everything is chosen by a `random.Random`, so that a number brings the same file again."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from random import Random

Damage = Callable[[Random, bytearray], None]

_NUMBERS = (0, 1, 2, 127, 128, 255, 256, 32767, 32768, 65535, 65536, (1 << 31) - 1, 1 << 31, (1 << 32) - 1)
_TEXT_NUMBERS = (
    *(b"0", b"-1", b"1", b"65536", b"2147483647", b"2147483648", b"4294967296", b"-2147483649", b"99999999999999999999"),
    *(b"1e308", b"-1e400", b"0.0000001", b"NaN", b"Infinity", b"9" * 400),
)
_SPLICES = (
    *(b"<", b">", b"&", b"]]>", b"<!--", b"-->", b"<![CDATA[", b'"', b"'", b"\0", b"\r\n\r\n", b"\xff\xfe", b"\xef\xbb\xbf"),
    *(b"&#0;", b"&#x110000;", b"&#xD800;", b"{" * 300, b"[" * 3000, b"<a>" * 1000, b"<div>" * 3000, b"> " * 2000, b"|" * 500),
    *(b"\xed\xa0\x80", b"\xf4\x90\x80\x80", "\u202e\u0301\u200d\ufffe".encode(), b"=?utf-8?b?", b"%s%n", b"../" * 20, b"\t" * 3000),
)
_PDF_SPLICES = (
    *(b"<<", b">>", b"[", b"]", b"(", b")", b" R", b" obj", b"endobj", b"stream\n", b"endstream", b"/Kids", b"/Parent", b"/Length"),
    *(b"/Filter /FlateDecode", b"/Filter [/ASCII85Decode /LZWDecode]", b"/Type /Pages", b"/Count -5", b"/MediaBox [0 0 1e30 1]"),
    *(
        b"/Rotate 45",
        b"/UserUnit 1e9",
        b"/Contents 1 0 R",
        b" q q q q",
        b" BT ET",
        b" Do",
        b" W n",
        b" 1e38 0 0 1e-38 0 0 cm",
        b"[" * 2000,
    ),
)


def damaged(random: Random, data: bytes, kind: str, others: Sequence[bytes]) -> bytes:
    """A copy with one or a few things wrong. `kind` is "bytes", "png", "text", "pdf" or "zip"; `others` may lend parts."""
    if kind == "zip" and random.random() < 0.8:
        return _damaged_parts(random, data)
    result = bytearray(data)
    damages = list(_DAMAGES)
    if kind == "text":
        damages += [_splice(_SPLICES), _splice(_SPLICES), _change_text_number]
    elif kind == "pdf":
        damages += [_splice(_PDF_SPLICES), _change_text_number, _change_text_number, _change_reference, _swap_lines]
    for _ in range(_few(random)):
        if random.random() < 0.1 and others:
            _graft(random, result, random.choice(others))
        elif result:
            random.choice(damages)(random, result)
    if kind == "png" and random.random() < 0.7:
        _mend_checksums(result)
    return bytes(result)


def _mend_checksums(data: bytearray) -> None:
    """So that the damage gets past them (PNG specification, third edition, section 5.3)."""
    at = 8
    while at + 12 <= len(data):
        end = at + 8 + int.from_bytes(data[at : at + 4], "big")
        if end + 4 > len(data):
            break
        data[end : end + 4] = zlib.crc32(data[at + 4 : end]).to_bytes(4, "big")
        at = end + 4


def _few(random: Random) -> int:
    return min(20, 1 + int(random.expovariate(0.6)))


def _damaged_parts(random: Random, data: bytes) -> bytes:
    """The parts of an archive damaged and packed again, so that the damage gets past the checksums."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    names = [name for name in parts if name != "mimetype"]
    for _ in range(1 if random.random() < 0.7 else 3):
        name = random.choice(names)
        match random.randrange(12):
            case 0:
                parts.pop(name, None)
            case 1:
                parts[name] = parts.get(random.choice(names), b"")
            case _ if name in parts:
                is_xml = name.endswith((".xml", ".rels", ".xhtml", ".opf", ".ncx"))
                parts[name] = _damaged_xml(random, parts[name]) if is_xml else damaged(random, parts[name], "bytes", ())
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def _damaged_xml(random: Random, data: bytes) -> bytes:
    """Mostly still XML: attributes, elements and numbers are exchanged."""
    if random.random() < 0.15:
        return damaged(random, data, "text", ())
    result = bytearray(data)
    for _ in range(_few(random)):
        random.choice((_change_attribute, _change_attribute, _change_element, _change_text, _delete_element))(random, result)
    return bytes(result)


def _place(random: Random, data: bytearray) -> int:
    return random.randrange(len(data)) if data else 0


def _piece(random: Random, data: bytearray) -> slice:
    start = _place(random, data)
    return slice(start, start + 1 + int(random.expovariate(1 / random.choice((4, 64, 1024)))))


def _flip_bit(random: Random, data: bytearray) -> None:
    data[_place(random, data)] ^= 1 << random.randrange(8)


def _set_byte(random: Random, data: bytearray) -> None:
    data[_place(random, data)] = random.choice((0, 1, 0x7F, 0x80, 0xFF, random.randrange(256)))


def _set_number(random: Random, data: bytearray) -> None:
    layout = random.choice("BHI")
    number = random.choice(_NUMBERS) & ((1 << 8 * struct.calcsize(layout)) - 1)
    packed = struct.pack(random.choice("<>") + layout, number)
    at = _place(random, data)
    data[at : at + len(packed)] = packed


def _insert(random: Random, data: bytearray) -> None:
    at = _place(random, data)
    data[at:at] = random.randbytes(random.choice((1, 2, 4, 30)))


def _delete(random: Random, data: bytearray) -> None:
    del data[_piece(random, data)]


def _repeat(random: Random, data: bytearray) -> None:
    piece = _piece(random, data)
    data[piece.start : piece.start] = data[piece] * random.choice((1, 1, 2, 50))


def _move(random: Random, data: bytearray) -> None:
    piece = _piece(random, data)
    moved = data[piece]
    del data[piece]
    at = _place(random, data)
    data[at:at] = moved


def _truncate(random: Random, data: bytearray) -> None:
    del data[_place(random, data) :]


def _blank(random: Random, data: bytearray) -> None:
    piece = _piece(random, data)
    data[piece] = bytes([random.choice((0, 0xFF, 0x20))]) * len(data[piece])


_DAMAGES: tuple[Damage, ...] = (
    *(_flip_bit, _flip_bit, _set_byte, _set_byte, _set_number, _set_number, _set_number),
    *(_insert, _delete, _repeat, _move, _truncate, _blank),
)


def _graft(random: Random, data: bytearray, other: bytes) -> None:
    start = random.randrange(len(other))
    at = _place(random, data)
    data[at:at] = other[start : start + random.choice((10, 200, 5000))]


def _splice(pieces: Sequence[bytes]) -> Damage:
    def splice(random: Random, data: bytearray) -> None:
        at = _place(random, data)
        data[at : at + random.choice((0, 0, 5))] = random.choice(pieces)

    return splice


def _replace_match(random: Random, data: bytearray, pattern: bytes, new: Callable[[re.Match[bytes]], bytes]) -> None:
    """Change one of the first matches after a random place."""
    match = re.compile(pattern, re.DOTALL).search(data, _place(random, data)) or re.search(pattern, data, re.DOTALL)
    if match:
        data[slice(*match.span())] = new(match)


def _change_text_number(random: Random, data: bytearray) -> None:
    _replace_match(random, data, rb"-?\d+", lambda _: random.choice(_TEXT_NUMBERS))


def _change_reference(random: Random, data: bytearray) -> None:
    _replace_match(random, data, rb"\d+ 0 R", lambda _: b"%d 0 R" % random.randrange(40))


def _swap_lines(random: Random, data: bytearray) -> None:
    lines = bytes(data).split(b"\n")
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    data[:] = b"\n".join(lines)


def _change_attribute(random: Random, data: bytearray) -> None:
    values = (
        *_TEXT_NUMBERS,
        b"",
        b"true",
        b"none",
        b"../../x.xml",
        b"rId1",
        b"rId99",
        b"http://example.org/",
        b"FFFFFF",
        b"x" * 300,
    )
    _replace_match(random, data, rb'(?<==")[^"<>]*(?=")', lambda _: random.choice(values))


def _change_text(random: Random, data: bytearray) -> None:
    values = (*_TEXT_NUMBERS, b"", b"text " * 500, b"\xe5\xad\x97" * 400, b"&#65;", b"x" * 5000)
    _replace_match(random, data, rb"(?<=>)[^<>]+(?=</)", lambda _: random.choice(values))


def _change_element(random: Random, data: bytearray) -> None:
    """Repeat an element, nest it in itself, or put it elsewhere."""
    match = _element(random, data)
    if match:
        element = match[0]
        if random.random() < 0.5:
            data[match.start() : match.start()] = element * random.choice((1, 2, 30))
        else:
            inside = element.find(b">") + 1
            nested = element
            for _ in range(random.choice((1, 3, 40))):
                nested = element[:inside] + nested + element[inside:]
                if len(nested) > 200_000:
                    break
            data[slice(*match.span())] = nested


def _delete_element(random: Random, data: bytearray) -> None:
    match = _element(random, data)
    if match:
        del data[slice(*match.span())]


def _element(random: Random, data: bytearray) -> re.Match[bytes] | None:
    return re.compile(rb"<([\w:]+)(?=[\s>])[^>]*[^/]>(?:(?!<\1[\s>]).){0,5000}?</\1>", re.DOTALL).search(data, _place(random, data))
