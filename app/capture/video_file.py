"""A video that can be read at any moment of its writing, whatever happens to who writes it.

Each frame is a fragment of its own (`frag_every_frame`), and the file is flushed after it. What dies with the process is the frame
that waits for the next one, since its duration is not known before. When the file is closed it becomes an ordinary MP4 without
fragments (`hybrid_fragmented`, FFmpeg 7.1). Times are those of the frames: the rate varies.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import cast

import av
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from av.video.stream import VideoStream

from app.capture.recording_job import Codec

CLOCK = 90_000
"""Ticks in a second, the usual clock of videos."""
KEY_FRAME_S = 2
"""Whoever seeks in the file has to decode so much at most."""
_BT709 = 1
"""AVCOL_SPC_BT709, AVCOL_PRI_BT709 and AVCOL_TRC_BT709: what players assume of large pictures."""
_INDEX_BYTES_PER_FRAME = 64
_INDEX_BYTES = 16_384
"""What closing adds at most: the index of an MP4 has 36 bytes for each frame, and some kilobytes for all."""
_ENCODERS: dict[Codec, tuple[str, dict[str, str]]] = {
    # The fastest that still are small, without a delay: each frame is in the file before the next one is taken.
    "h264": ("libx264", {"preset": "ultrafast", "tune": "zerolatency", "crf": "23"}),
    "vp9": ("libvpx-vp9", {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "row-mt": "1", "crf": "32", "b": "0"}),
}


class SizeLimitReached(Exception):
    """The frame would have made the file too large, and is not in it."""


class VideoFile:
    """Attributes:
    frames: how many are in the file.
    """

    def __init__(self, path: Path, codec: Codec, width: int, height: int, frames_per_s: int, size_limit_bytes: int) -> None:
        """Width and height in pixels, both even. Raises OSError."""
        self._path = path
        self._limit = size_limit_bytes
        self._container = av.open(
            str(path), "w", format="mp4", options={"movflags": "+hybrid_fragmented+frag_every_frame", "flush_packets": "1"}
        )
        encoder, options = _ENCODERS[codec]
        self._stream = cast(VideoStream, self._container.add_stream(encoder, rate=frames_per_s, options=options))
        self._stream.width, self._stream.height, self._stream.pix_fmt = width, height, "yuv420p"
        self._stream.time_base = Fraction(1, CLOCK)
        context = self._stream.codec_context
        context.time_base = Fraction(1, CLOCK)
        context.gop_size = KEY_FRAME_S * frames_per_s
        context.thread_count = 1
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = ColorRange.MPEG
        self._reformatter = VideoReformatter()
        self._is_broken = False
        self._waiting_bytes = 0
        self.frames = 0

    @property
    def bytes(self) -> int:
        """What the file has now."""
        return os.stat(self._path).st_size

    def write(self, frame: VideoFrame, ticks: int) -> None:
        """Add a frame that was seen `ticks` of CLOCK after the first one; each is later than the one before.

        Raises SizeLimitReached, and OSError or av.FFmpegError when it cannot be written; then nothing more can.
        """
        converted = self._reformatter.reformat(
            frame,
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation=Interpolation.FAST_BILINEAR,
            threads=1,
        )
        converted.pts, converted.time_base = ticks, Fraction(1, CLOCK)
        for packet in self._stream.encode(converted):
            index_bytes = _INDEX_BYTES + (self.frames + 1) * _INDEX_BYTES_PER_FRAME
            if self.bytes + self._waiting_bytes + packet.size + index_bytes > self._limit:
                raise SizeLimitReached
            self._waiting_bytes = packet.size
            self._whole(partial(self._container.mux, packet))
            self.frames += 1

    def close(self) -> None:
        """Make an ordinary video of it. Raises as `write` does; the file can be read all the same."""
        if not self._is_broken:
            self._whole(self._container.close)

    def _whole(self, action: Callable[[], object]) -> None:
        """Do it wholly, or leave the file as it was.

        FFmpeg writes nothing more after its first error, and without closing the fragments stay as they are: only the one that was
        begun has to go, or readers would complain about it.
        """
        before = self.bytes
        try:
            action()
        except (OSError, av.FFmpegError):
            self._is_broken = True
            os.truncate(self._path, before)
            raise
