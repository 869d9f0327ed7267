"""Where Sightline keeps its files: the system's usual places, or all beneath one folder of the user's choice.

The choice lives in the environment, so that child processes share it. Folders are made when asked for, readable by their
user only: they hold conversations.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from platformdirs import PlatformDirs

DATA_DIR_VARIABLE = "SIGHTLINE_DATA_DIR"

_system = PlatformDirs("sightline", appauthor=False)


def use_data_dir(folder: Path) -> None:
    """Keep everything beneath `folder` from now on, in this process and in those that it starts (`--data-dir`)."""
    os.environ[DATA_DIR_VARIABLE] = str(folder.absolute())


def data_dir() -> Path:
    """Conversations, the library, models."""
    return _folder("data", _system.user_data_path)


def config_dir() -> Path:
    """Settings."""
    return _folder("config", _system.user_config_path)


def cache_dir() -> Path:
    """What can be made again: it may be deleted whenever Sightline does not run."""
    return _folder("cache", _system.user_cache_path)


def log_dir() -> Path:
    """Logs and crash reports."""
    return _folder("log", _system.user_log_path)


def _folder(name: str, usual: Path) -> Path:
    chosen = os.environ.get(DATA_DIR_VARIABLE)
    folder = Path(chosen, name) if chosen else usual
    for missing in [each for each in (folder, *folder.parents) if not each.exists()][::-1]:
        missing.mkdir(mode=0o700, exist_ok=True)  # `parents` would make those above for everybody to read
    if os.name == "posix" and folder.stat().st_mode & 0o077:
        with contextlib.suppress(OSError):
            folder.chmod(0o700)
    return folder
