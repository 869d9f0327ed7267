"""Which frames to look at when nobody said which: found from packets alone, so that little has to be decoded.

A key frame costs one frame to look at, any other all that lie between. Where a range asks for more decoding than the budget holds,
the times of the rate move to the key frame next to them. What is then too costly is taken without looking, unless its bytes say
that nothing has changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.video.frames import FrameReader, read_packet

PACKETS_MAX = 1_000_000
"""Nine hours at 30 frames a second. In what is longer, the key frames before the times of the rate are looked at, no more."""
BUDGET_S = 40.0
"""Nominal processor time to decode; a busy computer may take four times as long and stays within the limit of a reader."""
_STILL_FRAME_S_PER_PIXEL, _FRAME_S_PER_PIXEL = 0.5e-9, 2e-9
_FRAME_S_PER_BYTE = 120e-9
"""What decoding costs nominally: 1 ms for a frame of 1080p that changes nothing, 6 ms for one of 16 kB (H.264 on a server's core of
2.5 GHz). Not measured while running, so that the same video always gives the same frames."""
_STILL_BYTES, _STILL_BYTES_PER_PIXEL = 40, 1 / 20_000
"""A frame that takes no more says only that nothing has changed: 21 bytes at 640 x 360 (x264)."""
_EXTRAS_MAX = 400
_OUTLIER_FACTOR = 4.0
_OUTLIER_BYTES_PER_PIXEL = 1 / 1500
"""A frame that takes so many times the bytes of its neighbours, and is more than a few letters, may show something new: a plain
slide takes 1,554 bytes at 640 x 360 where the frames around it take 21 (x264)."""
_INTRA_JUMP = 0.15
"""Where all are key frames: a change in size by that part."""
_NEIGHBOURS = 31


@dataclass(frozen=True, slots=True)
class Look:
    """A frame to look at.

    Attributes:
        pts: when it is shown.
        is_extra: not for the rate, but because the picture may change there.
        is_affordable: whether decoding it is within the budget.
    """

    pts: int
    is_extra: bool
    is_affordable: bool


@dataclass(frozen=True, slots=True)
class Packets:
    """The packets of a range in decoding order, from a key frame on: when shown, whether a key frame, and bytes."""

    pts: NDArray[np.int64]
    is_key: NDArray[np.bool_]
    sizes: NDArray[np.int64]

    def still(self, pixels: int) -> NDArray[np.bool_]:
        """Which of them change nothing, in frames of so many pixels."""
        return ~self.is_key & (self.sizes <= _STILL_BYTES + pixels * _STILL_BYTES_PER_PIXEL)

    @classmethod
    def read(cls, frames: FrameReader, start_pts: int, end_pts: int) -> Packets | None:
        """All that are shown between two times; None when they do not say when they are shown, or are too many."""
        rows: list[tuple[int, bool, int]] = []
        packets = frames.packets(start_pts)
        while (packet := read_packet(packets)) is not None:
            if (packet.size and packet.pts is None) or len(rows) == PACKETS_MAX:
                return None
            pts = frames.shown_pts(packet)
            if pts is not None:
                rows.append((pts, packet.is_keyframe, packet.size))
            if packet.dts is not None and packet.dts > end_pts:
                break
        columns = list(zip(*rows, strict=True)) or [(), (), ()]
        return cls(np.array(columns[0], np.int64), np.array(columns[1], np.bool_), np.array(columns[2], np.int64))


def plan(packets: Packets, targets: Sequence[int], end_pts: int, pixels: int) -> list[Look]:
    """What to look at for the times of the rate, `targets`, and for changes between the first of them and `end_pts`; in order.

    `pixels` is the size of a frame.
    """
    shown = np.sort(packets.pts)
    if not len(shown) or not targets:
        return []
    wanted = np.unique(shown[np.maximum(0, np.searchsorted(shown, targets, "right") - 1)])
    costs = _Costs(packets, pixels)
    if costs.total(wanted) > BUDGET_S:
        wanted = _at_keys(wanted, np.sort(packets.pts[packets.is_key]))
    extras = np.setdiff1d(_changes(packets, pixels), wanted)
    extras = extras[(extras > wanted[0]) & (extras <= end_pts)]
    affordable = costs.affordable([*wanted, *extras])
    looks = [Look(int(pts), False, int(pts) in affordable) for pts in wanted]
    looks += [Look(int(pts), True, True) for pts in extras if int(pts) in affordable]
    return _without_still(sorted(looks, key=lambda look: look.pts), packets, pixels)


def _without_still(looks: Sequence[Look], packets: Packets, pixels: int) -> list[Look]:
    """Without those that are too costly to look at, and show what the frame before showed, because nothing changed since."""
    order = np.argsort(packets.pts, kind="stable")
    changes = np.cumsum(~packets.still(pixels)[order])
    at = np.searchsorted(packets.pts[order], [look.pts for look in looks], "right") - 1
    since = np.diff(changes[at], prepend=-1)
    return [look for look, count in zip(looks, since.tolist(), strict=True) if look.is_affordable or count]


class _Costs:
    """What it takes to decode each frame, from its key frame on, in nominal seconds."""

    def __init__(self, packets: Packets, pixels: int) -> None:
        per_pixel = np.where(packets.still(pixels), _STILL_FRAME_S_PER_PIXEL, _FRAME_S_PER_PIXEL)
        each = pixels * per_pixel + packets.sizes * _FRAME_S_PER_BYTE
        groups = np.cumsum(packets.is_key)
        total = np.cumsum(each)
        starts = np.flatnonzero(np.diff(groups, prepend=groups[:1] - 1))
        before = (total - each)[starts]
        from_key = total - before[np.searchsorted(starts, np.arange(len(each)), "right") - 1]
        self._of = {
            pts: (group, cost) for pts, group, cost in zip(*map(np.ndarray.tolist, (packets.pts, groups, from_key)), strict=True)
        }

    def total(self, wanted: NDArray[np.int64]) -> float:
        """Of all these together; a group of pictures is decoded once."""
        last: dict[int, float] = {}
        for pts in wanted.tolist():
            group, cost = self._of[pts]
            last[group] = max(last.get(group, 0.0), cost)
        return sum(last.values())

    def affordable(self, wanted: Iterable[int]) -> set[int]:
        """Those that fit the budget, cheapest first."""
        spent, chosen = 0.0, set()
        last: dict[int, float] = {}
        for pts in sorted(map(int, wanted), key=lambda pts: self._of[pts][1]):
            group, cost = self._of[pts]
            more = max(0.0, cost - last.get(group, 0.0))
            if spent + more <= BUDGET_S:
                spent, last[group] = spent + more, max(cost, last.get(group, 0.0))
                chosen.add(pts)
        return chosen


def _at_keys(wanted: NDArray[np.int64], keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each moved to the nearest key frame that is no further than half way to its neighbours, where there is one."""
    if not len(keys) or len(wanted) < 2:
        return wanted
    half = int(np.median(np.diff(wanted))) // 2
    after = np.clip(np.searchsorted(keys, wanted), 1, max(1, len(keys) - 1))
    left, right = keys[after - 1], keys[np.minimum(after, len(keys) - 1)]
    nearest = np.where(wanted - left <= right - wanted, left, right)
    return np.unique(np.where(np.abs(nearest - wanted) <= half, nearest, wanted))


def _changes(packets: Packets, pixels: int) -> NDArray[np.int64]:
    """Times at which the picture probably changes, the strongest `_EXTRAS_MAX` of them.

    Encoders begin a key frame out of turn where the picture changes, or spend many bytes on one frame.
    """
    keys = np.flatnonzero(packets.is_key)
    medians = _running_median(packets.sizes)
    if len(keys) == len(packets.pts):
        strength = np.abs(np.diff(packets.sizes, prepend=packets.sizes[:1])) / np.maximum(1, medians)
        found = np.flatnonzero(strength > _INTRA_JUMP)
        return packets.pts[found[np.argsort(-strength[found], kind="stable")[:_EXTRAS_MAX]]]
    gaps = np.diff(keys)
    usual = np.bincount(gaps).argmax() if len(gaps) else 0
    early = keys[1:][gaps < usual] if np.count_nonzero(gaps == usual) > 0.3 * len(gaps) else keys[1:]
    is_outlier = (packets.sizes > _OUTLIER_FACTOR * medians) & (packets.sizes > pixels * _OUTLIER_BYTES_PER_PIXEL)
    outliers = np.flatnonzero(is_outlier & ~packets.is_key)
    outliers = outliers[np.argsort(-packets.sizes[outliers], kind="stable")]
    chosen: NDArray[np.int64] = packets.pts[np.concatenate([early, outliers])[:_EXTRAS_MAX]]
    return chosen


def _running_median(sizes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Of each packet and its neighbours."""
    half = _NEIGHBOURS // 2
    windows = np.lib.stride_tricks.sliding_window_view(
        np.pad(sizes, half, mode="reflect" if len(sizes) > half else "edge"), _NEIGHBOURS
    )
    return np.concatenate([np.median(windows[at : at + 8192], axis=1) for at in range(0, len(windows), 8192)])
