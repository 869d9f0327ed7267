"""An answer as events that make the same answer again when they are played.

An answer keeps what to show, not how it came. Its events can be found again from that: text and places stand in its blocks in the
order in which they came, and a picture was asked for where its numbers stand in the text before it. Played for the same
question after the same turns, they give the same blocks, references, words, reasoning and end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.chat.answer import WHOLE_PICTURE, Answer, Block, PictureBlock, Reference, TextBlock, ToolBlock
from inference.events import (
    BoxFound,
    Event,
    Failed,
    Finished,
    ImageRef,
    ReasoningDelta,
    TextDelta,
    ToolCall,
    ToolCallDelta,
)

Piece = str | Reference | PictureBlock


def events_of(answer: Answer) -> list[Event]:
    """The events. `reasoning_s`, which a clock measured, is not in them."""
    events: list[Event] = list(answer.notices)
    if answer.reasoning:
        events.append(ReasoningDelta(answer.reasoning, answer.reasoning))
    words = _Words(answer.said)
    for index, block in enumerate(answer.blocks):
        if isinstance(block, TextBlock):
            events += _text_events(block, answer.blocks[index + 1 :], words)
        elif isinstance(block, ToolBlock):
            events += _tool_events(block, index)
    if rest := words.rest():
        events.append(TextDelta("", rest))
    if answer.failure is not None:
        events.append(Failed(answer.failure.code, answer.failure.message))
    elif answer.finish_reason is not None:
        events.append(Finished(answer.finish_reason, answer.usage, answer.timings))
    return events


class _Words:
    """The model's own words, given out in order to the events that need just theirs; what is left goes to the last."""

    def __init__(self, said: str) -> None:
        self._said = said
        self._position = 0

    def up_to(self, raw: str) -> str | None:
        """Those before `raw`, which is given out too; None when they do not have it."""
        start = self._said.find(raw, self._position) if raw else -1
        if start < 0:
            return None
        before, self._position = self._said[self._position : start], start + len(raw)
        return before

    def rest(self) -> str:
        """All that were not given out."""
        return self._said[self._position :]


def _text_events(block: TextBlock, following: Sequence[Block], words: _Words) -> Iterator[Event]:
    for piece in _with_pictures(block.pieces, following):
        if isinstance(piece, str):
            yield TextDelta(piece, "")
        elif isinstance(piece, PictureBlock):
            boxes = tuple(reference.box for reference in piece.references)
            yield ImageRef(piece.references[0].picture_id or "", boxes, piece.caption, "")
        elif (lost := _lost_picture(piece)) and (before := words.up_to(piece.text)) is not None:
            yield TextDelta("", before)
            yield lost
        else:
            yield BoxFound(piece.box, "")


def _with_pictures(pieces: Sequence[str | Reference], following: Sequence[Block]) -> list[Piece]:
    """The pieces, with the pictures that follow their block in the place of the numbers that brought them.

    A picture comes at the end of its paragraph, so that of several places with its numbers it is the last.
    """
    shown = [block for block in following[: _count_pictures(following)] if isinstance(block, PictureBlock)]
    out: list[Piece] = []
    end = len(pieces)
    for picture in reversed(shown):
        length = len(picture.references)
        runs = (start for start in range(end - length, -1, -1) if list(pieces[start : start + length]) == picture.references)
        start = next(runs, None)
        if start is not None:
            out = [picture, *pieces[start + length : end], *out]
            end = start
    return [*pieces[:end], *out]


def _count_pictures(blocks: Sequence[Block]) -> int:
    return next((index for index, block in enumerate(blocks) if not isinstance(block, PictureBlock)), len(blocks))


def _lost_picture(reference: Reference) -> ImageRef | None:
    """The event that mentioned a picture that does not exist as a picture of Markdown, of which the source is shown."""
    box = reference.box
    is_whole = (box.x0, box.y0, box.x1, box.y1) == WHOLE_PICTURE
    if reference.picture_id is not None or not is_whole or box.image_id is None or reference.text == box.label:
        return None
    return ImageRef(box.image_id, (), box.label or "", reference.text)


def _tool_events(block: ToolBlock, index: int) -> Iterator[Event]:
    if block.call is None or block.index != index:
        yield ToolCallDelta(block.index, block.raw)
    if block.call is not None:
        yield ToolCall(block.call, block.raw)
