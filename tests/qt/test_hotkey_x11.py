"""Keys of an X11 desktop: a real X server, real presses, and another program that wants the same keys."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.hotkey.errors import HotkeyTaken, HotkeyUnavailable
from app.hotkey.handlers.x11 import X11Handler, X11Keys
from app.hotkey.models import KeyCombination
from tests.helpers import desktop
from tests.helpers.desktop import Desktop

pytestmark = pytest.mark.skipif(not desktop.is_installed(), reason="needs a desktop: apt install xvfb openbox xdotool")

KEYS = "ctrl+shift+space"
WANTED = {"capture": KeyCombination(("Ctrl", "Shift"), "Space")}
Listen = Callable[[dict[str, KeyCombination]], X11Handler]


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desktop]:
    with Desktop(tmp_path_factory.mktemp("desktop")) as started:
        yield started


@pytest.fixture
def told() -> list[tuple[str, ...]]:
    """All that handlers said, in order."""
    return []


@pytest.fixture
def listen(qtbot: QtBot, qapp: QApplication, screen: Desktop, told: list[tuple[str, ...]]) -> Iterator[Listen]:
    """Makes a handler that listens, and waits until it does."""
    made: list[X11Handler] = []

    def begin(wanted: dict[str, KeyCombination]) -> X11Handler:
        handler = X11Handler(screen.display)
        made.append(handler)
        handler.pressed.connect(lambda hotkey_id, _token: told.append(("pressed", hotkey_id)))
        handler.bound.connect(lambda hotkey_id, shown: told.append(("bound", hotkey_id, shown)))
        handler.failed.connect(lambda hotkey_id, code, _message: told.append(("failed", hotkey_id, code)))
        handler.bind(wanted)
        qtbot.waitUntil(lambda: len([1 for kind, *_ in told if kind != "pressed"]) >= len(wanted))
        return handler

    yield begin
    for handler in made:
        handler.close()
        handler.deleteLater()
    qapp.processEvents()


@pytest.fixture
def other_program(screen: Desktop) -> Iterator[X11Keys]:
    """A second client of the same X server."""
    keys = X11Keys(screen.display)
    yield keys
    keys.close()


def presses(told: list[tuple[str, ...]]) -> list[str]:
    return [hotkey_id for kind, hotkey_id, *_ in told if kind == "pressed"]


def x_program(screen: Desktop, *command: str) -> None:
    subprocess.run(command, env={**os.environ, "DISPLAY": screen.display}, check=True, capture_output=True)


def test_a_press_is_heard_whatever_is_locked(qtbot: QtBot, screen: Desktop, listen: Listen, told: list[tuple[str, ...]]) -> None:
    listen(WANTED)
    assert told == [("bound", "capture", "Ctrl+Shift+Space")]
    for count, locks in enumerate(((), ("Num_Lock",), ("Caps_Lock",), ("Num_Lock", "Caps_Lock")), 1):
        for lock in locks:
            screen.xdotool("key", lock)
        screen.xdotool("key", KEYS)
        for lock in locks:
            screen.xdotool("key", lock)
        qtbot.waitUntil(lambda count=count: presses(told) == ["capture"] * count)
    screen.xdotool("key", "ctrl+space", "key", "shift+space", "key", "ctrl+shift+alt+space", "key", KEYS)
    qtbot.waitUntil(lambda: presses(told) == ["capture"] * 5)


def test_keys_of_another_program_are_taken_until_it_ends(
    qtbot: QtBot, screen: Desktop, listen: Listen, told: list[tuple[str, ...]], other_program: X11Keys
) -> None:
    assert other_program.bind(WANTED) == {}
    mine = {**WANTED, "selection": KeyCombination(("Ctrl",), "F9")}
    handler = listen(mine)
    assert set(told) == {("failed", "capture", HotkeyTaken.code), ("bound", "selection", "Ctrl+F9")}
    screen.xdotool("key", KEYS, "key", "ctrl+F9")
    qtbot.waitUntil(lambda: presses(told) == ["selection"])
    other_program.bind({})
    told.clear()
    handler.bind(mine)
    assert [kind for kind, *_ in told] == ["bound", "bound"]
    screen.xdotool("key", KEYS)
    qtbot.waitUntil(lambda: presses(told) == ["capture"])


def test_the_keys_of_the_window_manager_and_of_consoles_are_taken(listen: Listen, told: list[tuple[str, ...]]) -> None:
    listen({"capture": KeyCombination(("Alt",), "F4"), "selection": KeyCombination(("Ctrl", "Alt"), "F9")})
    assert told == [("failed", "capture", HotkeyTaken.code), ("failed", "selection", HotkeyTaken.code)]


def test_keys_are_given_back(qtbot: QtBot, listen: Listen, told: list[tuple[str, ...]], other_program: X11Keys) -> None:
    handler = listen(WANTED)
    assert set(other_program.bind(WANTED)) == {"capture"}
    handler.bind({})
    assert other_program.bind(WANTED) == {}
    other_program.bind({})
    handler.bind(WANTED)
    handler.close()
    qtbot.waitUntil(lambda: other_program.bind(WANTED) == {})


def test_a_held_key_is_pressed_once(qtbot: QtBot, screen: Desktop, listen: Listen, told: list[tuple[str, ...]]) -> None:
    """The second hotkey, pressed after it, shows that the repeats had their time: they were sent before."""
    listen({**WANTED, "selection": KeyCombination(("Ctrl",), "F9")})
    x_program(screen, "xset", "r", "rate", "50", "100")
    screen.xdotool("keydown", "ctrl", "keydown", "shift", "keydown", "space", "sleep", "0.5", "keyup", "space", "keyup", "shift")
    screen.xdotool("key", "F9", "keyup", "ctrl")
    qtbot.waitUntil(lambda: "selection" in presses(told))
    assert presses(told) == ["capture", "selection"]
    screen.xdotool("key", KEYS)
    qtbot.waitUntil(lambda: presses(told) == ["capture", "selection", "capture"])


def test_a_change_of_the_keyboards_map_is_followed(
    qtbot: QtBot, screen: Desktop, listen: Listen, told: list[tuple[str, ...]]
) -> None:
    listen({"capture": KeyCombination(("Ctrl",), "Y")})
    try:
        told.clear()
        x_program(screen, "setxkbmap", "de")  # y and z change places
        qtbot.waitUntil(lambda: ("bound", "capture", "Ctrl+Y") in told)
        screen.xdotool("keydown", "ctrl", "key", "29", "key", "52", "keyup", "ctrl")  # where z and y are now
        qtbot.waitUntil(lambda: bool(presses(told)))
        assert presses(told) == ["capture"]
    finally:
        x_program(screen, "setxkbmap", "us")


def test_the_second_layout_of_a_keyboard_hears_the_same_keys(
    qtbot: QtBot, screen: Desktop, listen: Listen, told: list[tuple[str, ...]]
) -> None:
    x_program(screen, "setxkbmap", "us,ru")
    try:
        listen({"capture": KeyCombination(("Ctrl",), "Y")})
        screen.xdotool("key", "ISO_Next_Group", "keydown", "ctrl", "key", "29", "keyup", "ctrl")
        qtbot.waitUntil(lambda: presses(told) == ["capture"])
    finally:
        x_program(screen, "setxkbmap", "us")


def test_a_key_that_the_keyboard_does_not_have_is_said(listen: Listen, told: list[tuple[str, ...]]) -> None:
    listen({"capture": KeyCombination(("Ctrl",), "Ü")})
    assert told == [("failed", "capture", "hotkey_invalid")]


def test_the_end_of_the_x_server_is_said(qtbot: QtBot, tmp_path: Path, told: list[tuple[str, ...]]) -> None:
    with Desktop(tmp_path) as own:
        handler = X11Handler(own.display)
        with qtbot.waitSignal(handler.bound):
            handler.bind(WANTED)
        handler.failed.connect(lambda hotkey_id, code, _message: told.append((hotkey_id, code)))
    qtbot.waitUntil(lambda: told == [("capture", HotkeyUnavailable.code)])
    handler.bind(WANTED)
    qtbot.waitUntil(lambda: len(told) == 2)
    handler.close()
    handler.deleteLater()


def test_how_long_a_press_takes_is_printed(
    qtbot: QtBot, screen: Desktop, listen: Listen, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the press that X is asked for to the signal."""
    import xcffib
    import xcffib.xtest

    handler = listen(WANTED)
    connection = xcffib.connect(screen.display)
    root, fake = connection.get_setup().roots[0].root, connection(xcffib.xtest.key)
    times_ms = []
    for _ in range(20):
        for key in (37, 50):  # Ctrl and Shift, as xkeyboard-config has them on every PC keyboard
            fake.FakeInput(2, key, 0, root, 0, 0, 0)
        connection.core.GetInputFocus().reply()
        with qtbot.waitSignal(handler.pressed):
            start = time.perf_counter()
            handler.pressed.connect(lambda *_, start=start: times_ms.append((time.perf_counter() - start) * 1e3))
            fake.FakeInput(2, 65, 0, root, 0, 0, 0)
            connection.flush()
        handler.pressed.disconnect()
        for key in (65, 50, 37):
            fake.FakeInput(3, key, 0, root, 0, 0, 0)
        connection.core.GetInputFocus().reply()
    connection.disconnect()
    with capsys.disabled():
        print(f"\nhotkey on X11, press to signal: median {statistics.median(times_ms):.2f} ms, worst {max(times_ms):.2f} ms")
    assert len(times_ms) == 20
