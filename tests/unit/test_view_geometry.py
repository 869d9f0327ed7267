"""Where a picture lies in its view, for any sizes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.view_geometry import MARGIN_PX, SCALE_MAX, VISIBLE_PX_MIN, ViewGeometry

sides = st.integers(1, 20_000)
views = st.floats(150, 4000)
moves = st.floats(-1e5, 1e5)


@given(sides, sides, views, views)
def test_a_fitted_picture_is_whole_and_in_the_middle(width: int, height: int, view_width: float, view_height: float) -> None:
    fitted = ViewGeometry.fitted(width, height, view_width, view_height)
    left, top, shown_width, shown_height = fitted.rect(0, 0, 1, 1)
    assert left >= MARGIN_PX - 1e-6
    assert top >= MARGIN_PX - 1e-6
    assert left + shown_width / 2 == pytest.approx(view_width / 2)
    assert top + shown_height / 2 == pytest.approx(view_height / 2)
    assert shown_width / shown_height == pytest.approx(width / height)
    assert fitted.scale <= SCALE_MAX


@given(sides, sides, views, views, moves, moves, st.floats(0.001, 100), views, views)
def test_no_move_pushes_the_picture_out_of_reach(
    width: int,
    height: int,
    view_width: float,
    view_height: float,
    x: float,
    y: float,
    scale: float,
    new_width: float,
    new_height: float,
) -> None:
    geometry = ViewGeometry.fitted(width, height, view_width, view_height)
    geometry = geometry.zoomed(scale, x, y).panned(y, x).resized(new_width, new_height)
    left, top, shown_width, shown_height = geometry.rect(0, 0, 1, 1)
    for start, length, room in ((left, shown_width, new_width), (top, shown_height, new_height)):
        seen = min(start + length, room) - max(start, 0)
        assert seen >= min(VISIBLE_PX_MIN, length) - 1e-6


@given(sides, sides, st.floats(0, 1), st.floats(0, 1))
def test_a_box_keeps_its_share_of_the_picture(width: int, height: int, x: float, y: float) -> None:
    geometry = ViewGeometry.fitted(width, height, 800, 600).zoomed(1.0, 400, 300)
    left, top, box_width, box_height = geometry.rect(x, y, 1, 1)
    assert (left - geometry.left) / geometry.scale == pytest.approx(x * width, abs=1e-6)
    assert (top + box_height - geometry.top) / geometry.scale == pytest.approx(height)
    assert box_width == pytest.approx((1 - x) * width * geometry.scale, abs=1e-6)


@given(sides, sides, views, views, st.floats(0.01, 20), moves, moves, moves, moves)
def test_scrolling_ends_where_the_picture_ends(
    width: int, height: int, view_width: float, view_height: float, scale: float, x: float, y: float, dx: float, dy: float
) -> None:
    geometry = ViewGeometry.fitted(width, height, view_width, view_height).zoomed(scale, x, y)
    scrolled = geometry.scrolled(dx, dy)
    pairs = ((geometry.left, scrolled.left, dx, width, view_width), (geometry.top, scrolled.top, dy, height, view_height))
    for before, after, by, side, room in pairs:
        length = side * geometry.scale
        assert min(before, before + by) - 1e-6 <= after <= max(before, before + by) + 1e-6
        if length + 2 * MARGIN_PX <= room:
            assert after == before
        elif by > 0 and before <= MARGIN_PX:
            assert after <= MARGIN_PX + 1e-6
        elif by < 0 and before + length >= room - MARGIN_PX:
            assert after + length >= room - MARGIN_PX - 1e-6


def test_the_next_page_begins_at_its_top_and_the_one_before_at_its_end() -> None:
    geometry = ViewGeometry.fitted(1000, 2000, 400, 600).zoomed(1.0, 200, 300)
    following = geometry.turned(1000, 1500, is_forward=True)
    assert (following.scale, following.top) == (geometry.scale, MARGIN_PX)
    before = geometry.turned(1000, 1500, is_forward=False)
    assert before.top + 1500 == 600 - MARGIN_PX


@given(sides, sides, st.floats(0, 1), st.floats(0, 1))
def test_a_point_of_the_view_is_the_place_that_is_drawn_there(width: int, height: int, x: float, y: float) -> None:
    geometry = ViewGeometry.fitted(width, height, 800, 600).zoomed(2.0, 100, 500)
    left, top, _, _ = geometry.rect(x, y, x, y)
    assert geometry.place(left, top) == pytest.approx((x, y), abs=1e-6)
    x0, y0, x1, y1 = geometry.visible
    assert 0 <= x0 < x1 <= 1
    assert 0 <= y0 < y1 <= 1
