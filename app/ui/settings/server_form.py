"""Where a server is described: its name, its address, perhaps a key, and which of its models is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypedDict

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.addresses import host_of
from app.servers import MODEL_CHARACTERS_MAX, NAME_CHARACTERS_MAX, Server, put_server
from app.ui.buttons import TextButton
from app.ui.language import Translated
from app.ui.remote_words import problem_words, short_count
from app.ui.settings.controls import draw_arrow
from app.ui.settings.key_row import key_field
from app.ui.settings.rows import label
from app.ui.settings.server_words import dialect_words
from inference.cloud.config import Dialect
from inference.cloud.probe import ServerInfo, tidy_address
from inference.errors import InferenceError

MODEL_CHARACTERS_SHOWN_MIN = 12
EXAMPLE_ADDRESS = "http://localhost:8080/v1"


class _Facts(TypedDict):
    dialect: Dialect
    context_tokens: int | None


class ServerForm(Translated, QWidget):
    """A new server, or one that is changed.

    Attributes:
        old_name: of the one that is changed; empty for a new one.

    Signals:
        look_wanted(address, key): what stands there is to be found out; `show_found` or `show_problem` is to be called.
        finished(servers, server, key): all servers with this one, and its new key, perhaps empty.
        dismissed(): nothing changes.
    """

    look_wanted = Signal(str, str)
    finished = Signal(object, object, str)
    dismissed = Signal()

    def __init__(self, servers: Sequence[Server], old: Server | None, has_key: bool, parent: QWidget | None = None) -> None:
        """`has_key` when the old one has a key already."""
        super().__init__(parent)
        self._servers, self._has_key = tuple(servers), has_key
        self._server = old or Server("", "")
        self.old_name = old.name if old is not None else ""
        self._found: ServerInfo | None = None
        self._problem: tuple[str, str] | None = None
        self._is_looking = False
        self._name, self._address, self._key = QLineEdit(), QLineEdit(), key_field()
        self._look, self._state = TextButton("outlined"), label("quiet")
        self._model, self._vision = ModelBox(), QCheckBox()
        self._save, self._cancel = TextButton("primary"), TextButton("outlined")
        self._labels = [label("small") for _ in range(4)]
        self._lay_out()
        self._fill()
        self._connect()
        self.retranslate()

    @property
    def keeps_key(self) -> bool:
        """Whether the key that it has is still meant: it belongs to a host, and another one does not get it."""
        return self._has_key and not self._key.text().strip() and self._host() == self._server.host

    def show_found(self, info: ServerInfo) -> None:
        """This stands there."""
        self._is_looking, self._problem, self._found = False, None, info
        self._address.setText(info.base_url)
        chosen = self._model.currentText() if self._model.currentText() in info.models else info.models[0]
        self._model.clear()
        self._model.addItems(info.models)
        self._model.setCurrentText(chosen)
        if info.vision is not None:
            self._vision.setChecked(info.vision)
        if not self._name.text().strip():
            self._name.setText(host_of(info.base_url)[:NAME_CHARACTERS_MAX])
        self.retranslate()

    def show_problem(self, code: str, message: str) -> None:
        """This is wrong there."""
        self._is_looking, self._found, self._problem = False, None, (code, message)
        self.retranslate()

    def retranslate(self) -> None:
        names = (self.tr("Name"), self.tr("Address"), self.tr("Key, if it wants one"), self.tr("Model"))
        for words, name, field in zip(self._labels, names, (self._name, self._address, self._key, self._model), strict=True):
            words.setText(name)
            field.setAccessibleName(name)
        self._name.setPlaceholderText(self.tr("Such as: the workstation"))
        self._address.setPlaceholderText(EXAMPLE_ADDRESS)
        self._look.set_words(self.tr("Look"), self.tr("Ask the server which models it has; no question is sent"))
        self._vision.setText(self.tr("It takes pictures"))
        self._save.set_words(self.tr("Save"))
        self._cancel.set_words(self.tr("Cancel"))
        self._say()
        self._update()

    def _lay_out(self) -> None:
        address = QHBoxLayout()
        address.setSpacing(8)
        address.addWidget(self._address, 1)
        address.addWidget(self._look)
        self._name.setMaxLength(NAME_CHARACTERS_MAX)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(8)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        order = (1, 2, 3, 0)  # the name last: looking finds one
        fields: tuple[QWidget | QHBoxLayout, ...] = (self._name, address, self._key, self._model)
        for index in order:
            form.addRow(self._labels[index], fields[index])
            if index == 2:
                form.addRow(self._state)
        form.addRow(self._vision)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._save)
        buttons.addWidget(self._cancel)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(form)
        layout.addLayout(buttons)

    def _fill(self) -> None:
        server = self._server
        self._name.setText(server.name)
        self._address.setText(server.address)
        self._model.setCurrentText(server.model)
        self._vision.setChecked(server.vision)

    def _connect(self) -> None:
        for field in (self._name, self._address):
            field.textChanged.connect(self._update)
        self._address.textEdited.connect(self._on_address_edited)
        for field in (self._address, self._key):
            field.returnPressed.connect(self._on_look_clicked)
        self._model.editTextChanged.connect(self._update)
        self._look.clicked.connect(self._on_look_clicked)
        self._save.clicked.connect(self._on_save_clicked)
        self._cancel.clicked.connect(self.dismissed)

    def focus_first(self) -> None:
        """Bring the keyboard to where one begins."""
        self._address.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self) -> None:
        """How the look went, or what is wrong."""
        kind = "quiet"
        if self._is_looking:
            words = self.tr("Looking…")
        elif self._problem is not None:
            words, kind = problem_words(*self._problem), "danger"
        elif self._found is not None:
            words = self._found_words(self._found)
        else:
            words = ""
        self._state.setText(words)
        self._state.setVisible(bool(words))
        if self._state.property("kind") != kind:
            self._state.setProperty("kind", kind)
            self._state.style().unpolish(self._state)
            self._state.style().polish(self._state)

    def _found_words(self, info: ServerInfo) -> str:
        parts = [self.tr("✓ {program}").format(program=info.name or dialect_words(info.dialect))]
        parts.append(self.tr("1 model") if len(info.models) == 1 else self.tr("{count} models").format(count=len(info.models)))
        if info.context_tokens:
            parts.append(self.tr("reads {tokens} tokens").format(tokens=short_count(info.context_tokens)))
        if info.vision is not None:
            parts.append(self.tr("sees pictures") if info.vision else self.tr("text only"))
        return " · ".join(parts)

    def _facts(self, written: Server) -> _Facts:
        """What is known of a server: as found just now, or as before while it is the same one."""
        found = self._found
        if found is not None:
            is_first = written.model.strip() == found.models[0]  # of which alone it told
            return _Facts(dialect=found.dialect, context_tokens=found.context_tokens if is_first else None)
        if written.host == self._server.host:
            is_same = written.model.strip() == self._server.model
            return _Facts(dialect=self._server.dialect, context_tokens=self._server.context_tokens if is_same else None)
        return _Facts(dialect="openai", context_tokens=None)

    def _host(self) -> str:
        try:
            return host_of(tidy_address(self._address.text()))
        except InferenceError:
            return ""

    def _update(self) -> None:
        self._key.setPlaceholderText(self.tr("Kept as it is") if self.keeps_key else "")
        has_address = bool(self._address.text().strip())
        self._look.setEnabled(has_address and not self._is_looking)
        self._save.setEnabled(has_address and bool(self._name.text().strip() and self._model.currentText().strip()))

    def _on_address_edited(self) -> None:
        self._found = self._problem = None
        self._say()

    def _on_look_clicked(self) -> None:
        if self._look.isEnabled():
            self._is_looking, self._problem = True, None
            self._say()
            self._update()
            self.look_wanted.emit(self._address.text(), self._key.text().strip())

    def _on_save_clicked(self) -> None:
        key = self._key.text().strip()
        try:
            written = replace(
                self._server,
                name=self._name.text(),
                address=tidy_address(self._address.text()),
                model=self._model.currentText(),
                vision=self._vision.isChecked(),
            )
            written = replace(written, **self._facts(written))
            servers = put_server(self._servers, written, instead_of=self.old_name, has_key=bool(key) or self.keeps_key)
        except InferenceError as error:
            self.show_problem(error.code, error.message)
            return
        name = written.name.strip()
        self.finished.emit(servers, next(each for each in servers if each.name == name), key)


class ModelBox(QComboBox):
    """Models to choose from, or a name that is written."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)  # some names are long paths
        self.setMinimumContentsLength(MODEL_CHARACTERS_SHOWN_MIN)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        field = self.lineEdit()
        assert field is not None
        field.setMaxLength(MODEL_CHARACTERS_MAX)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the page."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        draw_arrow(self)
