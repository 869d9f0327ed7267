"""From a conversation to what an engine is asked: the one translator between `ingest` and `inference`.

Pictures go before the words of their turn and are sent whole, so that a box, which is a fraction of what was sent, is the same
fraction of the original.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict, Unpack

from app.chat.session import Turn
from inference.types import ImagePart, Message, Part, Request, SamplingParams, TextPart
from ingest.types import Picture


class Limits(TypedDict, total=False):
    """Fields of `Request` that are handed through as they are."""

    thinking_budget: int | None
    max_tokens: int | None
    grammar: str | None
    keep_on_disk: bool


def build_request(
    earlier: Sequence[Turn],
    question: str,
    pictures: Sequence[Picture],
    *,
    thinking: bool = False,
    system: str | None = None,
    sampling: SamplingParams | None = None,
    **limits: Unpack[Limits],
) -> Request:
    """What to ask, given the turns before. With an empty question it is the request to prepare while the user types.

    A turn that got no answer, because it failed or was stopped, is left out; its pictures move to the next question.
    """
    messages = [Message.text("system", system)] if system else []
    carried: list[Picture] = []
    for turn in earlier:
        if turn.is_answered:
            messages.append(_user_message([*carried, *turn.pictures], turn.question))
            messages.append(Message.text("assistant", turn.answer.said))
            carried = []
        else:
            carried.extend(turn.pictures)
    messages.append(_user_message([*carried, *pictures], question))
    return Request(tuple(messages), sampling=sampling or SamplingParams(), thinking=thinking, **limits)


def image_part(picture: Picture) -> ImagePart:
    """The picture as an engine takes it. The hash of the file stands for its pixels: equal files decode to equal pixels."""
    return ImagePart(picture.id, picture.width, picture.height, picture.read_rgb)


def _user_message(pictures: Sequence[Picture], text: str) -> Message:
    once = {picture.id: picture for picture in pictures}
    parts: list[Part] = [image_part(picture) for picture in once.values()]
    return Message("user", (*parts, TextPart(text)))
