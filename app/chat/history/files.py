"""Attached files, each kept once under the hash of its bytes, so that a conversation outlives what it was about."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import re
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from app.chat.history.database import Database
from app.chat.history.errors import DiskFull, FileDiffers, FileGone, HistoryUnreadable
from app.chat.history.types import KeptFile
from app.chat.pictures import SourceInfo
from ingest.errors import IngestError
from ingest.files import open_file

COPY_BYTES_MAX = 1 << 30
"""What is larger is not copied."""
PART_SUFFIX = ".part"
_CHUNK_BYTES = 1 << 20
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Files:
    """The folder of the attached files, and the table that knows them."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self._database = database

    def path_of(self, sha256: str) -> Path:
        """Where the copy of a file is or would be. Raises ValueError for what is no hash."""
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise ValueError("a file is named by its SHA-256 in hex")
        return self.folder / sha256[:2] / sha256

    def keep(self, source: SourceInfo, data: bytes | None) -> KeptFile:
        """Copy a file, from its bytes or else from its path, unless it is there. Raises the classes of `errors`."""
        target = self.path_of(source.id)
        for _ in range(3):  # another window may be deleting the very file
            if not target.exists():
                with self._opened(source, data) as (file, size):
                    if size > COPY_BYTES_MAX:
                        self._record(source, Path(source.path), is_copied=False)
                        return KeptFile(Path(source.path), False)
                    self._copy(source, file, target)
            if self._record(source, target, is_copied=True):
                return KeptFile(target, True)
        raise HistoryUnreadable(
            f"{source.name} could not be kept: its copy is deleted again and again. Check the disk.", source.name
        )

    def find(self, source: SourceInfo) -> Path:
        """The copy of a file, else the file itself if it is still the same. Raises FileGone."""
        target = self.path_of(source.id)
        if target.is_file():
            return target
        rows = self._database.rows("SELECT path, size, mtime_ns FROM file WHERE sha256 = ? AND NOT is_copied", source.id)
        path, size, mtime_ns = rows[0] if rows else (source.path, None, None)
        with contextlib.suppress(OSError, IngestError), open_file(Path(path), source.name) as file:
            status = os.fstat(file.fileno())
            is_as_it_was = (status.st_size, status.st_mtime_ns) == (size, mtime_ns)
            if is_as_it_was or (size in (None, status.st_size) and _sha256(file) == source.id):
                return Path(path)
        raise FileGone(
            f"{source.name} is neither kept nor where it was, or it has changed. Attach it again to look at it.", source.name
        )

    @contextlib.contextmanager
    def _opened(self, source: SourceInfo, data: bytes | None) -> Iterator[tuple[BinaryIO, int]]:
        """What is to be copied, and its size in bytes."""
        if data is not None:
            yield io.BytesIO(data), len(data)
            return
        try:
            file = open_file(Path(source.path), source.name)
        except IngestError as error:
            raise FileGone(error.message, source.name) from error
        with file:
            yield file, os.fstat(file.fileno()).st_size

    def _copy(self, source: SourceInfo, file: BinaryIO, target: Path) -> None:
        """Under another name first: under its own it is whole or not there."""
        temporary = ""
        try:
            for folder in (self.folder, target.parent):
                folder.mkdir(mode=0o700, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(PART_SUFFIX, dir=target.parent)
            with open(descriptor, "wb") as copy:
                digest = _sha256(file, copy)
                copy.flush()
                os.fsync(copy.fileno())
            if digest != source.id:
                raise FileDiffers(
                    f"{source.name} was changed after it was attached, so that it could not be kept. Attach it again.",
                    source.name,
                )
            os.replace(temporary, target)
            temporary = ""
            _sync_folder(target.parent)
        except OSError as error:
            if error.errno in _FULL:
                message = f"The disk is full, so that {source.name} could not be kept with the conversation."
                raise DiskFull(message, source.name) from error
            message = f"{source.name} could not be kept with the conversation: {error.strerror or error}."
            raise HistoryUnreadable(message, source.name) from error
        finally:
            if temporary:
                Path(temporary).unlink(missing_ok=True)

    def _record(self, source: SourceInfo, path: Path, *, is_copied: bool) -> bool:
        """False when the copy is gone: files are deleted within a transaction too."""
        try:
            status = path.stat()
        except FileNotFoundError:
            return False
        values = (source.id, source.path, status.st_size, status.st_mtime_ns, is_copied, time.time())
        return self._database.write(_put_row, path, values)


def _sha256(file: BinaryIO, copy: BinaryIO | None = None) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK_BYTES):
        digest.update(chunk)
        if copy is not None:
            copy.write(chunk)
    return digest.hexdigest()


def _put_row(connection: sqlite3.Connection, path: Path, values: tuple[object, ...]) -> bool:
    if not path.exists():
        return False
    connection.execute(
        """INSERT INTO file (sha256, path, size, mtime_ns, is_copied, kept_at) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (sha256) DO UPDATE SET path = excluded.path, size = excluded.size, mtime_ns = excluded.mtime_ns,
        is_copied = excluded.is_copied, kept_at = excluded.kept_at""",
        values,
    )
    return True


def _sync_folder(folder: Path) -> None:
    """Let the new name survive a power cut; Windows does so by itself."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
