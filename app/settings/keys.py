"""The keys of servers and providers, for the window: asks the keychain in a thread of its own and says what came of it.

The thread is a daemon: a keychain that waits for the user's password must not keep the program from ending.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

from app.settings.secrets import Secrets, SecretsError

log = logging.getLogger(__name__)

Job = Callable[[], None]


class Keys(QObject):
    """Saves and removes keys, one after another.

    Attributes:
        secrets: for whoever needs a key, in a thread.

    Signals:
        checked(code): whether there is a keychain: empty when there is, else the code of an error.
        saved(name, is kept): is kept is False for a key known for this session only.
        removed(name): it is gone.
        failed(name, code, message): nothing has changed.
    """

    checked = Signal(str)
    saved = Signal(str, bool)
    removed = Signal(str)
    failed = Signal(str, str, str)
    _done = Signal(object, str, object)

    def __init__(self, secrets: Secrets, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.secrets = secrets
        self._jobs: queue.SimpleQueue[tuple[Callable[[], None], str, Job] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)

    def check(self) -> None:
        """Find out whether there is a keychain; `checked` tells."""
        self._run(self._tell_checked, "", self.secrets.check)

    def save(self, name: str, key: str, is_kept: bool = True) -> None:
        """Keep a key; `is_kept` False knows it until the program ends. `saved` or `failed` tells."""
        keep = self.secrets.set if is_kept else self.secrets.set_for_session
        self._run(lambda: self.saved.emit(name, is_kept), name, lambda: keep(name, key))

    def remove(self, name: str) -> None:
        """Forget a key; `removed` or `failed` tells."""
        self._run(lambda: self.removed.emit(name), name, lambda: self.secrets.delete(name))

    def move(self, name: str, new_name: str) -> None:
        """Give a key another name; `saved` and `removed` tell, or `failed`."""
        is_kept = name not in self.secrets.session_names
        keep = self.secrets.set if is_kept else self.secrets.set_for_session

        def move() -> None:
            if key := self.secrets.get(name):
                keep(new_name, key)
                self.secrets.delete(name)

        def tell() -> None:
            self.saved.emit(new_name, is_kept)
            self.removed.emit(name)

        self._run(tell, new_name, move)

    def close(self) -> None:
        """End the thread after what it does now, without waiting: the user may never answer the keychain."""
        self._jobs.put(None)

    def _tell_checked(self) -> None:
        self.checked.emit("")

    def _run(self, tell: Callable[[], None], name: str, job: Job) -> None:
        self._jobs.put((tell, name, job))
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="keys", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        """In the thread."""
        while True:
            wanted = self._jobs.get()
            if wanted is None:
                return
            tell, name, job = wanted
            error: Exception | None = None
            try:
                job()
            except (SecretsError, ValueError) as problem:
                error = problem
            del wanted, job  # they hold the key
            try:
                self._done.emit(tell, name, error)
            except RuntimeError:  # the window is gone
                return

    def _on_done(self, tell: Callable[[], None], name: str, error: Exception | None) -> None:
        if error is None:
            tell()
        elif not name and isinstance(error, SecretsError):
            self.checked.emit(error.code)
        elif isinstance(error, SecretsError):
            self.failed.emit(name, error.code, error.message)
        else:
            self.failed.emit(name, "key_refused", str(error))
