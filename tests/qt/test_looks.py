"""Theme, language and layout: switched while the window runs, kept for the next start."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from app import paths
from app.chat.answer import TextBlock
from app.chat.parts import Plan
from app.controller import Controller
from app.ui.code_lexers import lexers
from app.ui.code_view import CodeView
from app.ui.elided_label import ElidedLabel
from app.ui.formula import formulas
from app.ui.rich_text import RichText
from app.ui.theme import load_theme, themes
from app.ui.transcript import Transcript
from inference.events import BoxFound, Failed, Finished, ReasoningDelta, TextDelta
from inference.types import Box, Timings, Usage
from tests.helpers.answers import EVERYTHING, WAIT_MS
from tests.helpers.scripted_engine import Pause, ScriptedEngine
from tests.helpers.window import Start, attach, press

ROOT = Path(__file__).parents[2]
TS = ROOT / "resources" / "i18n" / "sightline_zh_CN.ts"
LOOKED_AT = ("text", "toolTip", "accessibleName", "accessibleDescription", "placeholderText", "title", "windowTitle")

SCRIPTS = (
    [ReasoningDelta("Hm.", "x"), TextDelta("Here ", "x"), BoxFound(Box(None, 0, 0, 1, 1), "x"),
     Finished("stop", Usage(9, 0, 4, 3), Timings(0, 0, 100, 20))],
    [Failed("engine_crashed", "42")],
)  # fmt: skip


def words_of(controller: Controller) -> dict[int, str]:
    """Every text that a person or a screen reader meets, by the place where it is."""
    words: dict[int, str] = {}
    for thing in (controller.window, *controller.window.findChildren(QWidget), *controller.window.findChildren(QAction)):
        if isinstance(thing, ElidedLabel):
            words[id(thing)] = thing.full_text
            continue
        for name in LOOKED_AT:
            value = getattr(thing, name, None)
            if callable(value) and isinstance(said := value(), str) and said:
                words[hash((id(thing), name))] = said
    return words


def busy_window(qtbot: QtBot, start: Start, picture: Path, *arguments: str) -> Controller:
    """One that shows nearly everything there is to say."""
    controller = start(ScriptedEngine(*SCRIPTS), *arguments, is_test_model=True)
    attach(qtbot, controller, picture)
    controller.asking.ask("Where?", controller.collecting.plan, True)
    qtbot.waitUntil(lambda: controller.conversation.running is None)
    controller.asking.ask("And now?", Plan(), False)
    qtbot.waitUntil(lambda: controller.conversation.running is None)
    controller.attachments.clear()  # what is prepared of them is said at any time
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return controller


def choose_language(controller: Controller, name: str) -> None:
    """As in the menu; Qt tells the widgets with the next events."""
    controller.window.actions_table.action(f"language.{name}").trigger()
    QApplication.processEvents()


def translations() -> dict[str, str]:
    tree = ElementTree.parse(TS)
    return {m.findtext("source", ""): m.findtext("translation", "") for m in tree.iter("message")}


def test_a_switch_of_language_changes_every_word_at_once(qtbot: QtBot, start: Start, picture: Path) -> None:
    controller = busy_window(qtbot, start, picture, "--lang", "en")
    english = words_of(controller)
    choose_language(controller, "zh_CN")
    chinese = words_of(controller)
    fixed = {source for source, translation in translations().items() if "{" not in source and source != translation}
    left = {text for text in chinese.values() if text in fixed}
    assert left == set()
    assert "就附带的内容提问…" in chinese.values()
    assert "模型进程崩溃了" in chinese.values()
    choose_language(controller, "en")
    assert words_of(controller) == english


def test_a_window_that_starts_in_chinese_says_the_same_as_one_that_was_switched(qtbot: QtBot, start: Start, picture: Path) -> None:
    switched = busy_window(qtbot, start, picture)
    choose_language(switched, "zh_CN")
    started = busy_window(qtbot, start, picture, "--lang", "zh_CN")
    assert sorted(words_of(started).values()) == sorted(words_of(switched).values())
    choose_language(started, "en")


def test_the_translation_is_complete_and_fresh(tmp_path: Path) -> None:
    fresh = tmp_path / TS.name
    shutil.copy(TS, fresh)
    sources = sorted((ROOT / "app").rglob("*.py"))
    lupdate = ("pyside6-lupdate", "-locations", "none", "-no-obsolete", "-source-language", "en", "-target-language", "zh_CN")
    run(*lupdate, *map(str, sources), "-ts", str(fresh))
    sources_now = {(m.findtext("source"), m.find("translation").get("type")) for m in ElementTree.parse(fresh).iter("message")}
    assert sources_now == {(source, None) for source in translations()}, f"run {' '.join(lupdate)} and translate what is new"
    compiled = tmp_path / "sightline_zh_CN.qm"
    run("pyside6-lrelease", str(TS), "-qm", str(compiled))
    assert compiled.read_bytes() == TS.with_suffix(".qm").read_bytes(), "compile the translation anew with pyside6-lrelease"


def run(command: str, *arguments: str) -> None:
    subprocess.run([Path(sys.executable).with_name(command), *arguments], check=True, capture_output=True)


def test_a_translation_has_the_same_blanks_to_fill_in() -> None:
    for source, translation in translations().items():
        assert sorted(re.findall(r"{\w+}", source)) == sorted(re.findall(r"{\w+}", translation)), source


def test_a_switch_of_theme_repaints_the_window(qtbot: QtBot, start: Start, picture: Path) -> None:
    controller = busy_window(qtbot, start, picture, "--theme", "light")
    corner = controller.window.header.geometry().center()
    assert controller.window.grab().toImage().pixelColor(corner).name().upper() == load_theme("light").surface
    controller.window.actions_table.action("theme.dark").trigger()
    assert controller.window.grab().toImage().pixelColor(corner).name().upper() == load_theme("dark").surface
    assert themes().current == load_theme("dark")
    controller.window.actions_table.action("theme.light").trigger()


def test_choices_survive_a_restart(qtbot: QtBot, start: Start) -> None:
    first = start(ScriptedEngine())
    first.window.actions_table.action("theme.dark").trigger()
    choose_language(first, "zh_CN")
    press(first.window, "思考")
    first.window.resize(760, 600)
    first.window.close()
    second = start(ScriptedEngine())
    settings = second.settings
    assert (settings.theme, settings.language, settings.thinking) == ("dark", "zh_CN", True)
    assert (second.window.width(), second.window.height()) == (760, 600)
    assert themes().current.name == "dark"
    choose_language(second, "en")
    second.window.actions_table.action("theme.light").trigger()


def test_options_of_the_command_line_hold_once(qtbot: QtBot, start: Start) -> None:
    assert start(ScriptedEngine(), "--theme", "dark").settings.theme == "dark"
    assert start(ScriptedEngine()).settings.theme == "system"


def test_broken_settings_are_reported_in_the_window(qtbot: QtBot, start: Start) -> None:
    (paths.config_dir() / "settings.json").write_text("{")
    controller = start(ScriptedEngine())
    assert controller.window.strip.text.startswith("The settings could not be read")


def test_every_control_has_a_name_and_a_keyboard_path(qtbot: QtBot, start: Start, picture: Path) -> None:
    controller = busy_window(qtbot, start, picture)
    for widget in controller.window.findChildren(QWidget):
        if not widget.isVisible() or widget.objectName().startswith("qt_"):
            continue
        reached = widget.focusPolicy().value & 1  # Qt.FocusPolicy.TabFocus
        if isinstance(widget, QAbstractButton):
            assert reached, widget
            assert widget.text() or widget.toolTip(), widget
        if reached:
            assert widget.accessibleName(), widget


RUNNING = (EVERYTHING[: len(EVERYTHING) // 2], EVERYTHING[len(EVERYTHING) // 2 :])
"""An answer with all that there can be in one, in two halves."""


def running_window(qtbot: QtBot, start: Start, pause: Pause, *arguments: str) -> Controller:
    """One whose answer has come half-way."""
    first = [TextDelta(line, line) for line in RUNNING[0].splitlines(keepends=True)]
    script = [ReasoningDelta("Hm.", "x"), *first, pause, TextDelta(RUNNING[1], RUNNING[1]), Finished("stop")]
    controller = start(ScriptedEngine(script), *arguments)
    controller.window.resize(1000, 700)
    controller.asking.ask("What is it?", Plan(), False)
    qtbot.waitUntil(lambda: len("".join(block.markdown() for block in text_blocks(controller))) >= len(RUNNING[0].rstrip()))
    return controller


def text_blocks(controller: Controller) -> list[TextBlock]:
    return [block for block in controller.conversation.turns[0].answer.blocks if isinstance(block, TextBlock)]


def wait_for_looks(qtbot: QtBot, controller: Controller) -> None:
    """Until all is placed, formulas are drawn and code has its colours."""
    views = controller.window.transcript.findChildren(CodeView)
    qtbot.waitUntil(lambda: not formulas().is_busy and not lexers().is_busy, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not any(view.is_coloring for view in views), timeout=WAIT_MS)
    QApplication.processEvents()


def seen_first(transcript: Transcript) -> tuple[str, int]:
    """The first view of text that is seen from its top, and where that is."""
    (text,) = transcript.views[0].answer.blocks
    assert isinstance(text, RichText)
    tops = ((view.plain_text(), view.mapTo(transcript.viewport(), QPoint(0, 0)).y()) for view in text.views)
    return next((words, top) for words, top in tops if top >= 0)


def test_looks_change_while_an_answer_is_running(qtbot: QtBot, start: Start) -> None:
    """Nothing is lost, nothing jumps, and all looks as in a window that began with these looks. It is announced once."""
    pause = Pause()
    controller = running_window(qtbot, start, pause, "--theme", "light", "--lang", "en")
    transcript = controller.window.transcript
    announced: list[str] = []
    transcript.announcer.announced.connect(announced.append)
    wait_for_looks(qtbot, controller)
    bar = transcript.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    before = seen_first(transcript)
    controller.window.actions_table.action("theme.dark").trigger()
    choose_language(controller, "zh_CN")
    wait_for_looks(qtbot, controller)
    assert seen_first(transcript) == before
    controller.preferences.change("text_percent", 130)
    wait_for_looks(qtbot, controller)
    assert bar.value() < bar.maximum()
    pause.release()
    qtbot.waitUntil(lambda: controller.conversation.running is None)
    assert "".join(block.markdown() for block in text_blocks(controller)).strip() == EVERYTHING.strip()
    assert len(announced) == 1
    transcript.scroll_to_end()
    wait_for_looks(qtbot, controller)

    other_pause = Pause()
    other_pause.release()
    other = running_window(qtbot, start, other_pause)
    qtbot.waitUntil(lambda: other.conversation.running is None)
    wait_for_looks(qtbot, other)
    assert (other.settings.theme, other.settings.language, other.settings.text_percent) == ("dark", "zh_CN", 130)
    for share in (1.0, 0.5, 0.0):
        for window in (controller.window, other.window):
            window.transcript.verticalScrollBar().setValue(round(share * window.transcript.verticalScrollBar().maximum()))
            QApplication.processEvents()
        switched, begun = (window.transcript.grab().toImage() for window in (controller.window, other.window))
        assert switched == begun
    other.preferences.change("text_percent", 100)
    for window in (controller, other):
        choose_language(window, "en")
    other.window.actions_table.action("theme.light").trigger()
