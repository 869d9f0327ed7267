"""The value types of `ingest.types` as JSON and back. What comes back is checked: the child that wrote it read a hostile file."""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from typing import Any, TypeVar, cast

from ingest.types import Word

T = TypeVar("T")


def to_wire(value: Any) -> Any:
    """A dataclass as the list of its fields, a tuple as a list, all else as it is. Words are tuples already."""
    if isinstance(value, Word):
        return value
    if isinstance(value, tuple | list):
        return value if value and isinstance(value[0], Word) else [to_wire(item) for item in value]
    if dataclasses.is_dataclass(value):
        return [to_wire(getattr(value, field.name)) for field in dataclasses.fields(value)]
    return value


def from_wire(wanted: type[T], wire: Any) -> T:
    """The inverse of `to_wire`. Raises ValueError when the JSON is not of that type."""
    result: T = _decode(wanted, wire)
    return result


def _decode(wanted: Any, wire: Any) -> Any:
    origin = typing.get_origin(wanted)
    if origin in (types.UnionType, typing.Union):
        inner, none = typing.get_args(wanted)
        assert none is type(None)
        return None if wire is None else _decode(inner, wire)
    if origin is tuple:
        return _decode_tuple(typing.get_args(wanted)[0], wire)
    if origin is typing.Literal:
        return _checked(wire, wire in typing.get_args(wanted), wanted)
    if wanted is float:
        return float(_checked(wire, isinstance(wire, int | float) and not isinstance(wire, bool), wanted))
    if dataclasses.is_dataclass(wanted):
        hints = _hints(cast(type, wanted))
        _checked(wire, isinstance(wire, list) and len(wire) == len(hints), wanted)
        return wanted(*map(_decode, hints, wire))  # type: ignore[operator]
    return _checked(wire, type(wire) is wanted, wanted)


def _decode_tuple(inner: Any, wire: Any) -> tuple[Any, ...]:
    _checked(wire, isinstance(wire, list), tuple)
    if inner is not Word:
        return tuple(_decode(inner, item) for item in wire)
    try:
        words = tuple(map(Word._make, wire))
    except TypeError:
        raise ValueError("a word is not a list of five") from None
    for word in words:
        if type(word[0]) is not str or not all(isinstance(side, float | int) for side in word[1:]):
            raise ValueError("a word is a text and four numbers")
    return words


@functools.cache
def _hints(wanted: type) -> tuple[Any, ...]:
    hints = typing.get_type_hints(wanted)
    return tuple(hints[field.name] for field in dataclasses.fields(wanted))


def _checked(wire: Any, is_right: bool, wanted: Any) -> Any:
    if not is_right:
        raise ValueError(f"{type(wire).__name__} is not {wanted}")
    return wire
