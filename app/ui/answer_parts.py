"""The parts of an answer besides its text: folded reasoning, progress, notices, failure."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from app.chat.answer import Answer, AnswerState, Failure, TextBlock
from app.ui.buttons import TextButton
from app.ui.failure_words import MODEL_CODES, failure_words
from app.ui.icons import pixmap
from app.ui.language import Translated
from app.ui.quick.flow import ButtonRow
from app.ui.remote_notices import ASKING_AGAIN, is_measured
from app.ui.remote_words import SETTINGS_CODES
from app.ui.rich_text import RichText
from app.ui.theme import FONT_BODY_PX, themes
from app.ui.transcript_stack import Stack
from app.ui.words import is_translated, notice_words, progress_words, silence_words, thinking_words
from inference.events import Notice, Progress

PROGRESS_WIDTH_PX = 160
NAME_CHARACTERS_MAX = 32
"""Of a model, on a button."""


class ReasoningFold(Translated, Stack):
    """One line that opens to what the model thought.

    Attributes:
        text: where it stands.

    Signals:
        toggled(is open): by the user.
    """

    toggled = Signal(bool)

    def __init__(self, answer: Answer, parent: QWidget, *, is_open: bool) -> None:
        super().__init__(8, parent=parent)
        self._answer = answer
        self._shown = 0
        self._block = TextBlock()
        self._button = self.adopt(TextButton("fold", "fold" if is_open else "unfold"))
        self._button.setCheckable(True)
        self._button.setChecked(is_open)
        self._button.toggled.connect(self._on_button_toggled)
        self._body = self.adopt(_ReasoningBody(self))
        self._body.setVisible(is_open)
        self.text = self._body.text
        self.retranslate()

    def parts(self) -> Sequence[QWidget]:
        return self._button, self._body

    def open(self) -> None:
        """Show the reasoning, as if its line had been pressed."""
        self._button.setChecked(True)

    def refresh(self) -> None:
        """Show what came since; the text is rendered only while it is open."""
        self._button.set_words(thinking_words(self._answer), self.tr("Show or hide the model's reasoning"))
        if not self._body.isHidden() and self._shown < len(self._answer.reasoning):
            new = self._answer.reasoning[self._shown :]
            self._block.add_text(new if self._shown else new.lstrip("\n"))
            self._shown = len(self._answer.reasoning)
            self.text.show_block(self._block)
        if self._answer.state not in (AnswerState.WAITING, AnswerState.THINKING):
            self.text.set_final()

    def retranslate(self) -> None:
        self.text.setAccessibleName(self.tr("Reasoning"))
        self.refresh()

    def _on_button_toggled(self, is_open: bool) -> None:
        self._button.set_icon("fold" if is_open else "unfold")
        self._body.setVisible(is_open)
        self.refresh()
        self.toggled.emit(is_open)
        self.announce_change()


class _ReasoningBody(Stack):
    """The text with a line on its left."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(0, (16, 0, 0, 0), parent)
        self.setObjectName("reasoning")
        self.text = self.adopt(RichText(font_px=FONT_BODY_PX))
        self.text.setProperty("kind", "quiet")

    def parts(self) -> Sequence[QWidget]:
        return (self.text,)


class ProgressLine(QWidget):
    """What is being done before the first word, and how far it is."""

    def __init__(self, answer: Answer, host: str | None) -> None:
        """`host` is None on this computer."""
        super().__init__()
        self._answer, self._host = answer, host
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setProperty("kind", "quiet")
        self._words.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(PROGRESS_WIDTH_PX)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._words)
        layout.addWidget(self._bar)

    def refresh(self, *, is_elsewhere: bool) -> None:
        """Show the latest report; nothing is known of it when another window is getting the answer."""
        progress = None if is_elsewhere else self._answer.progress
        elsewhere = QCoreApplication.translate("Progress", "Being answered in another window")
        self._words.setText(elsewhere if is_elsewhere else self._progress_words(progress))
        has_amount = progress is not None and progress.phase != "queued" and progress.total > 0
        self._bar.setVisible(has_amount)
        if progress is not None and has_amount:
            self._bar.setVisible(self._host is None or is_measured(progress))
            self._bar.setRange(0, progress.total)
            self._bar.setValue(progress.done)

    def _progress_words(self, progress: Progress | None) -> str:
        """A pause before the next try has come after the latest report."""
        last = self._answer.notices[-1] if self._answer.notices else None
        if progress is None:
            return notice_words(last) if last is not None and last.code == ASKING_AGAIN else "…"
        return progress_words(progress, self._host)


class NoticeLine(Translated, QWidget):
    """Something worth knowing that stops nothing."""

    def __init__(self, notice: Notice) -> None:
        super().__init__()
        self._notice = notice
        self._icon = QLabel()
        self._words = words = QLabel()
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
        self.retranslate()

    def retranslate(self) -> None:
        self._words.setText(notice_words(self._notice))

    def _on_themes_changed(self) -> None:
        self._icon.setPixmap(pixmap("info", themes().current.text_3, 16, self.devicePixelRatioF()))


class FailureCard(Translated, QFrame):
    """Says what happened and what to do, in place of the rest of the answer.

    Signals:
        retry_wanted(), model_wanted(), settings_wanted(), other_wanted(): its buttons.
    """

    retry_wanted = Signal()
    model_wanted = Signal()
    settings_wanted = Signal()
    other_wanted = Signal()

    def __init__(self, failure: Failure, other: str = "", *, can_retry: bool = True) -> None:
        """`other` is the name of another model that could be asked."""
        super().__init__()
        self._failure, self._other_name = failure, other
        self.setObjectName("failure")
        self._icon = QLabel()
        self._title = _label("title")
        self._advice = _label("quiet")
        self._details = _label("small")
        self._retry = TextButton("outlined")
        self._retry.clicked.connect(self.retry_wanted)
        self._retry.setVisible(can_retry)
        self._model = TextButton("outlined")
        self._model.clicked.connect(self.model_wanted)
        self._model.setVisible(failure.code in MODEL_CODES)
        self._settings, self._other = TextButton("outlined"), TextButton("outlined")
        self._settings.clicked.connect(self.settings_wanted)
        self._other.clicked.connect(self.other_wanted)
        self._settings.setVisible(failure.code in SETTINGS_CODES)
        self._other.setVisible(bool(other))
        buttons = ButtonRow((self._settings, self._retry, self._other, self._model))
        words = QVBoxLayout()
        words.setSpacing(4)
        for label in (self._title, self._advice, self._details):
            words.addWidget(label)
        words.addSpacing(8)
        words.addWidget(buttons)
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
        said = self._failure.message.removeprefix(f"{words.title}. ")
        self._advice.setText(words.advice if is_translated() else said)  # both would say it twice
        self._details.setText(self._quoted() if is_translated() else "")
        self._details.setVisible(is_translated())
        self._retry.set_words(self.tr("Ask again"))
        self._model.set_words(self.tr("Choose another model…"))
        self._settings.set_words(self.tr("Open the settings"))
        name = self._other_name
        short = name if len(name) <= NAME_CHARACTERS_MAX else f"{name[: NAME_CHARACTERS_MAX - 1]}…"
        ask = self.tr("Ask {name} instead")
        self._other.set_words(ask.format(name=short), ask.format(name=name))
        self.setAccessibleName(words.title)
        self.setAccessibleDescription(words.advice)

    def _quoted(self) -> str:
        """What the server said, or else the engine's sentence: it may name a file or an amount."""
        from inference.cloud.faults import SAID  # not needed for the first window

        _, found, said = self._failure.message.partition(SAID)
        return self.tr("The server said: {words}").format(words=said) if found else self._failure.message

    def _on_themes_changed(self) -> None:
        self._icon.setPixmap(pixmap("alert", themes().current.danger, 20, self.devicePixelRatioF()))


class CutLine(Translated, QWidget):
    """Below an answer that the program did not live to finish, or that says nothing.

    Signals:
        retry_wanted(): its button.
    """

    retry_wanted = Signal()

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self._answer = answer
        self._words = _label("quiet")
        self._retry = TextButton("outlined")
        self._retry.clicked.connect(self.retry_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self._words, 1)
        layout.addWidget(self._retry)
        self.retranslate()

    def retranslate(self) -> None:
        cut = self.tr("This answer was cut off. What had been shown is kept.")
        self._words.setText(silence_words(self._answer) or cut)
        self._retry.set_words(self.tr("Ask again"))


def _label(kind: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("kind", kind)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
