"""From the frozen screens to the answer and the window, with everything real but the picture of the screens and the engine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app import quick_question
from app.capture import geometry, grabbing
from app.capture.overlay_window import OverlayWindow
from app.controller import Controller
from app.ui.intake import Intake
from app.ui.message_text import QuestionText
from app.ui.quick.answer_card import AnswerCard
from app.ui.quick.ask_bar import AskBar
from app.ui.quick.countdown import Countdown
from inference.events import Finished, TextDelta
from inference.types import Capabilities
from ingest import cache
from ingest.errors import ReaderFailed
from tests.helpers.captures import WINDOW, capture_screens
from tests.helpers.scripted_engine import Pause, ScriptedEngine
from tests.helpers.window import OPEN_MS, Start

ANSWER = [TextDelta("A window.", "A window."), Finished("stop")]
BLUR = "Blur: nothing of it is sent"

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture(autouse=True)
def _frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same picture each time."""
    monkeypatch.setattr(grabbing, "take", lambda *_: capture_screens())


def shown(kind: type[OverlayWindow] | type[AskBar] | type[AnswerCard] | type[Countdown]) -> list[QWidget]:
    return [widget for widget in QApplication.allWidgets() if isinstance(widget, kind) and widget.isVisible()]


def choose_window(qtbot: QtBot, controller: Controller) -> tuple[OverlayWindow, AskBar]:
    """Take the drawn window by a click."""
    controller.outside.quick_ask.start()
    qtbot.waitUntil(lambda: bool(shown(OverlayWindow)))
    (overlay,) = shown(OverlayWindow)
    place = QPoint(WINDOW.x + 100, WINDOW.y + 200)
    QTest.mouseMove(overlay, place)
    QTest.mouseClick(overlay, Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: bool(shown(AskBar)))
    (bar,) = shown(AskBar)
    assert isinstance(overlay, OverlayWindow) and isinstance(bar, AskBar)
    return overlay, bar


def press(parent: OverlayWindow | AskBar | AnswerCard, name: str) -> None:
    buttons = [button for button in parent.findChildren(QAbstractButton) if button.isVisible()]
    next(button for button in buttons if name in (button.accessibleName(), button.text())).click()


def test_what_is_being_hidden_is_hidden_in_what_is_sent(qtbot: QtBot, start: Start) -> None:
    engine = ScriptedEngine(ANSWER)
    overlay, bar = choose_window(qtbot, start(engine))
    press(overlay, BLUR)
    QTest.keyClick(overlay, Qt.Key.Key_Up)  # begins one, which is not finished when the button is pressed
    press(bar, "Explain")
    qtbot.waitUntil(lambda: bool(engine.requests), timeout=OPEN_MS)
    (image,) = engine.requests[0].images()
    middle = 3 * (image.height // 2 * image.width + image.width // 2)
    assert image.read_rgb()[middle : middle + 3] != b"\xff\xff\xff"
    assert "Editor" not in repr(engine.requests[0].messages)  # the window's title may be what was hidden


def test_a_question_without_a_model_goes_on_in_the_window(qtbot: QtBot, start: Start) -> None:
    controller = start(None)
    controller.window.composer.set_draft("Earlier words")
    _, bar = choose_window(qtbot, controller)
    qtbot.waitUntil(lambda: bool(controller.outside.quick_ask._current.question.is_settled), timeout=OPEN_MS)
    QTest.keyClicks(bar.question, "What is this?")
    QTest.keyClick(bar.question, Qt.Key.Key_Return)
    assert not shown(OverlayWindow)
    assert controller.window.composer.draft() == "Earlier words\nWhat is this?"
    assert [entry.name for entry in controller.attachments.entries] == ["Editor"]


def test_a_private_answer_is_opened_in_the_window_or_ends(qtbot: QtBot, start: Start) -> None:
    pause = Pause()
    engine = ScriptedEngine(ANSWER, [pause, Finished("stop")])
    controller = start(engine)
    controller.preferences.change("keeps_history", False)
    _, bar = choose_window(qtbot, controller)
    press(bar, "Explain")
    qtbot.waitUntil(lambda: bool(engine.requests) and not controller.asking.is_answering, timeout=OPEN_MS)
    (card,) = shown(AnswerCard)
    assert isinstance(card, AnswerCard)
    press(card, "Open in window")
    assert [turn.answer.said for turn in controller.conversation.turns] == ["A window."]

    _, bar = choose_window(qtbot, controller)
    press(bar, "Explain")
    qtbot.waitUntil(pause.reached.is_set, timeout=OPEN_MS)
    controller.outside.quick_ask.close()  # nobody could ever read it
    qtbot.waitUntil(lambda: not controller.asking.is_answering)


def test_nothing_of_the_screen_is_on_disk_before_it_is_asked_about(
    qtbot: QtBot, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "WORTH_SECONDS_PER_BYTE", 0)  # however little drawing it cost
    engine = ScriptedEngine(ANSWER, preparation=[Finished("stop")])
    controller = start(engine)
    before = {path for path in Path(os.environ["HOME"]).rglob("*") if path.suffix in (".drawn", ".png")}
    _, bar = choose_window(qtbot, controller)
    qtbot.waitUntil(lambda: bool(engine.prepared), timeout=OPEN_MS)
    assert engine.prepared[0].images()[0].read_rgb() and not engine.prepared[0].keep_on_disk
    assert {path for path in Path(os.environ["HOME"]).rglob("*") if path.suffix in (".drawn", ".png")} == before
    press(bar, "Explain")
    qtbot.waitUntil(lambda: bool(engine.requests), timeout=OPEN_MS)
    assert engine.requests[0].keep_on_disk


def test_the_keyboard_stays_in_the_question_whatever_comes_up_below(qtbot: QtBot, start: Start) -> None:
    controller = start(None, "--hidden")
    overlay, bar = choose_window(qtbot, controller)
    controller.outside.show_window()  # as another start does
    assert controller.window.isHidden()
    controller.window.show()
    controller.window.activateWindow()
    qtbot.waitUntil(controller.window.isActiveWindow)
    controller.outside.quick_ask.start()
    qtbot.waitUntil(lambda: overlay.isActiveWindow() and bar.question.hasFocus())
    controller.window.hide()
    controller.outside.quick_ask.close()
    qtbot.waitUntil(controller.window.isVisible)


def test_the_program_stays_as_long_as_an_answer_is_pinned(qtbot: QtBot, start: Start) -> None:
    controller = start(ScriptedEngine(ANSWER))
    quick_ask = controller.outside.quick_ask
    _, bar = choose_window(qtbot, controller)
    press(bar, "Explain")
    qtbot.waitUntil(lambda: bool(shown(AnswerCard)) and not controller.asking.is_answering, timeout=OPEN_MS)
    (card,) = shown(AnswerCard)
    assert isinstance(card, AnswerCard)
    with qtbot.waitSignal(quick_ask.ended):
        press(card, "Pin")
    assert not quick_ask.is_open and quick_ask.is_seen
    with qtbot.waitSignal(quick_ask.conversation_ended):
        card.close()
    assert not quick_ask.is_seen


def test_asking_about_the_selection_again_takes_the_place_of_a_blank_question(qtbot: QtBot, start: Start) -> None:
    quick_ask = start(None).outside.quick_ask
    quick_ask.ask_about(Intake(text="one"))
    quick_ask.ask_about(Intake(text="two"))
    (bar,) = shown(AskBar)
    assert isinstance(bar, AskBar) and "two" in bar.question.placeholderText()
    qtbot.keyClicks(bar.question, "why")
    quick_ask.ask_about(Intake(text="three"))
    assert len(shown(AskBar)) == 2
    assert not [button for button in bar.findChildren(QAbstractButton) if button.isVisible() and "shot" in button.accessibleName()]


def unplug(qtbot: QtBot, controller: Controller, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Qt tells of a frozen screen that has another size."""
    monkeypatch.setattr(geometry, "screens", lambda: ())
    with qtbot.waitSignal(controller.outside.quick_ask.ended):
        QGuiApplication.primaryScreen().geometryChanged.emit(QRect(0, 0, 640, 480))
    assert not shown(OverlayWindow) and not controller.outside.quick_ask.is_open
    monkeypatch.undo()


@pytest.mark.parametrize("words", ["", "What is this?"])
def test_what_is_written_survives_a_screen_that_is_unplugged(
    qtbot: QtBot, start: Start, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    engine = ScriptedEngine(ANSWER)
    controller = start(engine)
    _, bar = choose_window(qtbot, controller)
    QTest.keyClicks(bar.question, words)
    with monkeypatch.context() as patch:
        unplug(qtbot, controller, patch)
    assert controller.outside.quick_ask.is_seen == bool(words) == (shown(AskBar) == [bar])
    if words:
        QTest.keyClick(bar.question, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: bool(engine.requests) and not controller.asking.is_answering, timeout=OPEN_MS)
        assert words in repr(engine.requests[0].messages) and len(engine.requests[0].images()) == 1
        (card,) = shown(AnswerCard)
        card.close()
        qtbot.waitUntil(lambda: not controller.outside.quick_ask.is_seen)


def test_an_answer_survives_a_screen_that_is_unplugged(qtbot: QtBot, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    controller = start(ScriptedEngine(ANSWER))
    _, bar = choose_window(qtbot, controller)
    press(bar, "Explain")
    qtbot.waitUntil(lambda: bool(shown(AnswerCard)) and not controller.asking.is_answering, timeout=OPEN_MS)
    with monkeypatch.context() as patch:
        unplug(qtbot, controller, patch)
    (card,) = shown(AnswerCard)
    assert isinstance(card, AnswerCard) and card.is_pinned
    card.close()


def test_the_seconds_of_a_delay_are_seen_and_gone_before_the_picture_is_taken(qtbot: QtBot, start: Start) -> None:
    quick_ask = start(None).outside.quick_ask
    quick_ask.start(delay_s=1.0)
    (countdown,) = shown(Countdown)
    assert isinstance(countdown, Countdown) and "1" in countdown.text()
    counted: list[tuple[int, bool]] = []
    quick_ask._grabber.counting.connect(lambda seconds: counted.append((seconds, countdown.isVisible())))
    qtbot.waitUntil(lambda: bool(shown(OverlayWindow)))
    assert counted == [(0, False)]
    quick_ask.close()


def test_what_is_written_when_consent_is_given_is_sent(qtbot: QtBot, start: Start) -> None:
    engine = ScriptedEngine(ANSWER, capabilities=Capabilities("Remote", host="api.example.org"))
    controller = start(engine)
    _, bar = choose_window(qtbot, controller)
    QTest.keyClicks(bar.question, "Old")
    QTest.keyClick(bar.question, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(shown(AnswerCard)), timeout=OPEN_MS)
    bar.set_text("New")
    (card,) = shown(AnswerCard)
    assert isinstance(card, AnswerCard)
    press(card, "Send")
    qtbot.waitUntil(lambda: bool(engine.requests), timeout=OPEN_MS)
    assert "New" in repr(engine.requests[0].messages) and "Old" not in repr(engine.requests[0].messages)


def test_text_that_could_not_be_read_is_read_again(qtbot: QtBot, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise ReaderFailed("It failed.")

    _, bar = choose_window(qtbot, start(None))
    with monkeypatch.context() as patch:
        patch.setattr(quick_question, "_recognise", fail)
        press(bar, "Extract text")
        qtbot.waitUntil(
            lambda: any("It failed." in label.text() for card in shown(AnswerCard) for label in card.findChildren(QLabel))
        )
    monkeypatch.setattr(quick_question, "_recognise", lambda *_: "Read at last")
    (card,) = shown(AnswerCard)
    assert isinstance(card, AnswerCard)
    press(card, "Ask again")
    qtbot.waitUntil(lambda: card.findChild(QuestionText) is not None)
