"""The boxes of an answer as they lie over a picture: where each is drawn, how it looks, which one is under the pointer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.chat.answer import Reference
from app.ui.reference_tag import paint_tag, tag_size
from app.ui.theme import BOX_STROKE_PX, Theme, themes
from app.ui.view_geometry import ViewGeometry

HIGHLIGHT_FILL_ALPHA = 0.22
DIMMED_OPACITY = 0.35
POINT_PX = 12
"""Side of the mark for a point, which has no size of its own."""
TAG_INSET_PX = 6
"""How far a tag reaches over the corner of its box; more would hide what the box is about."""
SMALL_PX = 24
"""A box with a shorter side would be hidden by its tag, or half of it."""
TAG_GAP_PX = 2
REACH_PX = 3
"""How far beside its edge a box still counts as being under the pointer."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A reference as drawn: its place in the view, its corners when it is no rectangle, the corner of its tag."""

    number: int
    rect: QRectF
    polygon: QPolygonF | None
    tag: QRectF

    def is_at(self, position: QPointF) -> bool:
        """Whether the pointer means this one; the tag counts as its box."""
        return self.rect.adjusted(-REACH_PX, -REACH_PX, REACH_PX, REACH_PX).contains(position) or self.tag.contains(position)


def place_marks(references: Iterable[Reference], geometry: ViewGeometry, view: QSizeF) -> list[Mark]:
    """Where these are drawn, in whole logical pixels, so that edges are sharp; tags stay inside the view.

    Boxes that share a corner have their tags beside each other.
    """
    marks: list[Mark] = []
    taken: set[tuple[float, float]] = set()
    for reference in references:
        box = reference.box
        left, top, width, height = geometry.rect(box.x0, box.y0, box.x1, box.y1)
        rect = QRectF(round(left), round(top), round(left + width) - round(left), round(top + height) - round(top))
        if rect.width() < 1 and rect.height() < 1:
            rect = QRectF(left - POINT_PX / 2, top - POINT_PX / 2, POINT_PX, POINT_PX)
        corners = [QPointF(*geometry.rect(x, y, x, y)[:2]) for x, y in box.polygon]
        size = tag_size(reference.number)
        tag_left = min(max(rect.left() - TAG_INSET_PX, 0.0), max(0.0, view.width() - size.width()))
        tag_top = rect.top() + TAG_INSET_PX - size.height()
        if min(rect.width(), rect.height()) < SMALL_PX:  # it would be under its tag, which stands above it then, or below
            above = rect.top() - TAG_GAP_PX - size.height()
            tag_top = above if above >= 0 else rect.bottom() + TAG_GAP_PX
        tag_top = min(max(tag_top, 0.0), max(0.0, view.height() - size.height()))
        while (tag_left, tag_top) in taken and tag_left + 2 * size.width() <= view.width():
            tag_left += size.width()
        taken.add((tag_left, tag_top))
        polygon = QPolygonF(corners) if len(corners) > 2 else None
        marks.append(Mark(reference.number, rect, polygon, QRectF(QPointF(tag_left, tag_top), size)))
    return marks


def mark_at(marks: Sequence[Mark], position: QPointF) -> int:
    """The number of the smallest box under the point, so that one inside another can be reached; 0 for none."""
    hits = [(mark.rect.width() * mark.rect.height(), mark.number) for mark in marks if mark.is_at(position)]
    return min(hits)[1] if hits else 0


def paint_marks(painter: QPainter, marks: Sequence[Mark], current: int) -> None:
    """Draw them all, no box over a tag; the current one last and stronger, other boxes dimmed while there is one.

    Tags are not: a number has to be read on whatever lies under it.
    """
    if not any(mark.number == current for mark in marks):
        current = 0
    ordered = sorted(marks, key=lambda mark: mark.number == current)
    for mark in ordered:
        painter.setOpacity(DIMMED_OPACITY if current and mark.number != current else 1.0)
        _paint_box(painter, mark, mark.number == current, themes().current)
    painter.setOpacity(1.0)
    for mark in ordered:
        _paint_tag(painter, mark, themes().current)


def _paint_box(painter: QPainter, mark: Mark, is_current: bool, theme: Theme) -> None:
    color = theme.box_color(mark.number)
    fill = QColor(color)
    fill.setAlphaF(HIGHLIGHT_FILL_ALPHA if is_current else theme.box_fill_alpha)
    pen = QPen(color, BOX_STROKE_PX + (1 if is_current else 0))
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    if theme.is_box_dashed(mark.number):
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.setBrush(fill)
    if mark.polygon is not None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPolygon(mark.polygon)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    else:
        painter.drawRect(mark.rect)


def _paint_tag(painter: QPainter, mark: Mark, theme: Theme) -> None:
    color = theme.box_color(mark.number)
    paint_tag(painter, mark.tag.topLeft(), mark.number, color, theme.is_box_dashed(mark.number))
