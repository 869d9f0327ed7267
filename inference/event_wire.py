"""Events as JSON values, so that an answer can be kept as it came and shown again by playing it back.

Keys that are not known are passed over, and missing ones that have a natural value get it, so that older and newer versions read
each other. Where `raw` is the same as the text it is left out.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from typing import Any, get_args

from base.wire import Wire
from inference.events import (
    BoxFound,
    Event,
    Failed,
    Finished,
    ImageRef,
    Notice,
    Phase,
    Progress,
    ReasoningDelta,
    Started,
    TextDelta,
    ToolCall,
    ToolCallDelta,
)
from inference.types import Box, FinishReason, Timings, ToolUse, Usage


def event_to_wire(event: Event) -> Wire:
    """An event as a JSON object. Arguments of a tool call that are no JSON are left out; its `raw` has them."""
    match event:
        case TextDelta(text, raw):
            return _delta("text", text, raw)
        case ReasoningDelta(text, raw):
            return _delta("reasoning", text, raw)
        case BoxFound(box, raw):
            return {"event": "box", "box": _box_to_wire(box), "raw": raw}
        case ImageRef(target, boxes, caption, raw, kind):
            wires = [_box_to_wire(box) for box in boxes]
            return {"event": "image_ref", "target": target, "boxes": wires, "caption": caption, "raw": raw, "kind": kind}
        case ToolCallDelta(index, raw):
            return {"event": "tool_call_delta", "index": index, "raw": raw}
        case ToolCall(call, raw):
            use = {"id": call.id, "name": call.name, "arguments": _plain(call.arguments)}
            return {"event": "tool_call", "call": use, "raw": raw}
        case Started(prompt_tokens, cached_tokens):
            return {"event": "started", "prompt_tokens": prompt_tokens, "cached_tokens": cached_tokens}
        case Progress(phase, done, total):
            return {"event": "progress", "phase": phase, "done": done, "total": total}
        case Notice(code, message):
            return {"event": "notice", "code": code, "message": message}
        case Finished(reason, usage, timings):
            return {"event": "finished", "reason": reason, "usage": _fields(usage), "timings": _fields(timings)}
        case Failed(code, message, usage):
            return {"event": "failed", "code": code, "message": message, "usage": _fields(usage)}


def event_from_wire(wire: Wire) -> Event:
    """The inverse. Raises ValueError for what is no event, or one of a kind that is not known."""
    kind = wire.get("event") if isinstance(wire, dict) else None
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        raise ValueError(f"{kind!r} is no kind of event")
    return reader(wire)


def joined(events: Iterable[Event]) -> list[Event]:
    """The same answer in as few events as can be: neighbouring pieces of text are one.

    Blank text before the first words is dropped by whoever plays it back, so words are not joined to it.
    """
    runs: list[list[Event]] = []
    for event in events:
        if runs and _continues(runs[-1][0], event):
            runs[-1].append(event)
        else:
            runs.append([event])
    return [run[0] if len(run) == 1 else _as_one(run) for run in runs]


def _continues(first: Event, event: Event) -> bool:
    match first, event:
        case TextDelta(), TextDelta():
            return bool(first.text.strip()) or not event.text.strip()
        case ReasoningDelta(), ReasoningDelta():
            return True
        case ToolCallDelta(), ToolCallDelta():
            return first.index == event.index
        case _:
            return False


def _as_one(run: list[Event]) -> Event:
    first, raw = run[0], "".join(getattr(event, "raw", "") for event in run)
    if isinstance(first, ToolCallDelta):
        return ToolCallDelta(first.index, raw)
    text = "".join(event.text for event in run if isinstance(event, TextDelta | ReasoningDelta))
    return TextDelta(text, raw) if isinstance(first, TextDelta) else ReasoningDelta(text, raw)


def _delta(kind: str, text: str, raw: str) -> Wire:
    return {"event": kind, "text": text} if raw == text else {"event": kind, "text": text, "raw": raw}


def _box_to_wire(box: Box) -> Wire:
    wire: Wire = {"place": [box.x0, box.y0, box.x1, box.y1]}
    optional = {
        "image": box.image_id,
        "label": box.label,
        "time_s": box.time_s,
        "polygon": [list(at) for at in box.polygon] or None,
    }
    return wire | {key: value for key, value in optional.items() if value is not None}


def _fields(value: Usage | Timings) -> Wire:
    return {name: getattr(value, name) for name in value.__slots__}


def _plain(arguments: object) -> Any:
    try:
        return json.loads(json.dumps(arguments, default=dict))
    except (TypeError, ValueError, RecursionError):
        return {}


def _box_from_wire(wire: object) -> Box:
    if not isinstance(wire, dict):
        raise ValueError("a box is an object")
    place = _list(wire, "place")
    if len(place) != 4:
        raise ValueError("a box has four sides")
    polygon = []
    for corner in _list(wire, "polygon"):
        if not isinstance(corner, list) or len(corner) != 2:
            raise ValueError("a corner is a pair")
        polygon.append((_fraction(corner[0]), _fraction(corner[1])))
    x0, y0, x1, y1 = map(_fraction, place)
    if x0 > x1 or y0 > y1:
        raise ValueError("a box ends before it begins")
    time_s = None if wire.get("time_s") is None else _finite(wire["time_s"])
    return Box(_optional_text(wire, "image"), x0, y0, x1, y1, _optional_text(wire, "label"), time_s, tuple(polygon))


def _text(wire: Wire, key: str, missing: str | None = None) -> str:
    value = wire.get(key, missing)
    if not isinstance(value, str):
        raise ValueError(f"{key} is no text")
    return value


def _optional_text(wire: Wire, key: str) -> str | None:
    return None if wire.get(key) is None else _text(wire, key)


def _list(wire: Wire, key: str) -> list[Any]:
    value = wire.get(key, [])
    if not isinstance(value, list):
        raise ValueError(f"{key} is no list")
    return value


def _count(wire: Wire, key: str) -> int:
    value = wire.get(key, 0)
    if type(value) is not int:
        raise ValueError(f"{key} is no whole number")
    return value


def _finite(value: object) -> float:
    if type(value) is float and math.isfinite(value):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("not a number")
    try:
        if math.isfinite(value):
            return float(value)
    except OverflowError:
        pass
    raise ValueError("not a finite number")


def _fraction(value: object) -> float:
    if not 0 <= (number := _finite(value)) <= 1:
        raise ValueError("a place is outside of its picture")
    return number


def _part(wire: Wire, key: str) -> Wire:
    value = wire.get(key, {})
    if not isinstance(value, dict):
        raise ValueError(f"{key} is no object")
    return value


def _raw(wire: Wire) -> str:
    return _text(wire, "raw", wire.get("text", ""))


def _image_ref(wire: Wire) -> ImageRef:
    boxes = tuple(_box_from_wire(box) for box in _list(wire, "boxes"))
    kind = "table" if wire.get("kind") == "table" else "image"
    return ImageRef(_text(wire, "target"), boxes, _text(wire, "caption", ""), _raw(wire), kind)  # type: ignore[arg-type]


def _tool_call(wire: Wire) -> ToolCall:
    call = _part(wire, "call")
    return ToolCall(ToolUse(_text(call, "id", ""), _text(call, "name"), _part(call, "arguments")), _raw(wire))


def _progress(wire: Wire) -> Progress:
    phase: Any = wire.get("phase")
    if phase not in get_args(Phase):
        raise ValueError(f"{phase!r} is no phase")
    return Progress(phase, _count(wire, "done"), _count(wire, "total"))


def _finished(wire: Wire) -> Finished:
    """An odd number must not cost the end of an answer, so it counts as none."""
    reason: Any = wire.get("reason")
    if reason not in get_args(FinishReason):
        raise ValueError(f"{reason!r} is no reason to finish")
    timings = _part(wire, "timings")
    times: dict[str, float] = {}
    for name in Timings.__slots__:
        try:
            times[name] = _finite(timings.get(name))
        except ValueError:
            continue
    return Finished(reason, _usage(wire), Timings(**times))


def _usage(wire: Wire) -> Usage:
    usage = _part(wire, "usage")
    return Usage(**{name: value for name in Usage.__slots__ if type(value := usage.get(name)) is int})


_READERS: dict[str, Callable[[Wire], Event]] = {
    "text": lambda wire: TextDelta(_text(wire, "text"), _raw(wire)),
    "reasoning": lambda wire: ReasoningDelta(_text(wire, "text"), _raw(wire)),
    "box": lambda wire: BoxFound(_box_from_wire(wire.get("box")), _raw(wire)),
    "image_ref": _image_ref,
    "tool_call_delta": lambda wire: ToolCallDelta(_count(wire, "index"), _raw(wire)),
    "tool_call": _tool_call,
    "started": lambda wire: Started(_count(wire, "prompt_tokens"), _count(wire, "cached_tokens")),
    "progress": _progress,
    "notice": lambda wire: Notice(_text(wire, "code"), _text(wire, "message")),
    "finished": _finished,
    "failed": lambda wire: Failed(_text(wire, "code"), _text(wire, "message"), _usage(wire)),
}
