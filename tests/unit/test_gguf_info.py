"""Headers of GGUF files: read without loading, believed only as far as the file goes."""

from __future__ import annotations

import contextlib
import os
import random
import resource
import struct
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.errors import GgufDamaged, GgufTruncated, ModelFileError, ModelFileMissing, NotGguf
from inference.models.gguf_info import BLOCK_SIZES, GgufInfo, read_gguf_info
from tests.conftest import TINY_MODEL

MODEL, PROJECTOR = TINY_MODEL / "tiny-glm-4.6v-Q8_0.gguf", TINY_MODEL / "mmproj-tiny-glm-4.6v-Q8_0.gguf"
FILES = {"model": MODEL, "projector": PROJECTOR}
MEMORY_BYTES = 8 << 20


@cache
def whole(name: str) -> bytes:
    return FILES[name].read_bytes()


@cache
def reader(name: str) -> gguf.GGUFReader:
    return gguf.GGUFReader(FILES[name])


@cache
def header_bytes(name: str) -> int:
    return int(reader(name).data_offset)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file to write damaged copies to, again and again."""
    return tmp_path_factory.mktemp("damaged") / "damaged.gguf"


def test_block_sizes_are_those_of_the_format() -> None:
    assert {int(kind): sizes for kind, sizes in gguf.GGML_QUANT_SIZES.items()} == BLOCK_SIZES


@pytest.mark.parametrize("name", FILES)
def test_sizes_and_values_are_those_that_the_reference_reads(name: str) -> None:
    info, expected = read_gguf_info(FILES[name]), reader(name)
    assert info.tensor_bytes == {tensor.name: tensor.n_bytes for tensor in expected.tensors}
    assert info.file_bytes == len(whole(name))
    fields = {key: field for key, field in expected.fields.items() if not key.startswith("GGUF.")}
    for key, value in info.metadata.items():
        if value is not None:
            assert value == fields[key].contents(), key
    assert info.metadata.keys() == fields.keys()


def test_the_model_and_its_projector_are_told_apart() -> None:
    model, projector = read_gguf_info(MODEL), read_gguf_info(PROJECTOR)
    assert (model.architecture, model.is_projector, model.number("block_count")) == ("glm4", False, 5)
    assert model.name == "tiny GLM-4.6V test model"
    assert (projector.architecture, projector.is_projector) == ("clip", True)
    assert model.number("no_such_key", 7) == 7


# -- damage ----------------------------------------------------------------------------------------------------------------


@given(data=st.data())
@settings(max_examples=150)
def test_a_file_cut_anywhere_is_truncated_or_lost_only_padding(scratch: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FILES)))
    end = max(int(tensor.data_offset) + tensor.n_bytes for tensor in reader(name).tensors)
    region = st.integers(0, header_bytes(name)) | st.integers(0, len(whole(name)) - 1) | st.integers(end - 40, end)
    length = min(data.draw(region), len(whole(name)))
    scratch.write_bytes(whole(name)[:length])
    if length >= end:
        assert read_gguf_info(scratch).file_bytes == length
    elif length < 4:
        with pytest.raises(NotGguf):
            read_gguf_info(scratch)
    else:
        with pytest.raises((GgufTruncated, GgufDamaged)):
            read_gguf_info(scratch)


@given(data=st.data())
@settings(max_examples=250)
def test_flipped_bits_in_a_header_are_read_or_named_and_nothing_else(scratch: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FILES)))
    damaged = bytearray(whole(name))
    for place in data.draw(st.lists(st.integers(0, header_bytes(name) - 1), min_size=1, max_size=3)):
        damaged[place] ^= 1 << data.draw(st.integers(0, 7))
    scratch.write_bytes(damaged)
    try:
        info = read_gguf_info(scratch)
    except ModelFileError:
        return
    exercise(info)


def exercise(info: GgufInfo) -> None:
    """Whatever was read, the questions that loading asks of it have answers."""
    assert isinstance(info.architecture, str) and isinstance(info.name, str) and isinstance(info.is_projector, bool)
    assert all(isinstance(info.number(key), int) for key in ("block_count", "context_length", "attention.head_count_kv"))
    assert sum(info.tensor_bytes.values()) >= 0


@given(st.binary(max_size=300))
def test_random_bytes_are_read_or_named_and_nothing_else(scratch: Path, content: bytes) -> None:
    for start in (b"", b"GGUF", b"GGUF\3\0\0\0"):
        scratch.write_bytes(start + content)
        with contextlib.suppress(ModelFileError):
            exercise(read_gguf_info(scratch))


# -- lies -------------------------------------------------------------------------------------------------------------------


def string(text: bytes, length: int | None = None) -> bytes:
    return struct.pack("<Q", len(text) if length is None else length) + text


def key_value(key: bytes, kind: int, value: bytes) -> bytes:
    return string(key) + struct.pack("<I", kind) + value


def array(kind: int, count: int, values: bytes = b"") -> bytes:
    return struct.pack("<IQ", kind, count) + values


def tensor(name: bytes, dimensions: tuple[int, ...], kind: int = 0, offset: int = 0) -> bytes:
    return string(name) + struct.pack(f"<I{len(dimensions)}QIQ", len(dimensions), *dimensions, kind, offset)


def gguf_file(keys: list[bytes], tensors: list[bytes], version: int = 3, counts: tuple[int, int] | None = None) -> bytes:
    tensor_count, key_count = counts or (len(tensors), len(keys))
    return b"GGUF" + struct.pack("<IQQ", version, tensor_count, key_count) + b"".join(keys) + b"".join(tensors)


HUGE = (1 << 64) - 1
LIES = {
    "tensor count": gguf_file([], [], counts=(HUGE, 0)),
    "key count": gguf_file([], [], counts=(0, HUGE)),
    "plausible tensor count": gguf_file([], [], counts=(1 << 28, 0)),
    "plausible key count": gguf_file([], [], counts=(0, 1 << 28)),
    "key length": gguf_file([string(b"", HUGE)], []),
    "long key": gguf_file([string(b"", 1 << 30)], []),
    "string length": gguf_file([key_value(b"k", 8, string(b"", HUGE))], []),
    "plausible string length": gguf_file([key_value(b"k", 8, string(b"", 1 << 32))], []),
    "array length": gguf_file([key_value(b"k", 9, array(4, HUGE))], []),
    "array of strings": gguf_file([key_value(b"k", 9, array(8, HUGE))], []),
    "plausible array of strings": gguf_file([key_value(b"k", 9, array(8, 1 << 30))], []),
    "strings in an array": gguf_file([key_value(b"k", 9, array(8, 100, string(b"", HUGE)))], []),
    "array of arrays": gguf_file([key_value(b"k", 9, array(9, 1))], []),
    "kind of value": gguf_file([key_value(b"k", 99, b"")], []),
    "dimensions": gguf_file([], [string(b"t") + struct.pack("<I", HUGE & 0xFFFFFFFF)]),
    "tensor size": gguf_file([], [tensor(b"t", (HUGE, HUGE, HUGE, HUGE))]),
    "tensor offset": gguf_file([], [tensor(b"t", (1,), offset=HUGE)]),
    "alignment of nothing": gguf_file([key_value(b"general.alignment", 4, struct.pack("<I", 0))], []),
    "alignment in words": gguf_file([key_value(b"general.alignment", 8, string(b"wide"))], []),
    "version": gguf_file([], [], version=1),
    "big endian": b"GGUF" + struct.pack(">IQQ", 3, 0, 0),
}


ODD_PARTS = {
    "words": key_value(b"split.count", 8, string(b"many")),
    "a list": key_value(b"split.count", 9, array(4, 2, b"\2\0\0\0" * 2)),
    "endless": key_value(b"split.count", 6, struct.pack("<f", float("inf"))),
    "not a number": key_value(b"split.count", 6, struct.pack("<f", float("nan"))),
    "negative": key_value(b"split.count", 5, struct.pack("<i", -2)),
}


@pytest.mark.parametrize("parts", ODD_PARTS)
def test_a_number_of_parts_that_is_none_counts_as_one(scratch: Path, parts: str) -> None:
    scratch.write_bytes(gguf_file([ODD_PARTS[parts]], []).ljust(1024, b"\0"))
    assert read_gguf_info(scratch).file_bytes == 1024


@pytest.mark.parametrize("file_bytes", [None, 20 << 30], ids=["small", "huge"])
@pytest.mark.parametrize("lie", LIES)
def test_a_lying_header_costs_neither_time_nor_memory(scratch: Path, lie: str, file_bytes: int | None) -> None:
    scratch.write_bytes(LIES[lie])
    if file_bytes is not None:  # a download whose place was taken up in advance: the rest is zeros
        with open(scratch, "r+b") as file:
            file.truncate(file_bytes)
    tracemalloc.start()
    began = time.perf_counter()
    try:
        with pytest.raises(ModelFileError):
            read_gguf_info(scratch)
        assert tracemalloc.get_traced_memory()[1] < MEMORY_BYTES
    finally:
        tracemalloc.stop()
    assert time.perf_counter() - began < 60


def test_a_real_vocabulary_is_skipped_in_little_time_and_memory(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.gguf"
    rng = random.Random(1)
    words = [rng.randbytes(rng.choice([1, 3, 7, 12, 70_000 if i % 50_000 == 7 else 5])).hex() for i in range(151_552)]
    write_gguf(path, {"tokenizer.ggml.tokens": words, "tokenizer.ggml.scores": [0.5] * len(words)})
    began = time.perf_counter()
    info = read_gguf_info(path)
    assert time.perf_counter() - began < 60
    assert info.number("context_length") == 131_072, "the key after the vocabulary"
    tracemalloc.start()
    read_gguf_info(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < MEMORY_BYTES


@pytest.mark.parametrize(
    "lengths", [[0] * 65, [1 << 20] * 70, [(1 << 20) - 8, 0, (1 << 20) - 9, 3, 1 << 20] * 20, [(1 << 21) + 5] * 66]
)
def test_strings_across_the_ends_of_the_buffer_are_skipped_exactly(tmp_path: Path, lengths: list[int]) -> None:
    path = tmp_path / "strings.gguf"
    write_gguf(path, {"tokenizer.ggml.tokens": ["x" * length for length in lengths]})
    assert read_gguf_info(path).number("context_length") == 131_072


# -- missing, odd, in parts ---------------------------------------------------------------------------------------------------


def write_gguf(path: Path, values: dict[str, Any], tensors: dict[str, int] | None = None) -> None:
    """A small model; `tensors` are float32 vectors of the given length."""
    writer = gguf.GGUFWriter(path, "glm4")
    for key, value in values.items():
        if isinstance(value, list):
            writer.add_array(key, value)
        else:
            writer.add_key_value(key, value, gguf.GGUFValueType.get_type(value))
    writer.add_context_length(131_072)
    for name, length in (tensors or {"output.weight": 8}).items():
        writer.add_tensor(name, np.zeros(length, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def write_part(folder: Path, number: int, parts: int, said: int | None = None) -> Path:
    path = folder / f"model-{number:05d}-of-{parts:05d}.gguf"
    write_gguf(path, {"split.count": said or parts, "split.no": number - 1}, {f"blk.{number}.weight": 8 * number})
    return path


def test_a_model_in_parts_is_the_sum_of_them(tmp_path: Path) -> None:
    paths = [write_part(tmp_path, number, 3) for number in (1, 2, 3)]
    info = read_gguf_info(paths[0])
    assert info.tensor_bytes == {f"blk.{number}.weight": 32 * number for number in (1, 2, 3)}
    assert info.file_bytes == sum(path.stat().st_size for path in paths)


def test_a_missing_part_is_named(tmp_path: Path) -> None:
    first, _ = (write_part(tmp_path, number, 3) for number in (1, 3))
    with pytest.raises(ModelFileMissing, match="model-00002-of-00003"):
        read_gguf_info(first)


def test_a_truncated_part_is_named(tmp_path: Path) -> None:
    first, second = (write_part(tmp_path, number, 2) for number in (1, 2))
    second.write_bytes(second.read_bytes()[:-40])
    with pytest.raises(GgufTruncated, match="model-00002-of-00002"):
        read_gguf_info(first)


@pytest.mark.parametrize("name", ["model.gguf", "model-00001-of-00004.gguf", "model-1-of-2.gguf"])
def test_a_renamed_part_asks_for_its_name_back(tmp_path: Path, name: str) -> None:
    renamed = write_part(tmp_path, 1, 2).rename(tmp_path / name)
    with pytest.raises(GgufDamaged, match="original name"):
        read_gguf_info(renamed)


def test_missing_files_and_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelFileMissing, match=r"nothing\.gguf"):
        read_gguf_info(tmp_path / "nothing.gguf")
    with pytest.raises(ModelFileMissing):
        read_gguf_info(tmp_path)


@pytest.mark.parametrize("content", [b"", b"GG", b"GGUF", b"\x89PNG\r\n\x1a\n", b"PK\3\4", b"<html>404</html>"])
def test_other_files_are_not_models(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other.gguf").write_bytes(content)
    with pytest.raises((NotGguf, GgufTruncated), match=r"other\.gguf"):
        read_gguf_info(tmp_path / "other.gguf")


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.gguf")
    return folder / "pipe.gguf"


ODD_FILES: dict[str, Callable[[Path], Path]] = {
    "a pipe that nobody writes to": _pipe,
    "an endless device": lambda _: Path("/dev/zero"),
    "an empty device": lambda _: Path("/dev/null"),
}


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX kinds of files")
@pytest.mark.timeout(20)
@pytest.mark.parametrize("kind", ODD_FILES)
def test_what_is_not_a_regular_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    with pytest.raises(ModelFileError):
        read_gguf_info(ODD_FILES[kind](tmp_path))


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits")
def test_little_memory_is_enough_for_any_file(tmp_path: Path) -> None:
    path = tmp_path / "huge.gguf"
    path.write_bytes(LIES["plausible string length"])
    with open(path, "r+b") as file:
        file.truncate(20 << 30)
    code = (
        "import sys; from pathlib import Path\n"
        "from inference.errors import ModelFileError\n"
        "from inference.models.gguf_info import read_gguf_info\n"
        "try: read_gguf_info(Path(sys.argv[1]))\n"
        "except ModelFileError: print('refused')\n"
    )
    child = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30)),
    )
    assert child.stdout == "refused\n", child.stderr
