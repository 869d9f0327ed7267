"""A region stays within its picture, whatever is done to it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.ui.viewer_region import SIDE_PX_MIN, Region
from ingest.types import Area

sides = st.integers(SIDE_PX_MIN, 30_000)
places = st.floats(-3, 3)
moves = st.integers(-40_000, 40_000)


@given(sides, sides, places, places, places, places, moves, moves, moves, moves)
def test_a_region_stays_within_its_picture(
    width: int, height: int, x0: float, y0: float, x1: float, y1: float, x: int, y: int, wider: int, higher: int
) -> None:
    size = (width, height)
    framed = Region.between((x0, y0), (x1, y1), size)
    for region in (framed, framed.moved(x, y, size), framed.moved(x, y, size).resized(wider, higher, size)):
        assert 0 <= region.x0 <= region.x1 <= width
        assert 0 <= region.y0 <= region.y1 <= height
    assert framed.moved(x, y, size).width == framed.width
    assert framed.resized(wider, higher, size).is_large_enough


@given(sides, sides, st.floats(0, 0.5), st.floats(0.5, 1))
def test_a_region_made_by_key_lies_in_what_is_in_view(width: int, height: int, low: float, high: float) -> None:
    region = Region.amid(Area(low, low, high, high), (width, height))
    assert region.is_large_enough
    area = region.area((width, height))
    assert 0 <= area.x0 < area.x1 <= 1
    assert 0 <= area.y0 < area.y1 <= 1
