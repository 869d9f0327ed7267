"""Ctrl+K: type some letters of a command or of a conversation's title, and Enter has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QListView, QWidget

from app.chat.history.types import Summary
from app.ui.actions import Actions
from app.ui.command_table import COMMANDS, KEYWORDS
from app.ui.language import Translated
from app.ui.overlay import Overlay
from app.ui.palette_list import PaletteDelegate, PaletteModel, Row
from app.ui.palette_match import match
from app.ui.sidebar_groups import short_title

SIZE_PX = (560, 480)
FRAME_PX = 28
"""Around the field and the list."""
NOTHING_PX = 72
RECENT_MAX = 200
"""Conversations that are looked through; the search of the list finds the older ones."""
RECENT_SHOWN = 4
"""Of them while nothing is typed."""
KEYWORD_POINTS = 1
"""By how much other names of a command count less than its own words."""
STEPS = {int(Qt.Key.Key_Up): -1, int(Qt.Key.Key_Down): 1, int(Qt.Key.Key_PageUp): -8, int(Qt.Key.Key_PageDown): 8}


class Palette(Translated, Overlay):
    """Finds commands by their words, in English too, and by other names, and recent conversations by their title.

    Signals:
        conversation_wanted(key): one was chosen. Commands go to `Actions`.
    """

    conversation_wanted = Signal(str)

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent, *SIZE_PX)
        self._actions = actions
        self._recent: tuple[Summary, ...] = ()
        self._current = ""
        self._rows: list[Row] = []
        self._field = QLineEdit()
        self._field.setObjectName("paletteField")
        self._field.textChanged.connect(self._on_field_text_changed)
        self._field.installEventFilter(self)
        self._model = PaletteModel(self)
        self._list = QListView()
        self._list.setObjectName("paletteList")
        self._list.setModel(self._model)
        self._list.setItemDelegate(PaletteDelegate(self._list))
        self._list.setUniformItemSizes(True)
        self._list.setMouseTracking(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys of the field move it
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.clicked.connect(self._on_list_clicked)
        self._list.entered.connect(self._list.setCurrentIndex)
        self._none = QLabel()
        self._none.setProperty("kind", "quiet")
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.column.addWidget(self._field)
        self.column.addWidget(self._list, 1)
        self.column.addWidget(self._none, 1)
        self.retranslate()

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is offered now, best first."""
        return self._model.rows

    def open(self) -> None:
        """Show it, empty."""
        self._collect()
        self._field.clear()
        self._show_rows()
        self.open_over(self._field)

    def set_conversations(self, summaries: Sequence[Summary], current: str = "") -> None:
        """Offer these too, the ones changed last first; the one that is open already only when it is asked for."""
        self._current = current
        self._recent = tuple(sorted(summaries, key=lambda summary: -summary.changed_at)[:RECENT_MAX])
        self._refresh()

    def retranslate(self) -> None:
        self._field.setPlaceholderText(self.tr("Type a command or a conversation"))
        self._field.setAccessibleName(self.tr("Command or conversation"))
        self._list.setAccessibleName(self.tr("Commands and conversations"))
        self._none.setText(self.tr("Nothing has these letters"))
        self.setAccessibleName(self.tr("All commands"))
        self._refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in STEPS:
                self._move(STEPS[event.key()])
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self._list.currentIndex())
                return True
        return super().eventFilter(watched, event)

    def _refresh(self) -> None:
        if self.is_open:
            self._collect()
            self._show_rows()

    def _collect(self) -> None:
        """What can be found: once, not with every letter."""
        recent = [Row(summary.key, short_title(summary.title), "chat", is_command=False) for summary in self._recent]
        commands = [self._command_row(row.id, row.icon) for row in COMMANDS if row.id != "palette"]
        self._rows = [*recent, *commands]

    def _show_rows(self) -> None:
        query = self._field.text().strip()
        if query:
            scored = [found for row in self._rows if (found := _find(query, row))]
            rows = [found.row for found in sorted(scored, key=lambda found: (-found.points, not found.row.is_command))]
        else:
            recent = [row for row in self._rows if not row.is_command and row.id != self._current]
            rows = [*recent[:RECENT_SHOWN], *(row for row in self._rows if row.is_command)]
        self._model.show_rows(rows)
        self._list.setVisible(bool(rows))
        self._none.setVisible(not rows)
        self._list.setCurrentIndex(self._model.index(next((i for i, row in enumerate(rows) if row.is_possible), -1)))
        self._list.scrollToTop()
        row_px = self._list.sizeHintForRow(0) if rows else NOTHING_PX
        self.set_height(self._field.sizeHint().height() + max(1, len(rows)) * row_px + FRAME_PX)
        self._describe()

    def _command_row(self, command_id: str, icon_name: str) -> Row:
        action = self._actions.action(command_id)
        return Row(
            command_id,
            self._actions.words(command_id),
            "check" if action.isChecked() else icon_name,
            self._actions.source_words(command_id),
            self._actions.shortcut_text(command_id),
            is_possible=action.isEnabled(),
        )

    def _move(self, step: int) -> None:
        possible = [index for index, row in enumerate(self.rows) if row.is_possible]
        if not possible:
            return
        now = self._list.currentIndex().row()
        place = possible.index(now) if now in possible else -1
        if abs(step) == 1:
            place = (place + step) % len(possible)
        else:
            place = min(max(place + step, 0), len(possible) - 1)
        self._list.setCurrentIndex(self._model.index(possible[place]))
        self._describe()

    def _describe(self) -> None:
        """The focus stays in the field; so what is chosen in the list is said there."""
        index = self._list.currentIndex()
        self._field.setAccessibleDescription(self.rows[index.row()].words if index.isValid() else self._none.text())

    def _choose(self, index: QModelIndex) -> None:
        if not index.isValid() or not self.rows[index.row()].is_possible:
            return
        row = self.rows[index.row()]
        self.dismiss()
        if row.is_command:
            self._actions.action(row.id).trigger()
        else:
            self.conversation_wanted.emit(row.id)

    def _on_field_text_changed(self) -> None:
        self._show_rows()

    def _on_list_clicked(self, index: QModelIndex) -> None:
        self._choose(index)


@dataclass(frozen=True, slots=True)
class _Scored:
    points: int
    row: Row


def _find(query: str, row: Row) -> _Scored | None:
    shown = match(query, row.words)
    other = max(_other_points(query, row), default=0)
    if shown is not None and shown.points >= other:
        return _Scored(shown.points, replace(row, places=shown.places))
    return _Scored(other, row) if other else None


def _other_points(query: str, row: Row) -> Iterator[int]:
    """For words that are not shown: the English ones as they are, other names from their beginning on."""
    source = match(query, row.source_words)
    if source is not None:
        yield source.points
    letters = "".join(query.split()).casefold()
    for name in KEYWORDS.get(row.id, ()):
        found = match(query, name)
        if found is not None and "".join(name.split()).casefold().startswith(letters):
            yield found.points - KEYWORD_POINTS
