"""Small questions about an attachment: which part of it, and its password. They block nothing while they are open."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QInputDialog, QLineEdit, QWidget


class PartPrompt(QInputDialog):
    """Asks which pages, or which time, of an attachment is meant.

    Signals:
        chosen(key, text): the text is empty for all of it.
    """

    chosen = Signal(int, str)

    def __init__(self, key: int, name: str, part: str, *, is_timed: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._key = key
        self.setWindowTitle(name)
        if is_timed:
            self.setLabelText(self.tr("From when to when? For example 00:10-00:40. Leave it empty for all of it."))
        else:
            self.setLabelText(self.tr("Which pages? For example 3-7, 12. Leave it empty for all of them."))
        self.setTextValue(part)
        self.setOkButtonText(self.tr("Use this part"))
        self.setCancelButtonText(self.tr("Cancel"))
        self.textValueSelected.connect(self._on_text_value_selected)

    def _on_text_value_selected(self, text: str) -> None:
        self.chosen.emit(self._key, text)


class PasswordPrompt(QInputDialog):
    """Asks for the password of an attachment, and for another one when it was wrong.

    Signals:
        given(key, password), dismissed(key).
    """

    given = Signal(int, str)
    dismissed = Signal(int)

    def __init__(self, key: int, name: str, *, was_wrong: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._key = key
        self.setWindowTitle(name)
        text = self.tr("That is not its password. Try again:") if was_wrong else self.tr("It is protected. What is its password?")
        self.setLabelText(text)
        self.setTextEchoMode(QLineEdit.EchoMode.Password)
        self.setOkButtonText(self.tr("Open"))
        self.setCancelButtonText(self.tr("Cancel"))
        self.textValueSelected.connect(self._on_text_value_selected)
        self.rejected.connect(self._on_rejected)

    def _on_text_value_selected(self, text: str) -> None:
        self.given.emit(self._key, text)

    def _on_rejected(self) -> None:
        self.dismissed.emit(self._key)
