"""What is known about the models of the cloud: `models.toml`, to which the user may add."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from inference.types import Usage

ModelInput = Literal["text", "image", "video", "file"]
ThinkingKind = Literal["none", "switch", "effort", "always", "unknown"]
"""`switch`: on and off; `effort`: always on, more or less of it; `unknown`: nothing is said about it."""

SHIPPED_TABLE = Path(__file__).with_name("models.toml")
_A_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """For a million tokens. A free model costs 0."""

    currency: str
    input: float
    cached_input: float
    output: float

    def of(self, usage: Usage) -> float:
        """What an answer cost, in the price's currency."""
        cached = min(usage.cached_tokens, usage.prompt_tokens)
        fresh = usage.prompt_tokens - cached
        return (fresh * self.input + cached * self.cached_input + usage.completion_tokens * self.output) / _A_MILLION


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
        extra: more fields of the request, sent as they are to servers that may know them (not to the GLM cloud).
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
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ModelTable:
    """All models.

    Attributes:
        models: in the order of the table.
        rates: units of a currency for one USD, as they were on the day `rates_as_of`.
    """

    models: tuple[CloudModel, ...]
    rates: Mapping[str, float]
    rates_as_of: date

    def find(self, model_id: str) -> CloudModel | None:
        """The model of that name, whatever its case."""
        wanted = model_id.casefold()
        return next((model for model in self.models if model.id.casefold() == wanted), None)

    def cost(self, model_id: str, usage: Usage, currency: str, account: str = "") -> float | None:
        """What an answer cost, in a currency; None where a price or a rate is not known.

        By the price list in the currency of the `account`, if there is one: two countries' lists are no conversions of each other.
        """
        model = self.find(model_id)
        if model is None or not model.prices:
            return None
        price = (
            model.prices.get(account) or model.prices.get(currency) or model.prices.get("USD") or next(iter(model.prices.values()))
        )
        cost = price.of(usage)
        if price.currency == currency or cost == 0:
            return cost
        rates = {"USD": 1.0, **self.rates}
        if currency not in rates or price.currency not in rates:
            return None
        return cost / rates[price.currency] * rates[currency]


def load_models(own: Path | None = None) -> ModelTable:
    """The shipped table with the user's `own` file over it, if there is one.

    Raises:
        ModelTableInvalid: a file cannot be read or says what it may not; names the file, the entry and what is allowed.
    """
    from inference.cloud.model_file import merge, read_model_file, settle  # with tomllib, which the window's start does without

    shipped = read_model_file(SHIPPED_TABLE)
    if own is None or not own.exists():
        return ModelTable(
            tuple(settle(entry, SHIPPED_TABLE) for entry in shipped.entries), shipped.rates, shipped.rates_as_of or date.min
        )
    users = read_model_file(own)
    models = tuple(settle(entry, own) for entry in merge(shipped.entries, users.entries))
    return ModelTable(models, {**shipped.rates, **users.rates}, users.rates_as_of or shipped.rates_as_of or date.min)
