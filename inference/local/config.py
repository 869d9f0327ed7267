"""How the local engine is set up."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path

GPU_LAYERS_AUTO = -1


@dataclass(frozen=True, slots=True)
class LocalConfig:
    """Everything the engine's process needs to know, once.

    Attributes:
        model, mmproj: the GGUF files of the language model and of the projector; without a projector there are no pictures.
        n_ctx: cells of the KV cache, the longest conversation; 0 takes `DEFAULT_N_CTX` or the model's own limit.
        n_threads: 0 takes the number of physical cores.
        gpu_layers: layers on the GPU; `GPU_LAYERS_AUTO` as many as fit, 0 none.
        image_max_tokens: most tokens a picture may take; 0 leaves it to the model.
        cache_dir: where encodings and KV states are kept; None keeps nothing on disk.
        image_memory_bytes, image_disk_bytes: limits of the encoded pictures that are kept.
        state_memory_bytes, state_disk_bytes: limits of the conversations that are kept warm.
    """

    model: Path
    mmproj: Path | None = None
    n_ctx: int = 0
    n_threads: int = 0
    gpu_layers: int = GPU_LAYERS_AUTO
    image_max_tokens: int = 0
    cache_dir: Path | None = None
    image_memory_bytes: int = 256 << 20
    image_disk_bytes: int = 2 << 30
    state_memory_bytes: int = 512 << 20
    state_disk_bytes: int = 4 << 30

    def to_json(self) -> str:
        """For the child's command line or pipe."""
        return json.dumps({k: os.fspath(v) if isinstance(v, Path) else v for k, v in asdict(self).items()})

    @classmethod
    def from_json(cls, text: str) -> LocalConfig:
        """The inverse of `to_json`. Raises ValueError or TypeError for anything else."""
        values = json.loads(text)
        for field in fields(cls):
            if field.name in ("model", "mmproj", "cache_dir") and values.get(field.name) is not None:
                values[field.name] = Path(values[field.name])
        return cls(**values)
