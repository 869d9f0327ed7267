"""The preset shapes of DrawingML, by name: ECMA-376 part 1, 20.1.10.56, drawn as its presetShapeDefinitions say."""

from __future__ import annotations

import ingest.slides.presets.arrows as arrows
import ingest.slides.presets.basic as basic
import ingest.slides.presets.callouts as callouts
import ingest.slides.presets.flowchart as flowchart
import ingest.slides.presets.lines as lines
import ingest.slides.presets.round_shapes as round_shapes
import ingest.slides.presets.stars as stars
from ingest.slides.geometry import Rect
from ingest.slides.guides import adjustments
from ingest.slides.outline import Outline
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
