"""An attachment, its pages and its frames, as the application holds them: names and sizes, and the way to the rest.

All methods that read block, may be called from any thread, and raise the classes of `ingest.errors`. Pages and frames keep their
ids, so that engines and caches know them again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, overload

from base.wire import Wire
from ingest import limits
from ingest.codec import is_increasing
from ingest.errors import NoSuchPage, TooLarge
from ingest.isolate import Reply, reader_failed
from ingest.measures import format_time, parse_time, size_for
from ingest.session import Session, checked
from ingest.types import TIMED_KINDS, Contents, FrameTime, Kind, PageInfo, PageText, Pixels

PX_PER_POINT = 2.0
"""How large a page is shown and kept for marking: 144 dpi."""
PAGES_AT_ONCE = 256


class Picture(Protocol):
    """Anything that can be looked at: a picture, a page, a slide, a frame.

    Attributes:
        id: names exactly this, for ever; equal ids promise equal pixels at equal sizes.
        name: what to call it in front of the user: "report.pdf, page 3".
        width, height: size in pixels at which it is shown and marked.
    """

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...

    def render(self, width: int, height: int) -> Pixels:
        """All of it, stretched to exactly this size."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page, slide or picture."""

    attachment: Attachment = field(repr=False)
    info: PageInfo

    @property
    def id(self) -> str:
        return self.attachment.part_id(self.info.locator)

    @property
    def name(self) -> str:
        return self.attachment.name if self.attachment.is_single else f"{self.attachment.name}, {self.info.locator}"

    @property
    def locator(self) -> str:
        """Names the page within the attachment, for ever."""
        return self.info.locator

    @property
    def width(self) -> int:
        return self._shown_size[0]

    @property
    def height(self) -> int:
        return self._shown_size[1]

    def text(self) -> PageText:
        """What can be read on it without recognition."""
        return self.attachment.read_text(self.info.index)

    def size_for(self, *, max_pixels: int | None = None, tokens: int | None = None) -> tuple[int, int]:
        """The size to render at: as many pixels, or model's cells of 28 x 28, as allowed; pictures are never enlarged."""
        return size_for(self.info.width, self.info.height, self.info.is_vector, max_pixels=max_pixels, tokens=tokens)

    def render(self, width: int, height: int) -> Pixels:
        return self.attachment.render_page(self.info.index, self.id, width, height)

    @property
    def _shown_size(self) -> tuple[int, int]:
        info = self.info
        if not info.is_vector:
            return max(1, round(info.width)), max(1, round(info.height))
        return size_for(info.width * PX_PER_POINT, info.height * PX_PER_POINT, False, max_pixels=limits.RENDER_PIXELS_MAX // 4)


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of a video or an animation."""

    attachment: Attachment = field(repr=False)
    index: int
    time: FrameTime

    @property
    def id(self) -> str:
        return self.attachment.part_id(repr(self.time.time_s))

    @property
    def name(self) -> str:
        return f"{self.attachment.name}, {self.locator}"

    @property
    def time_s(self) -> float:
        """When it is shown."""
        return self.time.time_s

    @property
    def locator(self) -> str:
        """Names the frame within the attachment, for ever: "00:12.5"."""
        return format_time(self.time.time_s)

    @property
    def width(self) -> int:
        return self.attachment.contents.width

    @property
    def height(self) -> int:
        return self.attachment.contents.height

    def size_for(self, *, max_pixels: int | None = None, tokens: int | None = None) -> tuple[int, int]:
        """The size to render at, as for a page."""
        return size_for(self.width, self.height, False, max_pixels=max_pixels, tokens=tokens)

    def render(self, width: int, height: int) -> Pixels:
        return self.attachment.render_frame(self.time_s, self.id, width, height)


class Attachment:
    """One thing that was opened.

    Attributes:
        id: SHA-256 of its bytes, in hex.
        name: what to call it in front of the user, usually the file's name.
        contents: what opening told.
        path: the file, None when it came as bytes.
    """

    def __init__(self, id: str, name: str, contents: Contents, session: Session) -> None:
        """Use `open_attachment`."""
        self.id, self.name, self.contents, self._session = id, name, contents, session

    @property
    def kind(self) -> Kind:
        return self.contents.kind

    @property
    def path(self) -> Path | None:
        return self._session.path

    @property
    def data(self) -> bytes | None:
        """Its bytes, where they are kept in memory: of what came as bytes, and of small pictures. None: it is read from `path`."""
        return self._session.data

    @property
    def is_timed(self) -> bool:
        """Whether it has frames rather than pages."""
        return self.kind in TIMED_KINDS

    @property
    def is_single(self) -> bool:
        """Whether it is one picture, so that naming the page says nothing."""
        return self.kind == "picture" and self.contents.page_count == 1

    def pages(self) -> Sequence[Page]:
        """All pages, each found out about when it is taken."""
        return _Pages(self)

    def frames(
        self,
        start_s: float = 0.0,
        end_s: float | None = None,
        frames_per_s: float | None = None,
        count_max: int = limits.FRAMES_MAX,
    ) -> tuple[Frame, ...]:
        """The frames worth looking at (`ingest.documents.Clip.times`)."""
        request = {"method": "times", "start_s": start_s, "end_s": end_s, "frames_per_s": frames_per_s, "count_max": count_max}
        times = checked(tuple[FrameTime, ...], self._call(request, limits.CONVERT_SECONDS), self.name)
        if len(times) > count_max or not is_increasing(times):
            raise reader_failed(self.name)
        return tuple(Frame(self, index, time) for index, time in enumerate(times))

    def find(self, locator: str) -> Page | Frame:
        """The page or frame that a saved locator names. Raises NoSuchPage."""
        if self.is_timed:
            return Frame(self, 0, FrameTime(parse_time(locator)))
        number = re.search(r"(\d{1,9})$", locator)
        pages = self.pages()
        guess = int(number[1]) - 1 if number else -1
        if 0 <= guess < len(pages) and pages[guess].locator == locator:
            return pages[guess]
        for page in pages:
            if page.locator == locator:
                return page
        raise NoSuchPage(f"{self.name} has no {locator}.")

    def part_id(self, part: str) -> str:
        """The id of a page or frame."""
        if self.is_single:
            return self.id
        return hashlib.sha256(f"{self.id} {part} {self.contents.renderer}".encode()).hexdigest()

    def read_pages(self, first: int, count: int) -> tuple[PageInfo, ...]:
        """Sizes and locators of some pages."""
        reply = self._call({"method": "pages", "first": first, "count": count}, limits.OPEN_SECONDS)
        pages = checked(tuple[PageInfo, ...], reply, self.name)
        if [page.index for page in pages] != list(range(first, min(first + count, self.contents.page_count))):
            raise reader_failed(self.name)
        return pages

    def read_text(self, index: int) -> PageText:
        return checked(PageText, self._call({"method": "text", "index": index}, limits.PAGE_SECONDS), self.name)

    def render_page(self, index: int, id: str, width: int, height: int) -> Pixels:
        return self._pixels({"method": "render", "index": index}, id, width, height)

    def render_frame(self, time_s: float, id: str, width: int, height: int) -> Pixels:
        return self._pixels({"method": "frame", "time_s": time_s}, id, width, height)

    def _pixels(self, request: Wire, id: str, width: int, height: int) -> Pixels:
        if width < 1 or height < 1 or width * height > limits.RENDER_PIXELS_MAX:
            raise TooLarge(f"{self.name} cannot be drawn at {width} x {height} pixels.")
        cache, key = self._session.cache, f"{id}-{width}x{height}"
        rgb = cache.get(key) if cache is not None else None
        if rgb is None or len(rgb) != width * height * 3:
            size = width * height * 3
            time_s = limits.PICTURE_SECONDS if self.kind == "picture" else limits.PAGE_SECONDS
            rgb = self._call(request | {"width": width, "height": height}, time_s, blob_bytes=size).blob
            if cache is not None:
                cache.put(key, rgb)
        return Pixels(width, height, rgb)

    def _call(self, request: Wire, time_s: float, blob_bytes: int = 0) -> Reply:
        return self._session.call(request, time_s, blob_bytes)


class _Pages(Sequence[Page]):
    """Pages by index; some neighbours are asked for along with each."""

    def __init__(self, attachment: Attachment) -> None:
        self._attachment = attachment
        self._known: dict[int, PageInfo] = {}

    def __len__(self) -> int:
        return self._attachment.contents.page_count

    def __iter__(self) -> Iterator[Page]:
        return (self[index] for index in range(len(self)))

    @overload
    def __getitem__(self, index: int) -> Page: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Page]: ...
    def __getitem__(self, index: int | slice) -> Page | Sequence[Page]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        index = range(len(self))[index]
        if index not in self._known:
            first = index - index % PAGES_AT_ONCE
            for number, info in enumerate(self._attachment.read_pages(first, PAGES_AT_ONCE), first):
                self._known[number] = info
        return Page(self._attachment, self._known[index])
