"""What the application holds of something that was opened: its pages or frames, each read only when asked for.

Everything is parsed in a child (`ingest.isolate`); this side keeps names and sizes. All methods that read block, may be called from
any thread, and raise the classes of `ingest.errors`. Pages and frames keep their ids, so engines and caches know them again.
"""

from __future__ import annotations

import atexit
import functools
import hashlib
import math
import os
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol, TypeVar, overload

from base.cells import fit_to_cells
from base.wire import Wire
from ingest import limits
from ingest.codec import from_wire, is_increasing
from ingest.errors import FileUnreadable, NoSuchPage, TooLarge
from ingest.files import file_key, open_file
from ingest.isolate import Readers, Reply, reader_failed
from ingest.types import TIMED_KINDS, Contents, FrameTime, Kind, PageInfo, PageText, Pixels

T = TypeVar("T")

PX_PER_POINT = 2.0
"""How large a page is shown and kept for marking: 144 dpi."""
KEPT_PICTURE_BYTES_MAX = 64 << 20
"""Pictures up to this size are read at once, so that a question outlives the file; everything else is read from the file."""
PAGES_AT_ONCE = 256
_STREAM_BYTES = 4 << 20
_PICTURE_SUFFIXES = (
    *(".png", ".jpg", ".jpeg", ".jpe", ".gif", ".webp", ".bmp", ".tif", ".tiff"),
    *(".heic", ".heif", ".avif", ".svg", ".ppm", ".pgm", ".pbm"),
)


class PixelCache(Protocol):
    """Where rendered pixels and recognised text stay for the next time (`ingest.cache`)."""

    def get(self, key: str) -> bytes | None: ...

    def put(self, key: str, data: bytes) -> None: ...


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

    def __init__(self, id: str, name: str, contents: Contents, session: _Session) -> None:
        """Use `open_attachment`."""
        self.id, self.name, self.contents, self._session = id, name, contents, session

    @property
    def kind(self) -> Kind:
        return self.contents.kind

    @property
    def path(self) -> Path | None:
        return self._session.path

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
        times = _checked(tuple[FrameTime, ...], self._call(request, limits.CONVERT_SECONDS), self.name)
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
        pages = _checked(tuple[PageInfo, ...], reply, self.name)
        if [page.index for page in pages] != list(range(first, min(first + count, self.contents.page_count))):
            raise reader_failed(self.name)
        return pages

    def read_text(self, index: int) -> PageText:
        return _checked(PageText, self._call({"method": "text", "index": index}, limits.PAGE_SECONDS), self.name)

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


class _Session:
    """How an attachment reaches its bytes in a child."""

    def __init__(
        self,
        source: Wire,
        data: bytes | None,
        password: str | None,
        readers: Readers,
        cache: PixelCache | None,
        stop: threading.Event | None,
    ) -> None:
        self.source, self._data, self._password, self._readers = source, data, password, readers
        self.cache, self._stop = cache, stop

    @property
    def path(self) -> Path | None:
        return Path(self.source["path"]) if self.source["path"] else None

    def call(self, request: Wire, time_s: float, blob_bytes: int = 0) -> Reply:
        return self._readers.call(
            request | {"source": self.source, "password": self._password},
            name=self.source["name"],
            time_s=time_s,
            blob=self._data,
            blob_bytes=blob_bytes,
            stop=self._stop,
        )


def open_attachment(
    source: Path | str | bytes | BinaryIO,
    *,
    name: str | None = None,
    password: str | None = None,
    readers: Readers | None = None,
    cache: PixelCache | None = None,
    cache_folder: Path | None = None,
    stop: threading.Event | None = None,
) -> Attachment:
    """Open a file, bytes or a stream of any known kind; the kind is found from the bytes.

    Args:
        name: what to call it; defaults to the file's name.
        password: for what is encrypted.
        readers: the children to read with; the process's own by default.
        cache: keeps rendered pixels.
        cache_folder: where a reading child may keep costly intermediate results.
        stop: when set, whatever is being read for this attachment ends with ReaderStopped, now and later.

    Raises any class of `ingest.errors`; PasswordNeeded and PasswordWrong ask for another try with a password.
    """
    wire, data = _describe(source, name)
    wire["cache"] = str(cache_folder) if cache_folder is not None else None
    session = _Session(wire, data, password, readers or default_readers(), cache, stop)
    reply = session.call({"method": "open"}, limits.CONVERT_SECONDS)
    result = reply.result if isinstance(reply.result, dict) else {}
    sha256 = str(result.get("sha256"))
    contents = _checked(Contents, Reply(result.get("contents"), b""), wire["name"])
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise reader_failed(wire["name"])
    wire["sha256"] = sha256
    return Attachment(sha256, wire["name"], contents, session)


@functools.cache
def default_readers() -> Readers:
    """Two children for whoever brings none. They end with the program."""
    readers = Readers()
    atexit.register(readers.close)
    return readers


def size_for(
    width: float, height: float, may_grow: bool, *, max_pixels: int | None = None, tokens: int | None = None
) -> tuple[int, int]:
    """The largest size of the same shape within `max_pixels`, or of whole cells within `tokens`; its own size without either."""
    if tokens is not None:
        if not may_grow:
            return fit_to_cells(max(1, round(width)), max(1, round(height)), 1, tokens)
        scale = math.sqrt(tokens * 28 * 28 / (width * height))
        return fit_to_cells(max(1, round(width * scale)), max(1, round(height * scale)), 1, tokens)
    scale = math.sqrt(max_pixels / (width * height)) if max_pixels is not None else 1.0
    if not may_grow:
        scale = min(1.0, scale)
    columns, rows = max(1, math.floor(width * scale + 1e-9)), max(1, math.floor(height * scale + 1e-9))
    if max_pixels is not None and columns * rows > max_pixels:  # one row of pixels is as low as it gets, and no shape to keep
        columns, rows = min(columns, max(1, max_pixels // rows)), min(rows, max(1, max_pixels // columns))
    return columns, rows


def format_time(time_s: float) -> str:
    """Seconds as people write them, to the tenth: "00:12.5", "1:02:03"; more digits only where a tenth is not exact enough."""
    digits = next(digits for digits in (0, 1, 2, 3, 6) if digits == 6 or abs(round(time_s, digits) - time_s) < 5e-7)
    total = round(time_s, digits)
    minutes, seconds = divmod(total, 60)
    width = 2 if digits == 0 else 3 + digits
    text = f"{int(minutes) % 60:02d}:{seconds:0{width}.{digits}f}"
    return f"{int(minutes) // 60}:{text}" if minutes >= 60 else text


def parse_time(text: str) -> float:
    """Seconds from "12.5", "00:12.5" or "1:02:03". Raises NoSuchPage for anything else."""
    if not re.fullmatch(r"(\d{1,9}:){0,2}\d{1,9}(\.\d{1,12})?", text.strip()):
        raise NoSuchPage(f"{text} is no time. Write 00:12.5 or 1:02:03.")
    total = 0.0
    for part in text.strip().split(":"):
        total = total * 60 + float(part)
    return total


def _describe(source: Path | str | bytes | BinaryIO, name: str | None) -> tuple[Wire, bytes | None]:
    """How to name it to a child, and its bytes where they are kept here."""
    if isinstance(source, str | Path):
        return _describe_file(Path(source), name)
    shown = _printable(name or "picture")
    data = source if isinstance(source, bytes) else _read_all(source, shown)
    if len(data) > limits.PICTURE_BYTES_MAX:
        raise TooLarge(f"{shown} is larger than {limits.PICTURE_BYTES_MAX >> 20} MB. Save it as a file and open that.")
    return _from_data(data, shown), data


def _read_all(stream: BinaryIO, name: str) -> bytes:
    """All of a stream, or a little more than is allowed. Streams may give less than they are asked for."""
    data = bytearray()
    try:
        while len(data) <= limits.PICTURE_BYTES_MAX and (part := stream.read(_STREAM_BYTES)):
            data += part
    except (OSError, ValueError) as error:  # ValueError: it is closed
        raise FileUnreadable(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    return bytes(data)


def _from_data(data: bytes, name: str) -> Wire:
    digest = hashlib.sha256(data).hexdigest()
    return {"path": None, "key": digest, "name": name, "sha256": digest, "is_empty": not data}


def _describe_file(path: Path, name: str | None) -> tuple[Wire, bytes | None]:
    shown = _printable(name or path.name or str(path))
    with open_file(path, shown) as file:
        if path.suffix.lower() in _PICTURE_SUFFIXES and os.fstat(file.fileno()).st_size <= KEPT_PICTURE_BYTES_MAX:
            data = _read_all(file, shown)
            return _from_data(data, shown), data
    return {"path": str(path.absolute()), "key": file_key(path, shown), "name": shown, "sha256": ""}, None


def _printable(name: str) -> str:
    """Names of files may hold anything but a slash."""
    return "".join(letter if letter.isprintable() or letter in "\u200c\u200d" else "\ufffd" for letter in name)


def _checked(wanted: type[T], reply: Reply, name: str) -> T:
    try:
        return from_wire(wanted, reply.result)
    except (ValueError, TypeError, RecursionError) as error:
        raise reader_failed(name) from error
