"""Pictures arrive as they were where they are small, within the model's limits where they are not, and stop when asked to."""

from __future__ import annotations

import base64
import io
import threading
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from inference.cloud.models import CloudModel
from inference.cloud.pictures import EncodedPicture, PictureEncoder, encode_picture
from inference.engine import Cancel
from inference.errors import Cancelled, PictureUnreadable
from inference.types import ImagePart

MODEL = CloudModel("glm-4.6v")
NOISE = np.random.default_rng(1)


def noise(width: int, height: int) -> ImagePart:
    return ImagePart.from_rgb(width, height, NOISE.integers(0, 256, (height, width, 3), np.uint8).tobytes())


def screen(width: int, height: int) -> ImagePart:
    """Smooth, with thin lines of pure red on blue, which lose their colour where chroma is halved."""
    pixels = np.full((height, width, 3), (0, 0, 255), np.uint8)
    pixels[::8] = (255, 0, 0)
    return ImagePart.from_rgb(width, height, pixels.tobytes())


def opened(encoded: EncodedPicture) -> tuple[Image.Image, int]:
    """What a server decodes, and the size of its file in bytes."""
    head, _, text = encoded.url.partition(",")
    data = base64.b64decode(text, validate=True)
    image = Image.open(io.BytesIO(data))
    assert head == f"data:image/{str(image.format).lower()};base64"
    assert image.size == (encoded.width, encoded.height)
    return image.convert("RGB"), len(data)


@pytest.mark.parametrize("size", [(1, 1), (37, 211), (512, 512)])
def test_a_small_picture_loses_nothing(size: tuple[int, int]) -> None:
    part = noise(*size)
    encoded = encode_picture(part, MODEL)
    image, _ = opened(encoded)
    assert image.tobytes() == part.read_rgb()
    assert not encoded.is_reduced


def test_a_large_picture_keeps_its_size_and_its_thin_colours() -> None:
    part = screen(1920, 1080)
    encoded = encode_picture(part, MODEL)
    image, bytes_sent = opened(encoded)
    error = np.abs(np.asarray(image, np.int16) - np.frombuffer(part.read_rgb(), np.uint8).reshape(1080, 1920, 3))
    assert (image.size, encoded.is_reduced) == ((1920, 1080), False)
    assert error.mean() < 6
    assert bytes_sent < MODEL.picture_bytes_max


@pytest.mark.parametrize(
    ("size", "bytes_max", "side_max"),
    [((1200, 900), 200_000, 6_000), ((500, 400), 50_000, 6_000), ((1000, 3000), 3_700_000, 600), ((9000, 2), 3_700_000, 6_000)],
)
def test_a_picture_beyond_the_limits_is_scaled_down_evenly(size: tuple[int, int], bytes_max: int, side_max: int) -> None:
    encoded = encode_picture(noise(*size), replace(MODEL, picture_bytes_max=bytes_max, picture_side_px_max=side_max))
    image, bytes_sent = opened(encoded)
    assert encoded.is_reduced
    assert bytes_sent <= bytes_max
    assert max(image.size) <= side_max
    assert image.width * image.height > size[0] * size[1] / 40  # no further than need be
    assert abs(image.width - image.height * size[0] / size[1]) <= size[0] / size[1] + 1


def test_each_picture_is_read_once_and_its_text_stays_the_same() -> None:
    reads: list[str] = []

    def part(name: str, pixels: bytes) -> ImagePart:
        return ImagePart(name, 600, 600, lambda: reads.append(name) or pixels)  # type: ignore[func-returns-value]

    a, b, c = (part(name, noise(600, 600).read_rgb()) for name in "abc")
    encoder = PictureEncoder()
    first = {encoded.image_id: encoded for encoded in encoder.encode_all([a, b, a], MODEL, Cancel())}
    second = {encoded.image_id: encoded for encoded in encoder.encode_all([a, b, c], MODEL, Cancel())}
    assert sorted(reads) == ["a", "b", "c"]
    assert first == {name: second[name] for name in "ab"}
    assert encode_picture(a, MODEL) == first["a"]  # forgotten or not
    smaller = next(encoder.encode_all([a], replace(MODEL, picture_side_px_max=300), Cancel()))
    assert (smaller.width, smaller.height) == (300, 300)


def test_what_was_not_used_for_longest_is_forgotten_first() -> None:
    reads: list[str] = []
    pixels = noise(64, 64).read_rgb()
    parts = [ImagePart(name, 64, 64, lambda name=name: reads.append(name) or pixels) for name in "abc"]
    encoder = PictureEncoder(characters_max=2 * len(encode_picture(parts[0], MODEL).url))
    reads.clear()
    for name in "ab", "a", "c", "a", "b":
        list(encoder.encode_all([parts["abc".index(letter)] for letter in name], MODEL, Cancel()))
    assert sorted(reads[:2]) == ["a", "b"]
    assert reads[2:] == ["c", "b"]


def test_a_picture_that_cannot_be_read_is_named() -> None:
    def gone() -> bytes:
        raise FileNotFoundError

    parts = [noise(40, 40), ImagePart("gone", 40, 40, gone)]
    with pytest.raises(PictureUnreadable, match="moved or deleted"):
        list(PictureEncoder().encode_all(parts, MODEL, Cancel()))
    with pytest.raises(PictureUnreadable, match="changed"):
        encode_picture(ImagePart("short", 40, 40, lambda: b"123"), MODEL)


def test_cancelling_does_not_wait_for_a_picture_that_hangs() -> None:
    is_reading, may_end, later = threading.Event(), threading.Event(), threading.Event()

    def hang() -> bytes:
        is_reading.set()
        may_end.wait(30)
        return bytes(12)

    def read_later() -> bytes:
        later.set()
        return bytes(12)

    hanging = [ImagePart(f"hangs {number}", 2, 2, hang) for number in range(8)]
    cancel = Cancel()
    canceller = threading.Thread(target=lambda: is_reading.wait(30) and cancel.set())
    canceller.start()
    try:
        with pytest.raises(Cancelled):
            list(PictureEncoder().encode_all([*hanging, ImagePart("later", 2, 2, read_later)], MODEL, cancel))
        assert not may_end.is_set()
    finally:
        may_end.set()
        canceller.join()
    assert not later.is_set()
    with pytest.raises(Cancelled):
        list(PictureEncoder().encode_all([noise(4, 4)], MODEL, cancel))
