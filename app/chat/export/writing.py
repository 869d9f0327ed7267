"""Files and folders that come whole or not at all: written under another name beside their place, then renamed."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from app.chat.export.errors import CannotWrite, TargetExists
from app.chat.export.figures import Drawn

_OURS = re.compile(r"([aqp]\d+-)?\d+\.(png|jpg)")
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]+')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_NAME_BYTES_MAX = 120


def file_name(title: str) -> str:
    """A title as the name of a file without its ending: valid on every system, and not too long."""
    name = " ".join(_FORBIDDEN.sub(" ", title).split()).strip(". ")
    name = name.encode(errors="ignore")[:_NAME_BYTES_MAX].decode(errors="ignore").rstrip(". ")
    return f"_{name}" if not name or _DEVICES.match(name) else name


def unused(path: Path) -> Path:
    """The path, or the same with a number when there is something: "report.pdf", "report 2.pdf"."""
    stem, dot, ending = path.name.partition(".")
    number = 2
    found = path
    while found.exists():
        found = path.with_name(f"{stem} {number}{dot}{ending}")
        number += 1
    return found


def pictures_folder(path: Path, overwrite: bool) -> Path:
    """Where the pictures of a file go: beside it, under its name. A folder that is not one of ours is left alone."""
    folder = path.with_name(f"{path.name.partition('.')[0] or path.stem}-pictures")
    return folder if overwrite and _is_ours(folder) else unused(folder)


def write_whole(
    path: Path, folder: Path, fill: Callable[[BinaryIO], Mapping[str, Drawn]], overwrite: bool, check: Callable[[], None]
) -> bool:
    """Let `fill` write a file, and write the pictures it returns into a folder; whether there were any.

    `check` is called once more before anything is put in its place.
    Raises CannotWrite, TargetExists, and what `fill` and `check` raise.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=".sightline-", dir=path.parent) as temporary:
            written = Path(temporary, "file")
            with written.open("wb") as file:
                pictures = fill(file)
                file.flush()
                os.fsync(file.fileno())
            new_folder = Path(temporary, "pictures")
            new_folder.mkdir()
            for name, drawn in pictures.items():
                (new_folder / name).write_bytes(drawn.data)
            check()
            _put_in_place(written, path, new_folder if pictures else None, folder, Path(temporary, "old"), overwrite)
            return bool(pictures)
    except FileExistsError as error:
        raise TargetExists(f"{path.name} has come into being meanwhile. Choose another name.", path.name) from error
    except OSError as error:
        message = f"{path.name} could not be written: {error.strerror or error}. Choose another folder."
        raise CannotWrite(message, path.name) from error


def _put_in_place(written: Path, path: Path, new_folder: Path | None, folder: Path, old: Path, overwrite: bool) -> None:
    """Both under their own names, and everything as it was when that fails."""
    try:
        if overwrite and folder.is_dir():
            folder.rename(old)
        if new_folder is not None:
            new_folder.rename(folder)
        _put(written, path, overwrite)
    except BaseException:
        if new_folder is not None and not new_folder.exists():
            shutil.rmtree(folder, ignore_errors=True)
        if old.exists():
            old.rename(folder)
        raise


def _put(written: Path, path: Path, overwrite: bool) -> None:
    """Under its own name; a file that came there meanwhile is kept."""
    if overwrite:
        written.replace(path)
        return
    try:
        os.link(written, path)  # fails when there is one, which a renaming would not
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists():
            raise FileExistsError from None
        written.rename(path)


def _is_ours(folder: Path) -> bool:
    try:
        return folder.is_dir() and all(_OURS.fullmatch(entry.name) for entry in folder.iterdir())
    except OSError:
        return False
