"""One turn in the transcript: the question above its answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QTextEdit, QWidget

from app.ui.answer_view import AnswerView
from app.ui.figure_view import FindPicture
from app.ui.message_view import QuestionView
from app.ui.picture_levels import PictureCache
from app.ui.rich_text import RichText
from app.ui.transcript_rows import Row
from app.ui.transcript_stack import Stack


class TurnView(Stack):
    """Attributes:
    question, answer: its parts.
    """

    def __init__(self, row: Row, find_picture: FindPicture, cache: PictureCache, parent: QWidget) -> None:
        super().__init__(16, parent=parent)
        self.question = QuestionView(row.turn, cache, self, is_open=row.is_question_open)
        self.answer = AnswerView(row.turn, find_picture, cache, self, is_reasoning_open=row.is_reasoning_open)

    def parts(self) -> Sequence[QWidget]:
        return self.question, self.answer

    def set_locked(self, is_locked: bool) -> None:
        """Whether an answer is running, so that nothing can be asked again."""
        self.question.set_locked(is_locked)
        self.answer.set_locked(is_locked)

    @property
    def is_in_use(self) -> bool:
        """Whether it has to stay, wherever it is: what is being written or selected in it would be lost."""
        focused = QApplication.focusWidget()
        return self.question.is_editing or (focused is not None and self.isAncestorOf(focused))

    @property
    def has_selection(self) -> bool:
        """Whether the user is selecting text in it."""
        focused = QApplication.focusWidget()
        if not isinstance(focused, QTextEdit | QPlainTextEdit) or not self.isAncestorOf(focused):
            return False
        return focused.textCursor().hasSelection()

    def part_at(self, y_px: int) -> tuple[QWidget, int]:
        """The innermost part at this height or the next one below, and how far down in it that is."""
        last: QWidget = self
        for part in _leaves(self):
            last = part
            if part.mapTo(self, QPoint(0, part.height())).y() > y_px:
                break
        return last, y_px - last.mapTo(self, QPoint(0, 0)).y()

    def mark(self, wanted: str) -> None:
        """Mark these words wherever they are; empty for none."""
        self.question.words.mark(wanted)
        for view in (*self.answer.blocks, self.answer.open_text):
            if isinstance(view, RichText):
                view.find(wanted)

    def show_hit(self, part: str | int, index: int, wanted: str) -> tuple[QWidget, int]:
        """Mark one of the hits more than the others, in the question, the reasoning or a block; where it is."""
        if part == "question":
            self.question.unfold()
            self.question.words.mark(wanted)
            return self.question.words, self.question.words.show_hit(index)
        view = self.answer.open_reasoning() if part == "reasoning" else self.answer.blocks[int(part)]
        if not isinstance(view, RichText):
            return view or self, 0
        count = view.find(wanted)  # Markdown may hold more or less than what is read of it
        rect = view.show_hit(min(index, count - 1)) if count else None
        return view, round(rect.center().y()) if rect is not None else 0

    def focus_stops(self) -> list[QWidget]:
        """What can have the keyboard, in the order of reading: Tab goes on from a text that was clicked."""
        stops = [
            widget for widget in self.findChildren(QWidget)
            if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.focusProxy() is None
        ]  # fmt: skip
        return sorted(stops, key=self._place_of)

    def texts(self) -> list[QWidget]:
        """Everything in it that is read and selected."""
        return [edit for edit in self.findChildren(QWidget) if isinstance(edit, QTextEdit | QPlainTextEdit) and edit.isReadOnly()]

    def _place_of(self, widget: QWidget) -> tuple[int, int]:
        place = widget.mapTo(self, QPoint(0, 0))
        return place.y(), place.x()


def _leaves(stack: Stack) -> Iterator[QWidget]:
    for part in stack.parts():
        if part.isHidden():
            continue
        if isinstance(part, Stack):
            yield from _leaves(part)
        else:
            yield part
