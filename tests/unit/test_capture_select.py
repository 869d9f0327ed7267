"""Which handler takes the picture on which desktop, by faked predicates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from app import system
from app.capture import select
from app.capture.errors import CaptureUnavailable
from app.capture.handlers.portal import PortalHandler


@dataclass(frozen=True)
class Desktop:
    """What the predicates say of it."""

    name: str
    wayland: bool = False
    x11: bool = False
    portal: bool = False
    commands: Sequence[str] = field(default=())

    def fake(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(system, "desktop", lambda: self.name)
        monkeypatch.setattr(system, "is_windows", lambda: self.name == "windows")
        monkeypatch.setattr(system, "is_macos", lambda: self.name == "macos")
        monkeypatch.setattr(system, "is_wayland_session", lambda: self.wayland)
        monkeypatch.setattr(system, "is_x11_session", lambda: self.x11)
        monkeypatch.setattr(system, "has_command", lambda name: name in self.commands)
        monkeypatch.setattr(PortalHandler, "is_installed", lambda handler: self.portal)


ALL = ("grim", "spectacle", "gnome-screenshot")
NONE = "capture_unavailable"


@pytest.mark.parametrize(
    ("desktop", "expected"),
    [
        (Desktop("windows"), ["mss"]),
        (Desktop("macos"), ["mss"]),
        (Desktop("xfce", x11=True), ["mss"]),
        (Desktop("", x11=True), ["mss"]),
        (Desktop("gnome", x11=True, portal=True, commands=ALL), ["mss", "portal", "spectacle", "gnome_screenshot"]),
        (Desktop("kde", x11=True, portal=True, commands=ALL), ["mss", "portal", "spectacle", "gnome_screenshot"]),
        (Desktop("sway", wayland=True, portal=True, commands=ALL), ["grim", "portal"]),
        (Desktop("sway", wayland=True, portal=True), ["portal"]),
        (Desktop("hyprland", wayland=True, commands=["grim"]), ["grim"]),
        (Desktop("river", wayland=True, commands=ALL), ["grim"]),
        (Desktop("gnome", wayland=True, portal=True, commands=ALL), ["portal", "gnome_screenshot"]),
        (Desktop("gnome", wayland=True, commands=ALL), ["gnome_screenshot"]),
        (Desktop("kde", wayland=True, portal=True, commands=ALL), ["portal", "spectacle"]),
        (Desktop("kde", wayland=True, commands=ALL), ["spectacle"]),
        (Desktop("cosmic", wayland=True, portal=True, commands=["spectacle"]), ["portal"]),
    ],
)
def test_every_desktop_has_its_order(desktop: Desktop, expected: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    desktop.fake(monkeypatch)
    assert [handler.name for handler in select.candidates()] == expected
    assert select.choose().name == expected[0]
    for handler in select.handlers():
        if handler.name in expected:
            assert select.choose(handler.name).name == handler.name
        else:
            with pytest.raises(CaptureUnavailable):
                select.choose(handler.name)


@pytest.mark.parametrize(
    ("desktop", "named", "not_named"),
    [
        (Desktop("sway", wayland=True), ["grim", "xdg-desktop-portal-wlr"], ["Spectacle", "gnome-screenshot"]),
        (Desktop("gnome", wayland=True), ["gnome-screenshot", "xdg-desktop-portal-gnome"], ["grim", "Spectacle"]),
        (Desktop("kde", wayland=True), ["Spectacle", "xdg-desktop-portal-kde"], ["grim", "gnome-screenshot"]),
        (Desktop(""), ["no desktop is running"], ["Install"]),
    ],
)
def test_where_nothing_works_it_is_said_what_to_install(
    desktop: Desktop, named: list[str], not_named: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop.fake(monkeypatch)
    with pytest.raises(CaptureUnavailable) as caught:
        select.choose()
    assert all(name in caught.value.message for name in named), caught.value.message
    assert not any(name in caught.value.message for name in not_named), caught.value.message


def test_what_is_forced_is_not_replaced_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    Desktop("sway", wayland=True, portal=True).fake(monkeypatch)
    with pytest.raises(CaptureUnavailable, match=r"“grim” is not installed. Install the program grim"):
        select.choose("grim")
    with pytest.raises(CaptureUnavailable, match="“mss” cannot take pictures of this kind of desktop"):
        select.choose("mss")
    with pytest.raises(CaptureUnavailable, match=r"no way of capturing named “flameshot”. There are: mss, grim, portal,"):
        select.choose("flameshot")


def test_a_handler_is_looked_at_only_when_those_before_it_were_no_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking the portal would start it."""
    Desktop("gnome", x11=True).fake(monkeypatch)
    monkeypatch.setattr(PortalHandler, "is_installed", lambda handler: pytest.fail("The portal was asked."))
    assert select.choose().name == "mss"
