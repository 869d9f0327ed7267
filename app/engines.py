"""From what the user chose to an engine: the files it needs are found, the folder it may keep things in is named. No Qt."""

from __future__ import annotations

from pathlib import Path

from app import paths, system
from inference.errors import ModelFileMissing, ProjectorMissing
from inference.local.config import GPU_LAYERS_AUTO, LocalConfig
from inference.local.proxy import LocalEngine


def find_projector(model: Path) -> Path | None:
    """The projector beside a model: the only `mmproj*.gguf` in its folder, or the one whose name shares most with it.

    None when there is none, or when several fit equally well.
    """
    found = sorted(path for path in model.parent.glob("*mmproj*.gguf") if path != model)
    if len(found) <= 1:
        return found[0] if found else None
    words = set(_words(model.stem))
    scores = [len(words & set(_words(path.stem))) for path in found]
    best = max(scores)
    return found[scores.index(best)] if scores.count(best) == 1 else None


def local_engine(
    model: Path,
    mmproj: Path | None = None,
    *,
    gpu_layers: int = GPU_LAYERS_AUTO,
    n_ctx: int = 0,
    n_threads: int = 0,
    image_max_tokens: int = 0,
    keeps_on_disk: bool = True,
) -> LocalEngine:
    """An engine for a model on this computer; nothing is loaded yet. The projector beside the model is found if none is named.

    Raises ModelFileMissing or ProjectorMissing, with what to do.
    """
    if not model.is_file():
        raise ModelFileMissing(f"There is no model file {model}. Choose a .gguf file that exists.")
    projector = mmproj or find_projector(model)
    if projector is not None and not projector.is_file():
        raise ModelFileMissing(f"There is no projector file {projector}. Choose the mmproj file published with the model.")
    if projector is None and any(path != model for path in model.parent.glob("*mmproj*.gguf")):
        raise ProjectorMissing(f"Several projector (mmproj) files lie beside {model.name}. Say which one belongs to it.")
    config = LocalConfig(
        model=model.absolute(),
        mmproj=projector.absolute() if projector else None,
        n_ctx=n_ctx,
        n_threads=n_threads,
        gpu_layers=gpu_layers,
        image_max_tokens=image_max_tokens,
        cache_dir=paths.cache_dir() / "engine" if keeps_on_disk else None,
    )
    return LocalEngine(config, command=system.engine_worker_command())


def _words(stem: str) -> list[str]:
    return stem.casefold().replace("_", "-").split("-")
