"""From a conversation to what an engine is asked: the one translator between `ingest` and `inference`.

Pictures go before the words of their turn and are sent whole, stretched evenly, so that a box, which is a fraction of what was
sent, is the same fraction of the original.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import TypedDict, Unpack

from app.chat.parts import Part, Shown, Written
from app.chat.session import Turn
from inference.types import ImagePart, Message, Request, SamplingParams, TextPart
from inference.types import Part as InputPart


class Limits(TypedDict, total=False):
    """Fields of `Request` that are handed through as they are."""

    thinking_budget: int | None
    max_tokens: int | None
    grammar: str | None
    keep_on_disk: bool


def build_request(
    earlier: Sequence[Turn],
    question: str,
    parts: Sequence[Part],
    *,
    thinking: bool = False,
    system: str | None = None,
    sampling: SamplingParams | None = None,
    **limits: Unpack[Limits],
) -> Request:
    """What to ask, given the turns before. With an empty question it is the request to prepare while the user types.

    A turn that got no answer, because it failed or was stopped, is left out; what was attached to it moves to the next question.
    """
    messages = [Message.text("system", system)] if system else []
    carried: list[Part] = []
    for turn in earlier:
        if turn.is_answered:
            messages.append(_user_message([*carried, *turn.parts], turn.question))
            messages.append(Message.text("assistant", turn.answer.said))
            carried = []
        else:
            carried.extend(turn.parts)
    messages.append(_user_message([*carried, *parts], question))
    return Request(tuple(messages), sampling=sampling or SamplingParams(), thinking=thinking, **limits)


def image_part(shown: Shown) -> ImagePart:
    """A picture as an engine takes it, at the size that was planned. Equal ids promise equal pixels."""
    picture, size = shown.picture, (shown.width, shown.height)
    return ImagePart(shown.sent_id, *size, lambda: picture.render(*size).rgb)


def _user_message(parts: Sequence[Part], text: str) -> Message:
    """Pictures and pages in order, each once, then the words."""
    said: list[str | ImagePart] = []
    once = {part.picture.id: part for part in parts}
    for video, group in itertools.groupby(once.values(), key=_video_of):
        neighbours = list(group)
        said += _frames([part for part in neighbours if isinstance(part, Shown)]) if video else _pages(neighbours)
    return Message("user", tuple(_joined([*said, text])))


def _video_of(part: Part) -> str:
    """The video that a frame belongs to; empty for everything else."""
    return part.place.source.id if isinstance(part, Shown) and part.time_s is not None and part.place else ""


def _pages(parts: Iterable[Part]) -> Iterator[str | ImagePart]:
    """Pages with their names, as the model was taught: "Page 1:", the picture, and so on. Plain pictures have no name."""
    for part in parts:
        if part.name:
            yield f"{part.name}:\n"
        yield image_part(part) if isinstance(part, Shown) else part.text.strip("\n")
        if part.name or isinstance(part, Written):
            yield "\n"


def _frames(frames: Sequence[Shown]) -> Iterator[str | ImagePart]:
    """A video as the model was taught: each frame, then its time (transformers glm46v processor)."""
    yield "<|begin_of_video|>"
    for frame in frames:
        yield image_part(frame)
        yield f"{frame.time_s:.1f} seconds"
    yield "<|end_of_video|>"


def _joined(pieces: Iterable[str | ImagePart]) -> Iterator[InputPart]:
    """Neighbouring texts as one part."""
    for is_text, group in itertools.groupby(pieces, key=lambda piece: isinstance(piece, str)):
        if is_text:
            yield TextPart("".join(str(piece) for piece in group))
        else:
            yield from (piece for piece in group if isinstance(piece, ImagePart))
