"""What goes along with the next question, from the files that come in to the plan of what is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.attachments import Attachments
from app.chat.parts import Part, Plan, Room, Shown
from app.planning import Planning
from app.reading import Reading
from app.speed import Cost
from app.ui.intake import Intake
from app.ui.main_window import MainWindow
from app.ui.picture_levels import PictureCache
from app.ui.prompts import PartPrompt, PasswordPrompt
from app.ui.words import reduction_words, refusal_words
from app.workers.tasks import TaskRunner
from ingest.attachment import Picture
from ingest.errors import NoSuchPage
from ingest.types import Area

if TYPE_CHECKING:
    from app.ui.viewer import Viewer


class Collecting(QObject):
    """Ties the composer's cards, the attachments and their plan together.

    Attributes:
        attachments: the files and pictures of the next question.

    Signals:
        changed(): anything of it.
        settled(): everything is open and planned, perhaps nothing.
    """

    changed = Signal()
    settled = Signal()

    def __init__(
        self,
        window: MainWindow,
        tasks: TaskRunner,
        cache: PictureCache,
        reading: Reading,
        room: Callable[[], Room],
        parent: QObject,
    ) -> None:
        """`room` tells what the model has room for now."""
        super().__init__(parent)
        self._window = window
        self._room = room
        self._expected_s: Callable[[int, int], float | None] = lambda _image_tokens, _tokens: None
        self.attachments = Attachments(tasks, cache, reading, self)
        self._planning = Planning(self, reading.recogniser)
        window.composer.text_attached.connect(self._on_composer_text_attached)
        bar = window.composer.attachments
        bar.removed.connect(self.attachments.remove)
        bar.activated.connect(self._on_bar_activated)
        bar.part_wanted.connect(self._on_bar_part_wanted)
        self.attachments.changed.connect(self._on_attachments_changed)
        self.attachments.refused.connect(self._on_attachments_refused)
        self.attachments.warned.connect(window.strip.show_message)
        self.attachments.password_wanted.connect(self._on_attachments_password_wanted)
        self._planning.ended.connect(self._on_planning_ended)
        self._planning.failed.connect(window.strip.show_message)

    @property
    def plan(self) -> Plan:
        """What is sent; empty until it has settled."""
        return self._planning.plan

    @property
    def is_running(self) -> bool:
        """Whether something is still being opened or planned."""
        return self.attachments.is_opening or self._planning.is_running

    @property
    def is_ready(self) -> bool:
        """Whether all that is attached can be sent: it is open, and could be read."""
        return not self.is_running and not self._planning.has_failed

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """What can be looked at: all that is sent, or the first of each while that is not known."""
        return tuple(part.picture for part in self.plan.parts) or self.attachments.pictures

    def take_in(self, received: Intake) -> None:
        """Files, a picture or a text, by paste, drop or dialog. Models are not for here."""
        if received.text:
            self._window.composer.question.insert_text(received.text)
        if received.image is not None:
            self.attachments.add_image(received.image, self.tr("Pasted picture"))
        if received.others:
            self.attachments.add_files(received.others)

    def serve(self, viewer: Viewer) -> None:
        """Take what the user marks in it into the next question."""
        viewer.region_asked.connect(self._on_viewer_region_asked)
        viewer.text_asked.connect(self._on_viewer_text_asked)

    def restart_planning(self) -> None:
        """What is attached, or what the model has room for, has changed."""
        self._planning.restart(self.attachments.choices, self._room())

    def set_reading(self, reading: Reading) -> None:
        """Open what comes from now on with this: that of a private conversation leaves nothing on disk."""
        self.attachments.set_reading(reading)
        self._planning.set_recogniser(reading.recogniser)

    def set_expected(self, expected_s: Callable[[int, int], float | None]) -> None:
        """Tell how many seconds so many tokens of pictures, of so many tokens in all, will take; None for not known."""
        self._expected_s = expected_s
        self._show_costs()

    def close(self) -> None:
        """End the thread."""
        self._planning.close()

    def _on_viewer_region_asked(self, picture: Picture, area: Area, words: str) -> None:
        self.attachments.add_region(picture, area)
        self._window.composer.question.insert_text(words)
        self._window.composer.question.setFocus()

    def _on_viewer_text_asked(self, text: str) -> None:
        self._window.composer.question.insert_text("\n".join(f"> {line}" for line in text.splitlines()) + "\n\n")
        self._window.composer.question.setFocus()

    def _on_bar_activated(self, key: int) -> None:
        entry = self.attachments.find(key)
        if entry is not None and entry.first is not None:
            sent = (part.picture.id for part in self.plan.parts if entry.owns(part))
            self._window.viewer.show_picture(next(sent, entry.first.id))

    def _on_bar_part_wanted(self, key: int) -> None:
        entry = self.attachments.find(key)
        if entry is not None and entry.attachment is not None:
            prompt = PartPrompt(key, entry.name, entry.part, is_timed=entry.attachment.is_timed, parent=self._window)
            prompt.chosen.connect(self._on_prompt_chosen)
            prompt.finished.connect(prompt.deleteLater)
            prompt.open()

    def _on_prompt_chosen(self, key: int, part: str) -> None:
        try:
            self.attachments.choose_part(key, part)
        except NoSuchPage as error:
            self._window.strip.show_message(error.message)

    def _on_attachments_changed(self) -> None:
        known = {picture.id for picture in self._window.viewer.pictures} if self._window.has_viewer else set()
        self._window.composer.show_attachments(self.attachments.entries)
        self.restart_planning()
        self._show_costs()
        self.changed.emit()
        new = [picture for picture in self.attachments.pictures if picture.id not in known]
        if new:
            self._window.viewer.show_picture(new[-1].id)
        if not self.is_running:
            self.settled.emit()

    def _on_attachments_refused(self, code: str, name: str, message: str) -> None:
        self._window.strip.show_message(refusal_words(code, name, message))

    def _on_attachments_password_wanted(self, key: int, name: str, was_wrong: bool) -> None:
        prompt = PasswordPrompt(key, name, was_wrong=was_wrong, parent=self._window)
        prompt.given.connect(self.attachments.unlock)
        prompt.dismissed.connect(self.attachments.remove)
        prompt.finished.connect(prompt.deleteLater)
        prompt.open()

    def _on_composer_text_attached(self, text: str) -> None:
        self.attachments.add_text(text, self.tr("Pasted text"))

    def _on_planning_ended(self) -> None:
        self._show_costs()
        self.changed.emit()
        if self.plan.reductions:
            self._window.strip.show_message(" ".join(reduction_words(lost) for lost in self.plan.reductions))
        if not self.is_running:
            self.settled.emit()

    def _show_costs(self) -> None:
        """Nothing while it is being planned."""
        parts = self.plan.parts
        owned = {entry.key: [part for part in parts if entry.owns(part)] for entry in self.attachments.entries}
        costs = {key: self._cost(mine) for key, mine in owned.items() if mine}
        self._window.composer.show_costs(costs, self._cost(parts))

    def _cost(self, parts: Iterable[Part]) -> Cost:
        sent = tuple(parts)
        tokens = sum(part.tokens for part in sent)
        return Cost(tokens, self._expected_s(sum(part.image_tokens for part in sent if isinstance(part, Shown)), tokens))
