"""`sightline capture`: asks about the screen, through the Sightline that runs or by starting it; or writes a picture."""

from __future__ import annotations

import argparse
from pathlib import Path

from app import paths, reach, system
from app.capture_wish import CaptureWish
from app.commands.exits import EXIT_OK, EXIT_STOPPED
from app.settings.store import SettingsStore


class CannotCapture(Exception):
    """Attributes:
    code, message: as those of `app.capture.errors`, which come from another thread.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def run(options: argparse.Namespace) -> int:
    """Returns the exit code. Raises CannotCapture."""
    if not system.has_display():
        raise CannotCapture(
            "no_display",
            "There is no display to capture: neither DISPLAY nor WAYLAND_DISPLAY is set. Call it from within a desktop.",
        )
    wish = CaptureWish(options.kind, options.delay, options.handler or "")
    if options.out is not None:
        return _write(wish, options.out)
    if reach.hand_over(reach.CAPTURE, wish.words()):
        return EXIT_OK
    from app.instance import Message
    from app.main import run as run_window

    return run_window(["sightline", "--hidden"], Message(reach.CAPTURE, tuple(wish.words())))


def _write(wish: CaptureWish, path: Path) -> int:
    """Take the picture and write it as PNG."""
    from PySide6.QtCore import QByteArray
    from PySide6.QtGui import QImageWriter

    from app.commands.capturing import Capturing
    from app.main import make_application
    from app.preferences import Preferences

    app = make_application("sightline")
    Preferences(SettingsStore(paths.config_dir() / "settings.json"), {}, app)  # which applies theme and language
    capturing = Capturing(wish)
    capturing.ended.connect(lambda: app.exit(EXIT_OK))  # `quit` asks the overlay first, which stays
    capturing.begin()
    app.exec()
    capturing.close()
    if capturing.failure is not None:
        raise CannotCapture(*capturing.failure)
    if capturing.image is None:
        return EXIT_STOPPED
    if not QImageWriter(str(path), QByteArray(b"png")).write(capturing.image):
        raise CannotCapture("cannot_write", f"{path} cannot be written. See whether its folder is there and may be written to.")
    return EXIT_OK
