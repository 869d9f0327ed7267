"""A chart of a kind that is not drawn, as a table of its data."""

from __future__ import annotations

from xml.sax.saxutils import escape

from pptx.oxml import parse_xml

from ingest.slides.canvas import Canvas
from ingest.slides.chart_data import Plot
from ingest.slides.chart_numbers import format_number
from ingest.slides.context import Context
from ingest.slides.geometry import Rect
from ingest.slides.table import draw_table
from ingest.slides.xml import NAMESPACES

_TABLE_ROWS_MAX = 40


def draw_data(canvas: Canvas, plot: Plot, area: Rect, context: Context) -> None:
    """The data of a chart that cannot be drawn, as a table."""
    header = ["", *(series.name for series in plot.series)]
    rows = [header]
    for index, name in enumerate(plot.categories[:_TABLE_ROWS_MAX]):
        values = (series.values[index] if index < len(series.values) else None for series in plot.series)
        codes = (series.code for series in plot.series)
        rows.append([name, *("" if v is None else format_number(v, code) for v, code in zip(values, codes, strict=True))])
    if len(plot.categories) > _TABLE_ROWS_MAX:
        context.warn(f"of its {len(plot.categories)} rows, the first {_TABLE_ROWS_MAX} are shown.")
    width, height = round(area.width / len(header) * 12_700), round(area.height / len(rows) * 12_700)
    text = '<a:txBody><a:bodyPr/><a:p><a:r><a:rPr sz="1000"/><a:t>{}</a:t></a:r></a:p></a:txBody>'
    cell = f'<a:tc>{text}<a:tcPr marT="0" marB="0"/></a:tc>'
    body = "".join(f'<a:tr h="{height}">{"".join(cell.format(escape(text)) for text in row)}</a:tr>' for row in rows)
    columns = f'<a:gridCol w="{width}"/>' * len(header)
    style = '<a:tblPr firstRow="1"><a:tableStyleId>{5940675A-B579-460E-94D1-54222C63F5DA}</a:tableStyleId></a:tblPr>'
    whole = f'<a:tbl xmlns:a="{NAMESPACES["a"]}">{style}<a:tblGrid>{columns}</a:tblGrid>{body}</a:tbl>'
    draw_table(canvas, parse_xml(whole), area, context)
