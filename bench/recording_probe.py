"""What a recording of 1920 x 1080 costs while a window moves, and whether what it says of itself is true.

``python -m bench.recording_probe [SECONDS [CODEC]]`` measures on a screen of its own (Xvfb); ``... scene`` is what moves there.
"""

from __future__ import annotations

import math
import os
import queue
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from app.capture.recording_job import Codec, Ended, Event, Progress, RecordingJob, Started
from bench.figures import Figure, at_most

SIZE = (1920, 1080)
FRAMES_PER_S = 15
SHARE_MAX = 0.6
"""Of one core."""
TOLD_S = 60.0
STEP_MS = 33


def measure(seconds: float = 15.0, codec: Codec = "h264") -> list[Figure]:
    """Of the process that records: its share of one core, and frames that the file has beyond or below what was reported."""
    with _screen() as display, tempfile.TemporaryDirectory() as folder:
        os.environ["DISPLAY"] = display
        os.environ.pop("WAYLAND_DISPLAY", None)
        share, ended = _record(seconds, codec, Path(folder))
        times_s = _times(Path(ended.path))
        rate = ended.progress.bytes / 1000 / ended.progress.seconds
    progress = ended.progress
    due = math.floor(progress.seconds * FRAMES_PER_S) + 1
    wrong = abs(len(times_s) - progress.frames) + abs(progress.frames + progress.dropped - due)
    said: dict[str, float | str] = {"codec": codec, "frames": progress.frames, "dropped": progress.dropped, "kB/s": rate}
    return [
        at_most("recording, 1080p at 15 fps", share, "cores", SHARE_MAX, **said),
        at_most("recording, frames that are reported wrongly", wrong, "frames", 0, due=due),
    ]


def _record(seconds: float, codec: Codec, folder: Path) -> tuple[float, Ended]:
    """The share of a core from the first frame to the last, and what was said at the end."""
    import psutil

    from app import system
    from app.capture.models import Rect, Screen
    from app.capture.recorder import Recorder

    screen = Screen("screen", Rect(0, 0, *SIZE), 1.0)
    job = RecordingJob(screen, None, "mss", folder, "bench", FRAMES_PER_S, codec, 10**10, 0)
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    recorder = Recorder(system.recording_worker_command(), job, events.put)
    while not isinstance(event := events.get(timeout=TOLD_S), Started):
        assert not isinstance(event, Ended), event
    process = psutil.Process(recorder.pid)
    begun_s, used_s = time.monotonic(), sum(process.cpu_times()[:2])
    while (event := events.get(timeout=TOLD_S)) and not (isinstance(event, Progress) and event.seconds >= seconds):
        assert not isinstance(event, Ended), event
    share = (sum(process.cpu_times()[:2]) - used_s) / (time.monotonic() - begun_s)
    recorder.tell("stop")
    while not isinstance(event := events.get(timeout=TOLD_S), Ended):
        pass
    return share, event


def _times(path: Path) -> list[float]:
    import av

    with av.open(str(path)) as video:
        return [float(frame.time or 0.0) for frame in video.decode(video=0)]


@contextmanager
def _screen() -> Iterator[str]:
    """Xvfb with the scene on it."""
    read_end, write_end = os.pipe()
    width, height = SIZE
    command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(write_end,), stderr=subprocess.DEVNULL)
    os.close(write_end)
    with os.fdopen(read_end) as numbers:
        display = f":{numbers.readline().strip()}"
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    scene = subprocess.Popen([sys.executable, "-m", "bench.recording_probe", "scene"], env=environment, stdout=subprocess.PIPE)
    try:
        assert scene.stdout is not None and scene.stdout.readline()
        yield display
    finally:
        for process in (scene, server):
            process.terminate()
            process.communicate()


def show_scene() -> int:
    """A page of text that scrolls and a disc that goes round, 30 times a second, on a third of the screen."""
    from PySide6.QtCore import QPointF, QTimer
    from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
    from PySide6.QtWidgets import QApplication, QWidget

    class Scene(QWidget):
        def __init__(self) -> None:
            super().__init__()
            self.setGeometry(300, 150, 900, 700)
            self.step = 0
            self.page = QImage(900, 3000, QImage.Format.Format_RGB32)
            self.page.fill(QColor("white"))
            painter = QPainter(self.page)
            for line in range(150):
                painter.drawText(
                    12, 20 * line + 16, f"{line}  copper {line * 37 % 100}  plant {line * 53 % 100}  " + "of the quarter, " * 8
                )
            painter.end()

        def move_on(self) -> None:
            self.step += 1
            self.update()

        def paintEvent(self, event: QPaintEvent) -> None:
            painter = QPainter(self)
            painter.drawImage(0, -(2 * self.step % 2300), self.page)
            painter.setBrush(QColor("red"))
            angle = self.step / 20
            painter.drawEllipse(QPointF(450 + 300 * math.cos(angle), 350 + 200 * math.sin(angle)), 40, 40)
            painter.end()
            if self.step == 1:
                print("shown", flush=True)

    app = QApplication(sys.argv[:1])
    scene = Scene()
    scene.show()
    timer = QTimer(scene)
    timer.timeout.connect(scene.move_on)
    timer.start(STEP_MS)
    return app.exec()


def main() -> int:
    """One JSON line for each figure."""
    arguments = sys.argv[1:]
    if arguments == ["scene"]:
        return show_scene()
    seconds = float(arguments[0]) if arguments else 15.0
    for figure in measure(seconds, cast(Codec, arguments[1] if len(arguments) > 1 else "h264")):
        figure.print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
