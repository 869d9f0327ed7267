"""Owns the services of the window, makes every connection between features, and shuts down in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QPoint

from app.chat.answer import Failure
from app.chat.compose import build_request
from app.chat.parts import Plan, Room
from app.chat.session import Conversation
from app.collecting import Collecting
from app.model import CurrentModel, OpenModel
from app.model_choice import ModelChoice
from app.preparing import Preparation
from app.reading import Reading
from app.settings.schema import Settings
from app.settings.store import SettingsStore
from app.ui.intake import Intake
from app.ui.language import Languages
from app.ui.link_menu import LinkMenu
from app.ui.main_window import MainWindow
from app.ui.picture_levels import PictureCache
from app.ui.pointing import Pointing
from app.ui.theme import themes
from app.ui.words import MODEL_CODES, failure_words, progress_words
from app.workers.stream import EventStream
from app.workers.tasks import TaskRunner
from inference.engine import Engine
from inference.events import BoxFound, Event, ImageRef, Progress
from inference.types import Request, Usage

SHUTDOWN_WAIT_S = 5.0


class Controller(QObject):
    """Attributes:
    window: what the user sees.
    conversation: the one in the window.
    attachments: the files and pictures of the next question.
    collecting: how they become what is sent.
    model: what answers.
    """

    def __init__(self, store: SettingsStore, open_model: OpenModel, overrides: dict[str, Any]) -> None:
        """`overrides` are settings from the command line; they hold until the user changes them, and are not written."""
        super().__init__()
        self._store = store
        self._overrides = overrides
        self._languages = Languages(self)
        themes().choose(self.settings.theme)
        self._languages.choose(self.settings.language)
        self._reading = Reading()
        self._tasks = TaskRunner("pictures", self)
        self._cache = PictureCache(self._tasks, self)
        self._stream: EventStream | None = None
        self.conversation = Conversation()
        self.model = CurrentModel(open_model, self)
        self.window = MainWindow(self._cache)
        self.collecting = Collecting(self.window, self._tasks, self._cache, self._reading, self._room, self)
        self.attachments = self.collecting.attachments
        self._model_choice = ModelChoice(self.window, self)
        self._pointing = Pointing(self.window.transcript, self.window.viewer, self)
        self._pointing.set_conversation(self.conversation)
        self._preparation = Preparation(self._build_preparation, self._engine, self)
        self._connect()
        self._restore()

    @property
    def settings(self) -> Settings:
        """What holds now."""
        return replace(self._store.current, **self._overrides)

    def start(self, paths: Sequence[Path]) -> None:
        """Open the model and the files named on the command line, once the window is there."""
        self.model.open(self.settings)
        self._tasks.run(self._reading.warm_up)
        self._take_in(Intake(tuple(paths)))

    def shut_down(self) -> None:
        """Stop what runs, end the engine, wait for the threads."""
        self._preparation.cancel()
        if self._stream is not None:
            self._stream.cancel()
        self.model.close()
        self._preparation.wait(SHUTDOWN_WAIT_S)
        for stream in self.findChildren(EventStream):
            stream.wait(SHUTDOWN_WAIT_S)
        self._reading.close()
        self.collecting.close()
        self._tasks.close()

    def ask(self, question: str, plan: Plan, thinking: bool) -> None:
        """Send a question. Nothing happens without a model or while another is being answered."""
        engine = self._engine()
        if engine is None or self.conversation.running is not None:
            return
        self._preparation.cancel()
        self.window.composer.set_status("")
        self.window.strip.hide()
        earlier = tuple(self.conversation.turns)
        turn = self.conversation.start_turn(question, plan.parts, thinking, plan.reductions)
        request = build_request(earlier, question, plan.parts, thinking=thinking)
        self.window.transcript.add_turn(turn)
        self._pointing.show_answer(turn.id)
        self._stream = EventStream(turn.id, lambda cancel: engine.stream(request, cancel), self)
        self._stream.events_arrived.connect(self._on_stream_events_arrived)
        self._stream.start()
        self._update()

    def _connect(self) -> None:
        window, composer = self.window, self.window.composer
        window.intake_received.connect(self._on_window_intake_received)
        window.files_chosen.connect(self._on_window_files_chosen)
        self._model_choice.chosen.connect(self._on_model_choice_chosen)
        self._model_choice.dismissed.connect(self._update)
        window.new_wanted.connect(self._on_window_new_wanted)
        window.stop_wanted.connect(self._on_stop_wanted)
        window.closed.connect(self._on_window_closed)
        window.header.theme_chosen.connect(self._on_header_theme_chosen)
        window.header.language_chosen.connect(self._on_header_language_chosen)
        window.transcript.picture_activated.connect(window.viewer.show_picture)
        window.transcript.link_activated.connect(self._on_transcript_link_activated)
        window.transcript.retry_wanted.connect(self._on_transcript_retry_wanted)
        composer.submitted.connect(self._on_composer_submitted)
        composer.stopped.connect(self._on_stop_wanted)
        composer.edited.connect(self._on_composer_edited)
        composer.thinking_toggled.connect(self._on_composer_thinking_toggled)
        self.collecting.changed.connect(self._on_collecting_changed)
        self.collecting.settled.connect(self._on_collecting_settled)
        self.model.changed.connect(self._on_model_changed)
        self.model.failed.connect(self._on_model_failed)
        self._preparation.progressed.connect(self._on_preparation_progressed)
        self._preparation.ended.connect(self._on_preparation_ended)

    def _restore(self) -> None:
        settings = self.settings
        self.window.restore_layout(settings.window_geometry, settings.splitter_state)
        self.window.header.set_choices(settings.theme, settings.language)
        self.window.composer.set_thinking(settings.thinking)
        if self._store.set_aside is not None:
            text = self.tr("The settings could not be read and start anew. The old file is kept as {name}.")
            self.window.strip.show_message(text.format(name=self._store.set_aside.name))
        self._update()

    def _update(self) -> None:
        """Bring the window in line with the state."""
        window, model = self.window, self.model.model
        is_running = self.conversation.running is not None
        window.show_page(window.transcript if self.conversation.turns else window.hero)
        window.hero.set_has_model(model is not None)
        window.set_title(self.conversation.title)
        window.header.set_destination(model is not None, model.capabilities.host if model else None)
        window.set_test_model(model is not None and model.is_test_model)
        window.composer.set_model_name(model.capabilities.model_name if model else "")
        window.composer.set_state(is_running=is_running, can_ask=model is not None and not self.collecting.is_running)
        pictures = {picture.id: picture for picture in (*self.conversation.pictures(), *self.collecting.pictures)}
        window.viewer.set_pictures(tuple(pictures.values()))
        window.viewer.setVisible(bool(pictures))

    def _change_setting(self, name: str, value: object) -> None:
        self._overrides.pop(name, None)
        self._store.change(**{name: value})

    def _engine(self) -> Engine | None:
        return self.model.model.engine if self.model.model else None

    def _room(self) -> Room:
        used = next((turn.answer.usage for turn in reversed(self.conversation.turns) if turn.is_answered), Usage())
        capabilities = self.model.model.capabilities if self.model.model else None
        return Room.of(capabilities, used.prompt_tokens + used.completion_tokens)

    def _build_preparation(self) -> Request | None:
        if self.conversation.running is not None or self.collecting.is_running:
            return None
        return build_request(self.conversation.turns, "", self.collecting.plan.parts, thinking=self.settings.thinking)

    def _take_in(self, received: Intake) -> None:
        self.collecting.take_in(received)
        if received.models:
            self._model_choice.choose(received.models[0])
        self.window.composer.question.setFocus()

    def _on_window_intake_received(self, received: Intake) -> None:
        self._take_in(received)

    def _on_window_files_chosen(self, paths: list[str]) -> None:
        self._take_in(Intake(tuple(Path(path) for path in paths)))

    def _on_window_new_wanted(self) -> None:
        self._on_stop_wanted()
        self._preparation.cancel()
        self._stream = None
        self.conversation = Conversation()
        self.window.transcript.clear()
        self._pointing.set_conversation(self.conversation)
        self.attachments.clear()
        self.window.composer.question.clear()
        self.window.composer.question.setFocus()
        self._update()

    def _on_window_closed(self) -> None:
        geometry, splitter_state = self.window.layout_state()
        self._store.change(window_geometry=geometry, splitter_state=splitter_state)

    def _on_header_theme_chosen(self, name: str) -> None:
        self._change_setting("theme", name)
        themes().choose(self.settings.theme)

    def _on_header_language_chosen(self, name: str) -> None:
        self._change_setting("language", name)
        self._languages.choose(self.settings.language)

    def _on_transcript_link_activated(self, target: str, position: QPoint) -> None:
        LinkMenu(target, self.window).show_at(position)

    def _on_transcript_retry_wanted(self, turn_id: int) -> None:
        turn = self.conversation.find(turn_id)
        if turn is None or self.conversation.running is not None or self._engine() is None:
            return
        if turn is self.conversation.turns[-1]:
            self.conversation.drop_turn(turn_id)
            self.window.transcript.drop_turn(turn_id)
        self.ask(turn.question, Plan(turn.parts, turn.reductions), turn.thinking)

    def _on_composer_submitted(self, text: str, thinking: bool) -> None:
        self.ask(text, self.collecting.plan, thinking)
        self.window.composer.question.clear()
        self.attachments.clear()

    def _on_composer_edited(self) -> None:
        if len(self.window.composer.question.toPlainText()) == 1:  # the first key of a question
            self._preparation.restart()

    def _on_composer_thinking_toggled(self, is_on: bool) -> None:
        self._change_setting("thinking", is_on)

    def _on_collecting_changed(self) -> None:
        self._preparation.cancel()
        self._update()

    def _on_collecting_settled(self) -> None:
        if self.attachments.entries:
            self._preparation.restart()

    def _on_model_choice_chosen(self, model: str, projector: str) -> None:
        self._on_stop_wanted()
        for name, value in (("model", model), ("mmproj", projector)):
            self._change_setting(name, value)
        self.window.strip.hide()
        self.model.open(self.settings)

    def _on_model_changed(self) -> None:
        model = self.model.model
        if model is not None:
            self.window.composer.set_thinking(self.settings.thinking, model.capabilities.thinking)
        self.collecting.restart_planning()
        self._update()

    def _on_model_failed(self, code: str, message: str) -> None:
        title = failure_words(Failure(code, message)).title if code in MODEL_CODES else self.tr("The model cannot be used")
        self.window.strip.show_message(f"{title}. {message}")
        self._update()

    def _on_preparation_progressed(self, progress: Progress) -> None:
        self.window.composer.set_status(progress_words(progress))

    def _on_preparation_ended(self, is_ready: bool) -> None:
        self.window.composer.set_status(self.tr("Ready") if is_ready and self.attachments.entries else "")

    def _on_stream_events_arrived(self, turn_id: int, events: list[Event]) -> None:
        turn = self.conversation.apply(turn_id, events)
        if turn is None:
            return
        self.window.transcript.refresh_turn(turn_id)
        if any(isinstance(event, BoxFound | ImageRef) for event in events):
            self._pointing.show_answer(turn_id)
        if turn.answer.is_final:
            self._stream = None
            self.window.composer.set_status("")
            self._update()

    def _on_stop_wanted(self) -> None:
        if self._stream is not None:
            self._stream.cancel()
            self.window.composer.set_status(self.tr("Stopping…"))
