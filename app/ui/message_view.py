"""A question and its answer in the transcript."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.chat.answer import Answer, Block, TextBlock, ToolBlock
from app.chat.session import Turn
from app.ui.answer_parts import AnswerFooter, FailureCard, NoticeLine, ProgressLine, ReasoningFold
from app.ui.language import Translated
from app.ui.markdown_view import MarkdownView
from app.ui.picture_card import PictureCard
from app.ui.picture_levels import PictureCache
from app.ui.words import reduction_words, source_words

BUBBLE_WIDTH_SHARE = 0.8
"""Of the column; a question that takes all of it would look like an answer."""


class QuestionView(Translated, QWidget):
    """The user's words and what went along, in a bubble on the right.

    Signals:
        picture_activated(picture id): a card was clicked.
    """

    picture_activated = Signal(str)

    def __init__(self, turn: Turn, cache: PictureCache) -> None:
        super().__init__()
        self._cards: dict[QWidget, str] = {}
        self._bubble = QFrame()
        self._bubble.setObjectName("bubble")
        bubble = QVBoxLayout(self._bubble)
        bubble.setContentsMargins(14, 10, 14, 10)
        bubble.setSpacing(8)
        for source in turn.sources:
            card = PictureCard(source.name)
            card.set_picture(cache.thumbnail(source.first.id), source_words(source))
            card.clicked.connect(self._on_card_clicked)
            self._cards[card] = source.first.id
            bubble.addWidget(card)
        self._words = QLabel(turn.question)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        bubble.addWidget(self._words)
        self._reductions = turn.reductions
        self._reduced = QLabel()
        self._reduced.setProperty("kind", "small")
        self._reduced.setTextFormat(Qt.TextFormat.PlainText)
        self._reduced.setWordWrap(True)
        self._reduced.setVisible(bool(turn.reductions))
        bubble.addWidget(self._reduced)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addStretch()
        layout.addWidget(self._bubble)
        self.retranslate()

    def fit_width(self, column_px: int) -> None:
        """Break the words where the bubble would become too wide. A label that wraps by itself would not grow with its words."""
        room_px = int(column_px * BUBBLE_WIDTH_SHARE) - 28
        natural_px = max(self._words.fontMetrics().horizontalAdvance(line) for line in self._words.text().split("\n"))
        self._words.setWordWrap(natural_px > room_px)
        self._words.setMinimumWidth(room_px if natural_px > room_px else 0)
        self._words.setMaximumWidth(max(room_px, 1))

    def retranslate(self) -> None:
        self._reduced.setText("\n".join(reduction_words(reduction) for reduction in self._reductions))

    def _on_card_clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, QWidget):
            self.picture_activated.emit(self._cards[sender])


class ToolView(QLabel):
    """A tool call, as a quiet line."""

    def show_block(self, block: ToolBlock) -> None:
        """Show the call's name, and its text until it is whole."""
        self.setProperty("kind", "small")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        if block.call is not None:
            arguments = ", ".join(f"{name}: {value}" for name, value in block.call.arguments.items())
            self.setText(f"{block.call.name} ({arguments})")
        else:
            self.setText(block.raw)


class AnswerView(Translated, QWidget):
    """An answer, refreshed while it grows.

    Signals:
        reference_hovered(number), reference_activated(number), link_activated(target, position): of any block.
        retry_wanted(), model_wanted(): from the failure card.
    """

    reference_hovered = Signal(int)
    reference_activated = Signal(int)
    link_activated = Signal(str, QPoint)
    retry_wanted = Signal()
    model_wanted = Signal()

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self._answer = answer
        self._reasoning: ReasoningFold | None = None
        self._blocks: list[MarkdownView | ToolView] = []
        self._notices = 0
        self._progress = ProgressLine(answer)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(12)
        self._top, self._middle = QVBoxLayout(), QVBoxLayout()
        for part in (self._top, self._middle):
            part.setSpacing(12)
            self._layout.addLayout(part)
        self._layout.addWidget(self._progress)
        self.retranslate()
        self.refresh()

    @property
    def answer(self) -> Answer:
        """What is shown."""
        return self._answer

    def refresh(self) -> None:
        """Show what came since the last call."""
        answer = self._answer
        for notice in answer.notices[self._notices :]:
            self._top.addWidget(NoticeLine(notice))
        self._notices = len(answer.notices)
        if answer.reasoning.strip():
            if self._reasoning is None:
                self._reasoning = ReasoningFold(answer)
                self._top.addWidget(self._reasoning)
            self._reasoning.refresh()
        for index, block in enumerate(answer.blocks):
            if index >= len(self._blocks) - 1:  # all before the last are complete
                self._show_block(index, block)
        self._progress.setVisible(not answer.is_final and not answer.blocks and not answer.reasoning)
        self._progress.refresh()
        if answer.is_final and self._layout.count() == 3:
            self._close()

    def set_current_reference(self, number: int) -> None:
        """Highlight a reference in the text; 0 for none."""
        for view in self._blocks:
            if isinstance(view, MarkdownView):
                view.set_current_reference(number)

    def reference_center(self, number: int) -> QPoint | None:
        """Where a reference is in this widget, to scroll there."""
        for view in self._blocks:
            rect = view.reference_rect(number) if isinstance(view, MarkdownView) else None
            if rect is not None:
                return view.mapTo(self, rect.center().toPoint())
        return None

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Answer"))
        for view in self._blocks:
            view.setAccessibleName(self.tr("Answer"))
        self._progress.refresh()

    def _show_block(self, index: int, block: Block) -> None:
        if index == len(self._blocks):
            view: MarkdownView | ToolView
            if isinstance(block, TextBlock):
                view = MarkdownView()
                view.reference_hovered.connect(self.reference_hovered)
                view.reference_activated.connect(self.reference_activated)
                view.link_activated.connect(self.link_activated)
            else:
                view = ToolView()
            view.setAccessibleName(self.tr("Answer"))
            self._blocks.append(view)
            self._middle.addWidget(view)
        view = self._blocks[index]
        if isinstance(view, MarkdownView) and isinstance(block, TextBlock):
            view.show_block(block)
        if isinstance(view, ToolView) and isinstance(block, ToolBlock):
            view.show_block(block)

    def _close(self) -> None:
        """Add what stands below a finished answer."""
        if self._answer.failure is not None:
            card = FailureCard(self._answer.failure)
            card.retry_wanted.connect(self.retry_wanted)
            card.model_wanted.connect(self.model_wanted)
            self._layout.addWidget(card)
        footer = AnswerFooter(self._answer)
        footer.copy_wanted.connect(self._on_footer_copy_wanted)
        self._layout.addWidget(footer)

    def _on_footer_copy_wanted(self) -> None:
        QGuiApplication.clipboard().setText(self._answer.markdown())
