"""The pixels around the pointer, large enough to be told apart."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from app.capture.framing import Point
from app.ui.theme import RADIUS_PX, Theme

CELLS = 15
"""Image pixels across and down; odd, so that one is in the middle."""
CELL_PX = 8
"""Logical pixels for each."""
SIDE_PX = CELLS * CELL_PX
AWAY_PX = 24
"""From the pointer."""


def place(pointer: QPoint, view: QSize) -> QRect:
    """Below and to the right of the pointer, or on the other side where there is no room; in logical pixels of the view."""
    left = _beside(pointer.x(), view.width())
    return QRect(left, _beside(pointer.y(), view.height()), SIDE_PX, SIDE_PX)


def paint(painter: QPainter, image: QImage, point: Point, target: QRect, theme: Theme) -> None:
    """Draw it. `point` is in pixels of the image; beyond its edges there is nothing."""
    x, y = min(point[0], image.width() - 1), min(point[1], image.height() - 1)
    source = QRect(x - CELLS // 2, y - CELLS // 2, CELLS, CELLS)
    seen = source.intersected(image.rect())
    outline = QPainterPath()
    outline.addRoundedRect(QRectF(target), RADIUS_PX, RADIUS_PX)
    painter.save()
    painter.setClipPath(outline, Qt.ClipOperation.IntersectClip)
    painter.fillRect(target, QColor(theme.window))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    corner = QPointF(target.topLeft()) + QPointF(seen.topLeft() - source.topLeft()) * CELL_PX
    painter.drawImage(QRectF(corner, QSize(seen.width() * CELL_PX, seen.height() * CELL_PX)), image, QRectF(seen))
    middle = QRectF(target.left() + CELLS // 2 * CELL_PX, target.top() + CELLS // 2 * CELL_PX, CELL_PX, CELL_PX)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, rect in (
        (theme.on_accent, middle.adjusted(-1.5, -1.5, 1.5, 1.5)),
        (theme.accent, middle.adjusted(-0.5, -0.5, 0.5, 0.5)),
    ):
        painter.setPen(QPen(QColor(color), 1))
        painter.drawRect(rect)
    painter.restore()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.drawRoundedRect(QRectF(target).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)
    painter.restore()


def _beside(place: int, length: int) -> int:
    after = place + AWAY_PX
    return after if after + SIDE_PX <= length else max(0, place - AWAY_PX - SIDE_PX)
