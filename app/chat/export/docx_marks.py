"""What python-docx 1.2 has no words for: links within a document, shading, page numbers, languages, lists (ECMA-376, part 1)."""

from __future__ import annotations

import itertools
from typing import Any

_bookmark_ids = itertools.count(1)
_AFTER_SHADING = (
    *("w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl", "w:rPr"),
    *("w:fitText", "w:vertAlign", "w:rtl", "w:cs", "w:em", "w:lang"),
)
"""What has to follow it, in a paragraph's properties and in a run's: the order is part of the format."""


def shade(properties: Any, color: str) -> None:
    """Give a run or a paragraph, by its properties, a background: ``#RRGGBB`` (17.3.5)."""
    element = _element("w:shd")
    _set(element, val="clear", color="auto", fill=color.removeprefix("#"))
    properties.insert_element_before(element, *_AFTER_SHADING)


def lower(run: Any, depth_pt: float) -> None:
    """Let a run stand below the line (17.3.2.24)."""
    element = _element("w:position")
    _set(element, val=str(-round(depth_pt * 2)))
    run._r.get_or_add_rPr().append(element)


def describe(shape: Any, alternative: str, title: str = "") -> None:
    """Give a picture in a line its alternative text, and no room around it but its own (20.4.2.8)."""
    shape._inline.docPr.set("descr", alternative)
    shape._inline.docPr.set("title", title)
    for side in "TBLR":
        shape._inline.set(f"dist{side}", "0")


def add_target(paragraph: Any, name: str) -> None:
    """Make a paragraph a place that links lead to (17.13.6)."""
    start, end = _element("w:bookmarkStart"), _element("w:bookmarkEnd")
    number = str(next(_bookmark_ids))
    _set(start, id=number, name=_target(name))
    _set(end, id=number)
    paragraph._p.append(start)
    paragraph._p.append(end)


def add_link_to(paragraph: Any, name: str, run: Any) -> None:
    """Make a run of a paragraph lead to such a place (17.16.22)."""
    link = _element("w:hyperlink")
    _set(link, anchor=_target(name))
    link.append(run._r)
    paragraph._p.append(link)


def add_web_link(paragraph: Any, address: str, runs: list[Any]) -> None:
    """Make runs of a paragraph lead to an address."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    link = _element("w:hyperlink")
    link.set(_name("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    for run in runs:
        link.append(run._r)
    paragraph._p.append(link)


def add_page_number(document: Any) -> None:
    """Page numbers at the foot of every page (17.16.5.44)."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = 1
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        element = _element("w:fldChar" if kind else "w:instrText")
        if kind:
            _set(element, fldCharType=kind)
        else:
            element.text = text
        run._r.append(element)


def set_language(document: Any, language: str) -> None:
    """What a spelling checker takes the text for (17.3.2.20)."""
    properties = document.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr")[0]
    for element in properties.xpath("w:lang"):
        properties.remove(element)
    element = _element("w:lang")
    _set(element, val=language if not language.startswith("zh") else "en-US", eastAsia="zh-CN")
    properties.append(element)


def set_fonts(style: Any, latin: str, east_asian: str) -> None:
    """Fonts of a style for letters and for Chinese characters (17.3.2.26)."""
    style.font.name = latin
    _set(style.element.get_or_add_rPr().get_or_add_rFonts(), eastAsia=east_asian, cs=latin)


class Numbering:
    """Lists that begin to count anew, each with its own numbers on every level (17.9)."""

    def __init__(self, document: Any) -> None:
        self._element = document.part.numbering_part.element
        existing = self._element.xpath("w:abstractNum/@w:abstractNumId")
        self._next = itertools.count(1 + max((int(number) for number in existing), default=0))

    def new_list(self, is_ordered: bool, start: int, level: int) -> int:
        """The number of a new list whose items stand on `level`, from 0."""
        from docx.oxml.ns import qn

        number = next(self._next)
        abstract = _element("w:abstractNum")
        _set(abstract, abstractNumId=str(number))
        described = _element("w:lvl")
        _set(described, ilvl=str(level))
        for name, value in {
            "w:start": str(start),
            "w:numFmt": "decimal" if is_ordered else "bullet",
            "w:lvlText": f"%{level + 1}." if is_ordered else "•◦▪"[level % 3],
            "w:lvlJc": "left",
        }.items():
            _set(child := _element(name), val=value)
            described.append(child)
        layout, indent = _element("w:pPr"), _element("w:ind")
        _set(indent, left=str(360 * (level + 1) + 120), hanging="320")
        layout.append(indent)
        described.append(layout)
        abstract.append(described)
        first = self._element.find(qn("w:num"))  # all abstract ones come before all others (17.9.17)
        if first is not None:
            first.addprevious(abstract)
        else:
            self._element.append(abstract)
        return int(self._element.add_num(number).numId)

    @staticmethod
    def apply(paragraph: Any, number: int, level: int) -> None:
        """Make a paragraph an item of a list."""
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = level
        properties.get_or_add_numId().val = number


def _target(name: str) -> str:
    """Names of places begin with a letter and have no hyphen."""
    return name.replace("-", "_")


def _element(name: str) -> Any:
    from docx.oxml import OxmlElement

    return OxmlElement(name)


def _name(prefixed: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(prefixed))


def _set(element: Any, **attributes: str) -> None:
    for name, value in attributes.items():
        element.set(_name(f"w:{name}"), value)
