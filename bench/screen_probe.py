"""A screen that is watched and worked from outside, pixel by pixel and key by key, through a connection to its X server."""

from __future__ import annotations

import time

import xcffib
import xcffib.xproto
import xcffib.xtest

CONTROL, SHIFT, SPACE, ESCAPE = 0xFFE3, 0xFFE1, 0x20, 0xFF1B
"""keysymdef.h."""
PLACES = ((1700, 900), (60, 1000), (1000, 60))
"""Far apart: what covers them covers the screen."""
KEY_PRESS, KEY_RELEASE = 2, 3


class ScreenProbe:
    """Whether the background of a screen is seen."""

    def __init__(self, display: str, background: tuple[int, int, int]) -> None:
        self._connection = xcffib.connect(display)
        self._core, self._test = self._connection.core, self._connection(xcffib.xtest.key)
        setup = self._connection.get_setup()
        self._root = setup.roots[0].root
        self._background = bytes(reversed(background))
        first, last = setup.min_keycode, setup.max_keycode
        mapping = self._core.GetKeyboardMapping(first, last - first + 1).reply()
        per_key = mapping.keysyms_per_keycode
        self._codes = {
            keysym: first + next(n for n in range(last - first + 1) if mapping.keysyms[n * per_key] == keysym)
            for keysym in (CONTROL, SHIFT, SPACE, ESCAPE)
        }

    def hold_modifiers(self) -> None:
        """Those of the hotkey, as a hand does before the last key."""
        self._send(KEY_PRESS, CONTROL, SHIFT)
        self._core.GetInputFocus().reply()

    def press_hotkey(self) -> None:
        """Its last key."""
        self._send(KEY_PRESS, SPACE)

    def release_keys(self) -> None:
        """All that may be held."""
        self._send(KEY_RELEASE, SPACE, SHIFT, CONTROL)

    def wait_until_covered(self, timeout_s: float) -> float:
        """When nothing is seen of the background any more, on the clock of `time.perf_counter`."""
        return self._wait(False, timeout_s)

    def leave(self, timeout_s: float) -> None:
        """Esc, and wait until the background is back. What has just been painted may not listen yet, so again if need be."""
        end = time.perf_counter() + timeout_s
        while True:
            self._send(KEY_PRESS, ESCAPE)
            self._send(KEY_RELEASE, ESCAPE)
            try:
                self._wait(True, 1.0)
                return
            except TimeoutError:
                if time.perf_counter() > end:
                    raise

    def _wait(self, is_bare: bool, timeout_s: float) -> float:
        end = time.perf_counter() + timeout_s
        while True:
            seen = [self._pixel(*place) == self._background for place in PLACES]
            now = time.perf_counter()
            if all(bare == is_bare for bare in seen):
                return now
            if now > end:
                raise TimeoutError("the screen did not change")
            time.sleep(0.0005)

    def _pixel(self, x: int, y: int) -> bytes:
        """Blue, green, red."""
        got = self._core.GetImage(xcffib.xproto.ImageFormat.ZPixmap, self._root, x, y, 1, 1, 0xFFFFFFFF).reply()
        return bytes(got.data.raw)[:3]

    def _send(self, kind: int, *keysyms: int) -> None:
        for keysym in keysyms:
            self._test.FakeInput(kind, self._codes[keysym], 0, self._root, 0, 0, 0)
        self._connection.flush()
