"""Formulas within Markdown: ``$...$`` and ``\\(...\\)`` in the line, ``$$...$$`` and ``\\[...\\]`` on their own.

There are none in code or links.

A dollar is a formula's when no space follows the first and none stands before the second, and no digit follows that (the rule of
Pandoc's tex_math_dollars), and when what is between is not money with words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

FORMULA_CHARACTERS_MAX = 2_000

TEX_INLINE = r"(?<![\w\\$])\$(?=[^\s$])(?:\\.|[^\\$`|\n]|\|(?!\s))*?(?<=[^\s\\])\$(?![\d$])|\\\((?:\\[^)\n]|[^\\\n])+?\\\)"
"""In one line, where a table's borders matter."""

_BLANK_LINE = re.compile(r"\n[ \t]*(?:\n|$)")
_START = re.compile(
    r"""
      (?P<fence> ^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?:(?P<ticks>`{3,})[^`\n]*|(?P<tildes>~{3,}).*)$)
    | (?P<indented> (?:\A|^[ \t]*\n)(?:[ ]{4}|\t).*(?:\n(?:[ ]{4}|\t).*)*)
    | (?P<code> `+)
    | (?P<link> \[[^\[\]\n]*\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:[ ]"[^"\n]*")?\)
        | <[a-z][a-z0-9+.-]{1,30}:[^\s<>]*> | https?://[^\s<>]*)
    | (?P<bracket> \\\[) | (?P<paren> \\\()
    | (?P<escape> \\.)
    | (?P<dollars> \$\$) | (?P<dollar> \$)
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
_ITEM = re.compile(r"^ {0,3}(?:[-*+]|\d{1,9}[.)])[ \t]", re.MULTILINE)
_END_OF_DOLLAR = re.compile(r"(?<=[^\s\\$])\$(?![\d$])")
_ENDS = {
    "bracket": re.compile(r"(?:\\[^\]]|[^\\])*?(\\\])", re.DOTALL),
    "paren": re.compile(r"(?:\\[^)]|[^\\])*?(\\\))", re.DOTALL),
}
_END_OF_DOLLARS = re.compile(r"(?:\\.|[^\\$]|\$(?!\$))*?(\$\$)", re.DOTALL)
_MONEY = re.compile(r"\d[\d.,]*(?:[ \t]|[^\W\d_]{2}|-)")
_MATH_SIGNS = re.compile(r"[\\^_=+{}<>*/]")
_QUOTE_PREFIX = re.compile(r"\n[ \t]*(?:>[ \t]?)+")


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula at ``text[start:end]``, its signs included.

    Attributes:
        tex: the LaTeX between the signs; empty for one whose end is still to come.
    """

    start: int
    end: int
    tex: str
    is_display: bool


def find_formulas(text: str) -> list[Formula]:
    """Formulas of a piece of prose in order. The last one may be open, when its end can still come."""
    found: list[Formula] = []
    position = 0
    while match := _START.search(text, position):
        kind = str(match.lastgroup)
        position = match.end()
        if kind == "code":
            position = _behind_code(text, match)
        elif kind == "fence":
            position = _behind_fence(text, match)
        elif kind == "indented" and _ITEM.search(text, 0, match.start()):
            position = match.start() + 1  # a paragraph of that item
        elif kind in ("bracket", "paren", "dollars", "dollar"):
            formula = _formula_from(text, match, kind)
            if formula is not None:
                found.append(formula)
                position = formula.end
    return found


def _formula_from(text: str, opening: re.Match[str], kind: str) -> Formula | None:
    start, body = opening.span()
    limit = _paragraph_end(text, body)
    if kind == "dollar":
        return _between_dollars(text, start, body, limit)
    closing = (_END_OF_DOLLARS if kind == "dollars" else _ENDS[kind]).match(text, body, limit)
    is_display = kind != "paren"
    if closing is None:
        is_at_end = limit == len(text) and "`" not in text[body:]
        return Formula(start, limit, "", is_display) if is_at_end and text[body:].strip() else None
    tex = _without_quote(text, start, text[body : closing.start(1)])
    return Formula(start, closing.end(), tex, is_display) if tex else None


def _between_dollars(text: str, start: int, body: int, limit: int) -> Formula | None:
    before = text[start - 1] if start else " "
    if text[body : body + 1].strip() == "" or (before.isascii() and before.isalnum()):
        return None
    closing = _END_OF_DOLLAR.search(text, body + 1, limit + 1)
    if closing is None or closing.end() > limit:
        return None
    tex = _without_quote(text, start, text[body : closing.start()])
    if "`" in tex or "$" in tex.replace("\\$", "") or (_MONEY.match(tex) and not _MATH_SIGNS.search(tex)):
        return None
    return Formula(start, closing.end(), tex, False)


def _without_quote(text: str, start: int, tex: str) -> str:
    """The LaTeX without the signs of a quotation at the beginning of its lines."""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return (_QUOTE_PREFIX.sub("\n", tex) if line.lstrip().startswith(">") else tex).strip()


def _behind_code(text: str, opening: re.Match[str]) -> int:
    """Where a code span ends; behind its opening when it does not in the same paragraph."""
    limit = _paragraph_end(text, opening.end())
    closing = re.compile(rf"(?<!`){opening[0]}(?!`)").search(text, opening.end(), limit)
    return closing.end() if closing else opening.end()


def _behind_fence(text: str, opening: re.Match[str]) -> int:
    fence = opening["ticks"] or opening["tildes"]
    closing = re.compile(rf"^[ \t>]*{fence}{fence[0]}*[ \t]*$", re.MULTILINE).search(text, opening.end())
    return closing.end() if closing else len(text)


def _paragraph_end(text: str, start: int) -> int:
    """The next empty line, or where a formula or code span would have become too long."""
    limit = min(len(text), start + FORMULA_CHARACTERS_MAX)
    blank = _BLANK_LINE.search(text, start, limit)
    return blank.start() if blank else limit
