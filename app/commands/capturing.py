"""A picture of the screen, or of what the user chooses of it, without Sightline's window."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QCursor, QImage

from app.capture.errors import CaptureCancelled
from app.capture.grabbing import Grabber
from app.capture.models import Capture, ScreenPicture
from app.capture.overlay import Overlay
from app.capture.shot import Shot
from app.capture_wish import CaptureWish


class Capturing(QObject):
    """Attributes:
        image: what was taken; None until then, and for good when the user or the system did not want it.
        failure: code and message of what went wrong; None for nothing, also when the user left.

    Signals:
        ended(): there is an image, or there will be none.
    """

    ended = Signal()

    def __init__(self, wish: CaptureWish, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.image: QImage | None = None
        self.failure: tuple[str, str] | None = None
        self._wish = wish
        self._overlay: Overlay | None = None
        self._grabber = Grabber(self)
        self._grabber.captured.connect(self._on_grabber_captured)
        self._grabber.failed.connect(self._on_grabber_failed)

    def begin(self) -> None:
        """Take it, after the delay."""
        self._grabber.grab(self._wish.delay_s or 0.0, self._wish.handler)

    def close(self) -> None:
        """Nothing is shown and nothing runs any more."""
        self._grabber.close()
        if self._overlay is not None:
            self._overlay.close()

    def _on_grabber_captured(self, capture: Capture) -> None:
        if self._wish.kind == "screen":
            self.image = _pointed_at(capture).image
            self.ended.emit()
            return
        self._overlay = Overlay(self)
        self._overlay.chosen.connect(self._on_overlay_chosen)
        self._overlay.cancelled.connect(self.ended)
        self._overlay.show_capture(capture, None)

    def _on_grabber_failed(self, code: str, message: str) -> None:
        if code != CaptureCancelled.code:
            self.failure = code, message
        self.ended.emit()

    def _on_overlay_chosen(self, shot: Shot) -> None:
        self.image = shot.image()
        self.ended.emit()


def _pointed_at(capture: Capture) -> ScreenPicture:
    """The screen with the pointer; the first one where the desktop does not say where that is."""
    at = QCursor.pos()
    for picture in capture.pictures:
        place = picture.screen.place
        if place.x <= at.x() < place.x + place.width and place.y <= at.y() < place.y + place.height:
            return picture
    return capture.pictures[0]
