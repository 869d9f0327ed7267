"""The viewer's parts and how they lie; what they do together is in `viewer`."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.ui.box_list import BoxList
from app.ui.language import Translated
from app.ui.picture_canvas import ZOOM_STEP
from app.ui.picture_levels import PictureCache
from app.ui.picture_row import PictureRow
from app.ui.viewer_canvas import ViewerCanvas
from app.ui.viewer_header import ViewerHeader
from app.ui.viewer_tools import ViewerNotice, ViewerTools


class ViewerFrame(Translated, QFrame):
    """Attributes:
    canvas: where the picture is drawn.
    header, notice, boxes, tools, row: above and below it.
    """

    def __init__(self, cache: PictureCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("viewer")
        self.canvas = ViewerCanvas()
        self.header, self.tools, self.notice = ViewerHeader(), ViewerTools(), ViewerNotice()
        self.boxes, self.row = BoxList(), PictureRow(cache)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self.header, self.canvas, self.notice, self.boxes, self.tools, self.row):
            layout.addWidget(widget, 1 if widget is self.canvas else 0)
        self.row.hide()
        self.canvas.zoomed.connect(self._on_canvas_zoomed)
        self.tools.zoom_wanted.connect(self._on_tools_zoom_wanted)
        self.tools.fit_wanted.connect(self.canvas.fit)
        self.tools.regions_toggled.connect(self.canvas.set_wants_regions)

    def retranslate(self) -> None:
        self.canvas.setAccessibleName(self.tr("Picture with marked places"))
        self.setAccessibleName(self.tr("Viewer"))

    def _on_canvas_zoomed(self) -> None:
        self.header.set_percent(self.canvas.scale_percent)

    def _on_tools_zoom_wanted(self, is_in: bool) -> None:
        self.canvas.zoom(ZOOM_STEP if is_in else 1 / ZOOM_STEP)
