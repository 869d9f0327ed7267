"""Where Markdown that is still growing can be cut, so that only its end has to be rendered again."""

from __future__ import annotations

import re

FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
LIST_ITEM = re.compile(r"([-*+]|\d{1,9}[.)])(\s|$)")


def stable_length(text: str, start: int = 0) -> int:
    """How much of the text, from its beginning, more text cannot change. `start` must be 0 or an earlier result.

    A cut is made before a line that follows an empty one, outside fenced code, and that can only begin a new block: it is not
    indented and no list item, since these may go on with a list from before. That line must itself be complete. Tables stay with
    what is before them, because Qt puts an empty line before a table that comes first.
    """
    stable, position = start, start
    fence = ""
    is_after_blank = False
    while (end := text.find("\n", position)) >= 0:
        line = text[position:end]
        marker = FENCE.match(line)
        if fence:
            if marker and marker[1].startswith(fence) and not line.strip(" \t`~"):
                fence = ""
        else:
            if is_after_blank and line.strip() and not line[0].isspace() and not LIST_ITEM.match(line) and "|" not in line:
                stable = position
            if marker:
                fence = marker[1]
        is_after_blank = not line.strip() and not fence
        position = end + 1
    return stable
