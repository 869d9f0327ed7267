"""What a model is told before the conversation: the texts in `resources/prompts`, one for each language.

The text of a conversation stays the same from its first question on, so that an engine keeps what it has read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Literal

from app.chat.session import Turn

PromptLanguage = Literal["en", "zh_CN"]

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_KANA = re.compile("[\u3040-\u30ff]")
_WORD = re.compile("[A-Za-z]+")


@cache
def system_prompt(language: PromptLanguage) -> str:
    """How to point at places, show pictures and answer."""
    return resources.files("resources").joinpath(f"prompts/system.{language}.md").read_text(encoding="utf-8").strip()


def language_of(text: str, otherwise: PromptLanguage = "en") -> PromptLanguage:
    """The language in which to instruct whoever is asked this; `otherwise` when the text does not tell."""
    han, words = len(_HAN.findall(text)), len(_WORD.findall(text))
    if _KANA.search(text) or han == words == 0:
        return otherwise
    return "zh_CN" if han > words else "en"


def conversation_language(earlier: Sequence[Turn], question: str, otherwise: PromptLanguage = "en") -> PromptLanguage:
    """That of the first question, whatever comes later; `otherwise` is the user's own."""
    return language_of(earlier[0].question if earlier else question, otherwise)
