"""The small card in which words are searched for in the conversation."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLocale, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QWidget

from app.ui.buttons import IconButton
from app.ui.language import Translated

FIELD_WIDTH_PX = 180
COUNT_WIDTH_PX = 72


class FindBar(Translated, QFrame):
    """Signals:
    edited(words): what to search for.
    stepped(direction): to the next one (1) or the one before (-1).
    closed(): Escape, or its button.
    """

    edited = Signal(str)
    stepped = Signal(int)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._current = self._count = 0
        self.setObjectName("card")
        self.field = _FindField()
        self.field.textChanged.connect(self.edited)
        self.field.stepped.connect(self.stepped)
        self.field.left.connect(self.closed)
        self._counted = QLabel()
        self._counted.setProperty("kind", "small")
        self._counted.setMinimumWidth(COUNT_WIDTH_PX)
        self._counted.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._before, self._after = IconButton("chevron-up", size_px=16), IconButton("fold", size_px=16)
        self._close = IconButton("close", size_px=16)
        self._before.clicked.connect(self._on_before_clicked)
        self._after.clicked.connect(self._on_after_clicked)
        self._close.clicked.connect(self.closed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 4, 4)
        layout.setSpacing(0)
        layout.addWidget(self.field)
        layout.addWidget(self._counted)
        layout.addSpacing(8)
        for button in (self._before, self._after, self._close):
            layout.addWidget(button)
        self.hide()
        self.retranslate()

    @property
    def count_words(self) -> str:
        """What it says about how many there are."""
        return self._counted.text()

    def set_count(self, current: int, count: int) -> None:
        """Say which of how many is shown, from 1."""
        self._current, self._count = current, count
        self._before.setEnabled(count > 0)
        self._after.setEnabled(count > 0)
        self.retranslate()

    def retranslate(self) -> None:
        locale = QLocale()
        words = self.tr("{current} of {count}").format(
            current=locale.toString(self._current), count=locale.toString(self._count)
        )  # fmt: skip
        self._counted.setText("" if not self.field.text() else words if self._count else self.tr("Not found"))
        self.field.setPlaceholderText(self.tr("Find in the conversation"))
        self.field.setAccessibleName(self.tr("Find in the conversation"))
        self.field.setAccessibleDescription(self._counted.text())
        self._before.set_words(self.tr("The one before"), "Shift+Enter")
        self._after.set_words(self.tr("The next one"), "Enter")
        self._close.set_words(self.tr("Close"), "Esc")
        self.setAccessibleName(self.tr("Find in the conversation"))

    def _on_before_clicked(self) -> None:
        self.stepped.emit(-1)

    def _on_after_clicked(self) -> None:
        self.stepped.emit(1)


class _FindField(QLineEdit):
    """Enter goes on, Shift+Enter back, Escape leaves; Escape elsewhere in the window stops an answer."""

    stepped = Signal(int)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFrame(False)
        self.setMinimumWidth(FIELD_WIDTH_PX)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.stepped.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(-1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)
