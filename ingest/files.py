"""Files before they are opened: only what is a file, and may be read, gets as far as a parser."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from ingest.errors import FileMissing, FileUnreadable


def open_file(path: Path, name: str) -> BinaryIO:
    """A file for reading. Waits for nothing: pipes and devices are refused. Raises FileMissing or FileUnreadable."""
    try:
        _check_mode(os.stat(path), name)  # opening some devices has effects
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        try:
            _check_mode(os.fstat(descriptor), name)
        except BaseException:
            os.close(descriptor)
            raise
        return os.fdopen(descriptor, "rb")
    except FileNotFoundError:
        raise FileMissing(f"There is no {name}. It may have been moved or renamed.") from None
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        raise FileUnreadable(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}.") from error


def file_key(path: Path, name: str) -> list[int]:
    """What tells whether a file is the same still: its size in bytes and its last change in ns. Raises what `open_file` raises."""
    with open_file(path, name) as file:
        status = os.fstat(file.fileno())
    return [status.st_size, status.st_mtime_ns]


def _check_mode(status: os.stat_result, name: str) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise FileUnreadable(f"{name} is a folder. Open the files in it instead.")
    if not stat.S_ISREG(status.st_mode):
        raise FileUnreadable(f"{name} is a device or a pipe, not a file. Save what comes out of it as a file first.")
