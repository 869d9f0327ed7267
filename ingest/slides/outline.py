"""The geometry of one shape: its paths and where its text goes, from a preset or from its own paths.

ECMA-376 part 1, 20.1.9 (custom geometry) and 20.1.10.56 (presets).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ingest.slides.geometry import Matrix, Path, Rect, own_angle
from ingest.slides.guides import Guides
from ingest.slides.xml import EMU_PER_POINT, Element, child, children, elements, flag, local_name

_PATHS_MAX = 256
_SEGMENTS_MAX = 20_000
LIGHTER = {"lighten": 0.4, "lightenLess": 0.2, "darken": -0.4, "darkenLess": -0.2}
"""How much a path of a preset is mixed with white or black."""


@dataclass(frozen=True, slots=True)
class Part:
    """One path of a shape. `shade` above 0 mixes its fill with white by so much, below with black."""

    path: Path
    is_filled: bool = True
    is_stroked: bool = True
    shade: float = 0.0


@dataclass(frozen=True, slots=True)
class Outline:
    """All paths of a shape, in points of the slide, and the box of its text."""

    parts: tuple[Part, ...] = ()
    text: Rect = field(default=Rect(0, 0, 0, 0))

    def moved(self, x: float, y: float) -> Outline:
        """To another place."""
        matrix = Matrix(e=x, f=y)
        parts = tuple(replace(part, path=part.path.transformed(matrix)) for part in self.parts)
        return Outline(parts, Rect(self.text.x + x, self.text.y + y, self.text.width, self.text.height))


def custom(geometry: Element, area: Rect) -> Outline:
    """Of an `a:custGeom` stretched over an area."""
    guides = Guides(area.width * EMU_PER_POINT, area.height * EMU_PER_POINT).read(geometry, "a:avLst", "a:gdLst")
    parts = []
    for element in list(children(child(geometry, "a:pathLst"), "a:path"))[:_PATHS_MAX]:
        width, height = guides.value(element.get("w")), guides.value(element.get("h"))
        scale_x = area.width / width if width > 0 else 1 / EMU_PER_POINT
        scale_y = area.height / height if height > 0 else 1 / EMU_PER_POINT
        path = _custom_path(element, guides, area, scale_x, scale_y)
        kind = element.get("fill") or "norm"
        parts.append(Part(path, kind != "none", flag(element, "stroke", True), LIGHTER.get(kind, 0.0)))
    box = child(geometry, "a:rect")
    text = area
    if box is not None:
        left, top, right, bottom = (guides.value(box.get(side)) / EMU_PER_POINT for side in "ltrb")
        if right > left and bottom > top:
            text = Rect(area.x + left, area.y + top, right - left, bottom - top)
    return Outline(tuple(parts), text)


def _custom_path(element: Element, guides: Guides, area: Rect, scale_x: float, scale_y: float) -> Path:
    path = Path()
    for command, _ in zip(elements(element), range(_SEGMENTS_MAX), strict=False):
        kind = local_name(command)
        numbers: list[float] = []
        for point in children(command, "a:pt"):
            numbers += [area.x + guides.value(point.get("x")) * scale_x, area.y + guides.value(point.get("y")) * scale_y]
        if kind == "close" and path.segments:
            path.close()
        elif kind == "arcTo":
            rx, ry = guides.value(command.get("wR")), guides.value(command.get("hR"))
            start, sweep = guides.value(command.get("stAng")) / 60_000, guides.value(command.get("swAng")) / 60_000
            first, last = own_angle(start, rx, ry), own_angle(start + max(-360.0, min(sweep, 360.0)), rx, ry)
            path.arc(rx * scale_x, ry * scale_y, first, last - first)
        elif kind == "moveTo" and len(numbers) == 2:
            path.move(*numbers)
        elif kind == "lnTo" and len(numbers) == 2:
            path.line(*numbers)
        elif kind == "quadBezTo" and len(numbers) == 4:
            path.quadratic(*numbers)
        elif kind == "cubicBezTo" and len(numbers) == 6:
            path.curve(*numbers)
    return path
