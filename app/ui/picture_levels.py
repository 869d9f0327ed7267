"""Pictures decoded for the window: by a worker, and kept at halving sizes, so that any zoom is drawn quickly and smoothly."""

from __future__ import annotations

import logging
from collections import OrderedDict

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from app.workers.tasks import TaskRunner
from ingest.attachment import Picture
from ingest.errors import IngestError, ReaderFailed
from ingest.types import Pixels

log = logging.getLogger(__name__)

PIXELS_MAX = 3840 * 2160
"""Larger pictures are shown from a copy of this size; the engine and later crops use the original."""
THUMBNAIL_PX = 128
LEVEL_PX_MIN = 256
KEPT_BYTES_MAX = 64 << 20
THUMBNAIL_BYTES_MAX = 16 << 20
"""Some four hundred pages."""
THUMBNAILS_WAITING_MAX = 64
"""More are never in view; what is scrolled back into view is asked for again."""


class PictureLevels:
    """One picture at full size, half, a quarter, and so on.

    Attributes:
        images: largest first; never empty.
        thumbnail: at most `THUMBNAIL_PX` on its longer side.
    """

    def __init__(self, largest: QImage) -> None:
        self.images = [largest]
        while max(self.images[-1].width(), self.images[-1].height()) > 2 * LEVEL_PX_MIN:
            last = self.images[-1]
            self.images.append(_scaled(last, max(1, last.width() // 2), max(1, last.height() // 2)))
        last = self.images[-1]
        factor = min(1.0, THUMBNAIL_PX / max(last.width(), last.height()))
        self.thumbnail = _scaled(last, max(1, round(last.width() * factor)), max(1, round(last.height() * factor)))

    @property
    def size_bytes(self) -> int:
        """Memory that the images take."""
        return sum(image.sizeInBytes() for image in self.images)

    def for_width(self, width_px: float) -> QImage:
        """The smallest image that is at least so many device pixels wide; the largest when none is."""
        return next((image for image in reversed(self.images) if image.width() >= width_px), self.images[0])


def decode_levels(picture: Picture) -> PictureLevels:
    """Draw for the window; runs in a worker's thread. Raises any class of `ingest.errors`."""
    return PictureLevels(_draw(picture, PIXELS_MAX))


def decode_thumbnail(picture: Picture) -> QImage:
    """Only the thumbnail, which costs little where drawing is by size."""
    scale = THUMBNAIL_PX / max(picture.width, picture.height)
    return _draw(picture, max(1, int(picture.width * scale) * int(picture.height * scale)))


def _draw(picture: Picture, pixels_max: int) -> QImage:
    scale = min(1.0, (pixels_max / (picture.width * picture.height)) ** 0.5)
    return to_image(picture.render(max(1, int(picture.width * scale)), max(1, int(picture.height * scale))))


def to_image(pixels: Pixels) -> QImage:
    """A copy in Qt's fastest format, for any thread."""
    borrowed = QImage(pixels.rgb, pixels.width, pixels.height, pixels.width * 3, QImage.Format.Format_RGB888)
    return borrowed.convertToFormat(QImage.Format.Format_RGB32)


class PictureCache(QObject):
    """Decoded pictures by id; the ones used longest ago go first. Decodes one at a time, what is looked at before all else.

    Signals:
        loaded(picture id): after `request`, when the picture was not there yet.
        failed(picture id, code, sentence): it cannot be drawn.
        thumbnail_loaded(): after `request_thumbnail`.
    """

    loaded = Signal(str)
    failed = Signal(str, str, str)
    thumbnail_loaded = Signal()

    def __init__(self, tasks: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._levels: OrderedDict[str, PictureLevels] = OrderedDict()
        self._thumbnails: OrderedDict[str, QImage] = OrderedDict()
        self._thumbnail_bytes = 0
        self._urgent: Picture | None = None
        self._wanted: dict[str, Picture] = {}
        self._wanted_thumbnails: dict[str, Picture] = {}
        self._without_thumbnail: set[str] = set()
        self._job = 0
        self._drawn_id = ""
        self._is_drawing_thumbnail = False
        tasks.succeeded.connect(self._on_tasks_succeeded)
        tasks.failed.connect(self._on_tasks_failed)

    @property
    def size_bytes(self) -> int:
        """Memory that the decoded pictures take, thumbnails aside."""
        return sum(kept.size_bytes for kept in self._levels.values())

    def put(self, picture_id: str, levels: PictureLevels) -> None:
        """Keep what was decoded elsewhere."""
        self._levels[picture_id] = levels
        self._levels.move_to_end(picture_id)
        self._put_thumbnail(picture_id, levels.thumbnail)
        while len(self._levels) > 1 and self.size_bytes > KEPT_BYTES_MAX:
            self._levels.popitem(last=False)

    def thumbnail(self, picture_id: str) -> QImage | None:
        """Small, if it is there."""
        found = self._thumbnails.get(picture_id)
        if found is not None:
            self._thumbnails.move_to_end(picture_id)
        return found

    def request_thumbnail(self, picture: Picture) -> QImage | None:
        """Small, or None and `thumbnail_loaded` later. The latest ones wanted come first; ask again when painting again."""
        picture_id = picture.id
        found = self.thumbnail(picture_id)
        if found is None and picture_id not in (self._without_thumbnail | {self._drawn_id}):
            self._wanted_thumbnails.pop(picture_id, None)
            self._wanted_thumbnails[picture_id] = picture
            if len(self._wanted_thumbnails) > THUMBNAILS_WAITING_MAX:
                self._wanted_thumbnails.pop(next(iter(self._wanted_thumbnails)))
            self._draw_next()
        return found

    def try_again(self) -> None:
        """What could not be drawn small may be there now: a password was given."""
        self._without_thumbnail.clear()
        self.thumbnail_loaded.emit()

    def request(self, picture: Picture, *, is_urgent: bool = False) -> PictureLevels | None:
        """The decoded picture, or None and `loaded` later. Of the urgent ones only the last waits: what is looked at now."""
        picture_id = picture.id
        levels = self._levels.get(picture_id)
        if levels is not None:
            self._levels.move_to_end(picture_id)
            return levels
        if picture_id != self._drawn_id or self._is_drawing_thumbnail:
            if is_urgent:
                self._urgent = picture
            else:
                self._wanted[picture_id] = picture
            self._draw_next()
        return None

    def _draw_next(self) -> None:
        if self._job:
            return
        if self._urgent is not None:
            picture, self._urgent = self._urgent, None
            self._wanted.pop(picture.id, None)
        elif self._wanted:
            picture = self._wanted.pop(next(iter(self._wanted)))
        elif self._wanted_thumbnails:
            self._drawn_id, picture = self._wanted_thumbnails.popitem()
            self._is_drawing_thumbnail = True
            self._job = self._tasks.run(decode_thumbnail, picture)
            return
        else:
            return
        self._drawn_id, self._is_drawing_thumbnail = picture.id, False
        self._job = self._tasks.run(decode_levels, picture)

    def _put_thumbnail(self, picture_id: str, image: QImage) -> None:
        if picture_id in self._thumbnails:
            return
        self._thumbnails[picture_id] = image
        self._thumbnail_bytes += image.sizeInBytes()
        while self._thumbnail_bytes > THUMBNAIL_BYTES_MAX:
            self._thumbnail_bytes -= self._thumbnails.popitem(last=False)[1].sizeInBytes()

    def _on_tasks_succeeded(self, job_id: int, result: object) -> None:
        if job_id != self._job:
            return
        picture_id = self._end_job()
        if isinstance(result, PictureLevels):
            self.put(picture_id, result)
            self.loaded.emit(picture_id)
        elif isinstance(result, QImage):
            self._put_thumbnail(picture_id, result)
        self.thumbnail_loaded.emit()
        self._draw_next()

    def _on_tasks_failed(self, job_id: int, error: object) -> None:
        if job_id != self._job:
            return
        picture_id = self._end_job()
        self._without_thumbnail.add(picture_id)
        if isinstance(error, IngestError):
            self.failed.emit(picture_id, error.code, error.message)
        else:
            log.error("a picture could not be drawn: %r", error)
            self.failed.emit(picture_id, ReaderFailed.code, "")
        self._draw_next()

    def _end_job(self) -> str:
        picture_id, self._job, self._drawn_id = self._drawn_id, 0, ""
        return picture_id


def _scaled(image: QImage, width: int, height: int) -> QImage:
    if (width, height) == (image.width(), image.height()):
        return image
    return image.scaled(width, height, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
