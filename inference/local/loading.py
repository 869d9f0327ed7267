"""From a configuration to a loaded model: the files are checked, memory is counted, the GPU is tried and given up if it refuses."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from base.cells import MAX_IMAGE_TOKENS, MIN_IMAGE_TOKENS
from inference.errors import ModelUnsupported, OutOfMemory, ProjectorMismatch
from inference.local import llama
from inference.local.config import GPU_LAYERS_AUTO, LocalConfig
from inference.models.catalog import defaults_for
from inference.models.fit import GpuFit, choose_n_ctx, fit_gpu
from inference.models.gguf_info import GgufInfo, read_gguf_info
from inference.models.hardware import available_memory_bytes, default_thread_count

log = logging.getLogger(__name__)

_SAMPLED_BLOCKS, _BLOCK_BYTES = 64, 16384


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model ready to answer.

    Attributes:
        fingerprint: changes whenever saved KV states would no longer fit.
        projector_fingerprint: changes whenever saved encodings of pictures would no longer fit.
        image_min_tokens, image_max_tokens: limits of one picture.
        stretches_pictures: whether pictures are brought to whole cells before llama.cpp sees them (docs/adr/0004).
        vision_layers: layers of the projector, for progress.
    """

    llama: llama.LlamaModel
    fingerprint: str
    projector_fingerprint: str
    image_min_tokens: int
    image_max_tokens: int
    stretches_pictures: bool
    vision_layers: int


def load_model(
    config: LocalConfig, watch: llama.Watch, notice: Callable[[str, str], None], on_gpu_tried: Callable[[], None]
) -> LoadedModel:
    """Load model and projector. Every way this fails is an InferenceError; what the GPU refuses only leads to a notice.

    `on_gpu_tried` is called before a GPU is asked for anything.
    """
    model, projector = check_files(config)
    image_max = config.image_max_tokens or defaults_for(model.name).image_max_tokens or MAX_IMAGE_TOKENS
    image_max = min(max(image_max, MIN_IMAGE_TOKENS), MAX_IMAGE_TOKENS)
    gpus = llama.list_gpus() if config.gpu_layers else []
    gpu_bytes = sum(gpu.free_bytes for gpu in gpus if gpu.has_own_memory)
    n_ctx = choose_n_ctx(model, projector, config.n_ctx, image_max, available_memory_bytes() + gpu_bytes)
    fit = _choose_layers(config, model, projector, n_ctx, image_max, gpus, notice)
    if fit.layers or fit.projector:
        on_gpu_tried()
    loaded = _load_with_fewer_layers(config, n_ctx, fit, watch, notice)
    if config.mmproj is not None:
        try:
            _load_projector(loaded, config.mmproj, image_max, fit.projector, notice)
        except BaseException:
            loaded.close()
            raise
    projector_fingerprint = fingerprint(config.mmproj) if config.mmproj else ""
    shape = f"{fingerprint(config.model)} {projector_fingerprint} {loaded.n_ctx} {llama.version()}"
    return LoadedModel(
        llama=loaded,
        fingerprint=hashlib.sha256(shape.encode()).hexdigest(),
        projector_fingerprint=f"{projector_fingerprint} {llama.version()}",
        image_min_tokens=MIN_IMAGE_TOKENS,
        image_max_tokens=image_max,
        stretches_pictures=projector is not None and projector.metadata.get("clip.projector_type") == "glm4v",
        vision_layers=max(1, projector.number("vision.block_count")) if projector else 0,
    )


def check_files(config: LocalConfig) -> tuple[GgufInfo, GgufInfo | None]:
    """Read both headers. Raises ModelFileError for files that are missing, damaged, or do not belong together."""
    model = read_gguf_info(config.model)
    if model.is_projector:
        raise ModelUnsupported(f"{config.model.name} is a projector (mmproj). Choose the language model as the model.")
    if config.mmproj is None:
        return model, None
    projector = read_gguf_info(config.mmproj)
    if not projector.is_projector:
        raise ProjectorMismatch(f"{config.mmproj.name} is a language model, not a projector. Choose the mmproj file.")
    width, projected = model.number("embedding_length"), projector.metadata.get("clip.vision.projection_dim")
    if projector.metadata.get("clip.projector_type") == "glm4v" and projected != width:
        raise ProjectorMismatch(
            f"{config.mmproj.name} belongs to another model: it makes vectors of {projected}, "
            f"{config.model.name} takes {width}. Choose the mmproj file published with the model."
        )
    return model, projector


def fingerprint(path: Path) -> str:
    """Names a file's content by its size and blocks spread over it; reading gigabytes would take longer than loading them."""
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with open(path, "rb") as file:
        for index in range(_SAMPLED_BLOCKS):
            file.seek(max(0, size - _BLOCK_BYTES) * index // (_SAMPLED_BLOCKS - 1))
            digest.update(file.read(_BLOCK_BYTES))
    return digest.hexdigest()


def _choose_layers(
    config: LocalConfig,
    model: GgufInfo,
    projector: GgufInfo | None,
    n_ctx: int,
    image_max_tokens: int,
    gpus: list[llama.GpuDevice],
    notice: Callable[[str, str], None],
) -> GpuFit:
    if not gpus:
        if config.gpu_layers > 0:
            notice("no_gpu", "The installed llama.cpp finds no GPU it can use; the model runs on the processor.")
        return GpuFit(0, False)
    fit = fit_gpu(model, projector, n_ctx, image_max_tokens, sum(gpu.free_bytes for gpu in gpus))
    if config.gpu_layers == GPU_LAYERS_AUTO:
        return fit
    return GpuFit(config.gpu_layers, fit.projector)


def _load_with_fewer_layers(
    config: LocalConfig, n_ctx: int, fit: GpuFit, watch: llama.Watch, notice: Callable[[str, str], None]
) -> llama.LlamaModel:
    layers = fit.layers
    threads = config.n_threads or default_thread_count()
    while True:
        try:
            return llama.LlamaModel(str(config.model), n_ctx, threads, layers, watch)
        except (ModelUnsupported, OutOfMemory) as error:
            if layers == 0:
                raise
            log.warning("Loading with %d layers on the GPU failed: %s", layers, error.code)
            layers //= 2
            where = f"{layers} layers on the GPU" if layers else "the processor alone"
            notice("gpu_refused", f"The GPU refused the model; going on with {where}.")


def _load_projector(
    model: llama.LlamaModel, path: Path, image_max_tokens: int, use_gpu: bool, notice: Callable[[str, str], None]
) -> None:
    for tries_gpu in (True, False) if use_gpu else (False,):
        try:
            return model.load_projector(str(path), MIN_IMAGE_TOKENS, image_max_tokens, tries_gpu)
        except ProjectorMismatch:
            if not tries_gpu:
                raise
            notice("gpu_refused", "The GPU refused the projector; pictures are encoded on the processor.")
