"""What lies over a frozen picture, as values: what is bright, what is framed, labels, the magnifier. And how it is drawn.

A window that shows one scene only has to draw what `difference` says to show another, which keeps a drag over a large screen
smooth. Rectangles of the picture are in its pixels, those of labels in logical pixels of the window.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QRegion

from app.capture import magnifier
from app.capture.framing import Point
from app.capture.models import Rect
from app.ui.theme import Theme, load_theme, themes

DIM_COLOR = QColor(10, 12, 18, 115)
"""As in the drawings: white becomes a middle grey."""
FRAME_PX = 2
GRIP_PX = 8
LABEL_HEIGHT_PX = 22
LABEL_PADDING_PX = 8
LABEL_RADIUS_PX = 5
LABEL_AWAY_PX = 6
HINT_WIDTH_SHARE = 0.8
HINT_PADDING_PX = 16
HINT_AWAY_PX = 24
HINT_ROOM_PX = 96
"""The pointer does not come closer to a hint than this without its moving away."""
HINT_GAP = " " * 4
"""Between its sentences."""
_HINT_FLAGS = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap


@dataclass(frozen=True, slots=True)
class View:
    """A window over a picture: its size in logical pixels, and image pixels for each of those across and down."""

    size: QSize
    ratio_x: float
    ratio_y: float

    def logical(self, rect: Rect) -> QRect:
        """The logical pixels that a part of the picture touches."""
        left, top = rect.x / self.ratio_x, rect.y / self.ratio_y
        return QRectF(left, top, rect.width / self.ratio_x, rect.height / self.ratio_y).toAlignedRect()

    def image(self, rect: QRect) -> QRect:
        """The image pixels that a part of the window touches."""
        left, top = rect.x() * self.ratio_x, rect.y() * self.ratio_y
        return QRectF(left, top, rect.width() * self.ratio_x, rect.height() * self.ratio_y).toAlignedRect()


@dataclass(frozen=True, slots=True)
class Frame:
    """A line around a part of the picture, outside of it wherever the screen has room. `has_grips`: it can be dragged."""

    rect: Rect
    has_grips: bool = False

    def region(self, view: View) -> QRegion:
        """Where it is drawn, in logical pixels."""
        outer = view.logical(self.rect).adjusted(-FRAME_PX - 1, -FRAME_PX - 1, FRAME_PX + 1, FRAME_PX + 1)
        inner = outer.adjusted(2 * FRAME_PX + 2, 2 * FRAME_PX + 2, -2 * FRAME_PX - 2, -2 * FRAME_PX - 2)
        region = QRegion(outer).subtracted(QRegion(inner)) if inner.isValid() else QRegion(outer)
        for grip in self._grips(view):
            region = region.united(grip.adjusted(-2, -2, 2, 2))
        return region

    def paint(self, painter: QPainter, view: View, image: QImage) -> None:
        """Draw it, in image pixels so that no pixel inside is covered."""
        theme = overlay_theme()
        across, down = round(FRAME_PX * view.ratio_x), round(FRAME_PX * view.ratio_y)
        inner = _qrect(self.rect)
        outer = inner.adjusted(-across, -down, across, down).intersected(image.rect())
        inner = inner.intersected(outer.adjusted(across, down, -across, -down))
        painter.save()
        painter.scale(1 / view.ratio_x, 1 / view.ratio_y)
        for part in rects_of(QRegion(outer).subtracted(QRegion(inner))):
            painter.fillRect(part, QColor(theme.accent))
        painter.restore()
        for grip in self._grips(view):
            painter.fillRect(grip.adjusted(-1, -1, 1, 1), QColor(theme.on_accent))
            painter.fillRect(grip, QColor(theme.accent))

    def _grips(self, view: View) -> list[QRect]:
        if not self.has_grips:
            return []
        rect = view.logical(self.rect)
        xs, ys = (rect.left(), rect.center().x(), rect.right() + 1), (rect.top(), rect.center().y(), rect.bottom() + 1)
        places = [(x, y) for y in ys for x in xs if (x, y) != (xs[1], ys[1])]
        return [QRect(x - GRIP_PX // 2, y - GRIP_PX // 2, GRIP_PX, GRIP_PX) for x, y in places]


@dataclass(frozen=True, slots=True)
class Label:
    """Words on a dark plate, in logical pixels of the window. `is_hint`: in the middle, and on several lines if need be."""

    rect: Rect
    words: str
    is_hint: bool = False

    @property
    def qrect(self) -> QRect:
        """Its place, as Qt has it."""
        return _qrect(self.rect)

    def region(self, view: View) -> QRegion:
        """Where it is drawn, in logical pixels."""
        return QRegion(_qrect(self.rect))

    def paint(self, painter: QPainter, view: View, image: QImage) -> None:
        """Draw it."""
        theme = overlay_theme()
        rect = _qrect(self.rect)
        radius = LABEL_HEIGHT_PX / 2 if self.is_hint else LABEL_RADIUS_PX
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.on_accent))
        painter.drawRoundedRect(rect, radius, radius)
        painter.setFont(label_font(self.is_hint))
        painter.setPen(QColor(theme.text))
        if self.is_hint:
            room = rect.adjusted(HINT_PADDING_PX, 0, -HINT_PADDING_PX, 0)  # as wide as it was measured, to break in the same places
            painter.drawText(room, int(_HINT_FLAGS), self.words)
        else:
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self.words)
        painter.restore()


@dataclass(frozen=True, slots=True)
class Lens:
    """The magnifier, in logical pixels of the window, over a point of the picture."""

    rect: Rect
    point: Point

    def region(self, view: View) -> QRegion:
        """Where it is drawn, in logical pixels."""
        return QRegion(_qrect(self.rect))

    def paint(self, painter: QPainter, view: View, image: QImage) -> None:
        """Draw it."""
        magnifier.paint(painter, image, self.point, _qrect(self.rect), overlay_theme())


Ornament = Frame | Label | Lens


@dataclass(frozen=True, slots=True)
class Scene:
    """Attributes:
    bright: what of the picture is not dimmed.
    ornaments: drawn over it, in this order.
    """

    bright: tuple[Rect, ...] = ()
    ornaments: tuple[Ornament, ...] = ()

    def difference(self, other: Scene, view: View) -> QRegion:
        """The logical pixels that may differ between two scenes."""
        changed = QRegion()
        for part in rects_of(_bright_region(self).xored(_bright_region(other))):
            changed = changed.united(view.logical(Rect(part.x(), part.y(), part.width(), part.height())))
        for ornament in set(self.ornaments).symmetric_difference(other.ornaments):
            changed = changed.united(ornament.region(view))
        return changed

    def paint(self, painter: QPainter, view: View, dirty: QRegion, image: QImage) -> None:
        """Dim what is not bright, and draw the ornaments. The picture is there already; `dirty` is in logical pixels."""
        parts = QRegion()
        for rect in rects_of(dirty):
            parts = parts.united(view.image(rect))
        painter.save()
        painter.scale(1 / view.ratio_x, 1 / view.ratio_y)
        for part in rects_of(parts.subtracted(_bright_region(self))):
            painter.fillRect(part, DIM_COLOR)
        painter.restore()
        for ornament in self.ornaments:
            if ornament.region(view).intersects(dirty):
                ornament.paint(painter, view, image)


def size_label(view: View, rect: Rect, words: str) -> Label:
    """Above the upper left corner of a part of the picture, or inside it where there is no room."""
    metrics = QFontMetrics(label_font())
    width = metrics.horizontalAdvance(words) + 2 * LABEL_PADDING_PX
    height = max(themes().tall_px(LABEL_HEIGHT_PX), metrics.height() + 4)
    beside = view.logical(rect)
    left = min(max(beside.left(), 0), max(0, view.size.width() - width))
    top = beside.top() - LABEL_AWAY_PX - height
    if top < 0:
        top = beside.top() + LABEL_AWAY_PX
        left = min(left + LABEL_AWAY_PX, max(0, view.size.width() - width))
    return Label(Rect(left, top, width, height), words)


def hint_label(view: View, pointer: QPoint, sentences: Sequence[str], beside: Label | None = None) -> Label:
    """At the top of the screen, or at its bottom while the pointer or another label is there."""
    room = QRect(0, 0, round(view.size.width() * HINT_WIDTH_SHARE), view.size.height())
    metrics = QFontMetrics(label_font(True))
    words = _lines(sentences, metrics, room.width())
    text = metrics.boundingRect(room, int(_HINT_FLAGS), words)
    width, height = text.width() + 2 * HINT_PADDING_PX, text.height() + HINT_PADDING_PX
    rect = QRect((view.size.width() - width) // 2, HINT_AWAY_PX, width, height)
    is_near = pointer.y() < rect.bottom() + HINT_ROOM_PX
    if is_near or (beside is not None and rect.intersects(beside.qrect)):
        rect.moveBottom(view.size.height() - 1 - HINT_AWAY_PX)
    return Label(Rect(rect.x(), rect.y(), width, height), words, is_hint=True)


def lens(view: View, point: Point) -> Lens:
    """Beside a point of the picture."""
    pointer = QPoint(round(point[0] / view.ratio_x), round(point[1] / view.ratio_y))
    rect = magnifier.place(pointer, view.size)
    return Lens(Rect(rect.x(), rect.y(), rect.width(), rect.height()), point)


def label_font(is_hint: bool = False) -> QFont:
    """As large as the user wants text to be."""
    font = QFont()
    font.setPixelSize(themes().text_px(13 if is_hint else 12))
    return font


def overlay_theme() -> Theme:
    """What lies on a dimmed picture is seen best in the colours of the dark theme, whichever is used."""
    return load_theme("dark")


def rects_of(region: QRegion) -> list[QRect]:
    """Rectangles that make a region up, without overlapping."""
    return list(cast(Iterable[QRect], region))  # the stubs of PySide6 6.11 do not know that it can be iterated


def _lines(sentences: Sequence[str], metrics: QFontMetrics, room_px: int) -> str:
    """As many sentences in a line as it has room for. Qt alone would break within them: Chinese has no spaces to forbid it at."""
    lines: list[str] = []
    for sentence in sentences:
        longer = f"{lines[-1]}{HINT_GAP}{sentence}" if lines else sentence
        if lines and metrics.horizontalAdvance(longer) < room_px:
            lines[-1] = longer
        else:
            lines.append(sentence)
    return "\n".join(lines)


def _bright_region(scene: Scene) -> QRegion:
    region = QRegion()
    for rect in scene.bright:
        region = region.united(_qrect(rect))
    return region


def _qrect(rect: Rect) -> QRect:
    return QRect(rect.x, rect.y, rect.width, rect.height)
