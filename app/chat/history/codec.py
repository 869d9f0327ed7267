"""What is sent along with a question, and events, as JSON text and back. What comes back is checked: the file may be damaged.

Parts name their sources by index, so that a hundred pages of one document name it once.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, get_args

from app.chat.parts import Part, Reduction, ReductionCode, Shown, Written
from app.chat.pictures import KeptPicture, Opener, Place, SourceInfo, place_of
from base.wire import Wire
from inference.event_wire import event_from_wire, event_to_wire
from inference.events import Event, Progress
from ingest.types import Area, Kind

log = logging.getLogger(__name__)

NO_SOURCE = SourceInfo("", "", "picture")
"""Of a picture that no file holds: it cannot be opened again."""
SIDE_PX_MAX = 1 << 20
NOTHING = "{}"
NO_LIST = "[]"

T = TypeVar("T")


def dump(value: Any) -> str:
    """JSON that SQLite takes as text: half a character, which a model may write, is escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return text


def clean(text: str) -> str:
    """Text that SQLite takes."""
    return text.encode(errors="replace").decode()


def dump_events(events: Iterable[Event]) -> str:
    """Progress means nothing later and is left out."""
    return dump([event_to_wire(event) for event in events if not isinstance(event, Progress)])


def load_events(text: str) -> list[Event]:
    """What can be understood of them. Raises ValueError when it is no list at all."""
    return _each(_parse(text, list), event_from_wire)


def sources_of(parts: Iterable[Part]) -> dict[str, SourceInfo]:
    """The files that parts come from, by id."""
    places = (_place(part) for part in parts)
    return {place.source.id: place.source for place in places if place.source.id}


def dump_parts(parts: Sequence[Part]) -> str:
    """Parts with where they come from, without their pixels."""
    if not parts:
        return NOTHING
    sources = list(dict.fromkeys(_place(part).source for part in parts))
    numbers = {source: number for number, source in enumerate(sources)}
    return dump(
        {"sources": [_source_to_wire(source) for source in sources], "parts": [_part_to_wire(part, numbers) for part in parts]}
    )


def load_parts(text: str, opener: Opener) -> tuple[Part, ...]:
    """Parts whose pictures are opened when they are looked at. Raises ValueError when it is no JSON object."""
    if text == NOTHING:
        return ()
    wire = _parse(text, dict)
    sources: list[SourceInfo | None] = []
    for source in wire.get("sources") or []:
        sources += _each([source], _source_from_wire) or [None]
    return tuple(_each(wire.get("parts") or [], lambda part: _part_from_wire(part, sources, opener)))


def load_sources(text: str) -> list[SourceInfo]:
    """The files that kept parts come from. Raises ValueError when it is no JSON object."""
    return _each(_parse(text, dict).get("sources") or [], _source_from_wire)


def dump_reductions(reductions: Iterable[Reduction]) -> str:
    return dump([{"code": each.code, "name": each.name, "sent": each.sent, "total": each.total} for each in reductions])


def load_reductions(text: str) -> tuple[Reduction, ...]:
    """Raises ValueError when it is no list."""
    if text == NO_LIST:
        return ()
    return tuple(_each(_parse(text, list), _reduction_from_wire))


def _parse(text: str, kind: type[T]) -> T:
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(value, kind):
        raise ValueError(f"it is no {kind.__name__}")
    return value


def _each(wires: Iterable[Any], read: Callable[[Any], T]) -> list[T]:
    """All that can be read; the rest is left out, and the log says so."""
    values = []
    for wire in wires:
        try:
            values.append(read(wire))
        except (ValueError, TypeError, KeyError, IndexError) as error:
            log.warning("something in the history cannot be read and is left out: %s", type(error).__name__)
    return values


def _place(part: Part) -> Place:
    return part.place or place_of(part.picture) or Place(NO_SOURCE, "")


def _source_to_wire(source: SourceInfo) -> Wire:
    return {name: getattr(source, name) for name in SourceInfo.__slots__}


def _source_from_wire(wire: Wire) -> SourceInfo:
    if wire["kind"] not in get_args(Kind):
        raise ValueError(f"{wire['kind']!r} is no kind of file")
    duration_s = wire.get("duration_s")
    return SourceInfo(
        _text(wire["id"]),
        _text(wire["name"]),
        wire["kind"],
        _count(wire.get("page_count", 0)),
        None if duration_s is None else _number(duration_s),
        _text(wire.get("path", "")),
    )


def _part_to_wire(part: Part, numbers: dict[SourceInfo, int]) -> Wire:
    picture, place = part.picture, _place(part)
    wire: Wire = {
        "picture": {"id": picture.id, "name": picture.name, "width": picture.width, "height": picture.height},
        "name": part.name,
        "source": numbers[place.source],
        "locator": place.locator,
        "time_s": place.time_s,
        "area": [place.area.x0, place.area.y0, place.area.x1, place.area.y1] if place.area else None,
        "has_place": part.place is not None,
    }
    if isinstance(part, Written):
        return wire | {"part": "written", "text": part.text}
    return wire | {"part": "shown", "width": part.width, "height": part.height, "frame_s": part.time_s}


def _part_from_wire(wire: Wire, sources: Sequence[SourceInfo | None], opener: Opener) -> Part:
    source = sources[_count(wire["source"])]
    if source is None:
        raise ValueError("a part comes from no file")
    area = wire.get("area")
    kept = Place(source, _text(wire["locator"]), _optional(wire.get("time_s")), None if area is None else _area(area))
    seen = wire["picture"]
    picture = KeptPicture(kept, _text(seen["id"]), _text(seen["name"]), _side(seen["width"]), _side(seen["height"]), opener)
    name, place = _text(wire["name"]), kept if wire.get("has_place", True) else None
    if wire["part"] == "written":
        return Written(picture, name, _text(wire["text"]), place)
    if wire["part"] != "shown":
        raise ValueError(f"{wire['part']!r} is no kind of part")
    return Shown(picture, _side(wire["width"]), _side(wire["height"]), name, _optional(wire.get("frame_s")), place)


def _reduction_from_wire(wire: Wire) -> Reduction:
    if wire["code"] not in get_args(ReductionCode):
        raise ValueError(f"{wire['code']!r} is no reduction")
    return Reduction(wire["code"], _text(wire["name"]), _count(wire["sent"]), _count(wire["total"]))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is missing")
    return value


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"{value!r} is no count")
    return value


def _side(value: Any) -> int:
    if not 0 < _count(value) <= SIDE_PX_MAX:
        raise ValueError(f"no picture is {value!r} pixels wide or high")
    return int(value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value!r} is no number")
    return float(value)


def _optional(value: Any) -> float | None:
    return None if value is None else _number(value)


def _area(value: Any) -> Area:
    x0, y0, x1, y1 = (_number(side) for side in value)
    if not (0 <= x0 <= x1 <= 1 and 0 <= y0 <= y1 <= 1):
        raise ValueError(f"{value!r} is no area")
    return Area(x0, y0, x1, y1)
