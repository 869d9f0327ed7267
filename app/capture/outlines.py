"""The windows that can be seen, for snapping to them. A Wayland desktop tells only by a language of its own, most not at all."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Sequence

from app import system
from app.capture.geometry import intersection
from app.capture.models import Screen, WindowOutline

log = logging.getLogger(__name__)

WINDOWS_MAX = 200


def windows(screens: Sequence[Screen]) -> tuple[WindowOutline, ...]:
    """Topmost first, each with a part on one of the screens; empty where the desktop does not tell. In a worker's thread."""
    source = _source()
    if not source:
        return ()
    try:
        found: Sequence[WindowOutline] = importlib.import_module(f"app.capture.outlines_{source}").windows(screens)
    except Exception:  # snapping is a help: without it the capture goes on
        log.warning("the windows' places are not known", exc_info=True)
        return ()
    seen = [window for window in found if any(intersection(window.place, screen.place) for screen in screens)]
    return tuple(seen[:WINDOWS_MAX])


def _source() -> str:
    """The module that asks this desktop."""
    if system.is_windows() or system.is_macos():
        return system.desktop()
    if system.is_x11_session():
        return "x11"
    return system.desktop() if system.is_wayland_session() and system.desktop() in ("sway", "hyprland") else ""
