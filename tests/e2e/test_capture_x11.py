"""What is seen of a real X11 desktop: every pixel, the windows with their frames, and what is selected."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import mss
import pytest
from PySide6.QtGui import QImage

from app import selected, system
from app.capture import outlines, select
from app.capture.geometry import ratios
from app.capture.grabbing import take
from app.capture.models import Rect, Screen, WindowOutline
from tests.helpers.desktop import SCREEN, Desktop, is_installed
from tests.helpers.x11_scene import Scene

pytestmark = pytest.mark.skipif(not is_installed(), reason="needs xvfb, openbox and xdotool")

WIDTH, HEIGHT = (int(side) for side in SCREEN.split("x")[:2])
WHOLE = Screen("screen", Rect(0, 0, WIDTH, HEIGHT), 1.0)
WAIT_S = 60
needs_xclip = pytest.mark.skipif(shutil.which("xclip") is None, reason="needs xclip")


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    for variable in ("WAYLAND_DISPLAY", "XDG_SESSION_TYPE"):
        monkeypatch.delenv(variable, raising=False)
    predicates = (system.is_x11_session, system.is_wayland_session)
    with Desktop(tmp_path) as desktop:
        monkeypatch.setenv("DISPLAY", desktop.display)
        for predicate in predicates:
            predicate.cache_clear()
        yield desktop
    for predicate in predicates:
        predicate.cache_clear()


@pytest.fixture
def scene(desktop: Desktop) -> Iterator[Scene]:
    with Scene(desktop.display) as scene:
        yield scene


def draw_noise(scene: Scene) -> QImage:
    """640 x 400 random pixels at (101, 57)."""
    pixels = random.Random(5).randbytes(640 * 400 * 4)
    scene.draw(scene.open("noise", 101, 57, 640, 400, is_managed=False), 640, pixels)
    return QImage(pixels, 640, 400, 640 * 4, QImage.Format.Format_RGB32).copy()


@pytest.mark.parametrize(
    "screen",
    [
        WHOLE,
        Screen("named otherwise", Rect(0, 0, WIDTH // 2, HEIGHT // 2), 2.0),
        Screen("screen", Rect(0, 0, WIDTH * 2 // 3, HEIGHT * 2 // 3), 1.5),
        Screen("a part", Rect(100, 40, 400, 250), 2.0),
    ],
    ids=["plain", "scaled", "scaled by a half", "elsewhere"],
)
def test_every_pixel_of_a_screen_is_seen_whatever_its_scale(screen: Screen, scene: Scene) -> None:
    noise = draw_noise(scene)
    capture = take([screen])
    (picture,) = capture.pictures
    assert capture.handler == "mss"
    assert ratios(picture) == (screen.scale, screen.scale)
    left, top = (100, 40) if screen.name == "a part" else (0, 0)
    assert picture.image.copy(101 - left, 57 - top, 640, 400) == noise


def test_a_server_whose_visual_is_not_found_is_read_through_xlib(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    noise, opened, original = draw_noise(scene), [], mss.MSS

    def open_source(backend: str = "default", **options: bool) -> mss.MSS:
        opened.append(backend)
        if backend == "default":
            raise mss.ScreenShotError("The drawable's visual not found")
        return original(backend=backend, **options)

    monkeypatch.setattr(mss, "MSS", open_source)
    (picture,) = select.choose("mss").grab([WHOLE])
    assert opened == ["default", "xlib"]
    assert picture.image.copy(101, 57, 640, 400) == noise


def test_windows_are_outlined_with_their_frames_the_uppermost_first(desktop: Desktop, scene: Scene) -> None:
    lower = scene.open("lower", 100, 120, 500, 300)
    upper = scene.open("upper", 300, 200, 400, 300)
    shadowed = scene.open("shadowed", 800, 500, 300, 200)
    hidden = scene.open("hidden", 900, 100, 200, 200)
    scene.set_shadow(shadowed, 10)
    desktop.wait_until(lambda: len(outlines.windows([WHOLE])) == 4, WAIT_S, "four windows")
    desktop.xdotool("windowminimize", hidden)
    desktop.xdotool("windowraise", shadowed)
    desktop.xdotool("windowraise", upper)
    desktop.wait_until(
        lambda: [window.title for window in outlines.windows([WHOLE])] == ["upper", "shadowed", "lower"], WAIT_S, "their order"
    )

    frame = Rect(*scene.frame(shadowed))
    inner = Rect(frame.x + 10, frame.y + 10, frame.width - 20, frame.height - 20)
    assert scene.frame(lower)[3] > 300  # it has a title bar
    assert outlines.windows([WHOLE]) == (
        WindowOutline("upper", Rect(*scene.frame(upper))),
        WindowOutline("shadowed", inner),
        WindowOutline("lower", Rect(*scene.frame(lower))),
    )

    whole = Rect(*scene.frame(upper))
    halved = outlines.windows([Screen("screen", Rect(0, 0, WIDTH // 2, HEIGHT // 2), 2.0)])[0].place
    assert (halved.x, halved.y) == (pytest.approx(whole.x / 2, abs=0.5), pytest.approx(whole.y / 2, abs=0.5))


def select_by(desktop: Desktop, data: bytes, kind: str = "UTF8_STRING") -> subprocess.Popen[bytes]:
    """A program that has selected this, since it said so."""
    command = ["xclip", "-selection", "primary", "-target", kind, "-quiet", "-in"]
    environment = {**os.environ, "DISPLAY": desktop.display}
    process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdin
    process.stdin.write(data)
    process.stdin.close()
    return process


def end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGCONT)
    process.kill()
    process.wait()


@needs_xclip
@pytest.mark.parametrize("text", ["marked, äöü 你好", "x" * 3_000_000], ids=["short", "in pieces"])
def test_selected_text_is_read_and_a_program_that_hangs_is_given_up(text: str, desktop: Desktop) -> None:
    assert selected.read() is None
    owner = select_by(desktop, text.encode())
    try:
        desktop.wait_until(lambda: selected.read(10) == selected.Selected(text=text), WAIT_S, "the text")
        owner.send_signal(signal.SIGSTOP)
        assert selected.read(0.2) is None
    finally:
        end(owner)


@needs_xclip
def test_selected_text_is_read_in_a_process_that_has_not_used_x11_before(desktop: Desktop) -> None:
    script = "import sys; from app import selected; sys.exit(selected.read(10) != selected.Selected(text='marked'))"
    command = [sys.executable, "-P", "-c", script]
    environment = {**os.environ, "PYTHONPATH": str(Path(selected.__file__).parents[1])}
    owner = select_by(desktop, b"marked")
    try:
        desktop.wait_until(lambda: subprocess.run(command, env=environment).returncode == 0, WAIT_S, "the text")
    finally:
        end(owner)


@needs_xclip
def test_selected_files_and_pictures_are_read(desktop: Desktop, tmp_path: Path) -> None:
    file = tmp_path / "a file.txt"
    file.write_text("here")
    addresses = f"# remark\r\n{file.as_uri()}\r\nfile:///not/there\r\nhttps://example.org/\r\nfile://elsewhere{file}\r\n"
    for kind, data, expected in (
        ("text/uri-list", addresses.encode(), selected.Selected(paths=(file,))),
        ("image/png", b"\x89PNG and so on", selected.Selected(image=b"\x89PNG and so on")),
    ):
        owner = select_by(desktop, data, kind)
        try:
            desktop.wait_until(lambda expected=expected: selected.read(10) == expected, WAIT_S, kind)
        finally:
            end(owner)
