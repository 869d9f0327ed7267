"""Pictures of every mode as 8-bit sRGB on white.

Two steps, so that resampling happens between them: `flatten` leaves L, RGB, CMYK or LAB without transparency, `to_srgb` applies the
colour profile to what is left after scaling down.
"""

from __future__ import annotations

import contextlib
import io
import math
from collections.abc import Iterable

import numpy as np
from PIL import Image, ImageCms

_PROFILE_SPACES = {"L": "GRAY", "RGB": "RGB ", "CMYK": "CMYK", "LAB": "Lab "}
_PROFILE_BYTES_MAX = 16 << 20
_SCALED_MODES = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIDEWAYS = (5, 6, 7, 8)
"""EXIF orientations that swap width and height (EXIF 2.32, tag 0x0112)."""

Range = tuple[float, float]


def turn(image: Image.Image, orientation: int) -> Image.Image:
    """Upright, given its EXIF orientation."""
    return image.transpose(_TURNS[orientation]) if orientation in _TURNS else image


def flatten(image: Image.Image, brightness: Range = (0.0, 65535.0)) -> Image.Image:
    """Eight bits a channel and opaque: L, RGB, CMYK or LAB. `brightness`: what is black and white in modes of more than 8 bits."""
    if image.mode in _SCALED_MODES:
        return _scale(image, brightness)
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        flat = Image.new("RGB", layer.size, "white")
        flat.paste(layer, mask=layer.getchannel("A"))
        return flat
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in _PROFILE_SPACES else image.convert("RGB")


def brightness_range(bands: Iterable[Image.Image], format: str | None) -> Range:
    """What is black and what is white in a picture, for `flatten`.

    By the type where the format says so; in TIFF's 32 bits 0 to 1, or else the darkest and the brightest there are.
    """
    darkest, brightest, mode = math.inf, -math.inf, ""
    for band in bands:
        mode = band.mode
        if mode not in ("I", "F") or format != "TIFF":
            return 0.0, 65535.0
        values = np.asarray(band)
        finite = values[np.isfinite(values)]
        if finite.size:
            darkest, brightest = min(darkest, float(finite.min())), max(brightest, float(finite.max()))
    is_share = darkest > brightest or (mode == "F" and darkest >= 0.0 and brightest <= 1.0)
    return (0.0, 1.0) if is_share else (darkest, brightest)


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """What `flatten` gave as RGB, by its colour profile where that is sane and says something else than sRGB."""
    if profile and len(profile) <= _PROFILE_BYTES_MAX:
        with contextlib.suppress(Exception):  # a broken profile is no reason not to show the picture
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            is_srgb = image.mode == "RGB" and "srgb" in (source.profile.profile_description or "").lower()
            if source.profile.xcolor_space == _PROFILE_SPACES[image.mode] and not is_srgb:
                intent, flags = ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION
                changed = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), intent, "RGB", flags=flags)
                assert changed is not None
                return changed
    if image.mode == "LAB":  # without a profile of its own it is CIE L*a*b*, D50
        return ImageCms.profileToProfile(image, ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), outputMode="RGB")  # type: ignore[return-value]
    return image if image.mode == "RGB" else image.convert("RGB")


def _scale(image: Image.Image, brightness: Range) -> Image.Image:
    low, high = brightness
    values = np.asarray(image)
    if values.dtype.itemsize == 2 and (low, high) == (0.0, 65535.0):
        return Image.fromarray((values >> 8).astype(np.uint8))
    span = high - low or 1.0
    scaled = (np.nan_to_num(values.astype(np.float32), nan=low, posinf=high, neginf=low) - low) * (255.0 / span)
    return Image.fromarray(np.clip(scaled + 0.5, 0, 255).astype(np.uint8))
