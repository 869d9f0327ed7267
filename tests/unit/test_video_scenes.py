"""Which frames of a recording are taken when nobody said which, and what its subtitles say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ingest.attachment import open_attachment
from ingest.isolate import Readers
from ingest.types import Subtitle
from tests.helpers.video_clips import open_path, shot
from tests.helpers.video_files import HEIGHT, WIDTH, Cue, Picture, Recipe, make_video, read_number, steady

QUIET = "log-level=none"


def screen(*marks: tuple[int, int, int, int]) -> Picture:
    """A page of text in 640 x 360, with dark rectangles (left, top, right, bottom)."""
    image = Image.new("RGB", (640, 360), (235, 235, 235))
    draw = ImageDraw.Draw(image)
    for line in range(14):
        draw.text((30, 12 + 24 * line), f"Line {line} of the page says {line * 7919} and goes on to its end.", (50, 50, 50))
    for mark in marks:
        draw.rectangle(mark, (20, 20, 20))
    return np.asarray(image)


PLAIN, SLIDE = screen(), screen((60, 40, 580, 330))
ENCODERS: dict[str, tuple[str, dict[str, str]]] = {
    "scene cuts": ("libx264", {"preset": "veryfast", "x264-params": f"keyint=50:{QUIET}"}),
    "fixed groups": ("libx264", {"preset": "veryfast", "x264-params": f"keyint=50:scenecut=0:bframes=0:{QUIET}"}),
    "poor quality": ("libx264", {"crf": "38", "preset": "veryfast", "x264-params": f"keyint=50:{QUIET}"}),
    "key frames only": ("mjpeg", {}),
    "no key frames": ("mpeg4", {"g": "1000", "sc_threshold": "1000000000", "b": "4M"}),
}
OTHER_ENCODERS = ("fixed groups", "poor quality", "no key frames")


@pytest.mark.parametrize(
    "encoder", ["scene cuts", "key frames only", *(pytest.param(name, marks=pytest.mark.slow) for name in OTHER_ENCODERS)]
)
def test_a_slide_between_two_sampled_times_is_found(encoder: str, tmp_path: Path) -> None:
    """Half a minute and more is sampled twice a second; the slide stands from 17.1 s to 17.4 s."""
    codec, options = ENCODERS[encoder]
    pixels = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    recipe = Recipe(
        steady(310, 10), codec=codec, options=options, pixel_format=pixels, draw=lambda n: SLIDE if 171 <= n < 174 else PLAIN
    )
    clip = open_path(make_video(tmp_path / "flash.mkv", recipe))
    times = clip.times(0.0, None, None, 640)
    found = next(time for time in times if time.is_scene_start)
    assert 17.1 <= found.time_s < 17.4
    assert len(times) <= (12 if encoder == "poor quality" else 4)
    assert np.abs(np.frombuffer(clip.frame(found.time_s, 640, 360).rgb, np.uint8).astype(int) - SLIDE.ravel()).mean() < 8
    clip.close()


CHANGES = {
    "cursor": screen((400, 300, 401, 311)),
    "digit": screen((400, 300, 402, 306), (402, 300, 405, 301)),
    "dialog": screen((400, 290, 430, 304)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_small_changes_on_a_screen_are_changes_and_noise_is_none(change: str, tmp_path: Path) -> None:
    recipe = Recipe(
        steady(60, 10),
        draw=lambda n: CHANGES[change] if n >= 30 else PLAIN,
        options={"crf": "26", "x264-params": f"keyint=8:{QUIET}"},
    )
    clip = open_path(make_video(tmp_path / "screen.mp4", recipe))
    times = [time.time_s for time in clip.times(0.0, None, None, 640)]
    assert times[0] == 0.0
    assert times[1:] == pytest.approx([3.0])
    clip.close()


def test_frames_that_were_looked_at_are_the_frames_that_are_given(tmp_path: Path) -> None:
    recipe = Recipe(steady(200), options={"x264-params": f"keyint=60:bframes=3:{QUIET}"})
    clip = open_path(make_video(tmp_path / "moving.mp4", recipe))
    times = clip.times(1.0, 7.0, None, 640)
    assert len(times) >= 36
    assert [shot(clip, time.time_s) for time in times] == [round(time.time_s * 25) for time in times]
    clip.close()


def test_long_recordings_are_sampled_at_key_frames_and_none_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a budget as small against this video as the real one against hours."""
    monkeypatch.setattr("ingest.video.plan.BUDGET_S", 0.0005)
    recipe = Recipe(steady(1000, 25), options={"x264-params": f"keyint=30:scenecut=0:{QUIET}"})
    clip = open_path(make_video(tmp_path / "long.mp4", recipe))
    times = clip.times(0.0, None, None, 640)
    gaps = np.diff([time.time_s for time in times])
    assert gaps.max() <= 1.3
    assert all(shot(clip, time.time_s) == round(time.time_s * 25) for time in times[::7])
    clip.close()


def test_long_recordings_of_a_still_screen_are_few_frames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.video.plan.BUDGET_S", 0.03)
    options = {"preset": "veryfast", "x264-params": f"keyint=30:scenecut=0:{QUIET}"}
    recipe = Recipe(steady(320, 10), options=options, draw=lambda n: SLIDE if n >= 157 else PLAIN)
    clip = open_path(make_video(tmp_path / "still.mp4", recipe))
    times = [time.time_s for time in clip.times(0.0, None, None, 640)]
    assert len(times) <= 16
    assert any(15.7 <= time_s <= 18.0 for time_s in times)
    clip.close()


def test_beyond_counting_the_key_frames_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.video.plan.PACKETS_MAX", 100)
    clip = open_path(make_video(tmp_path / "days.mp4", Recipe(steady(200), options={"x264-params": f"keyint=30:{QUIET}"})))
    times = clip.times(0.0, None, None, 640)
    assert [shot(clip, time.time_s) for time in times] == [0, 30, 60, 90, 120, 150, 180]
    clip.close()


CUES = [Cue(500, 1500, "Hello, <i>world</i>"), Cue(1500, 2500, "你好\nsecond line"), Cue(3000, 3500, "1 < 2 & 3")]
READ = (Subtitle(0.5, 1.5, "Hello, world"), Subtitle(1.5, 2.5, "你好\nsecond line"), Subtitle(3.0, 3.5, "1 < 2 & 3"))


@pytest.mark.parametrize("name", ["srt.mkv", "webvtt.mkv", "ass.mkv", "mov_text.mp4"])
def test_subtitles_are_read_as_text(name: str, tmp_path: Path) -> None:
    codec = name.split(".")[0]
    cues = [replace(cue, text=cue.text.replace("< ", "&lt; ")) for cue in CUES] if codec == "webvtt" else CUES
    if codec == "ass":
        cues = [
            Cue(
                cue.start_ms,
                cue.end_ms,
                f"{index},0,Default,,0,0,0,," + cue.text.replace("\n", "\\N").replace("<i>", "{\\i1}").replace("</i>", "{\\i0}"),
            )
            for index, cue in enumerate(CUES)
        ]
    path = make_video(tmp_path / name, Recipe(steady(100), codec="mpeg4", cues=cues, cue_codec=codec))
    clip = open_path(path)
    assert clip.contents.subtitles == READ
    clip.close()


def test_a_file_of_subtitles_beside_the_video_is_not_read(tmp_path: Path) -> None:
    path = make_video(tmp_path / "film.mp4", Recipe(steady(10)))
    path.with_suffix(".srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nNobody gave this\n")
    clip = open_path(path)
    assert clip.contents.subtitles == ()
    clip.close()


def test_a_video_goes_through_the_reading_child(tmp_path: Path) -> None:
    path = make_video(tmp_path / "clip.mkv", Recipe(steady(100), cues=CUES))
    readers = Readers(count=1)
    try:
        attachment = open_attachment(path, readers=readers)
        assert attachment.kind == "video"
        assert (attachment.contents.width, attachment.contents.height) == (WIDTH, HEIGHT)
        assert attachment.contents.subtitles == READ
        frames = attachment.frames(1.0, 3.0, 5.0)
        assert [frame.locator for frame in frames[:3]] == ["00:01", "00:01.2", "00:01.4"]
        numbers = [read_number(frame.render(WIDTH, HEIGHT).rgb, WIDTH, HEIGHT) for frame in frames]
        assert numbers == [round(frame.time_s * 25) for frame in frames]
        again = attachment.find("00:01.2")
        assert again.id == frames[1].id
        assert read_number(again.render(96, 64).rgb, 96, 64) == 30
    finally:
        readers.close()
