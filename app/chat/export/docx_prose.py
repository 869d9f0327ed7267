"""Markdown of an answer as paragraphs, lists and tables of a Word document."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from markdown_it.token import Token

from app.chat.answer import Reference
from app.chat.export.docx_marks import Numbering, add_web_link, describe, lower, shade
from app.chat.export.docx_styles import add_paragraph, style_id
from app.chat.export.fragments import lexer_for
from app.chat.export.looks import code_colors, color
from app.chat.export.options import DrawFormula
from app.chat.export.prose import is_safe_link, parse

_FORMULA_PT = 11.5
_FORMULA_WIDTH_PT_MAX = 440.0
_FORMULA_ZOOM = 2
"""Of the drawing, whose letters have 32 px."""
_LEVELS_MAX = 8
"""Of lists; Word has nine."""


@dataclass(slots=True)
class _Manner:
    """How letters look where the writer is."""

    bold: int = 0
    italic: int = 0
    strike: int = 0
    link: str | None = None
    linked: list[Any] = field(default_factory=list)


class ProseWriter:
    """Appends to a document of python-docx. `add_reference(paragraph, number)` writes a reference."""

    def __init__(self, document: Any, add_reference: Callable[[Any, int], None], draw_formula: DrawFormula) -> None:
        self._docx = document
        self._add_reference = add_reference
        self._draw_formula = draw_formula
        self._numbering = Numbering(document)
        self._lists: list[int] = []
        self._quotes = 0
        self._is_new_item = False

    def write(self, pieces: Sequence[str | Reference]) -> None:
        """Append Markdown with references in it."""
        tokens = parse(pieces)
        index = 0
        while index < len(tokens):
            if tokens[index].type == "table_open":
                end = next(i for i in range(index, len(tokens)) if tokens[i].type == "table_close")
                self._table(tokens[index:end])
                index = end
            else:
                self._block(tokens[index], tokens[index + 1] if index + 1 < len(tokens) else None)
            index += 1

    def _block(self, token: Token, following: Token | None) -> None:
        match token.type:
            case "paragraph_open" if following is not None:
                paragraph, content = self._paragraph(), following.children or []
                if [piece.type for piece in content] == ["formula"] and content[0].meta["display"]:
                    paragraph.alignment = 1
                self._inline(paragraph, content)
            case "heading_open" if following is not None:
                heading = add_paragraph(self._docx, "", f"Heading {min(5, int(token.tag[1]) + 1)}")
                self._inline(heading, following.children or [])
            case "bullet_list_open" | "ordered_list_open":
                is_ordered, start = token.type == "ordered_list_open", int(token.attrGet("start") or 1)
                level = min(len(self._lists), _LEVELS_MAX)
                self._lists.append(self._numbering.new_list(is_ordered, min(start, 32_767), level))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._is_new_item = True
            case "blockquote_open":
                self._quotes += 1
            case "blockquote_close":
                self._quotes -= 1
            case "fence" | "code_block":
                self._code(token)
            case "hr":
                self._docx.add_paragraph("―" * 12).alignment = 1
            case "html_block":
                self._paragraph().add_run(printable(token.content))

    def _paragraph(self) -> Any:
        """A new one, as an item of a list or as a quotation where it stands in one."""
        from docx.shared import Pt

        paragraph = add_paragraph(self._docx, "", "Quote" if self._quotes else "Normal")
        level = min(len(self._lists), _LEVELS_MAX + 1) - 1
        if self._lists and self._is_new_item:
            Numbering.apply(paragraph, self._lists[-1], level)
            self._is_new_item = False
        elif self._lists or self._quotes:
            paragraph.paragraph_format.left_indent = Pt(18 * (level + 1) + 18 * self._quotes + 6)
        if self._lists:
            paragraph.paragraph_format.space_after = Pt(2)
        return paragraph

    def _code(self, token: Token) -> None:
        """One paragraph, its lines apart, in the colours of Pygments."""
        from docx.shared import RGBColor
        from pygments import lex

        self._is_new_item = False
        paragraph = add_paragraph(self._docx, "", "Code")
        code = token.content.rstrip("\n")
        for kind, text in lex(code, lexer_for(code, token.info)):
            run = paragraph.add_run(printable(text))
            if (tone := code_colors(kind)) is not None:
                run.font.color.rgb = RGBColor.from_string(tone)
        _drop_last_break(paragraph)

    def _table(self, tokens: Sequence[Token]) -> None:
        rows: list[list[tuple[Token, Token]]] = []
        for index, token in enumerate(tokens):
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                rows[-1].append((token, tokens[index + 1]))
        table = self._docx.add_table(len(rows), max(len(row) for row in rows), "Table Grid")
        for cells, row in zip(table.rows, rows, strict=True):
            for cell, (opening, content) in zip(cells.cells, row, strict=False):
                paragraph = cell.paragraphs[0]
                paragraph.alignment = {"right": 2, "center": 1}.get(str(opening.attrGet("style") or "").partition(":")[2])
                self._inline(paragraph, content.children or [], _Manner(bold=int(opening.tag == "th")))
        self._docx.add_paragraph()

    def _inline(self, paragraph: Any, tokens: Sequence[Token], manner: _Manner | None = None) -> None:
        manner = manner or _Manner()
        for token in tokens:
            match token.type:
                case "strong_open" | "strong_close":
                    manner.bold += token.nesting
                case "em_open" | "em_close":
                    manner.italic += token.nesting
                case "s_open" | "s_close":
                    manner.strike += token.nesting
                case "link_open":
                    manner.link = str(token.attrGet("href"))
                case "link_close":
                    if manner.link and is_safe_link(manner.link) and manner.linked:
                        add_web_link(paragraph, printable(manner.link), manner.linked)
                    manner.link, manner.linked = None, []
                case "reference":
                    self._add_reference(paragraph, token.meta["number"])
                case "formula":
                    self._formula(paragraph, token.content, token.meta["display"])
                case "code_inline":
                    run = self._run(paragraph, token.content, manner)
                    run._r.style = style_id("Code Letters")
                    shade(run._r.get_or_add_rPr(), color("light", "sunken"))
                case "image":
                    self._run(paragraph, f"{token.content} ({token.attrGet('src')})", manner)
                case "softbreak" | "hardbreak":
                    self._run(paragraph, " " if token.type == "softbreak" else "\n", manner)
                case _:
                    self._run(paragraph, token.content, manner)

    def _run(self, paragraph: Any, text: str, manner: _Manner) -> Any:
        from docx.shared import RGBColor

        run = paragraph.add_run(printable(text))
        font = run.font
        font.bold, font.italic, font.strike = manner.bold > 0 or None, manner.italic > 0 or None, manner.strike > 0 or None
        if manner.link and is_safe_link(manner.link):
            font.color.rgb, font.underline = RGBColor.from_string(color("light", "accent")[1:]), True
            manner.linked.append(run)
        return run

    def _formula(self, paragraph: Any, tex: str, is_display: bool) -> None:
        """As a picture that stands on the line; as its source where it cannot be drawn."""
        from docx.shared import Pt

        drawing = self._draw_formula(tex, is_display)
        if drawing is None:
            paragraph.add_run(printable(tex))._r.style = style_id("Code Letters")
            return
        png = _pixels(drawing.svg)
        size = min(_FORMULA_PT, _FORMULA_WIDTH_PT_MAX / drawing.width)
        run = paragraph.add_run()
        shape = run.add_picture(io.BytesIO(png), Pt(max(1.0, drawing.width * size)), Pt(max(1.0, drawing.height * size)))
        describe(shape, printable(tex))
        if not is_display:
            lower(run, drawing.depth * size)


@lru_cache(maxsize=64)
def _pixels(svg: str) -> bytes:
    """A drawing as PNG."""
    import resvg_py

    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=_FORMULA_ZOOM))


def _drop_last_break(paragraph: Any) -> None:
    """Lexers end code with a line break."""
    breaks = paragraph._p.xpath("w:r/w:br")
    runs = paragraph._p.xpath("w:r")
    if breaks and runs and breaks[-1].getparent() is runs[-1] and runs[-1][-1] is breaks[-1]:
        runs[-1].remove(breaks[-1])


def printable(text: str) -> str:
    """Without what XML 1.0 cannot hold."""
    kept = "".join(letter for letter in text if letter in "\n\t" or (letter >= " " and letter not in "\ufffe\uffff"))
    return kept.encode(errors="ignore").decode()
