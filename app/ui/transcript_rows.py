"""Where each turn of a conversation stands, most of them without being drawn: heights that are known or guessed. No widgets.

All distances are logical pixels; positions count from the top of the whole conversation.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from app.chat.answer import Answer, PictureBlock, TextBlock
from app.chat.session import Turn

if TYPE_CHECKING:
    from app.ui.transcript_turn import TurnView

MARGIN_PX, GAP_PX = 24, 32
LINE_PX, LETTER_PX = 23.0, 7.6
"""Of the text of an answer; a Chinese character is as wide as two letters."""
PARAGRAPH_LINES = 0.5
"""What a line break in Markdown adds, between a new line of code and a new paragraph."""
QUESTION_CHARACTERS = 2_000
"""More of a question is folded."""
QUESTION_PX, CARD_PX, FIGURE_PX, FOOTER_PX = 24, 62, 300, 60


@dataclass(slots=True, eq=False)
class Row:
    """A turn and what is remembered of how it is shown.

    Attributes:
        height_px: as measured, or a guess.
        is_measured: whether the height is true at the present width.
        view: the widget, while the turn is near what is looked at.
        is_question_open, is_reasoning_open: what the user unfolded stays so.
    """

    turn: Turn
    height_px: int = 0
    is_measured: bool = False
    view: TurnView | None = None
    is_question_open: bool = False
    is_reasoning_open: bool = False

    def guess(self, width_px: int) -> None:
        """Guess the height from how much there is to read."""
        self.height_px = guess_height(self.turn, width_px)
        self.is_measured = False


class Rows:
    """Rows from top to bottom."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._tops: list[int] | None = None

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def __getitem__(self, index: int) -> Row:
        return self._rows[index]

    def replace(self, rows: list[Row]) -> None:
        """Have these instead."""
        self._rows = rows
        self._tops = None

    def moved(self) -> None:
        """To be called after heights changed."""
        self._tops = None

    def index(self, row: Row) -> int:
        """Where the row stands, from 0. Raises ValueError."""
        return self._rows.index(row)

    def find(self, turn_id: int) -> Row | None:
        """The row of a turn."""
        return next((row for row in reversed(self._rows) if row.turn.id == turn_id), None)

    def top(self, index: int) -> int:
        """Where a row begins; for the number of rows, where the next one would."""
        if self._tops is None:
            self._tops = list(accumulate((row.height_px + GAP_PX for row in self._rows), initial=MARGIN_PX))
        return self._tops[index]

    @property
    def total_px(self) -> int:
        """The height of everything."""
        return self.top(len(self._rows)) - (GAP_PX if self._rows else 0) + MARGIN_PX

    def between(self, first_px: float, last_px: float) -> range:
        """The indices of the rows that reach into this stretch."""
        self.top(0)
        assert self._tops is not None
        start = max(0, bisect_right(self._tops, first_px) - 1)
        end = min(len(self._rows), bisect_left(self._tops, last_px))
        if start < end and self._tops[start] + self._rows[start].height_px <= first_px:
            start += 1
        return range(start, max(start, end))


def guess_height(turn: Turn, width_px: int) -> int:
    """About how high a turn is at this width; quick, whatever its length."""
    height = QUESTION_PX + LINE_PX * _lines(turn.question[:QUESTION_CHARACTERS], 0.7 * width_px) + CARD_PX * len(turn.sources)
    return round(height + _answer_height(turn.answer, width_px) + FOOTER_PX)


def _answer_height(answer: Answer, width_px: int) -> float:
    height = 40.0 if answer.reasoning else 0.0
    for block in answer.blocks:
        if isinstance(block, TextBlock):
            height += LINE_PX * sum(_lines(piece, width_px) for piece in block.pieces if isinstance(piece, str))
        else:
            height += FIGURE_PX if isinstance(block, PictureBlock) else LINE_PX
    return height


def _lines(text: str, width_px: float) -> float:
    letters = (len(text) + len(text.encode(errors="replace"))) / 2  # a Chinese character has three bytes
    return letters * LETTER_PX / max(width_px, 1.0) + PARAGRAPH_LINES * text.count("\n")
