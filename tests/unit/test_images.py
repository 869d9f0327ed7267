"""Opening pictures: every kind becomes upright 8-bit RGB, every failure a code and a sentence."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from ingest import images
from ingest.errors import FileMissing, FileUnreadable, IngestError, PictureTooLarge, PictureUnreadable
from ingest.images import decode, open_picture

RED, GREEN, BLUE, WHITE = (220, 30, 20), (20, 160, 60), (30, 60, 220), (255, 255, 255)


def encode(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def pixel(picture: object, x: int, y: int) -> tuple[int, int, int]:
    rgb = picture.read_rgb()
    assert len(rgb) == picture.width * picture.height * 3
    at = (y * picture.width + x) * 3
    return tuple(rgb[at : at + 3])


def close(got: tuple[int, ...], wanted: tuple[int, ...], by: int = 12) -> bool:
    return all(abs(a - b) <= by for a, b in zip(got, wanted, strict=True))


def halves(left: object, right: object, mode: str = "RGB") -> Image.Image:
    """64 x 32: the left half of one colour, the right half of another."""
    image = Image.new(mode, (64, 32), left)
    image.paste(right, (32, 0, 64, 32))
    return image


def test_a_picture_is_named_by_the_hash_of_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "red.png"
    path.write_bytes(encode(Image.new("RGB", (5, 4), RED)))
    picture = open_picture(path)
    assert (picture.id, picture.name) == (hashlib.sha256(path.read_bytes()).hexdigest(), "red.png")
    assert (picture.width, picture.height) == (5, 4)
    assert pixel(picture, 0, 0) == RED


def test_the_kind_is_found_from_the_data_and_not_from_the_name(tmp_path: Path) -> None:
    path = tmp_path / "really-a-png.jpg"
    path.write_bytes(encode(Image.new("RGB", (3, 3), BLUE)))
    assert pixel(open_picture(path), 1, 1) == BLUE


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "AVIF"])
def test_each_kind_of_picture_opens(kind: str) -> None:
    picture = open_picture(encode(halves(RED, BLUE), kind), "a")
    assert close(pixel(picture, 8, 8), RED, 40)
    assert close(pixel(picture, 56, 8), BLUE, 40)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(orientation: int) -> None:
    upright = Image.new("RGB", (40, 20), WHITE)
    upright.paste(RED, (0, 0, 10, 10))  # only the upper left corner is red
    undo = {
        1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
    }[orientation]  # fmt: skip
    stored = upright if undo is None else upright.transpose(undo)
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = open_picture(encode(stored, "PNG", exif=exif), "turned")
    assert (picture.width, picture.height) == (40, 20)
    assert pixel(picture, 4, 4) == RED
    assert pixel(picture, 36, 16) == WHITE


def test_transparency_is_shown_on_white() -> None:
    clear = Image.new("RGBA", (4, 4), (0, 0, 0, 0))
    assert pixel(open_picture(encode(clear), "a"), 0, 0) == WHITE
    grey = Image.new("LA", (4, 4), (0, 128))
    assert close(pixel(open_picture(encode(grey), "a"), 0, 0), (127, 127, 127), 1)


def test_a_palette_with_a_transparent_colour_is_shown_on_white() -> None:
    image = halves(0, 1, "P")
    image.putpalette([*RED, *BLUE])
    picture = open_picture(encode(image, "PNG", transparency=0), "a")
    assert pixel(picture, 8, 8) == WHITE
    assert pixel(picture, 56, 8) == BLUE


def test_sixteen_bits_of_grey_keep_their_brightness() -> None:
    image = Image.new("I;16", (2, 1), 0)
    image.putpixel((1, 0), 0x8000)
    picture = open_picture(encode(image), "a")
    assert close(pixel(picture, 0, 0), (0, 0, 0), 1)
    assert close(pixel(picture, 1, 0), (128, 128, 128), 1)


def test_floating_point_grey_is_brought_into_range() -> None:
    image = Image.new("F", (2, 1), 0.0)
    image.putpixel((1, 0), 0.5)
    assert close(pixel(open_picture(encode(image, "TIFF"), "a"), 1, 0), (127, 127, 127), 1)


def test_one_bit_and_cmyk_become_rgb() -> None:
    assert pixel(open_picture(encode(Image.new("1", (3, 3), 1)), "a"), 1, 1) == WHITE
    cmyk = Image.new("RGB", (8, 8), GREEN).convert("CMYK")
    assert close(pixel(open_picture(encode(cmyk, "JPEG"), "a"), 4, 4), GREEN, 20)


def test_the_first_picture_of_an_animation_is_taken() -> None:
    data = encode(Image.new("RGB", (6, 6), RED), "GIF", save_all=True, append_images=[Image.new("RGB", (6, 6), BLUE)])
    assert close(pixel(open_picture(data, "a"), 3, 3), RED)


def test_a_large_picture_can_be_decoded_small() -> None:
    picture = open_picture(encode(halves(RED, BLUE).resize((1600, 800)), "JPEG"), "a")
    image = decode(picture, pixels_max=20_000)
    assert image.size == (200, 100)
    assert close(image.getpixel((20, 50)), RED, 40)
    assert close(image.getpixel((180, 50)), BLUE, 40)


def test_a_sideways_picture_decoded_small_stays_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = open_picture(encode(halves(RED, BLUE).resize((1600, 800)), "JPEG", exif=exif), "a")
    assert (picture.width, picture.height) == (800, 1600)
    image = decode(picture, pixels_max=20_000)
    assert image.size == (100, 200)
    assert close(image.getpixel((50, 20)), RED, 40)


def png_header_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header says it is huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [9_450, 30_000])
def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded(side: int) -> None:
    with pytest.raises(PictureTooLarge) as caught:
        open_picture(png_header_claiming(side, side), "bomb.png")
    assert caught.value.code == "picture_too_large"
    assert "bomb.png" in caught.value.message


def test_a_file_with_too_many_bytes_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "BYTES_MAX", 10)
    (tmp_path / "big.png").write_bytes(b"x" * 11)
    with pytest.raises(PictureTooLarge):
        open_picture(tmp_path / "big.png")


@pytest.mark.parametrize("data", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7", b"\xff\xd8\xff"])
def test_what_is_no_picture_is_said_in_words(data: bytes) -> None:
    with pytest.raises(PictureUnreadable) as caught:
        open_picture(data, "thing.png")
    assert caught.value.code == "picture_unreadable"
    assert caught.value.message.startswith("thing.png cannot be read")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_a_picture_cut_off_in_the_middle_fails_when_decoded(kind: str) -> None:
    whole = encode(Image.effect_noise((200, 200), 90).convert("RGB"), kind)
    with pytest.raises(IngestError) as caught:
        open_picture(whole[: len(whole) // 2], "half").read_rgb()
    assert caught.value.code == "picture_unreadable"


def test_a_missing_file_a_folder_and_an_impossible_name_have_their_own_words(tmp_path: Path) -> None:
    with pytest.raises(FileMissing) as caught:
        open_picture(tmp_path / "gone.png")
    assert caught.value.code == "file_missing"
    assert "gone.png" in caught.value.message
    with pytest.raises(FileUnreadable):
        open_picture(tmp_path)
    with pytest.raises(IngestError):
        open_picture("zero\0byte.png")
