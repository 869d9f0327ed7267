"""Which frames of a video or an animation are worth looking at.

The rate is GLM-4.6V's own. Two frames are compared by `Fingerprint`s, small grey pictures, cell by cell: what counts is the
cell that differs most, not the mean, so that a changed digit or a blinking cursor of a screen recording is a change while the
noise of compression, which is weak everywhere, is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest import limits
from ingest.types import FrameTime

_RATES = ((30.0, 3.0), (300.0, 1.0), (float("inf"), 0.5))
"""Frames a second for a range of up to so many seconds (transformers glm46v video processor, DYNAMIC_FPS_THRES)."""
_TEMPORAL_PATCH = 2
"""The model sees two frames at once, and the rate counts such pairs (same place)."""
_LENGTH_MAX_S = 2400.0
"""The number of frames grows up to this length (same place, MAX_DURATION)."""

FINGERPRINT_SIDE_MAX = 320
"""Longer side of a fingerprint: a cell is 6 x 6 pixels of a 1080p recording, and a text cursor fills a third of a column."""
CHANGED_LEVELS = (16, 28)
"""A cell has changed when its grey, 0..255, differs by more: by the first where nearly all cells are alike, up to the second where
compression leaves noise everywhere. Measured on a still 1080p page of text through x264: noise differs by up to 12 at crf 23 and 27
at crf 36; a grey digit of 14 pixels height by 21, a text cursor by 57 and more."""
_NOISE_FACTOR = 4
"""The strongest noise is that many times what nine tenths of the cells stay below (same measurement)."""
SCENE_CELLS_MIN = 0.05
"""Share of the cells that change when a slide, a window or a shot does."""


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """A frame reduced to grey cells, rows x columns, uint8, each the mean of what it covers; see `fingerprint_size`."""

    cells: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A frame that may be taken.

    Attributes:
        time_s: when it is shown.
        fingerprint: None when it was too costly to look at; such a frame is never left out as a duplicate.
        is_extra: not asked for by the rate; taken only if the picture has changed by then.
    """

    time_s: float
    fingerprint: Fingerprint | None
    is_extra: bool = False


def target_times(start_s: float, end_s: float, frames_per_s: float | None, count_max: int) -> list[float]:
    """The times to look at in a range of seconds, the first at its start; at least one, at most `count_max`.

    Without a rate GLM-4.6V's rule holds: 3, 1 or 0.5 pairs of frames a second in ranges of up to 30 s, up to 300 s and longer,
    at most 640 frames. The rule counts no further than 2400 s. As in transformers, what lies behind is not cut off: whenever there
    are more times than allowed, the allowed number is spread evenly from the start to the end. The same is done when a rate of the
    user's gives too many.
    """
    length_s = max(0.0, end_s - start_s)
    if frames_per_s is None:
        rate = next(rate for length_max, rate in _RATES if length_s <= length_max) * _TEMPORAL_PATCH
        count_max = min(count_max, limits.FRAMES_MAX, max(1, int(_LENGTH_MAX_S * rate)))
    else:
        rate = frames_per_s
    count = max(1, int(min(length_s * rate, 1e9) + 1 - 1e-6))  # also the last that still lies before the end
    if count <= count_max:
        return [start_s + index / rate for index in range(count)]
    count = max(1, count_max)
    return [start_s + index * length_s / max(1, count - 1) for index in range(count)]


def fingerprint_size(width: int, height: int, cell_px: int = 1) -> tuple[int, int]:
    """Columns and rows of the fingerprint of a picture of `width` x `height`.

    `cell_px` is the least that the side of a cell covers: a few pixels where compression leaves noise to be averaged out.
    """
    scale = min(1 / cell_px, FINGERPRINT_SIDE_MAX / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def is_near_duplicate(a: Fingerprint, b: Fingerprint) -> bool:
    """Whether nobody would see a difference worth mentioning."""
    return a.cells.shape == b.cells.shape and _changed_share(a, b) == 0.0


def is_scene_change(a: Fingerprint, b: Fingerprint) -> bool:
    """Whether a good part of the picture is another."""
    return a.cells.shape != b.cells.shape or _changed_share(a, b) >= SCENE_CELLS_MIN


def select(candidates: Sequence[Candidate], count_max: int) -> list[FrameTime]:
    """Leave out near-duplicates of the frame kept before, keep the extra ones that begin a scene; at most `count_max`.

    `candidates` are in order of time. When too many remain, the ones that begin scenes stay first, the others evenly.
    """
    kept: list[FrameTime] = []
    last: Fingerprint | None = None
    for candidate in candidates:
        now = candidate.fingerprint
        is_scene = last is not None and now is not None and candidate.is_extra and is_scene_change(last, now)
        if candidate.is_extra and not is_scene:
            continue
        if last is not None and now is not None and not is_scene and is_near_duplicate(last, now):
            continue
        kept.append(FrameTime(candidate.time_s, is_scene))
        last = now
    scenes = [time for time in kept if time.is_scene_start]
    others = [time for time in kept if not time.is_scene_start]
    scenes = _evenly(scenes, count_max - 1 if others else count_max)
    return sorted([*scenes, *_evenly(others, count_max - len(scenes))], key=lambda time: time.time_s)


def _changed_share(a: Fingerprint, b: Fingerprint) -> float:
    differences = np.abs(a.cells.astype(np.int16) - b.cells)
    noise = float(np.percentile(differences, 90))
    return float((differences > np.clip(_NOISE_FACTOR * noise, *CHANGED_LEVELS)).mean())


def _evenly(times: list[FrameTime], count: int) -> list[FrameTime]:
    """At most `count` of them, the first included."""
    if len(times) <= count:
        return times
    return [times[index * len(times) // count] for index in range(count)]
