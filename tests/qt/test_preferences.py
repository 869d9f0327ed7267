"""What the user chose holds at once and after a restart, and what is kept can be measured and cleared."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app import paths
from app.controller import HISTORY_FOLDER, Controller
from app.settings.storage import Stored
from app.ui.settings.dialog import SettingsDialog
from app.ui.theme import themes
from inference.events import Finished, TextDelta
from tests.helpers.history import rows
from tests.helpers.scripted_engine import Pause, ScriptedEngine
from tests.helpers.window import OPEN_MS, Start, ask, attach, send, visible_text


def engine() -> ScriptedEngine:
    return ScriptedEngine([TextDelta("Seen.", "Seen."), Finished("stop")])


@pytest.fixture
def asked(qtbot: QtBot, start: Start, picture: Path) -> Controller:
    """A conversation about a picture, which is kept."""
    controller = start(engine())
    attach(qtbot, controller, picture)
    ask(qtbot, controller, "What is it?")
    qtbot.waitUntil(lambda: len(controller.browsing.summaries) == 1)
    return controller


def open_dialog(controller: Controller) -> SettingsDialog:
    controller.window.actions_table.action("settings").trigger()
    (dialog,) = controller.window.findChildren(SettingsDialog)
    return dialog


def measure(qtbot: QtBot, dialog: SettingsDialog) -> dict[str, Stored]:
    found: list[list[Stored]] = []
    show, dialog.show_storage = dialog.show_storage, found.append  # type: ignore[method-assign]
    dialog.storage_wanted.emit()
    qtbot.waitUntil(lambda: bool(found), timeout=OPEN_MS)
    dialog.show_storage = show  # type: ignore[method-assign]
    return {stored.kind: stored for stored in found[0]}


def test_what_was_changed_holds_at_once_and_after_a_restart(qtbot: QtBot, start: Start) -> None:
    controller = start()
    dialog = open_dialog(controller)
    dialog.changed.emit("theme", "dark")
    dialog.changed.emit("text_percent", 125)
    assert themes().current.name == "dark"
    assert themes().text_percent == 125
    again = start()
    assert (again.settings.theme, again.settings.text_percent) == ("dark", 125)


def test_what_the_command_line_says_holds_until_it_is_changed_and_is_not_kept(qtbot: QtBot, start: Start) -> None:
    assert start(None, "--theme", "dark").settings.theme == "dark"
    assert start().settings.theme == "system"
    controller = start(None, "--theme", "dark")
    controller.preferences.change("theme", "light")
    assert controller.settings.theme == "light"


def test_settings_that_cannot_be_written_hold_and_are_said_once(qtbot: QtBot, start: Start) -> None:
    controller = start()
    strip = controller.window.strip
    folder, elsewhere = paths.config_dir(), paths.config_dir().with_name("elsewhere")
    controller.preferences.change("theme", "light")
    folder.rename(elsewhere)
    folder.write_text("a file stands where the folder was")
    controller.preferences.change("theme", "dark")
    assert "Settings cannot be written" in strip.text
    assert themes().current.name == controller.settings.theme == "dark"
    strip.show_message("something else")
    controller.preferences.change("text_percent", 125)
    assert strip.text == "something else"
    folder.unlink()
    elsewhere.rename(folder)
    controller.preferences.change("language", "en")
    again = start()
    assert (again.settings.theme, again.settings.text_percent, again.settings.language) == ("dark", 125, "en")


def test_the_dialog_opens_once(qtbot: QtBot, start: Start) -> None:
    controller = start()
    assert open_dialog(controller) is open_dialog(controller)


@pytest.mark.parametrize("direction", [1, -1])
def test_the_text_grows_and_shrinks_to_its_ends(qtbot: QtBot, start: Start, direction: int) -> None:
    preferences = start().preferences
    sizes = []
    for _ in range(12):
        preferences.zoom_text(direction)
        sizes.append(preferences.settings.text_percent)
    assert sizes == sorted(sizes, reverse=direction < 0)
    assert sizes[-1] == sizes[-2]
    preferences.zoom_text(0)
    assert preferences.settings.text_percent == 100


def test_broken_settings_are_set_aside_and_said(qtbot: QtBot, start: Start) -> None:
    paths.config_dir().mkdir(parents=True, exist_ok=True)
    (paths.config_dir() / "settings.json").write_text("{no settings")
    assert "start anew" in start().window.strip.text


def test_clearing_the_conversations_removes_them_for_good(qtbot: QtBot, asked: Controller) -> None:
    dialog = open_dialog(asked)
    assert measure(qtbot, dialog)["conversations"].count == 1
    read = [paths.cache_dir() / kind / "of a conversation" for kind in ("reading", "engine")]
    for path in read:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("What is it?")
    dialog.clear_wanted.emit("conversations")
    qtbot.waitUntil(lambda: asked.browsing.summaries == [] and not any(path.exists() for path in read))
    assert asked.conversation.turns == []
    assert measure(qtbot, dialog)["conversations"].count == 0
    folder = paths.data_dir() / HISTORY_FOLDER
    assert rows(folder, "SELECT * FROM page") == []
    assert not any(b"What is it?" in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_clearing_while_an_answer_runs_stops_it_and_keeps_nothing(qtbot: QtBot, start: Start) -> None:
    pause = Pause()
    controller = start(ScriptedEngine([TextDelta("Half", "Half"), pause, Finished("stop")]))
    send(qtbot, controller, "What is it?")
    qtbot.waitUntil(pause.reached.is_set)
    dialog = open_dialog(controller)
    dialog.clear_wanted.emit("conversations")
    qtbot.waitUntil(lambda: not controller.asking.is_answering)
    measure(qtbot, dialog)
    assert rows(paths.data_dir() / HISTORY_FOLDER, "SELECT * FROM turn") == []
    assert controller.window.strip.text == ""


def test_clearing_the_copies_leaves_the_conversations(qtbot: QtBot, asked: Controller) -> None:
    dialog = open_dialog(asked)
    assert measure(qtbot, dialog)["attachments"].count == 1
    dialog.clear_wanted.emit("attachments")
    qtbot.waitUntil(lambda: measure(qtbot, dialog)["attachments"].count == 0)
    assert measure(qtbot, dialog)["conversations"].count == 1
    assert "Seen." in visible_text(asked.window.transcript)


def test_a_model_that_is_used_is_offered_first_from_then_on(qtbot: QtBot, start: Start) -> None:
    preferences = start().preferences
    for number in range(10):
        preferences.use_model(f"/models/{number}.gguf", "")
    preferences.use_model("/models/5.gguf", "/models/mmproj.gguf")
    assert preferences.settings.models[:3] == ("/models/5.gguf", "/models/9.gguf", "/models/8.gguf")
    assert len(preferences.settings.models) == 8
    assert (preferences.settings.model, preferences.settings.mmproj) == ("/models/5.gguf", "/models/mmproj.gguf")
