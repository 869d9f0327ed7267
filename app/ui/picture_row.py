"""The row of small pictures under the viewer. Hundreds of pages cost no more than those in view."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui.language import Translated
from app.ui.picture_levels import PictureCache
from app.ui.theme import themes
from ingest.attachment import Picture

SIDE_PX = 56
GAP_PX = 6
HEIGHT_PX = SIDE_PX + 4 * GAP_PX

_Index = QModelIndex | QPersistentModelIndex


class _Pictures(QAbstractListModel):
    """The pictures by row."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.pictures: tuple[Picture, ...] = ()

    def replace(self, pictures: tuple[Picture, ...]) -> None:
        self.beginResetModel()
        self.pictures = pictures
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.pictures)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.pictures[index.row()].name
        return None


class _Painter(QStyledItemDelegate):
    """A thumbnail in a rounded square, cropped evenly; the one in view has a frame."""

    def __init__(self, cache: PictureCache, parent: QListView) -> None:
        super().__init__(parent)
        self._cache = cache

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(SIDE_PX + GAP_PX, SIDE_PX + GAP_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        assert isinstance(model, _Pictures)
        image = self._cache.request_thumbnail(model.pictures[index.row()])
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        frame = QRectF(rect).adjusted(GAP_PX / 2 + 1, GAP_PX / 2 + 1, -GAP_PX / 2 - 1, -GAP_PX / 2 - 1)
        path = QPainterPath()
        path.addRoundedRect(frame, 4, 4)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillPath(path, QColor(themes().current.sunken))
        if image is not None:
            side = min(image.width(), image.height())
            painter.setClipPath(path)
            painter.drawImage(frame, image, QRectF((image.width() - side) / 2, (image.height() - side) / 2, side, side))
            painter.setClipping(False)
        is_current = bool(state & QStyle.StateFlag.State_Selected)
        painter.setPen(QPen(QColor(themes().current.accent if is_current else themes().current.line), 2 if is_current else 1))
        painter.drawPath(path)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(themes().current.accent), 1, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(frame.adjusted(-3, -3, 3, 3), 6, 6)
        painter.restore()


class PictureRow(Translated, QListView):
    """Signals:
    chosen(picture id): by mouse or arrow keys.
    """

    chosen = Signal(str)

    def __init__(self, cache: PictureCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("thumbnails")
        self._pictures = _Pictures(self)
        self.setModel(self._pictures)
        self.setItemDelegate(_Painter(cache, self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setMouseTracking(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setFixedHeight(HEIGHT_PX)
        self.setViewportMargins(GAP_PX, GAP_PX, GAP_PX, 0)
        self.selectionModel().currentChanged.connect(self._on_selection_current_changed)
        cache.thumbnail_loaded.connect(self._on_cache_thumbnail_loaded)
        themes().changed.connect(self.viewport().update)
        self.retranslate()

    def set_pictures(self, pictures: tuple[Picture, ...]) -> None:
        """Offer these; nothing to choose from is not shown."""
        self._pictures.replace(pictures)
        self.setVisible(len(pictures) > 1)

    def set_current(self, picture_id: str | None) -> None:
        """Mark the one in view."""
        row = next((row for row, picture in enumerate(self._pictures.pictures) if picture.id == picture_id), -1)
        if row != self.currentIndex().row():
            self.setCurrentIndex(self._pictures.index(row))

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Pictures and pages"))

    def _on_selection_current_changed(self, current: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(self._pictures.pictures[current.row()].id)

    def _on_cache_thumbnail_loaded(self) -> None:
        self.viewport().update()
