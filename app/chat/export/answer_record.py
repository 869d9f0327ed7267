"""An answer as events that make the same answer again when they are played.

An answer keeps what to show, not how it came. Its events can be found again from that: text and places stand in its blocks in the
order in which they came, and a picture was asked for where its numbers stand in the text before it. Played for the same
question after the same turns, they give the same blocks, references, words, reasoning and end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.chat.answer import WHOLE_PICTURE, Answer, Block, PictureBlock, Reference, TextBlock, ToolBlock
from app.chat.flow import Flow
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
from inference.grounding import SCALE

Piece = str | Reference | PictureBlock


def events_of(answer: Answer) -> list[Event]:
    """The events. `reasoning_s`, which a clock measured, is not in them."""
    events: list[Event] = list(answer.notices)
    if answer.reasoning:
        events.append(ReasoningDelta(answer.reasoning, answer.reasoning))
    text = _Text(answer.said)
    for index, block in enumerate(answer.blocks):
        if isinstance(block, TextBlock):
            events += text.events(block, answer.blocks[index + 1 :])
        elif isinstance(block, ToolBlock):
            events += _tool_events(block, index, answer.blocks[index - 1] if index else None)
    events += text.rest()
    if answer.failure is not None:
        events.append(Failed(answer.failure.code, answer.failure.message, answer.usage))
    elif answer.finish_reason is not None:
        events.append(Finished(answer.finish_reason, answer.usage, answer.timings))
    return events


class _Text:
    """Tells the text of an answer again. The model's own words go to the events that need just theirs, and the rest to the last."""

    def __init__(self, said: str) -> None:
        self._said = said
        self._position = 0
        self._mentioned: set[int] = set()

    def events(self, block: TextBlock, following: Sequence[Block]) -> Iterator[Event]:
        """Those of a block, with the pictures that follow it."""
        for piece in _with_pictures(block.pieces, following):
            if isinstance(piece, str):
                yield TextDelta(piece, "")
            elif isinstance(piece, PictureBlock):
                self._mentioned |= {reference.number for reference in piece.references}
                boxes = tuple(reference.box for reference in piece.references)
                yield ImageRef(piece.references[0].picture_id or "", boxes, piece.caption, "")
            else:
                yield from self._mention(piece)

    def rest(self) -> list[Event]:
        """The model's words that no event needed."""
        return [TextDelta("", self._said[self._position :])] if self._position < len(self._said) else []

    def _mention(self, reference: Reference) -> Iterator[Event]:
        lost = _lost_picture(reference)
        start = self._said.find(reference.text, self._position) if lost else -1
        if lost is not None and start >= 0:
            yield TextDelta("", self._said[self._position : start])
            yield lost
            self._position = start + len(reference.text)
        elif reference.number in self._mentioned and reference.picture_id is not None:
            yield BoxFound(replace(reference.box, image_id=reference.picture_id), "")
        else:
            self._mentioned.add(reference.number)
            yield BoxFound(reference.box, "")


def _with_pictures(pieces: Sequence[str | Reference], following: Sequence[Block]) -> list[Piece]:
    """The pieces, with the pictures that follow their block in the place of the numbers that brought them."""
    shown = [block for block in following[: _count_pictures(following)] if isinstance(block, PictureBlock)]
    out: list[Piece] = []
    end = len(pieces)
    for picture in reversed(shown):
        start = _place_of(picture, pieces[:end])
        if start is not None:
            out = [picture, *pieces[start + len(picture.references) : end], *out]
            end = start
    return [*pieces[:end], *out]


def _place_of(picture: PictureBlock, pieces: Sequence[str | Reference]) -> int | None:
    """Where a picture was asked for, of all the places with its numbers.

    It is the first from which it would come where it is, and that gives the places their words; whatever has the same numbers
    later brings no picture.
    """
    length = len(picture.references)
    runs = [start for start in range(len(pieces) - length + 1) if list(pieces[start : start + length]) == picture.references]
    if len(runs) > 1 and all(reference.text == (picture.caption or _box_words(reference)) for reference in picture.references):
        return next((start for start in runs[:-1] if _waits(picture, pieces, start)), runs[-1])
    return runs[-1] if runs else None


def _box_words(reference: Reference) -> str:
    """What a place is called for which there are no words."""
    box = reference.box
    return f"[{', '.join(str(round(edge * SCALE)) for edge in (box.x0, box.y0, box.x1, box.y1))}]"


def _waits(picture: PictureBlock, pieces: Sequence[str | Reference], start: int) -> bool:
    """Whether a picture that is asked for there comes after all of the pieces."""
    blocks: list[Block] = []
    flow = Flow(blocks)
    for index, piece in enumerate(pieces):
        if isinstance(piece, str):
            flow.add_text(piece)
        else:
            flow.add_reference(piece)
        if index == start + len(picture.references) - 1:
            flow.add_picture(picture)
    return not any(isinstance(block, PictureBlock) for block in blocks[:-1])


def _count_pictures(blocks: Sequence[Block]) -> int:
    return next((index for index, block in enumerate(blocks) if not isinstance(block, PictureBlock)), len(blocks))


def _lost_picture(reference: Reference) -> ImageRef | None:
    """The event that mentioned a picture that does not exist as a picture of Markdown, of which the source is shown."""
    box = reference.box
    is_whole = (box.x0, box.y0, box.x1, box.y1) == WHOLE_PICTURE
    if reference.picture_id is not None or not is_whole or box.image_id is None or reference.text == box.label:
        return None
    return ImageRef(box.image_id, (), box.label or "", reference.text)


def _tool_events(block: ToolBlock, index: int, before: Block | None) -> Iterator[Event]:
    """A call that came whole has its place as its index; one that followed an open call would be taken for the end of that."""
    if block.call is None or block.index != index or (isinstance(before, ToolBlock) and before.call is None):
        yield ToolCallDelta(block.index, block.raw)
    if block.call is not None:
        yield ToolCall(block.call, block.raw)
