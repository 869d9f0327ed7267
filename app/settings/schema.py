"""Every setting once: its name, type, default, what it may be, and how it is shown. No Qt.

A new option is one field of `Settings`; one that the user sees also has its words in `app.ui.settings.words`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

ThemeChoice = Literal["system", "light", "dark"]
LanguageChoice = Literal["system", "en", "zh_CN"]
CaptureChoice = Literal["", "mss", "portal", "grim", "spectacle", "gnome_screenshot"]
HotkeyChoice = Literal["", "windows", "macos", "x11", "portal", "external"]
CodecChoice = Literal["h264", "vp9"]
GlmAddressChoice = Literal["international", "china", "international_coding", "china_coding", "own"]
CurrencyChoice = Literal["USD", "CNY", "EUR", "GBP", "JPY"]
Group = Literal["general", "quick_ask", "models", "servers", "privacy"]
Control = Literal["switch", "choice", "steps", "number", "amount", "text", "file", "files", "keys", "prompts"]

GPU_LAYERS_AUTO = -1
GPU_LAYERS_MAX = 999
"""More than any model has."""
TEXT_STEPS_PERCENT = (80, 90, 100, 110, 125, 150, 175, 200)


@dataclass(frozen=True, slots=True)
class Option:
    """How a setting is shown.

    Attributes:
        group: the page it stands on.
        control: what it is changed with. `choice` offers the values of a Literal, `steps` those of `offered`; `amount` has a unit.
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
        engine: what answers, as `app.engine_choice` writes it: "local", "glm" or "server:NAME".
        glm_address: where GLM is asked, a name of `inference.cloud.config.GLM_ADDRESSES`, or "own" for `glm_own_address`.
        glm_model: which of its models is asked.
        servers: other servers, as `app.servers` writes them; empty for none.
        requests_max: how many questions one model of one server may work on at once; more wait.
        proxy, ca_file: as in `inference.cloud.config.Network`; empty for what the environment says.
        currency: in which costs are told.
        system_prompt: whether the model is told the names of the pictures and asked to point at them.
        keeps_history: whether conversations are kept; off, every one is private.
        recognises_for_search: whether text is read out of pictures that were asked about, so that they can be found by it.
        hotkey_capture, hotkey_selection, hotkey_record: what is pressed in any program to ask about the screen, about what is
            selected, and to begin or end a recording, as `KeyCombination` writes it; empty for nothing.
        hotkey_handler, capture_handler: what listens for those keys, and what takes pictures of the screen; empty for the best
            there is.
        capture_delay_s: how long is waited before a picture is taken.
        quick_prompts: the quick actions as `app.ui.quick.quick_actions` writes them; empty for those that come along.
        keeps_in_tray: whether closing the window leaves Sightline in the tray, where there is one.
        starts_at_login: whether it starts, without its window, when the user logs in.
        recording_fps: pictures a second.
        recording_limit_mb: where a recording ends by itself, in units of 1,000,000 bytes.
        recording_codec: how recordings are written.
        keys: names of the keys in the system's keychain, never the keys.
        capture_explained: what took pictures of the screen when it was explained that the desktop will ask; empty before.
        window_geometry: where the window was, as Qt saves it, in base64; empty before the first time.
        splitter_state: how wide its parts were, likewise.
    """

    theme: Annotated[ThemeChoice, Option("general", "choice", get_args(ThemeChoice))] = "system"
    language: Annotated[LanguageChoice, Option("general", "choice", get_args(LanguageChoice))] = "system"
    text_percent: Annotated[int, Option("general", "steps", TEXT_STEPS_PERCENT, limits=(80, 200))] = 100
    thinking: Annotated[bool, Option("general", "switch")] = False
    hotkey_capture: Annotated[str, Option("quick_ask", "keys")] = "Ctrl+Shift+Space"
    hotkey_selection: Annotated[str, Option("quick_ask", "keys")] = "Ctrl+Alt+Shift+Space"
    hotkey_record: Annotated[str, Option("quick_ask", "keys")] = "Ctrl+Alt+Shift+M"
    hotkey_handler: Annotated[HotkeyChoice, Option("quick_ask", "choice", get_args(HotkeyChoice))] = ""
    quick_prompts: Annotated[str, Option("quick_ask", "prompts")] = ""
    capture_handler: Annotated[CaptureChoice, Option("quick_ask", "choice", get_args(CaptureChoice))] = ""
    capture_delay_s: Annotated[int, Option("quick_ask", "amount", limits=(0, 60))] = 0
    keeps_in_tray: Annotated[bool, Option("quick_ask", "switch")] = False
    starts_at_login: Annotated[bool, Option("quick_ask", "switch")] = False
    recording_fps: Annotated[int, Option("quick_ask", "amount", limits=(1, 30))] = 15
    recording_limit_mb: Annotated[int, Option("quick_ask", "amount", limits=(10, 100_000))] = 1_000
    recording_codec: Annotated[CodecChoice, Option("quick_ask", "choice", get_args(CodecChoice))] = "h264"
    model: Annotated[str, Option("models", "file")] = ""
    mmproj: Annotated[str, Option("models", "file")] = ""
    models: Annotated[tuple[str, ...], Option("models", "files")] = ()
    gpu_layers: Annotated[int, Option("models", "number", limits=(GPU_LAYERS_AUTO, GPU_LAYERS_MAX))] = GPU_LAYERS_AUTO
    system_prompt: Annotated[bool, Option("models", "switch")] = True
    engine: str = "local"
    glm_address: Annotated[GlmAddressChoice, Option("servers", "choice", get_args(GlmAddressChoice))] = "international"
    glm_own_address: Annotated[str, Option("servers", "text")] = ""
    glm_model: str = "glm-4.6v-flash"
    servers: str = ""
    requests_max: Annotated[int, Option("servers", "amount", limits=(1, 8))] = 1
    proxy: Annotated[str, Option("servers", "text")] = ""
    ca_file: Annotated[str, Option("servers", "file")] = ""
    currency: Annotated[CurrencyChoice, Option("servers", "choice", get_args(CurrencyChoice))] = "USD"
    keeps_history: Annotated[bool, Option("privacy", "switch")] = True
    recognises_for_search: Annotated[bool, Option("privacy", "switch")] = True
    keys: tuple[str, ...] = ()
    capture_explained: str = ""
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
