"""The history in a thread of its own: the one serial executor that owns the database, and what it tells the window.

A private conversation stops here: nothing of it reaches the store.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.chat.pictures import Opener, SourceInfo
from app.chat.session import Conversation, Turn
from app.workers.tasks import TaskRunner
from inference.events import Event

if TYPE_CHECKING:
    from app.chat.history.store import History

log = logging.getLogger(__name__)

LOOK_INTERVAL_MS = 2_000
"""How often it is looked whether another window has written."""

Job = Callable[["History"], Any]


class Keeping(QObject):
    """Reads and writes conversations.

    Signals:
        listed(summaries): the list, whenever it has changed.
        found(query, places): what a search found.
        opened(conversation, keys of turns that another window is still writing).
        damaged(Damage): the file was damaged; what could be saved is in a new one.
        failed(code, message): something could not be read or written.
    """

    listed = Signal(list)
    found = Signal(str, list)
    opened = Signal(object, list)
    damaged = Signal(object)
    failed = Signal(str, str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        """The file is opened with the first job, in the thread."""
        super().__init__(parent)
        self._folder = folder
        self._tasks = TaskRunner("history", self)
        self._tasks.succeeded.connect(self._on_tasks_succeeded)
        self._tasks.failed.connect(self._on_tasks_failed)
        self._file_tasks = TaskRunner("files", self)
        self._file_tasks.failed.connect(self._on_tasks_failed)
        self._find_lock = threading.Lock()
        self._find_store: History | None = None
        self._answers: dict[int, Callable[[Any], object]] = {}
        self._store: History | None = None
        self._search_job = self._load_job = 0
        self._has_told_damage = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_INTERVAL_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    def start(self) -> None:
        """Open the file, list it, look after it, and keep an eye on it."""
        self.refresh()
        self.run(lambda store: store.purge())
        self.run(lambda store: store.check(), self._on_written)
        self._timer.start()

    def change(self, key: str, change: Callable[[Conversation], None], opener: Opener) -> None:
        """Change the title or the pin of a conversation that is not in the window."""

        def save(store: History) -> None:
            conversation = store.load(key, opener)
            change(conversation)
            store.save(conversation)

        self.run(save, self._on_written)

    def refresh(self) -> None:
        """Read the list anew."""
        self.run(lambda store: store.summaries(), self.listed.emit)

    def search(self, text: str) -> None:
        """Look for words everywhere; only the latest search is answered."""
        self._tasks.forget(self._search_job)
        self._search_job = self.run(lambda store: store.search(text), lambda places: self.found.emit(text, places))

    def open(self, key: str, opener: Opener) -> None:
        """Read a conversation; only the latest one asked for comes."""
        self._tasks.forget(self._load_job)

        def load(store: History) -> tuple[Conversation, list[str]]:
            conversation = store.load(key, opener)
            running = [turn.key for turn in conversation.all_turns if not turn.answer.is_final]
            return conversation, [key for key in running if store.is_written_elsewhere(key)]

        self._load_job = self.run(load, lambda loaded: self.opened.emit(*loaded))

    def begin_turn(self, conversation: Conversation, turn: Turn, data: Mapping[str, bytes | None]) -> None:
        """A question was asked. `data` are the bytes of what went along, by id; None for what is in a file."""
        if conversation.is_private:
            return
        sources = dict.fromkeys(part.place.source for part in turn.parts if part.place is not None)
        in_memory = {source: found for source in sources if (found := data.get(source.id)) is not None}

        def write(store: History) -> None:
            for source, found in in_memory.items():  # before the question: nothing else holds them
                store.keep_file(source, found)
            store.start_turn(conversation, turn)

        self.run(write, self._on_written)
        for source in sources:
            if source not in in_memory:
                self._file_tasks.run(self._keep_file, source)

    def find_file(self, source: SourceInfo) -> Path:
        """Where the bytes of an attachment are. Blocks; may be called from any thread. Raises FileGone."""
        with self._find_lock:
            if self._find_store is None:
                self._find_store = self._new_store()
            return self._find_store.file_of(source)

    def journal(self, conversation: Conversation, turn: Turn, events: Sequence[Event]) -> None:
        """More of an answer came."""
        if not conversation.is_private:
            reasoning_s = turn.answer.reasoning_s
            self.run(lambda store: store.journal(turn.key, events, reasoning_s))

    def end_turn(self, conversation: Conversation, turn: Turn) -> None:
        """An answer has ended."""
        if not conversation.is_private:
            self.run(lambda store: store.finish_turn(turn), self._on_written)

    def save(self, conversation: Conversation) -> None:
        """Its title, its pin or the path that is read has changed."""
        if not conversation.is_private and conversation.all_turns:
            self.run(lambda store: store.save(conversation), self._on_written)

    def run(self, job: Job, answer: Callable[[Any], object] | None = None) -> int:
        """Do something with the store; `answer` gets the result in this object's thread. Returns the job's id."""
        job_id = self._tasks.run(self._do, job)
        if answer is not None:
            self._answers[job_id] = answer
        return job_id

    def forget(self, job_ids: Iterable[int]) -> None:
        """Let no results of these come."""
        for job_id in job_ids:
            self._tasks.forget(job_id)
            self._answers.pop(job_id, None)

    def close(self) -> None:
        """Write what waits, and end the thread."""
        self._timer.stop()
        self._file_tasks.finish()
        self._tasks.finish(self._close)

    def _do(self, job: Job) -> Any:
        """In the history's thread."""
        if self._store is None:
            self._store = self._new_store()
        return job(self._store)

    def _close(self) -> None:
        """In the history's thread."""
        for store in (self._store, self._find_store):
            if store is not None:
                store.close()
        self._store = self._find_store = None

    def _new_store(self) -> History:
        from app.chat.history.store import History  # not needed for the first window

        return History(self._folder)

    def _keep_file(self, source: SourceInfo) -> None:
        """In the files' thread, with a connection of its own: copying a film must not keep an answer from being written."""
        store = self._new_store()
        try:
            store.keep_file(source)
        finally:
            store.close()

    def _tell_damage(self) -> None:
        if self._store is not None and self._store.damage is not None and not self._has_told_damage:
            self._has_told_damage = True
            self.damaged.emit(self._store.damage)

    def _on_written(self, _result: object) -> None:
        self.refresh()

    def _on_tasks_succeeded(self, job_id: int, result: object) -> None:
        self._tell_damage()
        answer = self._answers.pop(job_id, None)
        if answer is not None:
            answer(result)

    def _on_tasks_failed(self, job_id: int, error: object) -> None:
        self._tell_damage()
        self._answers.pop(job_id, None)
        log.error("the history failed: %s", type(error).__name__, exc_info=error if isinstance(error, Exception) else None)
        code = getattr(error, "code", "history_unreadable")
        self.failed.emit(code, str(getattr(error, "message", error)))

    def _on_timer_timeout(self) -> None:
        self.run(lambda store: store.has_changed(), lambda has_changed: self.refresh() if has_changed else None)
