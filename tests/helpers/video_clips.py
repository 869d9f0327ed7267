"""Videos as the reading child sees them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ingest.documents import Source
from ingest.video import open_clip
from ingest.video.clip import VideoClip
from tests.helpers.video_files import HEIGHT, WIDTH, read_number


def open_path(path: Path) -> VideoClip:
    """Opened in this process."""
    return open_clip(Source(path.name, path=path))


def shot(clip: VideoClip, time_s: float) -> int:
    """The number of the frame that is shown at a time."""
    return read_number(clip.frame(time_s, WIDTH, HEIGHT).rgb, WIDTH, HEIGHT)


def picture(clip: VideoClip, time_s: float = 0.0, size: tuple[int, int] | None = None) -> np.ndarray:
    """A frame as rows x columns x 3, in its own size unless told."""
    width, height = size or (clip.contents.width, clip.contents.height)
    return np.frombuffer(clip.frame(time_s, width, height).rgb, np.uint8).reshape(height, width, 3).astype(int)
