"""Labels at the values of a chart. ECMA-376 part 1, 21.2.2.49 (dLbls)."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.slides.canvas import Canvas
from ingest.slides.chart_data import Plot, Series, flag_of, value_of
from ingest.slides.chart_looks import Looks
from ingest.slides.chart_numbers import format_number
from ingest.slides.geometry import Path, Rect
from ingest.slides.layout import Block
from ingest.slides.paint import paint
from ingest.slides.xml import Element, child, children

_SHOWN = ("showVal", "showCatName", "showSerName", "showPercent", "showBubbleSize")
_WIDTH_SHARE = 0.2
"""Of the chart's width, that a label may take before it is broken."""


@dataclass(frozen=True, slots=True)
class Label:
    """Text, ready to be drawn, and where it wants to be, in the words of `c:dLblPos`; "" for no wish."""

    block: Block
    position: str
    holder: Element
    looks: Looks

    def draw(self, canvas: Canvas, x: float, y: float) -> None:
        """With its middle at a point."""
        box = Rect(x - self.block.width / 2, y - self.block.height / 2, self.block.width, self.block.height)
        fill, stroke = self.looks.fill(self.holder, box, None), self.looks.outline(self.holder)
        if fill is not None or stroke is not None:
            paint(canvas, Path.rectangle(*box), fill, stroke)
        self.block.draw(canvas, box.x, box.y)


def label_of(looks: Looks, plot: Plot, series: Series, index: int, chart_width: float, share: float | None = None) -> Label | None:
    """The label of one value; None where none is shown. `share` is what it is of the whole of its series."""
    several = [item for item in (child(series.element, "c:dLbls"), child(plot.element, "c:dLbls")) if item is not None]
    own = (
        next((item for item in children(several[0], "c:dLbl") if value_of(item, "c:idx") == str(index)), None) if several else None
    )
    holders = [*([own] if own is not None else []), *several[:1]]
    if not holders or flag_of(holders[0], "c:delete", False):
        return None
    rich = child(own, "c:tx", "c:rich")
    properties = [child(holder, "c:txPr") for holder in holders]
    position = next((value for value in (value_of(holder, "c:dLblPos") for holder in holders) if value), "")
    if rich is not None:
        text = "\n".join("".join(part.text or "" for part in paragraph.iter("{*}t")) for paragraph in children(rich, "a:p"))
        style = looks.text_style(rich, *properties)
    else:
        text = _text(plot, series, index, holders, share)
        style = looks.text_style(*properties)
    if not text.strip():
        return None
    return Label(looks.block(text, style, chart_width * _WIDTH_SHARE), position, holders[0], looks)


def _text(plot: Plot, series: Series, index: int, holders: list[Element], share: float | None) -> str:
    shown = {
        name: next((flag_of(h, f"c:{name}", False) for h in holders if child(h, f"c:{name}") is not None), False) for name in _SHOWN
    }
    code = next((code for code in map(own_code, holders) if code), "")
    separator = next((item.text for item in (child(h, "c:separator") for h in holders) if item is not None), None)
    value = series.values[index] if index < len(series.values) else None
    categories = plot.categories
    parts = []
    if shown["showSerName"]:
        parts.append(series.name)
    if shown["showCatName"]:
        is_point = bool(series.xs) and index < len(series.xs)
        parts.append(format_number(series.xs[index] or 0.0) if is_point else categories[index] if index < len(categories) else "")
    if shown["showVal"] and value is not None:
        parts.append(format_number(value, code if code and not (shown["showPercent"] and "%" in code) else series.code))
    if shown["showPercent"] and share is not None:
        parts.append(format_number(share, code if "%" in code else "0%"))
    if shown["showBubbleSize"] and index < len(series.sizes) and series.sizes[index] is not None:
        parts.append(format_number(series.sizes[index] or 0.0, code or "General"))
    usual = {"pie": "\n", "doughnut": "\n", "scatter": "; "}.get(plot.kind, ", ")
    return (usual if separator is None else separator).join(parts)


def own_code(holder: Element | None) -> str:
    """The number format of an element that does not take it from the data; "" without one."""
    item = child(holder, "c:numFmt")
    return "" if item is None or item.get("sourceLinked") in ("1", "true") else str(item.get("formatCode") or "")
