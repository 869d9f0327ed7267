"""Ties the text to the picture: hovering or reaching a reference lights up its box, and the other way round."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.chat.answer import Answer, Reference
from app.chat.session import Conversation
from app.ui.transcript import Transcript
from app.ui.viewer import Viewer


class Pointing(QObject):
    """Knows which answer the viewer shows the boxes of: the latest, or the one last pointed at."""

    def __init__(self, transcript: Transcript, viewer: Viewer, parent: QObject) -> None:
        super().__init__(parent)
        self._transcript = transcript
        self._viewer = viewer
        self._conversation = Conversation()
        self._turn_id = 0
        self._has_led = False
        transcript.reference_hovered.connect(self._on_transcript_reference_hovered)
        transcript.reference_activated.connect(self._on_transcript_reference_activated)
        viewer.box_hovered.connect(self._on_viewer_box_hovered)
        viewer.box_clicked.connect(self._on_viewer_box_clicked)

    def set_conversation(self, conversation: Conversation) -> None:
        """Point within another conversation, from its last answer. The viewer is to have its pictures already."""
        self._conversation = conversation
        self._turn_id = 0
        self._show_last()

    def path_changed(self) -> None:
        """Another version was chosen, or a turn was taken out: boxes of an answer that is no longer read go away."""
        if all(turn.id != self._turn_id for turn in self._conversation.turns):
            self._show_last()

    def show_answer(self, turn_id: int) -> None:
        """Show the boxes of this turn's answer; the picture of the first new one comes into view by itself."""
        if turn_id != self._turn_id:
            self._turn_id, self._has_led = turn_id, False
        answer = self._answer()
        references = answer.references if answer else []
        self._viewer.show_references(references)
        placed = [reference for reference in references if reference.picture_id is not None]
        shown = self._viewer.shown_picture
        if placed and not self._has_led:
            self._has_led = True  # once: then the viewer is the user's
            if all(shown is None or reference.picture_id != shown.id for reference in placed):
                self._viewer.show_picture(placed[0].picture_id)

    def _show_last(self) -> None:
        turns = self._conversation.turns
        self.show_answer(turns[-1].id if turns else 0)

    def _answer(self) -> Answer | None:
        turn = self._conversation.find(self._turn_id)
        return turn.answer if turn else None

    def _reference(self, number: int) -> Reference | None:
        answer = self._answer()
        return next((r for r in answer.references if r.number == number), None) if answer else None

    def _highlight(self, number: int) -> None:
        self._viewer.set_current(number)
        self._transcript.set_current_reference(self._turn_id, number)

    def _on_transcript_reference_hovered(self, turn_id: int, number: int) -> None:
        if number and turn_id != self._turn_id:
            self._turn_id = turn_id
            answer = self._answer()
            self._viewer.show_references(answer.references if answer else [])
        self._highlight(number)

    def _on_transcript_reference_activated(self, turn_id: int, number: int) -> None:
        self._on_transcript_reference_hovered(turn_id, number)
        reference = self._reference(number)
        if reference is not None:
            self._viewer.show_reference(reference)

    def _on_viewer_box_hovered(self, number: int) -> None:
        self._highlight(number)

    def _on_viewer_box_clicked(self, number: int) -> None:
        self._transcript.show_reference(self._turn_id, number)
