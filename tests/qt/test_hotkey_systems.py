"""Which handler listens on which desktop; what Windows and macOS are asked, with a stand-in for their calls."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import system
from app.hotkey import select
from app.hotkey.errors import HotkeyUnavailable
from app.hotkey.handlers import portal, x11
from app.hotkey.handlers.external import COMMANDS, command
from app.hotkey.handlers.macos import MacHandler
from app.hotkey.handlers.windows import WindowsHandler
from app.hotkey.handlers.x11 import X11Handler
from app.hotkey.models import HotkeyHandler, KeyCombination

DESKTOPS = {
    "windows": ("windows", False, False),
    "macos": ("macos", False, False),
    "x11 with a portal": ("x11", True, True),
    "x11 without a portal": ("x11", False, True),
    "x11 without its library": ("x11", True, False),
    "wayland with a portal": ("wayland", True, True),
    "wayland without a bus": ("wayland", False, True),
}
EXPECTED = {
    "windows": ["windows", "external"],
    "macos": ["macos", "external"],
    "x11 with a portal": ["x11", "portal", "external"],
    "x11 without a portal": ["x11", "external"],
    "x11 without its library": ["portal", "external"],
    "wayland with a portal": ["portal", "external"],
    "wayland without a bus": ["external"],
}


def pretend(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    kind, has_bus, has_library = DESKTOPS[name]
    monkeypatch.setattr(system, "is_windows", lambda: kind == "windows")
    monkeypatch.setattr(system, "is_macos", lambda: kind == "macos")
    monkeypatch.setattr(system, "is_x11_session", lambda: kind == "x11")
    monkeypatch.setattr(portal.PortalHandler, "is_installed", lambda _self: has_bus)
    monkeypatch.setattr(x11.X11Handler, "is_installed", lambda _self: has_library)


@pytest.mark.parametrize("name", DESKTOPS)
def test_every_desktop_gets_the_handlers_that_fit_it_in_order(monkeypatch: pytest.MonkeyPatch, name: str, qapp: object) -> None:
    pretend(monkeypatch, name)
    assert [handler.name for handler in select.usable()] == EXPECTED[name]


@pytest.mark.parametrize("name", DESKTOPS)
@pytest.mark.parametrize("forced", ["windows", "macos", "x11", "portal", "external", "telepathy"])
def test_a_forced_handler_is_the_only_one_or_says_why_not(
    monkeypatch: pytest.MonkeyPatch, name: str, forced: str, qapp: object
) -> None:
    pretend(monkeypatch, name)
    if forced in EXPECTED[name]:
        assert [handler.name for handler in select.usable(forced)] == [forced]
        return
    with pytest.raises(HotkeyUnavailable, match=forced):
        select.usable(forced)


@pytest.mark.parametrize(
    "environment",
    [
        {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"},
        {"XDG_SESSION_TYPE": "wayland", "DISPLAY": ":0"},
        {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0", "QT_QPA_PLATFORM": "xcb"},
    ],
)
def test_x11_is_never_listened_to_on_a_wayland_desktop(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], qapp: object
) -> None:
    """Xwayland grants every grab and is silent whenever a Wayland window has the focus."""
    predicates = (system.is_wayland_session, system.is_x11_session)
    monkeypatch.setattr(system, "is_windows", lambda: False)
    monkeypatch.setattr(system, "is_macos", lambda: False)
    for variable in ("WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "DISPLAY"):
        monkeypatch.delenv(variable, raising=False)
    try:
        for is_wayland in (False, True):
            for variable, value in (environment if is_wayland else {"DISPLAY": ":0"}).items():
                monkeypatch.setenv(variable, value)
            for predicate in predicates:
                predicate.cache_clear()
            assert X11Handler().is_compatible() is not is_wayland
        assert "x11" not in [handler.name for handler in select.usable()]
    finally:
        for predicate in predicates:
            predicate.cache_clear()


def test_what_is_bound_elsewhere_is_a_command_for_a_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "has_command", lambda _name: True)
    assert [command(name) for name in COMMANDS] == ["sightline capture", "sightline capture --selection"]
    monkeypatch.setattr(system, "has_command", lambda _name: False)
    monkeypatch.setattr(system, "window_command", lambda: ["/opt/my programs/sightline"])
    assert command("capture") == "'/opt/my programs/sightline' capture"


# Windows and macOS


class FakeWindows:
    """Does what Windows does, as far as it is asked."""

    def __init__(self) -> None:
        self.taken: set[tuple[int, int]] = set()
        self.registered: dict[int, tuple[int, int]] = {}
        self.messages: queue.Queue[int | None] = queue.Queue()
        self.has_begun = False

    def begin(self) -> None:
        self.has_begun = True

    def register(self, number: int, modifiers: int, virtual_key: int) -> int:
        place = (modifiers & 0xF, virtual_key)
        if virtual_key == 0x7B:  # F12 is the debugger's
            return 5
        if place in self.taken or place in self.registered.values():
            return 1409
        assert modifiers & 0x4000, "a held key would repeat"
        self.registered[number] = place
        return 0

    def unregister(self, number: int) -> None:
        del self.registered[number]

    def virtual_key(self, character: str) -> int | None:
        return {"a": 0x41, "ö": 0xC0}.get(character)

    def wait(self) -> int | None:
        return self.messages.get()

    def wake(self) -> None:
        assert self.has_begun
        self.messages.put(None)

    def press(self, modifiers: int, virtual_key: int) -> None:
        for number, place in self.registered.items():
            if place == (modifiers, virtual_key):
                self.messages.put(number)


class FakeMac:
    """Does what Carbon does, as far as it is asked."""

    def __init__(self) -> None:
        self.taken: set[tuple[int, int]] = set()
        self.registered: dict[int, tuple[int, int]] = {}
        self._pressed: Callable[[int], None] | None = None

    def listen(self, pressed: Callable[[int], None]) -> None:
        assert self._pressed is None
        self._pressed = pressed

    def register(self, number: int, modifiers: int, key_code: int) -> int:
        if key_code == 0x6F:
            return -50
        if (modifiers, key_code) in self.taken:
            return -9878
        self.registered[number] = (modifiers, key_code)
        return 0

    def unregister(self, number: int) -> None:
        del self.registered[number]

    def key_code(self, character: str) -> int | None:
        return {"a": 0x00, "ö": 0x29}.get(character)

    def close(self) -> None:
        self._pressed = None

    def press(self, modifiers: int, key_code: int) -> None:
        for number, place in self.registered.items():
            if place == (modifiers, key_code):
                assert self._pressed is not None
                self._pressed(number)


Fake = FakeWindows | FakeMac
PLACES: dict[str, dict[str, tuple[int, int]]] = {
    "windows": {"Ctrl+Shift+Space": (0x6, 0x20), "Meta+A": (0x8, 0x41), "Alt+Ö": (0x1, 0xC0)},
    "macos": {"Ctrl+Shift+Space": (0x300, 0x31), "Meta+A": (0x1000, 0x00), "Alt+Ö": (0x800, 0x29)},
}


@pytest.fixture(params=["windows", "macos"])
def listener(request: pytest.FixtureRequest, qapp: object) -> Iterator[tuple[HotkeyHandler, Fake, list[tuple[str, ...]]]]:
    """A handler, what stands for the system, and all that was told."""
    fake: Fake = FakeWindows() if request.param == "windows" else FakeMac()
    handler = WindowsHandler(fake) if isinstance(fake, FakeWindows) else MacHandler(fake)
    told: list[tuple[str, ...]] = []
    handler.pressed.connect(lambda hotkey_id, _token: told.append(("pressed", hotkey_id)))
    handler.bound.connect(lambda hotkey_id, shown: told.append(("bound", hotkey_id, shown)))
    handler.failed.connect(lambda hotkey_id, code, _message: told.append(("failed", hotkey_id, code)))
    yield handler, fake, told
    handler.close()
    assert fake.registered == {}


def wanted(**texts: str) -> dict[str, KeyCombination]:
    found = {name: KeyCombination.parse(text) for name, text in texts.items()}
    return {name: combination for name, combination in found.items() if combination is not None}


def test_keys_are_registered_pressed_and_changed(qtbot: QtBot, listener: tuple[HotkeyHandler, Fake, list[tuple[str, ...]]]) -> None:
    handler, fake, told = listener
    places = PLACES[handler.name]
    handler.bind(wanted(capture="Ctrl+Shift+Space", selection="Meta+A"))
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == [("bound", "capture", "Ctrl+Shift+Space"), ("bound", "selection", "Meta+A")]
    assert list(fake.registered.values()) == [places["Ctrl+Shift+Space"], places["Meta+A"]]
    fake.press(*places["Meta+A"])
    qtbot.waitUntil(lambda: told[-1] == ("pressed", "selection"))
    handler.bind(wanted(capture="Alt+Ö"))
    qtbot.waitUntil(lambda: told[-1] == ("bound", "capture", "Alt+Ö"))
    assert list(fake.registered.values()) == [places["Alt+Ö"]]
    fake.press(*places["Meta+A"])
    fake.press(*places["Alt+Ö"])
    qtbot.waitUntil(lambda: told[-1] == ("pressed", "capture"))
    assert [line for line in told if line[0] == "pressed"] == [("pressed", "selection"), ("pressed", "capture")]


def test_what_cannot_be_registered_is_said_and_the_rest_works(
    qtbot: QtBot, listener: tuple[HotkeyHandler, Fake, list[tuple[str, ...]]]
) -> None:
    handler, fake, told = listener
    fake.taken.add(PLACES[handler.name]["Meta+A"])
    handler.bind(wanted(a="Meta+A", b="Ctrl+Z", c="Ctrl+F12", d="Ctrl+Shift+Space"))
    qtbot.waitUntil(lambda: len(told) == 4)
    assert told == [
        ("failed", "a", "hotkey_taken"),
        ("failed", "b", "hotkey_invalid"),
        ("failed", "c", "hotkey_refused"),
        ("bound", "d", "Ctrl+Shift+Space"),
    ]


def test_nothing_is_told_after_the_end(qtbot: QtBot, listener: tuple[HotkeyHandler, Fake, list[tuple[str, ...]]]) -> None:
    handler, fake, told = listener
    handler.bind(wanted(capture="Ctrl+Shift+Space"))
    qtbot.waitUntil(lambda: len(told) == 1)
    place = PLACES[handler.name]["Ctrl+Shift+Space"]
    handler.close()
    fake.press(*place)
    QApplication.processEvents()
    assert told == [("bound", "capture", "Ctrl+Shift+Space")]
