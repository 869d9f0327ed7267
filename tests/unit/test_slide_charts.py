"""Charts on slides: what their data says is what is seen, and data that makes no sense does no harm."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pptx.chart.data import BubbleChartData, CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE as KINDS
from pptx.enum.chart import XL_LEGEND_POSITION
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from tests.helpers import deck_parts
from tests.helpers.deck_parts import box
from tests.helpers.slide_pixels import Drawn, draw

FIRST, SECOND, THIRD = "4F81BD", "C0504D", "9BBB59"  # the accents of the default theme
PLACE = box(1, 1, 10, 6)
NAMES = ("North", "South", "West")


def data_of(*series: tuple[str, tuple[float | None, ...]], names: tuple[str, ...] = NAMES) -> CategoryChartData:
    data = CategoryChartData()
    data.categories = names
    for name, values in series:
        data.add_series(name, values)
    return data


def add_chart(slide: Any, kind: Any, data: Any) -> Any:
    chart = slide.shapes.add_chart(kind, *PLACE, data).chart
    chart.has_title = chart.has_legend = False
    chart.font.size = Pt(12)
    return chart


def drawn(kind: Any, data: Any, change: Any = lambda chart: None) -> Drawn:
    return draw(lambda slide: change(add_chart(slide, kind, data)))


ONE = data_of(("Sales", (10, 20, 40)))
TWO = data_of(("Sales", (10, 20, 40)), ("Costs", (5, 10, 20)))


def columns_of(slide: Drawn, colour: str) -> list[int]:
    """The heights of upright bars of a colour, from left to right."""
    heights = slide.where(colour).sum(axis=0)
    found: list[int] = []
    for before, now in zip([0, *heights[:-1]], heights, strict=True):
        if now > 3 and before <= 3:
            found.append(int(now))
        elif now > 3:
            found[-1] = max(found[-1], int(now))
    return found


# -- bars ------------------------------------------------------------------------------------------------------------------


def test_bars_are_as_high_as_their_values() -> None:
    heights = columns_of(drawn(KINDS.COLUMN_CLUSTERED, ONE), FIRST)
    assert len(heights) == 3
    assert heights[1] / heights[0] == pytest.approx(2, rel=0.05) and heights[2] / heights[0] == pytest.approx(4, rel=0.05)


def test_lying_bars_are_as_long_as_their_values_and_the_first_is_at_the_bottom() -> None:
    slide = drawn(KINDS.BAR_CLUSTERED, ONE)
    lengths = {name: int(slide.where(FIRST)[round(slide.place(name)[1])].sum()) for name in NAMES}
    assert lengths["West"] / lengths["North"] == pytest.approx(4, rel=0.05)
    assert slide.place("North")[1] > slide.place("South")[1] > slide.place("West")[1]


def test_stacked_bars_stand_on_each_other() -> None:
    slide = drawn(KINDS.COLUMN_STACKED, TWO)
    assert slide.box(SECOND)[3] <= slide.box(FIRST)[3] - 10
    assert [
        first / second for first, second in zip(columns_of(slide, FIRST), columns_of(slide, SECOND), strict=True)
    ] == pytest.approx([2, 2, 2], rel=0.1)


def test_bars_to_a_hundred_per_cent_are_all_as_high() -> None:
    slide = drawn(KINDS.COLUMN_STACKED_100, TWO)
    assert len(set(columns_of(slide, FIRST))) == 1
    assert {"0%", "50%", "100%"} <= slide.seen


def test_negative_values_hang_from_the_zero_line() -> None:
    slide = drawn(KINDS.COLUMN_CLUSTERED, data_of(("Change", (10, -10, 5))))
    zero = slide.place("0")[1]
    mask = slide.where(FIRST)
    _, top, _, bottom = slide.box(FIRST)
    assert zero - top == pytest.approx(bottom - zero, abs=3)
    assert mask[round(zero) + 10].sum() > 0 and mask[round(zero) - 10].sum() > 0


def test_a_missing_value_leaves_a_gap() -> None:
    assert len(columns_of(drawn(KINDS.COLUMN_CLUSTERED, data_of(("Sales", (10, None, 40)))), FIRST)) == 2


def test_gap_and_overlap_are_kept_to() -> None:
    def narrow(chart: Any) -> None:
        chart.plots[0].gap_width = 500

    def touching(chart: Any) -> None:
        chart.plots[0].overlap = 100

    wide, thin = drawn(KINDS.COLUMN_CLUSTERED, ONE).count(FIRST), drawn(KINDS.COLUMN_CLUSTERED, ONE, narrow).count(FIRST)
    assert thin / wide == pytest.approx(2.5 / 6, rel=0.05)
    slide = drawn(KINDS.COLUMN_CLUSTERED, TWO, touching)
    assert slide.box(FIRST)[0] == pytest.approx(slide.box(SECOND)[0], abs=2)


# -- other kinds -----------------------------------------------------------------------------------------------------------


def test_a_pie_gives_each_value_its_share() -> None:
    slide = drawn(KINDS.PIE, data_of(("Share", (50, 30, 20))))
    areas = [slide.count(colour) for colour in (FIRST, SECOND, THIRD)]
    assert [area / sum(areas) for area in areas] == pytest.approx([0.5, 0.3, 0.2], abs=0.01)
    left, _, right, _ = slide.box(FIRST)
    assert slide.box(SECOND)[2] <= right and left > slide.box(THIRD)[0]  # clockwise from the top


def test_a_ring_has_a_hole() -> None:
    pie, ring = drawn(KINDS.PIE, ONE), drawn(KINDS.DOUGHNUT, ONE)
    x, y = (pie.box(THIRD)[2] + pie.box(THIRD)[0]) // 2, (pie.box(THIRD)[1] + pie.box(THIRD)[3]) // 2
    left, top, right, bottom = min(ring.box(c) for c in (FIRST, SECOND, THIRD))
    assert ring.is_at(480, y, "FFFFFF") or ring.is_at(x, y, "FFFFFF")
    assert sum(ring.count(c) for c in (FIRST, SECOND, THIRD)) < 0.8 * sum(pie.count(c) for c in (FIRST, SECOND, THIRD))
    assert right > left and bottom > top


def test_a_line_goes_through_its_values() -> None:
    def thick(chart: Any) -> None:
        chart.series[0].format.line.color.rgb, chart.series[0].format.line.width = RGBColor(200, 0, 0), Pt(4)
        chart.series[0].smooth = False

    slide = drawn(KINDS.LINE, ONE, thick)
    heights = [slide.where("C80000")[:, round(slide.place(name)[0])].nonzero()[0].mean() for name in NAMES]
    zero = slide.place("0")[1]
    assert (zero - heights[2]) / (zero - heights[0]) == pytest.approx(4, rel=0.05)
    assert (zero - heights[1]) / (zero - heights[0]) == pytest.approx(2, rel=0.05)


def test_an_area_is_filled_down_to_the_axis() -> None:
    slide = drawn(KINDS.AREA, ONE)
    assert slide.box(FIRST)[3] == pytest.approx(slide.place("0")[1], abs=3)


def test_points_stand_at_both_their_values() -> None:
    data = XyChartData()
    series = data.add_series("Points")
    for x, y in ((1, 10), (3, 30)):
        series.add_data_point(x, y)

    def mark(chart: Any) -> None:
        fill = chart.series[0].marker.format.fill
        chart.series[0].marker.size = 12
        fill.solid()
        fill.fore_color.rgb = RGBColor(0, 160, 0)
        chart.series[0].format.line.fill.background()

    slide = drawn(KINDS.XY_SCATTER, data, mark)
    left, top, right, bottom = slide.box("00A000")
    assert (left + 6, bottom - 6) == pytest.approx((slide.place("1")[0], slide.place("10")[1]), abs=3)
    assert (right - 6, top + 6) == pytest.approx((slide.place("3")[0], slide.place("30")[1]), abs=3)


def test_bubbles_are_as_large_as_their_sizes() -> None:
    data = BubbleChartData()
    series = data.add_series("Bubbles")
    series.add_data_point(1, 1, 4)
    series.add_data_point(5, 5, 16)
    slide = drawn(KINDS.BUBBLE, data)
    mask = slide.where(FIRST)
    halves = mask[:, : round(slide.place("3")[0])].sum(), mask[:, round(slide.place("3")[0]) :].sum()
    assert halves[1] / halves[0] == pytest.approx(4, rel=0.1)


@pytest.mark.parametrize("kind", [KINDS.RADAR, KINDS.RADAR_FILLED, KINDS.RADAR_MARKERS])
def test_a_radar_has_a_spoke_for_each_category(kind: Any) -> None:
    slide = drawn(kind, data_of(("Values", (3, 4, 5, 6)), names=("up", "right", "down", "left")))
    (ux, uy), (rx, ry), (dx, dy), (lx, ly) = (slide.place(name) for name in ("up", "right", "down", "left"))
    assert uy < ry < dy and lx < ux < rx and ux == pytest.approx(dx, abs=2) and ly == pytest.approx(ry, abs=2)


# -- words -----------------------------------------------------------------------------------------------------------------

ALL_KINDS = [
    *(KINDS.COLUMN_CLUSTERED, KINDS.BAR_CLUSTERED, KINDS.COLUMN_STACKED, KINDS.BAR_STACKED_100, KINDS.LINE, KINDS.LINE_MARKERS),
    *(KINDS.AREA, KINDS.AREA_STACKED, KINDS.PIE, KINDS.DOUGHNUT, KINDS.RADAR),
]


@pytest.mark.parametrize("kind", ALL_KINDS, ids=lambda kind: kind.name)
def test_all_words_of_a_chart_are_in_the_slide_s_text(kind: Any) -> None:
    def dress(chart: Any) -> None:
        chart.has_title = chart.has_legend = True
        chart.chart_title.text_frame.text = "Heading 标题"
        chart.plots[0].has_data_labels = True
        chart.plots[0].data_labels.show_value = True
        chart.plots[0].data_labels.number_format, chart.plots[0].data_labels.number_format_is_linked = '0.00"u"', False

    slide = drawn(kind, data_of(("Alpha", (11, 22, 33)), ("Beta", (4, 5, 6))), dress)
    assert {"Heading", *NAMES} <= slide.seen
    if kind not in (KINDS.PIE, KINDS.DOUGHNUT):  # their legends say what their values are
        assert {"Alpha", "Beta"} <= slide.seen
    if kind != KINDS.RADAR:
        assert {"11.00u", "22.00u", "33.00u"} <= slide.seen
    assert all(word in slide.text for word in ("Heading 标题", "Alpha", "North 11", "West 33"))


def test_axis_titles_stand_beside_their_axes() -> None:
    def title(chart: Any) -> None:
        chart.value_axis.has_title = chart.category_axis.has_title = True
        chart.value_axis.axis_title.text_frame.text, chart.category_axis.axis_title.text_frame.text = "tons", "regions"

    slide = drawn(KINDS.COLUMN_CLUSTERED, ONE, title)
    assert slide.place("tons")[0] < slide.place("0")[0] and slide.place("regions")[1] > slide.place("South")[1]
    _, x0, y0, x1, y1 = next(word for word in slide.words if word[0] == "tons")
    assert y1 - y0 > x1 - x0  # turned
    assert "tons" in slide.text and "regions" in slide.text


@pytest.mark.parametrize(
    ("side", "axis", "is_after"),
    [
        (XL_LEGEND_POSITION.RIGHT, 0, True),
        (XL_LEGEND_POSITION.LEFT, 0, False),
        (XL_LEGEND_POSITION.TOP, 1, False),
        (XL_LEGEND_POSITION.BOTTOM, 1, True),
    ],
)
def test_the_legend_stands_where_it_says(side: Any, axis: int, is_after: bool) -> None:
    def legend(chart: Any) -> None:
        chart.has_legend, chart.legend.include_in_layout = True, False
        chart.legend.position = side

    slide = drawn(KINDS.COLUMN_CLUSTERED, TWO, legend)
    places = [slide.place(name)[axis] for name in (*NAMES, "0", "10")]
    assert all((slide.place("Sales")[axis] > place) == is_after for place in places)


def test_labels_that_do_not_fit_are_broken_or_slanted_and_few_are_left_out() -> None:
    names = tuple(f"A rather long category {number}" for number in range(1, 5))
    broken = drawn(KINDS.COLUMN_CLUSTERED, data_of(("Sales", (1, 2, 3, 4)), names=names))
    assert {"1", "2", "3", "4", "category"} <= broken.seen
    names = tuple(f"Unbreakablelongcategory{number}" for number in range(12))
    slanted = drawn(KINDS.COLUMN_CLUSTERED, data_of(("Sales", tuple(range(12))), names=names))
    assert set(names) <= slanted.seen
    many = drawn(KINDS.LINE, data_of(("Sales", tuple(range(500))), names=tuple(f"day{number}" for number in range(500))))
    assert 5 < sum(word.startswith("day") for word in many.seen) < 60


# -- looks -----------------------------------------------------------------------------------------------------------------


def test_colours_of_series_and_of_single_values_are_their_own() -> None:
    def paint(chart: Any) -> None:
        chart.series[0].format.fill.solid()
        chart.series[0].format.fill.fore_color.rgb = RGBColor(0x11, 0x88, 0x99)
        point = chart.series[0].points[1].format.fill
        point.solid()
        point.fore_color.rgb = RGBColor(0xFF, 0x88, 0x00)

    slide = drawn(KINDS.COLUMN_CLUSTERED, ONE, paint)
    assert len(columns_of(slide, "118899")) == 2 and len(columns_of(slide, "FF8800")) == 1 and slide.count(FIRST) == 0


def test_values_may_have_a_colour_each() -> None:
    def vary(chart: Any) -> None:
        chart.plots[0].vary_by_categories = True

    slide = drawn(KINDS.COLUMN_CLUSTERED, ONE, vary)
    assert [len(columns_of(slide, colour)) for colour in (FIRST, SECOND, THIRD)] == [1, 1, 1]


def test_an_axis_that_is_switched_off_is_not_there() -> None:
    def switch_off(chart: Any) -> None:
        chart.value_axis.visible = False

    assert [word for word, *_ in drawn(KINDS.COLUMN_CLUSTERED, ONE, switch_off).words] == list(NAMES)


def test_an_axis_may_run_backwards_and_have_its_own_ends() -> None:
    def turn(chart: Any) -> None:
        chart.category_axis.reverse_order = True
        chart.value_axis.minimum_scale, chart.value_axis.maximum_scale, chart.value_axis.major_unit = 0, 80, 40

    slide = drawn(KINDS.COLUMN_CLUSTERED, ONE, turn)
    assert slide.place("North")[0] > slide.place("West")[0]
    assert {word for word, *_ in slide.words} == {*NAMES, "0", "40", "80"}
    assert slide.place("0")[0] > slide.place("West")[0]  # its axis came along


def test_a_second_axis_has_its_own_scale_on_the_other_side() -> None:
    def split(chart: Any) -> None:
        area = chart._chartSpace.chart.plotArea
        bars = area.find(qn("c:barChart"))
        second = bars.findall(qn("c:ser"))[1]
        bars.remove(second)
        axes = '<c:axId val="71"/><c:axId val="72"/>'
        line = parse_xml(f'<c:lineChart {nsdecls("c")}><c:grouping val="standard"/>{axes}</c:lineChart>')
        line.insert(1, second)
        bars.addnext(line)
        for kind, own, other, more in (("catAx", 71, 72, '<c:delete val="1"/>'), ("valAx", 72, 71, "")):
            crosses = '<c:crosses val="max"/>' if kind == "valAx" else ""
            area.append(
                parse_xml(
                    f'<c:{kind} {nsdecls("c")}><c:axId val="{own}"/><c:scaling/>{more}<c:axPos val="r"/>'
                    f'<c:crossAx val="{other}"/>{crosses}</c:{kind}>'
                )
            )

    slide = drawn(KINDS.COLUMN_CLUSTERED, data_of(("Sales", (10, 20, 40)), ("Rate", (1000, 3000, 2000))), split)
    assert slide.place("3500")[0] > slide.place("West")[0] > slide.place("10")[0]


def test_a_layout_by_hand_is_kept_to() -> None:
    def place(chart: Any) -> None:
        numbers = "".join(f'<c:{name} val="{value}"/>' for name, value in (("x", 0.5), ("y", 0.5), ("w", 0.4), ("h", 0.3)))
        modes = '<c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
        layout = parse_xml(f"<c:layout {nsdecls('c')}><c:manualLayout>{modes}{numbers}</c:manualLayout></c:layout>")
        area = chart._chartSpace.chart.plotArea
        for old in area.findall(qn("c:layout")):
            area.remove(old)
        area.insert(0, layout)

    left, _, right, bottom = drawn(KINDS.COLUMN_CLUSTERED, ONE, place).box(FIRST)
    assert left > 72 + 360 and right < 72 + 360 + 288 and bottom == pytest.approx(72 + 216 + 129.6, abs=3)


# -- charts that nobody should have made -----------------------------------------------------------------------------------


def rename(chart: Any, new: str) -> None:
    """Turn the bar chart into another kind, as its XML."""
    bars = chart._chartSpace.chart.plotArea.find(qn("c:barChart"))
    bars.tag = qn(f"c:{new}")


def test_a_kind_that_is_not_drawn_becomes_a_table_of_its_data_and_says_so() -> None:
    slide = drawn(KINDS.COLUMN_CLUSTERED, TWO, lambda chart: rename(chart, "surfaceChart"))
    assert {"Sales", "Costs", *NAMES, "10", "20", "40", "5"} <= slide.seen
    assert any("surface" in warning and "table" in warning for warning in slide.warnings)


def test_a_chart_whose_part_is_missing_is_told() -> None:
    deck = deck_parts.new_deck()
    slide = deck_parts.add_slide(deck)
    add_chart(slide, KINDS.COLUMN_CLUSTERED, ONE)
    next(slide._element.iter(qn("c:chart"))).set(qn("r:id"), "rId999")
    assert any("chart" in warning for warning in Drawn(deck_parts.to_bytes(deck)).warnings)


def test_a_chart_without_data_is_told() -> None:
    def empty(chart: Any) -> None:
        for series in list(chart._chartSpace.iter(qn("c:ser"))):
            series.getparent().remove(series)

    assert any("no data" in warning for warning in drawn(KINDS.COLUMN_CLUSTERED, ONE, empty).warnings)


def test_very_many_values_are_drawn_up_to_a_limit() -> None:
    def declare(chart: Any) -> None:
        for count in chart._chartSpace.iter(qn("c:ptCount")):
            count.set("val", "4000000000")

    assert drawn(KINDS.LINE, ONE, declare).where("FFFFFF").any()


@given(seed=st.integers(0, 2**32), kind=st.sampled_from([*ALL_KINDS, KINDS.XY_SCATTER_SMOOTH, KINDS.BUBBLE]))
@settings(max_examples=25, phases=[Phase.explicit, Phase.generate])  # a seed does not shrink
def test_any_attribute_may_hold_anything(seed: int, kind: Any) -> None:
    rng = random.Random(seed)
    data: Any = TWO
    if kind in (KINDS.XY_SCATTER_SMOOTH, KINDS.BUBBLE):
        data = BubbleChartData() if kind == KINDS.BUBBLE else XyChartData()
        series = data.add_series("Points")
        for number in range(4):
            series.add_data_point(*([number, number + 1, number + 2] if kind == KINDS.BUBBLE else [number, number + 1]))

    def spoil(chart: Any) -> None:
        chart.has_title = chart.has_legend = True
        for element in list(chart._chartSpace.iter()):
            for name in list(element.attrib):
                if rng.random() < 0.25:
                    element.set(name, rng.choice(("-1", "0", "99999999999999", "x", "1e308", "-1e308", "", "true", "NaN", "inf")))
            if element.text and element.text.strip() and rng.random() < 0.2:
                element.text = rng.choice(("", "x", "1e308", "-1e308", "NaN", "0", "9" * 400))
            if rng.random() < 0.06 and element.getparent() is not None:
                element.getparent().remove(element)

    drawn(kind, data, spoil)
