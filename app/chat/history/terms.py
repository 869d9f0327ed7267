"""Words to search by: how text goes into the index, how a query is asked of it, and where in a text it was found.

SQLite's tokenizer takes a run of Chinese for one word, so each character becomes a word of its own, and a run of them in a query a
phrase. A Latin word of a query also finds longer ones. Whatever else stands in a query is text: nothing of it is an operator.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from itertools import chain

QUERY_CHARACTERS_MAX = 1_000
QUERY_TERMS_MAX = 32
EXCERPT_CHARACTERS = 120
BEFORE_MARK_CHARACTERS = 32

_ONE_BY_ONE = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3105-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U00016ff0-\U00018cff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
"""Scripts that are written without spaces between words, or, as Korean, with endings: Chinese, Japanese, Korean, Tangut."""
_CHARACTER = re.compile(f"[{_ONE_BY_ONE}]")
_RUNS = re.compile(f"[{_ONE_BY_ONE}]+|[^\\s{_ONE_BY_ONE}]+")
_WORD = re.compile(r"[^\W_]+")
_GAP = r"[\W_]*"
_FOLDED_RANGES = (("A", "Z"), ("\u00c0", "\u052f"), ("\u1e00", "\u1fff"), ("\uff01", "\uff5e"))
_FOLDED_SET = "".join(f"{first}-{last}" for first, last in _FOLDED_RANGES)
_FOLDED = re.compile(f"[{_FOLDED_SET}][ {_FOLDED_SET}]*")
"""Capitals, accents, wide forms, and the spaces between: to look up Chinese, which stays as it is, takes four times as long."""
_LETTER = f"[^\\W_{_ONE_BY_ONE}]"


@dataclass(frozen=True, slots=True)
class Query:
    """A query as FTS5 takes it, and a pattern for each of its terms in folded text."""

    match: str
    patterns: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Some words of a text on one line, the marks in it, and how many of the query's terms the text holds."""

    text: str
    marks: tuple[tuple[int, int], ...]
    terms: int


def index_text(text: str) -> str:
    """Text as it goes into the index."""
    plain = fold(text).replace("\0", " ").encode(errors="replace").decode()  # SQLite takes no half characters
    return _CHARACTER.sub(r" \g<0> ", plain)


def parse(text: str) -> Query | None:
    """What to ask for. None when there is no word in it."""
    phrases: list[str] = []
    patterns: list[re.Pattern[str]] = []
    folded = fold(unicodedata.normalize("NFC", text[:QUERY_CHARACTERS_MAX]))
    for run in _RUNS.findall(folded)[:QUERY_TERMS_MAX]:
        is_latin = not _CHARACTER.match(run)
        words = _WORD.findall(run) if is_latin else list(run)
        if not words:
            continue
        is_start = is_latin and len(words[-1]) > 1
        phrases.append(f'"{" ".join(words)}"' + "*" * is_start)
        pattern = _GAP.join(map(re.escape, words))
        end = "" if is_start else f"(?!{_LETTER})"
        patterns.append(re.compile(f"(?<!{_LETTER}){pattern}{end}" if is_latin else pattern))
    return Query(" ".join(phrases), tuple(patterns)) if phrases else None


def excerpt(text: str, query: Query) -> Excerpt:
    """The words around the first place in a text that holds a term of the query; its beginning when there is none."""
    line = unicodedata.normalize("NFC", " ".join(text.split()))
    folded = fold(line)
    firsts = [found.start() for pattern in query.patterns if (found := pattern.search(folded))]
    start = max(0, min(firsts, default=0) - BEFORE_MARK_CHARACTERS)
    if start:
        space = line.find(" ", start, start + BEFORE_MARK_CHARACTERS // 2)
        start = space + 1 if space >= 0 else start
    end = start + EXCERPT_CHARACTERS
    before, after = "…" * (start > 0), "…" * (end < len(line))
    marks = {
        (found.start() + len(before), found.end() + len(before))
        for pattern in query.patterns
        for found in pattern.finditer(folded[start:end])
    }
    return Excerpt(f"{before}{line[start:end]}{after}", _apart(sorted(marks)), len(firsts))


def fold(text: str) -> str:
    """Small letters without accents, wide ones as narrow ones, each in its place: the length stays the same."""
    if text.isascii():
        return text.lower()
    table = _folds()
    return _FOLDED.sub(lambda found: found[0].translate(table), text)


@functools.cache
def _folds() -> dict[int, str]:
    table = {}
    for code in chain.from_iterable(range(ord(first), ord(last) + 1) for first, last in _FOLDED_RANGES):
        small = chr(code).lower()
        bare = "".join(part for part in unicodedata.normalize("NFKD", small) if not unicodedata.combining(part))
        is_cyrillic = 0x400 <= code < 0x530  # there a letter with a mark is another letter
        folded = small if is_cyrillic else bare
        if len(folded) == 1 and folded != chr(code):
            table[code] = folded
    return table


def _apart(marks: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Marks that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in marks:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
