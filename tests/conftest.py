"""What holds for every test: the user's own files, keychain and network are out of reach, and no thread is left behind."""

from __future__ import annotations

import ipaddress
import logging
import os
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from pytestqt.qtbot import QtBot

# Before any QApplication. Name a platform (`QT_QPA_PLATFORM=xcb make test`) to watch the windows.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Two busy cores are slower by turns: a deadline per example would only fail at random. A change is judged by the same examples as
# the one before; `make test-slow` draws new ones, and more.
EXAMPLES = int(os.environ.get("SIGHTLINE_EXAMPLES", "25"))
hypothesis.settings.register_profile(
    "sightline", deadline=None, print_blob=True, max_examples=EXAMPLES, derandomize="SIGHTLINE_EXAMPLES" not in os.environ
)
hypothesis.settings.load_profile("sightline")

WAIT_S = 60.0
# What is waited for ends the waiting, and the limit is for what never comes: pytest-qt's own, 5 seconds, is too little on a busy
# computer.
for _wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals, QtBot.waitActive, QtBot.waitExposed):
    _wait.__kwdefaults__["timeout"] = round(1000 * WAIT_S)

TINY_MODEL = Path(__file__).parent / "data" / "tiny_model"


@pytest.fixture(scope="session")
def tiny_model() -> tuple[Path, Path]:
    """A trained model of a few megabytes and its projector."""
    return TINY_MODEL / "tiny-glm-4.6v-Q8_0.gguf", TINY_MODEL / "mmproj-tiny-glm-4.6v-Q8_0.gguf"


@pytest.fixture(autouse=True)
def _own_user_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home of its own for each test, inherited by the processes that it starts. No keychain, none of the desktop's services."""
    home = tmp_path_factory.mktemp("home")  # short: a socket's path ends at 107 characters
    for variable, folder in {
        "HOME": "",
        "USERPROFILE": "",
        "APPDATA": "roaming",
        "LOCALAPPDATA": "local",
        "XDG_CACHE_HOME": ".cache",
        "XDG_CONFIG_HOME": ".config",
        "XDG_DATA_HOME": ".local/share",
        "XDG_STATE_HOME": ".local/state",
        "XDG_RUNTIME_DIR": "run",
        "SIGHTLINE_DATA_DIR": "sightline",
    }.items():
        (home / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        monkeypatch.setenv(variable, str(home / folder))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)


@pytest.fixture(autouse=True)
def _own_keychain() -> Iterator[None]:
    """Whatever keychain a test brought is gone after it: keyring keeps the one it found first."""
    yield
    if "keyring.core" in sys.modules:
        sys.modules["keyring.core"]._keyring_backend = None
    if "app.settings.secrets" in sys.modules:
        sys.modules["app.settings.secrets"].own_secrets.cache_clear()


@pytest.fixture(autouse=True)
def _own_log() -> Iterator[None]:
    """The log of a program that a test began is not written by the tests after it."""
    yield
    if "app.log" in sys.modules:
        root = logging.getLogger()
        for handler in [each for each in root.handlers if isinstance(each, sys.modules["app.log"].PrivateFileHandler)]:
            root.removeHandler(handler)
            handler.close()


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refuses every connection and name look-up beyond this computer, and fails the test that tried."""
    refused: list[str] = []

    def refuse(host: str) -> None:
        refused.append(host)
        raise PermissionError(f"Tests may not use the network, and this one wanted {host}.")

    def guard_connect(name: str) -> None:
        original = getattr(socket.socket, name)

        def connect(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_local(address[0]):
                refuse(address[0])
            return original(self, address)

        monkeypatch.setattr(socket.socket, name, connect)

    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not _is_local(host):
            refuse(host)
        return look_up(host, *args, **kwargs)

    guard_connect("connect")
    guard_connect("connect_ex")
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    yield
    if refused:
        pytest.fail(f"The test wanted the network: {', '.join(refused)}.")


def _is_local(host: str | bytes | None) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    if not host or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="module")
def _no_leaked_readers() -> Iterator[None]:
    """The processes that read files for whoever brings none of his own end with the tests of a file."""
    yield
    if "ingest.attachment" in sys.modules:
        readers = sys.modules["ingest.attachment"].default_readers
        if readers.cache_info().currsize:
            readers().close()
            readers.cache_clear()
    if "app.ui.rich_text" in sys.modules:  # what draws formulas, for answers that were shown without a window
        sys.modules["app.ui.rich_text"].close_rich_text()


@pytest.fixture(autouse=True)
def _no_leaked_threads() -> Iterator[None]:
    """A thread that outlives its test would keep the program from ending."""
    before = set(threading.enumerate())
    yield
    started = [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]
    for thread in started:
        thread.join(timeout=WAIT_S)
    leaked = [thread.name for thread in started if thread.is_alive()]
    if leaked:
        pytest.fail(f"Threads are still running: {', '.join(leaked)}.")
