"""Finds out what stands at an address, in a thread: which models a server has, or what is wrong."""

from __future__ import annotations

import logging
import threading

from PySide6.QtCore import QObject, Qt, Signal

from app.settings.schema import Settings
from app.settings.secrets import Secrets, SecretsError
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
    _done = Signal(object, object)

    def __init__(self, secrets: Secrets, parent: QObject) -> None:
        super().__init__(parent)
        self._secrets = secrets
        self._cancel = Cancel()
        self._done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)

    def look(self, address: str, key: str, key_name: str, settings: Settings) -> None:
        """Ask there with this key; without one, with that of `key_name` in the keychain, if a name is given."""
        self.cancel()
        self._cancel = Cancel()
        arguments = (address, key, key_name, settings, self._cancel)
        threading.Thread(target=self._work, args=arguments, name="look", daemon=True).start()

    def cancel(self) -> None:
        """Nobody waits for it any more."""
        self._cancel.set()

    def _work(self, address: str, key: str, key_name: str, settings: Settings, cancel: Cancel) -> None:
        """In a thread that nobody waits for: the user may never answer the keychain."""
        result: object
        try:
            result = _look(address, key, key_name, settings, self._secrets, cancel)
        except Exception as error:  # told as every other one
            result = error
        try:
            self._done.emit(cancel, result)
        except RuntimeError:  # the page is gone
            log.debug("a server was found after the end")

    def _on_done(self, cancel: Cancel, result: object) -> None:
        if cancel.is_set():
            return
        if isinstance(result, InferenceError | SecretsError):
            self.failed.emit(result.code, result.message)
        elif isinstance(result, Exception):
            log.error("a server could not be looked at: %s", type(result).__name__)
            self.failed.emit("internal_error", "")
        else:
            self.found.emit(result)


def _look(address: str, key: str, key_name: str, settings: Settings, secrets: Secrets, cancel: Cancel) -> ServerInfo:
    """In the thread. Raises what `probe` and `Secrets.get` raise."""
    from app.addresses import check_address
    from app.engine_choice import network_of

    address = tidy_address(address)
    key = key or (key_name and secrets.get(key_name)) or ""
    return probe(check_address(address, has_key=bool(key)), key, network_of(settings), cancel)
