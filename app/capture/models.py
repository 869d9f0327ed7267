"""What a capture is made of, and what makes one.

Three kinds of coordinates: logical pixels of the desktop, as Qt has them, which may be negative; image pixels of one screen's
picture, from its top left; and fractions of a picture that is sent (`ingest.types.Area`). `geometry` converts between them.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtGui import QImage


@dataclass(frozen=True, slots=True)
class Rect:
    """Left, top, width and height, in pixels that the user of it names."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen as the desktop arranges it.

    Attributes:
        name: of its connector, as in "DP-1"; what Qt calls it.
        place: in logical pixels of the desktop.
        scale: device pixels for each logical one.
    """

    name: str
    place: Rect
    scale: float


@dataclass(frozen=True, slots=True, eq=False)
class ScreenPicture:
    """What was on a screen, at its true pixels.

    Attributes:
        image: RGB32; as many pixels as the screen has, whatever its scale; its device pixel ratio is 1.
    """

    screen: Screen
    image: QImage


@dataclass(frozen=True, slots=True)
class WindowOutline:
    """A window that can be seen, for snapping to it. `place` is in logical pixels of the desktop, frame included."""

    title: str
    place: Rect


@dataclass(frozen=True, slots=True, eq=False)
class Capture:
    """Every screen at one moment.

    Attributes:
        pictures: one for each screen.
        windows: topmost first; empty where the desktop does not tell.
        handler: the name of what made it.
    """

    pictures: tuple[ScreenPicture, ...]
    windows: tuple[WindowOutline, ...]
    handler: str


class CaptureHandler(Protocol):
    """One way to take pictures of the screens. It holds nothing between two captures.

    Attributes:
        name: for `--handler` and the log, as in "grim".
    """

    name: str

    @property
    def install_hint(self) -> str:
        """A sentence about what to install to have it; empty when it always comes along."""

    def is_compatible(self) -> bool:
        """Whether it could ever work on this kind of desktop."""

    def is_installed(self) -> bool:
        """Whether what it needs is here."""

    def grab(self, screens: Sequence[Screen], stop: threading.Event | None = None) -> list[ScreenPicture]:
        """Blocks, in a worker's thread, for a dialog perhaps until `stop` is set. Raises any class of `app.capture.errors`."""
