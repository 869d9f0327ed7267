"""GNOME: its former program for pictures of the screen, which the desktop lets look without asking."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from app import system
from app.capture.geometry import cut
from app.capture.handlers import commands
from app.capture.models import Screen, ScreenPicture

TIME_LIMIT_S = 15.0


class GnomeScreenshotHandler:
    """See `CaptureHandler`."""

    name = "gnome_screenshot"

    @property
    def install_hint(self) -> str:
        return QCoreApplication.translate("Capture", "Install the program gnome-screenshot.")

    def is_compatible(self) -> bool:
        return system.is_x11_session() or (system.is_wayland_session() and system.desktop() == "gnome")

    def is_installed(self) -> bool:
        return system.has_command("gnome-screenshot")

    def grab(self, screens: Sequence[Screen], stop: threading.Event | None = None) -> list[ScreenPicture]:
        return cut(commands.picture_from_file(lambda file: ["gnome-screenshot", "--file", str(file)], TIME_LIMIT_S, stop), screens)
