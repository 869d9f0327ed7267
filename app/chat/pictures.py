"""Where pictures come from, as values that can be kept; and pictures that are opened or cut out when they are looked at. No Qt."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ingest import limits
from ingest.attachment import Attachment, Frame, Page, Picture, size_for
from ingest.types import TIMED_KINDS, Area, FrameTime, Kind, Pixels

CROP_PX_MIN = 64
"""The least that is cut out of a picture, on either side, where the picture has that much."""
CROP_SCALE_MAX = 3.0
"""How much larger than it is shown a page that is drawn from a description is drawn for a part of it."""
DRAWN_KINDS: tuple[Kind, ...] = ("pdf", "deck", "text")
"""What is drawn from a description, and may be enlarged without loss."""


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """An attachment without its contents: enough to name it, to count its pages and to find it again.

    Attributes:
        id: SHA-256 of its bytes, in hex.
        path: where its file was; empty when it came as bytes.
    """

    id: str
    name: str
    kind: Kind
    page_count: int = 0
    duration_s: float | None = None
    path: str = ""

    @classmethod
    def of(cls, attachment: Attachment) -> SourceInfo:
        """What is known of an open one."""
        contents = attachment.contents
        path = str(attachment.path) if attachment.path is not None else ""
        return cls(attachment.id, attachment.name, attachment.kind, contents.page_count, contents.duration_s, path)

    @property
    def is_timed(self) -> bool:
        """Whether it has frames rather than pages."""
        return self.kind in TIMED_KINDS

    @property
    def is_single(self) -> bool:
        """Whether it is one picture, so that naming the page says nothing."""
        return self.kind == "picture" and self.page_count == 1


@dataclass(frozen=True, slots=True)
class Place:
    """A page, a frame or a part of one.

    Attributes:
        locator: names the page or frame for ever: "page 12", "00:12.5".
        time_s: of a frame, exactly.
        area: the part that is meant; None for all of it.
    """

    source: SourceInfo
    locator: str
    time_s: float | None = None
    area: Area | None = None

    @property
    def name(self) -> str:
        """What it is called in full: "photo.png", "report.pdf, page 12", "report.pdf, part of page 12"."""
        part = "part of " if self.area is not None else ""
        return f"{part}{self.source.name}" if self.source.is_single else f"{self.source.name}, {part}{self.locator}"


Opener = Callable[[SourceInfo], Attachment]
"""Opens an attachment, or finds it open. Blocks; raises the classes of `ingest.errors`, FileUnreadable when it is gone."""


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """A picture of an earlier question: known by name and size, and opened when it is first drawn."""

    place: Place
    id: str
    name: str
    width: int
    height: int
    opener: Opener = field(repr=False, compare=False)

    def open(self) -> Picture:
        """The page, frame or part itself. Blocks; raises the classes of `ingest.errors`."""
        return find_picture(self.opener(self.place.source), self.place)

    def render(self, width: int, height: int) -> Pixels:
        return self.open().render(width, height)


@dataclass(frozen=True, slots=True)
class Crop:
    """A part of a picture, cut out of its own pixels."""

    picture: Picture
    area: Area

    @classmethod
    def of(cls, picture: Picture, area: Area) -> Crop:
        """The part that someone marked: on whole pixels, inside the picture, and no smaller than can be looked at."""
        x0, x1 = _on_pixels(area.x0, area.x1, picture.width)
        y0, y1 = _on_pixels(area.y0, area.y1, picture.height)
        whole = Area(x0, y0, x1, y1)
        return cls(picture.picture, within(picture.area, whole)) if isinstance(picture, Crop) else cls(picture, whole)

    @property
    def id(self) -> str:
        area = self.area
        return f"{self.picture.id}-{area.x0:.4f}-{area.y0:.4f}-{area.x1:.4f}-{area.y1:.4f}"

    @property
    def name(self) -> str:
        return self.picture.name

    @property
    def width(self) -> int:
        return max(1, round((self.area.x1 - self.area.x0) * self.picture.width))

    @property
    def height(self) -> int:
        return max(1, round((self.area.y1 - self.area.y0) * self.picture.height))

    def size_for(self, *, max_pixels: int | None = None, tokens: int | None = None) -> tuple[int, int]:
        """The size to render at, as for a page; a drawing may be enlarged."""
        scale = CROP_SCALE_MAX if is_vector(self.picture) else 1.0
        return size_for(self.width * scale, self.height * scale, False, max_pixels=max_pixels, tokens=tokens)

    def render(self, width: int, height: int) -> Pixels:
        """Drawn whole, as large as that takes and is allowed, then cut out and fitted. Pixels are never invented twice."""
        area = self.area
        columns, rows = width / max(area.x1 - area.x0, 1e-6), height / max(area.y1 - area.y0, 1e-6)
        if not is_vector(self.picture):
            columns, rows = min(columns, self.picture.width), min(rows, self.picture.height)
        shrink = min(1.0, math.sqrt(limits.RENDER_PIXELS_MAX / (columns * rows)))
        whole = self.picture.render(max(1, math.floor(columns * shrink + 1e-6)), max(1, math.floor(rows * shrink + 1e-6)))
        return cut_out(whole, area, width, height)


def cut_out(whole: Pixels, area: Area, width: int, height: int) -> Pixels:
    """The part of a picture, fitted to a size."""
    from PIL import Image  # not needed for the first window

    image = Image.frombuffer("RGB", (whole.width, whole.height), whole.rgb)
    box = (area.x0 * whole.width, area.y0 * whole.height, area.x1 * whole.width, area.y1 * whole.height)
    return Pixels(width, height, image.resize((width, height), Image.Resampling.LANCZOS, box=box).tobytes())


def within(outer: Area, inner: Area) -> Area:
    """A part of a part, as a part of the whole."""
    width, height = outer.x1 - outer.x0, outer.y1 - outer.y0
    return Area(
        outer.x0 + inner.x0 * width, outer.y0 + inner.y0 * height, outer.x0 + inner.x1 * width, outer.y0 + inner.y1 * height
    )  # fmt: skip


def place_of(picture: Picture) -> Place | None:
    """Where a picture comes from; None for one that no file holds."""
    if isinstance(picture, KeptPicture):
        return picture.place
    if isinstance(picture, Crop):
        place = place_of(picture.picture)
        if place is None:
            return None
        return replace(place, area=within(place.area, picture.area) if place.area is not None else picture.area)
    if isinstance(picture, Page):
        return Place(SourceInfo.of(picture.attachment), picture.locator)
    if isinstance(picture, Frame):
        return Place(SourceInfo.of(picture.attachment), picture.locator, picture.time_s)
    return None


def attachment_of(picture: Picture) -> Attachment | None:
    """The open file that a picture is of; None for one of an earlier question, and for one that no file holds."""
    while isinstance(picture, Crop):
        picture = picture.picture
    return picture.attachment if isinstance(picture, Page | Frame) else None


def find_picture(attachment: Attachment, place: Place) -> Picture:
    """The page, frame or part at a place. Raises NoSuchPage."""
    is_frame = place.time_s is not None
    whole: Picture = Frame(attachment, 0, FrameTime(place.time_s or 0.0)) if is_frame else attachment.find(place.locator)
    return Crop(whole, place.area) if place.area is not None else whole


def is_vector(picture: Picture) -> bool:
    """Whether it is drawn from a description and may be enlarged without loss."""
    if isinstance(picture, Crop):
        return is_vector(picture.picture)
    if isinstance(picture, KeptPicture):
        return picture.place.source.kind in DRAWN_KINDS
    return isinstance(picture, Page) and picture.info.is_vector


def _on_pixels(low: float, high: float, side: int) -> tuple[float, float]:
    """A range of a side of so many pixels, grown to whole pixels and to the least that is cut out."""
    low, high = min(max(low, 0.0), 1.0), min(max(high, 0.0), 1.0)
    first, end = math.floor(low * side + 1e-6), math.ceil(high * side - 1e-6)
    missing = max(0, min(CROP_PX_MIN, side) - (end - first))
    first = max(0, min(first - missing // 2, side - (end - first) - missing))
    end = min(side, max(end, first + min(CROP_PX_MIN, side)))
    return first / side, end / side
