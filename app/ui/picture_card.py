"""A picture or document as a small card: in a question, and among the attachments."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.ui.buttons import IconButton, TextButton
from app.ui.language import Translated
from app.ui.theme import themes
from app.ui.tooltips import plain_tooltip

THUMBNAIL_PX = 40
ASPECT_MAX = 2.0
"""Of the long side to the short one; what is longer is cut."""
NAME_WIDTH_PX_MAX = 180


class Thumbnail(QWidget):
    """A picture in a rounded square: whole, or the top of a very long one; an empty square while there is no picture.

    It grows with the text.
    """

    def __init__(self, side_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side_px = side_px
        self._image: QImage | None = None
        themes().changed.connect(self._on_themes_changed)
        self._on_themes_changed()

    def set_image(self, image: QImage | None) -> None:
        """Show this picture."""
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        path = QPainterPath()
        path.addRoundedRect(frame, 4, 4)
        painter.fillPath(path, QColor(themes().current.sunken))
        if self._image is not None:
            width, height = self._image.width(), self._image.height()
            shown = QSizeF(min(width, ASPECT_MAX * height), min(height, ASPECT_MAX * width))
            drawn = QRectF(QPointF(), shown.scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio))
            drawn.moveCenter(frame.center())
            painter.setClipPath(path)
            painter.drawImage(drawn, self._image, QRectF(QPointF((width - shown.width()) / 2, 0), shown))
            painter.setClipping(False)
        painter.setPen(QColor(themes().current.line))
        painter.drawPath(path)

    def _on_themes_changed(self) -> None:
        side_px = themes().text_px(self._side_px)
        self.setFixedSize(side_px, side_px)
        self.update()


class PictureCard(Translated, QFrame):
    """Thumbnail, name and size of a picture or a document, and what it costs where that is told.

    Signals:
        clicked(): or Enter or Space pressed.
        removed(): its button was pressed, or Delete.
        part_wanted(): the user wants to say which pages, or which time, are meant.
    """

    clicked = Signal()
    removed = Signal()
    part_wanted = Signal()

    def __init__(self, name: str, *, is_removable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._details: Callable[[], str] | None = None
        self._cost_words: Callable[[], str] | None = None
        self._has_parts = False
        self.setObjectName("pictureCard")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(8)
        self._thumbnail = Thumbnail(THUMBNAIL_PX)
        layout.addWidget(self._thumbnail)
        self._title = QLabel()
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._caption = QLabel()
        self._caption.setProperty("kind", "small")
        self._part = TextButton("link", "unfold", icon_px=12)
        self._part.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow behind the words
        self._part.setProperty("arrow", "behind")  # its padding, which Qt mirrors as well
        self._part.clicked.connect(self.part_wanted)
        self._part.hide()
        self._cost = QLabel()
        self._cost.setProperty("kind", "small")
        self._cost.hide()
        layout.addLayout(self._words())
        self._remove: IconButton | None = None
        if is_removable:
            self._remove = IconButton("close", size_px=16)
            self._remove.clicked.connect(self.removed)
            layout.addWidget(self._remove)
        themes().changed.connect(self.retranslate)
        self.retranslate()

    @property
    def focus_stops(self) -> tuple[QWidget, ...]:
        """What Tab comes to, in order."""
        return tuple(stop for stop in (self, self._part, self._remove) if stop is not None)

    def set_picture(self, image: QImage | None, details: Callable[[], str], *, has_parts: bool = False) -> None:
        """Show the thumbnail, and what `details` says; with parts, pressing those words asks which are meant."""
        self._thumbnail.set_image(image)
        self._details, self._has_parts = details, has_parts
        self.retranslate()

    def set_cost(self, words: Callable[[], str] | None) -> None:
        """Say what it takes to look at it; None while that is not known."""
        self._cost_words = words
        self.retranslate()

    def retranslate(self) -> None:
        width_px = themes().text_px(NAME_WIDTH_PX_MAX)
        self._title.setText(self._title.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideMiddle, width_px))
        details = self._details() if self._details is not None else ""
        self._caption.setText(details or self.tr("Opening…"))
        self._part.setText(details)
        self._part.setToolTip(self.tr("Choose a part of it"))
        self._part.setAccessibleName(self.tr("{details}. Choose a part of {name}").format(details=details, name=self._name))
        self._caption.setVisible(not self._has_parts)
        self._part.setVisible(self._has_parts)
        self.setAccessibleName(self.tr("Attachment {name}").format(name=self._name))
        cost = self._cost_words() if self._cost_words is not None else ""
        self._cost.setText(f"· {cost}" if cost and not self._has_parts else cost)
        self._cost.setVisible(bool(cost))
        self.setAccessibleDescription(", ".join(filter(None, (details, cost))))
        self.setToolTip(plain_tooltip("\n".join(filter(None, (self._name, details, cost)))))
        if self._remove is not None:
            self._remove.set_words(self.tr("Remove {name}").format(name=self._name))

    def _words(self) -> QVBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch()
        words.addWidget(self._title)
        second = QHBoxLayout()
        second.setSpacing(4)
        for widget in (self._caption, self._part, self._cost):
            second.addWidget(widget)
        second.addStretch()
        words.addLayout(second)
        words.addStretch()
        return words

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._remove is not None:
            self.removed.emit()
        else:
            super().keyPressEvent(event)
