"""Breaks up what spells a control token in text that was read or typed, so that it cannot pose as another speaker."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

ALLOWED_IN_TEXT = frozenset({"<|begin_of_video|>", "<|end_of_video|>", "<|begin_of_box|>", "<|end_of_box|>", "/nothink"})
"""Markers a message may carry as text: the frames of a video stand between the first two, earlier answers hold the others."""
_MARKER_LIKE = re.compile(r"<[^<>\[\]\s]{1,64}>|\[[^<>\[\]\s]{1,64}\]")


def defuse(text: str, is_control: Callable[[str], bool]) -> str:
    """The text with a zero-width space in each of its control tokens; a half of a surrogate pair becomes a question mark."""

    def defuse_match(match: re.Match[str]) -> str:
        found = match.group()
        if found in ALLOWED_IN_TEXT or not is_control(found):
            return found
        return f"{found[0]}\u200b{found[1:]}"

    return _MARKER_LIKE.sub(defuse_match, text.encode(errors="replace").decode())  # half a character has no tokens


def defuse_all(value: Any, is_control: Callable[[str], bool]) -> Any:
    """Every text in a JSON value, keys too."""
    if isinstance(value, str):
        return defuse(value, is_control)
    if isinstance(value, Mapping):
        return {defuse_all(key, is_control): defuse_all(item, is_control) for key, item in value.items()}
    return [defuse_all(item, is_control) for item in value] if isinstance(value, list | tuple) else value
