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
