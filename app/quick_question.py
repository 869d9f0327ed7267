"""A question that is asked outside the window: what goes along, how far that is prepared, and the conversation it begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Event as ThreadEvent

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.asking import Asking
from app.attachments import Attachments
from app.chat.parts import Plan
from app.chat.session import Conversation, Turn
from app.model import CurrentModel
from app.planning import Planning
from app.preparing import Preparation
from app.reading import Reading
from app.requesting import Requesting
from app.settings.schema import Settings
from app.ui.intake import Intake
from app.ui.picture_levels import PictureCache
from app.ui.words import progress_words, reduction_words, refusal_words
from app.workers.tasks import TaskRunner
from inference.engine import Engine
from inference.events import Finished, Progress
from inference.types import Request
from ingest.attachment import Picture
from ingest.errors import IngestError
from ingest.recogniser import Recogniser


class QuickQuestion(QObject):
    """Attributes:
        conversation: what it begins; it is in the history as soon as something was asked.
        attachments: what goes along with the next question.
        plan: what of that is sent; empty until it has settled.

    Signals:
        settled(): all that goes along is open and planned.
        status_changed(words): how far the preparation is; empty for nothing to say.
        refused(words): something cannot go along, or be read.
        unread(words): the text in the pictures could not be read.
        consent_wanted(host): pictures would go there for the first time; the question waits for `consent`.
        started(Turn): it is on its way.
        reading(): the text in the pictures is being read.
        extracted(text): what could be read in the pictures, without any model.
    """

    settled = Signal()
    status_changed = Signal(str)
    refused = Signal(str)
    unread = Signal(str)
    consent_wanted = Signal(str)
    started = Signal(object)
    reading = Signal()
    extracted = Signal(str)

    def __init__(
        self,
        asking: Asking,
        model: CurrentModel,
        requesting: Requesting,
        reading: Reading,
        tasks: TaskRunner,
        slow_tasks: TaskRunner,
        cache: PictureCache,
        settings: Callable[[], Settings],
        parent: QObject,
    ) -> None:
        """`tasks` decode pictures; `slow_tasks` plan and recognise."""
        super().__init__(parent)
        self._asking, self._model, self._requesting, self._settings = asking, model, requesting, settings
        self._recogniser = reading.recogniser
        self.conversation = Conversation(is_private=not settings().keeps_history)
        self.attachments = Attachments(tasks, cache, reading, self)
        self._planning = Planning(self, reading.recogniser, slow_tasks)
        self._slow_tasks, self._recognition_job = slow_tasks, 0
        self._preparation = Preparation(self._build_preparation, self._engine, self)
        self._draft = self._waiting = ""
        self._is_extraction_wanted = False
        self._stop = ThreadEvent()
        self.attachments.changed.connect(self._on_attachments_changed)
        self.attachments.refused.connect(self._on_attachments_refused)
        self._planning.ended.connect(self._on_planning_ended)
        self._planning.failed.connect(self.refused)
        self._preparation.progressed.connect(self._on_preparation_progressed)
        self._preparation.ended.connect(self._on_preparation_ended)
        self._preparation.measured.connect(self._on_preparation_measured)
        slow_tasks.succeeded.connect(self._on_slow_tasks_succeeded)
        slow_tasks.failed.connect(self._on_slow_tasks_failed)
        asking.ended.connect(self._on_asking_ended)
        model.changed.connect(self._on_attachments_changed)  # there is other room now, and nothing is prepared

    @property
    def plan(self) -> Plan:
        return self._planning.plan

    @property
    def is_settled(self) -> bool:
        """Whether all that goes along is open and planned."""
        return not self.attachments.is_opening and not self._planning.is_running and not self._planning.has_failed

    @property
    def is_waiting(self) -> bool:
        """Whether a question is to be sent as soon as that is possible."""
        return bool(self._waiting)

    def add_image(self, image: QImage, name: str) -> int:
        """Take a picture along; the key of its entry. It is looked at from now on."""
        self.attachments.add_image(image, name)
        return self.attachments.entries[-1].key

    def take_in(self, received: Intake, name: str) -> None:
        """Take along what was selected or copied; a picture without a file is called `name`."""
        if received.text:
            self.attachments.add_text(received.text, self.tr("Selected text"))
        if received.encoded:
            self.attachments.add_data(received.encoded, name)
        if received.image is not None:
            self.attachments.add_image(received.image, name)
        if received.others:
            self.attachments.add_files(received.others)

    def set_draft(self, text: str) -> None:
        """What is written so far: it tells in which language the answer is prepared."""
        self._draft = text

    def ask(self, text: str) -> None:
        """Send it, as soon as everything that goes along is ready."""
        self._waiting = text
        self._go_on()

    def consent(self, host: str, is_given: bool, text: str = "") -> None:
        """The answer to `consent_wanted`. `text`: the question, where it was changed meanwhile."""
        if is_given:
            self._asking.allow(self.conversation, host)
            self._waiting = text or self._waiting
            self._go_on()
        else:
            self._waiting = ""

    def extract_text(self) -> None:
        """Read what is written in the pictures, on this computer, as soon as they are open."""
        self._is_extraction_wanted = True
        self._go_on()

    def stop(self) -> None:
        """Stop the answer, or the wait for it."""
        self._waiting, self._is_extraction_wanted = "", False
        self._stop.set()
        self._asking.stop(self.conversation)

    def end(self) -> None:
        """Nothing more is prepared or asked. An answer that runs goes on, unless nobody could come back to it."""
        self._waiting, self._is_extraction_wanted = "", False
        self._stop.set()
        if self.conversation.is_private and self.conversation is not self._asking.conversation:
            self._asking.stop(self.conversation)
        self._preparation.cancel()
        self.attachments.clear()
        self.deleteLater()

    def wait(self, timeout_s: float) -> None:
        """For shutting down, after `end`."""
        self._preparation.wait(timeout_s)

    def _engine(self) -> Engine | None:
        return self._model.model.engine if self._model.model else None

    def _build_preparation(self) -> Request | None:
        model = self._model.model
        if model is None or not self.is_settled or self.conversation.running is not None:
            return None
        earlier = self.conversation.turns
        if not self._asking.may_send(model.capabilities.host, earlier, self.plan, self.conversation):
            return None  # not before the user said that it may go there
        request = self._requesting.build(self.conversation, earlier, "", self.plan, self._settings().thinking, self._draft)
        return replace(request, keep_on_disk=False)  # perhaps it is never asked, or some of it is hidden first

    def _go_on(self) -> None:
        """Do what waits for the pictures, if they are there."""
        if not self.is_settled:
            return
        if self._is_extraction_wanted:
            self._is_extraction_wanted = False
            self._stop = ThreadEvent()
            self.reading.emit()
            self._recognition_job = self._slow_tasks.run(_recognise, self._recogniser, self.attachments.pictures, self._stop)
        model = self._model.model
        if not self._waiting or model is None or self.conversation.running is not None:
            return
        host = model.capabilities.host
        if host is not None and not self._asking.may_send(host, self.conversation.turns, self.plan, self.conversation):
            self.consent_wanted.emit(host)
            return
        text, self._waiting = self._waiting, ""
        preparation = self._preparation.leave_to_engine()
        is_asked = self._asking.ask(text, self.plan, self._settings().thinking, conversation=self.conversation)
        self._asking.end_with_answer(preparation, self.conversation)
        if is_asked:
            self.started.emit(self.conversation.turns[-1])
            self.attachments.clear()

    def _lost_words(self) -> str:
        """What is not sent as it is, said before it is sent."""
        return " ".join(reduction_words(lost) for lost in self.plan.reductions)

    def _on_attachments_changed(self) -> None:
        self._preparation.cancel()
        self._planning.restart(self.attachments.choices, self._requesting.room(self.conversation))
        if not self._planning.is_running:
            self._on_planning_ended()

    def _on_attachments_refused(self, code: str, name: str, message: str) -> None:
        self._waiting = ""  # what was to go along is not there
        self.refused.emit(refusal_words(code, name, message))

    def _on_planning_ended(self) -> None:
        if self.is_settled:
            self.status_changed.emit(self._lost_words())
            if self.attachments.entries and not self._waiting:
                self._preparation.restart(0)
            self.settled.emit()
            self._go_on()

    def _on_preparation_progressed(self, progress: Progress) -> None:
        model = self._model.model
        self.status_changed.emit(progress_words(progress, model.capabilities.host if model is not None else None))

    def _on_preparation_ended(self, is_ready: bool) -> None:
        ready = self.tr("Ready") if is_ready and self.attachments.entries else ""
        self.status_changed.emit(" · ".join(filter(None, (ready, self._lost_words()))))

    def _on_preparation_measured(self, finished: Finished) -> None:
        if self._model.model is not None:
            self._requesting.learn(self._model.model.capabilities.model_name, finished)

    def _on_slow_tasks_succeeded(self, job_id: int, text: object) -> None:
        if job_id == self._recognition_job and not self._stop.is_set():
            if str(text).strip():
                said = _fenced(str(text))
                self._asking.add_answered(self.conversation, self.tr("Extract text"), self.plan, said, self.tr("Text recognition"))
                self.attachments.clear()
            self.extracted.emit(str(text))

    def _on_slow_tasks_failed(self, job_id: int, error: object) -> None:
        if job_id == self._recognition_job and not self._stop.is_set():
            self.unread.emit(error.message if isinstance(error, IngestError) else self.tr("The text could not be read."))

    def _on_asking_ended(self, conversation: Conversation, _turn: Turn) -> None:
        if conversation is self.conversation:
            self._go_on()  # the next question may wait already


def _recognise(recogniser: Recogniser, pictures: Sequence[Picture], stop: ThreadEvent) -> str:
    """In a worker's thread. Raises any class of `ingest.errors`."""
    return "\n\n".join(recogniser.recognise(picture, stop).text for picture in pictures)


def _fenced(text: str) -> str:
    """As a block of code, so that its lines and signs stay as they are; a fence is longer than any in the text."""
    longest = max((len(run) for run in re.findall("`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}text\n{text.strip()}\n{fence}"
