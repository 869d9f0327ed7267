"""Conversations out into files, and ours back in, without the window waiting."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.chat.session import Conversation, Turn
from app.keeping import Keeping
from app.shelf import Shelf
from app.ui.main_window import MainWindow
from app.workers.tasks import TaskRunner

if TYPE_CHECKING:
    pass

log = logging.getLogger(__name__)

FORMATS = ("md", "html", "pdf", "docx", "sightline", "sharegpt")
"""Those that the menu offers, in its order."""


class Exporting(QObject):
    """Asks what and where, then writes or reads in a thread of its own.

    Signals:
        imported(Conversation): one was read; it is not in the history yet.
    """

    imported = Signal(object)

    def __init__(self, window: MainWindow, keeping: Keeping, shelf: Shelf, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._keeping, self._shelf = window, keeping, shelf
        self._tasks = TaskRunner("export", self)
        self._tasks.succeeded.connect(self._on_tasks_succeeded)
        self._tasks.failed.connect(self._on_tasks_failed)
        self._stop = threading.Event()

    def ask_where(self, conversation: Conversation, turns: Sequence[Turn] | None, format_name: str = "") -> None:
        """Ask for the format, unless it is known, and the place; then write the conversation, or these turns of it."""

    def export_kept(self, key: str, format_name: str) -> None:
        """The same for a conversation of the list."""
        self._keeping.run(
            lambda store: store.load(key, self._shelf.open), lambda conversation: self.ask_where(conversation, None, format_name)
        )

    def ask_what_to_import(self) -> None:
        """Ask for a file that was exported, and read it."""

    def close(self) -> None:
        """Stop, and end the thread."""
        self._stop.set()
        self._tasks.close()

    def _on_tasks_succeeded(self, _job_id: int, result: object) -> None:
        pass

    def _on_tasks_failed(self, _job_id: int, error: object) -> None:
        pass
