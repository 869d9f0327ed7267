"""Keys by name. A key itself is seen only while it is typed, as dots, and goes from here to the keychain."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.settings.keys import Keys
from app.settings.schema import Settings
from app.settings.secrets import KEY_CHARACTERS_MAX, NAME_CHARACTERS_MAX
from app.ui.buttons import TextButton
from app.ui.settings.rows import Deletion, Page, Row, label
from app.ui.settings.words import keychain_words


class KeysPage(Page):
    """The keys that there are, and a form for another one.

    Signals:
        changed(name, value): of the setting `keys`, the names of those that are kept.
    """

    changed = Signal(str, object)

    def __init__(self, keys: Keys, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self._names = settings.keys
        self._problem = ""
        self._has_keychain = True
        self._shown: tuple[tuple[str, ...], tuple[str, ...]] | None = None
        self._intro, self._list, self._form = Row(), Row(), Row()
        self._trouble = label("danger")
        self._trouble.hide()
        self._name, self._key, self._save = QLineEdit(), QLineEdit(), TextButton("primary")
        self._build_form()
        for row in (self._intro, self._list, self._form):
            self.add_row(row)
        keys.checked.connect(self._on_keys_checked)
        keys.saved.connect(self._on_keys_saved)
        keys.removed.connect(self._on_keys_removed)
        keys.failed.connect(self._on_keys_failed)
        self.retranslate()
        keys.check()

    def show_settings(self, settings: Settings) -> None:
        """Show what holds now."""
        if settings.keys != self._names:
            self._names = settings.keys
            self._show_list()

    def retranslate(self) -> None:
        self._intro.set_words(
            self.tr("Keys of servers and providers"),
            self.tr(
                "They lie in this system's keychain, in no file of Sightline's, and are sent to nobody but the server they are for."
            ),
        )
        self._form.set_words(self.tr("Add or replace a key"))
        self._name.setPlaceholderText(self.tr("Name of the server or provider"))
        self._name.setAccessibleName(self.tr("Name of the server or provider"))
        self._key.setPlaceholderText(self.tr("Key"))
        self._key.setAccessibleName(self.tr("Key"))
        if self._has_keychain:
            self._save.set_words(self.tr("Keep in the keychain"))
        else:
            self._save.set_words(self.tr("Use until Sightline ends"))
        self._trouble.setText(keychain_words(self._problem) if self._problem else "")
        self._trouble.setVisible(bool(self._problem))
        self._shown = None
        self._show_list()

    def _build_form(self) -> None:
        self._name.setMaxLength(NAME_CHARACTERS_MAX)
        self._key.setMaxLength(KEY_CHARACTERS_MAX + 1)  # one more, so that a longer one is refused and not cut
        self._key.setEchoMode(QLineEdit.EchoMode.Password)
        self._save.setEnabled(False)
        for field in (self._name, self._key):
            field.textChanged.connect(self._update)
            field.returnPressed.connect(self._on_save_clicked)
        self._save.clicked.connect(self._on_save_clicked)
        buttons = QHBoxLayout()
        buttons.addWidget(self._save)
        buttons.addStretch()
        for widget in (self._trouble, self._name, self._key):
            self._form.body.addWidget(widget)
        self._form.body.addLayout(buttons)

    def _show_list(self) -> None:
        for_session = self._keys.secrets.session_names
        if self._shown == (self._names, for_session):
            return
        self._shown = (self._names, for_session)
        while (item := self._list.body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        names = sorted({*self._names, *for_session}, key=str.casefold)
        self._list.set_words(self.tr("Known keys"), "" if names else self.tr("None yet"))
        for name in names:
            self._list.body.addWidget(self._build_line(name, name in for_session))

    def _build_line(self, name: str, is_for_session: bool) -> QWidget:
        line = QWidget()
        deletion = Deletion()
        deletion.set_words(
            self.tr("Remove…"),
            self.tr("Remove the key of {name}").format(name=name),
            self.tr("Remove the key of {name}? You can add it again.").format(name=name),
            self.tr("Remove"),
            self.tr("Keep"),
        )
        deletion.confirmed.connect(lambda: self._keys.remove(name))
        layout = QVBoxLayout(line)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setSpacing(4)
        layout.addWidget(label("title", name))
        layout.addWidget(label("small", self.tr("Until Sightline ends") if is_for_session else self.tr("In the keychain")))
        layout.addWidget(deletion)
        return line

    def _update(self) -> None:
        self._save.setEnabled(bool(self._name.text().strip() and self._key.text().strip()))

    def _on_save_clicked(self) -> None:
        if self._save.isEnabled():
            self._save.setEnabled(False)
            self._keys.save(self._name.text().strip(), self._key.text().strip(), is_kept=self._has_keychain)

    def _on_keys_checked(self, code: str) -> None:
        self._problem, self._has_keychain = code, code != "no_keychain"
        self.retranslate()

    def _on_keys_saved(self, name: str, is_kept: bool) -> None:
        self._problem = self._problem if self._problem == "no_keychain" else ""
        for field in (self._name, self._key):
            field.setText("")  # not clear(), which can be undone
        if is_kept and name not in self._names:
            self._names = (*self._names, name)
            self.changed.emit("keys", self._names)
        self.retranslate()

    def _on_keys_removed(self, name: str) -> None:
        if name in self._names:
            self._names = tuple(other for other in self._names if other != name)
            self.changed.emit("keys", self._names)
        self.retranslate()

    def _on_keys_failed(self, _name: str, code: str, _message: str) -> None:
        self._problem = code
        self._has_keychain = code != "no_keychain"
        self._update()
        self.retranslate()
