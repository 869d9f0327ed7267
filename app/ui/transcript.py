"""The conversation as it is read: questions and answers, scrolling with the end unless the user looks elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStyle, QVBoxLayout, QWidget

from app.chat.session import Turn
from app.ui.language import Translated
from app.ui.message_view import AnswerView, QuestionView
from app.ui.picture_levels import PictureCache

COLUMN_WIDTH_PX_MAX = 720
MARGIN_PX = 32
FOLLOW_SLACK_PX = 24
"""How near the end counts as being at the end."""


class Transcript(Translated, QScrollArea):
    """Shows the turns.

    Signals:
        reference_hovered(turn id, number), reference_activated(turn id, number): number 0 when the pointer left.
        picture_activated(picture id), link_activated(target, position).
        retry_wanted(turn id), model_wanted(): from a failure.
    """

    reference_hovered = Signal(int, int)
    reference_activated = Signal(int, int)
    picture_activated = Signal(str)
    link_activated = Signal(str, QPoint)
    retry_wanted = Signal(int)
    model_wanted = Signal()

    def __init__(self, cache: PictureCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._questions: dict[int, QuestionView] = {}
        self._answers: dict[int, AnswerView] = {}
        self._follows = True
        self.setObjectName("transcript")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._content = QWidget()
        self._content.setObjectName("transcriptColumn")
        self._column = QWidget()
        self._column.setMaximumWidth(COLUMN_WIDTH_PX_MAX)
        self._layout = QVBoxLayout(self._column)
        self._layout.setContentsMargins(0, 24, 0, 24)
        self._layout.setSpacing(16)
        self._layout.addStretch()
        self._outer = QHBoxLayout(self._content)
        self._outer.setContentsMargins(MARGIN_PX, 0, MARGIN_PX, 0)
        self._outer.addStretch(1)
        self._outer.addWidget(self._column, 1000)
        self._outer.addStretch(1)
        self.setWidget(self._content)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._on_bar_range_changed)
        bar.valueChanged.connect(self._on_bar_value_changed)
        self.retranslate()

    def add_turn(self, turn: Turn) -> None:
        """Show a new question and what there is of its answer, and follow the end again."""
        question, answer = QuestionView(turn, self._cache), AnswerView(turn.answer)
        question.picture_activated.connect(self.picture_activated)
        answer.reference_hovered.connect(self._on_answer_reference_hovered)
        answer.reference_activated.connect(self._on_answer_reference_activated)
        answer.link_activated.connect(self.link_activated)
        answer.retry_wanted.connect(self._on_answer_retry_wanted)
        answer.model_wanted.connect(self.model_wanted)
        self._questions[turn.id], self._answers[turn.id] = question, answer
        question.fit_width(self._column_width())
        for widget in (question, answer):
            self._layout.insertWidget(self._layout.count() - 1, widget)
        self._follows = True
        self._scroll_to_end()

    def refresh_turn(self, turn_id: int) -> None:
        """Show what came since."""
        if turn_id in self._answers:
            self._answers[turn_id].refresh()

    def drop_turn(self, turn_id: int) -> None:
        """Take a turn out."""
        for views in (self._questions, self._answers):
            if turn_id in views:
                views.pop(turn_id).deleteLater()

    def clear(self) -> None:
        """Take everything out."""
        for turn_id in list(self._answers):
            self.drop_turn(turn_id)

    def turn_page(self, direction: int) -> None:
        """Scroll by nearly what is seen, back (-1) or on (1)."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + direction * (bar.pageStep() - 2 * FOLLOW_SLACK_PX))

    def set_current_reference(self, turn_id: int, number: int) -> None:
        """Highlight a reference of one answer, and none in the others."""
        for other_id, view in self._answers.items():
            view.set_current_reference(number if other_id == turn_id else 0)

    def show_reference(self, turn_id: int, number: int) -> None:
        """Scroll so that a reference can be seen."""
        view = self._answers.get(turn_id)
        center = view.reference_center(number) if view else None
        if view is not None and center is not None:
            place = view.mapTo(self._content, center)
            self.ensureVisible(place.x(), place.y(), 0, 80)

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Conversation"))

    def _column_width(self) -> int:
        return min(COLUMN_WIDTH_PX_MAX, self.viewport().width() - 2 * MARGIN_PX)

    def _scroll_to_end(self) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _turn_of(self, view: object) -> int:
        return next(turn_id for turn_id, answer in self._answers.items() if answer is view)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for question in self._questions.values():
            question.fit_width(self._column_width())

    def _on_bar_range_changed(self, minimum: int, maximum: int) -> None:
        # The bar takes its width from the right only; the column is to stay in the middle, over the composer.
        extent_px = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self.verticalScrollBar())
        taken_px = extent_px if maximum > minimum else 0
        self._outer.setContentsMargins(MARGIN_PX, 0, MARGIN_PX - taken_px, 0)
        if self._follows:
            QTimer.singleShot(0, self, self._scroll_to_end)
            self._scroll_to_end()

    def _on_bar_value_changed(self, value: int) -> None:
        bar = self.verticalScrollBar()
        self._follows = value >= bar.maximum() - FOLLOW_SLACK_PX

    def _on_answer_reference_hovered(self, number: int) -> None:
        self.reference_hovered.emit(self._turn_of(self.sender()), number)

    def _on_answer_reference_activated(self, number: int) -> None:
        self.reference_activated.emit(self._turn_of(self.sender()), number)

    def _on_answer_retry_wanted(self) -> None:
        self.retry_wanted.emit(self._turn_of(self.sender()))
