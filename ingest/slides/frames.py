"""Graphic frames: tables, charts, diagrams and embedded objects."""

from __future__ import annotations

from ingest.slides.canvas import Canvas
from ingest.slides.context import Context
from ingest.slides.geometry import Rect
from ingest.slides.pictures import draw_missing
from ingest.slides.place import Place
from ingest.slides.xml import Element, child

_TABLE = "http://schemas.openxmlformats.org/drawingml/2006/table"
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"


def draw_frame(canvas: Canvas, frame: Element, area: Rect, context: Context) -> None:
    """A `p:graphicFrame` on a canvas that is turned as it is."""
    data = child(frame, "a:graphic", "a:graphicData")
    uri = str(data.get("uri") or "") if data is not None else ""
    if uri == _TABLE:
        from ingest.slides.table import draw_table

        draw_table(canvas, child(data, "a:tbl"), area, context)
    elif uri == _CHART:
        from ingest.slides.chart import draw

        draw(canvas, frame, area, context)
    elif uri == _DIAGRAM:
        from ingest.slides.diagram import draw_diagram

        draw_diagram(canvas, frame, area, context)
    else:
        _draw_object(canvas, frame, area, context)


def _draw_object(canvas: Canvas, frame: Element, area: Rect, context: Context) -> None:
    """An embedded object: its preview picture, wherever the version that wrote it has put that."""
    from ingest.slides.pictures import draw_picture

    picture = next(frame.iter("{http://schemas.openxmlformats.org/presentationml/2006/main}pic"), None)
    if picture is not None:
        draw_picture(canvas, picture, (), Place(area), context)
        return
    context.warn("an embedded object has no preview and is shown as a grey box.")
    draw_missing(canvas, area)
