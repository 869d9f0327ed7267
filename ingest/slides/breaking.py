"""Where lines may end: after spaces and hyphens, between Chinese, Japanese and Korean characters, and never before closing marks.

The marks are those of JIS X 4051 and GB/T 15834 (kinsoku), which office programs forbid by default.
"""

from __future__ import annotations

_NOT_FIRST = frozenset(
    "!%),.:;?]}¢°·ˇˉ―‖’”…‰′″›℃∶、。〃〉》」』】〕〗〞︶︺︾﹀﹄﹚﹜﹞！＂％＇），．：；？］｀｜｝～￠｡｣､･ﾞﾟ゛゜ゝゞヽヾーァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎ々"
)
_NOT_LAST = frozenset("$([{£¥‘“〈《「『【〔〖〝﹙﹛﹝＄（．［｛￡￥｢")
_BREAK_AFTER = frozenset(" \t-\u2010\u2012\u2013\u2014\u200b\u3000\u00ad/")
_LETTERS_BEFORE_HYPHEN = "-\u2010/"


def is_ideographic(character: str) -> bool:
    """Whether it is of a script that breaks lines between characters (and is set in the East Asian font)."""
    code = ord(character)
    return (
        0x2E80 <= code < 0xA4D0
        or 0xAC00 <= code < 0xD7B0
        or 0xF900 <= code < 0xFB00
        or 0xFE30 <= code < 0xFE50
        or (0xFF00 <= code < 0xFFF0 or 0x1100 <= code < 0x1200 or 0x20000 <= code < 0x40000)
    )


def may_break(before: str, after: str) -> bool:
    """Whether a line may end between two characters that follow each other."""
    if after.isspace():
        return False  # spaces stay at the end of the line that they follow
    if after in _NOT_FIRST or before in _NOT_LAST or before == "\u00a0" or after == "\u00a0":
        return False
    if before in _BREAK_AFTER:
        return not (before in _LETTERS_BEFORE_HYPHEN and after.isdigit())
    return is_ideographic(before) or is_ideographic(after)
