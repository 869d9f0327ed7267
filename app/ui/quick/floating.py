"""A card that floats over a picture, with its shadow: the widget is larger than what is seen of the card."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QGradient,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRadialGradient,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.ui.theme import themes
from app.ui.transcript_stack import Stack

RADIUS_PX = 12
SHADOW_PX = 44
"""How far it reaches."""
SHADOW_DROP_PX = 8
SHADOW_ALPHA = 52
FADE = ((0.0, 1.0), (0.25, 0.56), (0.5, 0.25), (0.75, 0.06), (1.0, 0.0))
"""How strong the shadow is at a share of its reach: the square of what is left of it."""


class FloatingCard(QWidget):
    """Takes the mouse and the keys on the card, and leaves what falls on its shadow to what is below.

    Attributes:
        body: what is on the card.

    Signals:
        size_changed(): it wants another height; whoever places it asks `height_for` again.
        dismissed(): Esc was pressed.
    """

    size_changed = Signal()
    dismissed = Signal()

    body: Stack

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shadow_px = SHADOW_PX
        self._is_ringed = False
        themes().changed.connect(self._on_floating_themes_changed)

    def set_body(self, body: Stack) -> None:
        """To be called once, by the class."""
        self.body = body
        body.setParent(self)
        body.setCursor(Qt.CursorShape.ArrowCursor)
        body.parts_changed.connect(self._on_body_parts_changed)

    def height_for(self, width_px: int) -> int:
        """How high the card is at this width, without its shadow."""
        return self.body.fit(width_px)

    @property
    def card_rect(self) -> QRect:
        """Where the card is in the widget."""
        reach = self._shadow_px
        return self.rect().adjusted(reach, reach, -reach, -reach)

    def put(self, card: QRect) -> None:
        """Place it so that the card is here, in the coordinates of its parent."""
        reach = self._shadow_px
        self.setGeometry(card.adjusted(-reach, -reach, reach, reach))

    def set_shadow(self, is_on: bool) -> None:
        """Whether there is one; without it the card fills the widget."""
        card = self.card_rect.translated(self.pos())
        self._shadow_px = SHADOW_PX if is_on else 0
        self.put(card)

    def set_ring(self, is_on: bool) -> None:
        """Whether something that fills the card has the keyboard."""
        self._is_ringed = is_on
        self.update()

    def lay_out(self) -> None:
        """Put the parts into their places."""
        self.body.fit(self.card_rect.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.body.setGeometry(self.card_rect)
        self.lay_out()

    def sizeHint(self) -> QSize:
        return QSize(self.width(), self.height_for(self.card_rect.width()) + 2 * self._shadow_px)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """No key goes on to what is below."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismissed.emit()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.setAccepted(self.card_rect.contains(event.position().toPoint()))

    mouseMoveEvent = mouseReleaseEvent = mouseDoubleClickEvent = mousePressEvent

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.setAccepted(self.card_rect.contains(event.position().toPoint()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = QRectF(self.card_rect)
        if self._shadow_px:
            paint_shadow(painter, card.translated(0, SHADOW_DROP_PX))
        theme = themes().current
        line_px = 2 if self._is_ringed else 1
        painter.setPen(QPen(QColor(theme.accent if self._is_ringed else theme.line), line_px))
        painter.setBrush(QColor(theme.surface))
        inset = line_px / 2
        painter.drawRoundedRect(card.adjusted(inset, inset, -inset, -inset), RADIUS_PX, RADIUS_PX)

    def _on_body_parts_changed(self) -> None:
        self.size_changed.emit()
        self.lay_out()  # also where nobody gives it another height

    def _on_floating_themes_changed(self) -> None:
        self.update()
        self.size_changed.emit()


def paint_shadow(painter: QPainter, card: QRectF) -> None:
    """Around a rectangle with round corners; four strips and four corners, so that its size does not matter."""
    painter.setPen(Qt.PenStyle.NoPen)
    reach, radius = float(SHADOW_PX - SHADOW_DROP_PX), float(RADIUS_PX)
    inner = card.adjusted(radius, radius, -radius, -radius)
    outer = card.adjusted(-reach, -reach, reach, reach)
    span = reach + radius
    for strip, start, end in (
        (QRectF(inner.left(), outer.top(), inner.width(), span), inner.topLeft(), QPointF(inner.left(), outer.top())),
        (QRectF(inner.left(), inner.bottom(), inner.width(), span), inner.bottomLeft(), QPointF(inner.left(), outer.bottom())),
        (QRectF(outer.left(), inner.top(), span, inner.height()), inner.topLeft(), QPointF(outer.left(), inner.top())),
        (QRectF(inner.right(), inner.top(), span, inner.height()), inner.topRight(), QPointF(outer.right(), inner.top())),
    ):
        painter.fillRect(strip, _faded(QLinearGradient(start, end), radius / span))
    for corner, left, top in (
        (inner.topLeft(), outer.left(), outer.top()),
        (inner.topRight(), inner.right(), outer.top()),
        (inner.bottomLeft(), outer.left(), inner.bottom()),
        (inner.bottomRight(), inner.right(), inner.bottom()),
    ):
        painter.fillRect(QRectF(left, top, span, span), _faded(QRadialGradient(corner, span), radius / span))
    painter.fillRect(inner, QColor(0, 0, 0, SHADOW_ALPHA))


def _faded(gradient: QGradient, solid: float) -> QBrush:
    """Full up to this share, then fading out."""
    for share, strength in FADE:
        gradient.setColorAt(solid + (1.0 - solid) * share, QColor(0, 0, 0, round(SHADOW_ALPHA * strength)))
    return QBrush(gradient)
