"""The text of the page in view: read from it, or found on it when that is wanted; copied."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from app.ui.text_layer import TextLayer
from app.ui.viewer_canvas import ViewerCanvas
from app.ui.viewer_requests import ReadText, RecogniseRegion, RecogniseText, Request
from app.ui.viewer_tools import ViewerNotice
from ingest.attachment import Picture
from ingest.errors import IngestError, ReaderStopped
from ingest.types import Area, PageText

LAYERS_MAX = 16


class ViewerText(QObject):
    """Signals:
    changed(): what can be done with the text is another thing now.
    """

    changed = Signal()

    def __init__(self, canvas: ViewerCanvas, notice: ViewerNotice, want: Callable[[Request], None], parent: QObject) -> None:
        super().__init__(parent)
        self._canvas, self._notice, self._want = canvas, notice, want
        self._picture: Picture | None = None
        self._layers: OrderedDict[str, TextLayer] = OrderedDict()
        self._reading: RecogniseText | RecogniseRegion | None = None
        notice.stopped.connect(self.stop)

    @property
    def can_read(self) -> bool:
        """Whether the picture in view may show text that is not known yet."""
        return self._canvas.layer is not None and self._canvas.layer.needs_recognition

    def set_picture(self, picture: Picture | None) -> None:
        """Another picture is in view."""
        self.stop()
        self._picture = picture
        if picture is not None:
            layer = self._layers.get(picture.id)
            if layer is None:
                self._want(ReadText(picture))
            else:
                self._layers.move_to_end(picture.id)
                self._canvas.selection.set_layer(layer)
        self.changed.emit()

    def read(self) -> None:
        """Recognise the text of the picture in view."""
        if self._picture is not None and self._reading is None:
            self._start(RecogniseText(self._picture))

    def stop(self) -> None:
        """Recognise nothing any more."""
        if self._reading is not None:
            self._reading.stop.set()
            self._reading = None
            self._notice.clear()

    def copy(self) -> None:
        """Put what is selected on the clipboard."""
        if self._canvas.selection.text:
            QGuiApplication.clipboard().setText(self._canvas.selection.text)

    def copy_in(self, area: Area) -> None:
        """Put the text of a part on the clipboard; recognise it where the page holds none."""
        text = self._canvas.layer.text_in(area) if self._canvas.layer is not None else ""
        if text:
            self._copy(text)
        elif self._picture is not None and self._reading is None:
            self._start(RecogniseRegion(self._picture, area))

    def take(self, request: Request, result: object) -> None:
        """An answer came."""
        if isinstance(request, ReadText | RecogniseText) and isinstance(result, TextLayer):
            self._keep(request.picture.id, result)
            if self._picture is not None and request.picture.id == self._picture.id:
                self._canvas.selection.set_layer(result)
                self.changed.emit()
        if request is self._reading:
            self._reading = None
            self._notice.clear()
            if isinstance(result, TextLayer) and result.is_empty:
                self._notice.show_message(self.tr("No text was found."))
            elif isinstance(result, TextLayer):
                self._notice.show_message(self.tr("The text can be selected now."))
            elif isinstance(result, PageText):
                self._copy(result.text)

    def refuse(self, request: Request, error: IngestError) -> bool:
        """A request failed. Whether that is told, or not worth telling."""
        if request is self._reading:
            self._reading = None
            self._notice.clear()
        return isinstance(error, ReaderStopped) or isinstance(request, ReadText)

    def _start(self, request: RecogniseText | RecogniseRegion) -> None:
        self._reading = request
        self._notice.show_reading()
        self._want(request)

    def _copy(self, text: str) -> None:
        if text.strip():
            QGuiApplication.clipboard().setText(text)
            self._notice.show_message(self.tr("The text was copied."))
        else:
            self._notice.show_message(self.tr("No text was found."))

    def _keep(self, picture_id: str, layer: TextLayer) -> None:
        self._layers[picture_id] = layer
        self._layers.move_to_end(picture_id)
        while len(self._layers) > LAYERS_MAX:
            self._layers.popitem(last=False)
