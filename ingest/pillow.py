"""Pillow under our limits instead of its own: the formats that are opened, sizes checked from the header, errors as sentences.

Pillow suspects a bomb by the number of pixels and only warns at first; here the header is compared with `ingest.limits` before
anything is decoded, and what is decoded at once with `WHOLE_BYTES_MAX`. Everything runs in the child, in one thread.
"""

from __future__ import annotations

import contextlib
import importlib
import warnings
from collections.abc import Iterator
from typing import BinaryIO

from PIL import ExifTags, Image, PngImagePlugin

from ingest import limits
from ingest.errors import Damaged, IngestError, TooLarge

Image.MAX_IMAGE_PIXELS = None  # checked here
PngImagePlugin.MAX_TEXT_CHUNK = 16 << 20  # colour profiles too, of which some printers' are larger than Pillow's limit of 1 MB
WHOLE_BYTES_MAX = 1_200_000_000
"""What one picture may take while it is decoded, so that the rest of the child stays below READER_MEMORY_BYTES."""

_FORMATS: dict[str, tuple[str, ...]] = {
    "image/png": ("PNG",),
    "image/jpeg": ("JPEG",),
    "image/webp": ("WEBP",),
    "image/gif": ("GIF",),
    "image/bmp": ("BMP",),
    "image/tiff": ("TIFF",),
    "image/x-portable-anymap": ("PPM",),
    "image/avif": ("AVIF", "HEIF"),
    "image/heif": ("HEIF", "AVIF"),  # a brand such as mif1 fits both
}
_PLUGINS = {"PNG": "Png", "JPEG": "Jpeg", "WEBP": "WebP", "GIF": "Gif", "BMP": "Bmp", "TIFF": "Tiff", "PPM": "Ppm", "AVIF": "Avif"}
_BYTES_PER_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}
"""Of Pillow's modes in memory (docs, "Concepts"); all others take four, RGB too."""
_DECODER_BYTES_PER_PIXEL = {"WEBP": 12, "GIF": 2, "TIFF": 6, "AVIF": 5, "HEIF": 4}
"""What the libraries keep besides, as measured with Pillow 13.0 and libheif 1.23."""


@contextlib.contextmanager
def decoding(name: str) -> Iterator[None]:
    """Whatever Pillow throws at damaged data becomes Damaged; its warnings are not for the user."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except (MemoryError, IngestError):
            raise
        except Exception as error:  # decoders throw whatever they please on damaged data
            raise Damaged(f"{name} is damaged: what is in it cannot be decoded as a picture.") from error


def open_image(stream: BinaryIO, media_type: str, name: str) -> Image.Image:
    """The header. Raises TooLarge, or what Pillow throws; see `decoding`."""
    formats = _FORMATS[media_type]
    for each in formats:
        if each == "HEIF":
            import pillow_heif

            pillow_heif.register_heif_opener(thumbnails=False)
        else:
            importlib.import_module(f"PIL.{_PLUGINS[each]}ImagePlugin")
    image = Image.open(stream, formats=formats)
    check_size(*image.size, name)
    return image


def check_size(width: int, height: int, name: str) -> None:
    """Raises TooLarge for more than is ever opened, Damaged for nothing at all."""
    if min(width, height) < 1:
        raise Damaged(f"{name} is damaged: a picture in it has no size.")
    if max(width, height) > limits.PICTURE_SIDE_MAX_PX or width * height > limits.PICTURE_PIXELS_MAX:
        raise TooLarge(
            f"{name} is too large: it has {width} x {height} pixels, at most {limits.PICTURE_SIDE_MAX_PX} on a side and "
            f"{limits.PICTURE_PIXELS_MAX // 1_000_000} million in all can be opened. Scale it down and open that."
        )


def bytes_to_decode(image: Image.Image, full_size: tuple[int, int]) -> int:
    """Memory that decoding takes. A JPEG is decoded at `image.size` (see `Image.draft`), which is less than its `full_size`."""
    needed = (
        image.width * image.height * (_BYTES_PER_PIXEL.get(image.mode, 4) + _DECODER_BYTES_PER_PIXEL.get(image.format or "", 0))
    )
    if image.info.get("progressive"):  # then libjpeg keeps all coefficients of the full size, 16 bits each
        layers = [(layer[1], layer[2]) for layer in getattr(image, "layer", ())]
        across, down = max(layer[0] for layer in layers), max(layer[1] for layer in layers)
        needed += sum(2 * full_size[0] * full_size[1] * layer[0] * layer[1] // (across * down) for layer in layers)
    return needed


def check_memory(image: Image.Image, full_size: tuple[int, int], name: str) -> None:
    """Raises TooLarge for what can only be decoded all at once, and is too large for that."""
    needed = bytes_to_decode(image, full_size)
    if needed > WHOLE_BYTES_MAX:
        raise TooLarge(
            f"{name} is too large: decoding its {full_size[0]} x {full_size[1]} pixels takes {needed >> 20} MB of memory at once, "
            f"{WHOLE_BYTES_MAX >> 20} MB may be used. Scale it down, or save it as PNG without interlacing, and open that."
        )


def orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8, of what Pillow decodes; 1 where it is turned by decoding already (TIFF, HEIF), or unknown."""
    if image.format in ("TIFF", "HEIF"):
        return 1
    try:
        # The PNG reader's own `getexif` decodes the whole picture to look for EXIF behind it.
        found = Image.Image.getexif(image).get(ExifTags.Base.Orientation, 1)
    except Exception:  # EXIF is often broken; the picture is worth showing all the same
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1
