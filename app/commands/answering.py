"""What answers a command: a model on this computer, or one elsewhere, as the command or else the settings say."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.commands.terminal import say
from app.engine_choice import EngineChoice
from app.engines import local_engine
from app.settings.schema import Settings
from inference.engine import Engine
from inference.errors import LinkRefused, ModelFileError
from inference.events import Event, Failed, Finished
from inference.models.catalog import defaults_for
from inference.types import Capabilities, LinkKind, LinkPart

if TYPE_CHECKING:
    from inference.cloud.models import ModelTable

LOCAL_OPTIONS = ("mmproj", "gpu_layers", "context", "image_tokens", "threads")
_KINDS: dict[str, LinkKind] = {
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"), "image"),
    **dict.fromkeys((".mp4", ".mkv", ".mov", ".webm", ".avi"), "video"),
}  # fmt: skip


class NoModel(ModelFileError):
    """Nothing says which model to ask."""

    code = "no_model"


@dataclass(frozen=True, slots=True)
class Answering:
    """Attributes:
    system_prompt: whether it is told how to point and what each picture is called.
    table: what is known about models, for one elsewhere.
    """

    engine: Engine
    capabilities: Capabilities
    system_prompt: bool = True
    is_test_model: bool = False
    table: ModelTable | None = None


def open_engine(options: argparse.Namespace, settings: Settings) -> Answering:
    """The engine; nothing is loaded and nothing sent yet. Raises InferenceError and SecretsError, with what to do.

    Without `--engine`, a model that is a file is on this computer, and any other name is one for the engine of the settings.
    """
    name = options.model or ""
    is_file = name.lower().endswith(".gguf") or (name and Path(name).exists())
    choice: EngineChoice = options.engine or (EngineChoice() if is_file else EngineChoice.of(settings))
    return _open_remote(choice, options, settings) if choice.is_remote else _open_local(options, settings)


def read_links(paths: Sequence[str], capabilities: Capabilities) -> tuple[LinkPart, ...]:
    """Those of the paths that are addresses on the web, which the server that answers fetches. Raises LinkRefused."""
    links = tuple(_read_link(path) for path in paths if is_link(path))
    for link in links:
        if link.kind not in capabilities.links:
            who = capabilities.model_name if capabilities.host else "A model on this computer"
            raise LinkRefused(f"{who} does not fetch {link.url} ({link.kind}). Download it, and name the file instead.")
    return links


def is_link(path: str) -> bool:
    """Whether it is an address on the web rather than a file."""
    return path.lower().startswith(("http://", "https://"))


def announced(stream: Iterable[Event], capabilities: Capabilities, count: int) -> Iterator[Event]:
    """Say where the question goes when the engine has taken it, which is before it goes; what is refused goes nowhere."""
    is_said = capabilities.host is None
    for event in stream:
        if not is_said and not isinstance(event, Failed | Finished):
            along = f", {count} {'picture or page' if count == 1 else 'pictures or pages'}" if count else ""
            say(f"Goes to {capabilities.host} ({capabilities.model_name}): the question{along}.")
            is_said = True
        yield event


def _read_link(text: str) -> LinkPart:
    try:
        url = urlsplit(text)
    except ValueError:
        url = urlsplit("")
    if not url.hostname or not text.isprintable() or any(map(str.isspace, text)):
        raise LinkRefused("An address among the files cannot be understood. Write it as the browser shows it.")
    if url.password is not None or url.username is not None:
        raise LinkRefused(f"The address at {url.hostname} holds a name or a password, which would be sent along. Leave it out.")
    return LinkPart(_KINDS.get(Path(url.path).suffix.lower(), "file"), text)


def _open_remote(choice: EngineChoice, options: argparse.Namespace, settings: Settings) -> Answering:
    from app.engine_choice import load_model_table, remote_engine
    from app.settings.secrets import own_secrets

    table, fault = load_model_table()
    if fault is not None:
        say(f"{fault.message} It is passed over.")
    engine = remote_engine(choice, settings, own_secrets(), table, options.model or "")
    useless = [f"--{name.replace('_', '-')}" for name in LOCAL_OPTIONS if getattr(options, name)]
    if useless:
        say(f"{', '.join(useless)}: only for models on this computer, and passed over.")
    return Answering(engine, engine.capabilities(), table=table)


def _open_local(options: argparse.Namespace, settings: Settings) -> Answering:
    name = options.model or settings.model
    if not name:
        raise NoModel("No model was chosen. Name one with --model FILE.gguf, or choose one in the window.")
    own_projector = Path(settings.mmproj) if settings.mmproj and not options.model else None
    engine = local_engine(
        Path(name),
        options.mmproj or own_projector,
        gpu_layers=settings.gpu_layers if options.gpu_layers is None else options.gpu_layers,
        n_ctx=options.context,
        n_threads=options.threads,
        image_max_tokens=options.image_tokens,
        keeps_on_disk=not options.private,
    )
    capabilities = engine.capabilities()
    defaults = defaults_for(capabilities.model_name)
    return Answering(engine, capabilities, defaults.system_prompt, defaults.is_test_model)
