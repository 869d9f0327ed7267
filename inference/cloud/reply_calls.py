"""Gathers the tool calls of a reply, whether each comes whole or in fragments, one after the other or mixed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from inference import markup_json
from inference.cloud.characters import CharacterJoiner, whole_characters
from inference.events import Event, TextDelta, ToolCall, ToolCallDelta
from inference.markup import MAX_TOOL_CALL
from inference.types import ToolUse

CALLS_MAX = 128  # as many tools may be offered (docs.bigmodel.cn, chat completion)
_NAME_LENGTH_MAX = 128


@dataclass
class _Call:
    index: int
    id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)
    length: int = 0
    characters: CharacterJoiner = field(default_factory=CharacterJoiner)

    def whole(self) -> ToolUse | None:
        """The call, or None while its arguments are no JSON object."""
        text = "".join(self.arguments)
        try:
            arguments = markup_json.loads(text) if text.strip() else {}
            if isinstance(arguments, str):  # encoded twice
                arguments = markup_json.loads(arguments)
        except ValueError:
            return None
        if not self.name or not isinstance(arguments, Mapping):
            return None
        return ToolUse(self.id or f"call_{self.index}", self.name, dict(arguments))


class ReplyCalls:
    """The calls of one reply. The first is reported as it grows, the others when they are over, so that each keeps together."""

    def __init__(self) -> None:
        self._open: dict[int, _Call] = {}
        self._seen = 0

    def feed(self, fragments: list[Any]) -> list[Event]:
        """Take in the field `tool_calls`. Raises ValueError for what no server means to send."""
        events: list[Event] = []
        for fragment in fragments:
            if not isinstance(fragment, Mapping):
                raise ValueError("a tool call is no object")
            call = self._call_of(fragment)
            piece = _extend(call, fragment)
            if piece and call is self._first():
                events.append(ToolCallDelta(call.index, piece))
        return events

    def end_first(self) -> list[Event]:
        """Report the first if it is whole: text follows it."""
        first = self._first()
        if first is None or not first.arguments or (use := first.whole()) is None:
            return []
        del self._open[first.index]
        return [ToolCall(use, "")]

    def finish(self, is_cut: bool) -> list[Event]:
        """Report what is open. A call that makes no sense is shown as text, as is one without arguments when the answer was cut."""
        events: list[Event] = []
        first = self._first()
        for call in self._open.values():
            text = f"{call.name}\n{''.join(call.arguments)}"
            if call is not first:
                events.append(ToolCallDelta(call.index, text))
            use = None if is_cut and not call.arguments else call.whole()
            events.append(TextDelta(text, "") if use is None else ToolCall(use, ""))
        self._open = {}
        return events

    def _first(self) -> _Call | None:
        return next(iter(self._open.values()), None)

    def _call_of(self, fragment: Mapping[str, Any]) -> _Call:
        index = fragment.get("index")
        if type(index) is not int or index < 0:
            is_new = bool(fragment.get("id")) or not self._open
            index = self._seen if is_new else next(reversed(self._open))
        if index not in self._open:
            if self._seen >= CALLS_MAX:
                raise ValueError("there are too many tool calls")
            self._seen += 1
            self._open[index] = _Call(index)
        return self._open[index]


def _extend(call: _Call, fragment: Mapping[str, Any]) -> str:
    """Add a fragment to its call. Returns what it adds for the eye."""
    function = fragment.get("function")
    if not isinstance(function, Mapping):
        raise ValueError("a tool call has no function")
    piece = ""
    if isinstance(identity := fragment.get("id"), str) and not call.id:
        call.id = whole_characters(identity[:_NAME_LENGTH_MAX])
    if isinstance(name := function.get("name"), str) and name and not call.name:
        call.name = whole_characters(name[:_NAME_LENGTH_MAX])
        piece = f"{call.name}\n"
    arguments = function.get("arguments")
    if isinstance(arguments, Mapping):
        arguments = json.dumps(arguments, ensure_ascii=False)
    if arguments is not None and not isinstance(arguments, str):
        raise ValueError("the arguments of a tool call are no object")
    if arguments:
        call.length += len(arguments)
        if call.length > MAX_TOOL_CALL:
            raise ValueError("the arguments of a tool call are too long")
        call.arguments.append(call.characters.join(arguments))
        piece += call.arguments[-1]
    return piece
