"""Answers from elsewhere: what is said while one waits, what can be done when it fails, what it took."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from app.controller import Controller
from app.spending import Spending
from app.ui.picture_levels import PictureCache
from app.ui.quick.answer_card import AnswerCard
from app.workers.tasks import TaskRunner
from inference.cloud.faults import read_fault
from inference.events import Event, Failed, Finished, Notice, Progress
from inference.types import Capabilities, Usage
from tests.helpers.engines import HOST, USAGE, Engines, answer, serve
from tests.helpers.scripted_engine import Pause, ScriptedEngine
from tests.helpers.window import OPEN_MS, Start, ask, attach, find_button, make_picture, press, send, visible_text, wait_for_answer

KEY_REFUSED = Failed("key_refused", "The server does not accept the key. Enter it again in the settings, or make a new one.")
BUSY = Failed("server_busy", "The server has too much to do. Ask again later, or choose another model.")
CUT = Failed(
    "reply_cut",
    "The server stopped before the answer was complete. What had arrived until then is kept. Ask again for a whole one.",
)


@pytest.fixture(autouse=True)
def _english_numbers() -> None:
    QLocale.setDefault(QLocale("en_US"))


def begin(qtbot: QtBot, start: Start, *scripts: list[Event | Pause]) -> tuple[Controller, ScriptedEngine, Engines]:
    """GLM answers with these scripts; there is a model on this computer too."""
    local = ScriptedEngine(answer("From here."))
    controller = start(local, "--lang", "en")
    engines = Engines(local, glm_4_6v_flash=list(scripts))
    serve(controller, engines)
    qtbot.waitUntil(lambda: controller.remote._table is not None)
    controller.remote.choose("glm:glm-4.6v-flash")
    qtbot.waitUntil(lambda: bool(engines.made) and controller.model.model is not None)
    return controller, local, engines


def said(controller: Controller) -> str:
    return visible_text(controller.window.transcript)


def test_the_wait_is_explained(qtbot: QtBot, start: Start) -> None:
    queued, again, encoding, waiting = Pause(), Pause(), Pause(), Pause()
    notice = Notice("asking_again", "Too many requests were under way at once. Asking again in 4 s (try 2 of 4).")
    script: list[Event | Pause] = [
        Progress("encoding", 3, 50), encoding, Progress("queued", 2, 2), queued,
        notice, again, Progress("prefill", 0, 1), waiting, *answer(),
    ]  # fmt: skip
    controller, _, _ = begin(qtbot, start, script)
    send(qtbot, controller, "What?")
    for pause, words in (
        (encoding, "Preparing the pictures… 3 of 50"),
        (queued, "Waiting: 2 requests ahead"),
        (again, "Asking again in 4 s (try 2 of 4)."),
        (waiting, f"Waiting for {HOST}…"),
    ):
        qtbot.waitUntil(lambda words=words: words in said(controller))  # type: ignore[misc]
        pause.release()
    wait_for_answer(qtbot, controller)
    qtbot.waitUntil(lambda: "Seen." in said(controller))
    assert "Asking again" not in said(controller)


def test_what_it_took_stands_below_and_in_the_books(qtbot: QtBot, start: Start) -> None:
    controller, local, _ = begin(qtbot, start, answer())
    ask(qtbot, controller, "What?")
    assert "11,000 tokens, first word after 0.5 s, 8,000 cached, free of charge" in said(controller)
    controller.remote.choose("glm:glm-4.6v")
    qtbot.waitUntil(lambda: controller.model.model is not None and controller.model.is_open_for(controller.settings))
    ask(qtbot, controller, "And this?")
    assert "8,000 cached, $0.0019" in said(controller)  # 2,000 at 0.30, 8,000 at 0.05, 1,000 at 0.90 for a million
    controller.preferences.change("currency", "CNY")
    assert "8,000 cached, ¥0.013" in said(controller)
    controller.remote.choose("local")
    qtbot.waitUntil(lambda: controller.model.model is not None and controller.model.model.engine is local)
    ask(qtbot, controller, "And here?")
    assert said(controller).count("cached") == 2
    controller.preferences.show_page("servers")
    dialog = controller.preferences._dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: "This month: ¥0.013" in visible_text(dialog.page))
    assert {(each.model, each.answers, each.usage.prompt_tokens) for each in Spending().month()} == {
        ("glm-4.6v", 1, USAGE.prompt_tokens),
        ("glm-4.6v-flash", 1, USAGE.prompt_tokens),
    }
    dialog.close()


def test_a_failure_offers_to_ask_again_and_to_ask_another(qtbot: QtBot, start: Start) -> None:
    controller, local, engines = begin(qtbot, start, [BUSY], answer("At last."))
    ask(qtbot, controller, "What?")
    assert "The server has too much to do\nAsk again later, or choose another model." in said(controller)
    assert local.requests == []  # nothing is done without the user
    with pytest.raises(AssertionError):
        find_button(controller.window.transcript, "Open the settings")
    press(controller.window.transcript, "Ask scripted instead")
    qtbot.waitUntil(lambda: len(local.requests) == 1)
    wait_for_answer(qtbot, controller)
    assert "From here." in said(controller)
    assert controller.settings.engine == "local"
    assert len(engines.made[0].requests) == 1


def test_in_another_language_only_the_words_of_the_server_are_its_own(qtbot: QtBot, start: Start) -> None:
    fault = read_fault(503, {}, b'{"error": {"message": "Slot 3 is taken."}}').error
    controller, *_ = begin(qtbot, start, [Failed(fault.code, fault.message)])
    ask(qtbot, controller, "What?")
    assert fault.message.endswith("The server said: “Slot 3 is taken.”")
    controller.preferences.change("language", "zh_CN")
    qtbot.waitUntil(lambda: "服务器的回复：“Slot 3 is taken.”" in said(controller))
    assert "The server" not in said(controller)
    controller.preferences.change("language", "en")
    qtbot.waitUntil(lambda: said(controller).count("Slot 3 is taken.") == 1)


def test_without_a_model_here_another_host_is_offered_and_asks_first(qtbot: QtBot, start: Start, picture: Path) -> None:
    controller, _, engines = begin(qtbot, start, [BUSY])
    controller.preferences.change("model", "")
    attach(qtbot, controller, picture)
    send(qtbot, controller, "What?")
    press(controller.window.strip, "Send")
    wait_for_answer(qtbot, controller)
    press(controller.window.transcript, "Ask the lab instead")
    qtbot.waitUntil(lambda: "will be sent to 192.168.1.20" in controller.window.strip.question)
    assert engines.made[1].requests == []
    press(controller.window.strip, "Send")
    qtbot.waitUntil(lambda: len(engines.made[1].requests) == 1)
    wait_for_answer(qtbot, controller)


def test_a_refused_key_leads_to_the_settings(qtbot: QtBot, start: Start) -> None:
    controller, _, _ = begin(qtbot, start, [KEY_REFUSED])
    ask(qtbot, controller, "What?")
    press(controller.window.transcript, "Open the settings")
    dialog = controller.preferences._dialog
    assert dialog is not None and dialog.page.accessibleName() == "GLM and servers"
    dialog.close()


def test_an_answer_that_the_server_cut_keeps_what_came(qtbot: QtBot, start: Start) -> None:
    controller, _, _ = begin(qtbot, start, [*answer("Half of")[:1], CUT])
    ask(qtbot, controller, "What?")
    assert "Half of" in said(controller)
    words = "The server stopped before the answer was complete\nWhat had arrived until then is kept. Ask again for a whole one."
    assert words in said(controller)
    find_button(controller.window.transcript, "Ask again")
    find_button(controller.window.transcript, "Ask scripted instead")


def test_nothing_is_charged_that_is_not_known(qtbot: QtBot, start: Start) -> None:
    controller, _, _ = begin(qtbot, start, [*answer()[:1], Finished("stop", Usage())])
    ask(qtbot, controller, "What?")
    assert "$" not in said(controller) and "free" not in said(controller)
    assert Spending().month() == ()


def test_a_model_that_sees_nothing_gets_text_and_it_is_said_before(qtbot: QtBot, start: Start, picture: Path) -> None:
    engine = ScriptedEngine(answer(), capabilities=Capabilities("glm-4.6", host=HOST, vision=False, pictures_max=0))
    controller = start(engine)
    attach(qtbot, controller, picture)
    words = "the model sees no pictures; it gets the text read in"
    assert words in controller.window.strip.text
    tasks = TaskRunner("slow")
    question = controller.outside.new_question(tasks, controller)
    told: list[str] = []
    question.status_changed.connect(told.append)
    image = QImage(120, 80, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    question.add_image(image, "Screenshot")
    qtbot.waitUntil(lambda: any(words in status for status in told), timeout=OPEN_MS)
    question.end()
    tasks.close()


def test_pictures_that_another_model_does_not_take_are_named_when_it_is_chosen(
    qtbot: QtBot, start: Start, picture: Path, tmp_path: Path
) -> None:
    controller, _, engines = begin(qtbot, start, answer())
    engines.pictures_max = 1
    attach(qtbot, controller, picture, make_picture(tmp_path / "other.png", color="blue"))
    send(qtbot, controller, "What?")
    press(controller.window.strip, "Send")
    wait_for_answer(qtbot, controller)
    controller.remote.choose("server:the lab")
    qtbot.waitUntil(lambda: "The model takes only 1 of the 2 pictures of this conversation." in controller.window.strip.text)


def test_the_card_of_quick_ask_leads_on_through_the_window(qtbot: QtBot, start: Start) -> None:
    controller, local, _ = begin(qtbot, start, [BUSY])
    ask(qtbot, controller, "What?")
    tasks = TaskRunner("card")
    card = AnswerCard(PictureCache(tasks))
    qtbot.addWidget(card)
    card.show_turn(controller.conversation.turns[-1])
    card.show()
    with qtbot.waitSignal(card.open_wanted):
        press(card, "Ask scripted instead")
    qtbot.waitUntil(lambda: len(local.requests) == 1)
    wait_for_answer(qtbot, controller)
    tasks.close()
