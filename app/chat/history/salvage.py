"""From the rows of a damaged file to a new one: all that can be told to be a conversation, a question or a part of an answer."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, NamedTuple

from app.chat.history.codec import clean, dump_events
from app.chat.history.raw_pages import Lost, RawPages, Row
from app.chat.history.schema import SALVAGED_TABLES
from app.chat.history.turns import LOST, outline, rename
from app.chat.session import TITLE_CHARACTERS_MAX, new_key

ROW_ID_MAX = 1 << 48

_TYPES: dict[str, tuple[type, ...]] = {"TEXT": (str,), "INTEGER": (int,), "REAL": (int, float)}
_DAMAGED = "\ufffd"


class _Column(NamedTuple):
    name: str
    types: tuple[type, ...]
    is_required: bool
    default: Any


def salvage(connection: sqlite3.Connection, damaged: Path) -> int:
    """Put everything readable of a damaged file into a new one, within the caller's transaction. How many conversations.

    Raises OSError when the damaged file cannot be read at all.
    """
    tables = {table: _columns(connection, table) for table in SALVAGED_TABLES}
    by_count = {len(columns): table for table, columns in tables.items()}
    for row in RawPages(damaged).rows():
        table = by_count.get(len(row.values))
        values = _fitting(row, tables[table]) if table else None
        if values is not None:
            marks = ", ".join("?" * len(values))
            connection.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", values)
    _mend(connection)
    return int(connection.execute("SELECT count(*) FROM conversation").fetchone()[0])


def _columns(connection: sqlite3.Connection, table: str) -> list[_Column]:
    """All but the first, which is the id of the row and not among its values."""
    columns = []
    for _, name, kind, not_null, default, is_key in connection.execute(f"PRAGMA table_info({table})"):
        value = connection.execute(f"SELECT {default}").fetchone()[0] if default is not None else None
        columns.append(_Column(name, (type(None),) if is_key else _TYPES[kind], bool(not_null) and default is None, value))
    return columns


def _fitting(row: Row, columns: list[_Column]) -> list[Any] | None:
    """The row as a row of this table, what is lost replaced; None when it is none."""
    if not 0 < row.id < ROW_ID_MAX:
        return None
    values: list[Any] = [row.id]
    for value, column in zip(row.values[1:], columns[1:], strict=True):
        if value is Lost.LOST and not column.is_required:
            values.append(_lost(column))
        elif (value is None and not column.is_required and column.default is None) or isinstance(value, column.types):
            values.append(value)
        else:
            return None
    is_key = values[1] and _DAMAGED not in str(values[1])
    return values if row.values[0] is None and is_key else None


def _lost(column: _Column) -> Any:
    return dump_events([LOST]) if column.name == "events" else column.default


def _mend(connection: sqlite3.Connection) -> None:
    """Give questions without a conversation one, and drop what belongs to nothing."""
    orphans = connection.execute(
        """SELECT conversation_id, min(id), min(created_at), max(created_at) FROM turn
        WHERE conversation_id NOT IN (SELECT id FROM conversation) GROUP BY conversation_id"""
    ).fetchall()
    for conversation_id, first, created_at, changed_at in orphans:
        (question,) = connection.execute("SELECT question FROM turn WHERE id = ?", (first,)).fetchone()
        title = " ".join(question.split())[:TITLE_CHARACTERS_MAX]
        connection.execute(
            "INSERT INTO conversation (id, key, title, created_at, changed_at) VALUES (?, ?, ?, ?, ?)",
            (conversation_id, new_key(), title, created_at, changed_at),
        )
    connection.execute("DELETE FROM journal WHERE turn_id NOT IN (SELECT id FROM turn WHERE events IS NULL)")
    connection.execute(
        """DELETE FROM conversation WHERE title = '' AND own_title = ''
        AND id NOT IN (SELECT conversation_id FROM turn WHERE deleted_at IS NULL)"""
    )
    _keep_titles(connection)


def _keep_titles(connection: sqlite3.Connection) -> None:
    """A conversation whose first question is lost is still called what it was."""
    for row_id, key, title in connection.execute("SELECT id, key, title FROM conversation WHERE own_title = ''").fetchall():
        if title and title != clean(outline(connection, row_id).first_words):
            rename(connection, key, title)
        elif not title:
            rename(connection, key, "")
