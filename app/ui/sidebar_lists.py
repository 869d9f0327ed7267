"""The two lists of the sidebar, and the field that chooses between them, with what the keyboard does in each."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLineEdit, QListView, QStyle, QStyledItemDelegate, QWidget

from app.ui.announcing import tell_row
from app.ui.buttons import IconButton
from app.ui.icons import pixmap
from app.ui.theme import themes

ICON_PX = 16
ICON_LEFT_PX = 12
CLEAR_PX = 24
CHARACTERS_SEEN = 7


class SidebarList(QListView):
    """Rows that are opened with a click or Enter.

    Signals:
        opened(index): it was.
        renaming_wanted(index), deletion_wanted(index): F2 or Delete were pressed.
        menu_wanted(index, position): the context menu is to open at a point of the screen.
        typed(text): words that belong into the field above.
    """

    opened = Signal(QModelIndex)
    renaming_wanted = Signal(QModelIndex)
    deletion_wanted = Signal(QModelIndex)
    menu_wanted = Signal(QModelIndex, QPoint)
    typed = Signal(str)

    def __init__(self, model: QAbstractItemModel, delegate: QStyledItemDelegate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebarList")
        self.setModel(model)
        self.setItemDelegate(delegate)
        delegate.setParent(self)
        self.setUniformItemSizes(True)  # or Qt asks every row of 10,000 for its height
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.verticalScrollBar().rangeChanged.connect(self._on_bar_range_changed)
        self._on_bar_range_changed(0, 0)
        self.clicked.connect(self.opened)
        themes().changed.connect(self._on_themes_changed)

    @property
    def is_editing(self) -> bool:
        """Whether a title is being written."""
        return self.state() == QAbstractItemView.State.EditingState

    def focus_first(self) -> None:
        """Bring the keyboard here, to the row where it was or to the first one."""
        if not self.currentIndex().isValid():
            rows = (self.model().index(row, 0) for row in range(self.model().rowCount()))
            self.setCurrentIndex(next((index for index in rows if index.flags() & Qt.ItemFlag.ItemIsEnabled), QModelIndex()))
        self.setFocus(Qt.FocusReason.TabFocusReason)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_F2:
            event.accept()  # F2 is meant for the row here, not for the title in the header
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._show_focus(True)
        index, key = self.currentIndex(), event.key()
        has_modifier = bool(event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier))
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self.opened.emit(index)
        elif key == Qt.Key.Key_F2 and index.isValid():
            self.renaming_wanted.emit(index)
        elif key == Qt.Key.Key_Delete and index.isValid():
            self.deletion_wanted.emit(index)
        elif event.text().isprintable() and event.text().strip() and not has_modifier:
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_keyboard else self.indexAt(event.pos())
        if index.isValid():
            place = self.viewport().mapToGlobal(self.visualRect(index).center()) if by_keyboard else event.globalPos()
            self.menu_wanted.emit(index, place)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self._show_focus(True)
        super().focusInEvent(event)
        tell_row(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._show_focus(False)
        super().mousePressEvent(event)

    def _show_focus(self, is_shown: bool) -> None:
        """A ring around the row helps whoever uses the keyboard, and nobody else."""
        self.setProperty("showsFocus", is_shown)
        self.viewport().update()

    def _on_bar_range_changed(self, minimum: int, maximum: int) -> None:
        """The bar comes and goes in the margin; rows stay as wide as they are."""
        extent_px = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self.verticalScrollBar())
        self.setViewportMargins(0, 0, 0 if maximum > minimum else extent_px, 0)

    def _on_themes_changed(self) -> None:
        self.doItemsLayout()  # rows follow the size of text
        self.viewport().update()


class SearchField(QLineEdit):
    """Words to search for; Esc takes them out.

    Signals:
        left_downwards(): the arrow down was pressed.
    """

    left_downwards = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("searchField")
        self._clear = IconButton("close", self, ICON_PX, is_inner=True)
        self._clear.clicked.connect(self.clear)
        self._clear.hide()
        self.textChanged.connect(self._on_text_changed)
        self.setTextMargins(ICON_LEFT_PX + ICON_PX - 4, 0, 0, 0)

    def set_words(self, words: str, hint: str, clear: str) -> None:
        """What it is for, in short and in full, and what its button does."""
        self.setPlaceholderText(words)
        self.setAccessibleName(hint)
        self.setToolTip(hint)
        self._clear.set_words(clear)

    def useful_width(self) -> int:
        """Below it, too little is seen of what is written."""
        return self.fontMetrics().horizontalAdvance("0" * CHARACTERS_SEEN) + ICON_LEFT_PX + ICON_PX + CLEAR_PX

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and self.text():
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()  # Esc is meant for the words here, not for the answer that runs
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.clear()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.left_downwards.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        drawn = pixmap("search", themes().current.text_2, ICON_PX, self.devicePixelRatioF())
        painter.drawPixmap(ICON_LEFT_PX, (self.height() - ICON_PX) // 2, drawn)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        inset = (self.height() - CLEAR_PX) // 2
        self._clear.setGeometry(self.width() - CLEAR_PX - inset, inset, CLEAR_PX, CLEAR_PX)

    def _on_text_changed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self.setTextMargins(ICON_LEFT_PX + ICON_PX - 4, 0, CLEAR_PX - 4 if text else 0, 0)
