"""Value types of a question and its answer, shared by every engine.

All are frozen; none imports Qt, Pillow or llama.cpp. Pictures are named by an id everywhere and carry a way to get their
pixels rather than the pixels themselves, so that a picture an engine already knows is neither decoded nor copied.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Role = Literal["system", "user", "assistant", "tool"]
LinkKind = Literal["image", "video", "file"]
FinishReason = Literal["stop", "length", "tool_calls", "cancelled"]


@dataclass(frozen=True, slots=True)
class TextPart:
    """A run of text inside a message."""

    text: str


@dataclass(frozen=True, slots=True)
class ImagePart:
    """A picture inside a message.

    Attributes:
        id: names these exact pixels; equal ids promise equal pixels (engines cache by it).
        width, height: size in pixels of what `read_rgb` returns.
        read_rgb: returns ``width * height * 3`` bytes, RGB, 8 bit, row by row from the top. Called at most once per
            request and only when an engine has no encoding of this picture; may be called from any thread.
    """

    id: str
    width: int
    height: int
    read_rgb: Callable[[], bytes] = field(repr=False, compare=False)

    @classmethod
    def from_rgb(cls, width: int, height: int, rgb: bytes) -> ImagePart:
        """A part holding the given pixels, with their SHA-256 as id. Raises ValueError when the length is wrong."""
        if width <= 0 or height <= 0 or len(rgb) != width * height * 3:
            raise ValueError(f"{len(rgb)} bytes are not {width} x {height} RGB pixels")
        digest = hashlib.sha256(b"%d %d " % (width, height) + rgb).hexdigest()
        return cls(digest, width, height, lambda: rgb)


@dataclass(frozen=True, slots=True)
class LinkPart:
    """Something that lies on the web, fetched by the server that answers and never by this program.

    Attributes:
        kind: `file` is a document.
        url: an http or https address, which the user wrote.
    """

    kind: LinkKind
    url: str


Part = TextPart | ImagePart | LinkPart


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool the model may call. `parameters` is a JSON schema of an object."""

    name: str
    description: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A call the model made: the tool's name and its arguments as JSON values."""

    id: str
    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn. A `tool` message answers the call named by `tool_call_id`; it may hold pictures too.

    `reasoning` is what an assistant thought before its tool calls; the model wants it back with their results.
    """

    role: Role
    parts: tuple[Part, ...]
    tool_calls: tuple[ToolUse, ...] = ()
    tool_call_id: str | None = None
    reasoning: str = ""

    @classmethod
    def text(cls, role: Role, text: str) -> Message:
        """A message of one run of text."""
        return cls(role, (TextPart(text),))


@dataclass(frozen=True, slots=True)
class SamplingParams:
    """How the next token is chosen. The defaults are the model card's for GLM-4.6V.

    `temperature` 0 takes the most likely token and turns every other choice here off, so that the answer is the same each time.
    `repeat_penalty` weighs down the last 64 generated tokens; 1 is off. `seed` None draws one.
    """

    temperature: float = 0.8
    top_p: float = 0.6
    top_k: int = 2
    repeat_penalty: float = 1.1
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """All that an engine needs for one answer.

    Attributes:
        messages: the conversation, oldest first; the last is the user's question or a tool result.
        tools: what the model may call.
        thinking: whether the model reasons before it answers.
        thinking_budget: most tokens of reasoning; when used up, the engine closes the reasoning itself. None: no limit.
        max_tokens: most tokens of output, reasoning included. None: as many as the context has room for.
        grammar: GBNF that constrains the answer (not the reasoning).
        keep_on_disk: whether the engine may keep encodings and KV state of this conversation on disk.
    """

    messages: tuple[Message, ...]
    tools: tuple[ToolSpec, ...] = ()
    sampling: SamplingParams = field(default_factory=SamplingParams)
    thinking: bool = False
    thinking_budget: int | None = None
    max_tokens: int | None = None
    grammar: str | None = None
    keep_on_disk: bool = True

    def images(self) -> tuple[ImagePart, ...]:
        """Every picture of the conversation in order of appearance, repeats included."""
        return tuple(part for message in self.messages for part in message.parts if isinstance(part, ImagePart))


@dataclass(frozen=True, slots=True)
class Box:
    """A marked place in a picture, as fractions 0..1 of the picture as sent, origin top left.

    `x0 <= x1` and `y0 <= y1`; a point has both pairs equal. `image_id` is None when the model named no picture,
    else its id, or, where there are several, the name or number that the model wrote.
    `time_s` is set for a place in a video. `polygon` holds the corners when the model gave more than a box.
    """

    image_id: str | None
    x0: float
    y0: float
    x1: float
    y1: float
    label: str | None = None
    time_s: float | None = None
    polygon: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one answer. `cached_tokens` of `prompt_tokens` needed no evaluation; `image_tokens` are those of pictures."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    image_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Timings:
    """How long one answer took. `load_ms` is 0 when the model was loaded before; times run from the request's arrival."""

    load_ms: float = 0.0
    encode_ms: float = 0.0
    time_to_first_token_ms: float = 0.0
    decode_tokens_per_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine is and can take.

    `host` is None on this computer, else the name of the remote host that receives what is asked, with its port where one is
    named. `picture_tokens_max` is the most that a picture may take, None when unknown; `pictures_max` the most pictures of a
    request. `links` are the kinds of `LinkPart` that it takes. `keeps_reasoning` when it wants the reasoning of earlier answers
    back.
    """

    model_name: str
    host: str | None = None
    vision: bool = True
    thinking: bool = True
    tools: bool = True
    grammar: bool = True
    context_tokens: int | None = None
    picture_tokens_max: int | None = None
    pictures_max: int | None = None
    links: frozenset[LinkKind] = frozenset()
    keeps_reasoning: bool = False
