"""An answer as it grows: engine events in, blocks to show out. No Qt, no clock of its own.

A block is a run of text, a picture or a tool call. Marked places stand inside the text where the model put them, numbered in
order, so that the number in the text and the number on the picture are the same; a picture that the model wants shown follows the
paragraph that mentions it. Blocks are only ever added, and only the last one grows, however the events were split.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from app.chat.blocks import LOST, Block, PictureBlock, Reference, TextBlock, ToolBlock
from app.chat.flow import Flow
from app.chat.names import PictureNames
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
from inference.grounding import SCALE
from inference.types import Box, FinishReason, Timings, Usage

__all__ = [
    "FINAL_STATES",
    "Answer",
    "AnswerState",
    "Block",
    "Failure",
    "PictureBlock",
    "Reference",
    "TextBlock",
    "ToolBlock",
]

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
class Failure:
    """Why an answer ended early: a stable code and a sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class KnownPictures:
    """What an answer can point at.

    Attributes:
        picture_ids: all pictures of the conversation, numbered from 1.
        latest_ids: those that the question is about.
        sent_as: the picture for each id under which the engine got one.
        names: the picture for each name by which it may be called.
    """

    picture_ids: tuple[str, ...]
    latest_ids: tuple[str, ...]
    sent_as: Mapping[str, str]
    names: Mapping[str, str]


class Answer:
    """The answer to one turn.

    Attributes:
        blocks: what to show, in order.
        references: each marked place once, in the order of their first mention.
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
        look_up: Callable[[], KnownPictures] | None = None,
    ) -> None:
        """The first arguments are those of `KnownPictures`; `look_up` gives them when the answer first points at something."""
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
        known = KnownPictures(tuple(picture_ids), tuple(latest_ids), sent_as or {}, names or {})
        self._look_up = look_up or (lambda: known)
        self._unnoted: list[str] = []
        self._numbered: dict[tuple[object, ...], Reference] = {}
        self._lost_count = 0
        self._shown: set[tuple[int, ...]] = set()
        self._flow = Flow(self.blocks)
        self._clock = clock
        self._thinking_since: float | None = None

    @functools.cached_property
    def _pictures(self) -> PictureNames:
        """What the pictures are called, learnt when that is first needed: most answers of a long conversation only talk."""
        known = self._look_up()
        pictures = PictureNames(known.picture_ids, known.latest_ids, known.sent_as, known.names)
        pictures.note("".join(self._unnoted))
        self._unnoted.clear()
        return pictures

    @property
    def is_final(self) -> bool:
        """Whether nothing more will come."""
        return self.state in FINAL_STATES

    def markdown(self) -> str:
        """What the user copies: the text with numbered references, pictures by their names, tool calls left out."""
        parts = []
        has_pictures = any(isinstance(block, PictureBlock) for block in self.blocks)
        names = {picture_id: name for name, picture_id in self._look_up().names.items()} if has_pictures else {}
        for block in self.blocks:
            if isinstance(block, TextBlock):
                parts.append(block.markdown().strip())
            elif isinstance(block, PictureBlock):
                name = names.get(block.references[0].picture_id or "", "")
                parts.append(f"![{block.caption}]({name})" if name else block.caption)
        return "\n\n".join(filter(None, parts))

    def apply(self, event: Event) -> None:
        """Take one event in. After the last one, further events change nothing."""
        if self.is_final:
            return
        match event:
            case Progress():
                self.progress = event
            case Notice():
                self.notices.append(event)
                self.progress = None  # what goes on now is what it says
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
                self.failure, self.usage = Failure(event.code, event.message), event.usage
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
            if "_pictures" in self.__dict__:
                self._pictures.note(event.text)
            else:
                self._unnoted.append(event.text)
            if event.text.strip() or self.blocks:  # the line break between reasoning and answer is not yet an answer
                self._begin_writing()
            self._flow.add_text(event.text)
            return
        self._begin_writing()
        if isinstance(event, BoxFound):
            self._flow.add_reference(self._reference(event.box, self._picture_of(event.box), event.box.label or ""))
        else:
            self._add_picture(event)

    def _add_picture(self, event: ImageRef) -> None:
        """The places in the text, and the picture after the paragraph, unless just that has been shown before."""
        picture_id = self._pictures.find(event.target)
        self._pictures.note_picture(picture_id)
        whole = Box(event.target, *WHOLE_PICTURE, label=event.caption or None)
        if picture_id is None:
            self._flow.add_reference(self._reference(whole, None, event.caption if "_ref>" in event.raw else event.raw))
            return
        references = [self._reference(box, picture_id, event.caption) for box in event.boxes or (whole,)]
        for reference in references:
            self._flow.add_reference(reference)
        numbers = tuple(reference.number for reference in references)
        if numbers not in self._shown:
            self._shown.add(numbers)
            self._flow.add_picture(PictureBlock(references, event.caption))

    def _add_tool_call(self, event: ToolCallDelta | ToolCall) -> None:
        self._begin_writing()
        self._flow.break_off()
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

    def _reference(self, box: Box, picture_id: str | None, text: str) -> Reference:
        """The one for this place; a new one with the next number when it was not mentioned before."""
        place = [round(edge * SCALE) for edge in (box.x0, box.y0, box.x1, box.y1)]
        text = text or f"[{', '.join(map(str, place))}]"
        key = (picture_id or (box.image_id, text), *place, box.time_s, box.polygon)
        if key not in self._numbered:
            is_lost = picture_id is None
            number = LOST + self._lost_count if is_lost else len(self.references) - self._lost_count + 1
            self._lost_count += is_lost
            self._numbered[key] = Reference(number, box, picture_id, text)
            self.references.append(self._numbered[key])
        return self._numbered[key]

    def _picture_of(self, box: Box) -> str | None:
        """The picture that a box names; else the frame at its time, or the picture that the answer named last."""
        if box.image_id is not None:
            named = self._pictures.find(box.image_id)
            self._pictures.note_picture(named)
            return named
        at_its_time = self._pictures.at_time(box.time_s) if box.time_s is not None else None
        return at_its_time or self._pictures.current()

    def _begin_writing(self) -> None:
        self._end_thinking()
        self.progress = None
        self.state = AnswerState.WRITING

    def _end_thinking(self) -> None:
        if self._thinking_since is not None:
            self.reasoning_s = self._clock() - self._thinking_since
            self._thinking_since = None

    def _end(self, state: AnswerState) -> None:
        self._flow.break_off()
        self.progress = None
        self.state = state
