"""What a screen reader gets to know: it listens on the bus of accessibility as Orca does. Debian: at-spi2-core, dbus-daemon.

    with SessionBus() as bus, ScreenReader(bus.address) as reader: ...

Programs say something only if they are started with `variables`.
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, HeaderFields, MatchRule, MessageType, Properties, message_bus, new_method_call
from jeepney.io.blocking import open_dbus_connection
from jeepney.wrappers import unwrap_msg

LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")
ROOT = "/org/a11y/atspi/accessible/root"
ACCESSIBLE = "org.a11y.atspi.Accessible"
EVENTS = ("object:announcement", "object:state-changed:focused")
FOCUSABLE, SHOWING = 11, 25
"""Bits of a state: AtspiStateType in at-spi2-core's atspi-constants.h."""
START_S, ANSWER_S = 20.0, 10.0


def is_installed() -> bool:
    """Whether the bus of accessibility can be started."""
    return LAUNCHER.exists()


@dataclass(frozen=True)
class Heard:
    """One thing in a window."""

    depth: int
    name: str
    description: str
    role: str
    is_focusable: bool
    is_showing: bool


class ScreenReader:
    """Use it as a context; it listens in a thread of its own.

    Attributes:
        variables: for the environment of the programs that are to be heard.
        said: what was announced, in order.
    """

    def __init__(self, session_address: str) -> None:
        self.variables = {"DBUS_SESSION_BUS_ADDRESS": session_address, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
        self.said: list[str] = []
        self._focused: tuple[str, str] | None = None

    def __enter__(self) -> ScreenReader:
        environment = {**os.environ, **self.variables}
        self._launcher = subprocess.Popen(
            [LAUNCHER, "--launch-immediately"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        with open_dbus_connection(self.variables["DBUS_SESSION_BUS_ADDRESS"]) as session:
            bus = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
            pause = threading.Event()
            for _ in range(round(START_S / 0.1)):
                if unwrap_msg(session.send_and_get_reply(message_bus.NameHasOwner("org.a11y.Bus")))[0]:
                    break
                pause.wait(0.1)
            (address,) = unwrap_msg(session.send_and_get_reply(new_method_call(bus, "GetAddress"), timeout=ANSWER_S))
        self._asking = open_dbus_connection(address)
        self._events = open_dbus_connection(address)
        rule = MatchRule(type="signal", interface="org.a11y.atspi.Event.Object")
        self._events.send_and_get_reply(message_bus.AddMatch(rule))
        registry = DBusAddress("/org/a11y/atspi/registry", "org.a11y.atspi.Registry", "org.a11y.atspi.Registry")
        for event in EVENTS:
            unwrap_msg(self._events.send_and_get_reply(new_method_call(registry, "RegisterEvent", "sass", (event, [], ""))))
        self._is_leaving = False
        self._thread = threading.Thread(target=self._listen, name="screen reader")
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._is_leaving = True
        self._thread.join()
        self._asking.close()
        self._events.close()
        self._launcher.terminate()
        self._launcher.wait(10)

    @property
    def focused(self) -> str:
        """The name of what got the keyboard last."""
        return self._property(*self._focused, "Name") if self._focused is not None else ""

    def tree(self) -> list[Heard]:
        """All that programs have in their windows, from the outside inwards."""
        return list(self._walk("org.a11y.atspi.Registry", ROOT, 0))

    def _walk(self, sender: str, path: str, depth: int) -> Iterator[Heard]:
        name, description, role, low = self._describe(sender, path)
        yield Heard(depth, name, description, role, bool(low >> FOCUSABLE & 1), bool(low >> SHOWING & 1))
        for child in self._call(sender, path, "GetChildren"):
            yield from self._walk(*child, depth + 1)

    def _describe(self, sender: str, path: str) -> tuple[str, str, str, int]:
        role, states = self._call(sender, path, "GetRoleName"), self._call(sender, path, "GetState")
        return self._property(sender, path, "Name"), self._property(sender, path, "Description"), role, states[0]

    def _call(self, sender: str, path: str, method: str) -> Any:
        message = new_method_call(DBusAddress(path, sender, ACCESSIBLE), method)
        return unwrap_msg(self._asking.send_and_get_reply(message, timeout=ANSWER_S))[0]

    def _property(self, sender: str, path: str, name: str) -> str:
        message = Properties(DBusAddress(path, sender, ACCESSIBLE)).get(name)
        (_, value) = unwrap_msg(self._asking.send_and_get_reply(message, timeout=ANSWER_S))[0]
        return str(value)

    def _listen(self) -> None:
        while not self._is_leaving:
            try:
                message = self._events.receive(timeout=0.1)
            except TimeoutError:
                continue
            fields = message.header.fields
            if message.header.message_type is not MessageType.signal or len(message.body) < 4:
                continue
            kind, value = message.body[0], message.body[3]
            if fields[HeaderFields.member] == "Announcement":
                self.said.append(value[1])
            elif (fields[HeaderFields.member], kind, message.body[1]) == ("StateChanged", "focused", 1):
                self._focused = (fields[HeaderFields.sender], fields[HeaderFields.path])
