"""Puts the text of an answer into blocks while it arrives, and pictures between its paragraphs.

A picture waits until its paragraph has ended, and its list and its code too: to cut those in two would change what they look like.
What is put out never changes, so the first characters of a line are held back while a picture waits and they do not yet tell what
the line is. The blocks do not depend on how the text was split.
"""

from __future__ import annotations

import re
from typing import Literal

from app.chat.blocks import Block, PictureBlock, Reference, TextBlock

_Kind = Literal["blank", "heading", "quote", "fence", "item", "text"]

_PIECES = re.compile(r"[^\n]*\n|[^\n]+")
_UNDECIDED = re.compile(r"[ \t]{0,40}(?:#{1,6}|`{1,2}|~{1,2}|[-+*]|\d{1,9}[.)]?)?")
_KINDS: tuple[tuple[re.Pattern[str], _Kind], ...] = (
    (re.compile(r"[ \t]{0,40}\n"), "blank"),
    (re.compile(r" {0,3}#{1,6}[ \t\n]"), "heading"),
    (re.compile(r" {0,3}>"), "quote"),
    (re.compile(r"[ \t]{0,40}(?:```|~~~)"), "fence"),
    (re.compile(r"[ \t]{0,40}(?:[-+*]|\d{1,9}[.)])[ \t\n]"), "item"),
)
_INDENTED = re.compile(r"  |\t| \t")
_START_OF_LINE_MAX = 256
"""Characters kept of a line, to find the end of a code block."""


class Flow:
    """Fills a list of blocks from its end."""

    def __init__(self, blocks: list[Block]) -> None:
        self._blocks = blocks
        self._waiting: list[PictureBlock] = []
        self._begin_block()

    def add_text(self, text: str) -> None:
        """Append visible text."""
        for piece in _PIECES.findall(text):
            self._add_piece(piece)

    def add_reference(self, reference: Reference) -> None:
        """Put a mark where the text stands."""
        self._decide()
        block = self._text_block()
        self._put_held()
        before = block.pieces[-1] if block.pieces else ""
        if isinstance(before, Reference) and None in (before.picture_id, reference.picture_id):
            block.add_text(", ")  # the words of one that leads nowhere do not run into its neighbour
        block.pieces.append(reference)

    def add_picture(self, picture: PictureBlock) -> None:
        """Show a picture as soon as there is a place for it."""
        self._decide()
        self._waiting.append(picture)

    def break_off(self) -> None:
        """Something else follows, or nothing: put out what waits."""
        self._put_held()
        self._put_pictures()
        self._begin_block()

    def _begin_block(self) -> None:
        self._is_block_open = False
        self._start = ""  # of the line
        self._held = ""  # the end of that, while it is not put out
        self._is_decided = False
        self._is_in_list = self._is_in_quote = self._is_after_blank = False
        self._kind: _Kind = "text"
        self._fence = ""  # what opened the code that we are in

    def _add_piece(self, piece: str) -> None:
        self._start += piece[: _START_OF_LINE_MAX - len(self._start)]
        self._held += piece
        if not self._is_decided and not self._fence and _UNDECIDED.fullmatch(self._start):
            if self._waiting or not (self._is_block_open or self._held.strip()):
                return
        else:
            self._decide()
        self._put_held()
        if piece.endswith("\n"):
            self._end_line()

    def _decide(self) -> None:
        """The line's first characters are there: put pictures before it if they may stand there."""
        if not self._is_decided:
            self._is_decided = True
            if not self._fence:
                self._begin_line()
        self._put_held()

    def _begin_line(self) -> None:
        line = self._start
        kind = self._kind = next((kind for pattern, kind in _KINDS if pattern.match(line)), "text")
        if kind == "blank":
            return
        begins_block = kind in ("heading", "fence") or (kind == "quote" and not self._is_in_quote)
        if self._is_in_list:
            ends = kind != "item" and not _INDENTED.match(line) and (begins_block or self._is_after_blank)
        else:
            ends = begins_block or kind == "item"
        if ends:
            self._put_pictures()
            self._is_in_list = False
        self._is_in_list = self._is_in_list or kind == "item"
        self._is_in_quote = kind == "quote"
        self._is_after_blank = False
        if kind == "fence":
            self._fence = line.strip()[:3]

    def _end_line(self) -> None:
        if self._fence:
            self._end_fence()
        elif self._kind == "blank":
            self._is_after_blank, self._is_in_quote = True, False
            if not self._is_in_list:
                self._put_pictures()
        elif self._kind == "heading":
            self._put_pictures()
        self._start, self._is_decided = "", False

    def _end_fence(self) -> None:
        """The line may have closed the code. The one that opened it tells how long a fence that takes."""
        line = self._start.strip()
        if self._kind == "fence":
            self._kind = "text"
            info = line.lstrip(line[0])
            self._fence = "" if line[0] == "`" and "`" in info else line[: len(line) - len(info)]
        elif line.startswith(self._fence) and not line.strip(self._fence[0]):
            self._fence = ""

    def _put_pictures(self) -> None:
        if self._waiting:
            self._blocks += self._waiting
            self._waiting = []
            self._is_block_open = False

    def _put_held(self) -> None:
        """A block begins with a line that says something."""
        if self._is_block_open or self._held.strip():
            self._text_block().add_text(self._held)
            self._held = ""
        elif self._held.endswith("\n"):
            self._held = ""

    def _text_block(self) -> TextBlock:
        """The one that grows."""
        last = self._blocks[-1] if self._blocks else None
        if not self._is_block_open or not isinstance(last, TextBlock):
            last = TextBlock()
            self._blocks.append(last)
            self._is_block_open = True
        return last
