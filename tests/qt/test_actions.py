"""The table of commands, and what menus, shortcuts and tooltips make of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt, QTranslator
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMainWindow, QMenu, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.ui.actions import Actions
from app.ui.command_table import COMMANDS, MENU_BAR, MENUS

ROOT = Path(__file__).parents[2]
OWN_LANGUAGE = {"language.en", "language.zh_CN"}
"""Said in itself, whatever the window speaks."""


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    result = QMainWindow()
    qtbot.addWidget(result)
    return result


@pytest.fixture
def actions(window: QMainWindow) -> Actions:
    return Actions(window)


class Shouting(QTranslator):
    """A language in which every word of ours is loud."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        is_ours = context in ("Command", "Menu") and "{" not in source
        return source.upper() if is_ours else source


@pytest.fixture
def shouting(qapp: QCoreApplication) -> Iterator[None]:
    translator = Shouting()
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


def actions_in(menu: QMenu) -> Iterator[QAction]:
    """Of a menu and those in it, without lines and the menus themselves."""
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from actions_in(inner)
        elif not action.isSeparator():
            yield action


def test_an_id_and_a_shortcut_mean_one_command() -> None:
    ids = [row.id for row in COMMANDS]
    assert len(set(ids)) == len(ids)
    shortcuts = [QKeySequence(keys).toString() for row in COMMANDS for keys in row.shortcuts]
    assert all(shortcuts)
    assert len(set(shortcuts)) == len(shortcuts)


def test_every_icon_is_drawn() -> None:
    assert [row.icon for row in COMMANDS if row.icon and not (ROOT / "resources" / "icons" / f"{row.icon}.svg").exists()] == []


def test_menus_name_only_commands_and_menus_of_the_tables() -> None:
    known = {row.id for row in COMMANDS} | {menu.id for menu in MENUS} | {""}
    assert {entry for menu in MENUS for entry in menu.entries} <= known


def test_every_command_can_be_found_in_the_menu_bar(actions: Actions, window: QMainWindow) -> None:
    bar = actions.build_menu_bar()
    shown = [action for top in bar.actions() for action in actions_in(top.menu())]
    assert {action.objectName() for action in shown} == {row.id for row in COMMANDS}
    assert all(action is actions.action(action.objectName()) for action in shown)
    assert [top.text() for top in bar.actions()] == [actions.menu_words(menu_id) for menu_id in MENU_BAR]
    bar.deleteLater()


@pytest.mark.parametrize("field_class", [QPlainTextEdit, QLineEdit, QWidget])
def test_shortcuts_work_while_one_writes_and_write_nothing(
    qtbot: QtBot, window: QMainWindow, actions: Actions, field_class: type[QWidget]
) -> None:
    field = field_class()
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    window.setCentralWidget(field)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    field.setFocus()
    triggered: list[str] = []
    actions.triggered.connect(triggered.append)
    wanted = []
    for row in COMMANDS:
        for keys in row.shortcuts:
            if row.id == "file.paste" and field_class is not QWidget:
                continue  # a field takes what is pasted itself
            wanted.append(row.id)
            combination = QKeySequence(keys)[0]
            QTest.keyClick(field, combination.key(), combination.keyboardModifiers())
    assert triggered == wanted
    if isinstance(field, QPlainTextEdit):
        assert field.toPlainText() == ""


def test_every_word_is_translated(actions: Actions, window: QMainWindow, shouting: None) -> None:
    menu = actions.build_menu("more", window)
    actions.retranslate()
    for row in COMMANDS:
        words = row.words if row.id in OWN_LANGUAGE else row.words.upper()
        assert actions.action(row.id).text().upper() == words.upper()
        assert row.id in OWN_LANGUAGE or actions.action(row.id).text() == words
    assert actions.words("theme.dark") == "THEME: DARK"
    assert actions.source_words("theme.dark") == "Theme: Dark"
    assert [inner.title() for inner in menu.findChildren(QMenu)] == ["EXPORT", "VIEW", "THEME", "LANGUAGE"]


def test_a_tooltip_says_the_shortcut_as_the_system_writes_it(actions: Actions) -> None:
    for row in COMMANDS:
        tip = actions.action(row.id).toolTip()
        assert "…" not in tip
        if row.shortcuts:
            native = QKeySequence(row.shortcuts[0]).toString(QKeySequence.SequenceFormat.NativeText)
            assert tip.endswith(f"({native})")


def test_a_command_is_possible_when_all_its_conditions_hold(actions: Actions) -> None:
    redo = actions.action("answer.redo")
    assert redo.isEnabled()
    actions.set_conditions(has_turns=True, is_idle=False, has_model=True)
    assert not redo.isEnabled()
    actions.set_conditions(is_idle=True)
    assert redo.isEnabled()
    actions.set_enabled("answer.redo", False)
    actions.set_conditions(is_idle=True)
    assert not redo.isEnabled()
    actions.set_enabled("answer.redo", True)
    assert redo.isEnabled()


def test_one_choice_of_a_group_holds(actions: Actions, qtbot: QtBot) -> None:
    actions.set_choice("theme", "light")
    with qtbot.waitSignal(actions.chosen) as chosen:
        actions.action("theme.dark").trigger()
    assert chosen.args == ["theme", "dark"]
    ticked = [row.id for row in COMMANDS if row.group == "theme" and actions.action(row.id).isChecked()]
    assert ticked == ["theme.dark"]


def test_a_copied_menu_is_about_something_else(actions: Actions, window: QMainWindow) -> None:
    actions.set_conditions(has_turns=False, is_kept=False)
    here: list[str] = []
    there: list[str] = []
    actions.triggered.connect(here.append)
    menu = actions.build_copies("row", window, there.append)
    copies = {action.objectName(): action for action in actions_in(menu)}
    assert all(action.isEnabled() and action.shortcut().isEmpty() for action in copies.values())
    copies["conversation.delete"].trigger()
    copies["export.pdf"].trigger()
    assert (here, there) == ([], ["conversation.delete", "export.pdf"])


def test_macos_moves_two_commands_and_no_other(actions: Actions) -> None:
    moved = {row.id for row in COMMANDS if actions.action(row.id).menuRole() != QAction.MenuRole.NoRole}
    assert moved == {"settings", "quit"}
