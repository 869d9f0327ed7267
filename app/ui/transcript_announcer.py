"""Tells a screen reader what happened in an answer, once: that it ended and what it says, notices, failures."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.chat.answer import AnswerState
from app.chat.session import Turn
from app.ui.announcing import announce
from app.ui.failure_words import failure_words
from app.ui.transcript_text import plain_text
from app.ui.words import notice_words, silence_words

CHARACTERS_MAX = 600
"""Of an answer; a longer one is begun, and can be read in the transcript."""


class Announcer(QObject):
    """Signals:
    announced(words): they were handed to whatever reads the screen.
    """

    announced = Signal(str)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._running: dict[int, int] = {}

    def watch(self, turn: Turn) -> None:
        """From now on this turn's answer is announced, if it is still to end."""
        if not turn.answer.is_final:
            self._running[turn.id] = len(turn.answer.notices)

    def look(self, turn: Turn) -> None:
        """See what is new."""
        if turn.id not in self._running:
            return
        answer = turn.answer
        for notice in answer.notices[self._running[turn.id] :]:
            self.announce(notice_words(notice))
        self._running[turn.id] = len(answer.notices)
        if answer.is_final:
            del self._running[turn.id]
            self.announce(self._ending(turn))

    def _ending(self, turn: Turn) -> str:
        answer = turn.answer
        if answer.failure is not None:
            words = failure_words(answer.failure)
            return f"{words.title}. {words.advice}"
        if silence := silence_words(answer):
            return silence
        said = plain_text(answer.markdown()[: 2 * CHARACTERS_MAX])
        said = said if len(said) <= CHARACTERS_MAX else said[: CHARACTERS_MAX - 1] + "…"
        head = self.tr("Answer stopped.") if answer.state is AnswerState.STOPPED else self.tr("Answer finished.")
        return f"{head} {said}".strip()

    def announce(self, words: str) -> None:
        """Say this now."""
        self.announced.emit(words)
        announce(self._widget, words)
