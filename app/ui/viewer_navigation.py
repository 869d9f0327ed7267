"""Moving about in a picture and from page to page: wheel, pinch, middle button, Space, keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QWidget

from app.ui.picture_canvas import ZOOM_STEP, PictureCanvas

PAN_STEP_PX = 40
NOTCH = 120
"""What one step of a wheel counts (Qt's angleDelta)."""
TURN_NOTCHES = {True: 1, False: 2}
"""How many steps beyond the end turn the page: by whether the page is fitted. A zoomed page is not left by accident."""
_ARROWS = {
    Qt.Key.Key_Left: (PAN_STEP_PX, 0), Qt.Key.Key_Right: (-PAN_STEP_PX, 0),
    Qt.Key.Key_Up: (0, PAN_STEP_PX), Qt.Key.Key_Down: (0, -PAN_STEP_PX),
}  # fmt: skip


class NavigableCanvas(PictureCanvas):
    """Events that it uses are accepted; the others are for whoever derives from it.

    Signals:
        page_turned(by how many): the next page or the one before is wanted.
        end_wanted(whether the last page): that, or the first.
    """

    page_turned = Signal(int)
    end_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panned_from: QPointF | None = None
        self._is_space_held = False
        self._beyond = 0
        self.grabGesture(Qt.GestureType.PinchGesture)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()
        angle = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(ZOOM_STEP ** (angle.y() / NOTCH), event.position())
            return
        delta = event.pixelDelta() if not event.pixelDelta().isNull() else angle / 2
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not delta.x():
            delta = delta.transposed()
        if self.scroll_by(delta.x(), delta.y()):
            self._beyond = 0
        elif angle.y():
            self._beyond = self._beyond + angle.y() if self._beyond * angle.y() >= 0 else angle.y()
            if abs(self._beyond) >= NOTCH * TURN_NOTCHES[self.is_fitted]:
                by = -1 if self._beyond > 0 else 1
                self._beyond = 0
                self.page_turned.emit(by)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom(1.0 + event.value(), event.position())
            return True
        if isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self.zoom(pinch.scaleFactor(), QPointF(self.mapFromGlobal(pinch.centerPoint().toPoint())))
                return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        is_panning = event.button() == Qt.MouseButton.MiddleButton or (
            event.button() == Qt.MouseButton.LeftButton and self._is_space_held
        )
        if is_panning:
            self._panned_from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        event.setAccepted(is_panning)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.setAccepted(self._panned_from is not None)
        if self._panned_from is not None:
            moved = event.position() - self._panned_from
            self._panned_from = event.position()
            self.pan(moved.x(), moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.setAccepted(self._panned_from is not None)
        if self._panned_from is not None:
            self._panned_from = None
            self.setCursor(Qt.CursorShape.OpenHandCursor if self._is_space_held else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ARROWS:
            if not self.scroll_by(*_ARROWS[key]) and self.is_fitted:
                self.page_turned.emit(-1 if sum(_ARROWS[key]) > 0 else 1)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown) and not event.modifiers():
            self.page_turned.emit(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.end_wanted.emit(key == Qt.Key.Key_End)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(ZOOM_STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoom(1 / ZOOM_STEP)
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key == Qt.Key.Key_1:
            self.zoom_to_pixels()
        elif key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._is_space_held = True
                self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._is_space_held = False
            self.setCursor(Qt.CursorShape.ArrowCursor)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._is_space_held = False
        self._panned_from = None
