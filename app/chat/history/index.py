"""The index of words: what of each row goes in, and taking it out again.

An index without contents cannot know what a row held. It is told, and must be told the same, so both ways go through here.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Literal, get_args

from app.chat.history.terms import index_text

Index = Literal["title_index", "turn_index", "page_index"]
INDEXES: tuple[Index, ...] = get_args(Index)

TEXT_CHARACTERS_MAX = 1_000_000
"""Of one answer with its question."""
_TURN = "SELECT question, events FROM turn WHERE id = ?"
_MERGE_PAGES = 500


def answer_text(events: str | None) -> str:
    """What can be read in an answer that is kept as JSON: its words, then its reasoning."""
    try:
        wires = json.loads(events or "[]")
    except (ValueError, RecursionError):
        return ""
    found: dict[str, list[str]] = {"text": [], "image_ref": [], "reasoning": []}
    for wire in wires if isinstance(wires, list) else []:
        kind = wire.get("event") if isinstance(wire, dict) else None
        if isinstance(kind, str) and kind in found:
            found[kind].append(str(wire.get("caption" if kind == "image_ref" else "text", "")))
    return "\n".join(("".join(found["text"]), "\n".join(found["image_ref"]), "".join(found["reasoning"]))).strip()


def turn_text(question: str, events: str | None) -> str:
    """What a turn is found by."""
    return f"{question}\n{answer_text(events)}"[:TEXT_CHARACTERS_MAX]


def put(connection: sqlite3.Connection, index: Index, row_id: int, text: str) -> None:
    """Let a row be found by a text."""
    connection.execute(f"INSERT INTO {index} (rowid, text) VALUES (?, ?)", (row_id, index_text(text)))


def take_out(connection: sqlite3.Connection, index: Index, row_id: int, text: str) -> None:
    """Let a row be found no longer; `text` is what it was put in with."""
    connection.execute(f"INSERT INTO {index} ({index}, rowid, text) VALUES ('delete', ?, ?)", (row_id, index_text(text)))


def put_turn(connection: sqlite3.Connection, turn_id: int) -> None:
    """Let a turn be found by what stands in its row."""
    put(connection, "turn_index", turn_id, turn_text(*connection.execute(_TURN, (turn_id,)).fetchone()))


def take_out_turn(connection: sqlite3.Connection, turn_id: int) -> None:
    """Before its row changes or goes."""
    take_out(connection, "turn_index", turn_id, turn_text(*connection.execute(_TURN, (turn_id,)).fetchone()))


def empty(connection: sqlite3.Connection) -> None:
    """Let nothing be found."""
    for name in INDEXES:
        connection.execute(f"INSERT INTO {name} ({name}) VALUES ('delete-all')")


def check(connection: sqlite3.Connection) -> None:
    """Raises sqlite3.DatabaseError, with the code for a damaged virtual table, when the index does not agree with itself."""
    for name in INDEXES:
        connection.execute(f"INSERT INTO {name} ({name}) VALUES ('integrity-check')")


def rebuild(connection: sqlite3.Connection) -> None:
    """Make the index anew from what stands in the tables, and which files each turn uses."""
    empty(connection)
    for row_id, title in connection.execute("SELECT id, own_title FROM conversation WHERE own_title <> ''"):
        put(connection, "title_index", row_id, title)
    connection.execute("DELETE FROM turn_source")
    for row_id, question, events, parts in connection.execute("SELECT id, question, events, parts FROM turn"):
        put(connection, "turn_index", row_id, turn_text(question, events))
        put_sources(connection, row_id, _source_ids(parts))
    for row_id, text in connection.execute("SELECT id, text FROM page"):
        put(connection, "page_index", row_id, text)


def put_sources(connection: sqlite3.Connection, turn_id: int, source_ids: list[str]) -> None:
    """Say which files a turn uses."""
    connection.executemany("INSERT OR IGNORE INTO turn_source VALUES (?, ?)", [(turn_id, source) for source in source_ids])


def merge(connection: sqlite3.Connection, index: Index, *, is_first: bool) -> bool:
    """Do a part of the work that wipes out what was taken out of an index. Whether there is more (FTS5, the `merge` command)."""
    before = connection.total_changes
    pages = -_MERGE_PAGES if is_first else _MERGE_PAGES
    connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('merge', {pages})")
    return connection.total_changes - before >= 2


def _source_ids(parts: str) -> list[str]:
    try:
        wire = json.loads(parts)
        return [source["id"] for source in wire["sources"] if isinstance(source["id"], str) and source["id"]]
    except (ValueError, RecursionError, TypeError, KeyError):
        return []
