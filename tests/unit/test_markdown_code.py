"""Code is coloured while it grows, as Pygments colours the whole of it, and never for long."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pygments.lexer import Lexer
from pygments.token import Keyword

from app.ui.code_lexing import LINES_MAX, SLOW_TOKENS_MAX, TOKEN_SECONDS_MAX, Lexing, Spans, make_lexer

SAMPLES = {
    "python": (
        'import os\n\n\n@cache\ndef f(a: int = 1) -> str:\n    """Doc\n\n    more.\n    """\n'
        '    return f"{a!r:>4} x" + "中文😀"  # note\n'
    ),
    "javascript": "/* a\n * b */\nclass A extends B { get x() { return `t ${1 + y}\n z`; } }\nconst r = /a\\/b/g; // c\n",
    "cpp": '#include <vector>\n// c\nint main() {\n  /* x\n   y */\n  auto s = R"(raw\n text)"; return 0x1F;\n}\n',
    "bash": 'for f in *.txt; do\n  echo "$f: ${f%.txt}" | sed \'s/a/b/\'\ndone\ncat <<EOF\ntext $x\nEOF\n',
    "json": '{"a": [1, 2.5, null],\n "b": {"c": "d\\n"}}\n',
    "html": "<!-- c -->\n<p class=\"x\">a &amp; b</p>\n<script>\nlet a = 1;\n</script>\n",
    "yaml": "a: 1\nb:\n  - x\n  - |\n    text\n    more\n",
    "rust": "fn main() {\n    let x: u8 = b'a'; /* a /* b */ c */\n    println!(\"{}\", x);\n}\n",
    "diff": "--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n",
    "sql": "SELECT a, 'b' -- c\nFROM t WHERE x = 1.5;\n",
}  # fmt: skip


def finish(lexing: Lexing) -> dict[int, Spans]:
    lines: dict[int, Spans] = {}
    while not lexing.is_done:
        lines |= dict(lexing.work(1.0))
    return lines


def at_once(language: str, source: str) -> dict[int, Spans]:
    lexer = make_lexer(language)
    assert lexer is not None
    lexing = Lexing(lexer)
    lexing.read(source, is_whole=True)
    return finish(lexing)


@pytest.mark.parametrize("language", SAMPLES)
@pytest.mark.parametrize("step", [1, 3])
def test_growing_code_ends_in_the_colours_of_the_whole(language: str, step: int) -> None:
    source = SAMPLES[language] * 3
    lexer = make_lexer(language)
    assert lexer is not None
    lexing = Lexing(lexer)
    lines: dict[int, Spans] = {}
    ends = [end + 1 for end, letter in enumerate(source) if letter == "\n"]
    for end in itertools.islice(ends, 0, None, step):
        lexing.read(source[:end], is_whole=False)
        lines |= finish(lexing)
    lexing.read(source, is_whole=True)
    lines |= finish(lexing)
    assert lines == at_once(language, source)


def test_every_word_is_where_it_says() -> None:
    source = SAMPLES["python"]
    words = {
        (source.split("\n")[line][start:end], kind)
        for line, spans in at_once("python", source).items()
        for start, end, kind in spans
    }
    assert {
        ("def", "keyword"),
        ("f", "function"),
        ("# note", "comment"),
        ("int", "type"),
        ("1", "number"),
        ("@cache", "meta"),
    } <= words


def test_only_the_last_lines_are_read_again() -> None:
    lexer = make_lexer("python")
    assert lexer is not None
    lexing = Lexing(lexer)
    source = "x = 1\n" * 500
    lexing.read(source, is_whole=False)
    assert len(finish(lexing)) == 500
    lexing.read(source + "y = 2\n", is_whole=False)
    assert set(finish(lexing)) == {500}


def test_work_is_done_in_slices() -> None:
    lexer = make_lexer("python")
    assert lexer is not None
    lexing = Lexing(lexer)
    lexing.read(SAMPLES["python"] * 20, is_whole=True)
    first = lexing.work(0.0)
    assert len(first) == 1
    assert len(finish(lexing)) > 100


class Burning(Lexer):
    """Takes too long for each line of which it is said."""

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, Any, str]]:
        position = 0
        for line in text.splitlines(keepends=True):
            until = time.thread_time() + TOKEN_SECONDS_MAX * 1.1
            while line == "slow\n" and time.thread_time() < until:
                pass
            yield position, Keyword, line
            position += len(line)


@pytest.mark.parametrize(("slow_lines", "is_given_up"), [(SLOW_TOKENS_MAX, False), (SLOW_TOKENS_MAX + 1, True)])
def test_a_lexer_is_given_up_when_it_is_slow_not_when_something_else_was_once(slow_lines: int, is_given_up: bool) -> None:
    lexing = Lexing(Burning())
    lexing.read("slow\n" * slow_lines + "x\n" * 9, is_whole=True)
    lines = finish(lexing)
    assert lexing.is_given_up == is_given_up
    assert (len(lines) == slow_lines + 9) != is_given_up


def test_an_unknown_language_has_no_lexer() -> None:
    assert make_lexer("no such language") is None
    assert make_lexer("../../etc/passwd") is None
    assert make_lexer("") is None


@pytest.mark.parametrize("source", ["x = 1\n" * (LINES_MAX + 1), "x = '" + "a" * 5000 + "'\n"])
def test_code_that_is_too_long_has_no_colours(source: str) -> None:
    lexer = make_lexer("python")
    assert lexer is not None
    lexing = Lexing(lexer)
    lexing.read(source, is_whole=True)
    assert lexing.is_given_up
    assert lexing.work(1.0) == []


def test_a_real_file_is_coloured_whole() -> None:
    source = (Path(__file__).parents[2] / "app" / "ui" / "code_lexing.py").read_text(encoding="utf-8")
    assert max(at_once("python", source)) == source.count("\n") - 1
