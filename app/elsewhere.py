"""What other windows, programs and Quick Ask do in the conversation that is in the window."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.asking import Asking
from app.chat.pictures import Opener
from app.chat.session import Conversation, Turn
from app.keeping import Keeping
from app.shelf import Shelf

if TYPE_CHECKING:
    from app.chat.history.store import History


class Elsewhere(QObject):
    """Brings it into the window once it is complete.

    Signals:
        taken_up(): the conversation in the window has questions now that were asked in it elsewhere.
    """

    taken_up = Signal()

    def __init__(self, keeping: Keeping, asking: Asking, shelf: Shelf, parent: QObject) -> None:
        super().__init__(parent)
        self._keeping, self._asking, self._shelf = keeping, asking, shelf
        keeping.ended_elsewhere.connect(self._on_keeping_ended_elsewhere)
        keeping.changed_elsewhere.connect(self._on_keeping_changed_elsewhere)
        asking.ended.connect(self._on_asking_ended)

    def _on_keeping_ended_elsewhere(self) -> None:
        conversation = self._asking.conversation
        if conversation.running is not None and conversation.key not in self._asking.running_keys:
            self._keeping.open(conversation.key, self._shelf.open)

    def _on_keeping_changed_elsewhere(self) -> None:
        conversation = self._asking.conversation
        if not conversation.is_private and conversation.all_turns and conversation.running is None:
            known = [turn.key for turn in conversation.all_turns]
            self._keeping.run(partial(_load_if_new, conversation.key, known, self._shelf.open), self._take_up)

    def _on_asking_ended(self, conversation: Conversation, _turn: Turn) -> None:
        self._take_up(conversation)  # a card of Quick Ask has its own copy

    def _take_up(self, copy: Conversation | None) -> None:
        conversation = self._asking.conversation
        if copy is None or copy is conversation or copy.key != conversation.key or conversation.running is not None:
            return
        if conversation.take_up(copy):
            self.taken_up.emit()


def _load_if_new(key: str, known: Sequence[str], opener: Opener, store: History) -> Conversation | None:
    """In the history's thread."""
    return store.load_if_new(key, known, opener)
