"""F1: every command that has a shortcut, by the menu that it stands in."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QScrollArea, QWidget

from app.ui.actions import Actions
from app.ui.buttons import IconButton
from app.ui.command_table import MENU_BAR, MENUS
from app.ui.language import Translated
from app.ui.overlay import Overlay

SIZE_PX = (560, 640)


class ShortcutsSheet(Translated, Overlay):
    """Two columns: what it does, and its keys."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent, *SIZE_PX)
        self._actions = actions
        self._title = QLabel()
        self._title.setProperty("kind", "heading")
        self._close = IconButton("close")
        self._close.clicked.connect(self.dismiss)
        top = QHBoxLayout()
        top.setContentsMargins(16, 8, 4, 0)
        top.addWidget(self._title, 1)
        top.addWidget(self._close)
        self._area = QScrollArea()
        self._area.setObjectName("shortcutsArea")
        self._area.setWidgetResizable(True)
        self.column.addLayout(top)
        self.column.addWidget(self._area, 1)
        self.retranslate()

    def open(self) -> None:
        """Show it."""
        self.open_over(self._area)

    def retranslate(self) -> None:
        self._title.setText(self.tr("Keyboard shortcuts"))
        self._close.set_words(self.tr("Close"))
        self._area.setAccessibleName(self._title.text())
        self._area.setWidget(self._build_table())

    def _build_table(self) -> QWidget:
        table = QWidget()
        table.setObjectName("shortcutsTable")
        grid = QGridLayout(table)
        grid.setContentsMargins(16, 8, 16, 16)
        grid.setVerticalSpacing(8)
        grid.setHorizontalSpacing(24)
        grid.setColumnStretch(0, 1)
        row = 0
        for menu in MENUS:
            commands = [entry for entry in menu.entries if menu.id in MENU_BAR and self._keys(entry)]
            if not commands:
                continue
            grid.addWidget(_label("section", self._actions.menu_words(menu.id)), row, 0)
            grid.setRowMinimumHeight(row, 32)
            for command_id in commands:
                row += 1
                words = _label("", self._actions.words(command_id))
                words.setWordWrap(True)  # lest the keys are pushed out in a narrow window
                grid.addWidget(words, row, 0)
                grid.addWidget(_label("quiet", self._keys(command_id)), row, 1, Qt.AlignmentFlag.AlignRight)
            row += 1
        grid.setRowStretch(row, 1)
        return table

    def _keys(self, entry: str) -> str:
        return self._actions.all_shortcuts_text(entry)


def _label(kind: str, words: str) -> QLabel:
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("kind", kind)
    return label
