"""Sharp pixels for a picture that is magnified beyond what is kept of it."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage

from app.ui.picture_levels import PIXELS_MAX
from app.ui.viewer_canvas import ViewerCanvas
from app.ui.viewer_requests import DrawDetail, Request
from ingest.attachment import Frame, Page, Picture
from ingest.types import Area

SETTLE_MS = 120
"""How long the view stays as it is before it is worth drawing."""
ENLARGED_MIN = 1.05
"""Less is not seen."""
SPARE = 2.0
"""How much larger than the view, on each side, the part is drawn, so that a small move finds it there."""
WHOLE = Area(0.0, 0.0, 1.0, 1.0)


class ViewerDetail(QObject):
    """Asks for what is missing once the view has settled; until then the level that is there is shown."""

    def __init__(self, canvas: ViewerCanvas, want: Callable[[Request], None], parent: QObject) -> None:
        super().__init__(parent)
        self._canvas, self._want = canvas, want
        self._picture: Picture | None = None
        self._asked: DrawDetail | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLE_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        canvas.zoomed.connect(self._on_canvas_zoomed)

    def set_picture(self, picture: Picture | None) -> None:
        """Another picture is in view."""
        self._picture, self._asked = picture, None
        self._timer.start()

    def take(self, request: Request, result: object) -> None:
        """An answer came."""
        is_wanted = self._picture is not None and isinstance(request, DrawDetail) and request.picture.id == self._picture.id
        if is_wanted and isinstance(request, DrawDetail) and isinstance(result, QImage):
            self._canvas.set_detail(request.area, result)

    def _on_canvas_zoomed(self) -> None:
        if self._picture is not None:
            self._timer.start()

    def _on_timer_timeout(self) -> None:
        request = self._missing()
        if request is not None:
            self._asked = request
            self._want(request)

    def _missing(self) -> DrawDetail | None:
        """What to draw for the view as it is; None when it is sharp, or as sharp as it gets."""
        picture, geometry, kept = self._picture, self._canvas.view_geometry, self._canvas.kept_scale
        if picture is None or geometry is None or not kept:
            return None
        scale = geometry.scale * self._canvas.devicePixelRatioF()
        is_raster = isinstance(picture, Frame) or (isinstance(picture, Page) and not picture.info.is_vector)
        if scale <= kept * ENLARGED_MIN or (is_raster and kept >= 1.0):
            return None
        visible = Area(*geometry.visible)
        asked = self._asked
        if asked is not None and _covers(asked.area, visible) and asked.scale >= scale / ENLARGED_MIN:
            return None
        return DrawDetail(picture, _around(visible, picture, scale), scale)


def _around(visible: Area, picture: Picture, scale: float) -> Area:
    """The part to draw: all of it where that is no more than is kept of a picture, else some more than is in view."""
    pixels = picture.width * picture.height * scale * scale
    if pixels <= PIXELS_MAX:
        return WHOLE
    share = (visible.x1 - visible.x0) * (visible.y1 - visible.y0)
    spare = max(0.0, min(SPARE, math.sqrt(PIXELS_MAX / (pixels * share))) - 1.0) / 2
    x, y = (visible.x1 - visible.x0) * spare, (visible.y1 - visible.y0) * spare
    return Area(max(0.0, visible.x0 - x), max(0.0, visible.y0 - y), min(1.0, visible.x1 + x), min(1.0, visible.y1 + y))


def _covers(area: Area, part: Area) -> bool:
    return area.x0 <= part.x0 and area.y0 <= part.y0 and area.x1 >= part.x1 and area.y1 >= part.y1
