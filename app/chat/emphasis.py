"""Bold words as Chinese is written: `**要点：**内容`.

CommonMark 0.31 takes two stars beside a punctuation mark for an end of bold words only where a space or another mark follows, and
for their beginning likewise. Chinese has no spaces there, so the stars would be shown. A sign that nobody sees, between mark and
stars, makes every program take them as they are meant; it is taken out again where the words are shown.
"""

from __future__ import annotations

import re
import unicodedata

UNSEEN = "\u200b"
"""Neither a space nor a punctuation mark for CommonMark."""
WORDS_MAX = 300
"""Without a limit, many unpaired stars would take for ever."""
FIRST_EAST_ASIAN = "\u2010"
"""From here on are the marks and letters of Chinese; what is before is left as it was."""

_BOLD = re.compile(rf"(?<![*\\])\*\*(?![\s*])([^*\n]{{1,{WORDS_MAX}}})(?<![\s\\])\*\*(?!\*)")


def loosen_bold(markdown: str) -> str:
    """The same with `UNSEEN` where it is needed; the very same string where it is not."""
    return _BOLD.sub(_loosened, markdown) if "**" in markdown else markdown


def _loosened(match: re.Match[str]) -> str:
    text, words = match.string, match[1]
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    left = UNSEEN if _is_stuck(words[0], before) else ""
    right = UNSEEN if _is_stuck(words[-1], after) else ""
    return f"**{left}{words}{right}**"


def _is_stuck(mark: str, neighbour: str) -> bool:
    """Whether stars between a mark and its neighbour would be shown, in Chinese."""
    if not neighbour or neighbour.isspace() or not _is_mark(mark) or _is_mark(neighbour):
        return False
    return max(mark, neighbour) >= FIRST_EAST_ASIAN


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"
