"""Animations: frames as a browser shows them, at exact times, the ones worth looking at, and nothing that hangs."""

from __future__ import annotations

import contextlib
import functools
import struct
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from ingest import detect
from ingest.animation import Animation, open_clip
from ingest.animation_files import PATCHES_MAX
from ingest.attachment import open_attachment
from ingest.documents import Source
from ingest.errors import Damaged, Empty, IngestError, NoSuchPage, TooLarge
from ingest.isolate import Readers
from tests.helpers.image_files import GIF_COLOURS, GifFrame, animation, encode, gif_file, png_chunk

TYPES = {"GIF": "image/gif", "PNG": "image/png", "WEBP": "image/webp", "AVIF": "image/avif"}
RED, GREEN, BLUE, WHITE = *GIF_COLOURS[:3], (255, 255, 255)
CLEAR = 3


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    children = Readers(count=1)
    yield children
    children.close()


def open_data(data: bytes) -> Animation:
    found = detect.detect(Source("a", data=data))
    assert found.kind == "animation"
    clip = open_clip(Source("a", data=data, media_type=found.media_type))
    assert isinstance(clip, Animation)
    return clip


def ball(number: int, background: tuple[int, ...] = (240, 240, 250, 255)) -> Image.Image:
    """64 x 48, a disc that moves 5 pixels a frame."""
    image = Image.new("RGBA", (64, 48), background)
    ImageDraw.Draw(image).ellipse((5 * number, 10, 5 * number + 12, 22), fill=(200, 30, 20, 255))
    return image


def animated_png(frames: Sequence[tuple[Image.Image, int, int]]) -> bytes:
    """Whole frames of a tenth of a second, each with what becomes of it and how it blends (PNG 3rd edition, chapter 11.3.6)."""
    pieces, number = [], 0
    for index, (image, after, blend) in enumerate(frames):
        still = encode(image)
        at = still.index(b"IDAT")
        data = still[at + 4 : at + 4 + int.from_bytes(still[at - 4 : at], "big")]
        pieces.append(png_chunk(b"fcTL", struct.pack(">5I2H2B", number, *image.size, 0, 0, 1, 10, after, blend)))
        pieces.append(png_chunk(b"fdAT", struct.pack(">I", number + 1) + data) if index else png_chunk(b"IDAT", data))
        number += 2 if index else 1
    head = encode(frames[0][0])[:33] + png_chunk(b"acTL", struct.pack(">II", len(frames), 0))
    return b"".join((head, *pieces, png_chunk(b"IEND", b"")))


def on_white(image: Image.Image) -> np.ndarray:
    return np.asarray(Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA")).convert("RGB")).astype(
        int
    )


def shown(clip: Animation, time_s: float) -> np.ndarray:
    width, height = clip.contents.width, clip.contents.height
    return np.frombuffer(clip.frame(time_s, width, height).rgb, np.uint8).reshape(height, width, 3).astype(int)


def colours(clip: Animation, time_s: float, *places: tuple[int, int]) -> list[tuple[int, ...]]:
    pixels = shown(clip, time_s)
    return [tuple(int(value) for value in pixels[y, x]) for x, y in places]


@pytest.mark.parametrize("kind", TYPES)
def test_each_kind_is_read_in_the_child_with_exact_times(kind: str, readers: Readers) -> None:
    durations = [300, 120, 250, 500]
    data = animation(kind, [ball(3 * number) for number in range(4)], durations)
    attachment = open_attachment(data, name="moves", readers=readers)
    contents = attachment.contents
    assert (attachment.kind, contents.page_count, contents.width, contents.height) == ("animation", 0, 64, 48)
    assert contents.duration_s == pytest.approx(1.17)
    assert contents.frames_per_s == pytest.approx(4 / 1.17)
    frames = attachment.frames(frames_per_s=50)
    assert [frame.time_s for frame in frames] == pytest.approx([0.0, 0.3, 0.42, 0.67])
    for number, frame in enumerate(frames):
        pixels = np.frombuffer(frame.render(64, 48).rgb, np.uint8).reshape(48, 64, 3)
        assert np.abs(pixels - on_white(ball(3 * number))).mean() < 3
        assert len(frame.render(20, 30).rgb) == 1800


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("background", [(240, 240, 250, 255), (0, 0, 0, 0)])
def test_frames_are_composed_correctly_in_any_order(kind: str, background: tuple[int, ...]) -> None:
    images = [ball(number, background) for number in range(10)]
    options = {"disposal": 2} if kind == "GIF" and not background[3] else {}  # else Pillow writes traces of the frames before
    clip = open_data(animation(kind, images, [100] * 10, **options))
    for number in (0, 1, 2, 5, 9, 3, 3, 0, 8, 7):
        difference = np.abs(shown(clip, number / 10 + 0.05) - on_white(images[number]))
        assert difference.mean() < 3 if kind == "AVIF" else difference.max() <= 8  # GIF has 256 colours


def test_what_becomes_of_a_frame_when_the_next_comes() -> None:
    here, there = (2, 2), (12, 2)
    full = GifFrame(0, 0, 20, 8, 0)
    for after, wanted in ((1, GREEN), (2, WHITE), (3, RED), (0, GREEN)):
        clip = open_data(gif_file(20, 8, [full, GifFrame(0, 0, 10, 8, 1, after=after), GifFrame(10, 0, 10, 8, 2)]))
        assert colours(clip, 0.1, here, there) == [GREEN, RED]
        assert colours(clip, 0.2, here, there) == [wanted, BLUE]
        assert colours(clip, 0.0, here, there) == [RED, RED]


def test_of_several_frames_that_restore_each_shows_what_was_before_the_first() -> None:
    moves = [GifFrame(x, 0, 5, 8, 1, after=3) for x in (0, 5, 10)]
    clip = open_data(gif_file(20, 8, [GifFrame(0, 0, 20, 8, 0), *moves]))
    assert colours(clip, 0.3, (2, 2), (7, 2), (12, 2)) == [RED, RED, GREEN]


def test_the_first_frame_restores_to_nothing_as_in_browsers() -> None:
    clip = open_data(gif_file(20, 8, [GifFrame(0, 0, 20, 8, 0, after=3), GifFrame(0, 0, 10, 8, 1)]))
    assert colours(clip, 0.1, (2, 2), (12, 2)) == [GREEN, WHITE]


def test_transparent_pixels_leave_what_is_there() -> None:
    clip = open_data(gif_file(20, 8, [GifFrame(0, 0, 20, 8, 0), GifFrame(0, 0, 10, 8, CLEAR, is_transparent=True)]))
    assert colours(clip, 0.1, (2, 2), (12, 2)) == [RED, RED]


def test_frames_that_reach_over_the_edge_or_cover_nothing_do_no_harm() -> None:
    frames = [GifFrame(0, 0, 20, 8, 0), GifFrame(15, 4, 10, 8, 1), GifFrame(30, 30, 5, 5, 2), GifFrame(0, 0, 0, 0, 1)]
    clip = open_data(gif_file(20, 8, frames))
    assert colours(clip, 0.3, (2, 2), (17, 6)) == [RED, GREEN]


def test_a_png_that_is_also_a_still_for_others_shows_only_its_frames() -> None:
    still = Image.new("RGBA", (64, 48), (1, 2, 3, 255))
    data = encode(still, "PNG", save_all=True, default_image=True, append_images=[ball(0), ball(5)], duration=[200, 300])
    clip = open_data(data)
    assert clip.contents.duration_s == pytest.approx(0.5)
    assert np.abs(shown(clip, 0.0) - on_white(ball(0))).max() == 0


@pytest.mark.parametrize("blend", [0, 1])
@pytest.mark.parametrize("after", [0, 1, 2])
def test_png_frames_blend_and_clear_as_they_say(after: int, blend: int) -> None:
    red, blue, clear = (Image.new("RGBA", (8, 8), colour) for colour in ((255, 0, 0, 255), (0, 0, 255, 128), (0, 0, 0, 0)))
    clip = open_data(animated_png([(red, 0, 0), (blue, after, blend), (clear, 0, 1)]))
    second = ((127, 127, 255), (127, 0, 128))[blend]
    assert colours(clip, 0.1, (4, 4))[0] == pytest.approx(second, abs=1)
    third = (second, WHITE, (255, 0, 0))[after]
    assert colours(clip, 0.2, (4, 4))[0] == pytest.approx(third, abs=1)


@pytest.mark.parametrize(("delay_cs", "wanted_s"), [(0, 0.1), (1, 0.1), (2, 0.02), (5, 0.05)])
def test_frames_that_ask_for_next_to_no_time_get_a_tenth_of_a_second(delay_cs: int, wanted_s: float) -> None:
    clip = open_data(gif_file(4, 4, [GifFrame(0, 0, 4, 4, 0, delay_cs), GifFrame(0, 0, 4, 4, 1, delay_cs)]))
    assert clip.contents.duration_s == pytest.approx(2 * wanted_s)
    assert colours(clip, wanted_s * 0.99, (1, 1)) == [RED]
    assert colours(clip, wanted_s, (1, 1)) == [GREEN]


def test_the_rule_of_the_model_takes_six_frames_a_second_and_leaves_out_what_stands_still() -> None:
    moving = animation("PNG", [ball(number % 10) for number in range(60)], [50] * 60)  # 3 s at 20 frames a second
    times = open_data(moving).times(0.0, None, None, 640)
    assert 15 <= len(times) <= 18
    assert all(time.time_s == pytest.approx(round(time.time_s * 20) / 20) for time in times)
    still = [GifFrame(0, 0, 8, 8, 0, 50)] * 20 + [GifFrame(0, 0, 8, 8, 2, 50)] * 20
    assert [time.time_s for time in open_data(gif_file(8, 8, still)).times(0.0, None, None, 640)] == [0.0, 10.0]


def test_a_scene_between_the_times_of_the_rate_is_kept() -> None:
    """340 s, so the rate is one a second."""
    red = [GifFrame(0, 0, 8, 8, 0, 100)] * 100
    frames = [GifFrame(0, 0, 8, 8, 0, 50), *red, GifFrame(0, 0, 8, 8, 1, 10), *red, *red, *red[:40]]
    times = open_data(gif_file(8, 8, frames)).times(0.0, None, None, 640)
    assert [time.time_s for time in times] == pytest.approx([0.0, 100.5, 100.6])
    assert [time.is_scene_start for time in times][:2] == [False, True]


def test_a_rate_of_the_users_drops_nothing_and_adds_nothing_but_gives_no_frame_twice() -> None:
    clip = open_data(gif_file(8, 8, [GifFrame(0, 0, 8, 8, 0, 20)] * 10))
    assert [time.time_s for time in clip.times(0.0, None, 2.5, 640)] == pytest.approx([0.0, 0.4, 0.8, 1.2, 1.6])
    assert len(clip.times(0.0, None, 100.0, 640)) == 10
    assert len(clip.times(0.0, None, 5.0, 4)) == 4
    assert [time.time_s for time in clip.times(0.5, 1.1, 5.0, 640)] == pytest.approx([0.4, 0.6, 0.8])


@pytest.mark.parametrize(("start_s", "end_s"), [(2.0, None), (-1.0, None), (1.0, 0.5), (99.0, 100.0)])
def test_a_range_outside_is_refused(start_s: float, end_s: float | None) -> None:
    clip = open_data(gif_file(8, 8, [GifFrame(0, 0, 8, 8, 0, 100), GifFrame(0, 0, 8, 8, 1, 100)]))
    with pytest.raises(NoSuchPage, match=r"a lasts 2\.0 seconds"):
        clip.times(start_s, end_s, None, 640)
    with pytest.raises(NoSuchPage):
        clip.frame(2.5, 8, 8)


def test_only_what_is_needed_is_decoded() -> None:
    data = bytearray(gif_file(8, 8, [GifFrame(0, 0, 8, 8, 0), GifFrame(0, 0, 8, 8, 1), GifFrame(0, 0, 4, 4, 2)]))
    data[data.index(b",\0\0\0\0") + 10] = 13  # bits of a code, of which there may be 12
    clip = open_data(bytes(data))
    assert colours(clip, 0.2, (1, 1), (6, 6)) == [BLUE, GREEN]
    with pytest.raises(Damaged):
        clip.frame(0.0, 8, 8)
    assert colours(clip, 0.1, (1, 1)) == [GREEN]


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_of_a_file_that_is_cut_off_the_frames_before_are_shown_with_a_warning(kind: str) -> None:
    data = animation(kind, [ball(number) for number in range(10)], [100] * 10)
    clip = open_data(data[: len(data) * 3 // 4])
    assert len(clip.contents.warnings) == 1
    duration_s = clip.contents.duration_s
    assert duration_s is not None and 0.3 <= duration_s <= 0.9
    assert np.abs(shown(clip, 0.2) - on_white(ball(2))).max() <= 8


def test_a_picture_with_one_frame_is_no_animation() -> None:
    for data in (gif_file(8, 8, [GifFrame(0, 0, 8, 8, 0)]), encode(ball(0)), encode(ball(0), "WEBP"), encode(ball(0), "AVIF")):
        assert detect.detect(Source("a", data=data)).kind == "picture"


def test_a_canvas_that_is_too_large_is_refused_with_the_numbers() -> None:
    data = bytearray(gif_file(8, 8, [GifFrame(0, 0, 8, 8, 0), GifFrame(0, 0, 8, 8, 1)]))
    for size in ((20_000, 20_000), (65_535, 65_535)):
        struct.pack_into("<HH", data, 6, *size)
        with pytest.raises(TooLarge, match=f"a is too large: it has {size[0]} x {size[1]} pixels"):
            open_clip(Source("a", data=bytes(data), media_type="image/gif"))


def test_a_frame_that_is_too_large_is_refused() -> None:
    data = bytearray(gif_file(8, 8, [GifFrame(0, 0, 8, 8, 0), GifFrame(0, 0, 8, 8, 1)]))
    second = data.index(b",\0\0\0\0", data.index(b",\0\0\0\0") + 1)
    struct.pack_into("<HH", data, second + 5, 60_000, 60_000)
    clip = open_data(bytes(data))
    with pytest.raises(TooLarge):
        clip.frame(0.1, 8, 8)


def test_more_frames_than_anybody_needs_are_left_out_with_a_warning(readers: Readers) -> None:
    start = gif_file(2, 2, [])[:-1]
    frame = gif_file(2, 2, [GifFrame(0, 0, 2, 2, 1)])[len(start) : -1]
    attachment = open_attachment(start + frame * (PATCHES_MAX + 50_000) + b";", name="long", readers=readers)
    assert attachment.contents.duration_s == pytest.approx(PATCHES_MAX / 10)
    assert len(attachment.contents.warnings) == 1
    assert len(attachment.frames()) == 1
    assert attachment.frames(start_s=9_999.0)[0].render(2, 2).rgb == bytes(GREEN) * 4


def test_without_frames_it_is_empty() -> None:
    control = struct.pack(">II", 2, 0)
    data = encode(ball(0))
    data = data[:33] + png_chunk(b"acTL", control) + data[33:]
    with pytest.raises(Empty):
        open_clip(Source("a", data=data, media_type="image/png"))


@functools.cache
def seeds() -> Sequence[bytes]:
    return [animation(kind, [ball(number) for number in range(4)], [100] * 4) for kind in TYPES]


@settings(max_examples=200)
@given(st.sampled_from(range(len(TYPES))), st.data())
def test_damaged_files_raise_only_our_errors(kind: int, data: st.DataObject) -> None:
    mutated = bytearray(seeds()[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(mutated)))
        mutated[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    with contextlib.suppress(IngestError):
        found = detect.detect(Source("a", data=bytes(mutated)))
        if found.kind == "animation":
            clip = open_clip(Source("a", data=bytes(mutated), media_type=found.media_type))
            for time in clip.times(0.0, None, None, 10):
                assert len(clip.frame(time.time_s, 20, 10).rgb) == 600
