"""Protected files of earlier questions: their password is asked for when one of them is looked at."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.asking import Asking
from app.chat.pictures import SourceInfo, place_of
from app.shelf import Shelf
from app.ui.main_window import MainWindow
from app.ui.picture_levels import PictureCache
from app.ui.prompts import PasswordPrompt
from app.workers.tasks import TaskRunner
from ingest.errors import IngestError, PasswordNeeded, PasswordWrong


class Unlocking(QObject):
    """Asks once for each file, and once more when its conversation is opened anew."""

    def __init__(self, window: MainWindow, asking: Asking, shelf: Shelf, cache: PictureCache, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._shelf = window, shelf
        self._tasks = TaskRunner("unlocking", self)
        self._tasks.succeeded.connect(self._on_tasks_succeeded)
        self._tasks.failed.connect(self._on_tasks_failed)
        self._source: SourceInfo | None = None
        self._picture_id = ""
        self._asked: set[str] = set()
        self._cache = cache
        cache.failed.connect(self._on_cache_failed)
        asking.switched.connect(self._on_asking_switched)

    def close(self) -> None:
        """End the thread."""
        self._tasks.close()

    def _ask(self, source: SourceInfo, *, was_wrong: bool) -> None:
        self._source = source
        prompt = PasswordPrompt(0, source.name, was_wrong=was_wrong, parent=self._window)
        prompt.given.connect(self._on_prompt_given)
        prompt.finished.connect(prompt.deleteLater)
        prompt.open()

    def _on_cache_failed(self, picture_id: str, code: str, _message: str) -> None:
        shown = self._window.viewer.shown_picture
        place = place_of(shown) if shown is not None and shown.id == picture_id else None
        if code == PasswordNeeded.code and place is not None and place.source.id not in self._asked:
            self._asked.add(place.source.id)
            self._picture_id = picture_id
            self._ask(place.source, was_wrong=False)

    def _on_asking_switched(self) -> None:
        self._asked.clear()

    def _on_prompt_given(self, _key: int, password: str) -> None:
        self._tasks.run(self._shelf.open, self._source, password)

    def _on_tasks_succeeded(self, _job_id: int, _attachment: object) -> None:
        self._window.viewer.show_picture(self._picture_id)
        self._cache.try_again()

    def _on_tasks_failed(self, _job_id: int, error: object) -> None:
        if isinstance(error, PasswordWrong) and self._source is not None:
            self._ask(self._source, was_wrong=True)
        elif isinstance(error, IngestError):
            self._window.strip.show_message(error.message)
