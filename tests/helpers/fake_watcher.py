"""A stand-in for the tray of KDE and others (org.kde.StatusNotifierWatcher): real messages on a bus of a test's own.

with SessionBus() as bus, FakeWatcher(bus.address) as tray: ...
"""

from __future__ import annotations

import threading
from typing import Any

from jeepney import DBusAddress, HeaderFields, MessageType, Properties, message_bus, new_error, new_method_call, new_method_return
from jeepney.io.blocking import open_dbus_connection

NAME = "org.kde.StatusNotifierWatcher"


class FakeWatcher:
    """Use it as a context; it serves in a thread of its own, and the methods ask from the caller's.

    Attributes:
        items: the connections that have put an icon there, by their unique names, with the path of the icon.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._stop = threading.Event()
        self.items: dict[str, str] = {}

    def __enter__(self) -> FakeWatcher:
        self._served, self._asking = open_dbus_connection(self._address), open_dbus_connection(self._address)
        assert self._served.send_and_get_reply(message_bus.RequestName(NAME, 4)).body == (1,)
        self._thread = threading.Thread(target=self._serve, name="fake watcher")
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop.set()
        self._thread.join()
        self._served.close()
        self._asking.close()

    def properties(self) -> dict[str, Any]:
        """Of the only icon."""
        ((name, path),) = self.items.items()
        address = DBusAddress(path, name, "org.kde.StatusNotifierItem")
        return {key: value for key, (_, value) in self._ask(Properties(address).get_all())[0].items()}

    def pixels(self) -> bytes:
        """Of its largest picture: ARGB, in network order."""
        return max(self.properties()["IconPixmap"], key=lambda picture: int(picture[0]))[2]

    def activate(self) -> None:
        """Click it."""
        ((name, path),) = self.items.items()
        self._ask(new_method_call(DBusAddress(path, name, "org.kde.StatusNotifierItem"), "Activate", "ii", (0, 0)))

    def words(self) -> list[str]:
        """Of its menu, without lines; what is inside another menu follows it."""
        return [label for _, label in self._entries()]

    def choose(self, words: str) -> None:
        """Click an entry of its menu."""
        entry = next(number for number, label in self._entries() if label == words)
        self._ask(new_method_call(self._menu(), "Event", "isvu", (entry, "clicked", ("s", ""), 0)))

    def _entries(self) -> list[tuple[int, str]]:
        _, root = self._ask(new_method_call(self._menu(), "GetLayout", "iias", (0, -1, [])))
        found: list[tuple[int, str]] = []
        waiting = [child for _, child in root[2]]
        while waiting:
            number, properties, children = waiting.pop(0)
            if "label" in properties and properties.get("visible", ("b", True))[1]:
                found.append((number, properties["label"][1]))
            waiting = [child for _, child in children] + waiting
        return found

    def _menu(self) -> DBusAddress:
        ((name, _),) = self.items.items()
        return DBusAddress(self.properties()["Menu"], name, "com.canonical.dbusmenu")

    def _ask(self, message: Any) -> tuple[Any, ...]:
        reply = self._asking.send_and_get_reply(message, timeout=60)
        assert reply.header.message_type is MessageType.method_return, reply.body
        return reply.body  # type: ignore[no-any-return]

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                message = self._served.receive(timeout=0.05)
            except TimeoutError:
                continue
            if message.header.message_type is MessageType.method_call:
                self._served.send(self._answer(message))

    def _answer(self, message: Any) -> Any:
        properties: dict[str, tuple[str, Any]] = {
            "IsStatusNotifierHostRegistered": ("b", True),
            "ProtocolVersion": ("i", 0),
            "RegisteredStatusNotifierItems": ("as", list(self.items)),
        }
        match message.header.fields[HeaderFields.member]:
            case "Get":
                return new_method_return(message, "v", (properties[message.body[1]],))
            case "GetAll":
                return new_method_return(message, "a{sv}", (properties,))
            case "RegisterStatusNotifierItem":
                sender, service = message.header.fields[HeaderFields.sender], message.body[0]
                self.items[sender] = service if service.startswith("/") else "/StatusNotifierItem"
                return new_method_return(message)
        return new_error(message, "org.freedesktop.DBus.Error.UnknownMethod", "s", ("no such method",))
