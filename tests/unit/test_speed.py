"""What was measured is told before the next question; what was not is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.speed import MODELS_MAX, Speeds
from inference.types import Timings, Usage

PICTURE = Usage(prompt_tokens=1100, cached_tokens=100, image_tokens=800, completion_tokens=9)


def test_nothing_is_told_before_something_was_measured(tmp_path: Path) -> None:
    speeds = Speeds(tmp_path / "speed.json")
    assert speeds.expected_s("GLM", 800, 1000) is None
    speeds.learn("GLM", Usage(1000, 0, 0, 5), Timings(0.0, 0.0, 2000.0, 9.0))
    assert speeds.expected_s("GLM", 0, 500) == pytest.approx(1.0)
    assert speeds.expected_s("GLM", 800, 1000) is None  # pictures were never measured
    assert speeds.expected_s("another", 0, 500) is None


def test_what_was_measured_is_told_again_also_after_a_restart(tmp_path: Path) -> None:
    Speeds(tmp_path / "speed.json").learn("GLM", PICTURE, Timings(9000.0, 8000.0, 10_000.0, 9.0))
    speeds = Speeds(tmp_path / "speed.json")
    assert speeds.expected_s("GLM", 800, 1000) == pytest.approx(10.0)
    assert speeds.expected_s("GLM", 800, 1000, is_loaded=False) == pytest.approx(19.0)
    assert [path.name for path in tmp_path.iterdir()] == ["speed.json"]


def test_new_measurements_move_the_average(tmp_path: Path) -> None:
    speeds = Speeds(tmp_path / "speed.json")
    for encode_ms in (8000.0, 4000.0):
        speeds.learn("GLM", PICTURE, Timings(0.0, encode_ms, encode_ms + 1000.0, 9.0))
    expected = speeds.expected_s("GLM", 1000, 0)
    assert expected is not None and 5.0 < expected < 10.0


def test_an_answer_from_what_was_kept_teaches_nothing(tmp_path: Path) -> None:
    speeds = Speeds(tmp_path / "speed.json")
    speeds.learn("GLM", PICTURE, Timings(0.0, 8000.0, 9000.0, 9.0))
    before = speeds.expected_s("GLM", 800, 1000)
    speeds.learn("GLM", Usage(1100, 1095, 800, 9), Timings(0.0, 0.0, 30.0, 9.0))
    assert speeds.expected_s("GLM", 800, 1000) == before


def test_only_so_many_models_are_remembered(tmp_path: Path) -> None:
    speeds = Speeds(tmp_path / "speed.json")
    for number in range(MODELS_MAX + 3):
        speeds.learn(f"m{number}", PICTURE, Timings(0.0, 8000.0, 9000.0, 9.0))
    assert len(json.loads((tmp_path / "speed.json").read_text())) == MODELS_MAX
    assert speeds.expected_s("m0", 8, 10) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["GLM", "encode_ms", "prefill_ms", "load_ms"]), inner)
    ),
    max_leaves=12,
)


@given(st.one_of(st.binary(max_size=60), json_values.map(lambda value: json.dumps(value).encode())))
def test_any_file_is_read_without_harm(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("speed") / "speed.json"
    path.write_bytes(content)
    expected = Speeds(path).expected_s("GLM", 10, 10, is_loaded=False)
    assert expected is None or expected > 0
