"""What an engine reports while it answers, in order. `Finished` or `Failed` is always the last event, and comes exactly once.

Every event that stems from the model's text has `raw`: the joined `raw` of an answer is the model's output, byte for byte.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from inference.types import Box, FinishReason, Timings, ToolUse, Usage

Phase = Literal["queued", "loading", "encoding", "prefill"]


@dataclass(frozen=True, slots=True)
class Started:
    """The engine took the request up. `prompt_tokens` of which `cached_tokens` need no work."""

    prompt_tokens: int
    cached_tokens: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Work before the first token. `queued`: `done` requests are ahead. Else `done` of `total` units of the phase."""

    phase: Phase
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Notice:
    """What the user should know and does not stop the answer, such as fewer layers on the GPU: a stable `code` and a sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class TextDelta:
    """Visible text of the answer. `text` lacks markers; it may be empty when `raw` is not."""

    text: str
    raw: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """Text of the model's reasoning."""

    text: str
    raw: str


@dataclass(frozen=True, slots=True)
class BoxFound:
    """A marked place. It stands in the answer where the event comes; several in a row share the first one's `raw`."""

    box: Box
    raw: str


@dataclass(frozen=True, slots=True)
class ImageRef:
    """The answer refers to a picture: the model's number for it (from 1) or the id it wrote, the marked places, the caption."""

    target: str
    boxes: tuple[Box, ...]
    caption: str
    raw: str
    kind: Literal["image", "table"] = "image"


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """A part of a tool call's text as it arrives, for display; `ToolCall` follows when it is whole."""

    index: int
    raw: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A whole tool call."""

    call: ToolUse
    raw: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The answer is complete, or was stopped by the user or a limit."""

    reason: FinishReason
    usage: Usage = field(default_factory=Usage)
    timings: Timings = field(default_factory=Timings)


@dataclass(frozen=True, slots=True)
class Failed:
    """The answer ended by a fault; what came before stays valid. `code` is stable, `message` a sentence for the user.

    `usage` is what was used all the same, as far as it is known.
    """

    code: str
    message: str
    usage: Usage = field(default_factory=Usage)


Event = (
    Started | Progress | Notice | TextDelta | ReasoningDelta | BoxFound | ImageRef | ToolCallDelta | ToolCall | Finished | Failed
)
