"""A question and its answer on their way into the history. In the history's thread."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from app.chat.pictures import SourceInfo
from app.chat.session import Conversation, Turn
from inference.events import Event

if TYPE_CHECKING:
    from app.chat.history.store import History


class Journal:
    """Keeps one turn. What cannot be written waits for the next attempt: a disk that was full for a while costs no word."""

    def __init__(self, conversation: Conversation, turn: Turn, in_memory: Mapping[SourceInfo, bytes]) -> None:
        """`in_memory` is what was asked about and is in no file. Raises ValueError for a private conversation."""
        if conversation.is_private:
            raise ValueError("nothing of a private conversation may be written to disk")
        self._conversation = conversation
        self._turn = turn
        self._in_memory = dict(in_memory)
        self._events: list[Event] = []
        self._is_started = False

    def write(self, store: History, events: Sequence[Event] = (), reasoning_s: float = 0.0) -> None:
        """Keep the question, and what has come of the answer. Raises the classes of the history's errors."""
        self._events += events
        try:
            self._keep_files(store)  # before the question: nothing else holds them
        finally:
            self._keep_turn(store, reasoning_s)

    def finish(self, store: History) -> None:
        """Keep what is left, and the end, unless it was deleted for good meanwhile. Raises the classes of the history's errors."""
        from app.chat.history.errors import NotKept

        with contextlib.suppress(NotKept):
            self.write(store, (), self._turn.answer.reasoning_s)
            store.finish_turn(self._turn)

    def _keep_files(self, store: History) -> None:
        for source, data in list(self._in_memory.items()):
            store.keep_file(source, data)
            del self._in_memory[source]

    def _keep_turn(self, store: History, reasoning_s: float) -> None:
        if not self._is_started:
            store.start_turn(self._conversation, self._turn)
            self._is_started = True
        if self._events:
            store.journal(self._turn.key, self._events, reasoning_s)
            self._events = []
