"""KV states are found by what they hold, belong to one model, stay within both limits, and are never used when damaged."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from base.disk_store import DiskStore
from inference.local.kv import ImageUnit, Unit, common_prefix
from inference.local.states import State, StateCache

MODEL = "0123456789abcdef0123456789abcdef"
CAT = ImageUnit("cat", 30, 6)
UNITS: st.SearchStrategy[list[Unit]] = st.lists(st.sampled_from([1, 2, CAT, ImageUnit("dog", 4, 2)]), min_size=1, max_size=6)


def opened(folder: Path | None, model: str = MODEL, memory_bytes: int = 1 << 20, disk_bytes: int = 1 << 20) -> StateCache:
    """A cache as after a restart: it knows only the folder."""
    return StateCache(model, memory_bytes, folder, disk_bytes)


def state_of(*units: Unit, data: bytes = b"state", keep_on_disk: bool = True) -> State:
    return State(list(units), len(units), data, keep_on_disk=keep_on_disk)


def kept(folder: Path, *states: State) -> StateCache:
    cache = opened(folder)
    for state in states:
        cache.put(state)
    cache.flush()
    return cache


def match(cache: StateCache, *units: Unit) -> tuple[list[Unit], bytes, int]:
    """Units and data of the best match and how much of it matches; empty for none, or when it cannot be read."""
    state, length = cache.best_match(units)
    data = cache.read(state) if state is not None else None
    return ([], b"", 0) if state is None or data is None else (state.units, bytes(data), length)


@pytest.mark.parametrize("is_restarted", [False, True])
def test_a_state_is_read_as_it_was_put(tmp_path: Path, is_restarted: bool) -> None:
    state = State([5, CAT, 151_329], 2, b"the state")
    cache = kept(tmp_path, state)
    cache = opened(tmp_path) if is_restarted else cache
    assert match(cache, 5, CAT, 151_329, 9) == ([5, CAT, 151_329], b"the state", 3)
    found, _ = cache.best_match([5])
    assert found is not None and found.prompt_length == 2


@given(st.lists(UNITS, max_size=5), UNITS)
@settings(max_examples=50)
def test_the_longest_match_is_found_also_after_a_restart(states: list[list[Unit]], units: list[Unit]) -> None:
    with tempfile.TemporaryDirectory() as name:
        cache = kept(Path(name), *(state_of(*held, data=repr(held).encode()) for held in states))
        best = max((common_prefix(held, units) for held in states), default=0)
        for opened_cache in (cache, opened(Path(name))):
            found, data, length = match(opened_cache, *units)
            assert length == best
            assert not found or (common_prefix(found, units) == best and data == repr(found).encode())


def test_another_model_does_not_see_the_state(tmp_path: Path) -> None:
    kept(tmp_path, state_of(1, 2))
    assert opened(tmp_path, model="fedcba9876543210fedcba9876543210").best_match([1, 2]) == (None, 0)


def test_a_later_state_of_a_conversation_takes_the_place_of_the_earlier(tmp_path: Path) -> None:
    cache = kept(tmp_path, state_of(1, 2, 8, data=b"first"))
    earlier, _ = cache.best_match([1, 2])
    cache.put(state_of(1, 2, 9, data=b"second"), replaces=earlier)
    cache.flush()
    assert len(list(tmp_path.iterdir())) == 1
    for found in (cache, opened(tmp_path)):
        assert match(found, 1, 2, 8) == ([1, 2, 9], b"second", 2)


def test_a_state_that_goes_on_takes_the_place_of_its_beginning(tmp_path: Path) -> None:
    cache = kept(tmp_path, state_of(1, 2), state_of(1, 3))
    cache.put(state_of(1, 2, 4))
    cache.flush()
    assert match(cache, 1, 2, 4)[2] == 3
    assert match(cache, 1, 3)[2] == 2
    assert len(list(tmp_path.iterdir())) == 2


def test_a_conversation_on_disk_stays_there_until_its_later_state_is_written(tmp_path: Path) -> None:
    cache = kept(tmp_path, state_of(1, 2))
    cache.put(state_of(1, 2, 3))
    assert match(opened(tmp_path), 1, 2, 3)[2] == 2  # a crash at this moment
    cache.flush()
    assert match(opened(tmp_path), 1, 2, 3)[2] == 3


def test_a_disk_that_refuses_loses_nothing(tmp_path: Path) -> None:
    cache = StateCache(MODEL, 100, tmp_path, 1000)
    cache.put(state_of(1, 2, data=b"x" * 90))
    cache.flush()
    cache.put(state_of(1, 2, 3, data=b"x" * 2000))  # more than memory and disk may take
    assert match(cache, 1, 2, 3)[2] == 2
    assert match(opened(tmp_path), 1, 2, 3)[2] == 2


def test_a_private_conversation_leaves_nothing_on_disk(tmp_path: Path) -> None:
    cache = kept(tmp_path, state_of(1, 2, keep_on_disk=False))
    assert match(cache, 1, 2)[2] == 2
    assert list(tmp_path.iterdir()) == []
    small = opened(tmp_path, memory_bytes=8)
    small.put(state_of(1, 2, keep_on_disk=False))
    small.put(state_of(2, 1, keep_on_disk=False))
    assert match(small, 1, 2)[2] == 0 and match(small, 2, 1)[2] == 2
    assert list(tmp_path.iterdir()) == []


@given(st.lists(st.integers(1, 60), max_size=12), st.integers(0, 150))
@settings(max_examples=50)
def test_memory_stays_under_its_limit_and_the_latest_are_held(sizes: list[int], limit: int) -> None:
    cache = opened(None, memory_bytes=limit)
    for number, size in enumerate(sizes):
        cache.put(state_of(number, data=b"x" * size))
    held = [number for number in range(len(sizes)) if match(cache, number)[2]]
    assert sum(sizes[number] for number in held) <= limit
    newest = 0
    while newest < len(sizes) and sum(sizes[len(sizes) - newest - 1 :]) <= limit:
        newest += 1
    assert set(range(len(sizes) - newest, len(sizes))) <= set(held)


def test_what_leaves_memory_goes_to_disk(tmp_path: Path) -> None:
    cache = opened(tmp_path, memory_bytes=100)
    for number in range(5):
        cache.put(state_of(number, data=b"%d" % number * 60))
    assert [match(cache, number)[1] for number in range(5)] == [b"%d" % number * 60 for number in range(5)]


def test_without_a_folder_states_are_kept_in_memory() -> None:
    cache = opened(None)
    cache.put(state_of(1, 2))
    cache.flush()
    assert match(cache, 1, 2) == ([1, 2], b"state", 2)


def test_a_state_that_another_process_deleted_is_forgotten(tmp_path: Path) -> None:
    kept(tmp_path, state_of(1, 2))
    cache = opened(tmp_path)
    found, _ = cache.best_match([1, 2])
    assert found is not None and found.name is not None
    (tmp_path / found.name).unlink()
    assert cache.read(found) is None
    assert cache.best_match([1, 2]) == (None, 0)


def test_a_state_that_another_process_wrote_is_found(tmp_path: Path) -> None:
    cache = opened(tmp_path)
    assert cache.best_match([1, 2]) == (None, 0)
    kept(tmp_path, state_of(1, 2))
    assert match(cache, 1, 2)[2] == 2


def test_a_state_whose_file_was_deleted_is_not_written_again(tmp_path: Path) -> None:
    cache = kept(tmp_path, state_of(1, 2))
    for path in tmp_path.iterdir():
        path.unlink()  # the user cleared the cache, or it made way for newer ones
    cache.best_match([3])
    cache.flush()
    assert list(tmp_path.iterdir()) == []


@given(data=st.data())
@settings(max_examples=200)
def test_a_state_with_any_bit_flipped_is_never_used(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as name:
        kept(Path(name), state_of(1, 2, CAT, 3))
        (path,) = Path(name).iterdir()
        damaged = bytearray(path.read_bytes())
        damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= 1 << data.draw(st.integers(0, 7))
        path.write_bytes(damaged)
        cache = opened(Path(name))
        assert match(cache, 1, 2, CAT, 3) == ([], b"", 0)
        assert cache.best_match([1, 2, CAT, 3]) == (None, 0)


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
        {"units": [1]},
        {"units": [1], "prompt_length": "all"},
        {"units": [1], "prompt_length": [1]},
    ],
)
def test_a_header_of_another_kind_is_never_used(tmp_path: Path, header: dict[str, object]) -> None:
    assert DiskStore(tmp_path, ".kv", 1 << 20).write(f"{MODEL[:24]}-odd.kv", {"prompt_length": None} | header, b"state")
    assert match(opened(tmp_path), 1) == ([], b"", 0)
