"""Which part of what mss sees is which of Qt's screens: X11 names its outputs, Windows has negative origins, macOS points."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from app import system
from app.capture.handlers.mss import place_in
from app.capture.models import Rect, Screen


def monitor(left: int, top: int, width: int, height: int, **named: str) -> dict[str, Any]:
    return {"left": left, "top": top, "width": width, "height": height, **named}


def source(*monitors: dict[str, Any]) -> Any:
    """As mss: the first is all together."""
    return SimpleNamespace(monitors=[monitor(0, 0, 1, 1), *monitors])


@pytest.fixture(autouse=True)
def _neither_windows_nor_macos(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "is_windows", lambda: False)
    monkeypatch.setattr(system, "is_macos", lambda: False)


def test_x11_outputs_are_found_by_name_and_at_their_exact_size() -> None:
    seen = source(monitor(1280, 0, 1600, 900, output="DP-2"), monitor(0, 0, 1280, 720, output="DP-1"))
    # 1600 / 1.5 is 1066.7: Qt's rounded size is a pixel off.
    assert place_in(seen, Screen("DP-2", Rect(1280, 0, 1067, 600), 1.5)) == (1280, 0, 2880, 900)
    assert place_in(seen, Screen("DP-1", Rect(0, 0, 1280, 720), 1.0)) == (0, 0, 1280, 720)


def test_windows_screens_are_found_by_their_corner() -> None:
    seen = source(
        monitor(0, 0, 3840, 2160, name="Generic PnP Monitor"), monitor(-1920, -200, 1920, 1080, name="Generic PnP Monitor")
    )
    assert place_in(seen, Screen("DELL U2720Q", Rect(0, 0, 2194, 1234), 1.75)) == (0, 0, 3840, 2160)
    assert place_in(seen, Screen("DELL P2419H", Rect(-1920, -200, 1920, 1080), 1.0)) == (-1920, -200, 0, 880)


def test_a_screen_that_is_not_listed_is_where_qt_says() -> None:
    assert place_in(source(), Screen("VNC", Rect(-100, 50, 800, 600), 2.0)) == (-100, 50, 1500, 1250)


def test_macos_counts_in_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "is_macos", lambda: True)
    seen = source(monitor(0, 0, 1728, 1117))
    assert place_in(seen, Screen("Built-in", Rect(0, 0, 1728, 1117), 2.0)) == (0, 0, 1728, 1117)
    assert place_in(seen, Screen("Right", Rect(1728, -300, 1920, 1080), 1.0)) == (1728, -300, 3648, 780)
