"""The history's SQLite file: opening, making and upgrading it, and doing work in it as one transaction.

Several processes may use it at once. A file that turns out to be damaged is set aside and rescued (`rescue.py`), and
the work done again in the new one; whoever else has the old one open notices that another file has its name, and follows.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from app.chat.history import index, rescue, schema, wal
from app.chat.history.errors import DiskFull, HistoryBusy, HistoryDamaged, HistoryError, HistoryNewer, HistoryUnreadable
from app.chat.history.types import Damage

log = logging.getLogger(__name__)

FILE_NAME = "history.sqlite"
BUSY_S = 5.0
BUSY_TRIES = 6
FREE_BYTES_MIN = 1 << 20
VERSIONS_MAX = 1_000
"""A number that no version will reach: it is damage."""
WAL_BYTES_KEPT = 4 << 20

P = ParamSpec("P")
T = TypeVar("T")
Work = Callable[Concatenate[sqlite3.Connection, P], T]
"""May be done a second time, when the first attempt came to nothing."""


class Torn(sqlite3.DatabaseError):
    """A file that SQLite would take, and that is not one of ours any more."""


class Database:
    """One connection, used by one thread at a time.

    Attributes:
        path: of the file.
        damage: what happened when it was found damaged; None when it was not.
    """

    def __init__(self, folder: Path) -> None:
        """Raises the classes of `errors`."""
        self.path = folder.absolute() / FILE_NAME
        self.damage: Damage | None = None
        self._identity: tuple[int, int] | None = None
        self._connection: sqlite3.Connection | None = None
        self._data_version: int | None = None
        with _translated(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._open()
        self.has_changed()

    def close(self) -> None:
        """Let the file go; it is opened again when it is needed."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
            self._data_version = None  # of another file, or another connection

    def read(self, work: Work[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Do work that only reads, on one state of the file. Raises the classes of `errors`."""
        return self._run("BEGIN", lambda connection: work(connection, *arguments, **named))

    def write(self, work: Work[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Do work, all of it or nothing. Raises the classes of `errors`."""
        return self._run("BEGIN IMMEDIATE", lambda connection: work(connection, *arguments, **named))

    def rows(self, query: str, *values: object) -> list[Any]:
        """What a query gives; for a single statement, which may be one that SQLite allows in no transaction."""
        return self._run("", lambda connection: connection.execute(query, values).fetchall())

    def has_changed(self) -> bool:
        """Whether another connection has written since this was asked last."""
        version = int(self.rows("PRAGMA data_version")[0][0])
        before, self._data_version = self._data_version, version
        return before != version

    def rescue(self) -> None:
        """Set the file aside and go on with what can be read of it, unless another process did that already."""
        self.close()
        with _translated(self.path.parent):
            self.damage = rescue.rescue(self.path, self._identity, make) or self.damage

    def _run(self, begin: str, work: Callable[[sqlite3.Connection], T]) -> T:
        with _translated(self.path.parent):
            try:
                return self._transaction(begin, work)
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
                is_index = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_CORRUPT_VTAB
            if is_index:
                self._mend_index()
            else:
                self.rescue()
            return self._transaction(begin, work)

    def _mend_index(self) -> None:
        """The index of words can be made again from what it stands for."""
        log.warning("the index of words is damaged and made anew")
        try:
            self._transaction("BEGIN IMMEDIATE", index.rebuild)
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            self.rescue()

    def _transaction(self, begin: str, work: Callable[[sqlite3.Connection], T]) -> T:
        """The work may have to wait for other processes longer than SQLite does by itself."""
        for is_last in [*[False] * (BUSY_TRIES - 1), True]:
            connection = self._current()
            try:
                if begin:
                    connection.execute(begin)
                result = work(connection)
                if begin:
                    connection.execute("COMMIT")
                return result
            except BaseException as error:
                if connection.in_transaction:
                    with contextlib.suppress(sqlite3.Error):
                        connection.execute("ROLLBACK")
                if is_last or not is_busy(error):
                    raise
        raise AssertionError("not reached")

    def _current(self) -> sqlite3.Connection:
        """The connection to the file that has the name now."""
        if self._connection is None or rescue.identity_of(self.path) != self._identity:
            self.close()
            self._open()
        assert self._connection is not None
        return self._connection

    def _open(self) -> None:
        try:
            if self.path.exists():
                self._connect()
                return
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
        self.rescue()
        self._connect()

    def _connect(self) -> None:
        self._identity = rescue.identity_of(self.path)
        version = version_of(self.path)
        if version > schema.VERSION:
            raise HistoryNewer(
                "The conversations were written by a later version of Sightline. This one leaves them alone; install the latest."
            )
        if version < schema.VERSION:
            upgrade(self.path)
        self._connection = connect(self.path)


def connect(path: Path) -> sqlite3.Connection:
    """A connection as the history wants it: changes survive the end of the process at once, and a power cut as a whole."""
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode=rw", uri=True, timeout=BUSY_S, isolation_level=None, check_same_thread=False
    )
    try:
        for pragma in ("foreign_keys = ON", "secure_delete = ON", "synchronous = NORMAL", "trusted_schema = OFF"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(f"PRAGMA journal_size_limit = {WAL_BYTES_KEPT}")
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def version_of(path: Path) -> int:
    """How many steps of `schema` a file has taken, without changing a byte of it. Raises Torn for what is none of ours."""
    if not path.stat().st_size:
        raise Torn("it is empty")
    with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=BUSY_S)) as connection:
        try:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            made = {statement for (statement,) in connection.execute("SELECT sql FROM sqlite_schema")}
        except (UnicodeDecodeError, sqlite3.OperationalError) as error:
            if _code(error) not in (0, sqlite3.SQLITE_ERROR):  # a name that Python cannot read, a form that SQLite does not know
                raise
            raise Torn("its list of tables cannot be read") from error
        is_cut_short = wal.is_cut_short(path)  # while SQLite has it open, and cannot tidy up the log
    if not 0 < version < VERSIONS_MAX or (version <= schema.VERSION and made & schema.made_by() != schema.made_by(version)):
        raise Torn("it has not the tables that it should have")
    if is_cut_short:
        raise Torn("a part of its log is damaged, and SQLite passes over what was written after that")
    return int(version)


def upgrade(path: Path) -> None:
    """Take the steps that are missing, after a copy was made. Nothing has happened when it is interrupted."""
    with rescue.locked(path.parent):
        version = version_of(path)
        if version >= schema.VERSION:
            return
        with contextlib.closing(connect(path)) as connection:
            _back_up(connection, path.with_name(f"history.before-{schema.VERSION}.sqlite"))
            connection.execute("BEGIN IMMEDIATE")
            schema.upgrade(connection, version)
            index.rebuild(connection)
            connection.execute("COMMIT")


def make(path: Path, fill: Callable[[sqlite3.Connection], T]) -> T:
    """A new file, complete or not at all. `fill` puts rows into it."""
    temporary = path.with_name("history.new.sqlite")
    try:
        for name in rescue.files_of(temporary):
            name.unlink(missing_ok=True)
        os.close(os.open(temporary, os.O_CREAT | os.O_WRONLY, 0o600))
        with contextlib.closing(sqlite3.connect(temporary, timeout=BUSY_S, isolation_level=None)) as connection:
            # With a log, what a full disk keeps from coming out of it would be left behind.
            connection.execute("PRAGMA journal_mode = MEMORY")
            connection.execute("BEGIN IMMEDIATE")
            schema.upgrade(connection, 0)
            result = fill(connection)
            index.rebuild(connection)
            connection.execute("COMMIT")
            connection.execute("PRAGMA journal_mode = WAL")
        with open(temporary, "rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
        return result
    finally:
        temporary.unlink(missing_ok=True)  # a full disk needs the room


def is_damage(error: BaseException) -> bool:
    """Whether SQLite says that the file is damaged (SQLITE_CORRUPT, SQLITE_NOTADB), or has text that is none."""
    is_no_text = isinstance(error, sqlite3.OperationalError) and str(error).startswith("Could not decode to UTF-8")
    return isinstance(error, Torn) or is_no_text or _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_busy(error: BaseException) -> bool:
    """Whether SQLite gave up waiting for another process, or noticed that one has set the file aside."""
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_READONLY_DBMOVED:
        return True
    return _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _code(error: BaseException) -> int:
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def _back_up(connection: sqlite3.Connection, path: Path) -> None:
    temporary = path.with_suffix(".part")
    temporary.unlink(missing_ok=True)
    try:
        os.close(os.open(temporary, os.O_CREAT | os.O_WRONLY, 0o600))
        with contextlib.closing(sqlite3.connect(temporary)) as copy:
            connection.backup(copy)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def _translated(folder: Path) -> Iterator[None]:
    """Errors of SQLite and of the system as those of the history."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.IntegrityError, HistoryError):
        raise
    except (sqlite3.Error, OSError) as error:
        raise _as_history_error(error, folder) from error


def _as_history_error(error: Exception, folder: Path) -> HistoryError:
    if is_busy(error):
        return HistoryBusy("Another window of Sightline has been writing to the conversations for too long. Try again in a moment.")
    if is_damage(error):
        return HistoryDamaged(
            "The file of the conversations is damaged and could not be replaced. Close all other windows and try again."
        )
    with contextlib.suppress(OSError):
        if _code(error) == sqlite3.SQLITE_FULL or shutil.disk_usage(folder).free < FREE_BYTES_MIN:
            return DiskFull("The disk is full, so that the history could not be written. Make room and try again.")
    return HistoryUnreadable(
        f"The conversations in {folder} cannot be read or written: {error}. Check the folder and its permissions."
    )
