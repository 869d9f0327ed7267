"""What a question can carry along, as values: what the user chose, what of it is sent, what had to be reduced. No Qt."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.chat.pictures import Place
from base.cells import MAX_IMAGE_TOKENS, image_tokens
from inference.types import Capabilities
from ingest import limits
from ingest.attachment import Attachment, Picture
from ingest.errors import NoSuchPage
from ingest.types import Area

DEFAULT_CONTEXT_TOKENS = 16_384
ANSWER_SHARE = 0.25
"""Of the context, for the question and the answer."""
FRAME_LABEL_TOKENS = 6
"""For "12.5 seconds"."""

ReductionCode = Literal[
    "detail_reduced", "sent_as_text", "picture_as_text", "subtitles_only", "pages_left_out", "frames_left_out", "text_cut",
    "earlier_left_out",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """An attachment, and what of it the user wants looked at.

    Attributes:
        pages: indices from 0, in order; None means all.
        start_s, end_s: the range of something with frames; `end_s` None means to its end.
        frames_per_s: None takes the model's own rule.
        area: only this part of the page, or of the frame at `start_s`.
    """

    attachment: Attachment
    pages: tuple[int, ...] | None = None
    start_s: float = 0.0
    end_s: float | None = None
    frames_per_s: float | None = None
    area: Area | None = None

    @property
    def indices(self) -> Sequence[int]:
        """The pages meant, counted from 0."""
        return range(self.attachment.contents.page_count) if self.pages is None else self.pages

    @property
    def frame_count(self) -> int:
        """How many frames the rate asks for, still moments included."""
        from ingest.sampling import target_times  # brings NumPy, which only videos need

        duration_s = self.attachment.contents.duration_s
        end_s = min(self.end_s or math.inf, duration_s if duration_s is not None else self.start_s)
        return len(target_times(self.start_s, end_s, self.frames_per_s, limits.FRAMES_MAX))


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture in the question, at the size at which it is sent.

    Attributes:
        name: what the model is told that it is; empty for a plain picture.
        time_s: of a frame.
        place: where it comes from; None for a picture that no file holds.
    """

    picture: Picture
    width: int
    height: int
    name: str = ""
    time_s: float | None = None
    place: Place | None = None

    @property
    def tokens(self) -> int:
        """What it takes of the context, its name or time included."""
        label = FRAME_LABEL_TOKENS if self.time_s is not None else label_tokens(self.name)
        return self.image_tokens + label

    @property
    def sent_id(self) -> str:
        """Names the picture at this size; the picture's own id at its own size."""
        is_whole = (self.width, self.height) == (self.picture.width, self.picture.height)
        return self.picture.id if is_whole else f"{self.picture.id}-{self.width}x{self.height}"

    @property
    def image_tokens(self) -> int:
        """Cells of the picture alone."""
        return image_tokens(self.width, self.height, 1)


@dataclass(frozen=True, slots=True)
class Written:
    """A page in the question that is sent as its text; `picture` is what it looks like."""

    picture: Picture
    name: str
    text: str
    place: Place | None = None

    @property
    def tokens(self) -> int:
        """An estimate; the model's own count differs from language to language."""
        return text_tokens(self.text) + label_tokens(self.name)


Part = Shown | Written


def names_of(part: Part) -> tuple[str, ...]:
    """What an answer may call it: as the model was told, and in full."""
    full = part.place.name if part.place is not None else part.picture.name
    return tuple(dict.fromkeys(name for name in (full, part.name) if name))


@dataclass(frozen=True, slots=True)
class Reduction:
    """Something that is not sent as it is: `sent` of `total` pages, frames, lines, earlier pictures or per cent of detail."""

    code: ReductionCode
    name: str
    sent: int
    total: int

    @property
    def is_whole(self) -> bool:
        """Whether it is a single picture of which nothing is sent."""
        return self.code == "pages_left_out" and self.sent == 0 and self.total == 1

    @property
    def message(self) -> str:
        """In English; the window has its own words."""
        if self.is_whole:
            return f"{self.name} does not fit and is not sent."
        return {
            "detail_reduced": f"{self.name} is sent at {self.sent} % of the detail at which it can be read well.",
            "sent_as_text": f"{self.name}: {self.sent} of {self.total} pages are sent as text, without their pictures.",
            "picture_as_text": f"{self.name}: the model sees no pictures; it gets the text read in {self.sent} of {self.total}.",
            "subtitles_only": f"{self.name}: the model sees no videos; it gets {self.sent} of {self.total} lines of its subtitles.",
            "pages_left_out": f"{self.name}: only {self.sent} of {self.total} pages fit. Choose the pages to ask about.",
            "frames_left_out": f"{self.name}: {self.sent} of {self.total} frames fit. Choose a shorter part to see more of it.",
            "text_cut": f"{self.name}: only {self.sent} of {self.total} pages of text fit. Choose the pages to ask about.",
            "earlier_left_out": f"The model takes only {self.sent} of the {self.total} pictures of this conversation.",
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
        vision: whether it sees pictures.
        pictures_max: of one request; None without a limit.
    """

    tokens: int
    picture_tokens_max: int = MAX_IMAGE_TOKENS
    vision: bool = True
    pictures_max: int | None = None

    @classmethod
    def of(cls, capabilities: Capabilities | None, used_tokens: int = 0) -> Room:
        """For a model, after `used_tokens` of conversation."""
        context = (capabilities.context_tokens if capabilities else None) or DEFAULT_CONTEXT_TOKENS
        most = (capabilities.picture_tokens_max if capabilities else None) or MAX_IMAGE_TOKENS
        tokens = max(0, int(context * (1 - ANSWER_SHARE)) - used_tokens)
        if capabilities is None:
            return cls(tokens, most)
        return cls(tokens, most, capabilities.vision, capabilities.pictures_max)


def text_tokens(text: str) -> int:
    """About how many tokens a text takes: four Latin letters, or one and a half Chinese characters, are one."""
    latin = sum(1 for character in text if character < "\u2e80")
    return math.ceil(latin / 3.5 + (len(text) - latin) / 1.4)


def label_tokens(name: str) -> int:
    """For a name on a line of its own; nothing for no name."""
    return text_tokens(name) + 2 if name else 0


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
