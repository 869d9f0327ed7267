"""Checks of `sightline doctor` about what answers: model, engine, history, recognition. Each may block."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from app import paths
from app.commands.findings import Finding
from app.settings.schema import Settings

SAMPLE_WORDS = "Sightline 2468"


def check_model(settings: Settings, _report: dict[str, Any] | None) -> Finding:
    """The files that the settings name."""
    from app.engines import find_projector
    from inference.errors import ModelFileError
    from inference.models.gguf_info import read_gguf_info

    choose = "Choose a model in the window: Ctrl+K, “Choose a model…”."
    if not settings.model:
        return Finding("model", "limited", "No model is chosen; text is found on the screen and in documents without one.", choose)
    model = Path(settings.model)
    try:
        name = read_gguf_info(model).name
    except ModelFileError as error:
        return Finding("model", "broken", str(error), choose)
    except OSError as error:
        return Finding("model", "broken", f"{model} cannot be read: {error.strerror or error}.", choose)
    projector = Path(settings.mmproj) if settings.mmproj else find_projector(model)
    if projector is None or not projector.is_file():
        advice = "Put the mmproj file that was published with it beside the model, or choose it in the settings."
        return Finding("model", "limited", f"{name} ({model}) cannot see: its projector is missing.", advice)
    return Finding("model", "works", f"{name} ({model}) with {projector.name}.")


def check_engine(_settings: Settings, _report: dict[str, Any] | None) -> Finding:
    """Whether llama.cpp loads in a process of its own: it is given a file that is no model, and must be the one to say so."""
    from app import system
    from inference.engine import Cancel
    from inference.errors import EngineCrashed, EngineHung, EngineUnavailable
    from inference.events import Failed
    from inference.local.config import LocalConfig
    from inference.local.proxy import LocalEngine
    from inference.types import Message, Request, TextPart

    with tempfile.TemporaryDirectory() as folder:
        no_model = Path(folder, "empty.gguf")
        no_model.touch()
        with closing(LocalEngine(LocalConfig(model=no_model), command=system.engine_worker_command())) as engine:
            events = list(engine.stream(Request((Message("user", (TextPart("?"),)),)), Cancel()))
    failure = next((event for event in events if isinstance(event, Failed)), None)
    if failure is not None and failure.code in (EngineUnavailable.code, EngineCrashed.code, EngineHung.code):
        advice = "Install Sightline anew; on a processor without AVX2, llama-cpp-python has to be compiled on this computer."
        return Finding("engine", "broken", failure.message, advice)
    return Finding("engine", "works", "llama.cpp loads and answers in a process of its own.")


def check_history(settings: Settings, _report: dict[str, Any] | None) -> Finding:
    """Whether conversations can be read and written."""
    from app.chat.history.errors import HistoryError
    from app.chat.history.store import History

    if not settings.keeps_history:
        return Finding("history", "limited", "Conversations are not kept, as the settings say.")
    folder = paths.data_dir() / "history"
    try:
        with closing(History(folder)) as history:
            count, damage = len(history.summaries()), history.damage
    except HistoryError as error:
        return Finding("history", "broken", error.message, f"See whether {folder} can be read and written to, and has room.")
    if damage is not None:
        return Finding(
            "history",
            "limited",
            f"It was damaged. Conversations that could be saved: {damage.conversations}.",
            f"The damaged file is kept as {damage.set_aside}.",
        )
    return Finding("history", "works", f"Conversations in {folder}: {count}.")


def check_recognition(_settings: Settings, _report: dict[str, Any] | None) -> Finding:
    """Whether a word is read in a picture."""
    from PIL import Image, ImageDraw, ImageFont

    from app import system
    from ingest.errors import IngestError
    from ingest.recogniser import Recogniser
    from ingest.types import Pixels

    image = Image.new("RGB", (400, 80), "white")
    ImageDraw.Draw(image).text((20, 20), SAMPLE_WORDS, "black", ImageFont.load_default(36))
    recogniser = Recogniser(command=system.reading_worker_command())
    try:
        text = recogniser.recognise_pixels(Pixels(image.width, image.height, image.tobytes())).text
    except IngestError as error:
        return Finding("recognition", "broken", error.message, "Install Sightline anew.")
    finally:
        recogniser.close()
    if "2468" not in text:
        return Finding("recognition", "broken", f"“{SAMPLE_WORDS}” was read as “{text}”.", "Install Sightline anew.")
    return Finding("recognition", "works", "Text in pictures is read.")
