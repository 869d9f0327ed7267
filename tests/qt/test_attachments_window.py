"""From what comes into the window to what the composer says of it, without a controller."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QMimeData, QObject, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.chat.parts import Room, Shown
from app.collecting import Collecting
from app.reading import Reading
from app.ui.elided_label import ElidedLabel
from app.ui.main_window import MainWindow
from app.ui.picture_card import PictureCard, Thumbnail
from app.ui.picture_levels import PictureCache
from app.ui.question_edit import LONG_LINES
from app.workers.tasks import TaskRunner
from ingest.types import Area
from tests.helpers.documents import make_pdf
from tests.helpers.window import OPEN_MS, make_picture, press, visible_text


@dataclass
class Parts:
    """The window and what collects for it, as the controller puts them together."""

    window: MainWindow
    collecting: Collecting


@pytest.fixture
def parts(qtbot: QtBot, qapp: QApplication) -> Iterator[Parts]:
    QLocale.setDefault(QLocale("en_US"))
    owner = QObject()
    tasks = TaskRunner("collecting test", owner)
    cache = PictureCache(tasks, owner)
    reading = Reading(keeps_on_disk=False)
    window = MainWindow(cache)
    qtbot.addWidget(window)
    collecting = Collecting(window, tasks, cache, reading, lambda: Room(4_000), owner)
    window.intake_received.connect(collecting.take_in)
    window.show()
    yield Parts(window, collecting)
    collecting.close()
    tasks.close()
    reading.close()


def settle(qtbot: QtBot, parts: Parts) -> None:
    qtbot.waitUntil(lambda: not parts.collecting.is_running, timeout=OPEN_MS)


def drop(window: MainWindow, data: QMimeData) -> bool:
    actions, buttons, modifiers = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(300, 300), actions, data, buttons, modifiers)
    QApplication.sendEvent(window, enter)
    event = QDropEvent(QPointF(300, 300), actions, data, buttons, modifiers)
    if enter.isAccepted():
        QApplication.sendEvent(window, event)
    return enter.isAccepted() and event.isAccepted()


def quiet_words(parts: Parts) -> list[str]:
    return [label.full_text for label in parts.window.composer.findChildren(ElidedLabel)]


def test_what_is_dropped_says_what_it_takes_once_that_is_known(qtbot: QtBot, parts: Parts, tmp_path: Path) -> None:
    data = QMimeData()
    files = [make_picture(tmp_path / "cat.png", (560, 280)), make_pdf(tmp_path / "report.pdf", page_count=3)]
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
    assert drop(parts.window, data)
    settle(qtbot, parts)
    plan = parts.collecting.plan
    assert f"{plan.tokens:,} tokens" in quiet_words(parts)
    costs = [card.accessibleDescription() for card in parts.window.composer.findChildren(PictureCard)]
    assert costs == ["560 × 280, 200 tokens", f"3 pages, {plan.tokens - 200:,} tokens"]
    parts.collecting.set_expected(lambda image_tokens, tokens: image_tokens * 0.01 + tokens * 0.01)
    images = sum(part.image_tokens for part in plan.parts if isinstance(part, Shown))
    assert f"{plan.tokens:,} tokens, about {round((images + plan.tokens) / 100)} s" in quiet_words(parts)
    parts.collecting.attachments.clear()
    assert not any("tokens" in words for words in quiet_words(parts))


def test_what_does_not_fit_is_said_before_it_is_sent(qtbot: QtBot, parts: Parts, tmp_path: Path) -> None:
    parts.collecting.attachments.add_files([make_pdf(tmp_path / "long.pdf", page_count=200)])
    settle(qtbot, parts)
    assert "of 200 pages fit" in parts.window.strip.text
    assert parts.collecting.plan.tokens <= 4_000


def test_a_dropped_text_goes_into_the_question(qtbot: QtBot, parts: Parts) -> None:
    data = QMimeData()
    data.setText("What does this mean?")
    assert drop(parts.window, data)
    assert parts.window.composer.draft() == "What does this mean?"


def test_a_long_text_is_attached_when_the_user_says_so(qtbot: QtBot, parts: Parts) -> None:
    data = QMimeData()
    data.setText("\n".join(f"{number}: all is well" for number in range(LONG_LINES + 5)))
    assert drop(parts.window, data)
    press(parts.window.composer, "Attach them instead")
    settle(qtbot, parts)
    assert [entry.name for entry in parts.collecting.attachments.entries] == ["Pasted text"]
    assert parts.window.composer.draft() == ""
    assert "1 page" in visible_text(parts.window.composer)


def test_an_address_in_the_network_is_not_taken_in_any_form(parts: Parts) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/picture.png")])
    assert not drop(parts.window, data)


def test_a_marked_part_has_a_card_and_is_shown_in_the_viewer(qtbot: QtBot, parts: Parts, tmp_path: Path) -> None:
    collecting = parts.collecting
    collecting.attachments.add_files([make_pdf(tmp_path / "report.pdf")])
    settle(qtbot, parts)
    page = collecting.plan.parts[1].picture
    collecting.attachments.add_region(page, Area(0.2, 0.2, 0.8, 0.8))
    settle(qtbot, parts)
    cards = parts.window.composer.findChildren(PictureCard)
    assert cards[1].accessibleDescription().startswith("Part of page 2, ")
    assert not any(button.text() and button.isVisible() for button in cards[1].findChildren(QPushButton))
    parts.window.viewer.set_pictures(collecting.pictures)
    qtbot.keyClick(cards[1], Qt.Key.Key_Return)
    assert parts.window.viewer.shown_picture is not None
    assert parts.window.viewer.shown_picture.id == page.id  # the part is brought into view on its page


def test_the_newest_card_is_seen_and_tab_goes_through_all_before_the_question(qtbot: QtBot, parts: Parts) -> None:
    window, bar = parts.window, parts.window.composer.attachments
    for number in range(8):
        parts.collecting.attachments.add_text(f"words {number}", f"text {number}")
    settle(qtbot, parts)

    def in_view(widget: QWidget) -> bool:
        return bar.viewport().rect().contains(QRect(widget.mapTo(bar.viewport(), QPoint()), widget.size()))

    cards = bar.findChildren(PictureCard)
    qtbot.waitUntil(lambda: in_view(cards[-1]) and not in_view(cards[0]))
    window.activateWindow()
    window.composer.question.setFocus()
    seen = []
    for _ in range(24):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
        stop = QApplication.focusWidget()
        assert in_view(stop)
        seen.append(stop.accessibleName())
    names = ("Remove text {n}", "1 page. Choose a part of text {n}", "Attachment text {n}")
    assert seen == [name.format(n=n) for n in range(7, -1, -1) for name in names]
    wheel = QWheelEvent(
        QPointF(bar.viewport().rect().center()), QPointF(), QPoint(), QPoint(0, -24_000), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(bar.viewport(), wheel)
    assert in_view(cards[-1])


def test_control_with_page_keys_goes_to_another_attachment_where_the_viewer_has_the_keyboard(
    qtbot: QtBot, parts: Parts, tmp_path: Path
) -> None:
    window, viewer = parts.window, parts.window.viewer
    parts.collecting.attachments.add_files([make_pdf(tmp_path / "report.pdf"), make_picture(tmp_path / "cat.png")])
    settle(qtbot, parts)
    viewer.set_pictures(parts.collecting.pictures)
    window.set_has_pictures(True)
    window.activateWindow()
    commands: list[str] = []
    window.actions_table.triggered.connect(commands.append)
    for widget in (viewer.canvas, viewer.tools.region, viewer.row, viewer.header.field):  # the latter two only of the report
        viewer.show_picture(parts.collecting.pictures[0].id)
        qtbot.waitUntil(widget.isVisible)
        for key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp) if viewer.canvas is widget else (Qt.Key.Key_PageUp,):
            before = viewer.paging.subject
            widget.setFocus()
            qtbot.keyClick(widget, key, Qt.KeyboardModifier.ControlModifier)
            assert viewer.paging.subject is not before
    assert commands == []


@pytest.mark.parametrize(("size", "edges"), [((90, 128), "red lime"), ((128, 72), "red lime"), ((16, 128), "red")])
def test_a_card_shows_all_of_a_page_or_the_top_of_a_very_long_one(qtbot: QtBot, size: tuple[int, int], edges: str) -> None:
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    for y in range(size[1] // 2, size[1]):
        for x in range(size[0]):
            image.setPixelColor(x, y, QColor("white" if y < 0.9 * size[1] else "lime"))
    thumbnail = Thumbnail(40)
    qtbot.addWidget(thumbnail)
    thumbnail.set_image(image)
    drawn = thumbnail.grab().toImage()
    colors = {drawn.pixelColor(drawn.width() // 2, y).name() for y in range(drawn.height())}
    assert colors & {"#ff0000", "#00ff00"} == {QColor(edge).name() for edge in edges.split()}
