"""Run as a program: draws boxes over a picture and prints the colours at their edges, for `test_viewer_pixels.py`.

A process of its own, because the scale of the screen is decided when Qt starts.
"""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from app.chat.answer import Reference
from app.ui.picture_canvas import PictureCanvas
from app.ui.picture_levels import PictureLevels
from app.ui.theme import themes
from inference.types import Box

WIDTH, HEIGHT = 400, 200
BOXES = ((0.1, 0.2, 0.4, 0.9), (0.5, 0.25, 0.95, 0.75))
PICTURE_COLOR = (250, 240, 200)


def make_image() -> QImage:
    """Of one light colour, with a small black mark inside at (300, 50)."""
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(QColor(*PICTURE_COLOR))
    for x, y in ((x, y) for x in range(300, 304) for y in range(50, 54)):
        image.setPixelColor(x, y, QColor("black"))
    return image


def main() -> None:
    app = QApplication(sys.argv[:1])
    themes().choose("light")
    canvas = PictureCanvas()
    canvas.resize(500, 300)
    canvas.show_picture(PictureLevels(make_image()), WIDTH, HEIGHT)
    references = [Reference(number, Box(None, *box), "picture") for number, box in enumerate(BOXES, 1)]
    canvas.show_references(references)
    if len(sys.argv) > 1:
        canvas.set_current(int(sys.argv[1]))
    canvas.show()
    app.processEvents()
    geometry = canvas.view_geometry
    assert geometry is not None
    image = canvas.grab().toImage()
    scale = image.devicePixelRatio()

    def color_at(x: float, y: float) -> str:
        return QColor(image.pixel(QPoint(round(x * scale), round(y * scale)))).name()

    result = {"scale": scale, "geometry": [geometry.scale, geometry.left, geometry.top], "boxes": [], "background": color_at(2, 2)}
    for box in BOXES:
        left, top, width, height = geometry.rect(*box)
        right, bottom, middle_x, middle_y = left + width, top + height, left + width / 2, top + height / 2
        result["boxes"].append(
            {
                "left": color_at(left, middle_y), "right": color_at(right, middle_y),
                "top": color_at(middle_x, top), "bottom": color_at(middle_x, bottom),
                "inside": color_at(middle_x, middle_y), "outside": color_at(left - 6, middle_y),
                "just_inside": color_at(left + 5, middle_y), "beyond": color_at(right + 6, middle_y),
                "tag": color_at(left - 2, top - 8), "corner": color_at(right, bottom),
            }
        )  # fmt: skip
    mark_x, mark_y, _, _ = geometry.rect(302 / WIDTH, 52 / HEIGHT, 1, 1)
    result["mark"] = color_at(mark_x, mark_y)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
