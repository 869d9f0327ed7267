"""One key of the keychain: whether it is there, and what can be done about it. It is seen only while it is typed, as dots."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.settings.keys import Keys
from app.settings.secrets import KEY_CHARACTERS_MAX
from app.ui.buttons import TextButton
from app.ui.settings.rows import Deletion, Row, label
from app.ui.settings.words import keychain_words


class KeyRow(Row):
    """Sets, replaces and removes the key of one name; whoever shows it keeps the list of names."""

    def __init__(self, keys: Keys, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._keys, self._name = keys, name
        self._is_kept = self._is_replacing = False
        self._has_keychain, self._problem = True, ""
        self._state, self._trouble = label("quiet"), label("danger")
        self._field, self._save = key_field(), TextButton("primary")
        self._replace, self._deletion = TextButton("outlined"), Deletion()
        self._entry = QWidget()
        entry = QHBoxLayout(self._entry)
        entry.setContentsMargins(0, 0, 0, 0)
        entry.setSpacing(8)
        entry.addWidget(self._field, 1)
        entry.addWidget(self._save)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._replace, 0, Qt.AlignmentFlag.AlignTop)
        buttons.addWidget(self._deletion, 1)
        for widget in (self._state, self._trouble, self._entry):
            self.body.addWidget(widget)
        self.body.addLayout(buttons)
        self._field.textChanged.connect(self._update)
        self._field.returnPressed.connect(self._on_save_clicked)
        self._save.clicked.connect(self._on_save_clicked)
        self._replace.clicked.connect(self._on_replace_clicked)
        self._deletion.confirmed.connect(self._on_deletion_confirmed)
        keys.checked.connect(self._on_keys_checked)
        keys.saved.connect(self._on_keys_saved)
        keys.removed.connect(self._on_keys_removed)
        keys.failed.connect(self._on_keys_failed)
        self.retranslate()

    @property
    def has_key(self) -> bool:
        """Whether there is one, in the keychain or until the program ends."""
        return self._is_kept or self._name in self._keys.secrets.session_names

    def show_kept(self, is_kept: bool) -> None:
        """Whether it is in the keychain."""
        self._is_kept = is_kept
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything anew."""
        self.set_words(self.tr("Key"), self.tr("It lies in this system's keychain, and is sent to this address and nowhere else."))
        if self._name in self._keys.secrets.session_names:
            self._state.setText(self.tr("✓ Known until Sightline ends"))
        else:
            self._state.setText(self.tr("✓ In the keychain"))
        self._state.setVisible(self.has_key)
        self._field.setPlaceholderText(self.tr("Key"))
        self._field.setAccessibleName(self.tr("Key"))
        self._save.set_words(self.tr("Keep in the keychain") if self._has_keychain else self.tr("Use until Sightline ends"))
        self._replace.set_words(self.tr("Replace…"))
        self._replace.setAccessibleName(self.tr("Replace the key"))
        question = self.tr("Remove the key? You can add it again.")
        self._deletion.set_words(self.tr("Remove…"), self.tr("Remove the key"), question, self.tr("Remove"), self.tr("Keep"))
        self._trouble.setText(keychain_words(self._problem) if self._problem else "")
        self._trouble.setVisible(bool(self._problem))
        self._update()

    def _update(self) -> None:
        is_writing = self._is_replacing or not self.has_key
        self._entry.setVisible(is_writing)
        self._replace.setVisible(not is_writing)
        self._deletion.setVisible(self.has_key and not is_writing)
        self._save.setEnabled(bool(self._field.text().strip()))

    def _on_save_clicked(self) -> None:
        if self._save.isEnabled():
            self._save.setEnabled(False)
            self._keys.save(self._name, self._field.text().strip(), is_kept=self._has_keychain)

    def _on_replace_clicked(self) -> None:
        self._is_replacing = True
        self._update()
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_deletion_confirmed(self) -> None:
        self._keys.remove(self._name)

    def _on_keys_checked(self, code: str) -> None:
        self._has_keychain = code != "no_keychain"
        self._problem = code
        self.retranslate()

    def _on_keys_saved(self, name: str, is_kept: bool) -> None:
        if name == self._name:
            self._field.setText("")  # not clear(), which can be undone
            self._is_kept, self._is_replacing = is_kept, False
            self._problem = self._problem if self._problem == "no_keychain" else ""
            self.retranslate()

    def _on_keys_removed(self, name: str) -> None:
        if name == self._name:
            self._is_kept = False
            self.retranslate()

    def _on_keys_failed(self, name: str, code: str, _message: str) -> None:
        if name == self._name:
            self._problem, self._has_keychain = code, code != "no_keychain"
            self.retranslate()


def key_field() -> QLineEdit:
    """Takes a key and shows dots; a key that is too long is refused later, and not cut."""
    field = QLineEdit()
    field.setMaxLength(KEY_CHARACTERS_MAX + 1)
    field.setEchoMode(QLineEdit.EchoMode.Password)
    return field
