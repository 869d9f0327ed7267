"""The value types of `ingest.types` as JSON and back. What comes back is checked: the child that wrote it read a hostile file."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import types
import typing
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar, cast

from ingest import limits
from ingest.types import TIMED_KINDS, Contents, FrameTime, OutlineEntry, PageInfo, PageText, Subtitle, Word

T = TypeVar("T")
Decoder = Callable[[Any], Any]

_INTEGER_MAX = 1 << 53
"""Beyond, JSON's readers differ (RFC 8259 section 6)."""
_FLOAT_MAX = 1e12
_SIDE_MAX = 1e6
"""Of a page, in points or pixels."""
PLACES = 1e5
"""Places of words are kept to a hundred thousandth of the page, which is a hundredth of a point on paper."""


def to_wire(value: Any) -> Any:
    """A dataclass as the list of its fields, a tuple as a list, all else as it is; words as columns."""
    if isinstance(value, tuple | list):
        return _word_columns(value) if value and isinstance(value[0], Word) else [to_wire(item) for item in value]
    names = _field_names(cast(Hashable, type(value)))
    if names is None:
        return value
    parts = [getattr(value, name) for name in names]
    return [part if type(part) in _PLAIN else to_wire(part) for part in parts]


def _word_columns(words: Sequence[Word]) -> list[list[Any]]:
    """Their texts and their sides, as whole numbers: a page has a thousand words, and JSON writes those three times as fast."""
    texts, *sides = zip(*words, strict=True)
    return [list(texts), *([round(side * PLACES) for side in column] for column in sides)]


_PLAIN = frozenset((str, int, float, bool, type(None)))


@functools.cache
def _field_names(kind: Any) -> tuple[str, ...] | None:
    """A table of contents has thousands of entries, and `dataclasses.fields` thinks anew for each."""
    return tuple(field.name for field in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else None


def from_wire(wanted: type[T], wire: Any) -> T:
    """The inverse of `to_wire`. Raises ValueError when the JSON is not of that type, or holds what cannot be."""
    result: T = _decoder(cast(Hashable, wanted))(wire)
    return result


@functools.cache
def _decoder(wanted: Any) -> Decoder:
    origin = typing.get_origin(wanted)
    if origin in (types.UnionType, typing.Union):
        inner = _decoder(typing.get_args(wanted)[0])  # the other is None
        return lambda wire: None if wire is None else inner(wire)
    if origin is tuple:
        item = typing.get_args(wanted)[0]
        return _words if item is Word else functools.partial(_items, _decoder(item))
    if origin is typing.Literal:
        return functools.partial(_one_of, typing.get_args(wanted))
    if dataclasses.is_dataclass(wanted):
        hints = typing.get_type_hints(wanted)
        decoders = tuple(_decoder(hints[field.name]) for field in dataclasses.fields(wanted))
        return functools.partial(_fields, wanted, decoders, _CHECKS.get(wanted))
    return {str: _text, int: _integer, float: _number, bool: _boolean}[wanted]


def _text(wire: Any) -> str:
    """Half a surrogate pair cannot be written or hashed later on."""
    if type(wire) is not str:
        raise ValueError("not a text")
    return wire if wire.isascii() else wire.encode("utf-8", "replace").decode()


def _integer(wire: Any) -> int:
    if type(wire) is not int or abs(wire) > _INTEGER_MAX:
        raise ValueError("not a whole number")
    return wire


def _number(wire: Any) -> float:
    if type(wire) not in (int, float) or not abs(wire) <= _FLOAT_MAX:  # not a number compares as False
        raise ValueError("not a number")
    return float(wire)


def _boolean(wire: Any) -> bool:
    if type(wire) is not bool:
        raise ValueError("neither true nor false")
    return wire


def _one_of(values: tuple[Any, ...], wire: Any) -> Any:
    if type(wire) is not str or wire not in values:
        raise ValueError(f"none of {values}")
    return wire


def _items(decode: Decoder, wire: Any) -> tuple[Any, ...]:
    if type(wire) is not list:
        raise ValueError("not a list")
    return tuple(map(decode, wire))


def _fields(wanted: Any, decoders: tuple[Decoder, ...], check: Callable[[Any], bool] | None, wire: Any) -> Any:
    if type(wire) is not list or len(wire) != len(decoders):
        raise ValueError(f"no {wanted.__name__}")
    value = wanted(*(decode(part) for decode, part in zip(decoders, wire, strict=True)))
    if check is not None and not check(value):
        raise ValueError(f"an impossible {wanted.__name__}")
    return value


def _words(wire: Any) -> tuple[Word, ...]:
    """From the columns of `_word_columns`."""
    if type(wire) is not list or not set(map(type, wire)) <= {list} or len(wire) not in (0, 5):
        raise ValueError("words are five columns")
    if not wire:
        return ()
    texts, *sides = wire
    if {len(column) for column in sides} != {len(texts)} or not set(map(type, texts)) <= {str}:
        raise ValueError("a word is a text and four numbers")
    for column in sides:
        if not set(map(type, column)) <= {int} or (column and max(map(abs, column)) > _INTEGER_MAX):
            raise ValueError("a place is no whole number")
    if not "".join(texts).isascii():
        texts = map(_text, texts)
    return tuple(map(_make_word, zip(texts, *([side / PLACES for side in column] for column in sides), strict=True)))


_make_word = functools.partial(tuple.__new__, Word)  # four times as fast as Word(...)


def _is_possible_contents(contents: Contents) -> bool:
    if contents.kind in TIMED_KINDS:
        has_parts = contents.page_count == 0 and min(contents.width, contents.height) >= 1
    else:
        has_parts = 1 <= contents.page_count <= limits.PAGES_MAX
    return (
        has_parts
        and max(contents.width, contents.height) <= limits.PICTURE_SIDE_MAX_PX
        and (contents.duration_s is None or contents.duration_s >= 0)
        and (contents.frames_per_s is None or contents.frames_per_s >= 0)
        and len(contents.outline) <= limits.OUTLINE_ENTRIES_MAX
        and len(contents.subtitles) <= limits.SUBTITLES_MAX
        and all(entry.page_index is None or entry.page_index < contents.page_count for entry in contents.outline)
    )


def _is_possible_page(page: PageInfo) -> bool:
    return page.index >= 0 and bool(page.locator) and 0 < page.width <= _SIDE_MAX and 0 < page.height <= _SIDE_MAX


_CHECKS: dict[Any, Callable[[Any], bool]] = {
    Contents: _is_possible_contents,
    PageInfo: _is_possible_page,
    PageText: lambda text: text.font_size_pt is None or text.font_size_pt > 0,
    OutlineEntry: lambda entry: entry.level >= 1 and (entry.page_index is None or entry.page_index >= 0),
    Subtitle: lambda subtitle: 0 <= subtitle.start_s <= subtitle.end_s,
    FrameTime: lambda time: time.time_s >= 0,
}


def is_increasing(times: tuple[FrameTime, ...]) -> bool:
    """Whether each frame comes after the one before."""
    return all(before.time_s < after.time_s for before, after in itertools.pairwise(times))
