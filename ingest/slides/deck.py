"""A .pptx deck: its slides drawn by Sightline when they are first asked for, or taken from the PDF that LibreOffice made of it."""

from __future__ import annotations

from dataclasses import replace

import pymupdf

from ingest.documents import Source
from ingest.pdf import RENDERER as PDF_RENDERER
from ingest.pdf import PdfPages
from ingest.slides.background import draw_background
from ingest.slides.canvas import Canvas
from ingest.slides.fonts import Fonts
from ingest.slides.geometry import Rect
from ingest.slides.images import Images
from ingest.slides.presentation import Presentation
from ingest.slides.reading import SlideReader, read_speaker_notes, with_notes
from ingest.slides.tree import Tree
from ingest.slides.xml import child, flag
from ingest.types import Area, Contents, Link, Note, PageInfo, PageText, Pixels

RENDERER = f"sightline slides 1, {PDF_RENDERER}"
_NOTES_MAX = 2_000


class Deck:
    """A deck drawn by Sightline. Drawn slides are pages of a PDF in memory and stay there; they are small.

    Attributes:
        contents: grows by the warnings that drawing a slide brings.
    """

    def __init__(self, source: Source, presentation: Presentation) -> None:
        self._presentation = presentation
        self._document = pymupdf.open()
        self._fonts, self._images = Fonts(self._document), Images(self._document)
        self._pages = PdfPages(self._document, source.name)
        self._drawn: dict[int, tuple[int, tuple[Link, ...]]] = {}
        self.contents = Contents(
            "deck",
            page_count=presentation.count,
            title=presentation.title,
            warnings=presentation.warnings(with_office=False),
            renderer=RENDERER,
        )

    def page(self, index: int) -> PageInfo:
        return slide_info(index, self._presentation)

    def text(self, index: int) -> PageText:
        page, links = self._page(index)
        found = self._pages.text(page)
        return replace(read_slide(index, self._presentation, found, self._fonts, self._images), links=links)

    def render(self, index: int, width: int, height: int) -> Pixels:
        return self._pages.render(self._page(index)[0], width, height)

    def close(self) -> None:
        self._document.close()

    def _page(self, index: int) -> tuple[int, tuple[Link, ...]]:
        """The number of the page that shows a slide, and its links."""
        if index not in self._drawn:
            canvas = self._draw(index)
            self._drawn[index] = canvas.finish(), tuple(self._link(area, target) for area, target in canvas.links)
        return self._drawn[index]

    def _draw(self, index: int) -> Canvas:
        canvas = Canvas(self._document, self._presentation.width, self._presentation.height)
        contexts = self._presentation.contexts(index, self._fonts, self._images)
        slide, layout, master = contexts
        roots = [context.part._element for context in contexts]
        draw_background(canvas, list(zip(roots, contexts, strict=True)))
        if flag(roots[0], "showMasterSp", True):
            if flag(roots[1], "showMasterSp", True):
                Tree(canvas, master, None, None).draw(child(roots[2], "p:cSld", "p:spTree"), with_placeholders=False)
            Tree(canvas, layout, None, roots[2]).draw(child(roots[1], "p:cSld", "p:spTree"), with_placeholders=False)
        Tree(canvas, slide, roots[1], roots[2]).draw(child(roots[0], "p:cSld", "p:spTree"))
        new = [warning for warning in slide.warnings if warning not in self.contents.warnings]
        self.contents = replace(self.contents, warnings=(*self.contents.warnings, *new))
        return canvas

    def _link(self, area: Rect, target: str) -> Link:
        width, height = self._presentation.width, self._presentation.height
        edges = (area.x / width, area.y / height, (area.x + area.width) / width, (area.y + area.height) / height)
        place = Area(*(max(0.0, min(edge, 1.0)) for edge in edges))
        if target.startswith("slide "):
            return Link(place, page_index=int(target.removeprefix("slide ")) - 1)
        return Link(place, address=target)


class ConvertedDeck:
    """A deck as LibreOffice shows it; text and notes are read from the deck itself where that is a .pptx."""

    def __init__(self, source: Source, pdf: bytes, renderer: str, presentation: Presentation | None) -> None:
        """`pdf` has one page a slide, hidden ones included."""
        self._document = pymupdf.open("pdf", pdf)
        self._pages = PdfPages(self._document, source.name)
        self._presentation = presentation
        self._fonts, self._images = Fonts(self._document), Images(self._document)
        self.contents = Contents(
            "deck",
            page_count=self._document.page_count,
            title=presentation.title if presentation is not None else str((self._document.metadata or {}).get("title") or ""),
            warnings=presentation.warnings(with_office=True) if presentation is not None else (),
            renderer=f"{renderer}, {PDF_RENDERER}",
        )

    def page(self, index: int) -> PageInfo:
        if self._presentation is not None:
            return slide_info(index, self._presentation)
        return replace(self._pages.info(index), locator=f"slide {index + 1}")

    def text(self, index: int) -> PageText:
        found = self._pages.text(index)
        if self._presentation is None:
            return found
        return read_slide(index, self._presentation, found, self._fonts, self._images)

    def render(self, index: int, width: int, height: int) -> Pixels:
        return self._pages.render(index, width, height)

    def close(self) -> None:
        self._document.close()


def slide_info(index: int, presentation: Presentation) -> PageInfo:
    """One slide, without reading it."""
    return PageInfo(index, f"slide {index + 1}", presentation.width, presentation.height, is_vector=True)


def read_slide(index: int, presentation: Presentation, drawn: PageText, fonts: Fonts, images: Images) -> PageText:
    """The text of a slide from the deck, with the places of words, and all else, from its drawing."""
    reader = SlideReader(presentation.contexts(index, fonts, images), presentation.width, presentation.height)
    text = reader.text() or drawn.text
    notes = reader.alternatives[:_NOTES_MAX]
    spoken = read_speaker_notes(presentation.notes(index))
    if spoken:
        notes.insert(0, Note("speaker_notes", spoken))
    return replace(drawn, text=with_notes(text, notes), notes=tuple(notes))
