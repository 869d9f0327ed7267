"""The parts of a document in HTML, in their order: the same for a page and for a PDF."""

from __future__ import annotations

from abc import ABC, abstractmethod
from html import escape

from app.chat.export.document import Call, Document, Element, Entry, Figure, Prose, place_words
from app.chat.export.figures import Drawn, Figures
from app.chat.export.fragments import FragmentWriter, code_as_html
from app.chat.export.looks import box_colors
from app.chat.export.options import DrawFormula, Words


class Layout(ABC):
    """Writes a document; subclasses say how a picture and a formula get in.

    Attributes:
        inside_chips, between_chips: spaces around the number of a place, where a style sheet makes none.
    """

    inside_chips = ""
    between_chips = ""

    def __init__(self, words: Words, figures: Figures, draw_formula: DrawFormula) -> None:
        self._words = words
        self._figures = figures
        self.draw_formula = draw_formula

    @abstractmethod
    def picture(self, figure: Figure, drawn: Drawn, alternative: str) -> str:
        """The tag of a picture that was drawn."""

    @abstractmethod
    def formula(self, tex: str, is_display: bool) -> str:
        """A formula as HTML."""

    def body(self, document: Document) -> str:
        """Title, questions and answers."""
        return f"<h1>{escape(document.title)}</h1>\n" + "".join(self._entry(entry) for entry in document.entries)

    def _entry(self, entry: Entry) -> str:
        self._figures.check()
        words = self._words
        attached = f'<p class="quiet">{escape(words.attached)}: {escape("; ".join(entry.attached))}</p>\n' if entry.attached else ""
        who = f" · {escape(entry.who)}" if entry.who else ""
        writer = FragmentWriter(lambda number: self._reference(entry, number), self.formula)
        remarks = "".join(f'<p class="remark">{escape(remark)}</p>\n' for remark in entry.remarks)
        return (
            f'<section id="t{entry.number}">\n<div class="question">\n'
            f'<h2>{escape(words.you)} <span class="quiet">{escape(entry.asked_at)}</span></h2>\n'
            f"{attached}{''.join(self._figure(figure) for figure in entry.shown)}{_plain(entry.question)}</div>\n"
            f'<div class="answer">\n<h2>{escape(words.answer)}<span class="quiet">{who}</span></h2>\n'
            f"{self._reasoning(entry)}{''.join(self._element(element, writer) for element in entry.elements)}"
            f"{remarks}{self._places(entry)}</div>\n</section>\n"
        )

    def _reasoning(self, entry: Entry) -> str:
        if not entry.reasoning:
            return ""
        return f'<div class="reasoning">\n<h3>{escape(self._words.reasoning)}</h3>\n{_plain(entry.reasoning)}</div>\n'

    def _element(self, element: Element, writer: FragmentWriter) -> str:
        if isinstance(element, Prose):
            return writer.write(element.pieces)
        if isinstance(element, Call):
            return f'<p class="quiet">{escape(self._words.tool_call)}</p>\n{code_as_html(element.text, "")}'
        return self._figure(element)

    def _places(self, entry: Entry) -> str:
        if not entry.places:
            return ""
        shown = "".join(self._figure(figure) for figure in entry.places)
        return f'<h3 class="places">{escape(self._words.places)}</h3>\n{shown}'

    def _figure(self, figure: Figure) -> str:
        drawn = self._figures.draw(figure)
        caption = self._caption(figure)
        if drawn is None:
            sentence = escape(self._figures.sentence(figure))
            return f'<div class="figure" id="{figure.anchor}"><p class="remark">{sentence}</p>{caption}</div>\n'
        alternative = ": ".join(filter(None, (figure.name, figure.caption)))
        return f'<div class="figure" id="{figure.anchor}"><p>{self.picture(figure, drawn, alternative)}</p>{caption}</div>\n'

    def _caption(self, figure: Figure) -> str:
        chips = " ".join(
            f"{self._chip(reference.number)} {escape(reference.box.label)}" if reference.box.label else self._chip(reference.number)
            for reference in figure.references
        )
        words = " · ".join(filter(None, (escape(figure.name), escape(figure.caption), chips)))
        return f'<p class="caption">{words}</p>' if words else ""

    def _reference(self, entry: Entry, number: int) -> str:
        reference, figure = entry.references.get(number), entry.targets.get(number)
        if reference is None or figure is None:
            text = escape(reference.text if reference is not None else str(number))
            return f'<span class="lost" title="{escape(self._words.no_such_picture)}">{text}</span>'
        title = escape(place_words(reference, figure))
        chip = f'<a class="{_classes(number)}" href="#{figure.anchor}" title="{title}">{self._number(number)}</a>'
        return self.between_chips + chip + self.between_chips

    def _chip(self, number: int) -> str:
        return f'<span class="{_classes(number)}">{self._number(number)}</span>'

    def _number(self, number: int) -> str:
        return f"{self.inside_chips}{number}{self.inside_chips}"


def _classes(number: int) -> str:
    return f"ref box{(number - 1) % len(box_colors('light'))}"


def _plain(text: str) -> str:
    """Text as it was typed: lines stay lines."""
    paragraphs = (paragraph.strip("\n") for paragraph in text.split("\n\n") if paragraph.strip())
    return "".join("<p>" + escape(paragraph).replace("\n", "<br>") + "</p>\n" for paragraph in paragraphs)
