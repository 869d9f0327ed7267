"""The marked places of an answer as a list: for the keyboard, for screen readers, and for boxes on other pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLocale, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QSizePolicy, QVBoxLayout, QWidget

from app.chat.answer import Reference
from app.ui.announcing import tell_row
from app.ui.box_words import box_words
from app.ui.buttons import TextButton
from app.ui.language import Translated
from app.ui.reference_tag import paint_tag, tag_size
from app.ui.theme import themes
from app.ui.tooltips import plain_tooltip

ROWS_MAX = 5
"""More are scrolled to."""
ICON_SCALE = 2.0
"""Tags are kept at twice their size, for screens that show it."""
NUMBER = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class ListedBox:
    """A reference, and the name of its picture when that is not the one in view."""

    reference: Reference
    elsewhere: str = ""


class _Rows(QListWidget):
    """Signals:
    left(): the keyboard went elsewhere.
    """

    left = Signal()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), min(self.count(), ROWS_MAX) * max(24, self.sizeHintForRow(0)) + 4)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # for the viewer
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.currentRow() < 0 and self.count():
            self.setCurrentRow(0)
        else:
            self.currentItemChanged.emit(self.currentItem(), None)
        tell_row(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class BoxList(Translated, QFrame):
    """Folded at first; hidden without boxes.

    Attributes:
        fold: shows and hides the rows.
        rows: one for each box.

    Signals:
        pointed(number): reached by an arrow key or a click; 0 when the list is left.
        chosen(number): to be brought into view.
    """

    pointed = Signal(int)
    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("boxes")
        self._boxes: tuple[ListedBox, ...] = ()
        self._is_filling = False
        self.fold = TextButton("fold", "unfold")
        self.fold.setCheckable(True)
        self.rows = _Rows()
        self.rows.setObjectName("boxRows")
        self.rows.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.rows.setMinimumWidth(0)
        self.rows.setIconSize(QSize(30, 18))
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.rows.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(4)
        layout.addWidget(self.fold)
        layout.addWidget(self.rows)
        self.fold.toggled.connect(self._on_fold_toggled)
        self.rows.currentItemChanged.connect(self._on_rows_current_item_changed)
        self.rows.itemActivated.connect(self._on_rows_item_activated)
        self.rows.itemClicked.connect(self._on_rows_item_activated)
        self.rows.left.connect(self._on_rows_left)
        themes().changed.connect(self._fill)
        self.hide()
        self.retranslate()

    @property
    def lines(self) -> list[str]:
        """What the rows say."""
        return [self.rows.item(row).text() for row in range(self.rows.count())]

    def set_boxes(self, boxes: Sequence[ListedBox]) -> None:
        """List these."""
        if tuple(boxes) != self._boxes:
            self._boxes = tuple(boxes)
            self._fill()

    def set_current(self, number: int) -> None:
        """Mark a row, as its box is marked; 0 for none."""
        if self.rows.hasFocus():
            return  # the keyboard is what decides
        self._is_filling = True
        row = next((row for row, box in enumerate(self._boxes) if box.reference.number == number), -1)
        self.rows.setCurrentRow(row)
        self._is_filling = False

    def retranslate(self) -> None:
        self.rows.setAccessibleName(self.tr("Marked places"))
        self._fill()

    def _fill(self) -> None:
        self._is_filling = True
        row = self.rows.currentRow()
        self.rows.clear()
        for box in self._boxes:
            number = box.reference.number
            words = box_words(number, box.reference.box)
            if box.elsewhere:
                words = self.tr("{box}, in {picture}").format(box=words, picture=box.elsewhere)
            item = QListWidgetItem(_icon(number), words.removeprefix(QLocale().toString(number)).strip())
            item.setData(NUMBER, number)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
            item.setToolTip(plain_tooltip(words))
            self.rows.addItem(item)
        self.rows.setCurrentRow(min(row, self.rows.count() - 1))
        self.rows.updateGeometry()
        one, many = self.tr("1 marked place"), self.tr("{count} marked places")
        self.fold.set_words(one if len(self._boxes) == 1 else many.format(count=QLocale().toString(len(self._boxes))))
        self.setVisible(bool(self._boxes))
        self._is_filling = False

    def _on_fold_toggled(self, is_open: bool) -> None:
        self.rows.setVisible(is_open)
        self.fold.set_icon("fold" if is_open else "unfold")

    def _on_rows_current_item_changed(self, item: QListWidgetItem | None) -> None:
        if item is not None and not self._is_filling:
            self.pointed.emit(item.data(NUMBER))

    def _on_rows_item_activated(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(NUMBER))

    def _on_rows_left(self) -> None:
        self.pointed.emit(0)


def _icon(number: int) -> QIcon:
    size = tag_size(number)
    pixmap = QPixmap(round(size.width() * ICON_SCALE), round(size.height() * ICON_SCALE))
    pixmap.setDevicePixelRatio(ICON_SCALE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    theme = themes().current
    paint_tag(painter, QPointF(0, 0), number, theme.box_color(number), theme.is_box_dashed(number))
    painter.end()
    return QIcon(pixmap)
