"""Captures in a worker's thread: counting, cancelling, failing, and screens of mixed scales through the portal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from pytestqt.qtbot import QtBot

from app import system
from app.capture import grabbing, select
from app.capture.errors import CaptureFailed, CaptureRefused
from app.capture.grabbing import Grabber
from app.capture.handlers.grim import GrimHandler
from app.capture.handlers.portal import PortalHandler
from app.capture.models import Capture, ScreenPicture
from tests.helpers import session_bus
from tests.helpers.fake_portal import FakePortal
from tests.helpers.session_bus import SessionBus

needs_bus = pytest.mark.skipif(not session_bus.is_installed(), reason="needs dbus-daemon")

TWO_SCREENS = [
    {"name": "plain", "x": -160, "y": -20, "width": 160, "height": 90, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1},
    {"name": "fine", "x": 0, "y": 0, "width": 80, "height": 100, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 2},
]
CAPTURE_SCRIPT = """
from PySide6.QtGui import QGuiApplication
application = QGuiApplication([])
from app.capture import geometry, grabbing
for picture in grabbing.take(geometry.screens(), "portal").pictures:
    screen, image = picture.screen, picture.image
    corners = {image.pixelColor(x, y).name() for x in (0, image.width() - 1) for y in (0, image.height() - 1)}
    print(screen.name, screen.place.x, screen.place.y, screen.scale, image.width(), image.height(), *corners)
"""


@pytest.fixture
def grabber(qapp: QGuiApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Grabber]:
    """On a Wayland desktop of no special kind."""
    monkeypatch.setattr(system, "is_wayland_session", lambda: True)
    monkeypatch.setattr(system, "is_x11_session", lambda: False)
    monkeypatch.setattr(system, "desktop", lambda: "")
    grabber = Grabber()
    yield grabber
    grabber.close()


@pytest.fixture
def portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakePortal]:
    """With a picture as large as the screen."""
    size = QGuiApplication.primaryScreen().geometry().size()
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(QColor(10, 20, 200))
    file = tmp_path / "screen.bmp"
    assert image.save(str(file))
    with SessionBus() as bus, FakePortal(bus.address, file.as_uri()) as portal:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        yield portal


@needs_bus
def test_a_capture_comes_after_the_count(
    grabber: Grabber, portal: FakePortal, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[int] = []
    grabber.counting.connect(counted.append)
    with qtbot.waitSignal(grabber.captured) as caught:
        grabber.grab(delay_s=1.2, handler="portal")
        grabber.grab()  # is not begun
        assert grabber.is_busy
        assert "Screenshot" not in portal.members()
    capture: Capture = caught.args[0]
    (picture,) = capture.pictures
    assert counted == [2, 1, 0]
    assert capture.handler == "portal"
    assert picture.image.pixelColor(0, 0) == QColor(10, 20, 200)
    assert portal.members().count("Screenshot") == 1
    assert not grabber.is_busy


@needs_bus
def test_before_the_first_capture_the_desktops_question_is_explained(
    grabber: Grabber, portal: FakePortal, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "desktop", lambda: "gnome")
    monkeypatch.setattr(system, "has_command", lambda name: False)
    with qtbot.waitSignal(grabber.prepared) as caught:
        grabber.warm_up()
    assert caught.args[0] == "portal"
    assert "GNOME will ask once" in caught.args[1]
    assert "Screenshot" not in portal.members()


@needs_bus
def test_a_capture_is_cancelled_while_it_counts_and_while_the_desktop_asks(
    grabber: Grabber, portal: FakePortal, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(grabber.failed) as caught:
        grabber.grab(delay_s=60, handler="portal")
        grabber.cancel()
    assert caught.args[0] == "capture_cancelled"
    assert portal.members() == []

    portal.answer = "silence"
    grabber.grab(handler="portal")
    qtbot.waitUntil(lambda: "Screenshot" in portal.members())
    with qtbot.waitSignal(grabber.failed) as caught:
        grabber.cancel()
    assert caught.args[0] == "capture_cancelled"
    assert "Close" in portal.members()

    portal.answer = "grant"
    with qtbot.waitSignal(grabber.captured):
        grabber.grab(handler="portal")


@needs_bus
def test_the_window_can_be_closed_while_the_desktop_asks(grabber: Grabber, portal: FakePortal, qtbot: QtBot) -> None:
    portal.answer = "silence"
    grabber.grab(handler="portal")
    qtbot.waitUntil(lambda: "Screenshot" in portal.members())
    grabber.close()
    assert "Close" in portal.members()


@needs_bus
def test_what_fails_gives_way_to_the_next_but_a_no_does_not(
    grabber: Grabber, portal: FakePortal, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def fail(handler: GrimHandler, *arguments: object) -> list[ScreenPicture]:
        tried.append(handler.name)
        raise CaptureFailed("grim says no")

    monkeypatch.setattr(system, "has_command", lambda name: name == "grim")
    monkeypatch.setattr(GrimHandler, "grab", fail)
    with qtbot.waitSignal(grabber.captured) as captured:
        grabber.grab()
    assert (tried, captured.args[0].handler) == (["grim"], "portal")

    portal.answer = "error"
    with qtbot.waitSignal(grabber.failed) as failed:
        grabber.grab()
    assert failed.args == ["capture_failed", "grim says no"]  # the best one's words

    def refuse(handler: GrimHandler, *arguments: object) -> list[ScreenPicture]:
        raise CaptureRefused("The user said no.")

    portal.calls.clear()
    monkeypatch.setattr(GrimHandler, "grab", refuse)
    with qtbot.waitSignal(grabber.failed) as failed:
        grabber.grab()
    assert failed.args == ["capture_refused", "The user said no."]
    assert portal.calls == []


def test_where_nothing_can_capture_it_is_said(grabber: Grabber, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "has_command", lambda name: False)
    monkeypatch.setattr(PortalHandler, "is_installed", lambda handler: False)
    with qtbot.waitSignal(grabber.prepared) as prepared, qtbot.waitSignal(grabber.failed) as failed:
        grabber.warm_up()
        grabber.grab()
    code, message = failed.args
    assert code == "capture_unavailable"
    assert "grim" in message
    assert prepared.args == ["", message]


def test_an_error_of_our_own_is_told_too(grabber: Grabber, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(select, "candidates", lambda name: 1 // 0)
    with qtbot.waitSignal(grabber.failed) as caught:
        grabber.grab()
    assert caught.args[0] == "capture_failed"
    assert not grabber.is_busy


@needs_bus
def test_two_screens_of_different_scales_come_out_of_one_picture_at_their_own_pixels(tmp_path: Path) -> None:
    config, picture = tmp_path / "screens.json", tmp_path / "desktop.png"
    config.write_text(json.dumps({"screens": TWO_SCREENS}))
    image = QImage(240 * 2, 120 * 2, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.fillRect(0, 0, 320, 180, QColor(200, 10, 20))
    painter.fillRect(320, 40, 160, 200, QColor(10, 20, 200))
    painter.end()
    assert image.save(str(picture))
    with SessionBus() as bus, FakePortal(bus.address, picture.as_uri()):
        variables = {"QT_QPA_PLATFORM": f"offscreen:configfile={config}", "DBUS_SESSION_BUS_ADDRESS": bus.address, "DISPLAY": ":0"}
        command = [sys.executable, "-P", "-c", CAPTURE_SCRIPT]
        folder = Path(grabbing.__file__).parents[2]
        done = subprocess.run(
            command, cwd=folder, env={**os.environ, "PYTHONPATH": str(folder), **variables}, capture_output=True, text=True
        )
    assert sorted(done.stdout.splitlines()) == ["fine 0 0 2.0 160 200 #0a14c8", "plain -160 -20 1.0 160 90 #c80a14"], done.stderr
