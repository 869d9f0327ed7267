"""Styles of tables: those that a deck brings along (ppt/tableStyles.xml) and the 74 that PowerPoint knows without a definition.

ECMA-376 part 1, 20.1.4.2 (table styles); names and ids of the built-in ones: [MS-OE376] 2.1.1204 "Part 4 Section 5.1.4.2.27".
"""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass

from lxml.etree import XMLSyntaxError  # type: ignore[import-untyped]
from pptx.oxml import parse_xml

from ingest.slides.context import Context
from ingest.slides.xml import NAMESPACES, Element, child, children, flag

SECTIONS = (
    *("wholeTbl", "band1H", "band2H", "band1V", "band2V", "lastCol", "firstCol", "lastRow", "seCell", "swCell"),
    *("firstRow", "neCell", "nwCell"),
)
"""The parts of a style, each stronger than those before."""
_STYLES_BYTES_MAX = 4 << 20
_THIN, _THICK, _DOUBLE = 12_700, 25_400, 50_800
_ALL = "left right top bottom insideH insideV"


@dataclass(frozen=True, slots=True)
class TableStyle:
    """A style with the switches of one table.

    Attributes:
        root: `a:tblStyle`; None for a table without one.
        flags: of `firstRow`, `lastRow`, `firstCol`, `lastCol`, `bandRow`, `bandCol`, those that are on.
        row_count, column_count: of the table.
    """

    root: Element | None
    flags: frozenset[str]
    row_count: int
    column_count: int

    @staticmethod
    def of(table: Element, context: Context, row_count: int, column_count: int) -> TableStyle:
        """The style that an `a:tbl` asks for."""
        properties = child(table, "a:tblPr")
        names = ("firstRow", "lastRow", "firstCol", "lastCol", "bandRow", "bandCol")
        flags = frozenset(name for name in names if flag(properties, name))
        root = child(properties, "a:tableStyle")
        if root is None:
            named = child(properties, "a:tableStyleId")
            root = _find((named.text or "").strip().upper(), context) if named is not None else None
        return TableStyle(root, flags, row_count, column_count)

    @property
    def background(self) -> Element | None:
        """`a:tblBg`, with a fill behind all cells."""
        return child(self.root, "a:tblBg")

    def sections(self, row: int, column: int) -> list[tuple[Element, tuple[int, int, int, int]]]:
        """What holds for a cell, the strongest last, each with the cells it spans: first and last row, first and last column."""
        if self.root is None:
            return []
        spans = self._spans(row, column)
        found = ((child(self.root, f"a:{name}"), spans.get(name)) for name in SECTIONS)
        return [(section, span) for section, span in found if section is not None and span is not None]

    def _spans(self, row: int, column: int) -> dict[str, tuple[int, int, int, int]]:
        last_row, last_column, flags = self.row_count - 1, self.column_count - 1, self.flags
        spans = {"wholeTbl": (0, last_row, 0, last_column)}
        in_first_row, in_last_row = "firstRow" in flags and row == 0, "lastRow" in flags and row == last_row
        in_first_column, in_last_column = "firstCol" in flags and column == 0, "lastCol" in flags and column == last_column
        if "bandRow" in flags and not in_first_row and not in_last_row:
            spans[f"band{(row - ('firstRow' in flags)) % 2 + 1}H"] = row, row, 0, last_column
        if "bandCol" in flags and not in_first_column and not in_last_column:
            spans[f"band{(column - ('firstCol' in flags)) % 2 + 1}V"] = 0, last_row, column, column
        if in_last_column:
            spans["lastCol"] = 0, last_row, column, column
        if in_first_column:
            spans["firstCol"] = 0, last_row, column, column
        if in_last_row:
            spans["lastRow"] = row, row, 0, last_column
        if in_first_row:
            spans["firstRow"] = row, row, 0, last_column
        corners = (("nwCell", in_first_row, in_first_column), ("neCell", in_first_row, in_last_column))
        for name, is_row, is_column in (
            *corners,
            ("swCell", in_last_row, in_first_column),
            ("seCell", in_last_row, in_last_column),
        ):
            if is_row and is_column:
                spans[name] = row, row, column, column
        return spans


def _find(guid: str, context: Context) -> Element | None:
    package = getattr(context.part, "package", None)
    presentation = getattr(package, "main_document_part", None)
    for relationship in presentation.rels.values() if presentation is not None else ():
        if relationship.reltype.endswith("/tableStyles") and not relationship.is_external:
            for style in children(_parsed(relationship.target_part.blob), "a:tblStyle"):
                if (style.get("styleId") or "").upper() == guid:
                    return style
    return _built_in(guid)


@functools.lru_cache(maxsize=2)
def _parsed(blob: bytes) -> Element | None:
    try:
        return parse_xml(blob) if len(blob) <= _STYLES_BYTES_MAX else None
    except XMLSyntaxError:
        return None


# -- built in --------------------------------------------------------------------------------------------------------------

_FAMILIES = ("themed1", "themed2", "light1", "light2", "light3", "medium1", "medium2", "medium3", "medium4", "dark1", "dark2")
_ID_TABLE = """
2D5ABB26-0587-4C30-8999-92F81FD0307C 3C2FFA5D-87B4-456A-9821-1D502468CF0F 284E427A-3D55-4303-BF80-6455036E1DE7
69C7853C-536D-4A76-A0AE-DD22124D55A5 775DCB02-9BB8-47FD-8907-85C794F793BA 35758FB7-9AC5-4552-8A53-C91805E547FA
08FB837D-C827-4EFA-A057-4D05807E0F7C 5940675A-B579-460E-94D1-54222C63F5DA D113A9D2-9D6B-4929-AA2D-F23B5EE8CBE7
18603FDC-E32A-4AB5-989C-0864C3EAD2B8 306799F8-075E-4A3A-A7F6-7FBC6576F1A4 E269D01E-BC32-4049-B463-5C60D7B0CCD2
327F97BB-C833-4FB7-BDE5-3F7075034690 638B1855-1B75-4FBE-930C-398BA8C253C6 9D7B26C5-4107-4FEC-AEDC-1716B250A1EF
3B4B98B0-60AC-42C2-AFA5-B58CD77FA1E5 0E3FDE45-AF77-4B5C-9715-49D594BDF05E C083E6E3-FA7D-4D7B-A595-EF9225AFEA82
D27102A9-8310-4765-A935-A1911B00CA55 5FD0F851-EC5A-4D38-B0AD-8093EC10F338 68D230F3-CF80-4859-8CE7-A43EE81993B5
7E9639D4-E3E2-4D34-9284-5A2195B3D0D7 69012ECD-51FC-41F1-AA8D-1B2483CD663E 72833802-FEF1-4C79-8D5D-14CF1EAF98D9
F2DE63D5-997A-4646-A377-4702673A728D 17292A2E-F333-43FB-9621-5CBBE7FDCDCB 5A111915-BE36-4E01-A7E5-04B1672EAD32
912C8C85-51F0-491E-9774-3900AFEF0FD7 616DA210-FB5B-4158-B5E0-FEB733F419BA BC89EF96-8CEA-46FF-86C4-4CE0E7609802
5DA37D80-6434-44D0-A028-1B22A696006F 8799B23B-EC83-4686-B30A-512413B5E67A ED083AE6-46FA-4A59-8FB0-9F97EB10719F
BDBED569-4797-4DF1-A0F4-6AAB3CD982D8 E8B1032C-EA38-4F05-BA0D-38AFFFC7BED3 793D81CF-94F2-401A-BA57-92F5A7B2D0C5
B301B821-A1FF-4177-AEE7-76D212191A09 9DCAF9ED-07DC-4A11-8D7F-57B35C25682E 1FECB4D8-DB02-4DC6-A0A2-4F2EBAE1DC90
1E171933-4619-4E11-9A3F-F7608DF75F80 FABFCF23-3B69-468F-B69F-88F6DE6A72F2 10A1B5D5-9B99-4C35-A422-299274C87663
073A0DAA-6AF3-43AB-8588-CEC1D06C72B9 5C22544A-7EE6-4342-B048-85BDC9FD1C3A 21E4AEA4-8DFA-4A89-87EB-49C32662AFE0
F5AB1C69-6EDB-4FF4-983F-18BD219EF322 00A15C55-8517-42AA-B614-E9B94910E393 7DF18680-E054-41AD-8BC1-D1AEF772440D
93296810-A885-4BE3-A3E7-6D5BEEA58F35 8EC20E35-A176-4012-BC5E-935CFFF8708E 6E25E649-3F16-4E02-A733-19D2CDBF48F0
85BE263C-DBD7-4A20-BB59-AAB30ACAA65A EB344D84-9AFB-497E-A393-DC336BA19D2E EB9631B5-78F2-41C9-869B-9F39066F8104
74C1A8A3-306A-4EB7-A6B1-4F7E0EB9C5D6 2A488322-F2BA-4B5B-9748-0D474271808F D7AC3CCA-C797-4891-BE02-D94E43425B78
69CF1AB2-1976-4502-BF36-3FF5EA218861 8A107856-5554-42FB-B03E-39F5DBC370BA 0505E3EF-67EA-436B-97B2-0124C06EBD24
C4B1156A-380E-4F78-BDF5-A606A8083BF9 22838BEF-8BB2-4498-84A7-C5851F593DF1 16D9F66E-5EB9-4882-86FB-DCBF35E3C3E4
E8034E78-7F5D-4C2E-B375-FC64B27BC917 125E5076-3810-47DD-B79F-674D7AD40C01 37CE84F3-28C3-443E-9E96-99CF82512B78
D03447BB-5D67-496B-8E87-E561075AD55C E929F9F4-4A8F-4326-A1B4-22849713DDAB 8FD4443E-F989-4FC4-A0C8-D5A2AF1F390B
AF606853-7671-496A-8E4F-DF71F8EC918B 5202B0CA-FC54-4496-8BCA-5EF66A818D29 0660B408-B3CF-4A94-85FC-2B1E0A45F4A2
91EBBBCC-DAD2-459C-BE2E-F6DE35CF9A28 46F890A9-2807-4EBB-B81D-B2AA78EC7F39
"""
"""Seven of each family: without an accent (the themed ones: without style, then with a grid only), then accents 1 to 6. Of the
last, accents 1 and 2, 3 and 4, 5 and 6."""
_IDS = _ID_TABLE.split()


@functools.cache
def _built_in(guid: str) -> Element | None:
    try:
        number = _IDS.index(guid.strip("{}"))
    except ValueError:
        return None
    family, place = _FAMILIES[number // 7], number % 7
    accent = f"accent{place}" if place else "dk1"
    other = accent
    if family == "dark2" and place:
        accent, other = f"accent{2 * place - 1}", f"accent{2 * place}"
    sections = "".join(itertools.starmap(_section, _definition(family, accent, other, is_plain=not place)))
    return parse_xml(f'<a:tblStyle xmlns:a="{NAMESPACES["a"]}" styleId="{guid}" styleName="">{sections}</a:tblStyle>')


_Section = tuple[str, str, bool, str, tuple[tuple[str, int, str], ...]]
"""Name, colour of its text, whether that is bold, fill, and lines: sides, width in EMU, colour. "" leaves a colour as it is.
A colour may be changed: "accent1 tint 20000"."""


def _definition(family: str, accent: str, other: str, is_plain: bool) -> list[_Section]:
    """What PowerPoint draws for each family."""
    light, pale, mild = f"{accent} tint 20000", f"{accent} alpha 20000", f"{accent} alpha 40000"
    strong = [(name, "", True, "", ()) for name in ("lastCol", "firstCol")]
    solid: list[_Section] = [(name, "lt1", True, accent, ()) for name in ("lastCol", "firstCol")]
    grid, total = ((_ALL, _THIN, accent),), (("top", _DOUBLE, accent),)
    if family == "themed1":
        if is_plain:
            return [("wholeTbl", "tx1", False, "", ())]
        rows: list[_Section] = [("lastRow", "", True, "", ()), ("firstRow", "lt1", True, accent, ())]
        return [("wholeTbl", "dk1", False, "", grid), *_bands(mild), *strong, *rows]
    if family == "themed2":
        if is_plain:
            return [("wholeTbl", "tx1", False, "", ((_ALL, _THIN, "tx1"),))]
        frame = (("left right top bottom", _THIN, f"{accent} tint 50000"),)
        ends: list[_Section] = [
            ("lastRow", "", True, "", (("top", _THIN, "lt1"),)),
            ("firstRow", "", True, "", (("bottom", _THIN, "lt1"),)),
        ]
        return [("wholeTbl", "lt1", False, accent, frame), *_bands("lt1 alpha 20000"), *strong, *ends]
    if family == "light1":
        edges: list[_Section] = [
            ("lastRow", "", True, "", (("top", _THIN, accent),)),
            ("firstRow", "", True, "", (("bottom", _THIN, accent),)),
        ]
        return [("wholeTbl", "tx1", False, "", (("top bottom", _THIN, accent),)), *_bands(pale), *strong, *edges]
    if family == "light2":
        whole: _Section = ("wholeTbl", "tx1", False, "", (("left right top bottom", _THIN, accent),))
        bands: list[_Section] = [("band1H", "", False, "", (("top bottom", _THIN, accent),))]
        bands.append(("band1V", "", False, "", (("left right", _THIN, accent),)))
        return [whole, *bands, *strong, ("lastRow", "", True, "", total), ("firstRow", "bg1", True, accent, ())]
    if family == "light3":
        first: _Section = ("firstRow", accent, True, "", (("bottom", _THICK, accent),))
        return [("wholeTbl", "tx1", False, "", grid), *_bands(pale), *strong, ("lastRow", "", True, "", total), first]
    if family == "medium1":
        frame = (("left right top bottom insideH", _THIN, accent),)
        rows = [("lastRow", "", True, "lt1", total), ("firstRow", "lt1", True, accent, ())]
        return [("wholeTbl", "dk1", False, "lt1", frame), *_bands(light), *strong, *rows]
    if family == "medium2":
        rows = [
            ("lastRow", "lt1", True, accent, (("top", 38_100, "lt1"),)),
            ("firstRow", "lt1", True, accent, (("bottom", 38_100, "lt1"),)),
        ]
        return [("wholeTbl", "dk1", False, light, ((_ALL, _THIN, "lt1"),)), *_bands(f"{accent} tint 40000"), *solid, *rows]
    if family == "medium3":
        rows = [
            ("lastRow", "", True, "lt1", (("top", _DOUBLE, "dk1"),)),
            ("firstRow", "lt1", True, accent, (("bottom", _THICK, "dk1"),)),
        ]
        return [("wholeTbl", "dk1", False, "lt1", (("top bottom", _THICK, "dk1"),)), *_bands("dk1 tint 20000"), *solid, *rows]
    if family == "medium4":
        rows = [("lastRow", "", True, light, (("top", _THICK, accent),)), ("firstRow", accent, True, light, ())]
        return [("wholeTbl", "dk1", False, light, grid), *_bands(f"{accent} tint 40000"), *strong, *rows]
    if family == "dark1":
        deep, deeper = (
            (f"{accent} tint 40000", f"{accent} tint 60000") if is_plain else (f"{accent} shade 60000", f"{accent} shade 40000")
        )
        rows = [
            ("lastCol", "", True, deep, (("left", _THICK, "lt1"),)),
            ("firstCol", "", True, deep, (("right", _THICK, "lt1"),)),
            ("lastRow", "", True, deeper, (("top", _THICK, "lt1"),)),
            ("firstRow", "", True, "dk1", (("bottom", _THICK, "lt1"),)),
        ]
        return [("wholeTbl", "lt1", False, f"{accent} tint 20000" if is_plain else accent, ()), *_bands(deep), *rows]
    rows = [("lastRow", "", True, light, (("top", _DOUBLE, "dk1"),)), ("firstRow", "lt1", True, other, ())]
    return [("wholeTbl", "dk1", False, light, ()), *_bands(f"{accent} tint 40000"), *strong, *rows]


def _bands(fill: str) -> list[_Section]:
    return [("band1H", "", False, fill, ()), ("band1V", "", False, fill, ())]


def _section(name: str, text: str, is_bold: bool, fill: str, lines: tuple[tuple[str, int, str], ...]) -> str:
    bold = ' b="on"' if is_bold else ""
    borders = "".join(
        f'<a:{side}><a:ln w="{width}"><a:solidFill>{_colour(colour)}</a:solidFill></a:ln></a:{side}>'
        for sides, width, colour in lines
        for side in sides.split()
    )
    painted = f"<a:fill><a:solidFill>{_colour(fill)}</a:solidFill></a:fill>" if fill else ""
    style = f"<a:tcStyle><a:tcBdr>{borders}</a:tcBdr>{painted}</a:tcStyle>"
    return f"<a:{name}><a:tcTxStyle{bold}>{_colour(text) if text else ''}</a:tcTxStyle>{style}</a:{name}>"


def _colour(text: str) -> str:
    role, *change = text.split()
    changed = f'<a:{change[0]} val="{change[1]}"/>' if change else ""
    return f'<a:schemeClr val="{role}">{changed}</a:schemeClr>'
