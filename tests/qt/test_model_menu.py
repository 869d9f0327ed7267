"""Every engine in one menu, chosen for each question: what is offered, what is ticked, where it goes, what stays warm."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.controller import Controller
from app.kept_engines import REST_MS
from inference.errors import KeyMissing
from inference.events import Finished, TextDelta
from tests.helpers.engines import HOST, Engines, answer, serve
from tests.helpers.scripted_engine import Pause, ScriptedEngine
from tests.helpers.window import Start, ask, find_button, press, send, visible_text, wait_for_answer

pytestmark = pytest.mark.qt_log_ignore("^This plugin does not support", extend=True)  # a menu without a window manager


@pytest.fixture
def served(qtbot: QtBot, start: Start) -> tuple[Controller, ScriptedEngine, Engines]:
    """A model on this computer, GLM with a key, and a server."""
    local = ScriptedEngine(answer("From here."))
    controller = start(local)
    engines = Engines(local)
    serve(controller, engines)
    qtbot.waitUntil(lambda: len(controller.remote._offers.glm) > 5)  # the table of models is read
    return controller, local, engines


def menu_of(controller: Controller) -> QMenu:
    return controller.window.composer._models


def entries(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def entry(controller: Controller, words: str) -> QAction:
    more = menu_of(controller).findChildren(QMenu)
    return next(each for menu in (menu_of(controller), *more) for each in menu.actions() if each.text().split("\t")[0] == words)


def choose(qtbot: QtBot, controller: Controller, words: str) -> None:
    entry(controller, words).trigger()
    qtbot.waitUntil(lambda: controller.model.model is not None and controller.model.is_open_for(controller.settings))


def ticked(controller: Controller) -> list[str]:
    menus = [menu_of(controller), *menu_of(controller).findChildren(QMenu)]
    return [action.text().split("\t")[0] for menu in menus for action in menu.actions() if action.isChecked()]


def badge(controller: Controller) -> str:
    return controller.window.header._destination.text


def test_without_a_key_one_entry_leads_to_the_settings(qtbot: QtBot, start: Start) -> None:
    controller = start(ScriptedEngine(answer()))
    controller.window.composer.open_model_menu()
    assert entries(menu_of(controller)) == ["scripted", "Choose a file…", "Use GLM or a server…"]
    menu_of(controller).hide()
    entry(controller, "Use GLM or a server…").trigger()
    dialog = controller.preferences._dialog
    assert dialog is not None and dialog.isVisible() and dialog.page.accessibleName() == "GLM and servers"
    dialog.close()


def test_everything_that_can_answer_is_offered_with_its_host(served: tuple[Controller, ScriptedEngine, Engines]) -> None:
    controller, _, _ = served
    offered = entries(menu_of(controller))
    flash, lab = f"glm-4.6v-flash\t{HOST}", "the lab\t192.168.1.20:8000"
    assert offered == ["scripted", "Choose a file…", flash, "More GLM models", lab, "GLM and servers…"]
    (more,) = menu_of(controller).findChildren(QMenu)
    assert "glm-4.6v" in entries(more) and "glm-4.6\ttext only" in entries(more)
    assert ticked(controller) == ["scripted"]
    assert menu_of(controller).accessibleName() == "Models"


def test_each_question_goes_where_the_menu_says(qtbot: QtBot, served: tuple[Controller, ScriptedEngine, Engines]) -> None:
    controller, local, engines = served
    ask(qtbot, controller, "One?")
    choose(qtbot, controller, "glm-4.6v")
    assert (badge(controller), ticked(controller)) == (HOST, ["glm-4.6v"])
    assert find_button(controller.window.composer, "glm-4.6v").isVisible()
    ask(qtbot, controller, "Two?")
    choose(qtbot, controller, "the lab")
    ask(qtbot, controller, "Three?")
    assert (badge(controller), ticked(controller)) == ("192.168.1.20", ["the lab"])
    glm, lab = engines.made
    assert [len(engine.requests) for engine in (local, glm, lab)] == [1, 1, 1]
    assert len(lab.requests[0].messages) == len(glm.requests[0].messages) + 2  # what was said before goes along
    assert [turn.host for turn in controller.conversation.turns] == [None, HOST, "192.168.1.20"]
    qtbot.waitUntil(lambda: glm.is_closed)
    assert controller.settings.glm_model == "glm-4.6v"


def test_the_engine_on_this_computer_rests_and_is_back_at_once(
    qtbot: QtBot, served: tuple[Controller, ScriptedEngine, Engines]
) -> None:
    controller, local, engines = served
    choose(qtbot, controller, "glm-4.6v-flash")
    assert not local.is_closed
    choose(qtbot, controller, "scripted")
    assert controller.model.model is not None and controller.model.model.engine is local
    assert engines.opened == ["glm"]
    assert badge(controller) == "On this computer"
    choose(qtbot, controller, "the lab")
    kept = controller.model._kept
    assert kept._timer.isActive() and kept._timer.interval() == REST_MS
    kept._timer.timeout.emit()  # ten minutes later
    qtbot.waitUntil(lambda: local.is_closed)


def test_an_answer_goes_on_when_the_next_question_is_for_another_engine(qtbot: QtBot, start: Start) -> None:
    local, pause = ScriptedEngine(answer("From here.")), Pause()
    controller = start(local)
    engines = Engines(local, glm_4_6v_flash=[[TextDelta("Half", "Half"), pause, TextDelta(" whole.", " whole."), Finished("stop")]])
    serve(controller, engines)
    choose(qtbot, controller, "glm-4.6v-flash")
    send(qtbot, controller, "Long?")
    qtbot.waitUntil(pause.reached.is_set)
    choose(qtbot, controller, "the lab")
    assert not engines.made[0].is_closed
    pause.release()
    wait_for_answer(qtbot, controller)
    assert controller.conversation.turns[-1].answer.markdown() == "Half whole."
    qtbot.waitUntil(lambda: engines.made[0].is_closed)


def test_a_question_is_asked_again_elsewhere_with_the_keyboard(
    qtbot: QtBot, served: tuple[Controller, ScriptedEngine, Engines]
) -> None:
    controller, _local, engines = served
    ask(qtbot, controller, "What?")
    controller.window.transcript.action_wanted.emit(controller.conversation.turns[-1].id, "redo_with")
    menu = menu_of(controller)
    qtbot.waitUntil(menu.isVisible)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):  # past "Choose a file…" to GLM
        QTest.keyClick(menu, key)
    qtbot.waitUntil(lambda: len(controller.conversation.all_turns) == 2)
    wait_for_answer(qtbot, controller)
    assert len(engines.made[0].requests) == 1
    assert controller.conversation.turns[-1].host == HOST


def test_what_keeps_an_engine_from_being_opened_leads_to_the_settings(
    qtbot: QtBot, served: tuple[Controller, ScriptedEngine, Engines]
) -> None:
    controller, local, engines = served
    engines.fault = KeyMissing("There is no key for api.z.ai. Get one from your account there.")
    with qtbot.waitSignal(controller.model.failed):
        entry(controller, "glm-4.6v-flash").trigger()
    assert "There is no key for this server. There is no key for api.z.ai." in visible_text(controller.window.strip)
    assert not local.is_closed
    press(controller.window.strip, "Open the settings")
    dialog = controller.preferences._dialog
    assert dialog is not None and dialog.page.accessibleName() == "GLM and servers"
    dialog.close()
    engines.fault = None
    choose(qtbot, controller, "glm-4.6v-flash")  # the same once more
    assert badge(controller) == HOST
