"""Text and picture point at each other."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.chat.answer import Reference
from app.controller import Controller
from app.ui.box_painter import TAG_INSET_PX, place_marks
from app.ui.figure_view import FigureView
from app.ui.markdown_view import MarkdownView
from app.ui.theme import themes
from app.ui.view_geometry import ViewGeometry
from inference.events import BoxFound, Event, Finished, ImageRef, TextDelta
from inference.types import Box
from tests.helpers.scripted_engine import ScriptedEngine
from tests.helpers.window import Start, ask, attach, make_picture, press


def text(value: str) -> TextDelta:
    return TextDelta(value, value)


def box(left: float, picture: str | None = None) -> BoxFound:
    return BoxFound(Box(picture, left, 0.25, left + 0.25, 0.75, f"at {left}"), "[[..]]")


ANSWER = [
    text("First "),
    box(0.0),
    text(", then "),
    box(0.5),
    text(".\n\nAnd a [link](https://example.org/page)."),
    Finished("stop"),
]


PICTURES = ((1, "red"), (2, "green"), (3, "blue"))


@pytest.fixture
def pointing(qtbot: QtBot, start: Start, picture: Path) -> Controller:
    """A window with an answer that has two boxes and a link."""
    controller = start(ScriptedEngine(ANSWER))
    attach(qtbot, controller, picture)
    ask(qtbot, controller, "Where?")
    return controller


def answer_view(controller: Controller) -> MarkdownView:
    return next(view for view in controller.window.transcript.findChildren(MarkdownView) if view.isVisible())


def reference_point(controller: Controller, number: int) -> QPoint:
    rect = answer_view(controller).reference_rect(number)
    assert rect is not None
    return rect.center().toPoint()


def box_point(controller: Controller, number: int) -> QPoint:
    rect = controller.window.viewer.canvas.mark_rect(number)
    assert rect is not None
    return rect.center().toPoint()


def current(controller: Controller) -> tuple[int, int]:
    """The numbers highlighted in the text and in the picture."""
    return answer_view(controller).current_reference, controller.window.viewer.canvas.current


def focus_by_tab(qtbot: QtBot, controller: Controller) -> None:
    """As when Tab reaches the answer."""
    controller.window.activateWindow()
    qtbot.waitUntil(controller.window.isActiveWindow)
    answer_view(controller).setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(answer_view(controller).hasFocus)


def hover(widget: object, point: QPoint) -> None:
    QTest.mouseMove(widget, point)


def test_hovering_a_reference_lights_up_its_box(qtbot: QtBot, pointing: Controller) -> None:
    viewport = answer_view(pointing).viewport()
    hover(viewport, reference_point(pointing, 2))
    qtbot.waitUntil(lambda: current(pointing) == (2, 2))
    hover(viewport, reference_point(pointing, 1))
    qtbot.waitUntil(lambda: current(pointing) == (1, 1))
    hover(viewport, QPoint(2, viewport.height() - 2))
    qtbot.waitUntil(lambda: current(pointing) == (0, 0))


def test_hovering_a_box_lights_up_its_reference(qtbot: QtBot, pointing: Controller) -> None:
    canvas = pointing.window.viewer.canvas
    hover(canvas, box_point(pointing, 1))
    qtbot.waitUntil(lambda: current(pointing) == (1, 1))
    hover(canvas, QPoint(1, 1))
    qtbot.waitUntil(lambda: current(pointing) == (0, 0))


def test_of_two_boxes_one_inside_the_other_the_inner_one_is_meant(qtbot: QtBot, start: Start, picture: Path) -> None:
    outer, inner = BoxFound(Box(None, 0, 0, 1, 1), "x"), BoxFound(Box(None, 0.4, 0.4, 0.6, 0.6), "x")
    controller = start(ScriptedEngine([text("Both "), outer, inner, Finished("stop")]))
    attach(qtbot, controller, picture)
    ask(qtbot, controller, "Where?")
    hover(controller.window.viewer.canvas, box_point(controller, 1))
    qtbot.waitUntil(lambda: current(controller) == (2, 2))


def test_the_numbers_of_boxes_that_share_a_corner_can_all_be_read(qtbot: QtBot, start: Start, picture: Path) -> None:
    places = [BoxFound(Box(None, 0.25, 0.25, edge, edge), "x") for edge in (1.0, 0.75, 0.5)]
    controller = start(ScriptedEngine([text("All "), *places, Finished("stop")]))
    attach(qtbot, controller, picture)
    ask(qtbot, controller, "Where?")
    canvas, answer = controller.window.viewer.canvas, controller.conversation.turns[0].answer
    assert canvas.view_geometry is not None
    marks = place_marks(answer.references, canvas.view_geometry, QSizeF(canvas.size()))
    tags = [mark.tag for mark in marks]
    assert len(tags) == 3
    assert not any(one.intersects(other) for one, other in combinations(tags, 2))


@pytest.mark.parametrize("percent", [100, 200])
def test_a_number_reaches_no_further_over_its_box_when_text_is_larger(qapp: QApplication, percent: int) -> None:
    themes().choose_text_size(percent)
    reference = Reference(1, Box("a", 0.4, 0.4, 0.6, 0.6), "a")
    (mark,) = place_marks([reference], ViewGeometry.fitted(1000, 1000, 1000, 1000), QSizeF(1000, 1000))
    themes().choose_text_size(100)
    assert mark.tag.height() == 18 * percent / 100
    assert mark.tag.bottom() - mark.rect.top() == TAG_INSET_PX


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize(("x", "y"), [(0.0, 0.0), (0.5, 0.0), (0.5, 0.5), (0.99, 0.5), (0.5, 0.99), (0.99, 0.99), (0.0, 0.99)])
@pytest.mark.parametrize(("width", "height"), [(0.008, 0.008), (0.4, 0.012), (0.012, 0.4), (0.0, 0.0)])
def test_a_small_box_is_not_under_its_number(
    qapp: QApplication, x: float, y: float, width: float, height: float, percent: int
) -> None:
    themes().choose_text_size(percent)
    reference = Reference(1, Box("a", x, y, min(1.0, x + width), min(1.0, y + height)), "a")
    (mark,) = place_marks([reference], ViewGeometry.fitted(1000, 1000, 1000, 1000), QSizeF(1000, 1000))
    themes().choose_text_size(100)
    assert not mark.tag.intersects(mark.rect)
    assert QRectF(0, 0, 1000, 1000).contains(mark.tag)


def test_tab_walks_through_references_and_links_and_leaves_at_the_end(qtbot: QtBot, pointing: Controller) -> None:
    view = answer_view(pointing)
    focus_by_tab(qtbot, pointing)
    assert current(pointing) == (1, 1)
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    assert current(pointing) == (2, 2)
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    assert current(pointing) == (0, 0)  # on the link
    qtbot.keyClick(view, Qt.Key.Key_Backtab)
    assert current(pointing) == (2, 2)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert current(pointing) == (1, 1)
    for _ in range(3):
        qtbot.keyClick(view, Qt.Key.Key_Tab)
    assert not view.hasFocus()
    assert current(pointing) == (0, 0)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_enter_on_a_reference_shows_its_picture(qtbot: QtBot, start: Start, tmp_path: Path, key: Qt.Key) -> None:
    first, second = make_picture(tmp_path / "1.png"), make_picture(tmp_path / "2.png", color="green")
    controller = start(ScriptedEngine([text("In "), box(0.1, "1"), text(" and "), box(0.2, "2"), Finished("stop")]))
    attach(qtbot, controller, first, second)
    ask(qtbot, controller, "Where?")
    viewer = controller.window.viewer
    viewer.show_picture(controller.conversation.pictures()[1].id)
    assert viewer.canvas.mark_rect(1) is None
    focus_by_tab(qtbot, controller)
    qtbot.keyClick(answer_view(controller), key)
    assert viewer.shown_picture == controller.conversation.pictures()[0]
    assert viewer.canvas.mark_rect(1) is not None
    assert viewer.canvas.mark_rect(2) is None


def test_clicking_a_reference_shows_its_picture(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    controller = start(ScriptedEngine([text("In "), box(0.1, "1"), Finished("stop")]))
    attach(qtbot, controller, make_picture(tmp_path / "1.png"), make_picture(tmp_path / "2.png", color="green"))
    ask(qtbot, controller, "Where?")
    controller.window.viewer.show_picture(controller.conversation.pictures()[1].id)
    qtbot.mouseClick(answer_view(controller).viewport(), Qt.MouseButton.LeftButton, pos=reference_point(controller, 1))
    assert controller.window.viewer.shown_picture == controller.conversation.pictures()[0]


def test_the_first_place_of_an_answer_comes_into_view_by_itself(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    places = [BoxFound(Box(number, 0.1, 0.1, 0.4, 0.4), "[[100,100,400,400]]") for number in ("1", "3")]
    controller = start(ScriptedEngine([text("Here: "), *places, Finished("stop")]))
    attach(qtbot, controller, *(make_picture(tmp_path / f"{number}.png", color=color) for number, color in PICTURES))
    shown = controller.window.viewer.shown_picture
    assert shown is not None and shown.name == "3.png"
    ask(qtbot, controller, "Where?")
    shown = controller.window.viewer.shown_picture
    assert shown is not None and shown.name == "3.png"  # one of the places is in view already
    ask(qtbot, controller, "And now?")
    controller.window.viewer.show_picture(controller.conversation.pictures()[1].id)
    ask(qtbot, controller, "Once more?")
    shown = controller.window.viewer.shown_picture
    assert shown is not None and shown.name == "1.png"


def test_an_earlier_answer_can_be_pointed_at_again(qtbot: QtBot, start: Start, picture: Path) -> None:
    scripts: list[list[Event]] = [[text("Left "), box(0.0), Finished("stop")], [text("Right "), box(0.5), Finished("stop")]]
    controller = start(ScriptedEngine(*scripts))
    attach(qtbot, controller, picture)
    ask(qtbot, controller, "Left?")
    left = box_point(controller, 1)
    ask(qtbot, controller, "Right?")
    assert box_point(controller, 1) != left
    hover(answer_view(controller).viewport(), reference_point(controller, 1))  # the first answer in the transcript
    qtbot.waitUntil(lambda: box_point(controller, 1) == left)


def test_a_reference_to_a_picture_that_does_not_exist_is_its_words(qtbot: QtBot, start: Start, picture: Path) -> None:
    reference = ImageRef("7", (Box(None, 0, 0, 1, 1),), "chart", "!<image_ref>")
    controller = start(ScriptedEngine([text("See "), reference, Finished("stop")]))
    attach(qtbot, controller, picture)
    ask(qtbot, controller, "Where?")
    assert "See chart" in " ".join(answer_view(controller).toPlainText().split())
    assert controller.window.viewer.canvas.mark_rect(1) is None


def test_a_figure_in_the_answer_the_text_and_the_viewer_light_up_together(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    shown = ImageRef("1", (Box(None, 0.1, 0.1, 0.3, 0.4),), "the chart", "!<image_ref>")
    controller = start(ScriptedEngine([text("See this:\n\n"), shown, Finished("stop")]))
    attach(qtbot, controller, make_picture(tmp_path / "1.png", (1600, 1200)))
    ask(qtbot, controller, "Where?")
    figure = controller.window.transcript.findChild(FigureView)
    assert isinstance(figure, FigureView)
    qtbot.waitUntil(lambda: figure.canvas.has_image)
    number = controller.conversation.turns[0].answer.references[0].number
    rect = figure.canvas.mark_rect(number)
    assert rect is not None
    hover(figure.canvas, rect.center().toPoint())
    viewer = controller.window.viewer
    qtbot.waitUntil(lambda: viewer.canvas.current == number)
    hover(figure.canvas, QPoint(1, 1))
    qtbot.waitUntil(lambda: viewer.canvas.current == 0)
    press(figure, "Open")
    assert viewer.shown_picture == controller.conversation.pictures()[0]
    assert viewer.canvas.mark_rect(number) is not None


def test_selected_text_is_copied_with_its_references(qtbot: QtBot, pointing: Controller) -> None:
    view = answer_view(pointing)
    view.selectAll()
    assert view.createMimeDataFromSelection().text() == "First [1], then [2].\nAnd a link."


def test_zoom_keeps_the_pixel_under_the_pointer(qtbot: QtBot, pointing: Controller) -> None:
    canvas = pointing.window.viewer.canvas
    before = canvas.view_geometry
    assert before is not None
    about = QPointF(before.left + 30, before.top + 20)
    canvas.zoom(8.0, about)  # larger than the view, so that nothing keeps it in the middle
    after = canvas.view_geometry
    assert after is not None
    assert (about.x() - after.left) / after.scale == pytest.approx((about.x() - before.left) / before.scale)
    assert (about.y() - after.top) / after.scale == pytest.approx((about.y() - before.top) / before.scale)
    canvas.fit()
    assert canvas.view_geometry == before
