"""What may begin in a model's output, as data: patterns, what each means, and the text that needs no second look."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from inference import markup_tools
from inference.markup_patterns import Pattern, Run
from inference.markup_scan import END_OF_BOX

Meaning = Literal[
    "begin reasoning",
    "end reasoning",
    "tag",  # dropped
    "brackets",  # these four begin what `markup_scan` follows to its end
    "json",
    "fence",
    "box",
    "boxes",  # these three are whole
    "reference",
    "picture",
    "tool call",
]
Rules = tuple[tuple[Pattern, Meaning], ...]  # the first that matches counts

BEGIN_OF_BOX = "<|begin_of_box|>"

_SPACE = Run(r"\s", 0, 64)
_CAPTION = Run(r"[^\[\]<\n]", 0, 500)
_TARGET = Run(r"[^()<\n]", 1, 300)
_TARGET_IN_ANGLES = Run(r"[^<>\n]", 1, 300)
_LINE = Run(r"[^<\n]", 1, 2_000)
_NAME = Run(markup_tools.NAME_CHARACTERS, 1, markup_tools.NAME_LENGTH)


def _one_of(characters: str) -> Run:
    return Run(f"[{re.escape(characters)}]", 1, 1)


_THINK: Rules = ((Pattern("<think>"), "begin reasoning"), (Pattern("</think>"), "end reasoning"))
_BOX_TAGS: Rules = ((Pattern(BEGIN_OF_BOX), "tag"), (Pattern(END_OF_BOX), "tag"))

BOX_RULES: Rules = (
    (Pattern(BEGIN_OF_BOX, _SPACE, _one_of("[({<")), "box"),
    (Pattern(BEGIN_OF_BOX, _SPACE, Run("[A-Za-z_]", 1, 32), "(start_box", _LINE, END_OF_BOX), "boxes"),
    (Pattern(BEGIN_OF_BOX, _SPACE, "start_box", _LINE, END_OF_BOX), "boxes"),
    *_BOX_TAGS,
)
REASONING_RULES: Rules = _THINK + _BOX_TAGS
# By the first two characters, else by the first.
ANSWER_RULES: Mapping[str, Rules] = {
    "\n<": ((Pattern("\n<think>"), "begin reasoning"),),
    "<|": BOX_RULES,
    "<t": (
        *_THINK,
        (Pattern(markup_tools.OPEN, _SPACE, "{", _SPACE, '"'), "tool call"),
        (Pattern(markup_tools.OPEN, _SPACE, _NAME, _SPACE, "<arg_key>"), "tool call"),
        (Pattern(markup_tools.OPEN, _SPACE, _NAME, _SPACE, markup_tools.CLOSE), "tool call"),
        (Pattern("<table_ref>", _LINE, "</table_ref>"), "reference"),
    ),
    "</": (*_THINK, (Pattern("</answer>"), "tag")),
    "<a": ((Pattern("<answer>"), "tag"),),
    "<b": ((Pattern("<bbox>", Run(r"[\d\s.,+\-\[\]()]", 1, 2_000), "</bbox>"), "boxes"),),
    "<i": ((Pattern("<image_ref>", _LINE, "</image_ref>"), "reference"),),
    "!<": (
        (Pattern("!<image_ref>", _LINE, "</image_ref>"), "reference"),
        (Pattern("!<table_ref>", _LINE, "</table_ref>"), "reference"),
    ),
    "![": (
        (Pattern("![", _CAPTION, "](", _TARGET, ")"), "picture"),
        (Pattern("![", _CAPTION, "](<", _TARGET_IN_ANGLES, ">)"), "picture"),
    ),
    "[": ((Pattern("[", _SPACE, "["), "brackets"), (Pattern("[", _SPACE, "{"), "json")),
    "{": ((Pattern("{", _SPACE, '"'), "json"),),
    "`": tuple(
        (Pattern(f"```{name}", Run("[ \t\r]", 0, 8), "\n", _SPACE, _one_of("[{")), "fence") for name in ("", "json", "JSON")
    ),
}

_TAGS = (
    *("<think>", "</think>", BEGIN_OF_BOX, END_OF_BOX, "<answer>", "</answer>"),
    *(markup_tools.OPEN, "<image_ref>", "<table_ref>", "<bbox>"),
)
# Each with as much text after it as the longest of its kind needs: only then is it certain to be none.
_NO_TAG = rf"(?!{'|'.join(map(re.escape, _TAGS))})<(?=.{{{max(map(len, _TAGS))}}})"
_NO_FENCE = r"(?!```(?:json|JSON)?[ \t\r]{0,8}+\n\s{0,64}+[\[{])`(?=.{80})"
_NO_PICTURE = r"(?!!\[[^\[\]<\n]{0,500}+\]\((?:[^()<\n]{1,300}+|<[^<>\n]{1,300}+>)\)|!<(?:image|table)_ref>)!(?=.{807})"

# Text in which nothing can begin. The rules would come to the same end character by character: this is about speed alone.
PLAIN_ANSWER = re.compile(
    r"(?:[^\n<\[{!`]++|\n(?=[^<]|<[^t]|<t[^h])|\[(?=\s{0,64}+[^\[{\s])|\{(?=\s{0,64}+[^\"\s])|!(?=[^\[<]|\[[^\[\]<\n]{0,500}+[\[<\n])"
    rf"|`{{1,2}}+(?=[^`])|{_NO_TAG}|{_NO_FENCE}|{_NO_PICTURE})++",
    re.ASCII | re.DOTALL,
)
PLAIN_REASONING = re.compile(rf"(?:[^<]++|{_NO_TAG})++", re.DOTALL)
# Up to where code may end: backticks or the end of the line.
PLAIN_CODE = re.compile(r"(?=[^<]|<[^|])[^`\n<]*+(?:<(?=[^|])[^`\n<]*+)*+(?:`++|\n)?+")
BACKTICKS = re.compile("`+")
