"""Where windows are on Windows, macOS and Hyprland, by what stands in for these systems at their narrowest seam."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app import system
from app.capture import outlines, outlines_hyprland, outlines_macos, outlines_windows
from app.capture.models import Rect, Screen, WindowOutline

SCREENS = (Screen("left", Rect(-1280, -200, 1280, 720), 1.5), Screen("main", Rect(0, 0, 1920, 1080), 1.0))


class Window:
    """As Windows and macOS know it; what is not said is as usual."""

    def __init__(self, title: str, left: int, top: int, right: int, bottom: int, **unusual: Any) -> None:
        self.title, self.bounds = title, (left, top, right, bottom)
        self.unusual = unusual


class User32:
    """The functions of user32 and dwmapi that are called; a window's handle is its number, from 1."""

    def __init__(self, *windows: Window) -> None:
        self._windows = windows

    def _of(self, handle: Any) -> Window:
        return self._windows[handle.value - 1]

    def EnumWindows(self, callback: Any, parameter: int) -> None:
        assert all(callback(number + 1, parameter) for number in range(len(self._windows)))

    def IsWindowVisible(self, handle: Any) -> bool:
        return not self._of(handle).unusual.get("is_invisible")

    def IsIconic(self, handle: Any) -> bool:
        return bool(self._of(handle).unusual.get("is_minimised"))

    def GetWindowLongW(self, handle: Any, index: int) -> int:
        assert index == -20
        return int(self._of(handle).unusual.get("style", 0x100))

    def InternalGetWindowText(self, handle: Any, buffer: Any, size: int) -> None:
        buffer.value = self._of(handle).title[: size - 1]

    def GetClassNameW(self, handle: Any, buffer: Any, size: int) -> None:
        buffer.value = self._of(handle).unusual.get("kind", "Notepad")

    def DwmGetWindowAttribute(self, handle: Any, attribute: int, target: Any, size: int) -> int:
        window, found = self._of(handle), target._obj
        if attribute == 14:
            assert size == 4
            found.value = window.unusual.get("cloaked", 0)
        elif attribute == 9 and not window.unusual.get("has_no_frame"):
            found.left, found.top, found.right, found.bottom = window.bounds
        else:
            return -2147024809  # E_INVALIDARG
        return 0


def test_windows_of_windows() -> None:
    system32 = User32(
        Window("Upper", 100, 50, 900, 650),
        Window("On the left", -1280, -200, -680, 400),
        Window("Hidden", 0, 0, 50, 50, is_invisible=True),
        Window("Minimised", -32000, -32000, -31840, -31972, is_minimised=True),
        Window("On another desktop", 0, 0, 800, 600, cloaked=2),
        Window("Overlay of a game bar", 0, 0, 1920, 1080, style=0x20),
        Window("", 0, 1040, 1920, 1080, kind="Shell_TrayWnd"),
        Window("Program Manager", 0, 0, 1920, 1080, kind="Progman"),
        Window("Without a frame", 0, 0, 10, 10, has_no_frame=True),
        Window("Beyond all screens", 5000, 0, 5100, 100),
        Window("你" * 600, 0, 0, 1920, 1080),
    )
    assert outlines_windows.windows(SCREENS, system32, system32) == [
        WindowOutline("Upper", Rect(100, 50, 800, 600)),
        WindowOutline("On the left", Rect(-1280, -200, 400, 400)),
        WindowOutline("你" * 511, Rect(0, 0, 1920, 1080)),
    ]


class CoreGraphics:
    """The functions of both frameworks that are called, on Python's values behind made-up addresses."""

    def __init__(self, windows: list[dict[str, Any]] | None) -> None:
        self._windows = windows
        self._objects: list[Any] = [None]
        self.alive = 0

    def _address(self, value: Any) -> int:
        self._objects.append(value)
        return len(self._objects) - 1

    def CGWindowListCopyWindowInfo(self, options: int, window: int) -> int | None:
        assert (options, window) == (0b10001, 0)
        if self._windows is None:
            return None
        self.alive += 1
        return self._address(self._windows)

    def CFStringCreateWithCString(self, allocator: None, text: bytes, encoding: int) -> int:
        self.alive += 1
        return self._address(text.decode().removeprefix("kCGWindow"))

    def CFRelease(self, address: int) -> None:
        assert address
        self.alive -= 1

    def CFArrayGetCount(self, address: int) -> int:
        return len(self._objects[address])

    def CFArrayGetValueAtIndex(self, address: int, index: int) -> int:
        return self._address(self._objects[address][index])

    def CFDictionaryGetValue(self, address: int, key: int) -> int | None:
        value = self._objects[address].get(self._objects[key])
        return None if value is None else self._address(value)

    def CFNumberGetValue(self, address: int, kind: int, target: Any) -> bool:
        assert kind == 13
        target._obj.value = self._objects[address]
        return True

    def CFStringGetCString(self, address: int, buffer: Any, size: int, encoding: int) -> bool:
        data = self._objects[address].encode()
        if len(data) >= size:
            return False
        buffer.value = data
        return True

    def CGRectMakeWithDictionaryRepresentation(self, address: int, target: Any) -> bool:
        bounds = target._obj
        bounds.x, bounds.y, bounds.width, bounds.height = self._objects[address]
        return True


def test_windows_of_macos() -> None:
    library = CoreGraphics(
        [
            {"Layer": 0, "Alpha": 1.0, "Bounds": (-100.0, 25.0, 800.4, 600.0), "Name": "Notes – 你好", "OwnerName": "Notes"},
            {"Layer": 0, "Alpha": 1.0, "Bounds": (10.0, 10.0, 20.0, 20.0), "OwnerName": "Names need a permission"},
            {"Layer": 0, "Alpha": 1.0, "Bounds": (10.0, 10.0, 20.0, 20.0), "Name": "x" * 2000},
            {"Layer": 25, "Alpha": 1.0, "Bounds": (0.0, 0.0, 1920.0, 24.0), "OwnerName": "Menu bar"},
            {"Layer": 0, "Alpha": 0.0, "Bounds": (0.0, 0.0, 1920.0, 1080.0), "OwnerName": "Not to be seen"},
            {"Layer": 0, "Alpha": 1.0, "OwnerName": "Nowhere"},
        ]
    )
    assert outlines_macos.windows(SCREENS, library) == [
        WindowOutline("Notes – 你好", Rect(-100, 25, 800, 600)),
        WindowOutline("Names need a permission", Rect(10, 10, 20, 20)),
        WindowOutline("", Rect(10, 10, 20, 20)),
    ]
    assert library.alive == 0
    nothing = CoreGraphics(None)
    assert outlines_macos.windows(SCREENS, nothing) == []
    assert nothing.alive == 0


@contextmanager
def hyprland(answers: dict[bytes, bytes], monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[None]:
    """Its socket: one question, one answer, then it closes."""
    path = folder / "hypr" / "one" / ".socket.sock"
    path.parent.mkdir(parents=True)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("HYPRLAND_INSTANCE_SIGNATURE", "one")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def serve() -> None:
            for _ in answers:
                connection, _ = listener.accept()
                with connection:
                    connection.sendall(answers[connection.recv(100)])

        thread = threading.Thread(target=serve)
        thread.start()
        yield
        thread.join()


def client(title: str, x: int, workspace: int, focused: int, **other: Any) -> dict[str, Any]:
    usual = {"mapped": True, "hidden": False, "floating": False, "fullscreen": 0, "at": [x, 0], "size": [100, 100]}
    return {**usual, "title": title, "workspace": {"id": workspace}, "focusHistoryID": focused, **other}


MONITORS = [
    {"id": 0, "activeWorkspace": {"id": 2}, "specialWorkspace": {"id": 0}},
    {"id": 1, "activeWorkspace": {"id": 5}, "specialWorkspace": {"id": -98}},
]


def test_windows_of_hyprland(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    clients = [
        client("tiled", 0, 2, 0),
        client("floating, before", 100, 2, 3, floating=True),
        client("floating, last", 200, 5, 1, floating=True),
        client("on a hidden workspace", 300, 3, 2),
        client("pinned there", 400, 3, 5, floating=True, pinned=True),
        client("of the special workspace", 500, -98, 4),
        client("not mapped", 600, 2, 6, mapped=False),
        client("below in a group", 600, 2, 7, hidden=True),
        client("full screen", 700, 5, 8, fullscreen=2),
    ]
    answers = {b"j/monitors": json.dumps(MONITORS).encode(), b"j/clients": json.dumps(clients).encode()}
    with hyprland(answers, monkeypatch, tmp_path_factory.mktemp("h")):
        found = outlines_hyprland.windows(SCREENS)
    titles = ["full screen", "floating, last", "floating, before", "pinned there", "tiled", "of the special workspace"]
    assert [window.title for window in found] == titles
    assert found[1].place == Rect(200, 0, 100, 100)


@pytest.mark.parametrize("answer", [b"", b"unknown request", b"[1]", b'{"a": 1}'])
def test_what_a_desktop_says_wrong_costs_the_outlines_only(
    answer: bytes, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "is_wayland_session", lambda: True)
    monkeypatch.setattr(system, "is_x11_session", lambda: False)
    monkeypatch.setattr(system, "desktop", lambda: "hyprland")
    with hyprland({b"j/monitors": answer}, monkeypatch, tmp_path_factory.mktemp("h")):
        assert outlines.windows(SCREENS) == ()
    assert outlines.windows(SCREENS) == ()  # nobody listens there any more


def test_no_more_windows_are_told_than_can_be_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [WindowOutline(str(number), Rect(number * 100, 0, 100, 100)) for number in range(-50, 500)]
    monkeypatch.setattr(system, "is_x11_session", lambda: True)
    monkeypatch.setattr("app.capture.outlines_x11.windows", lambda screens: many)
    seen = outlines.windows((Screen("wide", Rect(0, 0, 40000, 100), 1.0),))
    assert (seen[0].title, len(seen)) == ("0", outlines.WINDOWS_MAX)
