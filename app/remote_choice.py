"""Which engine is asked next, when it is no file on this computer: offered, chosen, set up, asked instead of one that failed.

Nothing is ever chosen here but by the user: an engine that fails leads to an offer.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.asking import Asking
from app.chat.answer import Failure
from app.chat.compose import earlier_left_out
from app.chat.session import Conversation, Turn
from app.model import CurrentModel
from app.preferences import Preferences
from app.remote_offers import LOCAL, Offer, Offers, other_offer, remote_offers
from app.ui.answer_view import ASK_OTHER, OPEN_SERVERS
from app.ui.failure_words import MODEL_CODES, failure_words
from app.ui.known_engines import known_engines
from app.ui.main_window import MainWindow
from app.ui.remote_words import SETTINGS_CODES
from app.ui.words import reduction_words
from app.workers.tasks import TaskRunner

if TYPE_CHECKING:
    from inference.cloud.models import ModelTable
    from inference.errors import ModelTableInvalid

log = logging.getLogger(__name__)

SETTINGS_PAGE = "servers"
OFFER_ID = "open the settings"
"""In the strip."""
RELEVANT = frozenset(
    {"engine", "glm_model", "glm_address", "glm_own_address", "servers", "keys", "requests_max", "proxy", "ca_file", "currency"}
)
"""Settings that the offers or the engine follow."""


class RemoteChoice(QObject):
    """Signals:
    chosen(): the user chose an engine; `CurrentModel.changed` tells when it is there.
    confirmed(): it is in use already.
    """

    chosen = Signal()
    confirmed = Signal()

    def __init__(self, window: MainWindow, asking: Asking, model: CurrentModel, preferences: Preferences, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._asking, self._model, self._preferences = window, asking, model, preferences
        self._table: ModelTable | None = None
        self._offers = Offers()
        self._again: tuple[Conversation, int] | None = None
        self._tasks = TaskRunner("models", self)
        self._tasks.succeeded.connect(self._on_tasks_succeeded)
        self._tasks.failed.connect(self._on_tasks_failed)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._open)
        window.composer.engine_chosen.connect(self.choose)
        for part in (window.composer, window.hero):
            part.servers_wanted.connect(self.open_settings)
        window.transcript.action_wanted.connect(self._on_transcript_action_wanted)
        known_engines().action_wanted.connect(self._on_transcript_action_wanted)
        window.strip.answered.connect(self._on_strip_answered)
        preferences.changed.connect(self._on_preferences_changed)
        preferences.keys_changed.connect(self._on_preferences_keys_changed)
        model.changed.connect(self._on_model_changed)
        model.failed.connect(self._on_model_failed)
        model.warned.connect(window.strip.show_message)
        asking.ended.connect(self._on_asking_ended)
        self._update()

    def warm_up(self) -> None:
        """Read what is known about the models of the cloud, when there is nothing else to do."""
        from app.engine_choice import load_model_table

        self._tasks.run(load_model_table)

    def close(self) -> None:
        """End the thread."""
        self._tasks.close()

    def open_settings(self) -> None:
        """Where servers and their keys are set up."""
        self._preferences.show_page(SETTINGS_PAGE)

    def choose(self, choice: str) -> None:
        """Have this engine answer from now on, as `EngineChoice` writes it."""
        from app.engine_choice import EngineChoice

        self.chosen.emit()
        for name, value in EngineChoice.parse(choice).as_settings().items():
            self._preferences.change(name, value)
        if self._model.model is not None and self._model.is_open_for(self._preferences.settings):
            self.confirmed.emit()

    def ask_other(self, turn: Turn, conversation: Conversation) -> None:
        """Ask a question again with the engine that is offered instead of the one that failed, as soon as that is there."""
        other = known_engines().other(turn)
        if other is not None:
            self._again = conversation, turn.id
            self.choose(other.choice)

    def _update(self) -> None:
        settings = self._preferences.settings
        self._offers = remote_offers(settings, self._session_names(), self._table)
        self._window.composer.set_offers(self._offers)
        known_engines().tell(self._table, settings.currency, self._is_priced, self._other)

    def _session_names(self) -> tuple[str, ...]:
        from app.settings.secrets import own_secrets

        return own_secrets().session_names

    def _is_priced(self, host: str) -> bool:
        from app.engine_choice import is_priced

        return is_priced(host, self._preferences.settings)

    def _other(self, host: str, model: str) -> Offer | None:
        return other_offer(self._preferences.settings, self._offers, host, model)

    def _open(self) -> None:
        if not self._model.is_open_for(self._preferences.settings):
            self._model.open(self._preferences.settings)

    def _on_tasks_succeeded(self, _job_id: int, result: tuple[ModelTable, ModelTableInvalid | None]) -> None:
        self._table = result[0]
        self._update()

    def _on_tasks_failed(self, _job_id: int, error: object) -> None:
        log.error("the table of models could not be read: %r", error)

    def _on_preferences_changed(self, name: str) -> None:
        if name in RELEVANT:
            self._update()
            self._timer.start()  # several may change together

    def _on_preferences_keys_changed(self) -> None:
        self._update()
        if self._preferences.settings.engine != LOCAL:
            self._timer.stop()
            self._model.open(self._preferences.settings)

    def _on_model_changed(self) -> None:
        if self._model.model is None:
            return
        if self._again is None:
            lost = earlier_left_out(self._asking.conversation.turns, (), self._model.model.capabilities)
            if lost:
                self._window.strip.show_message(" ".join(map(reduction_words, lost)))
            return
        conversation, turn_id = self._again
        self._again = None
        self._asking.redo(turn_id, conversation)

    def _on_model_failed(self, code: str, message: str) -> None:
        self._again = None
        is_known = code in MODEL_CODES or code in SETTINGS_CODES
        title = failure_words(Failure(code, message)).title if is_known else self.tr("The model cannot be used")
        if code in SETTINGS_CODES:
            self._window.strip.ask(OFFER_ID, f"{title}. {message}", [self.tr("Open the settings"), self.tr("Not now")])
        else:
            self._window.strip.show_message(f"{title}. {message}")

    def _on_strip_answered(self, question: str, button: int) -> None:
        if question == OFFER_ID and button == 0:
            self.open_settings()

    def _on_transcript_action_wanted(self, turn_id: int, name: str) -> None:
        turn = self._asking.conversation.find(turn_id)
        if name == OPEN_SERVERS:
            self.open_settings()
        elif name == ASK_OTHER and turn is not None:
            self.ask_other(turn, self._asking.conversation)

    def _on_asking_ended(self, _conversation: Conversation, _turn: Turn) -> None:
        self._model.end_unused()
