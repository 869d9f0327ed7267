"""Makes what was asked about findable by its text: pages of documents, and what recognition reads in pictures and scans.

It works behind everything else, a few pages at a time, and rests while an answer runs: recognition and a model want the same cores.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.chat.pictures import SourceInfo
from app.chat.session import Conversation, Turn
from app.keeping import Keeping
from app.shelf import Shelf
from app.workers.tasks import TaskRunner
from ingest.attachment import Page
from ingest.errors import IngestError, ReaderStopped
from ingest.recogniser import Recogniser

if TYPE_CHECKING:
    from app.chat.history.store import History

log = logging.getLogger(__name__)

PAGES_MAX = 2_000
"""Of one document; a dictionary is not what one looks for in conversations."""
PAGES_AT_ONCE = 8
CATCH_UP_AFTER_MS = 30_000
"""After a start: the first question wants the cores."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some pages of a document, or a picture, that wait. `known` are the locators of those that can be found already."""

    source: SourceInfo
    indices: range
    known: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Read:
    """The locators and texts of its first pages, not of all when it was interrupted; None for what may not be recognised."""

    piece: _Piece
    texts: list[tuple[str, str | None]]

    @property
    def rest(self) -> _Piece | None:
        """What is still to be read of it."""
        indices = self.piece.indices[len(self.texts) :]
        return replace(self.piece, indices=indices) if indices else None


class Indexing(QObject):
    """Takes turns in, reads the text of what went along with them, and gives it to the history."""

    def __init__(
        self, keeping: Keeping, shelf: Shelf, recogniser: Recogniser, may_recognise: Callable[[], bool], parent: QObject
    ) -> None:
        """`may_recognise` says whether pictures may be read, which takes seconds each."""
        super().__init__(parent)
        self._keeping = keeping
        self._shelf = shelf
        self._recogniser = recogniser
        self._may_recognise = may_recognise
        self._tasks = TaskRunner("indexing", self)
        self._tasks.succeeded.connect(self._on_tasks_succeeded)
        self._tasks.failed.connect(self._on_tasks_failed)
        self._waiting: deque[_Piece] = deque()
        self._known: set[str] = set()
        self._interrupt = threading.Event()
        self._job = 0
        self._is_resting = False

    def add(self, conversation: Conversation, turns: Iterable[Turn]) -> None:
        """What went along with questions, each once. Nothing of a private conversation is read for this."""
        if conversation.is_private:
            return
        self._take(dict.fromkeys(part.place.source for turn in turns for part in turn.parts if part.place is not None))

    def catch_up(self) -> None:
        """Read what was asked about lately, as far as Sightline ended before it had."""
        if self._may_recognise():  # else scans would be opened with every start, for nothing
            self._keeping.run(lambda store: store.unread_sources(), self._take, activity="reading")

    def rest(self, is_resting: bool) -> None:
        """While an answer runs; what is being read goes on after it."""
        self._is_resting = is_resting
        if is_resting:
            self._interrupt.set()
        self._go_on()

    def forget(self) -> None:
        """The history was cleared: nothing that was asked about before may come into it."""
        self._waiting.clear()
        self._known.clear()
        self._tasks.forget(self._job)
        self._interrupt.set()
        self._job = 0

    def stop(self) -> None:
        """Read no more."""
        self._is_resting = True
        self._waiting.clear()
        self._interrupt.set()

    def close(self) -> None:
        """After `stop`: end the thread."""
        self._tasks.close()

    def _take(self, sources: Iterable[SourceInfo]) -> None:
        for source in sources:
            if source.id not in self._known and not source.is_timed:
                self._known.add(source.id)
                self._keeping.run(partial(_known_pages, source.id), partial(self._queue, source), activity="reading")

    def _queue(self, source: SourceInfo, known: frozenset[str]) -> None:
        if source.id not in self._known:
            return  # it was forgotten meanwhile
        count = min(source.page_count, PAGES_MAX)
        for first in range(0, count if len(known) < count else 0, PAGES_AT_ONCE):
            self._waiting.append(_Piece(source, range(first, min(first + PAGES_AT_ONCE, count)), known))
        self._go_on()

    def _go_on(self) -> None:
        if self._waiting and not self._job and not self._is_resting:
            self._interrupt.clear()
            self._job = self._tasks.run(self._read, self._waiting.popleft(), self._may_recognise())

    def _read(self, piece: _Piece, may_recognise: bool) -> _Read:
        """In the worker's thread."""
        pages = self._shelf.open(piece.source).pages()
        texts: list[tuple[str, str | None]] = []
        with contextlib.suppress(ReaderStopped):
            for index in piece.indices:
                if self._interrupt.is_set():
                    break
                page = pages[index]
                texts.append((page.locator, None if page.locator in piece.known else self._text_of(page, may_recognise)))
        return _Read(piece, texts)

    def _text_of(self, page: Page, may_recognise: bool) -> str | None:
        text = page.text()
        if not text.scanned:
            return text.text
        return self._recogniser.recognise(page, self._interrupt).text if may_recognise else None

    def _on_tasks_succeeded(self, _job_id: int, read: _Read) -> None:
        if read.texts:
            self._keeping.run(partial(_index, read.piece.source.id, read.texts), activity="writing")
        if read.rest is not None:
            self._waiting.appendleft(read.rest)
        self._job = 0
        self._go_on()

    def _on_tasks_failed(self, _job_id: int, error: object) -> None:
        if not isinstance(error, IngestError):
            log.error("a document could not be read for the search: %s", type(error).__name__)
        self._job = 0
        self._go_on()


def _known_pages(source_id: str, store: History) -> frozenset[str]:
    return store.pages_indexed(source_id)


def _index(source_id: str, texts: list[tuple[str, str | None]], store: History) -> None:
    for locator, text in texts:
        if text is not None:
            store.index_page(source_id, locator, text)
