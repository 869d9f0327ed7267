"""The text of a slide in the order in which it is read, its speaker notes and its alternative texts.

The title comes first, then what stands higher, and of what stands equally high what is further left; a group is read as one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest import limits
from ingest.slides.chart_data import read_chart
from ingest.slides.context import Context
from ingest.slides.diagram import diagram_tree
from ingest.slides.place import Place, read_place
from ingest.slides.placeholders import ancestors, kind_of, placeholder
from ingest.slides.shapes import read_text
from ingest.slides.tree import Space, inner_space, is_hidden, own_properties, shapes_in, transform_of
from ingest.slides.xml import Element, child, children, local_name, qualified
from ingest.types import Area, Note

_ROW_PT = 14.0
"""Shapes whose tops are no further apart are read from left to right."""
_TITLES = ("title", "ctrTitle")
_DEPTH_MAX = 64


@dataclass(frozen=True, slots=True)
class _Item:
    """Something with text. `x` and `y` are of its top left corner, in points."""

    is_title: bool
    x: float
    y: float
    text: str


class SlideReader:
    """Reads one slide; its layout and master tell where placeholders stand, and may bring text of their own."""

    def __init__(self, contexts: tuple[Context, Context, Context], width: float, height: float) -> None:
        self._slide, self._layout, self._master = contexts
        self._width, self._height = width, height
        self.alternatives: list[Note] = []

    def text(self) -> str:
        """Of the slide, and then of what its layout and its master show on it. Fills `alternatives`."""
        parts = self._all(self._tree(self._slide), self._slide, Space(), True, 0)
        for context in (self._layout, self._master):
            known = "\n".join(parts)
            parts += [text for text in self._all(self._tree(context), context, Space(), False, 0) if text not in known]
        return "\n\n".join(parts)[: limits.PAGE_CHARACTERS_MAX]

    def _tree(self, context: Context) -> Element | None:
        return child(context.part._element, "p:cSld", "p:spTree")

    def _all(self, group: Element | None, context: Context, space: Space, with_placeholders: bool, depth: int) -> list[str]:
        items: list[_Item] = []
        for shape in shapes_in(group):
            if not is_hidden(shape) and (with_placeholders or placeholder(shape) is None) and depth < _DEPTH_MAX:
                items += self._items(shape, context, space, with_placeholders, depth)
        return [item.text for item in _in_order(items)]

    def _items(self, shape: Element, context: Context, space: Space, with_placeholders: bool, depth: int) -> Iterator[_Item]:
        place = self._place(shape, space)
        x, y = (place.area.x, place.area.y) if place is not None else (0.0, 0.0)
        self._note_alternative(shape, place)
        kind = local_name(shape)
        if kind == "grpSp":
            inner = inner_space(shape, space) or space
            texts = self._all(shape, context, inner, with_placeholders, depth + 1)
            text = "\n\n".join(texts)
        elif kind == "graphicFrame":
            text = self._frame_text(shape, context, depth)
        else:
            text = _body_text(shape, self._above(shape), context)
        if text.strip():
            ph = placeholder(shape)
            yield _Item(ph is not None and kind_of(ph) in _TITLES, x, y, text)

    def _above(self, shape: Element) -> list[Element]:
        return ancestors(shape, self._layout.part._element, self._master.part._element)

    def _place(self, shape: Element, space: Space) -> Place | None:
        for candidate in (shape, *self._above(shape)):
            place = read_place(transform_of(candidate))
            if place is not None:
                return space.place(place)
        return None

    def _frame_text(self, frame: Element, context: Context, depth: int) -> str:
        data = child(frame, "a:graphic", "a:graphicData")
        table = child(data, "a:tbl")
        if table is not None:
            return _table_text(table)
        chart = child(data, "c:chart")
        if chart is not None:
            return _chart_text(context.related(chart.get(qualified("r:id"))))
        diagram = diagram_tree(context, frame)
        return "\n".join(self._all(diagram[0], diagram[1], Space(), True, depth + 1)) if diagram is not None else ""

    def _note_alternative(self, shape: Element, place: Place | None) -> None:
        properties = own_properties(shape)
        text = " ".join(str(properties.get("descr") or properties.get("title") or "").split()) if properties is not None else ""
        if not text or properties is None:
            return
        area = None
        if place is not None:
            x, y, width, height = place.area
            edges = (x / self._width, y / self._height, (x + width) / self._width, (y + height) / self._height)
            area = Area(*(max(0.0, min(edge, 1.0)) for edge in edges))
        self.alternatives.append(Note("alt_text", text, str(properties.get("name") or ""), area))


def read_speaker_notes(root: Element | None) -> str:
    """What the notes page of a slide says, without the slide's number, date and the like."""
    found: list[str] = []
    for shape in shapes_in(child(root, "p:cSld", "p:spTree")):
        ph = placeholder(shape)
        if ph is not None and kind_of(ph) == "body":
            found += map(_paragraph_text, children(child(shape, "p:txBody"), "a:p"))
    return "\n".join(found).strip()


def with_notes(text: str, notes: Sequence[Note]) -> str:
    """The text with what the notes add to it at its end."""
    lines = [text] if text else []
    for note in notes:
        if note.kind == "speaker_notes":
            lines.append(f"Speaker notes:\n{note.text}")
        else:
            lines.append(f"{note.name}: {note.text}" if note.name else note.text)
    return "\n\n".join(lines)[: limits.PAGE_CHARACTERS_MAX]


def _in_order(items: list[_Item]) -> list[_Item]:
    ordered = sorted(items, key=lambda item: (not item.is_title, item.y))
    rows: list[list[_Item]] = []
    for item in ordered:
        if rows and item.is_title == rows[-1][0].is_title and item.y - rows[-1][0].y <= _ROW_PT:
            rows[-1].append(item)
        else:
            rows.append([item])
    return [item for row in rows for item in sorted(row, key=lambda item: item.x)]


def _body_text(shape: Element, above: Sequence[Element], context: Context) -> str:
    lines = []
    for paragraph in read_text(shape, above, context).paragraphs:
        number = f"{paragraph.bullet.text} " if paragraph.bullet is not None and paragraph.bullet.is_number else ""
        lines.append(number + paragraph.text)
    return "\n".join(lines).strip()


def _paragraph_text(paragraph: Element) -> str:
    return "".join(
        "\n" if local_name(item) == "br" else item.text or "" for item in paragraph.iter() if local_name(item) in ("t", "br")
    )


def _table_text(table: Element) -> str:
    """Rows as lines, cells apart by tabs."""
    rows = []
    for row in children(table, "a:tr"):
        cells = (children(child(cell, "a:txBody"), "a:p") for cell in children(row, "a:tc"))
        rows.append("\t".join(" ".join(filter(None, map(_paragraph_text, paragraphs))) for paragraphs in cells).rstrip())
    return "\n".join(rows).strip()


def _chart_text(part: object) -> str:
    """Its title, those of its axes, then a line for each series with what is shown of its data."""
    chart = child(getattr(part, "_element", None), "c:chart")
    if chart is None:
        return ""
    lines = [
        " ".join(filter(None, map(_paragraph_text, title.iter(qualified("a:p"))))) for title in chart.iter(qualified("c:title"))
    ]
    for plot in read_chart(chart).plots:
        for series in plot.series:
            names = (*series.categories, *("" if x is None else f"{x:g}" for x in series.xs), *("" for _ in series.values))
            points = [f"{name} {value:g}".strip() for name, value in zip(names, series.values, strict=False) if value is not None]
            lines.append(f"{series.name}: {', '.join(points)}".strip(": "))
    return "\n".join(filter(None, lines))
