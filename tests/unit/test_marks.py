"""Marks are drawn into what is sent, and of what is blurred nothing is left."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from app.capture.drafting import Draft, Tool
from app.capture.marks import growth_bounds, paint_line
from app.capture.models import Rect, Screen, ScreenPicture
from app.capture.shot import Arrow, Blur, Mark, Pen, Shot

SIDE = 48
AREA = Rect(4, 4, 40, 40)
sides = st.floats(-10, 60)
rects = st.builds(QRectF, sides, sides, st.floats(0.1, 50), st.floats(0.1, 50))


def noise(seed: int) -> QImage:
    data = random.Random(seed).randbytes(4 * SIDE * SIDE)
    return QImage(data, SIDE, SIDE, 4 * SIDE, QImage.Format.Format_RGB32).copy()


def shot_of(image: QImage, marks: tuple[Mark, ...], area: Rect = AREA, scale: float = 1.0) -> Shot:
    place = Rect(0, 0, round(image.width() / scale), round(image.height() / scale))
    return Shot(ScreenPicture(Screen("one", place, scale), image), area, marks)


@given(st.lists(rects, min_size=1, max_size=4), st.integers(0, 2**32), st.integers(0, 2**32), st.booleans())
def test_no_original_pixel_has_any_influence_once_it_is_blurred(
    hidden: list[QRectF], one: int, other: int, with_line: bool
) -> None:
    """Two screens that differ in nothing but what is blurred make the same picture, bit for bit."""
    image, changed = noise(one), noise(one)
    elsewhere = noise(other)
    for y in range(SIDE):
        for x in range(SIDE):
            inside_area = AREA.x <= x < AREA.x + AREA.width and AREA.y <= y < AREA.y + AREA.height
            touched = any(rect.intersects(QRectF(x, y, 1, 1)) for rect in hidden)
            if touched or not inside_area:  # what lies beside the area has no influence either
                changed.setPixelColor(x, y, elsewhere.pixelColor(x, y))
    line: tuple[Mark, ...] = (Pen((QPointF(5, 5), QPointF(40, 40))), Arrow(QPointF(6, 40), QPointF(30, 12))) if with_line else ()
    marks = (*map(Blur, hidden), *line)
    assert shot_of(image, marks).image() == shot_of(changed, marks).image()


def test_what_is_not_marked_is_sent_as_it_was() -> None:
    image = noise(1)
    assert shot_of(image, ()).image() == image.copy(4, 4, 40, 40)
    hidden = shot_of(image, (Blur(QRectF(10.2, 10.9, 5, 5)),)).image()
    for y in range(40):
        for x in range(40):
            if not (6 <= x < 12 and 6 <= y < 12):  # counted from the area's corner, in whole pixels
                assert hidden.pixel(x, y) == image.pixel(x + 4, y + 4)


def test_a_blur_takes_its_colour_from_around_it() -> None:
    image = QImage(SIDE, SIDE, QImage.Format.Format_RGB32)
    image.fill(QColor("#204060"))
    for y in range(15, 25):
        for x in range(15, 25):
            image.setPixelColor(x, y, QColor("white"))
    filled = shot_of(image, (Blur(QRectF(14, 14, 12, 12)),)).image().pixelColor(14, 14)
    assert filled.blueF() > filled.greenF() > filled.redF()
    assert filled.lightness() < 110


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_lines_are_drawn_where_they_were_and_as_thick_as_they_look(scale: float) -> None:
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    marks = (Pen((QPointF(50, 100), QPointF(150, 100), QPointF(250, 100))), Arrow(QPointF(50, 200), QPointF(250, 200)))
    sent = shot_of(image, marks, Rect(20, 40, 300, 220), scale).image()
    for x, y in ((60, 60), (200, 60), (60, 160), (220, 160)):
        color = sent.pixelColor(x, y)
        assert color.red() > 200 > 100 > color.green()
    column = [sent.pixelColor(100, y).red() > 200 for y in range(90)]
    assert abs(sum(column) - 7 * scale) <= 2  # with its halo
    assert image.pixelColor(100, 100) == QColor("black")  # the screen's own picture stays as it was


def test_a_line_that_grows_looks_as_if_it_were_drawn_at_once() -> None:
    """Only what may have changed is drawn again, in pieces."""
    chance, points = random.Random(3), [QPointF(20, 20)]
    blank = QImage(300, 300, QImage.Format.Format_RGB32)
    blank.fill(QColor("gray"))

    def draw(canvas: QImage, line: Pen, within: QRect) -> QImage:
        painter = QPainter(canvas)
        painter.setClipRect(within)
        painter.drawImage(0, 0, blank)
        paint_line(painter, line, 1.0, QRectF(within))
        painter.end()
        return canvas

    grown, before = blank.copy(), None
    while len(points) < 150:
        line = Pen(tuple(points))
        draw(grown, line, growth_bounds(line, before, 1.0).toAlignedRect())
        before = line
        points += [points[-1] + QPointF(chance.uniform(-20, 22), chance.uniform(-20, 22)) for _ in range(chance.randint(1, 3))]
    assert before is not None
    assert grown == draw(blank.copy(), before, blank.rect())


def test_a_mark_stays_within_its_area_with_mouse_and_keys() -> None:
    draft = Draft(Tool.BLUR, AREA, QPointF(10, 10))
    draft.lead_to(QPointF(500, 30))
    assert draft.mark() == Blur(QRectF(10, 10, 34, 20))
    draft.move(-100, 3)
    assert draft.mark() == Blur(QRectF(4, 13, 34, 20))
    draft.stretch(2, -1)
    assert draft.mark() == Blur(QRectF(4, 13, 36, 19))
    pen = Draft.amid(Tool.PEN, AREA)
    pen.stretch(3, 0)
    pen.stretch(0, 90)
    assert pen.mark() == Pen((QPointF(24, 24), QPointF(27, 24), QPointF(27, 44)))


def test_a_click_draws_a_dot_with_the_pen_and_nothing_with_the_others() -> None:
    marks = {tool: Draft(tool, AREA, QPointF(10, 10)).mark() for tool in Tool}
    assert marks == {Tool.PEN: Pen((QPointF(10, 10),)), Tool.ARROW: None, Tool.BLUR: None}
    image = noise(2)
    image.fill(QColor("black"))
    dot = shot_of(image, (Pen((QPointF(20, 20),)),)).image()
    assert dot.pixelColor(16, 16).red() > 200
