"""Finds words in the conversation: in everything that was said, drawn or not, folded or not."""

from __future__ import annotations

import time
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.find_bar import FindBar
from app.ui.transcript_text import Passage, folded, passages

if TYPE_CHECKING:
    from app.ui.transcript import Transcript
    from app.ui.transcript_turn import TurnView

SLICE_S = 0.004
"""How long it reads at a time."""


class Finder(QObject):
    """Attributes:
        bar: where the user says what to find.

    Signals:
        bar_moved(): it was opened or closed.
    """

    bar_moved = Signal()

    def __init__(self, transcript: Transcript) -> None:
        super().__init__(transcript)
        self.bar = FindBar(transcript)
        self._transcript = transcript
        self._passages: dict[int, list[Passage]] = {}
        self._hits: list[tuple[Passage, int]] = []
        self._ends: list[int] = []
        self._current = -1
        self._shown_in = 0
        self._focus_before: QWidget | None = None
        self._reading = QTimer(self)
        self._reading.timeout.connect(self._on_reading_timeout)
        self.bar.edited.connect(self._on_bar_edited)
        self.bar.stepped.connect(self._on_bar_stepped)
        self.bar.closed.connect(self.close)

    @property
    def wanted(self) -> str:
        """The words that are searched for; empty while nothing is."""
        return self.bar.field.text() if not self.bar.isHidden() else ""

    def open(self) -> None:
        """Let the user type."""
        if self.bar.isHidden():
            self._focus_before = QApplication.focusWidget()
            self.bar.show()
            self.bar.raise_()
            self.bar_moved.emit()
            self._search()
            self._reading.start(0)
        self.bar.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.field.selectAll()

    def close(self) -> None:
        """Take the marks away and give the focus back."""
        self.bar.hide()
        self.bar_moved.emit()
        self._reading.stop()
        for view in self._transcript.views:
            view.mark("")
        self._passages, self._hits = {}, []
        before, self._focus_before = self._focus_before, None
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._transcript.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self, turn_id: int | None = None) -> None:
        """Count again after something was said or taken away; what is shown stays."""
        if turn_id is None:
            self._passages = {}
        self._passages.pop(turn_id or 0, None)
        if self.wanted:
            self._count()
            self._current = min(self._current, self._total - 1)
            self.bar.set_count(self._current + 1, self._total)

    @property
    def _total(self) -> int:
        return self._ends[-1] if self._ends else 0

    def _search(self) -> None:
        """From where the user is looking, on to the first hit."""
        self._count()
        for view in self._transcript.views:
            view.mark(self.wanted)
        order = {turn.id: place for place, turn in enumerate(self._transcript.turns)}
        place = order.get(self._transcript.turn_in_view, 0)
        seen = next((i for i, (passage, _) in enumerate(self._hits) if order[passage.turn_id] >= place), 0)
        self._current = (self._ends[seen - 1] if seen else 0) if self._hits else -1
        self._show()

    def _count(self) -> None:
        needle = folded(self.wanted)
        self._hits = []
        for turn in self._transcript.turns if needle else ():
            if turn.id not in self._passages or not turn.answer.is_final:
                self._passages[turn.id] = list(passages(turn))
            counted = ((passage, passage.text.count(needle)) for passage in self._passages[turn.id])
            self._hits += [(passage, count) for passage, count in counted if count]
        self._ends = list(accumulate(count for _, count in self._hits))

    def _show(self) -> None:
        self.bar.set_count(self._current + 1, self._total)
        if not 0 <= self._current < self._total:
            return
        index = bisect_right(self._ends, self._current)
        passage = self._hits[index][0]
        ordinal = self._current - (self._ends[index - 1] if index else 0)
        view: TurnView | None = self._transcript.bring_into_view(passage.turn_id)
        if view is None:
            return
        if self._shown_in != passage.turn_id:
            before = next((row.view for row in self._transcript.rows if row.turn.id == self._shown_in), None)
            if before is not None:
                before.mark(self.wanted)  # none in it is the current one any more
            self._shown_in = passage.turn_id
        widget, y_px = view.show_hit(passage.part, ordinal, self.wanted)
        self._transcript.show_place(widget, y_px)

    def _on_reading_timeout(self) -> None:
        """Read a few turns ahead of the first key, so that it does not have to wait for all of them."""
        end_s = time.monotonic() + SLICE_S
        for turn in reversed(self._transcript.turns):
            if turn.id not in self._passages:
                self._passages[turn.id] = list(passages(turn))
                if time.monotonic() > end_s:
                    return
        self._reading.stop()

    def _on_bar_edited(self) -> None:
        self._search()

    def _on_bar_stepped(self, direction: int) -> None:
        if self._total:
            self._current = (self._current + direction) % self._total
            self._show()
