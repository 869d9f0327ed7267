"""What happens to conversations, brought to where it is seen and kept: transcript, viewer, composer, history, index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.asking import Asking
from app.browsing import Browsing
from app.chat.pictures import attachment_of
from app.chat.session import Conversation, Turn
from app.elsewhere import Elsewhere
from app.exporting import Exporting
from app.indexing import Indexing
from app.keeping import Keeping
from app.requesting import Requesting
from app.shelf import Shelf
from app.ui.main_window import MainWindow
from inference.events import BoxFound, Event, Finished, ImageRef

if TYPE_CHECKING:
    from app.ui.pointing import Pointing
    from app.ui.viewer import Viewer


class Following(QObject):
    """Signals:
    changed(): something that the whole window shows may be different now.
    redo_with_wanted(turn id): a question is to be asked again, with another model.
    """

    changed = Signal()
    redo_with_wanted = Signal(int)

    def __init__(
        self,
        window: MainWindow,
        asking: Asking,
        browsing: Browsing,
        keeping: Keeping,
        indexing: Indexing,
        exporting: Exporting,
        requesting: Requesting,
        shelf: Shelf,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window, self._asking, self._browsing = window, asking, browsing
        self._keeping, self._indexing, self._exporting = keeping, indexing, exporting
        self._requesting, self._shelf = requesting, shelf
        self._pointing: Pointing | None = None
        self._key = ""
        window.viewer_made.connect(self._on_window_viewer_made)
        transcript = window.transcript
        transcript.retry_wanted.connect(asking.redo)
        transcript.question_edited.connect(asking.edit)
        transcript.version_wanted.connect(self._on_transcript_version_wanted)
        transcript.action_wanted.connect(self._on_transcript_action_wanted)
        asking.switched.connect(self._on_asking_switched)
        asking.started.connect(self._on_asking_started)
        asking.arrived.connect(self._on_asking_arrived)
        asking.ended.connect(self._on_asking_ended)
        asking.path_changed.connect(self._on_asking_path_changed)
        asking.dropped.connect(self._on_asking_dropped)
        asking.renamed.connect(self.changed)
        browsing.turn_wanted.connect(transcript.show_turn)
        Elsewhere(keeping, asking, shelf, self).taken_up.connect(self._on_elsewhere_taken_up)

    def _on_window_viewer_made(self, viewer: Viewer) -> None:
        """Before, there was no picture to point at."""
        from app.ui.pointing import Pointing

        self._pointing = Pointing(self._window.transcript, viewer, self)
        self._pointing.set_conversation(self._asking.conversation)

    def _on_asking_switched(self) -> None:
        conversation = self._asking.conversation
        if conversation.key != self._key:  # else it was read again, as another window went on with it
            self._key = conversation.key
            self._window.strip.hide()
        self._indexing.add(conversation, conversation.all_turns)  # what was not read before the window was closed
        self._window.transcript.set_conversation(conversation)
        self.changed.emit()
        if self._pointing is not None:
            self._pointing.set_conversation(conversation)  # its pictures are in the viewer now

    def _on_asking_started(self, conversation: Conversation, turn: Turn) -> None:
        attached = {each.id: each for picture in turn.pictures if (each := attachment_of(picture)) is not None}
        self._keeping.begin_turn(conversation, turn, {key: each.data for key, each in attached.items()})
        if not conversation.is_private:
            for attachment in attached.values():
                self._shelf.put(attachment)
        self._indexing.rest(True)
        if conversation is self._asking.conversation:
            self._window.strip.hide()
            self._window.transcript.add_turn(turn)
            self._show_answer(turn.id)
        self.changed.emit()

    def _on_asking_arrived(self, conversation: Conversation, turn: Turn, events: list[Event]) -> None:
        self._keeping.journal(turn, events)
        if conversation is self._asking.conversation:
            self._window.transcript.refresh_turn(turn.id)
            if any(isinstance(event, BoxFound | ImageRef) for event in events):
                self._show_answer(turn.id)

    def _on_asking_ended(self, conversation: Conversation, turn: Turn) -> None:
        answer = turn.answer
        self._keeping.end_turn(turn)
        self._indexing.add(conversation, [turn])
        self._indexing.rest(self._asking.is_answering)
        if answer.failure is None and answer.usage.prompt_tokens:  # else no model answered
            self._requesting.learn(turn.model_name, Finished(answer.finish_reason or "stop", answer.usage, answer.timings))
        self.changed.emit()

    def _on_asking_path_changed(self) -> None:
        self._keeping.save(self._asking.conversation)
        self._show_path()

    def _on_asking_dropped(self, conversation: Conversation, turn: Turn) -> None:
        if not conversation.is_private:
            self._keeping.run(lambda store: store.delete_turn(turn.key))

    def _on_transcript_version_wanted(self, key: str) -> None:
        self._asking.conversation.choose(key)
        self._on_asking_path_changed()

    def _on_transcript_action_wanted(self, turn_id: int, name: str) -> None:
        turn = self._asking.conversation.find(turn_id)
        if turn is None:
            return
        match name:
            case "redo":
                self._asking.redo(turn_id)
            case "redo_with":
                self.redo_with_wanted.emit(turn_id)
            case "export":
                self._exporting.ask_where(self._asking.conversation, [turn])
            case "delete":
                self._browsing.delete_turn(turn)

    def _on_elsewhere_taken_up(self) -> None:
        self._window.transcript.path_changed()
        self.changed.emit()

    def _show_path(self) -> None:
        self._window.transcript.path_changed()
        turns = self._asking.conversation.turns
        self._show_answer(turns[-1].id if turns else 0)
        self.changed.emit()

    def _show_answer(self, turn_id: int) -> None:
        if self._pointing is not None:
            self._pointing.show_answer(turn_id)
