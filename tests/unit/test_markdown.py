"""Growing Markdown is cut only where nothing that follows can change what was before."""

from __future__ import annotations

import pytest

from app.chat.markdown import stable_length


@pytest.mark.parametrize(
    ("stable", "growing"),
    [
        ("", "One paragraph"),
        ("", "One\nstill the same\n"),
        ("One\n\n", "Two\n"),
        ("One\n\n", "Two\nstill two"),
        ("", "One\n\nTw"),
        ("# Head\n\nOne\n\n", "Two\n\n"),
        ("", "- a\n\n- b\n\n  more of b\n\n- c\n"),
        ("- a\n\n", "After the list\n"),
        ("", "1. a\n\n2. b\n"),
        ("", "```\nx\n\ny\n"),
        ("", "```\nx\n\ny\n```\n"),
        ("```\nx\n\n~~~\n```\n\n", "After\n"),
        ("````\n```\n\nx\n````\n\n", "After\n"),
        ("One\n\n", "```\n\ncode\n"),
        ("", "Before\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"),
        ("", "    indented\n\n    code\n"),
    ],
)
def test_the_cut_is_before_the_last_block_that_began(stable: str, growing: str) -> None:
    assert stable_length(stable + growing) == len(stable)


def test_going_on_from_an_earlier_cut_finds_the_same_place() -> None:
    text = "# A\n\nb\n\n- c\n\n- d\n\n```\ne\n\nf\n```\n\ng\n\nh\n"
    cut = 0
    for length in range(len(text) + 1):
        cut = stable_length(text[:length], cut)
        assert cut == stable_length(text[:length])
    assert text[cut:] == "h\n"
