"""An overlay on a real desktop, over a window of its own with a known picture, to be driven from outside.

Run as ``python -m tests.helpers.driven_overlay FOLDER``. Each line on stdout is JSON: what happened, and of a shot its area, its
title, where its tools are and the file in the folder that holds its picture. A box lies on the middle half of what is chosen.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QRect, QTimer
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QApplication, QLabel

from app.capture.geometry import screens
from app.capture.models import Capture, Rect, ScreenPicture, WindowOutline
from app.capture.overlay import Overlay
from app.capture.shot import Shot
from app.chat.answer import Reference
from inference.types import Box
from tests.helpers.captures import draw_screen

PLACE = Rect(200, 150, 600, 400)
LOOK_MS = 250
"""So often it is looked whether the window manager has drawn the new window."""
MIDDLE = Reference(1, Box(None, 0.25, 0.25, 0.75, 0.75), "1")


class DrivenOverlay(QObject):
    """Freezes the desktop once, and says what comes of it."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._scene = QLabel()
        self._scene.setPixmap(QPixmap.fromImage(draw_screen(screens()[0])))
        self._scene.setWindowTitle("Scene")
        self._scene.setGeometry(PLACE.x, PLACE.y, PLACE.width, PLACE.height)
        self._scene.show()
        self.overlay = Overlay(self)
        self.overlay.prepare()
        self.overlay.chosen.connect(self._on_overlay_chosen)
        self.overlay.changed.connect(self._on_overlay_changed)
        self.overlay.cancelled.connect(self._on_overlay_left)
        self.overlay.escape_pressed.connect(self._on_overlay_left)
        self.overlay.box_hovered.connect(self._on_overlay_box_hovered)
        self._seen = QImage()
        QTimer.singleShot(LOOK_MS, self._look)

    def _look(self) -> None:
        """Freeze what is seen once it is all there and does not change any more."""
        before, self._seen = self._seen, self._scene.screen().grabWindow(0).toImage().convertToFormat(QImage.Format.Format_RGB32)
        frame, place = self._scene.frameGeometry(), self._scene.geometry()
        drawn = self._scene.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        is_complete = frame != place and self._scene.isActiveWindow() and self._seen.copy(place) == drawn
        if is_complete and self._seen == before:
            self._freeze(self._seen, frame)
        else:
            QTimer.singleShot(LOOK_MS, self._look)

    def _freeze(self, image: QImage, frame: QRect) -> None:
        (screen,) = screens()
        outline = WindowOutline("Scene", Rect(*frame.getRect()))
        self.overlay.show_capture(Capture((ScreenPicture(screen, image),), (outline,), "test"))
        self._tell_shown(frame)

    def _tell_shown(self, frame: QRect) -> None:
        """Once it has the keyboard."""
        if QApplication.activeWindow() in (None, self._scene):
            QTimer.singleShot(LOOK_MS, lambda: self._tell_shown(frame))
        else:
            tell(event="shown", window=list(frame.getRect()))

    def _on_overlay_chosen(self, shot: Shot) -> None:
        self._tell_shot("chosen", shot)

    def _on_overlay_changed(self, shot: Shot) -> None:
        self._tell_shot("changed", shot)

    def _tell_shot(self, event: str, shot: Shot) -> None:
        self.overlay.set_boxes(shot, [MIDDLE])
        file = self._folder / f"{event}.png"
        shot.image().save(str(file))
        area, tools = shot.area, self.overlay.tools_rect(shot)
        place = [area.x, area.y, area.width, area.height]
        tell(event=event, area=place, title=shot.title, file=str(file), tools=list(tools.getRect()), marks=len(shot.marks))

    def _on_overlay_box_hovered(self, number: int) -> None:
        self.overlay.set_current(number)
        tell(event="hovered", number=number)

    def _on_overlay_left(self) -> None:
        self.overlay.close()
        tell(event="left")


def tell(**what: object) -> None:
    print(json.dumps(what), flush=True)


def main(folder: str) -> None:
    app = QApplication(sys.argv)
    app.setQuitOnLastWindowClosed(False)
    driven = DrivenOverlay(Path(folder))
    app.exec()
    driven.overlay.close()


if __name__ == "__main__":
    main(sys.argv[1])
