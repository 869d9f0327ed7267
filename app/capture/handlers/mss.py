"""X11, Windows and macOS: the pixels as the system hands them out, through mss."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage

from app import system
from app.capture import permissions
from app.capture.errors import CaptureFailed
from app.capture.geometry import native_place
from app.capture.models import Screen, ScreenPicture

if TYPE_CHECKING:
    from mss import MSS

_MACOS_TRUE_PIXELS = 1 << 0 | 1 << 1 | 1 << 3
"""kCGWindowImageBoundsIgnoreFraming, -ShouldBeOpaque and -BestResolution (CGWindow.h). mss asks for the nominal resolution, which
is half of what such screens have."""


class MssHandler:
    """See `CaptureHandler`."""

    name = "mss"
    install_hint = ""

    def is_compatible(self) -> bool:
        return system.is_windows() or system.is_macos() or system.is_x11_session()

    def is_installed(self) -> bool:
        return True

    def grab(self, screens: Sequence[Screen], stop: threading.Event | None = None) -> list[ScreenPicture]:
        from mss import ScreenShotError

        permissions.require()
        try:
            with open_screens() as source:
                return [ScreenPicture(screen, _grab(source, place_in(source, screen))) for screen in screens]
        except ScreenShotError as error:
            words = QCoreApplication.translate("Capture", "The system did not give a picture of the screen: {0}")
            raise CaptureFailed(words.format(error)) from error


def open_screens(*, with_pointer: bool = False) -> AbstractContextManager[MSS]:
    """What the screens are read with; also for recordings. On X11 the pointer can be in it. Raises mss.ScreenShotError."""
    import mss

    if system.is_macos():
        import mss.darwin

        mss.darwin.IMAGE_OPTIONS = _MACOS_TRUE_PIXELS
        return mss.MSS()
    if system.is_windows():
        return mss.MSS()
    try:
        return mss.MSS(with_cursor=with_pointer)
    except mss.ScreenShotError:
        # mss 10.2 finds no visual on servers with very many of them, such as Xvnc; through Xlib it does.
        return mss.MSS(backend="xlib", with_cursor=with_pointer)


def place_in(source: MSS, screen: Screen) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a screen as mss counts: device pixels, but points on macOS."""
    if system.is_macos():
        place = screen.place
        return place.x, place.y, place.x + place.width, place.y + place.height
    monitors: list[dict[str, Any]] = source.monitors[1:]
    named = [monitor for monitor in monitors if monitor.get("output") == screen.name]
    corner = (screen.place.x, screen.place.y)
    for monitor in named or [monitor for monitor in monitors if (monitor["left"], monitor["top"]) == corner]:
        left, top = monitor["left"], monitor["top"]
        return left, top, left + monitor["width"], top + monitor["height"]
    place = native_place(screen)
    return place.x, place.y, place.x + place.width, place.y + place.height


def _grab(source: MSS, place: tuple[int, int, int, int]) -> QImage:
    shot = source.grab(place)
    # The fourth byte is 0 on X11. The copy owns its pixels; the view of mss' does not.
    return QImage(shot.raw, shot.width, shot.height, shot.width * 4, QImage.Format.Format_RGB32).copy()
