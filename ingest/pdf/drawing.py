"""A page that MuPDF has loaded: where its edges are, and its pixels.

Importing this limits what MuPDF keeps in memory, in this process, and quiets it.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from pymupdf import mupdf

from ingest.types import Area

STORE_BYTES = 24 << 20
"""What MuPDF may keep of decoded pictures, fonts and shadings. Its default of 256 MB is more than all else in a reading child."""
SIDE_MAX_PT = 100_000.0
"""PDF 32000-1, annex C, allows 14,400 units, and UserUnit multiplies them. A page that claims more is shown squeezed."""
SIDES_RATIO_MAX = 1_000.0
DEFAULT_SIZE_PT = (612.0, 792.0)
"""Of a page that does not say: US Letter, as MuPDF takes it too."""
_IDENTITY = mupdf.FzMatrix()
_RGB = mupdf.FzColorspace(mupdf.FzColorspace.Fixed_RGB)
_GREY = mupdf.FzColorspace(mupdf.FzColorspace.Fixed_GRAY)


class Frame(NamedTuple):
    """The edges of a page in MuPDF's coordinates: points, y downwards, cropped and turned as shown."""

    x: float
    y: float
    width: float
    height: float

    def area(self, rect: Any) -> Area:
        """A rectangle of MuPDF's as fractions of the page; what lies outside is cut off."""
        x0, x1 = _fraction(rect.x0, self.x, self.width), _fraction(rect.x1, self.x, self.width)
        y0, y1 = _fraction(rect.y0, self.y, self.height), _fraction(rect.y1, self.y, self.height)
        return Area(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def frame_of(page: Any) -> Frame:
    """The edges of a loaded page."""
    rect = mupdf.fz_bound_page(page)
    return Frame(rect.x0, rect.y0, rect.x1 - rect.x0, rect.y1 - rect.y0)


def shown_size_pt(frame: Frame) -> tuple[float, float]:
    """Width and height that a picture can have: neither absurd, nor one absurdly longer than the other."""
    if not (math.isfinite(frame.width) and math.isfinite(frame.height)):
        return DEFAULT_SIZE_PT
    width, height = min(frame.width, SIDE_MAX_PT), min(frame.height, SIDE_MAX_PT)
    return max(width, height / SIDES_RATIO_MAX), max(height, width / SIDES_RATIO_MAX)


def draw(page: Any, width: int, height: int, *, is_grey: bool = False) -> bytes:
    """All of a loaded page with its annotations and form fields, stretched to this size in pixels, on white: 3 bytes a pixel, or 1.

    What is damaged in it is left out, as every viewer does.
    """
    frame = frame_of(page)
    box = mupdf.FzIrect(0, 0, width, height)
    pixmap = mupdf.fz_new_pixmap_with_bbox(_GREY if is_grey else _RGB, box, mupdf.FzSeparations(), 0)
    mupdf.fz_clear_pixmap_with_value(pixmap, 0xFF)
    across, down = width / frame.width, height / frame.height
    run(page, mupdf.fz_new_draw_device(mupdf.FzMatrix(across, 0, 0, down, -frame.x * across, -frame.y * down), pixmap))
    return bytes(mupdf.fz_pixmap_samples_memoryview(pixmap))


def run(page: Any, device: Any) -> None:
    """Have a device see all of a page. An error in it ends only what it is in, unless memory ran out: MemoryError."""
    try:
        mupdf.fz_run_page(page, device, _IDENTITY, mupdf.FzCookie())
    except mupdf.FzErrorSystem as error:
        raise MemoryError(str(error)) from error
    except mupdf.FzErrorBase:
        pass  # what was seen until then stays; MuPDF goes on by itself after most errors
    mupdf.fz_close_device(device)


def _fraction(value: float, start: float, length: float) -> float:
    part = (value - start) / length
    return min(max(round(part, 5), 0.0), 1.0) if math.isfinite(part) else 0.0


def _ignore(message: str) -> None:
    """MuPDF names objects by their numbers; what matters to people is said in `Contents.warnings`."""


mupdf.ll_fz_new_store_context(STORE_BYTES)
mupdf.fz_set_warning_callback(_ignore)
mupdf.fz_set_error_callback(_ignore)
