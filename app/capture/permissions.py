"""Words before the system asks whether Sightline may see the screen, and after it said no.

macOS asks once, then keeps the answer; a program without it gets pictures of the wallpaper and of its own windows only, without an
error. GNOME asks once by its portal, and shows the question only while Sightline's window has the focus.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

from PySide6.QtCore import QCoreApplication

from app import system
from app.capture.errors import CaptureRefused

_CORE_GRAPHICS = "/System/Library/Frameworks/CoreGraphics.framework/CoreGraphics"


def explanation(handler: str) -> str | None:
    """What the user should know before the first capture by this handler; None when nothing will be asked."""
    if system.is_macos():
        if _macos_allows():
            return None
        return QCoreApplication.translate(
            "Capture",
            "macOS will ask whether Sightline may record the screen. Sightline needs this to see what you ask about; it looks only "
            "when you tell it to. Allow it in System Settings, Privacy & Security, Screen Recording, then start Sightline again.",
        )
    if handler != "portal":
        return None
    if system.desktop() == "gnome":
        return QCoreApplication.translate(
            "Capture",
            "GNOME will ask once whether Sightline may take pictures of the screen. It asks only while a window of Sightline is in "
            "front, and remembers the answer. Sightline looks only when you tell it to.",
        )
    return QCoreApplication.translate(
        "Capture",
        "Your desktop may ask whether Sightline may take pictures of the screen. Sightline looks only when you tell it to.",
    )


def refusal() -> str:
    """What happened, and where the permission is given, after the system or the user said no."""
    if system.is_macos():
        return QCoreApplication.translate(
            "Capture",
            "macOS does not let Sightline see the screen. Allow it in System Settings, Privacy & Security, Screen Recording, then "
            "start Sightline again.",
        )
    if system.desktop() == "gnome":
        return QCoreApplication.translate(
            "Capture",
            "GNOME does not let Sightline take pictures of the screen. If it did not ask, bring Sightline's window to the front "
            "and try again; it asks only then. If you said no before, run this in a terminal, and every program will be asked "
            "about again: {0}",
        ).format(_ASK_AGAIN)
    return QCoreApplication.translate(
        "Capture",
        "The desktop does not let Sightline take pictures of the screen. If you said no before, run this in a terminal, and every "
        "program will be asked about again: {0}",
    ).format(_ASK_AGAIN)


def require() -> None:
    """Before anything that macOS guards. Its question comes up when the permission was never asked for.

    Raises:
        CaptureRefused: there is no permission.
    """
    if system.is_macos() and not _macos_allows():
        _core_graphics().CGRequestScreenCaptureAccess()
        raise CaptureRefused(refusal())


def _macos_allows() -> bool:
    return bool(_core_graphics().CGPreflightScreenCaptureAccess())


@cache
def _core_graphics() -> Any:
    """CGWindow.h; both functions are there from macOS 10.15 on."""
    library = ctypes.CDLL(_CORE_GRAPHICS)
    for function in (library.CGPreflightScreenCaptureAccess, library.CGRequestScreenCaptureAccess):
        function.argtypes, function.restype = (), ctypes.c_bool
    return library


_ASK_AGAIN = (
    "busctl --user call org.freedesktop.impl.portal.PermissionStore /org/freedesktop/impl/portal/PermissionStore "
    "org.freedesktop.impl.portal.PermissionStore Delete ss screenshot screenshot"
)
"""Makes the portal forget what it was told (table "screenshot" of its PermissionStore). For us alone it cannot be done for sure:
before portal 1.19 it does not know who we are."""
