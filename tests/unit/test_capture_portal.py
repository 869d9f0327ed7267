"""Pictures of the screen through the portal: a true D-Bus, a stand-in for the portal, every answer it may give."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from app import system
from app.capture.errors import CaptureCancelled, CaptureError, CaptureFailed, CaptureRefused, CaptureUnavailable
from app.capture.handlers.portal import PortalHandler
from app.capture.models import Rect, Screen
from app.portal import APP_ID, Portal, PortalFailed, PortalUnavailable
from tests.helpers import session_bus
from tests.helpers.fake_portal import Answer, FakePortal
from tests.helpers.session_bus import SessionBus

pytestmark = pytest.mark.skipif(not session_bus.is_installed(), reason="needs dbus-daemon")

SCREENS = (Screen("left", Rect(-64, 0, 64, 48), 1.0), Screen("right", Rect(0, 0, 64, 48), 1.0))
RED, BLUE = QColor(200, 10, 20), QColor(10, 20, 200)


@pytest.fixture(scope="module")
def bus() -> Iterator[SessionBus]:
    with SessionBus() as bus:
        yield bus


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """What the portal made: red on the left screen, blue on the right one."""
    image = QImage(128, 48, QImage.Format.Format_RGB32)
    image.fill(RED)
    for x in range(64, 128):
        for y in range(48):
            image.setPixelColor(x, y, BLUE)
    file = tmp_path / "picture of the screen.png"
    assert image.save(str(file))
    return file


@pytest.fixture
def portal(bus: SessionBus, picture: Path) -> Iterator[FakePortal]:
    with FakePortal(bus.address, picture.as_uri()) as portal:
        yield portal


def handler(bus: SessionBus, time_limit_s: float = 10) -> PortalHandler:
    return PortalHandler(bus.address, time_limit_s)


@pytest.mark.parametrize("answer", ["grant", "old_handle", "forged"])
def test_the_picture_is_cut_into_screens_and_deleted(
    answer: Answer, bus: SessionBus, portal: FakePortal, picture: Path, tmp_path: Path
) -> None:
    portal.answer, portal.forged_uri = answer, (tmp_path / "another.png").as_uri()
    left, right = handler(bus).grab(SCREENS)
    for made, screen, color in ((left, SCREENS[0], RED), (right, SCREENS[1], BLUE)):
        assert made.screen is screen
        expected = QImage(64, 48, QImage.Format.Format_RGB32)
        expected.fill(color)
        assert made.image == expected
    assert not picture.exists()
    assert list(portal.registered.values()) == [APP_ID]
    options = next(arguments for _, member, arguments in portal.calls if member == "Screenshot")[1]
    assert options["interactive"] == ("b", False)


@pytest.mark.parametrize(
    ("answer", "expected", "words"),
    [
        ("cancel", CaptureCancelled, "stopped"),
        ("refuse", CaptureRefused, "busctl"),
        ("not_allowed", CaptureRefused, "busctl"),
        ("error", CaptureFailed, "The screen is on fire."),
    ],
)
def test_a_no_is_said_in_words(
    answer: Answer, expected: type[CaptureError], words: str, bus: SessionBus, portal: FakePortal, picture: Path
) -> None:
    portal.answer = answer
    with pytest.raises(expected, match=words):
        handler(bus).grab(SCREENS)
    assert picture.exists()


def test_the_words_after_a_no_name_gnomes_way(bus: SessionBus, portal: FakePortal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "desktop", lambda: "gnome")
    portal.answer = "refuse"
    with pytest.raises(CaptureRefused, match=r"GNOME does not let .* bring Sightline's window to the front"):
        handler(bus).grab(SCREENS)


def test_a_dialog_that_nobody_answers_is_taken_away(bus: SessionBus, portal: FakePortal) -> None:
    portal.answer = "silence"
    with pytest.raises(CaptureRefused, match="answer its question"):
        handler(bus, 0.2).grab(SCREENS)
    assert "Close" in portal.members()


def test_a_dialog_that_nobody_waits_for_any_more_is_taken_away(bus: SessionBus, portal: FakePortal) -> None:
    portal.answer = "silence"
    stop = threading.Event()
    stop.set()
    with pytest.raises(CaptureCancelled):
        handler(bus).grab(SCREENS, stop)
    assert "Close" in portal.members()


def test_without_a_bus_or_a_portal_there_is_none(bus: SessionBus, tmp_path: Path) -> None:
    assert not handler(bus).is_installed()
    with pytest.raises(CaptureUnavailable):
        handler(bus).grab(SCREENS)
    assert not PortalHandler(f"unix:path={tmp_path / 'none'}").is_installed()
    with pytest.raises(PortalUnavailable):
        Portal(f"unix:path={tmp_path / 'none'}")


def test_a_portal_without_pictures_is_no_handler(bus: SessionBus, portal: FakePortal) -> None:
    assert handler(bus).is_installed()
    del portal.versions["Screenshot"]
    assert not handler(bus).is_installed()
    with pytest.raises(CaptureUnavailable):
        handler(bus).grab(SCREENS)


def test_a_bus_that_goes_away_is_an_error_and_no_hang(picture: Path) -> None:
    with SessionBus() as bus, FakePortal(bus.address, picture.as_uri()):
        connection = Portal(bus.address)
    with connection, pytest.raises(PortalFailed, match="broke"):
        connection.version("Screenshot")


def test_nothing_but_a_new_picture_in_a_plain_file_is_taken_or_deleted(
    bus: SessionBus, portal: FakePortal, picture: Path, tmp_path: Path
) -> None:
    link, pipe, text = tmp_path / "link.png", tmp_path / "pipe", tmp_path / "text.png"
    link.symlink_to(picture)
    os.mkfifo(pipe)
    text.write_text("no picture")
    for uri in (
        link.as_uri(),
        pipe.as_uri(),
        tmp_path.as_uri(),
        "https://example.org/a.png",
        f"file://host{picture}",
        "file:///%00",
        "",
    ):
        portal.picture_uri = uri
        with pytest.raises(CaptureFailed, match="cannot be read"):
            handler(bus).grab(SCREENS)
    portal.picture_uri = text.as_uri()
    with pytest.raises(CaptureFailed, match="damaged"):
        handler(bus).grab(SCREENS)
    assert text.exists() and picture.exists() and link.is_symlink() and pipe.exists()

    os.utime(picture, (1_000_000_000, 1_000_000_000))  # one of the user's own
    portal.picture_uri = picture.as_uri()
    handler(bus).grab(SCREENS)
    assert picture.exists()
