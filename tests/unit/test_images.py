"""Pictures: every kind becomes upright 8-bit RGB on white at any size, every failure a class and a sentence."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from ingest import detect, images, limits
from ingest.attachment import open_attachment
from ingest.documents import Source
from ingest.errors import Damaged, Empty, FormatUnknown, IngestError, TooLarge
from ingest.isolate import Readers
from tests.helpers.image_files import encode, halves, is_close, open_data, pixel, png_chunk, png_file, tiff_file

RED, GREEN, BLUE, WHITE = (220, 30, 20), (20, 160, 60), (30, 60, 220), (255, 255, 255)
KINDS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "AVIF", "HEIF")


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    children = Readers(count=1)
    yield children
    children.close()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_opens_in_the_reading_child(kind: str, readers: Readers) -> None:
    attachment = open_attachment(encode(halves(RED, BLUE), kind), name="photo", readers=readers)
    (page,) = attachment.pages()
    assert (attachment.kind, attachment.contents.warnings) == ("picture", ())
    assert (page.locator, page.width, page.height) == ("picture", 64, 32)
    assert page.text().text == "" and page.text().scanned
    pixels = np.frombuffer(page.render(32, 16).rgb, np.uint8).reshape(16, 32, 3)
    assert is_close(tuple(map(int, pixels[8, 4])), RED, 40)
    assert is_close(tuple(map(int, pixels[8, 28])), BLUE, 40)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF", "HEIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(orientation: int, kind: str) -> None:
    upright = Image.new("RGB", (40, 20), WHITE)
    upright.paste(RED, (0, 0, 10, 10))  # only the upper left corner is red
    undo = {
        1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
    }[orientation]  # fmt: skip
    exif = Image.Exif()
    exif[0x0112] = orientation
    document = open_data(encode(upright if undo is None else upright.transpose(undo), kind, exif=exif.tobytes()))
    assert (document.page(0).width, document.page(0).height) == (40, 20)
    assert is_close(pixel(document, 3, 3), RED, 50)
    assert is_close(pixel(document, 36, 3), WHITE, 30)
    assert is_close(pixel(document, 3, 16), WHITE, 30)
    small = document.render(0, 20, 10).rgb
    assert is_close((small[3], small[4], small[5]), RED, 50)


def test_transparency_is_shown_on_white() -> None:
    assert pixel(open_data(encode(Image.new("RGBA", (4, 4), (0, 0, 0, 0)))), 0, 0) == WHITE
    assert is_close(pixel(open_data(encode(Image.new("LA", (4, 4), (0, 128)))), 0, 0), (127, 127, 127), 1)
    half = Image.new("RGBA", (4, 4), (0, 0, 0, 128))
    assert is_close(pixel(open_data(encode(half, "WEBP", lossless=True)), 0, 0), (127, 127, 127), 1)


@pytest.mark.parametrize("transparency", [0, bytes([0, 255])])
def test_a_palette_with_transparent_colours_is_shown_on_white(transparency: int | bytes) -> None:
    image = halves(0, 1, "P")
    image.putpalette([*RED, *BLUE])
    document = open_data(encode(image, transparency=transparency))
    assert pixel(document, 8, 8) == WHITE
    assert pixel(document, 56, 8) == BLUE


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "PPM"])
def test_sixteen_bits_of_grey_keep_their_brightness(kind: str) -> None:
    document = open_data(encode(Image.fromarray(np.array([[0, 0x8000, 0xFFFF]], np.uint16)), kind))
    assert [pixel(document, x, 0)[0] for x in range(3)] == pytest.approx([0, 128, 255], abs=1)


def test_ink_that_counts_upwards_is_dark() -> None:
    values = struct.pack("<2H", 0, 0xFFFF)
    white_is_zero = {256: (2,), 257: (1,), 258: (16,), 259: (1,), 262: (0,), 277: (1,), 278: (1,)}
    document = open_data(tiff_file(white_is_zero, [values]))
    assert [pixel(document, x, 0)[0] for x in range(2)] == [255, 0]


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (np.array([[0.0, 0.5, 1.0]], np.float32), [0, 128, 255]),
        (np.array([[-10.0, 0.0, 10.0]], np.float32), [0, 128, 255]),
        (np.array([[np.nan, 5.0, 6.0]], np.float32), [0, 0, 255]),
        (np.array([[100_000, 150_000, 200_000]], np.int32), [0, 128, 255]),
    ],
)
def test_thirty_two_bits_of_grey_are_brought_into_range(values: np.ndarray, wanted: list[int]) -> None:
    document = open_data(encode(Image.fromarray(values), "TIFF"))
    assert [pixel(document, x, 0)[0] for x in range(3)] == pytest.approx(wanted, abs=1)


def test_one_bit_becomes_black_and_white() -> None:
    document = open_data(encode(halves(1, 0, "1")))
    assert (pixel(document, 8, 8), pixel(document, 56, 8)) == (WHITE, (0, 0, 0))


def test_cmyk_means_ink_with_and_without_adobes_marker() -> None:
    with_marker = encode(Image.new("RGB", (16, 16), GREEN).convert("CMYK"), "JPEG", quality=95)
    start = with_marker.index(b"\xff\xee")
    assert with_marker[start + 4 : start + 9] == b"Adobe"
    assert is_close(pixel(open_data(with_marker), 4, 4), GREEN, 20)
    inverted = Image.new("RGB", (16, 16), GREEN).convert("CMYK").point(lambda value: 255 - value)
    stored = encode(inverted, "JPEG", quality=95)  # libjpeg stores 255 - value, so this file holds ink as it is
    assert is_close(pixel(open_data(stored[:start] + stored[start + 16 :]), 4, 4), GREEN, 20)


def profile_with_red_and_blue_swapped() -> bytes:
    """sRGB but for the places of two colours (ICC.1:2010, table of tags: signature, offset, size)."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = data.index(b"rXYZ"), data.index(b"bXYZ")
    data[red + 4 : red + 12], data[blue + 4 : blue + 12] = data[blue + 4 : blue + 12], data[red + 4 : red + 12]
    return bytes(data).replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be"))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_an_embedded_colour_profile_is_heeded(kind: str) -> None:
    image = Image.new("RGB", (16, 16), (250, 5, 5))
    document = open_data(encode(image, kind, icc_profile=profile_with_red_and_blue_swapped()))
    assert is_close(pixel(document, 4, 4), (5, 5, 250), 12)


@pytest.mark.parametrize("profile", [b"nonsense", profile_with_red_and_blue_swapped()[:300]])
def test_a_broken_colour_profile_is_ignored(profile: bytes) -> None:
    assert pixel(open_data(encode(Image.new("RGB", (4, 4), RED), icc_profile=profile)), 1, 1) == RED
    grey = Image.new("L", (4, 4), 99)
    assert pixel(open_data(encode(grey, icc_profile=profile_with_red_and_blue_swapped())), 1, 1) == (99, 99, 99)


def test_a_tiff_has_a_page_for_each_picture_in_it_but_not_for_smaller_copies(readers: Readers) -> None:
    pages = [Image.new("RGB", (30 + 10 * number, 20), colour) for number, colour in enumerate((RED, GREEN, BLUE))]
    reduced = Image.new("RGB", (5, 5), WHITE)
    reduced.encoderinfo = {"tiffinfo": {254: 1}}
    attachment = open_attachment(
        encode(pages[0], "TIFF", save_all=True, append_images=[reduced, *pages[1:]]), name="scan", readers=readers
    )
    found = list(attachment.pages())
    assert [(page.locator, page.width) for page in found] == [("page 1", 30), ("page 2", 40), ("page 3", 50)]
    assert [tuple(page.render(1, 1).rgb) for page in found] == [RED, GREEN, BLUE]


def test_pages_before_the_damage_are_shown() -> None:
    pages = [Image.new("L", (8, 8), shade) for shade in (50, 150, 250)]
    data = encode(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    image = Image.open(io.BytesIO(data))
    image.seek(2)
    document = open_data(data[: image.tag_v2._offset + 5])
    assert document.contents.page_count == 2
    assert document.contents.warnings == ("The file is damaged: only its first 2 pages can be read.",)
    assert pixel(document, 0, 0, index=1) == (150, 150, 150)


def test_of_several_pictures_in_a_jpeg_the_first_is_shown() -> None:
    data = encode(Image.new("RGB", (16, 16), RED), "MPO", save_all=True, append_images=[Image.new("RGB", (16, 16), BLUE)])
    document = open_data(data)
    assert document.contents.page_count == 1
    assert is_close(pixel(document, 4, 4), RED)


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "PPM"])
def test_at_its_own_size_no_pixel_changes(kind: str) -> None:
    noise = np.random.default_rng(3).integers(0, 256, (33, 57, 3)).astype(np.uint8)
    assert open_data(encode(Image.fromarray(noise), kind)).render(0, 57, 33).rgb == noise.tobytes()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_scaling_down_takes_the_mean_and_keeps_places(kind: str) -> None:
    chequered = np.kron(np.indices((400, 800)).sum(0) % 2, np.ones((2, 2))).astype(np.uint8) * 200
    chequered[:, 800:] = 250
    document = open_data(encode(Image.fromarray(chequered), kind))
    small = np.frombuffer(document.render(0, 160, 80).rgb, np.uint8).reshape(80, 160, 3)
    assert np.abs(small[:, :79].astype(int) - 100).max() <= 12
    assert np.abs(small[:, 82:].astype(int) - 250).max() <= 6


def test_it_is_stretched_to_exactly_the_size_that_is_asked_for() -> None:
    document = open_data(encode(halves(RED, BLUE)))
    for width, height in ((1, 1), (28, 280), (300, 7), (128, 64)):
        assert len(document.render(0, width, height).rgb) == width * height * 3


def test_what_is_larger_than_the_limit_is_refused_from_its_header() -> None:
    for side in (limits.PICTURE_SIDE_MAX_PX + 1, 4_000_000):
        header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", side, 10, 8, 2, 0, 0, 0))
        with pytest.raises(TooLarge) as caught:
            open_data(b"\x89PNG\r\n\x1a\n" + header + png_chunk(b"IDAT", zlib.compress(b"")) + png_chunk(b"IEND", b""), "bomb.png")
        assert caught.value.message.startswith(f"bomb.png is too large: it has {side} x 10 pixels")


def claiming(jpeg: bytes, width: int, height: int) -> bytes:
    at = jpeg.index(b"\xff\xc2") + 5
    return jpeg[:at] + struct.pack(">HH", height, width) + jpeg[at + 4 :]


def test_what_can_only_be_decoded_at_once_and_is_too_large_for_it_is_refused_with_the_numbers() -> None:
    progressive = claiming(encode(Image.new("RGB", (64, 64)), "JPEG", progressive=True), 25_000, 25_000)
    interlaced = png_file(30_000, 30_000, 8, 2, b"\0" * 100, interlace=1)
    for data, size in ((progressive, "25000 x 25000"), (interlaced, "30000 x 30000")):
        document = open_data(data, "wall")
        with pytest.raises(TooLarge) as caught:
            document.render(0, 100, 100)
        assert caught.value.message.startswith(f"wall is too large: decoding its {size} pixels takes")


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("share", [0.4, 0.8])
def test_a_picture_that_is_cut_off_is_shown_as_far_as_it_goes_with_a_warning(kind: str, share: float) -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(60, 120, (200, 200, 3)).astype(np.uint8))
    whole = encode(noise, kind)
    document = open_data(whole[: int(len(whole) * share)])
    assert document.contents.warnings == ("The file is cut off: a part of the picture is missing.",)
    shown = np.frombuffer(document.render(0, 200, 200).rgb, np.uint8).reshape(200, 200, 3).astype(int)
    wanted = np.frombuffer(open_data(whole).render(0, 200, 200).rgb, np.uint8).reshape(200, 200, 3)
    rows = int(200 * share) - 20
    assert np.abs(shown[:rows] - wanted[:rows]).max() == 0
    assert np.abs(shown[-8:] - wanted[-8:]).max() > 0


@pytest.mark.parametrize("kind", KINDS)
def test_other_damage_is_said_in_words(kind: str) -> None:
    noise = Image.fromarray(np.random.default_rng(2).integers(0, 256, (100, 100, 3)).astype(np.uint8))
    whole = encode(noise, kind)
    with pytest.raises(IngestError) as caught:
        open_data(whole[: 40 if kind in ("PNG", "JPEG") else len(whole) // 2], "half").render(0, 100, 100)
    assert caught.value.code in ("damaged", "format_unknown")
    assert caught.value.message.startswith("half ")


def test_text_that_unpacks_to_too_much_is_refused_cheaply() -> None:
    bomb = png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(100 << 20)))
    with pytest.raises(Damaged):
        open_data(png_file(1, 1, 8, 0, b"\0\0", bomb))


def test_a_tiff_whose_pages_go_round_in_a_circle_ends() -> None:
    pages = [Image.new("L", (8, 8), shade) for shade in (50, 150)]
    data = bytearray(encode(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    first = struct.unpack("<I", data[4:8])[0]
    count = struct.unpack("<H", data[first : first + 2])[0]
    second = struct.unpack("<I", data[first + 2 + 12 * count :][:4])[0]
    entries = struct.unpack("<H", data[second : second + 2])[0]
    struct.pack_into("<I", data, second + 2 + 12 * entries, first)
    assert open_data(bytes(data)).contents.page_count == 2


def test_what_is_no_picture_is_not_opened_as_one() -> None:
    with pytest.raises(Empty):
        open_data(b"")
    with pytest.raises(FormatUnknown):
        open_data(b"\x00\x01\x02\x03" * 30)


SEEDS = [encode(halves(RED, BLUE), kind) for kind in KINDS] + [encode(halves(1, 0, "1"), "TIFF", compression="group4")]


@settings(max_examples=200)
@given(st.sampled_from(SEEDS), st.data())
def test_damaged_files_raise_only_our_errors(seed: bytes, data: st.DataObject) -> None:
    mutated = bytearray(seed)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(mutated)))
        mutated[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    with contextlib.suppress(IngestError):
        found = detect.detect(Source("a", data=bytes(mutated)))
        if found.kind == "picture":
            document = images.open_document(Source("a", data=bytes(mutated), media_type=found.media_type))
            assert len(document.render(0, 20, 10).rgb) == 600
