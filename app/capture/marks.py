"""Pens, arrows and blurs, drawn into the pixels that are sent.

Nothing of what is blurred gets into the picture: its pixels are overwritten before anything is drawn, and what takes their place is
made from the pixels around them.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from app.capture.models import Rect
from app.capture.shot import Arrow, Blur, Mark, Pen

COLOR = QColor("#E5283C")
"""Of pen and arrow: seen on light and dark, and no colour that a reference has."""
HALO_COLOR = QColor("white")
STROKE_PX = 4
"""Logical pixels, without the halo."""
HALO_PX = 1.5
PIECE_POINTS = 32
"""Of a long line that are drawn at once."""
HEAD_PX = 18
"""Length of an arrow's head, in logical pixels."""
HEAD_HALF_ANGLE = math.radians(26)
HIDDEN_COLOR = QColor("#808080")
"""Of what is blurred when nothing is around it."""
CELL_PX = 6
TEXTURE_CELLS = 32
TEXTURE_ALPHA = (12, 64)
"""From 255; cells that differ a little make it look like what it is, on light and dark."""


def draw_marks(image: QImage, area: Rect, marks: Sequence[Mark], ratio: float) -> QImage:
    """A part of a screen's picture with marks on it, as a picture of its own.

    Args:
        area: the part, in pixels of `image`, as are the marks.
        ratio: image pixels for each logical one; lines get as thick as they look.
    """
    drawn = image.copy(area.x, area.y, area.width, area.height)
    hidden = [rect for mark in marks if isinstance(mark, Blur) and (rect := _hidden_rect(mark, area)).isValid()]
    _hide(drawn, hidden)
    painter = QPainter(drawn)
    painter.translate(-area.x, -area.y)
    for mark in marks:
        paint_line(painter, mark, ratio)
    painter.end()
    return drawn


def paint_line(painter: QPainter, mark: Mark, ratio: float, within: QRectF | None = None) -> None:
    """A pen or an arrow, in image pixels; nothing for a blur. `within`: the pieces of it that are needed."""
    if isinstance(mark, Blur):
        return
    if isinstance(mark, Arrow):
        paths = [_arrow_path(mark, ratio)]
    else:
        paths = list(_pen_paths(mark.points, within, _reach(ratio)))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((HALO_COLOR, STROKE_PX + 2 * HALO_PX), (COLOR, STROKE_PX)):
        pen = QPen(color, width * ratio, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        for path in paths:
            painter.drawPath(path)
    painter.restore()


def line_bounds(mark: Mark, ratio: float) -> QRectF:
    """Where something of a mark may be drawn, in image pixels."""
    if isinstance(mark, Blur):
        return mark.rect
    if isinstance(mark, Pen):
        return _bounds(mark.points, _reach(ratio))
    return _bounds((mark.foot, mark.point), _reach(ratio) + HEAD_PX * ratio)


def growth_bounds(mark: Mark, before: Mark | None, ratio: float) -> QRectF:
    """Where a mark that is being drawn may differ from what it was before."""
    if isinstance(mark, Pen) and isinstance(before, Pen) and mark.points[:1] == before.points[:1]:
        grown = len(mark.points) - len(before.points)
        if grown > 0:
            return _bounds(mark.points[-grown - 3 :], _reach(ratio))
    bounds = line_bounds(mark, ratio)
    return bounds if before is None else bounds.united(line_bounds(before, ratio))


def _reach(ratio: float) -> float:
    return (STROKE_PX + HALO_PX) * ratio


def _bounds(points: Sequence[QPointF], reach: float) -> QRectF:
    return QPolygonF(points).boundingRect().adjusted(-reach, -reach, reach, reach)


def _pen_paths(points: Sequence[QPointF], within: QRectF | None, reach: float) -> Iterator[QPainterPath]:
    """In pieces: a long line is drawn much faster so, and most of one that grows is there already."""
    for start in range(0, max(1, len(points) - 2), PIECE_POINTS):
        piece = points[start : start + PIECE_POINTS + 2]
        if within is None or _bounds(piece, reach).intersects(within):
            yield _pen_path(piece, is_start=start == 0, is_end=start + len(piece) == len(points))


def _pen_path(points: Sequence[QPointF], *, is_start: bool, is_end: bool) -> QPainterPath:
    """Smooth: the points are where curves bend, the places between them where they meet. A piece ends where the next one begins."""
    path = QPainterPath(points[0] if is_start else (points[0] + points[1]) / 2)
    for one, other in pairwise(points[1:]):
        path.quadTo(one, (one + other) / 2)
    if is_end:
        path.lineTo(points[-1] + QPointF(0.01, 0))  # a dot is drawn too
    return path


def _arrow_path(arrow: Arrow, ratio: float) -> QPainterPath:
    line = QLineF(arrow.point, arrow.foot)
    path = QPainterPath(arrow.foot)
    path.lineTo(arrow.point)
    length = min(HEAD_PX * ratio, max(line.length() / 2, STROKE_PX * ratio))
    angle = math.atan2(line.dy(), line.dx())
    for side in (HEAD_HALF_ANGLE, -HEAD_HALF_ANGLE):
        path.moveTo(arrow.point)
        path.lineTo(arrow.point + QPointF(math.cos(angle + side), math.sin(angle + side)) * length)
    return path


def _hidden_rect(mark: Blur, area: Rect) -> QRect:
    """Every pixel that is touched, as far as the area goes, counted from its corner."""
    rect = mark.rect.normalized().toAlignedRect().translated(-area.x, -area.y)
    return rect.intersected(QRect(0, 0, area.width, area.height))


def _hide(image: QImage, rects: Iterable[QRect]) -> None:
    """Overwrite all of them first: what surrounds one may be inside another."""
    rects = list(rects)
    painter = QPainter(image)
    for rect in rects:
        painter.fillRect(rect, HIDDEN_COLOR)
    painter.end()
    for rect in rects:
        filling = _filling(image, rect)
        painter = QPainter(image)
        painter.drawImage(rect.topLeft(), filling)
        painter.setBrushOrigin(rect.topLeft())
        painter.fillRect(rect, QBrush(_texture()))
        painter.end()


def _filling(image: QImage, rect: QRect) -> QImage:
    """Colours that go over from one side's surroundings to the others'."""
    left, right = rect.left() - 1, rect.right() + 1
    top, bottom = rect.top() - 1, rect.bottom() + 1
    sides = [
        _mean(image, QRect(left, rect.top(), 1, rect.height())), _mean(image, QRect(rect.left(), top, rect.width(), 1)),
        _mean(image, QRect(right, rect.top(), 1, rect.height())), _mean(image, QRect(rect.left(), bottom, rect.width(), 1)),
    ]  # fmt: skip
    known = [color for color in sides if color is not None]
    middle = _mix(known) if known else HIDDEN_COLOR
    west, north, east, south = (color or middle for color in sides)
    colors = QImage(3, 3, QImage.Format.Format_RGB32)
    rows = (
        (_mix((north, west)), north, _mix((north, east))),
        (west, middle, east),
        (_mix((south, west)), south, _mix((south, east))),
    )
    for y, row in enumerate(rows):
        for x, color in enumerate(row):
            colors.setPixelColor(x, y, color)
    return colors.scaled(rect.size(), Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)


def _mean(image: QImage, strip: QRect) -> QColor | None:
    """Of a strip beside what is hidden; None when it lies outside the picture."""
    if not image.rect().contains(strip):
        return None
    one = QSize(1, 1)
    mean = image.copy(strip).scaled(one, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return mean.pixelColor(0, 0)


def _mix(colors: Sequence[QColor]) -> QColor:
    count = len(colors)
    red, green = sum(color.red() for color in colors), sum(color.green() for color in colors)
    return QColor(red // count, green // count, sum(color.blue() for color in colors) // count)


@cache
def _texture() -> QImage:
    """Cells of grey, some stronger than others, the same each time."""
    noise = random.Random(1)
    cells = QImage(TEXTURE_CELLS, TEXTURE_CELLS, QImage.Format.Format_ARGB32)
    for y in range(TEXTURE_CELLS):
        for x in range(TEXTURE_CELLS):
            cells.setPixelColor(x, y, QColor(128, 128, 128, noise.randint(*TEXTURE_ALPHA)))
    return cells.scaled(cells.size() * CELL_PX)
