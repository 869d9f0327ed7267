"""Deleting for good, and what the history takes. Each step is a transaction of its own, so that no other window waits long."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import time
from pathlib import Path

from app.chat.history import index
from app.chat.history.database import Database
from app.chat.history.files import PART_SUFFIX, Files
from app.chat.history.types import Storage

UNUSED_S = 3600.0
"""How long a file may belong to no conversation: it is kept before or after its question is."""
BACKUP_S = 30 * 86_400.0
"""How long the copy that was made before an upgrade is kept."""

_IN_DRAFT = "EXISTS (SELECT 1 FROM draft WHERE instr(content, sha256))"
_SOUND = [("ok",)]
_OTHER_FILES = ("history.before-*", "history.damaged-*", "history.sqlite-*.left-*", "history.new.*")


def purge(database: Database, files: Files, older_than_s: float) -> None:
    """Remove for good what was deleted so long ago, and the files that only it used."""
    before = time.time() - older_than_s
    gone = database.rows("SELECT id FROM conversation WHERE deleted_at <= ?", before)
    turns = database.rows("SELECT count(*) FROM turn WHERE deleted_at <= ?", before)
    unused: set[str] = set()
    for (conversation_id,) in gone:
        unused |= database.write(_remove_conversation, conversation_id, before)
    unused |= database.write(_remove_turns, "deleted_at <= ?", before)
    _remove_unused(database, files, unused)
    _sweep(database, files)
    if gone or turns != [(0,)]:
        _wipe_index(database)
    empty_log(database)


def clear(database: Database, files: Files) -> None:
    """Remove everything: conversations, files, copies from before upgrades, damaged files that were set aside."""
    for pattern in _OTHER_FILES:
        for path in database.path.parent.glob(pattern):
            with contextlib.suppress(OSError):
                path.unlink()
    database.write(_remove_all, files)
    vacuum(database)


def clear_files(database: Database, files: Files) -> None:
    """Remove the copies of attached files. The conversations stay."""
    for (sha256,) in database.rows("SELECT sha256 FROM file WHERE is_copied"):
        database.write(_remove_copy, files, sha256)


def vacuum(database: Database) -> None:
    """Give back the room of what was removed."""
    database.rows("VACUUM")
    empty_log(database)


def empty_log(database: Database) -> None:
    """Bring what is in the write-ahead log into the file, so that what was removed does not stand there either."""
    database.rows("PRAGMA wal_checkpoint(TRUNCATE)")


def check(database: Database) -> None:
    """Find damage that has not been met. What can be made again is; for the rest the file is set aside and rescued."""
    if database.rows("PRAGMA integrity_check(1)") != _SOUND:
        if database.rows("PRAGMA quick_check(1)") == _SOUND:  # so it is only an index that does not fit
            with contextlib.suppress(sqlite3.IntegrityError):
                database.write(_remake_indexes)
        if database.rows("PRAGMA integrity_check(1)") != _SOUND:
            database.rescue()
    database.write(index.check)


def storage(database: Database) -> Storage:
    """What it takes on disk, with copies from before upgrades and damaged files that were set aside."""
    ((conversations,),) = database.rows("SELECT count(*) FROM conversation WHERE deleted_at IS NULL")
    ((kept, size),) = database.rows("SELECT count(*), coalesce(sum(size), 0) FROM file WHERE is_copied")
    return Storage(conversations, sum(map(_size, database.path.parent.glob("history.*"))), kept, size)


def _wipe_index(database: Database) -> None:
    """Let nothing of what was taken out stay in the files of the index; for a large one this takes a second or two."""
    for name in index.INDEXES:
        is_first = True
        while database.write(index.merge, name, is_first=is_first):
            is_first = False


def _remove_copy(connection: sqlite3.Connection, files: Files, sha256: str) -> None:
    connection.execute("DELETE FROM file WHERE sha256 = ?", (sha256,))
    with contextlib.suppress(OSError, ValueError):
        files.path_of(sha256).unlink(missing_ok=True)


def _remake_indexes(connection: sqlite3.Connection) -> None:
    connection.execute("REINDEX")
    index.rebuild(connection)


def _remove_all(connection: sqlite3.Connection, files: Files) -> None:
    shutil.rmtree(files.folder, ignore_errors=True)  # first: on a full disk, what follows needs the room
    for table in ("journal", "turn_source", "turn", "conversation", "file", "page", "draft"):
        connection.execute(f"DELETE FROM {table}")
    index.empty(connection)


def _remove_conversation(connection: sqlite3.Connection, conversation_id: int, before: float) -> set[str]:
    row = connection.execute("SELECT own_title, deleted_at FROM conversation WHERE id = ?", (conversation_id,)).fetchone()
    if row is None or row[1] is None or row[1] > before:
        return set()  # another window was faster, or has brought it back
    used = _remove_turns(connection, "conversation_id = ?", conversation_id)
    if row[0]:
        index.take_out(connection, "title_index", conversation_id, row[0])
    connection.execute("DELETE FROM draft WHERE key = (SELECT key FROM conversation WHERE id = ?)", (conversation_id,))
    connection.execute("DELETE FROM conversation WHERE id = ?", (conversation_id,))
    return used


def _remove_turns(connection: sqlite3.Connection, condition: str, value: float) -> set[str]:
    """The files that they used."""
    used: set[str] = set()
    for (turn_id,) in connection.execute(f"SELECT id FROM turn WHERE {condition}", (value,)).fetchall():
        used |= {source for (source,) in connection.execute("SELECT source_id FROM turn_source WHERE turn_id = ?", (turn_id,))}
        index.take_out_turn(connection, turn_id)
        connection.execute("DELETE FROM turn WHERE id = ?", (turn_id,))
    return used


def _remove_unused(database: Database, files: Files, candidates: set[str]) -> None:
    """Files and pages that no conversation uses any more: these, and others that have been so for a while."""
    long_ago = time.time() - UNUSED_S
    rows = database.rows(
        f"""SELECT sha256 FROM file WHERE kept_at < ? AND sha256 NOT IN (SELECT source_id FROM turn_source) AND NOT {_IN_DRAFT}
        UNION SELECT source_id FROM page WHERE indexed_at < ? AND source_id NOT IN (SELECT source_id FROM turn_source)""",
        long_ago,
        long_ago,
    )
    for source_id in candidates | {row[0] for row in rows}:
        database.write(_remove_source, files, source_id)


def _remove_source(connection: sqlite3.Connection, files: Files, source_id: str) -> None:
    if connection.execute("SELECT 1 FROM turn_source WHERE source_id = ? LIMIT 1", (source_id,)).fetchone():
        return
    if connection.execute(f"SELECT 1 FROM file WHERE sha256 = ? AND {_IN_DRAFT}", (source_id,)).fetchone():
        return
    for page_id, text in connection.execute("SELECT id, text FROM page WHERE source_id = ?", (source_id,)).fetchall():
        index.take_out(connection, "page_index", page_id, text)
    connection.execute("DELETE FROM page WHERE source_id = ?", (source_id,))
    connection.execute("DELETE FROM file WHERE sha256 = ?", (source_id,))
    with contextlib.suppress(OSError, ValueError):
        files.path_of(source_id).unlink(missing_ok=True)  # here, so that no other window can be keeping it at the same time


def _sweep(database: Database, files: Files) -> None:
    """Remove what a process that was killed left behind, and old copies."""
    known = {row[0] for row in database.rows("SELECT sha256 FROM file WHERE is_copied")}
    long_ago = time.time() - UNUSED_S
    for path in files.folder.glob("*/*"):
        if (path.suffix == PART_SUFFIX or path.name not in known) and _changed_at(path) < long_ago:
            path.unlink(missing_ok=True)
    for path in database.path.parent.glob("history.before-*"):
        if _changed_at(path) < time.time() - BACKUP_S:
            path.unlink(missing_ok=True)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return time.time()
