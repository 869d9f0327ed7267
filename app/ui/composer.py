"""Where a question is put together: pictures, words, model, thinking, Send."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.attachments import Entry
from app.ui.attachments_bar import AttachmentsBar
from app.ui.buttons import IconButton, TextButton
from app.ui.language import Translated
from app.ui.picture_levels import PictureCache
from app.ui.question_edit import QuestionEdit

MODEL_NAME_WIDTH_PX_MAX = 200


class Composer(Translated, QFrame):
    """The card at the bottom.

    Attributes:
        question: where the words are written.
        attachments: the files above it.

    Signals:
        submitted(text, thinking): Send, or Enter.
        stopped(): Stop, which Send becomes while an answer runs.
        attaching_wanted(), model_wanted(): a button asks for a file dialog.
        pasted(data): files or a picture were pasted.
        edited(): words were changed.
        thinking_toggled(is on): by the user.
    """

    submitted = Signal(str, bool)
    stopped = Signal()
    attaching_wanted = Signal()
    model_wanted = Signal()
    pasted = Signal(QMimeData)
    edited = Signal()
    thinking_toggled = Signal(bool)

    def __init__(self, cache: PictureCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_running = False
        self._can_ask = False
        self._model_name = ""
        self.setObjectName("composerCard")
        self.attachments = AttachmentsBar(cache)
        self.question = QuestionEdit()
        self._attach = IconButton("attach")
        self._model = TextButton("chip")
        self._think = TextButton("chip")
        self._think.setCheckable(True)
        self._status = QLabel()
        self._status.setProperty("kind", "small")
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
        self._model_name = name
        self.retranslate()

    def set_status(self, text: str) -> None:
        """A quiet word beside the chips."""
        self._status.setText(text)

    def set_thinking(self, is_on: bool, is_possible: bool = True) -> None:
        """How the toggle stands."""
        self._think.setChecked(is_on and is_possible)
        self._think.setVisible(is_possible)

    def show_attachments(self, entries: Sequence[Entry]) -> None:
        """What goes along with the question."""
        self.attachments.show_entries(entries)

    def retranslate(self) -> None:
        self.question.setPlaceholderText(self.tr("Ask about what is attached…"))
        self.question.setAccessibleName(self.tr("Question"))
        self.attachments.setAccessibleName(self.tr("Attached files"))
        self._attach.set_words(self.tr("Attach files"), "Ctrl+O")
        name = self._model_name or self.tr("No model yet")
        self._model.set_words(name, self.tr("Model: {name}. Choose another").format(name=name))
        self._model.setText(self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, MODEL_NAME_WIDTH_PX_MAX))
        self._think.set_words(self.tr("Think"), self.tr("Let the model reason before it answers"))
        self._update_send()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Anywhere on the card is where one writes."""
        self.question.setFocus(Qt.FocusReason.MouseFocusReason)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self._attach, self._model, self._think, self._status):
            row.addWidget(widget)
        row.setStretchFactor(self._status, 1)
        row.addWidget(self._send)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(self.attachments)
        layout.addWidget(self.question)
        layout.addLayout(row)
        self.setTabOrder(self.question, self._attach)

    def _connect(self) -> None:
        self.question.submitted.connect(self._on_question_submitted)
        self.question.pasted.connect(self.pasted)
        self.question.textChanged.connect(self._on_question_text_changed)
        self.question.focus_changed.connect(self._on_question_focus_changed)
        self._attach.clicked.connect(self.attaching_wanted)
        self._model.clicked.connect(self.model_wanted)
        self._think.toggled.connect(self.thinking_toggled)
        self._send.clicked.connect(self._on_send_clicked)

    def _update_send(self) -> None:
        if self._is_running:
            self._send.set_words(self.tr("Stop"), self.tr("Stop the answer (Esc)"))
            self._send.setEnabled(True)
        else:
            self._send.set_words(self.tr("Send"), self.tr("Send the question (Enter)"))
            self._send.setEnabled(self._can_ask and bool(self.question.toPlainText().strip()))

    def _submit(self) -> None:
        text = self.question.toPlainText().strip()
        if text and self._can_ask and not self._is_running:
            self.submitted.emit(text, self._think.isChecked())

    def _on_question_submitted(self) -> None:
        self._submit()

    def _on_question_text_changed(self) -> None:
        self._update_send()
        self.edited.emit()

    def _on_question_focus_changed(self) -> None:
        self.setProperty("focused", self.question.hasFocus())
        self.style().unpolish(self)
        self.style().polish(self)

    def _on_send_clicked(self) -> None:
        if self._is_running:
            self.stopped.emit()
        else:
            self._submit()
