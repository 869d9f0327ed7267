"""Reads and draws for the viewer outside the window's thread: pages, text, sharp parts, files."""

from __future__ import annotations

import logging
import math
import os
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from app.chat.pictures import Crop, KeptPicture, is_vector
from app.ui.picture_levels import PIXELS_MAX, to_image
from app.ui.text_layer import TextLayer
from app.ui.viewer import Viewer
from app.ui.viewer_requests import (
    CutOut,
    DrawDetail,
    FindPages,
    OpenPicture,
    ReadText,
    RecogniseRegion,
    RecogniseText,
    Request,
    SavePicture,
)
from app.workers.tasks import TaskRunner
from ingest import limits
from ingest.attachment import Page, Picture
from ingest.errors import FileUnreadable, IngestError, ReaderFailed
from ingest.parts import PAGES_AT_ONCE
from ingest.recogniser import Recogniser
from ingest.types import Area, PageText, Pixels

log = logging.getLogger(__name__)

SAVED_SCALE = 2.0
"""How much larger than it is shown a page that is drawn from a description is saved: 288 dpi."""
SAVED_PIXELS_MAX = limits.RENDER_PIXELS_MAX
DETAIL_WHOLE_MIN = 0.999
PNG_LEVEL = 6
JPEG_QUALITY = 92


class Viewing(QObject):
    """Takes the viewer's requests and brings it the answers."""

    def __init__(self, viewer: Viewer, recogniser: Recogniser, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._lanes = (
            _Lane("viewer pages", {FindPages: find_pages, OpenPicture: open_picture, ReadText: read_text}, viewer, self),
            _Lane("viewer pixels", {DrawDetail: draw_detail, CutOut: cut_out, SavePicture: save_picture}, viewer, self),
            _Lane("viewer recognition", {}, viewer, self),
        )
        self.set_recogniser(recogniser)
        viewer.wanted.connect(self._on_viewer_wanted)

    def set_recogniser(self, recogniser: Recogniser) -> None:
        """Read what is seen with this from now on: another conversation is shown, which may leave nothing on disk."""
        self._lanes[-1].drop_waiting()
        self._lanes[-1].jobs = {
            RecogniseText: partial(recognise_text, recogniser),
            RecogniseRegion: partial(recognise_region, recogniser),
        }

    def close(self) -> None:
        """End the threads after what each is doing. What is wanted from now on is not done."""
        self._viewer.wanted.disconnect(self._on_viewer_wanted)
        for lane in self._lanes:
            lane.close()

    def _on_viewer_wanted(self, request: Request) -> None:
        for lane in self._lanes:
            if type(request) in lane.jobs:
                lane.add(request)


class _Lane(QObject):
    """One thread with its queue. Of what only matters for the page in view, only the latest waits."""

    REPLACED = (ReadText, DrawDetail, RecogniseText)

    def __init__(self, name: str, jobs: dict[type, Any], viewer: Viewer, parent: QObject) -> None:
        super().__init__(parent)
        self.jobs = jobs
        self._viewer = viewer
        self._tasks = TaskRunner(name, self)
        self._waiting: list[Request] = []
        self._running: tuple[int, Request] | None = None
        self._tasks.succeeded.connect(self._on_tasks_succeeded)
        self._tasks.failed.connect(self._on_tasks_failed)

    def add(self, request: Request) -> None:
        """Do this after what waits."""
        if request in self._waiting or (self._running is not None and self._running[1] == request):
            return
        if isinstance(request, self.REPLACED):
            self._waiting = [other for other in self._waiting if type(other) is not type(request)]
        self._waiting.append(request)
        self._start_next()

    def drop_waiting(self) -> None:
        """Do not do what is not begun."""
        self._waiting = []

    def close(self) -> None:
        """Drop what waits and end the thread."""
        self.drop_waiting()
        if self._running is not None and isinstance(self._running[1], RecogniseText | RecogniseRegion):
            self._running[1].stop.set()
        self._tasks.close()

    def _start_next(self) -> None:
        if self._running is None and self._waiting:
            request = self._waiting.pop(0)
            self._running = (self._tasks.run(self.jobs[type(request)], request), request)

    def _on_tasks_succeeded(self, job_id: int, result: object) -> None:
        if self._running is not None and self._running[0] == job_id:
            request, self._running = self._running[1], None
            self._viewer.take(request, result)
            self._start_next()

    def _on_tasks_failed(self, job_id: int, error: object) -> None:
        if self._running is not None and self._running[0] == job_id:
            request, self._running = self._running[1], None
            if not isinstance(error, IngestError):
                log.error("the viewer was not served: %r", error)
                error = ReaderFailed("This could not be done. The log says more.")
            self._viewer.refuse(request, error)
            self._start_next()


def find_pages(request: FindPages) -> list[Page]:
    """The page and those that are found out about along with it. Raises any class of `ingest.errors`."""
    if request.subject.open is None:
        return []
    pages = request.subject.open().pages()
    first = request.index - request.index % PAGES_AT_ONCE
    return list(pages[first : first + PAGES_AT_ONCE])


def open_picture(request: OpenPicture) -> Picture:
    """Raises any class of `ingest.errors`."""
    return request.picture.open()


def read_text(request: ReadText) -> TextLayer:
    """What the page holds; nothing for a frame. Raises any class of `ingest.errors`."""
    picture = _opened(request.picture)
    text = picture.text() if isinstance(picture, Page) else PageText("", scanned=True)
    return TextLayer(text, picture.width / picture.height)


def recognise_text(recogniser: Recogniser, request: RecogniseText) -> TextLayer:
    """Raises any class of `ingest.errors`, ReaderStopped when its `stop` is set."""
    picture = _opened(request.picture)
    links = picture.text().links if isinstance(picture, Page) else ()
    found = recogniser.recognise(picture, request.stop)
    return TextLayer(PageText(found.text, found.words, links), picture.width / picture.height, is_recognised=True)


def recognise_region(recogniser: Recogniser, request: RecogniseRegion) -> PageText:
    """Raises any class of `ingest.errors`, ReaderStopped when its `stop` is set."""
    return recogniser.recognise(Crop(_opened(request.picture), request.area), request.stop)


def draw_detail(request: DrawDetail) -> QImage | None:
    """The part from its own pixels, up to `limits.RENDER_PIXELS_MAX` for the whole. Raises any class of `ingest.errors`."""
    picture, area = _opened(request.picture), request.area
    largest = math.sqrt(limits.RENDER_PIXELS_MAX / (picture.width * picture.height))
    scale = min(request.scale, largest if is_vector(picture) else min(1.0, largest))
    if scale <= min(1.0, math.sqrt(PIXELS_MAX / (picture.width * picture.height))):
        return None
    width, height = (area.x1 - area.x0) * picture.width * scale, (area.y1 - area.y0) * picture.height * scale
    return to_image(_render(picture, area, max(1, round(width)), max(1, round(height))))


def cut_out(request: CutOut) -> QImage:
    """Raises any class of `ingest.errors`."""
    picture = _opened(request.picture)
    part: Picture = Crop(picture, request.area) if request.area is not None else picture
    return to_image(part.render(*_saved_size(part, is_vector(picture))))


def save_picture(request: SavePicture) -> Path:
    """PNG, or JPEG where the name says so; whole or not at all. Raises any class of `ingest.errors`."""
    import tempfile  # as the others here, not needed for the first window

    from PIL import Image

    from app.chat.annotate import draw_references

    picture = _opened(request.picture)
    pixels = picture.render(*_saved_size(picture, is_vector(picture)))
    image = Image.frombuffer("RGB", (pixels.width, pixels.height), pixels.rgb)
    if request.references:
        image = draw_references(image, request.references)
    path, is_jpeg = request.path, request.path.suffix.lower() in (".jpg", ".jpeg")
    options: dict[str, Any] = {"quality": JPEG_QUALITY} if is_jpeg else {"compress_level": PNG_LEVEL}
    unfinished = ""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=path.suffix, delete=False) as file:
            unfinished = file.name
            image.save(file, "JPEG" if is_jpeg else "PNG", **options)
        os.replace(unfinished, path)
    except OSError as error:
        if unfinished:
            Path(unfinished).unlink(missing_ok=True)
        raise FileUnreadable(f"{path.name} cannot be written: {error.strerror or error}.") from error
    return path


def _opened(picture: Picture) -> Picture:
    return picture.open() if isinstance(picture, KeptPicture) else picture


def _render(picture: Picture, area: Area, width: int, height: int) -> Pixels:
    is_whole = min(area.x1 - area.x0, area.y1 - area.y0) >= DETAIL_WHOLE_MIN
    return picture.render(width, height) if is_whole else Crop(picture, area).render(width, height)


def _saved_size(picture: Picture, may_grow: bool) -> tuple[int, int]:
    scale = SAVED_SCALE if may_grow else 1.0
    scale = min(scale, math.sqrt(SAVED_PIXELS_MAX / (picture.width * picture.height)))
    return max(1, int(picture.width * scale)), max(1, int(picture.height * scale))
