"""The commands of one window, as QActions made from the table: whatever shows or starts a command gets it here."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from app.ui.command_table import COMMANDS, MENU_BAR, MENUS, QT_TRANSLATE_NOOP, Command, Condition, Menu

ROLES = {"settings": QAction.MenuRole.PreferencesRole, "quit": QAction.MenuRole.QuitRole}
"""Where macOS moves commands to; all others stay where the table has them."""

Wrap = Callable[[QAction], QAction]


class Actions(QObject):
    """One QAction per row of the table. All hold until `set_conditions` says otherwise.

    Signals:
        triggered(id): a command was chosen, wherever.
        chosen(group, value): one of several choices was, such as ("theme", "dark"); comes after `triggered`.
    """

    triggered = Signal(str)
    chosen = Signal(str, str)

    def __init__(self, window: QWidget) -> None:
        """The shortcuts work in this window."""
        super().__init__(window)
        self._rows = {row.id: row for row in COMMANDS}
        self._menus = {menu.id: menu for menu in MENUS}
        self._actions: dict[str, QAction] = {}
        self._groups: dict[str, QActionGroup] = {}
        self._shown_menus: list[tuple[QMenu, Menu]] = []
        self._conditions: dict[str, bool] = {}
        self._allowed: dict[str, bool] = {}
        for row in COMMANDS:
            self._actions[row.id] = self._build(row)
        window.addActions(list(self._actions.values()))
        self.retranslate()

    def action(self, command_id: str) -> QAction:
        """The one of this command. Raises KeyError for an id that is not in the table."""
        return self._actions[command_id]

    def set_enabled(self, command_id: str, is_enabled: bool) -> None:
        """Forbid a command, or leave it to its conditions again."""
        self._allowed[command_id] = is_enabled
        self._update(self._rows[command_id])

    def set_conditions(self, **conditions: bool) -> None:
        """Say what holds now; names are those of `Condition`, the ones not named stay as they were."""
        assert conditions.keys() <= set(get_args(Condition)), conditions
        self._conditions |= conditions
        for row in COMMANDS:
            self._update(row)

    def holds(self, condition: Condition) -> bool:
        """What was said of it last."""
        return self._conditions.get(condition, True)

    def set_checked(self, command_id: str, is_checked: bool) -> None:
        """Show a switch or choice as on or off. Nothing is triggered."""
        self._actions[command_id].setChecked(is_checked)

    def set_choice(self, group: str, value: str) -> None:
        """Show which choice of a group holds."""
        self.set_checked(f"{group}.{value}", True)

    def words(self, command_id: str) -> str:
        """What the command is called, alone: with its menu's name where that is needed."""
        return self._join(command_id, _translated)

    def source_words(self, command_id: str) -> str:
        """The same in English."""
        return self._join(command_id, _untranslated)

    def shortcut_text(self, command_id: str) -> str:
        """The first shortcut as this system writes it; empty for none."""
        return self._actions[command_id].shortcut().toString(QKeySequence.SequenceFormat.NativeText)

    def all_shortcuts_text(self, command_id: str) -> str:
        """Every shortcut as this system writes it; empty for none, and for what is no command."""
        keys = self._actions[command_id].shortcuts() if command_id in self._actions else []
        return "   ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in keys)

    def menu_words(self, menu_id: str) -> str:
        """What a menu is called."""
        return _translated("Menu", self._menus[menu_id].words)

    def build_menu(self, menu_id: str, parent: QWidget) -> QMenu:
        """A menu of the table with this window's actions; it keeps its words up to date."""
        menu = QMenu(parent)
        self._fill(menu, self._menus[menu_id], lambda action: action)
        return menu

    def build_copies(self, menu_id: str, parent: QWidget, on_chosen: Callable[[str], None]) -> QMenu:
        """The same commands for something else than what the window shows, such as a row under the pointer.

        They are always possible, have no shortcut, and go to `on_chosen` with their id. For a menu that is opened once.
        """
        menu = QMenu(parent)

        def copy(action: QAction) -> QAction:
            result = QAction(action.text(), menu)
            command_id = action.objectName()
            result.setObjectName(command_id)
            result.setCheckable(action.isCheckable())
            result.triggered.connect(lambda: on_chosen(command_id))
            return result

        self._fill(menu, self._menus[menu_id], copy, is_kept=False)
        return menu

    def build_menu_bar(self) -> QMenuBar:
        """For macOS."""
        bar = QMenuBar()
        for menu_id in MENU_BAR:
            bar.addMenu(self.build_menu(menu_id, bar))
        return bar

    def retranslate(self) -> None:
        """Say everything in the language of now."""
        for row in COMMANDS:
            self._say(row)
        for shown, menu in self._shown_menus:
            shown.setTitle(_translated("Menu", menu.words))

    def _build(self, row: Command) -> QAction:
        action = QAction(self)
        action.setObjectName(row.id)
        action.setShortcuts([QKeySequence(keys) for keys in row.shortcuts])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setAutoRepeat(row.id.startswith(("view.zoom", "conversation.next", "conversation.previous")))
        action.setMenuRole(ROLES.get(row.id, QAction.MenuRole.NoRole))
        action.setCheckable(row.is_switch or bool(row.group))
        if row.group:
            if row.group not in self._groups:
                self._groups[row.group] = QActionGroup(self)
            self._groups[row.group].addAction(action)
        action.triggered.connect(self._on_action_triggered)
        return action

    def _fill(self, menu: QMenu, table: Menu, wrap: Wrap, *, is_kept: bool = True) -> None:
        menu.setTitle(_translated("Menu", table.words))
        if is_kept:
            self._shown_menus.append((menu, table))
        for entry in table.entries:
            if not entry:
                menu.addSeparator()
            elif entry in self._menus:
                inner = QMenu(menu)
                self._fill(inner, self._menus[entry], wrap, is_kept=is_kept)
                menu.addMenu(inner)
            else:
                menu.addAction(wrap(self._actions[entry]))

    def _say(self, row: Command) -> None:
        action = self._actions[row.id]
        words = _translated("Command", row.words)
        keys = self.shortcut_text(row.id)
        action.setText(words)
        action.setToolTip(f"{words.rstrip('…')} ({keys})" if keys else words.rstrip("…"))

    def _join(self, command_id: str, say: Callable[[str, str], str]) -> str:
        own = say("Command", self._rows[command_id].words)
        menu = self._menus.get(command_id.split(".")[0])
        if menu is None or not menu.names_entries:
            return own
        form = say("Command", QT_TRANSLATE_NOOP("Command", "{menu}: {command}"))
        return form.format(menu=say("Menu", menu.words), command=own)

    def _update(self, row: Command) -> None:
        is_possible = all(self.holds(condition) for condition in row.when)
        self._actions[row.id].setEnabled(is_possible and self._allowed.get(row.id, True))

    def _on_action_triggered(self) -> None:
        sender = self.sender()
        assert sender is not None
        row = self._rows[sender.objectName()]
        self.triggered.emit(row.id)
        if row.group:
            self.chosen.emit(row.group, row.id.removeprefix(f"{row.group}."))


def _translated(context: str, words: str) -> str:
    return QCoreApplication.translate(context, words) if words else ""


def _untranslated(_context: str, words: str) -> str:
    return words
