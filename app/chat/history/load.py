"""Reading conversations back, within the caller's transaction. An answer is what its events make of it, played again."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Mapping
from typing import Any

from app.chat.history.codec import NOTHING, load_parts, load_reductions, load_sources
from app.chat.history.errors import NotKept
from app.chat.history.turns import anchor, whole
from app.chat.history.types import Summary
from app.chat.history.writer import Writer
from app.chat.parts import Part, Reduction
from app.chat.pictures import Opener, SourceInfo
from app.chat.session import Conversation, Turn, answer_for, new_turn_id

LATEST_MAX = 20
"""Of the questions whose attachments are read for the search after a start."""

_TURNS = """SELECT id, key, before, question, parts, reductions, thinking, model_name, host, created_at, reasoning_s, events
    FROM turn WHERE conversation_id = ? AND deleted_at IS NULL ORDER BY id"""


def summaries(connection: sqlite3.Connection, limit: int | None) -> list[Summary]:
    """The pinned ones first, then the newest."""
    rows = connection.execute(
        """SELECT key, title, is_pinned, changed_at FROM conversation WHERE deleted_at IS NULL
        ORDER BY is_pinned DESC, changed_at DESC LIMIT ?""",
        (-1 if limit is None else limit,),
    )
    return [Summary(key, title, bool(is_pinned), changed_at) for key, title, is_pinned, changed_at in rows]


def conversation(connection: sqlite3.Connection, key: str, opener: Opener) -> Conversation:
    """All of a conversation. Raises NotKept when it is not there."""
    row = connection.execute(
        "SELECT id, own_title, is_pinned, leaf, created_at FROM conversation WHERE key = ? AND deleted_at IS NULL", (key,)
    ).fetchone()
    if row is None:
        raise NotKept("This conversation is not in the history, or no longer.")
    conversation_id, own_title, is_pinned, leaf, created_at = row
    loaded = Conversation(key)
    loaded.own_title, loaded.is_pinned, loaded.created_at = own_title, bool(is_pinned), created_at
    journaled = _journaled(connection, conversation_id)
    with_parts: dict[str, tuple[Turn, ...]] = {"": ()}  # up to each turn, those of its path that anything went along with
    known: dict[str, None] = {}
    for row in connection.execute(_TURNS, (conversation_id,)):
        turn = _turn(row, journaled, with_parts, known, opener)
        loaded.add_turn(turn)
        known[turn.key] = None
        with_parts[turn.key] = (*with_parts[turn.before], turn) if turn.parts else with_parts[turn.before]
    loaded.choose(leaf)
    return loaded


def running(connection: sqlite3.Connection, conversation_key: str) -> list[tuple[int, Writer | None]]:
    """The turns of a conversation whose answers have no end, and who writes them."""
    rows = connection.execute(
        """SELECT turn.id, writer_pid, writer_started FROM turn JOIN conversation ON conversation.id = conversation_id
        WHERE conversation.key = ? AND events IS NULL""",
        (conversation_key,),
    )
    return [(row[0], _writer(row[1], row[2])) for row in rows]


def all_running(connection: sqlite3.Connection) -> list[tuple[int, Writer | None]]:
    """The same for all conversations."""
    rows = connection.execute("SELECT id, writer_pid, writer_started FROM turn WHERE events IS NULL")
    return [(row[0], _writer(row[1], row[2])) for row in rows]


def answered(connection: sqlite3.Connection, conversation_key: str) -> frozenset[str]:
    """The keys of the turns of a conversation whose answers have ended."""
    rows = connection.execute(
        """SELECT turn.key FROM turn JOIN conversation ON conversation.id = conversation_id
        WHERE conversation.key = ? AND events IS NOT NULL AND turn.deleted_at IS NULL""",
        (conversation_key,),
    )
    return frozenset(key for (key,) in rows)


def writer_of(connection: sqlite3.Connection, turn_key: str) -> Writer | None:
    """Who writes the answer to a turn; None when it is complete."""
    row = connection.execute("SELECT writer_pid, writer_started FROM turn WHERE key = ? AND events IS NULL", (turn_key,)).fetchone()
    return _writer(*row) if row else None


def unread_sources(connection: sqlite3.Connection) -> list[SourceInfo]:
    """Of what went along with the latest questions, what has pages that are not in the index."""
    latest = "SELECT parts FROM turn WHERE deleted_at IS NULL AND parts <> ? ORDER BY id DESC LIMIT ?"
    sources: dict[str, SourceInfo] = {}
    for (parts,) in connection.execute(latest, (NOTHING, LATEST_MAX)):
        with contextlib.suppress(ValueError):
            sources |= {source.id: source for source in load_sources(parts)}
    count = "SELECT count(*) FROM page WHERE source_id = ?"
    return [each for each in sources.values() if connection.execute(count, (each.id,)).fetchone()[0] < each.page_count]


def _writer(pid: int | None, started: float | None) -> Writer | None:
    return Writer(pid, started) if pid is not None and started is not None else None


def _journaled(connection: sqlite3.Connection, conversation_id: int) -> dict[int, list[tuple[str, float]]]:
    """What is not yet in the rows of the turns, by turn."""
    found: dict[int, list[tuple[str, float]]] = {}
    for turn_id, events, reasoning_s in connection.execute(
        """SELECT turn_id, journal.events, journal.reasoning_s FROM journal JOIN turn ON turn.id = turn_id
        WHERE conversation_id = ? ORDER BY journal.id""",
        (conversation_id,),
    ):
        found.setdefault(turn_id, []).append((events, reasoning_s))
    return found


def _turn(
    row: tuple[Any, ...],
    journaled: Mapping[int, list[tuple[str, float]]],
    with_parts: Mapping[str, tuple[Turn, ...]],
    known: dict[str, None],
    opener: Opener,
) -> Turn:
    row_id, key, before, question, parts_json, reductions_json, thinking, model_name, host, created_at, reasoning_s, events = row
    before = anchor(before, known)
    parts = _parts(parts_json, opener)
    rows = journaled.get(row_id, [])
    answer = answer_for(with_parts[before], parts)
    for event in whole([*([] if events is None else [events]), *(text for text, _ in rows)]):
        answer.apply(event)
    answer.reasoning_s = rows[-1][1] if rows else reasoning_s
    return Turn(
        new_turn_id(), question, parts, _reductions(reductions_json), bool(thinking), answer,
        key=key, before=before, model_name=model_name, host=host, created_at=created_at,
    )  # fmt: skip


def _parts(text: str, opener: Opener) -> tuple[Part, ...]:
    try:
        return load_parts(text, opener)
    except ValueError:
        return ()


def _reductions(text: str) -> tuple[Reduction, ...]:
    try:
        return load_reductions(text)
    except ValueError:
        return ()
