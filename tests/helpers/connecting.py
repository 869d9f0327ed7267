"""Connections to servers on loopback."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from inference.cloud.config import CloudConfig, Network, TimeLimits
from inference.cloud.connection import Connection
from inference.cloud.models import CloudModel
from inference.engine import Cancel
from tests.helpers.cloud import KEY
from tests.helpers.replay_server import Script, words

ANSWER = Script(words("a", "b"))
Connect = Callable[..., Connection]


@contextmanager
def connections() -> Iterator[Connect]:
    """Opens connections that are closed at the end, and leave no thread. Time limits are long unless told otherwise."""
    opened: list[Connection] = []

    def connect(url: str, network: Network | None = None, key: str = KEY, **limits: float) -> Connection:
        limits = {"connect_s": 60.0, "first_byte_s": 60.0, "idle_s": 60.0, **limits}
        config = CloudConfig(url, CloudModel("m"), key=key, network=network or Network(), limits=TimeLimits(**limits))
        opened.append(Connection(config))
        return opened[-1]

    yield connect
    for connection in opened:
        connection.close()
    assert "engine-net" not in [thread.name for thread in threading.enumerate()]


def ask(connection: Connection, body: bytes = b"{}", cancel: Cancel | None = None) -> bytes:
    """The whole body of an answer."""
    with connection.post("/chat", body, cancel or Cancel()) as reply:
        return b"".join(reply)


class Listener:
    """Takes a connection and says `greeting`, whatever comes."""

    def __init__(self, greeting: bytes = b"") -> None:
        self._greeting = greeting

    def __enter__(self) -> Listener:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._greeter = threading.Thread(target=self._greet)
        if self._greeting:
            self._greeter.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._greeting:
            self._greeter.join()
        self._socket.close()

    def _greet(self) -> None:
        peer, _ = self._socket.accept()
        with peer:
            peer.recv(65_536)
            peer.sendall(self._greeting)

    def wait_for_peer(self) -> None:
        """Until somebody connects."""
        select.select([self._socket], [], [], 60)

    def is_closed_by_peer(self) -> bool:
        self._socket.settimeout(60)
        peer, _ = self._socket.accept()
        with peer:
            peer.settimeout(60)
            try:
                while peer.recv(65_536):
                    pass
            except ConnectionResetError:
                return True
            except TimeoutError:
                return False
            return True
