"""The real program on a real desktop: a person types, clicks and points; the tiny model answers in its own process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from app.ui.main_window import VIEWER_WIDTH_PX
from app.ui.theme import load_theme
from app.ui.viewer import HEADER_PX
from tests.helpers.desktop import Area, Color, Desktop, is_installed

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "resources" / "demo" / "shapes.png"
CIRCLE: Color = (220, 40, 40)
ANSWER_S = 90.0

pytestmark = [
    pytest.mark.skipif(not is_installed(), reason="needs xvfb, openbox and xdotool"),
    pytest.mark.timeout(300),
]


def color(name: str) -> Color:
    return int(name[1:3], 16), int(name[3:5], 16), int(name[5:7], 16)


ACCENT = color(load_theme("light").accent)


@dataclass
class Seen:
    """The running program and where its window is on the screen."""

    desktop: Desktop
    process: subprocess.Popen[bytes]
    left: int
    top: int
    width: int
    height: int

    @property
    def viewer(self) -> Area:
        right, bottom = self.left + self.width, self.top + self.height
        return right - VIEWER_WIDTH_PX, self.top + HEADER_PX, right, bottom

    @property
    def composer(self) -> Area:
        return self.left, self.top + self.height - 160, self.left + self.width - VIEWER_WIDTH_PX, self.top + self.height

    @property
    def transcript(self) -> Area:
        return self.left, self.top + HEADER_PX, self.left + self.width - VIEWER_WIDTH_PX, self.top + self.height - 160


def middle(area: Area | None) -> tuple[float, float]:
    assert area is not None
    return (area[0] + area[2]) / 2, (area[1] + area[3]) / 2


@pytest.fixture
def seen(tiny_model: tuple[Path, Path], tmp_path: Path) -> Iterator[Seen]:
    with Desktop(tmp_path) as desktop:
        command = [sys.executable, "-m", "app", "--model", str(tiny_model[0]), "--theme", "light", "--lang", "en", str(PICTURE)]
        process = desktop.start(command, QT_QPA_PLATFORM="xcb", PYTHONPATH=str(ROOT))
        window = ""

        def has_window() -> bool:
            nonlocal window
            assert process.poll() is None, "the program ended"
            window = desktop.xdotool("search", "--onlyvisible", "--pid", process.pid, "--name", "Sightline")
            return bool(window)

        desktop.wait_until(has_window, 60, "the window's opening")
        desktop.xdotool("windowactivate", "--sync", window)
        desktop.xdotool("windowmove", "--sync", window, 60, 40)
        lines = desktop.xdotool("getwindowgeometry", "--shell", window).splitlines()
        place = {name: int(value) for name, value in (line.split("=") for line in lines)}
        seen = Seen(desktop, process, place["X"], place["Y"], place["WIDTH"], place["HEIGHT"])
        desktop.wait_until(lambda: desktop.extent(CIRCLE, seen.viewer), 60, "the picture's showing")
        yield seen


def find_send(seen: Seen) -> Area | None:
    """The button, while it can be pressed; the line around the composer has the same colour but is thin."""
    return seen.desktop.extent(ACCENT, seen.composer, thickness_px=5)


def ask(seen: Seen, question: str) -> None:
    """Type into the composer, which has the focus, and wait until Send can be pressed."""
    seen.desktop.xdotool("type", "--delay", 20, question)
    seen.desktop.wait_until(lambda: find_send(seen), 60, "Send's becoming ready")


def test_a_person_asks_points_and_leaves(seen: Seen) -> None:
    desktop = seen.desktop
    circle = desktop.extent(CIRCLE, seen.viewer)

    ask(seen, "Locate the red circle.")
    desktop.xdotool("key", "Return")
    desktop.wait_until(lambda: desktop.extent(ACCENT, seen.viewer), ANSWER_S, "a box in the picture")
    desktop.wait_until(lambda: desktop.extent(ACCENT, seen.transcript), 20, "a reference in the text")
    desktop.wait_until(lambda: find_send(seen) is None, ANSWER_S, "the answer's end")  # until then, Send is Stop
    box = desktop.extent(ACCENT, seen.viewer)
    assert box is not None
    assert circle is not None
    assert circle[0] < middle(box)[0] < circle[2], (box, circle)
    assert circle[1] < middle(box)[1] < circle[3], (box, circle)

    # Pointing at the reference makes the box's line thicker.
    thin = desktop.count(ACCENT, seen.viewer)
    desktop.xdotool("mousemove", *(round(value) for value in middle(desktop.extent(ACCENT, seen.transcript))))
    desktop.wait_until(lambda: desktop.count(ACCENT, seen.viewer) > 1.2 * thin, 20, "the box's highlighting")
    desktop.xdotool("mousemove", seen.left + 20, seen.top + seen.height - 10)
    desktop.wait_until(lambda: desktop.count(ACCENT, seen.viewer) == thin, 20, "the highlight's end")

    # The second question goes out with a click on Send; the composer has kept the focus.
    ask(seen, "How many shapes are there?")
    desktop.click(*middle(find_send(seen)))
    desktop.wait_until(lambda: desktop.extent(ACCENT, seen.viewer) is None, 20, "the new turn")
    desktop.wait_until(lambda: find_send(seen) is None, ANSWER_S, "the second answer's end")

    children = psutil.Process(seen.process.pid).children(recursive=True)
    assert children, "the model runs in a process of its own"
    desktop.xdotool("key", "alt+F4")
    assert seen.process.wait(30) == 0
    assert psutil.wait_procs(children, timeout=20)[1] == []
