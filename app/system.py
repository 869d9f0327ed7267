"""What kind of system this is. Asked everywhere, found out once."""

from __future__ import annotations

import os
import sys
from functools import cache


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
def has_display() -> bool:
    """Whether a window can be opened. Whoever names a Qt platform (`offscreen`, `vnc`) knows where it will be seen."""
    return is_windows() or is_macos() or any(os.environ.get(name) for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY"))


@cache
def is_packaged() -> bool:
    """Whether this is an installer's build, where no Python can be called."""
    return bool(getattr(sys, "frozen", False))


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


def engine_worker_command() -> list[str]:
    """The command line of the child process that holds the model."""
    if is_packaged():
        return [sys.executable, "--engine-worker"]
    # -P: a file named json.py in the folder where the user happens to be must not be imported.
    return [sys.executable, "-P", "-m", "app", "--engine-worker"]
