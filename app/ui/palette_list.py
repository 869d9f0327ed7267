"""The rows of the palette: what they hold and how they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui.icons import pixmap
from app.ui.line_painter import FONT_SMALL_PX, draw_line
from app.ui.theme import FONT_BODY_PX, RADIUS_PX, themes

ROW_ROLE = int(Qt.ItemDataRole.UserRole)
ICON_PX = 16
PADDING_PX = 12
Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()


@dataclass(frozen=True, slots=True)
class Row:
    """A command, or a conversation, whose id is its key.

    Attributes:
        source_words: the words in English.
        places: the letters that were typed, as indexes in the words.
    """

    id: str
    words: str
    icon: str = ""
    source_words: str = ""
    shortcut: str = ""
    is_command: bool = True
    is_possible: bool = True
    places: tuple[int, ...] = ()


class PaletteModel(QAbstractListModel):
    """Attributes:
    rows: best first.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: tuple[Row, ...] = ()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        row = self.rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.words}, {row.shortcut}" if row.shortcut else row.words
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        possible = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return possible if self.rows[index.row()].is_possible else Qt.ItemFlag.NoItemFlags


class PaletteDelegate(QStyledItemDelegate):
    """Icon, words with the typed letters standing out, shortcut."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, themes().text_px(FONT_BODY_PX) + 22)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Row = index.data(ROW_ROLE)
        theme, rect = themes().current, option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent_soft))
            painter.drawRoundedRect(QRectF(rect), RADIUS_PX, RADIUS_PX)
        color = theme.text if row.is_possible else theme.text_3
        middle = rect.top() + (rect.height() - ICON_PX) // 2
        if row.icon:
            scale = painter.device().devicePixelRatioF()
            drawn = pixmap(row.icon, theme.text_2 if row.is_possible else theme.text_3, ICON_PX, scale)
            painter.drawPixmap(QPoint(rect.left() + PADDING_PX, middle), drawn)
        inner = rect.adjusted(PADDING_PX + ICON_PX + PADDING_PX, 0, -PADDING_PX, 0)
        font = QFont(option.font)
        if row.shortcut:
            font.setPixelSize(themes().text_px(FONT_SMALL_PX))
            painter.setFont(font)
            painter.setPen(QColor(theme.text_3))
            painter.drawText(inner, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), row.shortcut)
            inner.setRight(inner.right() - painter.fontMetrics().horizontalAdvance(row.shortcut) - PADDING_PX)
        font.setPixelSize(themes().text_px(FONT_BODY_PX))
        draw_line(painter, QRect(inner), row.words, font, color, tuple((place, place + 1) for place in row.places))
        painter.restore()
