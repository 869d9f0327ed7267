"""Searching what is said in a conversation, whether it is drawn or not. No Qt.

Letters match whatever their case and width: "ＧＬＭ" and "glm" are the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.chat.answer import PictureBlock, Reference, TextBlock
from app.chat.session import Turn

EMPHASIS = re.compile(r"(?<![\w\\])(_{1,3})(?=\S)(.{1,100}?)(?<=\S)\1(?!\w)|(\*{1,3}|~~)(?=\S)(.{1,100}?)(?<=\S)\3")
"""Limited in length, as the model may write anything: without a limit, many unpaired stars would take for ever."""
LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\n]{0,500}\)")
LINE_START = re.compile(r" {0,3}(#{1,6} +|(> ?)+)")
CODE = re.compile(r"(`+[^`\n]+`+)")
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


@dataclass(frozen=True, slots=True)
class Passage:
    """Something that is read in one piece: the question, the reasoning, or a block of the answer.

    Attributes:
        part: "question", "reasoning", or the block's number.
        text: folded.
    """

    turn_id: int
    part: str | int
    text: str


def plain_text(markdown: str) -> str:
    """Markdown as it reads: without the signs that shape it, except in code."""
    lines: list[str] = []
    fence = ""
    for line in markdown.split("\n"):
        marker = FENCE.match(line)
        if marker and (not fence or marker[1].startswith(fence)):
            fence = "" if fence else marker[1]
        else:
            lines.append(line if fence else _plain_line(line))
    return "\n".join(lines).strip()


def _plain_line(line: str) -> str:
    pieces = CODE.split(LINE_START.sub("", line, count=1))
    return "".join(piece.strip("`") if index % 2 else _plain_words(piece) for index, piece in enumerate(pieces))


def _plain_words(text: str) -> str:
    return EMPHASIS.sub(lambda match: match[2] or match[4], LINK.sub(r"\1", text))


def folded(text: str) -> str:
    """The same for all ways to write it."""
    return unicodedata.normalize("NFKC", text).casefold()


_folded_letter = lru_cache(maxsize=8_192)(folded)


def passages(turn: Turn) -> Iterator[Passage]:
    """Everything in a turn that can be searched, in the order of reading."""
    answer = turn.answer
    yield Passage(turn.id, "question", folded(turn.question))
    if answer.reasoning.strip():
        yield Passage(turn.id, "reasoning", folded(plain_text(answer.reasoning)))
    for index, block in enumerate(answer.blocks):
        if isinstance(block, TextBlock):
            yield Passage(turn.id, index, folded(plain_text("".join(map(_said, block.pieces)))))
        elif isinstance(block, PictureBlock) and block.caption:
            yield Passage(turn.id, index, folded(block.caption))


def _said(piece: str | Reference) -> str:
    """A number is nothing to search for; words that stand for a picture that does not exist are."""
    if isinstance(piece, str):
        return piece
    return "\ufffc" if piece.picture_id is not None else piece.text


def find_all(text: str, wanted: str) -> list[tuple[int, int]]:
    """Where a text has these words, as (start, end) in the text as it is written."""
    needle = folded(wanted)
    if not needle:
        return []
    haystack = text.lower()
    origins: Sequence[int] = range(len(text))
    if not text.isascii():
        letters = [(index, letter) for index, character in enumerate(text) for letter in _folded_letter(character)]
        haystack = "".join(letter for _, letter in letters)
        origins = [index for index, _ in letters]
    found, start = [], haystack.find(needle)
    while start >= 0:
        end = start + len(needle)
        found.append((origins[start], origins[end - 1] + 1))
        start = haystack.find(needle, end)
    return found
