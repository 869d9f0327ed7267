"""Pictures: a file or bytes in, 8-bit RGB out, whatever was inside.

The kind is found from the data, never from the name. Opening reads the header only; `decode` does the work and may run in any
thread. Files are untrusted: their kinds are a short list, their size is checked before anything is decompressed, and whatever
a decoder throws becomes a `PictureUnreadable`.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib
import io
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import FileMissing, FileUnreadable, IngestError, PictureTooLarge, PictureUnreadable
from ingest.types import Picture

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "AVIF")
"""Kinds of picture that are opened. Each is decoded by itself; containers that open other files inside them are left out."""
PIXELS_MAX = 89_000_000
"""A little below the number from which Pillow suspects a decompression bomb (Image.MAX_IMAGE_PIXELS)."""
BYTES_MAX = 256 << 20
EXIF_ORIENTATION = 0x0112
SIDEWAYS = (5, 6, 7, 8)
"""EXIF orientations that swap width and height."""


def open_picture(source: Path | str | bytes, name: str | None = None) -> Picture:
    """A picture from a file, or from the bytes of one. `name` defaults to the file's.

    Raises FileMissing, FileUnreadable, PictureTooLarge or PictureUnreadable. Damage behind the header shows when it is decoded.
    """
    if isinstance(source, bytes):
        encoded, shown_name = source, name or "picture"
    else:
        path = Path(source)
        encoded, shown_name = _read_file(path), name or path.name
    image = _open_header(encoded, shown_name)
    try:
        width, height = image.size
        if image.getexif().get(EXIF_ORIENTATION) in SIDEWAYS:
            width, height = height, width
    except Exception as error:
        raise _unreadable(shown_name) from error
    return Picture(hashlib.sha256(encoded).hexdigest(), shown_name, width, height, encoded)


def decode(picture: Picture, pixels_max: int | None = None) -> Image.Image:
    """The picture as an RGB image, scaled down evenly when it has more than `pixels_max` pixels.

    Raises PictureUnreadable when the data is damaged or cut off.
    """
    from PIL import ImageOps

    image = _open_header(picture.encoded, picture.name)
    try:
        scale = 1.0
        if pixels_max is not None and image.width * image.height > pixels_max:
            scale = (pixels_max / (image.width * image.height)) ** 0.5
        size = max(1, int(image.width * scale)), max(1, int(image.height * scale))
        if scale < 1.0:
            image.draft("RGB", size)  # lets a JPEG be decoded at a half, a quarter or an eighth; others ignore it
        image.load()
        image = _to_rgb(image)
        if scale < 1.0:
            image = image.resize(size, reducing_gap=2.0)
        turned = ImageOps.exif_transpose(image)
        return turned if turned is not None else image
    except (MemoryError, IngestError):
        raise
    except Exception as error:  # decoders throw whatever they please on damaged data
        raise _unreadable(picture.name) from error


def _read_file(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise FileUnreadable(f"{path.name} is a folder. Open the pictures in it instead.")
        if path.stat().st_size > BYTES_MAX:
            raise _too_large(path.name)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise FileMissing(f"There is no file {path}. It may have been moved or renamed.") from error
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        reason = getattr(error, "strerror", None) or str(error)
        raise FileUnreadable(f"{path.name} cannot be read: {reason}.") from error


@functools.cache
def _known_formats() -> tuple[str, ...]:
    """Those of FORMATS that this build of Pillow has; only their readers are imported, not all forty."""
    from PIL import Image

    for kind in FORMATS:
        with contextlib.suppress(ImportError):
            importlib.import_module(f"PIL.{kind.capitalize().replace('Webp', 'WebP')}ImagePlugin")
    return tuple(kind for kind in FORMATS if kind in Image.OPEN)


def _open_header(encoded: bytes, name: str) -> Image.Image:
    from PIL import Image

    try:
        image = Image.open(io.BytesIO(encoded), formats=_known_formats())
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(name) from error
    except Exception as error:  # header parsers throw whatever they please on damaged data
        raise _unreadable(name) from error
    if image.width * image.height > PIXELS_MAX:
        raise _too_large(name)
    return image


def _to_rgb(image: Image.Image) -> Image.Image:
    """Eight bits a channel, on white where it is transparent; the orientation tag stays for `exif_transpose`."""
    from PIL import Image

    exif = image.getexif()
    if image.mode.startswith("I"):
        image = _squeeze(image.convert("I"))
    elif image.mode == "F":
        image = _squeeze(image)
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        flat = Image.new("RGB", layer.size, "white")
        flat.paste(layer, mask=layer.getchannel("A"))
    else:
        flat = image.convert("RGB")
    flat.info = {"exif": exif.tobytes()} if EXIF_ORIENTATION in exif else {}
    return flat


def _squeeze(image: Image.Image) -> Image.Image:
    """16-bit, 32-bit or floating-point grey as 8-bit grey: by the range of the type where that is known, else by what is there."""
    darkest, brightest = image.getextrema()
    assert not isinstance(darkest, tuple)
    assert not isinstance(brightest, tuple)
    low, high = 0.0, 65535.0
    if image.mode == "F" or darkest < 0 or brightest > 65535:
        low, high = (0.0, 1.0) if darkest >= 0 and brightest <= 1 else (float(darkest), float(brightest))
    scale = 255.0 / max(high - low, 1e-9)
    return image.point(lambda value: value * scale - low * scale).convert("L")


def _unreadable(name: str) -> PictureUnreadable:
    return PictureUnreadable(f"{name} cannot be read as a picture. It may be damaged, or of a kind that is not known here.")


def _too_large(name: str) -> PictureTooLarge:
    return PictureTooLarge(
        f"{name} is too large: at most {PIXELS_MAX // 1_000_000} megapixels and {BYTES_MAX >> 20} MB can be opened. "
        "Scale it down and open it again."
    )
