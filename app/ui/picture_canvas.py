"""A picture with the marked boxes of an answer over it: zoom, pan, hover."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.chat.answer import Reference
from app.ui.box_painter import Mark, mark_at, paint_marks, place_marks
from app.ui.picture_levels import PictureLevels
from app.ui.theme import themes
from app.ui.view_geometry import ViewGeometry

ZOOM_STEP = 1.25
PAN_STEP_PX = 40
FIT_SCALE_MAX = 4.0
"""A small picture is fitted to at most so many pixels of the screen for one of its own."""
SMOOTH_SCALE_MAX = 3.0
"""Beyond so many, single pixels are what one wants to see."""
SHADOW_PX = 20
SHADOW_DROP_PX = 6
SHADOW_ALPHA = {"light": 2, "dark": 8}
"""Of each of the layers that fade out, from 255."""


class PictureCanvas(QWidget):
    """Draws the picture and the boxes.

    Signals:
        box_hovered(number): the pointer is over a box; 0 when it left.
        box_clicked(number): a box was clicked.
        zoomed(): the scale changed.
    """

    box_hovered = Signal(int)
    box_clicked = Signal(int)
    zoomed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._levels: PictureLevels | None = None
        self._references: tuple[Reference, ...] = ()
        self._geometry: ViewGeometry | None = None
        self._size = (0, 0)
        self._is_fitted = True
        self._current = 0
        self._hovered = 0
        self._pressed_at: QPointF | None = None
        self._has_dragged = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(120, 120)
        themes().changed.connect(self.update)

    @property
    def view_geometry(self) -> ViewGeometry | None:
        """Where the picture lies; None without one."""
        return self._geometry

    @property
    def scale_percent(self) -> int:
        """Pixels of the screen for a hundred of the picture; 0 without a picture."""
        return round(100 * self._geometry.scale * self.devicePixelRatioF()) if self._geometry else 0

    @property
    def current(self) -> int:
        """The number of the highlighted box, 0 for none."""
        return self._current

    def show_picture(self, levels: PictureLevels | None, width: int, height: int) -> None:
        """Show a picture whose original has this size, fitted; None shows nothing."""
        self._levels = levels
        self._size = (width, height)
        self._references = ()
        self._set_hovered(0)
        self.fit()

    def show_references(self, references: Sequence[Reference]) -> None:
        """Draw the boxes of these; all must be of the picture shown."""
        self._references = tuple(references)
        self.update()

    def set_current(self, number: int) -> None:
        """Highlight the box with this number and dim the others; 0 for none."""
        if number != self._current:
            self._current = number
            self.update()

    def fit(self) -> None:
        """Show the whole picture."""
        self._is_fitted = True
        if self._levels is not None:
            scale_max = FIT_SCALE_MAX / self.devicePixelRatioF()
            self._geometry = ViewGeometry.fitted(*self._size, self.width(), self.height(), scale_max)
        else:
            self._geometry = None
        self._view_changed()

    def zoom(self, factor: float, about: QPointF | None = None) -> None:
        """Magnify, about a point of the view or its middle."""
        if self._geometry is not None:
            about = about or QPointF(self.width() / 2, self.height() / 2)
            self._is_fitted = False
            self._geometry = self._geometry.zoomed(self._geometry.scale * factor, about.x(), about.y())
            self._view_changed()

    def zoom_to_pixels(self) -> None:
        """One pixel of the picture on one of the screen."""
        if self._geometry is not None:
            self.zoom(1.0 / self.devicePixelRatioF() / self._geometry.scale)

    def mark_rect(self, number: int) -> QRectF | None:
        """Where the box with this number is in the view."""
        return next((mark.rect for mark in self._marks() if mark.number == number), None)

    def reveal(self, number: int) -> None:
        """Bring a box that is out of view into its middle."""
        rect = self.mark_rect(number)
        if rect is not None and self._geometry is not None and not QRectF(self.rect()).contains(rect.center()):
            self._geometry = self._geometry.panned(self.width() / 2 - rect.center().x(), self.height() / 2 - rect.center().y())
            self._view_changed()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._geometry is None or self._levels is None:
            return
        painter = QPainter(self)
        target = QRectF(*self._geometry.rect(0, 0, 1, 1))
        self._paint_shadow(painter, target)
        image = self._levels.for_width(target.width() * self.devicePixelRatioF())
        visible = target.intersected(QRectF(self.rect()))
        ratio_x, ratio_y = image.width() / target.width(), image.height() / target.height()
        source = QRectF(
            (visible.x() - target.x()) * ratio_x, (visible.y() - target.y()) * ratio_y,
            visible.width() * ratio_x, visible.height() * ratio_y,
        )  # fmt: skip
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.scale_percent < 100 * SMOOTH_SCALE_MAX)
        painter.drawImage(visible, image, source)
        paint_marks(painter, self._marks(), self._current)
        if self.hasFocus():
            painter.setOpacity(1.0)
            painter.setPen(QPen(QColor(themes().current.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _paint_shadow(self, painter: QPainter, target: QRectF) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, SHADOW_ALPHA[themes().current.name]))
        dropped = target.translated(0, SHADOW_DROP_PX)
        for spread in range(SHADOW_PX, 0, -2):
            painter.drawRoundedRect(dropped.adjusted(-spread, -spread, spread, spread), spread, spread)
        painter.restore()

    def _marks(self) -> list[Mark]:
        return place_marks(self._references, self._geometry, QSizeF(self.size())) if self._geometry else []

    def _set_hovered(self, number: int) -> None:
        if number != self._hovered:
            self._hovered = number
            self.box_hovered.emit(number)

    def _view_changed(self) -> None:
        self.update()
        self.zoomed.emit()

    def _pan(self, x: float, y: float) -> None:
        if self._geometry is not None:
            self._is_fitted = False
            self._geometry = self._geometry.panned(x, y)
            self._view_changed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_fitted or self._geometry is None:
            self.fit()
        else:
            self._geometry = self._geometry.resized(self.width(), self.height())
            self._view_changed()

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta() / 2
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(ZOOM_STEP ** (event.angleDelta().y() / 120), event.position())
        elif not self._is_fitted:
            self._pan(delta.x(), delta.y())
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom(1.0 + event.value(), event.position())
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._pressed_at = event.position()
            self._has_dragged = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None:
            self._set_hovered(mark_at(self._marks(), event.position()))
            self.setCursor(Qt.CursorShape.PointingHandCursor if self._hovered else Qt.CursorShape.ArrowCursor)
            return
        moved = event.position() - self._pressed_at
        if self._has_dragged or moved.manhattanLength() > 4:
            self._has_dragged = True
            self._pressed_at = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._pan(moved.x(), moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is not None and not self._has_dragged and self._hovered:
            self.box_clicked.emit(self._hovered)
        self._pressed_at = None
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._is_fitted:
            self.zoom_to_pixels()
        else:
            self.fit()

    def leaveEvent(self, event: QEvent) -> None:
        self._set_hovered(0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (PAN_STEP_PX, 0), Qt.Key.Key_Right: (-PAN_STEP_PX, 0),
            Qt.Key.Key_Up: (0, PAN_STEP_PX), Qt.Key.Key_Down: (0, -PAN_STEP_PX),
        }  # fmt: skip
        key = Qt.Key(event.key())
        if key in steps:
            self._pan(*steps[key])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(ZOOM_STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoom(1 / ZOOM_STEP)
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key == Qt.Key.Key_1:
            self.zoom_to_pixels()
        else:
            super().keyPressEvent(event)
