"""Numbers in charts: format codes, and scales with round steps."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.slides.chart_numbers import format_number, nice_scale


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (1234.5, "General", "1234.5"),
        (0.1 + 0.2, "General", "0.3"),
        (-0.0, "General", "0"),
        (1e12, "General", "1E+12"),
        (1234567.0, "#,##0", "1,234,567"),
        (2.5, "0", "3"),
        (0.425, "0%", "43%"),
        (0.1234, "0.0%", "12.3%"),
        (0.5, "#.##", ".5"),
        (7, "000", "007"),
        (-3, "0.00;(0.00)", "(3.00)"),
        (0, '0.0;-0.0;"none"', "none"),
        (-0.0001, "0.0", "0.0"),
        (5, '"$"#,##0_);\\("$"#,##0\\)', "$5"),
        (5, '0 "pcs; each"', "5 pcs; each"),
        (5, "[Red]0.0 €", "5.0 €"),
        (1234567, '0.0,,"M"', "1.2M"),
        (12345, "0.00E+00", "1.23E+04"),
        (45000, "yyyy-mm-dd", "2023-03-15"),
        (44000, "mmm\\-yy", "Jun-20"),
        (44000, "d. mmmm yyyy", "18. June 2020"),
        (45000.75, "h:mm AM/PM", "6:00 PM"),
        (45000.5, "yyyy年m月d日", "2023年3月15日"),
    ],
)
def test_a_number_is_shown_as_office_shows_it(value: float, code: str, shown: str) -> None:
    assert format_number(value, code) == shown


@given(value=st.floats(), code=st.text('0#?.,%E+-;"\\_*[]@ymdhs/:AMPGeneral $€年', max_size=40))
def test_any_code_gives_a_short_text(value: float, code: str) -> None:
    assert len(format_number(value, code)) < 600


@pytest.mark.parametrize(
    ("values", "steps", "low", "high", "step"),
    [
        ([19.2, 25.0], 10, 0, 30, 5),  # 25 would touch the top: there is room above the largest
        ([51.1], 10, 0, 60, 10),
        ([420, 40], 10, 0, 450, 50),
        ([2100, -1200], 10, -1500, 2500, 500),
        ([-5, -3], 10, -6, 0, 1),
        ([95, 99], 10, 93, 100, 1),  # far from zero, so zero is left out
        ([22], 2, 0, 40, 20),
        ([], 5, 0, 1, 0.2),
    ],
)
def test_scales_have_round_steps(values: list[float], steps: int, low: float, high: float, step: float) -> None:
    scale = nice_scale(values, steps)
    assert (scale.low, scale.high, scale.step) == pytest.approx((low, high, step))


def test_what_is_set_by_hand_stays() -> None:
    scale = nice_scale([3, 8], 10, low=-2, high=12, step=3.5)
    assert (scale.low, scale.high, scale.step) == (-2, 12, 3.5)
    assert scale.marks == pytest.approx([-2, 1.5, 5, 8.5, 12])


def test_a_logarithmic_scale_steps_in_powers() -> None:
    scale = nice_scale([3, 4000], 10, base=10)
    assert scale.marks == pytest.approx([1, 10, 100, 1000, 10_000])
    assert scale.share(100) == pytest.approx(0.5) and scale.share(-5) < 0


@given(
    values=st.lists(st.floats(), max_size=20),
    steps=st.integers(1, 20),
    low=st.none() | st.floats(-1e9, 1e9),
    high=st.none() | st.floats(-1e9, 1e9),
    step=st.none() | st.floats(-1e3, 1e3),
    base=st.sampled_from([0.0, 2.0, 10.0]),
)
def test_every_scale_holds_its_values_and_few_marks(
    values: list[float], steps: int, low: float | None, high: float | None, step: float | None, base: float
) -> None:
    scale = nice_scale(values, steps, low, high, step, base)
    assert scale.high > scale.low and scale.step > 0 and 1 <= len(scale.marks) <= 401
    if low is None and high is None and step is None and not base:
        usable = [value for value in values if math.isfinite(value) and abs(value) < 1e300]
        assert all(-1e-6 <= scale.share(value) <= 1 + 1e-6 for value in usable)
        assert len(scale.marks) <= steps + 3
