"""Pictures inside an answer: cut from the original pixels, with boxes that link to the text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.chat.answer import PictureBlock, Reference
from app.chat.crops import figure_area
from app.chat.session import Conversation
from app.ui.figure_size import Size, card_size
from app.ui.figure_view import FigureView
from app.ui.picture_levels import PictureCache
from app.ui.theme import themes
from app.ui.transcript import Transcript
from app.workers.tasks import TaskRunner
from inference.types import Box
from ingest.types import Area
from tests.helpers.transcripts import DrawnPicture, add_turn, said


@pytest.fixture
def transcript(qtbot: QtBot) -> Iterator[Transcript]:
    """One that is seen, high enough for all that is in it."""
    themes().choose("light")
    tasks = TaskRunner("pictures")
    transcript = Transcript(PictureCache(tasks))
    qtbot.addWidget(transcript)
    transcript.resize(760, 1200)
    transcript.show()
    yield transcript
    tasks.close()


def show(transcript: Transcript, picture: DrawnPicture, *boxes: Box, picture_id: str | None = "drawn") -> FigureView:
    """An answer with one figure of these boxes, numbered from 1."""
    conversation = Conversation()
    turn = add_turn(conversation, "Where?", [], [picture])
    references = [Reference(number, box, picture_id) for number, box in enumerate(boxes, 1)]
    turn.answer.references += references
    turn.answer.blocks.append(PictureBlock(references, "The chart"))
    conversation.apply(turn.id, said("\n\nThere."))
    transcript.set_conversation(conversation)
    figure = transcript.findChild(FigureView)
    assert isinstance(figure, FigureView)
    return figure


def box(x0: float, y0: float, x1: float, y1: float) -> Box:
    return Box(None, x0, y0, x1, y1, "bar")


def seen_at(figure: FigureView, point: QPoint) -> tuple[float, float]:
    """Which place of the picture is drawn there, as fractions: the drawn picture tells it by its colours."""
    color = figure.canvas.grab().toImage().pixelColor(point * figure.canvas.devicePixelRatioF())
    return color.red() / 255, color.green() / 255


def test_a_small_place_is_cut_out_with_what_is_around_it(qtbot: QtBot, transcript: Transcript) -> None:
    figure = show(transcript, DrawnPicture(), box(0.5, 0.25, 0.6, 0.35))
    size = figure.size()
    qtbot.waitUntil(lambda: figure.canvas.has_image)
    assert figure.size() == size  # nothing jumped when the pixels came
    rect = figure.canvas.mark_rect(1)
    assert rect is not None
    beside = rect.center().toPoint() + QPoint(round(rect.width()), 0)
    x, y = seen_at(figure, beside)
    assert x == pytest.approx(0.65, abs=0.02)
    assert y == pytest.approx(0.30, abs=0.02)
    assert seen_at(figure, QPoint(30, 30))[0] > 0.3  # the rest of the picture is not shown


def test_a_large_place_shows_the_whole_picture(qtbot: QtBot, transcript: Transcript) -> None:
    figure = show(transcript, DrawnPicture(), box(0.05, 0.05, 0.9, 0.95))
    qtbot.waitUntil(lambda: figure.canvas.has_image)
    width, height = figure.canvas.width(), figure.canvas.height()
    assert seen_at(figure, QPoint(width - 12, height - 12))[1] > 0.93
    assert seen_at(figure, QPoint(12, height - 12))[0] < 0.07


def test_pixels_are_those_of_the_original_where_it_has_more_than_the_screen(qtbot: QtBot, transcript: Transcript) -> None:
    figure = show(transcript, DrawnPicture(width=800, height=600), box(0.4, 0.4, 0.6, 0.6))
    qtbot.waitUntil(lambda: figure.canvas.has_image)
    image = figure.canvas._image
    assert image is not None
    ratio = figure.canvas.devicePixelRatioF()
    assert image.width() <= figure.canvas.width() * ratio
    assert image.width() >= min(figure.canvas.width() * ratio, 0.4 * 800) * 0.9


def test_boxes_in_the_figure_and_references_light_up_together(qtbot: QtBot, transcript: Transcript) -> None:
    figure = show(transcript, DrawnPicture(), box(0.3, 0.3, 0.4, 0.4), box(0.5, 0.3, 0.6, 0.4))
    qtbot.waitUntil(lambda: figure.canvas.has_image)
    hovered: list[int] = []
    transcript.reference_hovered.connect(lambda turn_id, number: hovered.append(number))
    for number in (2, 1):
        rect = figure.canvas.mark_rect(number)
        assert rect is not None
        QTest.mouseMove(figure.canvas, rect.center().toPoint())
        qtbot.waitUntil(lambda number=number: hovered[-1:] == [number])
    QTest.mouseMove(figure.canvas, QPoint(1, 1))
    qtbot.waitUntil(lambda: hovered[-1] == 0)
    before = figure.canvas.grab().toImage()
    transcript.set_current_reference(transcript.turns[0].id, 2)
    assert figure.canvas.grab().toImage() != before


def test_a_box_a_figure_and_its_word_open_the_viewer(qtbot: QtBot, transcript: Transcript) -> None:
    figure = show(transcript, DrawnPicture(), box(0.3, 0.3, 0.4, 0.4), box(0.5, 0.3, 0.6, 0.4))
    activated: list[tuple[int, int]] = []
    transcript.reference_activated.connect(lambda turn_id, number: activated.append((turn_id, number)))
    rect = figure.canvas.mark_rect(2)
    assert rect is not None
    qtbot.mouseClick(figure.canvas, Qt.MouseButton.LeftButton, pos=rect.center().toPoint())
    qtbot.mouseClick(figure.canvas, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    button = next(b for b in figure.findChildren(QPushButton) if b.text() == "Open")
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    turn_id = transcript.turns[0].id
    assert activated == [(turn_id, 2), (turn_id, 1), (turn_id, 1)]


def test_a_figure_names_its_picture_and_reads_its_boxes(qtbot: QtBot, transcript: Transcript) -> None:
    figure = show(transcript, DrawnPicture(), box(0.3, 0.3, 0.4, 0.4))
    assert figure.accessibleName() == "Figure: report-2026.pdf, page 12"
    assert figure.accessibleDescription() == "The chart, 1 bar"


def test_a_picture_that_cannot_be_read_is_a_quiet_sentence(qtbot: QtBot, transcript: Transcript) -> None:
    figure = show(transcript, DrawnPicture(is_gone=True), box(0.3, 0.3, 0.4, 0.4))
    size = figure.size()
    qtbot.waitUntil(lambda: figure.canvas.has_failed)
    assert "cannot be shown" in figure.canvas.complaint
    assert figure.size() == size
    figure.grab()


def test_a_picture_that_is_no_part_of_the_conversation_says_so(qtbot: QtBot, transcript: Transcript) -> None:
    for picture_id in (None, "another"):
        figure = show(transcript, DrawnPicture(), box(0.3, 0.3, 0.4, 0.4), picture_id=picture_id)
        assert figure.canvas.has_failed
        assert "not part of the conversation" in figure.canvas.complaint
        assert not any(b.isVisible() for b in figure.findChildren(QPushButton))
        qtbot.mouseClick(figure.canvas, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
        figure.grab()


def test_a_narrow_window_makes_a_narrow_card(qtbot: QtBot, transcript: Transcript) -> None:
    figure = show(transcript, DrawnPicture(), box(0.3, 0.3, 0.4, 0.4))
    transcript.resize(330, 800)
    QApplication.processEvents()
    assert figure.width() <= transcript.column_px
    rect = figure.canvas.mark_rect(1)
    assert rect is not None
    assert figure.canvas.rect().contains(rect.toRect())


fractions = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted)
sides = st.integers(1, 20_000)


@given(st.lists(st.tuples(fractions, fractions), min_size=1, max_size=4), sides, sides, st.integers(1, 800))
def test_any_boxes_of_any_picture_are_inside_a_part_that_fits(
    places: list[tuple[list[float], list[float]]], width: int, height: int, room: int
) -> None:
    boxes = [Box(None, xs[0], ys[0], xs[1], ys[1]) for xs, ys in places]
    area = figure_area(boxes, width, height)
    assert 0 <= area.x0 < area.x1 <= 1
    assert 0 <= area.y0 < area.y1 <= 1
    for inner in boxes:
        assert area.x0 - 1e-9 <= inner.x0 <= inner.x1 <= area.x1 + 1e-9
        assert area.y0 - 1e-9 <= inner.y0 <= inner.y1 <= area.y1 + 1e-9
    part = Size((area.x1 - area.x0) * width, (area.y1 - area.y0) * height)
    card, scale = card_size(part, room)
    assert 1 <= card.width <= room
    assert part.width * scale <= card.width + 1
    assert part.height * scale <= card.height + 1


def test_a_picture_no_larger_than_a_card_is_not_cut() -> None:
    assert figure_area([box(0.4, 0.4, 0.5, 0.5)], 200, 100) == Area(0, 0, 1, 1)
