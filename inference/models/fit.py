"""Whether a model fits this computer, worked out from the file's header before anything is loaded."""

from __future__ import annotations

from dataclasses import dataclass

from inference.errors import TooLittleMemory
from inference.models.gguf_info import GgufInfo

DEFAULT_N_CTX = 16384
_KV_BYTES_PER_VALUE = 2  # f16
_BATCH = 512
SCORES_BYTES = 256 << 20
"""Most that the scores of plain attention may take: heads x tokens of a batch x cells of the cache, in 32 bits."""
_RESERVE_BYTES = 256 << 20
"""Left to the interpreter, the libraries and the rest of the computer."""
_GPU_RESERVE_BYTES = 400 << 20
"""Left on a GPU to its driver and to compute buffers that grow with use."""


@dataclass(frozen=True, slots=True)
class MemoryNeed:
    """Bytes a loaded model takes, by purpose."""

    weights: int
    projector: int
    kv_cache: int
    compute: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.weights + self.projector + self.kv_cache + self.compute


def kv_bytes_per_cell(model: GgufInfo) -> int:
    """Bytes of KV cache that one token takes over all layers."""
    heads = model.number("attention.head_count", 1)
    width = model.number("embedding_length") // max(1, heads)
    kv_heads = model.number("attention.head_count_kv", heads)
    per_head = model.number("attention.key_length", width) + model.number("attention.value_length", width)
    return model.number("block_count") * kv_heads * per_head * _KV_BYTES_PER_VALUE


def memory_need(model: GgufInfo, projector: GgufInfo | None, n_ctx: int, image_max_tokens: int) -> MemoryNeed:
    """What a model takes at a context of `n_ctx` cells. Weights are exact; compute buffers are an estimate from their shapes."""
    widest = max(model.number("feed_forward_length"), 4 * model.number("embedding_length"))
    compute = _BATCH * widest * 4 * 4
    compute += min(SCORES_BYTES, model.number("attention.head_count", 1) * _BATCH * n_ctx * 4)
    if projector is not None:
        hidden = projector.number("vision.embedding_length")
        ffn = max(projector.number("vision.feed_forward_length"), 4 * hidden)
        compute += image_max_tokens * 4 * (2 * hidden + ffn) * 4
    return MemoryNeed(
        weights=sum(model.tensor_bytes.values()),
        projector=sum(projector.tensor_bytes.values()) if projector else 0,
        kv_cache=kv_bytes_per_cell(model) * n_ctx,
        compute=compute,
    )


def choose_n_ctx(model: GgufInfo, projector: GgufInfo | None, wanted: int, image_max_tokens: int, available_bytes: int) -> int:
    """The context to load: what was asked for, or as much of the default as the model knows and memory allows.

    Raises TooLittleMemory, with the numbers, when not even that fits.
    """
    known = model.number("context_length", DEFAULT_N_CTX) or DEFAULT_N_CTX
    n_ctx = min(wanted or DEFAULT_N_CTX, known)
    budget = available_bytes - _RESERVE_BYTES
    while not wanted and n_ctx > 4096 and memory_need(model, projector, n_ctx, image_max_tokens).total > budget:
        n_ctx //= 2
    need = memory_need(model, projector, n_ctx, image_max_tokens)
    if need.total > budget:
        raise TooLittleMemory(
            f"{model.name} needs about {_gb(need.total + _RESERVE_BYTES)} of memory ({_gb(need.weights + need.projector)} for the "
            f"model, {_gb(need.kv_cache)} for {n_ctx:,} tokens of context, {_gb(need.compute)} to work), but only "
            f"{_gb(available_bytes)} are free. Close other programs, choose a smaller model, or a smaller context."
        )
    return n_ctx


@dataclass(frozen=True, slots=True)
class GpuFit:
    """How much goes to the GPU: layers of the language model (the output counts as one), and whether the projector does."""

    layers: int
    projector: bool


def fit_gpu(model: GgufInfo, projector: GgufInfo | None, n_ctx: int, image_max_tokens: int, free_bytes: int) -> GpuFit:
    """What fits into `free_bytes` of GPU memory. The projector comes first: encoding a picture gains most from a GPU."""
    need = memory_need(model, projector, n_ctx, image_max_tokens)
    budget = free_bytes - _GPU_RESERVE_BYTES
    takes_projector = projector is not None and need.projector + need.compute <= budget
    budget -= need.projector + need.compute if takes_projector else 0
    layers = model.number("block_count")
    in_blocks = sum(size for name, size in model.tensor_bytes.items() if name.startswith("blk."))
    per_layer = (in_blocks + need.kv_cache) // max(1, layers)
    output = sum(size for name, size in model.tensor_bytes.items() if name.startswith("output"))
    fitting = max(0, min(layers, (budget - output) // max(1, per_layer)))
    return GpuFit(layers + 1 if fitting == layers > 0 else fitting, takes_projector)


def _gb(size: int) -> str:
    return f"{size / 1e9:.1f} GB"
