"""Large PNG and TIFF pictures as bands of rows, where Pillow would take all rows into memory at once.

Pillow does the decoding all the same. For TIFF each band becomes a small file of its own, made of some of the strips or one row of
tiles. For PNG the stream is inflated here; some of its filtered rows, stored as a zlib stream without compression and with the row
above them in front, are what Pillow's PNG decoder wants.
Formats: PNG 3rd edition, chapters 5, 7 and 9; TIFF 6.0 sections 8 and 15.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

import numpy as np
from PIL import Image, TiffImagePlugin, TiffTags

from ingest.colours import Range, flatten

Bands = Iterator[Image.Image]

_BAND_BYTES = 16 << 20
_UNIT_PIXELS_MAX = 100_000_000
"""Strips or rows of tiles that are larger cannot be decoded one by one in bounded memory."""
_WHITE: dict[str, int | tuple[int, ...]] = {"L": 255, "RGB": (255, 255, 255), "CMYK": (0, 0, 0, 0), "LAB": (255, 128, 128)}
_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PNG_MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
_PNG_PACKED = {(1, 0): ("1", "1"), (2, 0): ("L", "L;2"), (4, 0): ("L", "L;4")}

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _SAMPLES, _ROWS_PER_STRIP, _PLANAR = 256, 257, 258, 259, 277, 278, 284
_STRIPS, _TILES = (273, 279), (324, 325)
_TILE_HEIGHT = 323
_OLD_JPEG = 6
_COPIED_TAGS = (
    *(256, 257, 258, 259, 262, 266, 277, 284, 292, 293, 317, 320, 322, 323),
    *(332, 333, 334, 336, 338, 339, 340, 341, 347, 529, 530, 531, 532),
)
"""What says how pixels are stored; not 273, 278, 279, 324, 325, which say where."""


def png_bands(stream: BinaryIO, image: Image.Image) -> Bands:
    """The rows of a PNG that is not interlaced; `image` is its header as Pillow read it. Ends early when the file does.

    Of 16 bits the upper eight are taken: filters work on each byte of a pixel alone, so the lower ones need not be decoded.
    """
    stream.seek(16)
    width, height, depth, colour = struct.unpack(">IIBB", stream.read(10))
    channels = _PNG_CHANNELS[colour]
    stored_bytes = (width * channels * depth + 7) // 8 + 1
    row_bytes = (stored_bytes - 1) // 2 if depth == 16 else stored_bytes - 1
    mode = _PNG_MODES[channels if depth >= 8 else 1]
    size = row_bytes // len(mode)
    above = bytes(row_bytes)
    count_max = max(1, _BAND_BYTES // max(stored_bytes, width))
    for data in _inflate_rows(stream, stored_bytes, height, count_max):
        rows = np.frombuffer(data, np.uint8).reshape(-1, stored_bytes)
        if depth == 16:
            rows = np.concatenate((rows[:, :1], rows[:, 1::2]), axis=1)
        count = len(rows)
        packed = zlib.compress(b"".join((b"\0", above, rows.tobytes())), 0)
        decoded = Image.frombytes(mode, (size, count + 1), packed, "zip", mode, 0)
        above = decoded.crop((0, count, size, count + 1)).tobytes()
        yield _png_pixels(decoded.crop((0, 1, size, count + 1)), image, width, depth, colour)


def _png_pixels(rows: Image.Image, image: Image.Image, width: int, depth: int, colour: int) -> Image.Image:
    """Rows of bytes as pixels of the mode that Pillow gives the picture."""
    if colour == 3 or depth < 8:
        mode, packing = ("P", f"P;{depth}" if depth < 8 else "P") if colour == 3 else _PNG_PACKED[depth, colour]
        rows = Image.frombytes(mode, (width, rows.height), rows.tobytes(), "raw", packing)
    if colour == 3 and image.palette is not None:
        rows.putpalette(image.palette.palette, image.palette.rawmode or "RGB")
    transparent = image.info.get("transparency")
    if transparent is not None:
        if depth == 16:
            transparent = tuple(value >> 8 for value in transparent) if isinstance(transparent, tuple) else transparent >> 8
        rows.info["transparency"] = transparent
    return rows


def _inflate_rows(stream: BinaryIO, stored_bytes: int, height: int, count_max: int) -> Iterator[bytes]:
    """Filtered rows, up to `count_max` at a time. Ends early when the data does; raises zlib.error when it is damaged."""
    band_bytes = count_max * stored_bytes
    left = stored_bytes * height
    inflater = zlib.decompressobj()
    gathered = bytearray()
    for data in _png_data(stream):
        while data and left and not inflater.eof:
            gathered += inflater.decompress(data, min(band_bytes, left) - len(gathered))
            data = inflater.unconsumed_tail
            if len(gathered) == min(band_bytes, left):
                yield bytes(gathered)
                left -= len(gathered)
                gathered.clear()
    whole = len(gathered) // stored_bytes * stored_bytes
    if whole:
        yield bytes(gathered[:whole])


def _png_data(stream: BinaryIO) -> Iterator[bytes]:
    """What is in the IDAT chunks, piece by piece."""
    stream.seek(8)
    while len(head := stream.read(8)) == 8:
        length, kind = struct.unpack(">I4s", head)
        if kind == b"IEND":
            return
        if kind != b"IDAT":
            stream.seek(length + 4, io.SEEK_CUR)
            continue
        while length:
            data = stream.read(min(length, 1 << 20))
            if not data:
                return
            length -= len(data)
            yield data
        stream.seek(4, io.SEEK_CUR)


def can_read_tiff_bands(image: TiffImagePlugin.TiffImageFile) -> bool:
    """Whether its strips or tiles are small enough to be decoded one after another."""
    tags = image.tag_v2
    if tags.get(_COMPRESSION) == _OLD_JPEG:
        return False
    unit_height = tags.get(_TILE_HEIGHT) or min(tags.get(_ROWS_PER_STRIP, tags[_HEIGHT]), tags[_HEIGHT])
    return _is_one_plain_strip(tags) or bool(unit_height * tags[_WIDTH] <= _UNIT_PIXELS_MAX)


def _is_one_plain_strip(tags: Any) -> bool:
    """Whether all rows follow one another uncompressed, so that any of them can be taken for a strip."""
    return tags.get(_COMPRESSION, 1) == 1 and tags.get(_PLANAR, 1) == 1 and len(tags.get(_STRIPS[0], ())) == 1


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the pixels of a TIFF page are: in units, which are strips or tiles, row by row, one plane after another.

    Attributes:
        where: the tags of offsets and counts, in bytes.
        unit_height: in pixels.
        across: units side by side.
    """

    where: tuple[int, int]
    offsets: Sequence[int]
    counts: Sequence[int]
    unit_height: int
    down: int
    across: int
    planes: int

    def in_rows(self, first: int, last: int) -> list[tuple[int, int]]:
        """Offset and count of each unit in some rows of units."""
        rows = [plane * self.down + row for plane in range(self.planes) for row in range(first, last)]
        units = [row * self.across + column for row in rows for column in range(self.across)]
        return [(self.offsets[unit], self.counts[unit]) for unit in units]


def _layout(tags: Any) -> _Layout:
    width, height, samples = tags[_WIDTH], tags[_HEIGHT], tags.get(_SAMPLES, 1)
    where = _TILES if _TILE_HEIGHT in tags else _STRIPS
    offsets, counts = tags[where[0]], tags[where[1]]
    unit_height = tags.get(_TILE_HEIGHT) or min(tags.get(_ROWS_PER_STRIP, height), height)
    if _is_one_plain_strip(tags):
        bits = tags.get(_BITS, (1,))
        row_bytes = (width * bits[0] * samples + 7) // 8
        unit_height = max(1, _BAND_BYTES // row_bytes)
        starts = range(0, height, unit_height)
        offsets = [offsets[0] + start * row_bytes for start in starts]
        counts = [min(unit_height, height - start) * row_bytes for start in starts]
    planes = samples if tags.get(_PLANAR) == 2 else 1
    down = -(-height // unit_height)
    return _Layout(where, offsets, counts, unit_height, down, len(offsets) // (planes * down), planes)


def tiff_bands(stream: BinaryIO, image: TiffImagePlugin.TiffImageFile) -> Bands:
    """The rows of the TIFF page that `image` stands at, as they are stored, not turned."""
    tags, layout = image.tag_v2, _layout(image.tag_v2)
    at_once = max(1, _BAND_BYTES // (layout.unit_height * tags[_WIDTH] * 4))
    for first in range(0, layout.down, at_once):
        last = min(first + at_once, layout.down)
        height = min(last * layout.unit_height, tags[_HEIGHT]) - first * layout.unit_height
        with TiffImagePlugin.TiffImageFile(_tiff_file(stream, tags, layout, layout.in_rows(first, last), height)) as band:
            band.load()
            yield band


def _tiff_file(stream: BinaryIO, tags: Any, layout: _Layout, units: list[tuple[int, int]], height: int) -> BinaryIO:
    """A TIFF of `height` rows, made of some units of another."""
    pieces, offsets, at = [], [], 0
    for offset, count in units:
        stream.seek(offset)
        pieces.append(stream.read(count))
        offsets.append(at)
        at += len(pieces[-1])
    header = tags.prefix + struct.pack(("<" if tags.prefix == b"II" else ">") + "HI", 42, 8)
    directory = TiffImagePlugin.ImageFileDirectory_v2(ifh=header)
    for tag in _COPIED_TAGS:
        if tag in tags:
            directory.tagtype[tag] = TiffTags.LONG if tags.tagtype[tag] == TiffTags.LONG8 else tags.tagtype[tag]
            directory[tag] = tags[tag]
    directory[_HEIGHT] = height
    if layout.where == _STRIPS:
        directory[_ROWS_PER_STRIP] = layout.unit_height
    directory[layout.where[0]], directory[layout.where[1]] = tuple(offsets), tuple(map(len, pieces))
    if layout.where == _TILES:  # for strips Pillow adds this itself
        start = len(header) + len(directory.tobytes(len(header)))
        directory[_TILES[0]] = tuple(start + offset for offset in offsets)
    return cast(BinaryIO, io.BytesIO(b"".join((header, directory.tobytes(len(header)), *pieces))))


def shrink(bands: Iterable[Image.Image], size: tuple[int, int], factor: int, brightness: Range) -> Image.Image:
    """All bands of a picture of `size` as one flat picture (see `flatten`), `factor` times smaller; white where rows are missing.

    Raises ValueError when there is no band at all.
    """
    shrunk, done, rest = None, 0, None
    for band in bands:
        flat = flatten(band, brightness)
        if shrunk is None:
            shrunk = Image.new(flat.mode, (-(-size[0] // factor), -(-size[1] // factor)), _WHITE[flat.mode])
        if rest is not None:
            flat = _stack(rest, flat)
        whole = flat.height // factor * factor
        shrunk.paste(flat.crop((0, 0, flat.width, whole)).reduce(factor), (0, done)) if whole else None
        done += whole // factor
        rest = flat.crop((0, whole, flat.width, flat.height)) if whole < flat.height else None
    if shrunk is None:
        raise ValueError("no rows")
    if rest is not None:
        shrunk.paste(rest.reduce(factor), (0, done))
    return shrunk


def _stack(upper: Image.Image, lower: Image.Image) -> Image.Image:
    both = Image.new(upper.mode, (upper.width, upper.height + lower.height))
    both.paste(upper)
    both.paste(lower, (0, upper.height))
    return both


def cropped_bands(image: Image.Image) -> Bands:
    """The rows of a picture that is decoded already, so that what is made of them is not as large as itself."""
    rows = max(1, _BAND_BYTES // (image.width * 4))
    for top in range(0, image.height, rows):
        yield image.crop((0, top, image.width, min(top + rows, image.height)))
