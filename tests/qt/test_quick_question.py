"""Questions that are asked outside the window: what goes along, preparation, consent, history, text without a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.capture.models import Rect, Screen, ScreenPicture
from app.capture.shot import Shot
from app.controller import Controller
from app.quick_question import QuickQuestion
from app.quick_shots import QuickShots
from app.workers.tasks import TaskRunner
from inference.events import Finished, TextDelta
from inference.types import Capabilities
from tests.helpers.scripted_engine import Pause, ScriptedEngine
from tests.helpers.window import OPEN_MS, Start

ANSWER = [TextDelta("A red square.", "A red square."), Finished("stop")]
REMOTE = Capabilities("Remote", host="api.example.org")

MakeQuestion = Callable[[Controller], QuickQuestion]


@pytest.fixture
def question_of() -> Iterator[MakeQuestion]:
    made: list[QuickQuestion] = []
    slow_tasks = TaskRunner("slow")

    def make(controller: Controller) -> QuickQuestion:
        made.append(controller.outside.new_question(slow_tasks, controller))
        return made[-1]

    yield make
    for question in made:
        if isValid(question):
            question.end()
    slow_tasks.close()


def picture(color: str = "red") -> QImage:
    image = QImage(120, 80, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    return image


def settle(qtbot: QtBot, question: QuickQuestion) -> None:
    qtbot.waitUntil(lambda: question.is_settled and bool(question.attachments.entries), timeout=OPEN_MS)


def wait_for_answer(qtbot: QtBot, question: QuickQuestion) -> None:
    qtbot.waitUntil(lambda: bool(question.conversation.turns) and question.conversation.running is None, timeout=OPEN_MS)


def test_a_question_outside_the_window_is_answered_and_kept(qtbot: QtBot, start: Start, question_of: MakeQuestion) -> None:
    engine = ScriptedEngine(ANSWER)
    controller = start(engine)
    shown = controller.conversation
    question = question_of(controller)
    question.add_image(picture(), "Screenshot")
    settle(qtbot, question)
    question.ask("What is this?")
    wait_for_answer(qtbot, question)
    turn = question.conversation.turns[0]
    assert turn.answer.said == "A red square."
    assert [source.name for source in turn.sources] == ["Screenshot"]
    assert controller.conversation is shown and not shown.turns
    assert not question.attachments.entries
    qtbot.waitUntil(lambda: [summary.key for summary in controller.browsing.summaries] == [question.conversation.key])
    controller.browsing.open(question.conversation.key)
    qtbot.waitUntil(lambda: controller.conversation.key == question.conversation.key)
    assert controller.conversation.turns[0].answer.said == "A red square."


def test_the_picture_is_prepared_before_the_question_is_there(qtbot: QtBot, start: Start, question_of: MakeQuestion) -> None:
    engine = ScriptedEngine(ANSWER, preparation=[Finished("stop")])
    question = question_of(start(engine))
    question.add_image(picture(), "Screenshot")
    qtbot.waitUntil(lambda: len(engine.prepared) == 1, timeout=OPEN_MS)
    assert engine.prepared[0].images()


def test_a_question_that_comes_too_early_waits_for_its_pictures(qtbot: QtBot, start: Start, question_of: MakeQuestion) -> None:
    engine = ScriptedEngine(ANSWER)
    question = question_of(start(engine))
    question.add_image(picture(), "Screenshot")
    question.ask("What is this?")
    assert not engine.requests
    wait_for_answer(qtbot, question)
    assert len(engine.requests[0].images()) == 1


def test_nothing_goes_to_another_computer_without_consent(qtbot: QtBot, start: Start, question_of: MakeQuestion) -> None:
    engine = ScriptedEngine(ANSWER, capabilities=REMOTE)
    question = question_of(start(engine))
    question.add_image(picture(), "Screenshot")
    settle(qtbot, question)
    with qtbot.waitSignal(question.consent_wanted) as asked:
        question.ask("What is this?")
    assert asked.args == ["api.example.org"]
    assert not engine.requests and not engine.prepared
    question.consent("api.example.org", False)
    assert not question.is_waiting and not engine.requests
    question.ask("What is this?")
    question.consent("api.example.org", True)
    wait_for_answer(qtbot, question)
    assert len(engine.requests) == 1


def test_the_next_question_is_asked_when_the_answer_has_ended(qtbot: QtBot, start: Start, question_of: MakeQuestion) -> None:
    pause = Pause()
    engine = ScriptedEngine([TextDelta("One", "One"), pause, Finished("stop")], ANSWER)
    question = question_of(start(engine))
    question.add_image(picture(), "Screenshot")
    question.ask("First?")
    qtbot.waitUntil(pause.reached.is_set, timeout=OPEN_MS)
    question.ask("Second?")
    assert len(engine.requests) == 1
    pause.release()
    qtbot.waitUntil(lambda: len(question.conversation.turns) == 2 and question.conversation.running is None)
    assert [turn.question for turn in question.conversation.turns] == ["First?", "Second?"]
    assert len(engine.requests[1].images()) == 1  # the picture of the first


def test_text_is_read_without_a_model(qtbot: QtBot, start: Start, question_of: MakeQuestion) -> None:
    question = question_of(start(None))
    image = QImage(400, 80, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setFont(QFont("DejaVu Sans", 20))
    painter.drawText(20, 50, "Total 1,457.60")
    painter.end()
    question.add_image(image, "Screenshot")
    with qtbot.waitSignal(question.extracted, timeout=OPEN_MS) as read:
        question.extract_text()
    assert "1,457.60" in read.args[0]


def test_a_question_that_was_given_up_prepares_nothing_more(qtbot: QtBot, start: Start, question_of: MakeQuestion) -> None:
    engine = ScriptedEngine(ANSWER, preparation=[Pause(), Finished("stop")])
    controller = start(engine)
    question = question_of(controller)
    question.add_image(picture(), "Screenshot")
    qtbot.waitUntil(lambda: len(engine.prepared) == 1, timeout=OPEN_MS)
    question.end()
    qtbot.waitUntil(lambda: engine.cancelled_prepares == 1)
    assert not controller.browsing.summaries


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_picture_that_is_being_prepared_is_not_begun_anew_by_the_question(
    qtbot: QtBot, start: Start, question_of: MakeQuestion, is_closed: bool
) -> None:
    preparing, answering = Pause(), Pause()
    engine = ScriptedEngine([answering, Finished("stop")], preparation=[preparing, Finished("stop")])
    controller = start(engine)
    question = question_of(controller)
    question.add_image(picture(), "Screenshot")
    qtbot.waitUntil(preparing.reached.is_set, timeout=OPEN_MS)
    question.ask("What is this?")
    qtbot.waitUntil(answering.reached.is_set, timeout=OPEN_MS)
    if is_closed:
        question.end()
        qtbot.waitUntil(lambda: not isValid(question))
    assert not engine.cancelled_prepares
    answering.release()  # an answer that is stopped ends in the same way
    qtbot.waitUntil(lambda: engine.cancelled_prepares == 1)


def test_a_question_waits_for_a_model(qtbot: QtBot, start: Start, question_of: MakeQuestion) -> None:
    engine = ScriptedEngine(ANSWER, preparation=[Finished("stop")])
    controller = start(engine)
    controller.model.model, model = None, controller.model.model
    question = question_of(controller)
    question.add_image(picture(), "Screenshot")
    settle(qtbot, question)
    question.ask("What is this?")
    assert question.is_waiting and not engine.requests
    controller.model.model = model
    controller.model.changed.emit()
    wait_for_answer(qtbot, question)
    assert len(engine.requests) == 1


def test_the_same_picture_twice_goes_along_until_both_are_left_out(qtbot: QtBot, start: Start, question_of: MakeQuestion) -> None:
    question = question_of(start(None))
    whole = ScreenPicture(Screen("main", Rect(0, 0, 120, 80), 1.0), picture())
    shots = QuickShots(question)
    for _ in range(2):
        shots.add(Shot(whole, Rect(0, 0, 60, 40)), "Screen")
    settle(qtbot, question)
    assert len(shots.images()) == 2 and len(question.attachments.entries) == 1
    shots.remove(0)
    assert len(question.attachments.entries) == 1
    shots.remove(0)
    assert not question.attachments.entries
