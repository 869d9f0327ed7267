"""The real program with real trays: X11's, and the one of KDE on a bus of the test's own. Windows close into it, and come back."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import paths, reach
from app.settings.store import SettingsStore
from app.ui.command_table import COMMANDS
from tests.helpers import session_bus
from tests.helpers.desktop import Area, Color, Desktop, is_installed
from tests.helpers.fake_watcher import FakeWatcher
from tests.helpers.session_bus import SessionBus

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-P", "-m", "app")
TILE: Color = (47, 91, 234)
"""Of the icon."""
TRAY: Area = (0, 0, 1500, 32)
OPEN_S = 60.0

pytestmark = [
    pytest.mark.skipif(not is_installed(), reason="needs xvfb, openbox and xdotool"),
    pytest.mark.skipif(not session_bus.is_installed(), reason="needs a D-Bus daemon: apt install dbus"),
]
needs_trayer = pytest.mark.skipif(not shutil.which("trayer"), reason="needs a tray: apt install trayer")

Program = subprocess.Popen[bytes]


@pytest.fixture
def bus() -> Iterator[SessionBus]:
    with SessionBus() as started:
        yield started


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    with Desktop(tmp_path) as started:
        yield started


def set_up(*, keeps_in_tray: bool) -> None:
    SettingsStore(paths.config_dir() / "settings.json").change(language="en", theme="light", keeps_in_tray=keeps_in_tray)


def start(desktop: Desktop, bus: SessionBus, *arguments: str) -> Program:
    variables = {"QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT), "DBUS_SESSION_BUS_ADDRESS": bus.address}
    return desktop.start([*PROGRAM, *arguments], **variables)


def start_trayer(desktop: Desktop) -> None:
    desktop.start(["trayer", "--edge", "top", "--align", "left", "--height", "32", "--width", "100", "--widthtype", "pixel"])


def window(desktop: Desktop, program: Program) -> str:
    """The number of its window; empty while it cannot be seen."""
    for number in desktop.xdotool("search", "--onlyvisible", "--pid", program.pid, "--name", "^Sightline$").split():
        shape = desktop.xdotool("getwindowgeometry", "--shell", number)
        if any(line.startswith("WIDTH=") and int(line[6:]) > 400 for line in shape.splitlines()):  # its tool tip is so called too
            return number
    return ""


def wait_for_window(desktop: Desktop, program: Program) -> str:
    desktop.wait_until(lambda: window(desktop, program), OPEN_S, "the window's opening")
    return window(desktop, program)


def close_window(desktop: Desktop, program: Program) -> None:
    desktop.xdotool("windowactivate", "--sync", wait_for_window(desktop, program))
    desktop.xdotool("key", "ctrl+w")


def wait_for_end(desktop: Desktop, program: Program) -> None:
    desktop.wait_until(lambda: program.poll() is not None, OPEN_S, "the program's end")
    assert program.returncode == 0


@needs_trayer
def test_the_window_closes_into_the_tray_and_comes_back(desktop: Desktop, bus: SessionBus, tmp_path: Path) -> None:
    set_up(keeps_in_tray=True)
    start_trayer(desktop)
    program = start(desktop, bus)
    wait_for_window(desktop, program)
    desktop.wait_until(lambda: desktop.extent(TILE, TRAY), OPEN_S, "the icon")

    close_window(desktop, program)
    desktop.wait_until(lambda: not window(desktop, program), OPEN_S, "the window's closing")
    icon = desktop.extent(TILE, TRAY)
    assert icon is not None and program.poll() is None

    desktop.click((icon[0] + icon[2]) / 2, (icon[1] + icon[3]) / 2)
    wait_for_window(desktop, program)

    # A later start has the files opened in this one, in front of another program's window.
    close_window(desktop, program)
    desktop.wait_until(lambda: not window(desktop, program), OPEN_S, "the window's closing")
    (tmp_path / "note.txt").write_text("Something to ask about")
    later = start(desktop, bus, str(tmp_path / "note.txt"))
    wait_for_end(desktop, later)
    number = wait_for_window(desktop, program)
    desktop.wait_until(lambda: desktop.xdotool("getactivewindow") == number, OPEN_S, "the window's coming to the front")
    desktop.wait_until(lambda: "note.txt" in desktop.read((0, 0, 1500, 960)), OPEN_S, "the file's card")

    desktop.xdotool("key", "ctrl+q")
    wait_for_end(desktop, program)


@needs_trayer
def test_the_program_ends_with_its_window_unless_the_user_chose_the_tray(desktop: Desktop, bus: SessionBus) -> None:
    set_up(keeps_in_tray=False)
    start_trayer(desktop)
    program = start(desktop, bus)
    desktop.wait_until(lambda: desktop.extent(TILE, TRAY), OPEN_S, "the icon")
    close_window(desktop, program)
    wait_for_end(desktop, program)


def test_the_program_ends_with_its_window_where_there_is_no_tray(desktop: Desktop, bus: SessionBus) -> None:
    set_up(keeps_in_tray=True)
    program = start(desktop, bus, "--hidden")
    desktop.wait_until(lambda: Path(str(reach.socket_path(reach.name()))).exists(), OPEN_S, "the first start's being the first")
    later = start(desktop, bus)
    wait_for_end(desktop, later)
    close_window(desktop, program)
    wait_for_end(desktop, program)


def test_a_tray_that_comes_late_gets_the_icon_and_its_menu(desktop: Desktop, bus: SessionBus) -> None:
    set_up(keeps_in_tray=True)
    program = start(desktop, bus)
    wait_for_window(desktop, program)
    later = start(desktop, bus, "--hidden")  # answered once the first one has looked for a tray
    wait_for_end(desktop, later)
    with FakeWatcher(bus.address) as tray:
        desktop.wait_until(lambda: tray.items, OPEN_S, "the icon")
        commands = {command.id: command.words for command in COMMANDS}
        first, last = ("capture.ask", "capture.selection", "record.start"), ("settings", "quit")
        said = [*map(commands.get, first), "Open Sightline", "Recent conversations", *map(commands.get, last)]
        assert tray.words() == said
        close_window(desktop, program)
        desktop.wait_until(lambda: not window(desktop, program), OPEN_S, "the window's closing")
        tray.activate()
        wait_for_window(desktop, program)
        close_window(desktop, program)
        desktop.wait_until(lambda: not window(desktop, program), OPEN_S, "the window's closing")
        tray.choose("Open Sightline")
        wait_for_window(desktop, program)
        tray.choose("Quit Sightline")
        wait_for_end(desktop, program)
