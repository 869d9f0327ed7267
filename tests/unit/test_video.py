"""Videos of many formats: the right frame at the right time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import pytest

from ingest.detect import detect
from ingest.documents import Source
from ingest.errors import NoSuchPage
from ingest.video.clip import VideoClip
from tests.helpers.video_clips import open_path, shot
from tests.helpers.video_files import (
    HEIGHT,
    WIDTH,
    Recipe,
    all_frames,
    make_video,
    remux,
    steady,
)

PAL = Fraction(1, 25)
REORDERED = {"x264-params": "bframes=3:b-pyramid=normal:keyint=40:scenecut=0:log-level=none"}
OPEN_GROUPS = {"x264-params": "bframes=3:keyint=40:open-gop=1:scenecut=0:log-level=none"}
FAST_VP9 = {"g": "30", "deadline": "realtime", "cpu-used": "8"}
MPEG2 = {"g": "15", "bf": "2", "b": "4M"}
UNEVEN = [0, 10, 500, 520, 533, 2000, 2001, 7000, *steady(60, 29.97, 7100)]

FORMATS: dict[str, Recipe] = {
    "h264.mp4": Recipe(steady(120), options=REORDERED),
    "open.mkv": Recipe(steady(120), options=OPEN_GROUPS),
    "open.ts": Recipe(steady(120), options=OPEN_GROUPS),
    "refresh.mp4": Recipe(steady(120), options={"x264-params": "intra-refresh=1:keyint=40:scenecut=0:log-level=none"}),
    "hevc.mp4": Recipe(
        steady(100), codec="libx265", options={"x265-params": "keyint=40:open-gop=1:bframes=4:log-level=none:pools=none"}
    ),
    "uneven.mp4": Recipe(UNEVEN),
    "uneven.mkv": Recipe(UNEVEN, options=REORDERED),
    "late.mkv": Recipe(steady(60, start_ms=5000)),
    "vp9.webm": Recipe(steady(60), codec="libvpx-vp9", options={**FAST_VP9, "lag-in-frames": "10"}),
    "vp8.webm": Recipe(
        steady(60), codec="libvpx", options={"g": "30", "cpu-used": "5", "lag-in-frames": "16", "auto-alt-ref": "1", "b": "300k"}
    ),
    "mpeg4.avi": Recipe(steady(60), codec="mpeg4", options={"g": "30", "bf": "2", "b": "2M"}, clock=PAL),
    "mpeg2.mpg": Recipe(steady(100), codec="mpeg2video", options=MPEG2, clock=PAL),
    "mpeg2.m2v": Recipe(steady(60), codec="mpeg2video", options=MPEG2, clock=PAL),
    "mpeg2.mxf": Recipe(steady(60), codec="mpeg2video", options=MPEG2, clock=PAL),
    "wmv2.wmv": Recipe(steady(60), codec="wmv2", options={"g": "30", "b": "2M"}),
    "flv1.flv": Recipe(steady(60), codec="flv", options={"g": "30", "b": "2M"}),
    "mjpeg.mov": Recipe(steady(40), codec="mjpeg", pixel_format="yuvj420p"),
    "mpeg4.3gp": Recipe(steady(40), codec="mpeg4", options={"b": "2M"}),
    "vp9.ivf": Recipe(steady(40), codec="libvpx-vp9", options=FAST_VP9),
}


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("videos")


@pytest.fixture(scope="module")
def h264(videos: Path) -> Path:
    return make_video(videos / "shared.mp4", FORMATS["h264.mp4"])


@pytest.fixture
def clip(h264: Path) -> Iterator[VideoClip]:
    opened = open_path(h264)
    yield opened
    opened.close()


@pytest.mark.parametrize("name", FORMATS)
def test_any_order_gives_the_frame_that_is_shown(name: str, videos: Path) -> None:
    path = make_video(videos / name, FORMATS[name])
    assert detect(Source(name, path=path)).kind == "video"
    shown = all_frames(path)
    clip = open_path(path)
    ends = [float(time) for time, _ in shown[1:]] + [clip.contents.duration_s or 0.0]
    assert [shot(clip, float(time)) for time, _ in shown] == [number for _, number in shown]
    order = [*random.Random(7).sample(range(len(shown)), 25), *range(0, len(shown), 4), len(shown) - 1, 0]
    for index in order:
        start_s = float(shown[index][0])
        for time_s in (start_s, (start_s + ends[index]) / 2):
            assert shot(clip, time_s) == shown[index][1], (name, index, time_s)
    exact = {float(time): number for time, number in shown}
    for times in (clip.times(0.0, None, 7.0, 640), clip.times(0.0, None, None, 640)):
        assert len(times) >= 8
        assert [shot(clip, time.time_s) for time in times] == [exact[time.time_s] for time in times]
    clip.close()


def test_frames_that_avi_does_not_time_are_counted(videos: Path) -> None:
    """AVI has no times of showing; with H.264 the order of decoding is another."""
    path = make_video(videos / "reordered.avi", Recipe(steady(90), options=REORDERED, clock=PAL))
    clip = open_path(path)
    assert [shot(clip, number / 25) for number in (50, 3, 4, 5, 89, 0, 61)] == [50, 3, 4, 5, 89, 0, 61]
    assert [time.time_s for time in clip.times(1.0, 2.0, 5.0, 10)] == pytest.approx([1.0, 1.2, 1.4, 1.6, 1.8])
    clip.close()


def test_contents_tell_what_players_show(clip: VideoClip) -> None:
    contents = clip.contents
    assert (contents.kind, contents.width, contents.height) == ("video", WIDTH, HEIGHT)
    assert contents.duration_s == pytest.approx(4.8)
    assert contents.frames_per_s == pytest.approx(25)
    assert contents.renderer.startswith("ffmpeg ")
    assert (contents.warnings, contents.subtitles) == ((), ())


@pytest.mark.parametrize("shift_ms", [700, 36_000_000])
def test_time_starts_with_the_first_frame_wherever_the_clock_stands(h264: Path, videos: Path, shift_ms: int) -> None:
    clip = open_path(remux(h264, videos / f"shifted{shift_ms}.mkv", shift_ms=shift_ms))
    assert clip.contents.duration_s == pytest.approx(4.8, abs=0.05)
    assert clip.times(0.0, None, 1.0, 10)[0].time_s == 0.0
    assert [shot(clip, time_s) for time_s in (0.0, 2.001, 4.79)] == [0, 50, 119]
    clip.close()


def test_edit_lists_are_respected(h264: Path, videos: Path) -> None:
    """Without the first second: the file still holds it, because it begins with the key frame, but players do not show it."""
    path = videos / "edited.mp4"
    with av.open(str(h264)) as reading, av.open(str(path), "w", options={"use_editlist": "1"}) as writing:
        stream = reading.streams.video[0]
        out = writing.add_stream_from_template(stream)
        for packet in reading.demux(stream):
            if packet.dts is None:
                continue
            packet.pts -= round(1 / packet.time_base)
            packet.dts -= round(1 / packet.time_base)
            packet.stream = out
            writing.mux(packet)
    shown = all_frames(path)
    assert shown[0][1] == 25
    clip = open_path(path)
    assert shot(clip, 0.0) == 25
    assert [shot(clip, float(time)) for time, _ in shown[::9]] == [number for _, number in shown[::9]]
    assert clip.contents.duration_s == pytest.approx(3.8, abs=0.05)
    clip.close()


def test_a_video_that_starts_without_a_key_frame_starts_with_the_next(h264: Path, videos: Path) -> None:
    clip = open_path(remux(h264, videos / "headless.mkv", skip=10))
    assert shot(clip, 0.0) == 40
    assert shot(clip, 1.0) == 65
    clip.close()


def test_a_cut_off_video_gives_what_is_there_and_says_so(videos: Path) -> None:
    whole = make_video(videos / "whole.mkv", FORMATS["open.mkv"])
    path = videos / "cut.mkv"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    clip = open_path(path)
    assert 1.0 < (clip.contents.duration_s or 0) < 3.8
    assert "cut off" in clip.contents.warnings[0]
    last_s = clip.times(0.0, None, 25.0, 640)[-1].time_s
    assert shot(clip, last_s) == round(last_s * 25)
    clip.close()


def test_ranges_and_rates_of_the_users_are_kept(clip: VideoClip) -> None:
    assert [time.time_s for time in clip.times(1.0, 3.0, 2.0, 640)] == pytest.approx([1.0, 1.48, 2.0, 2.48])
    assert len(clip.times(0.0, None, 100.0, 640)) == 120
    assert [round(time.time_s * 25) for time in clip.times(0.0, None, 25.0, 3)] == [0, 60, 119]


@pytest.mark.parametrize("span", [(5.0, None), (-1.0, 2.0), (3.0, 2.0), (float("nan"), None)])
def test_ranges_outside_are_refused(clip: VideoClip, span: tuple[float, float | None]) -> None:
    with pytest.raises(NoSuchPage, match=r"lasts 4\.8 seconds"):
        clip.times(*span, None, 640)


@pytest.mark.parametrize("time_s", [-0.1, 5.0, float("inf"), float("nan")])
def test_times_outside_are_refused(clip: VideoClip, time_s: float) -> None:
    with pytest.raises(NoSuchPage, match=r"lasts 4\.8 seconds"):
        clip.frame(time_s, 10, 10)


def test_saved_times_find_their_frame_again(videos: Path) -> None:
    """Locators have six digits, and thirds of a second do not fit in them."""
    clip = open_path(make_video(videos / "thirds.mp4", Recipe(steady(30, 3), clock=Fraction(1, 3))))
    for number, time in enumerate(clip.times(0.0, None, 3.0, 30)):
        assert shot(clip, float(f"{time.time_s:.6f}")) == number
    clip.close()
