"""The numbered tag of a reference: the same little sign inside the text and on the picture."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPen,
    QPyTextObject,
    QTextCharFormat,
    QTextDocument,
    QTextFormat,
)

from app.ui.theme import FONT_BODY_PX, themes
from app.ui.tooltips import plain_tooltip

TAG_HEIGHT_PX = 18
TAG_RADIUS_PX = 5
TAG_PADDING_PX = 5
RING_PX = 2
"""Room around a tag in the text for the ring that marks the current one."""
OBJECT_TYPE = QTextFormat.ObjectTypes.UserObject + 1
NUMBER = QTextFormat.Property.UserProperty + 1
WORDS = QTextFormat.Property.UserProperty + 3
OBJECT_CHARACTER = "\ufffc"
LABEL_CHARACTERS_MAX = 60


def tag_font() -> QFont:
    """Small, bold figures."""
    font = QFont()
    font.setPixelSize(themes().text_px(FONT_BODY_PX - 3))
    font.setWeight(QFont.Weight.DemiBold)
    return font


def tag_size(number: int) -> QSizeF:
    """In logical pixels."""
    height = themes().tall_px(TAG_HEIGHT_PX)
    width = QFontMetricsF(tag_font()).horizontalAdvance(str(number)) + 2 * TAG_PADDING_PX
    return QSizeF(max(height, round(width)), height)


def paint_tag(painter: QPainter, top_left: QPointF, number: int, color: QColor, is_dashed: bool = False) -> None:
    """Draw the tag. `is_dashed` underlines the number, for the colours' second round."""
    rect = QRectF(top_left, tag_size(number))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(rect, TAG_RADIUS_PX, TAG_RADIUS_PX)
    painter.setPen(QColor(themes().current.on_accent))
    painter.setFont(tag_font())
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(number))
    if is_dashed:
        pen = QPen(QColor(themes().current.on_accent), 1, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(rect.bottomLeft() + QPointF(4, -3), rect.bottomRight() + QPointF(-4, -3))
    painter.restore()


class ReferenceObject(QPyTextObject):
    """Draws tags inside a text document.

    Attributes:
        current: the number that is highlighted, 0 for none.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.current = 0

    def intrinsicSize(self, doc: QTextDocument, posInDocument: int, format: QTextFormat) -> QSizeF:
        size = tag_size(format.intProperty(NUMBER))
        return QSizeF(size.width() + 2 * RING_PX, size.height())

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, doc: QTextDocument, posInDocument: int, format: QTextFormat
    ) -> None:
        rect = QRectF(rect)
        number = format.intProperty(NUMBER)
        theme = themes().current
        color = theme.box_color(number)
        size = tag_size(number)
        top_left = QPointF(rect.left() + RING_PX, rect.center().y() - size.height() / 2)
        if number == self.current:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(color, 1.2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = QRectF(top_left, size).adjusted(-RING_PX, -RING_PX, RING_PX, RING_PX)
            painter.drawRoundedRect(ring, TAG_RADIUS_PX + RING_PX, TAG_RADIUS_PX + RING_PX)
            painter.restore()
        paint_tag(painter, top_left, number, color, theme.is_box_dashed(number))


def reference_format(number: int, label: str, words: str) -> QTextCharFormat:
    """For the object character that stands for a reference; it sits on the text's line without making it taller.

    `words` say what it points at to those who do not see the picture.
    """
    result = QTextCharFormat()
    result.setObjectType(OBJECT_TYPE)
    result.setProperty(NUMBER, number)
    result.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBaseline)
    result.setProperty(WORDS, words)
    result.setToolTip(plain_tooltip(label))
    return result


def unplaced_words(label: str | None) -> str:
    """What stands for a reference to a picture that does not exist: what the model called the place, else a question mark."""
    words = " ".join((label or "").split())
    if len(words) > LABEL_CHARACTERS_MAX:
        words = words[: LABEL_CHARACTERS_MAX - 1] + "…"
    return words or "?"


def unplaced_format(base: QTextCharFormat, number: int) -> QTextCharFormat:
    """For those words: quiet, with a mark, and nothing that leads anywhere."""
    result = QTextCharFormat(base)
    result.setProperty(NUMBER, number)
    result.setForeground(QColor(themes().current.text_2))
    result.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
    result.setToolTip(QCoreApplication.translate("Reference", "There is no such picture in this conversation"))
    return result
