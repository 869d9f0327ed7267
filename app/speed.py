"""How fast a model is on this computer, from what was measured: told before a question is sent. No Qt.

Nothing is said about what was never measured.
"""

from __future__ import annotations

import json
import logging
import math
import os
import tempfile
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from inference.types import Timings, Usage

log = logging.getLogger(__name__)

FILE_BYTES_MAX = 1 << 20
MODELS_MAX = 64
WEIGHT = 0.3
"""Of a new measurement against the earlier ones together."""
TOKENS_MIN = 32
"""Fewer tell little: their time is that of everything else."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What something takes: tokens of the context, and seconds until the first word; None where that is not known."""

    tokens: int
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Speed:
    """Of one model, as running averages in milliseconds; 0 for what was not measured yet.

    Attributes:
        encode_ms: per token of a picture.
        prefill_ms: per token of the prompt.
        load_ms: until the model is in memory.
    """

    encode_ms: float = 0.0
    prefill_ms: float = 0.0
    load_ms: float = 0.0


class Speeds:
    """Speeds by the models' names, kept in a small file; used from one thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._speeds = _read(path)

    def learn(self, model_name: str, usage: Usage, timings: Timings) -> None:
        """Take in what an answer, or preparing one, took."""
        known = self._speeds.pop(model_name, Speed())
        fresh = usage.prompt_tokens - usage.cached_tokens
        pictures = min(usage.image_tokens, fresh)
        reading_ms = timings.time_to_first_token_ms - timings.encode_ms
        learnt = Speed(
            _average(known.encode_ms, timings.encode_ms / pictures) if pictures >= TOKENS_MIN else known.encode_ms,
            _average(known.prefill_ms, reading_ms / fresh) if fresh >= TOKENS_MIN else known.prefill_ms,
            _average(known.load_ms, timings.load_ms),
        )
        self._speeds[model_name] = learnt  # the latest is last
        for name in list(self._speeds)[:-MODELS_MAX]:
            del self._speeds[name]
        if learnt != known:
            self._write()

    def expected_s(self, model_name: str, image_tokens: int, tokens: int, *, is_loaded: bool = True) -> float | None:
        """Seconds until the first word of an answer to `tokens` that are new, `image_tokens` of them pictures; None if unknown."""
        speed = self._speeds.get(model_name, Speed())
        if not speed.prefill_ms or (image_tokens and not speed.encode_ms):
            return None
        load_ms = 0.0 if is_loaded else speed.load_ms
        return (load_ms + image_tokens * speed.encode_ms + tokens * speed.prefill_ms) / 1000.0

    def _write(self) -> None:
        text = json.dumps({name: asdict(speed) for name, speed in self._speeds.items()}, ensure_ascii=False, indent=1)
        temporary = ""
        try:
            handle, temporary = tempfile.mkstemp(dir=self._path.parent, prefix=self._path.name)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(temporary, self._path)
        except OSError as error:
            log.warning("the measured speeds cannot be kept: %s", error.strerror)
            if temporary:
                Path(temporary).unlink(missing_ok=True)


def _average(known: float, measured: float) -> float:
    if not math.isfinite(measured) or measured <= 0:
        return known
    return round(measured if not known else known + WEIGHT * (measured - known), 4)


def _read(path: Path) -> dict[str, Speed]:
    """What an earlier run has measured; nothing from a file that is none of ours."""
    try:
        with path.open("rb") as file:
            values = json.loads(file.read(FILE_BYTES_MAX).decode("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    found = values.items() if isinstance(values, dict) else ()
    return {name: _accept(value) for name, value in list(found)[-MODELS_MAX:] if isinstance(value, dict)}


def _accept(values: dict[str, object]) -> Speed:
    speed = Speed()
    for field in fields(Speed):
        value = values.get(field.name)
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value > 0:
            speed = replace(speed, **{field.name: float(value)})
    return speed
