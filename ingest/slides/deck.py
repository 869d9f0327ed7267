"""A .pptx deck whose slides are drawn by Sightline, each when it is first asked for."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import Any

import pymupdf
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.opc.package import OpcPackage
from pptx.oxml import parse_xml

from ingest import limits
from ingest.documents import Source
from ingest.errors import Damaged, Empty, TooLarge
from ingest.slides.background import draw_background
from ingest.slides.canvas import Canvas
from ingest.slides.context import Context
from ingest.slides.fonts import Fonts
from ingest.slides.images import Images
from ingest.slides.reading import read_slide
from ingest.slides.theme import Palette, Theme
from ingest.slides.tree import Tree
from ingest.slides.xml import EMU_PER_POINT, Element, child, children, flag, integer, qualified
from ingest.types import Contents, PageInfo, PageText, Pixels

RENDERER = "sightline-slides 1"
_SIDE_MAX_PT = 14_400.0  # the largest page of a PDF (ISO 32000-1 annex C)


@dataclass(frozen=True, slots=True)
class Master:
    """A master with what every slide below it takes from it."""

    part: Any
    theme: Theme


class Deck:
    """One deck. Drawn slides are pages of a PDF in memory and stay there; they are small.

    Attributes:
        contents: `Contents`; hidden slides are told in its warnings.
    """

    def __init__(self, source: Source) -> None:
        """Raises Damaged, Empty or TooLarge."""
        with source.open() as stream:
            self._package = OpcPackage.open(stream)
        self._main = self._package.main_document_part
        self._root: Element = self._main._element
        self._slides = self._slide_parts(source)
        size = child(self._root, "p:sldSz")
        self._width = integer(size, "cx", 9_144_000) / EMU_PER_POINT
        self._height = integer(size, "cy", 6_858_000) / EMU_PER_POINT
        if not (1 <= self._width <= _SIDE_MAX_PT and 1 <= self._height <= _SIDE_MAX_PT):
            raise Damaged(f"{source.name} is damaged: its slides are of no size that can be drawn.")
        self._document = pymupdf.open()
        self._fonts, self._images = Fonts(self._document), Images(self._document)
        self._pages: dict[int, tuple[int, Canvas]] = {}
        self._theme = functools.cache(self._read_theme)
        self._locators = {str(part.partname): f"slide {index + 1}" for index, part in enumerate(self._slides)}
        self.contents = Contents(
            kind="deck",
            page_count=len(self._slides),
            title=str(self._package.core_properties.title or "") if hasattr(self._package, "core_properties") else "",
            warnings=tuple(self._warnings()),
            renderer=RENDERER,
        )

    def page(self, index: int) -> PageInfo:
        return PageInfo(index, f"slide {index + 1}", self._width, self._height, True)

    def text(self, index: int) -> PageText:
        page = self._page(index)
        return read_slide(page, self._pages[index][1], self._contexts(index))

    def render(self, index: int, width: int, height: int) -> Pixels:
        page = self._page(index)
        matrix = pymupdf.Matrix(width / self._width, height / self._height)
        pixmap = page.get_pixmap(matrix=matrix, alpha=False)
        if (pixmap.width, pixmap.height) != (width, height):
            pixmap = pymupdf.Pixmap(pixmap, width, height, None)
        return Pixels(width, height, bytes(pixmap.samples))

    def close(self) -> None:
        self._document.close()

    def _slide_parts(self, source: Source) -> list[Any]:
        parts = []
        for item in children(child(self._root, "p:sldIdLst"), "p:sldId"):
            relationship = self._main.rels.get(item.get(qualified("r:id")))
            if relationship is not None and not relationship.is_external:
                parts.append(relationship.target_part)
        if not parts:
            raise Empty(f"{source.name} has no slides.")
        if len(parts) > limits.PAGES_MAX:
            raise TooLarge(f"{source.name} has more than {limits.PAGES_MAX} slides, which is too many.")
        return parts

    def _warnings(self) -> list[str]:
        hidden = [index + 1 for index, part in enumerate(self._slides) if not flag(part._element, "show", True)]
        if not hidden:
            return []
        names = ", ".join(map(str, hidden[:20])) + (" and more" if len(hidden) > 20 else "")
        return [
            f"Slide {names} is hidden in a presentation; it is shown here."
            if len(hidden) == 1
            else f"Slides {names} are hidden in a presentation; they are shown here."
        ]

    def _page(self, index: int) -> pymupdf.Page:
        if index not in self._pages:
            canvas = self._draw(index)
            self._pages[index] = canvas.finish().number, canvas
        page: pymupdf.Page = self._document.load_page(self._pages[index][0])
        return page

    def _draw(self, index: int) -> Canvas:
        canvas = Canvas(self._document, self._width, self._height)
        slide, layout, master = self._contexts(index)
        roots = [context.part._element for context in (slide, layout, master)]
        draw_background(canvas, list(zip(roots, (slide, layout, master), strict=True)))
        if flag(roots[0], "showMasterSp", True):
            if flag(roots[1], "showMasterSp", True):
                Tree(canvas, master, None, None).draw(child(roots[2], "p:cSld", "p:spTree"), with_placeholders=False)
            Tree(canvas, layout, None, roots[2]).draw(child(roots[1], "p:cSld", "p:spTree"), with_placeholders=False)
        Tree(canvas, slide, roots[1], roots[2]).draw(child(roots[0], "p:cSld", "p:spTree"))
        self.contents = replace(self.contents, warnings=tuple(dict.fromkeys((*self.contents.warnings, *slide.warnings))))
        return canvas

    def _contexts(self, index: int) -> tuple[Context, Context, Context]:
        """Of a slide, its layout and its master."""
        part = self._slides[index]
        layout = part.part_related_by(RT.SLIDE_LAYOUT)
        master = layout.part_related_by(RT.SLIDE_MASTER)
        theme = self._theme(master)
        colour_map = child(master._element, "p:clrMap")
        defaults = child(self._root, "p:defaultTextStyle")
        warnings: list[str] = []
        contexts = []
        for owner, overrides in ((part, (part, layout)), (layout, (layout,)), (master, ())):
            override = next(
                (o for o in (child(p._element, "p:clrMapOvr", "a:overrideClrMapping") for p in overrides) if o is not None),
                colour_map,
            )
            contexts.append(
                Context(
                    part=owner,
                    theme=theme,
                    palette=Palette.of(theme, override),
                    fonts=self._fonts,
                    images=self._images,
                    number=index + 1,
                    defaults=() if defaults is None else (defaults,),
                    text_styles=child(master._element, "p:txStyles"),
                    slide_locators=self._locators,
                    warnings=warnings,
                )
            )
        return contexts[0], contexts[1], contexts[2]

    def _read_theme(self, master: Any) -> Theme:
        try:
            return Theme.read(parse_xml(master.part_related_by(RT.THEME).blob))
        except KeyError:  # a master without a theme is against the rules and harmless
            return Theme.read(None)
