"""Where a question is put together: pictures, words, model, thinking, Send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.opening import Entry
from app.remote_offers import Offers
from app.speed import Cost
from app.ui.attachments_bar import AttachmentsBar
from app.ui.buttons import IconButton, TextButton
from app.ui.cost_words import cost_words
from app.ui.elided_label import ElidedLabel
from app.ui.language import Translated
from app.ui.long_text_offer import LongTextOffer
from app.ui.model_menu import ModelMenu
from app.ui.picture_levels import PictureCache
from app.ui.question_edit import QuestionEdit
from app.ui.remote_notices import short_model_name
from app.ui.theme import themes

MODEL_NAME_WIDTH_PX_MAX = 200
MODEL_NAME_WIDTH_PX_MIN = 120
MARGIN_PX = 12
SPACING_PX = 8
CHIP_EDGE_PX = 12


class Composer(Translated, QFrame):
    """The card at the bottom.

    Attributes:
        question: where the words are written.
        attachments: the files above it.

    Signals:
        submitted(text, thinking): Send, or Enter.
        stopped(): Stop, which Send becomes while an answer runs.
        attaching_wanted(), model_wanted(): a button asks for a file dialog.
        capture_wanted(), recording_wanted(): a picture or a video of the screen is to go along.
        model_chosen(path): another model, one that was used before.
        engine_chosen(choice): one that is not on this computer. servers_wanted(): one is to be set up.
        model_menu_closed(): before what was chosen in it, if anything, is told.
        pasted(data): files or a picture were pasted.
        text_attached(text): a long text that was pasted is to be an attachment.
        last_question_wanted(): to be changed and asked again.
        edited(): words were changed.
        thinking_toggled(is on): by the user.
    """

    submitted = Signal(str, bool)
    stopped = Signal()
    attaching_wanted = Signal()
    capture_wanted = Signal()
    recording_wanted = Signal()
    model_wanted = Signal()
    model_chosen = Signal(str)
    engine_chosen = Signal(str)
    servers_wanted = Signal()
    model_menu_closed = Signal()
    pasted = Signal(QMimeData)
    text_attached = Signal(str)
    last_question_wanted = Signal()
    edited = Signal()
    thinking_toggled = Signal(bool)

    def __init__(self, cache: PictureCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_running = False
        self._can_ask = False
        self._model_name = ""
        self._status_text = ""
        self._cost = Cost(0)
        self.setObjectName("composerCard")
        self.attachments = AttachmentsBar(cache)
        self.question = QuestionEdit()
        self._offer = LongTextOffer()
        self._attach, self._capture, self._record = IconButton("attach"), IconButton("capture"), IconButton("record")
        self._model = TextButton("chip")
        self._models = ModelMenu(self._model)
        self._think = TextButton("chip")
        self._think.setCheckable(True)
        self._status = ElidedLabel("small", Qt.TextElideMode.ElideRight)
        self._status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._send = TextButton("primary")
        self._lay_out()
        self._connect()
        self.retranslate()

    def set_state(self, *, is_running: bool, can_ask: bool) -> None:
        """Whether Send is Stop, and whether there is a model and every file is open."""
        self._is_running, self._can_ask = is_running, can_ask
        self._update_send()

    def set_model_name(self, name: str) -> None:
        """On the chip; empty when there is none."""
        if name != self._model_name:
            self._model_name = name
            self.retranslate()

    def set_models(self, paths: Sequence[str], current: str) -> None:
        """What the chip offers: model files used lately, the one in use ticked."""
        self._models.set_models(paths, current)

    def set_offers(self, offers: Offers) -> None:
        """What the chip offers besides."""
        self._models.set_offers(offers)

    def open_model_menu(self) -> None:
        """Let another model be chosen: of those used lately, a file, or one elsewhere."""
        if self._models.is_worth_opening:
            self._models.popup_above(self._model)
        else:
            self.model_wanted.emit()

    def set_status(self, text: str) -> None:
        """A quiet word beside the chips."""
        self._status_text = text
        self._update_status()

    def set_thinking(self, is_on: bool, is_possible: bool = True) -> None:
        """How the toggle stands."""
        self._think.setChecked(is_on and is_possible)
        self._think.setVisible(is_possible)

    def show_attachments(self, entries: Sequence[Entry]) -> None:
        """What goes along with the question."""
        self.attachments.show_entries(entries)

    def show_costs(self, costs: Mapping[int, Cost], total: Cost) -> None:
        """What each attachment takes, by key, and all together; nothing while that is not known."""
        self._cost = total
        self.attachments.show_costs(costs)
        self._update_status()

    def draft(self) -> str:
        """What is written and was not sent."""
        return self.question.toPlainText()

    def set_draft(self, text: str) -> None:
        """Go on with what was written before."""
        self._offer.dismiss()
        self.question.setPlainText(text)
        cursor = self.question.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.question.setTextCursor(cursor)

    def retranslate(self) -> None:
        self.question.setPlaceholderText(self.tr("Ask about what is attached…"))
        self.question.setAccessibleName(self.tr("Question"))
        self.attachments.setAccessibleName(self.tr("Attached files"))
        self._attach.set_words(self.tr("Attach files"), "Ctrl+O")
        self._capture.set_words(self.tr("Attach a picture of the screen"), "Ctrl+Shift+A")
        self._record.set_words(self.tr("Attach a recording of the screen"))
        name = self._model_name or self.tr("No model yet")
        self._model.set_words(short_model_name(name), self.tr("Model: {name}. Choose another").format(name=name))
        self._think.set_words(self.tr("Think"), self.tr("Let the model reason before it answers"))
        self._update_status()
        self._update_send()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Anywhere on the card is where one writes."""
        self.question.setFocus(Qt.FocusReason.MouseFocusReason)

    @property
    def _intakes(self) -> tuple[IconButton, ...]:
        return self._attach, self._capture, self._record

    def _fit(self) -> None:
        """Buttons of which there are menus and keys too give way where there is little room, then the name of the model."""
        needed_px = sum(button.sizeHint().width() + SPACING_PX for button in (*self._intakes, self._think, self._send))
        has_room = needed_px + themes().text_px(MODEL_NAME_WIDTH_PX_MIN) <= self.width() - 2 * MARGIN_PX
        for button in (self._capture, self._record):
            button.setVisible(has_room)
        self._fit_model_name()

    def _fit_model_name(self) -> None:
        """Cut in the middle where it is long, or what stands beside it leaves no room."""
        name = short_model_name(self._model_name) or self.tr("No model yet")
        others_px = sum(widget.sizeHint().width() for widget in (*self._intakes, self._think, self._send) if not widget.isHidden())
        room_px = self.width() - others_px - 4 * SPACING_PX - 2 * MARGIN_PX - 2 * CHIP_EDGE_PX
        width_px = min(themes().text_px(MODEL_NAME_WIDTH_PX_MAX), room_px)
        self._model.setText(self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, width_px))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACING_PX)
        for widget in (*self._intakes, self._model, self._think, self._status):
            row.addWidget(widget)
        row.setStretchFactor(self._status, 1)
        row.addWidget(self._send)
        layout = QVBoxLayout(self)
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)  # `_fit` finds room for what is in it
        layout.setContentsMargins(MARGIN_PX, MARGIN_PX, MARGIN_PX, MARGIN_PX)
        layout.setSpacing(SPACING_PX)
        layout.addWidget(self.attachments)
        layout.addWidget(self.question)
        layout.addWidget(self._offer)
        layout.addLayout(row)
        self.setTabOrder(self.question, self._attach)

    def _connect(self) -> None:
        self.question.submitted.connect(self._on_question_submitted)
        self.question.pasted.connect(self.pasted)
        self.question.long_text_pasted.connect(self._offer.ask)
        self.question.text_refused.connect(self.text_attached)
        self.question.last_question_wanted.connect(self.last_question_wanted)
        self.question.textChanged.connect(self._on_question_text_changed)
        self.question.focus_changed.connect(self._on_question_focus_changed)
        self._offer.accepted.connect(self._on_offer_accepted)
        self._attach.clicked.connect(self.attaching_wanted)
        self._capture.clicked.connect(self.capture_wanted)
        self._record.clicked.connect(self.recording_wanted)
        self._model.clicked.connect(self._on_model_clicked)
        self._models.model_chosen.connect(self.model_chosen)
        self._models.model_wanted.connect(self.model_wanted)
        self._models.engine_chosen.connect(self.engine_chosen)
        self._models.servers_wanted.connect(self.servers_wanted)
        self._models.aboutToHide.connect(self.model_menu_closed)
        self._think.toggled.connect(self.thinking_toggled)
        self._send.clicked.connect(self._on_send_clicked)
        themes().changed.connect(self.retranslate)

    def _update_send(self) -> None:
        if self._is_running:
            self._send.set_words(self.tr("Stop"), self.tr("Stop the answer (Esc)"))
            self._send.setEnabled(True)
        else:
            self._send.set_words(self.tr("Send"), self.tr("Send the question (Enter)"))
            self._send.setEnabled(self._can_ask and bool(self.question.toPlainText().strip()))

    def _update_status(self) -> None:
        """While something is under way its own time says more than the expected one."""
        cost = Cost(self._cost.tokens) if self._status_text else self._cost
        self._status.set_full_text(" · ".join(filter(None, (cost_words(cost), self._status_text))))

    def _submit(self) -> None:
        text = self.question.toPlainText().strip()
        if text and self._can_ask and not self._is_running:
            self.submitted.emit(text, self._think.isChecked())

    def _on_question_submitted(self) -> None:
        self._submit()

    def _on_question_text_changed(self) -> None:
        if self._offer.text and self._offer.text not in self.question.toPlainText():
            self._offer.dismiss()  # it was changed, sent or cleared: the user has decided
        self._update_send()
        self.edited.emit()

    def _on_offer_accepted(self, text: str) -> None:
        self.question.take_out(text)
        self.question.setFocus()
        self.text_attached.emit(text)

    def _on_question_focus_changed(self) -> None:
        self.setProperty("focused", self.question.hasFocus())
        self.style().unpolish(self)
        self.style().polish(self)

    def _on_model_clicked(self) -> None:
        self.open_model_menu()

    def _on_send_clicked(self) -> None:
        if self._is_running:
            self.stopped.emit()
        else:
            self._submit()
