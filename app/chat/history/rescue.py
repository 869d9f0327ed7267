"""What happens to a damaged file: it is set aside under a dated name, and what can be read of it goes into a new one.

One process does it, and the others wait. A rescue that was interrupted is done again by whoever opens the history next: the sign is
that there is a file set aside and none in use.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from app.chat.history.errors import HistoryDamaged
from app.chat.history.salvage import salvage
from app.chat.history.types import Damage

log = logging.getLogger(__name__)

LOCK_S = 120.0
ASIDE_PATTERN = "history.damaged-*.sqlite"

Make = Callable[[Path, Callable[[sqlite3.Connection], int]], int]
"""Makes a new file and lets it be filled; `database.make`."""


def rescue(path: Path, broken: tuple[int, int] | None, make: Make) -> Damage | None:
    """Replace the file that has the identity `broken`, or make the first one when that is None.

    None when nothing was damaged, or another process was faster. Raises HistoryDamaged, OSError and sqlite3.Error.
    """
    with locked(path.parent):
        if path.exists():
            if identity_of(path) != broken:
                return None
            _set_aside(path)
        aside = _interrupted(path)
        if aside is None:
            make(path, lambda connection: 0)
            return None
        conversations = make(path, lambda connection: salvage(connection, aside))
        log.warning("the damaged history is now %s; %s conversations could be read", aside.name, conversations)
        return Damage(aside, conversations)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One process at a time; the lock ends with the process. It is SQLite's own, which every system has."""
    lock = folder / "history.lock"
    os.close(os.open(lock, os.O_CREAT | os.O_WRONLY, 0o600))
    with contextlib.closing(sqlite3.connect(lock, timeout=LOCK_S, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield


def identity_of(path: Path) -> tuple[int, int] | None:
    """Tells files apart that had the same name; None without one."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino


def files_of(path: Path) -> tuple[Path, Path, Path]:
    """A SQLite file with those that belong to it."""
    return path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")


def _set_aside(path: Path) -> None:
    name = f"history.damaged-{time.strftime('%Y%m%d-%H%M%S')}"
    target = path.with_name(f"{name}.sqlite")
    number = 1
    while target.exists():
        number += 1
        target = path.with_name(f"{name}-{number}.sqlite")
    try:
        path.rename(target)
    except OSError as error:
        raise HistoryDamaged(
            "The file of the conversations is damaged, and in use. Close all other windows, so that it can be replaced."
        ) from error


def _interrupted(path: Path) -> Path | None:
    """The file that was set aside last, with its log; there is one that belongs to it if there is none in use."""
    aside = max(path.parent.glob(ASIDE_PATTERN), key=lambda each: each.stat().st_ctime_ns, default=None)
    if aside is not None:
        for left, target in zip(files_of(path)[1:], files_of(aside)[1:], strict=True):
            if left.exists() and not target.exists():
                left.rename(target)
    for left in files_of(path)[1:]:
        if left.exists():
            left.rename(path.with_name(f"{left.name}.left-{time.time_ns()}"))
    return aside
