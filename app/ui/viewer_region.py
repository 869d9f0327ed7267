"""A part of a picture that the user frames to ask about: drawn by dragging, moved and sized by mouse or keys."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.ui.buttons import IconButton, TextButton
from app.ui.language import Translated
from app.ui.theme import themes
from app.ui.words import size_words
from ingest.types import Area

SIDE_PX_MIN = 4
"""Of the picture; less than that is a click."""
HANDLE_PX = 8
REACH_PX = 8
SHADE_ALPHA = 90
LABEL_HEIGHT_PX = 20
FIRST_SHARE = 0.5
"""Of what is in view, for a region that is made with the keyboard."""

_ZOOM_KEYS = (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus, Qt.Key.Key_0, Qt.Key.Key_1)


@dataclass(frozen=True, slots=True)
class Region:
    """In pixels of the picture; `x1` and `y1` are beyond its last ones."""

    x0: int
    y0: int
    x1: int
    y1: int

    @classmethod
    def between(cls, one: tuple[float, float], other: tuple[float, float], size: tuple[int, int]) -> Region:
        """With corners at two points, as fractions of a picture of this size."""
        xs = sorted(min(max(round(point[0] * size[0]), 0), size[0]) for point in (one, other))
        ys = sorted(min(max(round(point[1] * size[1]), 0), size[1]) for point in (one, other))
        return cls(xs[0], ys[0], xs[1], ys[1])

    @classmethod
    def amid(cls, area: Area, size: tuple[int, int]) -> Region:
        """In the middle of a part of a picture of this size."""
        spare_x, spare_y = (area.x1 - area.x0) * (1 - FIRST_SHARE) / 2, (area.y1 - area.y0) * (1 - FIRST_SHARE) / 2
        region = cls.between((area.x0 + spare_x, area.y0 + spare_y), (area.x1 - spare_x, area.y1 - spare_y), size)
        return region.resized(0, 0, size)

    @property
    def width(self) -> int:
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        return self.y1 - self.y0

    @property
    def is_large_enough(self) -> bool:
        """Whether it is more than a slip of the hand."""
        return self.width >= SIDE_PX_MIN and self.height >= SIDE_PX_MIN

    def area(self, size: tuple[int, int]) -> Area:
        """As fractions of a picture of this size."""
        return Area(self.x0 / size[0], self.y0 / size[1], self.x1 / size[0], self.y1 / size[1])

    def moved(self, x: int, y: int, size: tuple[int, int]) -> Region:
        """Within the picture."""
        x0, y0 = min(max(self.x0 + x, 0), size[0] - self.width), min(max(self.y0 + y, 0), size[1] - self.height)
        return Region(x0, y0, x0 + self.width, y0 + self.height)

    def resized(self, x: int, y: int, size: tuple[int, int]) -> Region:
        """With its lower right corner moved; within the picture, and never too small to be seen."""
        x1 = min(max(self.x1 + x, self.x0 + SIDE_PX_MIN), size[0])
        y1 = min(max(self.y1 + y, self.y0 + SIDE_PX_MIN), size[1])
        return Region(max(0, min(self.x0, x1 - SIDE_PX_MIN)), max(0, min(self.y0, y1 - SIDE_PX_MIN)), x1, y1)

    def kept_corner(self, drawn: QRectF, position: QPointF) -> tuple[int, int] | None:
        """The corner that stays when the one at a position is dragged; `drawn` is where the region is."""
        corners = (drawn.topLeft(), drawn.topRight(), drawn.bottomLeft(), drawn.bottomRight())
        opposite = ((self.x1, self.y1), (self.x0, self.y1), (self.x1, self.y0), (self.x0, self.y0))
        for corner, kept in zip(corners, opposite, strict=True):
            if (corner - position).manhattanLength() <= REACH_PX:
                return kept
        return None


class RegionBar(Translated, QFrame):
    """What can be done with a region; stands below it.

    Signals:
        ask_wanted(), picture_wanted(), text_wanted(): copied is the latter two.
    """

    ask_wanted = Signal()
    picture_wanted = Signal()
    text_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._ask = TextButton("primary")
        self._copy_picture, self._copy_text = IconButton("copy"), IconButton("text-select")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.setSpacing(4)
        for button, signal in (
            (self._ask, self.ask_wanted),
            (self._copy_picture, self.picture_wanted),
            (self._copy_text, self.text_wanted),
        ):
            button.clicked.connect(signal)
            layout.addWidget(button)
        self.hide()
        self.retranslate()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        pressed = next((button for button in (self._ask, self._copy_picture, self._copy_text) if button.hasFocus()), None)
        if pressed is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            pressed.click()  # else Enter would ask, whichever button has the keyboard
        else:
            super().keyPressEvent(event)

    def retranslate(self) -> None:
        self._ask.set_words(self.tr("Ask about this region"))
        self._copy_picture.set_words(self.tr("Copy picture"))
        self._copy_text.set_words(self.tr("Copy the text in it"))
        self.setAccessibleName(self.tr("Region"))
        self.adjustSize()

    def show_beside(self, region: Region, rect: QRectF, room: QSizeF) -> None:
        """Stand below the region, or above it, or in it, wherever there is room."""
        self.setAccessibleDescription(size_words(region.width, region.height))
        self.adjustSize()
        left = min(max(rect.center().x() - self.width() / 2, 8.0), max(8.0, room.width() - self.width() - 8))
        top = rect.bottom() + 8
        if top + self.height() > room.height() - 8:
            above = rect.top() - 8 - LABEL_HEIGHT_PX - self.height()
            top = above if above >= 8 else room.height() - self.height() - 8
        self.move(round(left), round(top))
        self.show()
        self.raise_()


def begins_question(event: QKeyEvent) -> bool:
    """Whether a key writes something, and the viewer has no other use for it while a region is framed."""
    modifiers = event.modifiers()
    control, alt = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
    if bool(modifiers & control) != bool(modifiers & alt):  # both are AltGr on Windows
        return False
    text = event.text()
    return bool(text.strip()) and text.isprintable() and event.key() not in _ZOOM_KEYS


def paint_region(painter: QPainter, region: Region, rect: QRectF, view: QRectF) -> None:
    """The frame, everything else shaded, its handles, and its size in pixels."""
    theme = themes().current
    accent = QColor(theme.accent)
    painter.save()
    outside = QPainterPath()
    outside.addRect(view)
    outside.addRect(rect)
    painter.fillPath(outside, QColor(0, 0, 0, SHADE_ALPHA))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor("white"), 4))
    painter.drawRect(rect)
    painter.setPen(QPen(accent, 2))
    painter.drawRect(rect)
    for corner in (rect.topLeft(), rect.topRight(), rect.bottomLeft(), rect.bottomRight()):
        handle = QRectF(corner.x() - HANDLE_PX / 2, corner.y() - HANDLE_PX / 2, HANDLE_PX, HANDLE_PX)
        painter.fillRect(handle.adjusted(-1, -1, 1, 1), QColor("white"))
        painter.fillRect(handle, accent)
    _paint_size(painter, size_words(region.width, region.height), rect, view)
    painter.restore()


def _paint_size(painter: QPainter, words: str, rect: QRectF, view: QRectF) -> None:
    theme = themes().current
    font = painter.font()
    font.setPixelSize(themes().text_px(12))
    painter.setFont(font)
    width = QFontMetricsF(font).horizontalAdvance(words) + 12
    height = max(LABEL_HEIGHT_PX, QFontMetricsF(font).height() + 4)
    left = min(max(rect.left(), 0.0), max(0.0, view.width() - width))
    top = rect.top() - height - 6
    label = QRectF(QPointF(left, top if top >= 0 else max(4.0, rect.top() + 6)), QSizeF(width, height))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.accent))
    painter.drawRoundedRect(label, 4, 4)
    painter.setPen(QColor(theme.on_accent))
    painter.drawText(label, Qt.AlignmentFlag.AlignCenter, words)
