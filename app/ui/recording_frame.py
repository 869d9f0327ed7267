"""Shows what is being recorded, and is not in the recording: a ring around the region, and the bar to end it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget

from app import system
from app.capture.exclusion import exclude
from app.capture.geometry import intersection, screens
from app.capture.models import Rect, Screen
from app.ui.quick.placing import place_bar
from app.ui.recording_bar import RecordingBar
from app.ui.theme import themes

if TYPE_CHECKING:
    from app.capture.recording_job import Progress
    from app.recording import State

RING_PX = 3
RING_GAP_PX = 1
"""Scales that are no whole numbers round the edge of the region either way."""
_DASH = (4, 3)


class RecordingFrame(QObject):
    """The ring and the bar of one recording.

    On Wayland there is neither, since windows cannot say there where they are; then the tray, the key and the window end it. The
    bar of a whole screen goes to another one; where there is none, it is minimised, and what it shows is never recorded.

    Attributes:
        is_seen: whether there is a bar that can be reached.

    Signals:
        pause_wanted(), resume_wanted(), stop_wanted(), discard_wanted()
    """

    pause_wanted = Signal()
    resume_wanted = Signal()
    stop_wanted = Signal()
    discard_wanted = Signal()

    def __init__(self, screen: Screen, area: Rect | None, parent: QObject | None = None) -> None:
        """`area` is in image pixels of the screen; None for all of it."""
        super().__init__(parent)
        self.is_seen = not system.is_wayland_session()
        self._ring: RecordingRing | None = None
        self._bar = RecordingBar()
        for name in ("pause_wanted", "resume_wanted", "stop_wanted", "discard_wanted"):
            getattr(self._bar, name).connect(getattr(self, name))
        if self.is_seen:
            self._show_ring(screen, area)
            self._show_bar(screen, area)

    def set_state(self, state: State) -> None:
        """What the recording does."""
        self._bar.set_state(state)
        if self._ring is not None:
            self._ring.set_paused(state != "recording")

    def set_progress(self, progress: Progress) -> None:
        """How far it is."""
        self._bar.set_progress(progress)

    def close(self) -> None:
        """Take it off the screen."""
        for window in (self._ring, self._bar):
            if window is not None:
                window.hide()
                window.deleteLater()
        self.deleteLater()

    def _show_ring(self, screen: Screen, area: Rect | None) -> None:
        """Around the region, where only that is recorded; else it is inside of the screen's edge, if the system leaves it out."""
        ring = RecordingRing()
        if area is not None:
            ring.surround(region_on_desktop(screen, area))
        elif exclude(ring):
            place, reach = screen.place, RING_PX + RING_GAP_PX
            ring.surround(QRect(place.x, place.y, place.width, place.height).adjusted(reach, reach, -reach, -reach))
        else:
            ring.deleteLater()
            return
        ring.show()
        self._ring = ring

    def _show_bar(self, screen: Screen, area: Rect | None) -> None:
        bar = self._bar
        if area is None and exclude(bar):
            area = Rect(0, 0, round(screen.place.width * screen.scale), 1)  # below the upper edge
        region = region_on_desktop(screen, area) if area is not None else _rectangle(screen.place)
        place = place_outside(
            _ring_rect(region), (bar.sizeHint().width() + themes().text_px(_GROWTH_PX), bar.sizeHint().height()), screen
        )
        if place is None:
            bar.move(region.center() - bar.rect().center())
            bar.show_minimised()
        else:
            bar.move(place.x, place.y)
            bar.show_beside()


class RecordingRing(QWidget):
    """Only its edge is there: what is inside can be seen and clicked as ever. Dashed while nothing is recorded."""

    def __init__(self) -> None:
        super().__init__(None, _RING_FLAGS)
        self._is_paused = True
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        themes().changed.connect(self.update)

    def surround(self, region: QRect) -> None:
        """Stand around a rectangle of the desktop, in logical pixels, without touching it."""
        outer = _ring_rect(region)
        self.setGeometry(outer)
        whole = QRect(0, 0, outer.width(), outer.height())
        self.setMask(QRegion(whole) - QRegion(whole.adjusted(RING_PX, RING_PX, -RING_PX, -RING_PX)))

    def set_paused(self, is_paused: bool) -> None:
        """Say by the line whether it records."""
        self._is_paused = is_paused
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = themes().current
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.surface))
        pen = QPen(QColor(theme.text_2 if self._is_paused else theme.danger), RING_PX)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        if self._is_paused:
            pen.setDashPattern(_DASH)
        painter.setPen(pen)
        painter.drawRect(self.rect().adjusted(1, 1, -2, -2))


def region_on_desktop(screen: Screen, area: Rect) -> QRect:
    """The smallest rectangle in logical pixels around an area in image pixels."""
    left, top = screen.place.x + int(area.x // screen.scale), screen.place.y + int(area.y // screen.scale)
    right = screen.place.x - int(-(area.x + area.width) // screen.scale)
    bottom = screen.place.y - int(-(area.y + area.height) // screen.scale)
    return QRect(left, top, right - left, bottom - top)


def place_outside(taken: QRect, size: tuple[int, int], screen: Screen) -> Rect | None:
    """Where something of this size covers nothing of `taken`, on its own screen or on another one; None when there is no room."""
    region = Rect(taken.x(), taken.y(), taken.width(), taken.height())
    rooms = {each.name(): each.availableGeometry() for each in QGuiApplication.screens()}
    for each in sorted(screens(), key=lambda each: each.name != screen.name):
        room = rooms[each.name]
        place = place_bar(Rect(room.x(), room.y(), room.width(), room.height()), region, size)
        if intersection(place, region) is None and (place.width, place.height) == size:
            return place
    return None


def _ring_rect(region: QRect) -> QRect:
    reach = RING_PX + RING_GAP_PX
    return region.adjusted(-reach, -reach, reach, reach)


def _rectangle(rect: Rect) -> QRect:
    return QRect(rect.x, rect.y, rect.width, rect.height)


_GROWTH_PX = 160
"""Room for how much it missed, and for longer times."""
_RING_FLAGS = (
    Qt.WindowType.Tool
    | Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnTopHint
    | Qt.WindowType.WindowTransparentForInput
    | Qt.WindowType.WindowDoesNotAcceptFocus
    | Qt.WindowType.BypassWindowManagerHint  # which would move it into the screen
    | Qt.WindowType.NoDropShadowWindowHint
)
