"""What could be sent of each attachment, before it is decided how much of it is. No Qt; reading blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.chat.parts import FRAME_LABEL_TOKENS, Choice, Reduction, label_tokens, text_tokens
from app.chat.pictures import Crop, Place, SourceInfo, find_picture, place_of
from ingest.attachment import Frame, Page, Picture, format_time
from ingest.types import Area, PageText

WHOLE = Area(0.0, 0.0, 1.0, 1.0)

Recognise = Callable[[Picture], PageText]
"""Reads the text of a picture. Blocks; raises the errors of `ingest`."""


@dataclass(frozen=True, slots=True)
class Want:
    """A part to be: how many tokens would serve it well, and what else could be done.

    Attributes:
        is_text: it is sent as its text for as long as that is possible.
        is_text_only: no picture of it can be sent.
        is_recognised: its text was read out of a picture that cannot be sent.
    """

    view: Page | Frame | Crop
    name: str
    tokens: int
    floor: int
    text: str = ""
    is_text: bool = False
    is_text_only: bool = False
    is_recognised: bool = False

    @property
    def label_tokens(self) -> int:
        """What saying its name or its time takes."""
        is_frame = isinstance(self.view, Frame) and not self.is_text_only
        return FRAME_LABEL_TOKENS if is_frame else label_tokens(self.name)


@dataclass(frozen=True, slots=True)
class Group:
    """The parts to be of one attachment; `total` is how many it would send if all could fit, `lost` what is lost in any case."""

    choice: Choice
    wants: list[Want]
    total: int
    lost: tuple[Reduction, ...] = ()


def marked_part(choice: Choice, is_alone: bool) -> tuple[Crop, str]:
    """The part of a page or frame that someone marked, and its name."""
    attachment = choice.attachment
    locator = format_time(choice.start_s) if attachment.is_timed else attachment.pages()[choice.indices[0]].locator
    time_s = choice.start_s if attachment.is_timed else None
    whole = find_picture(attachment, Place(SourceInfo.of(attachment), locator, time_s))
    crop = Crop.of(whole, choice.area or WHOLE)
    place = place_of(crop)
    full = place.name if place is not None else ""
    return crop, f"Part of {locator}" if is_alone and not attachment.is_single else full


def limit_pictures(groups: Sequence[Group], most: int | None) -> list[Group]:
    """The groups with no more than `most` pictures together: further pages as text where they have any, frames thinned out."""
    counts = [sum(not want.is_text for want in group.wants) for group in groups]
    if most is None or sum(counts) <= most:
        return list(groups)
    limited = []
    for index, (group, count) in enumerate(zip(groups, counts, strict=True)):
        others = counts[index + 1 :]
        mine = min(count, most - min(sum(others), most * len(others) // (len(others) + 1)))
        limited.append(replace(group, wants=_thinned(group.wants, mine) if _has_frames(group) else _first(group.wants, mine)))
        most -= mine
    return limited


def _has_frames(group: Group) -> bool:
    return group.choice.attachment.is_timed and group.choice.area is None


def _thinned(wants: list[Want], count: int) -> list[Want]:
    return [wants[index * len(wants) // count] for index in range(count)]


def _first(wants: list[Want], count: int) -> list[Want]:
    """So many as pictures, and what else there is to read."""
    kept = []
    for want in wants:
        if want.is_text or count > 0:
            kept.append(want)
            count -= not want.is_text
        elif want.text.strip():
            tokens = text_tokens(want.text)
            kept.append(replace(want, is_text=True, is_text_only=True, tokens=tokens, floor=tokens))
    return kept
