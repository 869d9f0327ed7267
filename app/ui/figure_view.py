"""A picture inside an answer: a card with the part that is meant, cut from the original pixels, and its numbered boxes.

The card has its final size at once; the pixels come from a worker.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.chat.answer import PictureBlock, Reference
from app.chat.crops import WHOLE, figure_area
from app.chat.pictures import Crop, is_vector, place_of
from app.ui.box_painter import Mark, mark_at, paint_marks, place_marks
from app.ui.buttons import TextButton
from app.ui.elided_label import ElidedLabel
from app.ui.figure_size import WIDTH_PX_MAX, Size, card_size
from app.ui.language import Translated
from app.ui.picture_levels import PictureCache
from app.ui.picture_words import picture_words
from app.ui.theme import FONT_BODY_PX, themes
from app.ui.transcript_stack import Stack
from app.ui.view_geometry import ViewGeometry
from ingest.attachment import Picture
from ingest.types import Pixels

CARD_RADIUS_PX = 12
LINE_PX = 34
"""Height of the line with the picture's name, at the usual size of text."""
MISSING_PX = 64
"""The least height of the place where a picture would be that is not there."""
COMPLAINT_FLAGS = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
COMPLAINT_PX_MAX = 1_000
VECTOR_SCALE_MAX = 3.0
"""As `Crop` allows for what is drawn from a description."""

FindPicture = Callable[[str], Picture | None]


@dataclass(frozen=True, slots=True)
class SizedPicture:
    """A picture at the size at which a card shows it, so that a cache keeps no more than that."""

    picture: Picture
    width: int
    height: int

    @property
    def id(self) -> str:
        return f"{self.picture.id}@{self.width}x{self.height}"

    @property
    def name(self) -> str:
        return self.picture.name

    def render(self, width: int, height: int) -> Pixels:
        return self.picture.render(width, height)


class FigureCanvas(QWidget):
    """The part of the picture with its boxes.

    Signals:
        hovered(number): the box under the pointer, 0 for none.
        clicked(number): likewise; 0 beside the boxes.
    """

    hovered = Signal(int)
    clicked = Signal(int)

    def __init__(self, cache: PictureCache) -> None:
        super().__init__()
        self._cache = cache
        self._sized: SizedPicture | None = None
        self._area = WHOLE
        self._references: tuple[Reference, ...] = ()
        self._marks: list[Mark] = []
        self._image: QImage | None = None
        self._drawn = QRectF()
        self._current = self._hovered = 0
        self._failed_id = ""
        self.complaint = ""
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        cache.loaded.connect(self._on_cache_loaded)
        cache.failed.connect(self._on_cache_failed)
        themes().changed.connect(self.update)

    @property
    def has_image(self) -> bool:
        """Whether the pixels are there."""
        return self._image is not None

    @property
    def has_failed(self) -> bool:
        """Whether there is nothing to show, now and later."""
        return self._sized is None or self._sized.id == self._failed_id

    def show_part(self, picture: Picture | None, references: Sequence[Reference], room_px: int) -> None:
        """Show the places of these references and take the size for it, `room_px` wide at most."""
        self._references = tuple(references)
        if picture is None:
            width = min(WIDTH_PX_MAX, room_px)
            words = QFontMetrics(_complaint_font(self)).boundingRect(
                QRect(0, 0, width - 24, COMPLAINT_PX_MAX), COMPLAINT_FLAGS, self.complaint
            )  # fmt: skip
            self.setFixedSize(width, max(MISSING_PX, words.height() + 16))
            return
        self._area = figure_area([reference.box for reference in references], picture.width, picture.height)
        part = Size((self._area.x1 - self._area.x0) * picture.width, (self._area.y1 - self._area.y0) * picture.height)
        card, scale = card_size(part, room_px)
        self._drawn = QRectF(0, 0, round(part.width * scale), round(part.height * scale))
        self._drawn.moveLeft(round((card.width - self._drawn.width()) / 2))
        self._request(picture, part, scale)
        left, top = self._area.x0 * picture.width * scale, self._area.y0 * picture.height * scale
        geometry = ViewGeometry(
            picture.width, picture.height, card.width, card.height, scale, self._drawn.left() - left, -top
        )  # fmt: skip
        self._marks = place_marks(self._references, geometry, QSizeF(card.width, card.height))
        self.setFixedSize(QSize(int(card.width), int(card.height)))

    def mark_rect(self, number: int) -> QRectF | None:
        """Where a box is drawn, in this widget's coordinates."""
        return next((mark.rect for mark in self._marks if mark.number == number), None)

    def set_current(self, number: int) -> None:
        """Highlight a box; 0 for none."""
        if number != self._current:
            self._current = number
            self.update()

    def _request(self, picture: Picture, part: Size, scale: float) -> None:
        """Ask for as many pixels as the screen shows, and as there are."""
        wanted = scale * self.devicePixelRatioF()
        factor = min(wanted, VECTOR_SCALE_MAX if _may_be_enlarged(picture) else 1.0)
        shown: Picture = picture if self._area == WHOLE else Crop(picture, self._area)
        sized = SizedPicture(shown, max(1, round(part.width * factor)), max(1, round(part.height * factor)))
        if sized != self._sized:
            self._sized = sized
            levels = self._cache.request(sized)
            self._image = levels.images[0] if levels else self._image  # the old size, until the new one is there
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        theme = themes().current
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()).adjusted(0, 0, 0, CARD_RADIUS_PX), CARD_RADIUS_PX - 1, CARD_RADIUS_PX - 1)
        painter.setClipPath(outline)
        painter.fillRect(self.rect(), QColor(theme.sunken))
        if self.has_failed:
            painter.setFont(_complaint_font(self))
            painter.setPen(QColor(theme.text_2))
            painter.drawText(self.rect().adjusted(12, 8, -12, -8), COMPLAINT_FLAGS, self.complaint)
        elif self._image is not None:
            painter.drawImage(self._drawn, self._image)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            paint_marks(painter, self._marks, self._current)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._set_hovered(mark_at(self._marks, event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._set_hovered(0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit(mark_at(self._marks, event.position()))

    def _set_hovered(self, number: int) -> None:
        if number != self._hovered:
            self._hovered = number
            self.hovered.emit(number)

    def _on_cache_loaded(self, picture_id: str) -> None:
        if self._sized is not None and picture_id == self._sized.id:
            levels = self._cache.request(self._sized)
            self._image = levels.images[0] if levels else None
            self.update()

    def _on_cache_failed(self, picture_id: str, message: str) -> None:
        if self._sized is not None and picture_id == self._sized.id:
            self._failed_id = picture_id
            self.update()


class FigureView(Translated, Stack):
    """The card: picture, caption, name, and the way to the viewer.

    Signals:
        reference_hovered(number), reference_activated(number): as in the text.
    """

    reference_hovered = Signal(int)
    reference_activated = Signal(int)

    def __init__(self, block: PictureBlock, find_picture: FindPicture, cache: PictureCache, parent: QWidget) -> None:
        super().__init__(0, (1, 1, 1, 1), parent)
        self._block = block
        picture_id = block.references[0].picture_id if block.references else None
        self._picture = find_picture(picture_id) if picture_id is not None else None
        self._fitted: tuple[object, ...] = ()
        self.setObjectName("card")
        self.canvas = self.adopt(FigureCanvas(cache))
        self.canvas.hovered.connect(self.reference_hovered)
        self.canvas.clicked.connect(self._on_canvas_clicked)
        self._caption = self.adopt(QLabel())
        self._caption.setTextFormat(Qt.TextFormat.PlainText)
        self._caption.setWordWrap(True)
        self._caption.setContentsMargins(12, 8, 12, 0)
        self._line = self.adopt(self._build_line())
        themes().changed.connect(self._on_themes_changed)
        self._on_themes_changed()
        self.update_block(block)
        self.retranslate()

    def update_block(self, block: PictureBlock) -> None:
        """Show what the block holds now."""
        self._block = block
        self._caption.setText(block.caption)
        self._caption.setVisible(bool(block.caption))

    def set_current_reference(self, number: int) -> None:
        """Highlight a box; 0 for none."""
        self.canvas.set_current(number)

    def parts(self) -> Sequence[QWidget]:
        return self.canvas, self._caption, self._line

    def width_for(self, room_px: int) -> int:
        wanted = (room_px, tuple(self._block.references), self.devicePixelRatioF(), self.canvas.complaint, themes().text_percent)
        if wanted != self._fitted:
            self._fitted = wanted
            self.canvas.show_part(self._picture, self._block.references, room_px - 2)
        return self.canvas.width() + 2

    def retranslate(self) -> None:
        name = picture_words(self._picture) if self._picture is not None else self.tr("Unknown picture")
        self._name.set_full_text(name)
        self._open.set_words(self.tr("Open"), self.tr("Open {name} in the viewer").format(name=name))
        missing = self.tr("This picture is not part of the conversation.")
        gone = self.tr("This picture cannot be shown. Its file may have been moved or damaged.")
        self.canvas.complaint = missing if self._picture is None else gone
        labels = [f"{r.number} {r.box.label or ''}".strip() for r in self._block.references]
        self.setAccessibleName(self.tr("Figure: {name}").format(name=name))
        self.setAccessibleDescription(", ".join(filter(None, (self._block.caption, *labels))))

    def _build_line(self) -> QWidget:
        line = QWidget()
        self._name = ElidedLabel("small", Qt.TextElideMode.ElideMiddle)
        self._open = TextButton("link")
        self._open.clicked.connect(self._on_open_clicked)
        layout = QHBoxLayout(line)
        layout.setContentsMargins(12, 0, 12, 0)
        layout.addWidget(self._name, 1)
        layout.addWidget(self._open)
        self._open.setVisible(self._picture is not None)
        return line

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(QColor(themes().current.line))
        painter.drawLine(1, self.canvas.geometry().bottom() + 1, self.width() - 2, self.canvas.geometry().bottom() + 1)
        painter.end()

    def _on_themes_changed(self) -> None:
        self._line.setFixedHeight(themes().tall_px(LINE_PX))

    def _on_canvas_clicked(self, number: int) -> None:
        if self._picture is not None:
            self.reference_activated.emit(number or self._block.references[0].number)

    def _on_open_clicked(self) -> None:
        self._on_canvas_clicked(0)


def _complaint_font(canvas: FigureCanvas) -> QFont:
    font = QFont(canvas.font())
    font.setPixelSize(themes().text_px(FONT_BODY_PX - 1))
    return font


def _may_be_enlarged(picture: Picture) -> bool:
    """Whether it has more than the pixels at which it is shown: a page, even one that is not open yet."""
    place = place_of(picture)
    return is_vector(picture) or (place is not None and place.source.kind in ("pdf", "deck", "text"))
