"""What kind of system this is. Asked everywhere, found out once."""

from __future__ import annotations

import os
import shutil
import sys
from functools import cache

_DESKTOPS = frozenset({"gnome", "hyprland", "kde", "sway"})
"""Those that are treated in a way of their own."""
_DESKTOP_SOCKETS = {"SWAYSOCK": "sway", "HYPRLAND_INSTANCE_SIGNATURE": "hyprland"}
"""For sessions that were started without a word about what they are."""


@cache
def is_windows() -> bool:
    return sys.platform == "win32"


@cache
def is_macos() -> bool:
    return sys.platform == "darwin"


@cache
def is_wayland() -> bool:
    """Whether windows will be Wayland's. `QT_QPA_PLATFORM=xcb` on a Wayland desktop makes them X11's."""
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    return platform.startswith("wayland") or (not platform and bool(os.environ.get("WAYLAND_DISPLAY")))


@cache
def is_wayland_session() -> bool:
    """Whether the desktop is Wayland's, whatever our own windows are: there, X11 sees neither the screen nor the keys of others."""
    if is_windows() or is_macos():
        return False
    return bool(os.environ.get("WAYLAND_DISPLAY")) or os.environ.get("XDG_SESSION_TYPE") == "wayland"


@cache
def is_x11_session() -> bool:
    """Whether the desktop is X11's."""
    return not (is_windows() or is_macos() or is_wayland_session()) and bool(os.environ.get("DISPLAY"))


@cache
def desktop() -> str:
    """The desktop in small letters, as in "gnome", "kde", "sway" or "hyprland"; "windows" and "macos" there; empty for none.

    `XDG_CURRENT_DESKTOP` is a list, from what is special to what it is made from: "ubuntu:GNOME" (Desktop Entry Specification).
    """
    if is_windows() or is_macos():
        return "windows" if is_windows() else "macos"
    names = [name for name in os.environ.get("XDG_CURRENT_DESKTOP", "").lower().split(":") if name]
    names += [name for variable, name in _DESKTOP_SOCKETS.items() if os.environ.get(variable)]
    return next((name for name in names if name in _DESKTOPS), names[0] if names else "")


def has_command(name: str) -> bool:
    """Whether a program is found in `PATH`. Asked anew each time: it may have been installed meanwhile."""
    return shutil.which(name) is not None


@cache
def has_display() -> bool:
    """Whether a window can be opened. Whoever names a Qt platform (`offscreen`, `vnc`) knows where it will be seen."""
    return is_windows() or is_macos() or any(os.environ.get(name) for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY"))


@cache
def is_packaged() -> bool:
    """Whether this is an installer's build, where no Python can be called."""
    return bool(getattr(sys, "frozen", False))


def window_command() -> list[str]:
    """The command line that starts Sightline itself, for other programs to call."""
    if is_packaged():
        return [sys.executable]
    script = os.path.join(os.path.dirname(sys.executable), "sightline.exe" if is_windows() else "sightline")
    return [script] if os.path.exists(script) else [sys.executable, "-P", "-m", "app"]


def reading_worker_command() -> list[str]:
    """The command line of a child process that reads files."""
    if is_packaged():
        return [sys.executable, "--reading-worker"]
    return [sys.executable, "-P", "-m", "ingest.worker"]


def formula_worker_command() -> list[str]:
    """The command line of the child process that draws formulas."""
    if is_packaged():
        return [sys.executable, "--formula-worker"]
    return [sys.executable, "-P", "-m", "app.chat.formula_worker"]


def recording_worker_command() -> list[str]:
    """The command line of the child process that records the screen."""
    if is_packaged():
        return [sys.executable, "--recording-worker"]
    return [sys.executable, "-P", "-m", "app.capture.recording_worker"]


def engine_worker_command() -> list[str]:
    """The command line of the child process that holds the model."""
    if is_packaged():
        return [sys.executable, "--engine-worker"]
    # -P: a file named json.py in the folder where the user happens to be must not be imported.
    return [sys.executable, "-P", "-m", "app", "--engine-worker"]
