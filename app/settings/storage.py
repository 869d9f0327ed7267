"""What Sightline takes on the disk, by kind, and how what can be made again is cleared. No Qt; everything here blocks."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app import paths
from base.disk_store import CLEARED, mark_cleared

Kind = Literal["conversations", "attachments", "reading", "engine", "logs"]
MADE_OF_CONVERSATIONS: tuple[Kind, ...] = ("reading", "engine")
"""They go with the conversations: what was read, drawn and recognised stands in them."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What lies in one folder.

    Attributes:
        kind: `conversations` and `attachments` are the user's; `reading` (drawn pages and recognised text), `engine` (what models
            have read) and `logs` can be cleared without a loss.
        folder: where it is; it need not exist.
        size_bytes: all files together.
        count: conversations or attachments; files of the other kinds.
    """

    kind: Kind
    folder: Path
    size_bytes: int
    count: int


def measure_caches() -> tuple[Stored, ...]:
    """What the caches and logs take. The history measures itself."""
    return tuple(measure(kind, folder) for kind, folder in cache_folders().items())


def cache_folders() -> dict[Kind, Path]:
    """Where what can be cleared here lies."""
    return {"reading": paths.cache_dir() / "reading", "engine": paths.cache_dir() / "engine", "logs": paths.log_dir()}


def measure(kind: Kind, folder: Path) -> Stored:
    """Add up a folder. Links are not followed; what vanishes meanwhile is not counted."""
    sizes = []
    for entry in _files(folder):
        with contextlib.suppress(OSError):
            sizes.append(entry.stat(follow_symlinks=False).st_size)
    return Stored(kind, folder, sum(sizes), len(sizes))


def clear_cache(kind: Kind) -> int:
    """Delete the files of one kind, and return how many could not be deleted, because they are in use or protected.

    A log that is being written to is emptied, not deleted: its process would go on writing into nothing. Raises KeyError for a kind
    that is no cache.
    """
    folder = cache_folders()[kind]
    if kind == "engine":  # a model holds more of a conversation than is on the disk yet
        with contextlib.suppress(OSError):
            mark_cleared(folder)
    left = 0
    for entry in _files(folder):
        try:
            if kind == "logs" and entry.name.endswith(".log"):
                os.truncate(entry.path, 0)
            else:
                os.unlink(entry.path)
        except FileNotFoundError:
            pass
        except OSError:
            left += 1
    return left


def _files(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Everything below that is no folder."""
    waiting = [str(folder)]
    while waiting:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError:
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
            elif entry.name != CLEARED:
                yield entry
