"""Where a picture lies in its view, as pure numbers.

Picture coordinates are pixels of the original, view coordinates are logical pixels; a box is 0..1 of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

MARGIN_PX = 24
"""Room around a fitted picture; tags stand out of it."""
SCALE_MAX = 16.0
"""Logical pixels for one of the picture's."""
VISIBLE_PX_MIN = 48
"""How much of the picture cannot be pushed out of the view."""


@dataclass(frozen=True, slots=True)
class ViewGeometry:
    """A picture of `picture_width` x `picture_height` pixels, drawn `scale` times as large with its corner at (`left`, `top`)."""

    picture_width: int
    picture_height: int
    view_width: float
    view_height: float
    scale: float
    left: float
    top: float

    @classmethod
    def fitted(
        cls, picture_width: int, picture_height: int, view_width: float, view_height: float, scale_max: float = SCALE_MAX
    ) -> ViewGeometry:
        """The whole picture in the middle of the view, enlarged to `scale_max` at most."""
        room_x, room_y = max(1.0, view_width - 2 * MARGIN_PX), max(1.0, view_height - 2 * MARGIN_PX)
        scale = min(room_x / picture_width, room_y / picture_height, scale_max)
        left, top = (view_width - picture_width * scale) / 2, (view_height - picture_height * scale) / 2
        return cls(picture_width, picture_height, view_width, view_height, scale, left, top)

    def rect(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        """A box, 0..1 of the picture, as left, top, width and height in the view."""
        width, height = self.picture_width * self.scale, self.picture_height * self.scale
        return self.left + x0 * width, self.top + y0 * height, (x1 - x0) * width, (y1 - y0) * height

    def place(self, x: float, y: float) -> tuple[float, float]:
        """The point of the view as fractions of the picture; beyond 0..1 when it lies beside it."""
        return (x - self.left) / (self.picture_width * self.scale), (y - self.top) / (self.picture_height * self.scale)

    @property
    def visible(self) -> tuple[float, float, float, float]:
        """The part of the picture that is in view, as fractions of it. It can always be reached, so there is one."""
        x0, y0 = self.place(0, 0)
        x1, y1 = self.place(self.view_width, self.view_height)
        return max(0.0, x0), max(0.0, y0), min(1.0, x1), min(1.0, y1)

    def zoomed(self, scale: float, about_x: float, about_y: float) -> ViewGeometry:
        """At another scale, with the point (`about_x`, `about_y`) of the view staying over the same pixel."""
        smallest = ViewGeometry.fitted(self.picture_width, self.picture_height, self.view_width, self.view_height).scale / 4
        scale = min(max(scale, smallest), SCALE_MAX)
        ratio = scale / self.scale
        left, top = about_x - (about_x - self.left) * ratio, about_y - (about_y - self.top) * ratio
        return replace(self, scale=scale, left=left, top=top)._kept_in_view()

    def panned(self, x: float, y: float) -> ViewGeometry:
        """Moved by logical pixels."""
        return replace(self, left=self.left + x, top=self.top + y)._kept_in_view()

    def scrolled(self, x: float, y: float) -> ViewGeometry:
        """Moved by logical pixels as far as there is more to see. The same again at the end, and where all is in view."""
        left = _scrolled(self.left, x, self.picture_width * self.scale, self.view_width)
        top = _scrolled(self.top, y, self.picture_height * self.scale, self.view_height)
        return replace(self, left=left, top=top)

    def turned(self, picture_width: int, picture_height: int, is_forward: bool) -> ViewGeometry:
        """For the page after this one, or before it: as large, from its beginning, or from its end."""
        turned = replace(self, picture_width=picture_width, picture_height=picture_height)
        spare = self.view_height - picture_height * self.scale
        return replace(turned, top=MARGIN_PX if is_forward else spare - MARGIN_PX)._kept_in_view()

    def resized(self, view_width: float, view_height: float) -> ViewGeometry:
        """In a view of another size, with the same pixel in its middle."""
        left, top = self.left + (view_width - self.view_width) / 2, self.top + (view_height - self.view_height) / 2
        return replace(self, view_width=view_width, view_height=view_height, left=left, top=top)._kept_in_view()

    def _kept_in_view(self) -> ViewGeometry:
        left = _kept(self.left, self.picture_width * self.scale, self.view_width)
        top = _kept(self.top, self.picture_height * self.scale, self.view_height)
        return replace(self, left=left, top=top)


def _kept(start: float, length: float, room: float) -> float:
    """`start` such that a picture of this length stays in the middle when there is room, and in reach when there is not."""
    if length + 2 * MARGIN_PX <= room:
        return (room - length) / 2
    return min(max(start, VISIBLE_PX_MIN - length), room - VISIBLE_PX_MIN)


def _scrolled(start: float, by: float, length: float, room: float) -> float:
    """`start` moved, but not so that more than the margin shows beyond an end that was not in view before."""
    if length + 2 * MARGIN_PX <= room:
        return start
    if by < 0:
        return min(start, max(start + by, room - MARGIN_PX - length))
    return max(start, min(start + by, MARGIN_PX))
