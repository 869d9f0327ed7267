"""Every setting once: its name, type, default, what it may be, and how it is shown. No Qt.

A new option is one field of `Settings`; one that the user sees also has its words in `app.ui.settings.words`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

ThemeChoice = Literal["system", "light", "dark"]
LanguageChoice = Literal["system", "en", "zh_CN"]
Group = Literal["general", "models", "privacy"]
Control = Literal["switch", "choice", "steps", "number", "file", "files"]

GPU_LAYERS_AUTO = -1
GPU_LAYERS_MAX = 999
"""More than any model has."""
TEXT_STEPS_PERCENT = (80, 90, 100, 110, 125, 150, 175, 200)


@dataclass(frozen=True, slots=True)
class Option:
    """How a setting is shown.

    Attributes:
        group: the page it stands on.
        control: what it is changed with. `choice` offers the values of a Literal, `steps` those of `offered`.
        offered: the values that are offered.
        limits: the lowest and the highest number that are accepted.
    """

    group: Group
    control: Control
    offered: tuple[Any, ...] = ()
    limits: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user chose.

    Attributes:
        theme, language: "system" follows the desktop.
        text_percent: how large text is, from 80 to 200.
        thinking: whether the model reasons before it answers, unless said otherwise for one question.
        model, mmproj: paths of the model's GGUF file and of its projector; empty for none.
        models: paths of the model files used lately, the latest first.
        gpu_layers: layers on the GPU; -1 as many as fit, 0 none.
        system_prompt: whether the model is told the names of the pictures and asked to point at them.
        keeps_history: whether conversations are kept; off, every one is private.
        recognises_for_search: whether text is read out of pictures that were asked about, so that they can be found by it.
        keys: names of the keys in the system's keychain, never the keys.
        window_geometry: where the window was, as Qt saves it, in base64; empty before the first time.
        splitter_state: how wide its parts were, likewise.
    """

    theme: Annotated[ThemeChoice, Option("general", "choice", get_args(ThemeChoice))] = "system"
    language: Annotated[LanguageChoice, Option("general", "choice", get_args(LanguageChoice))] = "system"
    text_percent: Annotated[int, Option("general", "steps", TEXT_STEPS_PERCENT, limits=(80, 200))] = 100
    thinking: Annotated[bool, Option("general", "switch")] = False
    model: Annotated[str, Option("models", "file")] = ""
    mmproj: Annotated[str, Option("models", "file")] = ""
    models: Annotated[tuple[str, ...], Option("models", "files")] = ()
    gpu_layers: Annotated[int, Option("models", "number", limits=(GPU_LAYERS_AUTO, GPU_LAYERS_MAX))] = GPU_LAYERS_AUTO
    system_prompt: Annotated[bool, Option("models", "switch")] = True
    keeps_history: Annotated[bool, Option("privacy", "switch")] = True
    recognises_for_search: Annotated[bool, Option("privacy", "switch")] = True
    keys: tuple[str, ...] = ()
    window_geometry: str = ""
    splitter_state: str = ""


_HINTS = get_type_hints(Settings)
OPTIONS: dict[str, Option] = {
    name: hint.__metadata__[0]
    for name, hint in get_type_hints(Settings, include_extras=True).items()
    if get_origin(hint) is Annotated
}
"""What the user sees, by name, in the order in which it is shown."""


def accept(values: dict[str, Any]) -> tuple[Settings, tuple[str, ...]]:
    """Settings from loose values, and the names of those that could not be used and were left at their default.

    Names that are not known are passed over: a newer version may have written them.
    """
    good: dict[str, Any] = {}
    bad: list[str] = []
    for name, hint in _HINTS.items():
        if name not in values:
            continue
        value = values[name]
        if isinstance(value, list):  # as JSON has it
            value = tuple(value)
        if _is_allowed(value, hint) and _is_within(value, name):
            good[name] = value
        else:
            bad.append(name)
    return Settings(**good), tuple(bad)


def _is_allowed(value: object, hint: Any) -> bool:
    if hint == tuple[str, ...]:
        return isinstance(value, tuple) and all(isinstance(item, str) for item in value)
    choices = get_args(hint)
    if choices:
        return value in choices
    return type(value) is hint  # not isinstance: True is no number of layers


def _is_within(value: Any, name: str) -> bool:
    limits = OPTIONS[name].limits if name in OPTIONS else None
    return limits is None or limits[0] <= value <= limits[1]
