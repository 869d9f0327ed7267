"""What a model gets that sees no pictures: the text of pages, what is recognised in pictures, the subtitles of videos. No Qt.

Recognition takes about a second for a page, so all of this runs in a worker's thread.
"""

from __future__ import annotations

import math

from app.chat.parts import FRAME_LABEL_TOKENS, Choice, Reduction, Room, text_tokens
from app.chat.pictures import Crop
from app.chat.wants import Group, Recognise, Want, marked_part
from ingest.attachment import Frame, Page, format_time
from ingest.errors import IngestError
from ingest.types import FrameTime

PAGE_TOKENS_LEAST = 40
"""What the name of a page and a line on it take; more pages than that allows are not looked at."""
RECOGNISED = "(This picture is not shown. The text recognised in it:)"
NOTHING_RECOGNISED = "(This picture is not shown, and no text was recognised in it.)"


class VideoNotSeen(IngestError):
    """A video without subtitles, and a model that sees nothing."""

    code = "video_not_seen"


def text_group(choice: Choice, room: Room, is_alone: bool, recognise: Recognise | None) -> Group:
    """All that can be written of one attachment. Raises VideoNotSeen and the errors of `ingest`."""
    attachment = choice.attachment
    if choice.area is not None:
        return Group(choice, [_recognised(marked_part(choice, is_alone)[0], recognise)], 1)
    if attachment.is_timed:
        return _subtitles(choice, room)
    wants: list[Want] = []
    pages, left = attachment.pages(), room.tokens
    for index in choice.indices:
        if left < PAGE_TOKENS_LEAST:
            break
        wants.append(_page(pages[index], is_alone, recognise))
        left -= wants[-1].tokens
    return Group(choice, wants, len(choice.indices))


def _page(page: Page, is_alone: bool, recognise: Recognise | None) -> Want:
    text = page.text() if page.info.is_vector else None
    if text is None or (text.scanned or not text.text.strip()):
        return _recognised(page, recognise)
    name = page.locator[:1].upper() + page.locator[1:] if is_alone else page.name
    return _want(page, name, text.text)


def _recognised(view: Page | Crop, recognise: Recognise | None) -> Want:
    text = recognise(view).text.strip() if recognise is not None else ""
    said = f"{RECOGNISED}\n{text}" if text else NOTHING_RECOGNISED
    return _want(view, f"{view.name} (recognised text)", said, is_recognised=True)


def _subtitles(choice: Choice, room: Room) -> Group:
    attachment, end_s = choice.attachment, choice.end_s if choice.end_s is not None else math.inf
    spoken = [line for line in attachment.contents.subtitles if line.end_s >= choice.start_s and line.start_s <= end_s]
    if not spoken:
        raise VideoNotSeen(
            f"The chosen model cannot see, and {attachment.name} has no subtitles that it could read. "
            "Choose a model that sees pictures, or remove the video."
        )
    lines, left = [], room.tokens - FRAME_LABEL_TOKENS - text_tokens(attachment.name)
    for line in spoken:
        lines.append(f"[{format_time(line.start_s)}] {line.text}")
        left -= text_tokens(lines[-1]) + 1
        if left < 0:
            lines.pop()
            break
    first = Frame(attachment, 0, FrameTime(choice.start_s))
    lost = Reduction("subtitles_only", attachment.name, len(lines), len(spoken))
    wants = [_want(first, f"{attachment.name} (subtitles)", "\n".join(lines))] if lines else []
    return Group(choice, wants, len(wants), (lost,))


def _want(view: Page | Frame | Crop, name: str, text: str, is_recognised: bool = False) -> Want:
    tokens = text_tokens(text)
    return Want(view, name, tokens, tokens, text, is_text=True, is_text_only=True, is_recognised=is_recognised)
