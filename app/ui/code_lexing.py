"""Which words of a growing code are what, a few milliseconds at a time. No Qt; Pygments is imported by whoever makes a lexer.

Pygments starts anew with every text. Its regular lexers, though, can be started in the midst of one, when the state is known that
they were in there; so only the last lines are read again when more come. Other lexers get one line at a time. When the code is
complete, all of it is read once: the end of a comment, say, may make one of what began long before.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pygments.lexer import Lexer

LINES_MAX = 5_000
LINE_CHARACTERS_MAX = 1_000
"""Of code that has colours. Some lexers take quadratic time, within a line above all."""
SECONDS_MAX = 3.0
TOKEN_SECONDS_MAX = 0.25
SLOW_TOKENS_MAX = 1
"""One may be slow because Python looked for garbage meanwhile."""

Spans = list[tuple[int, int, str]]
"""Start, end and kind of the words of a line."""

KINDS = {
    "Comment": "comment",
    "Comment.Preproc": "meta",
    "Keyword": "keyword",
    "Keyword.Constant": "number",
    "Keyword.Type": "type",
    "Literal": "number",
    "Literal.String": "string",
    "Operator.Word": "keyword",
    "Name.Attribute": "function",
    "Name.Builtin": "type",
    "Name.Class": "type",
    "Name.Constant": "number",
    "Name.Decorator": "meta",
    "Name.Entity": "number",
    "Name.Exception": "type",
    "Name.Function": "function",
    "Name.Label": "meta",
    "Name.Namespace": "",
    "Name.Tag": "keyword",
    "Generic.Deleted": "deleted",
    "Generic.Inserted": "inserted",
    "Generic.Heading": "keyword",
    "Generic.Subheading": "meta",
    "Generic.Prompt": "comment",
}
"""Kinds of tokens by the names of Pygments; a token without a name of its own is what it is a part of."""


def make_lexer(language: str) -> Lexer | None:
    """The lexer for a language as Markdown names it; None for an unknown one. Takes up to 0.3 s."""
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer: Lexer = get_lexer_by_name(language)
    except ClassNotFound:
        return None
    next(iter(lexer.get_tokens_unprocessed("\n")), None)  # compiles its expressions
    return lexer


class Lexing:
    """Reads lines in the order in which they come.

    Attributes:
        is_given_up: the code is too long, or its lexer too slow.
    """

    def __init__(self, lexer: Lexer) -> None:
        self._lexer = lexer
        self._is_resumable = _is_resumable(lexer)
        self._text = ""
        self._is_whole = False
        self._resume: tuple[int, int, tuple[str, ...]] = (0, 0, ("root",))
        self._work: Iterator[tuple[int, Spans]] | None = None
        self._seconds = 0.0
        self._slow_tokens = 0
        self._kinds: dict[Any, str] = {}
        self._known: dict[int, Spans] = {}
        self.is_given_up = False

    def read(self, text: str, *, is_whole: bool) -> None:
        """Go on with these lines, each with its end; the text may only have grown. `is_whole` says that no more will come."""
        if self.is_given_up or (text == self._text and is_whole == self._is_whole):
            return
        new = text[len(self._text) :]
        if any(len(line) > LINE_CHARACTERS_MAX for line in new.split("\n")) or text.count("\n") > LINES_MAX:
            self.is_given_up = True
            return
        self._text, self._is_whole = text, is_whole
        if is_whole:
            self._work = self._all_at_once()
        else:
            self._work = self._from_last_state() if self._is_resumable else self._line_by_line()

    def work(self, seconds: float) -> list[tuple[int, Spans]]:
        """Lines with what is in them now and was not before, as many as there is time for; see `is_done`."""
        found: list[tuple[int, Spans]] = []
        start = time.perf_counter()
        began = before = time.thread_time()  # a busy computer does not make a lexer slow
        while self._work is not None and not self.is_given_up:
            line = next(self._work, None)
            now = time.thread_time()
            if line is None:
                self._work = None
                break
            if self._known.get(line[0]) != line[1]:
                self._known[line[0]] = line[1]
                found.append(line)
            self._slow_tokens += now - before > TOKEN_SECONDS_MAX
            self.is_given_up |= self._slow_tokens > SLOW_TOKENS_MAX
            before = now
            if time.perf_counter() - start > seconds:
                break
        self._seconds += time.thread_time() - began
        self.is_given_up |= self._seconds > SECONDS_MAX
        return found

    @property
    def is_done(self) -> bool:
        """Whether there is nothing to do before more is read."""
        return self._work is None or self.is_given_up

    def _from_last_state(self) -> Iterator[tuple[int, Spans]]:
        from pygments.lexer import ExtendedRegexLexer, LexerContext

        text = self._text
        position, line, stack = self._resume
        if position >= len(text):
            return
        context = LexerContext(text, position, list(stack))

        def tokens() -> Iterator[tuple[int, Any, str]]:
            for token in ExtendedRegexLexer.get_tokens_unprocessed(self._lexer, context=context):
                start = token[0]
                if start == context.pos and (start == 0 or text[start - 1] == "\n"):
                    self._resume = start, text.count("\n", 0, start), tuple(context.stack)
                yield token

        yield from self._lines(tokens(), line)

    def _line_by_line(self) -> Iterator[tuple[int, Spans]]:
        position, line, stack = self._resume
        while (end := self._text.find("\n", position)) >= 0:
            source = self._text[position : end + 1]
            yield from self._lines(iter(self._lexer.get_tokens_unprocessed(source)), line)
            position, line = end + 1, line + 1
            self._resume = position, line, stack

    def _all_at_once(self) -> Iterator[tuple[int, Spans]]:
        yield from self._lines(iter(self._lexer.get_tokens_unprocessed(self._text)), 0)

    def _lines(self, tokens: Iterator[tuple[int, Any, str]], line: int) -> Iterator[tuple[int, Spans]]:
        spans: Spans = []
        column = 0
        for _, token_type, value in tokens:
            kind = self._kind(token_type)
            parts = value.split("\n")
            for index, part in enumerate(parts):
                if part and kind:
                    start = spans.pop()[0] if spans and spans[-1][1:] == (column, kind) else column
                    spans.append((start, column + len(part), kind))
                column += len(part)
                if index < len(parts) - 1:
                    yield line, spans
                    spans, column, line = [], 0, line + 1
        if column:
            yield line, spans

    def _kind(self, token_type: Any) -> str:
        if token_type not in self._kinds:
            names = [str(part).removeprefix("Token.") for part in reversed(token_type.split())]
            self._kinds[token_type] = next((KINDS[name] for name in names if name in KINDS), "")
        return self._kinds[token_type]


def _is_resumable(lexer: Lexer) -> bool:
    """Whether nothing but the table of its states decides what it does: no code of its own that knows nothing of resuming."""
    from pygments.lexer import ExtendedRegexLexer, RegexLexer
    from pygments.token import _TokenType

    if not isinstance(lexer, RegexLexer) or isinstance(lexer, ExtendedRegexLexer):
        return False
    rules = (rule for state in lexer._tokens.values() for rule in state)
    return all(
        action is None or isinstance(action, _TokenType) or getattr(action, "__module__", "") == "pygments.lexer"
        for _, action, _ in rules
    )
