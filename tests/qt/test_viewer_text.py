"""Text, regions and links in the viewer, by mouse and by keys; what is copied and saved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app.chat.answer import Reference
from app.reading import Reading
from app.ui.picture_levels import PIXELS_MAX
from app.ui.viewer_requests import SavePicture
from inference.types import Box
from ingest.attachment import Attachment
from ingest.types import Area
from tests.helpers.pdf_files import picture_of_text
from tests.helpers.viewing import LINES, LINES_PT, OPEN_MS, SQUARE_PT, Bench, bench, make_report
from tests.helpers.window import make_picture

KEY, LEFT = Qt.Key, Qt.MouseButton.LeftButton
SHIFT, CONTROL, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


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
    """Three pages with text; the first is in view, and the canvas has the keyboard."""
    attachment = desk.reading.open(make_report(tmp_path / "report.pdf"))
    desk.viewer.set_pictures([attachment.pages()[0]])
    desk.settle()
    desk.viewer.activateWindow()
    desk.viewer.canvas.setFocus()
    desk.qtbot.waitUntil(desk.viewer.canvas.hasFocus)
    return attachment


def copied() -> str:
    return QGuiApplication.clipboard().text()


def lines(desk: Bench) -> tuple[QPoint, QPoint]:
    """Inside the first word and inside the last one of the two lines."""
    (x0, y0), (_, y1) = LINES_PT
    return desk.page_point(x0 + 10, y0 - 4), desk.page_point(x0 + 120, y1 - 4)


def test_a_drag_over_text_selects_it_in_reading_order(desk: Bench, report: Attachment, qtbot: QtBot) -> None:
    canvas = desk.viewer.canvas
    start, end = lines(desk)
    desk.drag(start, end)
    assert canvas.selection.text == "\n".join(LINES)
    desk.drag(end, start)
    assert canvas.selection.text == "\n".join(LINES)
    qtbot.keyClick(canvas, KEY.Key_C, CONTROL)
    assert copied() == "\n".join(LINES)
    assert canvas.region is None
    QTest.mouseClick(canvas, LEFT, pos=desk.page_point(300, 200))
    assert canvas.selection.is_empty


def test_a_double_click_selects_a_word_and_beside_text_it_zooms(desk: Bench, report: Attachment) -> None:
    canvas = desk.viewer.canvas
    QTest.mouseDClick(canvas, LEFT, pos=lines(desk)[0])
    assert canvas.selection.text == "Revenue"
    QTest.mouseDClick(canvas, LEFT, pos=desk.page_point(100, 250))
    assert canvas.scale_percent == 100
    QTest.mouseDClick(canvas, LEFT, pos=canvas.rect().center())
    assert canvas.is_fitted


def test_text_is_selected_by_keys(desk: Bench, report: Attachment, qtbot: QtBot) -> None:
    canvas = desk.viewer.canvas
    qtbot.keyClick(canvas, KEY.Key_Right, SHIFT)
    qtbot.keyClick(canvas, KEY.Key_Right, SHIFT)
    assert canvas.selection.text == "Chapter 1"
    qtbot.keyClick(canvas, KEY.Key_Down, SHIFT)
    assert canvas.selection.text.splitlines()[-1].startswith("Revenue fell")
    qtbot.keyClick(canvas, KEY.Key_A, CONTROL)
    assert canvas.selection.text == "\n\n".join(("Chapter 1", "\n".join(LINES)))
    qtbot.keyClick(canvas, KEY.Key_Escape)
    assert canvas.selection.is_empty


def test_the_pointer_says_what_a_press_would_do(desk: Bench, report: Attachment) -> None:
    canvas = desk.viewer.canvas
    QTest.mouseMove(canvas, lines(desk)[0])
    assert canvas.cursor().shape() == Qt.CursorShape.IBeamCursor
    QTest.mouseMove(canvas, desk.page_point(300, 200))
    assert canvas.cursor().shape() == Qt.CursorShape.ArrowCursor
    QTest.mouseMove(canvas, desk.page_point(250, 450))
    assert canvas.cursor().shape() == Qt.CursorShape.PointingHandCursor


def test_a_drag_beside_text_frames_a_region_to_ask_about(desk: Bench, report: Attachment, qtbot: QtBot) -> None:
    canvas = desk.viewer.canvas
    desk.drag(desk.page_point(SQUARE_PT[0], SQUARE_PT[1]), desk.page_point(SQUARE_PT[2], SQUARE_PT[3]))
    assert canvas.bar.isVisible()
    with qtbot.waitSignal(desk.viewer.region_asked) as asked:
        qtbot.keyClick(canvas, KEY.Key_Return)
    picture, area, words = asked.args
    assert words == ""
    assert picture == report.pages()[0]
    assert (area.x0, area.y0, area.x1, area.y1) == pytest.approx((0.5, 0.6, 0.75, 0.8), abs=0.01)
    assert canvas.region is None


def test_with_alt_or_the_tool_a_region_may_be_over_text(desk: Bench, report: Attachment, qtbot: QtBot) -> None:
    canvas = desk.viewer.canvas
    start, end = lines(desk)
    desk.drag(start, end, ALT)
    assert canvas.region is not None and canvas.selection.is_empty
    with qtbot.waitSignal(canvas.region_changed):
        qtbot.keyClick(canvas, KEY.Key_Escape)
    assert canvas.region is None
    desk.viewer.tools.region.click()
    desk.drag(start, end)
    assert canvas.region is not None and canvas.selection.is_empty


def test_a_region_is_made_moved_and_sized_by_keys(desk: Bench, report: Attachment, qtbot: QtBot) -> None:
    canvas, page = desk.viewer.canvas, report.pages()[0]
    qtbot.keyClick(canvas, KEY.Key_R)
    made = canvas.region
    assert made == Area(0.25, 0.25, 0.75, 0.75)
    for _ in range(3):
        qtbot.keyClick(canvas, KEY.Key_Right, CONTROL)
    qtbot.keyClick(canvas, KEY.Key_Down, SHIFT | CONTROL)
    moved = canvas.region
    assert moved is not None
    assert (moved.x0 - made.x0) * page.width == pytest.approx(3)
    assert (moved.x1 - made.x1) * page.width == pytest.approx(3)
    assert moved.y0 == made.y0
    assert (moved.y1 - made.y1) * page.height == pytest.approx(1)


@pytest.mark.parametrize("by", ["keys", "input method"])
def test_writing_while_a_region_is_framed_begins_the_question(desk: Bench, report: Attachment, qtbot: QtBot, by: str) -> None:
    canvas = desk.viewer.canvas
    composed = QInputMethodEvent()
    composed.setCommitString("读")
    QApplication.sendEvent(canvas, composed)
    qtbot.keyClick(canvas, KEY.Key_R)
    for key in (KEY.Key_Plus, KEY.Key_Space, KEY.Key_0):  # still the viewer's
        qtbot.keyClick(canvas, key)
    qtbot.keyClick(canvas, KEY.Key_R, Qt.KeyboardModifier.ControlModifier)  # a command of the window
    assert canvas.region is not None
    with qtbot.waitSignal(desk.viewer.region_asked) as asked:
        if by == "keys":
            qtbot.keyClicks(canvas, "R")
        else:
            QApplication.sendEvent(canvas, composed)
    assert asked.args is not None
    assert asked.args[2] == ("R" if by == "keys" else "读")
    assert canvas.region is None


def test_a_region_is_dragged_along_and_by_its_corners(desk: Bench, report: Attachment) -> None:
    canvas = desk.viewer.canvas
    desk.drag(desk.point(0.4, 0.6), desk.point(0.6, 0.8))
    desk.drag(desk.point(0.5, 0.7), desk.point(0.6, 0.7))
    moved = canvas.region
    assert moved is not None
    assert (moved.x0, moved.y0, moved.x1, moved.y1) == pytest.approx((0.5, 0.6, 0.7, 0.8), abs=0.01)
    desk.drag(desk.point(0.7, 0.8), desk.point(0.9, 0.9))
    sized = canvas.region
    assert sized is not None
    assert (sized.x0, sized.y0, sized.x1, sized.y1) == pytest.approx((0.5, 0.6, 0.9, 0.9), abs=0.01)
    QTest.mouseClick(canvas, LEFT, pos=desk.point(0.2, 0.95))
    assert canvas.region is None


def test_a_region_is_copied_in_its_own_pixels(desk: Bench, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "fine.png"
    image = Image.new("RGB", (3600, 2400), "white")  # more than is kept for the window
    image.paste("red", (1800, 1200, 2700, 2000))
    image.putpixel((2250, 1600), (0, 255, 0))
    image.save(path)
    attachment = desk.reading.open(path)
    desk.viewer.set_pictures(attachment.pages())
    desk.settle()
    desk.drag(desk.point(0.5, 0.5), desk.point(0.75, 2000 / 2400))
    region = desk.viewer.canvas.region
    assert region is not None
    with qtbot.waitSignal(QGuiApplication.clipboard().dataChanged, timeout=OPEN_MS):
        desk.viewer.canvas.bar.picture_wanted.emit()
    got = QGuiApplication.clipboard().image()
    left, top = round(region.x0 * 3600), round(region.y0 * 2400)
    assert (got.width(), got.height()) == (round(region.x1 * 3600) - left, round(region.y1 * 2400) - top)
    assert got.pixelColor(2250 - left, 1600 - top) == QColor(0, 255, 0)


def test_the_text_in_a_region_is_copied(desk: Bench, report: Attachment, qtbot: QtBot) -> None:
    start, end = desk.page_point(30, 125), desk.page_point(230, 150)
    desk.drag(start, end, ALT)
    desk.viewer.canvas.bar.text_wanted.emit()
    assert copied() == LINES[1]


def test_links_lead_to_pages_or_tell_where_they_lead(desk: Bench, report: Attachment, qtbot: QtBot) -> None:
    canvas = desk.viewer.canvas
    with qtbot.waitSignal(desk.viewer.link_activated) as activated:
        QTest.mouseClick(canvas, LEFT, pos=desk.page_point(250, 450))
    assert activated.args == ["https://example.org/figures", canvas.mapToGlobal(desk.page_point(250, 450))]
    QTest.mouseClick(canvas, LEFT, pos=desk.page_point(80, 55))
    assert desk.viewer.header.words == "report.pdf   page 2 of 3"


def test_text_of_a_scan_is_read_when_that_is_wanted(desk: Bench, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "scan.jpg"
    path.write_bytes(picture_of_text("Invoice 4711", 800, 400))
    desk.viewer.set_pictures(desk.reading.open(path).pages())
    desk.settle()
    canvas = desk.viewer.canvas
    assert canvas.layer is not None and canvas.layer.is_empty
    desk.viewer.tools.read.click()
    assert desk.viewer.notice.text.startswith("Reading the text")
    qtbot.waitUntil(lambda: canvas.layer is not None and canvas.layer.is_recognised, timeout=OPEN_MS)
    assert not desk.viewer.tools.read.isVisible()
    canvas.selection.select_all()
    assert canvas.selection.text == "Invoice 4711"


def test_reading_is_stopped(desk: Bench, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "scan.jpg"
    path.write_bytes(picture_of_text("Invoice 4711", 800, 400))
    desk.viewer.set_pictures(desk.reading.open(path).pages())
    desk.settle()
    desk.viewer.tools.read.click()
    desk.viewer.notice.stop.click()
    assert desk.viewer.notice.text == ""
    desk.viewer.tools.read.click()  # and can be begun again
    qtbot.waitUntil(lambda: bool(desk.viewer.canvas.layer and desk.viewer.canvas.layer.is_recognised), timeout=OPEN_MS)


def test_a_magnified_page_becomes_sharp(desk: Bench, report: Attachment, qtbot: QtBot) -> None:
    canvas = desk.viewer.canvas
    middle = desk.page_point(SQUARE_PT[0], SQUARE_PT[1])
    canvas.zoom(12, middle.toPointF())
    qtbot.waitUntil(lambda: canvas.detail_area is not None, timeout=OPEN_MS)
    image = canvas.grab().toImage()
    left, top, *_ = canvas.view_geometry.rect(0.5, 0.6, 1, 1)  # type: ignore[union-attr]
    ratio = image.devicePixelRatio()
    row = [image.pixelColor(round((left + offset) * ratio), round((top + 60) * ratio)) for offset in (-3, 3)]
    assert row[0] == QColor("white")
    assert row[1] == QColor(0, 0, 255)


def test_a_picture_larger_than_what_is_kept_is_shown_pixel_by_pixel(desk: Bench, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "stripes.png"
    image = Image.new("RGB", (4000, 2400), "white")
    for x in range(0, 4000, 2):
        image.paste("black", (x, 0, x + 1, 2400))
    image.save(path)
    assert image.width * image.height > PIXELS_MAX
    desk.viewer.set_pictures(desk.reading.open(path).pages())
    desk.settle()
    canvas = desk.viewer.canvas
    canvas.zoom_to_pixels()
    canvas.zoom(4)
    qtbot.waitUntil(lambda: canvas.detail_area is not None, timeout=OPEN_MS)
    shot = canvas.grab().toImage()
    levels = [shot.pixelColor(x, shot.height() // 2).lightness() for x in range(50, 150)]
    assert max(levels) > 240
    assert min(levels) < 15


def test_a_picture_is_saved_with_its_boxes(desk: Bench, tmp_path: Path, qtbot: QtBot) -> None:
    attachment = desk.reading.open(make_picture(tmp_path / "shot.png", (800, 600), "white"))
    desk.viewer.set_pictures(attachment.pages())
    desk.settle()
    desk.viewer.show_references([Reference(1, Box(None, 0.25, 0.25, 0.75, 0.75), attachment.pages()[0].id)])
    desk.viewer.commands.save(with_boxes=True)
    (dialog,) = desk.viewer.findChildren(QFileDialog)
    wanted: list[SavePicture] = []
    desk.viewer.wanted.connect(wanted.append)
    dialog.fileSelected.emit(str(tmp_path / "out.png"))
    dialog.reject()
    qtbot.waitUntil(lambda: desk.viewer.notice.text == "Saved as out.png.", timeout=OPEN_MS)
    assert len(wanted) == 1
    with Image.open(tmp_path / "out.png") as saved:
        assert saved.size == (800, 600)
        assert saved.getpixel((200, 300)) != (255, 255, 255)
        assert saved.getpixel((100, 300)) == (255, 255, 255)


def test_a_place_that_cannot_be_written_is_told(desk: Bench, tmp_path: Path, qtbot: QtBot) -> None:
    attachment = desk.reading.open(make_picture(tmp_path / "shot.png"))
    desk.viewer.set_pictures(attachment.pages())
    desk.settle()
    desk.viewer.wanted.emit(SavePicture(attachment.pages()[0], tmp_path / "nowhere" / "out.png"))
    qtbot.waitUntil(lambda: desk.viewer.notice.text != "", timeout=OPEN_MS)
    assert "out.png" in desk.viewer.notice.text


def test_the_menu_offers_what_there_is(desk: Bench, report: Attachment, qtbot: QtBot) -> None:
    canvas = desk.viewer.canvas
    canvas.selection.select_all()
    menu = desk.viewer.commands.build_menu()
    said = [action.text().partition("\t")[0] for action in menu.actions() if action.text()]
    assert said == [
        "Copy", "Ask about this text", "Select all text", "Frame a region", "Copy picture", "Save picture…", "Links on this page",
    ]  # fmt: skip
    with qtbot.waitSignal(desk.viewer.text_asked) as asked:
        next(action for action in menu.actions() if action.text() == "Ask about this text").trigger()
    assert asked.args == [canvas.selection.text]
