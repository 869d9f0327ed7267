"""The row of small pictures under the viewer. Thousands of pages cost no more than those in view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QKeyEvent, QPainter, QPainterPath, QPen, QWheelEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui.announcing import tell_row
from app.ui.language import Translated
from app.ui.picture_levels import PictureCache
from app.ui.reference_tag import TAG_HEIGHT_PX, paint_tag, tag_size
from app.ui.theme import themes
from app.ui.viewer_subjects import Subject
from app.ui.viewer_words import leaf_words, short_leaf_words
from ingest.attachment import Picture

PICTURE_HEIGHT_PX = 56
WIDTHS_PX = (40, 88)
"""The narrowest and the widest; between them, as the first picture is."""
GAP_PX = 8
LABEL_PX = 18
HEIGHT_PX = PICTURE_HEIGHT_PX + LABEL_PX + 3 * GAP_PX
TAG_SCALE = 0.75
SENT_DOT_PX = 4

_Index = QModelIndex | QPersistentModelIndex


class _Leaves(QAbstractListModel):
    """The pages, frames or pictures of a subject by row."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.subject: Subject | None = None
        self.sent: frozenset[int] = frozenset()
        self.boxes: Mapping[int, Sequence[int]] = {}

    def replace(self, subject: Subject | None) -> None:
        self.beginResetModel()
        self.subject = subject
        self.endResetModel()

    def picture(self, row: int) -> Picture | None:
        return self.subject.picture(row) if self.subject is not None else None

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if self.subject is None or (parent is not None and parent.isValid()) else len(self.subject)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole) and self.subject is not None:
            row = index.row()
            return leaf_words(self.subject, row, is_sent=row in self.sent, boxes=self.boxes.get(row, ()))
        return None


class _Painter(QStyledItemDelegate):
    """A thumbnail with its number below; the one in view has a frame, one that was sent a dot, one with boxes their numbers."""

    def __init__(self, cache: PictureCache, parent: PictureRow) -> None:
        super().__init__(parent)
        self._cache, self._row = cache, parent

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(self._row.leaf_width + GAP_PX, PICTURE_HEIGHT_PX + LABEL_PX + GAP_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        assert isinstance(model, _Leaves) and model.subject is not None
        row, rect, theme = index.row(), QRectF(option.rect), themes().current
        state: QStyle.StateFlag = option.state
        is_current = bool(state & QStyle.StateFlag.State_Selected)
        frame = QRectF(rect.x() + GAP_PX / 2, rect.y() + GAP_PX / 2, rect.width() - GAP_PX, PICTURE_HEIGHT_PX)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_picture(painter, frame, model.picture(row), row)
        painter.setPen(QPen(QColor(theme.accent if is_current else theme.line), 2 if is_current else 1))
        painter.drawRoundedRect(frame, 4, 4)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(theme.accent), 1, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(frame.adjusted(-3, -3, 3, 3), 6, 6)
        label = QRectF(rect.x(), frame.bottom() + 3, rect.width(), LABEL_PX)
        self._paint_label(painter, label, short_leaf_words(model.subject, row), is_current, row in model.sent)
        self._paint_tags(painter, frame, model.boxes.get(row, ()))
        painter.restore()

    def _paint_picture(self, painter: QPainter, frame: QRectF, picture: Picture | None, row: int) -> None:
        path = QPainterPath()
        path.addRoundedRect(frame, 4, 4)
        painter.fillPath(path, QColor(themes().current.sunken))
        if picture is None:
            self._row.want(row)
            return
        image = self._cache.request_thumbnail(picture)
        if image is not None:  # all of its width or height, from its top
            scale = max(frame.width() / image.width(), frame.height() / image.height())
            width, height = frame.width() / scale, frame.height() / scale
            painter.setClipPath(path)
            painter.drawImage(frame, image, QRectF((image.width() - width) / 2, 0, width, height))
            painter.setClipping(False)

    def _paint_label(self, painter: QPainter, label: QRectF, words: str, is_current: bool, is_sent: bool) -> None:
        theme = themes().current
        font = QFont(painter.font())
        font.setPixelSize(themes().text_px(11))
        painter.setFont(font)
        painter.setPen(QColor(theme.text if is_current else theme.text_3))
        drawn = painter.boundingRect(label, Qt.AlignmentFlag.AlignCenter, words)
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, words)
        if is_sent:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent))
            painter.drawEllipse(QPointF(drawn.left() - 5, drawn.center().y()), SENT_DOT_PX / 2, SENT_DOT_PX / 2)
            painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_tags(self, painter: QPainter, frame: QRectF, numbers: Sequence[int]) -> None:
        """As many as there is room for; the tooltip says all."""
        theme = themes().current
        x, y, height = frame.left() - 2, frame.top() - 2, themes().tall_px(TAG_HEIGHT_PX) * TAG_SCALE
        for number in numbers:
            width = tag_size(number).width() * TAG_SCALE
            if x + width > frame.right() + 2 and x > frame.left():
                x, y = frame.left() - 2, y + height + 1
            if y + height > frame.bottom():
                break
            painter.save()
            painter.translate(x, y)
            painter.scale(TAG_SCALE, TAG_SCALE)
            paint_tag(painter, QPointF(0, 0), number, theme.box_color(number), theme.is_box_dashed(number))
            painter.restore()
            x += width + 1


class PictureRow(Translated, QListView):
    """Signals:
    chosen(index): by mouse or arrow keys.
    wanted(index): a page is in view that is not known yet.
    """

    chosen = Signal(int)
    wanted = Signal(int)

    def __init__(self, cache: PictureCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("thumbnails")
        self.leaf_width = WIDTHS_PX[0]
        self._leaves = _Leaves(self)
        self._is_following = False
        self._count = 0
        self.setModel(self._leaves)
        self.setItemDelegate(_Painter(cache, self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setMouseTracking(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setFixedHeight(HEIGHT_PX)
        self.setViewportMargins(GAP_PX, GAP_PX, GAP_PX, 0)
        self.selectionModel().currentChanged.connect(self._on_selection_current_changed)
        cache.thumbnail_loaded.connect(self._on_cache_thumbnail_loaded)
        themes().changed.connect(self.viewport().update)
        self.retranslate()

    def set_subject(self, subject: Subject | None) -> None:
        """Offer the pages of this one; nothing to choose from is not shown."""
        first = subject.any_picture if subject is not None else None
        aspect = first.width / first.height if first is not None else 0.75
        width = round(min(max(PICTURE_HEIGHT_PX * aspect, WIDTHS_PX[0]), WIDTHS_PX[1]))
        before = self._leaves.subject
        is_same = before is not None and subject is not None and (before.key, self._count) == (subject.key, len(subject))
        if is_same and width == self.leaf_width:
            self._leaves.subject = subject
            self.viewport().update()
            return
        self.leaf_width, self._count = width, len(subject) if subject is not None else 0
        self._is_following = True
        self._leaves.replace(subject)
        self._is_following = False
        self.setVisible(self._count > 1)

    def set_marks(self, sent: frozenset[int], boxes: Mapping[int, Sequence[int]]) -> None:
        """Which pages are part of a question, and which numbers are marked on which."""
        self._leaves.sent, self._leaves.boxes = sent, boxes
        self.viewport().update()

    def set_current(self, index: int) -> None:
        """Mark the one in view."""
        if index != self.currentIndex().row():
            self._is_following = True
            self.setCurrentIndex(self._leaves.index(index))
            self.scrollTo(self.currentIndex(), QListView.ScrollHint.PositionAtCenter)
            self._is_following = False

    def refresh(self) -> None:
        """More pages are known."""
        self.viewport().update()

    def want(self, index: int) -> None:
        """Ask for a page; for what paints it."""
        self.wanted.emit(index)

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Pictures and pages"))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        tell_row(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # for the viewer
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta() / 2
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (delta.x() or delta.y()))
        event.accept()

    def _on_selection_current_changed(self, current: QModelIndex) -> None:
        if current.isValid() and not self._is_following:
            self.chosen.emit(current.row())

    def _on_cache_thumbnail_loaded(self) -> None:
        self.viewport().update()
