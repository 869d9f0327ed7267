"""A video as a `Clip`. Time 0 is the first frame that is shown, after edit lists, as players count."""

from __future__ import annotations

import bisect
import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import BinaryIO

import av
from av.container import InputContainer
from av.video.frame import VideoFrame

from ingest.documents import Source
from ingest.errors import Damaged, NoSuchPage
from ingest.sampling import Candidate, Fingerprint, is_near_duplicate, select, target_times
from ingest.types import Contents, FrameTime, Pixels
from ingest.video.container import open_container, picture_stream
from ingest.video.frames import FrameReader, ShownTimes, frame_pts, read_packet
from ingest.video.pixels import fingerprint, shown_size, to_pixels
from ingest.video.plan import Look, Packets, plan
from ingest.video.tracks import read_subtitles

_ROUNDING_S = 1e-6
"""Saved times are rounded to that; no two frames are so close."""
_KEPT_BYTES_MAX = 128 << 20
_RATE_MAX = 1000
_DURATION_MAX_S = 1e7
"""Longer is an error in the file."""
_NO_GUESS = 1 << 60
_CUT_OFF_SHARE = 0.02
_TITLE_CHARACTERS_MAX = 500


def open_clip(source: Source) -> VideoClip:
    """A video. Raises Damaged, Empty, FormatUnsupported or TooLarge."""
    stream = source.open()
    try:
        return VideoClip(source, stream, open_container(source, stream))
    except BaseException:
        stream.close()
        raise


class VideoClip:
    """One video, with its container and decoder kept open. A `Clip`."""

    def __init__(self, source: Source, file: BinaryIO, container: InputContainer) -> None:
        self._name, self._file, self._container = source.name, file, container
        self._stream = picture_stream(container, source)
        self._frames = FrameReader(container, self._stream)
        self._second = 1 / (self._stream.time_base or Fraction(1))
        first = self._frames.start()
        if first is None:
            raise Damaged(f"{source.name} is damaged: none of its frames can be decoded.")
        self._first_pts = self._frames.first_pts
        self._pixels = first.width * first.height
        self._end_pts = max(self._find_end(), self._first_pts + 1)
        width, height = shown_size(first, self._stream.sample_aspect_ratio)
        has_tracks = len(container.streams.subtitles) > 0
        subtitles, warnings = read_subtitles(source, self._first_pts / self._second) if has_tracks else ((), [])
        rate = self._stream.average_rate
        self.contents = Contents(
            kind="video",
            title=self._container.metadata.get("title", "")[:_TITLE_CHARACTERS_MAX],
            warnings=(*self._cut_off(), *warnings),
            renderer="ffmpeg {}.{}.{}".format(*av.library_versions["libavcodec"]),
            duration_s=self._time(self._end_pts),
            width=width,
            height=height,
            frames_per_s=float(rate) if rate and 0 < rate <= _RATE_MAX else None,
            subtitles=subtitles,
        )
        self._planned: list[int] = []
        self._kept: dict[int, VideoFrame] = {}
        self._kept_bytes = 0

    def times(self, start_s: float, end_s: float | None, frames_per_s: float | None, count_max: int) -> Sequence[FrameTime]:
        """The frames worth looking at (`ingest.documents.Clip.times`).

        Without a rate, packets tell where the picture may change, and what is decoded is bounded: in long ranges the frames are
        key frames near the times of the rate (`ingest.video.plan`). With a rate nothing is decoded; a frame that is shown at
        several of the times is listed once. Raises NoSuchPage when the range lies outside of the video.
        """
        duration_s = self._time(self._end_pts)
        end_s = duration_s if end_s is None else min(end_s, duration_s)
        if not 0 <= start_s < duration_s or end_s < start_s:
            raise NoSuchPage(f"{self._name} lasts {duration_s:.1f} seconds; there is nothing from {start_s:.1f} to {end_s:.1f}.")
        targets = [self._pts(time_s) for time_s in target_times(start_s, end_s, frames_per_s, count_max)]
        self._kept, self._kept_bytes = {}, 0
        times = self._at_rate(targets) if frames_per_s is not None else self._by_rule(targets, self._pts(end_s), count_max)
        self._planned = [self._pts(time.time_s) for time in times]
        return times

    def frame(self, time_s: float, width: int, height: int) -> Pixels:
        """The frame shown at `time_s` (`ingest.documents.Clip.frame`). Raises NoSuchPage or Damaged."""
        pts = self._pts(time_s) if math.isfinite(time_s) else -1
        if not self._first_pts <= pts <= self._end_pts:
            lasts_s = self._time(self._end_pts)
            raise NoSuchPage(f"{self._name} lasts {lasts_s:.1f} seconds; there is no frame at {time_s:.1f}.")
        after = bisect.bisect_right(self._planned, pts)
        following = self._planned[after] if after < len(self._planned) else None
        frame = self._kept.get(pts) or self._frames.frame(pts, following)
        if frame is None:
            raise Damaged(f"{self._name} is damaged: its frame at {time_s:.1f} seconds cannot be decoded.")
        return to_pixels(frame, width, height)

    def close(self) -> None:
        """Give the file, the decoder and the kept frames back."""
        self._kept.clear()
        self._container.close()
        self._file.close()

    def _at_rate(self, targets: Sequence[int]) -> list[FrameTime]:
        shown = ShownTimes(self._frames)
        found = [self._shown_at(shown, pts) for pts in targets]
        return [FrameTime(self._time(pts)) for pts in dict.fromkeys(found)]

    def _shown_at(self, shown: ShownTimes, pts: int) -> int:
        found = shown.at(pts)
        if found is None:  # only decoding tells
            frame = self._frames.frame(pts)
            found = frame_pts(frame) if frame is not None else None
        return max(self._first_pts, pts if found is None else found)

    def _by_rule(self, targets: Sequence[int], end_pts: int, count_max: int) -> list[FrameTime]:
        packets = Packets.read(self._frames, targets[0], max(end_pts, targets[-1]))
        looks = plan(packets, targets, end_pts, self._pixels) if packets is not None else []
        if not looks:
            keys = dict.fromkeys(self._frames.key_pts(pts) for pts in targets)
            looks = [Look(pts, is_extra=False, is_affordable=True) for pts in keys]
        following = dict(pairwise(look.pts for look in looks if look.is_affordable))
        candidates: dict[int, Candidate] = {}
        last: Fingerprint | None = None
        for look in looks:
            frame = self._frames.frame(look.pts, following.get(look.pts)) if look.is_affordable else None
            pts = frame_pts(frame) if frame is not None else look.pts
            if pts is None or pts in candidates or (frame is None and look.is_affordable):
                continue
            seen = fingerprint(frame) if frame is not None else None
            candidates[pts] = Candidate(self._time(pts), seen, look.is_extra)
            if frame is not None and seen is not None and (last is None or not is_near_duplicate(last, seen)):
                self._keep(pts, frame)
            last = seen
        times = select(list(candidates.values()), count_max)
        chosen = {self._pts(time.time_s) for time in times}
        self._kept = {pts: frame for pts, frame in self._kept.items() if pts in chosen}
        return times

    def _keep(self, pts: int, frame: VideoFrame) -> None:
        """For when it is asked for, while there is room."""
        self._kept_bytes += sum(plane.buffer_size for plane in frame.planes)
        if self._kept_bytes <= _KEPT_BYTES_MAX:
            self._kept[pts] = frame

    def _time(self, pts: int) -> float:
        return float((pts - self._first_pts) / self._second)

    def _pts(self, time_s: float) -> int:
        """The last time of the stream's clock that is not behind `time_s`."""
        return self._first_pts + math.floor((min(time_s, _DURATION_MAX_S) + _ROUNDING_S) * self._second)

    def _find_end(self) -> int:
        """When the last frame is over: durations in headers are often missing or wrong, packets are not."""
        declared = self._declared_s()
        guess = self._first_pts + math.floor(declared * self._second) if declared else _NO_GUESS
        return self._last_packet_end(guess) or self._last_packet_end(self._first_pts) or 0

    def _last_packet_end(self, pts: int) -> int | None:
        """Of the packets from the key frame before `pts` on."""
        end: int | None = None
        frame_pts_count = math.ceil(self._second / self._stream.average_rate) if self._stream.average_rate else 0
        packets = self._frames.packets(pts)
        while (packet := read_packet(packets)) is not None:
            shown = self._frames.shown_pts(packet)
            if shown is None:
                shown = packet.dts if packet.pts is None and packet.size else None
            if shown is not None and shown - self._first_pts < _DURATION_MAX_S * self._second:
                end = max(end or shown, shown + (packet.duration or frame_pts_count))
        return end

    def _declared_s(self) -> float | None:
        """What the headers say, None when they say nothing or nonsense."""
        stream, container = self._stream, self._container
        if stream.duration is not None:
            declared = float(stream.duration / self._second)
        else:
            declared = (container.duration or 0) / av.time_base
        return declared if 0 < declared <= _DURATION_MAX_S else None

    def _cut_off(self) -> list[str]:
        declared, found = self._declared_s() or 0.0, self._time(self._end_pts)
        latest = max(found, float(self._end_pts / self._second))  # Matroska counts from 0, however late the first frame is
        if declared <= latest + max(1.0, _CUT_OFF_SHARE * declared):
            return []
        return [f"The video should last {declared:.1f} seconds, but its frames end after {found:.1f} seconds; it may be cut off."]
