"""Markdown of an answer as tokens: CommonMark with tables, strikethrough and formulas, raw HTML as text, references as tokens.

A reference stands in the source as its number between two characters of the private use area, taken out of the model's own text
before; a reference inside code stays ``[1]``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from app.chat.answer import Reference

_OPENS, _CLOSES = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPENS}(\\d+){_CLOSES}")
_FORMULA = re.compile(
    r"\\\[(?P<brackets>.{1,1000}?)\\\]|\\\((?P<parentheses>.{1,1000}?)\\\)|\$\$(?P<two>[^$]{1,1000})\$\$"
    r"|\$(?P<one>(?![\s$])[^$\n]*?(?<![\s\\]))\$(?!\d)",
    re.DOTALL,
)
_DISPLAY = {"brackets", "two"}
_BLOCK_FORMULA = {"$$": "$$", "\\[": "\\]"}
_LOADING = frozenset({"html_block", "html_inline", "image"})
_FORMULA_LINES_MAX = 100
_SAFE_LINK = re.compile(r"(https?|mailto):", re.IGNORECASE)


def source_of(pieces: Sequence[str | Reference]) -> str:
    """Text and references as one source."""
    return "".join(
        re.sub(f"[{_OPENS}{_CLOSES}]", "\ufffd", piece) if isinstance(piece, str) else f"{_OPENS}{piece.number}{_CLOSES}"
        for piece in pieces
    )


def parse(pieces: Sequence[str | Reference]) -> list[Token]:
    """Tokens of markdown-it. Besides its own there are `reference` (its number in `meta`), `math_inline` and `math_block`."""
    return _parser().parse(source_of(pieces))


def with_marks(text: str, mark: Callable[[int], str], between: Callable[[str], str] = str) -> str:
    """The source with `mark(number)` for each reference and `between(text)` for the text between them."""
    parts = _MARK.split(text)
    return "".join(mark(int(part)) if index % 2 else between(part) for index, part in enumerate(parts))


def without_marks(text: str) -> str:
    """A source, or the text of code, with ``[1]`` for the first reference."""
    return with_marks(text, lambda number: f"[{number}]")


def code_lines(source: str) -> set[int]:
    """The lines of a source, from 0, that are blocks of code, for programs that know no formulas."""
    tokens = (token for token in _plain_parser(False).parse(source) if token.type in ("fence", "code_block"))
    return {line for token in tokens if token.map for line in range(*token.map)}


def loads_nothing(source: str) -> bool:
    """Whether a program that takes HTML in Markdown for HTML finds neither a tag nor a picture in it."""
    tokens = _plain_parser(True).parse(source)
    return not any(token.type in _LOADING for block in tokens for token in (block, *(block.children or ())))


def is_safe_link(address: str) -> bool:
    """Whether an address may be kept as a link: it leads to the web or to a mail program."""
    return _SAFE_LINK.match(address) is not None


@cache
def _plain_parser(html: bool) -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": html}).enable(["table", "strikethrough"])


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.inline.ruler.before("escape", "math_inline", _inline_formula)
    parser.block.ruler.before("fence", "math_block", _block_formula, {"alt": ["paragraph", "blockquote", "list"]})
    parser.core.ruler.push("references", _split_references)
    return parser


def _inline_formula(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "$\\":
        return False
    match = _FORMULA.match(state.src, state.pos, state.posMax)
    if match is None or match.lastgroup is None:
        return False
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content = without_marks(match[match.lastgroup]).strip()
        token.meta = {"display": match.lastgroup in _DISPLAY}
    state.pos = match.end()
    return True


def _block_formula(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A formula that begins a line with ``$$`` or ``\\[`` and ends one with its counterpart, over several lines or on one."""
    if state.is_code_block(start):
        return False
    first = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    closing = _BLOCK_FORMULA.get(first[:2])
    if closing is None:
        return False
    lines = [first[2:]]
    line = start
    while not lines[-1].rstrip().endswith(closing):
        line += 1
        if line >= end or line - start > _FORMULA_LINES_MAX or not state.src[state.bMarks[line] : state.eMarks[line]].strip():
            return False
        lines.append(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]])
    content = "\n".join(lines).rstrip()[: -len(closing)]
    if closing in content:
        return False  # more than one on a line: they belong to a paragraph
    if not silent:
        state.line = line + 1
        token = state.push("math_block", "math", 0)
        token.content = without_marks(content).strip()
        token.map = [start, state.line]
        token.meta = {"display": True}
    return True


def _split_references(state: StateCore) -> None:
    """Cut references out of texts as tokens of their own; in code and addresses write their number."""
    for token in state.tokens:
        if token.type in ("fence", "code_block"):
            token.content, token.info = without_marks(token.content), without_marks(token.info)
        if token.children:
            token.children = [piece for child in token.children for piece in _split(child)]


def _split(token: Token) -> list[Token]:
    if token.type != "text":
        token.content = without_marks(token.content)
        token.attrs = {name: without_marks(_plain(value)) for name, value in token.attrs.items()}
        if token.children:
            token.children = [piece for child in token.children for piece in _split(child)]
        return [token]
    pieces = []
    for index, part in enumerate(_MARK.split(token.content)):
        if index % 2:
            pieces.append(Token("reference", "", 0, meta={"number": int(part)}, level=token.level))
        elif part:
            pieces.append(Token("text", "", 0, content=part, level=token.level))
    return pieces


def _plain(value: Any) -> str:
    """Addresses come percent-encoded; the marks in them too."""
    return str(value).replace("%EE%80%80", _OPENS).replace("%EE%80%81", _CLOSES)
