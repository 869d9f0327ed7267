"""The viewer's parts and how they lie; what they do together is in `viewer`."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.ui.box_list import BoxList
from app.ui.language import Translated
from app.ui.picture_canvas import ZOOM_STEP
from app.ui.picture_levels import PictureCache
from app.ui.picture_row import PictureRow
from app.ui.picture_words import picture_words
from app.ui.viewer_canvas import ViewerCanvas
from app.ui.viewer_header import ViewerHeader
from app.ui.viewer_marks import Marks, marks_words
from app.ui.viewer_subjects import Subject
from app.ui.viewer_tools import ViewerNotice, ViewerTools
from app.ui.words import size_words
from ingest.attachment import Picture

_SWITCH_KEYS = {int(Qt.Key.Key_PageUp): -1, int(Qt.Key.Key_PageDown): 1}


class ViewerFrame(Translated, QFrame):
    """Attributes:
    canvas: where the picture is drawn.
    header, notice, boxes, tools, row: above and below it.

    Signals:
        switch_wanted(direction): the attachment before (-1) or after (1) the one in view.
    """

    switch_wanted = Signal(int)

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
        self._on_canvas_zoomed()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _direction_of(event):
            event.accept()  # else the window would go to another conversation
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if direction := _direction_of(event):
            self.switch_wanted.emit(direction)
        else:
            super().keyPressEvent(event)

    def _show_place(self, picture: Picture | None, subject: Subject | None, index: int) -> None:
        """Say everywhere which page of what is in view."""
        is_picture = subject is not None and subject.kind == "pictures"
        name = subject.name if subject is not None else ""
        if is_picture:
            name = picture_words(picture) if picture is not None else ""
        size = size_words(picture.width, picture.height) if picture is not None and is_picture else ""
        self.header.show_place(name, size, subject, index)
        self.row.set_subject(subject)
        self.row.set_current(index)
        self.tools.set_place(index, len(subject) if subject is not None else 0)
        self.tools.set_has_picture(picture is not None)

    def _place_marks(self, marks: Marks) -> None:
        """Show everywhere where the boxes are."""
        self.canvas.show_references(marks.here)
        self.boxes.set_boxes(marks.listed)
        self.row.set_marks(marks.sent, marks.numbers)
        self.canvas.setAccessibleDescription(". ".join(filter(None, (self.header.words, marks_words(marks.here)))))

    def _on_canvas_zoomed(self) -> None:
        self.header.set_percent(self.canvas.scale_percent)

    def _on_tools_zoom_wanted(self, is_in: bool) -> None:
        self.canvas.zoom(ZOOM_STEP if is_in else 1 / ZOOM_STEP)


def _direction_of(event: QKeyEvent) -> int:
    """Where Ctrl with a page key leads among the attachments; 0 for any other key."""
    return _SWITCH_KEYS.get(event.key(), 0) if event.modifiers() == Qt.KeyboardModifier.ControlModifier else 0
