"""The rows of the list, for Qt's view: 10,000 of them cost no more than are seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QStringListModel,
    Qt,
    Signal,
)

from app.chat.history.types import Found, Summary
from app.ui.picture_words import locator_words
from app.ui.sidebar_groups import Heading, PrivateRow, SidebarRow, build_rows, date_words, short_title

ROW_ROLE = int(Qt.ItemDataRole.UserRole)
STATE_ROLE = ROW_ROLE + 1
Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()


class ConversationsModel(QStringListModel):
    """Conversations under headings.

    Qt's list of strings counts the rows: the view asks for their number once per row, and 10,000 answers from here take too long.

    Attributes:
        current_key: of the one in the window.
        running_keys: of those whose answer is being written.
        summaries: all that are shown.

    Signals:
        renamed(key, title): in place, by the user.
    """

    renamed = Signal(str, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.current_key = ""
        self.running_keys: frozenset[str] = frozenset()
        self.summaries: tuple[Summary, ...] = ()
        self._has_private = False
        self._rows: list[SidebarRow] = []

    def set_summaries(self, summaries: Sequence[Summary]) -> None:
        """Show these."""
        if (new := tuple(summaries)) != self.summaries:
            self.summaries = new
            self.regroup()

    def set_private(self, has_private: bool) -> None:
        """Whether the conversation in the window is a private one."""
        if has_private != self._has_private:
            self._has_private = has_private
            self.regroup()

    def regroup(self) -> None:
        """Order everything anew, as on a new day or in another language. Where rows stay in place, the view keeps its own."""
        rows = build_rows(self.summaries, date.today(), has_private=self._has_private)
        is_same = len(rows) == len(self._rows) and all(map(_are_alike, rows, self._rows))
        self._rows = rows
        if is_same:
            self.redraw()
        else:
            self.setStringList([""] * len(rows))

    def redraw(self) -> None:
        """Say that any row may look different now; its size does not."""
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1), [Qt.ItemDataRole.DisplayRole])

    def row_of(self, key: str) -> int:
        """Where a conversation stands; -1 where it does not."""
        return next((i for i, row in enumerate(self._rows) if isinstance(row, Summary) and row.key == key), -1)

    def summary_at(self, index: Index) -> Summary | None:
        """The conversation of a row, if it is one."""
        row = self._rows[index.row()] if index.isValid() else None
        return row if isinstance(row, Summary) else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(self._rows[index.row()], Heading):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == STATE_ROLE:
            return self._is_current(row), isinstance(row, Summary) and row.key in self.running_keys
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return row_words(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row)
        return None

    def setData(self, index: Index, value: object, role: int = int(Qt.ItemDataRole.EditRole)) -> bool:
        summary, title = self.summary_at(index), " ".join(str(value).split())
        if summary is None or role != Qt.ItemDataRole.EditRole or title == short_title(summary.title):
            return False
        if title:  # shown at once; without one, the history says what it is called by itself
            changed = replace(summary, title=title)
            self._rows[index.row()] = changed
            self.summaries = tuple(changed if other.key == summary.key else other for other in self.summaries)
            self.redraw()
        self.renamed.emit(summary.key, title)
        return True

    def _is_current(self, row: SidebarRow) -> bool:
        return isinstance(row, PrivateRow) or (isinstance(row, Summary) and bool(row.key) and row.key == self.current_key)

    def _spoken(self, row: SidebarRow) -> str:
        words = row_words(row)
        if self._is_current(row):
            words = QCoreApplication.translate("Sidebar", "{title}, open now").format(title=words)
        if isinstance(row, Summary) and row.key in self.running_keys:
            words = QCoreApplication.translate("Sidebar", "{title}, being answered").format(title=words)
        return words


class FoundModel(QAbstractListModel):
    """Places that a search found."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._found: tuple[Found, ...] = ()

    def show_found(self, found: Sequence[Found]) -> None:
        """Show these, best first."""
        self.beginResetModel()
        self._found = tuple(found)
        self.endResetModel()

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._found)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        found = self._found[index.row()]
        if role == ROW_ROLE:
            return found
        if role == Qt.ItemDataRole.DisplayRole:
            return short_title(found.conversation.title)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            when = date_words(found.conversation.changed_at, date.today())
            return ", ".join(
                filter(None, (short_title(found.conversation.title), locator_words(found.locator), found.excerpt, when))
            )
        return None


def row_words(row: SidebarRow) -> str:
    """What a row says."""
    if isinstance(row, Heading):
        return row.words
    if isinstance(row, PrivateRow):
        return QCoreApplication.translate("Sidebar", "Private conversation")
    return short_title(row.title)


def _are_alike(first: SidebarRow, second: SidebarRow) -> bool:
    """Whether no more than the words of a conversation differ."""
    if isinstance(first, Summary) and isinstance(second, Summary):
        return first.key == second.key
    return first == second
