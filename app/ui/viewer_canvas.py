"""The viewer's picture under mouse and keyboard: boxes, text to select, links, and regions to ask about.

A drag selects text where there is text and frames a region everywhere else, or anywhere with Alt or while regions are wanted.
"""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from app.ui.text_layer import TextLayer
from app.ui.theme import themes
from app.ui.viewer_navigation import NavigableCanvas
from app.ui.viewer_region import Region, RegionBar, begins_question, paint_region
from app.ui.viewer_selection import TextSelection
from ingest.types import Area, Link

SELECTION_ALPHA = 90
DRAG_PX_MIN = 4
NUDGE_PX = 8
"""By how much of the view a key moves a region; with Ctrl it is one pixel of the picture."""
_DIRECTIONS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip
_SHIFT, _CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


class _Drag(Enum):
    """What the pressed mouse does once it moves."""

    TEXT = auto()
    REGION = auto()
    MOVING = auto()


class ViewerCanvas(NavigableCanvas):
    """Attributes:
    selection: of the text of the picture in view.
    bar: what can be done with the region.

    Signals:
        region_changed(): framed, changed or gone.
        asked(words): about the region; with what was typed to begin the question.
        link_clicked(link, point of the screen).
        menu_wanted(point of the screen).
    """

    region_changed = Signal()
    asked = Signal(str)
    link_clicked = Signal(object, QPoint)
    menu_wanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.selection = TextSelection(self)
        self.selection.changed.connect(self.update)
        self._region: Region | None = None
        self._wants_regions = False
        self._pressed_at: QPointF | None = None
        self._anchor = (0.0, 0.0)
        self._drag: _Drag | None = None
        self._is_dragging = False
        self.bar = RegionBar(self)
        self.bar.ask_wanted.connect(lambda: self.asked.emit(""))
        self.zoomed.connect(self._place_bar)

    @property
    def layer(self) -> TextLayer | None:
        """The text of the picture in view, once it is read."""
        return self.selection.layer

    @property
    def region(self) -> Area | None:
        """What is framed, as fractions of the picture."""
        return self._region.area(self._size) if self._region is not None else None

    def set_wants_regions(self, wants_regions: bool) -> None:
        """Whether a drag frames a region also where there is text."""
        self._wants_regions = wants_regions
        self._show_cursor(None)

    def frame_region(self) -> None:
        """Frame the middle of what is in view, for the keyboard to adjust."""
        if self._geometry is not None:
            self._set_region(Region.amid(Area(*self._geometry.visible), self._size))
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def drop_region(self) -> None:
        """Frame nothing."""
        self._set_region(None)

    def _start_picture(self, levels: object, width: int, height: int) -> None:
        super()._start_picture(levels, width, height)  # type: ignore[arg-type]
        self.selection.set_layer(None)
        self._set_region(None)

    def _paint_under(self, painter: QPainter) -> None:
        color = QColor(themes().current.accent)
        color.setAlpha(SELECTION_ALPHA)
        for area in self.selection.areas:
            painter.fillRect(self.rect_of(area), color)

    def _paint_over(self, painter: QPainter) -> None:
        region = self.region
        if region is not None and self._region is not None:
            paint_region(painter, self._region, self.rect_of(region), QRectF(self.rect()))

    def _set_region(self, region: Region | None) -> None:
        if region == self._region:
            return
        self._region = region
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, region is not None)
        self._place_bar()
        self.update()
        self.region_changed.emit()

    def _place_bar(self) -> None:
        region = self.region
        if region is None or self._region is None or self._is_dragging:
            self.bar.hide()
        else:
            self.bar.show_beside(self._region, self.rect_of(region), QSizeF(self.size()))

    def _place(self, position: QPointF) -> tuple[float, float]:
        return self._geometry.place(position.x(), position.y()) if self._geometry is not None else (0.0, 0.0)

    def _piece_at(self, position: QPointF) -> int | None:
        return self.layer.piece_at(*self._place(position)) if self.layer is not None and self._geometry is not None else None

    def _link_at(self, position: QPointF) -> Link | None:
        return self.layer.link_at(*self._place(position)) if self.layer is not None and self._geometry is not None else None

    def _kept_corner(self, position: QPointF) -> tuple[int, int] | None:
        """The corner of the region that stays when the one under the pointer is dragged."""
        area = self.region
        return self._region.kept_corner(self.rect_of(area), position) if self._region is not None and area is not None else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.isAccepted() or event.button() != Qt.MouseButton.LeftButton or self._geometry is None:
            return
        event.accept()
        position = event.position()
        self._pressed_at, self._anchor = position, self._place(position)
        kept, region = self._kept_corner(position), self.region
        wants_region = self._wants_regions or bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if kept is not None:
            self._drag, self._anchor = _Drag.REGION, (kept[0] / self._size[0], kept[1] / self._size[1])
        elif region is not None and self.rect_of(region).contains(position):
            self._drag = _Drag.MOVING
        elif self._piece_at(position) is not None and not wants_region:
            self._drag = _Drag.TEXT
        else:
            self._drag = _Drag.REGION

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if event.isAccepted():
            return
        event.accept()
        position = event.position()
        if self._pressed_at is None:
            self._set_hovered(0 if self._region is not None else self._mark_at(position))
            self._show_cursor(position)
            return
        if not self._is_dragging and (position - self._pressed_at).manhattanLength() < DRAG_PX_MIN:
            return
        self._is_dragging = True
        if self._drag is _Drag.TEXT:
            self._set_region(None)
            self.selection.select_between(self._anchor, self._place(position))
        elif self._drag is _Drag.REGION:
            self.selection.clear()
            self._set_region(Region.between(self._anchor, self._place(position), self._size))
        elif self._drag is _Drag.MOVING and self._region is not None:
            x, y = self._place(position)
            moved = (round((x - self._anchor[0]) * self._size[0]), round((y - self._anchor[1]) * self._size[1]))
            self._anchor = (self._anchor[0] + moved[0] / self._size[0], self._anchor[1] + moved[1] / self._size[1])
            self._set_region(self._region.moved(*moved, self._size))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.isAccepted() or self._pressed_at is None or event.button() != Qt.MouseButton.LeftButton:
            return
        event.accept()
        was_dragging, self._is_dragging, self._pressed_at = self._is_dragging, False, None
        if not was_dragging:
            self._click(event.position(), event.globalPosition().toPoint())
        elif self._region is not None:
            self._set_region(self._region if self._region.is_large_enough else None)
            self._place_bar()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        piece = self._piece_at(event.position())
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if piece is not None and not self._wants_regions:
            self.selection.select_word(piece)
        elif self._is_fitted:
            self.zoom_to_pixels(event.position())
        else:
            self.fit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        is_by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        self.menu_wanted.emit(self.mapToGlobal(self.rect().center()) if is_by_key else event.globalPos())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_own_key(event):
            event.accept()  # else Escape would stop the answer
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        if key == Qt.Key.Key_Escape and self._is_own_key(event):
            (self.drop_region if self._region is not None else self.selection.clear)()
        elif key == Qt.Key.Key_A and modifiers & _CTRL:
            self.selection.select_all()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._region is not None:
            self.asked.emit("")
        elif self._region is not None and begins_question(event):
            self.asked.emit(event.text())
        elif key == Qt.Key.Key_R and not modifiers:
            self.frame_region()
        elif key in _DIRECTIONS and self._region is not None:
            self._nudge(*_DIRECTIONS[key], modifiers)
        elif key in _DIRECTIONS and modifiers & _SHIFT and self._extend(*_DIRECTIONS[key]):
            pass
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        event.accept()
        if self._region is not None and event.commitString():
            self.asked.emit(event.commitString())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_bar()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._pressed_at, self._is_dragging = None, False
        self._place_bar()

    def _is_own_key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            return self._region is not None or not self.selection.is_empty
        return bool(event.modifiers() & _CTRL) and event.key() == Qt.Key.Key_A

    def _click(self, position: QPointF, on_screen: QPoint) -> None:
        region = self.region
        if region is not None and self.rect_of(region).contains(position):
            return
        self._set_region(None)
        self.selection.clear()
        link = self._link_at(position)
        if self._hovered:
            self.box_clicked.emit(self._hovered)
        elif link is not None:
            self.link_clicked.emit(link, on_screen)

    def _extend(self, x: int, y: int) -> bool:
        return self._geometry is not None and self.selection.extend(x, y, Area(*self._geometry.visible))

    def _nudge(self, x: int, y: int, modifiers: Qt.KeyboardModifier) -> None:
        assert self._region is not None and self._geometry is not None
        step = 1 if modifiers & _CTRL else max(1, round(NUDGE_PX / self._geometry.scale))
        change = self._region.resized if modifiers & _SHIFT else self._region.moved
        self._set_region(change(x * step, y * step, self._size))

    def _show_cursor(self, position: QPointF | None) -> None:
        shape = Qt.CursorShape.CrossCursor if self._wants_regions else Qt.CursorShape.ArrowCursor
        region = self.region
        if position is None:
            pass
        elif self._kept_corner(position) is not None:
            shape = Qt.CursorShape.CrossCursor
        elif region is not None and self.rect_of(region).contains(position):
            shape = Qt.CursorShape.SizeAllCursor
        elif self._hovered or self._link_at(position) is not None:
            shape = Qt.CursorShape.PointingHandCursor
        elif not self._wants_regions and self._piece_at(position) is not None:
            shape = Qt.CursorShape.IBeamCursor
        self.setCursor(shape)
