"""What is seen of a real Wayland desktop with two screens of scales 1 and 2, by grim and by sway's own word."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from app import system
from app.capture.grabbing import take
from app.capture.models import Capture, Rect, Screen, WindowOutline
from tests.helpers import sway
from tests.helpers.sway import Sway

pytestmark = pytest.mark.skipif(not sway.is_installed(), reason="needs sway and grim, and user namespaces when run by root")

SCREENS = (Screen("HEADLESS-1", Rect(0, 0, 1280, 720), 1.0), Screen("HEADLESS-2", Rect(1280, 0, 640, 360), 2.0))
WAIT_S = 60
SHOW_NOISE = """
import sys
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget
from app.capture import geometry

class Noise(QWidget):
    def __init__(self, image):
        super().__init__(None, Qt.WindowType.FramelessWindowHint)
        self.image = image

    def paintEvent(self, event):
        painter = QPainter(self)
        painter.drawImage(0, 0, self.image)
        painter.end()

application = QApplication([])
shown = []
for screen in application.screens():
    image = QImage(str(Path(sys.argv[1], screen.name() + ".png")))
    image.setDevicePixelRatio(image.width() / screen.geometry().width())
    window = Noise(image)
    window.setWindowTitle("noise on " + screen.name())
    window.setScreen(screen)
    window.setGeometry(screen.geometry())
    window.showFullScreen()
    shown.append(window)
Path(sys.argv[1], "screens.txt").write_text(repr(geometry.screens()))
application.exec()
"""


@pytest.fixture
def desktop(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sway]:
    predicates = (system.desktop, system.is_x11_session, system.is_wayland_session)
    with Sway(tmp_path_factory.mktemp("w")) as desktop:
        for name, value in desktop.variables.items():
            if name != "QT_QPA_PLATFORM":
                monkeypatch.setenv(name, value)
        for predicate in predicates:
            predicate.cache_clear()
        yield desktop
    for predicate in predicates:
        predicate.cache_clear()


def test_every_pixel_of_both_screens_is_seen_and_the_windows_are_known(desktop: Sway, tmp_path: Path) -> None:
    noise = {}
    for number, screen in enumerate(SCREENS):
        pixels = random.Random(number).randbytes(1280 * 720 * 4)
        noise[screen.name] = QImage(pixels, 1280, 720, 1280 * 4, QImage.Format.Format_RGB32).copy()
        assert noise[screen.name].save(str(tmp_path / f"{screen.name}.png"))
    desktop.start_python(SHOW_NOISE, str(tmp_path))
    captures: list[Capture] = []

    def is_seen() -> bool:
        captures.append(take(SCREENS))
        return all(picture.image == noise[picture.screen.name] for picture in captures[-1].pictures)

    desktop.wait_until(is_seen, WAIT_S, "the noise on both screens")
    capture = captures[-1]
    assert capture.handler == "grim"
    assert set(capture.windows) == {WindowOutline(f"noise on {screen.name}", screen.place) for screen in SCREENS}
    assert (tmp_path / "screens.txt").read_text() == repr(SCREENS)

    # Where Qt's names are not those of the desktop, as under XWayland, one picture of all is cut.
    renamed = [Screen(f"XWAYLAND{number}", screen.place, screen.scale) for number, screen in enumerate(SCREENS)]
    plain, fine = take(renamed).pictures
    assert (plain.image.width(), plain.image.height()) == (1280, 720)
    assert fine.image == noise["HEADLESS-2"]
