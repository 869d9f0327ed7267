"""Where the bar and the card go beside a region: whole on the screen, and over as little of the region as possible. Pure.

All rectangles are in logical pixels of one surface. What covers the least of a rectangle touches one of its edges or an edge of
the room, so only such places are compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.capture.models import Rect

MARGIN_PX = 12
"""From the edge of the screen."""
BAR_GAP_PX = 12
CARD_GAP_PX = 20

Size = tuple[int, int]
"""Width and height."""


def place_bar(room: Rect, region: Rect, size: Size, taken: Sequence[Rect] = ()) -> Rect:
    """Below the region, else above it or beside it. `taken` is not covered if that can be avoided."""
    x = region.x + min(0, (region.width - size[0]) // 2)  # under the middle of a small region, else flush with it
    return _nearest(room, region, _cut(size, room), (x, region.y + region.height + BAR_GAP_PX), BAR_GAP_PX, taken)


def card_slot(room: Rect, region: Rect, bar: Rect, sizes: Sequence[Size], taken: Sequence[Rect] = ()) -> Rect:
    """The place that a card may grow to fill: right of the region, else wherever there is room, never over the bar if both fit.

    The first of `sizes` that covers nothing; the first one of all where that cannot be.
    """
    ideal = region.x + region.width + CARD_GAP_PX, region.y
    slots = [_nearest(room, region, _cut(size, room), ideal, CARD_GAP_PX, (bar, *taken)) for size in sizes]
    return next((slot for slot in slots if not any(overlap_px(slot, other) for other in (region, bar, *taken))), slots[0])


def place_card(slot: Rect, region: Rect, height_px: int) -> Rect:
    """A card of this height in its slot, as near to the top of the region as it can be."""
    height = min(height_px, slot.height)
    return Rect(slot.x, min(max(region.y, slot.y), slot.y + slot.height - height), slot.width, height)


def overlap_px(first: Rect, second: Rect) -> int:
    """How many pixels two rectangles share."""
    width = min(first.x + first.width, second.x + second.width) - max(first.x, second.x)
    height = min(first.y + first.height, second.y + second.height) - max(first.y, second.y)
    return max(0, width) * max(0, height)


def _nearest(room: Rect, region: Rect, size: Size, ideal: Size, gap: int, taken: Sequence[Rect]) -> Rect:
    """Of the places that cover the least, the one nearest to the ideal."""

    def cost(place: Rect) -> tuple[int, int, int, int]:
        covered = sum(overlap_px(place, other) for other in taken)
        crowded = sum(overlap_px(_grown(place, gap), other) for other in (region, *taken))
        return covered, overlap_px(place, region), crowded, abs(place.x - ideal[0]) + abs(place.y - ideal[1])

    inner = _grown(room, -min(MARGIN_PX, (room.width - size[0]) // 2, (room.height - size[1]) // 2))
    others = (region, *taken)
    xs = _stops(ideal[0], size[0], (inner.x, inner.width), [(other.x, other.width) for other in others], gap)
    ys = _stops(ideal[1], size[1], (inner.y, inner.height), [(other.y, other.height) for other in others], gap)
    columns = sorted(set(xs))
    return min((Rect(x, y, *size) for y in sorted(set(ys)) for x in columns), key=cost)


def _stops(ideal: int, length: int, room: tuple[int, int], others: Sequence[tuple[int, int]], gap: int) -> Iterator[int]:
    """Where something of this length may begin, in one direction: flush with an edge, or a gap away from it."""
    first, last = room[0], room[0] + room[1] - length
    for start, extent in others:
        for distance in (0, gap):
            yield from (_within(stop, first, last) for stop in (start - distance - length, start + extent + distance))
        yield from (_within(stop, first, last) for stop in (start, start + extent - length))
    yield from (first, last, _within(ideal, first, last))


def _within(value: int, first: int, last: int) -> int:
    return max(first, min(value, last))


def _grown(rect: Rect, by: int) -> Rect:
    return Rect(rect.x - by, rect.y - by, rect.width + 2 * by, rect.height + 2 * by)


def _cut(size: Size, room: Rect) -> Size:
    return min(size[0], room.width), min(size[1], room.height)
