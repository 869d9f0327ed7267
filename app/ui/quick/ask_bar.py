"""The bar beside a region, where the question about it is written."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QWidget

from app.ui.buttons import IconButton
from app.ui.elided_label import ElidedLabel
from app.ui.language import Translated
from app.ui.question_edit import QuestionEdit
from app.ui.quick.action_chips import ActionChips
from app.ui.quick.action_form import ActionForm
from app.ui.quick.floating import FloatingCard
from app.ui.quick.quick_actions import QuickAction, built_in, read_actions, write_actions
from app.ui.quick.shot_row import ShotRow
from app.ui.theme import themes
from app.ui.transcript_stack import Stack

WIDTH_PX_MIN, WIDTH_PX_MAX = 612, 720
SUBJECT_CHARACTERS_MAX = 40
PADDING_PX = 12
BESIDE_SHARE_MAX = 0.4
"""Of the width, for what stands beside the question."""


class AskBar(Translated, FloatingCard):
    """A line for the question, with what can be done by pressing a button below it.

    Signals:
        asked(text): Enter, or the button that says so; there is a model.
        action_chosen(action id): of a button; `question_for` says what is asked then. Recognition is possible without a model.
        more_wanted(): another shot for the same question.
        shot_removed(index): from 0.
        destination_wanted(): the model is to be chosen, here or elsewhere; also Enter without a model.
        actions_changed(text): the user changed the buttons; to be kept, in the form of `quick_actions`.
        dismissed(): Esc.
        edited(): the words were changed.
    """

    asked = Signal(str)
    action_chosen = Signal(str)
    more_wanted = Signal()
    shot_removed = Signal(int)
    destination_wanted = Signal()
    actions_changed = Signal(str)
    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions_text = self._subject = ""
        self._actions: tuple[QuickAction, ...] = ()
        self._has_model = self._is_running = False
        self.setObjectName("askBar")
        self._shots = ShotRow()
        self.question = QuestionEdit()
        self._status = ElidedLabel("small", Qt.TextElideMode.ElideRight)
        self._more = IconButton("region", size_px=16)
        self._send = IconButton("arrow-up", size_px=16)
        self._form = ActionForm()
        self._chips = ActionChips()
        line = _QuestionLine(self.question, (self._send, self._more, self._status))
        self.set_body(_Column((self._shots, line, self._form, self._chips)))
        self._connect()
        self.retranslate()

    def width_for(self, region_px: int, room_px: int) -> int:
        """As wide as the region, within limits; logical pixels, without the shadow."""
        least, most = themes().text_px(WIDTH_PX_MIN), themes().text_px(WIDTH_PX_MAX)
        return min(max(least, min(region_px, most)), room_px)

    def set_actions(self, text: str) -> None:
        """What the buttons are, as it is kept in the settings; empty for the built-in ones."""
        self._actions_text = text
        self._show_actions()

    def set_status(self, words: str) -> None:
        """A quiet word on what is being prepared, and what the question costs."""
        self._status.set_full_text(words)
        self._status.setVisible(bool(words))
        self.body.announce_change()

    def set_destination(self, has_model: bool, host: str | None = None) -> None:
        """Where questions go: this computer, or the host named; nowhere without a model."""
        self._has_model = has_model
        self._chips.set_destination(has_model, host)
        self._update_enabled()

    def set_shots(self, images: Sequence[QImage]) -> None:
        """What the question is about."""
        focused = self.focusWidget()
        had_focus = focused is not None and self._shots.isAncestorOf(focused)
        self._shots.set_images(images)
        self._order_focus()
        if had_focus:  # of a cross that is gone now
            self.focus_question()

    def set_running(self, is_running: bool) -> None:
        """Whether an answer is coming, so that nothing more can be asked."""
        self._is_running = is_running
        self._update_enabled()

    def set_subject(self, name: str) -> None:
        """What the question is about, where that is not seen and no shots can be added."""
        self._more.hide()
        words = " ".join(name.split())
        self._subject = words if len(words) <= SUBJECT_CHARACTERS_MAX else words[: SUBJECT_CHARACTERS_MAX - 1] + "…"
        self._show_placeholder()

    def text(self) -> str:
        """What is written."""
        return self.question.toPlainText()

    def set_text(self, text: str) -> None:
        """Go on with these words."""
        self.question.setPlainText(text)
        self.question.moveCursor(self.question.textCursor().MoveOperation.End)

    def focus_question(self) -> None:
        """Write at once."""
        self.question.setFocus(Qt.FocusReason.PopupFocusReason)

    def question_for(self, action_id: str) -> str:
        """What an action asks, with the words that are written; empty for recognition and for what is not known."""
        return next((action.question(self.text()) for action in self._actions if action.id == action_id), "")

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Ask about the screen"))
        self.question.setAccessibleName(self.tr("Question"))
        self._send.set_words(self.tr("Ask"), self.tr("Enter"))
        self._more.set_words(self.tr("Add another shot to the question"))
        self._show_actions()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._chips.waiting:
            self._chips.set_waiting("")
            self._show_placeholder()
        elif event.key() == Qt.Key.Key_Escape and not self._form.isHidden():
            self._close_form()
        else:
            super().keyPressEvent(event)
        event.accept()

    def _connect(self) -> None:
        self.question.submitted.connect(self._on_submitted)
        self.question.textChanged.connect(self._on_question_text_changed)
        self.question.pasted.connect(self._on_question_pasted)
        self.question.text_refused.connect(self._on_question_text_refused)
        self._send.clicked.connect(self._on_submitted)
        self._chips.chosen.connect(self._on_chips_chosen)
        self._more.clicked.connect(self.more_wanted)
        self._chips.destination_wanted.connect(self.destination_wanted)
        self._chips.edit_wanted.connect(self._on_chips_edit_wanted)
        self._shots.removed.connect(self.shot_removed)
        self._form.saved.connect(self._on_form_saved)
        self._form.removed.connect(self._on_form_removed)
        self._form.restored.connect(self._on_form_restored)
        self._form.given_up.connect(self._close_form)

    def _show_actions(self) -> None:
        self._actions = read_actions(self._actions_text)
        self._chips.set_actions(self._actions)
        self._update_enabled()
        self._order_focus()

    def _show_placeholder(self) -> None:
        waiting = next((action.name for action in self._actions if action.id == self._chips.waiting), "")
        words = self.tr("Ask about {subject}").format(subject=self._subject) if self._subject else self.tr("Ask about this…")
        if waiting:
            words = self.tr("{name} Write what, then press Enter").format(name=waiting)
        self.question.setPlaceholderText(words)

    def _update_enabled(self) -> None:
        self._chips.set_enabled(has_model=self._has_model, is_running=self._is_running)
        self._send.setEnabled(not self._is_running)
        self._more.setEnabled(not self._is_running)
        self._show_placeholder()
        self._show_send()

    def _show_send(self) -> None:
        """While there is anything to be sent."""
        has_words = bool(self.text().strip())
        if self._send.isHidden() == has_words:
            self._send.setVisible(has_words)
            self.body.announce_change()

    def _order_focus(self) -> None:
        """What is asked first, then what it is about and where it goes."""
        middle = (*self._form.focus_stops(), *self._chips.focus_stops(), self._more, *self._shots.focus_stops())
        for before, after in pairwise((self.question, self._send, *middle, self._chips.destination)):
            QWidget.setTabOrder(before, after)

    def _change_actions(self, actions: Sequence[QuickAction]) -> None:
        text = write_actions(actions)
        self._close_form()
        self.set_actions(text)
        self.actions_changed.emit(text)

    def _close_form(self) -> None:
        self._form.hide()
        self.body.announce_change()
        self.focus_question()

    def _on_submitted(self) -> None:
        words = self.text().strip()
        if not words or self._is_running:
            return
        if not self._has_model:
            self.destination_wanted.emit()
        elif self._chips.waiting:
            action_id = self._chips.waiting
            self._chips.set_waiting("")
            self.action_chosen.emit(action_id)
        else:
            self.asked.emit(words)

    def _on_question_text_changed(self) -> None:
        self._show_send()
        self.edited.emit()

    def _on_question_pasted(self) -> None:
        self.set_status(self.tr("Only text can be pasted here"))

    def _on_question_text_refused(self) -> None:
        self.set_status(self.tr("This text is too long for a question"))

    def _on_chips_chosen(self, action_id: str) -> None:
        action = next(action for action in self._actions if action.id == action_id)
        is_waiting = action.needs_words and not self.text().strip()
        self._chips.set_waiting(action_id if is_waiting else "")
        self._show_placeholder()
        if is_waiting:
            self.focus_question()
        else:
            self.action_chosen.emit(action_id)

    def _on_chips_edit_wanted(self, action_id: str) -> None:
        action = next(action for action in self._actions if action.id == action_id)
        default = next((own for own in built_in() if own.id == action_id), None)
        self._form.edit(action, can_restore=default is not None and default != action)
        self.body.announce_change()

    def _on_form_saved(self, action: QuickAction) -> None:
        self._change_actions([action if other.id == action.id else other for other in self._actions])

    def _on_form_removed(self, action_id: str) -> None:
        self._change_actions([other for other in self._actions if other.id != action_id])

    def _on_form_restored(self, action_id: str) -> None:
        own = {action.id: action for action in built_in()}
        self._change_actions([own[action_id] if other.id == action_id else other for other in self._actions])


class _Column(Stack):
    def __init__(self, parts: Sequence[QWidget]) -> None:
        super().__init__(4, (PADDING_PX, 8, PADDING_PX - 4, 10))
        self._parts = [self.adopt(part) for part in parts]

    def parts(self) -> Sequence[QWidget]:
        return self._parts


class _QuestionLine(Stack):
    """The question, and at its right what is quiet, from the edge inwards."""

    def __init__(self, question: QuestionEdit, beside: Sequence[QWidget]) -> None:
        super().__init__(4)
        self._question = self.adopt(question)
        self._beside = [self.adopt(part) for part in beside]

    def parts(self) -> Sequence[QWidget]:
        return self._question, *self._beside

    def fit(self, width_px: int) -> int:
        shown = [part for part in self._beside if not part.isHidden()]
        widths = [min(part.sizeHint().width(), round(BESIDE_SHARE_MAX * width_px)) for part in shown]
        room_px = width_px - sum(widths) - self.spacing_px * len(widths)
        self._question.resize(room_px, self._question.height())
        question_px = self._question.minimumHeight()
        height = max((question_px, *(part.sizeHint().height() for part in shown)))
        self._question.setGeometry(0, (height - question_px) // 2, room_px, question_px)
        right = width_px
        line_px = max((part.sizeHint().height() for part in shown), default=0)  # beside the last words of the question
        for part, width in zip(shown, widths, strict=True):
            part_px = part.sizeHint().height()
            part.setGeometry(right - width, height - (line_px + part_px) // 2, width, part_px)
            right -= width + self.spacing_px
        return height
