"""A conversation as a Word document: real headings, lists, tables and pictures with alternative texts."""

from __future__ import annotations

import io
from typing import Any

from app.chat.export.document import Call, Document, Element, Entry, Figure, Prose
from app.chat.export.docx_marks import add_link_to, add_page_number, add_target, describe, set_language, shade
from app.chat.export.docx_prose import ProseWriter, printable
from app.chat.export.docx_styles import add_paragraph, prepare_styles, style_id
from app.chat.export.figures import Drawn, Figures, fitted
from app.chat.export.looks import box_colors
from app.chat.export.options import DrawFormula, Words

_WIDTH_PT, _HEIGHT_PT = 467.0, 420.0
_QUESTION_HEIGHT_PT = 150.0
_PT_PER_PX = 0.5


def write_docx(document: Document, words: Words, figures: Figures, draw_formula: DrawFormula) -> bytes:
    """The whole file. Blocks while pictures are drawn. Raises Stopped."""
    return _Writer(words, figures, draw_formula).write(document)


class _Writer:
    """Fills one document of python-docx from top to bottom."""

    def __init__(self, words: Words, figures: Figures, draw_formula: DrawFormula) -> None:
        import docx

        self._draw_formula = draw_formula
        self._words = words
        self._figures = figures
        self._docx: Any = docx.Document()
        prepare_styles(self._docx)
        set_language(self._docx, words.language.replace("_", "-"))

    def write(self, document: Document) -> bytes:
        properties = self._docx.core_properties
        properties.title, properties.author, properties.comments = document.title[:255], "Sightline", ""
        add_paragraph(self._docx, printable(document.title), "Title")
        for entry in document.entries:
            self._entry(entry)
        add_page_number(self._docx)
        buffer = io.BytesIO()
        self._docx.save(buffer)
        return buffer.getvalue()

    def _entry(self, entry: Entry) -> None:
        self._figures.check()
        words = self._words
        self._heading(words.you, entry.asked_at)
        if entry.attached:
            self._paragraph(f"{words.attached}: {'; '.join(entry.attached)}", "Quiet")
        for figure in entry.shown:
            self._figure(figure)
        self._plain(entry.question, "Question")
        self._heading(words.answer, entry.who)
        if entry.reasoning:
            self._paragraph(words.reasoning, "Quiet")
            self._plain(entry.reasoning, "Quote")
        prose = ProseWriter(self._docx, lambda paragraph, number: self._reference(paragraph, entry, number), self._draw_formula)
        for element in entry.elements:
            self._element(element, prose)
        for remark in entry.remarks:
            self._paragraph(remark, "Remark")
        if entry.places:
            add_paragraph(self._docx, printable(words.places), "Heading 2")
            for figure in entry.places:
                self._figure(figure)

    def _element(self, element: Element, prose: ProseWriter) -> None:
        if isinstance(element, Prose):
            prose.write(element.pieces)
        elif isinstance(element, Call):
            self._paragraph(self._words.tool_call, "Quiet")
            self._plain(element.text, "Code")
        else:
            self._figure(element)

    def _figure(self, figure: Figure) -> None:
        drawn = self._figures.draw(figure)
        if drawn is None:
            paragraph = self._paragraph(self._figures.sentence(figure), "Remark")
        else:
            paragraph = add_paragraph(self._docx, "", "Picture")
            self._picture(paragraph, figure, drawn)
        add_target(paragraph, figure.anchor)
        words = " · ".join(filter(None, (figure.name, figure.caption)))
        caption = self._paragraph(words, "Caption")
        for reference in figure.references:
            caption.add_run("  ")
            self._chip(caption, reference.number)
            caption.add_run(printable(f" {reference.box.label}" if reference.box.label else ""))

    def _picture(self, paragraph: Any, figure: Figure, drawn: Drawn) -> None:
        from docx.shared import Pt

        most = _QUESTION_HEIGHT_PT if figure.anchor.startswith("q") else _HEIGHT_PT
        width, height = fitted((drawn.width * _PT_PER_PX, drawn.height * _PT_PER_PX), _WIDTH_PT, most)
        shape = paragraph.add_run().add_picture(io.BytesIO(drawn.data), Pt(max(width, 1)), Pt(max(height, 1)))
        describe(shape, printable(": ".join(filter(None, (figure.name, figure.caption)))), printable(figure.name))

    def _reference(self, paragraph: Any, entry: Entry, number: int) -> None:
        reference, figure = entry.references.get(number), entry.targets.get(number)
        if reference is None or figure is None:
            paragraph.add_run(printable(reference.text if reference else "")).font.underline = True
            return
        add_link_to(paragraph, figure.anchor, self._chip(paragraph, number))

    def _chip(self, paragraph: Any, number: int) -> Any:
        from docx.shared import Pt, RGBColor

        run = paragraph.add_run(f"\u00a0{number}\u00a0")
        run.font.bold, run.font.size, run.font.color.rgb = True, Pt(8), RGBColor(255, 255, 255)
        colors = box_colors("light")
        shade(run._r.get_or_add_rPr(), colors[(number - 1) % len(colors)])
        return run

    def _heading(self, text: str, beside: str) -> None:
        heading = add_paragraph(self._docx, printable(text), "Heading 1")
        if beside:
            heading.add_run(printable(f"  {beside}"))._r.style = style_id("Beside")

    def _plain(self, text: str, style: str) -> None:
        for paragraph in text.split("\n\n"):
            self._paragraph(paragraph.strip("\n"), style)

    def _paragraph(self, text: str, style: str) -> Any:
        return add_paragraph(self._docx, printable(text), style)
