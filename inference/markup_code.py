"""Follows Markdown code in text as it arrives, so that what a model quotes is not taken for what it means."""

from __future__ import annotations

import re

_PIECES = re.compile(r"`++|\n|[^`\n]++")


class CodeTracker:
    """Whether the text so far ends inside inline code or a code fence.

    Two things differ from CommonMark because the end of the answer is not known yet: inline code ends with its line when nothing
    closed it, and three or more backticks open a fence anywhere in a line.
    """

    def __init__(self) -> None:
        self._opening = 0  # backticks that opened the code we are in; 0 outside
        self._fenced = False  # past the line of a fence's opening
        self._run = 0  # backticks that end the text so far; more may follow
        self._indented = True  # nothing but spaces in this line so far
        self._closing = False  # this line closes the fence unless something else follows

    @property
    def ends_in_backticks(self) -> bool:
        """Whether a backtick that follows would belong to a run that has begun."""
        return self._run > 0

    def feed(self, text: str) -> None:
        """Take in visible text."""
        for piece in _PIECES.findall(text):
            if piece[0] == "`":
                self._run += len(piece)
                continue
            self._end_run()
            if piece == "\n":
                self._end_line()
            elif not piece.isspace():
                self._indented = self._closing = False

    def in_code(self) -> bool:
        """Whether what follows is code, given that it does not begin with a backtick or that no run has begun."""
        self._end_run()
        return self._opening > 0

    def _end_run(self) -> None:
        run, self._run = self._run, 0
        if not run:
            return
        if not self._opening:
            self._opening = run
        elif not self._fenced:
            if run == self._opening:
                self._opening = 0
        elif self._indented and run >= self._opening:
            self._closing = True
        self._indented = False

    def _end_line(self) -> None:
        if self._fenced:
            if self._closing:
                self._opening, self._fenced = 0, False
        elif self._opening >= 3:
            self._fenced = True
        else:
            self._opening = 0
        self._indented, self._closing = True, False
