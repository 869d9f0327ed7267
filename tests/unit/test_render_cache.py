"""What was drawn or recognised is found again: in memory, on disk, from two processes at once; and nothing else ever is."""

from __future__ import annotations

import io
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ingest import cache as cache_module
from ingest.attachment import open_attachment
from ingest.cache import WORTH_SECONDS_PER_BYTE, RenderCache
from ingest.errors import ReaderStopped
from ingest.isolate import Readers

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
MB = 1 << 20


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*.drawn") if path.is_file()]


# -- in memory -------------------------------------------------------------------------------------------------------------

DEEDS = st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 60), st.booleans()), max_size=40)


@given(deeds=DEEDS)
def test_memory_holds_what_was_used_last_up_to_its_limit(deeds: list[tuple[str, int, bool]]) -> None:
    cache, model = RenderCache(None, memory_bytes=100), OrderedDict[str, bytes]()
    for key, size, is_write in deeds:
        if is_write:
            data = key.encode() * size
            cache.put(key, data)
            model.pop(key, None)
            model[key] = data
            while sum(map(len, model.values())) > 100:
                model.popitem(last=False)
        else:
            assert cache.get(key) == model.get(key)
            if key in model:
                model.move_to_end(key)


def test_what_is_larger_than_the_memory_costs_nothing_else() -> None:
    cache = RenderCache(None, memory_bytes=100)
    cache.put("small", b"s" * 50)
    cache.put("large", b"l" * 101)
    assert cache.get("small") == b"s" * 50 and cache.get("large") is None


def test_without_a_folder_nothing_outlives_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    cache = RenderCache(None)
    cache.put("a", b"private")
    assert cache.get("a") == b"private" and cache.size_bytes() == 0
    assert RenderCache(None).get("a") is None and not list(tmp_path.iterdir())


def test_threads_share_it() -> None:
    cache = RenderCache(None, memory_bytes=10_000)

    def hammer(seed: int) -> None:
        rng = random.Random(seed)
        for _ in range(2000):
            key = str(rng.randint(0, 40))
            if rng.random() < 0.5:
                cache.put(key, key.encode() * rng.randint(0, 400))
            else:
                assert set(cache.get(key) or b"") <= set(key.encode())

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(hammer, range(4)))
    assert sum(len(cache.get(str(key)) or b"") for key in range(41)) <= 10_000


# -- on disk ---------------------------------------------------------------------------------------------------------------


def test_another_cache_finds_it_in_the_folder(tmp_path: Path) -> None:
    RenderCache(tmp_path).put("page 1-100x200", b"pixels\0\n" * 1000)
    assert RenderCache(tmp_path).get("page 1-100x200") == b"pixels\0\n" * 1000
    assert RenderCache(tmp_path).get("page 1-100x201") is None


def test_nothing_is_written_before_something_is_kept(tmp_path: Path) -> None:
    cache = RenderCache(tmp_path / "cache")
    assert cache.get("a") is None and cache.size_bytes() == 0
    cache.clear()
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(("factor", "is_kept"), [(0.5, False), (2.0, True)])
def test_only_what_is_slow_to_draw_goes_to_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, factor: float, is_kept: bool
) -> None:
    now, data = 1000.0, b"x" * MB
    monkeypatch.setattr(cache_module.time, "monotonic", lambda: now)
    cache = RenderCache(tmp_path)
    assert cache.get("a") is None
    now += WORTH_SECONDS_PER_BYTE * MB * factor
    cache.put("a", data)
    assert cache.get("a") == data
    assert (RenderCache(tmp_path).get("a") == data) == is_kept


@given(sizes=st.lists(st.integers(0, 3000), max_size=12), limit=st.integers(500, 5000))
@settings(max_examples=30, deadline=None)
def test_the_folder_never_takes_more_than_its_limit(sizes: list[int], limit: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        cache = RenderCache(Path(name), disk_bytes=limit)
        for number, size in enumerate(sizes):
            cache.put(f"{number}", b"x" * size)
            assert cache.size_bytes() == sum(path.stat().st_size for path in kept(Path(name))) <= limit


def test_the_user_can_clear_it_with_what_the_readers_keep_there(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "mine.txt").write_bytes(b"not the cache's")
    folder = tmp_path / "cache"
    cache = RenderCache(folder)
    cache.put("a", b"x" * 1000)
    (folder / "office").mkdir()
    (folder / "office" / "deck.pdf").write_bytes(b"y" * 500)
    if sys.platform != "win32":
        (folder / "link").symlink_to(tmp_path / "elsewhere")
    assert cache.size_bytes() >= 1500
    cache.clear()
    assert cache.get("a") is None and RenderCache(folder).get("a") is None
    assert not kept(folder) and not (folder / "office" / "deck.pdf").exists()
    assert (tmp_path / "elsewhere" / "mine.txt").exists()
    cache.put("b", b"again")
    assert RenderCache(folder).get("b") == b"again"


def test_what_belongs_to_another_key_is_never_returned(tmp_path: Path) -> None:
    RenderCache(tmp_path).put("a", b"of a")
    RenderCache(tmp_path).put("b", b"of b")
    one, other = sorted(kept(tmp_path))
    other.write_bytes(one.read_bytes())
    assert sorted(str(RenderCache(tmp_path).get(key)) for key in "ab") in (["None", "b'of a'"], ["None", "b'of b'"])


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    cache = RenderCache(tmp_path / "file")
    cache.put("a", b"data")
    assert cache.get("a") == b"data"
    cache.clear()
    assert cache.get("a") is None


def test_a_page_that_was_drawn_is_drawn_again_without_a_child(tmp_path: Path) -> None:
    stream = io.BytesIO()
    Image.effect_noise((300, 200), 90).convert("RGB").save(stream, "PNG")
    readers = Readers(count=1)
    try:
        page = open_attachment(stream.getvalue(), name="a.png", readers=readers, cache=RenderCache(tmp_path)).pages()[0]
        drawn = page.render(150, 100)
    finally:
        readers.close()
    assert page.render(150, 100) == drawn
    with pytest.raises(ReaderStopped):
        page.render(151, 100)


# -- two processes ---------------------------------------------------------------------------------------------------------

WRITER = """
import random, sys
from pathlib import Path
from ingest.cache import RenderCache

folder, limit, seed, count, size = Path(sys.argv[1]), *map(int, sys.argv[2:])
rng, found = random.Random(seed), 0
print("ready", flush=True)
for number in range(count):
    key = str(rng.randint(0, 15))
    cache = RenderCache(folder, disk_bytes=limit, memory_bytes=0)
    data = cache.get(key)
    if data is not None:
        found += 1
        assert data == key.encode() * (size // len(key)), "torn or of another key"
    RenderCache(folder, disk_bytes=limit, memory_bytes=0).put(key, key.encode() * (size // len(key)))
    print(number, flush=True)
print("found", found, flush=True)
"""


def start_writer(folder: Path, limit: int, seed: int, count: int, size: int) -> subprocess.Popen[bytes]:
    arguments = [str(folder), *map(str, (limit, seed, count, size))]
    root = Path(__file__).parents[2]
    return subprocess.Popen([sys.executable, "-c", WRITER, *arguments], cwd=root, stdout=subprocess.PIPE, bufsize=0)


def assert_sound(folder: Path, size: int) -> int:
    cache = RenderCache(folder, memory_bytes=0)
    found = {str(key): cache.get(str(key)) for key in range(16)}
    for key, data in found.items():
        assert data is None or data == key.encode() * (size // len(key))
    return sum(data is not None for data in found.values())


def test_two_processes_write_read_and_evict_in_one_folder(tmp_path: Path) -> None:
    size, limit = 30_000, 200_000
    writers = [start_writer(tmp_path, limit, seed, 300, size) for seed in (1, 2)]
    answers = [writer.communicate(timeout=120)[0].splitlines()[-1].split() for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0]
    assert all(word == b"found" and int(count) > 30 for word, count in answers)
    assert 1 <= assert_sound(tmp_path, size) <= limit // size
    assert RenderCache(tmp_path).size_bytes() <= limit + 2 * (size + 200)  # each may not have seen the other's last file
    assert not list(tmp_path.glob("*.partial"))


@POSIX
def test_a_process_killed_while_it_writes_leaves_only_whole_entries(tmp_path: Path) -> None:
    size, rng, other = 2_000_000, random.Random(5), start_writer(tmp_path, 20_000_000, 99, 400, 2_000_000)
    assert other.stdout is not None
    drain = threading.Thread(target=other.stdout.read)
    drain.start()
    for seed in range(8):
        writer = start_writer(tmp_path, 20_000_000, seed, 1000, size)
        assert writer.stdout is not None
        for _ in range(rng.randint(1, 4)):
            assert writer.stdout.readline()
        os.kill(writer.pid, signal.SIGKILL)
        writer.communicate()
        assert_sound(tmp_path, size)
    other.kill()
    drain.join()
    other.communicate()
    assert assert_sound(tmp_path, size) > 0
    cache = RenderCache(tmp_path)
    cache.put("after", b"all is well")
    assert RenderCache(tmp_path).get("after") == b"all is well"
