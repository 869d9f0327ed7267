"""Runs the parser of model output and checks what must always hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from inference.events import Event, ReasoningDelta, TextDelta, ToolCallDelta
from inference.markup import MarkupParser


def merged(events: Iterable[Event]) -> list[Event]:
    """Neighbouring deltas of one kind joined."""
    joined: list[Event] = []
    for event in events:
        last = joined[-1] if joined else None
        match last, event:
            case (TextDelta(), TextDelta()) | (ReasoningDelta(), ReasoningDelta()):
                joined[-1] = replace(last, text=last.text + event.text, raw=last.raw + event.raw)
            case (ToolCallDelta(), ToolCallDelta()) if last.index == event.index:
                joined[-1] = replace(last, raw=last.raw + event.raw)
            case _:
                joined.append(event)
    return joined


def parse(*pieces: str, pictures: Sequence[str] = ("a",), starts_in_reasoning: bool = False) -> list[Event]:
    """The merged events, once it is certain that no character was lost."""
    parser = MarkupParser(pictures, starts_in_reasoning)
    events = [event for piece in pieces for event in parser.feed(piece)] + parser.finish()
    assert "".join(event.raw for event in events) == "".join(pieces)  # type: ignore[union-attr]
    return merged(events)
