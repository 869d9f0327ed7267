"""The rate, what counts as a change, and what is left when there is too much."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sampling import (
    Candidate,
    Fingerprint,
    fingerprint_size,
    is_near_duplicate,
    is_scene_change,
    select,
    target_times,
)
from ingest.types import FrameTime

ROWS, COLUMNS = 180, 320
NOISE = np.random.default_rng(1)


def screen(level: int = 200) -> np.ndarray:
    return np.full((ROWS, COLUMNS), level, np.uint8)


def with_noise(cells: np.ndarray, strength: float) -> Fingerprint:
    return Fingerprint(np.clip(cells + NOISE.normal(0, strength, cells.shape), 0, 255).astype(np.uint8))


@pytest.mark.parametrize(
    ("length_s", "count", "step_s"),
    [(10, 60, 1 / 6), (30, 180, 1 / 6), (31, 62, 1 / 2), (300, 600, 1 / 2), (301, 301, 1), (600, 600, 1)],
)
def test_the_rate_falls_with_the_length(length_s: float, count: int, step_s: float) -> None:
    times = target_times(5.0, 5.0 + length_s, None, 640)
    assert len(times) == count
    assert times[0] == 5.0
    assert np.allclose(np.diff(times), step_s)


@pytest.mark.parametrize("length_s", [700, 2400, 3600, 86400])
def test_long_ranges_are_covered_evenly_to_their_end(length_s: float) -> None:
    times = target_times(0.0, length_s, None, 10_000)
    assert len(times) == 640
    assert times[0] == 0.0
    assert times[-1] == pytest.approx(length_s)
    assert np.allclose(np.diff(times), length_s / 639)


def test_a_rate_of_the_users_is_kept() -> None:
    assert target_times(1.0, 4.0, 1.0, 10) == [1.0, 2.0, 3.0]
    assert target_times(0.0, 60.0, 10.0, 3) == [0.0, 30.0, 60.0]


@given(
    st.floats(0, 1e6),
    st.floats(0, 1e6),
    st.one_of(st.none(), st.floats(1e-6, 1e6)),
    st.integers(1, 2000),
)
def test_times_stay_in_order_in_the_range_and_in_number(start_s: float, length_s: float, rate: float | None, most: int) -> None:
    times = target_times(start_s, start_s + length_s, rate, most)
    assert 1 <= len(times) <= most
    assert times == sorted(times)
    assert times[0] == start_s
    assert times[-1] <= start_s + length_s + 1e-6


def test_noise_of_compression_is_no_change() -> None:
    page = screen()
    assert is_near_duplicate(with_noise(page, 0.5), with_noise(page, 2.0))
    assert is_near_duplicate(with_noise(page, 3.0), with_noise(page, 3.0))


@pytest.mark.parametrize("strength", [0.0, 2.0])
def test_one_changed_cell_is_a_change(strength: float) -> None:
    after = screen()
    after[100, 200] -= 60
    a, b = with_noise(screen(), strength), with_noise(after, strength)
    assert not is_near_duplicate(a, b)
    assert not is_scene_change(a, b)


def test_a_new_slide_is_a_scene() -> None:
    slide = screen()
    slide[20:100, 40:200] = 30
    assert is_scene_change(with_noise(screen(), 2), with_noise(slide, 2))
    assert is_scene_change(Fingerprint(screen()), Fingerprint(screen()[:90]))
    assert not is_scene_change(with_noise(screen(), 2), with_noise(screen(), 2))


@given(st.integers(1, 40_000), st.integers(1, 40_000))
def test_fingerprints_are_small_and_never_larger_than_the_picture(width: int, height: int) -> None:
    columns, rows = fingerprint_size(width, height)
    assert 1 <= columns <= min(320, width)
    assert 1 <= rows <= min(320, height)


def test_duplicates_go_and_scenes_stay() -> None:
    plain, slide = Fingerprint(screen()), Fingerprint(screen(20))
    candidates = [
        Candidate(0.0, plain),
        Candidate(1.0, plain),
        Candidate(1.5, plain, is_extra=True),
        Candidate(1.7, slide, is_extra=True),
        Candidate(2.0, slide),
        Candidate(3.0, plain),
        Candidate(4.0, None),
        Candidate(5.0, plain),
    ]
    assert select(candidates, 10) == [
        FrameTime(0.0),
        FrameTime(1.7, is_scene_start=True),
        FrameTime(3.0),
        FrameTime(4.0),
        FrameTime(5.0),
    ]


def test_what_changes_slowly_is_a_change_in_the_end() -> None:
    candidates = [Candidate(float(second), Fingerprint(screen(200 - 10 * second))) for second in range(10)]
    assert [time.time_s for time in select(candidates, 10)] == [0.0, 3.0, 6.0, 9.0]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), max_size=60), st.integers(1, 20))
def test_never_more_than_asked_for_and_always_the_first(steps: list[tuple[bool, int]], most: int) -> None:
    candidates = [Candidate(0.0, Fingerprint(screen(0)))]
    candidates += [
        Candidate(index + 1.0, Fingerprint(screen(40 * level)), is_extra) for index, (is_extra, level) in enumerate(steps)
    ]
    chosen = select(candidates, most)
    assert 1 <= len(chosen) <= most
    assert [time.time_s for time in chosen] == sorted(time.time_s for time in chosen)
    if most > 1:
        assert chosen[0] == FrameTime(0.0)
