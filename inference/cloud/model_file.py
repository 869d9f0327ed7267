"""Reads a file of models and checks every field of it. The user writes such files by hand, so each fault is named and explained."""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

from inference.cloud.models import CloudModel, ModelInput, Price, ThinkingKind
from inference.errors import ModelTableInvalid

_FILE_BYTES_MAX = 1_000_000
_MODELS_MAX = 1_000
_RESERVED = frozenset({"model", "messages", "stream", "stream_options", "tools"})
"""Fields of a request that `extra` may not replace."""

Entry = dict[str, Any]
"""One model's fields that a file names, checked and as `CloudModel` takes them."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """What one file says; fields that it leaves out are not in its entries."""

    entries: tuple[Entry, ...]
    rates: Mapping[str, float]
    rates_as_of: date | None


def read_model_file(path: Path) -> ModelFile:
    """One file, every field checked. Raises ModelTableInvalid."""
    content = _parse(path)
    if unknown := content.keys() - {"model", "rates", "rates_as_of"}:
        raise _invalid(path, f"“{min(unknown)}” is not known here; allowed are [[model]], [rates] and rates_as_of")
    listed = content.get("model", [])
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed) or len(listed) > _MODELS_MAX:
        raise _invalid(path, f"models must be written as [[model]], {_MODELS_MAX} at most")
    entries = tuple(_entry(path, number, entry) for number, entry in enumerate(listed, start=1))
    names = [entry["id"].casefold() for entry in entries]
    if repeated := next((name for name in names if names.count(name) > 1), None):
        raise _invalid(path, f"“{repeated}” is there twice; keep one of the two")
    return ModelFile(entries, _rates(path, content.get("rates", {})), _day(path, content.get("rates_as_of")))


def merge(known: Iterable[Entry], changes: Iterable[Entry]) -> list[Entry]:
    """The known entries with the changed fields, then the new ones. Prices are changed currency by currency."""
    merged = {entry["id"].casefold(): entry for entry in known}
    for change in changes:
        before = merged.get(change["id"].casefold(), {"id": change["id"]})
        prices = {**before.get("prices", {}), **change.get("prices", {})}
        merged[change["id"].casefold()] = {**before, **change, "id": before["id"], "prices": prices}
    return list(merged.values())


def settle(entry: Entry, path: Path) -> CloudModel:
    """A model from all that is said about it. Raises ModelTableInvalid where its fields do not go together."""
    model = CloudModel(**entry)
    if model.thinking == "effort" and (not model.efforts or model.effort not in model.efforts):
        raise _invalid(path, f'model “{model.id}”: with thinking = "effort", `efforts` must name them and `effort` be one of them')
    if "image" in model.inputs:
        return model
    return CloudModel(**{**entry, "pictures_max": 0})


def _parse(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            raw = file.read(_FILE_BYTES_MAX + 1)
        if len(raw) > _FILE_BYTES_MAX:
            raise _invalid(path, "it is larger than 1 MB, which no table of models is")
        return tomllib.loads(raw.decode("utf-8-sig"))
    except OSError as error:
        raise _invalid(path, f"it cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise _invalid(path, f"it is not UTF-8 text (byte {error.start + 1})") from error
    except tomllib.TOMLDecodeError as error:
        raise _invalid(path, f"it is not TOML: {str(error).rstrip('.')}") from error
    except RecursionError as error:
        raise _invalid(path, "it nests too deeply") from error


def _invalid(path: Path, reason: str) -> ModelTableInvalid:
    return ModelTableInvalid(f"The table of models {path.name} is not used: {reason}.")


def _entry(path: Path, number: int, raw: Mapping[str, Any]) -> Entry:
    name = raw.get("id")
    if not _is_name(name):
        raise _invalid(
            path, f"model number {number}: `id` must be its name at the server, up to 200 characters without line breaks"
        )
    entry: Entry = {"id": name}
    for key, value in raw.items():
        if key == "id":
            continue
        if key not in _FIELDS:
            raise _invalid(path, f"model “{name}”: “{key}” is not known; allowed are id, {', '.join(_FIELDS)}")
        read, allowed = _FIELDS[key]
        try:
            entry[key] = read(value)
        except (TypeError, ValueError) as error:
            raise _invalid(path, f"model “{name}”: `{key}` must be {allowed}") from error
    return entry


def _rates(path: Path, raw: Any) -> dict[str, float]:
    try:
        rates = {_currency(currency): _number(rate) for currency, rate in dict(raw).items()}
    except (TypeError, ValueError) as error:
        raise _invalid(path, "[rates] must hold lines such as EUR = 0.85, the units of a currency for one US dollar") from error
    if not all(rates.values()):
        raise _invalid(path, "a rate in [rates] must be above 0")
    return rates


def _day(path: Path, raw: Any) -> date | None:
    if raw is not None and (not isinstance(raw, date) or isinstance(raw, datetime)):
        raise _invalid(path, "rates_as_of must be a day such as 2026-03-31, without quotation marks")
    return raw


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 200 and value.isprintable() and value == value.strip()


def _text(value: Any) -> str:
    if not _is_name(value):
        raise ValueError
    return str(value)


def _switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _whole(least: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= 1_000_000_000:
            raise ValueError
        return value

    return read


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or not 0 <= value <= 1e9:
        raise ValueError
    return float(value)


def _currency(value: str) -> str:
    if not re.fullmatch("[A-Z]{3}", value):
        raise ValueError
    return value


def _thinking(value: Any) -> str:
    if value not in get_args(ThinkingKind):
        raise ValueError
    return str(value)


def _inputs(value: Any) -> frozenset[str]:
    inputs = frozenset(value)
    if not isinstance(value, list) or "text" not in inputs or inputs - set(get_args(ModelInput)):
        raise ValueError
    return inputs


def _efforts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError
    return tuple(_text(effort) for effort in value)


def _prices(value: Any) -> dict[str, Price]:
    return {_currency(currency): _price(currency, price) for currency, price in dict(value).items()}


def _price(currency: str, raw: Any) -> Price:
    if not isinstance(raw, dict) or not {"input", "output"} <= raw.keys() <= {"input", "cached_input", "output"}:
        raise ValueError
    return Price(currency, _number(raw["input"]), _number(raw.get("cached_input", raw["input"])), _number(raw["output"]))


def _extra(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or value.keys() & _RESERVED:
        raise ValueError
    json.dumps(value, allow_nan=False)  # TOML knows days and infinity, a request does not
    return value


_TOKENS = _whole(1), "a whole number above 0"
_FIELDS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "context_tokens": _TOKENS,
    "output_tokens": _TOKENS,
    "inputs": (_inputs, f'a list with "text" and whichever apply of {", ".join(get_args(ModelInput)[1:])}'),
    "pictures_max": (_whole(0), "a whole number"),
    "picture_bytes_max": (_whole(10_000), "a whole number of at least 10,000"),
    "picture_side_px_max": (_whole(28), "a whole number of at least 28"),
    "thinking": (_thinking, f"one of {', '.join(get_args(ThinkingKind))}, in quotation marks"),
    "efforts": (_efforts, "a list of words"),
    "effort": (_text, "one of `efforts`"),
    "keeps_reasoning": (_switch, "true or false"),
    "tools": (_switch, "true or false"),
    "prices": (_prices, "written as prices.USD = { input = 1.0, cached_input = 0.2, output = 3.2 }, numbers from 0"),
    "extra": (_extra, f"a table of what JSON knows, without {', '.join(sorted(_RESERVED))}"),
}
