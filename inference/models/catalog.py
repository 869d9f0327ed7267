"""What is known about a model beyond its file: `resources/catalog.toml`, found by the name the file gives itself."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class ModelDefaults:
    """How to run a model.

    Attributes:
        image_max_tokens: most tokens per picture that the model was trained for; 0 leaves the projector's own limit.
        is_test_model: a model that only tests this program, and must say so.
        system_prompt: whether it does better when it is told how to point and what each picture is called.
    """

    image_max_tokens: int = 0
    is_test_model: bool = False
    system_prompt: bool = True


def defaults_for(model_name: str) -> ModelDefaults:
    """What the catalogue says about a model, else the defaults."""
    return _catalog().get(model_name.casefold(), ModelDefaults())


@cache
def _catalog() -> dict[str, ModelDefaults]:
    text = resources.files("resources").joinpath("catalog.toml").read_text(encoding="utf-8")
    return {
        entry["name"].casefold(): ModelDefaults(**{key: value for key, value in entry.items() if key != "name"})
        for entry in tomllib.loads(text).get("model", [])
    }
