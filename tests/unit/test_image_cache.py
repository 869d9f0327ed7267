"""Encodings of pictures are found again for the same picture, size and projector only; both limits hold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.local.image_cache import Embeddings, ImageCache

SIZE, SHAPE = (112, 140), (20, 16)
BYTES = 20 * 16 * 4


def encoding(seed: int) -> Embeddings:
    return np.random.default_rng(seed).standard_normal(SHAPE, dtype=np.float32)


def in_memory(memory_bytes: int) -> ImageCache:
    return ImageCache("projector", memory_bytes, None, 0)


def on_disk(folder: Path, projector: str = "projector", disk_bytes: int = 1 << 20) -> ImageCache:
    """A cache with an empty memory, as after a restart."""
    return ImageCache(projector, 1 << 20, folder, disk_bytes)


def test_what_was_put_is_found_again(tmp_path: Path) -> None:
    cache = on_disk(tmp_path)
    assert cache.put("cat", SIZE, encoding(1), keep_on_disk=True)
    for found in (cache.get("cat", SIZE, SHAPE), on_disk(tmp_path).get("cat", SIZE, SHAPE)):
        assert found is not None and found.dtype == np.float32
        np.testing.assert_array_equal(found, encoding(1))


def test_another_picture_size_shape_or_projector_is_not_found(tmp_path: Path) -> None:
    on_disk(tmp_path).put("cat", SIZE, encoding(1), keep_on_disk=True)
    for cache in (on_disk(tmp_path), on_disk(tmp_path)):
        assert cache.get("dog", SIZE, SHAPE) is None
        assert cache.get("cat", (140, 112), SHAPE) is None
        assert cache.get("cat", SIZE, (16, 20)) is None
        assert cache.get("cat", SIZE, SHAPE) is not None  # now from memory
        assert cache.get("cat", SIZE, (16, 20)) is None
    assert on_disk(tmp_path, projector="another").get("cat", SIZE, SHAPE) is None


def test_a_private_picture_leaves_nothing_on_disk(tmp_path: Path) -> None:
    cache = on_disk(tmp_path / "pictures")
    assert cache.put("cat", SIZE, encoding(1), keep_on_disk=False)
    assert cache.get("cat", SIZE, SHAPE) is not None
    assert not (tmp_path / "pictures").exists()


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4)), max_size=30), st.integers(0, 4))
def test_memory_holds_the_most_recently_used(steps: list[tuple[bool, int]], capacity: int) -> None:
    cache, expected = in_memory(capacity * BYTES + BYTES // 2), list[int]()
    for is_put, picture in steps:
        if is_put:
            cache.put(str(picture), SIZE, encoding(picture), keep_on_disk=True)
        found = cache.get(str(picture), SIZE, SHAPE)
        assert (found is not None) == (picture in expected or (is_put and capacity > 0))
        if found is not None:
            np.testing.assert_array_equal(found, encoding(picture))
            expected = [*(other for other in expected if other != picture), picture][-capacity:]


def test_a_picture_over_the_memory_limit_is_still_kept_on_disk(tmp_path: Path) -> None:
    cache = ImageCache("projector", BYTES - 1, tmp_path, 1 << 20)
    assert cache.put("cat", SIZE, encoding(1), keep_on_disk=True)
    assert cache.get("cat", SIZE, SHAPE) is not None


def test_the_disk_stays_under_its_limit(tmp_path: Path) -> None:
    cache = on_disk(tmp_path, disk_bytes=3 * BYTES)
    for picture in range(6):
        assert cache.put(str(picture), SIZE, encoding(picture), keep_on_disk=True)
        assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 3 * BYTES
    assert on_disk(tmp_path).get("5", SIZE, SHAPE) is not None
    assert on_disk(tmp_path).get("0", SIZE, SHAPE) is None


def test_a_disk_that_refuses_is_told_and_the_picture_stays_in_memory(tmp_path: Path) -> None:
    (tmp_path / "pictures").write_bytes(b"a file where the folder should be")
    cache = on_disk(tmp_path / "pictures")
    assert not cache.put("cat", SIZE, encoding(1), keep_on_disk=True)
    assert cache.get("cat", SIZE, SHAPE) is not None


@pytest.mark.parametrize("place", [3, 30, -1])
def test_a_damaged_encoding_is_forgotten(tmp_path: Path, place: int) -> None:
    on_disk(tmp_path).put("cat", SIZE, encoding(1), keep_on_disk=True)
    (path,) = tmp_path.iterdir()
    damaged = bytearray(path.read_bytes())
    damaged[place] ^= 4
    path.write_bytes(damaged)
    assert on_disk(tmp_path).get("cat", SIZE, SHAPE) is None
    assert not path.exists()


def test_the_files_do_not_name_the_pictures(tmp_path: Path) -> None:
    on_disk(tmp_path).put("holiday-2024.jpg", SIZE, encoding(1), keep_on_disk=True)
    (path,) = tmp_path.iterdir()
    assert "holiday" not in path.name and b"holiday" not in path.read_bytes()
