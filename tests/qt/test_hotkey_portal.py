"""Keys by the desktop's portal: real messages on a bus of the test's own, and a portal that does as it is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jeepney import DBusAddress, HeaderFields, new_signal
from jeepney.io.blocking import open_dbus_connection
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.hotkey.handlers.portal import PortalHandler
from app.hotkey.models import KeyCombination
from tests.helpers import session_bus
from tests.helpers.fake_portal import PATH, FakePortal
from tests.helpers.session_bus import SessionBus

pytestmark = pytest.mark.skipif(not session_bus.is_installed(), reason="needs a D-Bus daemon: apt install dbus")

WANTED = {"capture": KeyCombination(("Ctrl", "Shift"), "Space"), "selection": KeyCombination(("Meta",), "A")}
Told = list[tuple[str, ...]]


@pytest.fixture
def bus() -> Iterator[SessionBus]:
    with SessionBus() as started:
        yield started


@pytest.fixture
def desktop(bus: SessionBus) -> Iterator[FakePortal]:
    with FakePortal(bus.address) as started:
        yield started


@pytest.fixture
def told() -> Told:
    """All that the handler said, in order."""
    return []


@pytest.fixture
def handler(bus: SessionBus, told: Told, qapp: QApplication) -> Iterator[PortalHandler]:
    made = PortalHandler(bus.address)
    made.pressed.connect(lambda *arguments: told.append(("pressed", *arguments)))
    made.bound.connect(lambda *arguments: told.append(("bound", *arguments)))
    made.failed.connect(lambda hotkey_id, code, _message: told.append(("failed", hotkey_id, code)))
    yield made
    made.close()
    made.deleteLater()
    qapp.processEvents()


def both(told: Told, kind: str) -> set[tuple[str, ...]]:
    return {tuple(line[1:]) for line in told if line[0] == kind}


def test_the_desktop_says_what_the_keys_are_and_tells_of_presses(
    qtbot: QtBot, desktop: FakePortal, handler: PortalHandler, told: Told
) -> None:
    handler.bind(WANTED)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert both(told, "bound") == {("capture", desktop.trigger), ("selection", desktop.trigger)}
    [(_, shortcuts, parent, _)] = [body for _, member, body in desktop.calls if member == "BindShortcuts"]
    assert [(name, about["preferred_trigger"][1]) for name, about in shortcuts] == [
        ("capture", "CTRL+SHIFT+space"),
        ("selection", "LOGO+a"),
    ]
    assert all(about["description"][1].startswith("Ask about") for _, about in shortcuts) and parent == ""
    desktop.press("selection", "token-of-wayland")
    desktop.press("capture")
    qtbot.waitUntil(lambda: len(told) == 4)
    assert told[2:] == [("pressed", "selection", "token-of-wayland"), ("pressed", "capture", "")]


@pytest.mark.parametrize("answer", ["cancel", "refuse", "not_allowed"])
def test_a_no_is_told_and_asked_about_again_only_when_wanted(
    qtbot: QtBot, desktop: FakePortal, handler: PortalHandler, told: Told, answer: Any
) -> None:
    desktop.answer = answer
    handler.bind(WANTED)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert both(told, "failed") == {("capture", "hotkey_refused"), ("selection", "hotkey_refused")}
    desktop.answer = "grant"
    handler.bind(WANTED)
    qtbot.waitUntil(lambda: len(told) == 4)
    assert {kind for kind, *_ in told[2:]} == {"bound"}


class Nameless(FakePortal):
    """Does not know the program, as where its .desktop file is not installed."""

    def _on_registry_register(self, message: Any, sender: str) -> None:
        self._error(message, "org.freedesktop.portal.Error.Failed", "App info not found for 'sightline'")


@pytest.mark.parametrize("missing", ["the program's name", "GlobalShortcuts", "BindShortcuts", "the portal"])
def test_a_desktop_that_cannot_is_told_apart_from_one_that_does_not_want_to(
    qtbot: QtBot, bus: SessionBus, handler: PortalHandler, told: Told, missing: str
) -> None:
    def bind() -> None:
        handler.bind(WANTED)
        qtbot.waitUntil(lambda: len(told) == 2)

    if missing == "the portal":
        bind()
    else:
        with (Nameless if missing == "the program's name" else FakePortal)(bus.address) as desktop:
            if missing == "GlobalShortcuts":
                del desktop.versions["GlobalShortcuts"]
            elif missing == "BindShortcuts":  # as GNOME 48 without its part for shortcuts
                desktop.answer = "error"
            bind()
    assert both(told, "failed") == {("capture", "hotkey_unavailable"), ("selection", "hotkey_unavailable")}


def test_other_programs_cannot_press_our_keys(
    qtbot: QtBot, bus: SessionBus, desktop: FakePortal, handler: PortalHandler, told: Told
) -> None:
    handler.bind(WANTED)
    qtbot.waitUntil(lambda: len(told) == 2)
    other = open_dbus_connection(bus.address)
    [session], [receiver] = desktop.shortcuts, desktop.registered
    address = DBusAddress(PATH, interface="org.freedesktop.portal.GlobalShortcuts")
    for body in ((session, "capture", 1, {}), ("/another/session", "capture", 1, {})):
        message = new_signal(address, "Activated", "osta{sv}", body)
        message.header.fields[HeaderFields.destination] = receiver
        other.send(message)
    other.close()
    desktop.press("selection")
    qtbot.waitUntil(lambda: len(told) == 3)
    assert told[2] == ("pressed", "selection", "")


def test_new_keys_end_the_old_session(qtbot: QtBot, desktop: FakePortal, handler: PortalHandler, told: Told) -> None:
    handler.bind(WANTED)
    qtbot.waitUntil(lambda: len(told) == 2)
    handler.bind({"capture": WANTED["capture"]})
    qtbot.waitUntil(lambda: len(told) == 3)
    assert desktop.members().count("CreateSession") == 2
    desktop.press("selection")
    desktop.press("capture")
    qtbot.waitUntil(lambda: len(told) == 4)
    assert told[3] == ("pressed", "capture", "")


def test_a_portal_that_is_started_anew_is_asked_again(qtbot: QtBot, bus: SessionBus, handler: PortalHandler, told: Told) -> None:
    with FakePortal(bus.address):
        handler.bind(WANTED)
        qtbot.waitUntil(lambda: len(told) == 2)
    with FakePortal(bus.address) as desktop:
        qtbot.waitUntil(lambda: len(told) == 4)
        desktop.press("capture")
        qtbot.waitUntil(lambda: told[-1] == ("pressed", "capture", ""))
    qtbot.waitUntil(lambda: both(told, "failed") == {("capture", "hotkey_unavailable"), ("selection", "hotkey_unavailable")})


def test_the_desktop_can_change_the_keys_and_take_them_away(
    qtbot: QtBot, desktop: FakePortal, handler: PortalHandler, told: Told
) -> None:
    handler.bind(WANTED)
    qtbot.waitUntil(lambda: len(told) == 2)
    [session], [receiver] = desktop.shortcuts, desktop.registered
    about = {"trigger_description": ("s", "Super+Q")}
    body = (session, [("capture", about), ("selection", about)])
    desktop._post(desktop._signal(receiver, PATH, "GlobalShortcuts", "ShortcutsChanged", "oa(sa{sv})", body))
    qtbot.waitUntil(lambda: len(told) == 4)
    assert {tuple(line) for line in told[2:]} == {("bound", "capture", "Super+Q"), ("bound", "selection", "Super+Q")}
    desktop._post(desktop._signal(receiver, session, "Session", "Closed", "a{sv}", ({},)))
    qtbot.waitUntil(lambda: len(told) == 6)
    assert {tuple(line) for line in told[4:]} == {
        ("failed", "capture", "hotkey_refused"),
        ("failed", "selection", "hotkey_refused"),
    }


def test_a_dialog_that_nobody_answers_is_taken_away_at_the_end(
    qtbot: QtBot, desktop: FakePortal, handler: PortalHandler, told: Told
) -> None:
    desktop.answer = "silence"
    handler.bind(WANTED)
    qtbot.waitUntil(lambda: "BindShortcuts" in desktop.members())
    handler.close()
    qtbot.waitUntil(lambda: "Close" in desktop.members())
    assert told == []


def test_the_end_of_the_bus_is_told(qtbot: QtBot, told: Told, qapp: QApplication) -> None:
    handler = PortalHandler()
    with SessionBus() as bus, FakePortal(bus.address):
        handler._bus = bus.address
        with qtbot.waitSignal(handler.bound):
            handler.bind({"capture": WANTED["capture"]})
        handler.failed.connect(lambda hotkey_id, code, _message: told.append((hotkey_id, code)))
    qtbot.waitUntil(lambda: told == [("capture", "hotkey_unavailable")])
    handler.close()
    handler.deleteLater()
    qapp.processEvents()
