"""Reading how paragraphs are set and how text stands in its box, from chains of elements, the most specific first.

ECMA-376 part 1, 21.1.2.2.7 (pPr) and 21.1.2.1.1 (bodyPr).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ingest.slides.text import Align, BodyStyle, ParagraphStyle, Spacing, TabStop
from ingest.slides.xml import Element, child, children, elements, flag, fraction, integer, local_name, points

_ALIGN: dict[str, Align] = {
    **{"l": "left", "ctr": "centre", "r": "right", "just": "justify", "justLow": "justify"},
    **{"dist": "distribute", "thaiDist": "distribute"},
}
_ANCHOR: dict[str, Literal["top", "middle", "bottom"]] = {"t": "top", "ctr": "middle", "b": "bottom"}


def read_body_style(bodies: Sequence[Element]) -> BodyStyle:
    """From `a:bodyPr` elements, the most specific first, which is the shape's own: fitting is asked for by that one alone."""

    def attribute(name: str) -> Element | None:
        return next((body for body in bodies if body.get(name) is not None), None)

    def text(name: str, default: str) -> str:
        found = attribute(name)
        return default if found is None else str(found.get(name))

    fit = next((item for item in elements(bodies[0]) if local_name(item).lower().endswith("autofit")), None) if bodies else None
    kind = local_name(fit) if fit is not None else ""
    direction = text("vert", "horz")
    return BodyStyle(
        insets=(
            points(attribute("lIns"), "lIns", 7.2),
            points(attribute("tIns"), "tIns", 3.6),
            points(attribute("rIns"), "rIns", 7.2),
            points(attribute("bIns"), "bIns", 3.6),
        ),
        anchor=_ANCHOR.get(text("anchor", "t"), "top"),
        is_centred=flag(attribute("anchorCtr"), "anchorCtr"),
        wraps=text("wrap", "square") != "none",
        direction={"mongolianVert": "eaVert", "wordArtVert": "stacked", "wordArtVertRtl": "stacked"}.get(direction, direction),
        rotation=integer(attribute("rot"), "rot") / 60_000,
        columns=max(1, min(integer(attribute("numCol"), "numCol", 1), 16)),
        column_gap=points(attribute("spcCol"), "spcCol"),
        shrinks=kind == "normAutofit",
        grows=kind == "spAutoFit",
    )


def read_paragraph_style(chain: Sequence[Element]) -> ParagraphStyle:
    """From `a:pPr`-like elements."""

    def first(name: str) -> Element | None:
        return next((item for item in chain if item.get(name) is not None), None)

    align = first("algn")
    return ParagraphStyle(
        align=_ALIGN.get(align.get("algn"), "left") if align is not None else "left",
        margin_left=points(first("marL"), "marL"),
        margin_right=points(first("marR"), "marR"),
        indent=points(first("indent"), "indent"),
        line_spacing=_spacing(chain, "a:lnSpc", Spacing(1.0)),
        before=_spacing(chain, "a:spcBef", Spacing(0.0, True)),
        after=_spacing(chain, "a:spcAft", Spacing(0.0, True)),
        tabs=_tabs(chain),
        default_tab=points(first("defTabSz"), "defTabSz", 72.0),
        hangs=flag(first("hangingPunct"), "hangingPunct"),
    )


def _spacing(chain: Sequence[Element], name: str, default: Spacing) -> Spacing:
    found = first_child(chain, name)
    exact, relative = child(found, "a:spcPts"), child(found, "a:spcPct")
    if exact is not None:
        return Spacing(max(0.0, min(integer(exact, "val") / 100, 1584.0)), True)
    return Spacing(max(0.0, min(fraction(relative, "val", 1.0), 132.0))) if relative is not None else default


def _tabs(chain: Sequence[Element]) -> tuple[TabStop, ...]:
    stops = [
        TabStop(points(tab, "pos"), _ALIGN.get(tab.get("algn") or "l", "right"))
        for tab in children(first_child(chain, "a:tabLst"), "a:tab")
    ]
    return tuple(sorted(stops[:64], key=lambda stop: stop.place))


def first_child(chain: Sequence[Element], name: str) -> Element | None:
    """The child of a name that the most specific element with one has."""
    return next((found for found in (child(item, name) for item in chain) if found is not None), None)


def first_of(chain: Sequence[Element], names: Sequence[str]) -> Element | None:
    """The first child of any of the names, of the most specific element that has one."""
    return next((found for item in chain for found in elements(item) if local_name(found) in names), None)


def first_typeface(chain: Sequence[Element], name: str) -> str:
    """The family that an `a:latin`, `a:ea` or `a:sym` names; "" when none does."""
    for item in chain:
        typeface = child(item, name)
        if typeface is not None and typeface.get("typeface"):
            return str(typeface.get("typeface"))
    return ""
