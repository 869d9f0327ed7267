"""Finds out what stands at an address, in a thread: which models a server has, or what is wrong."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Signal

from app.settings.schema import Settings
from app.settings.secrets import Secrets, SecretsError
from app.workers.tasks import TaskRunner
from inference.cloud.probe import ServerInfo, probe, tidy_address
from inference.engine import Cancel
from inference.errors import InferenceError

log = logging.getLogger(__name__)


class Looking(QObject):
    """One look at a time; the next ends the one before.

    Signals:
        found(ServerInfo), failed(code, message): what came of the last one, unless it was cancelled.
    """

    found = Signal(object)
    failed = Signal(str, str)

    def __init__(self, secrets: Secrets, parent: QObject) -> None:
        super().__init__(parent)
        self._secrets = secrets
        self._tasks = TaskRunner("look", self)
        self._tasks.succeeded.connect(self._on_tasks_succeeded)
        self._tasks.failed.connect(self._on_tasks_failed)
        self._cancel = Cancel()
        self._job = 0

    def look(self, address: str, key: str, key_name: str, settings: Settings) -> None:
        """Ask there with this key; without one, with that of `key_name` in the keychain, if a name is given."""
        self.cancel()
        self._cancel = Cancel()
        self._job = self._tasks.run(_look, address, key, key_name, settings, self._secrets, self._cancel)

    def cancel(self) -> None:
        """Nobody waits for it any more."""
        self._cancel.set()
        self._tasks.forget(self._job)

    def close(self) -> None:
        """End the thread."""
        self.cancel()
        self._tasks.close()

    def _on_tasks_succeeded(self, _job_id: int, info: object) -> None:
        self.found.emit(info)

    def _on_tasks_failed(self, _job_id: int, error: object) -> None:
        if isinstance(error, InferenceError | SecretsError):
            self.failed.emit(error.code, error.message)
        else:
            log.error("a server could not be looked at: %r", error)
            self.failed.emit("internal_error", "")


def _look(address: str, key: str, key_name: str, settings: Settings, secrets: Secrets, cancel: Cancel) -> ServerInfo:
    """In the thread. Raises what `probe` and `Secrets.get` raise."""
    from app.addresses import check_address
    from app.engine_choice import network_of

    address = tidy_address(address)
    key = key or (key_name and secrets.get(key_name)) or ""
    return probe(check_address(address, has_key=bool(key)), key, network_of(settings), cancel)
