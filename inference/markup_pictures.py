"""Which picture the model means: the places where an answer names one, and its references to pictures.

``!<image_ref>[N, [[x1,y1,x2,y2]], "caption"]</image_ref>`` and its ``table_ref`` twin are from the docs.z.ai GLM-4.6V guide; N
counts from 1. Markdown pictures are what the models write when asked for pictures by id.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from inference import grounding, markup_json
from inference.types import Box

_NUMERALS = {numeral: number for number, numeral in enumerate("一二三四五六七八九十", start=1)} | {"两": 2}
_NAMED = re.compile(
    r"(?<![A-Za-z])(?:image|picture|page)[ _#-]{0,3}(\d{1,4})(?!\d)"
    r"|图片?\s?(\d{1,4})(?!\d)"
    r"|第\s?(\d{1,4}|[一二两三四五六七八九十])\s?[张页幅]",
    re.ASCII | re.IGNORECASE,
)
_BOX_LIST = re.compile(r"\[[\d\s.,\[\]+-]*+", re.ASCII)
_QUOTES = "\"'“”‘’「」 "


class PictureNames:
    """The pictures of a request, and the one that the answer named last.

    A box without an ``image`` field belongs to the only picture there is, else to the last picture named before it in the answer:
    "Image 2", "picture 2", "page 2", "图片2", "图2", "第2张", "第二页", or a reference to
    it. Numbers that no picture has are passed over.
    """

    def __init__(self, image_ids: Sequence[str]) -> None:
        self.ids = tuple(image_ids)
        self._is_ambiguous = len(set(self.ids)) > 1
        self._unread: list[str] = []
        self._last: str | None = None

    def note(self, text: str) -> None:
        """Take in visible text of the answer."""
        if self._is_ambiguous:
            self._unread.append(text)

    def note_reference(self, target: str) -> None:
        """Take in a reference to a picture, an id or a number from 1."""
        self.current()
        self._last = grounding.resolve_image(target, self.ids) or self._last

    def current(self) -> str | None:
        """The picture that a box at this place belongs to. What comes before is not joined with what comes after."""
        for match in _NAMED.finditer("".join(self._unread)) if self._unread else ():
            number = next(filter(None, match.groups()))
            named = grounding.resolve_image(_NUMERALS.get(number) or int(number), self.ids)
            self._last = named or self._last
        self._unread.clear()
        return grounding.owner(None, self.ids, self._last)

    def owner(self, target: str) -> str | None:
        """The id of the picture that a reference calls `target`."""
        return grounding.owner(target, self.ids, None)


def markdown_target(target: str, image_ids: Sequence[str]) -> str | None:
    """The target of a Markdown picture as an `ImageRef` has it, an id or a number from 1; None when it is none of ours."""
    target = target.strip()
    if target in image_ids:
        return target
    number = re.fullmatch(r"(?:image|图片?)[ _#-]{0,3}(\d{1,4})", target, re.ASCII | re.IGNORECASE)
    if number and grounding.resolve_image(int(number.group(1)), image_ids):
        return str(int(number.group(1)))
    return None


def parse_reference(content: str, pictures: PictureNames) -> tuple[str, tuple[Box, ...], str] | None:
    """Target, boxes and caption of ``[N, [[x1,y1,x2,y2], ...], "caption"]``, the last two optional; None when malformed."""
    content = content.strip()
    if not (content.startswith("[") and content.endswith("]")):
        return None
    target, _, rest = content[1:-1].partition(",")
    target, rest = target.strip(_QUOTES), rest.strip()
    if target not in pictures.ids and not re.fullmatch(r"[1-9]\d{0,5}", target, re.ASCII):
        return None
    boxes: tuple[Box, ...] = ()
    if listed := _BOX_LIST.match(rest):
        box_text, rest = listed.group().rstrip(", \n"), rest[listed.end() :]
        boxes = grounding.parse_bracket_boxes(box_text, pictures.owner(target))
        if not boxes and box_text != "[]":
            return None
    return target, boxes, _caption(rest.strip())


def _caption(text: str) -> str:
    try:
        caption = markup_json.loads(text)
    except ValueError:
        caption = None
    return caption if isinstance(caption, str) else text.strip(_QUOTES)
