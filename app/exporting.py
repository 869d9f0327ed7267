"""Conversations out into files, and ours back in, without the window waiting."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from app.browsing import Browsing
from app.chat.session import Conversation, Turn
from app.keeping import Keeping
from app.shelf import Shelf
from app.ui.main_window import MainWindow
from app.workers.tasks import TaskRunner

if TYPE_CHECKING:
    from app.chat.export.errors import ExportError
    from app.chat.export.importing import Imported
    from app.chat.export.options import Exported, Format, Options
    from app.chat.history.errors import HistoryError
    from app.chat.history.store import History

log = logging.getLogger(__name__)

FORMATS: tuple[Format, ...] = ("md", "html", "pdf", "docx", "sightline", "sharegpt")
"""Those that the menu offers, in its order."""


@dataclass(frozen=True, slots=True)
class Read:
    """What files hold, and why some of them could not be read."""

    imported: Sequence[Imported]
    errors: Sequence[ExportError | HistoryError]


@dataclass(frozen=True, slots=True)
class Kept:
    """The conversation that was kept last, empty for none, and why others, or files of some, were not."""

    key: str
    errors: Sequence[ExportError | HistoryError]


class Exporting(QObject):
    """Asks what and where, then writes or reads in a thread of its own."""

    def __init__(self, window: MainWindow, keeping: Keeping, browsing: Browsing, shelf: Shelf, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._keeping, self._browsing, self._shelf = window, keeping, browsing, shelf
        self._tasks = TaskRunner("export", self)
        self._tasks.succeeded.connect(self._on_tasks_succeeded)
        self._tasks.failed.connect(self._on_tasks_failed)
        self._stop = threading.Event()
        browsing.export_wanted.connect(self._on_browsing_export_wanted)

    def ask_where(self, conversation: Conversation, turns: Sequence[Turn] | None, format_name: Format | None = None) -> None:
        """Ask for the format, unless it is known, and the place; then write the conversation, or these turns of it."""
        from app.chat.export.run import suggested_name  # neither this nor the dialog is needed for the first window
        from app.ui.export_dialog import ExportDialog
        from app.ui.export_words import export_words

        words = export_words()

        def suggest(name: Format) -> str:
            from app.chat.export.options import Options

            return suggested_name(conversation, name, Options(words=words))

        dialog = ExportDialog(suggest, self._window, format=format_name or "md", has_message=turns is not None)
        dialog.wanted.connect(partial(self._write, conversation, turns))
        dialog.finished.connect(dialog.deleteLater)
        if format_name is None:
            dialog.show()
        else:
            dialog.ask_where()

    def ask_what_to_import(self) -> None:
        """Ask for files that were exported, and read them."""
        dialog = QFileDialog(self._window, self.tr("Import conversations"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([self.tr("Conversations of Sightline (*.sightline *.sightline.json)"), self.tr("All files (*)")])
        dialog.filesSelected.connect(self.import_files)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def import_files(self, paths: Sequence[str]) -> None:
        """Read conversations, keep them, and show the last one with what is to be said of all."""
        self._tasks.run(_read, [Path(path) for path in paths], self._shelf)

    def close(self) -> None:
        """Stop, and end the thread."""
        self._stop.set()
        self._tasks.close()

    def _write(
        self, conversation: Conversation, turns: Sequence[Turn] | None, name: Format, path: str, options: Options, is_whole: bool
    ) -> None:
        chosen = None if is_whole else turns
        self._tasks.run(_write, conversation, chosen, name, Path(path), options, self._stop)

    def _on_browsing_export_wanted(self, key: str, format_name: str) -> None:
        name = next((each for each in FORMATS if each == format_name), None)
        self._browsing.give(key, lambda conversation: self.ask_where(conversation, None, name))

    def _on_tasks_succeeded(self, _job_id: int, result: Exported | Read | None) -> None:
        from app.chat.export.options import Exported

        if isinstance(result, Exported):
            text = self.tr("Saved as {name}.").format(name=result.path.name)
            self._window.strip.show_message(" ".join([text, *result.warnings]), is_good=not result.warnings)
        elif result is not None:  # None: it was stopped
            self._keeping.run(partial(_keep, result), self._on_kept)

    def _on_kept(self, kept: Kept) -> None:
        from app.ui.history_words import history_words

        words = " ".join(map(history_words, kept.errors))
        self._keeping.refresh()
        if kept.key:
            self._browsing.open(kept.key, words)
        else:
            self._window.strip.show_message(words)

    def _on_tasks_failed(self, _job_id: int, error: object) -> None:
        from app.chat.export.errors import ExportError
        from app.ui.history_words import history_words

        if isinstance(error, ExportError):
            self._window.strip.show_message(history_words(error))
            return
        log.error("an export failed: %s", type(error).__name__, exc_info=error if isinstance(error, Exception) else None)
        self._window.strip.show_message(self.tr("This could not be done. The log says more."))


def _write(
    conversation: Conversation,
    turns: Sequence[Turn] | None,
    name: Format,
    path: Path,
    options: Options,
    stop: threading.Event,
) -> Exported | None:
    """In the worker's thread."""
    from app.chat.export.run import export

    return export(conversation, turns, name, path, options, stop=stop)


def _read(paths: Sequence[Path], shelf: Shelf) -> Read:
    """In the worker's thread."""
    from app.chat.export.errors import ImportRefused
    from app.chat.export.importing import import_conversation

    imported: list[Imported] = []
    errors: list[ExportError | HistoryError] = []
    for path in paths:
        try:
            imported.append(import_conversation(path, shelf.open))
        except ImportRefused as error:
            errors.append(error)
    return Read(imported, errors)


def _keep(read: Read, store: History) -> Kept:
    """In the history's thread."""
    from app.chat.export.keeping import keep
    from app.chat.history.errors import HistoryError

    key, errors = "", [*read.errors]
    for imported in read.imported:
        try:
            errors += keep(imported, store)
            key = imported.conversation.key
        except HistoryError as error:
            errors.append(error)
    return Kept(key, errors)
