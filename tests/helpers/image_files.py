"""Picture files made byte by byte, for what Pillow does not write, and short ways to what it does."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from ingest import detect, images
from ingest.documents import Document, Source

Rgb = tuple[int, int, int]


def open_data(data: bytes, name: str = "a") -> Document:
    """A picture opened in this process."""
    found = detect.detect(Source(name, data=data))
    assert found.kind == "picture"
    return images.open_document(Source(name, data=data, media_type=found.media_type))


def pixel(document: Document, x: int, y: int, index: int = 0) -> Rgb:
    """A pixel of a page at its own size."""
    info = document.page(index)
    width, height = round(info.width), round(info.height)
    rgb = document.render(index, width, height).rgb
    assert len(rgb) == width * height * 3
    at = (y * width + x) * 3
    return rgb[at], rgb[at + 1], rgb[at + 2]


def is_close(got: Rgb, wanted: Rgb, by: int = 12) -> bool:
    return all(abs(a - b) <= by for a, b in zip(got, wanted, strict=True))


def encode(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """As a file of some kind."""
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def halves(left: object, right: object, mode: str = "RGB") -> Image.Image:
    """64 x 32: the left half of one colour, the right half of another."""
    image = Image.new(mode, (64, 32), left)  # type: ignore[arg-type]
    image.paste(right, (32, 0, 64, 32))  # type: ignore[arg-type]
    return image


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_file(
    width: int, height: int, depth: int, colour: int, rows: bytes, *chunks: bytes, interlace: int = 0, idat_bytes: int = 1000
) -> bytes:
    """A PNG from rows that are filtered already; `chunks` go before the data, which is cut into several chunks."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    data = zlib.compress(rows)
    pieces = [png_chunk(b"IDAT", data[at : at + idat_bytes]) for at in range(0, len(data), idat_bytes)]
    return b"".join((b"\x89PNG\r\n\x1a\n", png_chunk(b"IHDR", header), *chunks, *pieces, png_chunk(b"IEND", b"")))


def plain_png(width: int, height: int, depth: int, colour: int) -> bytes:
    """A black PNG, grey (colour 0) or coloured (2), which may be as large as the format allows, made row by row."""
    packer = zlib.compressobj(1)
    row = bytes((width * depth * (3 if colour else 1) + 7) // 8 + 1)
    data = b"".join((*(packer.compress(row) for _ in range(height)), packer.flush()))
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"".join((b"\x89PNG\r\n\x1a\n", png_chunk(b"IHDR", header), png_chunk(b"IDAT", data), png_chunk(b"IEND", b"")))


def tiff_file(tags: dict[int, tuple[int, ...]], pieces: Sequence[bytes], order: str = "<") -> bytes:
    """An uncompressed TIFF of one page. `tags` are SHORTs; the places of the `pieces`, strips or tiles, are filled in."""
    where = (324, 325) if 322 in tags else (273, 279)
    count = len(tags) + 2
    data_at = 8 + 2 + 12 * count + 4
    extra = b""

    def entry(tag: int, kind: int, values: Sequence[int]) -> bytes:
        nonlocal extra
        packed = struct.pack(f"{order}{len(values)}{'H' if kind == 3 else 'I'}", *values)
        if len(packed) > 4:
            packed, extra = struct.pack(order + "I", data_at + len(extra)), extra + packed + bytes(len(packed) % 2)
        return struct.pack(order + "HHI", tag, kind, len(values)) + packed.ljust(4, b"\0")

    extra_bytes = 8 * len(pieces) + sum(2 * len(values) + 2 for values in tags.values())
    starts = [data_at + extra_bytes + sum(map(len, pieces[:number])) for number in range(len(pieces))]
    every = {**{tag: (3, values) for tag, values in tags.items()}, where[0]: (4, starts), where[1]: (4, list(map(len, pieces)))}
    entries = b"".join(entry(tag, kind, values) for tag, (kind, values) in sorted(every.items()))
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HIH", 42, 8, count)
    return b"".join((head, entries, bytes(4), extra.ljust(extra_bytes, b"\0"), *pieces))


@dataclass(frozen=True, slots=True)
class GifFrame:
    """A frame of one of GIF_COLOURS, the last may be transparent. `after` as in GIF89a: 1 stay, 2 clear, 3 restore."""

    x: int
    y: int
    width: int
    height: int
    colour: int
    delay_cs: int = 10
    after: int = 1
    is_transparent: bool = False


GIF_COLOURS: tuple[Rgb, ...] = ((200, 30, 20), (20, 160, 60), (30, 60, 220), (0, 0, 0))


def gif_file(width: int, height: int, frames: Sequence[GifFrame]) -> bytes:
    """An animated GIF without compression."""
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x81, 0, 0) + b"".join(map(bytes, GIF_COLOURS))
    return head + b"".join(map(_gif_frame, frames)) + b";"


def _gif_frame(frame: GifFrame) -> bytes:
    flags = frame.after << 2 | frame.is_transparent
    control = b"\x21\xf9\x04" + struct.pack("<BHBB", flags, frame.delay_cs, 3, 0)
    codes = [4, frame.colour] * (frame.width * frame.height) + [5]  # forgetting all codes before each pixel keeps them at 3 bits
    bits = sum(code << 3 * number for number, code in enumerate(codes))
    data = bits.to_bytes((3 * len(codes) + 7) // 8, "little")
    blocks = b"".join(bytes([len(data[at : at + 255])]) + data[at : at + 255] for at in range(0, len(data), 255))
    return control + b"," + struct.pack("<HHHHB", frame.x, frame.y, frame.width, frame.height, 0) + b"\x02" + blocks + b"\0"


def animation(kind: str, frames: Sequence[Image.Image], durations_ms: Sequence[int], **options: object) -> bytes:
    """Whole frames, as Pillow writes them."""
    lossless = {"lossless": True} if kind == "WEBP" else {}
    return encode(
        frames[0], kind, save_all=True, append_images=list(frames[1:]), duration=list(durations_ms), **lossless, **options
    )
