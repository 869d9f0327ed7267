"""Videos made with PyAV. Each frame carries its number as a row of black and white blocks: its pixels prove which it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

BITS = 12
WIDTH, HEIGHT = 192, 128
Picture = NDArray[np.uint8]
_ASS_HEADER = b"[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name\nStyle: Default\n\n[Events]\nFormat: Layer, Text\n"


@dataclass(frozen=True, slots=True)
class Cue:
    """A subtitle, in milliseconds."""

    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to make a video.

    Attributes:
        times_ms: when each frame is shown.
        codec, options: the encoder and its settings.
        pixel_format: of the frames as coded.
        draw: a frame's number -> its picture, RGB.
        rotation: degrees counterclockwise to turn it by when shown.
        aspect: width of a pixel by its height.
        clock: the encoder's time base; old formats know frames per second only.
        cues: of a subtitle track in `cue_codec`.
    """

    times_ms: Sequence[int]
    codec: str = "libx264"
    options: dict[str, str] = field(default_factory=dict)
    pixel_format: str = "yuv420p"
    draw: Callable[[int], Picture] = field(default_factory=lambda: numbered)
    rotation: int = 0
    aspect: Fraction | None = None
    cues: Sequence[Cue] = ()
    cue_codec: str = "srt"
    clock: Fraction = Fraction(1, 1000)
    color_range: int | None = None
    colorspace: int | None = None


def steady(count: int, frames_per_s: float = 25, start_ms: int = 0) -> list[int]:
    """Times of a constant rate."""
    return [start_ms + round(index * 1000 / frames_per_s) for index in range(count)]


def numbered(number: int) -> Picture:
    """A gradient that moves, with the number in blocks on its upper half, highest bit left."""
    columns = (np.arange(WIDTH) + 3 * number) % 256
    picture = np.repeat(columns[None, :, None], HEIGHT, axis=0).repeat(3, axis=2).astype(np.uint8)
    for bit in range(BITS):
        left, right = bit * WIDTH // BITS, (bit + 1) * WIDTH // BITS
        picture[: HEIGHT // 2, left:right] = 255 if number >> (BITS - 1 - bit) & 1 else 0
    return picture


def read_number(rgb: bytes, width: int, height: int) -> int:
    """The number that a frame carries, whatever its size."""
    picture = np.frombuffer(rgb, np.uint8).reshape(height, width, 3)
    number = 0
    for bit in range(BITS):
        column = (2 * bit + 1) * width // (2 * BITS)
        number = number << 1 | int(picture[height // 4, column, 0] > 127)
    return number


def make_video(path: Path, recipe: Recipe, container_format: str | None = None) -> Path:
    """Write the video that `recipe` tells."""
    with av.open(str(path), "w", format=container_format) as container:
        height, width, _ = recipe.draw(0).shape
        stream = container.add_stream(recipe.codec, rate=25, options=recipe.options)
        stream.width, stream.height, stream.pix_fmt = width, height, recipe.pixel_format
        stream.codec_context.time_base = recipe.clock
        stream.codec_context.thread_count = 1
        if recipe.aspect is not None:
            stream.codec_context.sample_aspect_ratio = recipe.aspect
        if recipe.rotation:
            stream.set_display_rotation(recipe.rotation)
        cues = container.add_stream(recipe.cue_codec) if recipe.cues else None
        if cues is not None:
            cues.codec_context.subtitle_header = _ASS_HEADER
        for number, time_ms in enumerate(recipe.times_ms):
            frame = _frame(recipe, number)
            frame.pts, frame.time_base = round(time_ms / 1000 / recipe.clock), recipe.clock
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        for cue in recipe.cues:
            text = cue.text.encode()
            packet = av.Packet(len(text).to_bytes(2, "big") + text if recipe.cue_codec == "mov_text" else text)
            packet.stream, packet.time_base = cues, Fraction(1, 1000)
            packet.pts = packet.dts = cue.start_ms
            packet.duration = cue.end_ms - cue.start_ms
            container.mux(packet)
    return path


def remux(source: Path, target: Path, *, skip: int = 0, options: dict[str, str] | None = None, shift_ms: int = 0) -> Path:
    """The packets of the picture in another container, without the first `skip` ones, `shift_ms` later."""
    with av.open(str(source)) as reading, av.open(str(target), "w", options=options or {}) as writing:
        stream = reading.streams.video[0]
        out = writing.add_stream_from_template(stream)
        for number, packet in enumerate(reading.demux(stream)):
            if packet.dts is None or number < skip:
                continue
            shift = round(Fraction(shift_ms, 1000) / packet.time_base)
            packet.dts += shift
            packet.pts = packet.pts + shift if packet.pts is not None else None
            packet.stream = out
            writing.mux(packet)
    return target


def all_frames(path: Path) -> list[tuple[Fraction, int]]:
    """Time and number of each frame as plain decoding from the start gives them; what seeking has to agree with."""
    found: list[tuple[Fraction, int]] = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            rgb = frame.to_ndarray(format="rgb24")
            pts = frame.pts if frame.pts is not None else frame.dts
            found.append((pts * frame.time_base, read_number(rgb.tobytes(), frame.width, frame.height)))
    return [(time - found[0][0], number) for time, number in found]


def still(pictures: Iterable[Picture]) -> Callable[[int], Picture]:
    """Draws the given pictures in order."""
    kept = list(pictures)
    return lambda number: kept[number]


def _frame(recipe: Recipe, number: int) -> av.VideoFrame:
    picture = recipe.draw(number)
    frame = av.VideoFrame.from_ndarray(picture, format="rgb24" if picture.shape[2] == 3 else "rgba")
    return frame.reformat(format=recipe.pixel_format, dst_colorspace=recipe.colorspace, dst_color_range=recipe.color_range)
