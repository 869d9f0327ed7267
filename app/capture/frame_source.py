"""Pictures of a screen, one after the other, for a recording. In the process that records."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Protocol

import numpy as np
from av.video.frame import VideoFrame

from app import system
from app.capture.models import Rect, Screen
from app.capture.recording_job import SIDE_PX_MIN, RecordingJob

if TYPE_CHECKING:
    from mss import MSS

GRIM_TIME_LIMIT_S = 5.0
_CHANNELS = {"bgra": 4, "rgb24": 3}
_PPM_HEADER = re.compile(rb"P6\s+(\d{1,5})\s+(\d{1,5})\s+255\s")
"""http://netpbm.sourceforge.net/doc/ppm.html; grim writes no comments into it."""


class FrameSource(Protocol):
    """One way to take pictures. Raises any exception when it cannot."""

    def grab(self) -> tuple[float, VideoFrame]:
        """When it was taken, on the monotonic clock, and the picture; both sides are even and at least SIDE_PX_MIN."""

    def close(self) -> None:
        """Give back what it holds."""


def open_source(job: RecordingJob) -> FrameSource:
    """What the job names. Raises any exception."""
    return MssSource(job.screen, job.area) if job.source == "mss" else GrimSource(job.screen, job.area)


class MssSource:
    """X11, Windows and macOS. The pointer is in the picture where mss draws it, which is X11."""

    def __init__(self, screen: Screen, area: Rect | None) -> None:
        from app.capture.handlers.mss import open_screens, place_in

        self._context = open_screens(with_pointer=True)
        self._screens: MSS = self._context.__enter__()
        left, top, right, bottom = place_in(self._screens, screen)
        if area is not None:
            scale = screen.scale if system.is_macos() else 1  # mss counts in points there
            left, top = left + round(area.x / scale), top + round(area.y / scale)
            right, bottom = left + round(area.width / scale), top + round(area.height / scale)
        self._place = (left, top, right, bottom)

    def grab(self) -> tuple[float, VideoFrame]:
        taken_s = time.monotonic()
        shot = self._screens.grab(self._place)
        return taken_s, _frame(shot.raw, shot.width, shot.height, "bgra")

    def close(self) -> None:
        self._context.__exit__(None, None, None)


class GrimSource:
    """sway and its likes: a program is run for each picture, which takes 30 to 90 ms. The pointer is in it."""

    def __init__(self, screen: Screen, area: Rect | None) -> None:
        self._command = ["grim", "-c", "-t", "ppm", "-o", screen.name, "-"]
        self._area = area

    def grab(self) -> tuple[float, VideoFrame]:
        from app.capture.handlers import commands

        taken_s = time.monotonic()
        picture = commands.run(self._command, GRIM_TIME_LIMIT_S)
        header = _PPM_HEADER.match(picture)
        if header is None:
            raise ValueError("grim gave no picture")
        width, height = int(header[1]), int(header[2])
        return taken_s, _frame(memoryview(picture)[header.end() :], width, height, "rgb24", self._area)

    def close(self) -> None:
        pass


def _frame(raw: bytearray | memoryview, width: int, height: int, pixel_format: str, area: Rect | None = None) -> VideoFrame:
    """The picture, or a part of it, with even sides: two pixels share their colour in videos. The whole picture is not copied."""
    channels = _CHANNELS[pixel_format]
    pixels = np.frombuffer(raw, np.uint8, width * height * channels).reshape(height, width, channels)
    if area is not None:
        pixels = pixels[area.y : area.y + area.height, area.x : area.x + area.width]
    height, width = pixels.shape[0] & ~1, pixels.shape[1] & ~1
    if min(width, height) < SIDE_PX_MIN:
        raise ValueError(f"a picture of {width} x {height} pixels is too small for a video")
    return VideoFrame.from_numpy_buffer(np.ascontiguousarray(pixels[:height, :width]), pixel_format)
