"""The overlay over the frozen screens: what is chosen with mouse and keys, what is drawn, and that it is on the right pixels."""

from __future__ import annotations

import itertools
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor, QCursor, QImage, QPainter, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.capture.drafting import Tool
from app.capture.macos_level import raise_above_menu_bar
from app.capture.models import Capture, Rect
from app.capture.overlay import Overlay
from app.capture.overlay_window import OverlayWindow
from app.capture.scene import HINT_GAP, Frame, Scene, View, hint_label, lens, overlay_theme, size_label
from app.capture.shot import Arrow, Blur, Pen, Shot
from app.chat.answer import Reference
from app.ui.theme import themes
from inference.types import Box
from tests.helpers.captures import WINDOW, capture_screens

ROOT = Path(__file__).parents[2]
WHITE_DIMMED = QColor(145, 145, 148)
CLOSE_TO = 2
"""Of 255; blending rounds."""


@pytest.fixture(scope="module")
def capture(qapp: QApplication) -> Capture:
    return capture_screens()


@pytest.fixture
def overlay(qtbot: QtBot, capture: Capture) -> Iterator[Overlay]:
    """Open, with the pointer beside all windows."""
    QCursor.setPos(1000, 800)
    overlay = Overlay()
    overlay.show_capture(capture)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window_of(overlay))  # else it would get the keyboard at any time
    yield overlay
    overlay.close()
    overlay.deleteLater()
    QApplication.processEvents()


def window_of(overlay: Overlay) -> OverlayWindow:
    window = next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, OverlayWindow) and widget.isVisible())
    assert overlay.is_open
    return window


def move(overlay: Overlay, x: int, y: int) -> None:
    QTest.mouseMove(window_of(overlay), QPoint(x, y))


def drag(overlay: Overlay, x0: int, y0: int, x1: int, y1: int) -> None:
    window, left = window_of(overlay), Qt.MouseButton.LeftButton
    move(overlay, x0, y0)
    QTest.mousePress(window, left, pos=QPoint(x0, y0))
    for part in (0.3, 1.0):
        move(overlay, round(x0 + part * (x1 - x0)), round(y0 + part * (y1 - y0)))
    QTest.mouseRelease(window, left, pos=QPoint(x1, y1))


def key(overlay: Overlay, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, times: int = 1) -> None:
    for _ in range(times):
        QTest.keyClick(window_of(overlay), key, modifiers)


def press(overlay: Overlay, name: str) -> None:
    next(button for button in window_of(overlay).tools.findChildren(QAbstractButton) if button.accessibleName() == name).click()


def look_away(overlay: Overlay) -> None:
    """Grips are on the edges while the pointer or the keyboard is there."""
    move(overlay, 1000, 800)
    window_of(overlay).clearFocus()


def seen(overlay: Overlay) -> QImage:
    return window_of(overlay).grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def part(image: QImage, rect: Rect) -> QImage:
    return image.copy(rect.x, rect.y, rect.width, rect.height)


def is_close(one: QColor, other: QColor) -> bool:
    return max(abs(one.red() - other.red()), abs(one.green() - other.green()), abs(one.blue() - other.blue())) <= CLOSE_TO


def shots_of(signal: list[object]) -> list[Shot]:
    return [shot for shot in signal if isinstance(shot, Shot)]


def random_scene(view: View, size: tuple[int, int], chance: random.Random) -> Scene:
    def rect() -> Rect:
        width, height = chance.randint(1, size[0]), chance.randint(1, size[1])
        return Rect(chance.randint(0, size[0] - width), chance.randint(0, size[1] - height), width, height)

    rects = [rect() for _ in range(chance.randint(0, 3))]
    point = chance.randint(0, size[0]), chance.randint(0, size[1])
    ornaments = [
        *(Frame(each, chance.random() < 0.5) for each in rects),
        *(size_label(view, each, f"{each.width} × {each.height}") for each in rects),
        *([lens(view, point)] if chance.random() < 0.7 else []),
        *([hint_label(view, QPoint(5, 5), ["Drag a region"])] if chance.random() < 0.5 else []),
    ]
    return Scene(tuple(rects), tuple(ornaments))


@pytest.mark.parametrize("width_px", [240, 400, 700, 2000])
def test_a_hint_is_whole_and_breaks_between_its_sentences(qapp: QApplication, width_px: int) -> None:
    sentences = ["拖动选择区域", "Enter：整个屏幕", "空格：沿用", "Esc: leave"]
    view = View(QSize(width_px, 900), 1, 1)
    label = hint_label(view, QPoint(5, 800), sentences)
    assert [sentence for line in label.words.split("\n") for sentence in line.split(HINT_GAP)] == sentences
    assert view.size.width() >= label.rect.width
    canvas = QImage(view.size, QImage.Format.Format_RGB32)
    canvas.fill(overlay_theme().on_accent)
    painter = QPainter(canvas)
    label.paint(painter, view, canvas)
    painter.end()
    plate = canvas.copy(label.qrect)
    rows = [any(plate.pixelColor(x, y).lightness() > 128 for x in range(plate.width())) for y in range(plate.height())]
    drawn = sum(now and not before for before, now in itertools.pairwise(rows))
    assert drawn == len(label.words.split("\n"))


@pytest.mark.parametrize("ratio", [1, 2])
def test_drawing_only_what_differs_gives_the_same_as_drawing_all(qapp: QApplication, ratio: int) -> None:
    chance = random.Random(ratio)
    size = (400 * ratio, 300 * ratio)
    noise = QImage(chance.randbytes(4 * size[0] * size[1]), *size, 4 * size[0], QImage.Format.Format_RGB32).copy()
    view = View(noise.size() / ratio, ratio, ratio)

    def draw(canvas: QImage, scene: Scene, dirty: QRegion) -> None:
        painter = QPainter(canvas)
        painter.setClipRegion(dirty)
        painter.scale(1 / ratio, 1 / ratio)
        painter.drawImage(0, 0, noise)
        painter.scale(ratio, ratio)
        scene.paint(painter, view, dirty, noise)
        painter.end()

    def blank() -> QImage:
        canvas = QImage(*size, QImage.Format.Format_RGB32)
        canvas.setDevicePixelRatio(ratio)
        return canvas

    canvas, before = blank(), Scene()
    everything = QRegion(0, 0, 400, 300)
    draw(canvas, before, everything)
    for _ in range(40):
        scene = random_scene(view, size, chance)
        draw(canvas, scene, before.difference(scene, view))
        whole = blank()
        draw(whole, scene, everything)
        assert canvas == whole
        before = scene


def test_what_is_dragged_is_chosen_and_shown_pixel_for_pixel(qtbot: QtBot, overlay: Overlay, capture: Capture) -> None:
    image = capture.pictures[0].image
    with qtbot.waitSignal(overlay.chosen) as chosen:
        drag(overlay, 100, 50, 400, 250)
    (shot,) = shots_of(chosen.args)
    assert shot.area == Rect(100, 50, 300, 200)
    assert overlay.shots == (shot,)
    assert shot.image() == part(image, shot.area)
    look_away(overlay)
    qtbot.waitUntil(lambda: part(seen(overlay), shot.area) == part(image, shot.area))  # the grips go when the focus has gone
    picture = seen(overlay)
    assert is_close(picture.pixelColor(550, 300), WHITE_DIMMED)  # of the window
    assert picture.pixelColor(250, 48) == QColor("#7f9cff")  # the frame lies outside
    assert overlay.region_rect(shot).getRect() == (100, 50, 300, 200)
    assert window_of(overlay).accessibleDescription() == "300 × 200"


@pytest.mark.parametrize("ratio", [2, 1.5])
def test_a_screen_with_a_scale_is_shown_in_its_true_pixels(qtbot: QtBot, ratio: float) -> None:
    """Rendered as for a screen with that scale: the platform for tests has none."""
    capture = capture_screens()
    screen = capture.pictures[0].screen
    image = capture.pictures[0].image.scaled(round(screen.place.width * ratio), round(screen.place.height * ratio))
    for x in range(0, image.width(), 2):
        image.setPixelColor(x, 300, QColor("red"))
    window = OverlayWindow()
    qtbot.addWidget(window)
    pictured = type(capture.pictures[0])(type(screen)(screen.name, screen.place, ratio), image)
    window.show_picture(pictured, QApplication.screens()[0])
    window.show_scene(Scene((Rect(0, 0, image.width(), image.height()),), ()))
    shown = QImage(image.size(), QImage.Format.Format_RGB32)
    shown.setDevicePixelRatio(ratio)
    window.render(shown)
    shown.setDevicePixelRatio(1)
    assert shown == image
    window.forget()


def test_a_window_is_outlined_as_the_pointer_is_over_it_and_taken_by_a_click(qtbot: QtBot, overlay: Overlay) -> None:
    assert is_close(seen(overlay).pixelColor(300, 300), WHITE_DIMMED)
    move(overlay, 300, 300)
    picture = seen(overlay)
    assert picture.pixelColor(200, 200) == QColor("white")
    assert picture.pixelColor(200, WINDOW.y - 1) == QColor("#7f9cff")
    with qtbot.waitSignal(overlay.chosen) as chosen:
        QTest.mouseClick(window_of(overlay), Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    (shot,) = shots_of(chosen.args)
    assert (shot.area, shot.title) == (WINDOW, "Editor")


def test_keys_choose_everything_that_the_mouse_does(qtbot: QtBot, overlay: Overlay, capture: Capture) -> None:
    key(overlay, Qt.Key.Key_Tab)
    assert window_of(overlay).accessibleDescription() == "500 × 360"
    key(overlay, Qt.Key.Key_Right, times=3)
    key(overlay, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    key(overlay, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    with qtbot.waitSignal(overlay.chosen):
        key(overlay, Qt.Key.Key_Return)
    area = Rect(WINDOW.x + 3, WINDOW.y + 16, WINDOW.width - 1, WINDOW.height)
    assert overlay.shots[0].area == area
    with qtbot.waitSignal(overlay.changed) as changed:
        key(overlay, Qt.Key.Key_Up)
    (shot,) = shots_of(changed.args)
    assert shot.area.y == area.y - 1
    assert overlay.shots == (shot,)
    with qtbot.waitSignal(overlay.escape_pressed):
        key(overlay, Qt.Key.Key_Escape)
    overlay.show_capture(capture, (capture.pictures[0].screen.name, area))
    key(overlay, Qt.Key.Key_Space)
    assert overlay.shots[0].area == area
    overlay.show_capture(capture)
    key(overlay, Qt.Key.Key_Return)
    assert overlay.shots[0].area == Rect(0, 0, capture.pictures[0].image.width(), capture.pictures[0].image.height())


def test_esc_leaves_the_drag_then_the_screens_and_keeps_no_picture(qtbot: QtBot, overlay: Overlay, capture: Capture) -> None:
    window = window_of(overlay)
    move(overlay, 50, 50)
    QTest.mousePress(window, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    move(overlay, 200, 200)
    key(overlay, Qt.Key.Key_Escape)
    QTest.mouseRelease(window, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    assert (overlay.is_choosing, overlay.shots) == (True, ())
    with qtbot.waitSignal(overlay.cancelled):
        key(overlay, Qt.Key.Key_Escape)
    assert not window.isVisible()
    assert not overlay.is_open
    overlay.show_capture(capture)
    assert window_of(overlay) is window  # kept: a new one takes twice as long


def test_a_second_shot_keeps_the_first_outlined_and_can_be_left_or_removed(
    qtbot: QtBot, overlay: Overlay, capture: Capture
) -> None:
    drag(overlay, 100, 50, 400, 250)
    overlay.choose_more()
    assert overlay.is_choosing
    with qtbot.waitSignal(overlay.cancelled):
        key(overlay, Qt.Key.Key_Escape)
    assert (overlay.is_choosing, len(overlay.shots)) == (False, 1)
    overlay.choose_more()
    drag(overlay, 700, 500, 900, 600)
    first, second = overlay.shots
    assert second.area == Rect(700, 500, 200, 100)
    look_away(overlay)
    picture = seen(overlay)
    for shot in (first, second):
        assert part(picture, shot.area) == part(capture.pictures[0].image, shot.area)
        assert picture.pixelColor(shot.area.x - 1, shot.area.y + 20) == QColor("#7f9cff")
    overlay.remove(second)
    assert overlay.shots == (first,)
    overlay.remove(first)
    assert overlay.is_choosing


def test_marks_are_drawn_undone_and_sent(qtbot: QtBot, overlay: Overlay) -> None:
    drag(overlay, 100, 50, 400, 350)
    press(overlay, "Blur: nothing of it is sent")
    drag(overlay, 150, 80, 300, 130)
    press(overlay, "Point with an arrow")
    drag(overlay, 350, 300, 250, 200)
    press(overlay, "Draw")
    drag(overlay, 120, 300, 200, 340)
    shot = overlay.shots[-1]
    assert [type(mark) for mark in shot.marks] == [Blur, Arrow, Pen]
    assert shot.area == Rect(100, 50, 300, 300)
    look_away(overlay)
    assert part(seen(overlay), shot.area) == shot.image()  # what is seen is what is sent
    window_of(overlay).setFocus()
    key(overlay, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert [type(mark) for mark in overlay.shots[-1].marks] == [Blur, Arrow]
    press(overlay, "Undo")
    press(overlay, "Undo")
    assert overlay.shots[-1].marks == ()
    look_away(overlay)
    assert part(seen(overlay), shot.area) == overlay.shots[-1].image()


def test_marks_can_be_drawn_with_keys(overlay: Overlay) -> None:
    drag(overlay, 100, 100, 300, 300)
    press(overlay, "Blur: nothing of it is sent")
    key(overlay, Qt.Key.Key_Down)  # the first one begins it
    key(overlay, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    key(overlay, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier, times=2)
    key(overlay, Qt.Key.Key_Return)
    (mark,) = overlay.shots[-1].marks
    assert isinstance(mark, Blur)
    assert mark.rect.getRect() == (175, 191, 52, 50)
    key(overlay, Qt.Key.Key_Escape)
    assert overlay.shots[-1].area == Rect(100, 100, 200, 200)


def test_typing_goes_on_in_the_question_after_something_was_drawn(qtbot: QtBot, overlay: Overlay) -> None:
    drag(overlay, 100, 100, 300, 300)
    window = window_of(overlay)
    question = QLineEdit(window)
    question.show()
    question.setFocus()
    qtbot.waitUntil(question.hasFocus)
    press(overlay, "Draw")
    assert window.hasFocus()
    drag(overlay, 150, 150, 200, 200)
    for letter in "why":
        QTest.keyClicks(QApplication.focusWidget(), letter)
    assert question.text() == "why"
    assert question.hasFocus()
    QTest.keyClick(question, Qt.Key.Key_Up)  # means nothing to the region
    assert overlay.shots[-1].area == Rect(100, 100, 200, 200)
    with qtbot.waitSignal(overlay.escape_pressed):
        QTest.keyClick(question, Qt.Key.Key_Escape)


def test_what_lies_on_the_picture_is_out_of_the_way_while_another_shot_is_chosen(qtbot: QtBot, overlay: Overlay) -> None:
    drag(overlay, 100, 100, 300, 300)
    question = QLineEdit(window_of(overlay))
    question.show()
    question.setFocus()
    qtbot.waitUntil(question.hasFocus)
    overlay.choose_more()
    assert not question.isVisible()
    key(overlay, Qt.Key.Key_Escape)
    assert question.isVisible()
    assert question.hasFocus()
    assert not overlay.is_choosing


def test_what_was_asked_about_stays_as_it_is(overlay: Overlay) -> None:
    drag(overlay, 100, 100, 300, 300)
    shot = overlay.shots[0]
    assert overlay.tools_rect(shot).isValid()
    overlay.lock()
    assert overlay.tools_rect(shot).isEmpty()
    drag(overlay, 200, 200, 250, 260)
    key(overlay, Qt.Key.Key_Right)
    overlay.choose_more()
    key(overlay, Qt.Key.Key_Escape)
    drag(overlay, 200, 200, 250, 260)
    assert overlay.shots == (shot,)
    overlay.choose_more()
    drag(overlay, 400, 400, 500, 500)
    key(overlay, Qt.Key.Key_Right)
    assert overlay.shots[1].area == Rect(401, 400, 100, 100)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_boxes_are_on_the_pixels_they_mean_and_point_both_ways(qtbot: QtBot, overlay: Overlay, theme: str) -> None:
    themes().choose("dark" if theme == "dark" else "light")
    drag(overlay, 100, 500, 500, 900)
    overlay.lock()
    references = [Reference(1, Box("a", 0.25, 0.25, 0.5, 0.5), "a"), Reference(2, Box("a", 0.5, 0.75, 1, 1), "a")]
    overlay.set_boxes(overlay.shots[0], references)
    picture, color = seen(overlay), themes().current.box_color
    for x, y in ((200, 650), (250, 600), (250, 700), (300, 650)):
        assert picture.pixelColor(x, y) == color(1)
    assert picture.pixelColor(350, 800) == color(2)
    with qtbot.waitSignal(overlay.box_hovered) as hovered:
        move(overlay, 250, 650)
    assert hovered.args == [1]
    with qtbot.waitSignal(overlay.box_clicked) as clicked:
        QTest.mouseClick(window_of(overlay), Qt.MouseButton.LeftButton, pos=QPoint(400, 850))
    assert clicked.args == [2]
    overlay.set_current(2)
    picture = seen(overlay)
    assert picture.pixelColor(250, 700) != color(1)  # dimmed
    assert picture.pixelColor(350, 800) == color(2)
    themes().choose("light")


def test_the_tools_stand_on_the_screen_and_say_what_they_do(overlay: Overlay) -> None:
    for area in ((0, 0, 3200, 2400), (0, 0, 30, 30), (3150, 2350, 3200, 2400), (100, 300, 180, 380)):
        drag(overlay, *area[:2], area[2] - 1, area[3] - 1)
        shot = overlay.shots[-1]
        tools = overlay.tools_rect(shot)
        assert window_of(overlay).rect().contains(tools)
        overlay.choose_more()
    buttons = window_of(overlay).tools.findChildren(QAbstractButton)
    assert len(buttons) == len(Tool) + 1
    for button in buttons:
        assert button.accessibleName()
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert window_of(overlay).accessibleName() == "Frozen screen"


def test_on_macos_it_lies_above_the_menu_bar() -> None:
    class Library:
        def __init__(self) -> None:
            self.sent: list[tuple[int, bytes, int]] = []

        def selector(self, name: bytes) -> bytes:
            return name

        def ask(self, receiver: int, selector: bytes) -> int:
            return {(7, b"window"): 8}.get((receiver, selector), 0)

        def tell(self, receiver: int, selector: bytes, argument: int) -> None:
            self.sent.append((receiver, selector, argument))

    library = Library()
    raise_above_menu_bar(7, library)
    raise_above_menu_bar(1, library)  # a view that is in no window
    assert library.sent == [(8, b"setLevel:", 25)]


def test_screens_of_different_scales_are_each_frozen_in_their_own_pixels(tmp_path: Path) -> None:
    """In a process of its own: the platform for tests takes its screens from a file when it starts."""
    screens = [
        {"name": "left", "x": -800, "y": 100, "width": 800, "height": 600, "dpr": 2},
        {"name": "main", "x": 0, "y": 0, "width": 1280, "height": 720, "dpr": 1},
    ]
    both = {"logicalDpi": 96, "logicalBaseDpi": 96}
    config = tmp_path / "screens.json"
    config.write_text(json.dumps({"screens": [screen | both for screen in screens]}), encoding="utf-8")
    environment = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={config}"}
    command = [sys.executable, "-m", "tests.helpers.overlay_on_two_screens"]
    run = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert told["places"] == {"left": [-800, 100, 800, 600], "main": [0, 0, 1280, 720]}
    assert told["left"] == {"area": [200, 100, 401, 201], "region": [100, 50, 201, 101], "size": [401, 201], "is_exact": True}
    assert told["main"] == {"area": [100, 50, 200, 100], "region": [100, 50, 200, 100], "size": [200, 100], "is_exact": True}
    assert told["whole"] == [1600, 1200]
