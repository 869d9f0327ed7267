"""Bold words beside Chinese punctuation, against a program that keeps to CommonMark."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.chat.emphasis import UNSEEN, loosen_bold


def html_of(markdown: str) -> str:
    return MarkdownIt("commonmark").renderInline(loosen_bold(markdown)).replace(UNSEEN, "")


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**要点：**内容", "<strong>要点：</strong>内容"),
        ("他说**“不行”**然后走了", "他说<strong>“不行”</strong>然后走了"),
        ("**第一：**甲，**第二：**乙", "<strong>第一：</strong>甲，<strong>第二：</strong>乙"),
        ("增长**8%**。", "增长<strong>8%</strong>。"),
        ("增长**8%**后", "增长<strong>8%</strong>后"),
        ("**Note:**中文", "<strong>Note:</strong>中文"),
        ("中**《书》**文", "中<strong>《书》</strong>文"),
    ],
)
def test_bold_words_are_bold(markdown: str, html: str) -> None:
    assert html_of(markdown) == html


@pytest.mark.parametrize(
    "markdown", ["2**(n)**x", "**a** b", "a ** b ** c", "\\**要点：\\**内容", "***x。***后", "**没有结束：", "", "**", "**** x"]
)
def test_all_else_is_left_as_it_is(markdown: str) -> None:
    assert loosen_bold(markdown) is markdown or loosen_bold(markdown) == markdown


@given(st.text(alphabet="*甲：a(。 \\\n“", max_size=60))
def test_nothing_is_lost(markdown: str) -> None:
    assert loosen_bold(markdown).replace(UNSEEN, "") == markdown


def test_many_stars_take_no_time() -> None:
    assert loosen_bold("**：a" * 50_000).replace(UNSEEN, "") == "**：a" * 50_000
