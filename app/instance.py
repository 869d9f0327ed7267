"""The one Sightline of a user and a data folder: hears those that are started later. `app.reach` is what they speak with.

Whoever can open the socket is the same user, and still nothing that comes is trusted: a line has a size, a time and a form, and
what it asks for is no more than the user can do in the window. Runs in the window's thread; a client never makes it wait.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from app import reach, system

log = logging.getLogger(__name__)

LINE_S = 2.0
"""A whole line has come by then, or its sender is dropped."""
CLIENTS_MAX = 16
"""At once; others are turned away."""
ARGUMENTS_MAX = 10_000
TEXT_CHARACTERS_MAX = 32_768
"""Of one argument or path: the longest that Windows has, eight times that of Linux."""
TOKEN_CHARACTERS_MAX = 1_000


class BadMessage(ValueError):
    """What came is no message of this version."""


@dataclass(frozen=True, slots=True)
class Message:
    """What another start wants.

    Attributes:
        command: of `reach.COMMANDS`. open: bring the window to the front, with these files. capture: ask about the screen, with the
            words of the command line. report: say how things are.
        arguments: files, or words of the command line, as they were written.
        folder: where it was called; files are relative to it. Empty when it is gone.
        activation_token: with which the desktop lets the window come to the front; empty for none.
    """

    command: str
    arguments: tuple[str, ...] = ()
    folder: str = ""
    activation_token: str = ""

    @classmethod
    def parse(cls, line: bytes) -> Message:
        """Raises BadMessage for anything else than a message of this version."""
        try:
            values = json.loads(line.decode("utf-8"))
        except (ValueError, RecursionError):
            raise BadMessage("no JSON") from None
        if not isinstance(values, dict) or type(version := values.get("version")) is not int or version != reach.VERSION:
            raise BadMessage("not this version")
        command, arguments = values.get("command"), values.get("arguments")
        if command not in reach.COMMANDS or not isinstance(arguments, list) or len(arguments) > ARGUMENTS_MAX:
            raise BadMessage("no such command")
        folder, token = values.get("folder"), values.get("token")
        if not (isinstance(folder, str) and isinstance(token, str) and all(_is_text(text) for text in (*arguments, folder))):
            raise BadMessage("no such arguments")
        if len(token) > TOKEN_CHARACTERS_MAX or not token.isprintable():
            raise BadMessage("no such token")
        return cls(command, tuple(arguments), folder, token)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= TEXT_CHARACTERS_MAX and "\0" not in value


class Instance(QObject):
    """Listens, once `reach.claim` said that this process is the instance.

    Attributes:
        report: makes the answer to `report`, of what JSON knows.

    Signals:
        received(Message): an `open` or a `capture`; its sender has been answered.
    """

    received = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.report: Callable[[], Mapping[str, object]] = dict
        self._clients = 0
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_server_new_connection)

    def listen(self) -> bool:
        """Begin with those that wait already; False, and logged, when that is impossible."""
        descriptor = reach.take_listening()
        if descriptor is not None:
            is_listening = self._server.listen(descriptor)
        else:
            is_listening = system.is_windows() and self._server.listen(_new_pipe_name())
        if not is_listening:
            log.warning("other starts cannot be heard: %s", self._server.errorString())
        elif self._server.hasPendingConnections():
            self._on_server_new_connection()
        return is_listening

    def close(self) -> None:
        """Let another be the instance."""
        self._server.close()
        reach.release()

    def _on_server_new_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            if self._clients >= CLIENTS_MAX:
                socket.abort()
                socket.deleteLater()
                continue
            self._clients += 1
            client = _Client(socket, self)
            client.line_came.connect(self._on_client_line_came)
            client.gone.connect(self._on_client_gone)
            client.begin()

    def _on_client_line_came(self, client: _Client, line: bytes) -> None:
        try:
            message = Message.parse(line)
        except BadMessage as error:
            log.warning("another start was not understood: %s", error)
            client.answer(b"no\n")
            return
        if message.command == reach.REPORT:
            client.answer(b"ok " + json.dumps(dict(self.report())).encode("ascii") + b"\n")
            return
        client.answer(b"ok\n")
        self.received.emit(message)

    def _on_client_gone(self) -> None:
        self._clients -= 1


class _Client(QObject):
    """One that was started later, until it has been answered or has taken too long.

    Signals:
        line_came(itself, line): without its end.
        gone(): nothing more comes of it.
    """

    line_came = Signal(object, bytes)
    gone = Signal()

    def __init__(self, socket: QLocalSocket, parent: QObject) -> None:
        super().__init__(parent)
        self._socket = socket
        socket.setParent(self)
        socket.setReadBufferSize(reach.LINE_BYTES_MAX + 1)
        socket.readyRead.connect(self._on_socket_ready_read)
        socket.disconnected.connect(self._end, Qt.ConnectionType.QueuedConnection)
        self._line = bytearray()
        self._is_read = self._is_over = False
        QTimer.singleShot(round(1000 * LINE_S), self, self._end)

    def begin(self) -> None:
        """Read what is there already."""
        if self._socket.bytesAvailable():
            self._on_socket_ready_read()

    def answer(self, line: bytes) -> None:
        """And then be done; what is left is dropped after `LINE_S`."""
        self._socket.write(line)
        self._socket.flush()
        self._socket.disconnectFromServer()

    def _on_socket_ready_read(self) -> None:
        if self._is_read or self._is_over:
            return
        self._line += self._socket.readAll().data()
        length = self._line.find(b"\n")
        if 0 <= length <= reach.LINE_BYTES_MAX:
            self._is_read = True
            self.line_came.emit(self, bytes(self._line[:length]))
        elif len(self._line) > reach.LINE_BYTES_MAX:
            log.warning("another start said too much")
            self._end()

    def _end(self) -> None:
        """Comes twice, from the socket and from the clock."""
        if not self._is_over:
            self._is_over = True
            self._socket.abort()
            self.gone.emit()
            self.deleteLater()


def _new_pipe_name() -> str:
    """Of this run; written where only this user looks it up."""
    name = f"sightline-{secrets.token_hex(16)}"
    path = reach.pipe_file(reach.name())
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="ascii") as file:
        file.write(name)
    return name
