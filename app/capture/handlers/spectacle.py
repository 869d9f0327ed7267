"""KDE: its own program for pictures of the screen, where the portal does not work."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from app import system
from app.capture.geometry import cut
from app.capture.handlers import commands
from app.capture.models import Screen, ScreenPicture

TIME_LIMIT_S = 15.0


class SpectacleHandler:
    """See `CaptureHandler`."""

    name = "spectacle"

    @property
    def install_hint(self) -> str:
        return QCoreApplication.translate("Capture", "Install the program Spectacle.")

    def is_compatible(self) -> bool:
        return system.is_x11_session() or (system.is_wayland_session() and system.desktop() == "kde")

    def is_installed(self) -> bool:
        return system.has_command("spectacle")

    def grab(self, screens: Sequence[Screen], stop: threading.Event | None = None) -> list[ScreenPicture]:
        def command(file: object) -> list[str]:
            return ["spectacle", "--background", "--nonotify", "--fullscreen", "--output", str(file)]

        return cut(commands.picture_from_file(command, TIME_LIMIT_S, stop), screens)
