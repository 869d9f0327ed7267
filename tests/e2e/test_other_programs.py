"""What other programs give is taken: dropped anywhere in the window with the pointer, and pasted from the desktop's clipboard."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from app.ui.theme import load_theme
from tests.helpers.desktop import Color, Desktop, is_installed
from tests.helpers.other_program import COPIED, DRAGGED, PLACE_PX, SIDE_PX, middle_of
from tests.helpers.seen_window import OPEN_S, ROOT, SeenWindow, color

FIRST, SECOND, COPIED_FILE = (200, 120, 20), (20, 120, 200), (90, 30, 150)
BARE = (0, 0, 0)
"""The screen without windows."""
OVERLAY = color(load_theme("light").accent_soft)
OVERLAY_PIXELS_MIN = 400_000
"""Most of the window."""

pytestmark = [
    pytest.mark.skipif(not is_installed(), reason="needs xvfb, openbox and xdotool"),
    pytest.mark.timeout(300),
]


def make_file(path: Path, fill: Color) -> Path:
    Image.new("RGB", (160, 120), fill).save(path)
    return path


@pytest.fixture
def seen(tmp_path: Path) -> Iterator[SeenWindow]:
    """With the other program beside it."""
    colors = {"first one.png": FIRST, "第二.png": SECOND, "copied.png": COPIED_FILE}
    files = [make_file(tmp_path / name, fill) for name, fill in colors.items()]
    with Desktop(tmp_path) as desktop:
        command = (sys.executable, "-m", "tests.helpers.other_program", *map(str, files))
        desktop.start(command, QT_QPA_PLATFORM="xcb", PYTHONPATH=str(ROOT))
        seen = SeenWindow.open(desktop)
        fields = (*PLACE_PX, PLACE_PX[0] + SIDE_PX, PLACE_PX[1] + SIDE_PX)
        desktop.wait_until(lambda: not desktop.count(BARE, fields), OPEN_S, "the other program")
        yield seen


def wait_for_picture(seen: SeenWindow, fill: Color) -> None:
    seen.desktop.wait_until(lambda: seen.desktop.extent(fill, seen.viewer, thickness_px=25), OPEN_S, f"showing {fill}")


def wait_for_words(seen: SeenWindow, words: str) -> None:
    seen.desktop.wait_until(lambda: words in seen.desktop.read(seen.composer), OPEN_S, f"the words {words!r}")


def drop(seen: SeenWindow, field: str) -> None:
    """Carry it into the middle of the window, and let go once the window says that it takes it."""
    desktop, window = seen.desktop, (seen.left, seen.top, seen.left + seen.width, seen.top + seen.height)
    desktop.carry(*middle_of(field), seen.left + seen.width / 2, seen.top + seen.height / 3)
    desktop.wait_until(lambda: desktop.count(OVERLAY, window) > OVERLAY_PIXELS_MIN, OPEN_S, "the offer to take it")
    desktop.drop()
    desktop.wait_until(lambda: desktop.count(OVERLAY, window) < OVERLAY_PIXELS_MIN, OPEN_S, "its taking")


def paste(seen: SeenWindow, field: str) -> None:
    """Copy it in the other program, and press the keys in the window, which has kept the keyboard."""
    seen.desktop.click(*middle_of(field))
    seen.press("ctrl+v")


@pytest.mark.slow
def test_files_a_picture_and_words_are_dropped_and_pasted(seen: SeenWindow) -> None:
    drop(seen, "files")
    wait_for_picture(seen, SECOND)
    for fill in (FIRST, SECOND):
        seen.desktop.wait_until(lambda fill=fill: seen.desktop.extent(fill, seen.composer, thickness_px=9), OPEN_S, "a card each")
    drop(seen, "picture")
    wait_for_picture(seen, DRAGGED[0])
    drop(seen, "words")
    wait_for_words(seen, DRAGGED[1])
    paste(seen, "files")
    wait_for_picture(seen, COPIED_FILE)
    paste(seen, "picture")
    wait_for_picture(seen, COPIED[0])
    paste(seen, "words")
    wait_for_words(seen, f"{DRAGGED[1]}{COPIED[1]}")
    seen.leave()
