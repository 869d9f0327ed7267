"""The history in a thread of its own: the one serial executor that owns the database, and what it tells the window.

A private conversation stops here: nothing of it reaches the store.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, QTimer, Signal

from app.chat.history.types import Damage
from app.chat.pictures import Opener, SourceInfo
from app.chat.session import Conversation, Turn
from app.journaling import Journal
from app.keeping_files import FileKeeping
from app.workers.tasks import TaskRunner
from inference.events import Event

if TYPE_CHECKING:
    from app.chat.history.store import History

log = logging.getLogger(__name__)

LOOK_INTERVAL_MS = 2_000
"""How often it is looked whether another window has written."""
PURGE_INTERVAL_MS = 3_600_000
"""How often what was deleted is removed from the disk."""

Job = Callable[["History"], Any]
Activity = Literal["reading", "writing"]
"""What goes on by itself, again and again: when it fails, it is said once, until it works again."""


class Keeping(QObject):
    """Reads and writes conversations.

    Signals:
        listed(summaries): the list, whenever it has changed.
        found(query, places): what a search found.
        opened(conversation, keys of turns that another window is still writing).
        ended_elsewhere(): such a turn of the conversation opened last has its end now.
        changed_elsewhere(): another window or program has written something.
        damaged(Damage): the file was damaged; what could be saved is in a new one.
        not_copied(name): a file is too large for a copy, so that it must stay where it is.
        failed(code, words): something could not be read or written; the words are for the user.
        recovered(): what failed by itself works again.
    """

    listed = Signal(list)
    found = Signal(str, list)
    opened = Signal(object, list)
    ended_elsewhere = Signal()
    changed_elsewhere = Signal()
    damaged = Signal(object)
    not_copied = Signal(str)
    failed = Signal(str, str)
    recovered = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        """The file is opened with the first job, in the thread."""
        super().__init__(parent)
        self._folder = folder
        self._tasks = TaskRunner("history", self)
        self._tasks.succeeded.connect(self._on_tasks_succeeded)
        self._tasks.failed.connect(self._on_tasks_failed)
        self._files = FileKeeping(folder, self)
        self._files.ended.connect(self._on_files_ended)
        self._files.failed.connect(self._on_tasks_failed)
        self._store: History | None = None
        self._told_damage: Damage | None = None
        self._answers: dict[int, Callable[[Any], object]] = {}
        self._activities: dict[int, Activity] = {}
        self._told: dict[Activity, str] = {}
        self._journals: dict[str, Journal] = {}
        self._ended: set[str] = set()
        self._elsewhere: tuple[str, ...] = ()
        self._search_job = self._load_job = self._list_job = 0
        self._loading_key = ""
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._purge_timer = QTimer(self)
        self._purge_timer.timeout.connect(self._purge)

    @property
    def loading_key(self) -> str:
        """The conversation that is being read for the window; empty for none."""
        return self._loading_key

    def start(self) -> None:
        """Open the file, list it, look after it, and keep an eye on it."""
        self.refresh()
        self._purge()
        self.run(lambda store: store.check(), self._on_written, activity="reading")
        self._timer.start(LOOK_INTERVAL_MS)
        self._purge_timer.start(PURGE_INTERVAL_MS)

    def rename(self, key: str, own_title: str) -> None:
        """As `History.rename`."""
        self.run(lambda store: store.rename(key, own_title), self._on_written)

    def pin(self, key: str, is_pinned: bool) -> None:
        """As `History.pin`."""
        self.run(lambda store: store.pin(key, is_pinned), self._on_written)

    def refresh(self) -> None:
        """Read the list anew."""
        self.forget([self._list_job])
        self._list_job = self.run(lambda store: store.summaries(), self.listed.emit, activity="reading")

    def search(self, text: str) -> None:
        """Look for words everywhere; only the latest search is answered."""
        self.forget([self._search_job])
        self._search_job = self.run(lambda store: store.search(text), lambda places: self.found.emit(text, places))

    def open(self, key: str, opener: Opener) -> None:
        """Read a conversation; only the latest one asked for comes."""
        self.forget_open()

        def load(store: History) -> tuple[Conversation, list[str]]:
            conversation = store.load(key, opener)
            running = [turn.key for turn in conversation.all_turns if not turn.answer.is_final]
            return conversation, [key for key in running if store.is_written_elsewhere(key)]

        self._loading_key = key
        self._load_job = self.run(load, self._on_loaded)

    def forget_open(self) -> None:
        """The conversation that is being read is not wanted any more."""
        self.forget([self._load_job])
        self._loading_key = ""

    def begin_turn(self, conversation: Conversation, turn: Turn, data: Mapping[str, bytes | None]) -> None:
        """A question was asked. `data` are the bytes of what went along, by id; None for what is in a file."""
        if conversation.is_private:
            return
        sources = dict.fromkeys(part.place.source for part in turn.parts if part.place is not None)
        in_memory = {source: found for source in sources if (found := data.get(source.id)) is not None}
        journal = self._journals[turn.key] = Journal(conversation, turn, in_memory)
        self._told.pop("writing", None)  # whoever asks is told that it is not kept, even if it was said before
        self.run(journal.write, self._on_written, activity="writing")
        for source in sources:
            if source not in in_memory:
                self._files.keep(source)

    def journal(self, turn: Turn, events: Sequence[Event]) -> None:
        """More of an answer came. Nothing is written of a turn that was not begun here."""
        journal = self._journals.get(turn.key)
        if journal is not None:
            reasoning_s = turn.answer.reasoning_s
            self.run(lambda store: journal.write(store, events, reasoning_s), activity="writing")

    def end_turn(self, turn: Turn) -> None:
        """An answer has ended. It is tried again until it is kept."""
        if turn.key in self._journals:
            self._ended.add(turn.key)
            self._finish(turn.key)

    def abandon(self) -> None:
        """Write no more of the answers that run: everything is about to be removed."""
        self._journals.clear()
        self._ended.clear()

    def save(self, conversation: Conversation) -> None:
        """The path that is read has changed."""
        if not conversation.is_private and conversation.all_turns:
            self.run(lambda store: store.save(conversation), self._on_written)

    def find_file(self, source: SourceInfo) -> Path:
        """Where the bytes of an attachment are. Blocks; may be called from any thread. Raises FileGone."""
        return self._files.find(source)

    def run(self, job: Job, answer: Callable[[Any], object] | None = None, *, activity: Activity | None = None) -> int:
        """Do something with the store; `answer` gets the result in this object's thread. Returns the job's id."""
        job_id = self._tasks.run(self._do, job)
        if answer is not None:
            self._answers[job_id] = answer
        if activity is not None:
            self._activities[job_id] = activity
        return job_id

    def forget(self, job_ids: Iterable[int]) -> None:
        """Let no results of these come."""
        for job_id in job_ids:
            self._tasks.forget(job_id)
            self._answers.pop(job_id, None)
            self._activities.pop(job_id, None)

    def close(self) -> None:
        """Write what waits, and end the thread."""
        self._timer.stop()
        self._purge_timer.stop()
        self._files.finish()
        self._tasks.finish(self._close)

    def _do(self, job: Job) -> Any:
        """In the history's thread."""
        if self._store is None:
            from app.chat.history.store import History  # not needed for the first window

            self._store = History(self._folder)
        return job(self._store)

    def _purge(self) -> None:
        if not self._journals:  # it takes seconds, and an answer must not wait for its disk
            self.run(lambda store: store.purge(), activity="writing")

    def _finish(self, key: str) -> None:
        self.run(self._journals[key].finish, partial(self._on_finished, key), activity="writing")

    def _close(self) -> None:
        """In the history's thread."""
        for key in self._ended:
            with contextlib.suppress(Exception):  # it was said when it was tried before
                self._do(self._journals[key].finish)
        if self._store is not None:
            self._store.close()
            self._store = None

    def _tell(self, error: object) -> None:
        from app.chat.history.errors import HistoryError, HistoryUnreadable
        from app.ui.history_words import history_words  # neither is needed for the first window

        log.error("the history failed: %s", type(error).__name__, exc_info=error if isinstance(error, Exception) else None)
        if not isinstance(error, HistoryError):
            error = HistoryUnreadable(f"The history could not be used: {error}. The log says more.")
        self.failed.emit(error.code, history_words(error))

    def _tell_damage(self) -> None:
        """Whichever connection met it."""
        damage = self._files.damage
        if self._store is not None:
            damage = self._store.damage or damage
        if damage is not None and damage != self._told_damage:
            self._told_damage = damage
            self.damaged.emit(damage)

    def _on_written(self, _result: object) -> None:
        self.refresh()

    def _on_loaded(self, loaded: tuple[Conversation, list[str]]) -> None:
        self._loading_key = ""
        conversation, elsewhere = loaded
        self._elsewhere = tuple(elsewhere)
        self.opened.emit(conversation, elsewhere)

    def _on_finished(self, key: str, _result: object) -> None:
        self._ended.discard(key)
        self._journals.pop(key, None)
        self.refresh()

    def _on_looked(self, seen: tuple[bool, bool]) -> None:
        has_changed, is_ended = seen
        if has_changed:
            self.refresh()
            self.changed_elsewhere.emit()
        if is_ended:
            self._elsewhere = ()
            self.ended_elsewhere.emit()

    def _on_tasks_succeeded(self, job_id: int, result: object) -> None:
        self._tell_damage()
        activity = self._activities.pop(job_id, None)
        if activity is not None and self._told.pop(activity, None) is not None:
            self.recovered.emit()
        answer = self._answers.pop(job_id, None)
        if answer is not None:
            answer(result)

    def _on_files_ended(self, name: str) -> None:
        self._tell_damage()
        if name:
            self.not_copied.emit(name)

    def _on_tasks_failed(self, job_id: int, error: object) -> None:
        self._tell_damage()
        self._answers.pop(job_id, None)
        if job_id == self._load_job:
            self._loading_key = ""
        activity, code = self._activities.pop(job_id, None), type(error).__name__
        if activity is None:
            self._tell(error)
        elif self._told.get(activity) != code:
            self._told[activity] = code
            self._tell(error)

    def _on_timer_timeout(self) -> None:
        for key in self._ended:
            self._finish(key)
        self.run(partial(_look, self._elsewhere), self._on_looked, activity="reading")


def _look(elsewhere: Sequence[str], store: History) -> tuple[bool, bool]:
    """Whether another window has written, and whether one of these answers has ended."""
    return store.has_changed(), any(not store.is_written_elsewhere(key) for key in elsewhere)
