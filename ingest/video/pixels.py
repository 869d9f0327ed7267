"""Frames as they are shown: pixels square, turned as the file says, in RGB.

swscale converts with the matrix and range that the frame names; where it names none, BT.601 in the limited range, as the `ffmpeg`
program does. Wide colours (HDR) are not mapped to the screen's. Transparent parts are white. Interlaced frames stay as they are.
"""

from __future__ import annotations

from fractions import Fraction
from typing import cast

import numpy as np
from av.sidedata.sidedata import SideData
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation
from numpy.typing import NDArray

from ingest.sampling import Fingerprint, fingerprint_size
from ingest.types import Pixels

_SCALING = Interpolation.BICUBIC | Interpolation.ACCURATE_RND
_ASPECT_MAX = 10
"""Pixels that are more oblong than that are an error in the file."""
_CELL_PX = 4
"""Of fingerprints: half a block of the codecs."""
_UNSPECIFIED = 2
"""AVCOL_SPC_UNSPECIFIED."""


def shown_size(frame: VideoFrame, aspect: Fraction | None) -> tuple[int, int]:
    """Width and height of the frame on the screen. `aspect` is the width of its pixels by their height."""
    width, height = frame.width, frame.height
    if aspect and Fraction(1, _ASPECT_MAX) <= aspect <= _ASPECT_MAX:
        width = max(1, round(width * aspect))
    return (height, width) if _orientation(frame)[0] % 2 else (width, height)


def to_pixels(frame: VideoFrame, width: int, height: int) -> Pixels:
    """The frame turned and stretched to exactly `width` x `height`."""
    quarters, is_mirrored = _orientation(frame)
    size = (height, width) if quarters % 2 else (width, height)
    if any(component.is_alpha for component in frame.format.components):
        rgb = _on_white(_converted(frame, size, "rgba"))
    else:
        rgb = _converted(frame, size, "rgb24")
    if is_mirrored:
        rgb = rgb[:, ::-1]
    return Pixels(width, height, np.ascontiguousarray(np.rot90(rgb, quarters)).tobytes())


def fingerprint(frame: VideoFrame) -> Fingerprint:
    """What the frame is compared by."""
    return Fingerprint(_converted(frame, fingerprint_size(frame.width, frame.height, _CELL_PX), "gray", Interpolation.AREA))


def _converted(frame: VideoFrame, size: tuple[int, int], pixel_format: str, scaling: Interpolation = _SCALING) -> NDArray[np.uint8]:
    def reformat() -> VideoFrame:
        return frame.reformat(*size, format=pixel_format, interpolation=scaling, dst_color_range="JPEG", threads=1)

    try:
        converted = reformat()
    except (OSError, ValueError, NotImplementedError):  # a matrix that swscale does not know
        frame.colorspace = _UNSPECIFIED
        converted = reformat()
    return cast(NDArray[np.uint8], converted.to_ndarray())


def _on_white(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    alpha = rgba[..., 3:].astype(np.uint16)
    return ((rgba[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)


def _orientation(frame: VideoFrame) -> tuple[int, bool]:
    """Quarter turns counterclockwise, and whether the picture is mirrored left to right before that.

    The display matrix holds, row by row in fixed point, where a point of the frame goes: x' = a x + c y, y' = b x + d y, y down
    (libavutil/display.h). Only its signs matter here; slants are ignored.
    """
    matrix = frame.side_data.get("DISPLAYMATRIX")
    if matrix is None:
        return 0, False
    a, b, _, c, d = (int(value) for value in np.frombuffer(bytes(cast(SideData, matrix)), np.int32)[:5])
    is_mirrored = a * d - b * c < 0
    if is_mirrored:
        a, b = -a, -b
    if abs(a) >= abs(b):
        return (0 if a >= 0 else 2), is_mirrored
    return (3 if b > 0 else 1), is_mirrored
