"""A window on an X server whose picture is a number that grows, and when each number could be seen. Needs no window manager."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

import numpy as np
import xcffib
import xcffib.xproto as xproto

from app.capture.models import Rect
from tests.helpers.video_files import HEIGHT, WIDTH, numbered

INTERVAL_S = 0.02


@dataclass
class CountedScreen:
    """Use it as a context. `read_number` of `tests.helpers.video_files` reads what it shows.

    Attributes:
        place: of the picture, in pixels of the screen.
        sent_s: when each number was about to be sent, on the monotonic clock.
        seen_s: when each number was on the screen for certain.
    """

    display: str
    place: Rect = field(default_factory=lambda: Rect(100, 60, WIDTH, HEIGHT))
    sent_s: list[float] = field(default_factory=list)
    seen_s: list[float] = field(default_factory=list)

    def __enter__(self) -> CountedScreen:
        self._server = xcffib.connect(display=self.display)
        screen = self._server.get_setup().roots[self._server.pref_screen]
        self._depth = screen.root_depth
        self._window, self._pen = self._server.generate_id(), self._server.generate_id()
        place, core = self.place, self._server.core
        kind = xproto.WindowClass.InputOutput
        core.CreateWindow(
            self._depth, self._window, screen.root, place.x, place.y, place.width, place.height, 0, kind, screen.root_visual,
            xproto.CW.OverrideRedirect, [1],
        )  # fmt: skip
        core.CreateGC(self._pen, self._window, 0, [])
        core.MapWindow(self._window)
        self._show(0)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._count, name="counted-screen", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._is_over.set()
        self._thread.join()
        self._server.disconnect()

    def wait_for(self, number: int) -> None:
        """Until it is shown."""
        while len(self.seen_s) <= number:
            self._is_over.wait(INTERVAL_S)

    def _count(self) -> None:
        while not self._is_over.wait(INTERVAL_S):
            try:
                self._show(len(self.sent_s))
            except xcffib.ConnectionException:  # the server was ended
                return

    def _show(self, number: int) -> None:
        """One request, so that nobody sees half of a number."""
        rgb = numbered(number)
        pixels = np.dstack((rgb[:, :, ::-1], np.zeros((HEIGHT, WIDTH, 1), np.uint8))).tobytes()
        self.sent_s.append(time.monotonic())
        self._server.core.PutImage(
            xproto.ImageFormat.ZPixmap, self._window, self._pen, WIDTH, HEIGHT, 0, 0, 0, self._depth, len(pixels), pixels
        )
        self._server.core.GetInputFocus().reply()  # answered after it is drawn
        self.seen_s.append(time.monotonic())

    def check(self, times_s: list[float], numbers: list[int]) -> None:
        """Each number was on the screen between the time its frame has and the time of the next frame."""
        following_s = [*times_s[1:], time.monotonic()]
        for time_s, next_s, number in zip(times_s, following_s, numbers, strict=True):
            assert self.sent_s[number] <= next_s, f"frame {number} is older than what it shows"
            assert number + 1 >= len(self.seen_s) or self.seen_s[number + 1] >= time_s, f"frame {number} shows what was over"
