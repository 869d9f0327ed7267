"""How a part of the screens is chosen with mouse or keys, as a state machine without widgets.

All places are in image pixels of one screen's picture. A region is taken by letting go of the mouse, by Enter or by Space; after
that it can still be moved and sized, on the same screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from app.capture.framing import Field, Grip, Point, Target, corners
from app.capture.models import Rect

FIRST_SHARE = 0.5
"""Of the screen, for a region that is begun with the keyboard where no window is."""


class Phase(Enum):
    """Nothing is framed; the button is down; framed by keys; taken."""

    POINTING = auto()
    DRAGGING = auto()
    FRAMED = auto()
    TAKEN = auto()


@dataclass(frozen=True, slots=True)
class _Drag:
    """From where, the corner that stays, the one that follows and in which directions; `moves` takes both along."""

    start: Point
    kept: Point
    free: Point
    follows: tuple[bool, bool] = (True, True)
    moves: bool = False
    is_new: bool = True


class Selecting:
    """Attributes:
    screen: the index of the screen that all of this is about.
    point: where the pointer is, or the corner that a key moved; may be one beyond the last pixel.
    region: what is framed; None while nothing is.
    hovered: the window that a click would take.
    title: of the window that `region` came from; empty when it has become another.
    """

    def __init__(self, fields: Sequence[Field], last: tuple[int, Rect] | None = None) -> None:
        self.fields = tuple(fields)
        self.phase = Phase.POINTING
        self.screen = 0
        self.point: Point = (0, 0)
        self.region: Rect | None = None
        self.hovered: Target | None = None
        self.title = ""
        self._last = last
        self._drag: _Drag | None = None
        self._before: tuple[Rect | None, str, Phase] = (None, "", Phase.POINTING)

    @property
    def field(self) -> Field:
        """The screen that all of this is about."""
        return self.fields[self.screen]

    @property
    def has_last(self) -> bool:
        """Whether there is a region from the last time."""
        return self._last is not None

    @property
    def grip(self) -> Grip:
        """What a press would take hold of."""
        if self.phase is not Phase.TAKEN or self.region is None:
            return Grip.NOTHING
        return self.field.grip(self.region, self.point)

    def point_at(self, screen: int, x: float, y: float) -> bool:
        """The pointer is here. Whether that matters: what is framed or taken keeps its screen, and so does a drag."""
        if screen != self.screen and self.phase is not Phase.POINTING:
            return False
        self.screen = screen
        self.point = self.field.snapped(x, y)
        if self.phase is Phase.DRAGGING:
            self._follow()
        elif self.phase is Phase.POINTING:
            self.hovered = self.field.window_at(self.point)
        return True

    def press(self, screen: int, x: float, y: float) -> None:
        """The button goes down here."""
        if self.phase is Phase.FRAMED and screen != self.screen:
            self.choose_again()
        if self._drag is not None or not self.point_at(screen, x, y):
            return
        grip = self.grip
        self._before = (self.region, self.title, self.phase)
        self._drag = _Drag(self.point, self.point, self.point) if grip is Grip.NOTHING else self._gripped(grip)
        self.phase = Phase.DRAGGING

    def release(self) -> bool:
        """The button goes up. Whether a region was taken by that, or the one that was taken has changed."""
        drag, self._drag = self._drag, None
        if drag is None:
            return False
        before, title, phase = self._before
        if self._is_click(drag):
            self.region, self.title, self.phase = before, title, phase
            if phase is Phase.TAKEN:
                return False
            self._take_pointed()
        self.phase = Phase.TAKEN
        return phase is not Phase.TAKEN or self.region != before

    def abandon(self) -> bool:
        """Give up a drag, else what keys have framed. Whether there was either; what was taken stays."""
        if self._drag is not None:
            self._drag = None
            self.region, self.title, self.phase = self._before
            return True
        if self.phase is Phase.FRAMED:
            self.choose_again()
            return True
        return False

    def nudge(self, x: int, y: int) -> bool:
        """Move the region, within the picture. Whether it has changed."""
        return self._adjust(x, y, moves=True)

    def resize(self, x: int, y: int) -> bool:
        """Move its lower right corner, or the corner that is being dragged. Whether the region has changed."""
        return self._adjust(x, y, moves=False)

    def step(self, by: int) -> bool:
        """Frame the next window, or the one before, through all screens. Whether there is any."""
        stops = [(screen, window) for screen, field in enumerate(self.fields) for window in field.windows]
        if not stops or self.phase not in (Phase.POINTING, Phase.FRAMED):
            return False
        framed = next((i for i, (screen, window) in enumerate(stops) if (screen, window.rect) == (self.screen, self.region)), None)
        place = (framed + by) % len(stops) if framed is not None else (0 if by > 0 else -1)
        self.screen, window = stops[place]
        self._frame(window.rect, window.title)
        return True

    def take(self) -> bool:
        """What is framed, else the whole screen. Whether that is something new."""
        if self.phase not in (Phase.POINTING, Phase.FRAMED):
            return False
        if self.region is None:
            self.region = self.field.whole
        self.phase, self.hovered = Phase.TAKEN, None
        return True

    def take_last(self) -> bool:
        """The same region as the last time, on its screen. Whether there was one that can still be seen."""
        if self._last is None or self.phase not in (Phase.POINTING, Phase.FRAMED):
            return False
        screen, last = self._last
        region = self.fields[screen].clipped(last)
        if region is None:
            return False
        self.screen = screen
        self._frame(region, "")
        self.phase = Phase.TAKEN
        return True

    def choose_again(self) -> None:
        """Begin anew with the same pictures."""
        self._drag = None
        self.region, self.title, self.phase = None, "", Phase.POINTING
        self.hovered = self.field.window_at(self.point)

    def show_taken(self, screen: int, region: Rect, title: str) -> None:
        """Go back to what was taken before."""
        self._drag, self.hovered = None, None
        self.screen, self.region, self.title, self.phase = screen, region, title, Phase.TAKEN

    def _gripped(self, grip: Grip) -> _Drag:
        assert self.region is not None
        (left, top), (right, bottom) = corners(self.region)
        across, down = grip.value
        kept = (right if across < 0 else left, bottom if down < 0 else top)
        free = (left if across < 0 else right, top if down < 0 else bottom)
        return _Drag(self.point, kept, free, (across != 0, down != 0), moves=grip is Grip.INSIDE, is_new=False)

    def _is_click(self, drag: _Drag) -> bool:
        """Keys that moved the corner meanwhile make a drag of it."""
        return drag.is_new and drag.free == drag.kept and self.field.is_slip(self.point, drag.start)

    def _follow(self) -> None:
        """Bring the region to where the pointer has dragged it."""
        drag = self._drag
        assert drag is not None
        if self._is_click(drag):
            self.region, self.title = self._before[:2]
            return
        x, y = self.point[0] - drag.start[0], self.point[1] - drag.start[1]
        if drag.moves:
            self.region = self.field.moved(self.field.between(drag.kept, drag.free), x, y)
        else:
            free = (drag.free[0] + x * drag.follows[0], drag.free[1] + y * drag.follows[1])
            self.region = self.field.between(drag.kept, free)
        self.hovered = None
        self.title = self._before[1] if self.region == self._before[0] else ""

    def _adjust(self, x: int, y: int, *, moves: bool) -> bool:
        before = self.region
        if self._drag is not None:
            drag = self._drag
            kept = _shifted(drag.kept, x, y) if moves else drag.kept
            self._drag = replace(drag, kept=kept, free=_shifted(drag.free, x, y))
            self._follow()
            return self.region != before
        if before is None:
            window = self.hovered
            self._frame(window.rect if window else self.field.amid(FIRST_SHARE), window.title if window else "")
        assert self.region is not None
        change = self.field.moved if moves else self.field.resized
        self.region = change(self.region, x, y)
        self.point = corners(self.region)[0 if moves else 1]
        if self.region != before:
            self.title = ""
        return self.region != before

    def _frame(self, region: Rect, title: str) -> None:
        self.region, self.title, self.phase, self.hovered = region, title, Phase.FRAMED, None
        self.point = (region.x, region.y)

    def _take_pointed(self) -> None:
        """What a click takes: the window there, else the whole screen."""
        window, self.hovered = self.field.window_at(self.point), None
        self.region, self.title = (window.rect, window.title) if window is not None else (self.field.whole, "")


def _shifted(point: Point, x: int, y: int) -> Point:
    return point[0] + x, point[1] + y
