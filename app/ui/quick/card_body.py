"""How the card is divided: the header of a pinned one, what is read, a thin line, the buttons, the next question."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtWidgets import QFrame, QWidget

from app.ui.question_edit import QuestionEdit
from app.ui.quick.card_footer import CardFooter
from app.ui.quick.card_parts import PinnedHeader
from app.ui.quick.reader import BAR_PX, Reader
from app.ui.transcript_stack import Stack, fit_part

PADDING_PX = 16
TOP_PX, BOTTOM_PX = 14, 12
GAP_PX = 8
LINE_GAP_PX = 12
READER_PX_MIN = 40


class CardBody(Stack):
    """What is read takes the height that the others leave.

    Attributes:
        header, reader, footer, question: its parts.
    """

    def __init__(self) -> None:
        super().__init__(GAP_PX)
        self.header, self.reader, self.footer = PinnedHeader(), Reader(), CardFooter()
        self.question = QuestionEdit()
        self.question.hide()
        self._line = QFrame()
        self._line.setProperty("kind", "rule")
        self._parts = [self.adopt(part) for part in (self.header, self.reader, self._line, self.footer, self.question)]

    def parts(self) -> Sequence[QWidget]:
        return self._parts

    def show_footer(self, is_shown: bool) -> None:
        """Whether there is anything to be done with what is read."""
        for part in (self._line, self.footer):
            part.setVisible(is_shown)

    def order_focus(self) -> None:
        """Tab goes through the parts as they are read."""
        stops = [*self.header.focus_stops(), *self.reader.focus_stops(), *self.footer.focus_stops(), self.question]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def fit(self, width_px: int) -> int:
        """Place the parts in the height that there is; the height that shows everything without scrolling."""
        inner_px = max(1, width_px - 2 * PADDING_PX)
        wanted = self.reader.fit(inner_px + BAR_PX)
        above, below = TOP_PX, BOTTOM_PX
        if not self.header.isHidden():
            above = GAP_PX + self._put(self.header, inner_px + GAP_PX, GAP_PX)  # its cross stands at the edge
        heights = [(part, fit_part(part, inner_px)[1]) for part in self._parts[2:] if not part.isHidden()]
        below += sum(height + (LINE_GAP_PX if part is self._line else GAP_PX) for part, height in heights)
        room = max(min(wanted, READER_PX_MIN), self.height() - above - below)
        self.reader.setGeometry(PADDING_PX, above, inner_px + BAR_PX, room)
        self.reader.lay_out()
        y = above + room
        for part, height in heights:
            y += LINE_GAP_PX if part is self._line else GAP_PX
            part.setGeometry(PADDING_PX, y, inner_px, height)
            y += height
        return above + wanted + below

    def _put(self, part: QWidget, width_px: int, top_px: int) -> int:
        """At the top; how far down it reaches."""
        height = fit_part(part, width_px)[1]
        part.setGeometry(PADDING_PX, top_px, width_px, height)
        return top_px + height
