"""Keeps the settings in one JSON file, written whole or not at all.

A file that cannot be understood is set aside under another name, never overwritten, and named by `set_aside`.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from app.settings.migrations import VERSION, VERSION_KEY, migrate
from app.settings.schema import Settings, accept

log = logging.getLogger(__name__)

FILE_BYTES_MAX = 1 << 20
"""A thousand times what the settings take; whatever is larger is something else."""


class SettingsStore:
    """The settings and the file they live in; used from one thread.

    Attributes:
        current: the settings as they are now.
        set_aside: where a broken file was moved to at start, or None.
        failure: why the last change could not be written, in the system's words; empty where it was.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._others: dict[str, Any] = {VERSION_KEY: VERSION}
        self.set_aside: Path | None = None
        self.failure = ""
        self._unwritten: dict[str, Any] = {}
        self.current = self._load(Settings())

    def change(self, **values: Any) -> None:
        """Set some settings and write the file. Raises TypeError for a name that does not exist.

        What another window has written meanwhile stays in the file, but for these.
        """
        changed = replace(self.current, **values)
        if changed != self.current:
            self.current = changed
            self._unwritten |= values
            self._write(replace(self._load(changed), **self._unwritten))

    def _load(self, default: Settings) -> Settings:
        """What the file says."""
        try:
            values = self._read()
        except FileNotFoundError:
            return default
        except OSError as error:
            log.warning("the settings cannot be read: %s", error.strerror)
            return default
        except (ValueError, RecursionError):
            self._move_aside()
            return default
        values = migrate(values)
        settings, bad = accept(values)
        for name in bad:
            log.warning("the setting %s has an impossible value; the default is used", name)
        self._others = {name: value for name, value in values.items() if name not in asdict(settings)}
        return settings

    def _read(self) -> dict[str, Any]:
        with self._path.open("rb") as file:
            content = file.read(FILE_BYTES_MAX + 1)
        if len(content) > FILE_BYTES_MAX:
            raise ValueError("the file is too large for settings")
        values = json.loads(content.decode("utf-8"))
        if not isinstance(values, dict):
            raise ValueError("the file holds no settings")
        return values

    def _move_aside(self) -> None:
        aside = self._path.with_suffix(".broken.json")
        number = 1
        while aside.exists():
            number += 1
            aside = self._path.with_suffix(f".broken-{number}.json")
        try:
            self._path.rename(aside)
        except OSError as error:
            log.warning("the broken settings cannot be set aside: %s", error.strerror)
            return
        self.set_aside = aside
        log.warning("the settings were broken and are now in %s", aside.name)

    def _write(self, settings: Settings) -> None:
        """Write beside the file and swap: a crash leaves the old or the new one, a full disk costs the change and not the file."""
        text = json.dumps({**self._others, **asdict(settings)}, indent=2)  # in ASCII: a path may hold what is no Unicode
        temporary = ""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self._path.parent, prefix=self._path.name)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(text + "\n")
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self._path)
            self.failure, self._unwritten = "", {}
        except OSError as error:
            self.failure = str(error.strerror)
            log.warning("the settings cannot be written: %s", self.failure)
            if temporary:
                Path(temporary).unlink(missing_ok=True)
