"""What is known about the models of the cloud: `models.toml`, to which the user may add."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ModelInput = Literal["text", "image", "video", "file"]
ThinkingKind = Literal["none", "switch", "effort", "always", "unknown"]
"""`switch`: on and off; `effort`: always on, more or less of it; `unknown`: nothing is said about it."""


@dataclass(frozen=True, slots=True)
class Price:
    """For a million tokens. A free model costs 0."""

    currency: str
    input: float
    cached_input: float
    output: float


@dataclass(frozen=True, slots=True)
class CloudModel:
    """One model.

    Attributes:
        id: as the server calls it.
        context_tokens, output_tokens: most of a conversation and of an answer; None where nothing is known.
        inputs: what can be sent to it; `file` and `video` by address.
        pictures_max: of a request; 0 when it sees none, None without a known limit.
        picture_bytes_max, picture_side_px_max: of one picture.
        thinking: how its reasoning is controlled.
        efforts: from little to much, of kind `effort`.
        effort: which of them is asked for when it is to think; without thinking, the first.
        keeps_reasoning: it wants the reasoning of earlier answers back, complete and unchanged.
        tools: whether it calls tools.
        prices: by the currency of the account.
    """

    id: str
    context_tokens: int | None = None
    output_tokens: int | None = None
    inputs: frozenset[ModelInput] = frozenset({"text", "image"})
    pictures_max: int | None = None
    picture_bytes_max: int = 3_700_000
    picture_side_px_max: int = 6_000
    thinking: ThinkingKind = "unknown"
    efforts: tuple[str, ...] = ()
    effort: str = ""
    keeps_reasoning: bool = False
    tools: bool = True
    prices: Mapping[str, Price] = field(default_factory=dict)
