"""Tables on slides: style, merged cells, borders, text that makes rows grow, and tables that nobody should have made."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches

from ingest.slides import table_styles
from tests.helpers import deck_parts
from tests.helpers.deck_parts import box
from tests.helpers.slide_pixels import Drawn, draw

ACCENT, LIGHT_BAND, BAND = "4F81BD", "E9EDF4", "D0D8E8"  # of the default theme; what PowerPoint shows for tints of 20 and 40 %


def add_table(slide: Any, rows: int = 4, columns: int = 3, place: tuple[float, float, float, float] = (1, 1, 6, 2)) -> Any:
    """At 72, 72 points; columns are 144 points wide and rows 36 high, as long as nothing else is said."""
    table = slide.shapes.add_table(rows, columns, *box(*place)).table
    for row in range(rows):
        for column in range(columns):
            table.cell(row, column).text = f"r{row}c{column}"
    return table


def with_style(guid: str) -> Drawn:
    def fill(slide: Any) -> None:
        table = add_table(slide)
        table._tbl.tblPr.find(qn("a:tableStyleId")).text = guid
        for name in ("first_row", "last_row", "first_col", "last_col", "horz_banding"):
            setattr(table, name, True)

    return draw(fill)


def colours(slide: Drawn, x: float) -> list[str]:
    """Of the four rows at a place without letters."""
    return [next((c for c in (ACCENT, BAND, LIGHT_BAND) if slide.is_at(x, 72 + 36 * row + 30, c)), "other") for row in range(4)]


def test_the_default_style_has_a_header_and_bands() -> None:
    slide = draw(add_table)
    assert colours(slide, 200) == [ACCENT, BAND, LIGHT_BAND, BAND]
    assert slide.is_at(216, 130, "FFFFFF", 40)  # between two columns
    assert slide.text.split() == [f"r{row}c{column}" for row in range(4) for column in range(3)]


def test_each_switch_changes_its_part_only() -> None:
    def fill(slide: Any) -> None:
        table = add_table(slide)
        table.first_row, table.horz_banding = False, False
        table.first_col = table.last_row = True

    slide = draw(fill)
    assert colours(slide, 200) == [ACCENT] * 4  # the first column
    assert colours(slide, 340) == [LIGHT_BAND] * 3 + [ACCENT]


def test_columns_can_be_banded() -> None:
    def fill(slide: Any) -> None:
        table = add_table(slide)
        table.first_row, table.horz_banding, table.vert_banding = False, False, True

    slide = draw(fill)
    assert [colours(slide, 72 + 144 * column + 100)[3] for column in range(3)] == [BAND, LIGHT_BAND, BAND]


def test_a_merged_cell_covers_its_neighbours_and_takes_their_room() -> None:
    def fill(slide: Any) -> None:
        table = add_table(slide)
        table.cell(1, 0).merge(table.cell(2, 1))
        table.cell(1, 0).text = "merged"
        table.cell(1, 0).vertical_anchor = MSO_ANCHOR.MIDDLE
        table.cell(1, 0).fill.solid()
        table.cell(1, 0).fill.fore_color.rgb = RGBColor(0xFF, 0xC0, 0x00)

    slide = draw(fill)
    left, top, right, bottom = slide.box("FFC000")
    assert (left, top, right, bottom) == pytest.approx((72, 108, 360, 180), abs=2)
    assert slide.place("merged")[1] == pytest.approx(144, abs=3)
    assert "r2c1" not in [word for word, *_ in slide.words]


def test_a_row_grows_with_its_text_and_moves_the_rows_below() -> None:
    def fill(slide: Any) -> None:
        table = add_table(slide)
        table.cell(1, 1).text = "several words that need more than only one line of it"

    plain, grown = draw(add_table), draw(fill)
    assert grown.place("r1c0")[1] == pytest.approx(plain.place("r1c0")[1], abs=0.5)
    assert grown.place("r2c0")[1] > plain.place("r2c0")[1] + 40
    last_word = max(y1 for word, _, _, _, y1 in grown.words if word == "it")
    assert last_word < grown.place("r2c0")[1]


def test_margins_and_anchors_move_the_text() -> None:
    def fill(slide: Any) -> None:
        table = add_table(slide, 1, 3, (1, 1, 6, 2))
        for column, anchor in enumerate((MSO_ANCHOR.TOP, MSO_ANCHOR.MIDDLE, MSO_ANCHOR.BOTTOM)):
            table.cell(0, column).vertical_anchor = anchor
        table.cell(0, 1).margin_left = Inches(0.5)

    slide = draw(fill)
    heights = [slide.place(f"r0c{column}")[1] for column in range(3)]
    assert heights == pytest.approx([72 + 3.6 + 10.5, 144, 216 - 3.6 - 10.5], abs=2)
    left = {word: x0 for word, x0, *_ in slide.words}
    assert left["r0c0"] == pytest.approx(72 + 7.2, abs=1) and left["r0c1"] == pytest.approx(216 + 36, abs=1)


def border(side: str, width_pt: float, colour: str) -> Any:
    fill = f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
    return parse_xml(f'<a:{side} {nsdecls("a")} w="{round(width_pt * 12700)}">{fill}</a:{side}>')


def test_a_cell_s_own_border_wins_over_its_neighbour_and_the_style() -> None:
    def fill(slide: Any) -> None:
        table = add_table(slide)
        table.cell(1, 0)._tc.get_or_add_tcPr().append(border("lnR", 6, "C00000"))
        table.cell(2, 1)._tc.get_or_add_tcPr().append(border("lnB", 6, "00C000"))

    slide = draw(fill)
    assert slide.box("C00000") == pytest.approx((213, 105, 219, 147), abs=4)
    assert slide.box("00C000") == pytest.approx((213, 177, 363, 183), abs=4)


def test_diagonals_are_drawn() -> None:
    slide = draw(lambda slide: add_table(slide).cell(3, 0)._tc.get_or_add_tcPr().append(border("lnTlToBr", 3, "C00000")))
    assert slide.box("C00000") == pytest.approx((72, 180, 216, 216), abs=4)


def test_columns_run_from_the_right_where_the_table_does() -> None:
    slide = draw(lambda slide: add_table(slide)._tbl.tblPr.set("rtl", "1"))
    assert slide.place("r1c0")[0] > slide.place("r1c1")[0] > slide.place("r1c2")[0]


def test_text_can_stand_upright() -> None:
    def fill(slide: Any) -> None:
        table = add_table(slide, 1, 3)
        for column, direction in enumerate(("vert", "vert270")):
            table.cell(0, column)._tc.get_or_add_tcPr().set("vert", direction)

    slide = draw(fill)
    sizes = {word: (x1 - x0, y1 - y0) for word, x0, y0, x1, y1 in slide.words}
    assert sizes["r0c0"][1] > sizes["r0c0"][0] and sizes["r0c1"][1] > sizes["r0c1"][0] and sizes["r0c2"][0] > sizes["r0c2"][1]


# -- styles ----------------------------------------------------------------------------------------------------------------


def test_every_built_in_style_is_known_and_looks_unlike_the_others() -> None:
    looks = {guid: with_style(f"{{{guid}}}").pixels.tobytes() for guid in table_styles._IDS[::5]}
    assert len(set(looks.values())) == len(looks)
    assert all(table_styles._built_in(f"{{{guid}}}") is not None for guid in table_styles._IDS) and len(table_styles._IDS) == 74


@pytest.mark.parametrize(
    ("guid", "header", "first_row", "line"),
    [
        ("{21E4AEA4-8DFA-4A89-87EB-49C32662AFE0}", "C0504D", "E6D0CF", None),  # medium 2, accent 2
        ("{5940675A-B579-460E-94D1-54222C63F5DA}", "FFFFFF", "FFFFFF", "000000"),  # a grid only
        ("{69012ECD-51FC-41F1-AA8D-1B2483CD663E}", ACCENT, "FFFFFF", ACCENT),  # light 2, accent 1
        ("{2D5ABB26-0587-4C30-8999-92F81FD0307C}", "FFFFFF", "FFFFFF", None),  # nothing at all
    ],
)
def test_built_in_styles_look_as_their_names_say(guid: str, header: str, first_row: str, line: str | None) -> None:
    def fill(slide: Any) -> None:
        add_table(slide)._tbl.tblPr.find(qn("a:tableStyleId")).text = guid

    slide = draw(fill)
    assert slide.is_at(200, 102, header) and slide.is_at(200, 138, first_row, 8)
    bottom_edge = slide.pixels[214:218, 140].min(axis=0)
    assert all(bottom_edge < 200) if line == "000000" else bottom_edge[0] < 200 if line else all(bottom_edge > 200)


def test_an_unknown_style_leaves_the_table_plain() -> None:
    slide = with_style("{00000000-0000-0000-0000-000000000000}")
    assert len(slide.words) == 12 and slide.is_at(200, 102, "FFFFFF")


def test_the_deck_s_own_style_wins_over_the_built_in_one() -> None:
    guid = "{5C22544A-7EE6-4342-B048-85BDC9FD1C3A}"
    style = (
        f'<a:tblStyle styleId="{guid}" styleName="Own"><a:wholeTbl><a:tcTxStyle i="on"><a:fontRef idx="minor"/>'
        '<a:srgbClr val="0000FF"/></a:tcTxStyle><a:tcStyle><a:tcBdr/><a:fill><a:solidFill><a:srgbClr val="FFEE00"/></a:solidFill>'
        '</a:fill></a:tcStyle></a:wholeTbl><a:firstRow><a:tcStyle><a:tcBdr><a:bottom><a:lnRef idx="3"><a:srgbClr val="FF0000"/>'
        '</a:lnRef></a:bottom></a:tcBdr><a:fill><a:solidFill><a:srgbClr val="00FF00"/></a:solidFill></a:fill></a:tcStyle>'
        "</a:firstRow></a:tblStyle>"
    )
    deck = deck_parts.new_deck()
    add_table(deck_parts.add_slide(deck))
    part = deck.part.part_related_by(RT.TABLE_STYLES)
    part._blob = f'<a:tblStyleLst {nsdecls("a")} def="{guid}">{style}</a:tblStyleLst>'.encode()
    slide = Drawn(deck_parts.to_bytes(deck))
    assert slide.is_at(200, 102, "00FF00") and slide.is_at(200, 138, "FFEE00")
    assert slide.count("0000FF") > 50  # its letters


# -- tables that nobody should have made -----------------------------------------------------------------------------------


def test_spans_that_reach_beyond_the_table_end_with_it() -> None:
    def fill(slide: Any) -> None:
        table = add_table(slide)
        table.cell(3, 2)._tc.set("gridSpan", "900")
        table.cell(3, 1)._tc.set("rowSpan", "-4")
        table.cell(0, 0)._tc.set("rowSpan", "99999999999999999999")

    assert "r3c2" in draw(fill).text


def test_a_table_of_very_many_rows_is_cut_and_says_so() -> None:
    def fill(slide: Any) -> None:
        table = add_table(slide, 1, 2)
        row = table._tbl.tr_lst[0]
        for _ in range(12_000):
            table._tbl.append(parse_xml(f'<a:tr {nsdecls("a")} h="1"/>'))
        assert row is not None

    slide = draw(fill)
    assert "r0c0" in slide.text and any("12001 rows" in warning for warning in slide.warnings)


def test_a_table_without_rows_or_columns_is_nothing() -> None:
    def fill(slide: Any) -> None:
        for part in ("a:tr", "a:gridCol"):
            table = add_table(slide)
            for element in list(table._tbl.iter(qn(part))):
                element.getparent().remove(element)

    assert draw(fill).words == []


@given(seed=st.integers(0, 2**32))
@settings(max_examples=20, phases=[Phase.explicit, Phase.generate])  # a seed does not shrink
def test_any_attribute_may_hold_anything(seed: int) -> None:
    rng = random.Random(seed)

    def fill(slide: Any) -> None:
        table = add_table(slide)
        table.cell(1, 0).merge(table.cell(2, 1))
        for element in table._tbl.iter():
            for name in list(element.attrib):
                if rng.random() < 0.4:
                    element.set(name, rng.choice(("-1", "0", "99999999999999", "x", "1e400", "", "true", "NaN")))
            if rng.random() < 0.1 and element.getparent() is not None:
                element.getparent().remove(element)

    draw(fill)
