"""Pictures: upright 8-bit sRGB on white at any size, whatever was inside.

Opening reads headers only; `render` decodes, scaled down on the way where the format allows it (JPEG by its blocks, PNG and TIFF in
bands), so that 30,000 x 30,000 pixels fit into the memory of the child. What cannot be decoded in parts and is too large is
refused with the numbers.
A JPEG or PNG that is cut off is shown as far as it goes, with a warning; any other damage is `Damaged`.
"""

from __future__ import annotations

import contextlib
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

import PIL
from PIL import Image, ImageChops
from PIL.TiffImagePlugin import TiffImageFile

from ingest import limits
from ingest.colours import SIDEWAYS, Range, brightness_range, flatten, to_srgb, turn
from ingest.detect import SVG
from ingest.documents import Document, Source
from ingest.errors import TooLarge
from ingest.image_bands import Bands, can_read_tiff_bands, cropped_bands, png_bands, shrink, tiff_bands
from ingest.image_ends import is_cut_off
from ingest.pillow import bytes_to_decode, check_memory, check_size, decoding, open_image, orientation
from ingest.types import Contents, PageInfo, PageText, Pixels

PAGES_MAX = 10_000
"""Pages of one picture. Finding a page of a TIFF means reading the directories of all before it."""
_AT_ONCE_BYTES_MAX = 256 << 20
"""Decoded larger than this, PNG and TIFF are read in bands."""
_SHRUNK_PIXELS_MAX = 160_000_000
_COSTLY_PIXELS, _KEPT_PIXELS_MAX = 50_000_000, 16_000_000
"""What was made of a picture with so many pixels is kept for the next size, if it has so few."""
_REDUCING_GAP = 3.0
"""Pillow's docs: from three times the size on, a fast reduction first cannot be told apart from none."""
_SUBFILE_TYPE, _IS_REDUCED_OR_MASK = 254, 0b101
_ORIENTATION, _PHOTOMETRIC, _WHITE_IS_ZERO = 274, 262, 0
"""TIFF 6.0 section 8."""
_WEBP_FLAGS_AT, _WEBP_IS_ANIMATED = 20, 0x02
"""RFC 9649 section 2.7."""

Size = tuple[int, int]


def is_animated(source: Source) -> bool:
    """Whether a GIF, WebP, PNG or AVIF has more than one frame. False for what cannot be read."""
    with contextlib.suppress(Exception), decoding(source.name), source.open() as stream:
        return bool(getattr(open_image(stream, source.media_type, source.name), "is_animated", False))
    head = source.read(_WEBP_FLAGS_AT + 1)  # Pillow opens no WebP that is cut off
    return source.media_type == "image/webp" and head[12:16] == b"VP8X" and bool(head[-1] & _WEBP_IS_ANIMATED)


def open_document(source: Source, password: str | None = None) -> Document:
    """A picture, a drawing, or a TIFF or HEIF with a page for each picture in it. Raises Damaged or TooLarge."""
    if source.media_type == SVG:
        from ingest.svg import Drawing

        return Drawing(source)
    return Picture(source)


@dataclass(frozen=True, slots=True)
class _Stored:
    """A picture as it is stored: not turned, in its own colours, but flat (see `flatten`) and perhaps smaller.

    Attributes:
        box: the part of `image` that is the picture; its last column and row may be there only in part.
    """

    image: Image.Image
    box: tuple[float, float, float, float]
    orientation: int
    profile: bytes | None


class Picture:
    """A picture made of pixels.

    Attributes:
        contents: what opening told.
    """

    def __init__(self, source: Source) -> None:
        if source.size_bytes > limits.PICTURE_BYTES_MAX and source.media_type not in ("image/png", "image/tiff"):
            raise TooLarge(f"{source.name} is larger than {limits.PICTURE_BYTES_MAX >> 20} MB. Scale it down and open that.")
        self._source = source
        self._kept: tuple[int, int, _Stored] | None = None
        with decoding(source.name), source.open() as stream:
            self._is_cut_off = is_cut_off(stream, source.media_type)
            stream.seek(0)
            image = open_image(stream, source.media_type, source.name)
            pages, warnings = _find_pages(image, source.name)
        self._frames, self._sizes = [frame for frame, _ in pages], [size for _, size in pages]
        if self._is_cut_off:
            warnings.append("The file is cut off: a part of the picture is missing.")
        self.contents = Contents("picture", len(self._frames), warnings=tuple(warnings), renderer=f"pillow {PIL.__version__}")

    def page(self, index: int) -> PageInfo:
        locator = f"page {index + 1}" if len(self._frames) > 1 else "picture"
        return PageInfo(index, locator, *self._sizes[index], is_vector=False)

    def text(self, index: int) -> PageText:
        return PageText("", scanned=True)

    def render(self, index: int, width: int, height: int) -> Pixels:
        with decoding(self._source.name):
            stored = self._stored(index, (width, height))
            size = (height, width) if stored.orientation in SIDEWAYS else (width, height)
            image = stored.image
            if stored.box != (0, 0, *size):  # bicubic as in the model's training
                image = image.resize(size, Image.Resampling.BICUBIC, stored.box, _REDUCING_GAP)
            return Pixels(width, height, turn(to_srgb(image, stored.profile), stored.orientation).tobytes())

    def close(self) -> None:
        self._kept = None

    def _stored(self, index: int, size: Size) -> _Stored:
        """The picture for rendering at `size`: decoded now, or what is left of the last time."""
        pixels = self._sizes[index][0] * self._sizes[index][1]
        factor = _factor(self._sizes[index], size)
        if self._kept is not None and self._kept[0] == index and self._kept[1] <= factor:
            return self._kept[2]
        with self._opened() as (stream, image):
            if self._frames[index]:
                image.seek(self._frames[index])
            check_size(*image.size, self._source.name)
            stored = self._in_bands(stream, image, factor) or self._at_once(image, size)
        if pixels > _COSTLY_PIXELS and stored.image.width * stored.image.height <= _KEPT_PIXELS_MAX:
            self._kept = index, factor, stored
        return stored

    @contextlib.contextmanager
    def _opened(self) -> Iterator[tuple[BinaryIO, Image.Image]]:
        with self._source.open() as stream:
            if self._is_cut_off and self._source.media_type == "image/jpeg":
                # Given an end, libjpeg fills in what is missing, as browsers show it.
                stream = cast(BinaryIO, io.BytesIO(stream.read() + b"\xff\xd9"))
            yield stream, open_image(stream, self._source.media_type, self._source.name)

    def _in_bands(self, stream: BinaryIO, image: Image.Image, factor: int) -> _Stored | None:
        """None when it is small enough to be decoded at once, or cannot be decoded in bands."""
        is_large = bytes_to_decode(image, image.size) > _AT_ONCE_BYTES_MAX
        if isinstance(image, TiffImageFile) and is_large and can_read_tiff_bands(image):
            tags = image.tag_v2
            brightness = _brightness(image, tiff_bands(stream, image))
            return _shrink(image, tiff_bands(stream, image), (tags[256], tags[257]), factor, brightness, tags.get(_ORIENTATION, 1))
        if image.format == "PNG" and (is_large or self._is_cut_off) and not image.info.get("interlace"):
            return _shrink(image, png_bands(stream, image), image.size, factor, (0.0, 65535.0), orientation(image))
        return None

    def _at_once(self, image: Image.Image, size: Size) -> _Stored:
        full_size, turned = image.size, orientation(image)
        wanted = size[::-1] if turned in SIDEWAYS else size
        least = math.sqrt(full_size[0] * full_size[1] / _SHRUNK_PIXELS_MAX)
        drafted = (max(1, int(min(2 * side, full / least))) for side, full in zip(wanted, full_size, strict=True))
        # Only JPEG heeds it: decoded at a half, a quarter or an eighth, but not below twice what is wanted.
        _, box = image.draft(None, tuple(drafted)) or (None, (0, 0, *full_size))  # type: ignore[arg-type]
        check_memory(image, full_size, self._source.name)
        image.load()
        if image.format in ("JPEG", "MPO") and image.mode == "CMYK" and "adobe" not in image.info:
            image.im = ImageChops.invert(image).im  # Pillow takes every CMYK for Adobe's, in which 255 is no ink
        brightness = _brightness(image, iter((image,)))
        if image.width * image.height > _COSTLY_PIXELS:
            return _shrink(image, cropped_bands(image), box[2:], _factor(image.size, wanted), brightness, turned)
        return _Stored(flatten(image, brightness), box, turned, image.info.get("icc_profile"))


def _shrink(
    image: Image.Image, bands: Bands, size: tuple[float, float], factor: int, brightness: Range, orientation: int
) -> _Stored:
    shrunk = shrink(bands, (math.ceil(size[0]), math.ceil(size[1])), factor, brightness)
    return _Stored(shrunk, (0, 0, size[0] / factor, size[1] / factor), orientation, image.info.get("icc_profile"))


def _factor(full_size: Size, size: Size) -> int:
    """By how much a picture may be reduced before it is resampled to `size`, and has to be for its memory."""
    spare = min(full_size[0] / size[0], full_size[1] / size[1])
    return max(1, int(spare / 2), math.ceil(math.sqrt(full_size[0] * full_size[1] / _SHRUNK_PIXELS_MAX)))


def _brightness(image: Image.Image, bands: Bands) -> Range:
    low, high = brightness_range(bands, image.format)
    # For 16 bits Pillow leaves it to others that ink may count instead of light.
    is_ink = isinstance(image, TiffImageFile) and image.mode == "I;16" and image.tag_v2.get(_PHOTOMETRIC) == _WHITE_IS_ZERO
    return (high, low) if is_ink else (low, high)


def _find_pages(image: Image.Image, name: str) -> tuple[list[tuple[int, Size]], list[str]]:
    """The frames of a picture file that are pages, with their sizes, and warnings. Smaller copies and masks are no pages."""
    pages: list[tuple[int, Size]] = []
    if image.format not in ("TIFF", "HEIF"):
        return [(0, _upright_size(image))], []
    for frame in range(PAGES_MAX + 1):
        try:
            image.seek(frame)
        except EOFError:
            return pages or [(0, _upright_size(image))], []
        except Exception:  # what stands before the damage is worth showing
            if not pages:
                raise
            return pages, [f"The file is damaged: only its first {len(pages)} pages can be read."]
        check_size(*image.size, name)
        if not isinstance(image, TiffImageFile) or not image.tag_v2.get(_SUBFILE_TYPE, 0) & _IS_REDUCED_OR_MASK:
            pages.append((frame, _upright_size(image)))
    return pages[:PAGES_MAX], [f"It has more than {PAGES_MAX} pages; the first {PAGES_MAX} are shown."]


def _upright_size(image: Image.Image) -> Size:
    width, height = image.size
    return (height, width) if orientation(image) in SIDEWAYS else (width, height)
