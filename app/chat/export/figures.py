"""Draws the figures of a document: from the original pixels, with their marked places, as PNG or JPEG.

A picture that cannot be read any more is a warning, and whoever writes the document puts a sentence in its place.
"""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.chat.answer import WHOLE_PICTURE, Reference
from app.chat.export.document import Figure
from app.chat.export.options import Progress, Words
from app.chat.history.errors import HistoryError
from app.chat.pictures import Crop, KeptPicture
from ingest.attachment import Picture, size_for
from ingest.errors import IngestError
from ingest.types import Area

if TYPE_CHECKING:
    from PIL import Image

PIXELS_MAX = 4_000_000
"""Of one figure. A page at 144 dpi has 2 million, a screen of 4K 8 million. Crops below it keep their own pixels."""
_PNG_BYTES_MAX = 600_000
"""Beyond it, JPEG may do better; below it, what has sharp edges stays as it is."""
_JPEG_QUALITY = 90

log = logging.getLogger(__name__)


class Stopped(Exception):
    """Whoever started the export does not want it any more."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure as a file: its bytes, `png` or `jpg`, and its size in pixels."""

    data: bytes
    suffix: str
    width: int
    height: int

    @property
    def media_type(self) -> str:
        return "image/png" if self.suffix == "png" else "image/jpeg"


class Figures:
    """Draws one after another, and counts.

    Attributes:
        warnings: sentences about those that could not be drawn.
    """

    def __init__(self, words: Words, total: int, progress: Progress | None, stop: threading.Event | None) -> None:
        self.warnings: list[str] = []
        self._words = words
        self._total = total
        self._done = 0
        self._progress = progress
        self._stop = stop

    def draw(self, figure: Figure) -> Drawn | None:
        """The figure as a file; None, with a warning, when its picture cannot be read. Blocks. Raises Stopped."""
        self.check()
        drawn = None
        if figure.picture is not None:
            try:
                drawn = encode(_marked(_image(figure.picture, figure.area), figure))
            except (IngestError, HistoryError, OSError, ValueError, MemoryError) as error:
                log.warning("a picture could not be exported: %s", type(error).__name__)
        if drawn is None:
            self.warn(self.sentence(figure))
        self.count()
        return drawn

    def sentence(self, figure: Figure) -> str:
        """What stands where a figure could not be drawn."""
        return self._words.unreadable.format(name=figure.name) if figure.picture is not None else self._words.no_such_picture

    def lose(self, name: str) -> str:
        """Note that the picture of this name cannot be read; returns the sentence for its place."""
        self.warn(sentence := self._words.unreadable.format(name=name))
        self.count()
        return sentence

    def check(self) -> None:
        """Raises Stopped once the export is to end."""
        if self._stop is not None and self._stop.is_set():
            raise Stopped

    def count(self) -> None:
        """One more step is done."""
        self._done += 1
        if self._progress is not None:
            self._progress(min(self._done, self._total), self._total)

    def warn(self, sentence: str) -> None:
        """Keep a warning, once."""
        if sentence not in self.warnings:
            self.warnings.append(sentence)


def encode(image: Image.Image) -> Drawn:
    """As PNG, unless JPEG is far smaller, as it is for photographs."""
    png = _saved(image, "PNG")
    if len(png) > _PNG_BYTES_MAX:
        jpeg = _saved(image, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
        if len(jpeg) < len(png) / 2:
            return Drawn(jpeg, "jpg", *image.size)
    return Drawn(png, "png", *image.size)


def encode_lossless(width: int, height: int, rgb: bytes) -> Drawn:
    """Pixels as PNG. Raises ValueError when there are not as many as there should be."""
    from PIL import Image

    image = Image.frombytes("RGB", (width, height), rgb)
    return Drawn(_saved(image, "PNG"), "png", width, height)


def rendered(picture: Picture, width: int, height: int) -> Image.Image:
    """A picture at a size. Raises what its file raises."""
    from PIL import Image

    pixels = picture.render(width, height)
    return Image.frombytes("RGB", (pixels.width, pixels.height), pixels.rgb)


def _image(picture: Picture, area: Area | None) -> Image.Image:
    if isinstance(picture, KeptPicture):
        picture = picture.open()
    if area is not None:
        picture = Crop(picture, area)
    if isinstance(picture, Crop):
        return rendered(picture, *picture.size_for(max_pixels=min(PIXELS_MAX, 9 * picture.width * picture.height)))
    return rendered(picture, *size_for(picture.width, picture.height, False, max_pixels=PIXELS_MAX))


def _marked(image: Image.Image, figure: Figure) -> Image.Image:
    """With its places drawn on; a mention of the whole picture is no box."""
    from app.chat.annotate import draw_references

    inside = [
        _within(reference, figure.area)
        for reference in figure.references
        if (reference.box.x0, reference.box.y0, reference.box.x1, reference.box.y1) != WHOLE_PICTURE
    ]
    return draw_references(image, inside) if inside else image


def _within(reference: Reference, area: Area | None) -> Reference:
    """The same place, as fractions of the part that was cut out."""
    if area is None:
        return reference
    box, width, height = reference.box, area.x1 - area.x0, area.y1 - area.y0
    inner = replace(
        box,
        x0=_clamped((box.x0 - area.x0) / width),
        y0=_clamped((box.y0 - area.y0) / height),
        x1=_clamped((box.x1 - area.x0) / width),
        y1=_clamped((box.y1 - area.y0) / height),
    )
    return replace(reference, box=inner)


def _clamped(fraction: float) -> float:
    return min(max(fraction, 0.0), 1.0)


def _saved(image: Image.Image, kind: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def fitted(size: Sequence[float], width_max: float, height_max: float) -> tuple[float, float]:
    """A size in pixels brought into a space, in the units of the space, never enlarged beyond one unit a pixel."""
    scale = min(1.0, width_max / size[0], height_max / size[1])
    return size[0] * scale, size[1] * scale
