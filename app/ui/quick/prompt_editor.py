"""The quick actions in the settings: each with its prompt, to be changed, moved, removed, and others added."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.buttons import IconButton, TextButton
from app.ui.elided_label import ElidedLabel
from app.ui.language import Translated
from app.ui.quick.action_form import ActionForm
from app.ui.quick.quick_actions import ACTIONS_MAX, QuickAction, built_in, new_id, read_actions, write_actions


class PromptEditor(Translated, QWidget):
    """A control of the settings' page, as those in `app.ui.settings.controls`.

    Signals:
        changed(text): by the user, in the form in which it is kept.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._actions: tuple[QuickAction, ...] = ()
        self._lines: list[QWidget] = []
        self._form = ActionForm()
        self._add, self._restore = TextButton("outlined", "plus"), TextButton("plain")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._add)
        buttons.addWidget(self._restore)
        buttons.addStretch()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._layout.addWidget(self._form)
        self._layout.addLayout(buttons)
        self._add.clicked.connect(self._on_add_clicked)
        self._restore.clicked.connect(self._on_restore_clicked)
        self._form.saved.connect(self._on_form_saved)
        self._form.removed.connect(self._on_form_removed)
        self._form.restored.connect(self._on_form_restored)
        self._form.given_up.connect(self._on_form_given_up)
        self.retranslate()

    def set_value(self, text: str) -> None:
        """Show these, as they are kept; empty for the built-in ones."""
        if text != self._text or not self._lines:
            self._text = text
            self.retranslate()

    def retranslate(self) -> None:
        self._add.set_words(self.tr("Add a prompt"))
        self._restore.set_words(self.tr("Use the built-in ones again"))
        self._restore.setEnabled(bool(self._text))
        self._actions = read_actions(self._text)
        self._add.setEnabled(len(self._actions) < ACTIONS_MAX)
        for line in self._lines:
            line.hide()
            line.deleteLater()
        self._lines = [self._build_line(index, action) for index, action in enumerate(self._actions)]
        for index, line in enumerate(self._lines):
            self._layout.insertWidget(index, line)
        self._order_focus(len(self._lines))

    def _order_focus(self, form_index: int) -> None:
        """Tab goes through the lines from top to bottom, with the form where it stands."""
        stops: list[QWidget] = [button for line in self._lines for button in line.findChildren(IconButton)]
        stops[2 * form_index : 2 * form_index] = self._form.focus_stops()
        for before, after in pairwise((*stops, self._add, self._restore)):
            QWidget.setTabOrder(before, after)

    def _build_line(self, index: int, action: QuickAction) -> QWidget:
        line = QWidget()
        name, prompt = ElidedLabel("option", Qt.TextElideMode.ElideRight), ElidedLabel("help", Qt.TextElideMode.ElideRight)
        name.set_full_text(action.name)
        prompt.set_full_text(" ".join(action.prompt.split()) or self.tr("Recognised on this computer, without a model"))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(name)
        words.addWidget(prompt)
        up, edit = IconButton("arrow-up", size_px=16), IconButton("edit", size_px=16)
        up.setEnabled(index > 0)
        up.set_words(self.tr("Move {name} to the front").format(name=action.name))
        edit.set_words(self.tr("Edit {name}").format(name=action.name))
        for button, slot in ((up, self._on_up_clicked), (edit, self._on_edit_clicked)):
            button.setProperty("action", action.id)
            button.clicked.connect(slot)
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(4)
        layout.addLayout(words, 1)
        layout.addWidget(up)
        layout.addWidget(edit)
        return line

    def _change(self, actions: Sequence[QuickAction], focus: str = "") -> None:
        """Have these, and the keyboard at the one named, if it is there."""
        self._form.hide()
        self._text = write_actions(actions)
        self.retranslate()
        index = next((index for index, action in enumerate(self._actions) if action.id == focus), None)
        stop = self._lines[index].findChildren(IconButton)[-1] if index is not None else self._add
        stop.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit(self._text)

    def _own(self, action_id: str) -> QuickAction | None:
        return next((action for action in built_in() if action.id == action_id), None)

    def _open(self, action: QuickAction, index: int) -> None:
        """Below its line."""
        own = self._own(action.id)
        self._layout.removeWidget(self._form)
        self._layout.insertWidget(index, self._form)
        self._form.edit(action, can_restore=own is not None and own != action)
        self._order_focus(index)

    def _on_add_clicked(self) -> None:
        self._open(QuickAction(new_id(self._actions), "", ""), len(self._lines))

    def _on_restore_clicked(self) -> None:
        self._change(built_in())

    def _on_edit_clicked(self) -> None:
        action_id = self.sender().property("action")
        index = next(index for index, action in enumerate(self._actions) if action.id == action_id)
        self._open(self._actions[index], index + 1)

    def _on_up_clicked(self) -> None:
        action_id = self.sender().property("action")
        actions = list(self._actions)
        index = next(index for index, action in enumerate(actions) if action.id == action_id)
        actions.insert(max(0, index - 1), actions.pop(index))
        self._change(actions, action_id)

    def _on_form_saved(self, action: QuickAction) -> None:
        known = any(other.id == action.id for other in self._actions)
        changed = [action if other.id == action.id else other for other in self._actions]
        self._change(changed if known else [*changed, action], action.id)

    def _on_form_removed(self, action_id: str) -> None:
        self._change([other for other in self._actions if other.id != action_id])

    def _on_form_restored(self, action_id: str) -> None:
        self._change([self._own(action_id) or other if other.id == action_id else other for other in self._actions], action_id)

    def _on_form_given_up(self) -> None:
        self._form.hide()
        self._add.setFocus(Qt.FocusReason.OtherFocusReason)
