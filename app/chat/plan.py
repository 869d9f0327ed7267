"""What of the attachments is sent, and how: as pictures at a certain detail, or as text. No Qt; reading blocks.

A model has room for so many tokens. Every page, slide and frame first asks for the detail at which it can be read well; when that
is too much together, all give up detail evenly, down to a floor; then pages that have text go as text; then what is at the end,
or every other frame, is left out. A model that takes only so many pictures, or none, gets text instead, or less. Whatever was
reduced is said in the plan, never done silently.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

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
    text_tokens,
)
from app.chat.pictures import is_vector, place_of
from app.chat.wants import Group, Recognise, Want, limit_pictures, marked_part
from app.chat.written import text_group
from base.cells import CELL_PX, MAX_IMAGE_TOKENS, image_tokens
from ingest import limits
from ingest.attachment import Frame, Page
from ingest.types import PageText

LEGIBLE_EM_PX = 14.0
"""Pixels of an em at which small print is read well; recognition needs 8 to 11 of clean print (docs/adr/0010)."""
DENSE_EM_PX = 12.0
"""For our own pages of text, which are clean."""
PX_PER_POINT_RANGE = (1.0, 3.0)
PX_PER_POINT_USUAL = 1.5
FLOOR_TOKENS = 120
"""Least for a page or a picture; 10 x 12 cells show what it is about, not more."""
FRAME_FLOOR_TOKENS = 40
VIDEO_TOKENS_MAX = 30_000
"""For all frames of one video (transformers glm46v video processor: 28 * 28 * 2 * 30000 pixels, two frames to a token)."""


def plan(choices: Sequence[Choice], room: Room, recognise: Recognise | None = None) -> Plan:
    """Decide what is sent. `recognise` reads the text of pictures for a model that sees none.

    Raises the errors of `ingest` when something cannot be read, and VideoNotSeen.
    """
    parts: list[Part] = []
    reductions: list[Reduction] = []
    is_alone = len(choices) == 1
    if room.vision:
        groups = limit_pictures([_group(choice, room, is_alone) for choice in choices], room.pictures_max)
    else:
        groups = [text_group(choice, room, is_alone, recognise) for choice in choices]
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


def _group(choice: Choice, room: Room, is_alone: bool) -> Group:
    """What there is to send of one attachment, without what could never fit."""
    attachment = choice.attachment
    if choice.area is not None:
        return Group(choice, [_want_part(choice, room, is_alone)], 1)
    if attachment.is_timed:
        least = min(FRAME_FLOOR_TOKENS, room.picture_tokens_max) + FRAME_LABEL_TOKENS
        count_max = max(1, min(limits.FRAMES_MAX, room.tokens // least))
        frames = attachment.frames(choice.start_s, choice.end_s, choice.frames_per_s, count_max)
        most = max(FRAME_FLOOR_TOKENS, min(room.picture_tokens_max, VIDEO_TOKENS_MAX // max(1, len(frames))))
        wanted = choice.frame_count
        return Group(choice, [_want_frame(frame, most) for frame in frames], wanted if wanted > count_max else len(frames))
    page_max = max(1, room.tokens // min(FLOOR_TOKENS, room.picture_tokens_max))
    pages = attachment.pages()
    wants = [_want_page(pages[index], room, is_alone) for index in choice.indices[:page_max]]
    return Group(choice, wants, len(choice.indices))


def _want_frame(frame: Frame, most: int) -> Want:
    tokens = min(most, image_tokens(frame.width, frame.height, 1))
    return Want(frame, "", tokens, min(tokens, FRAME_FLOOR_TOKENS))


def _want_page(page: Page, room: Room, is_alone: bool) -> Want:
    name = "" if page.attachment.is_single else page.locator[:1].upper() + page.locator[1:] if is_alone else page.name
    if not page.info.is_vector:
        tokens = legible_tokens(page, None, room.picture_tokens_max)
        return Want(page, name, tokens, min(tokens, FLOOR_TOKENS))
    text = page.text()
    tokens = legible_tokens(page, text, room.picture_tokens_max)
    is_text = page.attachment.kind == "text"
    floor = tokens if is_text else min(tokens, max(FLOOR_TOKENS, tokens // 4))  # half the size is just about legible
    return Want(page, name, tokens, floor, text.text, is_text)


def _want_part(choice: Choice, room: Room, is_alone: bool) -> Want:
    """Someone wants to see it closely, so a drawing is at least as large as it is shown."""
    crop, name = marked_part(choice, is_alone)
    tokens = min(room.picture_tokens_max, image_tokens(crop.width, crop.height, 1))
    return Want(crop, name, tokens, min(tokens, FLOOR_TOKENS))


def _detail_share(wants: Iterable[Want], tokens: int) -> float:
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


def _tokens_at(want: Want, share: float) -> int:
    """What it takes at a share of its detail. Text of a text file stays text for as long as that is possible."""
    if want.is_text:
        return text_tokens(want.text) + want.label_tokens
    return max(want.floor, int(want.tokens * share)) + want.label_tokens


def _least(want: Want) -> int:
    return (min(want.floor, text_tokens(want.text)) if want.text else want.floor) + want.label_tokens


def _fit(group: Group, share: float, tokens: int) -> tuple[list[Part], list[Reduction]]:
    """The parts of one attachment within `tokens`, and what had to be reduced."""
    attachment, wants = group.choice.attachment, group.wants
    if attachment.is_timed and group.choice.area is None and not group.lost:
        return _fit_frames(group, share, tokens)
    if sum(_tokens_at(want, share) for want in wants) <= tokens:
        parts = [_part(want, share) for want in wants]
    else:
        parts = []
        for want in wants:
            part = _smallest(want)
            if part.tokens > tokens - sum(done.tokens for done in parts):
                break
            parts.append(part)
    reductions = [*group.lost, *_detail_reductions(attachment.name, wants, parts)]
    recognised = sum(want.is_recognised for want in wants[: len(parts)])
    written = sum(isinstance(part, Written) for part in parts) - recognised
    if recognised:
        reductions.append(Reduction("picture_as_text", attachment.name, recognised, len(parts)))
    if written and attachment.kind != "text" and not attachment.is_timed:
        reductions.append(Reduction("sent_as_text", attachment.name, written, len(parts)))
    if len(parts) < group.total:
        code: ReductionCode = "text_cut" if attachment.kind == "text" else "pages_left_out"
        reductions.append(Reduction(code, attachment.name, len(parts), group.total))
    return parts, reductions


def _smallest(want: Want) -> Part:
    """At its floor, or as text if that is less."""
    if want.is_text_only:
        return _written(want)
    as_picture = _part(replace(want, is_text=False), 0.0)
    as_text = _written(want) if want.text and isinstance(want.view, Page) else None
    return as_text if as_text is not None and as_text.tokens < as_picture.tokens else as_picture


def _fit_frames(group: Group, share: float, tokens: int) -> tuple[list[Part], list[Reduction]]:
    """Frames within `tokens`: all, or evenly thinned out."""
    wants = group.wants
    if sum(_tokens_at(want, share) for want in wants) > tokens:
        count, share = tokens // max(map(_least, wants)), 0.0
        wants = [wants[index * len(wants) // count] for index in range(count)]
    parts = [_part(want, share) for want in wants]
    name = group.choice.attachment.name
    left_out = [Reduction("frames_left_out", name, len(parts), group.total)] if len(parts) < group.total else []
    return parts, [*_detail_reductions(name, wants, parts), *left_out]


def _part(want: Want, share: float) -> Part:
    view = want.view
    if want.is_text:
        return _written(want)
    tokens = max(want.floor, int(want.tokens * share))
    is_whole = tokens >= want.tokens and not is_vector(view)
    own_tokens = image_tokens(view.width, view.height, 1)
    size = (view.width, view.height) if is_whole and own_tokens <= tokens else view.size_for(tokens=tokens)
    time_s = view.time_s if isinstance(view, Frame) else None
    return Shown(view, *size, name=want.name, time_s=time_s, place=place_of(view))


def _written(want: Want) -> Written:
    return Written(want.view, want.name, want.text, place_of(want.view))


def _detail_reductions(name: str, wants: Sequence[Want], parts: Sequence[Part]) -> list[Reduction]:
    shown = [(want, part) for want, part in zip(wants, parts, strict=False) if isinstance(part, Shown)]
    share = min((part.image_tokens / image_tokens(*want.view.size_for(tokens=want.tokens), 1) for want, part in shown), default=1.0)
    if share > 0.8:  # nobody sees that
        return []
    return [Reduction("detail_reduced", name, max(1, round(100 * math.sqrt(share))), 100)]
