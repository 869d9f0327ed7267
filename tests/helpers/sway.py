"""A Wayland desktop of a test's own: sway with two outputs that nobody sees, of scales 1 and 2. Debian: sway grim."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

PROGRAMS = ("sway", "swaymsg", "grim", "unshare")
START_S = 60
POLL_S = 0.1

_CONFIG = """
output HEADLESS-1 mode 1280x720 position 0 0 scale 1
output HEADLESS-2 mode 1280x720 position 1280 0 scale 2
default_border none
focus_follows_mouse no
xwayland disable
seat seat0 fallback true
exec touch {ready}
"""
# sway refuses to run as root; in a namespace it is told that it does not.
_NOT_AS_ROOT = ("unshare", "--user", "--map-user=1000", "--map-group=1000")


@functools.cache
def is_installed() -> bool:
    """Whether all programs are there, and sway can be run by this user."""
    if not all(shutil.which(program) for program in PROGRAMS):
        return False
    return os.geteuid() != 0 or subprocess.run([*_NOT_AS_ROOT, "true"], stderr=subprocess.DEVNULL).returncode == 0


class Sway:
    """Use it as a context; everything started on it ends with it.

    Attributes:
        variables: what programs need in their environment to be on this desktop.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` has a short path (a socket's ends at 107 characters) and gets what programs say on stderr."""
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self.variables: dict[str, str] = {}

    def __enter__(self) -> Sway:
        runtime, config, ready = self._folder / "run", self._folder / "sway.conf", self._folder / "ready"
        runtime.mkdir(mode=0o700)
        config.write_text(_CONFIG.format(ready=ready))
        self.variables = {"XDG_RUNTIME_DIR": str(runtime), "SWAYSOCK": str(runtime / "sway.sock")}
        headless = {
            "WLR_BACKENDS": "headless",
            "WLR_RENDERER": "pixman",
            "WLR_LIBINPUT_NO_DEVICES": "1",
            "WLR_HEADLESS_OUTPUTS": "2",
        }
        self.start([*(_NOT_AS_ROOT if os.geteuid() == 0 else ()), "sway", "-c", str(config)], **headless)
        try:
            self.wait_until(ready.exists, START_S, "sway's start")
        except TimeoutError:
            self.__exit__()
            raise
        (display,) = (path.name for path in runtime.glob("wayland-*") if path.suffix != ".lock")
        self.variables |= {
            "WAYLAND_DISPLAY": display,
            "QT_QPA_PLATFORM": "wayland",
            "XDG_SESSION_TYPE": "wayland",
            "XDG_CURRENT_DESKTOP": "sway",
        }
        return self

    def __exit__(self, *exception: object) -> None:
        for process in reversed(self._processes):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def start(self, command: Sequence[str], *, stdout: int = subprocess.DEVNULL, **variables: str) -> subprocess.Popen[bytes]:
        """Start a program on this desktop."""
        environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
        with (self._folder / "stderr.txt").open("ab") as stderr:
            process = subprocess.Popen(command, env={**environment, **self.variables, **variables}, stdout=stdout, stderr=stderr)
        self._processes.append(process)
        return process

    def start_python(self, script: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a script that can import this project."""
        return self.start([sys.executable, "-P", "-c", script, *arguments], PYTHONPATH=str(Path(__file__).parents[2]))

    def swaymsg(self, *arguments: str) -> str:
        """One command of swaymsg; its output, empty when it failed."""
        return subprocess.run(["swaymsg", *arguments], env={**os.environ, **self.variables}, capture_output=True, text=True).stdout

    def wait_until(self, condition: Callable[[], object], timeout_s: float, what: str) -> None:
        """Look again and again; another process gives no signal to wait for."""
        end = time.monotonic() + timeout_s
        pause = threading.Event()
        while not condition():
            if time.monotonic() > end:
                said = (self._folder / "stderr.txt").read_text(errors="replace")[-2000:]
                raise TimeoutError(f"{what} did not happen within {timeout_s:.0f} s: {said}")
            pause.wait(POLL_S)
