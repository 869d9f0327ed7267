"""Run as a program: a selected word, a sharp part and a region, and the colours at their edges, for `test_viewer_pixels.py`.

A process of its own, because the scale of the screen is decided when Qt starts.
"""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from app.ui.picture_levels import PictureLevels
from app.ui.text_layer import TextLayer
from app.ui.theme import themes
from app.ui.viewer_canvas import ViewerCanvas
from ingest.types import Area, PageText, Word
from tests.helpers.viewer_pixels import HEIGHT, PICTURE_COLOR, WIDTH

WORD = (0.2, 0.3, 0.4, 0.5)
DETAIL = (0.6, 0.1, 0.9, 0.4)
DETAIL_COLOR = (10, 120, 60)
REGION = (0.25, 0.25, 0.75, 0.75)
"""What the key R frames when all of the picture is in view."""


def main() -> None:
    app = QApplication(sys.argv[:1])
    themes().choose("light")
    canvas = ViewerCanvas()
    canvas.resize(500, 300)
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(QColor(*PICTURE_COLOR))
    canvas.show_picture(PictureLevels(image), WIDTH, HEIGHT)
    canvas.selection.set_layer(TextLayer(PageText("word", (Word("word", *WORD),)), WIDTH / HEIGHT))
    canvas.selection.select_all()
    detail = QImage(30, 15, QImage.Format.Format_RGB32)
    detail.fill(QColor(*DETAIL_COLOR))
    canvas.set_detail(Area(*DETAIL), detail)
    if sys.argv[1:] == ["region"]:
        canvas.frame_region()
    canvas.show()
    app.processEvents()
    geometry = canvas.view_geometry
    assert geometry is not None
    shot = canvas.grab().toImage()
    scale = shot.devicePixelRatio()

    def color_at(x: float, y: float) -> str:
        return QColor(shot.pixel(QPoint(round(x * scale), round(y * scale)))).name()

    result: dict[str, object] = {"scale": scale}
    for name, box in (("word", WORD), ("detail", DETAIL), ("region", REGION)):
        left, top, width, height = geometry.rect(*box)
        right, bottom, x, y = left + width, top + height, left + width / 4, top + height / 4
        result[name] = {
            "inside": [color_at(left + 3, y), color_at(right - 4, y), color_at(x, top + 3), color_at(x, bottom - 4)],
            "outside": [color_at(left - 4, y), color_at(right + 3, y), color_at(x, top - 4), color_at(x, bottom + 3)],
            "edge": [color_at(left, y), color_at(x, top)],
        }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
