"""Diagrams (SmartArt), from the drawing that PowerPoint keeps next to them."""

from __future__ import annotations

from dataclasses import replace

from pptx.oxml import parse_xml

from ingest.slides.canvas import Canvas
from ingest.slides.context import Context
from ingest.slides.geometry import Matrix, Rect
from ingest.slides.pictures import draw_missing
from ingest.slides.xml import Element, child

_DEPTH_MAX = 3
_DRAWING = "http://schemas.microsoft.com/office/2007/relationships/diagramDrawing"


def diagram_tree(context: Context, frame: Element) -> tuple[Element, Context] | None:
    """The shapes of a diagram, and the context that their relationships need; None when the file keeps no drawing."""
    reference = child(frame, "a:graphic", "a:graphicData", "dgm:relIds")
    if reference is None or context.depth >= _DEPTH_MAX:
        return None
    data = context.related(reference.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm"))
    wanted = ""
    if data is not None:
        for item in parse_xml(data.blob).iter("{http://schemas.microsoft.com/office/drawing/2008/diagram}dataModelExt"):
            wanted = str(item.get("relId") or "")
    part = context.related(wanted) if wanted else None
    if part is None:
        found = [rel.target_part for rel in context.part.rels.values() if rel.reltype == _DRAWING and not rel.is_external]
        part = found[0] if len(found) == 1 else None
    if part is None:
        return None
    tree = child(parse_xml(part.blob), "dsp:spTree")
    return None if tree is None else (tree, replace(context, part=part, depth=context.depth + 1))


def draw_diagram(canvas: Canvas, frame: Element, area: Rect, context: Context) -> None:
    """The drawing, in the frame's place."""
    from ingest.slides.tree import Tree

    found = diagram_tree(context, frame)
    if found is None:
        context.warn("a diagram (SmartArt) has no drawing in the file and is shown as a grey box.")
        draw_missing(canvas, area)
        return
    tree, inner = found
    with canvas.transformed(Matrix(e=area.x, f=area.y)):
        Tree(canvas, inner, None, None).draw(tree)
