"""A pen, an arrow or a blur while it is being drawn, with mouse or keys. All places are in image pixels of one screen."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPointF, QRectF

from app.capture.models import Rect
from app.capture.shot import Arrow, Blur, Mark, Pen

POINTS_MAX = 20_000
"""Of one line; nobody draws as long."""
FIRST_SHARE = 0.25
"""Of what was chosen, for a mark that is begun with the keyboard."""
SIDE_PX_MIN = 2
"""Less is a click, but for a pen, which makes a dot."""


class Tool(Enum):
    """What can be drawn with."""

    PEN = "pen"
    ARROW = "arrow"
    BLUR = "blur"


class Draft:
    """A mark that begins at a point and stays within an area."""

    def __init__(self, tool: Tool, area: Rect, point: QPointF) -> None:
        self.tool = tool
        self._area = area
        self._points = [self._inside(point)]

    @classmethod
    def amid(cls, tool: Tool, area: Rect) -> Draft:
        """For keys: in the middle of the area, large enough to be seen."""
        middle = QPointF(area.x + area.width / 2, area.y + area.height / 2)
        half = QPointF(area.width * FIRST_SHARE / 2, area.height * FIRST_SHARE / 2)
        draft = cls(tool, area, middle if tool is Tool.PEN else middle - half)
        if tool is not Tool.PEN:
            draft.lead_to(middle + half)
        return draft

    def lead_to(self, point: QPointF) -> None:
        """Go on to a point: a pen draws on, the others end there."""
        point = self._inside(point)
        if self.tool is not Tool.PEN:
            del self._points[1:]
        if point != self._points[-1] and len(self._points) < POINTS_MAX:
            self._points.append(point)

    def move(self, x: float, y: float) -> None:
        """All of it, within the area."""
        left, right = min(point.x() for point in self._points), max(point.x() for point in self._points)
        top, bottom = min(point.y() for point in self._points), max(point.y() for point in self._points)
        x = min(max(x, self._area.x - left), self._area.x + self._area.width - right)
        y = min(max(y, self._area.y - top), self._area.y + self._area.height - bottom)
        self._points = [point + QPointF(x, y) for point in self._points]

    def stretch(self, x: float, y: float) -> None:
        """Where it ends."""
        self.lead_to(self._points[-1] + QPointF(x, y))

    def mark(self) -> Mark | None:
        """What is drawn so far; None for what is too small to be meant."""
        first, last = self._points[0], self._points[-1]
        if self.tool is Tool.PEN:
            return Pen(tuple(self._points))
        size = last - first
        if self.tool is Tool.BLUR:
            is_meant = min(abs(size.x()), abs(size.y())) >= SIDE_PX_MIN
            return Blur(QRectF(first, last).normalized()) if is_meant else None
        return Arrow(first, last) if max(abs(size.x()), abs(size.y())) >= SIDE_PX_MIN else None

    def _inside(self, point: QPointF) -> QPointF:
        area = self._area
        return QPointF(
            min(max(point.x(), area.x), area.x + area.width), min(max(point.y(), area.y), area.y + area.height)
        )  # fmt: skip
