"""The conversation as it is read: questions and answers, scrolling with the end unless the user looks elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.chat.session import Conversation, Turn
from app.ui.language import Translated
from app.ui.picture_levels import PictureCache
from app.ui.theme import themes
from app.ui.transcript_announcer import Announcer
from app.ui.transcript_area import COLUMN_WIDTH_PX_MAX, FOLLOW_SLACK_PX, MARGIN_PX, ORDER_MS, RUNNING_ORDER_MS, SEEN_MARGIN_PX
from app.ui.transcript_end import EndButton
from app.ui.transcript_find import Finder
from app.ui.transcript_reading import ReadingArea
from app.ui.transcript_rows import Row
from ingest.attachment import Picture

if TYPE_CHECKING:
    from app.ui.transcript_turn import TurnView

__all__ = ["COLUMN_WIDTH_PX_MAX", "MARGIN_PX", "Transcript"]

OVERLAY_INSET_PX = 12


class Transcript(Translated, ReadingArea):
    """Shows the turns.

    Attributes:
        announcer: tells screen readers what came.

    Signals:
        reference_hovered(turn id, number), reference_activated(turn id, number): number 0 when the pointer left.
        picture_activated(picture id), link_activated(target, position).
        retry_wanted(turn id), model_wanted(): from a failure.
        action_wanted(turn id, name): `copy` (done already), `copy_text`, `copy_selection` (likewise), `redo`, `redo_with`,
            `export` or `delete`.
        question_edited(turn id, text): the question is to be asked in these words, as another version.
        version_wanted(turn key): another version of a turn is to be shown.
    """

    reference_hovered = Signal(int, int)
    reference_activated = Signal(int, int)
    picture_activated = Signal(str)
    link_activated = Signal(str, QPoint)
    retry_wanted = Signal(int)
    model_wanted = Signal()
    action_wanted = Signal(int, str)
    question_edited = Signal(int, str)
    version_wanted = Signal(str)

    def __init__(self, cache: PictureCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._conversation = Conversation()
        self._known: dict[str, Row] = {}
        self._pictures: dict[str, Picture] | None = None
        self._elsewhere: set[int] = set()
        self._current_reference = (0, 0)
        self._has_drawn = False
        self.setObjectName("transcript")
        self._end_button = EndButton(self)
        self._end_button.clicked.connect(self.scroll_to_end)
        self._finder = Finder(self)
        self._finder.bar_moved.connect(self._place_overlays)
        self.announcer = Announcer(self)
        self.end_left.connect(self._on_end_left)
        self.end_reached.connect(self._on_end_reached)
        themes().changed.connect(self._on_themes_changed)
        self.retranslate()

    @property
    def turns(self) -> list[Turn]:
        """What can be read here, from top to bottom."""
        return [row.turn for row in self.rows]

    @property
    def turn_in_view(self) -> int:
        """The id of the first turn that is in view; 0 for none."""
        value = self.verticalScrollBar().value()
        seen = self.rows.between(value, value + self.viewport().height())
        return self.rows[seen.start].turn.id if seen else 0

    def set_conversation(self, conversation: Conversation) -> None:
        """Show a conversation's path from its end."""
        for row in self._known.values():
            self.drop_view(row)
        self._conversation, self._known, self._current_reference = conversation, {}, (0, 0)
        self._take_turns(conversation.turns)
        self.scroll_to_end()

    def add_turn(self, turn: Turn) -> None:
        """Show a new question and what there is of its answer, and follow the end again."""
        path = self._conversation.turns
        self._take_turns(path if turn in path else [*self.turns, turn])
        self.scroll_to_end()

    def refresh_turn(self, turn_id: int) -> None:
        """Show what came since."""
        row = self.rows.find(turn_id)
        if row is None:
            return
        self.announcer.look(row.turn)
        with self.held():
            if row.view is not None:
                self._refreshed = row  # it is measured once, after all its parts have changed
                row.view.answer.refresh()
                self._refreshed = None
            self.fit_row(row)
        self.order_focus_soon(ORDER_MS if row.turn.answer.is_final else RUNNING_ORDER_MS)
        self._end_button.set_news(not self._end_button.isHidden())
        if row.turn.answer.is_final:
            self._elsewhere.discard(turn_id)
            self._update_locks()
            self._finder.refresh(turn_id)
        self.fill()

    def path_changed(self) -> None:
        """Another version was chosen, or a turn was taken out or brought back: show the path as it is now."""
        self._follows = False
        with self.focus_held():
            self._take_turns(self._conversation.turns)
            self.fill()
        self._on_bar_value_changed(self.verticalScrollBar().value())

    def end(self) -> None:
        """Stop what draws formulas and colours code, if any was drawn."""
        if self._has_drawn:
            from app.ui.rich_text import close_rich_text

            close_rich_text()

    def clear(self) -> None:
        """Take everything out."""
        self.set_conversation(Conversation())

    def set_elsewhere(self, turn_id: int, is_elsewhere: bool = True) -> None:
        """Whether another window is getting this turn's answer, so that nothing of it comes here."""
        (self._elsewhere.add if is_elsewhere else self._elsewhere.discard)(turn_id)
        row = self.rows.find(turn_id)
        if row is not None and row.view is not None:
            row.view.answer.set_elsewhere(is_elsewhere)
            row.view.announce_change()

    def show_turn(self, turn_key: str) -> None:
        """Scroll to a turn, its question on top."""
        row = self._known.get(turn_key)
        view = self.bring_into_view(row.turn.id) if row is not None else None
        if view is not None:
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() + view.y() - FOLLOW_SLACK_PX)

    def edit_question(self, turn_id: int) -> None:
        """Let the user put a question in other words."""
        view = self.bring_into_view(turn_id)
        if view is not None:
            view.question.edit()
            self.show_place(view.question, view.question.height() - SEEN_MARGIN_PX // 2)

    def open_find(self) -> None:
        """Let the user search the conversation."""
        self._finder.open()

    def set_current_reference(self, turn_id: int, number: int) -> None:
        """Highlight a reference of one answer, and none in the others."""
        self._current_reference = (turn_id, number)
        for row in self.rows:
            if row.view is not None:
                row.view.answer.set_current_reference(number if row.turn.id == turn_id else 0)

    def show_reference(self, turn_id: int, number: int) -> None:
        """Scroll so that a reference can be seen."""
        view = self.bring_into_view(turn_id)
        place = view.answer.reference_place(number) if view is not None else None
        if place is not None:
            self.show_place(place[0], place[1].y())

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Conversation"))

    def new_view(self, row: Row) -> TurnView:
        from app.ui.transcript_turn import TurnView  # brings all that answers are drawn with: 20 modules that the start is spared

        self._has_drawn = True
        view = TurnView(row, self._find_picture, self._cache, self.viewport())
        question, answer = view.question, view.answer
        question.picture_activated.connect(self.picture_activated)
        question.edited.connect(self.question_edited)
        question.action_wanted.connect(self._on_message_action_wanted)
        question.version_wanted.connect(self.version_wanted)
        question.unfolded.connect(self._on_question_unfolded)
        answer.reference_hovered.connect(self._on_answer_reference_hovered)
        answer.reference_activated.connect(self.reference_activated)
        answer.link_activated.connect(self.link_activated)
        answer.retry_wanted.connect(self.retry_wanted)
        answer.model_wanted.connect(self.model_wanted)
        answer.action_wanted.connect(self._on_message_action_wanted)
        answer.reasoning_toggled.connect(self._on_answer_reasoning_toggled)
        question.set_versions([turn.key for turn in self._conversation.versions(row.turn)])
        answer.set_elsewhere(row.turn.id in self._elsewhere)
        view.set_locked(self._is_running)
        if self._current_reference[0] == row.turn.id:
            answer.set_current_reference(self._current_reference[1])
        if self._finder.wanted:
            view.mark(self._finder.wanted)
        return view

    @property
    def _is_running(self) -> bool:
        return any(not row.turn.answer.is_final for row in self.rows)

    def _take_turns(self, turns: list[Turn]) -> None:
        """Have a row for each of these, the ones known as they are."""
        rows = []
        for turn in turns:
            row = self._known.get(turn.key)
            if row is None:
                row = self._known[turn.key] = Row(turn)
                row.guess(self.column_px)
                self.announcer.watch(turn)
            row.turn = turn
            rows.append(row)
        with self.held():
            for row in set(self.rows) - set(rows):
                self.drop_view(row)
            self.rows.replace(rows)
            for row in rows:
                if row.view is not None:
                    row.view.question.set_versions([other.key for other in self._conversation.versions(row.turn)])
                    self.fit_row(row)
        self._pictures = None
        self._update_locks()
        self._finder.refresh()

    def _update_locks(self) -> None:
        is_running = self._is_running
        for view in self.views:
            view.set_locked(is_running)

    def _find_picture(self, picture_id: str) -> Picture | None:
        if self._pictures is None:
            self._pictures = {picture.id: picture for row in self.rows for picture in row.turn.pictures}
        return self._pictures.get(picture_id)

    def _place_overlays(self) -> None:
        width, bar = self.viewport().width(), self._finder.bar
        bar.resize(min(bar.sizeHint().width(), width - 2 * OVERLAY_INSET_PX), bar.sizeHint().height())
        bar.move(width - bar.width() - OVERLAY_INSET_PX, OVERLAY_INSET_PX)
        top = 0 if bar.isHidden() else bar.geometry().bottom()  # it must not cover what is found
        if (before := self.viewportMargins().top()) != top:
            value = self.verticalScrollBar().value() + top - before
            self.setViewportMargins(0, top, 0, 0)
            self.verticalScrollBar().setValue(value)  # what is read stays where it is
        button = self._end_button
        button.move((self.width() - button.width()) // 2, self.height() - button.height() - OVERLAY_INSET_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_overlays()

    def _on_answer_reference_hovered(self, turn_id: int, number: int) -> None:
        self.reference_hovered.emit(turn_id, number)
        row = self.rows.find(turn_id)
        place = row.view.answer.reference_place(number) if row is not None and row.view is not None else None
        focused = QApplication.focusWidget()
        if place is not None and focused is not None and place[0].isAncestorOf(focused):  # reached with the keyboard
            self.show_place(place[0], place[1].y())

    def _on_question_unfolded(self, turn_id: int) -> None:
        if (row := self.rows.find(turn_id)) is not None:
            row.is_question_open = True

    def _on_answer_reasoning_toggled(self, turn_id: int, is_open: bool) -> None:
        if (row := self.rows.find(turn_id)) is not None:
            row.is_reasoning_open = is_open
            if row.view is not None and self._finder.wanted:
                row.view.mark(self._finder.wanted)

    def _on_message_action_wanted(self, turn_id: int, name: str) -> None:
        if name == "edit":
            self.edit_question(turn_id)
        else:
            self.action_wanted.emit(turn_id, name)

    def _on_end_left(self) -> None:
        self._end_button.set_news(False)
        self._end_button.show()
        self._end_button.raise_()

    def _on_end_reached(self) -> None:
        self._end_button.hide()

    def _on_themes_changed(self) -> None:
        for row in self.rows:
            row.is_measured = False
