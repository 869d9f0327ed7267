"""Quick actions: what is kept of them, in any language and from any file; what they ask; how they are changed in the settings."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.ui.buttons import IconButton
from app.ui.quick.prompt_editor import PromptEditor
from app.ui.quick.quick_actions import (
    ACTIONS_MAX,
    EXTRACT,
    NAME_CHARACTERS_MAX,
    QuickAction,
    built_in,
    read_actions,
    write_actions,
)
from tests.helpers.window import press, visible_text

OWN = QuickAction("own-1", "To haiku", "Write a haiku about it.")
TEXTS = st.text(max_size=60)


@pytest.fixture
def chinese() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("zh_CN"))
    yield
    QLocale.setDefault(before)


def test_the_built_in_ones_are_those_of_the_design_and_only_one_needs_no_model() -> None:
    assert [action.name for action in built_in()] == ["Explain", "Extract text", "Translate", "Find…", "To table", "To code"]
    assert [action.id for action in built_in() if not action.needs_model] == [EXTRACT]
    assert all(action.prompt for action in built_in() if action.needs_model)


@pytest.mark.usefixtures("chinese")
def test_in_chinese_the_prompts_are_chinese_unless_they_were_changed() -> None:
    text = write_actions([OWN, *built_in()[:1]])
    own, explain = read_actions(text)
    assert own == OWN
    assert explain.prompt.startswith("说明")
    assert all("\u4e00" <= action.prompt[0] <= "\u9fff" for action in built_in() if action.needs_model)


def test_what_was_not_changed_is_not_kept_in_words() -> None:
    rest = built_in()[1:]
    assert write_actions(built_in()) == ""
    kept = write_actions([QuickAction("explain", "What?", "Say what it is."), *rest])
    assert json.loads(kept)[1:] == [action.id for action in rest]
    assert read_actions(kept)[0].prompt == "Say what it is."


@given(st.lists(st.builds(QuickAction, TEXTS, TEXTS, TEXTS), max_size=5))
def test_what_is_written_is_read_again(actions: list[QuickAction]) -> None:
    once = read_actions(write_actions(actions))
    assert read_actions(write_actions(once)) == once
    assert all(action.name and action.id for action in once)


@given(st.one_of(TEXTS, st.recursive(st.none() | st.integers() | TEXTS, st.lists, max_leaves=20).map(json.dumps)))
def test_any_text_gives_actions(text: str) -> None:
    for action in read_actions(text):
        assert 0 < len(action.name) <= NAME_CHARACTERS_MAX


@pytest.mark.parametrize("text", ["", "{", "[" * 90_000, '"explain"', " " * 400_000])
def test_what_cannot_be_understood_gives_the_built_in_ones(text: str) -> None:
    assert read_actions(text) == built_in()


def test_no_more_are_read_than_there_is_room_for() -> None:
    entries = [{"id": f"own-{number}", "name": "x" * 50, "prompt": "y"} for number in range(500)]
    assert len(read_actions(json.dumps(entries))) == ACTIONS_MAX


def test_words_go_into_the_blank_or_below() -> None:
    assert QuickAction("a", "a", "Find: … Point.").question(" the red one ") == "Find: the red one Point."
    assert QuickAction("a", "a", "Explain.").question("Only the left.") == "Explain.\n\nOnly the left."
    assert QuickAction("a", "a", "Explain.").question("") == "Explain."


@pytest.fixture
def editor(qtbot: QtBot) -> PromptEditor:
    editor = PromptEditor()
    qtbot.addWidget(editor)
    editor.set_value("")
    editor.resize(640, 600)
    editor.show()
    return editor


def find(editor: QWidget, name: str) -> IconButton:
    return next(button for button in editor.findChildren(IconButton) if button.accessibleName() == name and button.isVisible())


def test_a_prompt_is_changed_and_comes_back(qtbot: QtBot, editor: PromptEditor) -> None:
    find(editor, "Edit Explain").click()
    QApplication.processEvents()
    editor.findChild(QPlainTextEdit).setPlainText("What is this for?")
    with qtbot.waitSignal(editor.changed) as changed:
        press(editor, "Save")
    assert read_actions(changed.args[0])[0] == QuickAction("explain", "Explain", "What is this for?")
    QApplication.processEvents()
    assert "What is this for?" in visible_text(editor)
    find(editor, "Edit Explain").click()
    QApplication.processEvents()
    with qtbot.waitSignal(editor.changed) as changed:
        press(editor, "As it was")
    assert changed.args[0] == ""


def test_a_prompt_is_added_moved_and_removed(qtbot: QtBot, editor: PromptEditor) -> None:
    press(editor, "Add a prompt")
    name, prompt = editor.findChild(QLineEdit), editor.findChild(QPlainTextEdit)
    assert name.hasFocus()
    qtbot.keyClicks(name, "To haiku")
    qtbot.keyClick(name, Qt.Key.Key_Tab)
    assert prompt.hasFocus()
    qtbot.keyClicks(prompt, "Write a haiku about it.")
    press(editor, "Save")
    QApplication.processEvents()
    with qtbot.waitSignal(editor.changed) as changed:
        find(editor, "Move To haiku to the front").click()
    assert read_actions(changed.args[0])[-2] == OWN
    QApplication.processEvents()
    assert find(editor, "Edit To haiku").hasFocus()
    qtbot.keyClick(find(editor, "Edit To haiku"), Qt.Key.Key_Tab)
    assert find(editor, "Move To code to the front").hasFocus()
    find(editor, "Edit To haiku").click()
    QApplication.processEvents()
    with qtbot.waitSignal(editor.changed) as changed:
        press(editor, "Remove")
    assert changed.args[0] == ""


def test_a_prompt_without_words_is_not_saved(qtbot: QtBot, editor: PromptEditor) -> None:
    find(editor, "Edit Explain").click()
    QApplication.processEvents()
    with qtbot.assertNotEmitted(editor.changed):
        editor.findChild(QPlainTextEdit).setPlainText("  ")
        qtbot.keyClick(editor.findChild(QLineEdit), Qt.Key.Key_Return)
        qtbot.keyClick(editor.findChild(QLineEdit), Qt.Key.Key_Escape)
    assert not editor.findChild(QPlainTextEdit).isVisible()
