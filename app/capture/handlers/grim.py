"""sway, Hyprland and other Wayland desktops that speak wlr-screencopy or ext-image-copy-capture: the program grim."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage

from app import system
from app.capture.errors import CaptureFailed
from app.capture.geometry import cut
from app.capture.handlers import commands
from app.capture.models import Screen, ScreenPicture

TIME_LIMIT_S = 10.0


class GrimHandler:
    """See `CaptureHandler`."""

    name = "grim"

    @property
    def install_hint(self) -> str:
        return QCoreApplication.translate("Capture", "Install the program grim.")

    def is_compatible(self) -> bool:
        return system.is_wayland_session() and system.desktop() not in ("gnome", "kde")

    def is_installed(self) -> bool:
        return system.has_command("grim")

    def grab(self, screens: Sequence[Screen], stop: threading.Event | None = None) -> list[ScreenPicture]:
        """One picture a screen, which is at its own pixels and faster; one of all where Qt's names are not the desktop's."""
        try:
            with ThreadPoolExecutor(len(screens)) as pool:
                taken = list(pool.map(lambda screen: _take(["-o", screen.name], stop), screens))
        except CaptureFailed:
            return cut(_decoded(_take([], stop)), screens)
        return [ScreenPicture(screen, _decoded(data)) for screen, data in zip(screens, taken, strict=True)]


def _take(arguments: list[str], stop: threading.Event | None) -> bytes:
    # Its PNG takes five times as long.
    return commands.run(["grim", "-t", "ppm", *arguments, "-"], TIME_LIMIT_S, stop)


def _decoded(data: bytes) -> QImage:
    image = QImage.fromData(data)
    if image.isNull():
        raise CaptureFailed(QCoreApplication.translate("Capture", "The program grim gave a damaged picture."))
    return image.convertToFormat(QImage.Format.Format_RGB32)
