"""What a reader of one format finds in a file: stretches of text, and what their parts are called.

A locator names parts of the file, not pages, so that it means something to people: "lines 1-58", "sheet Costs, rows 1-40".
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Offsets = npt.NDArray[np.int64]

REPLACEMENT = "\ufffd"
_HARMFUL = (
    *((0x00, 0x08), (0x0E, 0x1F), (0x7F, 0x84), (0x86, 0x9F)),  # control characters; those that part lines are below
    *((0x202A, 0x202E), (0x2066, 0x2069)),  # turn what follows around: Unicode technical report 36, section 2.4
    *((0x2061, 0x2065), (0x206A, 0x206F), (0xFFF9, 0xFFFB), (0xD800, 0xDFFF)),
    *((0xE0000, 0xE00FF), (0xE01F0, 0xE0FFF)),  # tags nobody sees: text for the model, hidden from the user
)
_VARIANTS = (0xE0100, 0xE01EF)
"""Choose among the forms of an ideograph; behind anything else they can hide text."""
_BREAKS = "\r\x0b\x0c\x85\u2028\u2029"
_WINDOW = 1 << 20
_IS_HARMFUL, _IS_VARIANT, _IS_BREAK = 1, 2, 3
HEADING_CHARACTERS_MAX = 200


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of the table of contents: which section it is in, and at which character."""

    level: int
    title: str
    section: int
    at: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """Text that begins on a new page.

    Attributes:
        text: lines apart by "\\n", made harmless.
        unit: what its parts are called, "line" or "row"; pages are counted instead where it is empty.
        starts: the character at which each unit begins, the first 0.
        numbers: of the units.
        prefix: what the locator begins with: "sheet Costs, ".
        header: is repeated on each page.
        is_code: whether columns matter.
    """

    text: str = field(repr=False)
    unit: str
    starts: Offsets = field(repr=False)
    numbers: Offsets = field(repr=False)
    prefix: str = ""
    header: str = ""
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Extract:
    """Everything that was found."""

    sections: Sequence[Section]
    title: str = ""
    headings: Sequence[Heading] = ()
    warnings: Sequence[str] = ()


class Sanitizer:
    """Makes text harmless, and counts what it replaced.

    Invisible characters that change what is seen become U+FFFD, one for one; line ends of other kinds become spaces. Lengths stay.
    """

    def __init__(self) -> None:
        self._count = 0

    def clean(self, text: str) -> str:
        """The text without what could deceive."""
        return "".join([self._clean(text[at : at + _WINDOW]) for at in range(0, len(text), _WINDOW)])

    def _clean(self, text: str) -> str:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
        classes = _classes()[codes]
        if not classes.any():
            return text
        is_harmful = classes == _IS_HARMFUL
        for at in np.flatnonzero(classes == _IS_VARIANT):
            is_harmful[at] = at == 0 or not 0x2E80 <= codes[at - 1] <= 0xFAFF
        self._count += int(is_harmful.sum())
        cleaned = np.where(is_harmful, ord(REPLACEMENT), np.where(classes == _IS_BREAK, ord(" "), codes))
        return cleaned.astype("<u4").tobytes().decode("utf-32-le")

    @property
    def warnings(self) -> tuple[str, ...]:
        """A sentence about what was replaced."""
        if not self._count:
            return ()
        return (f"Invisible or control characters, shown as {REPLACEMENT}: {self._count:,}.",)


def section_of_lines(text: str, *, prefix: str = "", is_code: bool = False) -> Section:
    """Text whose lines are counted, made harmless by the caller."""
    text = text.rstrip("\n")
    starts = np.fromiter(itertools.chain((0,), (match.end() for match in re.finditer("\n", text))), np.int64)
    return Section(text, "line", starts, np.arange(1, len(starts) + 1), prefix, is_code=is_code)


class Writer:
    """Builds a section unit by unit.

    Attributes:
        length: characters so far.
    """

    def __init__(self, unit: str, prefix: str = "", header: str = "") -> None:
        self._unit, self._prefix, self._header = unit, prefix, header
        self._texts: list[str] = []
        self._starts: list[int] = []
        self._numbers: list[int] = []
        self.length = 0

    def add(self, text: str, number: int | None = None) -> None:
        """One unit; its number follows the one before unless it is given."""
        last = self._numbers[-1] if self._numbers else 0
        self._starts.append(self.length)
        self._numbers.append(last + 1 if number is None else number)
        self._texts.append(text)
        self.length += len(text) + 1

    @property
    def is_empty(self) -> bool:
        return not self._texts

    def section(self, sanitizer: Sanitizer) -> Section:
        """What was added."""
        starts, numbers = np.array(self._starts or [0], np.int64), np.array(self._numbers or [1], np.int64)
        text = sanitizer.clean("\n".join(self._texts))
        return Section(text, self._unit, starts, numbers, sanitizer.clean(self._prefix), sanitizer.clean(self._header))


def heading_title(text: str) -> str:
    """A heading on one line and not too long."""
    return Sanitizer().clean(" ".join(text.split())[:HEADING_CHARACTERS_MAX])


def counted(count: int, noun: str) -> str:
    """ "1 picture", "2 pictures"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


@functools.cache
def _classes() -> npt.NDArray[np.uint8]:
    table = np.zeros(0x110000, np.uint8)
    for first, last in _HARMFUL:
        table[first : last + 1] = _IS_HARMFUL
    table[_VARIANTS[0] : _VARIANTS[1] + 1] = _IS_VARIANT
    table[[ord(character) for character in _BREAKS]] = _IS_BREAK
    return table
