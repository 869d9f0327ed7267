"""The parts of a question besides its text: the field to change it in, quiet buttons, and the way to its other versions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QLocale, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui.buttons import IconButton, TextButton
from app.ui.language import Translated
from app.ui.question_edit import QuestionEdit


class QuestionEditor(Translated, QWidget):
    """The field in which a question is put in other words.

    Signals:
        submitted(text): Enter, or its button.
        cancelled(): Escape, or its button.
    """

    submitted = Signal(str)
    cancelled = Signal()

    def __init__(self, text: str) -> None:
        super().__init__()
        self.field = _EditorField()
        self.field.setPlainText(text)
        self.field.moveCursor(QTextCursor.MoveOperation.End)
        self.field.submitted.connect(self._submit)
        self.field.cancelled.connect(self.cancelled)
        self.field.textChanged.connect(self._on_field_text_changed)
        self._send, self._cancel = TextButton("primary"), TextButton("plain")
        self._send.clicked.connect(self._submit)
        self._cancel.clicked.connect(self.cancelled)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._send)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.field)
        layout.addLayout(buttons)
        self.setTabOrder(self.field, self._send)
        self.setTabOrder(self._send, self._cancel)
        self.retranslate()

    def retranslate(self) -> None:
        self.field.setAccessibleName(self.tr("Edit the question"))
        self._send.set_words(self.tr("Send"), self.tr("Ask this instead; the old version is kept"))
        self._cancel.set_words(self.tr("Cancel"))

    def _submit(self) -> None:
        text = self.field.toPlainText().strip()
        if text:
            self.submitted.emit(text)

    def _on_field_text_changed(self) -> None:
        self._send.setEnabled(bool(self.field.toPlainText().strip()))


class _EditorField(QuestionEdit):
    """Leaves on Escape, which elsewhere in the window stops an answer."""

    cancelled = Signal()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)


class QuietButton(IconButton):
    """Seen only while the pointer is near or the keyboard is on it, but always there."""

    def __init__(self, name: str) -> None:
        super().__init__(name, size_px=16)
        self._is_shown = False

    def set_shown(self, is_shown: bool) -> None:
        """Whether the pointer is near."""
        self._is_shown = is_shown
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._is_shown or self.hasFocus():
            super().paintEvent(event)


class VersionBar(Translated, QWidget):
    """The way to other versions of a question: "‹ 2 / 3 ›".

    Signals:
        wanted(key): the version before or after is to be shown.
    """

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._keys: tuple[str, ...] = ()
        self._index = 0
        self._before, self._after = IconButton("chevron-left", size_px=16), IconButton("unfold", size_px=16)
        self._before.clicked.connect(self._on_before_clicked)
        self._after.clicked.connect(self._on_after_clicked)
        self._words = QLabel()
        self._words.setProperty("kind", "small")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self._before, self._words, self._after):
            layout.addWidget(widget)
        self.retranslate()

    def set_versions(self, keys: Sequence[str], current: str) -> None:
        """All versions in order, and the one that is shown."""
        self._keys = tuple(keys)
        self._index = self._keys.index(current) if current in self._keys else 0
        self._before.setEnabled(self._index > 0)
        self._after.setEnabled(self._index + 1 < len(self._keys))
        self.retranslate()

    @property
    def focused_step(self) -> int:
        """Which way the keyboard is on: -1 back, 1 on; 0 for neither."""
        return -1 if self._before.hasFocus() else int(self._after.hasFocus())

    def take_focus(self, step: int) -> None:
        """Have the keyboard on this way, or on the other one at the last version."""
        ways = (self._before, self._after) if step < 0 else (self._after, self._before)
        next((way for way in ways if way.isEnabled()), self._after).setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        locale = QLocale()
        number, count = locale.toString(self._index + 1), locale.toString(len(self._keys))
        self._words.setText(f"{number} / {count}")
        self.setAccessibleName(self.tr("Version {number} of {count}").format(number=number, count=count))
        self._before.set_words(self.tr("Version before"))
        self._after.set_words(self.tr("Version after"))

    def _on_before_clicked(self) -> None:
        self.wanted.emit(self._keys[self._index - 1])

    def _on_after_clicked(self) -> None:
        self.wanted.emit(self._keys[self._index + 1])
