"""Subtitles as plain text: what ASS, SubRip, WebVTT and mov_text say without how they say it."""

from __future__ import annotations

import html
import re

TEXT_CHARACTERS_MAX = 2000
"""Of one subtitle; what is longer is no line that anyone could read."""

_ASS_FIELDS_BEFORE_TEXT = 8
"""ReadOrder, Layer, Style, Name, MarginL, MarginR, MarginV, Effect: FFmpeg's form of an ASS event (libavcodec/ass.h)."""
_DRAWING = re.compile(r"\{[^{}]*\\p[1-9]\d{0,2}[^{}]*\}[^{}]*")
"""Shapes, written as letters and numbers up to the next override."""
_OVERRIDE = re.compile(r"(?<!\\)\{[^{}]*\}")
_TAG = re.compile(
    r"</?(?:[bius]|em|strong|font|span|c|v|lang|ruby|rt|p|br)(?:[\s.][^<>]{0,500})?/?>|<\d{2}:[\d:.]{5,12}>", re.IGNORECASE
)
_LINE_BREAK = re.compile(r"\\N|\\n|<br\s{0,9}/?>|\r\n?", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\n]+")


def text_of_event(event: str) -> str:
    """The text of an ASS event as FFmpeg's decoders give it, cleaned."""
    fields = event.split(",", _ASS_FIELDS_BEFORE_TEXT)
    return clean(fields[-1]) if len(fields) > _ASS_FIELDS_BEFORE_TEXT else ""


def clean(text: str) -> str:
    """The words of one subtitle; lines apart, without markup, control characters or spaces at the ends."""
    text = text[: 4 * TEXT_CHARACTERS_MAX]
    text = _LINE_BREAK.sub("\n", text)
    text = _OVERRIDE.sub("", _DRAWING.sub("", text))
    text = text.replace("\\{", "{").replace("\\}", "}").replace("\\h", " ")
    text = html.unescape(_TAG.sub("", text))
    text = "".join(character for character in text if character == "\n" or character.isprintable() or character.isspace())
    lines = (_SPACES.sub(" ", line).strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)[:TEXT_CHARACTERS_MAX]
