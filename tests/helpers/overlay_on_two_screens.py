"""An overlay over two screens whose scales differ, on each of which something is chosen with mouse or keys. Prints one JSON line.

Run as ``python -m tests.helpers.overlay_on_two_screens`` with the platform offscreen and two screens called "left" and "main".
"""

from __future__ import annotations

import json

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.capture.overlay import Overlay
from app.capture.overlay_window import OverlayWindow
from app.capture.shot import Shot
from tests.helpers.captures import capture_screens


def tell(overlay: Overlay, shot: Shot) -> dict[str, object]:
    area, image = shot.area, shot.image()
    return {
        "area": [area.x, area.y, area.width, area.height],
        "region": list(overlay.region_rect(shot).getRect()),
        "size": [image.width(), image.height()],
        "is_exact": image == shot.picture.image.copy(area.x, area.y, area.width, area.height),
    }


def main() -> None:
    app = QApplication([])
    overlay = Overlay()
    overlay.prepare()
    overlay.show_capture(capture_screens())
    windows = {window.screen().name(): window for window in app.topLevelWidgets() if isinstance(window, OverlayWindow)}
    left_button = Qt.MouseButton.LeftButton
    for name in ("left", "main"):
        window = windows[name]
        QTest.mouseMove(window, QPoint(100, 50))
        QTest.mousePress(window, left_button, pos=QPoint(100, 50))
        QTest.mouseMove(window, QPoint(200, 80))
        QTest.mouseMove(window, QPoint(300, 150))
        if name == "left":  # to a pixel between two of the screen's logical ones
            QTest.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
            QTest.keyClick(window, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        QTest.mouseRelease(window, left_button, pos=QPoint(300, 150))
        overlay.choose_more()
    QTest.mouseMove(windows["left"], QPoint(5, 5))
    QTest.keyClick(windows["left"], Qt.Key.Key_Return)
    told = {name: tell(overlay, shot) for name, shot in zip(("left", "main"), overlay.shots, strict=False)}
    whole = overlay.shots[2].image()
    places = {name: list(window.geometry().getRect()) for name, window in windows.items()}
    print(json.dumps({**told, "whole": [whole.width(), whole.height()], "places": places}))
    overlay.close()


if __name__ == "__main__":
    main()
