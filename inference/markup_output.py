"""Collects the events of one answer, joining neighbouring deltas of one kind."""

from __future__ import annotations

from typing import Literal

from inference.events import Event, ReasoningDelta, TextDelta, ToolCallDelta

_Kind = Literal["text", "reasoning", "tool"]


class Output:
    """Events since the last `take`. Deltas are kept in pieces until then: joining them one by one would take quadratic time."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._kind: _Kind = "text"
        self._index = 0
        self._texts: list[str] = []
        self._raws: list[str] = []

    def text(self, text: str, raw: str) -> None:
        """Visible text that stands for `raw`."""
        self._append("text", text, raw)

    def reasoning(self, text: str, raw: str) -> None:
        """Reasoning that stands for `raw`."""
        self._append("reasoning", text, raw)

    def tool_call(self, index: int, raw: str) -> None:
        """A part of a tool call; calls are apart from each other by the event that ends each."""
        self._index = index
        self._append("tool", "", raw)

    def add(self, event: Event) -> None:
        """An event of its own."""
        self._flush()
        self._events.append(event)

    def take(self) -> list[Event]:
        """The events so far; they are forgotten here."""
        self._flush()
        events, self._events = self._events, []
        return events

    def _append(self, kind: _Kind, text: str, raw: str) -> None:
        if kind != self._kind:
            self._flush()
            self._kind = kind
        self._texts.append(text)
        self._raws.append(raw)

    def _flush(self) -> None:
        if not self._raws:
            return
        text, raw = "".join(self._texts), "".join(self._raws)
        self._texts, self._raws = [], []
        if self._kind == "text":
            self._events.append(TextDelta(text, raw))
        elif self._kind == "reasoning":
            self._events.append(ReasoningDelta(text, raw))
        else:
            self._events.append(ToolCallDelta(self._index, raw))
