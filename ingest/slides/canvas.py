"""Drawing a slide as vectors: points (1/72 inch) from the top left of the slide, y downwards, into a page of a PDF in memory.

    canvas = Canvas(document, page_width, page_height)
    with canvas.transformed(Matrix.rotation(30, cx, cy)):
        canvas.draw(Path.rectangle(10, 10, 200, 100), fill=Colour(1, 0, 0), stroke=Stroke(Colour(0, 0, 0), 0.75))
    page = canvas.finish()

Everything becomes operators of one content stream (ISO 32000-1 annex A), so a slide costs one string and MuPDF does the rest.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import pymupdf

from ingest.slides.geometry import Matrix, Path, Point, Rect

if TYPE_CHECKING:
    from ingest.slides.fonts import Face

_BOLD_STROKE = 0.03
"""Width of the outline, in em, that makes letters bold in a face that has no bold."""


class Colour(NamedTuple):
    """sRGB and opacity, each 0..1."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0


BLACK, WHITE = Colour(0.0, 0.0, 0.0), Colour(1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Gradient:
    """Colours from 0 to 1 along a line, or outwards from a focus.

    Attributes:
        stops: (place 0..1, colour), in order, at least two.
        start, end: of the line, in points; for a radial one its centre, twice.
        radius: None for a line.
    """

    stops: tuple[tuple[float, Colour], ...]
    start: Point
    end: Point
    radius: float | None = None


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a line is drawn. `dash` in points; `cap` 0 flat, 1 round, 2 square; `join` 0 mitre, 1 round, 2 bevel."""

    colour: Colour
    width: float = 0.75
    dash: tuple[float, ...] = ()
    cap: int = 0
    join: int = 1


class Glyphs(NamedTuple):
    """Characters of one face set from one point; `advances` in points, one a character, spacing included."""

    face: Face
    size: float
    text: str
    advances: Sequence[float]


class Canvas:
    """One slide being drawn onto a new last page of `document`."""

    def __init__(self, document: pymupdf.Document, width: float, height: float) -> None:
        self.document, self.width, self.height = document, width, height
        self._operators: list[str] = [f"1 0 0 -1 0 {_number(height)} cm"]
        self._resources: dict[str, dict[str, str]] = {}
        self._characters: dict[Face, set[str]] = {}
        self._matrix = Matrix()
        self.links: list[tuple[Rect, str]] = []

    @contextmanager
    def transformed(self, matrix: Matrix) -> Iterator[None]:
        """Everything drawn inside is moved by the matrix."""
        outer, self._matrix = self._matrix, matrix.then(self._matrix)
        self._write("q", *matrix, "cm")
        try:
            yield
        finally:
            self._write("Q")
            self._matrix = outer

    @contextmanager
    def clipped(self, path: Path, even_odd: bool = False) -> Iterator[None]:
        """Only what is inside the path is drawn."""
        self._write("q")
        self._path(path)
        self._write("W* n" if even_odd else "W n")
        try:
            yield
        finally:
            self._write("Q")

    def draw(self, path: Path, fill: Colour | Gradient | None = None, stroke: Stroke | None = None, even_odd: bool = False) -> None:
        """Fill a path, then stroke it."""
        if not path.segments:
            return
        if isinstance(fill, Gradient):
            with self.clipped(path, even_odd):
                self._shade(fill)
        elif fill is not None and fill.alpha > 0:
            self._write("q")
            self._alpha(fill.alpha)
            self._write(*fill[:3], "rg")
            self._path(path)
            self._write("f* Q" if even_odd else "f Q")
        if stroke is not None and stroke.colour.alpha > 0:
            self._write("q")
            self._alpha(stroke.colour.alpha)
            self._write(*stroke.colour[:3], "RG", stroke.width, "w", f"{stroke.cap} J {stroke.join} j")
            if stroke.dash and sum(stroke.dash) > 0:
                self._write("[", *stroke.dash, "] 0 d")
            self._path(path)
            self._write("S Q")

    def image(self, xref: int, area: Rect, alpha: float = 1.0) -> None:
        """An image of the document (`Images.xref`) stretched over an area."""
        name = self._resource("XObject", f"I{xref}", f"{xref} 0 R")
        self._write("q")
        self._alpha(alpha)
        self._write(area.width, 0.0, 0.0, -area.height, area.x, area.y + area.height, "cm", f"/{name} Do Q")

    def text(self, x: float, baseline: float, glyphs: Glyphs, colour: Colour) -> None:
        """Characters from a point of their baseline."""
        if not glyphs.text or colour.alpha <= 0:
            return
        face, size = glyphs.face, glyphs.size
        self._characters.setdefault(face, set()).update(glyphs.text)
        shows: list[str] = []
        late = 0.0
        for character, advance in zip(glyphs.text, glyphs.advances, strict=True):
            if abs(late) > 0.01:
                shows.append(_number(-late * 1000 / size))
                late = 0.0
            shows.append(f"<{face.glyph(character):04x}>")
            late += advance - face.advance(character) * size
        self._write("q")
        self._alpha(colour.alpha)
        self._write(*colour[:3], "rg BT", f"/{face.name}", size, "Tf")
        if face.is_emboldened:
            self._write(*colour[:3], "RG", size * _BOLD_STROKE, "w 2 Tr")
        self._write(1.0, 0.0, face.slant, -1.0, x, baseline, "Tm [", *shows, "] TJ ET Q")

    def link(self, area: Rect, target: str) -> None:
        """Note that a place leads somewhere: an address, or "slide 5". `links` has them in points of the slide."""
        corners = [self._matrix.apply(area.x + dx * area.width, area.y + dy * area.height) for dx in (0, 1) for dy in (0, 1)]
        x, y = min(x for x, _ in corners), min(y for _, y in corners)
        self.links.append((Rect(x, y, max(x for x, _ in corners) - x, max(y for _, y in corners) - y), target))

    def finish(self) -> int:
        """Make the page with everything on it; its number."""
        document = self.document
        page = document.new_page(-1, width=self.width, height=self.height)
        for face, characters in self._characters.items():
            self._resource("Font", face.name, f"{face.xref(sorted(characters))} 0 R")
        groups = (f"/{kind} <<{' '.join(f'/{k} {v}' for k, v in names.items())}>>" for kind, names in self._resources.items())
        document.xref_set_key(page.xref, "Resources", f"<<{' '.join(groups)}>>")
        contents = document.get_new_xref()
        document.update_object(contents, "<<>>")
        document.update_stream(contents, "\n".join(self._operators).encode("ascii"), compress=False)
        page.set_contents(contents)
        return int(page.number)

    def _write(self, *operands: float | str) -> None:
        self._operators.append(" ".join(item if isinstance(item, str) else _number(item) for item in operands))

    def _path(self, path: Path) -> None:
        self._operators += [" ".join((*map(_number, numbers), operator)) for operator, numbers in path.segments]

    def _resource(self, kind: str, name: str, value: str) -> str:
        self._resources.setdefault(kind, {})[name] = value
        return name

    def _alpha(self, alpha: float) -> None:
        if alpha < 1.0:
            percent = round(max(0.0, alpha) * 100)
            name = self._resource("ExtGState", f"A{percent}", f"<</ca {percent / 100} /CA {percent / 100}>>")
            self._write(f"/{name} gs")

    def _shade(self, gradient: Gradient) -> None:
        stops = gradient.stops
        pieces = [
            f"<</FunctionType 2 /Domain [0 1] /N 1 /C0 [{_numbers(low[:3])}] /C1 [{_numbers(high[:3])}]>>"
            for (_, low), (_, high) in itertools.pairwise(stops)
        ]
        bounds = _numbers([place for place, _ in stops[1:-1]])
        function = (
            f"<</FunctionType 3 /Domain [{_numbers((stops[0][0], stops[-1][0]))}] /Functions [{' '.join(pieces)}] "
            f"/Bounds [{bounds}] /Encode [{' '.join(['0 1'] * len(pieces))}]>>"
        )
        coords: tuple[float, ...] = (*gradient.start, *gradient.end)
        if gradient.radius is not None:
            coords = (*gradient.start, 0.0, *gradient.end, gradient.radius)
        shading = (
            f"<</ShadingType {2 if gradient.radius is None else 3} /ColorSpace /DeviceRGB /Extend [true true] "
            f"/Coords [{_numbers(coords)}] /Domain [{_numbers((stops[0][0], stops[-1][0]))}] /Function {function}>>"
        )
        name = self._resource("Shading", f"S{len(self._resources.get('Shading', {}))}", shading)
        self._alpha(sum(colour.alpha for _, colour in stops) / len(stops))
        self._write(f"/{name} sh")


def _number(value: float) -> str:
    """As PDF writes numbers: no exponent, and nothing that a renderer may choke on."""
    if not -1e7 < value < 1e7:
        value = 0.0 if value != value else math.copysign(1e7, value)
    return f"{value:.4f}".rstrip("0").rstrip(".") if value % 1 else str(int(value))


def _numbers(values: Sequence[float]) -> str:
    return " ".join(map(_number, values))
