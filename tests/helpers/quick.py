"""The bar and the card of Quick Ask over a plain surface, and turns for them."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.chat.answer import Answer
from app.chat.session import Turn
from inference.events import BoxFound, Finished, TextDelta
from inference.types import Box, Timings, Usage

BACKGROUND = "#20c040"


class Surface(QWidget):
    """In one colour; counts what reaches it.

    Attributes:
        keys, presses: how many.
    """

    def __init__(self) -> None:
        super().__init__()
        self.keys = self.presses = 0
        self.resize(1400, 800)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(BACKGROUND))

    def keyPressEvent(self, event: object) -> None:
        self.keys += 1

    def mousePressEvent(self, event: object) -> None:
        self.presses += 1


def make_turn(question: str = "Is it right?", before: str = "", number: int = 1) -> Turn:
    """A turn about a picture called "a"; its answer has yet to come."""
    return Turn(number, question, (), (), False, Answer(["a"], ["a"]), before=before)


def write(turn: Turn, *pieces: str) -> None:
    """Let the answer go on; "@" is a place in the picture."""
    for piece in pieces:
        is_place = piece == "@"
        place = 0.1 * (1 + len(turn.answer.references))
        turn.answer.apply(BoxFound(Box(None, place, 0, 1, 1), piece) if is_place else TextDelta(piece, piece))


def finish(turn: Turn) -> None:
    turn.answer.apply(Finished("stop", Usage(9, 0, 4, 3), Timings(0, 0, 300, 20)))
