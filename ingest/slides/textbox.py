"""Putting a body of text into its box: insets, anchor, columns, vertical text, and shrinking it to fit."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from ingest.slides.canvas import Canvas
from ingest.slides.fonts import Fonts
from ingest.slides.geometry import Matrix, Rect
from ingest.slides.layout import Block, Line, compose
from ingest.slides.text import Body, BodyStyle

_SCALE_MIN = 0.1
_FIT_STEPS = 7
"""How often the range of sizes is halved to find the largest that fits: to a hundredth."""


def draw_body(canvas: Canvas, body: Body, area: Rect, fonts: Fonts) -> None:
    """Text in a box, in points; `area` is the box before its insets."""
    if not body.text.strip():
        return
    with _turned(canvas, body.style, area) as box:
        room = box.inset(*body.style.insets)  # they turn with the text
        block = fitted(body, room, fonts)
        x, y = room.x, room.y
        if not body.style.wraps:
            alignment = body.paragraphs[0].style.align
            x += (room.width - block.width) * {"centre": 0.5, "right": 1.0}.get(alignment, 0.0)
        elif body.style.is_centred:
            x += (room.width - block.width) / 2
        slack = room.height - block.height
        y += slack * {"top": 0.0, "middle": 0.5, "bottom": 1.0}[body.style.anchor]
        if slack < 0 and body.style.anchor != "bottom" and not body.style.grows:
            y = min(y, room.y) if body.style.anchor == "middle" else room.y
        for column_x, column in _columns(block, body.style, room):
            column.draw(canvas, x + column_x, y, body.style.direction in ("eaVert", "stacked"))


def fitted(body: Body, room: Rect, fonts: Fonts) -> Block:
    """The text set for a room, shrunk when the body asks for that and it would not fit."""
    block = _composed(body, room, fonts, 1.0)
    if not body.style.shrinks or block.height <= room.height or room.height <= 0:
        return block
    low, high = _SCALE_MIN, 1.0
    for _ in range(_FIT_STEPS):
        scale = (low + high) / 2
        block = _composed(body, room, fonts, scale)
        low, high = (scale, high) if block.height <= room.height else (low, scale)
    return block if block.height <= room.height else _composed(body, room, fonts, low)


def text_height(body: Body, width: float, fonts: Fonts) -> float:
    """How high a box of a width must be for its text, insets included."""
    left, top, right, bottom = body.style.insets
    return top + bottom + fitted(body, Rect(0, 0, max(0.0, width - left - right), 1e6), fonts).height


def _composed(body: Body, room: Rect, fonts: Fonts, scale: float) -> Block:
    if not body.style.wraps:
        return compose(body.paragraphs, None, fonts, scale)
    columns = body.style.columns
    block = compose(body.paragraphs, (room.width - body.style.column_gap * (columns - 1)) / columns, fonts, scale)
    if columns == 1:
        return block
    highest = max((column.height for _, column in _columns(block, body.style, room)), default=0.0)
    return Block(block.lines, block.width, highest)


def _columns(block: Block, style: BodyStyle, room: Rect) -> Iterator[tuple[float, Block]]:
    """The lines shared out among columns, each filled to the height of the room; what is left stays in the last."""
    if style.columns == 1:
        yield 0.0, block
        return
    step = (room.width - style.column_gap * (style.columns - 1)) / style.columns + style.column_gap
    lines = list(block.lines)
    for index in range(style.columns):
        start = lines[0].top if lines else 0.0
        is_last = index == style.columns - 1
        count = next(
            (n for n, line in enumerate(lines) if not is_last and n and line.top + line.height - start > room.height + 0.1),
            len(lines),
        )
        column = tuple(Line(line.pieces, line.baseline - start, line.top - start, line.height) for line in lines[:count])
        yield index * step, Block(column, block.width, column[-1].top + column[-1].height if column else 0.0)
        lines = lines[count:]


@contextlib.contextmanager
def _turned(canvas: Canvas, style: BodyStyle, area: Rect) -> Iterator[Rect]:
    """The canvas turned for vertical text, and the box as seen from there."""
    cx, cy = area.centre
    turn = {"vert": 90.0, "eaVert": 90.0, "stacked": 90.0, "vert270": 270.0}.get(style.direction, 0.0)
    if not turn and not style.rotation:
        yield area
        return
    with canvas.transformed(Matrix.rotation(turn + style.rotation, cx, cy)):
        yield Rect(cx - area.height / 2, cy - area.width / 2, area.height, area.width) if turn else area
