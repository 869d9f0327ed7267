"""The windows over the screens, the shots that were chosen, and what is shown of both. What mouse and keys do is in `overlay`."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QCursor, QGuiApplication, QScreen

from app.capture import geometry
from app.capture.framing import Field, Target
from app.capture.geometry import area_in_image, place_on_desktop, ratios, to_image
from app.capture.mark_drawing import MarkDrawing
from app.capture.models import Capture, Rect, ScreenPicture
from app.capture.overlay_scenes import CURSORS, Showing, compose, region_label
from app.capture.overlay_window import OverlayWindow
from app.capture.selecting import Phase, Selecting
from app.capture.shot import Shot
from app.chat.answer import Reference

TARGET_PX_MIN = 8
"""Of the picture; a window of which less is seen is not offered."""


class FrozenScreens(QObject):
    """Attributes:
    shots: what was chosen, in order; the last one may still change.
    is_choosing: whether the user is choosing, for the first time or once more.

    Signals:
        lost(): a frozen screen is gone, or is of another size or at another place. What covers them is to be closed.
    """

    lost = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shots: tuple[Shot, ...] = ()
        self.is_choosing = False
        self._locked: tuple[Shot, ...] = ()
        self._kept: dict[str, OverlayWindow] = {}
        self._windows: list[OverlayWindow] = []
        self._pictures: tuple[ScreenPicture, ...] = ()
        self._selecting = Selecting(())
        self._drawing = MarkDrawing(self)
        self._is_pointed = False
        self._boxes: dict[Shot, tuple[Reference, ...]] = {}
        self._current = 0
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.screenRemoved.connect(self._on_screens_changed, Qt.ConnectionType.QueuedConnection)  # Qt has not done with it yet
        app.screenAdded.connect(self._watch)
        for screen in QGuiApplication.screens():
            self._watch(screen)

    @property
    def is_open(self) -> bool:
        """Whether the screens are frozen."""
        return bool(self._windows)

    def prepare(self) -> None:
        """Make a hidden window for each screen, so that the first time is as fast as the others."""
        for screen in QGuiApplication.screens():
            window = self._window(screen.name())
            window.setScreen(screen)
            window.setGeometry(screen.geometry())
            window.winId()

    def keep_in_front(self) -> None:
        """Something else came up meanwhile, below: the keyboard stays here."""
        for window in self._windows:
            window.raise_()
        if self._windows:
            self._windows[self._selecting.screen].activateWindow()

    def surface(self, shot: Shot) -> OverlayWindow:
        """The window over a shot's screen."""
        return self._windows[self._pictures.index(shot.picture)]

    def region_rect(self, shot: Shot) -> QRect:
        """Where a shot is in its surface, in logical pixels."""
        place = shot.picture.screen.place
        return place_on_desktop(shot.picture, shot.area).translated(-place.x, -place.y).toAlignedRect()

    def tools_rect(self, shot: Shot) -> QRect:
        """Where the drawing tools are in its surface, so that nothing is put over them; empty while they are not there."""
        tools = self.surface(shot).tools
        return QRect() if tools.isHidden() else tools.geometry()

    def set_boxes(self, shot: Shot, references: Sequence[Reference]) -> None:
        """Draw boxes on a shot; they are fractions of what was sent of it."""
        self._boxes[shot] = tuple(references)
        self._refresh_boxes()

    def set_current(self, number: int) -> None:
        """Highlight the box with this number; 0 for none."""
        self._current = number
        self._refresh_boxes()

    def _watch(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self._on_screens_changed, Qt.ConnectionType.QueuedConnection)

    def _on_screens_changed(self) -> None:
        now = {(screen.name, screen.place) for screen in geometry.screens()}
        if any((picture.screen.name, picture.screen.place) not in now for picture in self._pictures):
            self.lost.emit()

    def _make_window(self) -> OverlayWindow:
        """One that says to somebody what the user does."""
        raise NotImplementedError

    def _freeze(self, capture: Capture, last_area: tuple[str, Rect] | None) -> bool:
        """Cover the screens. Whether any of those that were pictured is still there."""
        screens = {screen.name(): screen for screen in QGuiApplication.screens()}
        for name in set(self._kept).difference(screens):
            self._kept.pop(name).deleteLater()
        self._pictures = tuple(picture for picture in capture.pictures if picture.screen.name in screens)
        names = [picture.screen.name for picture in self._pictures]
        if not names:
            return False
        self._windows = [self._window(name) for name in names]
        last = (names.index(last_area[0]), last_area[1]) if last_area is not None and last_area[0] in names else None
        self._selecting = Selecting([_field(picture, capture) for picture in self._pictures], last)
        self._point_first()
        for window, picture in zip(self._windows, self._pictures, strict=True):
            window.show_picture(picture, screens[picture.screen.name])
        return True

    def _thaw(self) -> None:
        """Show the live screens again, and keep nothing of the pictures."""
        windows, self._windows, self._pictures = self._windows, [], ()
        self.shots, self._boxes, self._current = (), {}, 0
        self._locked, self.is_choosing, self._is_pointed = (), False, False
        self._selecting = Selecting(())
        for window in windows:  # which takes the focus away, of which is told at once
            window.forget()

    def _window(self, name: str) -> OverlayWindow:
        if name not in self._kept:
            window = self._kept[name] = self._make_window()
            self.destroyed.connect(window.deleteLater)
        return self._kept[name]

    def _point_first(self) -> None:
        """Where the pointer is; Wayland only tells once it moves over one of the windows."""
        if QGuiApplication.platformName().startswith("wayland"):
            return
        pointer = QPointF(QCursor.pos())
        for index, picture in enumerate(self._pictures):
            point = to_image(picture, pointer)
            if 0 <= point.x() < picture.image.width() and 0 <= point.y() < picture.image.height():
                self._is_pointed = self._selecting.point_at(index, point.x(), point.y())

    @property
    def _can_change(self) -> bool:
        """Whether the last shot may still be moved, sized and drawn on."""
        return bool(self.shots) and not self.is_choosing and self.shots[-1] not in self._locked

    def _refresh(self) -> None:
        """Bring every window up to date."""
        others = self.shots if self.is_choosing else self.shots[:-1]
        for index, (window, picture) in enumerate(zip(self._windows, self._pictures, strict=True)):
            earlier = [shot.area for shot in others if shot.picture is picture]
            showing = Showing(self.is_choosing, self._is_pointed, self._can_change, window.hasFocus())
            is_here = index == self._selecting.screen
            window.show_scene(compose(window.view, is_here, earlier, self._selecting, showing))
            window.show_shots(shot for shot in self.shots if shot.picture is picture)
            self._refresh_tools(window, is_here)
            self._refresh_cursor(window, is_here)
        self._refresh_boxes()

    def _refresh_tools(self, window: OverlayWindow, is_here: bool) -> None:
        region = self._selecting.region
        label = region_label(window.view, region) if is_here and region is not None else None
        if is_here:
            window.setAccessibleDescription(label.words if label is not None else "")
        if label is None or region is None or not self._can_change or self._selecting.phase is not Phase.TAKEN:
            window.tools.hide()
            return
        window.tools.set_state(self._drawing.tool, bool(self.shots[-1].marks))
        window.tools.show_beside(window.view.logical(region), label.qrect)

    def _refresh_cursor(self, window: OverlayWindow, is_here: bool) -> None:
        shape = CURSORS[self._selecting.grip]
        if not (self.is_choosing or (is_here and self._can_change)):
            shape = Qt.CursorShape.ArrowCursor
        elif self._drawing.tool is not None:
            shape = Qt.CursorShape.CrossCursor
        if window.cursor().shape() != shape:
            window.setCursor(shape)

    def _refresh_boxes(self) -> None:
        for window, picture in zip(self._windows, self._pictures, strict=True):
            boxes = [(shot.area, self._boxes[shot]) for shot in self.shots if shot.picture is picture and shot in self._boxes]
            window.show_boxes(boxes, self._current)


def _field(picture: ScreenPicture, capture: Capture) -> Field:
    """What can be chosen of a screen."""
    targets = []
    for window in capture.windows:
        rect = area_in_image(picture, window.place)
        if rect is not None and min(rect.width, rect.height) >= TARGET_PX_MIN:
            targets.append(Target(rect, window.title))
    return Field(picture.image.width(), picture.image.height(), ratios(picture)[0], tuple(targets))
