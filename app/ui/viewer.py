"""The right side of the window: one picture at a time, with the boxes of one answer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.chat.answer import Reference
from app.ui.buttons import IconButton
from app.ui.elided_label import ElidedLabel
from app.ui.language import Translated
from app.ui.picture_canvas import ZOOM_STEP, PictureCanvas
from app.ui.picture_levels import PictureCache
from app.ui.picture_row import PictureRow
from app.ui.words import size_words
from ingest.attachment import Picture

HEADER_PX = 48


class Viewer(Translated, QFrame):
    """Shows the pictures of the conversation and marks places in them.

    Attributes:
        canvas: where the picture is drawn.

    Signals:
        box_hovered(number), box_clicked(number): as the canvas says.
    """

    box_hovered = Signal(int)
    box_clicked = Signal(int)

    def __init__(self, cache: PictureCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._pictures: tuple[Picture, ...] = ()
        self._shown: Picture | None = None
        self._references: tuple[Reference, ...] = ()
        self.setObjectName("viewer")
        self.canvas = PictureCanvas()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._build_header())
        layout.addWidget(self.canvas, 1)
        self._row = PictureRow(cache)
        self._row.hide()
        layout.addWidget(self._row)
        self.canvas.box_hovered.connect(self.box_hovered)
        self.canvas.box_clicked.connect(self.box_clicked)
        self._row.chosen.connect(self.show_picture)
        self.canvas.zoomed.connect(self._on_canvas_zoomed)
        cache.loaded.connect(self._on_cache_loaded)
        self.retranslate()

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The pictures on offer."""
        return self._pictures

    @property
    def shown_picture(self) -> Picture | None:
        """The picture in view."""
        return self._shown

    def set_pictures(self, pictures: Sequence[Picture]) -> None:
        """Offer these; the one in view stays when it is among them, else the last one comes up."""
        if tuple(pictures) == self._pictures:
            return
        self._pictures = tuple(pictures)
        self._row.set_pictures(self._pictures)
        if self._shown not in self._pictures:
            self.show_picture(self._pictures[-1].id if self._pictures else None)
        self._row.set_current(self._shown.id if self._shown else None)

    def show_picture(self, picture_id: str | None) -> None:
        """Bring a picture into view, whole."""
        picture = next((picture for picture in self._pictures if picture.id == picture_id), None)
        if picture is not None and picture == self._shown:
            return
        self._shown = picture
        self._name.set_full_text(picture.name if picture else "")
        self._size.set_full_text(size_words(picture.width, picture.height) if picture else "")
        self.canvas.show_picture(self._cache.request(picture) if picture else None, *self._shown_size())
        self._show_references()
        self._row.set_current(self._shown.id if self._shown else None)

    def show_references(self, references: Sequence[Reference]) -> None:
        """Mark the places of one answer; those of other pictures wait until these are shown."""
        self._references = tuple(references)
        self._show_references()

    def show_reference(self, reference: Reference) -> None:
        """Bring the picture of this reference into view, and its box."""
        if reference.picture_id is not None:
            self.show_picture(reference.picture_id)
            self.canvas.reveal(reference.number)

    def set_current(self, number: int) -> None:
        """Highlight a box; 0 for none."""
        self.canvas.set_current(number)

    def retranslate(self) -> None:
        self._zoom_in.set_words(self.tr("Zoom in"), "+")
        self._zoom_out.set_words(self.tr("Zoom out"), "−")
        self._fit.set_words(self.tr("Show the whole picture"), "0")
        self._percent.setToolTip(self.tr("Pixels of the screen for a hundred of the picture"))
        self.canvas.setAccessibleName(self.tr("Picture with marked places"))
        self.setAccessibleName(self.tr("Viewer"))

    def _build_header(self) -> QWidget:
        header = QFrame()
        header.setObjectName("viewerHeader")
        header.setFixedHeight(HEADER_PX)
        layout = QHBoxLayout(header)
        layout.setContentsMargins(16, 0, 8, 0)
        layout.setSpacing(4)
        self._name = ElidedLabel("title", Qt.TextElideMode.ElideMiddle)
        self._size = ElidedLabel("small", Qt.TextElideMode.ElideRight)
        self._percent = QLabel()
        self._percent.setProperty("kind", "small")
        self._percent.setMinimumWidth(48)
        self._percent.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._zoom_out, self._zoom_in, self._fit = IconButton("zoom-out"), IconButton("zoom-in"), IconButton("fit")
        self._zoom_out.clicked.connect(self._on_zoom_out_clicked)
        self._zoom_in.clicked.connect(self._on_zoom_in_clicked)
        self._fit.clicked.connect(self.canvas.fit)
        layout.addWidget(self._name)
        layout.addSpacing(8)
        layout.addWidget(self._size)
        layout.addStretch(1)
        for widget in (self._zoom_out, self._percent, self._zoom_in, self._fit):
            layout.addWidget(widget)
        return header

    def _shown_size(self) -> tuple[int, int]:
        return (self._shown.width, self._shown.height) if self._shown else (0, 0)

    def _show_references(self) -> None:
        shown_id = self._shown.id if self._shown else None
        self.canvas.show_references([reference for reference in self._references if reference.picture_id == shown_id])

    def _on_zoom_in_clicked(self) -> None:
        self.canvas.zoom(ZOOM_STEP)

    def _on_zoom_out_clicked(self) -> None:
        self.canvas.zoom(1 / ZOOM_STEP)

    def _on_canvas_zoomed(self) -> None:
        percent = self.canvas.scale_percent
        self._percent.setText(f"{QLocale().toString(percent)} %" if percent else "")
        for button in (self._zoom_in, self._zoom_out, self._fit):
            button.setEnabled(percent > 0)

    def _on_cache_loaded(self, picture_id: str) -> None:
        if self._shown is not None and self._shown.id == picture_id:
            self.canvas.show_picture(self._cache.request(self._shown), *self._shown_size())
            self._show_references()
