"""Questions that were begun and not sent, within the caller's transaction. Each is known by its conversation.

The process that wrote a draft may still have it in its window: others leave it alone until that process has ended.
"""

from __future__ import annotations

import json
import sqlite3

from app.chat.history.codec import clean, dump
from app.chat.history.types import NEW, Draft, DraftFile
from app.chat.history.writer import Writer


def keep(connection: sqlite3.Connection, key: str, draft: Draft, writer: Writer) -> None:
    """Keep it in place of the one before; nothing for an empty one, or of a conversation that is not kept."""
    connection.execute("DELETE FROM draft WHERE key = ?", (key,))
    is_kept = key == NEW or connection.execute("SELECT 1 FROM conversation WHERE key = ?", (key,)).fetchone()
    if draft != Draft() and is_kept:
        content = {
            "text": clean(draft.text),
            "files": [[clean(file.name), clean(file.part), file.sha256] for file in draft.files],
            "writer": [*writer],
        }
        connection.execute("INSERT INTO draft (key, content) VALUES (?, ?)", (key, dump(content)))


def load(connection: sqlite3.Connection) -> dict[str, Draft]:
    """All that no other window has, by the keys of their conversations."""
    found = {}
    for key, content in connection.execute("SELECT key, content FROM draft"):
        try:
            wire = json.loads(content)
            draft = Draft(str(wire["text"]), tuple(DraftFile(*map(str, file)) for file in wire["files"]))
            writer = Writer(int(wire["writer"][0]), float(wire["writer"][1]))
        except (ValueError, TypeError, KeyError, IndexError, RecursionError, OverflowError):
            continue
        if writer.is_this_process or not writer.is_alive:
            found[key] = draft
    return found
