"""A picture with the marked boxes of an answer over it: zoom, pan, hover."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.chat.answer import Reference
from app.ui.box_painter import Mark, mark_at, paint_marks, place_marks
from app.ui.picture_levels import PictureLevels
from app.ui.theme import themes
from app.ui.view_geometry import ViewGeometry
from ingest.types import Area

ZOOM_STEP = 1.25
FIT_SCALE_MAX = 4.0
"""A small picture is fitted to at most so many pixels of the screen for one of its own."""
SMOOTH_SCALE_MAX = 3.0
"""Beyond so many, single pixels are what one wants to see."""
SHADOW_PX = 20
SHADOW_DROP_PX = 6
SHADOW_ALPHA = {"light": 2, "dark": 8}
"""Of each of the layers that fade out, from 255."""


class PictureCanvas(QWidget):
    """Draws the picture and the boxes. What the mouse and the keys do is in `viewer_canvas`.

    Signals:
        box_hovered(number): the pointer is over a box; 0 when it left.
        box_clicked(number): a box was clicked.
        zoomed(): the scale, or the part that is in view, changed.
    """

    box_hovered = Signal(int)
    box_clicked = Signal(int)
    zoomed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._levels: PictureLevels | None = None
        self._detail: tuple[Area, QImage] | None = None
        self._references: tuple[Reference, ...] = ()
        self._geometry: ViewGeometry | None = None
        self._size = (0, 0)
        self._is_fitted = True
        self._current = 0
        self._hovered = 0
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
    def is_fitted(self) -> bool:
        """Whether all of the picture is shown, as large as there is room."""
        return self._is_fitted

    @property
    def current(self) -> int:
        """The number of the highlighted box, 0 for none."""
        return self._current

    @property
    def kept_scale(self) -> float:
        """Pixels of the largest level for one of the picture; 0 without any."""
        return self._levels.images[0].width() / self._size[0] if self._levels is not None and self._size[0] else 0.0

    @property
    def detail_area(self) -> Area | None:
        """The part that is drawn sharper than the levels are."""
        return self._detail[0] if self._detail is not None else None

    def show_picture(self, levels: PictureLevels | None, width: int, height: int) -> None:
        """Show a picture whose original has this size, fitted, as white paper until there are levels; 0 x 0 shows nothing."""
        self._start_picture(levels, width, height)
        self.fit()

    def turn_to(self, levels: PictureLevels | None, width: int, height: int, is_forward: bool) -> None:
        """Show the next page, or the one before, as large as this one, from where one reads on."""
        if self._is_fitted or self._geometry is None or not width:
            self.show_picture(levels, width, height)
            return
        self._start_picture(levels, width, height)
        self._geometry = self._geometry.turned(width, height, is_forward)
        self._view_changed()

    def set_levels(self, levels: PictureLevels) -> None:
        """Draw the picture in view from these."""
        self._levels = levels
        self.update()

    def set_detail(self, area: Area | None, image: QImage | None) -> None:
        """Draw a part of the picture in view from this; None draws all from the levels."""
        self._detail = (area, image) if area is not None and image is not None else None
        self.update()

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
        if self._size[0]:
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

    def zoom_to_pixels(self, about: QPointF | None = None) -> None:
        """One pixel of the picture on one of the screen."""
        if self._geometry is not None:
            self.zoom(1.0 / self.devicePixelRatioF() / self._geometry.scale, about)

    def pan(self, x: float, y: float) -> None:
        """Move the picture by logical pixels."""
        if self._geometry is not None:
            self._is_fitted = False
            self._geometry = self._geometry.panned(x, y)
            self._view_changed()

    def scroll_by(self, x: float, y: float) -> bool:
        """Move the picture by logical pixels where there is more of it to see. Whether there was."""
        if self._geometry is None:
            return False
        scrolled = self._geometry.scrolled(x, y)
        if scrolled == self._geometry:
            return False
        self._geometry = scrolled
        self._is_fitted = False
        self._view_changed()
        return True

    def mark_rect(self, number: int) -> QRectF | None:
        """Where the box with this number is in the view."""
        return next((mark.rect for mark in self._marks() if mark.number == number), None)

    def rect_of(self, area: Area) -> QRectF:
        """Where a part of the picture is in the view; nowhere without a picture."""
        return QRectF(*self._geometry.rect(area.x0, area.y0, area.x1, area.y1)) if self._geometry else QRectF()

    def reveal(self, number: int) -> None:
        """Bring a box that is out of view into its middle."""
        rect = self.mark_rect(number)
        if rect is not None:
            self.reveal_rect(rect)

    def reveal_rect(self, rect: QRectF) -> None:
        """Bring a part of the view, when its middle is outside, into the middle."""
        if self._geometry is not None and not QRectF(self.rect()).contains(rect.center()):
            self._geometry = self._geometry.panned(self.width() / 2 - rect.center().x(), self.height() / 2 - rect.center().y())
            self._view_changed()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._geometry is None:
            return
        painter = QPainter(self)
        target = QRectF(*self._geometry.rect(0, 0, 1, 1))
        self._paint_shadow(painter, target)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.scale_percent < 100 * SMOOTH_SCALE_MAX)
        if self._levels is None:
            painter.fillRect(target, QColor("white"))  # paper
        else:
            self._paint_image(painter, self._levels.for_width(target.width() * self.devicePixelRatioF()), target)
        if self._detail is not None:
            self._paint_image(painter, self._detail[1], self.rect_of(self._detail[0]))
        self._paint_under(painter)
        paint_marks(painter, self._marks(), self._current)
        self._paint_over(painter)
        if self.hasFocus():
            painter.setOpacity(1.0)
            painter.setPen(QPen(QColor(themes().current.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _paint_under(self, painter: QPainter) -> None:
        """What lies on the picture, under the boxes."""

    def _paint_over(self, painter: QPainter) -> None:
        """What lies over the boxes."""

    def _paint_image(self, painter: QPainter, image: QImage, target: QRectF) -> None:
        visible = target.intersected(QRectF(self.rect()))
        ratio_x, ratio_y = image.width() / target.width(), image.height() / target.height()
        source = QRectF(
            (visible.x() - target.x()) * ratio_x, (visible.y() - target.y()) * ratio_y,
            visible.width() * ratio_x, visible.height() * ratio_y,
        )  # fmt: skip
        painter.drawImage(visible, image, source)

    def _paint_shadow(self, painter: QPainter, target: QRectF) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, SHADOW_ALPHA[themes().current.name]))
        dropped = target.translated(0, SHADOW_DROP_PX)
        for spread in range(SHADOW_PX, 0, -2):
            painter.drawRoundedRect(dropped.adjusted(-spread, -spread, spread, spread), spread, spread)
        painter.restore()

    def _start_picture(self, levels: PictureLevels | None, width: int, height: int) -> None:
        self._levels = levels
        self._detail = None
        self._size = (width, height)
        self._references = ()
        self._set_hovered(0)

    def _marks(self) -> list[Mark]:
        return place_marks(self._references, self._geometry, QSizeF(self.size())) if self._geometry else []

    def _mark_at(self, position: QPointF) -> int:
        return mark_at(self._marks(), position)

    def _set_hovered(self, number: int) -> None:
        if number != self._hovered:
            self._hovered = number
            self.box_hovered.emit(number)

    def _view_changed(self) -> None:
        self.update()
        self.zoomed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_fitted or self._geometry is None:
            self.fit()
        else:
            self._geometry = self._geometry.resized(self.width(), self.height())
            self._view_changed()

    def leaveEvent(self, event: QEvent) -> None:
        self._set_hovered(0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
