"""Whether a model fits is worked out from its header alone, errs on the safe side, and is told with numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import gguf
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.errors import TooLittleMemory
from inference.models.fit import DEFAULT_N_CTX, choose_n_ctx, fit_gpu, kv_bytes_per_cell, memory_need
from inference.models.gguf_info import GgufInfo, read_gguf_info
from tests.conftest import TINY_MODEL

GB = 10**9
Q8_0 = gguf.GGMLQuantizationType.Q8_0
LAYERS, HIDDEN, FEED_FORWARD, VOCABULARY, KV_HEADS, HEAD = 40, 4096, 13696, 151_552, 2, 128
VISION_LAYERS, VISION_HIDDEN = 24, 1536


@pytest.fixture(scope="module")
def flash(tmp_path_factory: pytest.TempPathFactory) -> tuple[GgufInfo, GgufInfo]:
    """Files with the true shape and size of GLM-4.6V-Flash and its projector, without any data in them."""
    folder = tmp_path_factory.mktemp("flash")
    return read_gguf_info(_sparse_model(folder / "flash.gguf")), read_gguf_info(_sparse_projector(folder / "mmproj.gguf"))


def _sparse_model(path: Path) -> Path:
    writer = gguf.GGUFWriter(path, "glm4")
    writer.add_name("GLM-4.6V-Flash")
    writer.add_block_count(LAYERS)
    writer.add_context_length(131_072)
    writer.add_embedding_length(HIDDEN)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(32)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_key_length(HEAD)
    writer.add_value_length(HEAD)
    shapes = {"token_embd.weight": (VOCABULARY, HIDDEN), "output.weight": (VOCABULARY, HIDDEN)}
    for layer in range(LAYERS):
        rows = {"attn_q": HIDDEN, "attn_k": KV_HEADS * HEAD, "attn_v": KV_HEADS * HEAD, "attn_output": HIDDEN}
        shapes |= {f"blk.{layer}.{name}.weight": (count, HIDDEN) for name, count in rows.items()}
        shapes[f"blk.{layer}.ffn_up.weight"] = (2 * FEED_FORWARD, HIDDEN)
        shapes[f"blk.{layer}.ffn_down.weight"] = (HIDDEN, FEED_FORWARD)
    return _write_sparse(writer, path, shapes)


def _sparse_projector(path: Path) -> Path:
    writer = gguf.GGUFWriter(path, "clip")
    writer.add_string("clip.projector_type", "glm4v")
    writer.add_vision_embedding_length(VISION_HIDDEN)
    writer.add_vision_feed_forward_length(FEED_FORWARD)
    writer.add_vision_block_count(VISION_LAYERS)
    writer.add_vision_projection_dim(HIDDEN)
    shapes = {}
    for layer in range(VISION_LAYERS):
        for name in ("attn_qkv.weight", "ffn_gate.weight", "ffn_up.weight", "ffn_down.weight"):
            shapes[f"v.blk.{layer}.{name}"] = (3 * VISION_HIDDEN, VISION_HIDDEN)
    return _write_sparse(writer, path, shapes)


def _write_sparse(writer: gguf.GGUFWriter, path: Path, shapes: dict[str, tuple[int, int]]) -> Path:
    data_bytes = 0
    for name, (rows, columns) in shapes.items():
        size = rows * columns // 32 * 34
        writer.add_tensor_info(name, (rows, columns // 32 * 34), np.dtype(np.uint8), size, raw_dtype=Q8_0)
        data_bytes += size + 32
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    writer.close()
    with open(path, "r+b") as file:
        file.truncate(path.stat().st_size + data_bytes)
    return path


def numbers_in(text: str) -> list[float]:
    return [float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*\.?\d*(?= GB)", text)]


def test_the_need_of_the_real_model_is_known_from_its_header(flash: tuple[GgufInfo, GgufInfo]) -> None:
    model, projector = flash
    assert kv_bytes_per_cell(model) == 2 * LAYERS * KV_HEADS * HEAD * 2  # keys and values, two bytes each
    need = memory_need(model, projector, DEFAULT_N_CTX, 4096)
    assert 9 * GB < need.weights < 11 * GB
    assert need.kv_cache == kv_bytes_per_cell(model) * DEFAULT_N_CTX
    assert need.total == need.weights + need.projector + need.kv_cache + need.compute


def test_a_model_too_large_for_this_computer_is_refused_with_the_numbers(flash: tuple[GgufInfo, GgufInfo]) -> None:
    with pytest.raises(TooLittleMemory, match=r"GLM-4\.6V-Flash needs about") as caught:
        choose_n_ctx(*flash, 0, 4096, 4 * GB)
    needed, for_model, *_, free = numbers_in(caught.value.message)
    assert needed > for_model > free == 4.0
    assert "Close other programs" in caught.value.message


@given(free=st.integers(0, 40 * GB), wanted=st.sampled_from([0, 1024, 4096, 65_536, 200_000]))
def test_the_chosen_context_fits_or_is_refused(flash: tuple[GgufInfo, GgufInfo], free: int, wanted: int) -> None:
    model, projector = flash
    least = memory_need(model, projector, min(wanted or 4096, 131_072), 4096).total
    try:
        n_ctx = choose_n_ctx(model, projector, wanted, 4096, free)
    except TooLittleMemory:
        assert least > free - (300 << 20)
        return
    assert memory_need(model, projector, n_ctx, 4096).total <= free
    assert n_ctx == min(wanted, 131_072) if wanted else 4096 <= n_ctx <= DEFAULT_N_CTX


def test_the_context_shrinks_before_the_model_is_refused(flash: tuple[GgufInfo, GgufInfo]) -> None:
    ample = choose_n_ctx(*flash, 0, 4096, 64 * GB)
    tight = choose_n_ctx(*flash, 0, 4096, memory_need(*flash, 8192, 4096).total + (256 << 20))
    assert (ample, tight) == (DEFAULT_N_CTX, 8192)


def test_a_context_is_never_larger_than_the_model_knows() -> None:
    tiny = read_gguf_info(TINY_MODEL / "tiny-glm-4.6v-Q8_0.gguf")
    assert choose_n_ctx(tiny, None, 0, 36, 64 * GB) == tiny.number("context_length") == 8192
    assert choose_n_ctx(tiny, None, 100_000, 36, 64 * GB) == 8192
    assert choose_n_ctx(tiny, None, 512, 36, 64 * GB) == 512


@given(free=st.integers(0, 40 * GB), n_ctx=st.sampled_from([512, 4096, 16_384, 131_072]), has_projector=st.booleans())
def test_what_goes_to_the_gpu_is_never_over_its_memory(
    flash: tuple[GgufInfo, GgufInfo], free: int, n_ctx: int, has_projector: bool
) -> None:
    model, projector = flash[0], flash[1] if has_projector else None
    fit, need = fit_gpu(model, projector, n_ctx, 4096, free), memory_need(model, projector, n_ctx, 4096)
    assert 0 <= fit.layers <= LAYERS + 1
    assert not fit.projector or has_projector
    blocks = [sum(size for name, size in model.tensor_bytes.items() if name.startswith(f"blk.{n}.")) for n in range(LAYERS)]
    layers = sum(blocks[: fit.layers]) + need.kv_cache * min(fit.layers, LAYERS) // LAYERS
    output = model.tensor_bytes["output.weight"] if fit.layers > LAYERS else 0
    assert layers + output + (need.projector + need.compute if fit.projector else 0) <= free


@given(frees=st.tuples(st.integers(0, 40 * GB), st.integers(0, 40 * GB)).map(sorted))
def test_more_gpu_memory_never_takes_less_of_the_model(flash: tuple[GgufInfo, GgufInfo], frees: list[int]) -> None:
    less, more = (fit_gpu(*flash, 16_384, 4096, free) for free in frees)
    assert (less.projector, less.layers) <= (more.projector, more.layers)  # the projector comes first
    less, more = (fit_gpu(flash[0], None, 16_384, 4096, free) for free in frees)
    assert less.layers <= more.layers


def test_a_large_gpu_takes_everything_and_a_small_one_nothing(flash: tuple[GgufInfo, GgufInfo]) -> None:
    assert fit_gpu(*flash, 16_384, 4096, 40 * GB) == fit_gpu(*flash, 16_384, 4096, 400 * GB)
    assert fit_gpu(*flash, 16_384, 4096, 40 * GB).layers == LAYERS + 1
    nothing = fit_gpu(*flash, 16_384, 4096, 300 << 20)
    assert (nothing.layers, nothing.projector) == (0, False)


@pytest.mark.parametrize(
    "metadata", [{}, {"general.architecture": "glm4"}, {"general.architecture": "glm4", "glm4.block_count": 0}]
)
def test_a_header_that_says_nothing_about_its_shape_does_no_harm(metadata: dict[str, object]) -> None:
    bare = GgufInfo(Path("bare.gguf"), metadata, {"output.weight": 100}, 1000)
    assert choose_n_ctx(bare, bare, 0, 4096, 64 * GB) == DEFAULT_N_CTX
    assert fit_gpu(bare, None, 4096, 4096, 0).layers == 0


def test_odd_values_in_a_projectors_header_do_no_harm(flash: tuple[GgufInfo, GgufInfo]) -> None:
    for odd in ("wide", [1, 2], None, -5, 1.5):
        projector = replace(flash[1], metadata=flash[1].metadata | {"clip.vision.embedding_length": odd})
        assert memory_need(flash[0], projector, 4096, 4096).total > 0
