"""A viewer of its own with everything behind it, for tests: real files, real reading children, no window around it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pymupdf
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.chat.pictures import KeptPicture, Place, SourceInfo
from app.reading import Reading
from app.ui.picture_levels import PictureCache
from app.ui.viewer import Viewer
from app.viewing import Viewing
from app.workers.tasks import TaskRunner
from ingest.attachment import Attachment, Picture

OPEN_MS = 60_000
PAGE_PT = (400, 500)
TITLE_PT = (40, 60)
LINES = ("Revenue fell in the third", "quarter by eight per cent.")
LINES_PT = ((40, 120), (40, 134))
SQUARE_PT = (200, 300, 300, 400)
"""Blue, and without any text on it."""


@dataclass
class Bench:
    """A viewer that is shown, and what serves it."""

    qtbot: QtBot
    viewer: Viewer
    cache: PictureCache
    reading: Reading

    def show(self, picture: Picture) -> None:
        """Bring a picture into view and wait until it is drawn and read."""
        self.viewer.show_picture(picture.id)
        self.settle()

    def settle(self) -> None:
        """Wait until what is in view is drawn and read."""
        viewer, canvas = self.viewer, self.viewer.canvas

        def is_there() -> bool:
            shown = viewer.shown_picture
            return shown is not None and canvas.layer is not None and self.cache.request(shown) is not None

        self.qtbot.waitUntil(is_there, timeout=OPEN_MS)

    def point(self, x: float, y: float) -> QPoint:
        """Where a fraction of the picture is in the canvas."""
        geometry = self.viewer.canvas.view_geometry
        assert geometry is not None
        return QPointF(*geometry.rect(x, y, x, y)[:2]).toPoint()

    def page_point(self, x_pt: float, y_pt: float) -> QPoint:
        """The same for a point of a page that `make_report` made."""
        return self.point(x_pt / PAGE_PT[0], y_pt / PAGE_PT[1])

    def drag(self, start: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """With the left button."""
        canvas, left = self.viewer.canvas, Qt.MouseButton.LeftButton
        QTest.mousePress(canvas, left, modifiers, start)
        for step in (QPoint((start + end) / 2), end):
            QTest.mouseMove(canvas, step)
        QTest.mouseRelease(canvas, left, modifiers, end)


@contextmanager
def bench(qtbot: QtBot, reading: Reading, size: tuple[int, int] = (500, 900)) -> Iterator[Bench]:
    """A viewer with its services, ended in order."""
    tasks = TaskRunner("pictures")
    cache = PictureCache(tasks)
    viewer = Viewer(cache)
    viewing = Viewing(viewer, reading.recogniser)
    viewer.resize(*size)
    viewer.show()
    qtbot.waitExposed(viewer)
    try:
        yield Bench(qtbot, viewer, cache, reading)
    finally:
        viewing.close()
        tasks.close()
        viewer.close()
        viewer.deleteLater()


def make_report(path: Path, page_count: int = 3) -> Path:
    """Pages with a title, two lines of text, a blue square; a link in the title to the next page, and one out at the lines."""
    document = pymupdf.open()
    for index in range(page_count):
        page = document.new_page(width=PAGE_PT[0], height=PAGE_PT[1])
        page.insert_text(TITLE_PT, f"Chapter {index + 1}", fontsize=18)
        for words, place in zip(LINES, LINES_PT, strict=True):
            page.insert_text(place, words, fontsize=12)
        page.draw_rect(pymupdf.Rect(SQUARE_PT), color=None, fill=(0, 0, 1))
    for index in range(page_count):
        title = pymupdf.Rect(40, 40, 140, 66)
        document[index].insert_link({"kind": pymupdf.LINK_GOTO, "from": title, "page": (index + 1) % page_count})
        out = pymupdf.Rect(200, 440, 300, 460)
        document[index].insert_link({"kind": pymupdf.LINK_URI, "from": out, "uri": "https://example.org/figures"})
    document.save(path)
    return path


def keep(picture: Picture, attachment: Attachment, locator: str) -> KeptPicture:
    """A picture as it comes back from the history."""
    place = Place(SourceInfo.of(attachment), locator)
    return KeptPicture(place, picture.id, picture.name, picture.width, picture.height, lambda source: attachment)
