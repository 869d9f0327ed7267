"""The tables, and the steps from each earlier form of them to this one. `PRAGMA user_version` says how many steps were taken.

No text is stored twice: what is searched is an index without contents (FTS5, `content=''`) over what stands in `conversation`,
`turn` and `page`. So whoever changes or deletes a row must take its old text out of the index with exactly the words that went in.

The question stands before the answer in a row, because a long answer continues on other pages of the file, and what comes first
can be read even when those are lost. Rows are told apart by their number of columns when a damaged file is read (`salvage.py`):
every table but those that can be made again has a number of its own.
"""

from __future__ import annotations

import sqlite3

_CONVERSATIONS = (
    """CREATE TABLE conversation (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        own_title TEXT NOT NULL DEFAULT '',
        title TEXT NOT NULL DEFAULT '',
        is_pinned INTEGER NOT NULL DEFAULT 0,
        leaf TEXT NOT NULL DEFAULT '',
        created_at REAL NOT NULL DEFAULT 0,
        changed_at REAL NOT NULL DEFAULT 0,
        deleted_at REAL
    )""",
    """CREATE TABLE turn (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        conversation_id INTEGER NOT NULL REFERENCES conversation ON DELETE CASCADE,
        before TEXT NOT NULL DEFAULT '',
        question TEXT NOT NULL DEFAULT '',
        parts TEXT NOT NULL DEFAULT '{}',
        reductions TEXT NOT NULL DEFAULT '[]',
        thinking INTEGER NOT NULL DEFAULT 0,
        model_name TEXT NOT NULL DEFAULT '',
        host TEXT,
        created_at REAL NOT NULL DEFAULT 0,
        writer_pid INTEGER,
        writer_started REAL,
        reasoning_s REAL NOT NULL DEFAULT 0,
        deleted_at REAL,
        events TEXT -- NULL while the answer runs
    )""",
    """CREATE TABLE journal (
        id INTEGER PRIMARY KEY,
        turn_id INTEGER NOT NULL REFERENCES turn ON DELETE CASCADE,
        reasoning_s REAL NOT NULL DEFAULT 0,
        events TEXT NOT NULL DEFAULT '[]'
    )""",
    """CREATE TABLE file (
        id INTEGER PRIMARY KEY,
        sha256 TEXT NOT NULL UNIQUE,
        path TEXT NOT NULL DEFAULT '',
        size INTEGER NOT NULL DEFAULT 0,
        mtime_ns INTEGER NOT NULL DEFAULT 0,
        is_copied INTEGER NOT NULL DEFAULT 0,
        kept_at REAL NOT NULL DEFAULT 0
    )""",
    """CREATE INDEX conversation_list ON conversation (is_pinned DESC, changed_at DESC, key, title, deleted_at)
        WHERE deleted_at IS NULL""",
    """CREATE INDEX turn_conversation ON turn (conversation_id)""",
    """CREATE INDEX turn_running ON turn (writer_pid) WHERE events IS NULL""",
    """CREATE INDEX journal_turn ON journal (turn_id)""",
)
_SEARCH = (
    """CREATE TABLE page (
        id INTEGER PRIMARY KEY,
        source_id TEXT NOT NULL,
        locator TEXT NOT NULL,
        text TEXT NOT NULL DEFAULT '',
        indexed_at REAL NOT NULL DEFAULT 0,
        UNIQUE (source_id, locator)
    )""",
    """CREATE TABLE turn_source (
        turn_id INTEGER NOT NULL REFERENCES turn ON DELETE CASCADE,
        source_id TEXT NOT NULL,
        PRIMARY KEY (turn_id, source_id)
    ) WITHOUT ROWID""",
    """CREATE INDEX turn_source_source ON turn_source (source_id, turn_id)""",
    *(
        f"""CREATE VIRTUAL TABLE {name}_index USING fts5 (
            text, content='', columnsize=0, tokenize='unicode61 remove_diacritics 2'
        )"""
        for name in ("title", "turn", "page")
    ),
)

_DRAFTS = (
    """CREATE TABLE draft (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        content TEXT NOT NULL DEFAULT '{}'
    )""",
)

STEPS: tuple[tuple[str, ...], ...] = (_CONVERSATIONS, _SEARCH, _DRAFTS)
"""Each is done as a whole or not at all. Steps that were given away in a release never change."""

VERSION = len(STEPS)

SALVAGED_TABLES = ("conversation", "turn", "journal", "file", "page", "draft")


def made_by(version: int = VERSION) -> set[str]:
    """The statements of the steps up to this version, as SQLite keeps them."""
    return {statement for step in STEPS[:version] for statement in step}


def upgrade(connection: sqlite3.Connection, version: int) -> None:
    """Take all steps after `version`, within the caller's transaction."""
    for step in STEPS[version:]:
        for statement in step:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {VERSION}")
