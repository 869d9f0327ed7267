"""How the rows of the sidebar are drawn."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.chat.history.types import Found
from app.ui.icons import pixmap
from app.ui.line_painter import FONT_SMALL_PX, Marks, draw_line, draw_lines, line_px
from app.ui.picture_words import locator_words
from app.ui.sidebar_groups import TITLE_CHARACTERS_MAX, Heading, PrivateRow, SidebarRow, date_words, short_title
from app.ui.sidebar_model import ROW_ROLE, STATE_ROLE, row_words
from app.ui.theme import FONT_BODY_PX, RADIUS_PX, themes

ROW_PX = 36
PADDING_PX = 8
ICON_PX = 16
DOT_PX = 6
FOCUS_PX = 2
EXCERPT_LINES = 2
LEAD_CHARACTERS = 16
"""Of an excerpt before the first hit: what is further before would push it out of sight."""

Index = QModelIndex | QPersistentModelIndex


class _RowDelegate(QStyledItemDelegate):
    """The ground of a row; says by more than colour what is open and where the keyboard is."""

    def draw_ground(self, painter: QPainter, option: QStyleOptionViewItem, is_current: bool) -> None:
        theme, rect = themes().current, QRectF(option.rect).adjusted(0, 1, 0, -1)
        has_focus = bool(option.state & QStyle.StateFlag.State_HasFocus) and bool(option.widget.property("showsFocus"))
        ground = None
        if is_current:
            ground = theme.accent_soft
        elif option.state & QStyle.StateFlag.State_MouseOver:
            ground = theme.sunken
        painter.setPen(QPen(QColor(theme.accent), FOCUS_PX) if has_focus else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground) if ground else Qt.BrushStyle.NoBrush)
        if has_focus:
            rect = rect.adjusted(FOCUS_PX / 2, FOCUS_PX / 2, -FOCUS_PX / 2, -FOCUS_PX / 2)
        painter.drawRoundedRect(rect, RADIUS_PX, RADIUS_PX)


class ConversationDelegate(_RowDelegate):
    """Headings, conversations, and the field in which one gets another title."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, themes().tall_px(ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: SidebarRow = index.data(ROW_ROLE)
        is_current, is_running = index.data(STATE_ROLE)
        theme = themes().current
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner = option.rect.adjusted(PADDING_PX, 0, -PADDING_PX, 0)
        if isinstance(row, Heading):
            draw_line(painter, inner.translated(0, 3), row.words, _font(option.font, FONT_SMALL_PX), theme.text_3)
            painter.restore()
            return
        self.draw_ground(painter, option, is_current)
        if isinstance(row, PrivateRow):
            icon = pixmap("private", theme.text_2, ICON_PX, painter.device().devicePixelRatioF())
            painter.drawPixmap(QPoint(inner.left(), inner.center().y() - ICON_PX // 2 + 1), icon)
            inner.setLeft(inner.left() + ICON_PX + PADDING_PX)
        if is_running:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent))
            painter.drawEllipse(QRectF(inner.right() - DOT_PX, inner.center().y() - DOT_PX / 2 + 0.5, DOT_PX, DOT_PX))
            inner.setRight(inner.right() - DOT_PX - PADDING_PX)
        font = _font(option.font, FONT_BODY_PX, QFont.Weight.Medium if is_current else QFont.Weight.Normal)
        draw_line(painter, inner, row_words(row), font, theme.text)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setObjectName("titleField")
        editor.setMaxLength(TITLE_CHARACTERS_MAX)
        editor.setAccessibleName(row_words(index.data(ROW_ROLE)))
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect)


class FoundDelegate(_RowDelegate):
    """Title and day, and the words around the hits, which are bold."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        title, small = line_px(_font(option.font, FONT_BODY_PX)), line_px(_font(option.font, FONT_SMALL_PX))
        return QSize(0, 2 * PADDING_PX + title + 2 + EXCERPT_LINES * small)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        found: Found = index.data(ROW_ROLE)
        theme = themes().current
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw_ground(painter, option, is_current=False)
        inner = option.rect.adjusted(PADDING_PX, PADDING_PX, -PADDING_PX, -PADDING_PX)
        small = _font(option.font, FONT_SMALL_PX)
        when = date_words(found.conversation.changed_at, date.today())
        top = QRect(inner.topLeft(), QSize(inner.width(), line_px(_font(option.font, FONT_BODY_PX))))
        painter.setFont(small)
        painter.setPen(QColor(theme.text_3))
        painter.drawText(top, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), when)
        title_rect = top.adjusted(0, 0, -painter.fontMetrics().horizontalAdvance(when) - PADDING_PX, 0)
        is_title = found.where == "title"
        title, marks = (found.excerpt, found.marks) if is_title else (short_title(found.conversation.title), ())
        draw_line(painter, title_rect, title, _font(option.font, FONT_BODY_PX), theme.text, marks)
        if not is_title:
            inner.setTop(top.bottom() + 3)
            text, marks = _excerpt(found)
            draw_lines(painter, inner, text, small, theme.text_2, marks, EXCERPT_LINES)
        painter.restore()


def _excerpt(found: Found) -> tuple[str, Marks]:
    """Where it is, then the words from shortly before the first hit on."""
    lead = f"{locator_words(found.locator)} · " if found.locator else ""
    first = min((start for start, _ in found.marks), default=0)
    cut = max(0, first - LEAD_CHARACTERS)
    if cut:
        cut = found.excerpt.find(" ", cut, first) + 1 or cut  # at a word, where words are parted
        lead += "…"
    shift = len(lead) - cut
    return lead + found.excerpt[cut:], tuple((start + shift, end + shift) for start, end in found.marks)


def _font(font: QFont, size_px: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    result = QFont(font)
    result.setPixelSize(themes().text_px(size_px))
    result.setWeight(weight)
    return result
