"""One conversation of Quick Ask: its question, the bar that takes it and the card that answers, beside a region or on their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QGuiApplication, QImage, QScreen
from PySide6.QtWidgets import QWidget

from app.asking import Asking
from app.capture.shot import Shot
from app.chat.answer import Reference
from app.chat.session import Conversation, Turn
from app.model import CurrentModel
from app.quick_question import QuickQuestion
from app.quick_shots import QuickShots
from app.settings.schema import Settings
from app.ui.intake import Intake
from app.ui.picture_levels import PictureCache
from app.ui.quick.answer_card import AnswerCard
from app.ui.quick.ask_bar import AskBar
from app.ui.quick.panel import QuickPanel
from app.ui.quick.quick_actions import EXTRACT
from inference.events import Event


class QuickConversation(QObject):
    """Attributes:
        question: what goes along, and the conversation itself.

    Signals:
        left(): the user is done with the screens.
        ended(): nothing is seen of it any more.
        more_wanted(): another shot for the same question. shot_removed(shot).
        asking(): it is about to be asked: what is being drawn on a shot belongs to it.
        asked(): it is on its way; the shots stay as they are.
        boxes_changed(): `boxes` tells others.
        current_changed(number): of the box that is pointed at; 0 for none.
        window_wanted(Conversation): it is to be read in the window.
        model_wanted(words, entries): a model is to be chosen; the question that is written, and what goes along with it.
    """

    left = Signal()
    ended = Signal()
    more_wanted = Signal()
    shot_removed = Signal(object)
    asking = Signal()
    asked = Signal()
    boxes_changed = Signal()
    current_changed = Signal(int)
    window_wanted = Signal(object)
    model_wanted = Signal(str, object)

    def __init__(
        self,
        question: QuickQuestion,
        asking: Asking,
        model: CurrentModel,
        cache: PictureCache,
        settings: Callable[[], Settings],
        change: Callable[[str, object], object],
        parent: QObject,
    ) -> None:
        """`change` keeps a setting."""
        super().__init__(parent)
        self.question = question
        self._asking, self._model, self._cache = asking, model, cache
        self._shots = QuickShots(question)
        self._image: QImage | None = None
        self._host = ""
        self._wanted: Callable[[], str] | None = None
        self._turn: Turn | None = None
        self._bar = AskBar()
        self._card: AnswerCard | None = None
        self._panel = QuickPanel(self._bar, self)
        self._bar.set_actions(settings().quick_prompts)
        self._bar.actions_changed.connect(lambda text: change("quick_prompts", text))
        self._connect()
        self._on_model_changed()

    @property
    def is_blank(self) -> bool:
        """Whether it is a bar that stands for itself, in which nothing was written."""
        return self._panel.is_floating and self._card is None and not self._bar.text().strip()

    def add_shot(self, shot: Shot, name: str, *, is_change: bool = False) -> None:
        """Ask about this too. `is_change`: instead of the last one, which is like this now."""
        self._image = (self._shots.replace if is_change else self._shots.add)(shot, name)
        self._bar.set_shots(self._shots.images())

    def put_on(self, surface: QWidget, region: QRect, taken: Sequence[QRect] = ()) -> None:
        """Show the bar beside a region of this surface; it does not cover what is taken, if it need not."""
        self._panel.open(surface, region, taken)

    def move_to(self, region: QRect, taken: Sequence[QRect] = ()) -> None:
        """The region was moved, or other things beside it."""
        self._panel.move_to(region, taken)

    def float_at(self, screen: QScreen, selected: Intake, name: str) -> None:
        """Ask about what was selected, in a window of its own; a picture without a file is called `name`."""
        self._image = selected.image
        self.question.take_in(selected, name)
        words = f"“{selected.text.strip()}”" if selected.text else ", ".join(path.name for path in selected.paths)
        self._bar.set_subject(words or name)
        self._panel.float_on(screen)

    def float_away(self) -> None:
        """The screen it stands on changes: what was written or answered goes on in a window of its own."""
        screen = QGuiApplication.primaryScreen()
        if self._card is not None and self._turn is not None:
            self._card.pin()
        elif screen is not None and self._bar.text().strip():
            self._drop_card()
            self._bar.set_subject("")
            self._panel.float_on(screen)

    def boxes(self) -> list[tuple[Shot, tuple[Reference, ...]]]:
        """What the answer that was last pointed in marks on each shot."""
        return self._shots.boxes(self._turn.answer.references if self._turn is not None else ())

    def set_current(self, number: int) -> None:
        """Highlight what is said about this box; 0 for none."""
        if self._card is not None:
            self._card.set_current(number)

    def leave_screen(self) -> None:
        """What it was shown on goes away; what is in a window of its own stays."""
        if self._panel.is_floating:
            return
        self._panel.close()
        self._shots.clear()
        if self._card is None or not self._card.is_pinned:
            self.end()

    def end(self) -> None:
        """Let go of everything. An answer that runs goes on; it is in the history."""
        self.question.end()
        for widget in (self._bar, self._card):
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._card = None
        self.ended.emit()
        self.deleteLater()

    def _connect(self) -> None:
        bar, question, asking = self._bar, self.question, self._asking
        bar.asked.connect(lambda _: self._ask(lambda: bar.text().strip()))
        bar.action_chosen.connect(self._on_bar_action_chosen)
        bar.more_wanted.connect(self.more_wanted)
        bar.shot_removed.connect(self._on_bar_shot_removed)
        bar.destination_wanted.connect(self._want_model)
        bar.dismissed.connect(self._leave)
        bar.edited.connect(lambda: question.set_draft(bar.text()))
        question.settled.connect(self._shots.note_pictures)
        question.status_changed.connect(bar.set_status)
        question.refused.connect(lambda words: self._show_card().show_failure(words))
        question.unread.connect(lambda words: self._show_card().show_failure(words, question.extract_text))
        question.consent_wanted.connect(self._on_question_consent_wanted)
        question.started.connect(self._on_question_started)
        question.reading.connect(self._on_question_reading)
        question.extracted.connect(lambda text: self._show_card().show_text(text))
        asking.arrived.connect(self._on_asking_arrived)
        asking.ended.connect(self._on_asking_ended)
        self._model.changed.connect(self._on_model_changed)

    def _drop_card(self) -> None:
        """There is no answer on it."""
        self._panel.drop_card()
        self._card = None

    def _leave(self) -> None:
        if self._panel.is_floating:
            self.end()
        else:
            self.left.emit()

    def _show_card(self) -> AnswerCard:
        if self._card is not None:
            return self._card
        card = self._card = AnswerCard(self._cache, has_picture=self._image is not None)
        card.copy_picture_wanted.connect(self._on_card_copy_picture_wanted)
        card.ask_on.connect(lambda words: self._ask(lambda: words))
        card.open_wanted.connect(self._on_card_open_wanted)
        card.stop_wanted.connect(self.question.stop)
        card.retry_wanted.connect(self._on_card_retry_wanted)
        card.model_wanted.connect(self._want_model)
        card.reference_hovered.connect(self.current_changed)
        card.reference_activated.connect(self.current_changed)
        card.turn_pointed.connect(self._on_card_turn_pointed)
        card.consented.connect(self._on_card_consented)
        card.closed.connect(self._on_card_closed)
        card.dismissed.connect(self._on_card_dismissed)
        card.pin_toggled.connect(self._on_card_pin_toggled)
        self._panel.show_card(card)
        return card

    def _want_model(self) -> None:
        """What was not asked yet goes on in the window, where models are chosen."""
        if self._turn is not None:
            self.model_wanted.emit("", ())
            return
        entries = tuple(entry for entry in self.question.attachments.entries if entry.attachment is not None)
        self.model_wanted.emit(self._bar.text(), entries)
        self._leave()

    def _ask(self, wanted: Callable[[], str]) -> None:
        """Ask this; where consent is needed first, what it says by then."""
        self._wanted = wanted
        self.asking.emit()
        self.question.ask(wanted())

    def _on_bar_action_chosen(self, action_id: str) -> None:
        if action_id == EXTRACT:
            self.asking.emit()
            self.question.extract_text()
        else:
            self._ask(lambda: self._bar.question_for(action_id))

    def _on_bar_shot_removed(self, index: int) -> None:
        gone = self._shots.remove(index)
        if gone is not None:
            self._bar.set_shots(self._shots.images())
            self.shot_removed.emit(gone)

    def _on_question_consent_wanted(self, host: str) -> None:
        self._host = host
        self._show_card().ask_consent(host)

    def _on_question_started(self, turn: Turn) -> None:
        self._turn = turn
        self._show_card().show_turn(turn)
        self._bar.set_shots([])  # they belong to what was asked
        self._bar.set_status("")
        self._bar.set_running(self.question.conversation.running is not None)
        self.asked.emit()
        if self._panel.is_floating:
            self._bar.hide()

    def _on_question_reading(self) -> None:
        self._show_card().show_status(self.tr("Reading the text…"))
        self.asked.emit()

    def _on_asking_arrived(self, conversation: Conversation, turn: Turn, _events: list[Event]) -> None:
        if conversation is self.question.conversation and self._card is not None:
            self._card.refresh()
            if turn is self._turn:
                self.boxes_changed.emit()

    def _on_asking_ended(self, conversation: Conversation, _turn: Turn) -> None:
        if conversation is self.question.conversation:
            self._bar.set_running(self.question.conversation.running is not None)

    def _on_model_changed(self) -> None:
        model = self._model.model
        self._bar.set_destination(model is not None, model.capabilities.host if model else None)

    def _on_card_copy_picture_wanted(self) -> None:
        if self._image is not None:
            QGuiApplication.clipboard().setImage(self._image)

    def _on_card_open_wanted(self) -> None:
        self.window_wanted.emit(self.question.conversation)
        self._leave()

    def _on_card_retry_wanted(self) -> None:
        if self._turn is not None:
            self._asking.redo(self._turn.id, self.question.conversation)
            turn = self.question.conversation.turns[-1]
            if turn is not self._turn:
                self._on_question_started(turn)

    def _on_card_turn_pointed(self, turn_id: int) -> None:
        self._turn = self.question.conversation.find(turn_id) or self._turn
        self.boxes_changed.emit()

    def _on_card_consented(self, is_allowed: bool) -> None:
        self.question.consent(self._host, is_allowed, self._wanted() if self._wanted is not None else "")
        if self._card is None or is_allowed:
            return
        if self._turn is not None:
            self._card.show_turn(self._turn)
        else:
            self._drop_card()
            self._bar.focus_question()

    def _on_card_closed(self) -> None:
        """Of a pinned one; it deletes itself."""
        self._card = None
        self.end()

    def _on_card_dismissed(self) -> None:
        if self._card is not None and not self._card.is_pinned:
            self._leave()

    def _on_card_pin_toggled(self, is_pinned: bool) -> None:
        if is_pinned and not self._panel.is_floating:
            self.left.emit()  # what was pinned is to be seen beside other things
