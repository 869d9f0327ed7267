"""What is told about the system, from the environment that tells it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from app import system

PREDICATES = (
    system.is_windows, system.is_macos, system.is_wayland, system.is_wayland_session, system.is_x11_session, system.desktop,
    system.has_display, system.is_packaged,
)  # fmt: skip
VARIABLES = (
    "QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY", "XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP", "SWAYSOCK",
    "HYPRLAND_INSTANCE_SIGNATURE",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _on_linux_and_nothing_known_yet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sys, "platform", "linux")
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    _forget()
    yield
    _forget()


def _forget() -> None:
    for predicate in PREDICATES:
        predicate.cache_clear()


@pytest.mark.parametrize(
    ("variable", "value", "predicate", "expected"),
    [
        (None, "", system.has_display, False),
        ("DISPLAY", ":0", system.has_display, True),
        ("WAYLAND_DISPLAY", "wayland-0", system.has_display, True),
        ("QT_QPA_PLATFORM", "offscreen", system.has_display, True),
        ("DISPLAY", ":0", system.is_wayland, False),
        ("WAYLAND_DISPLAY", "wayland-0", system.is_wayland, True),
        ("QT_QPA_PLATFORM", "wayland-egl", system.is_wayland, True),
        ("QT_QPA_PLATFORM", "wayland-egl", system.is_wayland_session, False),
        ("WAYLAND_DISPLAY", "wayland-0", system.is_wayland_session, True),
        ("XDG_SESSION_TYPE", "wayland", system.is_wayland_session, True),
        ("XDG_SESSION_TYPE", "x11", system.is_wayland_session, False),
        ("DISPLAY", ":0", system.is_x11_session, True),
        (None, "", system.is_x11_session, False),
    ],
)
def test_the_environment_tells(
    variable: str | None, value: str, predicate: Callable[[], bool], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if variable:
        monkeypatch.setenv(variable, value)
    assert predicate() is expected


def test_x11_can_be_chosen_on_a_wayland_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.setenv("DISPLAY", ":0")
    assert not system.is_wayland()
    assert system.is_wayland_session()
    assert not system.is_x11_session()


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("XDG_CURRENT_DESKTOP", "", ""),
        ("XDG_CURRENT_DESKTOP", "GNOME", "gnome"),
        ("XDG_CURRENT_DESKTOP", "ubuntu:GNOME", "gnome"),
        ("XDG_CURRENT_DESKTOP", "KDE", "kde"),
        ("XDG_CURRENT_DESKTOP", "sway:wlroots", "sway"),
        ("XDG_CURRENT_DESKTOP", "Hyprland", "hyprland"),
        ("XDG_CURRENT_DESKTOP", "X-Cinnamon", "x-cinnamon"),
        ("SWAYSOCK", "/run/user/1000/sway", "sway"),
        ("HYPRLAND_INSTANCE_SIGNATURE", "0123", "hyprland"),
    ],
)
def test_the_desktop_is_known(variable: str, value: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, value)
    assert system.desktop() == expected


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_windows_and_macos_always_have_a_display(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv("DISPLAY", ":0")  # of an X server that runs there as a guest
    assert system.has_display()
    assert not system.is_x11_session()
    assert not system.is_wayland_session()
    assert system.desktop() == {"win32": "windows", "darwin": "macos"}[platform]


def test_the_worker_is_this_python_and_nothing_from_the_current_folder() -> None:
    command = system.engine_worker_command()
    assert command == [sys.executable, "-P", "-m", "app", "--engine-worker"]
    assert "" not in subprocess.check_output([*command[:2], "-c", "import sys; print(sys.path)"], text=True).split("'")[1::2]


def test_a_packaged_build_calls_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert system.engine_worker_command() == [sys.executable, "--engine-worker"]
