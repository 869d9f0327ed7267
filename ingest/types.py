"""What is known about something that was opened, as values. They cross the border to the child that parses, so each is JSON.

Places are fractions 0..1 of the page as it is shown (turned as its file says), origin top left.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Kind = Literal["picture", "animation", "pdf", "deck", "video", "text"]
"""`animation` and `video` have frames, all others have pages."""

TIMED_KINDS: tuple[Kind, ...] = ("animation", "video")


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle; `x0 <= x1` and `y0 <= y1`."""

    x0: float
    y0: float
    x1: float
    y1: float


class Word(NamedTuple):
    """One word, or one run of characters where a script has no spaces, and where it stands."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Link:
    """A place that leads to a page of the same document, or out of it. Addresses are shown, never opened by Sightline."""

    area: Area
    page_index: int | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Text that belongs to a page without being printed on it.

    Attributes:
        kind: `annotation`, `field` (of a form), `speaker_notes`, `alt_text` or `subtitle`.
        text: what it says; for a field its value.
        name: of the field, the picture or the author; may be empty.
        area: where it belongs, if anywhere.
    """

    kind: str
    text: str
    name: str = ""
    area: Area | None = None


@dataclass(frozen=True, slots=True)
class PageInfo:
    """One page, as far as it is known without reading its text.

    Attributes:
        index: counted from 0.
        locator: names the page for people and for ever: "page 12", "slide 5", "lines 40-95", "sheet Costs 2".
        width, height: in pixels for pictures, in points (1/72 inch) for everything drawn from a description.
        is_vector: whether it may be rendered larger than that without loss.
    """

    index: int
    locator: str
    width: float
    height: float
    is_vector: bool


@dataclass(frozen=True, slots=True)
class PageText:
    """What can be read on a page.

    Attributes:
        text: in reading order, paragraphs and lines apart; the notes that are worth reading (field values, speaker notes,
            alternative texts) follow at its end.
        words: with their places; empty where places are unknown.
        scanned: the page shows something but holds no usable text: it has to be recognised.
        font_size_pt: a size that nine tenths of the characters reach; None without text. Tells how large to render.
    """

    text: str
    words: tuple[Word, ...] = ()
    links: tuple[Link, ...] = ()
    notes: tuple[Note, ...] = ()
    scanned: bool = False
    font_size_pt: float | None = None


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """One line of a table of contents; `level` counts from 1, `page_index` from 0 (None when it leads nowhere)."""

    level: int
    title: str
    page_index: int | None


@dataclass(frozen=True, slots=True)
class Subtitle:
    """A line spoken or shown from `start_s` to `end_s`."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What opening tells.

    Attributes:
        kind: what it is, by its bytes.
        page_count: 0 for what has frames.
        title: from the file itself; empty when it has none.
        outline: its table of contents.
        warnings: sentences for the user about what is damaged, missing or left out.
        renderer: what draws its pages and in which version; equal names promise equal pixels.
        duration_s: of what has frames; None when unknown.
        width, height: in pixels of its frames as shown; 0 for what has pages.
        frames_per_s: on average; None when unknown or for pages.
        subtitles: of the first subtitle track, or of the one in the user's language where the file says so.
    """

    kind: Kind
    page_count: int = 0
    title: str = ""
    outline: tuple[OutlineEntry, ...] = ()
    warnings: tuple[str, ...] = ()
    renderer: str = ""
    duration_s: float | None = None
    width: int = 0
    height: int = 0
    frames_per_s: float | None = None
    subtitles: tuple[Subtitle, ...] = ()


@dataclass(frozen=True, slots=True)
class FrameTime:
    """A frame worth looking at.

    Attributes:
        time_s: when it is shown, exactly as the file says.
        is_scene_start: whether it is there because the picture changed, not because of the rate.
    """

    time_s: float
    is_scene_start: bool = False


@dataclass(frozen=True, slots=True)
class Pixels:
    """8-bit RGB, `width * height * 3` bytes, row by row from the top."""

    width: int
    height: int
    rgb: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class RecognisedLine:
    """A line of text found in a picture, with how sure the recognition is of it, 0..1."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float
