"""The viewer pages through documents, finds places, and shows what belongs to which page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.chat.answer import Reference
from app.chat.pictures import Crop, KeptPicture, SourceInfo
from app.reading import Reading
from app.ui.picture_levels import KEPT_BYTES_MAX
from inference.types import Box
from ingest.attachment import Attachment, Page
from ingest.errors import FileUnreadable
from ingest.types import Area
from tests.helpers.documents import make_deck, make_video
from tests.helpers.viewing import OPEN_MS, Bench, bench, keep, make_report
from tests.helpers.window import make_picture

KEY = Qt.Key


@pytest.fixture(scope="module")
def reading() -> Iterator[Reading]:
    reading = Reading(keeps_on_disk=False)
    yield reading
    reading.close()


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, reading: Reading) -> Iterator[Bench]:
    with bench(qtbot, reading) as made:
        yield made


@pytest.fixture
def report(desk: Bench, tmp_path: Path) -> Attachment:
    """Three pages, of which the second was sent, with it in view."""
    attachment = desk.reading.open(make_report(tmp_path / "report.pdf"))
    desk.viewer.set_pictures([attachment.pages()[1]])
    desk.settle()
    subject = desk.viewer.paging.subject
    desk.qtbot.waitUntil(lambda: subject is not None and all(map(subject.picture, range(3))), timeout=OPEN_MS)
    return attachment


def shown(desk: Bench) -> str:
    assert desk.viewer.shown_picture is not None
    return desk.viewer.shown_picture.name


def wheel(desk: Bench, notches: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    canvas = desk.viewer.canvas
    middle = QPointF(canvas.rect().center())
    on_screen = QPointF(canvas.mapToGlobal(canvas.rect().center()))
    no_phase, angle = Qt.ScrollPhase.NoScrollPhase, QPoint(0, 120 * notches)
    event = QWheelEvent(middle, on_screen, QPoint(), angle, Qt.MouseButton.NoButton, modifiers, no_phase, False)
    QApplication.sendEvent(canvas, event)


def reference(number: int, picture_id: str, *sides: float, label: str = "") -> Reference:
    return Reference(number, Box(None, *sides, label=label or None), picture_id)


def test_all_pages_of_a_document_are_offered_not_only_those_sent(desk: Bench, report: Attachment, qtbot: QtBot) -> None:
    viewer, canvas = desk.viewer, desk.viewer.canvas
    assert viewer.header.words == "report.pdf   page 2 of 3"
    qtbot.keyClick(canvas, KEY.Key_PageDown)
    assert viewer.header.words == "report.pdf   page 3 of 3"
    desk.settle()
    assert shown(desk) == "report.pdf, page 3"
    qtbot.keyClick(canvas, KEY.Key_PageDown)
    assert shown(desk) == "report.pdf, page 3"
    qtbot.keyClick(canvas, KEY.Key_Home)
    assert viewer.header.words == "report.pdf   page 1 of 3"


def test_a_number_in_the_header_goes_to_that_page(desk: Bench, report: Attachment, qtbot: QtBot) -> None:
    field = desk.viewer.header.field
    field.selectAll()
    qtbot.keyClicks(field, "3")
    qtbot.keyClick(field, KEY.Key_Return)
    assert shown(desk) == "report.pdf, page 3"
    field.selectAll()
    qtbot.keyClicks(field, "7")  # there is none
    qtbot.keyClick(field, KEY.Key_Return)
    assert shown(desk) == "report.pdf, page 3"


def test_the_wheel_turns_the_page_at_the_end_of_what_is_in_view(desk: Bench, report: Attachment) -> None:
    canvas = desk.viewer.canvas
    wheel(desk, -1)
    desk.settle()
    assert shown(desk) == "report.pdf, page 3"
    wheel(desk, 1)
    assert shown(desk) == "report.pdf, page 2"
    desk.settle()
    canvas.zoom(3.0)
    before = canvas.view_geometry
    wheel(desk, -1)
    assert shown(desk) == "report.pdf, page 2"  # it is scrolled first
    assert before is not None and canvas.view_geometry is not None and canvas.view_geometry.top < before.top
    while shown(desk) == "report.pdf, page 2":
        wheel(desk, -1)
    assert shown(desk) == "report.pdf, page 3"
    assert canvas.view_geometry.scale == before.scale  # as large as before, and from its top
    assert canvas.view_geometry.top > 0


def test_the_wheel_with_control_zooms_about_the_pointer(desk: Bench, report: Attachment) -> None:
    before = desk.viewer.canvas.view_geometry
    wheel(desk, 2, Qt.KeyboardModifier.ControlModifier)
    after = desk.viewer.canvas.view_geometry
    assert before is not None and after is not None
    assert after.scale == pytest.approx(before.scale * 1.25**2)


def test_a_picture_of_an_earlier_question_lands_on_its_page(desk: Bench, tmp_path: Path, qtbot: QtBot) -> None:
    attachment = desk.reading.open(make_report(tmp_path / "report.pdf"))
    page = attachment.pages()[1]
    kept = keep(page, attachment, page.locator)
    desk.viewer.set_pictures([kept])
    assert desk.viewer.header.words == "report.pdf   page 2 of 3"
    desk.settle()
    qtbot.waitUntil(lambda: isinstance(desk.viewer.shown_picture, Page))
    assert desk.viewer.shown_picture == page
    qtbot.keyClick(desk.viewer.canvas, KEY.Key_PageUp)
    desk.settle()
    assert shown(desk) == "report.pdf, page 1"


def test_a_part_of_a_page_is_shown_and_marked_on_the_whole_page(desk: Bench, tmp_path: Path, qtbot: QtBot) -> None:
    attachment = desk.reading.open(make_report(tmp_path / "report.pdf"))
    page = attachment.pages()[2]
    crop = Crop(page, Area(0.5, 0.5, 1.0, 1.0))
    kept = keep(crop, attachment, page.locator)
    kept = replace(kept, place=replace(kept.place, area=crop.area))
    for given in (crop, kept):
        desk.viewer.set_pictures([given])
        desk.viewer.show_references([reference(1, given.id, 0.0, 0.2, 0.5, 0.6)])
        qtbot.waitUntil(lambda: desk.viewer.canvas.mark_rect(1) is not None, timeout=OPEN_MS)
        assert desk.viewer.shown_picture == page
        geometry, rect = desk.viewer.canvas.view_geometry, desk.viewer.canvas.mark_rect(1)
        assert geometry is not None and rect is not None
        assert rect.getRect() == pytest.approx(geometry.rect(0.5, 0.6, 0.75, 0.8), abs=1)
        desk.viewer.set_pictures([])


def test_a_picture_whose_file_is_gone_says_so(desk: Bench, report: Attachment, qtbot: QtBot) -> None:
    def gone(source: SourceInfo) -> Attachment:
        raise FileUnreadable(f"{source.name} is gone.")

    kept = keep(report.pages()[0], report, "page 1")
    place = replace(kept.place, source=replace(kept.place.source, id="0" * 64))
    lost = KeptPicture(place, "lost", kept.name, kept.width, kept.height, gone)
    desk.viewer.set_pictures([])
    desk.viewer.set_pictures([lost])
    qtbot.waitUntil(lambda: desk.viewer.notice.text != "", timeout=OPEN_MS)
    assert "report.pdf" in desk.viewer.notice.text


def test_a_reference_opens_its_page_with_the_box_in_view(desk: Bench, report: Attachment) -> None:
    first, second = report.pages()[0], report.pages()[1]
    desk.viewer.set_pictures([first, second])
    desk.show(second)
    marks = [reference(1, first.id, 0.8, 0.9, 0.9, 0.95), reference(2, second.id, 0.1, 0.1, 0.2, 0.2)]
    desk.viewer.show_references(marks)
    assert desk.viewer.canvas.mark_rect(1) is None
    desk.viewer.canvas.zoom(6)
    desk.viewer.show_reference(marks[0])
    assert desk.viewer.shown_picture == first
    rect = desk.viewer.canvas.mark_rect(1)
    assert rect is not None and desk.viewer.canvas.rect().contains(rect.center().toPoint())


def test_boxes_are_listed_with_their_places_and_reached_by_keys(desk: Bench, report: Attachment, qtbot: QtBot) -> None:
    first, second = report.pages()[0], report.pages()[1]
    desk.viewer.set_pictures([first, second])
    desk.show(second)
    marks = [reference(1, second.id, 0.0, 0.0, 0.3, 0.4, label="red circle"), reference(2, first.id, 0.5, 0.5, 0.5, 0.5)]
    desk.viewer.show_references(marks)
    boxes, canvas = desk.viewer.boxes, desk.viewer.canvas
    assert boxes.lines == ["red circle, upper left, 12 % of the picture", "marked place, middle, in report.pdf, page 1"]
    assert canvas.accessibleDescription() == ("report.pdf   page 2 of 3. Marked: 1 red circle, upper left, 12 % of the picture.")
    rows = boxes.rows
    boxes.fold.click()
    desk.viewer.activateWindow()
    rows.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(rows.hasFocus)
    assert canvas.current == 1
    with qtbot.waitSignal(desk.viewer.box_hovered) as hovered:
        qtbot.keyClick(rows, KEY.Key_Down)
    assert hovered.args == [2]
    qtbot.keyClick(rows, KEY.Key_Return)
    assert desk.viewer.shown_picture == first
    assert canvas.mark_rect(2) is not None
    assert boxes.lines[1] == "marked place, middle"


def test_thumbnails_say_what_was_sent_and_what_is_marked(desk: Bench, report: Attachment) -> None:
    second = report.pages()[1]
    desk.viewer.show_references([reference(3, second.id, 0, 0, 1, 1), reference(4, second.id, 0, 0, 0.1, 0.1)])
    model = desk.viewer.row.model()
    said = [model.data(model.index(row, 0), Qt.ItemDataRole.AccessibleTextRole) for row in range(3)]
    assert said == ["report.pdf, page 1", "report.pdf, page 2; part of a question; marked: 3, 4", "report.pdf, page 3"]


def test_several_attachments_are_switched_between_and_keep_their_pages(desk: Bench, report: Attachment, tmp_path: Path) -> None:
    deck = desk.reading.open(make_deck(tmp_path / "talk.pptx"))
    clip = desk.reading.open(make_video(tmp_path / "clip.mp4")[0])
    one, other = (
        desk.reading.open(make_picture(tmp_path / name, color=color)) for name, color in (("1.png", "red"), ("2.png", "blue"))
    )
    viewer, paging = desk.viewer, desk.viewer.paging
    frames = clip.frames()
    viewer.set_pictures([report.pages()[1], *frames[::-1], one.pages()[0], other.pages()[0]], [deck])
    assert [subject.name for subject in paging.subjects.all] == ["report.pdf", "clip.mp4", "", "talk.pptx"]
    assert viewer.header.words == "report.pdf   page 2 of 3"
    paging.switch(1)
    assert viewer.header.words == f"clip.mp4   frame 1 of {len(frames)}"
    assert viewer.shown_picture == frames[0]  # in the order of their times
    paging.switch(1)
    assert viewer.header.words == "1.png   picture 1 of 2"
    paging.switch(1)
    desk.settle()
    assert viewer.header.words == "talk.pptx   slide 1 of 2"
    paging.switch(1)
    assert viewer.header.words == "report.pdf   page 2 of 3"


def test_more_pictures_leave_the_page_in_view_alone(desk: Bench, report: Attachment, tmp_path: Path) -> None:
    desk.viewer.paging.go_to(2)  # a page that was not sent
    desk.settle()
    desk.viewer.canvas.zoom(2)
    before = desk.viewer.canvas.view_geometry
    other = desk.reading.open(make_picture(tmp_path / "1.png"))
    desk.viewer.set_pictures([report.pages()[1], other.pages()[0]])
    assert shown(desk) == "report.pdf, page 3"
    assert desk.viewer.canvas.view_geometry == before
    desk.viewer.set_pictures([other.pages()[0]])
    assert shown(desk) == "1.png"
    desk.viewer.set_pictures([])
    assert desk.viewer.shown_picture is None


def test_a_long_document_costs_only_what_is_looked_at(desk: Bench, tmp_path: Path) -> None:
    attachment = desk.reading.open(make_report(tmp_path / "long.pdf", page_count=300))
    desk.viewer.set_pictures([attachment.pages()[0]])
    desk.settle()
    known = [desk.viewer.paging.subject.picture(index) is not None for index in range(300)]  # type: ignore[union-attr]
    assert sum(known) <= 256
    for _ in range(20):
        desk.viewer.paging.turn(1)
        desk.settle()
    assert desk.cache.size_bytes <= KEPT_BYTES_MAX
    drawn = [page for page in attachment.pages() if desk.cache.thumbnail(page.id) is not None]
    assert len(drawn) < 100
    desk.viewer.paging.go_to(299)  # its neighbours are not known yet
    desk.settle()
    assert shown(desk) == "long.pdf, page 300"
