"""Where a placeholder on a slide gets what it does not say: from its twin on the layout, and that one's on the master.

ECMA-376 part 1, 19.3.1.36 (ph). A slide's placeholder is matched with the layout's by index, a layout's with the master's by type.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.slides.xml import Element, child, elements, local_name, qualified

_MASTER_TYPES = {
    **{"ctrTitle": "title", "subTitle": "body", "obj": "body", "chart": "body", "tbl": "body", "clipArt": "body"},
    **{"dgm": "body", "media": "body", "sldImg": "body", "pic": "body"},
}
_STYLES = {"title": "p:titleStyle", "ctrTitle": "p:titleStyle"}
_FOOTERS = ("dt", "ftr", "sldNum", "hdr")


def placeholder(shape: Element) -> Element | None:
    """The `p:ph` of a shape, picture or frame; None when it is no placeholder."""
    for item in elements(shape):
        if local_name(item).startswith("nv"):
            return child(item, "p:nvPr", "p:ph")
    return None


def kind_of(ph: Element) -> str:
    """Its type: "title", "body", "pic" ...; "obj" when it says none."""
    return str(ph.get("type") or "obj")


def ancestors(shape: Element, layout: Any | None, master: Any | None) -> list[Element]:
    """The shape's twins on the layout and the master, in this order, as far as there are any."""
    ph = placeholder(shape)
    if ph is None:
        return []
    found = []
    twin = _on_layout(ph, layout)
    if twin is not None:
        found.append(twin)
        ph = placeholder(twin)
    above = _on_master(ph, master) if ph is not None else None
    if above is not None and above is not shape:
        found.append(above)
    return found


def text_style_name(ph: Element | None) -> str:
    """Which of the master's text styles holds for it."""
    if ph is None or kind_of(ph) in _FOOTERS:
        return "p:otherStyle"
    return _STYLES.get(kind_of(ph), "p:bodyStyle")


def _placeholders(root: Any | None) -> Iterator[tuple[Element, Element]]:
    tree = child(root, "p:cSld", "p:spTree")
    for shape in tree.iter(qualified("p:sp"), qualified("p:pic"), qualified("p:graphicFrame")) if tree is not None else ():
        ph = placeholder(shape)
        if ph is not None:
            yield shape, ph


def _on_layout(ph: Element, layout: Any | None) -> Element | None:
    index, kind = ph.get("idx") or "0", kind_of(ph)
    candidates = list(_placeholders(layout))
    for shape, other in candidates:
        if (other.get("idx") or "0") == index and (index != "0" or _base(kind_of(other)) == _base(kind)):
            return shape
    return next((shape for shape, other in candidates if kind_of(other) == kind and kind != "obj"), None)


def _on_master(ph: Element, master: Any | None) -> Element | None:
    wanted = _base(kind_of(ph))
    return next((shape for shape, other in _placeholders(master) if _base(kind_of(other)) == wanted), None)


def _base(kind: str) -> str:
    return _MASTER_TYPES.get(kind, kind)
