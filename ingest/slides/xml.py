"""Reading the XML of a deck: names, units and numbers that may be wrong.

Every parser used is python-pptx's own, which resolves no entities and loads no DTD. Units (ECMA-376 part 1, 20.1.10): lengths in
EMU (12,700 a point), angles in 1/60,000 degree, percentages in 1/1,000 percent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Element = Any
"""An lxml element; lxml ships no types."""

EMU_PER_POINT = 12_700
_LENGTH_MAX = 1 << 40
"""EMU; far beyond what any slide holds, far below what breaks arithmetic."""

NAMESPACES = {
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    "dsp": "http://schemas.microsoft.com/office/drawing/2008/diagram",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "a14": "http://schemas.microsoft.com/office/drawing/2010/main",
    "asvg": "http://schemas.microsoft.com/office/drawing/2016/SVG/main",
}


def qualified(name: str) -> str:
    """`a:off` as lxml spells it."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def child(element: Element | None, *path: str) -> Element | None:
    """The first child along a path of names such as "p:spPr", "a:xfrm"; None when any is missing."""
    for name in path:
        if element is None:
            return None
        element = element.find(qualified(name))
    return element


def children(element: Element | None, name: str) -> Iterator[Element]:
    """All direct children of a name."""
    return iter(()) if element is None else element.iterchildren(qualified(name))


def elements(element: Element | None) -> Iterator[Element]:
    """All direct children that are elements, not comments or entities."""
    return iter(()) if element is None else (item for item in element.iterchildren() if isinstance(item.tag, str))


def local_name(element: Element) -> str:
    """`off` of `a:off`; empty for a comment."""
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def integer(element: Element | None, name: str, default: int = 0) -> int:
    """An attribute as a whole number within sane bounds; the default when it is missing or none."""
    value = element.get(name) if element is not None else None
    if value is None:
        return default
    try:
        number = float(value)
    except ValueError:
        return default
    return max(-_LENGTH_MAX, min(int(number), _LENGTH_MAX)) if abs(number) < 1e18 else default


def points(element: Element | None, name: str, default: float = 0.0) -> float:
    """An attribute in EMU as points."""
    if element is None or element.get(name) is None:
        return default
    return integer(element, name, round(default * EMU_PER_POINT)) / EMU_PER_POINT


def fraction(element: Element | None, name: str, default: float = 0.0) -> float:
    """A percentage, either 1/1,000 percent or written with a percent sign, as 0..1 and beyond."""
    value = element.get(name) if element is not None else None
    if value is None:
        return default
    if value.endswith("%"):
        try:
            return max(-1e4, min(float(value[:-1]) / 100, 1e4))
        except ValueError:
            return default
    return max(-1e4, min(integer(element, name, round(default * 100_000)) / 100_000, 1e4))


def degrees(element: Element | None, name: str) -> float:
    """An angle, clockwise."""
    return integer(element, name) / 60_000


def flag(element: Element | None, name: str, default: bool = False) -> bool:
    """A truth value in any of its spellings."""
    value = element.get(name) if element is not None else None
    return default if value is None else value.lower() in ("1", "true", "on")
