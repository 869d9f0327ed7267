"""The styles of an exported Word document: our colours, a font for letters and one for Chinese characters."""

from __future__ import annotations

from typing import Any

from app.chat.export.docx_marks import set_fonts, shade
from app.chat.export.looks import color

LATIN, HAN, MONO = "Calibri", "Microsoft YaHei", "Consolas"
"""Word and LibreOffice take what is nearest where one is missing."""


def add_paragraph(document: Any, text: str, name: str) -> Any:
    """A paragraph at the end of a document. python-docx 1.2 goes through all styles, twice, for each that is given by name."""
    paragraph = document.add_paragraph(text)
    paragraph._p.style = style_id(name)
    return paragraph


def style_id(name: str) -> str:
    """The id of a style: those of Word itself and those that python-docx adds are their names without spaces."""
    return name.replace(" ", "")


def prepare_styles(document: Any) -> None:
    """Set up every style that is used."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt, RGBColor

    styles = document.styles
    normal = styles["Normal"]
    normal.font.size = Pt(10.5)
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing = 1.2
    _page(document)
    for name, size in {"Title": 20, "Heading 1": 12, "Heading 2": 13, "Heading 3": 12, "Heading 4": 11, "Heading 5": 10.5}.items():
        style = styles[name]
        style.font.size, style.font.bold, style.font.italic = Pt(size), True, False
        style.font.color.rgb = RGBColor.from_string(color("light", "text")[1:])
        style.paragraph_format.keep_with_next = True
        for border in style.element.xpath("w:pPr/w:pBdr"):
            border.getparent().remove(border)
    for name, base in {"Question": "Normal", "Quiet": "Normal", "Remark": "Normal", "Code": "Normal", "Picture": "Normal"}.items():
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles[base]
    styles.add_style("Beside", WD_STYLE_TYPE.CHARACTER)
    styles.add_style("Code Letters", WD_STYLE_TYPE.CHARACTER)
    for name in ("Normal", "Title", *(f"Heading {level}" for level in range(1, 6)), "Caption", "Quote", "Beside"):
        set_fonts(styles[name], LATIN, HAN)
    for name in ("Code", "Code Letters"):
        set_fonts(styles[name], MONO, HAN)
        styles[name].font.size = Pt(9)
    _colored(styles)
    styles["Code"].paragraph_format.line_spacing = 1.1
    styles["Picture"].paragraph_format.keep_with_next = True
    styles["Picture"].paragraph_format.line_spacing = 1.0
    for name in ("Question", "Code"):
        shade(styles[name].element.get_or_add_pPr(), color("light", "sunken"))


def _colored(styles: Any) -> None:
    from docx.shared import Pt, RGBColor

    for name, tone in {"Quiet": "text_2", "Quote": "text_2", "Caption": "text_2", "Beside": "text_2", "Remark": "warn"}.items():
        font = styles[name].font
        font.color.rgb, font.bold, font.italic = RGBColor.from_string(color("light", tone)[1:]), False, False
    for name in ("Quiet", "Caption", "Beside"):
        styles[name].font.size = Pt(9)


def _page(document: Any) -> None:
    """A4 with room of 64 points all around."""
    from docx.shared import Mm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Pt(64)
