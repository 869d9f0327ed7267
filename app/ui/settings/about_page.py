"""Which version this is, where its files are, and who wrote its parts."""

from __future__ import annotations

import platform
from functools import partial

from PySide6.QtCore import Qt, Signal, qVersion
from PySide6.QtWidgets import QListWidget, QPlainTextEdit, QWidget

from app import paths
from app.settings.parts import Part, licence_text, list_parts, own_version
from app.ui.buttons import TextButton
from app.ui.elided_label import ElidedLabel
from app.ui.settings.rows import Page, Row
from app.ui.theme import themes
from app.workers.tasks import TaskRunner

LIST_LINES = 7


class AboutPage(Page):
    """Signals:
    folder_wanted(path): a folder is to be opened.
    """

    folder_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._version = own_version()
        self._about = Row()
        self.add_row(self._about)
        self._folders = {name: _FolderRow() for name in ("log", "data", "config", "cache")}
        for name, row in self._folders.items():
            row.open.clicked.connect(partial(self._open, name))
            self.add_row(row)
        self._licences = LicencesRow()
        self.add_row(self._licences)
        self.retranslate()

    def retranslate(self) -> None:
        words = self.tr("With Python {python} and Qt {qt}, on {system}. Free software under the GNU AGPL, version 3 or later.")
        system = f"{platform.system()} {platform.release()}"
        about = words.format(python=platform.python_version(), qt=qVersion(), system=system)
        self._about.set_words(f"Sightline {self._version}".strip(), about)
        names = {
            "log": self.tr("Logs"),
            "data": self.tr("Conversations and attachments"),
            "config": self.tr("Settings"),
            "cache": self.tr("What can be made again"),
        }
        for name, row in self._folders.items():
            row.show_folder(names[name], str(FOLDERS[name]()))
            row.open.set_words(self.tr("Open folder"))
            row.open.setAccessibleName(self.tr("Open the folder of: {name}").format(name=names[name]))
        self._licences.retranslate()

    def close_tasks(self) -> None:
        """End the thread that reads licences."""
        self._licences.close_tasks()

    def _open(self, name: str) -> None:
        self.folder_wanted.emit(str(FOLDERS[name]()))


FOLDERS = {"log": paths.log_dir, "data": paths.data_dir, "config": paths.config_dir, "cache": paths.cache_dir}


class _FolderRow(Row):
    """A folder and a button that opens it."""

    def __init__(self) -> None:
        self.open = TextButton("outlined")
        super().__init__(self.open)
        self._path = ElidedLabel("small", Qt.TextElideMode.ElideMiddle)
        self.body.addWidget(self._path)

    def show_folder(self, words: str, path: str) -> None:
        self.set_words(words)
        self._path.set_full_text(path)


class LicencesRow(Row):
    """The parts that others wrote, and the licence of the chosen one. Read when the user wants to see them."""

    def __init__(self) -> None:
        self._show = TextButton("outlined")
        super().__init__(self._show)
        self._parts: tuple[Part, ...] = ()
        self._job = 0
        self._tasks = TaskRunner("licences", self)
        self._tasks.succeeded.connect(self._on_tasks_succeeded)
        self._list, self._text = QListWidget(), QPlainTextEdit()
        self._list.setProperty("kind", "list")
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._text.setProperty("kind", "field")
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        for widget in (self._list, self._text):
            widget.hide()
            self.body.addWidget(widget)
        self._show.clicked.connect(self._on_show_clicked)
        self._list.currentRowChanged.connect(self._on_list_current_row_changed)
        themes().changed.connect(self._fit)
        self._fit()

    def retranslate(self) -> None:
        """Say everything anew."""
        self.set_words(self.tr("Parts by others"), self.tr("Sightline stands on the work of many people."))
        self._show.set_words(self.tr("Show licences"))
        self._list.setAccessibleName(self.tr("Parts by others"))
        self._text.setAccessibleName(self.tr("Licence"))

    def close_tasks(self) -> None:
        """End the thread."""
        self._tasks.close()

    def _fit(self) -> None:
        height = themes().tall_px(26) * LIST_LINES
        self._list.setFixedHeight(height)
        self._text.setFixedHeight(height)

    def _on_show_clicked(self) -> None:
        self._show.setEnabled(False)
        self._job = self._tasks.run(list_parts)

    def _on_list_current_row_changed(self, row: int) -> None:
        if 0 <= row < len(self._parts):
            self._tasks.forget(self._job)
            self._job = self._tasks.run(licence_text, self._parts[row].name)

    def _on_tasks_succeeded(self, job_id: int, result: object) -> None:
        if job_id != self._job:
            return
        if isinstance(result, str):
            self._text.setPlainText(result or self.tr("It brings no text of its licence along."))
            self._text.show()
        elif isinstance(result, tuple):
            self._parts = result
            self._list.addItems([f"{part.name} {part.version}   {part.licence}" for part in result])
            self._list.show()
            self._list.setCurrentRow(0)
            self._list.setFocus(Qt.FocusReason.OtherFocusReason)
