"""Animated GIF, WebP, PNG and AVIF: frames as a browser shows them, at the times at which it shows them.

Frames are composed on a canvas that starts clear and is shown on white. Going forward costs the frames in between, or those since
the last one that does not need what was before it. One run of the animation is shown, however often it repeats.
"""

from __future__ import annotations

import bisect
import contextlib
import io
import itertools
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import PIL
from PIL import Image

from ingest import limits, sampling
from ingest.animation_files import PATCHES_MAX, Patch, Patches, find_patches, shown_for
from ingest.colours import SIDEWAYS, flatten, to_srgb, turn
from ingest.documents import Clip, Source
from ingest.errors import Damaged, Empty, NoSuchPage, TooLarge
from ingest.pillow import decoding, open_image, orientation
from ingest.sampling import Candidate, Fingerprint
from ingest.types import Contents, FrameTime, Pixels

_LOOKED_AT_FRAMES_MAX, _LOOKED_AT_PIXELS_MAX = 3000, 1_500_000_000
"""In a range with more, only the frames that the rate asks for are looked at, not those between them. Some 10 s of work."""
_MOTION_MIN = 0.25
"""When more of the frames than this change as much as a new scene does, it is motion, and the rate does it justice."""


def open_clip(source: Source) -> Clip:
    """Raises Damaged, Empty or TooLarge."""
    if source.size_bytes > limits.PICTURE_BYTES_MAX:
        raise TooLarge(f"{source.name} is larger than {limits.PICTURE_BYTES_MAX >> 20} MB, too large for an animation.")
    return Animation(source)


class _Frames(Protocol):
    """The frames of one file.

    Attributes:
        delays_s: how long each is shown.
    """

    width: int
    height: int
    delays_s: list[float]
    is_whole: bool

    def show(self, index: int) -> Image.Image:
        """The picture at a frame."""


class Animation:
    """A picture that moves.

    Attributes:
        contents: what opening told.
    """

    def __init__(self, source: Source) -> None:
        self._name = source.name
        self._orientation, self._profile = 1, None
        with contextlib.suppress(Damaged), decoding(source.name), source.open() as stream:  # Pillow opens no WebP that is cut off
            header = open_image(stream, source.media_type, source.name)
            self._orientation, self._profile = orientation(header), header.info.get("icc_profile")
        with decoding(source.name):
            self._frames: _Frames = _Sequence(source) if source.media_type == "image/avif" else _Canvas(source)
        if not self._frames.delays_s:
            raise Empty(f"{source.name} is empty: it is an animation without frames.")
        *self._starts_s, self._end_s = itertools.accumulate(self._frames.delays_s, initial=0.0)
        width, height = self._frames.width, self._frames.height
        if self._orientation in SIDEWAYS:
            width, height = height, width
        warnings = (
            () if self._frames.is_whole else (f"The file is cut off, or longer than {PATCHES_MAX} frames: its end is missing.",)
        )
        self.contents = Contents(
            kind="animation",
            warnings=warnings,
            renderer=f"pillow {PIL.__version__}",
            duration_s=self._end_s,
            width=width,
            height=height,
            frames_per_s=len(self._starts_s) / self._end_s,
        )

    def times(self, start_s: float, end_s: float | None, frames_per_s: float | None, count_max: int) -> Sequence[FrameTime]:
        """As the protocol says; several times that fall on one frame give that frame once."""
        end_s = self._end_s if end_s is None else min(end_s, self._end_s)
        if not 0 <= start_s < self._end_s or end_s < start_s:
            raise NoSuchPage(f"{self._name} lasts {self._end_s:.1f} seconds; there is nothing from {start_s:g} to {end_s:g}.")
        targets = sampling.target_times(start_s, end_s, frames_per_s, count_max)
        wanted = sorted({self._index(time_s) for time_s in targets})
        if frames_per_s is not None:
            return [FrameTime(self._starts_s[index]) for index in wanted]
        inside = range(wanted[0], bisect.bisect_left(self._starts_s, end_s))
        pixels = len(inside) * self._frames.width * self._frames.height
        is_little = len(inside) <= _LOOKED_AT_FRAMES_MAX and pixels <= _LOOKED_AT_PIXELS_MAX
        with decoding(self._name):
            candidates = self._candidates(inside if is_little else wanted, set(wanted))
        return sampling.select(candidates, count_max)

    def frame(self, time_s: float, width: int, height: int) -> Pixels:
        if not 0 <= time_s <= self._end_s:
            raise NoSuchPage(f"{self._name} lasts {self._end_s:.1f} seconds; there is nothing at {time_s:g}.")
        with decoding(self._name):
            image = self._frames.show(self._index(time_s))
            size = (height, width) if self._orientation in SIDEWAYS else (width, height)
            if image.size != size:
                image = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)
            return Pixels(width, height, turn(to_srgb(image, self._profile), self._orientation).tobytes())

    def close(self) -> None:
        """Nothing is open."""

    def _index(self, time_s: float) -> int:
        """The frame shown at a time; what is less than a microsecond early counts as there."""
        return max(0, bisect.bisect_right(self._starts_s, time_s + 1e-6) - 1)

    def _candidates(self, indices: Sequence[int], wanted: set[int]) -> list[Candidate]:
        """The wanted frames among those at `indices`, and others where a scene begins."""
        candidates: list[Candidate] = []
        scenes = 0
        last: Fingerprint | None = None
        for index in indices:
            now = self._fingerprint(index)
            is_scene = last is not None and sampling.is_scene_change(last, now)
            scenes += is_scene
            if is_scene or index in wanted:
                candidates.append(Candidate(self._starts_s[index], now, is_extra=index not in wanted))
            last = now
        if scenes > len(indices) * _MOTION_MIN:
            return [candidate for candidate in candidates if not candidate.is_extra]
        return candidates

    def _fingerprint(self, index: int) -> Fingerprint:
        """Of the three colours side by side: nothing was lost in compression, and a red that becomes green is a change."""
        size = sampling.fingerprint_size(self._frames.width, self._frames.height)
        small = self._frames.show(index).resize(size, Image.Resampling.BOX)
        return Fingerprint(np.asarray(small.convert("RGB")).reshape(size[1], -1))


class _Canvas:
    """Frames composed of patches."""

    def __init__(self, source: Source) -> None:
        self._source = source
        found: Patches = find_patches(source.read(), source.media_type)
        self.width, self.height, self.is_whole = found.width, found.height, found.is_whole
        self._patches, self._still = found.patches, found.still
        _check_canvas(source.name, self.width, self.height)
        self.delays_s = [patch.delay_s for patch in self._patches]
        self._at = -1
        self._shown: Image.Image | None = None
        self._before: Image.Image | None = None

    def show(self, index: int) -> Image.Image:
        start = index
        while start != self._at + 1 and not self._stands_alone(start):
            start -= 1
        for number in range(start, index + 1) if index != self._at else ():
            self._draw(number)
        assert self._shown is not None
        return flatten(self._shown)

    def _stands_alone(self, index: int) -> bool:
        """Whether what was shown before does not matter."""
        if index == 0:
            return True
        patch, last = self._patches[index], self._patches[index - 1]
        covers_all = patch.is_opaque and self._is_full(patch) and patch.after != "restore"
        return covers_all or (last.after == "clear" and self._is_full(last))

    def _is_full(self, patch: Patch) -> bool:
        return patch.x == patch.y == 0 and patch.width >= self.width and patch.height >= self.height

    def _draw(self, index: int) -> None:
        patch, last = self._patches[index], self._patches[index - 1]
        canvas, self._shown, self._at = self._shown, None, -1  # in case decoding fails
        if canvas is None or self._stands_alone(index):
            canvas = Image.new("RGBA", (self.width, self.height))
        elif last.after == "clear":
            canvas.paste((0, 0, 0, 0), (last.x, last.y, last.x + last.width, last.y + last.height))
        elif last.after == "restore" and self._before is not None:
            canvas = self._before
        self._before = canvas.copy() if patch.after == "restore" else None
        if patch.width and patch.height:
            pixels = self._decode(patch)
            if patch.is_opaque:
                canvas.paste(pixels, (patch.x, patch.y))
            else:
                _blend(canvas, pixels, patch)
        self._shown, self._at = canvas, index

    def _decode(self, patch: Patch) -> Image.Image:
        _check_canvas(self._source.name, patch.width, patch.height)
        with self._source.open() as stream:
            parts = []
            for start, end in patch.parts:
                stream.seek(start)
                parts.append(stream.read(end - start))
        image = open_image(io.BytesIO(self._still(patch, parts)), self._source.media_type, self._source.name)
        if image.size != (patch.width, patch.height):
            raise ValueError("a frame of another size than it says")
        return image.convert("RGBA")


def _blend(canvas: Image.Image, pixels: Image.Image, patch: Patch) -> None:
    """Onto what is there, what reaches over the edge left out."""
    fits = pixels.crop((0, 0, min(patch.width, canvas.width - patch.x), min(patch.height, canvas.height - patch.y)))
    if min(fits.size) > 0:
        canvas.alpha_composite(fits, (patch.x, patch.y))


class _Sequence:
    """The frames of an AVIF, each whole, as Pillow decodes them: it goes on from the last, or from a key frame."""

    def __init__(self, source: Source) -> None:
        self._image = open_image(io.BytesIO(source.read()), source.media_type, source.name)
        self.width, self.height = self._image.size
        _check_canvas(source.name, self.width, self.height)
        self.delays_s = _packet_durations(source)[: getattr(self._image, "n_frames", 1)]
        self.is_whole = len(self.delays_s) == getattr(self._image, "n_frames", 1)

    def show(self, index: int) -> Image.Image:
        self._image.seek(index)
        self._image.load()
        return flatten(self._image)


def _packet_durations(source: Source) -> list[float]:
    """How long each frame is shown, from the file's index; nothing is decoded."""
    import av

    with source.open() as stream, av.open(stream, "r", format="mov") as container:
        track = max(container.streams.video, key=lambda stream: stream.frames)  # the others are its first frame as a still
        packets = (packet for packet in container.demux(track) if packet.size)
        return [shown_for(float((packet.duration or 0) * (packet.time_base or 0))) for packet in packets]


def _check_canvas(name: str, width: int, height: int) -> None:
    if not width or not height:
        raise Damaged(f"{name} is damaged: it says that it has no width or no height.")
    if width * height > limits.RENDER_PIXELS_MAX or max(width, height) > limits.PICTURE_SIDE_MAX_PX:
        raise TooLarge(
            f"{name} is too large: it has {width} x {height} pixels; animations of up to {limits.RENDER_PIXELS_MAX // 1_000_000} "
            "million can be opened."
        )
