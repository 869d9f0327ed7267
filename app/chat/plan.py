"""What of the attachments is sent, and how: as pictures at a certain detail, or as text. No Qt; reading blocks.

A model has room for so many tokens. Every page, slide and frame first asks for the detail at which it can be read well; when that
is too much together, all give up detail evenly, down to a floor; then pages that have text go as text; then what is at the end,
or every other frame, is left out. Whatever was reduced is said in the plan, never done silently.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.chat.parts import (
    FRAME_LABEL_TOKENS,
    Choice,
    Part,
    Plan,
    Reduction,
    ReductionCode,
    Room,
    Shown,
    Written,
    label_tokens,
    text_tokens,
)
from app.chat.pictures import Crop, Place, SourceInfo, find_picture, is_vector, place_of
from base.cells import CELL_PX, MAX_IMAGE_TOKENS, image_tokens
from ingest import limits
from ingest.attachment import Frame, Page, format_time
from ingest.types import Area, PageText

LEGIBLE_EM_PX = 14.0
"""Pixels of an em at which small print is read well; recognition needs 8 to 11 of clean print (docs/adr/0010)."""
DENSE_EM_PX = 12.0
"""For our own pages of text, which are clean."""
PX_PER_POINT_RANGE = (1.0, 3.0)
PX_PER_POINT_USUAL = 1.5
FLOOR_TOKENS = 120
"""Least for a page or a picture; 10 x 12 cells show what it is about, not more."""
FRAME_FLOOR_TOKENS = 40
WHOLE = Area(0.0, 0.0, 1.0, 1.0)
VIDEO_TOKENS_MAX = 30_000
"""For all frames of one video (transformers glm46v video processor: 28 * 28 * 2 * 30000 pixels, two frames to a token)."""


@dataclass(frozen=True, slots=True)
class _Want:
    """A part to be: how many tokens would serve it well, and what else could be done."""

    view: Page | Frame | Crop
    name: str
    tokens: int
    floor: int
    text: str = ""
    is_text: bool = False

    @property
    def label_tokens(self) -> int:
        """What saying its name or its time takes."""
        return FRAME_LABEL_TOKENS if isinstance(self.view, Frame) else label_tokens(self.name)


@dataclass(frozen=True, slots=True)
class _Group:
    """The parts to be of one attachment; `total` is how many it would send if all could fit."""

    choice: Choice
    wants: list[_Want]
    total: int


def plan(choices: Sequence[Choice], room: Room) -> Plan:
    """Decide what is sent. Raises the errors of `ingest` when something cannot be read."""
    parts: list[Part] = []
    reductions: list[Reduction] = []
    groups = [_group(choice, room, is_alone=len(choices) == 1) for choice in choices]
    share = _detail_share([want for group in groups for want in group.wants], room.tokens)
    for index, group in enumerate(groups):
        left = room.tokens - sum(part.tokens for part in parts)
        others = len(groups) - index - 1
        needed_by_others = sum(_least(want) for other in groups[index + 1 :] for want in other.wants)
        mine = left - min(needed_by_others, left * others // (others + 1))
        kept, lost = _fit(group, share, mine)
        parts += kept
        reductions += lost
    return Plan(tuple(parts), tuple(reductions))


def legible_tokens(page: Page, text: PageText | None, most: int = MAX_IMAGE_TOKENS) -> int:
    """Cells at which a page can be read well: a picture's own, a drawing's by the size of its small print."""
    if not page.info.is_vector:
        return min(most, image_tokens(page.width, page.height, 1))
    em_px = DENSE_EM_PX if page.attachment.kind == "text" else LEGIBLE_EM_PX
    scale = em_px / text.font_size_pt if text is not None and text.font_size_pt else PX_PER_POINT_USUAL
    scale = min(max(scale, PX_PER_POINT_RANGE[0]), PX_PER_POINT_RANGE[1])
    cells = (page.info.width * scale / CELL_PX) * (page.info.height * scale / CELL_PX)
    return max(1, min(most, math.ceil(cells)))


def _group(choice: Choice, room: Room, is_alone: bool) -> _Group:
    """What there is to send of one attachment, without what could never fit."""
    attachment = choice.attachment
    if choice.area is not None:
        return _Group(choice, [_want_part(choice, room, is_alone)], 1)
    if attachment.is_timed:
        least = min(FRAME_FLOOR_TOKENS, room.picture_tokens_max) + FRAME_LABEL_TOKENS
        count_max = max(1, min(limits.FRAMES_MAX, room.tokens // least))
        frames = attachment.frames(choice.start_s, choice.end_s, choice.frames_per_s, count_max)
        most = max(FRAME_FLOOR_TOKENS, min(room.picture_tokens_max, VIDEO_TOKENS_MAX // max(1, len(frames))))
        wanted = choice.frame_count
        return _Group(choice, [_want_frame(frame, most) for frame in frames], wanted if wanted > count_max else len(frames))
    page_max = max(1, room.tokens // min(FLOOR_TOKENS, room.picture_tokens_max))
    pages = attachment.pages()
    wants = [_want_page(pages[index], room, is_alone) for index in choice.indices[:page_max]]
    return _Group(choice, wants, len(choice.indices))


def _want_frame(frame: Frame, most: int) -> _Want:
    tokens = min(most, image_tokens(frame.width, frame.height, 1))
    return _Want(frame, "", tokens, min(tokens, FRAME_FLOOR_TOKENS))


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


def _want_part(choice: Choice, room: Room, is_alone: bool) -> _Want:
    """Someone wants to see it closely, so a drawing is at least as large as it is shown."""
    attachment = choice.attachment
    locator = format_time(choice.start_s) if attachment.is_timed else attachment.pages()[choice.indices[0]].locator
    time_s = choice.start_s if attachment.is_timed else None
    whole = find_picture(attachment, Place(SourceInfo.of(attachment), locator, time_s))
    crop = Crop.of(whole, choice.area or WHOLE)
    tokens = min(room.picture_tokens_max, image_tokens(crop.width, crop.height, 1))
    place = place_of(crop)
    full = place.name if place is not None else ""
    return _Want(crop, f"Part of {locator}" if is_alone and not attachment.is_single else full, tokens, min(tokens, FLOOR_TOKENS))


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
        return text_tokens(want.text) + want.label_tokens
    return max(want.floor, int(want.tokens * share)) + want.label_tokens


def _least(want: _Want) -> int:
    return (min(want.floor, text_tokens(want.text)) if want.text else want.floor) + want.label_tokens


def _fit(group: _Group, share: float, tokens: int) -> tuple[list[Part], list[Reduction]]:
    """The parts of one attachment within `tokens`, and what had to be reduced."""
    attachment, wants = group.choice.attachment, group.wants
    if attachment.is_timed and group.choice.area is None:
        return _fit_frames(group, share, tokens)
    if len(wants) == group.total and sum(_tokens_at(want, share) for want in wants) <= tokens:
        parts = [_part(want, share) for want in wants]
        return parts, _detail_reductions(attachment.name, wants, parts)
    parts = []
    for want in wants:
        as_picture = _part(replace(want, is_text=False), 0.0)
        as_text = _written(want) if want.text and isinstance(want.view, Page) else None
        part = as_text if as_text is not None and as_text.tokens < as_picture.tokens else as_picture
        if part.tokens > tokens - sum(done.tokens for done in parts):
            break
        parts.append(part)
    reductions = _detail_reductions(attachment.name, wants[: len(parts)], parts)
    written = sum(isinstance(part, Written) for part in parts)
    if written and attachment.kind != "text":
        reductions.append(Reduction("sent_as_text", attachment.name, written, len(parts)))
    if len(parts) < group.total:
        code: ReductionCode = "text_cut" if attachment.kind == "text" else "pages_left_out"
        reductions.append(Reduction(code, attachment.name, len(parts), group.total))
    return parts, reductions


def _fit_frames(group: _Group, share: float, tokens: int) -> tuple[list[Part], list[Reduction]]:
    """Frames within `tokens`: all, or evenly thinned out."""
    wants = group.wants
    if sum(_tokens_at(want, share) for want in wants) > tokens:
        count, share = tokens // max(map(_least, wants)), 0.0
        wants = [wants[index * len(wants) // count] for index in range(count)]
    parts = [_part(want, share) for want in wants]
    name = group.choice.attachment.name
    left_out = [Reduction("frames_left_out", name, len(parts), group.total)] if len(parts) < group.total else []
    return parts, [*_detail_reductions(name, wants, parts), *left_out]


def _part(want: _Want, share: float) -> Part:
    view = want.view
    if want.is_text and isinstance(view, Page):
        return _written(want)
    tokens = max(want.floor, int(want.tokens * share))
    is_whole = tokens >= want.tokens and not is_vector(view)
    own_tokens = image_tokens(view.width, view.height, 1)
    size = (view.width, view.height) if is_whole and own_tokens <= tokens else view.size_for(tokens=tokens)
    time_s = view.time_s if isinstance(view, Frame) else None
    return Shown(view, *size, name=want.name, time_s=time_s, place=place_of(view))


def _written(want: _Want) -> Written:
    return Written(want.view, want.name, want.text, place_of(want.view))


def _detail_reductions(name: str, wants: Sequence[_Want], parts: Sequence[Part]) -> list[Reduction]:
    shown = [(want, part) for want, part in zip(wants, parts, strict=True) if isinstance(part, Shown)]
    share = min((part.image_tokens / image_tokens(*want.view.size_for(tokens=want.tokens), 1) for want, part in shown), default=1.0)
    if share > 0.8:  # nobody sees that
        return []
    return [Reduction("detail_reduced", name, max(1, round(100 * math.sqrt(share))), 100)]
