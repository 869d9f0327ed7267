"""Follows a list of boxes or a piece of JSON in the stream until it ends or proves to be something else.

Each character is looked at once. What is allowed is narrow on purpose: prose that happens to begin like a list is let go at its
first letter.
"""

from __future__ import annotations

import re
from typing import Literal

from inference.grounding import BOX_KEY, MAX_DEPTH
from inference.markup_patterns import Pattern, Run

Outcome = Literal["more", "whole", "broken"]
Kind = Literal["brackets", "json", "fence", "box"]

END_OF_BOX = "<|end_of_box|>"
HOLD_LIMIT = 32_768  # characters; more than a minute of tracked video
PEEK_LIMIT = 256  # characters of JSON without a box in which we stop hoping for one: the user is waiting to read it

# The letters are those of true, false, null, exponents and <bbox>.
_BRACKETS = re.compile(r"[\d\s.,+-]*+", re.ASCII)
_JSON = re.compile(r"[\d\s.,:+\-truefalsnE]*+", re.ASCII)
_IN_BOX = re.compile(r"[\d\s.,:;+\-/>=truefalsnEbox]*+", re.ASCII)
_IN_STRING = re.compile(r'[^"\\<\n]*+')
_OUTSIDE = {"brackets": _BRACKETS, "json": _JSON, "fence": _JSON, "box": _IN_BOX}
_OPENING = {"brackets": "[", "json": "[{", "fence": "[{", "box": "[({"}
_CLOSING = {"brackets": "]", "json": "]}", "fence": "]}", "box": "])}"}
_ESCAPES = frozenset('"\\/bfnrtu')
_FENCE_END = Pattern(Run(r"\s", 0, 64), "```")


class StructureScan:
    """One candidate at the start of the held-back text.

    Attributes:
        kind: ``brackets`` and ``json`` end when their brackets do, ``fence`` with a further "```", ``box`` with its marker.
        opener: characters before the structure itself.
        length: characters looked at so far; those of the whole when it is whole, those before the offending one when broken.
    """

    def __init__(self, kind: Kind, opener: int) -> None:
        self.kind = kind
        self.opener = opener
        self.length = opener
        self._depth = 0
        self._in_string = False
        self._is_escaped = False
        self._is_closing = False
        self._limit = PEEK_LIMIT

    def advance(self, buffer: str, start: int) -> Outcome:
        """Look at what has arrived in `buffer`, where the candidate begins at `start`."""
        while True:
            outcome = self._look(buffer, start, min(len(buffer), start + self._limit))
            if outcome != "more" or self.length < self._limit or self._is_closing:
                return outcome
            head = buffer[start : start + PEEK_LIMIT]
            if self._limit == HOLD_LIMIT or ('"' in head and not BOX_KEY.search(head)):
                return "broken"
            self._limit = HOLD_LIMIT

    def _look(self, buffer: str, start: int, end: int) -> Outcome:
        position = start + self.length
        outcome: Outcome | Literal["on"] = "on"
        while outcome == "on":
            look = self._look_in_string if self._in_string else self._look_outside
            position, outcome = look(buffer, position, end)
        self.length = position - start
        return self._close(buffer, position) if self._is_closing else outcome

    def _look_outside(self, buffer: str, position: int, end: int) -> tuple[int, Outcome | Literal["on"]]:
        """Up to a string, the end, or the first character that may not be outside of strings."""
        others, opening, closing = _OUTSIDE[self.kind], _OPENING[self.kind], _CLOSING[self.kind]
        while not self._is_closing:
            if run := others.match(buffer, position, end):
                position = run.end()
            if position == end:
                break
            character = buffer[position]
            if character in opening and self._depth < MAX_DEPTH:
                self._depth += 1
            elif character in closing and self._depth > 0:
                self._depth -= 1
                if self._depth == 0 and self.kind == "fence":
                    self._is_closing = True
                elif self._depth == 0 and self.kind != "box":
                    return position + 1, "whole"
            elif character == '"' and self.kind != "brackets":
                self._in_string = True
                return position + 1, "on"
            elif character == "<" and self.kind == "box" and not buffer.startswith("<|", position):
                if position + 1 == len(buffer):
                    break
            else:
                return self._end_box(buffer, position)
            position += 1
        return position, "more"

    def _end_box(self, buffer: str, position: int) -> tuple[int, Outcome]:
        if self.kind == "box":
            if buffer.startswith(END_OF_BOX, position):
                return position + len(END_OF_BOX), "whole"
            if END_OF_BOX.startswith(buffer[position : position + len(END_OF_BOX)]):
                return position, "more"
        return position, "broken"

    def _look_in_string(self, buffer: str, position: int, end: int) -> tuple[int, Outcome | Literal["on"]]:
        """Up to the end of the string or the first character that may not be in one; an escape may be split."""
        if position == end:
            return position, "more"
        if self._is_escaped:
            self._is_escaped = False
            return (position + 1, "on") if buffer[position] in _ESCAPES else (position, "broken")
        if run := _IN_STRING.match(buffer, position, end):
            position = run.end()
        if position == end:
            return position, "more"
        self._is_escaped = buffer[position] == "\\"
        self._in_string = self._is_escaped
        return (position, "broken") if buffer[position] in "<\n" else (position + 1, "on")

    def _close(self, buffer: str, position: int) -> Outcome:
        end = _FENCE_END.match(buffer, position)
        if isinstance(end, str):
            return "more" if end == "more" else "broken"
        self.length += len(end.group())
        return "whole"
