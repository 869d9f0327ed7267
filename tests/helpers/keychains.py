"""Keychains for tests, made as keyring wants its backends."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class MemoryKeychain(KeyringBackend):
    """Keeps passwords in memory.

    Attributes:
        passwords: by service and name.
    """

    priority = 5.0  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.passwords: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.passwords.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.passwords[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.passwords:
            raise PasswordDeleteError("No such password!")
        del self.passwords[service, username]


class FileKeychain(MemoryKeychain):
    """Says of itself that it is not recommended, as keyrings.alt's plain file does."""

    priority = 0.5  # type: ignore[assignment]


class LockedKeychain(MemoryKeychain):
    """The user dismisses its question every time."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("Failed to unlock the collection!")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked("Failed to unlock the collection!")


class LeakingKeychain(MemoryKeychain):
    """Fails, and repeats what it was given."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise OSError(f"cannot store {password!r} for {username!r}")


class WaitingKeychain(MemoryKeychain):
    """Waits for a user who has not answered yet.

    Attributes:
        is_asked, answer: set when it waits; to be set for it to go on.
    """

    def __init__(self) -> None:
        super().__init__()
        self.is_asked, self.answer = threading.Event(), threading.Event()

    def set_password(self, service: str, username: str, password: str) -> None:
        self.is_asked.set()
        self.answer.wait(30)
        super().set_password(service, username, password)


class SharedKeychain(MemoryKeychain):
    """One for several processes: they keep their passwords in the file that `VARIABLE` names, as a real one does elsewhere."""

    VARIABLE = "SIGHTLINE_TEST_KEYCHAIN"

    def __init__(self) -> None:
        super().__init__()
        self._path = Path(os.environ.get(self.VARIABLE, ""))

    def get_password(self, service: str, username: str) -> str | None:
        known = json.loads(self._path.read_text()) if self._path.exists() else {}
        return known.get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        known = json.loads(self._path.read_text()) if self._path.exists() else {}
        self._path.write_text(json.dumps(known | {f"{service} {username}": password}))
