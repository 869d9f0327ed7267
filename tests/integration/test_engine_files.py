"""Model files that are missing, cut short, damaged or of another model: an answer or a failure with a code, never a hang."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gguf
import numpy as np
import psutil
import pytest

from inference.events import Failed, Finished
from inference.models.gguf_info import read_gguf_info
from tests.helpers.engine import (
    MMPROJ,
    MODEL,
    QUICK,
    ask,
    assert_answers,
    ending_of,
    nothing_left_behind,
    output_of,
    question,
    running_engine,
)
from tests.helpers.scenes import sample

ASKED = sample("describe", random.Random(1))
REQUEST = question(*ASKED.messages[0].parts, max_tokens=24)
FILE_CODES = {"gguf_truncated", "gguf_damaged", "not_gguf", "model_unsupported", "projector_mismatch", "template_failed"}
CRASH_CODES = {"engine_crashed", "engine_hung", "out_of_memory", "too_little_memory", "picture_unreadable"}


def outcome(model: Path, mmproj: Path | None) -> str:
    """Two answers by an engine on these files: the code of the failure, or "" if both came."""
    with running_engine(model=model, mmproj=mmproj, patience=QUICK) as engine:
        endings = [ending_of(ask(engine, request)) for request in (REQUEST, question("Hello", max_tokens=8))]
    codes = [ending.code for ending in endings if isinstance(ending, Failed)]
    return codes[0] if codes else ""


def outcomes(pairs: list[tuple[Path, Path | None]]) -> list[str]:
    """Two engines at a time: starting them is most of the work."""
    with nothing_left_behind(), ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda pair: outcome(*pair), pairs))


def damaged(path: Path, source: Path, change: Callable[[bytearray], bytearray]) -> Path:
    path.write_bytes(change(bytearray(source.read_bytes())))
    return path


def cut(length: int) -> Callable[[bytearray], bytearray]:
    return lambda data: data[:length]


def flipped(places: list[int], bits: list[int]) -> Callable[[bytearray], bytearray]:
    def change(data: bytearray) -> bytearray:
        for place, bit in zip(places, bits, strict=True):
            data[place] ^= 1 << bit
        return data

    return change


@pytest.mark.parametrize("source", [MODEL, MMPROJ], ids=["model", "projector"])
def test_a_truncated_file_is_named_before_anything_is_loaded(tmp_path: Path, source: Path) -> None:
    size, rng = source.stat().st_size, random.Random(2)
    pairs: list[tuple[Path, Path | None]] = []
    for number, length in enumerate([5, 1000, size // 2, size - 100_000, rng.randrange(size)]):
        copy = damaged(tmp_path / f"{number}.gguf", source, cut(length))
        pairs.append((copy, MMPROJ) if source is MODEL else (MODEL, copy))
    assert set(outcomes(pairs)) <= {"gguf_truncated", "gguf_damaged"}


@pytest.mark.parametrize("source", [MODEL, MMPROJ], ids=["model", "projector"])
@pytest.mark.parametrize("seed", [3, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(4, 12))])
def test_flipped_bits_end_in_an_answer_or_a_failure(tmp_path: Path, source: Path, seed: int) -> None:
    rng, size = random.Random(f"{source.name} {seed}"), source.stat().st_size
    header = int(gguf.GGUFReader(source).data_offset)
    pairs: list[tuple[Path, Path | None]] = []
    for number in range(6):
        end = header if number % 2 else size
        places = [rng.randrange(0 if number % 2 else header, end) for _ in range(rng.choice([1, 1, 5, 50]))]
        copy = damaged(tmp_path / f"{number}.gguf", source, flipped(places, [rng.randrange(8) for _ in places]))
        pairs.append((copy, MMPROJ) if source is MODEL else (MODEL, copy))
    found = outcomes(pairs)
    assert set(found) <= {"", *FILE_CODES, *CRASH_CODES}
    with running_engine() as engine:
        assert_answers(engine)


def _pair(model: Path = MODEL, mmproj: Path | None = MMPROJ) -> Callable[[Path], tuple[Path, Path | None]]:
    return lambda _: (model, mmproj)


def _other_width(folder: Path) -> tuple[Path, Path]:
    """The projector of a model of another width: its last matrix makes vectors twice as long."""
    path, reader = folder / "other.gguf", gguf.GGUFReader(MMPROJ)
    writer = gguf.GGUFWriter(path, "clip")
    for key, field in reader.fields.items():
        if not key.startswith("GGUF.") and key != "general.architecture":
            value = field.contents()
            value = value * 2 if key == "clip.vision.projection_dim" else value
            if isinstance(value, list):
                writer.add_array(key, value)
            else:
                writer.add_key_value(key, value, field.types[0])
    for tensor in reader.tensors:
        data = np.array(tensor.data)
        if tensor.name.startswith("mm.") and data.ndim == 2:
            data = np.concatenate([data, data])
        writer.add_tensor(tensor.name, data, raw_dtype=tensor.tensor_type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return MODEL, path


def _text(folder: Path) -> tuple[Path, Path | None]:
    (folder / "notes.gguf").write_text("These are notes.")
    return folder / "notes.gguf", None


WRONG_FILES: dict[str, tuple[Callable[[Path], tuple[Path, Path | None]], str, str]] = {
    "no model": (_pair(model=Path("/no/such/model.gguf")), "model_file_missing", "model.gguf"),
    "no projector": (_pair(mmproj=Path("/no/such/mmproj.gguf")), "model_file_missing", "mmproj.gguf"),
    "projector not given": (_pair(mmproj=None), "projector_missing", "mmproj"),
    "files exchanged": (_pair(model=MMPROJ, mmproj=MODEL), "model_unsupported", "is a projector"),
    "model as projector": (_pair(mmproj=MODEL), "projector_mismatch", "is a language model"),
    "projector of another model": (_other_width, "projector_mismatch", "another model"),
    "not a model": (_text, "not_gguf", "notes.gguf"),
    "a folder": (lambda folder: (folder, None), "model_file_missing", ""),
}


@pytest.mark.parametrize("kind", WRONG_FILES)
def test_wrong_files_are_failures_in_words(tmp_path: Path, kind: str) -> None:
    make, code, words = WRONG_FILES[kind]
    model, mmproj = make(tmp_path)
    with nothing_left_behind(), running_engine(model=model, mmproj=mmproj) as engine:
        for _ in range(2):
            failed = ending_of(ask(engine, REQUEST))
            assert isinstance(failed, Failed) and failed.code == code
            assert words in failed.message and failed.message.endswith(".")


def test_without_a_projector_text_is_still_answered() -> None:
    with running_engine(mmproj=None) as engine:
        assert isinstance(ending_of(ask(engine, REQUEST)), Failed)
        assert_answers(engine)


def test_a_file_that_was_put_right_works_without_a_new_engine(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    with nothing_left_behind(), running_engine(model=path) as engine:
        for content, code in ((None, "model_file_missing"), (b"GGUF", "gguf_truncated"), (b"half a download", "not_gguf")):
            if content is not None:
                path.write_bytes(content)
            failed = ending_of(ask(engine))
            assert isinstance(failed, Failed) and failed.code == code
        path.write_bytes(MODEL.read_bytes())
        assert_answers(engine)


def _unknown_projector(folder: Path) -> tuple[Path, Path, str]:
    copy = damaged(folder / "unknown.gguf", MMPROJ, lambda data: data.replace(b"glm4v", b"glm9v"))
    return MODEL, copy, "projector_mismatch"


def _broken_template(folder: Path) -> tuple[Path, Path, str]:
    copy = damaged(folder / "broken.gguf", MODEL, lambda data: data.replace(b"{%- endmacro -%}", b"{%- endmacho -%}"))
    return copy, MMPROJ, "template_failed"


@pytest.mark.parametrize("make", [_unknown_projector, _broken_template], ids=["projector", "template"])
def test_loading_that_fails_late_again_and_again_piles_up_no_memory(
    tmp_path: Path, make: Callable[[Path], tuple[Path, Path, str]]
) -> None:
    """What one loading takes is 13 MB and more; a heap keeps some of it for a while, but not of all of them."""
    model, mmproj, code = make(tmp_path)
    used = []
    with running_engine(model=model, mmproj=mmproj, n_ctx=8192) as engine:
        for _ in range(18):
            failed = ending_of(ask(engine))
            assert isinstance(failed, Failed) and failed.code == code
            used.append(psutil.Process(engine.process_id).memory_info().rss)
    assert min(used[9:]) - used[2] < 50 << 20


@pytest.mark.parametrize("name", ["modèle 模型 ☃.gguf", "with space and 'quotes' \"x\".gguf", "not-utf-8-\udcff.gguf"])
def test_odd_file_names_are_no_hindrance(tmp_path: Path, name: str) -> None:
    model, mmproj = tmp_path / name, tmp_path / f"mmproj {name}"
    model.symlink_to(MODEL)
    mmproj.symlink_to(MMPROJ)
    with running_engine(tmp_path / f"cache {name}", model=model, mmproj=mmproj) as engine:
        assert isinstance(ending_of(ask(engine, REQUEST)), Finished)
        assert engine.capabilities().model_name == "tiny GLM-4.6V test model"


def test_a_real_sized_model_on_a_small_computer_is_refused_before_it_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "huge.gguf"
    writer = gguf.GGUFWriter(path, "glm4")
    writer.add_name("Huge")
    writer.add_block_count(40)
    writer.add_embedding_length(4096)
    writer.add_tensor_info("output.weight", (1 << 17, 1 << 23), np.dtype(np.float32), 4 << 40)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    writer.close()
    with open(path, "r+b") as file:
        file.truncate((4 << 40) + (1 << 20))
    assert read_gguf_info(path).file_bytes > 4 << 40
    with nothing_left_behind(), running_engine(model=path, mmproj=None) as engine:
        failed = ending_of(ask(engine))
        assert isinstance(failed, Failed) and failed.code == "too_little_memory"
        assert "Huge needs about 4,3" in failed.message or "Huge needs about 43" in failed.message


def test_the_good_files_give_the_right_answer() -> None:
    with running_engine() as engine:
        assert output_of(ask(engine, REQUEST)) == ASKED.expected_text
