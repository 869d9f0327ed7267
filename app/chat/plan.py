"""What of the attachments is sent, and how: as pictures at a certain detail, or as text. No Qt; reading blocks.

A model has room for so many tokens. Every page, slide and frame first asks for the detail at which it can be read well; when that
is too much together, all give up detail evenly, down to a floor; then pages that have text go as text; then what is at the end,
or every other frame, is left out. Whatever was reduced is said in the plan, never done silently.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from base.cells import CELL_PX, MAX_IMAGE_TOKENS, image_tokens
from inference.types import Capabilities
from ingest import limits
from ingest.attachment import Attachment, Frame, Page, Picture
from ingest.errors import NoSuchPage
from ingest.types import PageText

DEFAULT_CONTEXT_TOKENS = 16_384
ANSWER_SHARE = 0.25
"""Of the context, for the question and the answer."""
LEGIBLE_EM_PX = 18.0
"""Height of the letters' box at which small print is read well."""
PX_PER_POINT_RANGE = (1.0, 3.0)
PX_PER_POINT_USUAL = 1.5
FLOOR_TOKENS = 120
"""Least for a page or a picture; 10 x 12 cells show what it is about, not more."""
FRAME_FLOOR_TOKENS = 40
VIDEO_TOKENS_MAX = 30_000
"""For all frames of one video (transformers glm46v video processor: 28 * 28 * 2 * 30000 pixels, two frames to a token)."""

ReductionCode = Literal["detail_reduced", "sent_as_text", "pages_left_out", "frames_left_out", "text_cut"]


@dataclass(frozen=True, slots=True)
class Choice:
    """An attachment, and what of it the user wants looked at.

    Attributes:
        pages: indices from 0, in order; None means all.
        start_s, end_s: the range of something with frames; `end_s` None means to its end.
        frames_per_s: None takes the model's own rule.
    """

    attachment: Attachment
    pages: tuple[int, ...] | None = None
    start_s: float = 0.0
    end_s: float | None = None
    frames_per_s: float | None = None

    @property
    def indices(self) -> Sequence[int]:
        """The pages meant, counted from 0."""
        return range(self.attachment.contents.page_count) if self.pages is None else self.pages


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture in the question, at the size at which it is sent.

    Attributes:
        name: what the model is told that it is; empty for a plain picture.
        time_s: of a frame.
        attachment: what it is a part of; None for a picture of our own.
    """

    picture: Picture
    width: int
    height: int
    name: str = ""
    time_s: float | None = None
    attachment: Attachment | None = None

    @property
    def tokens(self) -> int:
        """Cells of the context that it takes."""
        return image_tokens(self.width, self.height, 1)


@dataclass(frozen=True, slots=True)
class Written:
    """A page in the question that is sent as its text."""

    page: Page
    name: str
    text: str

    @property
    def tokens(self) -> int:
        """An estimate; the model's own count differs from language to language."""
        return text_tokens(self.text) + text_tokens(self.name) + 2

    @property
    def picture(self) -> Picture:
        """What it looks like."""
        return self.page

    @property
    def attachment(self) -> Attachment:
        """What it is a page of."""
        return self.page.attachment


Part = Shown | Written


@dataclass(frozen=True, slots=True)
class Reduction:
    """Something that is not sent as it is: `sent` of `total` pages, frames or per cent of detail."""

    code: ReductionCode
    name: str
    sent: int
    total: int

    @property
    def message(self) -> str:
        """In English; the window has its own words."""
        return {
            "detail_reduced": f"{self.name} is sent at {self.sent} % of the detail at which it can be read well.",
            "sent_as_text": f"{self.name}: {self.sent} of {self.total} pages are sent as text, without their pictures.",
            "pages_left_out": f"{self.name}: only {self.sent} of {self.total} pages fit. Choose the pages to ask about.",
            "frames_left_out": f"{self.name}: {self.sent} of {self.total} frames fit. Choose a shorter part to see more of it.",
            "text_cut": f"{self.name}: only {self.sent} of {self.total} pages of text fit. Choose the pages to ask about.",
        }[self.code]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is sent, in order, and what had to be reduced."""

    parts: tuple[Part, ...] = ()
    reductions: tuple[Reduction, ...] = ()

    @property
    def tokens(self) -> int:
        """What it takes of the context."""
        return sum(part.tokens for part in self.parts)


@dataclass(frozen=True, slots=True)
class Room:
    """What a model can take.

    Attributes:
        tokens: for attachments, of the context that is still free.
        picture_tokens_max: for one picture.
    """

    tokens: int
    picture_tokens_max: int = MAX_IMAGE_TOKENS

    @classmethod
    def of(cls, capabilities: Capabilities | None, used_tokens: int = 0) -> Room:
        """For a model, after `used_tokens` of conversation."""
        context = (capabilities.context_tokens if capabilities else None) or DEFAULT_CONTEXT_TOKENS
        most = (capabilities.picture_tokens_max if capabilities else None) or MAX_IMAGE_TOKENS
        return cls(max(0, int(context * (1 - ANSWER_SHARE)) - used_tokens), most)


@dataclass(frozen=True, slots=True)
class _Want:
    """A part to be: how many tokens would serve it well, and what else could be done."""

    view: Page | Frame
    name: str
    tokens: int
    floor: int
    text: str = ""
    is_text: bool = False


def plan(choices: Sequence[Choice], room: Room) -> Plan:
    """Decide what is sent. Raises the errors of `ingest` when something cannot be read."""
    parts: list[Part] = []
    reductions: list[Reduction] = []
    wants = [_wants(choice, room, is_alone=len(choices) == 1) for choice in choices]
    share = _detail_share([want for group in wants for want in group], room.tokens)
    for index, (choice, group) in enumerate(zip(choices, wants, strict=True)):
        left = room.tokens - sum(part.tokens for part in parts)
        others = len(wants) - index - 1
        needed_by_others = sum(_least(want) for other in wants[index + 1 :] for want in other)
        mine = left - min(needed_by_others, left * others // (others + 1))
        kept, lost = _fit(choice, group, share, mine)
        parts += kept
        reductions += lost
    return Plan(tuple(parts), tuple(reductions))


def text_tokens(text: str) -> int:
    """About how many tokens a text takes: four Latin letters, or one and a half Chinese characters, are one."""
    latin = sum(1 for character in text if character < "\u2e80")
    return math.ceil(latin / 3.5 + (len(text) - latin) / 1.4)


def legible_tokens(page: Page, text: PageText | None, most: int = MAX_IMAGE_TOKENS) -> int:
    """Cells at which a page can be read well: a picture's own, a drawing's by the size of its small print."""
    if not page.info.is_vector:
        return image_tokens(page.width, page.height, 1, most)
    scale = LEGIBLE_EM_PX / text.font_size_pt if text is not None and text.font_size_pt else PX_PER_POINT_USUAL
    scale = min(max(scale, PX_PER_POINT_RANGE[0]), PX_PER_POINT_RANGE[1])
    cells = (page.info.width * scale / CELL_PX) * (page.info.height * scale / CELL_PX)
    return max(1, min(most, math.ceil(cells)))


def parse_pages(text: str, page_count: int, name: str) -> tuple[int, ...]:
    """Indices from "3-7, 12, 20-". Raises NoSuchPage for anything else, and for pages that are not there."""
    indices: dict[int, None] = {}
    for piece in text.replace("，", ",").split(","):
        match = re.fullmatch(r"\s*(\d+)?\s*([-–]?)\s*(\d+)?\s*", piece)
        if match is None or not (match[1] or match[3]):
            raise NoSuchPage(f"{text} names no pages. Write 3-7, or 1, 4, 9-12.")
        first = int(match[1] or 1)
        last = int(match[3] or page_count) if match[2] else first
        if not 1 <= first <= last <= page_count:
            raise NoSuchPage(f"{name} has {page_count} pages; there is no {piece.strip()}.")
        indices.update(dict.fromkeys(range(first - 1, last)))
    return tuple(indices)


def _wants(choice: Choice, room: Room, is_alone: bool) -> list[_Want]:
    """What there is to send of one attachment, without what could never fit."""
    attachment = choice.attachment
    if attachment.is_timed:
        count_max = max(1, min(limits.FRAMES_MAX, room.tokens // min(FRAME_FLOOR_TOKENS, room.picture_tokens_max)))
        frames = attachment.frames(choice.start_s, choice.end_s, choice.frames_per_s, count_max)
        most = max(FRAME_FLOOR_TOKENS, min(room.picture_tokens_max, VIDEO_TOKENS_MAX // max(1, len(frames))))
        return [_want_frame(frame, most) for frame in frames]
    page_max = max(1, room.tokens // min(FLOOR_TOKENS, room.picture_tokens_max))
    pages = attachment.pages()
    return [_want_page(pages[index], room, is_alone) for index in choice.indices[:page_max]]


def _want_frame(frame: Frame, most: int) -> _Want:
    tokens = min(most, image_tokens(frame.width, frame.height, 1))
    return _Want(frame, frame.name, tokens, min(tokens, FRAME_FLOOR_TOKENS))


def _want_page(page: Page, room: Room, is_alone: bool) -> _Want:
    name = "" if page.attachment.is_single else page.locator[:1].upper() + page.locator[1:] if is_alone else page.name
    if not page.info.is_vector:
        tokens = legible_tokens(page, None, room.picture_tokens_max)
        return _Want(page, name, tokens, min(tokens, FLOOR_TOKENS))
    text = page.text()
    tokens = legible_tokens(page, text, room.picture_tokens_max)
    is_text = page.attachment.kind == "text"
    floor = tokens if is_text else min(tokens, max(FLOOR_TOKENS, tokens // 4))  # half the size is just about legible
    return _Want(page, name, tokens, floor, text.text, is_text)


def _detail_share(wants: Iterable[_Want], tokens: int) -> float:
    """The largest share of the wanted detail, 0..1, at which all fit; 0 when they do not even fit at their floors."""
    wanted = list(wants)
    low, high = 0.0, 1.0
    if sum(_tokens_at(want, high) for want in wanted) <= tokens:
        return high
    for _ in range(20):
        middle = (low + high) / 2
        fits = sum(_tokens_at(want, middle) for want in wanted) <= tokens
        low, high = (middle, high) if fits else (low, middle)
    return low


def _tokens_at(want: _Want, share: float) -> int:
    """What it takes at a share of its detail. Text of a text file stays text for as long as that is possible."""
    if want.is_text:
        return text_tokens(want.text) + text_tokens(want.name) + 2
    return max(want.floor, int(want.tokens * share)) + (text_tokens(want.name) + 2 if want.name else 0)


def _least(want: _Want) -> int:
    as_picture = want.floor + (text_tokens(want.name) + 2 if want.name else 0)
    if want.text:
        return min(as_picture, text_tokens(want.text) + text_tokens(want.name) + 2)
    return as_picture


def _fit(choice: Choice, wants: list[_Want], share: float, tokens: int) -> tuple[list[Part], list[Reduction]]:
    """The parts of one attachment within `tokens`, and what had to be reduced."""
    attachment = choice.attachment
    total = len(wants) if attachment.is_timed else len(choice.indices)
    if len(wants) == total and sum(_tokens_at(want, share) for want in wants) <= tokens:
        parts = [_part(want, share) for want in wants]
        return parts, _detail_reductions(attachment, wants, parts)
    if attachment.is_timed:
        count = max(1, tokens // max(1, max(_least(want) for want in wants)))
        kept = [wants[index * len(wants) // count] for index in range(min(count, len(wants)))]
        parts = [_part(want, 0.0) for want in kept]
        return parts, [Reduction("frames_left_out", attachment.name, len(kept), len(wants))]
    parts = []
    for want in wants:
        as_picture = _part(replace(want, is_text=False), 0.0)
        as_text = Written(want.view, want.name, want.text) if want.text and isinstance(want.view, Page) else None
        part = as_text if as_text is not None and as_text.tokens < as_picture.tokens else as_picture
        if part.tokens > tokens - sum(done.tokens for done in parts):
            break
        parts.append(part)
    reductions = _detail_reductions(attachment, wants[: len(parts)], parts)
    written = sum(isinstance(part, Written) for part in parts)
    if written and attachment.kind != "text":
        reductions.append(Reduction("sent_as_text", attachment.name, written, len(parts)))
    if len(parts) < total:
        code: ReductionCode = "text_cut" if attachment.kind == "text" else "pages_left_out"
        reductions.append(Reduction(code, attachment.name, len(parts), total))
    return parts, reductions


def _part(want: _Want, share: float) -> Part:
    view = want.view
    if want.is_text and isinstance(view, Page):
        return Written(view, want.name, want.text)
    tokens = max(want.floor, int(want.tokens * share))
    is_whole = tokens >= want.tokens and not (isinstance(view, Page) and view.info.is_vector)
    own_tokens = image_tokens(view.width, view.height, 1)
    size = (view.width, view.height) if is_whole and own_tokens <= tokens else view.size_for(tokens=tokens)
    time_s = view.time_s if isinstance(view, Frame) else None
    return Shown(view, *size, name=want.name, time_s=time_s, attachment=view.attachment)


def _detail_reductions(attachment: Attachment, wants: Sequence[_Want], parts: Sequence[Part]) -> list[Reduction]:
    shown = [(want, part) for want, part in zip(wants, parts, strict=True) if isinstance(part, Shown)]
    share = min((part.tokens / want.tokens for want, part in shown), default=1.0)
    if share > 0.8:  # whole cells never match exactly
        return []
    return [Reduction("detail_reduced", attachment.name, max(1, round(100 * math.sqrt(share))), 100)]
