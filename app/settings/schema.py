"""Every setting once: its name, type, default and what it may be. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal, get_args, get_type_hints

ThemeChoice = Literal["system", "light", "dark"]
LanguageChoice = Literal["system", "en", "zh_CN"]

GPU_LAYERS_AUTO = -1


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user chose.

    Attributes:
        model, mmproj: paths of the model's GGUF file and of its projector; empty for none.
        gpu_layers: layers on the GPU; -1 as many as fit, 0 none.
        thinking: whether the model reasons before it answers, unless said otherwise for one question.
        theme, language: "system" follows the desktop.
        text_percent: how large text is, from 80 to 200.
        system_prompt: whether the model is told the names of the pictures and asked to point at them.
        keeps_history: whether conversations are kept; off, every one is private.
        recognises_for_search: whether text is read out of pictures that were asked about, so that they can be found by it.
        models: paths of the model files used lately, the latest first.
        window_geometry: where the window was, as Qt saves it, in base64; empty before the first time.
        splitter_state: how wide its parts were, likewise.
    """

    model: str = ""
    mmproj: str = ""
    gpu_layers: int = GPU_LAYERS_AUTO
    thinking: bool = False
    theme: ThemeChoice = "system"
    language: LanguageChoice = "system"
    text_percent: int = 100
    system_prompt: bool = True
    keeps_history: bool = True
    recognises_for_search: bool = True
    models: tuple[str, ...] = ()
    window_geometry: str = ""
    splitter_state: str = ""


def accept(values: dict[str, Any]) -> tuple[Settings, tuple[str, ...]]:
    """Settings from loose values, and the names of those that could not be used and were left at their default.

    Names that are not known are passed over: a newer version may have written them.
    """
    hints = get_type_hints(Settings)
    good: dict[str, Any] = {}
    bad: list[str] = []
    for field in fields(Settings):
        if field.name not in values:
            continue
        value = values[field.name]
        if isinstance(value, list):  # as JSON has it
            value = tuple(value)
        if _is_allowed(value, hints[field.name]):
            good[field.name] = value
        else:
            bad.append(field.name)
    return Settings(**good), tuple(bad)


def _is_allowed(value: object, hint: Any) -> bool:
    if hint == tuple[str, ...]:
        return isinstance(value, tuple) and all(isinstance(item, str) for item in value)
    choices = get_args(hint)
    if choices:
        return value in choices
    return type(value) is hint  # not isinstance: True is no number of layers
