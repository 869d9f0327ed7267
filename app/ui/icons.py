"""The line icons of `resources/icons`, drawn in any colour."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

ICON_PX = 20
SCALES = (1.0, 2.0)
"""Pixmaps kept per icon; Qt scales from the nearest."""
DRAWN_IN = "#000000"
"""The colour in the files, replaced by the wanted one."""


@cache
def icon(name: str, color: str, size_px: int = ICON_PX, disabled_color: str | None = None) -> QIcon:
    """The icon in this colour (``#RRGGBB``)."""
    result = QIcon()
    for scale in SCALES:
        result.addPixmap(pixmap(name, color, size_px, scale))
        if disabled_color is not None:
            result.addPixmap(pixmap(name, disabled_color, size_px, scale), QIcon.Mode.Disabled)
    return result


@cache
def pixmap(name: str, color: str, size_px: int, scale: float) -> QPixmap:
    """One picture of the icon for a screen of this scale; not to be changed by whoever gets it."""
    svg = (files("resources") / "icons" / f"{name}.svg").read_text(encoding="utf-8").replace(DRAWN_IN, color)
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    drawn = QPixmap(round(size_px * scale), round(size_px * scale))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    renderer.render(painter, QRectF(drawn.rect()))
    painter.end()
    drawn.setDevicePixelRatio(scale)
    return drawn


def application_icon() -> QIcon:
    """Sightline's own, in its own colours."""
    result = QIcon()
    for size_px in (16, 32, 64, 128):
        result.addPixmap(pixmap("sightline", DRAWN_IN, size_px, 1.0))
    return result
