"""The question that is being written: kept with its conversation, prepared, sent with the consent of the user."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from app.asking import Asking
from app.chat.history.types import NEW, Draft, DraftFile
from app.chat.pictures import SourceInfo
from app.chat.session import Conversation, Turn
from app.collecting import Collecting
from app.keeping import Keeping
from app.model import CurrentModel
from app.opening import Entry
from app.preparing import Preparation
from app.requesting import Requesting
from app.settings.schema import Settings
from app.ui.main_window import MainWindow
from app.ui.words import progress_words
from inference.engine import Engine
from inference.events import Finished, Progress
from inference.types import Request

CONSENT = "consent "
"""Before the host, as the id of the question in the strip."""


DRAFT_MS = 1_000
"""How long after the last key a draft is kept for the next start."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """What was written, and attached, and not sent."""

    text: str
    entries: tuple[Entry, ...]


class Sending(QObject):
    """Ties the composer to what is asked."""

    def __init__(
        self,
        window: MainWindow,
        asking: Asking,
        collecting: Collecting,
        model: CurrentModel,
        requesting: Requesting,
        settings: Callable[[], Settings],
        keeping: Keeping,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window, self._asking, self._collecting = window, asking, collecting
        self._model, self._requesting, self._settings = model, requesting, settings
        self._drafts: dict[str, _Draft] = {}
        self._keeping = keeping
        self._kept: dict[str, Draft] = {}
        self._stored: dict[str, Draft] | None = None
        self._draft_timer = QTimer(self)
        self._draft_timer.setSingleShot(True)
        self._draft_timer.setInterval(DRAFT_MS)
        self._draft_timer.timeout.connect(self._keep_draft)
        keeping.listed.connect(self._on_keeping_listed)
        self._preparation = Preparation(self._build_preparation, self._engine, self)
        self._preparation.progressed.connect(self._on_preparation_progressed)
        self._preparation.ended.connect(self._on_preparation_ended)
        self._preparation.measured.connect(self._on_preparation_measured)
        composer = window.composer
        composer.submitted.connect(self._on_composer_submitted)
        composer.stopped.connect(asking.stop)
        composer.edited.connect(self._on_composer_edited)
        composer.last_question_wanted.connect(self._on_composer_last_question_wanted)
        collecting.changed.connect(self._on_collecting_changed)
        collecting.settled.connect(self._on_collecting_settled)
        asking.leaving.connect(self._on_asking_leaving)
        asking.switched.connect(self._on_asking_switched)
        asking.sent.connect(self._on_asking_sent)
        asking.started.connect(self._forget_preparation)
        asking.ended.connect(self._on_asking_ended)
        asking.consent_wanted.connect(self._on_asking_consent_wanted)
        asking.kept_back.connect(self._on_asking_kept_back)
        window.strip.answered.connect(self._on_strip_answered)
        window.strip.dismissed.connect(self._on_strip_dismissed)
        model.changed.connect(self._forget_preparation)

    def cancel(self) -> None:
        """Prepare nothing, and keep what is written."""
        self._preparation.cancel()
        self._keep_draft()

    def wait(self, timeout_s: float) -> None:
        """For shutting down, after `cancel`."""
        self._preparation.wait(timeout_s)

    def _engine(self) -> Engine | None:
        return self._model.model.engine if self._model.model else None

    def _build_preparation(self) -> Request | None:
        conversation, plan, model = self._asking.conversation, self._collecting.plan, self._model.model
        if conversation.running is not None or self._collecting.is_running or model is None:
            return None
        if not self._asking.may_send(model.capabilities.host, conversation.turns, plan):
            return None  # not before the user said that it may go there
        draft = self._window.composer.draft()
        return self._requesting.build(conversation, conversation.turns, "", plan, self._settings().thinking, draft)

    def _forget_preparation(self) -> None:
        """What was prepared, or was being prepared, is of no use any more."""
        self._preparation.cancel()
        self._window.composer.set_status("")

    def _withdraw_question(self) -> None:
        """Consent is given for what was to be sent, not for what it becomes."""
        if self._asking.is_composer_waiting:
            self._window.strip.hide()

    def _on_composer_submitted(self, text: str, thinking: bool) -> None:
        preparation = self._preparation.leave_to_engine()
        self._asking.ask(text, self._collecting.plan, thinking)
        self._asking.end_with_answer(preparation)

    def _keep_draft(self) -> None:
        """For the next start; nothing of a private conversation, or when no conversation is to be kept."""
        self._draft_timer.stop()
        conversation = self._asking.conversation
        if self._stored is not None and not conversation.is_private:
            entries = self._collecting.attachments.entries if self._settings().keeps_history else ()
            files = [file for entry in entries if (file := _draft_file(entry)) is not None]
            text = self._window.composer.draft() if self._settings().keeps_history else ""
            self._store_draft(conversation.key if conversation.all_turns else NEW, Draft(text, tuple(files)))

    def _store_draft(self, key: str, draft: Draft) -> None:
        """Only what is new: every writing makes other windows look."""
        before = self._stored.get(key, Draft()) if self._stored is not None else draft
        if self._stored is not None and before != draft:
            self._stored[key] = draft
            new = {file.sha256 for file in draft.files} - {file.sha256 for file in before.files}
            attached = (entry.attachment for entry in self._collecting.attachments.entries)
            data = {SourceInfo.of(each): each.data for each in attached if each and each.data is not None and each.id in new}
            self._keeping.run(lambda store: store.keep_draft(key, draft, data), activity="writing")

    def _take_kept(self) -> None:
        """Go on with what was written before the last end."""
        conversation = self._asking.conversation
        if conversation.is_private or self._window.composer.draft() or self._collecting.attachments.entries:
            return
        draft = self._kept.pop(conversation.key if conversation.all_turns else NEW, None)
        if draft is not None:
            self._window.composer.set_draft(draft.text)
            self._collecting.attachments.add_again(draft.files, self._keeping.find_file)

    def _on_keeping_listed(self) -> None:
        """The history is there: what was begun before comes back, once."""
        self._keeping.listed.disconnect(self._on_keeping_listed)
        self._keeping.run(lambda store: store.drafts(), self._on_drafts_read, activity="reading")

    def _on_drafts_read(self, drafts: dict[str, Draft]) -> None:
        self._kept, self._stored = drafts, dict(drafts)
        self._take_kept()
        self._draft_timer.start()

    def _on_composer_edited(self) -> None:
        self._draft_timer.start()
        self._withdraw_question()
        if len(self._window.composer.draft()) == 1:  # the first key of a question
            self._preparation.restart()

    def _on_composer_last_question_wanted(self) -> None:
        turns = self._asking.conversation.turns
        if turns and self._asking.conversation.running is None:
            self._window.transcript.edit_question(turns[-1].id)

    def _on_collecting_changed(self) -> None:
        self._draft_timer.start()
        self._withdraw_question()
        self._forget_preparation()

    def _on_collecting_settled(self) -> None:
        if self._collecting.attachments.entries:
            self._preparation.restart()

    def _on_asking_leaving(self, conversation: Conversation) -> None:
        self._keep_draft()
        open_ones = tuple(entry for entry in self._collecting.attachments.entries if entry.attachment is not None)
        draft = _Draft(self._window.composer.draft(), open_ones)
        if (draft.text or draft.entries) and not (conversation.is_private and conversation.all_turns):
            self._drafts[_draft_key(conversation)] = draft

    def _on_asking_switched(self) -> None:
        self._forget_preparation()
        draft = self._drafts.pop(_draft_key(self._asking.conversation), _Draft("", ()))
        self._collecting.attachments.clear()
        if draft.entries:
            self._collecting.attachments.put_back(draft.entries)
        self._window.composer.set_draft(draft.text)
        self._take_kept()
        self._window.composer.question.setFocus()

    def _on_asking_sent(self) -> None:
        self._window.composer.question.clear()
        self._collecting.attachments.clear()
        self._keep_draft()
        if len(self._asking.conversation.all_turns) == 1:
            self._store_draft(NEW, Draft())  # it was written before there was a conversation

    def _on_asking_ended(self, conversation: Conversation, _turn: Turn) -> None:
        if conversation is self._asking.conversation and self._collecting.attachments.entries:
            self._collecting.restart_planning()  # there is less room now

    def _on_asking_consent_wanted(self, host: str) -> None:
        text = self.tr("What is attached to this conversation will be sent to {host}.").format(host=host)
        self._window.strip.ask(CONSENT + host, text, [self.tr("Send"), self.tr("Don't send")])

    def _on_asking_kept_back(self, question: str) -> None:
        if not self._window.composer.draft():
            self._window.composer.set_draft(question)

    def _on_strip_answered(self, question: str, button: int) -> None:
        if question.startswith(CONSENT):
            self._asking.consent(question.removeprefix(CONSENT), button == 0)

    def _on_strip_dismissed(self, question: str) -> None:
        if question.startswith(CONSENT):
            self._asking.consent(question.removeprefix(CONSENT), False)

    def _on_preparation_progressed(self, progress: Progress) -> None:
        model = self._model.model
        self._window.composer.set_status(progress_words(progress, model.capabilities.host if model is not None else None))

    def _on_preparation_ended(self, is_ready: bool) -> None:
        self._window.composer.set_status(self.tr("Ready") if is_ready and self._collecting.attachments.entries else "")

    def _on_preparation_measured(self, finished: Finished) -> None:
        if self._model.model is not None:
            self._requesting.learn(self._model.model.capabilities.model_name, finished)


def _draft_file(entry: Entry) -> DraftFile | None:
    """How it is kept; None for a region, which is a part of something else, and for what is not open yet and in no file."""
    if entry.region is not None:
        return None
    if isinstance(entry.source, Path):
        return DraftFile(str(entry.source), entry.part)
    return DraftFile(entry.name, entry.part, entry.attachment.id) if entry.attachment is not None else None


def _draft_key(conversation: Conversation) -> str:
    """A question that was begun in a new conversation waits for the next new one of the same kind."""
    return conversation.key if conversation.all_turns else f"new, private: {conversation.is_private}"
