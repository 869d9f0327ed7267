"""What the user chose of a capture: a part of one screen, and what was drawn on it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage

from app.capture.geometry import ratios
from app.capture.models import Rect, ScreenPicture


@dataclass(frozen=True, slots=True)
class Pen:
    """A free line through these points, in image pixels of the screen's picture."""

    points: tuple[QPointF, ...]


@dataclass(frozen=True, slots=True)
class Arrow:
    """From its foot to its point, in image pixels of the screen's picture."""

    foot: QPointF
    point: QPointF


@dataclass(frozen=True, slots=True)
class Blur:
    """A rectangle, in image pixels of the screen's picture, of which nothing can be read afterwards."""

    rect: QRectF


Mark = Pen | Arrow | Blur


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """Attributes:
    picture: the whole screen, as it was.
    area: what was chosen of it, in image pixels; at least one pixel.
    marks: what was drawn, in order.
    title: of the window that was chosen; empty for a free region.
    """

    picture: ScreenPicture
    area: Rect
    marks: tuple[Mark, ...] = ()
    title: str = ""

    def image(self) -> QImage:
        """What is sent: the area with its marks drawn into it, in true pixels. Nothing of what is blurred is left in it."""
        from app.capture.marks import draw_marks  # which draws what is described here

        return draw_marks(self.picture.image, self.area, self.marks, ratios(self.picture)[0])
