"""Any desktop of Linux with a portal: its Screenshot interface, which may ask the user once."""

from __future__ import annotations

import logging
import os
import stat
import threading
import time
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage

from app import system
from app.capture import permissions
from app.capture.errors import CaptureCancelled, CaptureError, CaptureFailed, CaptureRefused, CaptureUnavailable
from app.capture.geometry import cut
from app.capture.models import Screen, ScreenPicture

log = logging.getLogger(__name__)

DIALOG_LIMIT_S = 120.0
"""For reading the desktop's question, and for an answer."""
FILE_BYTES_MAX = 512 << 20
_CLOCKS_DIFFER_S = 5.0


class PortalHandler:
    """See `CaptureHandler`. `bus` is the address of a D-Bus, the session's without one."""

    name = "portal"

    def __init__(self, bus: str = "", time_limit_s: float = DIALOG_LIMIT_S) -> None:
        self._bus = bus
        self._time_limit_s = time_limit_s

    @property
    def install_hint(self) -> str:
        words = QCoreApplication.translate(
            "Capture", "Install xdg-desktop-portal and the part of it for your desktop, such as {0}."
        )
        parts = {"gnome": "xdg-desktop-portal-gnome", "kde": "xdg-desktop-portal-kde", "hyprland": "xdg-desktop-portal-hyprland"}
        return words.format(parts.get(system.desktop(), "xdg-desktop-portal-wlr"))

    def is_compatible(self) -> bool:
        return system.is_x11_session() or system.is_wayland_session()

    def is_installed(self) -> bool:
        """Asks the portal, and starts it if need be: for a worker's thread."""
        from app.portal import Portal, PortalError

        try:
            with Portal(self._bus) as portal:
                return portal.version("Screenshot") > 0
        except PortalError as error:
            log.debug("no portal: %s", error)
            return False

    def grab(self, screens: Sequence[Screen], stop: threading.Event | None = None) -> list[ScreenPicture]:
        return cut(_take(self._ask(stop)), screens)

    def _ask(self, stop: threading.Event | None) -> tuple[str, float]:
        """The picture's address, and when it was asked for."""
        from app import portal

        asked_at = time.time()
        try:
            with portal.Portal(self._bus) as connection:
                options = {"interactive": ("b", False), "modal": ("b", False)}
                limit_s = self._time_limit_s
                results = connection.request("Screenshot", "Screenshot", "sa{sv}", ("",), options, time_limit_s=limit_s, stop=stop)
        except portal.PortalError as error:
            raise _own_error(error) from error
        return str(results.get("uri", "")), asked_at


def _own_error(error: Exception) -> CaptureError:
    from app import portal

    if isinstance(error, portal.PortalCancelled):
        return CaptureCancelled(QCoreApplication.translate("Capture", "The capture was stopped."))
    if isinstance(error, portal.PortalRefused):
        return CaptureRefused(permissions.refusal())
    if isinstance(error, portal.PortalSilent):
        words = QCoreApplication.translate(
            "Capture",
            "The desktop gave no picture of the screen in time. If it asks for a permission, answer its question, then try again.",
        )
        return CaptureRefused(words)
    if isinstance(error, portal.PortalUnavailable):
        return CaptureUnavailable(
            QCoreApplication.translate("Capture", "The portal of this desktop gives no pictures of the screen.")
        )
    words = QCoreApplication.translate("Capture", "The portal of this desktop failed to give a picture of the screen: {0}")
    return CaptureFailed(words.format(error))


def _take(answer: tuple[str, float]) -> QImage:
    """The picture in the file, which is deleted: portals leave it behind, where all can read it or among the user's pictures.

    Only a picture that has come since we asked is deleted; a wrong answer must not cost the user a picture.
    """
    uri, asked_at = answer
    parts = urlsplit(uri)
    path = unquote(parts.path)
    try:
        if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
            raise OSError("not a local file")
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode) or about.st_size > FILE_BYTES_MAX:
                raise OSError("not a file of a sensible size")
            image = QImage.fromData(file.read(FILE_BYTES_MAX))
    except (OSError, ValueError) as error:
        log.info("the portal's picture cannot be read: %s", error)
        raise CaptureFailed(QCoreApplication.translate("Capture", "The picture that the desktop made cannot be read.")) from error
    if image.isNull():
        raise CaptureFailed(QCoreApplication.translate("Capture", "The picture that the desktop made is damaged."))
    if about.st_mtime >= asked_at - _CLOCKS_DIFFER_S:
        try:
            os.unlink(path)
        except OSError as error:
            log.warning("the portal's picture cannot be deleted: %s", error)
    return image
