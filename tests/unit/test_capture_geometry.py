"""Coordinates of screens, pictures and windows, on desktops of any arrangement: mixed scales, negative origins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage

from app.capture.errors import CaptureFailed
from app.capture.geometry import (
    area_in_image,
    bounds,
    cut,
    from_native,
    intersection,
    native_place,
    part_in_image,
    place_on_desktop,
    ratios,
    to_desktop,
    to_image,
)
from app.capture.models import Rect, Screen, ScreenPicture
from ingest.types import Area

SCALES = st.sampled_from([1.0, 1.25, 1.5, 1.75, 2.0, 3.0])
RED, BLUE = QColor(200, 10, 20), QColor(10, 20, 200)


@st.composite
def pictures(draw: st.DrawFn) -> ScreenPicture:
    """A screen anywhere, and a picture of its native size."""
    place = Rect(
        draw(st.integers(-5000, 5000)), draw(st.integers(-5000, 5000)), draw(st.integers(8, 300)), draw(st.integers(8, 300))
    )
    screen = Screen("screen", place, draw(SCALES))
    own = native_place(screen)
    return ScreenPicture(screen, QImage(own.width, own.height, QImage.Format.Format_RGB32))


@st.composite
def desktops(draw: st.DrawFn) -> tuple[Screen, Screen]:
    """Two screens side by side with scales of their own, the corner of the first anywhere. Native places do not overlap."""
    x, y = draw(st.integers(-4000, 4000)), draw(st.integers(-4000, 4000))
    left = Screen("left", Rect(x, y, draw(st.integers(100, 900)), draw(st.integers(100, 900))), draw(SCALES))
    start = x + native_place(left).width
    place = Rect(start, y + draw(st.integers(-200, 200)), draw(st.integers(100, 900)), draw(st.integers(100, 900)))
    return left, Screen("right", place, draw(SCALES))


@given(pictures(), st.floats(-6000, 6000), st.floats(-6000, 6000))
def test_a_point_comes_back_from_the_picture(picture: ScreenPicture, x: float, y: float) -> None:
    there = to_desktop(picture, to_image(picture, QPointF(x, y)))
    assert (there.x(), there.y()) == pytest.approx((x, y), abs=1e-6)


@given(pictures(), st.data())
def test_neighbours_share_no_pixel_and_leave_none_out(picture: ScreenPicture, data: st.DataObject) -> None:
    place = picture.screen.place
    middle = data.draw(st.integers(place.x + 1, place.x + place.width - 1))
    left = area_in_image(picture, Rect(place.x, place.y, middle - place.x, place.height))
    right = area_in_image(picture, Rect(middle, place.y, place.x + place.width - middle, place.height))
    assert left is not None and right is not None
    assert left.x == 0 and left.x + left.width == right.x and right.x + right.width == picture.image.width()
    assert left.height == right.height == picture.image.height()


@given(pictures(), st.integers(-400, 400), st.integers(-400, 400), st.integers(1, 500), st.integers(1, 500))
def test_an_area_is_within_the_picture_and_where_the_rectangle_is(
    picture: ScreenPicture, x: int, y: int, width: int, height: int
) -> None:
    place = picture.screen.place
    wanted = Rect(place.x + x, place.y + y, width, height)
    area = area_in_image(picture, wanted)
    if intersection(wanted, place) is None:
        assert area is None
        return
    assert area is not None  # a logical pixel is never smaller than one of the picture
    assert 0 <= area.x < area.x + area.width <= picture.image.width()
    assert 0 <= area.y < area.y + area.height <= picture.image.height()
    shown = place_on_desktop(picture, area)
    common = intersection(wanted, place)
    assert common is not None
    half_x, half_y = (0.51 / ratio for ratio in ratios(picture))
    assert shown.left() == pytest.approx(common.x, abs=half_x) and shown.right() == pytest.approx(
        common.x + common.width, abs=half_x
    )
    assert shown.top() == pytest.approx(common.y, abs=half_y) and shown.bottom() == pytest.approx(
        common.y + common.height, abs=half_y
    )


@given(desktops(), st.data())
def test_a_native_window_is_on_the_screen_that_shows_it(screens: tuple[Screen, Screen], data: st.DataObject) -> None:
    screen = data.draw(st.sampled_from(screens))
    own = native_place(screen)
    x, y = data.draw(st.integers(0, own.width - 2)), data.draw(st.integers(0, own.height - 2))
    native = Rect(own.x + x, own.y + y, data.draw(st.integers(1, own.width - x)), data.draw(st.integers(1, own.height - y)))
    place = from_native(screens, native)
    assert place is not None
    assert place.x == pytest.approx(screen.place.x + x / screen.scale, abs=0.5)
    assert place.y == pytest.approx(screen.place.y + y / screen.scale, abs=0.5)
    assert place.x + place.width == pytest.approx(screen.place.x + (x + native.width) / screen.scale, abs=0.5)
    assert place.y + place.height == pytest.approx(screen.place.y + (y + native.height) / screen.scale, abs=0.5)


def test_a_window_on_no_screen_has_no_place() -> None:
    assert from_native((Screen("one", Rect(0, 0, 100, 100), 1.0),), Rect(100, 0, 50, 50)) is None
    assert from_native((), Rect(0, 0, 50, 50)) is None


def test_a_box_of_what_was_sent_is_found_on_the_screen() -> None:
    box = part_in_image(Rect(100, 50, 400, 200), Area(0.25, 0.5, 0.75, 1.0))
    assert (box.left(), box.top(), box.right(), box.bottom()) == (200, 150, 400, 250)


def whole_desktop(screens: tuple[Screen, ...], ratio: int) -> QImage:
    """As a desktop draws it: every screen at the greatest scale, each of a colour of its own, black between."""
    around = bounds(screens)
    image = QImage(around.width * ratio, around.height * ratio, QImage.Format.Format_RGB32)
    image.fill(0)
    for screen, color in zip(screens, (RED, BLUE), strict=True):
        place = screen.place
        part = QImage(place.width * ratio, place.height * ratio, QImage.Format.Format_RGB32)
        part.fill(color)
        _draw(image, part, (place.x - around.x) * ratio, (place.y - around.y) * ratio)
    return image


def _draw(image: QImage, part: QImage, x: int, y: int) -> None:
    from PySide6.QtGui import QPainter

    painter = QPainter(image)
    painter.drawImage(x, y, part)
    painter.end()


@given(st.integers(-3000, 3000), st.integers(-3000, 3000), st.integers(-40, 40))
def test_a_picture_of_the_whole_desktop_becomes_one_of_each_screen_at_its_own_pixels(x: int, y: int, lower: int) -> None:
    screens = (Screen("plain", Rect(x, y, 160, 90), 1.0), Screen("fine", Rect(x + 160, y + lower, 80, 100), 2.0))
    plain, fine = cut(whole_desktop(screens, 2), screens)
    assert (plain.image.width(), plain.image.height()) == (160, 90)
    assert (fine.image.width(), fine.image.height()) == (160, 200)
    for picture, color in ((plain, RED), (fine, BLUE)):
        expected = QImage(picture.image.size(), QImage.Format.Format_RGB32)
        expected.fill(color)
        assert picture.image == expected


def test_a_picture_whose_scale_is_not_the_one_that_qt_says_keeps_its_pixels() -> None:
    """A Wayland screen of scale 1.25 is said to have 2."""
    (picture,) = cut(QImage(1280, 720, QImage.Format.Format_RGB32), (Screen("one", Rect(0, 0, 1024, 576), 2.0),))
    assert (picture.image.width(), picture.image.height()) == (1280, 720)
    assert ratios(picture) == (1.25, 1.25)


@pytest.mark.parametrize("size", [(1920, 1200), (0, 0), (1920, 540)])
def test_a_picture_of_another_shape_is_not_guessed_at(size: tuple[int, int]) -> None:
    with pytest.raises(CaptureFailed, match="does not fit its screens"):
        cut(QImage(*size, QImage.Format.Format_RGB32), (Screen("one", Rect(0, 0, 1920, 1080), 1.0),))
