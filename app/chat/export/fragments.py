"""Markdown of an answer as HTML that is safe: built from tokens, every text escaped, no picture of the model's own choice in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from markdown_it.token import Token

from app.chat.answer import Reference
from app.chat.export.prose import is_safe_link, parse

CODE_CHARACTERS_MAX = 50_000
"""Longer code stays in one colour: some of Pygments' lexers take more than linear time."""
_SIMPLE = frozenset(
    {
        "paragraph_open", "paragraph_close", "blockquote_open", "blockquote_close", "bullet_list_open", "bullet_list_close",
        "ordered_list_close", "list_item_open", "list_item_close", "table_close", "thead_open", "thead_close", "tbody_open",
        "tbody_close", "tr_open", "tr_close", "th_close", "td_close", "em_open", "em_close", "strong_open", "strong_close",
        "s_open", "s_close",
    }
)  # fmt: skip
_HEADING_SHIFT = 2
"""The title is h1 and each question h2, so that the largest heading of an answer is h3."""


class FragmentWriter:
    """Writes tokens as HTML; what differs between a page and a PDF is handed in.

    `reference(number)` is the HTML of a reference, `formula(tex, is_display)` that of a formula.
    """

    def __init__(self, reference: Callable[[int], str], formula: Callable[[str, bool], str]) -> None:
        self._reference = reference
        self._formula = formula

    def write(self, pieces: Sequence[str | Reference]) -> str:
        """Markdown with references as HTML."""
        return self._all(parse(pieces))

    def _all(self, tokens: Sequence[Token]) -> str:
        out: list[str] = []
        links: list[bool] = []
        for token in tokens:
            if token.type == "link_open":
                links.append(is_safe_link(str(token.attrGet("href"))))
                out.append(_link(str(token.attrGet("href"))) if links[-1] else "")
            elif token.type == "link_close":
                out.append("</a>" if links.pop() else "")
            elif not token.hidden:
                out.append(self._one(token))
        return "".join(out)

    def _one(self, token: Token) -> str:
        match token.type:
            case "inline":
                return self._all(token.children or ())
            case "text" | "html_inline" | "html_block":
                return escape(token.content)
            case "softbreak":
                return "\n"
            case "hardbreak":
                return "<br>\n"
            case "code_inline":
                return f"<code>{escape(token.content)}</code>"
            case "fence" | "code_block":
                return code_as_html(token.content, token.info)
            case "hr":
                return "<hr>\n"
            case "image":
                return escape(f"{token.content} ({token.attrGet('src')})")
            case "reference":
                return self._reference(token.meta["number"])
            case "formula":
                return self._formula(token.content, token.meta["display"])
            case _:
                return self._tag(token)

    def _tag(self, token: Token) -> str:
        line_end = "\n" if token.block else ""
        if token.type in _SIMPLE:
            return f"<{'/' if token.nesting < 0 else ''}{token.tag}>{line_end}"
        match token.type:
            case "heading_open" | "heading_close":
                level = min(6, int(token.tag[1]) + _HEADING_SHIFT)
                return f"<h{level}>" if token.nesting > 0 else f"</h{level}>\n"
            case "ordered_list_open":
                start = token.attrGet("start")
                return f'<ol start="{int(start)}">\n' if start is not None else "<ol>\n"
            case "table_open":
                return "<table>\n"
            case "th_open" | "td_open":
                align = next((side for side in ("center", "right") if side in str(token.attrGet("style"))), "")
                return f'<{token.tag} style="text-align: {align}">' if align else f"<{token.tag}>"
            case _:
                return escape(token.content)


def code_as_html(code: str, info: str) -> str:
    """Code with its colours as classes of Pygments."""
    from pygments import highlight
    from pygments.formatters.html import HtmlFormatter

    colored: str = highlight(code, lexer_for(code, info), HtmlFormatter(nowrap=True))
    return f'<pre class="code"><code>{colored}</code></pre>\n'


def lexer_for(code: str, info: str) -> Any:
    """The lexer of Pygments for the language that a fence names; plain text for what is unknown or very long."""
    from pygments.lexers import get_lexer_by_name
    from pygments.lexers.special import TextLexer
    from pygments.util import ClassNotFound

    name = info.split()[0] if info.split() else ""
    if name and len(code) <= CODE_CHARACTERS_MAX:
        try:
            return get_lexer_by_name(name, stripnl=False)
        except ClassNotFound:
            pass
    return TextLexer(stripnl=False)


def _link(address: str) -> str:
    return f'<a href="{escape(address)}" rel="noopener noreferrer">'
