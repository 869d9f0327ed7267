"""What Sightline takes on the disk, where it lies, and how it is cleared."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.settings.storage import Stored
from app.ui.buttons import TextButton
from app.ui.elided_label import ElidedLabel
from app.ui.settings.rows import Deletion, Page, Row, label
from app.ui.settings.words import bytes_words, storage_words


class StoragePage(Page):
    """Shows what it is given; measures and deletes nothing.

    Signals:
        clear_wanted(kind): the user confirmed it. A kind of `app.settings.storage`.
        folder_wanted(path): a folder is to be opened.
    """

    clear_wanted = Signal(str)
    folder_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stored: tuple[Stored, ...] | None = None
        self._total = Row()
        self.add_row(self._total)
        self._kinds = {kind: _KindRow(kind) for kind in storage_words()}
        for row in self._kinds.values():
            row.clear_wanted.connect(self.clear_wanted)
            row.folder_wanted.connect(self.folder_wanted)
            self.add_row(row)
        self.retranslate()

    def show_storage(self, stored: Sequence[Stored]) -> None:
        """Show these figures."""
        self._stored = tuple(stored)
        self.retranslate()

    def retranslate(self) -> None:
        by_kind: dict[str, Stored] = {item.kind: item for item in self._stored or ()}
        for kind, row in self._kinds.items():
            row.show_stored(by_kind.get(kind))
        if self._stored is None:
            self._total.set_words(self.tr("Measuring…"))
        else:
            words = self.tr("{size} on this computer").format(size=bytes_words(sum(item.size_bytes for item in self._stored)))
            self._total.set_words(words, self.tr("Models are not counted: they stay where you put them."))


class _KindRow(Row):
    """One kind: its size, its folder, and what can be done with it."""

    clear_wanted = Signal(str)
    folder_wanted = Signal(str)

    def __init__(self, kind: str) -> None:
        self._size = label("quiet")
        self._size.setWordWrap(False)
        super().__init__(self._size)
        self._kind = kind
        self._stored: Stored | None = None
        self._folder = ElidedLabel("small", Qt.TextElideMode.ElideMiddle)
        self._open = TextButton("outlined")
        self._deletion = Deletion()
        self._open.clicked.connect(self._on_open_clicked)
        self._deletion.confirmed.connect(self._on_deletion_confirmed)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._open, 0, Qt.AlignmentFlag.AlignTop)
        buttons.addWidget(self._deletion, 1)
        self.body.addWidget(self._folder)
        self.body.addLayout(buttons)

    def show_stored(self, stored: Stored | None) -> None:
        """None while it is not known."""
        self._stored = stored
        words = storage_words()[self._kind]
        self.set_words(words.label, words.help)
        self._size.setText(bytes_words(stored.size_bytes) if stored else "…")
        self._size.setAccessibleName(f"{words.label}: {self._size.text()}")
        self._folder.set_full_text(str(stored.folder) if stored else "")
        self._open.set_words(self.tr("Open folder"))
        self._open.setAccessibleName(self.tr("Open the folder of: {name}").format(name=words.label))
        self._open.setEnabled(stored is not None)
        name = self.tr("Clear: {name}").format(name=words.label)
        self._deletion.set_words(self.tr("Clear…"), name, words.values["question"], words.values["answer"], self.tr("Keep"))
        self._deletion.setEnabled(bool(stored and stored.size_bytes))

    def _on_open_clicked(self) -> None:
        if self._stored is not None:
            self.folder_wanted.emit(str(self._stored.folder))

    def _on_deletion_confirmed(self) -> None:
        self._size.setText("…")
        self._deletion.setEnabled(False)
        self.clear_wanted.emit(self._kind)
