"""A folder under a size limit: limits, order of use, damage, several processes, a crash or a full disk in the middle."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from base.disk_store import DiskStore

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals, limits and permissions")


def store(folder: Path, limit_bytes: int = 1 << 20) -> DiskStore:
    return DiskStore(folder, ".kept", limit_bytes)


def kept_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("*.kept"))


def partials(folder: Path) -> list[Path]:
    return list(folder.glob("*.partial"))


def age(folder: Path, name: str, seconds: int) -> None:
    stat = (folder / name).stat()
    os.utime(folder / name, (stat.st_atime - seconds, stat.st_mtime - seconds))


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    assert store(tmp_path).write("a.kept", {"words": "grün\n"}, b"body\n\0\xff")
    header, body = store(tmp_path).read("a.kept") or ({}, b"")
    assert header["words"] == "grün\n" and body == b"body\n\0\xff"
    assert (store(tmp_path).read_header("a.kept") or {})["words"] == "grün\n"
    assert store(tmp_path).names() == {"a.kept"}


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    empty = store(tmp_path / "none")
    assert empty.names() == set()
    assert empty.read("a.kept") is None and empty.read_header("a.kept") is None
    empty.delete("a.kept")
    assert not (tmp_path / "none").exists()


@POSIX
def test_only_the_user_may_read_what_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "engine" / "pictures"
    mask = os.umask(0)
    try:
        assert store(folder).write("a.kept", {}, b"body")
    finally:
        os.umask(mask)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "a.kept").stat().st_mode & 0o777 == 0o600


@given(sizes=st.lists(st.integers(0, 3000), max_size=12), limit=st.integers(0, 5000))
@settings(max_examples=40)
def test_the_files_never_take_more_than_the_limit(sizes: list[int], limit: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, size in enumerate(sizes):
            was_kept = store(folder, limit).write(f"{number}.kept", {}, b"x" * size)
            assert kept_bytes(folder) <= limit
            assert (store(folder).read(f"{number}.kept") is not None) == was_kept
            assert was_kept or not (folder / f"{number}.kept").exists()
        assert not partials(folder)


def test_the_file_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    for number in range(3):
        assert store(tmp_path, 4000).write(f"{number}.kept", {}, b"x" * 1000)
        age(tmp_path, f"{number}.kept", seconds=100 - number)
    assert store(tmp_path).read("0.kept") is not None  # a use
    assert store(tmp_path, 4000).write("3.kept", {}, b"x" * 1500)
    assert store(tmp_path).names() == {"0.kept", "2.kept", "3.kept"}


def test_writing_a_name_again_replaces_the_file_and_costs_no_other(tmp_path: Path) -> None:
    assert store(tmp_path, 3000).write("a.kept", {}, b"x" * 1000)
    assert store(tmp_path, 3000).write("b.kept", {}, b"x" * 1000)
    assert store(tmp_path, 3000).write("a.kept", {}, b"y" * 1000)
    assert (store(tmp_path).read("a.kept") or ({}, b""))[1] == b"y" * 1000


@given(data=st.data())
@settings(max_examples=300)
def test_a_file_with_any_bit_flipped_is_deleted_and_never_used(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        assert store(folder).write("a.kept", {"shape": [2, 3], "units": [1, 22, ["id", 30, 6]]}, b"the body of the file")
        header, whole = store(folder).read_header("a.kept"), (folder / "a.kept").read_bytes()
        place, bit = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 7))
        damaged = bytearray(whole)
        damaged[place] ^= 1 << bit
        (folder / "a.kept").write_bytes(damaged)
        assert store(folder).read_header("a.kept") in (None, header), damaged
        assert store(folder).read("a.kept") is None, damaged
        assert not (folder / "a.kept").exists()


def test_a_file_cut_anywhere_is_deleted_and_never_used(tmp_path: Path) -> None:
    assert store(tmp_path).write("a.kept", {"words": "some words"}, b"the body of the file")
    whole = (tmp_path / "a.kept").read_bytes()
    for length in range(len(whole)):
        (tmp_path / "a.kept").write_bytes(whole[:length])
        assert store(tmp_path).read("a.kept") is None
        assert not (tmp_path / "a.kept").exists()
    (tmp_path / "a.kept").write_bytes(whole + b"more")
    assert store(tmp_path).read("a.kept") is None


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"0 \n", b"[]\n", b"{}\n", b'{"body_bytes":0,"crc32":0}\n', b"[" * 100_000, b"\xff\n"]
)
def test_what_another_program_put_there_is_never_used(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.kept").write_bytes(content)
    assert store(tmp_path).read_header("a.kept") is None
    assert store(tmp_path).read("a.kept") is None


def test_a_folder_in_the_way_is_not_fatal(tmp_path: Path) -> None:
    (tmp_path / "a.kept").mkdir()
    assert store(tmp_path).read("a.kept") is None
    assert not store(tmp_path).write("a.kept", {}, b"body")
    (tmp_path / "file").write_bytes(b"")
    assert not store(tmp_path / "file").write("a.kept", {}, b"body")


def test_half_written_files_do_not_count_and_go_when_they_are_old(tmp_path: Path) -> None:
    for name, seconds in (("old.kept.0123.partial", 7200), ("new.kept.0123.partial", 0)):
        (tmp_path / name).write_bytes(b"half")
        age(tmp_path, name, seconds)
    assert store(tmp_path).names() == set()
    assert store(tmp_path).write("a.kept", {}, b"body")
    assert [path.name for path in partials(tmp_path)] == ["new.kept.0123.partial"]


# -- other processes -------------------------------------------------------------------------------------------------------

WRITER = """
import sys
from pathlib import Path
from base.disk_store import DiskStore

folder, limit, first, count, size = Path(sys.argv[1]), *map(int, sys.argv[2:])
store = DiskStore(folder, ".kept", limit)
print("ready", flush=True)
for number in range(first, first + count):
    body = number.to_bytes(4, "big") * (size // 4)
    kept = store.write(f"{number % 7}.kept", {"number": number}, body)
    found = store.read(f"{(number + 3) % 7}.kept")
    if found is not None:
        assert found[1] == found[0]["number"].to_bytes(4, "big") * (size // 4), "torn"
    print(int(kept), flush=True)
"""


def start_writer(folder: Path, limit: int, first: int, count: int, size: int, *prefix: str) -> subprocess.Popen[bytes]:
    arguments = [str(folder), *map(str, (limit, first, count, size))]
    return subprocess.Popen(
        [*prefix, sys.executable, "-c", WRITER, *arguments], cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, bufsize=0
    )


def assert_sound(folder: Path, size: int) -> None:
    for name in store(folder).names():
        header, body = store(folder).read(name) or ({}, b"")
        assert header, f"{name} was damaged"
        assert body == header["number"].to_bytes(4, "big") * (size // 4)


def test_two_processes_share_a_folder(tmp_path: Path) -> None:
    size, limit = 20_000, 100_000
    writers = [start_writer(tmp_path, limit, first, 200, size) for first in (0, 1000)]
    answers = [writer.communicate(timeout=60)[0].split() for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0]
    assert all(words[0] == b"ready" and words.count(b"1") > 100 for words in answers)
    assert_sound(tmp_path, size)
    assert 0 < kept_bytes(tmp_path) <= limit + 2 * size  # each may have made room before it saw the other's file
    assert not partials(tmp_path)


@POSIX
def test_a_writer_killed_at_any_moment_leaves_only_whole_files(tmp_path: Path) -> None:
    size, rng, halves = 3_000_000, random.Random(7), 0
    for round_number in range(12):
        writer = start_writer(tmp_path, 60_000_000, round_number * 1000, 1000, size)
        assert writer.stdout is not None
        for _ in range(rng.randint(1, 4)):
            assert writer.stdout.readline()
        if rng.random() < 0.7:  # in the middle of a write, as far as can be seen from outside
            while len(partials(tmp_path)) == halves and writer.poll() is None:
                pass
        os.kill(writer.pid, signal.SIGKILL)
        writer.communicate()
        halves = len(partials(tmp_path))
        assert_sound(tmp_path, size)
    assert halves > 0, "no writer was caught in the middle"
    assert store(tmp_path).write("a.kept", {}, b"body")


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from base.disk_store import DiskStore

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = DiskStore(Path(sys.argv[1]), ".kept", 1 << 30)
assert store.write("before.kept", {}, b"x" * 1000)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
assert not store.write("large.kept", {}, b"x" * 100_000)
assert not store.write("before.kept", {}, b"y" * 100_000)
assert store.write("small.kept", {}, b"x" * 1000)
"""


@POSIX
def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    child = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path)], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False
    )
    assert child.returncode == 0, child.stderr
    assert store(tmp_path).names() == {"before.kept", "small.kept"}
    assert (store(tmp_path).read("before.kept") or ({}, b""))[1] == b"x" * 1000
    assert not partials(tmp_path)
