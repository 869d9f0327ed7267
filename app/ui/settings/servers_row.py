"""The user's other servers: the list, and the form in which one is added or changed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.looking import Looking
from app.servers import KEY_PREFIX, Server, read_servers, write_servers
from app.settings.keys import Keys
from app.settings.schema import Settings
from app.ui.buttons import TextButton
from app.ui.elided_label import ElidedLabel
from app.ui.remote_notices import short_model_name
from app.ui.settings.rows import Deletion, Row, label
from app.ui.settings.server_form import ServerForm
from app.ui.settings.words import keychain_words


class ServersRow(Row):
    """Signals:
    changed(name, value): of the settings `servers` and `engine`.
    """

    changed = Signal(str, object)

    def __init__(self, keys: Keys, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._keys, self._settings = keys, settings
        self._servers = read_servers(settings.servers)
        self._looking = Looking(keys.secrets, self)
        self._form: ServerForm | None = None
        self._has_keychain, self._problem = True, ""
        self._lines: list[QWidget] = []
        self._list, self._add, self._trouble = QVBoxLayout(), TextButton("outlined", "plus"), label("danger")
        self._list.setSpacing(12)
        self.body.addLayout(self._list)
        self.body.addWidget(self._trouble)
        self.body.addWidget(self._add)
        self._add.clicked.connect(self._on_add_clicked)
        self._looking.found.connect(self._on_looking_found)
        self._looking.failed.connect(self._on_looking_failed)
        keys.checked.connect(self._on_keys_checked)
        keys.saved.connect(self._on_keys_saved)
        keys.failed.connect(self._on_keys_failed)
        self.retranslate()

    def show_settings(self, settings: Settings) -> None:
        """Show what holds now."""
        is_other = (settings.servers, settings.keys) != (self._settings.servers, self._settings.keys)
        self._settings = settings
        if is_other:
            self._servers = read_servers(settings.servers)
            self._show_list()

    def close_tasks(self) -> None:
        """Nobody waits for a server any more."""
        self._looking.cancel()

    def retranslate(self) -> None:
        """Say everything anew."""
        words = self.tr("Any server with the OpenAI API: on this computer, in your network, anywhere.")
        self.set_words(self.tr("vLLM, SGLang, llama.cpp and others"), words)
        self._add.set_words(self.tr("Add a server…"))
        self._trouble.setText(keychain_words(self._problem) if self._problem else "")
        self._trouble.setVisible(bool(self._problem))
        self._show_list()

    def _show_list(self) -> None:
        for line in self._lines:
            self._list.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = []
        changed = self._form.old_name if self._form is not None else None
        for index, server in enumerate(self._servers):
            if server.name != changed:
                self._lines.append(self._build_line(server))
                self._list.insertWidget(index, self._lines[-1])
        self._add.setVisible(self._form is None)

    def _build_line(self, server: Server) -> QWidget:
        line, deletion, edit = QWidget(), Deletion(), TextButton("outlined")
        edit.set_words(self.tr("Change…"))
        edit.setAccessibleName(self.tr("Change {name}").format(name=server.name))
        question = self.tr("Remove {name}, and its key? Answers that it gave stay.").format(name=server.name)
        name = self.tr("Remove {name}").format(name=server.name)
        deletion.set_words(self.tr("Remove…"), name, question, self.tr("Remove"), self.tr("Keep"))
        edit.clicked.connect(partial(self._open_form, server))
        deletion.confirmed.connect(partial(self._remove, server))
        facts = [server.host, short_model_name(server.model) or self.tr("no model chosen")]
        facts += [] if server.vision else [self.tr("text only")]
        facts += [self.tr("with a key")] if self._has_key(server) else []
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(edit, 0, Qt.AlignmentFlag.AlignTop)
        buttons.addWidget(deletion, 1)
        layout = QVBoxLayout(line)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(4)
        for kind, words in (("title", server.name), ("small", " · ".join(facts))):
            said = ElidedLabel(kind, Qt.TextElideMode.ElideMiddle)
            said.set_full_text(words)
            layout.addWidget(said)
        layout.addLayout(buttons)
        return line

    def _has_key(self, server: Server | None) -> bool:
        known = (*self._settings.keys, *self._keys.secrets.session_names)
        return server is not None and server.key_name in known

    def _open_form(self, server: Server | None) -> None:
        self._close_form()
        form = self._form = ServerForm(self._servers, server, self._has_key(server), self)
        form.look_wanted.connect(self._on_form_look_wanted)
        form.finished.connect(self._on_form_finished)
        form.dismissed.connect(self._on_form_dismissed)
        self._list.insertWidget(self._servers.index(server) if server is not None else self._list.count(), form)
        self._show_list()
        form.focus_first()

    def _close_form(self) -> None:
        self._looking.cancel()
        if self._form is not None:
            self._list.removeWidget(self._form)
            self._form.hide()
            self._form.deleteLater()
            self._form = None

    def _keep(self, servers: Iterable[Server], engine: str) -> None:
        self._servers = tuple(servers)
        self._show_list()
        if engine != self._settings.engine:
            self.changed.emit("engine", engine)
        self.changed.emit("servers", write_servers(self._servers))

    def _remove(self, server: Server) -> None:
        if self._has_key(server):
            self._keys.remove(server.key_name)
        is_in_use = self._settings.engine == f"server:{server.name}"
        self._keep((other for other in self._servers if other.name != server.name), "local" if is_in_use else self._settings.engine)
        self._add.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_add_clicked(self) -> None:
        self._open_form(None)

    def _on_form_look_wanted(self, address: str, key: str) -> None:
        old_key = KEY_PREFIX + self._form.old_name if self._form is not None and self._form.keeps_key else ""
        self._looking.look(address, key, old_key, self._settings)

    def _on_looking_found(self, info: object) -> None:
        if self._form is not None:
            self._form.show_found(info)  # type: ignore[arg-type]

    def _on_looking_failed(self, code: str, message: str) -> None:
        if self._form is not None:
            self._form.show_problem(code, message)

    def _on_form_finished(self, servers: tuple[Server, ...], server: Server, key: str) -> None:
        assert self._form is not None
        old = next((each for each in self._servers if each.name == self._form.old_name), None)
        if old is not None and self._has_key(old):
            if not self._form.keeps_key:
                self._keys.remove(old.key_name)
            elif old.key_name != server.key_name:
                self._keys.move(old.key_name, server.key_name)
        if key:
            self._keys.save(server.key_name, key, is_kept=self._has_keychain)
        self._close_form()
        is_in_use = old is not None and self._settings.engine == f"server:{old.name}"
        self._keep(servers, f"server:{server.name}" if is_in_use else self._settings.engine)
        self._add.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_form_dismissed(self) -> None:
        self._close_form()
        self._show_list()
        self._add.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_keys_checked(self, code: str) -> None:
        self._has_keychain = code != "no_keychain"

    def _on_keys_saved(self, name: str, _is_kept: bool) -> None:
        if name.startswith(KEY_PREFIX):
            self._problem = ""
            self.retranslate()

    def _on_keys_failed(self, name: str, code: str, _message: str) -> None:
        if name.startswith(KEY_PREFIX):
            self._problem, self._has_keychain = code, code != "no_keychain"
            self.retranslate()
