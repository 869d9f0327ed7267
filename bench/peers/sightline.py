"""Sightline's local engine behind the interface of its peers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import psutil
from PIL import Image

from bench.peers.dialogue import Answer, Turn, timed
from bench.peers.serve import Setup
from inference.engine import Cancel
from inference.events import Event, Failed, Finished, ReasoningDelta, TextDelta
from inference.local.config import LocalConfig
from inference.local.proxy import LocalEngine
from inference.types import ImagePart, Message, Part, Request, SamplingParams, TextPart


class Sightline:
    """The engine with a cache folder that outlives restarts."""

    name = "Sightline"

    def __init__(self, setup: Setup, cache_dir: Path) -> None:
        self._config = LocalConfig(
            setup.model, setup.mmproj, n_ctx=setup.n_ctx, n_threads=setup.n_threads, gpu_layers=0, cache_dir=cache_dir
        )
        self._engine = LocalEngine(self._config)

    def ask(self, turns: Sequence[Turn], max_tokens: int) -> Answer:
        """Ask the last question of a conversation. Raises RuntimeError when the engine fails.

        Timed from before the picture is read to the last event, as the window sees it.
        """
        finished: list[Finished] = []
        answer = timed(self._pieces(turns, max_tokens, finished))
        return replace(answer, tokens=finished[0].usage.completion_tokens)

    def prepare(self, turns: Sequence[Turn]) -> None:
        """Do what can be done before the last question is known."""
        for event in self._engine.prepare(_request(turns, 1), Cancel()):
            _raise_failure(event)

    def restart(self) -> None:
        """End the engine's process and set up a new one, which has only the disk to remember by."""
        self._engine.close()
        self._engine = LocalEngine(self._config)

    def resident_bytes(self) -> int:
        """Resident memory of the engine's process, the mapped model included."""
        assert self._engine.process_id is not None, "ask first"
        return psutil.Process(self._engine.process_id).memory_info().rss

    def close(self) -> None:
        """End the engine."""
        self._engine.close()

    def _pieces(self, turns: Sequence[Turn], max_tokens: int, finished: list[Finished]) -> Iterator[str]:
        for event in self._engine.stream(_request(turns, max_tokens), Cancel()):
            _raise_failure(event)
            if isinstance(event, TextDelta | ReasoningDelta) and event.raw:
                yield event.raw
            elif isinstance(event, Finished):
                finished.append(event)


def _raise_failure(event: Event) -> None:
    if isinstance(event, Failed):
        raise RuntimeError(f"{event.code}: {event.message}")


def _request(turns: Sequence[Turn], max_tokens: int) -> Request:
    messages = tuple(Message(turn.role, _parts(turn)) for turn in turns)
    return Request(messages, sampling=SamplingParams(temperature=0.0), max_tokens=max_tokens)


def _parts(turn: Turn) -> tuple[Part, ...]:
    text: tuple[Part, ...] = (TextPart(turn.text),) if turn.text else ()
    if turn.picture is None:
        return text
    with Image.open(turn.picture) as image:
        picture = ImagePart.from_rgb(*image.size, image.convert("RGB").tobytes())
    return (picture, *text)
