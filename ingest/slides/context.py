"""What everything on one slide needs to know while it is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ingest.slides.fonts import Fonts
from ingest.slides.images import Images
from ingest.slides.theme import Palette, Theme
from ingest.slides.xml import Element, child


@dataclass(frozen=True, slots=True)
class Context:
    """One slide, layout or master being drawn, or something in it.

    Attributes:
        part: python-pptx's part, whose relationships (`r:embed`, `r:link`, `r:id`) the XML refers to.
        theme, palette: fonts and colours as seen from there.
        defaults: list styles (`a:lstStyle` and its like) that hold where a shape says nothing, most specific first.
        number: of the slide, counted from 1.
        depth: how many diagrams this stands in.
        text_styles: the master's `p:txStyles`, None without.
        slide_locators: by the name of a slide's part.
        warnings: sentences so far; `warn` adds.
    """

    part: Any
    theme: Theme
    palette: Palette
    fonts: Fonts
    images: Images
    number: int
    defaults: tuple[Element, ...] = ()
    text_styles: Element | None = None
    depth: int = 0
    slide_locators: Mapping[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def warn(self, sentence: str) -> None:
        """Once for each slide."""
        sentence = f"Slide {self.number}: {sentence}"
        if sentence not in self.warnings:
            self.warnings.append(sentence)

    def related(self, relationship_id: str | None) -> Any | None:
        """The part that an id leads to; None when it is missing or outside of the file."""
        relationship = self.part.rels.get(relationship_id) if relationship_id else None
        return None if relationship is None or relationship.is_external else relationship.target_part

    def address(self, relationship_id: str | None) -> str:
        """Where an id leads outside of the file; "" when it does not."""
        relationship = self.part.rels.get(relationship_id) if relationship_id else None
        return str(relationship.target_ref) if relationship is not None and relationship.is_external else ""

    def slide_link(self, relationship_id: str | None) -> str:
        """ "slide 5" for a relationship to the fifth slide."""
        part = self.related(relationship_id)
        return self.slide_locators.get(str(part.partname), "") if part is not None else ""

    def master_style(self, name: str) -> Element | None:
        """One of the master's text styles: "p:titleStyle", "p:bodyStyle" or "p:otherStyle"."""
        return child(self.text_styles, name)

    def of(self, part: Any, palette: Palette) -> Context:
        """The same for another part of the slide."""
        return replace(self, part=part, palette=palette)
