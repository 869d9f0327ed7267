"""What a format module gives to the child that parses: a `Document` with pages, or a `Clip` with frames.

A format module has one public function, ``open_document(source: Source, password: str | None) -> Document`` or
``open_clip(source: Source) -> Clip``, and is imported when the first file of its kind comes (`OPENERS`). All of it runs in the
child, in one thread. It raises the classes of `ingest.errors` with a sentence; whatever else escapes it becomes `Damaged` in
`ingest.worker`. Opening is lazy: nothing is read before it is asked for, and what was read for one page is not kept for the next
unless it is small.
"""

from __future__ import annotations

import importlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from ingest.types import Contents, FrameTime, PageInfo, PageText, Pixels

HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes to read: a file, or what was handed over. Exactly one of `path` and `data` is set.

    Attributes:
        name: as the user knows it; for messages, and to tell apart kinds of plain text (.md, .csv, .py), for nothing else.
        media_type: what `ingest.detect` found.
        sha256: of the bytes, in hex.
        cache: a folder for `base.disk_store` where costly intermediate results may stay; None when nothing may be kept.
    """

    name: str
    path: Path | None = None
    data: bytes | None = field(default=None, repr=False)
    media_type: str = ""
    sha256: str = ""
    cache: Path | None = None

    def open(self) -> BinaryIO:
        """A new readable, seekable stream."""
        if self.path is not None:
            return open(self.path, "rb")
        return io.BytesIO(self.data or b"")

    def read(self, size: int = -1) -> bytes:
        """The first `size` bytes, or all."""
        with self.open() as stream:
            return stream.read(size)

    @property
    def size_bytes(self) -> int:
        """How many bytes there are."""
        return self.path.stat().st_size if self.path is not None else len(self.data or b"")


class Document(Protocol):
    """Something with pages. Indices are checked by the caller."""

    contents: Contents

    def page(self, index: int) -> PageInfo:
        """Cheap: no text is read and nothing is rendered."""

    def text(self, index: int) -> PageText:
        """What can be read on it."""

    def render(self, index: int, width: int, height: int) -> Pixels:
        """The whole page stretched to exactly `width` x `height` pixels, on white. Larger than a picture is allowed too."""

    def close(self) -> None:
        """Give files and memory back."""


class Clip(Protocol):
    """Something with frames."""

    contents: Contents

    def times(self, start_s: float, end_s: float | None, frames_per_s: float | None, count_max: int) -> Sequence[FrameTime]:
        """The frames worth looking at in a range, in order, each at the exact time at which the file shows it.

        `frames_per_s` None takes GLM-4.6V's rule for the length of the range. Near-duplicates are left out, the frames at which the
        picture changes are kept, at most `count_max` frames in all. With a rate of the user's, neither is dropped nor added.
        """

    def frame(self, time_s: float, width: int, height: int) -> Pixels:
        """The frame shown at `time_s`, turned as the file says, stretched to exactly `width` x `height` pixels."""

    def close(self) -> None:
        """Give files and memory back."""


OPENERS: dict[str, str] = {
    "picture": "ingest.images",
    "animation": "ingest.animation",
    "pdf": "ingest.pdf",
    "deck": "ingest.slides",
    "video": "ingest.video",
    "text": "ingest.text",
}
"""The module that opens each kind."""


def open_source(source: Source, kind: str, password: str | None) -> Document | Clip:
    """Open with the module for `kind`."""
    module = importlib.import_module(OPENERS[kind])
    opened: Document | Clip = module.open_clip(source) if kind in ("animation", "video") else module.open_document(source, password)
    return opened
