"""A picture as a small card: in a question, among the attachments, and in the viewer's row."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.ui.buttons import IconButton
from app.ui.language import Translated
from app.ui.theme import themes
from app.ui.words import size_words

THUMBNAIL_PX = 40
ROW_THUMBNAIL_PX = 52
NAME_WIDTH_PX_MAX = 180


class Thumbnail(QWidget):
    """A picture filling a rounded square, cropped evenly; an empty one while there is no picture."""

    def __init__(self, side_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self.setFixedSize(QSize(side_px, side_px))
        themes().changed.connect(self.update)

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
            side = min(self._image.width(), self._image.height())
            source = QRectF((self._image.width() - side) / 2, (self._image.height() - side) / 2, side, side)
            painter.setClipPath(path)
            painter.drawImage(frame, self._image, source)
            painter.setClipping(False)
        painter.setPen(QColor(themes().current.line))
        painter.drawPath(path)


class PictureCard(Translated, QFrame):
    """Thumbnail, name and size; only the thumbnail when it is narrow.

    Signals:
        clicked(): or Enter or Space pressed.
        removed(): its button was pressed, or Delete.
    """

    clicked = Signal()
    removed = Signal()

    def __init__(self, name: str, *, is_removable: bool = False, is_narrow: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._details = ""
        self.setObjectName("pictureCard")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(8)
        self._thumbnail = Thumbnail(ROW_THUMBNAIL_PX if is_narrow else THUMBNAIL_PX)
        layout.addWidget(self._thumbnail)
        self._caption = QLabel()
        self._caption.setProperty("kind", "small")
        if is_narrow:
            self.setProperty("kind", "thumbnail")
            layout.setContentsMargins(3, 3, 3, 3)
        else:
            layout.addLayout(self._words())
        self._remove: IconButton | None = None
        if is_removable:
            self._remove = IconButton("close", size_px=16)
            self._remove.clicked.connect(self.removed)
            layout.addWidget(self._remove)
        self.retranslate()

    def set_picture(self, image: QImage | None, width: int, height: int) -> None:
        """Show the thumbnail and the size of the original."""
        self._thumbnail.set_image(image)
        self._details = size_words(width, height)
        self.retranslate()

    def set_current(self, is_current: bool) -> None:
        """Mark the picture that the viewer shows."""
        self.setProperty("current", is_current)
        self.style().unpolish(self)
        self.style().polish(self)

    def retranslate(self) -> None:
        self._caption.setText(self._details or self.tr("Opening…"))
        self.setAccessibleName(self.tr("Picture {name}").format(name=self._name))
        self.setToolTip(f"{self._name}\n{self._details}" if self._details else self._name)
        if self._remove is not None:
            self._remove.set_words(self.tr("Remove {name}").format(name=self._name))

    def _words(self) -> QVBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch()
        name = QLabel()
        name.setTextFormat(Qt.TextFormat.PlainText)
        name.setText(name.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideMiddle, NAME_WIDTH_PX_MAX))
        words.addWidget(name)
        words.addWidget(self._caption)
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
