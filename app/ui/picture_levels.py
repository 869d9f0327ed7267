"""Pictures decoded for the window: by a worker, and kept at halving sizes, so that any zoom is drawn quickly and smoothly."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from app.workers.tasks import TaskRunner
from ingest.attachment import Picture
from ingest.errors import IngestError

PIXELS_MAX = 3840 * 2160
"""Larger pictures are shown from a copy of this size; the engine and later crops use the original."""
THUMBNAIL_PX = 128
LEVEL_PX_MIN = 256
KEPT_BYTES_MAX = 64 << 20


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
    pixels = picture.render(max(1, int(picture.width * scale)), max(1, int(picture.height * scale)))
    borrowed = QImage(pixels.rgb, pixels.width, pixels.height, pixels.width * 3, QImage.Format.Format_RGB888)
    return borrowed.convertToFormat(QImage.Format.Format_RGB32)  # Qt's fastest format


class PictureCache(QObject):
    """Decoded pictures by id; the ones used longest ago go first, their thumbnails stay.

    Signals:
        loaded(picture id): after `request`, when the picture was not there yet.
        failed(picture id): after `request`, when the picture cannot be read.
        thumbnail_loaded(): after `request_thumbnail`.
    """

    loaded = Signal(str)
    failed = Signal(str)
    thumbnail_loaded = Signal()

    def __init__(self, tasks: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._levels: OrderedDict[str, PictureLevels] = OrderedDict()
        self._thumbnails: dict[str, QImage] = {}
        self._jobs: dict[int, str] = {}
        self._thumbnail_jobs: dict[int, str] = {}
        tasks.succeeded.connect(self._on_tasks_succeeded)
        tasks.failed.connect(self._on_tasks_failed)

    def put(self, picture_id: str, levels: PictureLevels) -> None:
        """Keep what was decoded elsewhere."""
        self._levels[picture_id] = levels
        self._levels.move_to_end(picture_id)
        self._thumbnails[picture_id] = levels.thumbnail
        while len(self._levels) > 1 and sum(kept.size_bytes for kept in self._levels.values()) > KEPT_BYTES_MAX:
            self._levels.popitem(last=False)

    def thumbnail(self, picture_id: str) -> QImage | None:
        """Small, and never dropped."""
        return self._thumbnails.get(picture_id)

    def request_thumbnail(self, picture: Picture) -> QImage | None:
        """Small, or None and `thumbnail_loaded` later."""
        found = self._thumbnails.get(picture.id)
        if found is None and picture.id not in self._thumbnail_jobs.values():
            self._thumbnail_jobs[self._tasks.run(decode_thumbnail, picture)] = picture.id
        return found

    def request(self, picture: Picture) -> PictureLevels | None:
        """The decoded picture, or None and `loaded` later."""
        levels = self._levels.get(picture.id)
        if levels is not None:
            self._levels.move_to_end(picture.id)
        elif picture.id not in self._jobs.values():
            self._jobs[self._tasks.run(decode_levels, picture)] = picture.id
        return levels

    def _on_tasks_succeeded(self, job_id: int, result: object) -> None:
        if isinstance(result, QImage) and job_id in self._thumbnail_jobs:
            self._thumbnails.setdefault(self._thumbnail_jobs.pop(job_id), result)
            self.thumbnail_loaded.emit()
            return
        picture_id = self._jobs.pop(job_id, None)
        if picture_id is not None and isinstance(result, PictureLevels):
            self.put(picture_id, result)
            self.loaded.emit(picture_id)

    def _on_tasks_failed(self, job_id: int, error: object) -> None:
        picture_id = self._jobs.pop(job_id, None)
        if picture_id is not None:
            self.failed.emit(picture_id)
        picture_id = picture_id or self._thumbnail_jobs.get(job_id)  # a thumbnail is not asked for again
        if picture_id is not None and not isinstance(error, IngestError | MemoryError):
            raise RuntimeError("a picture could not be shown") from (error if isinstance(error, Exception) else None)


def _scaled(image: QImage, width: int, height: int) -> QImage:
    if (width, height) == (image.width(), image.height()):
        return image
    return image.scaled(width, height, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
