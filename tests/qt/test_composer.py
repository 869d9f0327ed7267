"""The composer by itself: words, pastes, chips, models, costs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QMimeData, Qt, QUrl
from PySide6.QtGui import QAction, QGuiApplication, QImage, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.attachments import Attachments
from app.reading import Reading
from app.speed import Cost
from app.ui.composer import Composer
from app.ui.elided_label import ElidedLabel
from app.ui.picture_card import PictureCard
from app.ui.picture_levels import PictureCache
from app.ui.question_edit import LINES_MAX, LONG_LINES, TEXT_CHARACTERS_MAX
from app.ui.theme import themes
from app.workers.tasks import TaskRunner
from tests.helpers.documents import make_pdf
from tests.helpers.window import OPEN_MS, find_button, make_picture, press, visible_text

LONG = "\n".join(f"line {number} 行" for number in range(LONG_LINES + 2))


@pytest.fixture(autouse=True)
def _english_numbers() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[TaskRunner]:
    runner = TaskRunner("composer test")
    yield runner
    runner.close()


@pytest.fixture
def cache(tasks: TaskRunner) -> PictureCache:
    return PictureCache(tasks)


@pytest.fixture
def composer(qtbot: QtBot, cache: PictureCache) -> Composer:
    composer = Composer(cache)
    qtbot.addWidget(composer)
    composer.resize(684, 160)
    composer.set_state(is_running=False, can_ask=True)
    composer.show()
    composer.activateWindow()
    composer.question.setFocus()
    return composer


@pytest.fixture
def attachments(tasks: TaskRunner, cache: PictureCache, composer: Composer) -> Iterator[Attachments]:
    reading = Reading(keeps_on_disk=False)
    attachments = Attachments(tasks, cache, reading)
    attachments.changed.connect(lambda: composer.show_attachments(attachments.entries))
    yield attachments
    reading.close()


def type_keys(composer: Composer, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(composer.question, key, modifier)


def paste(composer: Composer, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    composer.question.paste()


def quiet_words(composer: Composer) -> list[str]:
    return [label.full_text for label in composer.findChildren(ElidedLabel)]


# --- Words ---


def test_enter_sends_and_shift_enter_breaks_the_line(qtbot: QtBot, composer: Composer) -> None:
    qtbot.keyClicks(composer.question, "One")
    type_keys(composer, Qt.Key.Key_Return, modifier=Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(composer.question, "two")
    with qtbot.waitSignal(composer.submitted) as sent:
        type_keys(composer, Qt.Key.Key_Return)
    assert sent.args == ["One\ntwo", False]


def test_enter_belongs_to_the_input_method_while_it_composes(qtbot: QtBot, composer: Composer) -> None:
    qtbot.keyClicks(composer.question, "a")
    QApplication.sendEvent(composer.question, QInputMethodEvent("ni hao", []))
    with qtbot.assertNotEmitted(composer.submitted):
        type_keys(composer, Qt.Key.Key_Return)
    done = QInputMethodEvent()
    done.setCommitString("你好")
    QApplication.sendEvent(composer.question, done)
    with qtbot.waitSignal(composer.submitted) as sent:
        type_keys(composer, Qt.Key.Key_Return)
    assert str(sent.args[0]).endswith("你好")  # type: ignore[index]


def test_the_up_arrow_in_an_empty_field_asks_for_the_last_question(qtbot: QtBot, composer: Composer) -> None:
    with qtbot.waitSignal(composer.last_question_wanted):
        type_keys(composer, Qt.Key.Key_Up)
    qtbot.keyClicks(composer.question, "a")
    with qtbot.assertNotEmitted(composer.last_question_wanted):
        type_keys(composer, Qt.Key.Key_Up)


def test_the_field_grows_with_its_lines_up_to_a_limit(composer: Composer) -> None:
    heights = []
    for count in (1, 3, LINES_MAX, LINES_MAX + 5):
        composer.set_draft("\n".join("x" * 3 for _ in range(count)))
        heights.append(composer.question.height())
    assert heights[0] < heights[1] < heights[2] == heights[3]
    assert composer.question.verticalScrollBar().maximum() > 0


def test_a_draft_is_kept_and_gone_on_with(qtbot: QtBot, composer: Composer) -> None:
    composer.set_draft("Half a ques")
    qtbot.keyClicks(composer.question, "tion")
    assert composer.draft() == "Half a question"


# --- Pastes ---


def test_a_long_text_stays_in_the_field_and_is_offered_to_be_attached(qtbot: QtBot, composer: Composer) -> None:
    qtbot.keyClicks(composer.question, "Sum this up: ")
    paste(composer, LONG.replace("\n", "\r\n"))
    qtbot.keyClicks(composer.question, " Thanks")
    assert composer.draft() == f"Sum this up: {LONG} Thanks"
    assert f"You pasted {LONG_LINES + 2} lines of text." in quiet_words(composer)
    with qtbot.waitSignal(composer.text_attached) as attached:
        press(composer, "Attach them instead")
    assert attached.args == [LONG]
    assert composer.draft() == "Sum this up:  Thanks"
    assert not any(button.text() == "Attach them instead" and button.isVisible() for button in composer.findChildren(QPushButton))
    composer.question.undo()
    assert LONG in composer.draft()


def test_the_offer_goes_when_the_text_is_changed_or_sent(qtbot: QtBot, composer: Composer) -> None:
    paste(composer, LONG)
    assert find_button(composer, "Attach them instead")
    type_keys(composer, Qt.Key.Key_Backspace)
    assert "Attach them instead" not in visible_text(composer)
    composer.question.clear()
    paste(composer, LONG)
    composer.set_draft("")
    assert "Attach them instead" not in visible_text(composer)


def test_a_text_too_long_for_the_field_is_attached_at_once(qtbot: QtBot, composer: Composer) -> None:
    text = "x" * (TEXT_CHARACTERS_MAX + 1)
    with qtbot.waitSignal(composer.text_attached) as attached:
        paste(composer, text)
    assert attached.args == [text]
    assert composer.draft() == ""


def test_control_shift_v_pastes_without_asking(qtbot: QtBot, composer: Composer) -> None:
    QGuiApplication.clipboard().setText(LONG)
    type_keys(composer, Qt.Key.Key_V, modifier=Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert composer.draft() == LONG
    assert "Attach them instead" not in visible_text(composer)


def test_rich_text_is_pasted_as_plain_text(composer: Composer) -> None:
    data = QMimeData()
    data.setHtml("<b>Bold</b><img src='https://example.org/x.png'>")
    data.setText("Bold")
    composer.question.insertFromMimeData(data)
    assert composer.draft() == "Bold"


@pytest.mark.parametrize("kind", ["file", "picture"])
def test_files_and_pictures_are_handed_on(qtbot: QtBot, composer: Composer, kind: str) -> None:
    data = QMimeData()
    if kind == "file":
        data.setUrls([QUrl.fromLocalFile("/tmp/a.pdf")])
    else:
        data.setImageData(QImage(4, 4, QImage.Format.Format_RGB32))
    with qtbot.waitSignal(composer.pasted):
        composer.question.insertFromMimeData(data)
    assert composer.draft() == ""


# --- Chips and costs ---


def test_what_is_attached_says_what_it_takes(qtbot: QtBot, composer: Composer, attachments: Attachments, tmp_path: Path) -> None:
    attachments.add_files([make_pdf(tmp_path / "report.pdf", page_count=3), make_picture(tmp_path / "cat.png")])
    qtbot.waitUntil(lambda: len(attachments.pictures) == 2, timeout=OPEN_MS)
    first, second = (entry.key for entry in attachments.entries)
    composer.show_costs({first: Cost(3000, 3.4), second: Cost(120)}, Cost(3120, 4.0))
    said = visible_text(composer)
    assert "\n3,000 tokens, 3 s" in said and "· 120 tokens" in said
    assert "3,120 tokens, about 4 s" in quiet_words(composer)
    assert find_button(composer, "3 pages")
    card = composer.attachments.findChildren(PictureCard)[0]
    assert card.accessibleDescription() == "3 pages, 3,000 tokens, 3 s"
    composer.show_costs({}, Cost(0))
    assert "tokens" not in visible_text(composer)


def test_what_part_is_meant_begins_below_the_name(qtbot: QtBot) -> None:
    themes().choose("light")
    card = PictureCard("Hello.pdf")
    qtbot.addWidget(card)
    card.set_picture(QImage(40, 40, QImage.Format.Format_RGB32), lambda: "Hello", has_parts=True)
    image, part = card.grab().toImage(), card.findChildren(QPushButton)[0]
    name = next(label for label in card.findChildren(QLabel) if label.text() == "Hello.pdf")

    def left_edge(widget: QWidget) -> int:
        start = widget.mapTo(card, widget.rect().topLeft())
        rows = range(start.y(), start.y() + widget.height())
        return next(x for x in range(start.x(), image.width()) if len({image.pixel(x, y) for y in rows}) > 1)

    assert left_edge(part) == pytest.approx(left_edge(name), abs=2)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "9 tokens, about 1 s"), (12.6, "9 tokens, about 13 s"), (600.0, "9 tokens, about 10 min"), (None, "9 tokens")],
)
def test_times_are_rough(composer: Composer, seconds: float | None, words: str) -> None:
    composer.show_costs({}, Cost(9, seconds))
    assert words in quiet_words(composer)


def test_what_is_under_way_takes_the_place_of_the_expected_time(composer: Composer) -> None:
    composer.show_costs({}, Cost(3120, 4.0))
    composer.set_status("Looking at the picture… 3 of 8")
    assert "3,120 tokens · Looking at the picture… 3 of 8" in quiet_words(composer)
    composer.set_status("")
    assert "3,120 tokens, about 4 s" in quiet_words(composer)


# --- Models ---


def menu_of(composer: Composer) -> QMenu:
    (menu,) = composer.findChildren(QMenu)
    return menu


def entry(composer: Composer, text: str) -> QAction:
    return next(action for action in menu_of(composer).actions() if action.text() == text)


def test_without_other_models_the_chip_asks_for_a_file(qtbot: QtBot, composer: Composer) -> None:
    with qtbot.waitSignal(composer.model_wanted):
        press(composer, "No model yet")


@pytest.mark.qt_log_ignore("^This plugin does not support", extend=True)  # a menu without a window manager
def test_the_chip_offers_the_models_used_lately_with_the_current_one_ticked(qtbot: QtBot, composer: Composer) -> None:
    composer.set_model_name("GLM-4.6V-Flash")
    composer.set_models(["/m/GLM-4.6V-Flash-Q4.gguf", "/a/other.gguf", "/b/other.gguf"], "/m/GLM-4.6V-Flash-Q4.gguf")
    press(composer, "GLM-4.6V-Flash")
    qtbot.waitUntil(menu_of(composer).isVisible)
    texts = [(action.text(), action.isChecked()) for action in menu_of(composer).actions() if not action.isSeparator()]
    assert texts == [("GLM-4.6V-Flash-Q4", True), ("a / other", False), ("b / other", False), ("Choose a file…", False)]
    with qtbot.waitSignal(composer.model_chosen) as chosen:
        entry(composer, "b / other").trigger()
    assert chosen.args == ["/b/other.gguf"]
    with qtbot.waitSignal(composer.model_wanted):
        entry(composer, "Choose a file…").trigger()
    menu_of(composer).hide()
    composer.set_models([], "/x/new.gguf")
    assert [action.text() for action in menu_of(composer).actions() if action.isCheckable()] == ["new"]


@pytest.mark.qt_log_ignore("^This plugin does not support", extend=True)  # a menu without a window manager
def test_the_menu_is_reached_by_keyboard(qtbot: QtBot, composer: Composer) -> None:
    composer.set_model_name("GLM")
    composer.set_models(["/m/one.gguf", "/m/two.gguf"], "/m/one.gguf")
    find_button(composer, "GLM").setFocus()
    QTest.keyClick(find_button(composer, "GLM"), Qt.Key.Key_Space)
    qtbot.waitUntil(menu_of(composer).isVisible)
    with qtbot.waitSignal(composer.model_chosen) as chosen:
        QTest.keyClick(menu_of(composer), Qt.Key.Key_Down)
        QTest.keyClick(menu_of(composer), Qt.Key.Key_Return)
    assert chosen.args == ["/m/two.gguf"]


def test_thinking_is_chosen_for_each_question(qtbot: QtBot, composer: Composer) -> None:
    qtbot.keyClicks(composer.question, "Why?")
    press(composer, "Think")
    with qtbot.waitSignal(composer.submitted) as sent:
        press(composer, "Send")
    assert sent.args == ["Why?", True]


def test_a_models_name_is_cut_with_dots_where_there_is_no_room(composer: Composer) -> None:
    composer.set_model_name("tiny GLM-4.6V test model")
    chip = find_button(composer, "tiny GLM-4.6V test model")
    composer.resize(330, 160)
    QApplication.processEvents()
    assert "…" in chip.text()
    assert chip.width() >= chip.sizeHint().width()
    composer.resize(684, 160)
    assert chip.text() == "tiny GLM-4.6V test model"
