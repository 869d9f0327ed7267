"""Patterns that tell "not yet" from "never": what a streaming parser asks of the text it holds back."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple


class Run(NamedTuple):
    """`least` to `most` characters out of a class such as ``[^\\n]``; the part that follows must begin with none of them."""

    characters: str
    least: int
    most: int

    def pattern(self) -> str:
        return f"({self.characters}{{{self.least},{self.most}}}+)"

    def beginnings(self) -> str:
        return f"{self.characters}{{0,{self.most}}}+"


class Pattern:
    """Literals and runs in a row. Every run is a group.

    An outcome depends on the characters alone, never on how much has arrived: a match stays the same match whatever follows, and
    "no" stays "no". That is what makes the events of an answer independent of how it was split.
    """

    def __init__(self, *parts: str | Run) -> None:
        whole = [re.escape(part) if isinstance(part, str) else part.pattern() for part in parts]
        unfinished = [
            "".join(whole[:index]) + (_beginnings(part) if isinstance(part, str) else part.beginnings())
            for index, part in enumerate(parts)
        ]
        self._whole = re.compile("".join(whole), re.ASCII)
        self._unfinished = re.compile(f"(?:{'|'.join(unfinished)})\\Z", re.ASCII)

    def match(self, text: str, start: int) -> re.Match[str] | Literal["more", "no"]:
        """The match at `start`, or "more" when text that follows may complete it, or "no"."""
        found = self._whole.match(text, start)
        if found is not None:
            return found
        return "more" if self._unfinished.match(text, start) else "no"


def _beginnings(literal: str) -> str:
    """Matches every beginning of `literal`, the empty one included."""
    pattern = ""
    for character in reversed(literal):
        pattern = f"(?:{re.escape(character)}{pattern})?"
    return pattern
