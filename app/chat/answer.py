"""An answer as it grows: engine events in, blocks to show out. No Qt, no clock of its own.

A block is a run of text or a tool call. Marked places stand inside the text where the model put them, numbered in order, so that
the number in the text and the number on the picture are the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from inference.events import (
    BoxFound,
    Event,
    Failed,
    Finished,
    ImageRef,
    Notice,
    Progress,
    ReasoningDelta,
    Started,
    TextDelta,
    ToolCall,
    ToolCallDelta,
)
from inference.types import Box, FinishReason, Timings, ToolUse, Usage

WHOLE_PICTURE = (0.0, 0.0, 1.0, 1.0)


class AnswerState(Enum):
    """Where an answer stands. The last three are final."""

    WAITING = auto()
    THINKING = auto()
    WRITING = auto()
    FINISHED = auto()
    STOPPED = auto()
    FAILED = auto()


FINAL_STATES = frozenset({AnswerState.FINISHED, AnswerState.STOPPED, AnswerState.FAILED})


@dataclass(frozen=True, slots=True)
class Reference:
    """A mention of a place in a picture.

    `number` counts from 1 within the answer; `picture_id` is None when the model named a picture that does not exist.
    """

    number: int
    box: Box
    picture_id: str | None


@dataclass(slots=True)
class TextBlock:
    """Markdown with references in it, in order; neighbouring text is one piece."""

    pieces: list[str | Reference] = field(default_factory=list)

    def add_text(self, text: str) -> None:
        """Append text, joined to the last piece when that is text."""
        if self.pieces and isinstance(self.pieces[-1], str):
            self.pieces[-1] += text
        elif text:
            self.pieces.append(text)

    def markdown(self) -> str:
        """The text with ``[1]`` for the first reference, and so on."""
        return "".join(piece if isinstance(piece, str) else f"[{piece.number}]" for piece in self.pieces)


@dataclass(slots=True)
class ToolBlock:
    """A tool call: its text while it arrives, the call once it is whole."""

    index: int
    raw: str = ""
    call: ToolUse | None = None


@dataclass(slots=True)
class PictureBlock:
    """A picture, or a part of one, that stands between paragraphs because the answer shows it.

    Attributes:
        references: the places that it shows, of one picture; their numbers stand in the text before it too.
        caption: the model's words under it; may be empty.
    """

    references: list[Reference]
    caption: str = ""


Block = TextBlock | PictureBlock | ToolBlock


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an answer ended early: a stable code and a sentence."""

    code: str
    message: str


class Answer:
    """The answer to one turn.

    Attributes:
        blocks, references: what to show, in order.
        reasoning, reasoning_s: the model's reasoning and how long it took so far, in seconds.
        progress: the latest report before the first token, None once text came.
        notices: what the engine wants known.
        said: the model's own words without reasoning and tool calls, byte for byte, for the next request.
        state, finish_reason, usage, timings, failure: how it stands and how it ended.
    """

    def __init__(
        self,
        picture_ids: Sequence[str] = (),
        latest_ids: Sequence[str] = (),
        clock: Callable[[], float] = time.monotonic,
        sent_as: Mapping[str, str] | None = None,
        names: Mapping[str, str] | None = None,
    ) -> None:
        """`picture_ids` are all pictures of the conversation, numbered from 1; `latest_ids` those the question is about.

        `sent_as` gives the picture for each id under which the engine got one, `names` for each name that the model was told.
        """
        self.blocks: list[Block] = []
        self.references: list[Reference] = []
        self.reasoning = ""
        self.reasoning_s = 0.0
        self.progress: Progress | None = None
        self.notices: list[Notice] = []
        self.said = ""
        self.state = AnswerState.WAITING
        self.finish_reason: FinishReason | None = None
        self.usage = Usage()
        self.timings = Timings()
        self.failure: Failure | None = None
        self._picture_ids = tuple(picture_ids)
        self._sent_as = dict(sent_as or {})
        self._names = {name.casefold(): picture_id for name, picture_id in (names or {}).items()}
        self._latest_ids = tuple(latest_ids) or self._picture_ids
        self._clock = clock
        self._thinking_since: float | None = None

    @property
    def is_final(self) -> bool:
        """Whether nothing more will come."""
        return self.state in FINAL_STATES

    def markdown(self) -> str:
        """What the user copies: the text with numbered references, tool calls left out."""
        return "\n\n".join(block.markdown().strip() for block in self.blocks if isinstance(block, TextBlock)).strip()

    def apply(self, event: Event) -> None:
        """Take one event in. After the last one, further events change nothing."""
        if self.is_final:
            return
        match event:
            case Progress():
                self.progress = event
            case Notice():
                self.notices.append(event)
            case ReasoningDelta():
                self._add_reasoning(event)
            case TextDelta() | BoxFound() | ImageRef():
                self._add_visible(event)
            case ToolCallDelta() | ToolCall():
                self._add_tool_call(event)
            case Finished():
                self._end_thinking()
                self.finish_reason, self.usage, self.timings = event.reason, event.usage, event.timings
                self._end(AnswerState.STOPPED if event.reason == "cancelled" else AnswerState.FINISHED)
            case Failed():
                self._end_thinking()
                self.failure = Failure(event.code, event.message)
                self._end(AnswerState.FAILED)
            case Started():
                pass

    def _add_reasoning(self, event: ReasoningDelta) -> None:
        now = self._clock()
        if self._thinking_since is None:
            self._thinking_since = now - self.reasoning_s
        self.reasoning += event.text
        self.reasoning_s = now - self._thinking_since
        self.progress = None
        self.state = AnswerState.THINKING

    def _add_visible(self, event: TextDelta | BoxFound | ImageRef) -> None:
        self.said += event.raw
        if isinstance(event, TextDelta):
            text = event.text if self.blocks else event.text.lstrip("\n")
            if not text.strip() and not self.blocks:
                return  # the line break between reasoning and answer is not yet an answer
            self._begin_writing()
            self._text_block().add_text(text)
        elif isinstance(event, BoxFound):
            self._begin_writing()
            self._refer(event.box, event.box.image_id)
        else:
            self._begin_writing()
            for box in event.boxes or (Box(None, *WHOLE_PICTURE, label=event.caption or None),):
                self._refer(box, event.target)

    def _add_tool_call(self, event: ToolCallDelta | ToolCall) -> None:
        self._begin_writing()
        last = self.blocks[-1] if self.blocks else None
        if isinstance(event, ToolCallDelta):
            if not isinstance(last, ToolBlock) or last.index != event.index:
                last = ToolBlock(event.index)
                self.blocks.append(last)
            last.raw += event.raw
        elif isinstance(last, ToolBlock) and last.call is None:
            last.call = event.call
        else:
            self.blocks.append(ToolBlock(len(self.blocks), event.raw, event.call))

    def _refer(self, box: Box, target: str | None) -> None:
        reference = Reference(len(self.references) + 1, box, self._resolve(target))
        self.references.append(reference)
        self._text_block().pieces.append(reference)

    def _resolve(self, target: str | None) -> str | None:
        """The picture meant by an id, by a number from 1, or by nothing: then the first that the question is about."""
        if target is None:
            return self._latest_ids[0] if self._latest_ids else None
        target = self._sent_as.get(target, target)
        if target in self._picture_ids:
            return target
        if target.casefold() in self._names:
            return self._names[target.casefold()]
        if target.isdecimal() and 1 <= int(target) <= len(self._picture_ids):
            return self._picture_ids[int(target) - 1]
        return None

    def _text_block(self) -> TextBlock:
        if not self.blocks or not isinstance(self.blocks[-1], TextBlock):
            self.blocks.append(TextBlock())
        block = self.blocks[-1]
        assert isinstance(block, TextBlock)
        return block

    def _begin_writing(self) -> None:
        self._end_thinking()
        self.progress = None
        self.state = AnswerState.WRITING

    def _end_thinking(self) -> None:
        if self._thinking_since is not None:
            self.reasoning_s = self._clock() - self._thinking_since
            self._thinking_since = None

    def _end(self, state: AnswerState) -> None:
        self.progress = None
        self.state = state
