"""KV states are found by what they hold, belong to one model, and are never used when damaged."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.local.disk_store import DiskStore
from inference.local.kv import ImageUnit, Unit, common_prefix
from inference.local.state_store import StateStore

MODEL = "0123456789abcdef0123456789abcdef"
CAT = ImageUnit("cat", 30, 6)
UNITS: st.SearchStrategy[list[Unit]] = st.lists(st.sampled_from([1, 2, CAT, ImageUnit("dog", 4, 2)]), min_size=1, max_size=6)


def opened(folder: Path, model: str = MODEL, limit_bytes: int = 1 << 20) -> StateStore:
    """A store as after a restart: it knows only the folder."""
    return StateStore(model, folder, limit_bytes)


def test_a_state_is_read_as_it_was_written(tmp_path: Path) -> None:
    units: list[Unit] = [5, CAT, 151_329]
    name = opened(tmp_path).write(units, 2, b"state", replaces=None)
    assert name is not None
    assert opened(tmp_path).best_match([5, CAT, 151_329, 9]) == (name, 3)
    assert opened(tmp_path).read(name) == (units, 2, b"state")


@given(st.lists(UNITS, max_size=5), UNITS)
@settings(max_examples=50)
def test_the_longest_match_is_found_across_a_restart(states: list[list[Unit]], units: list[Unit]) -> None:
    with tempfile.TemporaryDirectory() as name:
        writer = opened(Path(name))
        for number, held in enumerate(states):
            assert writer.write(held, len(held), b"%d" % number, replaces=None)
        best = max((common_prefix(held, units) for held in states), default=0)
        for store in (writer, opened(Path(name))):
            found, length = store.best_match(units)
            assert length == best and bool(found) == (best > 0)
            if found:
                stored = store.read(found)
                assert stored is not None and common_prefix(stored[0], units) == best


def test_another_model_does_not_see_the_state(tmp_path: Path) -> None:
    opened(tmp_path).write([1, 2], 2, b"state", replaces=None)
    assert opened(tmp_path, model="fedcba9876543210fedcba9876543210").best_match([1, 2]) == ("", 0)


def test_a_later_state_of_a_conversation_takes_the_place_of_the_earlier(tmp_path: Path) -> None:
    store = opened(tmp_path)
    first = store.write([1, 2], 2, b"first", replaces=None)
    second = store.write([1, 2, 3], 3, b"second", replaces=first)
    assert {path.name for path in tmp_path.iterdir()} == {second}
    assert store.best_match([1, 2]) == (second, 2)


def test_a_state_that_is_not_kept_leaves_the_earlier_one(tmp_path: Path) -> None:
    store = opened(tmp_path, limit_bytes=1000)
    first = store.write([1, 2], 2, b"first", replaces=None)
    assert store.write([1, 2, 3], 3, b"x" * 2000, replaces=first) is None
    assert store.best_match([1, 2, 3]) == (first, 2)


def test_a_state_that_another_process_deleted_is_forgotten(tmp_path: Path) -> None:
    store = opened(tmp_path)
    name = store.write([1, 2], 2, b"state", replaces=None) or ""
    assert store.best_match([1, 2]) == (name, 2)
    (tmp_path / name).unlink()
    assert store.read(name) is None
    assert store.best_match([1, 2]) == ("", 0)


def test_a_state_that_another_process_wrote_is_found(tmp_path: Path) -> None:
    store = opened(tmp_path)
    assert store.best_match([1, 2]) == ("", 0)
    name = opened(tmp_path).write([1, 2], 2, b"state", replaces=None)
    assert store.best_match([1, 2]) == (name, 2)


@given(data=st.data())
@settings(max_examples=200)
def test_a_state_with_any_bit_flipped_is_never_used(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        name = opened(Path(folder)).write([1, 2, CAT, 3], 4, b"the state", replaces=None) or ""
        path = Path(folder) / name
        damaged = bytearray(path.read_bytes())
        damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= 1 << data.draw(st.integers(0, 7))
        path.write_bytes(damaged)
        store = opened(Path(folder))
        found, _ = store.best_match([1, 2, CAT, 3])
        assert not found or store.read(found) is None
        assert store.best_match([1, 2, CAT, 3]) == ("", 0)


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"units": None},
        {"units": 7},
        {"units": ["abc"]},
        {"units": [[]]},
        {"units": [{"id": 1}]},
        {"units": [["cat", "many", 6]]},
        {"units": [1.5]},
        {"units": [1], "prompt_length": None},
        {"units": [1], "prompt_length": "all"},
        {"units": [1], "prompt_length": [1]},
    ],
)
def test_a_header_of_another_kind_is_never_used(tmp_path: Path, header: dict[str, object]) -> None:
    name = f"{MODEL[:24]}-odd.kv"
    assert DiskStore(tmp_path, ".kv", 1 << 20).write(name, header, b"state")
    store = opened(tmp_path)
    found, _ = store.best_match([1])
    assert not found or store.read(found) is None
    assert store.read(name) is None
