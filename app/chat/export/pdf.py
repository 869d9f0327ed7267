"""A conversation as PDF: MuPDF lays the HTML out, with its own fonts for every script, so that the text can be found and copied."""

from __future__ import annotations

import io
from html import escape
from typing import Any

from app.chat.export.document import Document, Figure
from app.chat.export.figures import Drawn, Figures, fitted
from app.chat.export.layout import Layout
from app.chat.export.looks import box_colors, code_style, color
from app.chat.export.options import DrawFormula, Words

_MARGIN_PT = 56
_FOOT_PT = 32
_WIDTH_PT, _HEIGHT_PT = 595 - 2 * _MARGIN_PT, 842 - 2 * _MARGIN_PT
"""Of what is written on a page of A4."""
_FIGURE_HEIGHT_PT = 420.0
"""So that a figure, its caption and a line fit on a page."""
_QUESTION_FIGURE_HEIGHT_PT = 150.0
_PT_PER_PX = 0.5
"""A crop of a screen is as large on paper as it is read well."""
_FORMULA_PT = 11.5
_PAGES_MAX = 5_000


class PdfLayout(Layout):
    """HTML for MuPDF: pictures and formulas by name from an archive, sizes in points.

    Attributes:
        archive: what they are drawn from.
    """

    inside_chips = "\u00a0"
    between_chips = "\u2009"

    def __init__(self, words: Words, figures: Figures, draw_formula: DrawFormula) -> None:
        super().__init__(words, figures, draw_formula)
        import pymupdf

        self.archive: Any = pymupdf.Archive()
        self._count = 0

    def picture(self, figure: Figure, drawn: Drawn, alternative: str) -> str:
        most = _QUESTION_FIGURE_HEIGHT_PT if figure.anchor.startswith("q") else _FIGURE_HEIGHT_PT
        width, height = fitted((drawn.width * _PT_PER_PX, drawn.height * _PT_PER_PX), _WIDTH_PT, most)
        return self._image(drawn.data, drawn.suffix, width, height, "")

    def formula(self, tex: str, is_display: bool) -> str:
        drawing = self.draw_formula(tex, is_display)
        if drawing is None:
            return f"<code>{escape(tex)}</code>"
        size = drawing.width * _FORMULA_PT, drawing.height * _FORMULA_PT
        width, height = fitted(size, _WIDTH_PT - 24, _FIGURE_HEIGHT_PT)
        place = "" if is_display else f"vertical-align: {-drawing.depth * _FORMULA_PT:.2f}pt"
        image = self._image(drawing.svg.encode(), "svg", width, height, place)
        return f'<div class="display">{image}</div>' if is_display else image

    def _image(self, data: bytes, suffix: str, width: float, height: float, style: str) -> str:
        self._count += 1
        name = f"{self._count}.{suffix}"
        self.archive.add(data, name)
        return f'<img src="{name}" style="width: {max(width, 1.0):.2f}pt; height: {max(height, 1.0):.2f}pt; {style}">'


def write_pdf(document: Document, words: Words, figures: Figures, draw_formula: DrawFormula) -> bytes:
    """The whole file. Blocks. Raises Stopped."""
    import pymupdf

    layout = PdfLayout(words, figures, draw_formula)
    story = pymupdf.Story(layout.body(document), user_css=_style(), archive=layout.archive)
    paper = pymupdf.paper_rect("a4")
    inside = pymupdf.Rect(_MARGIN_PT, _MARGIN_PT, _MARGIN_PT + _WIDTH_PT, _MARGIN_PT + _HEIGHT_PT)

    def next_page(number: int, _filled: Any) -> tuple[Any, Any, None]:
        figures.check()
        if number > _PAGES_MAX:
            raise ValueError("the conversation is too long for a PDF")
        return paper, inside, None

    with story.write_with_links(next_page) as pdf:
        for index, page in enumerate(pdf, 1):
            figures.check()
            place = pymupdf.Rect(_MARGIN_PT, 842 - _MARGIN_PT, 595 - _MARGIN_PT, 842 - _FOOT_PT + 12)
            page.insert_htmlbox(place, _foot(words.page_of.format(page=index, total=pdf.page_count)))
        pdf.set_metadata({"title": document.title, "creator": "Sightline", "producer": "MuPDF"})
        pdf.set_language(words.language.replace("_", "-"))
        pdf.subset_fonts()
        buffer = io.BytesIO()
        pdf.save(buffer, garbage=3, deflate=True)
        return buffer.getvalue()


def _foot(text: str) -> str:
    style = f"font-family: sans-serif; font-size: 8pt; text-align: center; color: {color('light', 'text_3')}"
    return f'<p style="{style}">{escape(text)}</p>'


def _style() -> str:
    """CSS as far as MuPDF 1.28 knows it.

    It draws a background again on every page after its own, as high as the padding above and below; borders do as well, and stay.
    """
    text, quiet, line, sunken = (color("light", name) for name in ("text", "text_2", "line", "sunken"))
    band = f"border-top: 6pt solid {sunken}; border-bottom: 5pt solid {sunken};"
    boxes = "\n".join(f".box{index} {{ background-color: {box}; }}" for index, box in enumerate(box_colors("light")))
    return f"""
body {{ font-family: sans-serif; font-size: 10pt; line-height: 1.5; color: {text}; overflow-wrap: break-word; }}
h1 {{ font-size: 18pt; line-height: 1.25; margin: 0 0 12pt 0; }}
h2 {{ font-size: 9.5pt; margin: 0 0 4pt 0; }} h3 {{ font-size: 12pt; }} h4, h5, h6 {{ font-size: 10.5pt; }}
p {{ margin: 0 0 6pt 0; }}
.question {{ background-color: {sunken}; padding: 0 10pt; margin: 14pt 0 10pt 0; {band} }}
.quiet, .caption {{ color: {quiet}; font-size: 8.5pt; font-weight: normal; }}
.reasoning {{ color: {quiet}; border-left: 1.5pt solid {line}; padding-left: 8pt; }}
.reasoning h3 {{ font-size: 9pt; }}
.remark {{ color: {color("light", "warn")}; }}
.figure {{ margin: 6pt 0 8pt 0; }} .figure p {{ margin: 0 0 2pt 0; }}
pre {{ font-family: monospace; font-size: 8pt; line-height: 1.4; white-space: pre-wrap; background-color: {sunken};
  padding: 0 8pt; margin: 4pt 0 8pt 0; {band} }}
code {{ font-family: monospace; font-size: 8.5pt; }}
table {{ border-collapse: collapse; margin: 4pt 0 8pt 0; }}
th, td {{ border: 0.6pt solid {line}; padding: 2.5pt 6pt; }}
blockquote {{ border-left: 1.5pt solid {line}; margin: 4pt 0 8pt 0; padding-left: 8pt; color: {quiet}; }}
ul, ol {{ margin: 0 0 6pt 0; }} li p {{ margin: 0; }}
a {{ color: {color("light", "accent")}; text-decoration: none; }}
.ref {{ color: #ffffff; font-size: 8pt; font-weight: bold; }}
.lost {{ color: {quiet}; text-decoration: underline; }}
.display {{ text-align: center; margin: 6pt 0; }}
{boxes}
{code_style("light")}
"""
