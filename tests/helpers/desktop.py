"""A desktop of its own for a test: Xvfb, the window manager openbox, and xdotool for hands. Debian: xvfb openbox xdotool."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

from PIL import Image, ImageChops, ImageFilter, ImageGrab

from ingest.recogniser import Recogniser
from ingest.types import Pixels

PROGRAMS = ("Xvfb", "openbox", "xdotool")
SCREEN = "1500x960x24"
START_S = 60
POLL_S = 0.1

Color = tuple[int, int, int]
Area = tuple[int, int, int, int]
"""Left, top, right and bottom, in pixels of the screen."""


def is_installed() -> bool:
    """Whether all programs are there."""
    return all(shutil.which(program) for program in PROGRAMS)


class Desktop:
    """Use it as a context; everything started on it ends with it.

    `folder` gets what programs say on stderr, and a picture of the screen when a wait is in vain.
    """

    def __init__(self, folder: Path, screen: str = SCREEN) -> None:
        self._folder, self._screen = folder, screen
        self._processes: list[subprocess.Popen[bytes]] = []
        self._recogniser = Recogniser()
        self.display = ""

    def __enter__(self) -> Desktop:
        read_end, write_end = os.pipe()
        # Without -noreset the server begins anew, and refuses who comes just then, whenever its last client leaves.
        command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", self._screen, "-nolisten", "tcp", "-noreset"]
        self._processes.append(subprocess.Popen(command, pass_fds=(write_end,), stderr=subprocess.DEVNULL))
        os.close(write_end)
        with os.fdopen(read_end) as numbers:
            self.display = f":{numbers.readline().strip()}"
        ready = self._folder / f"openbox on {self.display.lstrip(':')}"
        self.start(["openbox", "--startup", f"touch '{ready}'"])  # run when it manages windows and hears its keys
        try:
            self.wait_until(ready.exists, START_S, "the window manager's start")
        except TimeoutError:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._recogniser.close()
        for process in reversed(self._processes):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def start(
        self, command: Sequence[str], *, stdin: int | None = None, stdout: int = subprocess.DEVNULL, **variables: str
    ) -> subprocess.Popen[bytes]:
        """Start a program on this desktop."""
        environment = {**os.environ, **variables, "DISPLAY": self.display}
        with (self._folder / "stderr.txt").open("ab") as stderr:
            process = subprocess.Popen(command, env=environment, stdin=stdin, stdout=stdout, stderr=stderr)
        self._processes.append(process)
        return process

    def wait_until(self, condition: Callable[[], object], timeout_s: float, what: str) -> None:
        """Look again and again; another process gives no signal to wait for."""
        end = time.monotonic() + timeout_s
        pause = threading.Event()
        while not condition():
            if time.monotonic() > end:
                picture = self._folder / "desktop.png"
                self.screenshot().save(picture)
                raise TimeoutError(f"{what} did not happen within {timeout_s:.0f} s; the screen is in {picture}")
            pause.wait(POLL_S)

    def xdotool(self, *arguments: object) -> str:
        """One command of xdotool; its output, empty when it failed."""
        command = ["xdotool", *map(str, arguments)]
        return subprocess.run(command, env={**os.environ, "DISPLAY": self.display}, capture_output=True, text=True).stdout.strip()

    def has_keyboard(self, program: subprocess.Popen[bytes]) -> bool:
        """Whether keys go to one of its windows: one that can be seen may not have them yet."""
        return self.xdotool("getwindowfocus", "getwindowpid") == str(program.pid)

    def click(self, x: float, y: float) -> None:
        """With the left button."""
        self.xdotool("mousemove", round(x), round(y), "click", 1)

    def drag(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """With the left button, by a way that a window notices."""
        self.carry(x0, y0, x1, y1)
        self.drop()

    def carry(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Drag and do not let go."""
        self.xdotool("mousemove", round(x0), round(y0), "mousedown", 1)
        for part in (0.1, 0.5, 0.9, 1.0):
            self.xdotool("mousemove", "--sync", round(x0 + part * (x1 - x0)), round(y0 + part * (y1 - y0)))

    def drop(self) -> None:
        """Let go."""
        self.xdotool("mouseup", 1)

    def read(self, within: Area) -> str:
        """The text on a part of the screen, on one line."""
        image = self.screenshot().crop(within)
        return " ".join(self._recogniser.recognise_pixels(Pixels(image.width, image.height, image.tobytes())).text.split())

    def find(self, word: str, within: Area) -> tuple[float, float] | None:
        """The middle of the first word that begins like this, on a part of the screen."""
        image = self.screenshot().crop(within)
        words = self._recogniser.recognise_pixels(Pixels(image.width, image.height, image.tobytes())).words
        for each in words:
            if each.text.startswith(word):
                return within[0] + image.width * (each.x0 + each.x1) / 2, within[1] + image.height * (each.y0 + each.y1) / 2
        return None

    def screenshot(self) -> Image.Image:
        """Of the whole screen."""
        return ImageGrab.grab(xdisplay=self.display).convert("RGB")

    def extent(self, color: Color, within: Area, thickness_px: int = 1) -> Area | None:
        """The smallest area around all pixels of exactly this colour; an odd `thickness_px` leaves thinner lines out."""
        return extent(self.screenshot(), color, within, thickness_px)

    def count(self, color: Color, within: Area) -> int:
        """How many pixels are of exactly this colour."""
        return _mask(self.screenshot(), color, within).histogram()[255]


def extent(screenshot: Image.Image, color: Color, within: Area, thickness_px: int = 1) -> Area | None:
    """The smallest area around all pixels of exactly this colour; an odd `thickness_px` leaves thinner lines out."""
    found = _mask(screenshot, color, within).filter(ImageFilter.MinFilter(thickness_px)).getbbox()
    left, top, *_ = within
    return (found[0] + left, found[1] + top, found[2] + left, found[3] + top) if found else None


def _mask(screenshot: Image.Image, color: Color, within: Area) -> Image.Image:
    """White where a part of the screen has this colour, else black."""
    image = screenshot.crop(within)
    mask = Image.new("L", image.size, 255)
    for band, wanted in zip(image.split(), color, strict=True):
        mask = ImageChops.multiply(mask, band.point([255 * (value == wanted) for value in range(256)]))
    return mask
