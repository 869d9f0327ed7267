"""A line of text that is checked when it was written, with what is wrong said below it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.ui.remote_words import problem_words
from app.ui.settings.rows import label
from inference.errors import InferenceError

WIDTH_PX_MIN = 240


class CheckedField(QWidget):
    """Signals:
    changed(text): another one, as the check gave it back.
    """

    changed = Signal(str)

    def __init__(self, check: Callable[[str], str], placeholder: str = "", parent: QWidget | None = None) -> None:
        """`check` gives the text as it is kept, or raises InferenceError."""
        super().__init__(parent)
        self._check, self._value = check, ""
        self._field, self._problem = QLineEdit(), label("danger")
        self._field.setPlaceholderText(placeholder)
        self._field.setMinimumWidth(WIDTH_PX_MIN)
        self._problem.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._field)
        layout.addWidget(self._problem)
        self.setFocusProxy(self._field)
        self._field.editingFinished.connect(self._on_field_editing_finished)

    def set_value(self, value: str) -> None:
        """Show this, unless something else was written that cannot be used; nothing is told."""
        if value != self._value or self._problem.isHidden():
            self._value = value
            self._field.setText(value)
            self._say("")

    def setAccessibleName(self, name: str) -> None:
        self._field.setAccessibleName(name)

    def setAccessibleDescription(self, description: str) -> None:
        self._field.setAccessibleDescription(description)

    def _say(self, problem: str) -> None:
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))

    def _on_field_editing_finished(self) -> None:
        try:
            good = self._check(self._field.text())
        except InferenceError as error:
            self._say(problem_words(error.code, error.message))
            return
        self._say("")
        self._field.setText(good)
        if good != self._value:
            self._value = good
            self.changed.emit(good)
