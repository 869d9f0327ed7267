"""Frames as players show them: turned, with square pixels, in the colours that were recorded."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from tests.helpers.video_clips import open_path, picture
from tests.helpers.video_files import Picture, Recipe, make_video


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("videos")


def corners(_: int) -> Picture:
    """Red, green, blue and grey quarters."""
    drawn = np.zeros((120, 160, 3), np.uint8)
    drawn[:60, :80], drawn[:60, 80:], drawn[60:, :80], drawn[60:, 80:] = (255, 0, 0), (0, 255, 0), (0, 0, 255), (128, 128, 128)
    return drawn


def quarters(shown: np.ndarray) -> list[list[int]]:
    height, width, _ = shown.shape
    return [shown[y, x].tolist() for y in (height // 4, height * 3 // 4) for x in (width // 4, width * 3 // 4)]


RED, GREEN, BLUE, GREY = [255, 0, 0], [0, 255, 0], [0, 0, 255], [128, 128, 128]


@pytest.mark.parametrize(
    ("rotation", "size", "expected"),
    [
        (0, (160, 120), [RED, GREEN, BLUE, GREY]),
        (90, (120, 160), [GREEN, GREY, RED, BLUE]),
        (180, (160, 120), [GREY, BLUE, GREEN, RED]),
        (-90, (120, 160), [BLUE, RED, GREY, GREEN]),
    ],
)
def test_pictures_are_turned_as_the_file_says(
    videos: Path, rotation: int, size: tuple[int, int], expected: list[list[int]]
) -> None:
    path = make_video(videos / f"turned{rotation}.mp4", Recipe([0, 40], draw=corners, rotation=rotation, options={"crf": "5"}))
    clip = open_path(path)
    assert (clip.contents.width, clip.contents.height) == size
    assert np.abs(np.array(quarters(picture(clip))) - expected).max() <= 6
    assert np.abs(np.array(quarters(picture(clip, size=(40, 90)))) - expected).max() <= 12
    clip.close()


def test_a_mirrored_picture_is_shown_mirrored(videos: Path) -> None:
    path = videos / "mirrored.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"crf": "5"})
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        stream.set_display_rotation(90, hflip=True)
        container.mux(stream.encode(av.VideoFrame.from_ndarray(corners(0), format="rgb24")))
        container.mux(stream.encode(None))
    clip = open_path(path)
    shown = quarters(picture(clip))
    assert np.abs(np.array(shown) - [GREY, GREEN, BLUE, RED]).max() <= 6
    clip.close()


def test_oblong_pixels_widen_the_picture(videos: Path) -> None:
    path = make_video(videos / "oblong.mp4", Recipe([0, 40], draw=corners, aspect=Fraction(4, 3)))
    clip = open_path(path)
    assert (clip.contents.width, clip.contents.height) == (213, 120)
    clip.close()


COLOURS: dict[str, Recipe] = {
    "601.mp4": Recipe([0, 40], draw=corners, options={"crf": "5"}),
    "709.mp4": Recipe([0, 40], draw=corners, options={"crf": "5", "x264-params": "colormatrix=bt709:log-level=none"}, colorspace=1),
    "full.mp4": Recipe(
        [0, 40], draw=corners, options={"crf": "5", "x264-params": "fullrange=on:log-level=none"}, pixel_format="yuvj420p"
    ),
    "ten-bit.mp4": Recipe(
        [0, 40],
        draw=corners,
        codec="libx265",
        options={"crf": "5", "x265-params": "log-level=none:bframes=0:pools=none:colormatrix=bt2020nc"},
        pixel_format="yuv420p10le",
        colorspace=9,
    ),
    "444.mp4": Recipe([0, 40], draw=corners, options={"crf": "5"}, pixel_format="yuv444p"),
    "rgb.mkv": Recipe([0, 40], draw=corners, codec="ffv1", pixel_format="bgr0"),
    "prores.mov": Recipe([0, 40], draw=corners, codec="prores", pixel_format="yuv422p10le"),
}


@pytest.mark.parametrize("name", COLOURS)
def test_colours_are_those_that_were_recorded(videos: Path, name: str) -> None:
    clip = open_path(make_video(videos / name, COLOURS[name]))
    assert np.abs(np.array(quarters(picture(clip))) - [RED, GREEN, BLUE, GREY]).max() <= 6
    clip.close()


def test_what_is_transparent_is_white(videos: Path) -> None:
    def draw(_: int) -> Picture:
        return np.dstack([corners(0), np.full((120, 160, 1), 128, np.uint8)])

    clip = open_path(make_video(videos / "alpha.mkv", Recipe([0, 40], draw=draw, codec="ffv1", pixel_format="bgra")))
    expected = np.array([RED, GREEN, BLUE, GREY]) * 128 // 255 + 127
    assert np.abs(np.array(quarters(picture(clip))) - expected).max() <= 2
    clip.close()
