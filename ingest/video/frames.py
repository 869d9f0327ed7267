"""The frame that is shown at a time, found with as little decoding as possible.

A packet's time says when its frame is shown, and later packets are never decoded earlier than that. So it is known from packets
alone which frame is shown at a time, and only that one has to come out: whatever no other frame refers to is skipped on the way
from the key frame. Times are `pts` in the stream's time base.
"""

from __future__ import annotations

import contextlib
import math
from collections import deque
from collections.abc import Iterator
from itertools import chain
from typing import TypeAlias

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

Packets: TypeAlias = "Iterator[Packet[VideoStream]]"

_LOOKAHEAD = 24
"""Packets read ahead of the decoder; H.264 and HEVC reorder at most 16 frames."""
_FORWARD_S = 2.0
"""Without an index, decode on rather than seek when the next time is that close."""
_BACK_S = 1.0
"""How much earlier a seek begins that ended up too late; doubled each time."""
_KEYLESS_MAX = 5000
"""Packets without a key frame among them after which to look further back."""
_LAST = (1 << 62) - 1
_REORDERED = ("h264", "hevc")
_VP8_SHOWN = 0x10
"""RFC 6386, 9.1: show_frame of the frame tag."""


def frame_pts(frame: VideoFrame) -> int | None:
    """When a frame is shown; where that is unknown, when it was decoded."""
    return frame.pts if frame.pts is not None else frame.dts


def read_packet(packets: Packets) -> Packet[VideoStream] | None:
    """The next packet; None at the end, and where the file is cut off or the disk fails."""
    try:
        return next(packets, None)
    except av.FFmpegError:
        return None


class FrameReader:
    """Frames of one stream, best asked for in order.

    Attributes:
        first_pts: of the first frame that is shown; 0 before `start` was called.
    """

    def __init__(self, container: InputContainer, stream: VideoStream) -> None:
        self._container, self._stream = container, stream
        self._second = max(1, round(1 / (stream.time_base or 1)))
        self.first_pts = 0
        self._packets: Packets | None = None
        self._pending: deque[Packet[VideoStream]] = deque()
        self._times: deque[int] = deque(maxlen=4 * _LOOKAHEAD)
        self._recent: list[VideoFrame] = []
        self._read_to: float = -math.inf
        # AVI knows the order of decoding only. Where that is not the order of showing, frames are counted from the start.
        self._is_counted = container.format.name == "avi" and stream.codec_context.name in _REORDERED
        self._clock: deque[int] = deque()

    def shown_pts(self, packet: Packet[VideoStream]) -> int | None:
        """When the packet's frame is shown; None when it never is, or when the container does not say."""
        if packet.is_discard or packet.size == 0:
            return None
        if self._is_counted:
            return packet.dts
        if self._stream.codec_context.name == "vp8" and not bytes(memoryview(packet)[:1])[0] & _VP8_SHOWN:
            return None
        return packet.pts

    def start(self) -> VideoFrame | None:
        """The first frame that is shown, None when there is none."""
        self._restart(self._demux())
        frame = self._advance(_LAST, None, is_first_enough=True)
        self._packets = None
        if frame is not None:
            self.first_pts = frame_pts(frame) or 0
        return frame

    def packets(self, pts: int) -> Packets:
        """The packets from the key frame on that is needed for `pts`. Ends what the decoder was doing."""
        return self._from_key(pts)[0]

    def key_pts(self, pts: int) -> int:
        """When the key frame is shown that is needed for `pts`; `pts` itself where that is unknown."""
        packet = read_packet(self.packets(pts))
        found = self.shown_pts(packet) if packet is not None else None
        return pts if found is None or found > pts else max(found, self.first_pts)

    def frame(self, pts: int, next_pts: int | None = None) -> VideoFrame | None:
        """The last frame shown at or before `pts`, None when there is none.

        `next_pts` is what will be asked for next, as far as it is known.
        """
        pts = max(pts, self.first_pts)
        if self._recent and frame_pts(self._recent[0]) == pts:
            return self._recent[0]
        if self._packets is not None and self._leads_to(pts):
            return self._advance(pts, next_pts)
        wanted, back = pts, round(_BACK_S * self._second)
        while True:
            packets, is_start = self._from_key(wanted)
            self._restart(packets)
            frame = self._advance(pts, next_pts)
            if frame is not None or is_start:
                return frame
            wanted, back = wanted - back, back * 2  # what came out first is too late, as after an open group of pictures

    def _leads_to(self, pts: int) -> bool:
        """Whether decoding on gets there, and sooner than a seek."""
        earliest = frame_pts(self._recent[0]) if self._recent else None
        return earliest is not None and earliest <= pts and (self._read_to > pts or not self.has_key_between(self._read_to, pts))

    def has_key_between(self, at: float, pts: int) -> bool:
        """Whether a key frame lies between two times; a guess where the index does not reach so far."""
        entries = self._stream.index_entries
        found = entries.search_timestamp(pts, backward=True)
        if found >= 0 and entries[found].timestamp > at:
            return True
        return not 0 <= found < len(entries) - 1 and pts - at > _FORWARD_S * self._second

    def _from_key(self, pts: int) -> tuple[Packets, bool]:
        """Packets from a key frame shown at or before `pts`, and whether they are the first of all."""
        wanted, back = pts, round(_BACK_S * self._second)
        if self._container.format.name == "mpeg":
            wanted -= back  # in a program stream the first packets after a seek carry times of others
        while wanted > self.first_pts - self._second and not self._is_counted:
            self._seek(wanted)
            packets = self._demux()
            first = _first_key(packets)
            if first is not None and first.pts is not None and first.pts <= pts:
                return chain((first,), packets), False
            wanted, back = wanted - back, back * 2
        self._seek(min(self.first_pts, self._stream.start_time or 0) - self._second)
        return self._demux(), True

    def _demux(self) -> Packets:
        while True:
            try:
                yield from self._container.demux(self._stream)
                return
            except IndexError:  # PyAV 18.1 stumbles over the packets of streams that begin on the way; go on behind it
                continue

    def _seek(self, pts: int) -> None:
        self._packets = None
        start = self._stream.start_time or 0
        # AVI refuses what is before the first frame, MP4 everything when none of its frames is marked as a key frame.
        for wanted, any_frame in ((pts, False), (max(pts, start), False), (start, True)):
            with contextlib.suppress(av.FFmpegError, OverflowError):
                self._container.seek(wanted, stream=self._stream, any_frame=any_frame)
                return
        self._container.seek(0, unsupported_byte_offset=True)  # there is nothing to seek by

    def _restart(self, packets: Packets) -> None:
        self._packets, self._read_to = packets, -math.inf
        self._pending.clear()
        self._times.clear()
        self._recent.clear()
        self._clock.clear()

    def _advance(self, pts: int, next_pts: int | None, is_first_enough: bool = False) -> VideoFrame | None:
        """Decode until the frame shown at `pts` is out, or nothing is left."""
        self._keep([], pts)
        while not self._is_out(pts) and not (is_first_enough and self._recent):
            self._read_ahead(pts)
            if not self._pending:
                break
            packet = self._pending.popleft()
            target = self._target(pts)
            is_target = target is not None and packet.pts == target and not self._is_counted
            # Frames that nothing refers to are skipped, unless one of them is wanted.
            is_wanted = is_first_enough or self._is_counted or target is None or packet.pts is None or packet.pts >= target
            self._stream.codec_context.skip_frame = "DEFAULT" if is_wanted else "NONREF"
            self._keep(_decode(self._stream, packet), pts)
            if is_target and next_pts is not None and self._read_to > pts and self.has_key_between(self._read_to, next_pts):
                self._keep(_decode(self._stream, None), pts)
                del self._recent[1:]  # frames after it may have been skipped
                self._packets = None  # a drained decoder has to start anew
                break
        first = frame_pts(self._recent[0]) if self._recent else None
        return self._recent[0] if (is_first_enough and self._recent) or (first is not None and first <= pts) else None

    def _is_out(self, pts: int) -> bool:
        """Whether nothing that is still to come is shown at `pts`."""
        last = frame_pts(self._recent[-1]) if self._recent else None
        if last is None:
            return False
        return last > pts or (self._read_to > pts and frame_pts(self._recent[0]) == self._target(pts))

    def _target(self, pts: int) -> int | None:
        """When the frame shown at `pts` began to be, by the packets read so far."""
        return max((time for time in self._times if time <= pts), default=None)

    def _read_ahead(self, pts: int) -> None:
        while self._packets is not None and (not self._pending or (self._read_to <= pts and len(self._pending) < _LOOKAHEAD)):
            packet = read_packet(self._packets)
            if packet is None:
                self._read_to = math.inf
                return
            self._pending.append(packet)
            time = self.shown_pts(packet)
            if time is not None:
                self._times.append(time)
                if self._is_counted:
                    self._clock.append(time)
            if packet.size == 0:
                self._read_to = math.inf
            elif packet.dts is not None and time is not None:
                self._read_to = packet.dts

    def _keep(self, frames: list[VideoFrame], pts: int) -> None:
        """Remember what came out, but for what is over by `pts`."""
        for frame in frames if self._is_counted else ():
            frame.pts = self._clock.popleft() if self._clock else frame.dts
        self._recent += frames
        while len(self._recent) > 1 and (frame_pts(self._recent[1]) or 0) <= pts:
            del self._recent[0]


def _first_key(packets: Packets) -> Packet[VideoStream] | None:
    for _ in range(_KEYLESS_MAX):
        packet = read_packet(packets)
        if packet is None or packet.is_keyframe:
            return packet
    return None


def _decode(stream: VideoStream, packet: Packet[VideoStream] | None) -> list[VideoFrame]:
    try:
        return stream.decode(packet)
    except av.EOFError:  # drained before
        return []
    except av.FFmpegError:  # one damaged packet; the next key frame mends it
        return []


class ShownTimes:
    """When the frame shown at a time began to be, without decoding; to be asked in order."""

    def __init__(self, frames: FrameReader) -> None:
        self._frames = frames
        self._packets: Packets | None = None
        self._times: list[int] = []
        self._read_to: float = -math.inf

    def at(self, pts: int) -> int | None:
        """Its `pts`; None where the container does not say or nothing is shown so early."""
        if self._packets is None or self._frames.has_key_between(self._read_to, pts):
            self._packets, self._times, self._read_to = self._frames.packets(pts), [], -math.inf
        while self._read_to <= pts and (packet := read_packet(self._packets)) is not None:
            time = self._frames.shown_pts(packet)
            if time is not None:
                self._times.append(time)
            self._read_to = max(self._read_to, packet.dts if packet.dts is not None and packet.size else -math.inf)
        found = max((time for time in self._times if time <= pts), default=None)
        if found is None:
            self._packets = None  # the caller may decode, which moves the container
        self._times = [time for time in self._times if found is None or time >= found]
        return found
