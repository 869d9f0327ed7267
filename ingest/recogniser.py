"""Text of pictures, on the side of the application: asks a child of its own, remembers the answers.

Methods block and may be called from any thread. The child is started at the first call and ends when it has had nothing to do for a
while: the models take half a gigabyte, which the children that read files do not need.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import unicodedata
from collections.abc import Sequence

from base.wire import Wire
from ingest import limits
from ingest.attachment import PX_PER_POINT, Page, Picture, PixelCache, size_for
from ingest.cache import RenderCache
from ingest.codec import from_wire, to_wire
from ingest.isolate import WORKER_COMMAND, Readers
from ingest.reading_order import is_same_row
from ingest.session import checked
from ingest.types import Area, PageText, Pixels, RecognisedLine, Word

VERSION = "PP-OCRv6 small 1"
"""To be changed with anything that makes other text of the same picture; answers of other versions are not used."""
PX_PER_POINT_SCANNED = 200 / 72
"""Scanned pages are drawn at 200 dpi: print of 8 points is 22 pixels high, and more takes longer without being read better."""
UNHURRIED_PIXELS = 4_000_000
"""Larger pictures have more than `limits.RECOGNITION_SECONDS`, as they may hold more lines."""
_NARROW, _WIDE = frozenset(" .,:;'!|`ijlIftr()[]{}/\\-\""), frozenset("mwMW@%")


class Recogniser:
    """Finds the text of pages, frames and captures."""

    def __init__(self, cache: PixelCache | None = None, command: Sequence[str] = WORKER_COMMAND) -> None:
        """Starts nothing yet. Without a cache, answers are remembered until the program ends."""
        self._cache = cache if cache is not None else RenderCache(None)
        self._readers = Readers(count=1, command=command, memory_bytes=limits.RECOGNITION_MEMORY_BYTES)

    def recognise(self, picture: Picture, stop: threading.Event | None = None) -> PageText:
        """What can be read on a page or frame, with the places of its words; empty where there is no text.

        Raises the classes that `Picture.render` raises, RecognitionMissing, ReaderSlow, ReaderMemory, ReaderFailed, or
        ReaderStopped when `stop` is set.
        """
        key = f"{picture.id} {VERSION}"
        return self._known(key) or self._read(key, picture.render(*_size(picture)), picture.name, stop)

    def recognise_pixels(self, pixels: Pixels, name: str = "The picture", stop: threading.Event | None = None) -> PageText:
        """The same for something that is no page, such as a part of the screen."""
        digest = hashlib.sha256(b"%d %d " % (pixels.width, pixels.height))
        digest.update(pixels.rgb)
        key = f"{digest.hexdigest()} {VERSION}"
        return self._known(key) or self._read(key, pixels, name, stop)

    def close(self) -> None:
        """End the child, working or not."""
        self._readers.close()

    def _known(self, key: str) -> PageText | None:
        data = self._cache.get(key)
        try:
            return from_wire(PageText, json.loads(data)) if data is not None else None
        except (ValueError, RecursionError):
            return None

    def _read(self, key: str, pixels: Pixels, name: str, stop: threading.Event | None) -> PageText:
        request: Wire = {"method": "recognise", "width": pixels.width, "height": pixels.height}
        time_s = limits.RECOGNITION_SECONDS * max(1.0, pixels.width * pixels.height / UNHURRIED_PIXELS)
        reply = self._readers.call(request, name=name, time_s=time_s, blob=pixels.rgb, stop=stop)
        text = page_text(checked(tuple[RecognisedLine, ...], reply, name))
        kept = json.dumps(to_wire(text), separators=(",", ":"))
        self._cache.put(key, kept.encode())
        return from_wire(PageText, json.loads(kept))  # the same now as later


def page_text(lines: Sequence[RecognisedLine]) -> PageText:
    """Recognised lines as the text of a page: one below the other, with tabs between those that stand in one row."""
    text = ""
    for index, line in enumerate(lines):
        if index:
            text += "\t" if _follows(lines[index - 1], line) else "\n"
        text += line.text
    words = tuple(word for line in lines for word in words_of(line))
    return PageText(text[: limits.PAGE_CHARACTERS_MAX], words[: limits.PAGE_WORDS_MAX], scanned=True)


def words_of(line: RecognisedLine) -> tuple[Word, ...]:
    """The words of a line, each with its share of the width as its characters have it; of a line from top to bottom, all of it."""
    if line.y1 - line.y0 > 1.5 * (line.x1 - line.x0) and len(line.text) > 2:
        return tuple(Word(text, line.x0, line.y0, line.x1, line.y1) for text in line.text.split())
    before = [0.0]
    for character in line.text:
        before.append(before[-1] + _width(character))
    scale = (line.x1 - line.x0) / (before[-1] or 1.0)
    return tuple(
        Word(word[0], line.x0 + before[word.start()] * scale, line.y0, line.x0 + before[word.end()] * scale, line.y1)
        for word in re.finditer(r"\S+", line.text)
    )


def _follows(one: RecognisedLine, other: RecognisedLine) -> bool:
    return other.x0 >= one.x0 and is_same_row(Area(one.x0, one.y0, one.x1, one.y1), Area(other.x0, other.y0, other.x1, other.y1))


def _width(character: str) -> float:
    """In half of what a Chinese character takes; as most typefaces have it."""
    if unicodedata.east_asian_width(character) in "WF":
        return 2.0
    return 0.6 if character in _NARROW else 1.6 if character in _WIDE else 1.0


def _size(picture: Picture) -> tuple[int, int]:
    is_vector = isinstance(picture, Page) and picture.info.is_vector
    scale = PX_PER_POINT_SCANNED / PX_PER_POINT if is_vector else 1.0
    width, height = picture.width * scale, picture.height * scale
    return size_for(width, height, False, max_pixels=limits.RENDER_PIXELS_MAX)
