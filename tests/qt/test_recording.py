"""Recordings as the window has them: their states, what becomes of the file, and words where the screen cannot be recorded."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import system
from app.capture import exclusion
from app.capture.models import Rect, Screen
from app.capture.recording_choice import choose_source
from app.capture.recording_job import Ended, Progress
from app.recording import Recording, RecordingOptions, videos_folder
from app.recording_words import dropped_words, ending_words
from app.ui.recording_bar import RecordingBar
from app.ui.recording_frame import RecordingFrame, RecordingRing, place_outside, region_on_desktop
from tests.helpers.desktop import PROGRAMS, Desktop, is_installed
from tests.helpers.video_files import all_frames

TOLD_MS = 60_000
SCREEN = Screen("large", Rect(0, 0, 1500, 960), 1.0)
AREA = Rect(100, 100, 320, 200)

needs_desktop = pytest.mark.skipif(not is_installed(), reason=f"needs {', '.join(PROGRAMS)}")


@pytest.fixture(scope="module")
def display(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with Desktop(tmp_path_factory.mktemp("desktop")) as desktop:
        yield desktop.display


@pytest.fixture
def recording(display: str, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recording]:
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(system, "is_x11_session", lambda: True)
    recording = Recording(lambda: RecordingOptions(folder=tmp_path / "videos"))
    yield recording
    recording.close()


def begin(qtbot: QtBot, recording: Recording) -> Path:
    with qtbot.waitSignal(recording.started, timeout=TOLD_MS):
        recording.start(SCREEN, AREA)
    assert recording.path is not None
    return recording.path


@needs_desktop
def test_a_recording_is_kept_with_its_region_at_its_size(recording: Recording, qtbot: QtBot) -> None:
    states: list[str] = []
    recording.state_changed.connect(lambda: states.append(recording.state))
    begin(qtbot, recording)
    qtbot.waitUntil(lambda: recording.progress is not None and recording.progress.frames > 4, timeout=TOLD_MS)
    with qtbot.waitSignal(recording.finished, timeout=TOLD_MS) as finished:
        recording.stop(keep=True)

    assert states == ["starting", "recording", "ending", "idle"]
    assert recording.progress is not None
    [path] = finished.args
    assert len(all_frames(Path(path))) == recording.progress.frames
    assert Path(path).name.startswith("Sightline ")


@needs_desktop
def test_a_recording_can_be_paused_and_thrown_away(recording: Recording, qtbot: QtBot) -> None:
    path = begin(qtbot, recording)
    with qtbot.waitSignal(recording.state_changed, timeout=TOLD_MS):
        recording.pause()
    assert recording.state == "paused"
    with qtbot.waitSignal(recording.state_changed, timeout=TOLD_MS):
        recording.resume()
    assert recording.state == "recording" and path.exists()
    with qtbot.waitSignals([recording.discarded], timeout=TOLD_MS), qtbot.assertNotEmitted(recording.finished):
        recording.stop(keep=False)

    assert not path.exists() and recording.state == "idle"


@needs_desktop
def test_a_process_that_is_killed_is_told_and_its_video_is_handed_on(recording: Recording, qtbot: QtBot) -> None:
    path = begin(qtbot, recording)
    qtbot.waitUntil(lambda: recording.progress is not None and recording.progress.frames > 4, timeout=TOLD_MS)
    assert recording._recorder is not None
    failures: list[tuple[str, str]] = []
    recording.failed.connect(lambda code, message: failures.append((code, message)))
    with qtbot.waitSignal(recording.finished, timeout=TOLD_MS) as finished:
        recording._recorder.kill()

    [(code, message)] = failures
    assert code == "recording_failed" and message.endswith("What was recorded until then is kept.")
    assert finished.args == [str(path)] and len(all_frames(path)) >= 4


@needs_desktop
def test_the_end_of_the_program_keeps_the_recording(recording: Recording, qtbot: QtBot) -> None:
    path = begin(qtbot, recording)
    recording.close()

    assert len(all_frames(path)) >= 1 and recording.state == "idle"


@pytest.mark.parametrize(
    ("desktop", "has_grim", "expected"),
    [("gnome", True, "GNOME"), ("kde", True, "Spectacle"), ("sway", False, "the program grim"), ("", False, "the program grim")],
)
def test_a_desktop_that_cannot_be_recorded_is_told_what_to_do(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, desktop: str, has_grim: bool, expected: str
) -> None:
    fake(monkeypatch, "wayland", desktop, has_grim)
    recording = Recording()
    with qtbot.waitSignal(recording.failed) as failed:
        recording.start(SCREEN, None)

    code, message = failed.args
    assert code == "capture_unavailable" and expected in message and recording.state == "idle"


@pytest.mark.parametrize(("session", "expected"), [("x11", "mss"), ("windows", "mss"), ("wayland", "grim")])
def test_each_desktop_has_its_way(monkeypatch: pytest.MonkeyPatch, session: str, expected: str) -> None:
    fake(monkeypatch, session, "sway", True)
    assert choose_source() == expected


def fake(monkeypatch: pytest.MonkeyPatch, session: str, desktop: str, has_grim: bool) -> None:
    for name in ("windows", "macos"):
        monkeypatch.setattr(system, f"is_{name}", lambda name=name: session == name)
    for name in ("x11", "wayland"):
        monkeypatch.setattr(system, f"is_{name}_session", lambda name=name: session == name)
    monkeypatch.setattr(system, "desktop", lambda: desktop)
    monkeypatch.setattr(system, "has_command", lambda name: has_grim and name == "grim")


def test_a_region_that_is_too_small_is_refused_in_words(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(monkeypatch, "x11", "", False)
    recording = Recording()
    with qtbot.waitSignal(recording.failed) as failed:
        recording.start(SCREEN, Rect(0, 0, 15, 400))

    assert failed.args[0] == "recording_failed" and "16 x 16" in failed.args[1]


def test_the_videos_of_the_user_are_where_recordings_go(qtbot: QtBot) -> None:
    assert videos_folder().is_relative_to(os.environ["HOME"])


def test_what_is_missing_is_said_and_what_is_whole_is_not() -> None:
    assert dropped_words(Progress(frames=100)) == ""
    assert dropped_words(Progress(frames=90, dropped=10)).startswith("10 of 100 frames are missing")


def test_nothing_is_said_to_be_kept_where_there_is_no_file() -> None:
    assert "is kept" in ending_words(Ended("disk_full", path="/a.mp4"))[1]
    assert "is kept" not in ending_words(Ended("disk_full"))[1]
    assert ending_words(Ended("size_limit"))[0] == "recording_limit"


@pytest.mark.qt_log_ignore("^This plugin does not support", extend=True)  # windows without a window manager
@pytest.mark.parametrize("is_left_out", [True, False])
def test_windows_is_asked_to_leave_the_frame_out_of_the_picture(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, is_left_out: bool
) -> None:
    asked: list[tuple[int, int]] = []

    class User32:
        def SetWindowDisplayAffinity(self, window: int, affinity: int) -> int:
            asked.append((window, affinity))
            return int(is_left_out)

    monkeypatch.setattr(system, "is_windows", lambda: True)
    monkeypatch.setattr(exclusion, "_user32", User32)
    frame = RecordingFrame(Screen("large", Rect(0, 0, 3200, 2400), 1.0), None)
    ring = [window for window in QApplication.topLevelWidgets() if isinstance(window, RecordingRing) and window.isVisible()]
    [bar] = [window for window in QApplication.topLevelWidgets() if isinstance(window, RecordingBar) and window.isVisible()]
    assert len(ring) == int(is_left_out) and bar.isMinimized() is not is_left_out
    assert {affinity for _, affinity in asked} == {0x11}
    frame.close()


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0])
def test_the_ring_leaves_the_region_out_at_every_scale(scale: float) -> None:
    for x, width in ((0, 16), (101, 333), (7, 1001)):
        region = region_on_desktop(Screen("one", Rect(-300, 40, 1000, 800), scale), Rect(x, x, width, width))
        assert (region.x() + 300) * scale <= x and (region.y() - 40) * scale <= x
        assert (region.x() + 300 + region.width()) * scale >= x + width


def test_the_bar_has_no_place_beside_a_whole_screen(qtbot: QtBot) -> None:
    screen = Screen("large", Rect(0, 0, 3200, 2400), 1.0)
    region = QRect(100, 100, 800, 600)
    place = place_outside(region, (400, 50), screen)
    assert place is not None and not region.intersects(QRect(place.x, place.y, place.width, place.height))
    assert place_outside(QRect(0, 0, 3200, 2400), (400, 50), screen) is None
