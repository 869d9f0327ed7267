"""The card beside a region: the answer as it comes, or recognised text, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QLocale, QPoint, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from app.chat.answer import Failure
from app.chat.session import Turn
from app.ui.answer_parts import FailureCard
from app.ui.answer_view import ENGINE_ACTIONS, AnswerView
from app.ui.known_engines import known_engines
from app.ui.language import Translated
from app.ui.link_menu import LinkMenu
from app.ui.picture_levels import PictureCache
from app.ui.quick.card_body import CardBody
from app.ui.quick.card_parts import LINE_CHARACTERS_MAX, Consent, recognised_text, words_label
from app.ui.quick.floating import FloatingCard
from app.ui.quick.pinning import Pinning
from app.ui.transcript_announcer import Announcer
from app.ui.transcript_text import plain_text
from ingest.attachment import Picture

TEXT_CHARACTERS_MAX = 10_000
"""Of recognised text, on the card; a screen full of small print has as many. All of it is copied."""
ANNOUNCED_CHARACTERS_MAX = 600


@dataclass(frozen=True, slots=True, eq=False)
class _Shown:
    turn: Turn
    view: AnswerView


class AnswerCard(Translated, FloatingCard):
    """Shows the turns of one conversation, the last one growing.

    Attributes:
        announcer: tells screen readers what came.

    Signals:
        copy_wanted(): what was said is in the clipboard already. copy_picture_wanted(): the picture is not.
        pin_toggled(is pinned): the card has become a window of its own, and outlives what it was on.
        ask_on(text): another question in the same conversation.
        open_wanted(), stop_wanted(), retry_wanted(), model_wanted(): buttons.
        reference_hovered(number), reference_activated(number): in the text; 0 when the pointer left.
        turn_pointed(turn id): before them, when it is an answer other than the last one that was pointed in.
        consented(is allowed): to what `ask_consent` asked.
        closed(): the window of a pinned card was closed; it is deleted afterwards.
        dismissed(): Esc on one that is not pinned.
    """

    copy_wanted = Signal()
    copy_picture_wanted = Signal()
    pin_toggled = Signal(bool)
    ask_on = Signal(str)
    open_wanted = Signal()
    stop_wanted = Signal()
    retry_wanted = Signal()
    model_wanted = Signal()
    reference_hovered = Signal(int)
    reference_activated = Signal(int)
    turn_pointed = Signal(int)
    consented = Signal(bool)
    closed = Signal()

    def __init__(self, cache: PictureCache, parent: QWidget | None = None, *, has_picture: bool = True) -> None:
        """`has_picture`: whether there is one to be copied."""
        super().__init__(parent)
        self._cache = cache
        self._shown: list[_Shown] = []
        self._pictures: dict[str, Picture] = {}
        self._text = ""
        self._pointed_id = 0
        self.setObjectName("answerCard")
        self._parts = CardBody()
        self.set_body(self._parts)
        self._reader, self._footer = self._parts.reader, self._parts.footer
        self._footer.has_picture = has_picture
        self._pinning = Pinning(self, self._parts.header)
        self.announcer = Announcer(self)
        self._reader.focus_changed.connect(self.set_ring)
        self._reader.content.parts_changed.connect(self._on_content_changed)
        self._footer.action_wanted.connect(self._on_footer_action_wanted)
        self._parts.header.closed.connect(self.close)
        self._parts.question.submitted.connect(self._on_question_submitted)
        self.dismissed.connect(self._on_dismissed)
        self.retranslate()

    @property
    def is_pinned(self) -> bool:
        """Whether it is a window of its own."""
        return self._pinning.is_pinned

    def show_turn(self, turn: Turn) -> None:
        """Show a question's answer: below the one that it follows if that is here, else alone."""
        keys = [shown.turn.key for shown in self._shown]
        before = keys.index(turn.before) + 1 if turn.before in keys else 0
        self._keep(before)
        for picture in turn.pictures:
            self._pictures[picture.id] = picture
        if self._shown:
            self._reader.content.add(words_label("quiet", turn.question))
        view = AnswerView(turn, self._pictures.get, self._cache, self._reader.content, is_bare=True)
        view.reference_hovered.connect(self._on_view_reference_hovered)
        view.reference_activated.connect(self._on_view_reference_activated)
        view.link_activated.connect(self._on_view_link_activated)
        view.retry_wanted.connect(self.retry_wanted)
        view.model_wanted.connect(self.model_wanted)
        view.action_wanted.connect(self._on_view_action_wanted)
        self._reader.content.add(view)
        self._shown.append(_Shown(turn, view))
        self._pointed_id = turn.id
        self.announcer.watch(turn)
        self._parts.header.set_title(self._shown[0].turn.question)
        self._reader.follow()
        self.refresh()

    def refresh(self) -> None:
        """Show what came since."""
        if self._shown:
            shown = self._shown[-1]
            self.announcer.look(shown.turn)
            shown.view.refresh()
            self._parts.show_footer(True)
            self._footer.show_answer(shown.turn.answer, shown.turn.host)
            self._on_content_changed()

    def show_text(self, text: str) -> None:
        """Show recognised text."""
        self._keep(0)
        self._text = text
        said = text if text.strip() else self.tr("No text was found here.")
        self._parts.header.set_title(said[:LINE_CHARACTERS_MAX])
        if text.strip():
            self._reader.content.add(recognised_text(text[:TEXT_CHARACTERS_MAX], self.tr("Recognised text")))
        else:
            self._reader.content.add(words_label("quiet", said))
        if len(text) > TEXT_CHARACTERS_MAX:
            words = self.tr("{count} more characters are not shown here. Copy takes all of them.")
            count = QLocale().toString(len(text) - TEXT_CHARACTERS_MAX)
            self._reader.content.add(words_label("small", words.format(count=count)))
        self._footer.show_text()
        self._parts.show_footer(bool(text.strip()))
        self._reader.rewind()
        self._on_content_changed()
        self.announcer.announce(said[:ANNOUNCED_CHARACTERS_MAX])

    def show_status(self, words: str) -> None:
        """Say what is being done, such as reading text."""
        self._show_below(words_label("quiet", words))

    def show_failure(self, words: str, retry: Callable[[], None] | None = None) -> None:
        """Say why there is no answer and no text, and offer to try again where that can be done."""
        card = FailureCard(Failure("quick_ask", words), can_retry=retry is not None)
        if retry is not None:
            card.retry_wanted.connect(retry)
        self._show_below(card)
        self._parts.show_footer(bool(self._shown))
        self.announcer.announce(card.accessibleName())

    def ask_consent(self, host: str) -> None:
        """Ask whether this may go to another computer; `consented` says."""
        consent = Consent(host)
        consent.answered.connect(self.consented)
        self._show_below(consent)
        self.announcer.announce(consent.question)
        consent.take_focus()

    def set_current(self, number: int) -> None:
        """Highlight a reference of the answer that was last pointed in; 0 for none."""
        for shown in self._shown:
            shown.view.set_current_reference(number if shown.turn.id == self._pointed_id else 0)

    def pin(self) -> None:
        """Become a window of its own that stays on top."""
        if not self.is_pinned:
            self._footer.set_pinned(True)
            self._pinning.pin()
            self.pin_toggled.emit(True)

    def open_asking(self) -> None:
        """Let another question be written below the answer."""
        self._parts.question.show()
        self._on_content_changed()
        self._parts.question.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Answer"))
        self.setWindowTitle(self.tr("Answer"))
        self._reader.setAccessibleName(self.tr("Answer"))
        self._parts.question.setPlaceholderText(self.tr("Ask on…"))
        self._parts.question.setAccessibleName(self.tr("Question"))

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes through what is read, and then through the buttons."""
        self._parts.order_focus()
        has_moved = super().focusNextPrevChild(next)
        focused = QApplication.focusWidget()
        if focused is not None and self._reader.content.isAncestorOf(focused):
            self._reader.show_place(focused, min(focused.height() // 2, self._reader.height() // 2))
        return has_moved

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        if self.is_pinned:
            self.closed.emit()
            self.deleteLater()

    def _keep(self, count: int) -> None:
        """Take away all but the first turns, and what is no turn."""
        self._text = ""
        del self._shown[count:]
        self._reader.content.keep(max(0, 2 * count - 1))  # each but the first has its question above it
        self._parts.question.hide()
        if not count:
            self._pictures.clear()

    def _show_below(self, part: QWidget) -> None:
        """After the answers, in place of what else was there; for now nothing can be done with them."""
        self._keep(len(self._shown))
        self._reader.content.add(part)
        self._parts.show_footer(False)
        self._reader.follow()
        self._on_content_changed()

    def _view_of(self, turn_id: int) -> AnswerView | None:
        return next((shown.view for shown in self._shown if shown.turn.id == turn_id), None)

    def _on_content_changed(self) -> None:
        self._reader.watch_texts()
        self.size_changed.emit()
        self.lay_out()

    def _on_view_reference_hovered(self, turn_id: int, number: int) -> None:
        if number and turn_id != self._pointed_id:
            self._pointed_id = turn_id
            self.turn_pointed.emit(turn_id)
        self.set_current(number)
        self.reference_hovered.emit(number)
        view, focused = self._view_of(turn_id), QApplication.focusWidget()
        place = view.reference_place(number) if view is not None and number else None
        if place is not None and focused is not None and place[0].isAncestorOf(focused):  # reached with the keyboard
            self._reader.show_place(place[0], place[1].y())

    def _on_view_reference_activated(self, turn_id: int, number: int) -> None:
        self._on_view_reference_hovered(turn_id, number)
        self.reference_activated.emit(number)

    def _on_view_link_activated(self, target: str, position: QPoint) -> None:
        LinkMenu(target, self).show_at(position)

    def _on_view_action_wanted(self, turn_id: int, name: str) -> None:
        if name in ENGINE_ACTIONS:  # the settings, or consent, may be needed: that is for the window
            self.open_wanted.emit()
            known_engines().action_wanted.emit(turn_id, name)

    def _on_dismissed(self) -> None:
        if self.is_pinned:
            self.close()

    def _on_question_submitted(self) -> None:
        words = self._parts.question.toPlainText().strip()
        if words:
            self._parts.question.clear()
            self._parts.question.hide()
            self.ask_on.emit(words)

    def _on_footer_action_wanted(self, name: str) -> None:
        match name:
            case "copy" | "copy_text":
                self._copy(is_plain=name == "copy_text")
            case "copy_picture":
                self.copy_picture_wanted.emit()
            case "pin":
                self.pin()
            case "ask_on":
                self.open_asking()
            case "open":
                self.open_wanted.emit()
            case "stop":
                self.stop_wanted.emit()

    def _copy(self, *, is_plain: bool) -> None:
        """The last answer, or the recognised text."""
        said = self._shown[-1].turn.answer.markdown() if self._shown else self._text
        QGuiApplication.clipboard().setText(plain_text(said) if is_plain and self._shown else said)
        self._footer.say_copied()
        self.copy_wanted.emit()
