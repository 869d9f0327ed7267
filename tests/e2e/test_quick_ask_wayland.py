"""Quick Ask on a real Wayland desktop of two screens, begun by the command that users bind to keys there."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from app import reach
from tests.helpers import sway
from tests.helpers.desktop import Area, extent
from tests.helpers.seen_quick_ask import BELOW, EMPTY, RED_CIRCLE, SAME_MIN, SCENE, SHOWN_S, WHITE, draw_desktop, overlap
from tests.helpers.seen_window import ACCENT, ANSWER_S, OPEN_S, PROGRAM, ROOT, kept_conversation
from tests.helpers.sway import Sway
from tests.helpers.wayland_pointer import WaylandPointer

SCREEN, SCREEN_SIZE, ALL_SIZE = "HEADLESS-1", (1280, 720), (1920, 720)
SEEN: Area = (0, 60, *SCREEN_SIZE)
BESIDE: Area = (764, 80, 1280, 400)
KEYBOARD_MS = "150"
"""wtype waits so long: a key is lost while a new keyboard becomes known."""
SHOW = """
import sys
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QLabel

application = QApplication([])
screen = next(each for each in application.screens() if each.name() == sys.argv[2])
label = QLabel()
label.setWindowFlag(Qt.WindowType.FramelessWindowHint)
label.setPixmap(QPixmap(sys.argv[1]))
label.setScreen(screen)
label.setGeometry(screen.geometry())
label.showFullScreen()
application.exec()
"""

pytestmark = [
    pytest.mark.skipif(
        not sway.is_installed() or not shutil.which("wtype"),
        reason="needs sway, grim and wtype, and user namespaces when run by root",
    ),
    pytest.mark.timeout(300),
]


@pytest.fixture
def desktop(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sway]:
    """With the scene on its first screen."""
    with Sway(tmp_path_factory.mktemp("w")) as desktop:
        monkeypatch.setenv("XDG_RUNTIME_DIR", desktop.variables["XDG_RUNTIME_DIR"])
        picture = tmp_path_factory.mktemp("scene") / "scene.png"
        draw_desktop().crop((0, 0, *SCREEN_SIZE)).save(picture)
        desktop.start_python(SHOW, str(picture), SCREEN)
        desktop.wait_until(lambda: looks_as_before(desktop), OPEN_S, "the scene")
        yield desktop


def screenshot(desktop: Sway) -> Image.Image:
    """Of the first screen."""
    taken = subprocess.run(
        ["grim", "-t", "ppm", "-o", SCREEN, "-"], env={**os.environ, **desktop.variables}, capture_output=True, check=True
    )
    return Image.open(io.BytesIO(taken.stdout)).convert("RGB")


def press(desktop: Sway, *words: str) -> None:
    """Type, or press one key."""
    subprocess.run(["wtype", "-s", KEYBOARD_MS, *words], env=os.environ | desktop.variables, check=True)


def looks_as_before(desktop: Sway) -> bool:
    """Wherever the pointer is not put at the end."""
    return screenshot(desktop).crop(SEEN).tobytes() == draw_desktop().crop(SEEN).tobytes()


def test_a_command_begins_a_question_and_the_answer_points(desktop: Sway) -> None:
    program = desktop.start([*PROGRAM, "--hidden"], PYTHONPATH=str(ROOT))
    desktop.wait_until(lambda: reach.say(reach.REPORT, []), OPEN_S, "the program's start")
    command = desktop.start([sys.executable, "-m", "app", "capture"], PYTHONPATH=str(ROOT))
    assert command.wait(SHOWN_S) == 0
    desktop.wait_until(lambda: extent(screenshot(desktop), EMPTY, BELOW) is None, SHOWN_S, "the screen's freezing")

    with WaylandPointer(Path(desktop.variables["XDG_RUNTIME_DIR"], desktop.variables["WAYLAND_DISPLAY"]), ALL_SIZE) as pointer:
        pointer.drag(*SCENE)
        desktop.wait_until(lambda: extent(screenshot(desktop), WHITE, BELOW), SHOWN_S, "the bar")
        press(desktop, "Locate the red circle.")
        press(desktop, "-k", "Return")
        desktop.wait_until(lambda: extent(screenshot(desktop), ACCENT, SCENE), ANSWER_S, "the box")
        desktop.wait_until(lambda: extent(screenshot(desktop), ACCENT, BESIDE), SHOWN_S, "the number on the card")
        box = extent(screenshot(desktop), ACCENT, SCENE)
        assert box is not None
        assert overlap(box, RED_CIRCLE) > SAME_MIN, box
        press(desktop, "-k", "Escape")
        pointer.move(SEEN[2] - 100, SEEN[1] / 2)
        desktop.wait_until(lambda: looks_as_before(desktop), SHOWN_S, "the overlay's going")

    program.terminate()
    program.wait(SHOWN_S)
    (turn,) = kept_conversation().turns
    assert turn.question == "Locate the red circle."
    assert "circle is here" in turn.answer.markdown()
