"""A stand-in for xdg-desktop-portal on a bus of a test's own: real messages, scripted answers.

    with SessionBus() as bus, FakePortal(bus.address) as portal: ...

It has Screenshot, GlobalShortcuts, the Registry of programs, and Request.Close.
"""

from __future__ import annotations

import os
import select
import threading
from collections import deque
from typing import Any, Literal

from jeepney import DBusAddress, HeaderFields, MessageType, message_bus, new_error, new_method_return, new_signal
from jeepney.io.blocking import open_dbus_connection

PATH = "/org/freedesktop/portal/desktop"
NAME = "org.freedesktop.portal.Desktop"

Answer = Literal["grant", "cancel", "refuse", "not_allowed", "error", "silence", "old_handle", "forged"]
"""What the user, or the portal, does: `refuse` is the response 2, `not_allowed` and `error` are D-Bus errors instead of a reply,
`silence` never responds, `old_handle` names the request by itself as portals before 0.9 did, `forged` grants, after another
program's response with a picture at `forged_uri`."""


class FakePortal:
    """Use it as a context; it serves in a thread of its own.

    Attributes:
        answer: what happens to requests from now on.
        picture_uri: of what Screenshot grants.
        trigger: what a bound shortcut is said to be pressed by.
        versions: of the interfaces that are offered.
        calls: (interface without its prefix, member, arguments), in order.
        registered: program names by connection.
        shortcuts: ids by session.
    """

    def __init__(self, address: str, picture_uri: str = "", answer: Answer = "grant") -> None:
        self.picture_uri = picture_uri
        self.forged_uri = ""
        self.answer: Answer = answer
        self.trigger = "Press Ctrl+Shift+Space"
        self.versions = {"Screenshot": 2, "GlobalShortcuts": 2}
        self.needs_app_id = True
        self.calls: list[tuple[str, str, tuple[Any, ...]]] = []
        self.registered: dict[str, str] = {}
        self.shortcuts: dict[str, list[str]] = {}
        self._sessions: dict[str, str] = {}
        self._address = address
        self._outbox: deque[Any] = deque()

    def __enter__(self) -> FakePortal:
        self._connection = open_dbus_connection(self._address)
        self._other = open_dbus_connection(self._address)
        reply = self._connection.send_and_get_reply(message_bus.RequestName(NAME, 4))
        assert reply.body == (1,), reply
        self._wake_read, self._wake_write = os.pipe()
        self._thread = threading.Thread(target=self._serve, name="fake portal")
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        os.write(self._wake_write, b"q")
        self._thread.join()
        self._connection.close()
        self._other.close()
        os.close(self._wake_read)
        os.close(self._wake_write)

    def press(self, shortcut_id: str, activation_token: str = "") -> None:
        """Press and release a shortcut in every session that has it."""
        options = {"activation_token": ("s", activation_token)} if activation_token else {}
        for session, ids in self.shortcuts.items():
            if shortcut_id in ids:
                for member in ("Activated", "Deactivated"):
                    body = (session, shortcut_id, 1234, options)
                    self._post(self._signal(self._sessions[session], PATH, "GlobalShortcuts", member, "osta{sv}", body))

    def members(self) -> list[str]:
        """The methods that were called, in order."""
        return [member for _, member, _ in self.calls]

    def _post(self, message: Any) -> None:
        self._outbox.append(message)
        os.write(self._wake_write, b"m")

    def _serve(self) -> None:
        socket = self._connection.sock
        while True:
            ready, _, _ = select.select([socket, self._wake_read], [], [])
            if self._wake_read in ready and b"q" in os.read(self._wake_read, 64):
                return
            while self._outbox:
                self._connection.send(self._outbox.popleft())
            while True:
                try:
                    message = self._connection.receive(timeout=0)
                except TimeoutError:
                    break
                if message.header.message_type is MessageType.method_call:
                    self._handle(message)

    def _handle(self, message: Any) -> None:
        fields = message.header.fields
        sender, member = fields[HeaderFields.sender], fields[HeaderFields.member]
        interface = fields.get(HeaderFields.interface, "").rsplit(".", 1)[-1]
        self.calls.append((interface, member, message.body))
        method = getattr(self, f"_on_{interface}_{member}".lower(), None)
        offered = interface in self.versions or interface in ("Registry", "Properties", "Request", "Session")
        if method is None or not offered:
            self._error(message, "org.freedesktop.DBus.Error.UnknownMethod", f"No such method {member}")
        else:
            method(message, sender)

    def _on_properties_get(self, message: Any, sender: str) -> None:
        version = self.versions.get(message.body[0].rsplit(".", 1)[-1])
        if version is None:
            self._error(message, "org.freedesktop.DBus.Error.InvalidArgs", "No such interface")
        else:
            self._connection.send(new_method_return(message, "v", (("u", version),)))

    def _on_registry_register(self, message: Any, sender: str) -> None:
        if sender in self.registered:
            self._error(message, "org.freedesktop.portal.Error.Failed", "already registered")
            return
        self.registered[sender] = message.body[0]
        self._connection.send(new_method_return(message))

    def _on_screenshot_screenshot(self, message: Any, sender: str) -> None:
        self._respond(message, sender, {"uri": ("s", self.picture_uri)})

    def _on_globalshortcuts_createsession(self, message: Any, sender: str) -> None:
        if self.needs_app_id and not self.registered.get(sender):
            self._error(message, "org.freedesktop.portal.Error.NotAllowed", "An app id is required")
            return
        session = f"{PATH}/session/{_path_part(sender)}/{message.body[0]['session_handle_token'][1]}"
        self._sessions[session] = sender
        self._respond(message, sender, {"session_handle": ("s", session)}, "grant")

    def _on_globalshortcuts_bindshortcuts(self, message: Any, sender: str) -> None:
        session, wanted = message.body[:2]
        if self.answer in ("grant", "old_handle", "forged"):
            self.shortcuts[session] = [shortcut_id for shortcut_id, _ in wanted]
        given = [
            (shortcut_id, {"description": about["description"], "trigger_description": ("s", self.trigger)})
            for shortcut_id, about in wanted
        ]
        self._respond(message, sender, {"shortcuts": ("a(sa{sv})", given)})

    def _on_request_close(self, message: Any, sender: str) -> None:
        self._connection.send(new_method_return(message))

    def _on_session_close(self, message: Any, sender: str) -> None:
        self.shortcuts.pop(message.header.fields[HeaderFields.path], None)
        self._connection.send(new_method_return(message))

    def _respond(self, message: Any, sender: str, results: dict[str, Any], answer: Answer | None = None) -> None:
        answer = answer or self.answer
        if answer == "not_allowed":
            self._error(message, "org.freedesktop.portal.Error.NotAllowed", "This program may not.")
            return
        if answer == "error":
            self._error(message, "org.freedesktop.portal.Error.Failed", "The screen is on fire.")
            return
        token = message.body[-1]["handle_token"][1] + ("_other" if answer == "old_handle" else "")
        handle = f"{PATH}/request/{_path_part(sender)}/{token}"
        if answer == "forged":
            self._other.send(self._signal(sender, handle, "Request", "Response", "ua{sv}", (0, {"uri": ("s", self.forged_uri)})))
            self._other.send_and_get_reply(message_bus.GetId())  # it is on its way before the true one is
        self._connection.send(new_method_return(message, "o", (handle,)))
        if answer == "silence":
            return
        code = {"cancel": 1, "refuse": 2}.get(answer, 0)
        body = (code, {} if code else results)
        self._connection.send(self._signal(sender, handle, "Request", "Response", "ua{sv}", body))

    def _error(self, message: Any, name: str, words: str) -> None:
        self._connection.send(new_error(message, name, "s", (words,)))

    def _signal(self, receiver: str, path: str, interface: str, member: str, signature: str, body: tuple[Any, ...]) -> Any:
        message = new_signal(DBusAddress(path, interface=f"org.freedesktop.portal.{interface}"), member, signature, body)
        message.header.fields[HeaderFields.destination] = receiver
        return message


def _path_part(sender: str) -> str:
    return sender[1:].replace(".", "_")
