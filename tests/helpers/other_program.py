"""Another program on the same desktop: three fields that can be dragged out of it, or clicked to be copied.

Run as ``python -m tests.helpers.other_program FILE...``. The fields stand below each other at the left edge of the screen: the
files, a picture that is in no file, and words. What is copied is not what is dragged: the last file instead of the others, `COPIED`
instead of `DRAGGED`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QDrag, QGuiApplication, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

FIELDS = ("files", "picture", "words")
SIDE_PX = 40
PLACE_PX = (4, 200)
PICTURE_PX = (160, 120)


def middle_of(field: str) -> tuple[int, int]:
    """Of a field, on the screen."""
    return PLACE_PX[0] + SIDE_PX // 2, PLACE_PX[1] + SIDE_PX * FIELDS.index(field) + SIDE_PX // 2


DRAGGED = ((20, 160, 90), "words that were dragged")
COPIED = ((160, 20, 90), "words that were copied")
"""Colour of the picture, and the words."""


class Field(QWidget):
    """One that gives away a thing: `data(is_copied)` makes it."""

    def __init__(self, data: Callable[[bool], QMimeData], parent: QWidget) -> None:
        super().__init__(parent)
        self._data = data
        self._pressed_at: QPoint | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None or (event.position().toPoint() - self._pressed_at).manhattanLength() < 8:
            return
        self._pressed_at = None
        drag = QDrag(self)
        drag.setMimeData(self._data(False))
        drag.exec(Qt.DropAction.CopyAction)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is not None:
            QGuiApplication.clipboard().setMimeData(self._data(True))


def main(*paths: str) -> None:
    application = QApplication(["other-program"])

    def files(is_copied: bool) -> QMimeData:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(path) for path in (paths[-1:] if is_copied else paths[:-1])])
        data.setText("\n".join(paths))  # as file managers do
        return data

    def picture(is_copied: bool) -> QMimeData:
        image = QImage(*PICTURE_PX, QImage.Format.Format_RGB32)
        image.fill(QColor(*(COPIED if is_copied else DRAGGED)[0]))
        data = QMimeData()
        data.setImageData(image)
        return data

    def words(is_copied: bool) -> QMimeData:
        data = QMimeData()
        data.setText((COPIED if is_copied else DRAGGED)[1])
        return data

    window = QWidget()
    window.setWindowFlag(Qt.WindowType.BypassWindowManagerHint)  # it stays above, and takes no keyboard
    window.setGeometry(*PLACE_PX, SIDE_PX, SIDE_PX * len(FIELDS))
    for row, data in enumerate((files, picture, words)):
        Field(data, window).setGeometry(0, SIDE_PX * row, SIDE_PX, SIDE_PX)
    window.show()
    application.exec()


if __name__ == "__main__":
    main(*(str(Path(path).absolute()) for path in sys.argv[1:]))
