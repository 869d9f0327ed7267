"""Where a quick action is changed: its name and its prompt, in the ask bar and in the settings."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.ui.buttons import TextButton
from app.ui.language import Translated
from app.ui.quick.flow import ButtonRow
from app.ui.quick.quick_actions import BLANK, NAME_CHARACTERS_MAX, PROMPT_CHARACTERS_MAX, QuickAction, tidy_name
from app.ui.theme import themes

PROMPT_PX = 84
"""Some three lines."""


class ActionForm(Translated, QFrame):
    """Signals:
    saved(action): with a name, and a prompt where there has to be one.
    removed(id), restored(id): the action is to go, or to be as it was built in.
    given_up(): nothing is changed.
    """

    saved = Signal(QuickAction)
    removed = Signal(str)
    restored = Signal(str)
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action = QuickAction("", "", "")
        self._name, self._prompt = QLineEdit(), QPlainTextEdit()
        self._name.setMaxLength(NAME_CHARACTERS_MAX)
        self._prompt.setProperty("kind", "field")
        self._prompt.setTabChangesFocus(True)
        self._help = QLabel()
        self._help.setProperty("kind", "help")
        self._help.setWordWrap(True)
        self._save, self._cancel = TextButton("primary"), TextButton("outlined")
        self._restore, self._remove = TextButton("plain"), TextButton("plain")
        buttons = ButtonRow((self._save, self._cancel, self._restore, self._remove))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 8)
        layout.setSpacing(8)
        for widget in (self._name, self._prompt, self._help, buttons):
            layout.addWidget(widget)
        self._name.textChanged.connect(self._update_save)
        self._prompt.textChanged.connect(self._update_save)
        self._name.returnPressed.connect(self._on_save_clicked)
        self._save.clicked.connect(self._on_save_clicked)
        self._cancel.clicked.connect(self.given_up)
        self._restore.clicked.connect(self._on_restore_clicked)
        self._remove.clicked.connect(self._on_remove_clicked)
        themes().changed.connect(self._fit)
        self._fit()
        self.hide()
        self.retranslate()

    def edit(self, action: QuickAction, *, can_restore: bool) -> None:
        """Change this one. `can_restore` says whether it was built in and has been changed since."""
        self._action = action
        self._name.setText(action.name)
        self._prompt.setPlainText(action.prompt)
        self._prompt.setVisible(action.needs_model)
        self._restore.setVisible(can_restore)
        self._remove.setVisible(bool(action.name))
        self.retranslate()
        self.show()
        first = self._prompt if action.name and action.needs_model else self._name
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_stops(self) -> list[QWidget]:
        """What Tab comes to, in order."""
        return [self._name, self._prompt, self._save, self._cancel, self._restore, self._remove]

    def retranslate(self) -> None:
        self._name.setPlaceholderText(self.tr("Name of the button"))
        self._name.setAccessibleName(self.tr("Name of the button"))
        self._prompt.setPlaceholderText(self.tr("What the model is asked"))
        self._prompt.setAccessibleName(self.tr("What the model is asked"))
        blank = self.tr("Write {blank} where the words that you type are to go.").format(blank=BLANK)
        recognised = self.tr("The text is recognised on this computer, without a model.")
        self._help.setText(blank if self._action.needs_model else recognised)
        self._save.set_words(self.tr("Save"))
        self._cancel.set_words(self.tr("Cancel"))
        self._restore.set_words(self.tr("As it was"), self.tr("Take the built-in name and prompt again"))
        self._remove.set_words(self.tr("Remove"), self.tr("Remove {name}").format(name=self._action.name))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        elif event.key() == Qt.Key.Key_Return and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._on_save_clicked()
        else:
            super().keyPressEvent(event)

    def _written(self) -> QuickAction | None:
        name, prompt = tidy_name(self._name.text()), self._prompt.toPlainText().strip()[:PROMPT_CHARACTERS_MAX]
        if not name or (self._action.needs_model and not prompt):
            return None
        return replace(self._action, name=name, prompt=prompt if self._action.needs_model else "")

    def _update_save(self) -> None:
        self._save.setEnabled(self._written() is not None)

    def _fit(self) -> None:
        self._prompt.setFixedHeight(themes().text_px(PROMPT_PX))

    def _on_save_clicked(self) -> None:
        action = self._written()
        if action is not None:
            self.saved.emit(action)

    def _on_restore_clicked(self) -> None:
        self.restored.emit(self._action.id)

    def _on_remove_clicked(self) -> None:
        self.removed.emit(self._action.id)
