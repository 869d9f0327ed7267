"""Decks about what is drawn: shapes, lines, fills, groups and pictures."""

from __future__ import annotations

from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Inches, Pt

from tests.helpers.deck_parts import (
    BLANK,
    TITLE_ONLY,
    add_slide,
    add_text,
    box,
    cut_out,
    gradient,
    new_deck,
    photo,
    set_background,
    set_fill,
    set_geometry,
    solid,
    to_bytes,
)

GALLERY = (
    *("RECTANGLE", "ROUNDED_RECTANGLE", "OVAL", "ISOSCELES_TRIANGLE", "RIGHT_TRIANGLE", "PARALLELOGRAM", "TRAPEZOID", "DIAMOND"),
    *("REGULAR_PENTAGON", "HEXAGON", "OCTAGON", "DECAGON", "PIE", "CHORD", "TEAR", "FRAME", "HALF_FRAME", "CROSS", "PLAQUE"),
    *("CAN", "CUBE", "BEVEL", "DONUT", "NO_SYMBOL", "BLOCK_ARC", "FOLDED_CORNER", "SMILEY_FACE", "HEART", "LIGHTNING_BOLT", "SUN"),
    *("MOON", "CLOUD", "ARC", "LEFT_BRACKET", "RIGHT_BRACE", "RIGHT_ARROW", "LEFT_ARROW", "UP_ARROW", "LEFT_RIGHT_ARROW"),
    *("QUAD_ARROW", "BENT_ARROW", "U_TURN_ARROW", "CURVED_RIGHT_ARROW", "STRIPED_RIGHT_ARROW", "NOTCHED_RIGHT_ARROW", "PENTAGON"),
    *("CHEVRON", "RIGHT_ARROW_CALLOUT", "CIRCULAR_ARROW", "MATH_PLUS", "MATH_MINUS", "MATH_MULTIPLY", "MATH_EQUAL"),
    *("FLOWCHART_PROCESS", "FLOWCHART_DECISION", "FLOWCHART_DATA", "FLOWCHART_DOCUMENT", "FLOWCHART_TERMINATOR"),
    *("FLOWCHART_PREPARATION", "FLOWCHART_MANUAL_INPUT", "STAR_4_POINT", "STAR_5_POINT", "STAR_8_POINT", "EXPLOSION1"),
    *("UP_RIBBON", "WAVE", "RECTANGULAR_CALLOUT", "ROUNDED_RECTANGULAR_CALLOUT", "OVAL_CALLOUT", "LINE_CALLOUT_1"),
    *("ROUND_1_RECTANGLE", "SNIP_1_RECTANGLE", "SNIP_2_SAME_RECTANGLE", "GEAR_6", "FUNNEL", "DIAGONAL_STRIPE"),
)
"""Preset shapes by python-pptx's names."""


def shape_gallery() -> bytes:
    """Preset shapes, the first forty with their default outlines and the rest with others."""
    deck = new_deck()
    for first in range(0, len(GALLERY), 40):
        slide = add_slide(deck, BLANK)
        for place, name in enumerate(GALLERY[first : first + 40]):
            across, down = place % 8, place // 8
            shape = slide.shapes.add_shape(getattr(MSO_SHAPE, name), *box(0.35 + across * 1.6, 0.3 + down * 1.4, 1.3, 1.1))
            if first:
                shape.fill.solid()
                shape.fill.fore_color.rgb = RGBColor(255, 200 - place * 4, 80 + place * 4)
                shape.line.color.rgb, shape.line.width = RGBColor(60, 60, 60), Pt(1 + place % 3)
    return to_bytes(deck)


def gradients() -> bytes:
    """Linear gradients at several angles, round and square ones, and a background that is one."""
    deck = new_deck()
    slide = add_slide(deck, BLANK)
    stops = [(0, "1F4E9E"), (50, "F2F2F2"), (100, "C0392B")]
    for place, angle in enumerate((0, 45, 90, 135, 180, 270)):
        shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box(0.4 + place * 2.1, 0.5, 1.9, 1.9))
        set_fill(shape, gradient(stops, angle))
        shape.line.fill.background()
    for place, path in enumerate(("circle", "rect", "circle", "rect")):
        kind = MSO_SHAPE.RECTANGLE if place < 2 else MSO_SHAPE.OVAL
        shape = slide.shapes.add_shape(kind, *box(0.4 + place * 3.2, 2.8, 2.9, 1.9))
        set_fill(shape, gradient([(0, "FFFFFF"), (100, "2E8B57")], None, path))
    for place, kind in enumerate((MSO_SHAPE.STAR_5_POINT, MSO_SHAPE.RIGHT_ARROW, MSO_SHAPE.HEART, MSO_SHAPE.ROUNDED_RECTANGLE)):
        shape = slide.shapes.add_shape(kind, *box(0.4 + place * 3.2, 5.1, 2.9, 2.0))
        set_fill(shape, gradient([(0, "FFE082"), (100, "E65100")], 90))
        shape.text_frame.text = "Gradient"
    slide = add_slide(deck, TITLE_ONLY, "On a gradient background")
    set_background(slide, gradient([(0, "0B3D91"), (100, "A7C7E7")], 45))
    return to_bytes(deck)


def transparency() -> bytes:
    """Transparent fills over each other, pictures with holes, a picture as background, a tinted pane with text."""
    deck = new_deck()
    slide = add_slide(deck, BLANK)
    for place, colour in enumerate(("E53935", "43A047", "1E88E5")):
        shape = slide.shapes.add_shape(MSO_SHAPE.OVAL, *box(1.2 + place * 1.5, 1.0 + (place % 2) * 1.6, 3.2, 3.2))
        set_fill(shape, solid(colour, 50))
        shape.line.fill.background()
    for place, alpha in enumerate((100, 75, 50, 25, 10)):
        shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box(7.2 + place * 1.15, 1.0, 1.0, 3.0))
        set_fill(shape, solid("6A1B9A", alpha))
        shape.text_frame.text = f"{alpha}%"
    slide.shapes.add_picture(cut_out(), *box(2.0, 4.9, 2.2, 2.2))
    slide.shapes.add_picture(cut_out(), *box(8.0, 2.6, 3.4, 3.4))
    slide = add_slide(deck, BLANK)
    _, relation = slide.part.get_or_add_image_part(photo(960, 540, seed=3))
    set_background(
        slide, f'<a:blipFill {nsdecls("a", "r")}><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></a:blipFill>'
    )
    pane = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box(1.0, 4.6, 11.3, 1.8))
    set_fill(pane, solid("000000", 55))
    pane.line.fill.background()
    pane.text_frame.text = "White words on a dark pane over a picture"
    pane.text_frame.paragraphs[0].runs[0].font.size = Pt(32)
    return to_bytes(deck)


def pictures() -> bytes:
    """Crops, rotations, flips, outlines, a picture inside a round shape, tiles."""
    deck = new_deck()
    slide = add_slide(deck, TITLE_ONLY, "Pictures")
    plain = slide.shapes.add_picture(photo(), *box(0.5, 1.7, 3.6, 2.4))
    plain.line.color.rgb, plain.line.width = RGBColor(0, 0, 0), Pt(3)
    cropped = slide.shapes.add_picture(photo(), *box(4.6, 1.7, 3.6, 2.4))
    cropped.crop_left, cropped.crop_right, cropped.crop_top, cropped.crop_bottom = 0.3, 0.1, 0.2, 0.15
    turned = slide.shapes.add_picture(photo(), *box(9.0, 1.8, 3.3, 2.2))
    turned.rotation = 30
    for place, (axis, degrees) in enumerate((("flipH", 0), ("flipV", 0), ("flipH", 45))):
        picture = slide.shapes.add_picture(photo(seed=2), *box(0.5 + place * 3.1, 4.7, 2.7, 1.8))
        picture._element.spPr.find("{http://schemas.openxmlformats.org/drawingml/2006/main}xfrm").set(axis, "1")
        picture.rotation = degrees
    masked = slide.shapes.add_picture(photo(seed=4), *box(10.0, 4.6, 2.6, 2.2))
    masked.auto_shape_type = MSO_SHAPE.OVAL
    slide = add_slide(deck, BLANK)
    stretched = slide.shapes.add_picture(photo(200, 200), *box(0.5, 0.5, 6.0, 2.0))
    stretched.crop_left = -0.1
    _, relation = slide.part.get_or_add_image_part(photo(96, 64))
    tiled = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box(7.0, 0.5, 5.6, 2.6))
    tile = '<a:tile tx="0" ty="0" sx="100000" sy="100000" flip="none" algn="tl"/>'
    set_fill(tiled, f'<a:blipFill {nsdecls("a", "r")} dpi="0" rotWithShape="1"><a:blip r:embed="{relation}"/>{tile}</a:blipFill>')
    filled = slide.shapes.add_shape(MSO_SHAPE.HEXAGON, *box(0.5, 3.4, 4.4, 3.4))
    stretch = "<a:stretch><a:fillRect/></a:stretch>"
    set_fill(filled, f'<a:blipFill {nsdecls("a", "r")}><a:blip r:embed="{relation}"/>{stretch}</a:blipFill>')
    slide.shapes.add_picture(cut_out(), *box(6.2, 3.6, 3.0, 3.0)).rotation = 15
    return to_bytes(deck)


_WAVE = (
    f"<a:custGeom {nsdecls('a')}><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
    '<a:rect l="0" t="0" r="r" b="b"/><a:pathLst><a:path w="400" h="200"><a:moveTo><a:pt x="0" y="100"/></a:moveTo>'
    '<a:cubicBezTo><a:pt x="100" y="-60"/><a:pt x="300" y="260"/><a:pt x="400" y="100"/></a:cubicBezTo>'
    '<a:lnTo><a:pt x="400" y="200"/></a:lnTo><a:quadBezTo><a:pt x="200" y="120"/><a:pt x="0" y="200"/></a:quadBezTo>'
    "<a:close/></a:path></a:pathLst></a:custGeom>"
)
_GUIDED = (
    f'<a:custGeom {nsdecls("a")}><a:avLst/><a:gdLst><a:gd name="half" fmla="*/ w 1 2"/>'
    '<a:gd name="low" fmla="*/ h 3 4"/></a:gdLst><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/><a:pathLst><a:path>'
    '<a:moveTo><a:pt x="half" y="t"/></a:moveTo><a:lnTo><a:pt x="r" y="low"/></a:lnTo>'
    '<a:arcTo wR="half" hR="low" stAng="0" swAng="5400000"/><a:lnTo><a:pt x="l" y="low"/></a:lnTo><a:close/></a:path>'
    "</a:pathLst></a:custGeom>"
)


def freeforms() -> bytes:
    """Custom outlines, dashed lines, connectors of each kind with heads at their ends."""
    deck = new_deck()
    slide = add_slide(deck, TITLE_ONLY, "Lines and freeforms")
    for place, geometry in enumerate((_WAVE, _GUIDED)):
        shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box(0.5 + place * 3.4, 1.8, 2.9, 2.0))
        set_geometry(shape, geometry)
    builder = slide.shapes.build_freeform(Inches(7.6), Inches(1.9))
    builder.add_line_segments([(Inches(x), Inches(y)) for x, y in ((9.2, 1.9), (9.6, 2.9), (8.4, 3.8), (7.2, 2.9))])
    builder.convert_to_shape()
    for place, dash in enumerate((MSO_LINE.SOLID, MSO_LINE.DASH, MSO_LINE.ROUND_DOT, MSO_LINE.DASH_DOT, MSO_LINE.LONG_DASH)):
        line = slide.shapes.add_connector(
            MSO_CONNECTOR.STRAIGHT, Inches(10.2), Inches(1.9 + place * 0.45), Inches(12.8), Inches(1.9 + place * 0.45)
        )
        line.line.dash_style, line.line.width, line.line.color.rgb = dash, Pt(1 + place), RGBColor(40, 40, 120)
    heads = ("triangle", "stealth", "diamond", "oval", "arrow")
    for place, head in enumerate(heads):
        top = 4.5 + place * 0.5
        _arrow(slide, MSO_CONNECTOR.STRAIGHT, (0.6, top, 3.8, top), head, "none" if place % 2 else head)
    _arrow(slide, MSO_CONNECTOR.ELBOW, (4.6, 4.5, 7.4, 6.6), "triangle", "none")
    _arrow(slide, MSO_CONNECTOR.CURVE, (8.0, 4.5, 10.8, 6.6), "triangle", "oval")
    _arrow(slide, MSO_CONNECTOR.STRAIGHT, (12.6, 6.6, 11.2, 4.5), "stealth", "none")
    return to_bytes(deck)


def _arrow(slide: Any, kind: Any, ends: tuple[float, float, float, float], tail: str, head: str) -> None:
    connector = slide.shapes.add_connector(kind, *(Inches(value) for value in ends))
    connector.line.width, connector.line.color.rgb = Pt(2.5), RGBColor(30, 90, 60)
    line = connector.line._get_or_add_ln()
    line.append(parse_xml(f'<a:headEnd {nsdecls("a")} type="{head}"/>'))
    line.append(parse_xml(f'<a:tailEnd {nsdecls("a")} type="{tail}" w="lg" len="lg"/>'))


def groups() -> bytes:
    """Groups in groups, turned, flipped and scaled, with text and pictures in them."""
    deck = new_deck(width_in=10.0)
    slide = add_slide(deck, TITLE_ONLY, "Groups")
    for place, degrees in enumerate((0, 20, 90)):
        group = _badge(slide.shapes, 0.6 + place * 3.1, 1.8)
        group.rotation = degrees
    outer = slide.shapes.add_group_shape()
    for place in range(2):
        inner = _badge(outer.shapes, 0.8 + place * 3.0, 4.6)
        inner.rotation = place * 15
    outer.shapes.add_picture(photo(), *box(6.8, 4.7, 2.2, 1.5))
    outer.rotation = -8
    outer.width = round(outer.width * 0.85)
    flipped = _badge(slide.shapes, 7.2, 3.6)
    flipped._element.grpSpPr.find("{http://schemas.openxmlformats.org/drawingml/2006/main}xfrm").set("flipH", "1")
    return to_bytes(deck)


def _badge(shapes: Any, left: float, top: float) -> Any:
    """A group of a rectangle, an arrow and words."""
    group = shapes.add_group_shape()
    panel = group.shapes.add_shape(MSO_SHAPE.ROUNDED_RECTANGLE, *box(left, top, 2.4, 1.4))
    panel.text_frame.text = "Grouped"
    arrow = group.shapes.add_shape(MSO_SHAPE.RIGHT_ARROW, *box(left + 1.4, top + 0.9, 0.9, 0.4))
    arrow.fill.solid()
    arrow.fill.fore_color.rgb = RGBColor(240, 160, 40)
    add_text(group, box(left, top - 0.1, 2.4, 0.5), "small", 12)
    return group
