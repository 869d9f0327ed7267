"""The shots of one question, where there are several, each with a way to leave it out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.ui.buttons import IconButton
from app.ui.language import Translated
from app.ui.picture_card import Thumbnail
from app.ui.quick.flow import Flow
from app.ui.words import size_words

THUMBNAIL_PX = 48


class ShotRow(Flow):
    """Signals:
    removed(index): counted from 0.
    """

    removed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(8, parent)
        self.hide()

    def set_images(self, images: Sequence[QImage]) -> None:
        """Show these; a single one is seen on the screen, and needs no row."""
        shots = [ShotTile(image, number, len(images)) for number, image in enumerate(images, 1)] if len(images) > 1 else []
        for shot in shots:
            shot.removed.connect(self.removed)
        self.setVisible(bool(shots))
        self.set_parts(shots)

    def focus_stops(self) -> list[QWidget]:
        """What Tab comes to, in order."""
        return [part.button for part in self.parts() if isinstance(part, ShotTile)]


class ShotTile(Translated, QWidget):
    """A small picture and its cross.

    Attributes:
        button: the cross.

    Signals:
        removed(index): the cross was pressed, or Delete on it.
    """

    removed = Signal(int)

    def __init__(self, image: QImage, number: int, count: int) -> None:
        super().__init__()
        self._number, self._count = number, count
        self._size = image.size()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        thumbnail = Thumbnail(THUMBNAIL_PX)
        side = QSize(4 * THUMBNAIL_PX, 4 * THUMBNAIL_PX)  # enough for large text on a screen of twice the scale
        scaled = image.scaled(side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        thumbnail.set_image(scaled if image.width() > side.width() or image.height() > side.height() else image)
        self.button = IconButton("close", size_px=14)
        self.button.clicked.connect(self._on_button_clicked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(thumbnail)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        self.retranslate()

    def retranslate(self) -> None:
        locale = QLocale()
        number, count = locale.toString(self._number), locale.toString(self._count)
        self.setAccessibleName(self.tr("Shot {number} of {count}").format(number=number, count=count))
        self.setToolTip(size_words(self._size.width(), self._size.height()))
        self.button.set_words(self.tr("Leave out shot {number}").format(number=number))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._on_button_clicked()
        else:
            super().keyPressEvent(event)

    def _on_button_clicked(self) -> None:
        self.removed.emit(self._number - 1)
