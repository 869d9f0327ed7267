"""Markdown of an answer as tokens: CommonMark with tables, strikethrough and formulas, raw HTML as text, references as tokens.

References and formulas stand in the source as a number between two characters of the private use area, which are taken out of the
model's own text before. A reference inside code is ``[1]``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.chat.answer import Reference
from app.chat.emphasis import UNSEEN, loosen_bold
from app.chat.formulas import Formula, find_formulas

_MARKS = ("\ue000", "\ue001", "\ue002", "\ue003")
_REFERENCE = re.compile("\ue000(\\d+)\ue001")
_ANY_MARK = re.compile("(\ue000\\d+\ue001|\ue002\\d+\ue003)")
_SAFE_LINK = re.compile(r"(https?|mailto):", re.IGNORECASE)
_LOADING = frozenset({"html_block", "html_inline", "image"})


def source_of(pieces: Sequence[str | Reference]) -> str:
    """Text and references as one source."""
    return "".join(
        re.sub(f"[{''.join(_MARKS)}]", "\ufffd", piece) if isinstance(piece, str) else f"\ue000{piece.number}\ue001"
        for piece in pieces
    )


def parse(pieces: Sequence[str | Reference]) -> list[Token]:
    """Tokens of markdown-it. In lines there are two more: `reference` with its number in `meta`, and `formula` with its LaTeX as
    content and in `meta` whether it stands on its own.
    """
    source = source_of(pieces)
    formulas = [formula for formula in find_formulas(source) if formula.tex]
    marked, end = [], 0
    for number, formula in enumerate(formulas):
        marked += [source[end : formula.start], f"\ue002{number}\ue003"]
        end = formula.end
    tokens = _parser(False).parse(loosen_bold("".join([*marked, source[end:]])))
    split = _Splitter(source, formulas)
    for token in tokens:
        token.content, token.info = split.restored(token.content), split.restored(token.info)
        token.children = split.pieces(token.children or ())
    return tokens


def with_marks(text: str, mark: Callable[[int], str]) -> str:
    """A source with `mark(number)` for each reference."""
    return _REFERENCE.sub(lambda match: mark(int(match[1])), text)


def without_marks(text: str) -> str:
    """A source with ``[1]`` for the first reference."""
    return with_marks(text, lambda number: f"[{number}]")


def code_lines(source: str) -> set[int]:
    """The lines of a source, from 0, that are blocks of code, for programs that know no formulas."""
    tokens = (token for token in _parser(False).parse(source) if token.type in ("fence", "code_block"))
    return {line for token in tokens if token.map for line in range(*token.map)}


def loads_nothing(source: str) -> bool:
    """Whether a program that takes HTML in Markdown for HTML finds neither a tag nor a picture in it."""
    tokens = _parser(True).parse(source)
    return not any(token.type in _LOADING for block in tokens for token in (block, *(block.children or ())))


def is_safe_link(address: str) -> bool:
    """Whether an address may be kept as a link: it leads to the web or to a mail program."""
    return _SAFE_LINK.match(address) is not None


@cache
def _parser(html: bool) -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": html}).enable(["table", "strikethrough"])


class _Splitter:
    """Cuts references and formulas out of texts as tokens of their own; in code and addresses it writes what they stand for."""

    def __init__(self, source: str, formulas: Sequence[Formula]) -> None:
        self._source = source
        self._formulas = formulas

    def restored(self, text: str) -> str:
        """Text in which nothing is marked."""
        parts = enumerate(_ANY_MARK.split(text.replace(UNSEEN, "")))
        return "".join(self._source_of(part) if index % 2 else part for index, part in parts)

    def pieces(self, tokens: Sequence[Token]) -> list[Token]:
        """The same, with more tokens."""
        return [piece for token in tokens for piece in self._split(token)]

    def _split(self, token: Token) -> list[Token]:
        if token.type != "text":
            token.content = self.restored(token.content)
            token.attrs = {name: self.restored(_decoded(value)) for name, value in token.attrs.items()}
            return [token]
        pieces = []
        for index, part in enumerate(_ANY_MARK.split(token.content.replace(UNSEEN, ""))):
            if index % 2:
                pieces.append(self._token(part))
            elif part:
                pieces.append(Token("text", "", 0, content=part))
        return pieces

    def _token(self, mark: str) -> Token:
        number = int(mark[1:-1])
        if mark[0] == _MARKS[0]:
            return Token("reference", "", 0, meta={"number": number})
        formula = self._formulas[number]
        return Token("formula", "", 0, content=without_marks(formula.tex), meta={"display": formula.is_display})

    def _source_of(self, mark: str) -> str:
        if mark[0] == _MARKS[0]:
            return f"[{mark[1:-1]}]"
        formula = self._formulas[int(mark[1:-1])]
        return without_marks(self._source[formula.start : formula.end])


def _decoded(value: Any) -> str:
    """Addresses come percent-encoded; the marks in them too."""
    text = str(value)
    for mark, code in zip(_MARKS, ("%EE%80%80", "%EE%80%81", "%EE%80%82", "%EE%80%83"), strict=True):
        text = text.replace(code, mark)
    return text
