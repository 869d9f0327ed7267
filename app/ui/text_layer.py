"""The text that lies on a page or a picture: which word is where, and what a selection of them says. No Qt; built in any thread.

Places are fractions of the page. A selection is two indices, the first and the last piece of text, in reading order.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.types import Area, Link, PageText, Word

REACH_LINES = 0.35
"""How far beside a line, in its heights, the pointer still is on it."""
GAP_LINES_MAX = 1.5
"""In heights of a line: what stands farther apart in a row is painted apart."""
SKIPPED_CHARACTERS_MAX = 200
"""How much of the text may stand between two words without having a place."""
_HAN = re.compile("[\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\uac00-\\ud7af]")


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring pieces of one line, `first` to `last`."""

    first: int
    last: int
    area: Area


class TextLayer:
    """Attributes:
    links: places that lead somewhere.
    is_empty: whether there is nothing to select.
    is_recognised: whether the text was found in pixels.
    needs_recognition: whether the page shows text that the file does not hold.
    """

    def __init__(self, text: PageText, aspect: float, is_recognised: bool = False) -> None:
        """`aspect` is the width of the page divided by its height."""
        self.links: tuple[Link, ...] = text.links
        self.is_recognised = is_recognised
        self._aspect = aspect
        self._pieces: list[Word] = []
        self._gaps: list[str] = []
        self._words: list[int] = []
        self._add_pieces(text)
        self._runs = list(self._find_runs())
        self._firsts = [run.first for run in self._runs]
        self.is_empty = not self._pieces
        self.needs_recognition = not is_recognised and (text.scanned or self.is_empty)

    @property
    def last(self) -> int:
        """The index of the last piece; -1 without any."""
        return len(self._pieces) - 1

    def piece_at(self, x: float, y: float) -> int | None:
        """The piece under a point, or close beside it in its line."""
        index = self.nearest(x, y)
        if index is None:
            return None
        piece = self._pieces[index]
        reach = REACH_LINES * (piece.y1 - piece.y0)
        is_beside = piece.x0 - reach / self._aspect <= x <= piece.x1 + reach / self._aspect
        return index if is_beside and piece.y0 - reach / 2 <= y <= piece.y1 + reach / 2 else None

    def nearest(self, x: float, y: float) -> int | None:
        """The piece that a selection ends at when the pointer is there."""
        best, found = float("inf"), None
        for run in self._runs:
            down = max(run.area.y0 - y, 0.0, y - run.area.y1)
            if down >= best:
                continue
            apart = down + max(run.area.x0 - x, 0.0, x - run.area.x1) * self._aspect
            if apart < best:
                best, found = apart, run
        if found is None:
            return None
        return min(range(found.first, found.last + 1), key=lambda index: _apart(x, self._pieces[index].x0, self._pieces[index].x1))

    def word_at(self, index: int) -> tuple[int, int]:
        """The whole word that a piece belongs to, as a selection."""
        word, first, last = self._words[index], index, index
        while first > 0 and self._words[first - 1] == word:
            first -= 1
        while last < self.last and self._words[last + 1] == word:
            last += 1
        return first, last

    def beside_line(self, index: int, is_down: bool) -> int:
        """The piece below or above one; the last or first of all where there is no other line."""
        piece, number = self._pieces[index], self._run_of(index)
        step = 1 if is_down else -1
        middle = (piece.x0 + piece.x1) / 2
        if not 0 <= number + step < len(self._runs):
            return self.last if is_down else 0
        run = self._runs[number + step]
        return min(range(run.first, run.last + 1), key=lambda other: _apart(middle, self._pieces[other].x0, self._pieces[other].x1))

    def areas(self, first: int, last: int) -> list[Area]:
        """What to paint for a selection: one rectangle for each line."""
        areas = []
        for run in self._runs[self._run_of(first) : self._run_of(last) + 1]:
            start, end = max(first, run.first), min(last, run.last)
            areas.append(run.area if (start, end) == (run.first, run.last) else _around(self._pieces[start : end + 1]))
        return areas

    def text(self, first: int, last: int) -> str:
        """What a selection says, in lines as on the page."""
        return self._joined(range(first, last + 1))

    def text_in(self, area: Area) -> str:
        """What stands in a part of the page: the pieces whose middle lies in it."""
        return self._joined(
            [
                index
                for index, piece in enumerate(self._pieces)
                if area.x0 <= (piece.x0 + piece.x1) / 2 <= area.x1 and area.y0 <= (piece.y0 + piece.y1) / 2 <= area.y1
            ]
        )

    def first_in(self, area: Area) -> int | None:
        """The first piece that begins in a part of the page."""
        pieces = enumerate(self._pieces)
        return next((i for i, word in pieces if area.x0 <= word.x0 <= area.x1 and area.y0 <= word.y0 <= area.y1), None)

    def link_at(self, x: float, y: float) -> Link | None:
        """The link under a point."""
        inside = (link for link in self.links if link.area.x0 <= x <= link.area.x1 and link.area.y0 <= y <= link.area.y1)
        return next(inside, None)

    def _joined(self, indices: Sequence[int]) -> str:
        said: list[str] = []
        before = -1
        for index in indices:
            if said:
                said.append(self._gaps[index] if index == before + 1 else self._gap_across(before, index))
            said.append(self._pieces[index].text)
            before = index
        return "".join(said)

    def _gap_across(self, before: int, after: int) -> str:
        """Between pieces that do not follow each other."""
        return "\n" if any("\n" in gap for gap in self._gaps[before + 1 : after + 1]) else " "

    def _run_of(self, index: int) -> int:
        return bisect_right(self._firsts, index) - 1

    def _add_pieces(self, text: PageText) -> None:
        position = 0
        for number, word in enumerate(map(_inside, text.words)):
            found = text.text.find(word.text, position, position + len(word.text) + SKIPPED_CHARACTERS_MAX)
            between = text.text[position:found] if found >= 0 else "?"
            gap = between if between.isspace() or not between else self._gap_by_place(word)
            if found >= 0:
                position = found + len(word.text)
            for piece in _pieces_of(word):
                self._pieces.append(piece)
                self._gaps.append(gap)
                self._words.append(number)
                gap = ""

    def _gap_by_place(self, word: Word) -> str:
        """What separates a word from the one before it, when the text does not say."""
        return " " if self._pieces and _is_same_row(self._pieces[-1], word) else "\n"

    def _find_runs(self) -> Iterator[_Run]:
        first = 0
        for index in range(1, len(self._pieces) + 1):
            if index == len(self._pieces) or not self._continues(self._pieces[index - 1], self._pieces[index]):
                yield _Run(first, index - 1, _around(self._pieces[first:index]))
                first = index

    def _continues(self, one: Word, other: Word) -> bool:
        height = (one.y1 - one.y0) / self._aspect
        return _is_same_row(one, other) and -height <= other.x0 - one.x1 <= GAP_LINES_MAX * height


def _inside(word: Word) -> Word:
    """Cut to the page: places come from files, and are checked to be numbers only."""
    x0, y0, x1, y1 = (min(max(side, 0.0), 1.0) for side in word[1:])
    return Word(word.text, min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _pieces_of(word: Word) -> Iterator[Word]:
    """Chinese and Japanese have no spaces: each character can be selected. All of a run are equally wide."""
    count = len(word.text)
    if count < 2 or not all(map(_HAN.match, word.text.rstrip("、。，．！？；：」』】》）"))):
        yield word
        return
    is_upright = word.y1 - word.y0 > word.x1 - word.x0 and count > 2
    across, down = (0.0, (word.y1 - word.y0) / count) if is_upright else ((word.x1 - word.x0) / count, 0.0)
    for index, character in enumerate(word.text):
        x, y = word.x0 + index * across, word.y0 + index * down
        yield Word(character, x, y, word.x1 if is_upright else x + across, y + down if is_upright else word.y1)


def _is_same_row(one: Word, other: Word) -> bool:
    """Whether the middle of each lies well within the height of the other."""
    return abs(one.y0 + one.y1 - other.y0 - other.y1) < min(one.y1 - one.y0, other.y1 - other.y0)


def _around(words: Sequence[Word]) -> Area:
    return Area(min(w.x0 for w in words), min(w.y0 for w in words), max(w.x1 for w in words), max(w.y1 for w in words))


def _apart(value: float, low: float, high: float) -> float:
    return max(low - value, 0.0, value - high)
