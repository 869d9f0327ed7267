"""From the child's messages to the events of an engine."""

from __future__ import annotations

from base.wire import Wire
from inference.errors import InferenceError
from inference.events import Event, Failed, Finished, Notice, Progress, Started, ToolCall
from inference.markup import MarkupParser
from inference.types import FinishReason, Request, Timings, Usage


class Translator:
    """Follows one request.

    Attributes:
        failure: a fault on this side; it takes the place of the child's ending.
    """

    def __init__(self, request: Request) -> None:
        self._image_ids = [image.id for image in request.images()]
        self._parser = MarkupParser(self._image_ids)
        self._has_tool_calls = False
        self._usage = Usage()
        self.failure: InferenceError | None = None

    def events(self, message: Wire) -> list[Event]:
        """The events that a message stands for; `finished` and `failed` give the last ones."""
        match message["type"]:
            case "text":
                return self._note_calls(self._parser.feed(message["text"]))
            case "progress":
                return [Progress(message["phase"], message["done"], message["total"])]
            case "notice":
                return [Notice(message["code"], message["message"])]
            case "started":
                self._usage = Usage(message["prompt_tokens"], message["cached_tokens"], message["image_tokens"])
                self._parser = MarkupParser(self._image_ids, starts_in_reasoning=message["starts_in_reasoning"])
                return [Started(self._usage.prompt_tokens, self._usage.cached_tokens)]
            case "finished":
                usage = Usage(**message["usage"]) if "usage" in message else self._usage
                return self.ending(message["reason"], usage, Timings(**message.get("timings", {})))
            case "failed":
                return self.failed(message["code"], message["message"])
        return []

    def failed(self, code: str, message: str) -> list[Event]:
        """The rest of the text, then the failure."""
        if self.failure is not None:
            code, message = self.failure.code, self.failure.message
        return [*self._parser.finish(), Failed(code, message)]

    def ending(self, reason: FinishReason, usage: Usage | None = None, timings: Timings | None = None) -> list[Event]:
        """The rest of the text, then the end."""
        if self.failure is not None:
            return self.failed(self.failure.code, self.failure.message)
        rest = self._note_calls(self._parser.finish())
        if reason == "stop" and self._has_tool_calls:
            reason = "tool_calls"
        return [*rest, Finished(reason, usage or self._usage, timings or Timings())]

    def _note_calls(self, events: list[Event]) -> list[Event]:
        self._has_tool_calls |= any(isinstance(event, ToolCall) for event in events)
        return events
