"""The keys of the commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from app.ui.command_table import COMMANDS
from app.ui.settings.rows import Page, Row, label

if TYPE_CHECKING:
    from app.ui.actions import Actions


class KeyboardPage(Page):
    """Every command that has keys, in the order of the table."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._commands: dict[str, Row] = {}
        for command in COMMANDS:
            if command.shortcuts:
                keys = label("quiet")
                keys.setWordWrap(False)
                keys.setText(self._keys(command.id))
                self._commands[command.id] = Row(keys, gap_px=8)
                self.add_row(self._commands[command.id])
        self.retranslate()

    def retranslate(self) -> None:
        for command_id, row in self._commands.items():
            row.set_words(self._actions.words(command_id))

    def _keys(self, command_id: str) -> str:
        shortcuts = self._actions.action(command_id).shortcuts()
        return "   ".join(QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) for keys in shortcuts)
