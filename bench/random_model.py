"""Write a GLM-4.6V pair (language model and projector) of any size with random weights, for timing.

The answers are noise, but the work per token and per picture is that of a trained model of the same shape. Tokenizer and
chat template are those of the tiny test model. An answer never ends by itself: only words get a say in the output layer.

    python -m bench.random_model small
"""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import numpy as np

TINY_MODEL = Path(__file__).parents[1] / "tests" / "data" / "tiny_model"
MODELS = Path(__file__).parent / "models"
QUANTIZATION = gguf.GGMLQuantizationType.Q8_0
FILE_TYPE = gguf.LlamaFileType.MOSTLY_Q8_0

_WEIGHT_SCALE = 0.02
_BLOCK_ROWS = 64  # a matrix repeats these rows: quantizing is slow, and what the numbers are does not matter
_WORD = re.compile("Ġ?[A-Za-z]+")  # Ġ stands for a space before the word
_PATCH_PX = 14
_POSITIONS = 24 * 24


@dataclass(frozen=True, slots=True)
class TextShape:
    """Sizes of the language model."""

    hidden: int
    layers: int
    heads: int
    kv_heads: int
    feed_forward: int


@dataclass(frozen=True, slots=True)
class VisionShape:
    """Sizes of the projector. `merger` is the width of the layer between it and the language model."""

    hidden: int
    layers: int
    heads: int
    merger: int


@dataclass(frozen=True, slots=True)
class ModelPair:
    """The two files of a model."""

    model: Path
    mmproj: Path


PRESETS = {
    "small": (TextShape(1024, 16, 16, 2, 3072), VisionShape(768, 12, 12, 1024)),  # 0.3 GB
    "medium": (TextShape(2048, 24, 16, 2, 6144), VisionShape(1024, 16, 16, 2048)),  # 1.9 GB
    "flash": (TextShape(4096, 40, 32, 2, 13696), VisionShape(1536, 24, 12, 13696)),  # the shape of GLM-4.6V-Flash, 10 GB
}
TINY = ModelPair(TINY_MODEL / "tiny-glm-4.6v-Q8_0.gguf", TINY_MODEL / "mmproj-tiny-glm-4.6v-Q8_0.gguf")


def ensure(preset: str, folder: Path = MODELS) -> ModelPair:
    """The pair of a preset, written when missing; `tiny` is the trained test model."""
    if preset == "tiny":
        return TINY
    pair = ModelPair(folder / preset / f"random-{preset}-Q8_0.gguf", folder / preset / f"mmproj-random-{preset}-Q8_0.gguf")
    text, vision = PRESETS[preset]
    pair.model.parent.mkdir(parents=True, exist_ok=True)
    if not pair.model.exists():
        _write_model(pair.model, preset, text)
    if not pair.mmproj.exists():
        _write_projector(pair.mmproj, preset, vision, text.hidden)
    return pair


class _Writer:
    """A GGUF file of random tensors, written under another name until it is whole."""

    def __init__(self, path: Path, architecture: str, seed: int) -> None:
        self._path, self._part = path, path.with_suffix(".part")
        self._rng = np.random.default_rng(seed)
        self.gguf = gguf.GGUFWriter(self._part, architecture)
        self.gguf.add_file_type(FILE_TYPE)

    def random(self, *shape: int) -> np.ndarray[Any, np.dtype[np.float32]]:
        return self._rng.standard_normal(shape, dtype=np.float32) * _WEIGHT_SCALE

    def matrix(self, name: str, rows: int, columns: int) -> None:
        block = gguf.quants.quantize(self.random(min(rows, _BLOCK_ROWS), columns), QUANTIZATION)
        repeated = np.tile(block, (-(-rows // len(block)), 1))[:rows]
        self.gguf.add_tensor(f"{name}.weight", repeated, raw_dtype=QUANTIZATION)

    def tensor(self, name: str, data: np.ndarray[Any, Any]) -> None:
        self.gguf.add_tensor(name, data)

    def norm(self, name: str, size: int) -> None:
        self.tensor(f"{name}.weight", np.ones(size, dtype=np.float32))

    def bias(self, name: str, size: int) -> None:
        self.tensor(f"{name}.bias", np.zeros(size, dtype=np.float32))

    def close(self) -> None:
        self.gguf.write_header_to_file()
        self.gguf.write_kv_data_to_file()
        self.gguf.write_tensors_to_file()
        self.gguf.close()
        self._part.rename(self._path)


def _write_model(path: Path, preset: str, shape: TextShape) -> None:
    writer = _Writer(path, "glm4", seed=0)
    _add_text_metadata(writer.gguf, preset, shape)
    tokens, types = _copy_tokenizer(writer.gguf)
    _add_embeddings(writer, tokens, types, shape.hidden)
    head = shape.hidden // shape.heads
    for index in range(shape.layers):
        block = f"blk.{index}"
        for norm in ("attn_norm", "ffn_norm", "post_attention_norm", "post_ffw_norm"):
            writer.norm(f"{block}.{norm}", shape.hidden)
        for name, rows in (("attn_q", shape.hidden), ("attn_k", shape.kv_heads * head), ("attn_v", shape.kv_heads * head)):
            writer.matrix(f"{block}.{name}", rows, shape.hidden)
            writer.bias(f"{block}.{name}", rows)
        writer.matrix(f"{block}.attn_output", shape.hidden, shape.hidden)
        writer.matrix(f"{block}.ffn_up", 2 * shape.feed_forward, shape.hidden)  # gate and up in one
        writer.matrix(f"{block}.ffn_down", shape.hidden, shape.feed_forward)
    writer.close()


def _add_text_metadata(out: gguf.GGUFWriter, preset: str, shape: TextShape) -> None:
    head = shape.hidden // shape.heads
    out.add_name(f"random GLM-4.6V {preset}")
    out.add_block_count(shape.layers)
    out.add_context_length(131072)
    out.add_embedding_length(shape.hidden)
    out.add_feed_forward_length(shape.feed_forward)
    out.add_head_count(shape.heads)
    out.add_head_count_kv(shape.kv_heads)
    out.add_key_length(head)
    out.add_value_length(head)
    out.add_layer_norm_rms_eps(1e-5)
    out.add_rope_freq_base(10000.0)
    out.add_rope_dimension_count(head // 2)
    pairs = head // 4  # rotated pairs of a head, shared out to time, height and width
    out.add_rope_dimension_sections([pairs - 2 * (pairs // 3), pairs // 3, pairs // 3, 0])


def _copy_tokenizer(out: gguf.GGUFWriter) -> tuple[list[str], list[int]]:
    """Copy tokenizer and chat template from the tiny model; returns the tokens and their types."""
    reader = gguf.GGUFReader(TINY.model)

    def read(key: str) -> Any:
        return reader.fields[f"tokenizer.{key}"].contents()

    tokens, types = read("ggml.tokens"), read("ggml.token_type")
    out.add_tokenizer_model(read("ggml.model"))
    out.add_tokenizer_pre(read("ggml.pre"))
    out.add_token_list(tokens)
    out.add_token_types(types)
    out.add_token_merges(read("ggml.merges"))
    out.add_eos_token_id(read("ggml.eos_token_id"))
    out.add_eot_token_id(read("ggml.eot_token_id"))
    out.add_eom_token_id(read("ggml.eom_token_id"))
    out.add_unk_token_id(read("ggml.unknown_token_id"))
    out.add_bos_token_id(read("ggml.bos_token_id"))
    out.add_pad_token_id(read("ggml.padding_token_id"))
    out.add_add_bos_token(False)
    out.add_chat_template(read("chat_template"))
    return tokens, types


def _add_embeddings(writer: _Writer, tokens: list[str], types: list[int], hidden: int) -> None:
    writer.matrix("token_embd", len(tokens), hidden)
    output = writer.random(len(tokens), hidden)
    for row, (token, kind) in enumerate(zip(tokens, types, strict=True)):
        # A row of zeros never has the highest logit: no answer ends early, and none holds markers or half characters.
        if kind != gguf.TokenType.NORMAL or not _WORD.fullmatch(token):
            output[row] = 0
    writer.gguf.add_tensor("output.weight", gguf.quants.quantize(output, QUANTIZATION), raw_dtype=QUANTIZATION)
    writer.norm("output_norm", hidden)


def _write_projector(path: Path, preset: str, shape: VisionShape, text_hidden: int) -> None:
    writer = _Writer(path, "clip", seed=1)
    _add_vision_metadata(writer.gguf, preset, shape, text_hidden)
    for suffix in ("", ".1"):  # one convolution per frame of a pair; a picture is both frames
        patch = writer.random(shape.hidden, 3, _PATCH_PX, _PATCH_PX)
        writer.tensor(f"v.patch_embd.weight{suffix}", patch.astype(np.float16))
    writer.bias("v.patch_embd", shape.hidden)
    writer.tensor("v.position_embd.weight", writer.random(_POSITIONS, shape.hidden))
    writer.norm("v.norm_embd", shape.hidden)
    writer.norm("v.post_ln", shape.hidden)
    for index in range(shape.layers):
        block = f"v.blk.{index}"
        writer.norm(f"{block}.ln1", shape.hidden)
        writer.norm(f"{block}.ln2", shape.hidden)
        writer.matrix(f"{block}.attn_qkv", 3 * shape.hidden, shape.hidden)
        writer.matrix(f"{block}.attn_out", shape.hidden, shape.hidden)
        writer.matrix(f"{block}.ffn_gate", text_hidden, shape.hidden)
        writer.matrix(f"{block}.ffn_up", text_hidden, shape.hidden)
        writer.matrix(f"{block}.ffn_down", shape.hidden, text_hidden)
    writer.tensor("mm.patch_merger.weight", writer.random(text_hidden, shape.hidden, 2, 2).astype(np.float16))
    writer.bias("mm.patch_merger", text_hidden)
    writer.matrix("mm.model.fc", text_hidden, text_hidden)
    writer.norm("mm.post_norm", text_hidden)
    writer.bias("mm.post_norm", text_hidden)
    writer.matrix("mm.gate", shape.merger, text_hidden)
    writer.matrix("mm.up", shape.merger, text_hidden)
    writer.matrix("mm.down", text_hidden, shape.merger)
    writer.close()


def _add_vision_metadata(out: gguf.GGUFWriter, preset: str, shape: VisionShape, text_hidden: int) -> None:
    out.add_type(gguf.GGUFType.MMPROJ)
    out.add_name(f"random GLM-4.6V {preset}")
    out.add_clip_has_vision_encoder(True)
    out.add_clip_projector_type(gguf.VisionProjectorType.GLM4V)
    out.add_vision_projection_dim(text_hidden)
    out.add_vision_image_size(int(_POSITIONS**0.5) * _PATCH_PX)
    out.add_vision_patch_size(_PATCH_PX)
    out.add_vision_embedding_length(shape.hidden)
    out.add_vision_feed_forward_length(shape.merger)
    out.add_vision_block_count(shape.layers)
    out.add_vision_head_count(shape.heads)
    out.add_vision_image_mean([0.48145466, 0.4578275, 0.40821073])
    out.add_vision_image_std([0.26862954, 0.26130258, 0.27577711])
    out.add_vision_use_silu(True)
    out.add_vision_attention_layernorm_eps(1e-5)
    out.add_vision_spatial_merge_size(2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("preset", choices=PRESETS)
    parser.add_argument("--folder", type=Path, default=MODELS, help="where <preset>/ is written (default: bench/models)")
    arguments = parser.parse_args()
    pair = ensure(arguments.preset, arguments.folder)
    for path in (pair.model, pair.mmproj):
        print(f"{path}  {path.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
