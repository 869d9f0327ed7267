"""From a conversation to what an engine is asked: the one translator between `ingest` and `inference`.

Pictures go before the words of their turn and are sent whole, stretched evenly, so that a box, which is a fraction of what was
sent, is the same fraction of the original.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypedDict, Unpack

from app.chat.parts import Part, Reduction, Shown, Written
from app.chat.prompts import PromptLanguage
from app.chat.session import Turn
from inference.types import Capabilities, ImagePart, LinkPart, Message, Request, SamplingParams, TextPart
from inference.types import Part as InputPart

NOT_SENT = "(not shown)"
"""In place of a picture that is only named."""


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
    naming: PromptLanguage | None = None,
    sampling: SamplingParams | None = None,
    capabilities: Capabilities | None = None,
    links: Sequence[LinkPart] = (),
    **limits: Unpack[Limits],
) -> Request:
    """What to ask, given the turns before. With an empty question it is the request to prepare while the user types.

    A turn that got no answer, because it failed or was stopped, is left out; what was attached to it moves to the next question.
    With `naming`, every picture is called by its number, in that language, and by its full name if it has one; the numbers are
    those by which an `Answer` knows it. Of more pictures than a model with these `capabilities` takes, the earliest are only named,
    as `earlier_left_out` tells; one that keeps reasoning gets that of earlier answers back. `links` go before everything else.
    """
    answered, along = _along(earlier, parts)
    names = _Names(earlier, parts, naming, _left_out_count(along, capabilities))
    keeps_reasoning = capabilities is not None and capabilities.keeps_reasoning
    messages = [Message.text("system", system)] if system else []
    for turn, sent in zip(answered, along, strict=False):
        messages.append(_user_message(sent, turn.question, names))
        reasoning = turn.answer.reasoning if keeps_reasoning else ""
        messages.append(Message("assistant", (TextPart(turn.answer.said),), reasoning=reasoning))
    last = _user_message(along[-1], question, names)
    messages.append(replace(last, parts=(*links, *last.parts)))
    return Request(tuple(messages), sampling=sampling or SamplingParams(), thinking=thinking, **limits)


def earlier_left_out(earlier: Sequence[Turn], parts: Sequence[Part], capabilities: Capabilities) -> tuple[Reduction, ...]:
    """What has to be said when not all pictures of a conversation can be sent to this model; `parts` are those of the question."""
    _answered, along = _along(earlier, parts)
    count = _left_out_count(along, capabilities)
    total = sum(map(_picture_count, along))
    return (Reduction("earlier_left_out", "", total - count, total),) if count else ()


def image_part(shown: Shown) -> ImagePart:
    """A picture as an engine takes it, at the size that was planned. Equal ids promise equal pixels."""
    picture, size = shown.picture, (shown.width, shown.height)
    return ImagePart(shown.sent_id, *size, lambda: picture.render(*size).rgb)


def _along(earlier: Sequence[Turn], parts: Sequence[Part]) -> tuple[list[Turn], list[list[Part]]]:
    """The answered turns, and what goes along with each and with the new question: every part once."""
    answered, along, carried = [turn for turn in earlier if turn.is_answered], [], dict[str, Part]()
    for turn in earlier:
        carried |= {part.picture.id: part for part in turn.parts}
        if turn.is_answered:
            along.append(list(carried.values()))
            carried = {}
    carried |= {part.picture.id: part for part in parts}
    return answered, [*along, list(carried.values())]


def _picture_count(parts: Sequence[Part]) -> int:
    return sum(isinstance(part, Shown) for part in parts)


def _left_out_count(along: Sequence[Sequence[Part]], capabilities: Capabilities | None) -> int:
    if capabilities is None:
        return 0
    most = capabilities.pictures_max if capabilities.vision else 0
    return 0 if most is None else max(0, sum(map(_picture_count, along)) - most)


class _Names:
    """What each part is called in a conversation; the first `left_out` pictures are named and not sent."""

    def __init__(self, earlier: Sequence[Turn], parts: Sequence[Part], language: PromptLanguage | None, left_out: int) -> None:
        self._word = {"en": "Image ", "zh_CN": "图 "}[language] if language else ""
        self._colon = "：" if language == "zh_CN" else ": "
        shown = (part for part in [*(part for turn in earlier for part in turn.parts), *parts] if isinstance(part, Shown))
        self._numbers = {id: number for number, id in enumerate(dict.fromkeys(part.sent_id for part in shown), start=1)}
        self._left_out = left_out

    def sends_next(self) -> bool:
        """Whether the next picture is sent; to be asked once for each, in order."""
        is_sent = self._left_out == 0
        self._left_out -= not is_sent
        return is_sent

    def of(self, part: Part) -> str:
        """For a picture or a page; empty for a plain picture that needs no name."""
        if not self._word:
            return part.name
        full = part.place.name if part.place is not None and part.name else part.name
        if isinstance(part, Written) and part.name.startswith(full):
            return part.name
        return self._numbered(self._numbers[part.sent_id], full) if isinstance(part, Shown) else full

    def of_video(self, frames: Sequence[Shown]) -> str:
        """For all frames together; each is told by its time."""
        first, last = self._numbers[frames[0].sent_id], self._numbers[frames[-1].sent_id]
        place = frames[0].place
        name = place.source.name if place is not None else ""
        return self._numbered(first if first == last else f"{first}-{last}", name) if self._word else ""

    def _numbered(self, number: int | str, name: str) -> str:
        return f"{self._word}{number}{self._colon}{name}" if name else f"{self._word}{number}"


def _user_message(parts: Sequence[Part], text: str, names: _Names) -> Message:
    """Pictures and pages in order, then the words."""
    said: list[str | ImagePart] = []
    for video, group in itertools.groupby(parts, key=_video_of):
        neighbours = list(group)
        said += _frames([part for part in neighbours if isinstance(part, Shown)], names) if video else _pages(neighbours, names)
    return Message("user", tuple(_joined([*said, text])))


def _video_of(part: Part) -> str:
    """The video that a frame belongs to; empty for everything else."""
    return part.place.source.id if isinstance(part, Shown) and part.time_s is not None and part.place else ""


def _pages(parts: Iterable[Part], names: _Names) -> Iterator[str | ImagePart]:
    """Pages with their names, as the model was taught: "Page 1:", the picture, and so on."""
    for part in parts:
        name = names.of(part)
        if name:
            yield f"{name}:\n"
        if isinstance(part, Shown):
            yield image_part(part) if names.sends_next() else NOT_SENT
        else:
            yield part.text.strip("\n")
        if name or isinstance(part, Written):
            yield "\n"


def _frames(frames: Sequence[Shown], names: _Names) -> Iterator[str | ImagePart]:
    """A video as the model was taught: each frame, then its time (transformers glm46v processor)."""
    if name := names.of_video(frames):
        yield f"{name}:\n"
    sent = [frame for frame in frames if names.sends_next()]
    if not sent:
        yield f"{NOT_SENT}\n"
        return
    yield "<|begin_of_video|>"
    for frame in sent:
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
