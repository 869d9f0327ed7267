"""Pictures of the screens there are, with windows on them, as a capture would bring them."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter

from app.capture.geometry import screens
from app.capture.models import Capture, Rect, Screen, ScreenPicture, WindowOutline

WINDOW = Rect(120, 70, 500, 360)
"""On each screen, in logical pixels from its corner."""


def draw_screen(screen: Screen) -> QImage:
    """A gradient, in which no two places far apart look the same, and a window with lines one pixel wide."""
    image = QImage(round(screen.place.width * screen.scale), round(screen.place.height * screen.scale), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    gradient = QLinearGradient(0, 0, image.width(), image.height())
    gradient.setColorAt(0, QColor("#3060c0"))
    gradient.setColorAt(1, QColor("#f0d0a0"))
    painter.fillRect(image.rect(), gradient)
    painter.scale(screen.scale, screen.scale)
    window = QRect(WINDOW.x, WINDOW.y, WINDOW.width, WINDOW.height)
    painter.fillRect(window, QColor("white"))
    painter.scale(1 / screen.scale, 1 / screen.scale)
    for x in range(round(window.left() * screen.scale), round(window.right() * screen.scale), 2):
        painter.fillRect(QRectF(x, window.top() * screen.scale, 1, 40), QColor("black"))
    painter.end()
    return image


def capture_screens() -> Capture:
    """All screens of the application."""
    pictures = tuple(ScreenPicture(screen, draw_screen(screen)) for screen in screens())
    windows = tuple(
        WindowOutline("Editor", Rect(s.place.x + WINDOW.x, s.place.y + WINDOW.y, WINDOW.width, WINDOW.height)) for s in screens()
    )
    return Capture(pictures, windows, "test")
