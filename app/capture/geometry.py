"""From one kind of coordinates to another; `models` says which there are. Pure, but for `screens`.

The ratio between image pixels and logical ones is always that of the picture's size to the screen's: on Wayland Qt rounds a
fractional scale up, so that `Screen.scale` is not what the picture was made with.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage

from app.capture.errors import CaptureFailed
from app.capture.models import Rect, Screen, ScreenPicture
from ingest.types import Area

RATIO_TOLERANCE = 0.01
"""How much the ratios of width and height may differ before a picture is said to be of something else."""


def screens() -> tuple[Screen, ...]:
    """The screens as they are now. In the window's thread."""
    found = []
    for screen in QGuiApplication.screens():
        place = screen.geometry()
        found.append(Screen(screen.name(), Rect(place.x(), place.y(), place.width(), place.height()), screen.devicePixelRatio()))
    return tuple(found)


def bounds(screens: Sequence[Screen]) -> Rect:
    """The smallest rectangle around all screens, in logical pixels of the desktop."""
    places = [screen.place for screen in screens]
    left, top = min(place.x for place in places), min(place.y for place in places)
    right = max(place.x + place.width for place in places)
    bottom = max(place.y + place.height for place in places)
    return Rect(left, top, right - left, bottom - top)


def intersection(one: Rect, other: Rect) -> Rect | None:
    """What both have in common; None when that is not a single pixel."""
    left, top = max(one.x, other.x), max(one.y, other.y)
    right = min(one.x + one.width, other.x + other.width)
    bottom = min(one.y + one.height, other.y + other.height)
    return Rect(left, top, right - left, bottom - top) if left < right and top < bottom else None


def to_image(picture: ScreenPicture, point: QPointF) -> QPointF:
    """A point of the desktop in pixels of a screen's picture; it may lie outside."""
    place = picture.screen.place
    ratio_x, ratio_y = ratios(picture)
    return QPointF((point.x() - place.x) * ratio_x, (point.y() - place.y) * ratio_y)


def to_desktop(picture: ScreenPicture, point: QPointF) -> QPointF:
    """A point of a screen's picture in logical pixels of the desktop."""
    place = picture.screen.place
    ratio_x, ratio_y = ratios(picture)
    return QPointF(place.x + point.x() / ratio_x, place.y + point.y() / ratio_y)


def ratios(picture: ScreenPicture) -> tuple[float, float]:
    """Image pixels for each logical one, across and down."""
    place = picture.screen.place
    return picture.image.width() / place.width, picture.image.height() / place.height


def area_in_image(picture: ScreenPicture, place: Rect) -> Rect | None:
    """A rectangle of the desktop in whole pixels of a screen's picture, cut at its edges; None when it is elsewhere.

    Each edge goes to the nearest pixel, so that neighbours neither overlap nor leave a gap.
    """
    top_left = to_image(picture, QPointF(place.x, place.y))
    bottom_right = to_image(picture, QPointF(place.x + place.width, place.y + place.height))
    return intersection(_rounded(top_left, bottom_right), Rect(0, 0, picture.image.width(), picture.image.height()))


def place_on_desktop(picture: ScreenPicture, area: Rect) -> QRectF:
    """A rectangle of a screen's picture in logical pixels of the desktop."""
    top_left = to_desktop(picture, QPointF(area.x, area.y))
    return QRectF(top_left, to_desktop(picture, QPointF(area.x + area.width, area.y + area.height)))


def part_in_image(area: Rect, part: Area) -> QRectF:
    """A part of what was sent of a screen's picture (`area` of it), in pixels of that picture."""
    left, top = area.x + part.x0 * area.width, area.y + part.y0 * area.height
    return QRectF(left, top, (part.x1 - part.x0) * area.width, (part.y1 - part.y0) * area.height)


def native_place(screen: Screen) -> Rect:
    """Where a screen is for X11 and Windows: Qt keeps their top left and divides the size by the scale."""
    place = screen.place
    return Rect(place.x, place.y, round(place.width * screen.scale), round(place.height * screen.scale))


def from_native(screens: Sequence[Screen], rect: Rect) -> Rect | None:
    """A rectangle in pixels of X11 or Windows in logical ones, by the screen that shows most of it; None when none does."""

    def shown(screen: Screen) -> int:
        common = intersection(native_place(screen), rect)
        return common.width * common.height if common else 0

    screen = max(screens, key=shown, default=None)
    if screen is None or not shown(screen):
        return None
    left, top = (rect.x - screen.place.x) / screen.scale, (rect.y - screen.place.y) / screen.scale
    moved = QPointF(screen.place.x + left, screen.place.y + top)
    return _rounded(moved, moved + QPointF(rect.width / screen.scale, rect.height / screen.scale))


def cut(image: QImage, screens: Sequence[Screen]) -> list[ScreenPicture]:
    """One picture of the whole desktop as a picture of each screen.

    Desktops draw every screen at the greatest scale for it; the others are brought back to their own size.

    Raises:
        CaptureFailed: its shape is not that of the desktop.
    """
    whole = bounds(screens)
    ratio_x, ratio_y = image.width() / whole.width, image.height() / whole.height
    if not ratio_x or abs(ratio_x - ratio_y) > RATIO_TOLERANCE * max(ratio_x, ratio_y):
        words = QCoreApplication.translate(
            "Capture",
            "The desktop gave a picture of {0} x {1} pixels, which does not fit its screens. If a screen was just connected or "
            "turned, try again; else choose another way of capturing in the settings.",
        )
        raise CaptureFailed(words.format(image.width(), image.height()))
    pictures = []
    for screen in screens:
        left, top = screen.place.x - whole.x, screen.place.y - whole.y
        area = _rounded(
            QPointF(left * ratio_x, top * ratio_y),
            QPointF((left + screen.place.width) * ratio_x, (top + screen.place.height) * ratio_y),
        )
        pictures.append(ScreenPicture(screen, _own_size(image.copy(area.x, area.y, area.width, area.height), screen)))
    return pictures


def _own_size(image: QImage, screen: Screen) -> QImage:
    """Never enlarged: the scale that is known may be rounded up."""
    own = native_place(screen)
    if image.width() > own.width + 1 and image.height() > own.height + 1:
        image = image.scaled(own.width, own.height, mode=Qt.TransformationMode.SmoothTransformation)
    return image.convertToFormat(QImage.Format.Format_RGB32)


def _rounded(top_left: QPointF, bottom_right: QPointF) -> Rect:
    left, top = round(top_left.x()), round(top_left.y())
    return Rect(left, top, round(bottom_right.x()) - left, round(bottom_right.y()) - top)
