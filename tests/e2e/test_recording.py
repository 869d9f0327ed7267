"""Recording on real desktops: the frame is seen by the user and not by the recording, and its buttons do what they say."""

from __future__ import annotations

import queue
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from app import system
from app.capture.models import Rect, Screen
from app.capture.recorder import Recorder
from app.capture.recording_job import Ended, Event, Progress, RecordingJob
from app.ui.recording_frame import RING_GAP_PX, RING_PX
from app.ui.theme import load_theme
from tests.helpers import sway
from tests.helpers.counted_screen import CountedScreen
from tests.helpers.desktop import PROGRAMS, Desktop, is_installed
from tests.helpers.video_files import numbered, read_number

needs_x11 = pytest.mark.skipif(not is_installed(), reason=f"needs {', '.join(PROGRAMS)}")
needs_sway = pytest.mark.skipif(not sway.is_installed(), reason="needs sway and grim, and user namespaces when run by root")

SAID_S = 60
NOISE = 24
"""How far an encoded value may be from what was on the screen; a frame would be off by more than 100."""

POINTER_PX = 400
"""So many pixels has the pointer at most, which is recorded. The bar has 40 times as many, on a black screen."""

HALVES = """
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QApplication, QWidget

class Halves(QWidget):
    def paintEvent(self, event):
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("blue"))
        painter.fillRect(0, 0, self.width() // 2, self.height(), QColor("red"))
        painter.end()

application = QApplication([])
screen = next(screen for screen in application.screens() if screen.name() == "HEADLESS-2")
window = Halves(None, Qt.WindowType.FramelessWindowHint)
window.setScreen(screen)
window.setGeometry(screen.geometry())
window.showFullScreen()
application.exec()
"""


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    with Desktop(tmp_path) as desktop:
        yield desktop


class Program:
    """The program that records, and what it said."""

    def __init__(self, desktop: Desktop, *area: int) -> None:
        self._desktop = desktop
        command = [sys.executable, "-m", "tests.helpers.recording_app", *map(str, area)]
        self._process = desktop.start(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, QT_QPA_PLATFORM="xcb")
        self.buttons: dict[str, tuple[int, int]] = {}
        self.window = ""

    def until(self, *words: str) -> str:
        """Read what it says up to a line that begins so; returns the rest of that line."""
        assert self._process.stdout is not None
        for raw in self._process.stdout:
            line = raw.decode().strip()
            if line.startswith("button"):
                _, x, y, name = line.split(" ", 3)
                self.buttons[name] = int(x), int(y)
            if line.startswith("state"):
                self.buttons.clear()
            if line.startswith("bar"):
                self.window = line.split()[2]
            if line.startswith(" ".join(words)):
                return line.removeprefix(" ".join(words)).strip()
        raise AssertionError(f"it ended before it said {' '.join(words)}")

    def until_frames(self, count: int) -> None:
        """Read up to the line that tells of as many."""
        while int(self.until("frames")) < count:
            pass

    def finished(self) -> Path:
        """The file, when the program has ended."""
        path = Path(self.until("finished"))
        with self._process:  # closes its pipes
            pass
        assert self._process.returncode == 0
        return path

    def tell(self, command: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(command.encode() + b"\n")
        self._process.stdin.flush()

    def press(self, name: str) -> None:
        """Click a button as soon as it is there."""
        while name not in self.buttons:
            self.until("button")
        self._desktop.click(*self.buttons[name])


@needs_x11
def test_the_frame_stands_around_the_region_and_is_not_in_the_recording(desktop: Desktop) -> None:
    with CountedScreen(desktop.display) as counted:
        region = counted.place
        program = Program(desktop, region.x, region.y, region.width, region.height)
        program.until("state recording")
        reach = RING_PX + RING_GAP_PX
        left, top, right, bottom = (
            region.x - reach,
            region.y - reach,
            region.x + region.width + reach,
            region.y + region.height + reach,
        )
        color = load_theme("light").danger
        ring = int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
        around = (0, 0, right + 20, bottom + 4)  # the bar below has a mark of the same colour
        desktop.wait_until(lambda: desktop.extent(ring, around) == (left, top, right, bottom), SAID_S, "the ring")
        assert not desktop.count(ring, (region.x, region.y, region.x + region.width, region.y + region.height))
        program.press("Pause")
        program.until("state paused")
        program.press("Go on")
        program.until("state recording")
        program.until_frames(10)
        program.press("Stop the recording and keep it")
        path = program.finished()

    frames = 0
    with av.open(str(path)) as video:
        for frame in video.decode(video=0):
            seen = frame.to_ndarray(format="rgb24")
            shown = numbered(read_number(seen.tobytes(), frame.width, frame.height))
            for edge in (np.s_[:2], np.s_[-2:], np.s_[:, :2], np.s_[:, -2:]):
                assert np.abs(seen[edge].astype(int) - shown[edge]).mean() < NOISE
            frames += 1
    assert frames > 5


@needs_x11
def test_the_bar_of_a_whole_screen_is_never_recorded(desktop: Desktop) -> None:
    program = Program(desktop)
    program.until("state recording")
    program.until("bar minimised")
    desktop.xdotool("windowactivate", program.window)
    program.until("state paused")
    program.until("bar shown")
    program.press("Go on")
    program.until("state recording")
    program.until("bar minimised")
    program.until_frames(10)
    program.tell("stop")
    path = program.finished()

    with av.open(str(path)) as video:
        lit = [int((frame.to_ndarray(format="gray") > 128).sum()) for frame in video.decode(video=0)]
    assert len(lit) > 5 and max(lit) < POINTER_PX


@needs_sway
def test_a_region_of_a_wayland_screen_is_recorded_at_its_true_pixels_and_rate(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Screen("HEADLESS-2", Rect(1280, 0, 640, 360), 2.0)
    job = RecordingJob(screen, Rect(600, 100, 200, 101), "grim", tmp_path, "take", 30, "h264", 10**8, 0)
    with sway.Sway(tmp_path_factory.mktemp("w")) as desktop:
        for name, value in desktop.variables.items():
            monkeypatch.setenv(name, value)
        desktop.start_python(HALVES)
        grim = [*(f"{name}={value}" for name, value in desktop.variables.items()), "grim", "-t", "ppm", "-o", screen.name, "-"]
        blue = b"\x00\x00\xff"
        desktop.wait_until(lambda: subprocess.run(["env", *grim], capture_output=True).stdout.endswith(blue), SAID_S, "the halves")
        events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        recorder = Recorder(system.recording_worker_command(), job, events.put)
        while not (isinstance(event := events.get(timeout=SAID_S), Progress) and event.frames > 5):
            assert not isinstance(event, Ended), event
        recorder.tell("stop")
        while not isinstance(event, Ended):
            event = events.get(timeout=SAID_S)

    with av.open(event.path) as video:
        frames = [frame.to_ndarray(format="rgb24").astype(int) for frame in video.decode(video=0)]
    assert len(frames) == event.progress.frames
    assert event.progress.frames + event.progress.dropped == int(event.progress.seconds * 30) + 1
    for frame in frames:
        assert frame.shape == (100, 200, 3)
        assert np.abs(frame[:, :38] - (255, 0, 0)).mean() < NOISE and np.abs(frame[:, 42:] - (0, 0, 255)).mean() < NOISE
