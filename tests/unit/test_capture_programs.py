"""The desktops' own programs for pictures of the screen, and macOS' permission, by what stands in for them."""

from __future__ import annotations

import subprocess
import threading
import time
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from app import system
from app.capture import permissions
from app.capture.errors import CaptureCancelled, CaptureFailed, CaptureRefused, CaptureUnavailable
from app.capture.handlers import commands
from app.capture.handlers.gnome_screenshot import GnomeScreenshotHandler
from app.capture.handlers.mss import MssHandler
from app.capture.handlers.spectacle import SpectacleHandler
from app.capture.models import Rect, Screen

SCREENS = (Screen("upper", Rect(0, -40, 64, 40), 1.0), Screen("lower", Rect(0, 0, 64, 40), 1.0))


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs that are found first."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder


def install(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize(
    ("handler", "program", "expected"),
    [
        (SpectacleHandler(), "spectacle", "--background --nonotify --fullscreen --output {}"),
        (GnomeScreenshotHandler(), "gnome-screenshot", "--file {}"),
    ],
)
def test_their_picture_is_cut_into_screens_and_leaves_no_file(
    handler: SpectacleHandler | GnomeScreenshotHandler, program: str, expected: str, programs: Path, tmp_path: Path
) -> None:
    image = QImage(64, 80, QImage.Format.Format_RGB32)
    image.fill(QColor(10, 200, 20))
    assert image.save(str(tmp_path / "made.png"))
    # The file is named last.
    install(programs, program, f'echo "$@" > {tmp_path}/arguments; for file; do :; done; cp {tmp_path}/made.png "$file"')
    assert handler.is_installed()
    pictures = handler.grab(SCREENS)
    assert [(picture.screen, picture.image) for picture in pictures] == [(screen, image.copy(0, 0, 64, 40)) for screen in SCREENS]
    arguments = (tmp_path / "arguments").read_text().strip()
    file = Path(arguments.split()[-1])
    assert arguments == expected.format(file)
    assert not file.parent.exists()


def test_a_program_without_a_picture_is_an_error_with_its_words(programs: Path) -> None:
    install(programs, "spectacle", "exit 0")  # what it does when the desktop forbids it
    with pytest.raises(CaptureFailed, match="spectacle ended without a picture"):
        SpectacleHandler().grab(SCREENS)
    install(programs, "spectacle", "echo 'no compositor' >&2; exit 3")
    with pytest.raises(CaptureFailed, match="no compositor"):
        SpectacleHandler().grab(SCREENS)
    with pytest.raises(CaptureFailed, match="screen: 3"):  # a child that outlives it is not waited for
        commands.run(["sh", "-c", "sleep 5 & exit 3"], 2, stdout=subprocess.DEVNULL)
    with pytest.raises(CaptureUnavailable, match="cannot be started"):
        commands.run(["not-there-at-all"], 1)


def test_a_program_that_hangs_is_ended() -> None:
    begun = time.monotonic()
    with pytest.raises(CaptureFailed, match=r"sleep gave no picture of the screen within 0 s"):
        commands.run(["sleep", "600"], 0.1)
    stop = threading.Event()
    stop.set()
    with pytest.raises(CaptureCancelled):
        commands.run(["sleep", "600"], 600, stop)
    assert time.monotonic() - begun < 300


class CoreGraphics:
    """The two functions of macOS about the permission."""

    def __init__(self, allows: bool) -> None:
        self.allows, self.asked = allows, 0

    def CGPreflightScreenCaptureAccess(self) -> bool:
        return self.allows

    def CGRequestScreenCaptureAccess(self) -> bool:
        self.asked += 1
        return False


def test_macos_is_asked_before_a_picture_without_the_other_windows_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    macos = CoreGraphics(allows=False)
    monkeypatch.setattr(system, "is_macos", lambda: True)
    monkeypatch.setattr(permissions, "_core_graphics", lambda: macos)
    assert "Screen Recording" in (permissions.explanation("mss") or "")
    with pytest.raises(CaptureRefused, match="Screen Recording"):
        MssHandler().grab(SCREENS)
    assert macos.asked == 1

    macos.allows = True
    assert permissions.explanation("mss") is None
    permissions.require()
    assert macos.asked == 1


@pytest.mark.parametrize(
    ("desktop", "handler", "words"),
    [("gnome", "portal", "GNOME will ask once"), ("kde", "portal", "may ask"), ("gnome", "mss", None), ("sway", "grim", None)],
)
def test_only_where_something_will_be_asked_is_it_explained(
    desktop: str, handler: str, words: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "desktop", lambda: desktop)
    said = permissions.explanation(handler)
    assert (words in said) if words and said else said is words
