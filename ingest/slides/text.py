"""Text with its looks resolved: what is left of a deck's XML once all inheritance is done. Sizes and lengths in points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ingest.slides.canvas import BLACK, Colour

Align = Literal["left", "centre", "right", "justify", "distribute"]
LINE_BREAK = "\v"
"""Within a run: a new line of the same paragraph."""


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How characters look.

    Attributes:
        family: for Latin and all other scripts than those that follow.
        east_asian: family for Chinese, Japanese and Korean; "" takes `family`.
        symbol: family for the private characters of symbol fonts; "" takes `family`.
        spacing: added to each character's width.
        raised: how far the baseline is moved up, as a fraction of the size; negative for subscripts. Makes letters smaller.
        caps: "all" or "small".
    """

    family: str = "Calibri"
    size: float = 18.0
    bold: bool = False
    italic: bool = False
    colour: Colour = BLACK
    east_asian: str = ""
    symbol: str = ""
    underline: bool = False
    strike: bool = False
    spacing: float = 0.0
    raised: float = 0.0
    caps: str = ""
    highlight: Colour | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that look the same. `link` is where they lead: an address, or "slide 5"."""

    text: str
    style: TextStyle
    link: str = ""


@dataclass(frozen=True, slots=True)
class Spacing:
    """A distance in points, or as a multiple: of a line's own height between lines, of the size of letters between paragraphs."""

    value: float
    is_points: bool = False


@dataclass(frozen=True, slots=True)
class Bullet:
    """What stands before a paragraph, with its own look."""

    text: str
    style: TextStyle
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class TabStop:
    """Where a tab leads, from the left edge of the text."""

    place: float
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """How a paragraph is set.

    `indent` is of the first line, relative to `margin_left`, often negative. `hangs`: marks may stand beyond the right edge.
    """

    align: Align = "left"
    margin_left: float = 0.0
    margin_right: float = 0.0
    indent: float = 0.0
    line_spacing: Spacing = Spacing(1.0)
    before: Spacing = Spacing(0.0, True)
    after: Spacing = Spacing(0.0, True)
    tabs: tuple[TabStop, ...] = ()
    default_tab: float = 72.0
    hangs: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Runs, one after another. `end` is the look of what would be typed at its end: it gives an empty one its height."""

    runs: tuple[Run, ...] = ()
    style: ParagraphStyle = ParagraphStyle()
    end: TextStyle = TextStyle()
    bullet: Bullet | None = None

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs).replace(LINE_BREAK, "\n")


@dataclass(frozen=True, slots=True)
class BodyStyle:
    """How paragraphs stand in their box.

    Attributes:
        insets: left, top, right, bottom.
        anchor: "top", "middle" or "bottom".
        is_centred: the block as a whole stands in the middle of the width.
        wraps: lines end at the box; else only where a paragraph does.
        direction: "horz", "vert" (turned right), "vert270" (turned left), "eaVert" (columns of upright characters) or "stacked".
        shrinks: text that does not fit is set smaller; `grows`: the box takes the height of its text.
    """

    insets: tuple[float, float, float, float] = (7.2, 3.6, 7.2, 3.6)
    anchor: Literal["top", "middle", "bottom"] = "top"
    is_centred: bool = False
    wraps: bool = True
    direction: str = "horz"
    rotation: float = 0.0
    columns: int = 1
    column_gap: float = 0.0
    shrinks: bool = False
    grows: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """All text of a shape or cell."""

    paragraphs: tuple[Paragraph, ...] = ()
    style: BodyStyle = BodyStyle()

    @property
    def text(self) -> str:
        return "\n".join(paragraph.text for paragraph in self.paragraphs)
