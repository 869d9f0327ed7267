"""What an engine is asked and how long its answer took. Standard library only: peers run in environments of their own."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation; a picture comes before the text."""

    role: Literal["user", "assistant"]
    text: str
    picture: Path | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, timed by the process that asked for it, from before the picture file was read."""

    text: str
    tokens: int
    first_token_s: float
    total_s: float

    @property
    def tokens_per_s(self) -> float:
        """Speed of decoding: from the first token to the last."""
        return (self.tokens - 1) / (self.total_s - self.first_token_s) if self.tokens > 1 else float("nan")


def timed(pieces: Iterable[str]) -> Answer:
    """Run an answer to its end. A piece is the text of one token."""
    began = time.perf_counter()
    texts: list[str] = []
    first_s = last_s = 0.0
    for text in pieces:
        last_s = time.perf_counter() - began
        first_s = first_s or last_s
        texts.append(text)
    return Answer("".join(texts), len(texts), first_s, last_s)


def turns_to_json(turns: Iterable[Turn]) -> list[dict[str, Any]]:
    """For a line to a peer's process."""
    return [asdict(turn) | {"picture": str(turn.picture) if turn.picture else None} for turn in turns]


def turns_from_json(values: Iterable[dict[str, Any]]) -> list[Turn]:
    """The inverse of `turns_to_json`."""
    turns = (Turn(**value) for value in values)
    return [replace(turn, picture=Path(turn.picture)) if turn.picture else turn for turn in turns]
