"""Questions on their way: the conversation in the window, and those whose answers still run behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.chat.compose import earlier_left_out
from app.chat.parts import Plan
from app.chat.session import Conversation, Turn
from app.model import Model
from app.workers.stream import EventStream
from inference.events import Event, Finished, TextDelta
from inference.types import Request

SHUTDOWN_WAIT_S = 5.0

Build = Callable[[Conversation, list[Turn], str, Plan, bool], Request]
"""From a conversation, the turns before, the question, what goes along and whether to reason, the request."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A question that waits for consent; as for `Asking.ask`."""

    question: str
    plan: Plan
    thinking: bool
    before: str | None


class Asking(QObject):
    """Starts and stops answers, and gives their events to the turns they belong to.

    Attributes:
        conversation: the one in the window.

    Signals:
        leaving(Conversation): it is about to go from the window.
        switched(): another conversation is in the window.
        sent(): the question from the composer is on its way.
        started(Conversation, Turn), arrived(Conversation, Turn, events), ended(Conversation, Turn): of any conversation.
        renamed(Conversation): its title or pin has changed.
        dropped(Conversation, Turn): a turn without an answer was replaced.
        path_changed(): other turns of the conversation in the window are read now.
        consent_wanted(host): attachments would go to this host for the first time; the question waits for `consent`.
        kept_back(question): in these words it was to be asked instead of another one, and there was no consent.
    """

    leaving = Signal(object)
    switched = Signal()
    sent = Signal()
    started = Signal(object, object)
    arrived = Signal(object, object, list)
    ended = Signal(object, object)
    renamed = Signal(object)
    dropped = Signal(object, object)
    path_changed = Signal()
    consent_wanted = Signal(str)
    kept_back = Signal(str)

    def __init__(self, model: Callable[[], Model | None], build: Build, parent: QObject) -> None:
        """`model` gives the one in use; `build` makes its requests."""
        super().__init__(parent)
        self._model = model
        self._build = build
        self.conversation = Conversation()
        self._running: dict[int, tuple[Conversation, EventStream]] = {}
        self._beside: list[tuple[Conversation, EventStream]] = []
        self._allowed: set[tuple[str, str]] = set()
        self._waiting: _Waiting | None = None

    def find(self, key: str) -> Conversation | None:
        """A conversation with a running answer, or the one in the window: reading it from the history would miss the rest."""
        live = [self.conversation, *(conversation for conversation, _ in self._running.values())]
        return next((conversation for conversation in live if conversation.key == key), None)

    def switch(self, conversation: Conversation) -> None:
        """Bring another conversation into the window; answers that run go on, but for those that nobody could come back to."""
        self._waiting = None
        if self.conversation.is_private and conversation is not self.conversation:
            self.stop()
        self.leaving.emit(self.conversation)
        self.conversation = conversation
        self.switched.emit()

    def ask(
        self, question: str, plan: Plan, thinking: bool, before: str | None = None, conversation: Conversation | None = None
    ) -> bool:
        """Send a question after the turn `before`; None for one after the last.

        It is one from the composer unless it is for a `conversation` that is not in the window. False when there is no model, when
        an answer still runs, or without consent: for the one in the window it waits for that now.
        """
        model, is_elsewhere = self._model(), conversation is not None and conversation is not self.conversation
        conversation = conversation or self.conversation
        if model is None or conversation.running is not None:
            return False
        host = model.capabilities.host
        earlier = conversation.turns if before is None else conversation.path_to(before)
        if host is not None and not self.may_send(host, earlier, plan, conversation):
            if not is_elsewhere:
                self.consent_wanted.emit(host)  # which ends the wait of an earlier one
                self._waiting = _Waiting(question, plan, thinking, before)
            return False
        left, is_new_version = conversation.leaf, before is not None and before != conversation.leaf
        reductions = [lost for lost in plan.reductions if lost.code != "earlier_left_out"]  # that was for another model
        reductions += earlier_left_out(earlier, plan.parts, model.capabilities)
        turn = conversation.start_turn(
            question, plan.parts, thinking, reductions, before=before, model_name=model.capabilities.model_name, host=host
        )
        request = self._build(conversation, earlier, question, plan, thinking)
        stream = EventStream(turn.id, lambda cancel: model.engine.stream(request, cancel), self)
        stream.events_arrived.connect(self._on_stream_events_arrived)
        self._running[turn.id] = (conversation, stream)
        self.started.emit(conversation, turn)
        if before is None and not is_elsewhere:
            self.sent.emit()
        if is_new_version:
            self._drop_if_empty(conversation, left, turn)
            if not is_elsewhere:
                self.path_changed.emit()
        stream.start()
        return True

    def end_with_answer(self, preparation: EventStream | None, conversation: Conversation | None = None) -> None:
        """A preparation that runs goes on as long as the answer of a conversation, by default of the one in the window."""
        conversation = conversation or self.conversation
        if preparation is not None:
            preparation.setParent(self)
            self._beside.append((conversation, preparation))
            if conversation.running is None:
                self._end_beside(conversation)

    def add_answered(self, conversation: Conversation, question: str, plan: Plan, text: str, by: str) -> Turn:
        """Put in a question that was answered without a model, by what is named."""
        turn = conversation.start_turn(question, plan.parts, False, plan.reductions, model_name=by)
        self.started.emit(conversation, turn)
        events: list[Event] = [TextDelta(text, text), Finished("stop")]
        conversation.apply(turn.id, events)
        self.arrived.emit(conversation, turn, events)
        self.ended.emit(conversation, turn)
        return turn

    def redo(self, turn_id: int, conversation: Conversation | None = None) -> None:
        """Ask a question again; its answer so far stays as another version, unless there is nothing in it."""
        conversation = conversation or self.conversation
        turn = conversation.find(turn_id)
        if turn is None or self._model() is None or conversation.running is not None:
            return
        self._ask_in_place_of(turn, turn.question, conversation)

    def edit(self, turn_id: int, question: str) -> None:
        """Ask another question at the place of this one, with the same attachments."""
        turn = self.conversation.find(turn_id)
        if turn is None or self._model() is None or self.conversation.running is not None:
            return
        self._ask_in_place_of(turn, question, self.conversation)

    def may_send(self, host: str | None, earlier: list[Turn], plan: Plan, conversation: Conversation | None = None) -> bool:
        """Whether what is attached may go there: nothing leaves this computer, or the user said so, or some went there before."""
        conversation = conversation or self.conversation
        if host is None or (conversation.key, host) in self._allowed:
            return True
        sent_before = (turn for turn in conversation.all_turns if turn.host == host and turn.parts)
        return (not plan.parts and not any(turn.parts for turn in earlier)) or any(sent_before)

    def allow(self, conversation: Conversation, host: str) -> None:
        """The user said that what is attached to this conversation may go there."""
        self._allowed.add((conversation.key, host))

    @property
    def is_composer_waiting(self) -> bool:
        """Whether the question in the composer waits for consent."""
        return self._waiting is not None and self._waiting.before is None

    def consent(self, host: str, is_given: bool) -> None:
        """The answer to `consent_wanted`."""
        waiting, self._waiting = self._waiting, None
        if is_given:
            self.allow(self.conversation, host)
        if waiting is None:
            return
        if is_given:
            self.ask(waiting.question, waiting.plan, waiting.thinking, waiting.before)
        elif waiting.before is not None and all(turn.question != waiting.question for turn in self.conversation.all_turns):
            self.kept_back.emit(waiting.question)

    @property
    def is_answering(self) -> bool:
        """Whether any answer runs, in the window or behind it."""
        return bool(self._running)

    @property
    def running_keys(self) -> frozenset[str]:
        """The conversations with a running answer."""
        return frozenset(conversation.key for conversation, _ in self._running.values())

    def stop(self, conversation: Conversation | None = None) -> None:
        """Stop the answer of a conversation, by default of the one in the window."""
        wanted = conversation or self.conversation
        for running, stream in self._running.values():
            if running is wanted:
                stream.cancel()

    def stop_all(self) -> None:
        """Stop every answer, as when the model goes."""
        for _, stream in self._running.values():
            stream.cancel()

    def shut_down(self) -> None:
        """Stop every answer, and take what they still had to say."""
        running, beside = list(self._running.values()), self._beside
        self.stop_all()
        for conversation, _ in beside:
            self._end_beside(conversation)
        for _, stream in running:
            stream.wait(SHUTDOWN_WAIT_S)
            stream.drain()
        for _, stream in beside:
            stream.wait(SHUTDOWN_WAIT_S)

    def _end_beside(self, conversation: Conversation) -> None:
        for other, stream in self._beside:
            if other is conversation:
                stream.cancel()
        self._beside = [pair for pair in self._beside if pair[0] is not conversation]

    def _ask_in_place_of(self, turn: Turn, question: str, conversation: Conversation) -> None:
        self.ask(question, Plan(turn.parts, turn.reductions), turn.thinking, turn.before, conversation)

    def _drop_if_empty(self, conversation: Conversation, key: str, instead: Turn) -> None:
        """A version that got no answer is not worth keeping beside the one that repeats its question."""
        old = next((turn for turn in conversation.versions(instead) if turn.key == key), None)
        if old is not None and old.question == instead.question and not old.answer.said.strip():
            conversation.drop_turn(old.id)
            self.dropped.emit(conversation, old)

    def _on_stream_events_arrived(self, turn_id: int, events: list[Event]) -> None:
        found = self._running.get(turn_id)
        if found is None:
            return
        conversation = found[0]
        turn = conversation.apply(turn_id, events)
        if turn is not None:
            self.arrived.emit(conversation, turn, events)
        if turn is None or turn.answer.is_final:
            del self._running[turn_id]
        if turn is not None and turn.answer.is_final:
            self._end_beside(conversation)
            self.ended.emit(conversation, turn)
