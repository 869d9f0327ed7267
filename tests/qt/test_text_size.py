"""All text follows the chosen size, and what holds it grows along."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QListWidget, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui.buttons import TextButton
from app.ui.elided_label import ElidedLabel
from app.ui.message_strip import Words
from app.ui.settings.controls import ChoiceBox, Switch
from app.ui.style import SHEET
from app.ui.theme import themes, ui_font
from inference.events import Event, Failed, Finished, ImageRef, ReasoningDelta, TextDelta
from inference.types import Box, Timings, Usage
from tests.helpers.long_words import LongWords
from tests.helpers.scripted_engine import ScriptedEngine
from tests.helpers.settings import all_pages, settings_dialog
from tests.helpers.window import Start, attach


@pytest.fixture(autouse=True)
def _usual_size(qapp: QApplication) -> Iterator[None]:
    qapp.setStyle("Fusion")
    qapp.setFont(ui_font())
    themes().choose("light")
    yield
    themes().choose_text_size(100)


def test_no_text_has_a_size_of_its_own() -> None:
    assert re.findall(r"font(?:-size)?:[^;]*\d+ *p[xt]", SHEET.template) == []


@pytest.mark.parametrize("percent", [80, 100, 150, 200])
@pytest.mark.parametrize(("kind", "size_px"), [("title", 14), ("small", 12), ("heading", 17), ("help", 13), ("hero", 24)])
def test_labels_follow(qtbot: QtBot, percent: int, kind: str, size_px: int) -> None:
    label = QLabel("Words")
    label.setProperty("kind", kind)
    qtbot.addWidget(label)
    label.show()
    themes().choose_text_size(percent)
    QApplication.processEvents()
    assert label.font().pixelSize() == round(size_px * percent / 100) == themes().text_px(size_px)


def test_the_size_comes_back(qtbot: QtBot) -> None:
    button = TextButton("outlined")
    button.set_words("Words")
    qtbot.addWidget(button)
    button.show()
    before = button.sizeHint(), button.font().pixelSize()
    for percent in (200, 100):
        themes().choose_text_size(percent)
        QApplication.processEvents()
    assert (button.sizeHint(), button.font().pixelSize()) == before


@pytest.mark.parametrize("kind", ["primary", "outlined", "link", "fold", "chip", "plain", "danger"])
@pytest.mark.parametrize("percent", [80, 100, 150, 200])
def test_buttons_hold_their_words(qtbot: QtBot, kind: str, percent: int) -> None:
    themes().choose_text_size(percent)
    button = TextButton(kind)
    button.set_words("Größe 字号 g")
    qtbot.addWidget(button)
    button.show()
    QApplication.processEvents()
    drawn = button.fontMetrics().boundingRect(button.text())
    assert button.height() >= drawn.height() + 2
    assert button.width() >= button.fontMetrics().horizontalAdvance(button.text()) + 2


@pytest.mark.parametrize("percent", [100, 150, 200])
def test_fields_hold_their_words(qtbot: QtBot, percent: int) -> None:
    themes().choose_text_size(percent)
    choice = ChoiceBox(("a",))
    choice.set_value_words({"a": "Größe 字号 g"})
    for field in (QLineEdit("Größe 字号 g"), choice):
        qtbot.addWidget(field)
        field.show()
        assert field.sizeHint().height() >= field.fontMetrics().height() + 4


FREE = ElidedLabel | Switch | QToolButton
"""What has no words, or shows when they have no room."""


def cut(page: QWidget) -> list[str]:
    """What has less room than its words need."""
    found = []
    for widget in page.findChildren(QWidget):
        if not widget.isVisible() or widget.objectName().startswith("qt_") or isinstance(widget, FREE):
            continue
        if isinstance(widget, QLabel) and widget.text():
            if widget.wordWrap():
                needed = widget.heightForWidth(widget.width())
                longest = max(widget.fontMetrics().horizontalAdvance(word) for word in re.split(r"\s", widget.text()))
                is_cut = widget.height() < needed or (widget.text().isascii() and widget.width() < longest)
            else:
                is_cut = widget.width() < widget.sizeHint().width() or widget.height() < widget.fontMetrics().height()
        elif isinstance(widget, QAbstractButton | QComboBox):
            is_cut = widget.width() < widget.sizeHint().width() or widget.height() < widget.fontMetrics().height()
        else:
            continue
        if is_cut:
            found.append(f"{type(widget).__name__} {widget.size().toTuple()}: {getattr(widget, 'text', str)()}")
    return found


@pytest.mark.parametrize("percent", [100, 150, 200])
@pytest.mark.parametrize("has_long_words", [False, True], ids=["english", "longer"])
def test_no_page_of_the_settings_cuts_its_words(qtbot: QtBot, qapp: QApplication, percent: int, has_long_words: bool) -> None:
    """Also at the smallest size of the dialog."""
    themes().choose_text_size(percent)
    translator = LongWords()
    if has_long_words:
        QCoreApplication.installTranslator(translator)
    try:
        with settings_dialog(qtbot) as dialog:
            for name, page in all_pages(qtbot, dialog):
                assert cut(page) == [], name
                dialog.resize(dialog.minimumSize())
                QApplication.processEvents()
                assert cut(page) == [], f"{name}, small"
                side = dialog.findChild(QListWidget)
                assert side.sizeHintForColumn(0) <= side.viewport().width()
    finally:
        QCoreApplication.removeTranslator(translator)


def test_a_dialog_that_is_open_follows(qtbot: QtBot) -> None:
    with settings_dialog(qtbot) as dialog:
        pages = [page for _, page in all_pages(qtbot, dialog)]
        for percent in (200, 80):
            themes().choose_text_size(percent)
            QApplication.processEvents()
            for (name, _), page in zip(all_pages(qtbot, dialog), pages, strict=True):
                assert cut(page) == [], f"{name} at {percent} %"


@pytest.mark.parametrize(
    ("size_px", "has_long_words"),
    [((1200, 820), False), ((1200, 820), True), ((760, 640), False)],
    ids=["wide", "longer", "narrow"],
)
def test_the_window_cuts_no_words_at_twice_the_size(
    qtbot: QtBot, start: Start, picture: Path, size_px: tuple[int, int], has_long_words: bool
) -> None:
    figures = Finished("stop", Usage(3080, 0, 40), Timings(0.0, 0.0, 300.0, 31.0))
    crop = ImageRef("1", (Box(None, 0.1, 0.1, 0.3, 0.3),), "The left half", "x")
    scripts: list[list[Event]] = [
        [ReasoningDelta("Hm.", "x"), TextDelta("It is **red**.\n\n```py\nx\n```", "x"), crop, figures],
        [ReasoningDelta("Hm.", "x"), figures],
        [Failed("engine_crashed", "The engine's process was ended by signal 9.")],
    ]
    controller = start(ScriptedEngine(*scripts), is_test_model=True)
    window = controller.window
    attach(qtbot, controller, picture)
    for question in ("Which half is red?", "And now?", "And then?"):
        controller.asking.ask(question, controller.collecting.plan, True)
        qtbot.waitUntil(lambda: controller.conversation.running is None)
    translator = LongWords()
    if has_long_words:
        QCoreApplication.installTranslator(translator)
    try:
        window.resize(*size_px)
        controller.preferences.change("text_percent", 200)
        window.strip.ask("x", "What is attached to this conversation will be sent to a server.", ["Send", "Don't send"])
        window.transcript.open_find()
        qtbot.waitUntil(lambda: cut(window) == [])
        bar = window.transcript.verticalScrollBar()
        for place in range(0, bar.maximum() + 1, max(1, bar.pageStep() // 2)):
            bar.setValue(place)
            QApplication.processEvents()
            assert cut(window) == []
        window.header.rename()
        QApplication.processEvents()
        for part in window.header.findChildren(QWidget):
            assert part.isHidden() or part.parentWidget() is not window.header or window.header.rect().contains(part.geometry())
        controller.browsing.start_new(is_private=True)
        QApplication.processEvents()
        assert cut(window) == []
    finally:
        QCoreApplication.removeTranslator(translator)
        controller.preferences.change("text_percent", 100)


def test_a_long_message_is_scrolled_and_leaves_the_question_whole(qtbot: QtBot, start: Start) -> None:
    controller = start(None)
    controller.preferences.change("text_percent", 200)
    window = controller.window
    window.resize(820, 600)
    window.show()
    window.strip.show_message("report.pdf is sent at 62 % of the detail at which it can be read well. " * 6)
    window.strip.ask("?", "What is attached will be sent to api.example.org.", ["Send", "Don't send"])
    message, question = (words for words in window.strip.findChildren(Words) if words.isVisible())
    qtbot.waitUntil(lambda: message.verticalScrollBar().maximum() > 0 and message.focusPolicy() == Qt.FocusPolicy.TabFocus)
    assert question.verticalScrollBar().maximum() == 0 and question.focusPolicy() == Qt.FocusPolicy.NoFocus
