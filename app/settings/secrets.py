"""Keys of servers and providers, in the system's keychain and nowhere else.

Every call may block, because a keychain may ask the user for its password first: never call them in the window's thread.
keyring itself takes 115 ms to import, so that this happens with the first call. What a keychain says when it fails may hold what it
was given, and so neither messages nor the log repeat it.

SecretsError
├── NoKeychain         no_keychain        there is none, or only a plain file
├── KeychainLocked     keychain_locked    the user did not unlock it
└── KeychainFailed     keychain_failed
"""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from app import system

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

log = logging.getLogger(__name__)

SERVICE = "sightline"
"""Under this name the keys stand in the keychain."""
NAME_CHARACTERS_MAX = 200
KEY_CHARACTERS_MAX = 1_000
"""Windows keeps 2,560 bytes, as UTF-16 (CRED_MAX_CREDENTIAL_BLOB_SIZE in wincred.h)."""
PRIORITY_MIN = 1
"""Backends below are not recommended by keyring itself: nothing (`fail`, `null`), and files."""
FILE_PACKAGES = ("keyrings.alt", "keyrings.cryptfile")
"""They write files, or ask for a password in a terminal; the user may have raised their priority."""

Result = TypeVar("Result")


class SecretsError(Exception):
    """Base of all. `code` is stable and never translated; the message is a sentence for the user."""

    code = "secrets_error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NoKeychain(SecretsError):
    code = "no_keychain"


class KeychainLocked(SecretsError):
    code = "keychain_locked"


class KeychainFailed(SecretsError):
    code = "keychain_failed"


class Secrets:
    """Keys by name. Safe for several threads, which wait for each other. Keys never stand in its `repr`."""

    def __init__(self) -> None:
        self._for_session: dict[str, str] = {}  # without the lock: a keychain may hold that until the user answers
        self._lock = threading.Lock()

    def check(self) -> None:
        """Raises NoKeychain where keys cannot be kept."""
        with self._lock:
            self._ask(_find_backend)

    def get(self, name: str) -> str | None:
        """The key, or None when there is none of this name. Raises SecretsError."""
        known = self._for_session.get(name)
        if known is not None:
            return known
        with self._lock:
            return self._ask(lambda: _find_backend().get_password(SERVICE, name))

    def set(self, name: str, key: str) -> None:
        """Keep a key, instead of an earlier one of this name. Raises SecretsError, and ValueError for what is no name or no key."""
        _check(name, key)
        with self._lock:
            self._ask(lambda: _find_backend().set_password(SERVICE, name, key))
            self._for_session.pop(name, None)

    def set_for_session(self, name: str, key: str) -> None:
        """Know a key until the program ends, because the user said so. Raises ValueError as `set` does."""
        _check(name, key)
        self._for_session[name] = key

    def delete(self, name: str) -> None:
        """Forget a key, which need not be there. Raises SecretsError."""

        def delete() -> None:
            backend = _find_backend()
            if backend.get_password(SERVICE, name) is not None:
                backend.delete_password(SERVICE, name)

        with self._lock:
            was_for_session = self._for_session.pop(name, None) is not None
            try:
                self._ask(delete)
            except NoKeychain:
                if not was_for_session:
                    raise

    @property
    def session_names(self) -> tuple[str, ...]:
        """Of the keys that are known until the program ends. Does not block."""
        return tuple(self._for_session)

    def _ask(self, job: Callable[[], Result]) -> Result:
        try:
            return job()
        except SecretsError:
            raise
        except Exception as error:  # whatever a backend raises: D-Bus, Windows and macOS have errors of their own
            from keyring.errors import InitError, KeyringLocked, NoKeyringError

            log.warning("the keychain failed: %s", type(error).__name__)
            if isinstance(error, NoKeyringError):
                raise NoKeychain(_no_keychain_words()) from None
            if isinstance(error, KeyringLocked | InitError):
                raise KeychainLocked("The system's keychain is locked. Unlock it, then try again.") from None
            raise KeychainFailed(
                f"The system's keychain did not do what it was asked ({type(error).__name__}). "
                "Try again, and see whether other programs can use it."
            ) from None


@functools.cache
def own_secrets() -> Secrets:
    """Those of this process, for everybody in it: a key that is known until the program ends is known to all."""
    return Secrets()


def _find_backend() -> KeyringBackend:
    """The best keychain there is. Raises NoKeychain."""
    import keyring
    from keyring.backends.chainer import ChainerBackend

    chosen = keyring.get_keyring()
    # A chain passes a key on to its next member when one does not want it, and the last may be a file.
    candidates = chosen.backends if isinstance(chosen, ChainerBackend) else [chosen]
    for backend in candidates:
        if _is_keychain(backend):
            return backend
    raise NoKeychain(_no_keychain_words())


def _is_keychain(backend: KeyringBackend) -> bool:
    if type(backend).__module__.startswith(FILE_PACKAGES):
        return False
    try:
        return backend.priority >= PRIORITY_MIN
    except RuntimeError:  # how backends say that they are not usable here
        return False


def _no_keychain_words() -> str:
    if system.is_windows() or system.is_macos():
        place = "the Credential Manager of Windows" if system.is_windows() else "the Keychain of macOS"
        return f"Keys are kept in {place} only, and it cannot be reached. See whether another keyring is set for Python."
    return (
        "Keys are kept in the system's keychain only, and there is none here. "
        "Install GNOME Keyring, KWallet or another program that offers the Secret Service, then start Sightline again."
    )


def _check(name: str, key: str) -> None:
    if not name.strip() or len(name) > NAME_CHARACTERS_MAX or not name.isprintable():
        raise ValueError("A key needs a name of at most 200 printable characters.")
    if not key.strip() or len(key) > KEY_CHARACTERS_MAX or not key.isprintable():
        raise ValueError("A key has between 1 and 1,000 printable characters.")
