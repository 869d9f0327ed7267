"""References to pictures in an answer. Which picture is meant by a name, the application knows.

``!<image_ref>[N, [[x1,y1,x2,y2]], "caption"]</image_ref>`` and its ``table_ref`` twin are from the docs.z.ai GLM-4.6V guide; N
counts from 1. Markdown pictures are what the models write when asked for pictures by id.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from inference import grounding, markup_json
from inference.types import Box

_BOX_LIST = re.compile(r"\[[\d\s.,\[\]+-]*+", re.ASCII)
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[#?]|.*[/\\]", re.DOTALL)
_TITLE = re.compile(r"""\s+(?:"[^"]*"|'[^']*')$""")
_QUOTED = re.compile(r"""["“「']([^"”」']{1,300})["”」']""")
_PLAIN = re.compile(r"""(\d{1,6})(?=\s*(?:,|$))|([^\[\]"“]{1,300}?)\s*(?=,\s*[\["“]|$)""", re.ASCII)
_QUOTES = "\"'“”‘’「」 "


def markdown_target(target: str) -> str | None:
    """What a Markdown picture names, if that may be a picture of ours: an address and a path are none."""
    target = _TITLE.sub("", target.strip())
    return None if not target or _ADDRESS.match(target) else target


def parse_reference(content: str, image_ids: Sequence[str]) -> tuple[str, tuple[Box, ...], str] | None:
    """Target, boxes and caption of ``[N, [[x1,y1,x2,y2], ...], "caption"]``, the last two optional; None when malformed.

    In place of N a name may stand, in quotes or not: ``[report.pdf, page 3, [[...]]]``.
    """
    content = content.strip()
    if not (content.startswith("[") and content.endswith("]")):
        return None
    content = content[1:-1].strip()
    named = _QUOTED.match(content) or _PLAIN.match(content)
    target = next(filter(None, named.groups()), "").strip(_QUOTES) if named else ""
    if named is None or not target:
        return None
    rest = content[named.end() :].strip().removeprefix(",").strip()
    boxes: tuple[Box, ...] = ()
    if listed := _BOX_LIST.match(rest):
        box_text, rest = listed.group().rstrip(", \n"), rest[listed.end() :]
        boxes = grounding.parse_bracket_boxes(box_text, grounding.owner(target, image_ids))
        if not boxes and box_text != "[]":
            return None
    return target, boxes, _caption(rest.strip())


def _caption(text: str) -> str:
    try:
        caption = markup_json.loads(text)
    except ValueError:
        caption = None
    return caption if isinstance(caption, str) else text.strip(_QUOTES)
