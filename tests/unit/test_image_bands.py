"""PNG and TIFF read in bands give the very pixels that they give when read at once, in little memory."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from ingest import image_bands, images
from ingest.attachment import open_attachment
from ingest.documents import Source
from ingest.errors import Damaged, IngestError
from ingest.isolate import Readers
from tests.helpers.image_files import encode, open_data, plain_png, png_chunk, png_file, tiff_file

PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
PNG_KINDS = [
    (1, 0),
    (2, 0),
    (4, 0),
    (8, 0),
    (16, 0),
    (8, 2),
    (16, 2),
    (1, 3),
    (2, 3),
    (4, 3),
    (8, 3),
    (8, 4),
    (16, 4),
    (8, 6),
    (16, 6),
]


@pytest.fixture
def in_bands(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Bands of few rows for everything."""
    monkeypatch.setattr(images, "_AT_ONCE_BYTES_MAX", 0)
    monkeypatch.setattr(image_bands, "_BAND_BYTES", 600)
    return monkeypatch


def render_both(data: bytes, width: int, height: int, in_bands: pytest.MonkeyPatch) -> tuple[bytes, bytes]:
    """In bands and at once."""
    banded = open_data(data).render(0, width, height).rgb
    with in_bands.context() as at_once:
        at_once.setattr(images, "_AT_ONCE_BYTES_MAX", 1 << 30)
        return banded, open_data(data).render(0, width, height).rgb


@pytest.mark.parametrize(("depth", "colour"), PNG_KINDS)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 40), st.integers(1, 30), st.integers(0, 2**32 - 1), st.booleans())
def test_png_of_every_kind_with_every_filter(
    in_bands: pytest.MonkeyPatch, depth: int, colour: int, width: int, height: int, seed: int, is_transparent: bool
) -> None:
    random = np.random.default_rng(seed)
    row_bytes = (width * PNG_CHANNELS[colour] * depth + 7) // 8
    rows = random.integers(0, 256, (height, row_bytes + 1)).astype(np.uint8)
    rows[:, 0] = random.integers(0, 5, height)
    chunks = [png_chunk(b"PLTE", random.bytes(3 << depth))] if colour == 3 else []
    if is_transparent and colour == 3:
        chunks.append(png_chunk(b"tRNS", random.bytes(2)))
    elif is_transparent and colour in (0, 2) and depth <= 8:
        chunks.append(png_chunk(b"tRNS", b"\0\1" * PNG_CHANNELS[colour]))
    data = png_file(width, height, depth, colour, rows.tobytes(), *chunks, idat_bytes=97)
    banded, at_once = render_both(data, width, height, in_bands)
    assert banded == at_once


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "I;16", "F"])
@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_adobe_deflate", "packbits"])
@pytest.mark.parametrize("strip_bytes", [300, 1 << 20])
def test_tiff_in_strips(in_bands: pytest.MonkeyPatch, mode: str, compression: str | None, strip_bytes: int) -> None:
    noise = np.random.default_rng(5).integers(0, 256, (37, 53, 4)).astype(np.uint8)
    if mode in ("I;16", "F"):
        image = Image.fromarray(noise[..., 0].astype(np.uint16 if mode == "I;16" else np.float32) * 257)
    else:
        image = Image.fromarray(noise).quantize(99) if mode == "P" else Image.fromarray(noise).convert(mode)
    data = encode(image, "TIFF", compression=compression, strip_size=strip_bytes)
    banded, at_once = render_both(data, 53, 37, in_bands)
    assert banded == at_once


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("planar", [1, 2])
def test_tiff_in_tiles(in_bands: pytest.MonkeyPatch, planar: int, order: str) -> None:
    noise = np.random.default_rng(6).integers(0, 256, (48, 64, 3)).astype(np.uint8)
    tiles = [noise[y : y + 16, x : x + 32] for y in range(0, 48, 16) for x in range(0, 64, 32)]
    pieces = [tile.tobytes() for tile in tiles]
    if planar == 2:
        pieces = [tile[..., channel].tobytes() for channel in range(3) for tile in tiles]
    tags = {256: (50,), 257: (41,), 258: (8, 8, 8), 259: (1,), 262: (2,), 277: (3,), 284: (planar,), 322: (32,), 323: (16,)}
    banded, at_once = render_both(tiff_file(tags, pieces, order), 50, 41, in_bands)
    assert banded == at_once == noise[:41, :50].tobytes()


def test_tiff_in_one_strip_without_compression(in_bands: pytest.MonkeyPatch) -> None:
    noise = np.random.default_rng(7).integers(0, 256, (41, 50, 3)).astype(np.uint8)
    tags = {256: (50,), 257: (41,), 258: (8, 8, 8), 259: (1,), 262: (2,), 277: (3,), 278: (41,)}
    in_bands.setattr(image_bands, "_UNIT_PIXELS_MAX", 0)  # too large a strip, were it not without compression
    assert open_data(tiff_file(tags, [noise.tobytes()])).render(0, 50, 41).rgb == noise.tobytes()


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_bands_are_scaled_down_without_seams_and_turned_upright(in_bands: pytest.MonkeyPatch, kind: str) -> None:
    ramp = np.repeat(np.linspace(0, 255, 301)[:, None], 203, axis=1).astype(np.uint8)
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encode(Image.fromarray(ramp).convert("RGB"), kind, exif=exif.tobytes())
    assert open_data(data).page(0).width == 301
    shown = np.frombuffer(open_data(data).render(0, 43, 29).rgb, np.uint8).reshape(29, 43, 3).astype(int)
    wanted = np.linspace(255, 0, 301)[3::7]
    assert np.abs(shown[..., 0] - wanted).max() <= 3


def test_damage_in_the_middle_is_no_missing_end(in_bands: pytest.MonkeyPatch) -> None:
    noise = Image.fromarray(np.random.default_rng(8).integers(0, 256, (60, 60, 3)).astype(np.uint8))
    data = bytearray(encode(noise))
    data[len(data) // 2 : len(data) // 2 + 200] = bytes(200)
    with pytest.raises(Damaged):
        open_data(bytes(data)).render(0, 60, 60)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(4, 399), st.binary(min_size=1, max_size=4), st.booleans())
def test_tags_that_lie_raise_only_our_errors(in_bands: pytest.MonkeyPatch, at: int, value: bytes, is_tiled: bool) -> None:
    tags = {256: (50,), 257: (40,), 258: (8, 8, 8), 259: (1,), 262: (2,), 277: (3,), 284: (1,)}
    tags |= {322: (32,), 323: (16,)} if is_tiled else {278: (16,)}
    pieces = [bytes(32 * 16 * 3)] * 6 if is_tiled else [bytes(50 * 16 * 3)] * 3
    data = bytearray(tiff_file(tags, pieces))
    data[at : at + len(value)] = value
    with contextlib.suppress(IngestError):
        assert len(open_data(bytes(data)).render(0, 9, 7).rgb) == 189


def test_a_png_of_one_row_and_of_one_column(in_bands: pytest.MonkeyPatch) -> None:
    for size in ((1, 700), (700, 1)):
        noise = np.random.default_rng(9).integers(0, 256, (size[1], size[0], 3)).astype(np.uint8)
        banded, at_once = render_both(encode(Image.fromarray(noise)), *size, in_bands)
        assert banded == at_once == Image.open(io.BytesIO(encode(Image.fromarray(noise)))).tobytes()


@pytest.mark.parametrize(
    ("height", "depth", "colour", "memory_mb"),
    [(12_000, 1, 0, 300), pytest.param(30_000, 8, 2, 500, marks=pytest.mark.slow)],
)
def test_the_largest_pictures_are_read_in_little_memory(
    height: int, depth: int, colour: int, memory_mb: int, tmp_path: Path
) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(plain_png(30_000, height, depth, colour))
    readers = Readers(count=1, memory_bytes=memory_mb << 20)
    try:
        (page,) = open_attachment(path, readers=readers).pages()
        assert (page.width, page.height) == (30_000, height)
        assert page.render(300, height // 100).rgb == bytes(300 * (height // 100) * 3)
    finally:
        readers.close()


def test_what_was_made_of_a_large_picture_serves_smaller_sizes(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(plain_png(10_000, 6_000, 1, 0))
    document = images.open_document(Source("large", path=path, media_type="image/png"))
    assert document.render(0, 1000, 600).rgb == bytes(1_800_000)
    path.unlink()
    assert document.render(0, 500, 300).rgb == bytes(450_000)
