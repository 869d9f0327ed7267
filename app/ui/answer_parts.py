"""The parts of an answer besides its text: folded reasoning, progress, notices, failure, and the line below."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from app.chat.answer import Answer, Failure, TextBlock
from app.ui.buttons import TextButton
from app.ui.elided_label import ElidedLabel
from app.ui.icons import pixmap
from app.ui.language import Translated
from app.ui.markdown_view import MarkdownView
from app.ui.theme import FONT_BODY_PX, themes
from app.ui.words import MODEL_CODES, failure_words, figures_words, is_translated, progress_words, thinking_words
from inference.events import Notice

PROGRESS_WIDTH_PX = 160


class ReasoningFold(Translated, QWidget):
    """One line that opens to what the model thought."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self._answer = answer
        self._shown = 0
        self._text = MarkdownView(font_px=FONT_BODY_PX)
        self._text.setProperty("kind", "quiet")
        self._block = TextBlock()
        self._button = TextButton("fold", "unfold")
        self._button.setCheckable(True)
        self._button.toggled.connect(self._on_button_toggled)
        self._body = QFrame()
        self._body.setObjectName("reasoning")
        self._body.hide()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(16, 0, 0, 0)
        body.addWidget(self._text)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._body)
        self.retranslate()

    def refresh(self) -> None:
        """Show what came since; the text is rendered only while it is open."""
        self._button.set_words(thinking_words(self._answer), self.tr("Show or hide the model's reasoning"))
        if self._body.isVisibleTo(self) and self._shown < len(self._answer.reasoning):
            new = self._answer.reasoning[self._shown :]
            self._block.add_text(new if self._shown else new.lstrip("\n"))
            self._shown = len(self._answer.reasoning)
            self._text.show_block(self._block)

    def retranslate(self) -> None:
        self._text.setAccessibleName(self.tr("Reasoning"))
        self.refresh()

    def _on_button_toggled(self, is_open: bool) -> None:
        self._button.set_icon("fold" if is_open else "unfold")
        self._body.setVisible(is_open)
        self.refresh()


class ProgressLine(QWidget):
    """What is being done before the first word, and how far it is."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self._answer = answer
        self._words = QLabel()
        self._words.setProperty("kind", "quiet")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(PROGRESS_WIDTH_PX)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._words)
        layout.addWidget(self._bar)

    def refresh(self) -> None:
        """Show the latest report."""
        progress = self._answer.progress
        self._words.setText(progress_words(progress) if progress else "…")
        has_amount = progress is not None and progress.phase != "queued" and progress.total > 0
        self._bar.setVisible(has_amount)
        if progress is not None and has_amount:
            self._bar.setRange(0, progress.total)
            self._bar.setValue(progress.done)


class NoticeLine(QWidget):
    """Something worth knowing that stops nothing."""

    def __init__(self, notice: Notice) -> None:
        super().__init__()
        self._icon = QLabel()
        words = QLabel(notice.message)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setProperty("kind", "small")
        words.setWordWrap(True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(words, 1)
        themes().changed.connect(self._on_themes_changed)
        self._on_themes_changed()

    def _on_themes_changed(self) -> None:
        self._icon.setPixmap(pixmap("info", themes().current.text_3, 16, self.devicePixelRatioF()))


class FailureCard(Translated, QFrame):
    """Says what happened and what to do, in place of the rest of the answer.

    Signals:
        retry_wanted(), model_wanted(): its buttons.
    """

    retry_wanted = Signal()
    model_wanted = Signal()

    def __init__(self, failure: Failure) -> None:
        super().__init__()
        self._failure = failure
        self.setObjectName("failure")
        self._icon = QLabel()
        self._title = _label("title")
        self._advice = _label("quiet")
        self._details = _label("small")
        self._details.setText(failure.message)
        self._retry = TextButton("outlined")
        self._retry.clicked.connect(self.retry_wanted)
        self._model = TextButton("outlined")
        self._model.clicked.connect(self.model_wanted)
        self._model.setVisible(failure.code in MODEL_CODES)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._retry)
        buttons.addWidget(self._model)
        buttons.addStretch()
        words = QVBoxLayout()
        words.setSpacing(4)
        for label in (self._title, self._advice, self._details):
            words.addWidget(label)
        words.addSpacing(8)
        words.addLayout(buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 12, 16, 12)
        layout.setSpacing(12)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        themes().changed.connect(self._on_themes_changed)
        self._on_themes_changed()
        self.retranslate()

    def retranslate(self) -> None:
        words = failure_words(self._failure)
        self._title.setText(words.title)
        self._advice.setText(words.advice if is_translated() else self._failure.message)  # both would say it twice
        self._details.setVisible(is_translated())
        self._retry.set_words(self.tr("Ask again"))
        self._model.set_words(self.tr("Choose another model…"))
        self.setAccessibleName(words.title)
        self.setAccessibleDescription(words.advice)

    def _on_themes_changed(self) -> None:
        self._icon.setPixmap(pixmap("alert", themes().current.danger, 20, self.devicePixelRatioF()))


class AnswerFooter(Translated, QWidget):
    """Copy, and what the answer took.

    Signals:
        copy_wanted(): the button was pressed.
    """

    copy_wanted = Signal()

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self._answer = answer
        self._copy = TextButton("link")
        self._copy.clicked.connect(self.copy_wanted)
        self._figures = ElidedLabel("small", Qt.TextElideMode.ElideRight)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._copy)
        layout.addStretch(1)
        layout.addWidget(self._figures)
        self.retranslate()

    def retranslate(self) -> None:
        self._copy.set_words(self.tr("Copy"), self.tr("Copy the answer as Markdown"))
        self._copy.setVisible(bool(self._answer.markdown()))
        figures = figures_words(self._answer)
        if self._answer.finish_reason == "cancelled":
            figures = " · ".join(filter(None, (self.tr("Stopped"), figures)))
        elif self._answer.finish_reason == "length":
            figures = " · ".join(filter(None, (self.tr("Cut off at the length limit"), figures)))
        self._figures.set_full_text(figures)


def _label(kind: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("kind", kind)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
