"""The line icons of `resources/icons`, drawn in any colour."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

ICON_PX = 20
DRAWN_IN = "#000000"
"""The colour in the files, replaced by the wanted one."""


def icon(name: str, color: str, size_px: int = ICON_PX, disabled_color: str | None = None) -> QIcon:
    """The icon in this colour (``#RRGGBB``), as sharp as the screens that are there."""
    scales = tuple(sorted({screen.devicePixelRatio() for screen in QGuiApplication.screens()}))
    return _icon(name, color, size_px, disabled_color, scales)


@cache
def _icon(name: str, color: str, size_px: int, disabled_color: str | None, scales: tuple[float, ...]) -> QIcon:
    result = QIcon()
    for scale in scales:
        result.addPixmap(pixmap(name, color, size_px, scale))
        if disabled_color is not None:
            result.addPixmap(pixmap(name, disabled_color, size_px, scale), QIcon.Mode.Disabled)
    return result


@cache
def pixmap(name: str, color: str, size_px: int, scale: float) -> QPixmap:
    """One picture of the icon for a screen of this scale; not to be changed by whoever gets it."""
    renderer = QSvgRenderer(QByteArray(_svg(name).replace(DRAWN_IN, color).encode()))
    drawn = QPixmap(round(size_px * scale), round(size_px * scale))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    renderer.render(painter, QRectF(drawn.rect()))
    painter.end()
    drawn.setDevicePixelRatio(scale)
    return drawn


@cache
def _svg(name: str) -> str:
    return (_folder() / f"{name}.svg").read_text(encoding="utf-8")


@cache
def _folder() -> Traversable:
    """Looking the package up takes longer than drawing an icon."""
    return files("resources") / "icons"


def application_icon() -> QIcon:
    """Sightline's own, in its own colours."""
    result = QIcon()
    for size_px in (16, 32, 64, 128):
        result.addPixmap(pixmap("sightline", DRAWN_IN, size_px, 1.0))
    return result
