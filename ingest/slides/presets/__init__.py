"""The preset shapes of DrawingML, by name: ECMA-376 part 1, 20.1.10.56; the geometry is that of its annex presetShapeDefinitions."""

from __future__ import annotations

from ingest.slides.geometry import Rect
from ingest.slides.guides import adjustments
from ingest.slides.outline import Outline
from ingest.slides.presets import arrows, basic, callouts, flowchart, lines, round_shapes, stars
from ingest.slides.presets.frame import Frame, Maker
from ingest.slides.xml import Element

_MAKERS: dict[str, Maker] = {
    **basic.SHAPES,
    **round_shapes.SHAPES,
    **arrows.SHAPES,
    **stars.SHAPES,
    **callouts.SHAPES,
    **flowchart.SHAPES,
    **lines.SHAPES,
}


def preset(name: str, area: Rect, geometry: Element | None = None) -> Outline | None:
    """A preset stretched over an area, with the adjustments of its `a:prstGeom`; None for a name that is not known."""
    maker = _MAKERS.get(name)
    if maker is None:
        return None
    return maker(Frame(max(area.width, 0.0), max(area.height, 0.0), adjustments(geometry))).moved(area.x, area.y)


def names() -> frozenset[str]:
    """All that are known."""
    return frozenset(_MAKERS)
