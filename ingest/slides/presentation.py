"""The parts of a .pptx: slides with their layouts, masters and themes, as python-pptx finds them."""

from __future__ import annotations

import functools
from typing import Any

from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.opc.package import OpcPackage
from pptx.oxml import parse_xml

from ingest import limits
from ingest.archive import check_archive
from ingest.documents import Source
from ingest.errors import Damaged, Empty, TooLarge
from ingest.slides.context import Context
from ingest.slides.fonts import Fonts
from ingest.slides.images import Images
from ingest.slides.survey import named_slides, survey
from ingest.slides.theme import Palette, Theme
from ingest.slides.xml import EMU_PER_POINT, Element, child, children, flag, integer, qualified

_SIDE_MAX_PT = 14_400.0
"""The largest page of a PDF (ISO 32000-1 annex C)."""
_SIDES_RATIO_MAX = 100.0
_TITLE_CHARACTERS_MAX = 500


class Presentation:
    """One .pptx.

    Attributes:
        width, height: of its slides, in points.
        count: of its slides, hidden ones included.
        title: from its properties.
    """

    def __init__(self, source: Source) -> None:
        """Raises Damaged, Empty, TooLarge or FormatUnsupported."""
        check_archive(source)
        try:
            with source.open() as stream:
                package = OpcPackage.open(stream)
            self._main: Any = package.main_document_part
            self._root: Element = self._main._element
        except (OSError, MemoryError):
            raise
        except Exception as error:  # python-pptx and lxml throw whatever they please on damaged data
            raise Damaged(f"{source.name} is damaged: it begins like a presentation, but its parts do not fit together.") from error
        self._slides = self._slide_parts(source.name)
        self.count = len(self._slides)
        size = child(self._root, "p:sldSz")
        self.width = integer(size, "cx", 9_144_000) / EMU_PER_POINT
        self.height = integer(size, "cy", 6_858_000) / EMU_PER_POINT
        sides = sorted((self.width, self.height))
        if sides[0] < 1 or sides[1] > _SIDE_MAX_PT or sides[1] > sides[0] * _SIDES_RATIO_MAX:
            raise Damaged(f"{source.name} is damaged: its slides are of no size that can be drawn.")
        self.title = self._read_title(package)
        self._theme = functools.cache(_read_theme)
        self._locators = {str(part.partname): f"slide {index + 1}" for index, part in enumerate(self._slides)}

    def warnings(self, with_office: bool) -> tuple[str, ...]:
        """Sentences about what is hidden or missing when its slides are shown, by LibreOffice or without."""
        return (*self._hidden(), *survey(self._slides, with_office))

    def contexts(self, index: int, fonts: Fonts, images: Images) -> tuple[Context, Context, Context]:
        """Of a slide, its layout and its master. They share their warnings."""
        part = self._slides[index]
        layout = part.part_related_by(RT.SLIDE_LAYOUT)
        master = layout.part_related_by(RT.SLIDE_MASTER)
        theme, defaults = self._theme(master), child(self._root, "p:defaultTextStyle")
        base = Context(
            part=master,
            theme=theme,
            palette=Palette.of(theme, child(master._element, "p:clrMap")),
            fonts=fonts,
            images=images,
            number=index + 1 + integer(self._root, "firstSlideNum", 1) - 1,
            defaults=() if defaults is None else (defaults,),
            text_styles=child(master._element, "p:txStyles"),
            slide_locators=self._locators,
        )
        on_layout = base.of(layout, _own_colours(layout, theme) or base.palette)
        return base.of(part, _own_colours(part, theme) or on_layout.palette), on_layout, base

    def notes(self, index: int) -> Element | None:
        """The root of a slide's speaker notes; None when it has none."""
        for relationship in self._slides[index].rels.values():
            if relationship.reltype == RT.NOTES_SLIDE and not relationship.is_external:
                return getattr(relationship.target_part, "_element", None)
        return None

    def _slide_parts(self, name: str) -> list[Any]:
        parts = []
        for item in children(child(self._root, "p:sldIdLst"), "p:sldId"):
            relationship = self._main.rels.get(item.get(qualified("r:id")))
            part = relationship.target_part if relationship is not None and not relationship.is_external else None
            if getattr(part, "_element", None) is not None:
                parts.append(part)
        if not parts:
            raise Empty(f"{name} has no slides.")
        if len(parts) > limits.PAGES_MAX:
            raise TooLarge(f"{name} has more than {limits.PAGES_MAX} slides, which is too many.")
        return parts

    def _read_title(self, package: Any) -> str:
        try:
            return str(package.main_document_part.core_properties.title or "")[:_TITLE_CHARACTERS_MAX]
        except Exception:  # properties that are damaged; the slides need not be
            return ""

    def _hidden(self) -> tuple[str, ...]:
        hidden = [index + 1 for index, part in enumerate(self._slides) if not flag(part._element, "show", True)]
        return (f"{named_slides(hidden)}: hidden in a slide show, shown here.",) if hidden else ()


def _own_colours(part: Any, theme: Theme) -> Palette | None:
    override = child(part._element, "p:clrMapOvr", "a:overrideClrMapping")
    return Palette.of(theme, override) if override is not None else None


def _read_theme(master: Any) -> Theme:
    try:
        return Theme.read(parse_xml(master.part_related_by(RT.THEME).blob))
    except Exception:  # none, or a damaged one: Office's own theme does
        return Theme.read(None)
