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
        """Drawn whole, as large as that takes and is allowed, then cut out and fitted."""
        area = self.area
        whole_width, whole_height = width / (area.x1 - area.x0), height / (area.y1 - area.y0)
        shrink = min(1.0, math.sqrt(limits.RENDER_PIXELS_MAX / (whole_width * whole_height)))
        whole = self.picture.render(max(1, int(whole_width * shrink)), max(1, int(whole_height * shrink)))
        return cut_out(whole, area, width, height)


def cut_out(whole: Pixels, area: Area, width: int, height: int) -> Pixels:
    """The part of a picture, fitted to a size."""
    from PIL import Image  # not needed for the first window

    image = Image.frombuffer("RGB", (whole.width, whole.height), whole.rgb)
    box = (area.x0 * whole.width, area.y0 * whole.height, area.x1 * whole.width, area.y1 * whole.height)
    return Pixels(width, height, image.resize((width, height), Image.Resampling.LANCZOS, box=box).tobytes())


def place_of(picture: Picture) -> Place | None:
    """Where a picture comes from; None for one that no file holds."""
    if isinstance(picture, KeptPicture):
        return picture.place
    if isinstance(picture, Crop):
        place = place_of(picture.picture)
        return replace(place, area=picture.area) if place is not None else None
    if isinstance(picture, Page):
        return Place(SourceInfo.of(picture.attachment), picture.locator)
    if isinstance(picture, Frame):
        return Place(SourceInfo.of(picture.attachment), picture.locator, picture.time_s)
    return None


def find_picture(attachment: Attachment, place: Place) -> Picture:
    """The page, frame or part at a place. Raises NoSuchPage."""
    is_frame = place.time_s is not None
    whole: Picture = Frame(attachment, 0, FrameTime(place.time_s or 0.0)) if is_frame else attachment.find(place.locator)
    return Crop(whole, place.area) if place.area is not None else whole


def is_vector(picture: Picture) -> bool:
    """Whether it is drawn from a description and may be enlarged without loss."""
    return isinstance(picture, Page) and picture.info.is_vector
