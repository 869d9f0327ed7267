"""The list of conversations and the one in the window: open, find, rename, pin, delete and bring back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.asking import Asking
from app.chat.history.types import Found, Summary
from app.chat.pictures import place_of
from app.chat.session import Conversation, Turn
from app.keeping import Keeping
from app.shelf import Shelf
from app.ui.main_window import MainWindow

if TYPE_CHECKING:
    from app.chat.history.store import History

UNDO = "undo"
UNDO_MS = 540_000
"""How long a deletion can be undone: less than it takes until the history removes it for good (`PURGE_AFTER_S`)."""


class Browsing(QObject):
    """Ties the sidebar to the history.

    Attributes:
        summaries: the list as it is shown.

    Signals:
        turn_wanted(turn key): a search result names a turn of the conversation that has just come into the window.
        picture_wanted(picture id): and a picture or page of it.
        can_undo_changed(): something was deleted, or brought back.
        export_wanted(key, format): of a conversation of the list; the format is empty when it is to be asked for.
    """

    turn_wanted = Signal(str)
    picture_wanted = Signal(str)
    can_undo_changed = Signal()
    export_wanted = Signal(str, str)

    def __init__(
        self,
        window: MainWindow,
        keeping: Keeping,
        asking: Asking,
        shelf: Shelf,
        keeps_history: Callable[[], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._keeps_history = keeps_history
        self._window, self._keeping, self._asking, self._shelf = window, keeping, asking, shelf
        self._found: Found | None = None
        self._words = ""
        self._undo: Callable[[], object] | None = None
        self._undo_timer = QTimer(self)
        self._undo_timer.setSingleShot(True)
        self._undo_timer.setInterval(UNDO_MS)
        self._undo_timer.timeout.connect(self._forget_undo)
        self.summaries: list[Summary] = []
        sidebar = window.sidebar
        sidebar.conversation_wanted.connect(self.open)
        sidebar.found_wanted.connect(self._on_sidebar_found_wanted)
        sidebar.search_wanted.connect(self._on_sidebar_search_wanted)
        sidebar.rename_wanted.connect(self.rename)
        sidebar.pin_wanted.connect(self.pin)
        sidebar.delete_wanted.connect(self.delete)
        sidebar.export_wanted.connect(self.export_wanted)
        window.strip.answered.connect(self._on_strip_answered)
        keeping.listed.connect(self._on_keeping_listed)
        keeping.found.connect(self._on_keeping_found)
        keeping.opened.connect(self._on_keeping_opened)

    def open(self, key: str, words: str = "") -> None:
        """Bring a conversation into the window, and say something once it is there."""
        self._found, self._words = None, words
        self._open(key)

    def show(self, conversation: Conversation) -> None:
        """Bring one that is known already into the window."""
        self._found, self._words = None, ""
        self._keeping.forget_open()
        self._show(self._asking.find(conversation.key) or conversation)

    def give(self, key: str, take: Callable[[Conversation], object]) -> None:
        """A conversation for something else than the window."""
        live = self._asking.find(key)
        if live is not None:
            take(live)
        else:
            self._keeping.run(lambda store: store.load(key, self._shelf.open), take)

    def start_new(self, *, is_private: bool = False) -> None:
        """An empty conversation; private when the user wants no history."""
        is_private = is_private or not self._keeps_history()
        self._keeping.forget_open()
        self._asking.switch(Conversation(is_private=is_private))

    def follow_setting(self) -> None:
        """No history is wanted any more, or one is: nothing was asked yet in the conversation that stands ready."""
        if not self._keeps_history() and not self._asking.conversation.all_turns:
            draft = self._window.composer.draft()
            self.start_new()
            self._window.composer.set_draft(draft)

    def step(self, by: int) -> None:
        """The conversation so many places further down the list."""
        keys = [summary.key for summary in self.summaries]
        if keys:
            here = keys.index(self._asking.conversation.key) if self._asking.conversation.key in keys else -1
            self.open(keys[(here + by) % len(keys)] if here >= 0 else keys[0])

    def rename(self, key: str, title: str) -> None:
        """Call a conversation something else; an empty title brings back its own."""
        title, live = title.strip(), self._asking.find(key)
        if live is not None:
            self._show_naming(live, (title, live.is_pinned))
        if live is None or not live.is_private:
            self._keeping.rename(key, title)

    def pin(self, key: str, is_pinned: bool) -> None:
        """Keep it at the top of the list, or no longer."""
        live = self._asking.find(key)
        if live is not None:
            self._show_naming(live, (live.own_title, is_pinned))
        if live is None or not live.is_private:
            self._keeping.pin(key, is_pinned)

    def delete(self, key: str) -> None:
        """Take a conversation out of the list, and offer to bring it back."""
        conversation = self._asking.find(key)
        if conversation is not None:
            self._asking.stop(conversation)
        if key == self._keeping.loading_key:
            self._keeping.forget_open()
        if key == self._asking.conversation.key:
            self.start_new()
        if conversation is not None and conversation.is_private:
            self._offer_undo(self.tr("The conversation was deleted."), partial(self._asking.switch, conversation))
            return
        self._keeping.run(lambda store: store.delete(key), self._on_changed)
        self._offer_undo(self.tr("The conversation was deleted."), partial(self._restore, key))

    def delete_turn(self, turn: Turn) -> None:
        """Take a question and its answer out, and offer to bring them back. Without any, a conversation is not kept."""
        conversation = self._asking.conversation
        if not turn.answer.is_final:
            return
        if len(conversation.all_turns) == 1:
            self.delete(conversation.key)
            return
        after = [other.key for other in conversation.all_turns if other.before == turn.key]
        conversation.drop_turn(turn.id)
        if not conversation.is_private:
            self._keeping.run(lambda store: store.delete_turn(turn.key), self._on_changed)
        self._asking.path_changed.emit()
        words = self.tr("The question and its answer were deleted.")
        self._offer_undo(words, partial(self._restore_turn, conversation, turn, after))

    @property
    def can_undo(self) -> bool:
        """Whether something can be brought back."""
        return self._undo is not None

    def undo(self) -> None:
        """Bring back what was deleted last."""
        undo = self._undo
        self._forget_undo()
        self._window.strip.hide()
        if undo is not None:
            undo()

    def _open(self, key: str) -> None:
        live = self._asking.find(key)
        if live is not None:
            self._keeping.forget_open()
            self._show(live)
        else:
            self._keeping.open(key, self._shelf.open)

    def _restore(self, key: str) -> None:
        def show(_result: object) -> None:
            self._keeping.refresh()
            self.open(key)

        self._keeping.run(lambda store: store.restore(key), show)

    def _restore_turn(self, conversation: Conversation, turn: Turn, after: Sequence[str]) -> None:
        """The conversation may have been left, and read again, since."""
        live = self._asking.find(conversation.key) or conversation
        live.restore_turn(turn, after)
        if not live.is_private:
            self._keeping.run(lambda store: store.restore_turn(live, turn, after), self._on_changed)
        if live is self._asking.conversation:
            self._asking.path_changed.emit()
        elif live.is_private:
            self._asking.switch(live)
        else:
            self.open(live.key)

    def _show(self, conversation: Conversation) -> None:
        if self._found is not None:
            self._choose(conversation, self._found.turn_key)
        if conversation is not self._asking.conversation:
            self._asking.switch(conversation)
        words, self._words = self._words, ""
        if not conversation.all_turns and conversation.own_title:
            lost = self.tr("Only the title of this conversation could be saved: the rest stood in a damaged part of the history.")
            words = " ".join(filter(None, (words, lost)))
        if words:
            self._window.strip.show_message(words)
        found, self._found = self._found, None
        if found is None or found.conversation.key != conversation.key:
            return
        if found.turn_key:
            self.turn_wanted.emit(found.turn_key)
        for picture in conversation.pictures():
            place = place_of(picture)
            if place is not None and (place.source.id, place.locator, place.area) == (found.source_id, found.locator, None):
                self.picture_wanted.emit(picture.id)

    def _choose(self, conversation: Conversation, turn_key: str) -> None:
        """Read the path through a turn that stands on another one."""
        is_hidden = all(turn.key != turn_key for turn in conversation.turns)
        if is_hidden and any(turn.key == turn_key for turn in conversation.all_turns):
            conversation.choose(turn_key)
            self._keeping.save(conversation)
            if conversation is self._asking.conversation:
                self._asking.path_changed.emit()

    def _show_naming(self, live: Conversation, naming: tuple[str, bool]) -> None:
        if (live.own_title, live.is_pinned) != naming:
            live.own_title, live.is_pinned = naming
            self._asking.renamed.emit(live)

    def _offer_undo(self, words: str, undo: Callable[[], object]) -> None:
        self._undo = undo
        self._undo_timer.start()
        self.can_undo_changed.emit()
        self._window.strip.ask(UNDO, words, [self.tr("Undo")])

    def _forget_undo(self) -> None:
        self._undo = None
        self._undo_timer.stop()
        self.can_undo_changed.emit()

    def _on_changed(self, _result: object) -> None:
        self._keeping.refresh()

    def _on_sidebar_found_wanted(self, found: Found) -> None:
        self._found, self._words = found, ""
        self._open(found.conversation.key)

    def _on_sidebar_search_wanted(self, text: str) -> None:
        if text.strip():
            self._keeping.search(text)

    def _on_strip_answered(self, question: str, _button: int) -> None:
        if question == UNDO:
            self.undo()

    def _on_keeping_listed(self, summaries: list[Summary]) -> None:
        self.summaries = summaries
        self._window.sidebar.set_summaries(summaries)
        open_keys = {self._asking.conversation.key, *self._asking.running_keys}
        for summary in summaries:
            live = self._asking.find(summary.key) if summary.key in open_keys else None
            if live is not None and (live.title, live.is_pinned) != (summary.title, summary.is_pinned):
                self._keeping.run(partial(_naming, summary.key), partial(self._show_naming, live))  # another window has changed it

    def _on_keeping_found(self, query: str, places: list[Found]) -> None:
        self._window.sidebar.show_found(places, query)

    def _on_keeping_opened(self, conversation: Conversation, elsewhere: list[str]) -> None:
        for turn in conversation.all_turns:
            if turn.key in elsewhere:
                self._window.transcript.set_elsewhere(turn.id)
        self._show(conversation)


def _naming(key: str, store: History) -> tuple[str, bool]:
    """In the history's thread."""
    return store.naming(key)
