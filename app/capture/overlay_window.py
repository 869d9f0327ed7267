"""One screen's frozen picture, with what is chosen of it and drawn on it. It says what the user does, and decides nothing.

The picture is drawn pixel for pixel: a logical pixel of the window is as many of the picture as their sizes say. What Qt calls the
device pixel ratio may be rounded up.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRegion,
    QScreen,
)
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.capture.geometry import ratios
from app.capture.mark_tools import MarkTools
from app.capture.marks import growth_bounds, paint_line
from app.capture.models import Rect, ScreenPicture
from app.capture.scene import Scene, View, overlay_theme, rects_of
from app.capture.shot import Blur, Mark, Shot
from app.chat.answer import Reference
from app.ui.announcing import announce
from app.ui.box_painter import Mark as BoxMark
from app.ui.box_painter import mark_at, paint_marks, place_marks
from app.ui.language import Translated
from app.ui.theme import themes
from app.ui.view_geometry import ViewGeometry

BOX_REACH_PX = 8
"""How far beside a box something of it may be drawn: its line, its tag."""

_FLAGS = Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint


class OverlayWindow(Translated, QWidget):
    """Kept hidden between two captures: showing it again takes half as long as a new one.

    Attributes:
        tools: for drawing; hidden until they are of use.

    Signals:
        pointed(x, y): the pointer moved, in pixels of the picture.
        pressed(), released(): the left button, where the pointer was last.
        key_pressed(event): a QKeyEvent that no widget on it had use for.
        stepped(by): Tab or Shift+Tab, while something is being chosen.
        box_hovered(number): the pointer is over a box; 0 when it left.
        box_clicked(number): a box was clicked.
        close_wanted(): by the window manager.
    """

    pointed = Signal(float, float)
    pressed = Signal()
    released = Signal()
    key_pressed = Signal(object)
    stepped = Signal(int)
    box_hovered = Signal(int)
    box_clicked = Signal(int)
    close_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(None, _FLAGS)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._is_choosing = False
        self._set_aside: list[QWidget] = []
        self.tools = MarkTools(self)
        self._picture: ScreenPicture | None = None
        self._view: View | None = None
        self._scene = Scene()
        self._marked: dict[Shot, QImage] = {}
        self._draft: Mark | None = None
        self._boxes: list[BoxMark] = []
        self._references: tuple[tuple[Rect, tuple[Reference, ...]], ...] = ()
        self._current = 0
        self._hovered = 0
        themes().changed.connect(self._on_themes_changed)
        self.retranslate()

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Ask about the screen"))
        self.setAccessibleName(self.tr("Frozen screen"))

    @property
    def view(self) -> View:
        """How the picture lies in the window. There must be one."""
        assert self._view is not None
        return self._view

    def show_picture(self, picture: ScreenPicture, screen: QScreen) -> None:
        """Cover a screen with what was on it."""
        self._picture = picture
        place = picture.screen.place
        self._view = _view(picture)
        self.setScreen(screen)
        self.setGeometry(place.x, place.y, place.width, place.height)
        if sys.platform == "darwin":  # a full screen there is a space of its own, which slides in
            from app.capture.macos_level import raise_above_menu_bar

            self.show()
            raise_above_menu_bar(int(self.winId()))
        else:
            self.showFullScreen()

    def forget(self) -> None:
        """Hide, and keep nothing of the picture."""
        self.hide()
        self.tools.hide()
        self._picture = self._view = self._draft = None
        self._is_choosing, self._set_aside = False, []
        self._scene, self._marked = Scene(), {}
        self._boxes, self._references, self._current, self._hovered = [], (), 0, 0

    def set_choosing(self, is_choosing: bool) -> None:
        """Meanwhile, what others have put on the window is out of the way."""
        if is_choosing:
            children = self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
            self._set_aside = [child for child in children if child is not self.tools and not child.isHidden()]
            for child in self._set_aside:
                child.hide()
        self._is_choosing = is_choosing  # only now: hiding what has the keyboard is like Tab to Qt
        if not is_choosing:
            aside, self._set_aside = self._set_aside, []
            for child in aside:
                if isValid(child) and child.parent() is self:
                    child.show()

    def announce(self) -> None:
        """Have a screen reader say what is chosen."""
        announce(self, self.accessibleDescription())

    def show_scene(self, scene: Scene) -> None:
        """Draw what has changed."""
        changed = self._scene.difference(scene, self.view)
        self._scene = scene
        if not changed.isEmpty():
            self.update(changed)

    def show_shots(self, shots: Iterable[Shot]) -> None:
        """Draw these with their marks, as they are sent."""
        marked = {shot: self._marked.get(shot) or shot.image() for shot in shots if shot.marks}
        for shot in set(marked).symmetric_difference(self._marked):
            self.update(self.view.logical(shot.area))
        self._marked = marked

    def show_draft(self, mark: Mark | None) -> None:
        """Draw a mark that is not finished."""
        before, self._draft = self._draft, mark
        shown, other = (mark, before) if mark is not None else (before, None)
        if shown is not None:
            rect = growth_bounds(shown, other, self.view.ratio_x).toAlignedRect()
            self.update(self.view.logical(Rect(rect.x(), rect.y(), rect.width(), rect.height())).adjusted(-2, -2, 2, 2))

    def show_boxes(self, references: Sequence[tuple[Rect, tuple[Reference, ...]]], current: int) -> None:
        """Draw the boxes of these, each of a part of the picture, the current one stronger."""
        if (tuple(references), current) != (self._references, self._current):
            self._update_boxes()
            self._references, self._current = tuple(references), current
            self._place_boxes()
            self._update_boxes()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._picture is None or self._view is None:
            painter.fillRect(event.rect(), Qt.GlobalColor.black)
            return
        dirty, view = event.region(), self._view
        painter.save()
        painter.scale(1 / view.ratio_x, 1 / view.ratio_y)
        for rect in rects_of(dirty):
            part = view.image(rect).intersected(self._picture.image.rect())
            painter.drawImage(part.topLeft(), self._picture.image, part)
        for shot, image in self._marked.items():
            painter.drawImage(QPoint(shot.area.x, shot.area.y), image)
        painter.restore()
        self._scene.paint(painter, view, dirty, self._picture.image)
        if self._draft is not None:
            self._paint_draft(painter, view, self._draft, view.image(event.rect()))
        paint_marks(painter, self._boxes, self._current)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(event.position())
        if not event.buttons():
            self._set_hovered(mark_at(self._boxes, event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        number = mark_at(self._boxes, event.position())
        if number:
            self.box_clicked.emit(number)
            return
        self._point(event.position())
        self.pressed.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._point(event.position())
            self.released.emit()

    def leaveEvent(self, event: QEvent) -> None:
        self._set_hovered(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.key_pressed.emit(event)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        if self._is_choosing:
            self.stepped.emit(1 if is_next else -1)
            return True
        return super().focusNextPrevChild(is_next)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.close_wanted.emit()

    def _point(self, position: QPointF) -> None:
        if self._view is not None:
            self.pointed.emit(position.x() * self._view.ratio_x, position.y() * self._view.ratio_y)

    def _set_hovered(self, number: int) -> None:
        if number != self._hovered:
            self._hovered = number
            self.box_hovered.emit(number)

    def _paint_draft(self, painter: QPainter, view: View, mark: Mark, within: QRect) -> None:
        painter.save()
        painter.scale(1 / view.ratio_x, 1 / view.ratio_y)
        if isinstance(mark, Blur):
            theme = overlay_theme()
            painter.fillRect(mark.rect, QColor(128, 128, 128, 160))
            painter.setPen(QPen(QColor(theme.accent), 2 * view.ratio_x, Qt.PenStyle.DashLine))
            painter.drawRect(mark.rect)
        else:
            paint_line(painter, mark, view.ratio_x, QRectF(within))
        painter.restore()

    def _place_boxes(self) -> None:
        view = self.view
        self._boxes = []
        for area, references in self._references:
            # One scale for both directions: they differ by less than a pixel over the whole picture.
            geometry = ViewGeometry(
                area.width, area.height, view.size.width(), view.size.height(),
                1 / view.ratio_x, area.x / view.ratio_x, area.y / view.ratio_y,
            )  # fmt: skip
            self._boxes += place_marks(references, geometry, QSizeF(view.size))

    def _update_boxes(self) -> None:
        region = QRegion()
        for box in self._boxes:
            rect = box.rect.united(box.tag).toAlignedRect()
            region = region.united(rect.adjusted(-BOX_REACH_PX, -BOX_REACH_PX, BOX_REACH_PX, BOX_REACH_PX))
        self.update(region)

    def _on_themes_changed(self) -> None:
        if self._view is not None:
            self._place_boxes()
            self.update()


def _view(picture: ScreenPicture) -> View:
    """Where logical sizes were rounded, the screen's scale is what makes pixels fall on pixels."""
    size, scale = QSize(picture.screen.place.width, picture.screen.place.height), picture.screen.scale
    ratio_x, ratio_y = ratios(picture)
    is_rounded = abs(ratio_x - scale) * size.width() < scale and abs(ratio_y - scale) * size.height() < scale
    return View(size, scale, scale) if is_rounded else View(size, ratio_x, ratio_y)
