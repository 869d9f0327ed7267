"""Writing turns, within the caller's transaction: a question, what arrives of its answer, its end."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Sequence

from app.chat.answer import Answer
from app.chat.history import index
from app.chat.history.codec import clean, dump_events, dump_parts, dump_reductions, load_events, sources_of
from app.chat.history.errors import NotKept
from app.chat.history.writer import Writer
from app.chat.session import Conversation, Turn, new_turn_id
from inference.event_wire import joined
from inference.events import Event, Failed, Finished

CUT = Failed(
    "answer_cut",
    "Sightline ended before this answer was complete. What had arrived until then is kept; ask again for a whole one.",
)
LOST = Failed(
    "answer_damaged",
    "A part of this answer stood in a damaged place of the history, and is lost. Ask again to get a whole one.",
)


def start(connection: sqlite3.Connection, conversation: Conversation, turn: Turn, writer: Writer) -> None:
    """Keep a question, and its conversation when that is new. A conversation that was deleted meanwhile is back."""
    conversation_id = _conversation_id(connection, conversation, turn.created_at)
    cursor = connection.execute(
        """INSERT INTO turn (key, conversation_id, before, question, parts, reductions, thinking, model_name, host, created_at,
        writer_pid, writer_started) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            turn.key, conversation_id, turn.before, clean(turn.question), dump_parts(turn.parts), dump_reductions(turn.reductions),
            turn.thinking, clean(turn.model_name), turn.host, turn.created_at, writer.pid, writer.started,
        ),
    )  # fmt: skip
    turn_id = int(cursor.lastrowid or 0)
    index.put_turn(connection, turn_id)
    index.put_sources(connection, turn_id, list(sources_of(turn.parts)))


def journal(connection: sqlite3.Connection, turn_key: str, events: str, reasoning_s: float) -> None:
    """Keep what arrived. Raises NotKept when the turn is not there."""
    connection.execute(
        "INSERT INTO journal (turn_id, reasoning_s, events) VALUES (?, ?, ?)",
        (_turn_id(connection, turn_key), reasoning_s, events),
    )


def finish(connection: sqlite3.Connection, turn: Turn) -> None:
    """Make one row of what arrived. An end that was not journaled is taken from the answer. Raises NotKept."""
    compact(connection, _turn_id(connection, turn.key), _end_of(turn.answer), turn.answer.reasoning_s)


def compact(connection: sqlite3.Connection, turn_id: int, end: Event, reasoning_s: float | None = None) -> None:
    """Put what was journaled into the row of the turn, with `end` where no end was journaled."""
    (kept,) = connection.execute("SELECT events FROM turn WHERE id = ?", (turn_id,)).fetchone()
    rows = connection.execute("SELECT events, reasoning_s FROM journal WHERE turn_id = ? ORDER BY id", (turn_id,)).fetchall()
    events = whole([kept or "[]", *(row[0] for row in rows)])
    if not events or not isinstance(events[-1], Finished | Failed):
        events.append(end)
    if reasoning_s is None:
        reasoning_s = rows[-1][1] if rows else 0.0
    index.take_out_turn(connection, turn_id)
    connection.execute(
        "UPDATE turn SET events = ?, reasoning_s = ?, writer_pid = NULL, writer_started = NULL WHERE id = ?",
        (dump_events(events), reasoning_s, turn_id),
    )
    connection.execute("DELETE FROM journal WHERE turn_id = ?", (turn_id,))
    index.put_turn(connection, turn_id)


def close_cut(connection: sqlite3.Connection, turn_id: int) -> None:
    """End an answer whose writer died, unless somebody has."""
    if connection.execute("SELECT 1 FROM turn WHERE id = ? AND events IS NULL", (turn_id,)).fetchone():
        compact(connection, turn_id, CUT)


def whole(texts: Sequence[str]) -> list[Event]:
    """The events of all pieces as one answer. An answer that went on was not cut; one of which a piece is lost says so."""
    events: list[Event] = []
    is_lost = False
    if len(texts) == 1:
        with contextlib.suppress(ValueError):
            return load_events(texts[0])  # it was joined when it was written
    for text in texts:
        try:
            events += load_events(text)
        except ValueError:
            is_lost = True
    if is_lost:
        events = [*(event for event in events if not isinstance(event, Finished | Failed)), LOST]
    last = len(events) - 1
    return joined(event for number, event in enumerate(events) if number == last or not _is_cut(event))


def save(connection: sqlite3.Connection, conversation: Conversation) -> None:
    """Keep the path that is read, and the title that follows from it; nothing for one without questions."""
    connection.execute(
        "UPDATE conversation SET leaf = ?, title = CASE own_title WHEN '' THEN ? ELSE own_title END WHERE key = ?",
        (conversation.leaf, clean(conversation.first_words), conversation.key),
    )


def rename(connection: sqlite3.Connection, key: str, own_title: str) -> None:
    """Call a conversation something else, or with an empty title what its question says; nothing for one that is not kept yet."""
    row = connection.execute("SELECT id, own_title FROM conversation WHERE key = ?", (key,)).fetchone()
    if row is None:
        return
    (row_id, old), new = row, clean(own_title)
    if old:
        index.take_out(connection, "title_index", row_id, old)
    if new:
        index.put(connection, "title_index", row_id, new)
    connection.execute("UPDATE conversation SET own_title = ? WHERE id = ?", (new, row_id))
    connection.execute("UPDATE conversation SET title = ? WHERE id = ?", (clean(outline(connection, row_id).title), row_id))


def delete(connection: sqlite3.Connection, turn_key: str, now: float) -> None:
    """Take a turn out as `Conversation.drop_turn` does. Raises NotKept when it is not there."""
    turn_id = _turn_id(connection, turn_key)
    (conversation_id,) = connection.execute("SELECT conversation_id FROM turn WHERE id = ?", (turn_id,)).fetchone()
    kept = outline(connection, conversation_id)
    dropped = next((turn for turn in kept.all_turns if turn.key == turn_key), None)
    if dropped is None:
        return
    kept.drop_turn(dropped.id)
    connection.execute("UPDATE turn SET deleted_at = ? WHERE id = ?", (now, turn_id))
    connection.execute(
        "UPDATE turn SET before = ? WHERE conversation_id = ? AND before = ?", (dropped.before, conversation_id, turn_key)
    )
    connection.execute("UPDATE conversation SET leaf = ?, title = ? WHERE id = ?", (kept.leaf, clean(kept.title), conversation_id))


def restore(connection: sqlite3.Connection, conversation: Conversation, turn: Turn, after: Iterable[str]) -> None:
    """Bring a turn back; `after` are the keys of those that followed it. Raises NotKept when it was purged."""
    turn_id = _turn_id(connection, turn.key)
    connection.execute("UPDATE turn SET deleted_at = NULL, before = ? WHERE id = ?", (turn.before, turn_id))
    connection.executemany("UPDATE turn SET before = ? WHERE key = ?", [(turn.key, key) for key in after])
    save(connection, conversation)


def anchor(before: str, known: dict[str, None]) -> str:
    """What a turn follows: what its row says if that was read before, else the last that was. No damage makes a ring or a gap."""
    return before if not before or before in known else next(reversed(known), "")


def outline(connection: sqlite3.Connection, conversation_id: int) -> Conversation:
    """A conversation with no more in it than its path and its title need."""
    own_title, leaf = connection.execute("SELECT own_title, leaf FROM conversation WHERE id = ?", (conversation_id,)).fetchone()
    made = Conversation()
    made.own_title = own_title
    known: dict[str, None] = {}
    for key, before, question in connection.execute(
        "SELECT key, before, question FROM turn WHERE conversation_id = ? AND deleted_at IS NULL ORDER BY id", (conversation_id,)
    ):
        made.add_turn(Turn(new_turn_id(), question, (), (), False, Answer(), key=key, before=anchor(before, known)))
        known[key] = None
    made.choose(leaf)
    return made


def _conversation_id(connection: sqlite3.Connection, conversation: Conversation, now: float) -> int:
    """The row of a conversation that is written to; one that is there may have been renamed in another window."""
    row = connection.execute("SELECT id FROM conversation WHERE key = ?", (conversation.key,)).fetchone()
    if row is None:
        cursor = connection.execute(
            "INSERT INTO conversation (key, is_pinned, created_at, changed_at) VALUES (?, ?, ?, ?)",
            (conversation.key, conversation.is_pinned, conversation.created_at, now),
        )
        rename(connection, conversation.key, conversation.own_title)
        save(connection, conversation)
        return int(cursor.lastrowid or 0)
    connection.execute("UPDATE conversation SET changed_at = max(changed_at, ?), deleted_at = NULL WHERE id = ?", (now, row[0]))
    save(connection, conversation)
    return int(row[0])


def _turn_id(connection: sqlite3.Connection, key: str) -> int:
    row = connection.execute("SELECT id FROM turn WHERE key = ?", (key,)).fetchone()
    if row is None:
        raise NotKept("This question is not in the history, or no longer: it was deleted for good.")
    return int(row[0])


def _is_cut(event: Event) -> bool:
    return isinstance(event, Failed) and event.code == CUT.code


def _end_of(answer: Answer) -> Event:
    if answer.failure is not None:
        return Failed(answer.failure.code, answer.failure.message, answer.usage)
    if answer.finish_reason is not None:
        return Finished(answer.finish_reason, answer.usage, answer.timings)
    return CUT
