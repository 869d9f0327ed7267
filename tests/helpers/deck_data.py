"""Decks about data: tables and charts."""

from __future__ import annotations

from typing import Any

from pptx.chart.data import BubbleChartData, CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Inches, Pt

from tests.helpers.deck_parts import BLANK, HANZI, LOREM, TITLE_ONLY, add_slide, box, new_deck, to_bytes
from tests.helpers.deck_text import NIGHT, OFFICE

QUARTERS = ("Q1", "Q2", "Q3", "Q4")
SALES = (("North", (19.2, 21.4, 16.7, 25.0)), ("South", (12.1, 9.8, 14.3, 17.5)), ("West", (7.4, 11.0, 13.2, 8.6)))


def categories(series: Any = SALES, names: Any = QUARTERS) -> CategoryChartData:
    """Chart data of named series."""
    data = CategoryChartData()
    data.categories = names
    for name, values in series:
        data.add_series(name, values)
    return data


def _chart(slide: Any, kind: Any, place: tuple[Any, ...], data: Any, title: str | None = None, legend: Any = None) -> Any:
    chart = slide.shapes.add_chart(kind, *place, data).chart
    chart.has_title = title is not None
    if title is not None:
        chart.chart_title.text_frame.text = title
    chart.has_legend = legend is not None
    if legend is not None:
        chart.legend.position, chart.legend.include_in_layout = legend, False
    chart.font.size = Pt(12)
    return chart


def bar_charts() -> bytes:
    """Columns and bars: clustered, stacked, to 100 per cent, with labels, titles, number formats and colours of their own."""
    deck, kinds = new_deck(), XL_CHART_TYPE
    slide = add_slide(deck, TITLE_ONLY, "Columns")
    _chart(slide, kinds.COLUMN_CLUSTERED, box(0.5, 1.6, 6.0, 5.4), categories(), "Sales", XL_LEGEND_POSITION.BOTTOM)
    chart = _chart(slide, kinds.COLUMN_STACKED, box(6.8, 1.6, 6.0, 5.4), categories(), None, XL_LEGEND_POSITION.RIGHT)
    chart.plots[0].has_data_labels = True
    chart.plots[0].data_labels.number_format, chart.plots[0].data_labels.number_format_is_linked = "0.0", False
    slide = add_slide(deck, TITLE_ONLY, "Bars")
    chart = _chart(slide, kinds.BAR_CLUSTERED, box(0.5, 1.6, 6.0, 5.4), categories(SALES[:1]), "One series")
    chart.plots[0].gap_width = 60
    chart.series[0].format.fill.solid()
    chart.series[0].format.fill.fore_color.rgb = RGBColor(0x2A, 0x9D, 0x8F)
    chart.value_axis.has_major_gridlines = True
    chart.value_axis.maximum_scale = 30
    _chart(slide, kinds.BAR_STACKED_100, box(6.8, 1.6, 6.0, 5.4), categories(), "Shares", XL_LEGEND_POSITION.TOP)
    slide = add_slide(deck, BLANK)
    names = ("研发部门", "市场部门", "销售部门", "行政部门")
    losses = (("收入", (1200.0, -340.0, 820.0, 2100.0)), ("支出", (-800.0, 150.0, 640.0, -1200.0)))
    chart = _chart(
        slide, kinds.COLUMN_CLUSTERED, box(0.6, 0.4, 12, 6.6), categories(losses, names), "各部门收支", XL_LEGEND_POSITION.BOTTOM
    )
    chart.value_axis.tick_labels.number_format = "#,##0"
    chart.value_axis.tick_labels.number_format_is_linked = False
    return to_bytes(deck)


def line_charts() -> bytes:
    """Lines with and without markers, areas, scatters, bubbles, axis titles."""
    deck, kinds = new_deck(), XL_CHART_TYPE
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug")
    series = (("Visits", (120, 180, 150, 240, 310, 280, 350, 420)), ("Orders", (40, 55, 48, 80, 96, 90, 120, 160)))
    slide = add_slide(deck, TITLE_ONLY, "Lines and areas")
    chart = _chart(
        slide, kinds.LINE_MARKERS, box(0.4, 1.6, 6.2, 5.5), categories(series, months), "Traffic", XL_LEGEND_POSITION.BOTTOM
    )
    chart.value_axis.has_title = chart.category_axis.has_title = True
    chart.value_axis.axis_title.text_frame.text = "thousands"
    chart.category_axis.axis_title.text_frame.text = "month"
    chart = _chart(slide, kinds.AREA_STACKED, box(6.8, 1.6, 6.2, 2.7), categories(series, months), None, XL_LEGEND_POSITION.RIGHT)
    chart = _chart(slide, kinds.LINE, box(6.8, 4.4, 6.2, 2.7), categories(series, months))
    chart.series[0].smooth = True
    chart.series[1].format.line.color.rgb, chart.series[1].format.line.width = RGBColor(200, 30, 30), Pt(4)
    slide = add_slide(deck, TITLE_ONLY, "Points")
    points = XyChartData()
    for name, factor in (("Linear", 1.0), ("Curved", 0.5)):
        added = points.add_series(name)
        for x in (0.5, 1.2, 2.0, 2.8, 3.5, 4.4):
            added.add_data_point(x, x * factor + (x * x * 0.3 if factor < 1 else 0))
    chart = _chart(slide, kinds.XY_SCATTER_LINES, box(0.4, 1.6, 6.2, 5.5), points, "Scatter", XL_LEGEND_POSITION.RIGHT)
    chart.series[0].marker.style, chart.series[0].marker.size = XL_MARKER_STYLE.SQUARE, 10
    bubbles = BubbleChartData()
    added = bubbles.add_series("Cities")
    for x, y, size in ((1, 2.5, 10), (2.2, 4.1, 25), (3.4, 1.8, 6), (4.1, 3.3, 15)):
        added.add_data_point(x, y, size)
    _chart(slide, kinds.BUBBLE, box(6.8, 1.6, 6.2, 5.5), bubbles, "Bubbles")
    return to_bytes(deck)


def round_charts() -> bytes:
    """Pies, rings and radars, on 4:3 with Calibri."""
    deck, kinds = new_deck(OFFICE, width_in=10.0), XL_CHART_TYPE
    shares = categories((("Share", (0.42, 0.27, 0.18, 0.13)),), ("Alpha", "Beta", "Gamma", "Delta"))
    slide = add_slide(deck, TITLE_ONLY, "Round charts")
    chart = _chart(slide, kinds.PIE, box(0.3, 1.6, 4.6, 2.8), shares, "Pie", XL_LEGEND_POSITION.RIGHT)
    labels = chart.plots[0]
    labels.has_data_labels = True
    labels.data_labels.number_format, labels.data_labels.number_format_is_linked = "0%", False
    labels.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    chart = _chart(slide, kinds.DOUGHNUT, box(5.1, 1.6, 4.6, 2.8), shares, None, XL_LEGEND_POSITION.BOTTOM)
    _chart(
        slide,
        kinds.RADAR_MARKERS,
        box(0.3, 4.5, 4.6, 2.8),
        categories(SALES[:2], ("a", "b", "c", "d")),
        None,
        XL_LEGEND_POSITION.RIGHT,
    )
    chart = _chart(slide, kinds.PIE_EXPLODED, box(5.1, 4.5, 4.6, 2.8), shares, "Exploded")
    for number, colour in enumerate(("264653", "2A9D8F", "E9C46A", "E76F51")):
        point = chart.series[0].points[number].format.fill
        point.solid()
        point.fore_color.rgb = RGBColor.from_string(colour)
    return to_bytes(deck)


def business() -> bytes:
    """A dark report as people send it: a table and a chart side by side, with a line of text."""
    deck = new_deck(NIGHT)
    slide = add_slide(deck, TITLE_ONLY, "Results by region")
    _table(
        slide,
        box(0.6, 1.7, 5.6, 3.2),
        [("Region", "Revenue", "Change"), ("North", "82.3", "+4 %"), ("South", "53.7", "−2 %"), ("West", "40.2", "+11 %")],
    )
    chart = _chart(slide, XL_CHART_TYPE.COLUMN_STACKED, box(6.6, 1.6, 6.3, 5.2), categories(), None, XL_LEGEND_POSITION.BOTTOM)
    chart.value_axis.has_major_gridlines = False
    slide = add_slide(deck, TITLE_ONLY, "Plan against result")
    chart = _chart(
        slide, XL_CHART_TYPE.COLUMN_CLUSTERED, box(0.6, 1.6, 12, 5.4), categories(SALES[:2]), None, XL_LEGEND_POSITION.RIGHT
    )
    plot = chart._chartSpace.chart.plotArea
    bars = plot.find("{http://schemas.openxmlformats.org/drawingml/2006/chart}barChart")
    second = bars.findall("{http://schemas.openxmlformats.org/drawingml/2006/chart}ser")[1]
    bars.remove(second)
    for extra in second.findall("{http://schemas.openxmlformats.org/drawingml/2006/chart}invertIfNegative"):
        second.remove(extra)
    axes = "".join(
        f'<c:axId val="{axis.get("val")}"/>'
        for axis in bars.findall("{http://schemas.openxmlformats.org/drawingml/2006/chart}axId")
    )
    line = parse_xml(f'<c:lineChart {nsdecls("c")}><c:grouping val="standard"/><c:marker val="1"/>{axes}</c:lineChart>')
    line.insert(1, second)
    bars.addnext(line)
    return to_bytes(deck)


def _table(slide: Any, place: tuple[Any, ...], rows: list[tuple[str, ...]]) -> Any:
    table = slide.shapes.add_table(len(rows), len(rows[0]), *place).table
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    return table


STYLES = (
    ("{5C22544A-7EE6-4342-B048-85BDC9FD1C3A}", "Medium Style 2 - Accent 1"),
    ("{21E4AEA4-8DFA-4A89-87EB-49C32662AFE0}", "Medium Style 2 - Accent 2"),
    ("{5940675A-B579-460E-94D1-54222C63F5DA}", "No Style, Table Grid"),
    ("{2D5ABB26-0587-4C30-8999-92F81FD0307C}", "No Style, No Grid"),
)


def table_styles() -> bytes:
    """Tables in styles, with each combination of emphasised rows and columns."""
    deck = new_deck()
    rows = [
        ("Item", "Count", "Price", "Sum"),
        ("Bolt", "120", "0.15", "18.00"),
        ("Nut", "80", "0.10", "8.00"),
        ("Total", "200", "", "26.00"),
    ]
    slide = add_slide(deck, TITLE_ONLY, "The default style")
    for place, flags in enumerate(((1, 1, 0, 0, 0), (1, 1, 1, 1, 1), (0, 0, 1, 0, 0), (1, 0, 0, 1, 0))):
        table = _table(slide, box(0.5 + place % 2 * 6.3, 1.7 + place // 2 * 2.6, 5.9, 1.6), rows)
        names = ("first_row", "horz_banding", "first_col", "last_row", "last_col")
        for name, flag in zip(names, flags, strict=True):
            setattr(table, name, bool(flag))
    slide = add_slide(deck, TITLE_ONLY, "Other styles")
    for place, (guid, name) in enumerate(STYLES):
        table = _table(slide, box(0.5 + place % 2 * 6.3, 1.7 + place // 2 * 2.6, 5.9, 1.6), [(name, "B", "C", "D"), *rows[1:]])
        table._tbl.tblPr.find("{http://schemas.openxmlformats.org/drawingml/2006/main}tableStyleId").text = guid
    return to_bytes(deck)


def table_cells() -> bytes:
    """Merged cells, fills, borders, margins, anchors, alignments, and rows that grow with their text."""
    deck = new_deck()
    slide = add_slide(deck, BLANK)
    table = _table(slide, box(0.5, 0.5, 6.0, 3.2), [tuple(f"r{row} c{column}" for column in range(4)) for row in range(5)])
    table.cell(0, 0).merge(table.cell(0, 3))
    table.cell(1, 0).merge(table.cell(3, 0))
    table.cell(2, 2).merge(table.cell(3, 3))
    table.cell(0, 0).text = "Merged across"
    fill = table.cell(2, 2).fill
    fill.solid()
    fill.fore_color.rgb = RGBColor(255, 220, 120)
    for place, anchor in enumerate((MSO_ANCHOR.TOP, MSO_ANCHOR.MIDDLE, MSO_ANCHOR.BOTTOM)):
        cell = table.cell(4, 1 + place)
        cell.vertical_anchor, cell.text_frame.paragraphs[0].alignment = (
            anchor,
            (PP_ALIGN.LEFT, PP_ALIGN.CENTER, PP_ALIGN.RIGHT)[place],
        )
    table.rows[4].height = Inches(1.1)
    table = _table(slide, box(7.0, 0.5, 5.8, 2.0), [("Grows", LOREM), ("中文", HANZI[:60]), ("End", "short")])
    table.columns[0].width, table.columns[1].width = Inches(1.4), Inches(4.4)
    table = _table(slide, box(0.5, 4.6, 5.8, 2.0), [("thick", "dashed"), ("red", "none")])
    lines = (("lnR", 5, "000000", "solid"), ("lnB", 2, "0000C0", "dash"), ("lnL", 3, "D00000", "solid"), ("lnT", 0, "", ""))
    for cell, (side, width, colour, dash) in zip(table.iter_cells(), lines, strict=True):
        _border(cell, side, width, colour, dash)
    cell = table.cell(0, 0)
    cell.margin_left, cell.margin_top = Inches(0.6), Inches(0.3)
    table = _table(slide, box(7.0, 4.9, 5.8, 1.2), [("turned", "large"), ("a", "b")])
    table.cell(0, 1).text_frame.paragraphs[0].runs[0].font.size = Pt(32)
    table.cell(1, 0)._tc.get_or_add_tcPr().set("vert", "vert270")
    return to_bytes(deck)


def _border(cell: Any, side: str, width_pt: float, colour: str, dash: str) -> None:
    fill = f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill><a:prstDash val="{dash}"/>' if colour else "<a:noFill/>"
    line = f'<a:{side} {nsdecls("a")} w="{round(width_pt * 12700)}">{fill}</a:{side}>'
    cell._tc.get_or_add_tcPr().insert(0, parse_xml(line))
