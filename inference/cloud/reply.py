"""Turns what a server says into events.

The fields are those of the OpenAI chat API, and what GLM, vLLM, SGLang and llama.cpp add or do otherwise. An answer is reported as
complete only when the server gave a reason why it ended. Nothing that a server sends makes this raise.

Three faults of servers are made good (reported for vLLM and SGLang with GLM models):

- Raw ``<tool_call>`` text in the answer: `MarkupParser` reads it.
- The whole answer in the reasoning, and nothing else: it is shown as the answer, with a notice.
- Reasoning left in the answer without the opening tag, which stood in the prompt. In the first such answer it shows as text, with
  a notice after it, once ``</think>`` comes: it cannot be known before. `leaves_reasoning_open` then tells the engine to read later
  answers of this server that think with `starts_in_reasoning`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from inference import errors
from inference.cloud.characters import CharacterJoiner
from inference.cloud.faults import quote, stream_fault
from inference.cloud.reply_calls import ReplyCalls
from inference.cloud.sse import EventReader, ServerEvent
from inference.events import BoxFound, Event, Failed, Finished, ImageRef, Notice, Progress, ReasoningDelta, TextDelta, ToolCall
from inference.markup import MarkupParser
from inference.types import FinishReason, Timings, Usage

WHOLE_BYTES_MAX = 16 << 20
"""Of a reply that is not streamed."""
ANSWER_CHARACTERS_MAX = 4_000_000
"""Of text and reasoning; calls have a limit of their own. The longest answer of the table, 131,072 tokens, has about 600,000."""
_TOKENS_MAX = 1 << 40

_REASONS: Mapping[str, FinishReason] = {
    **dict.fromkeys(("stop", "eos", "eos_token", "stop_sequence", "end_turn"), "stop"),
    **dict.fromkeys(("length", "max_tokens", "model_context_window_exceeded"), "length"),
    **dict.fromkeys(("tool_calls", "function_call"), "tool_calls"),
}
_FAILURES: Mapping[str, errors.InferenceError] = {
    **dict.fromkeys(
        ("sensitive", "content_filter"),
        errors.ContentRefused("The provider broke the answer off because of its content. Put the question in another way."),
    ),
    **dict.fromkeys(
        ("network_error", "error"), errors.ServerFailed("The server failed while it answered. Ask again, or choose another model.")
    ),
    "abort": errors.ReplyCut("The server broke the answer off. Ask again."),
}
_NOT_UNDERSTOOD = "The server sent something that is no chat answer. Check its address, and which kind of server it is."
_REASONING_IN_ANSWER = (
    "What stands above is the model's reasoning: the server did not mark where it begins. In later answers it will be told apart."
)
_ENDLESS = "The server sends an answer without end; it was broken off. Ask again, or choose another model."
_CUT = "The server stopped before the answer was complete. What had arrived until then is kept. Ask again for a whole one."


class ReplyReader:
    """Reads one answer: `feed` each event of the server until `is_over`, then `finish` once.

    `image_ids` are the request's pictures in order. `starts_in_reasoning`: this server leaves the reasoning in the answer without
    its opening tag; ignored when the reasoning comes in a field of its own.

    Attributes:
        is_over: nothing more is to be read.
        usage: tokens, as far as the server told.
        leaves_reasoning_open: the answer held the end of reasoning whose beginning the server did not send.
    """

    def __init__(self, image_ids: Sequence[str] = (), starts_in_reasoning: bool = False, key: str = "") -> None:
        self.is_over = False
        self.usage = Usage()
        self.leaves_reasoning_open = False
        self._image_ids, self._starts_in_reasoning, self._key = tuple(image_ids), starts_in_reasoning, key
        self._parser: MarkupParser | None = None
        self._calls = ReplyCalls()
        self._content_characters, self._reasoning_characters = CharacterJoiner(), CharacterJoiner()
        self._reason: FinishReason | None = None
        self._failure: errors.InferenceError | None = None
        self._reasoning: list[str] = []
        self._length = 0
        self._has_answer = self._has_calls = False
        self._is_in_open_reasoning = starts_in_reasoning

    @property
    def is_ending(self) -> bool:
        """Whether the server has said why the answer ends; no more than its counts may follow."""
        return self._reason is not None or self._failure is not None

    def feed(self, event: ServerEvent) -> list[Event]:
        """The events that are certain now."""
        if self.is_over or event.event not in ("message", "error"):
            return []
        if event.data.strip() == "[DONE]":
            self.is_over = True
            return []
        return self._read(event.data, is_error=event.event == "error")

    def feed_whole(self, body: bytes) -> list[Event]:
        """The events of a reply that came as one JSON object although a stream was asked for."""
        if len(body) > WHOLE_BYTES_MAX:
            self._fail(errors.ReplyNotUnderstood(_NOT_UNDERSTOOD))
            return []
        return self._read(body.decode(errors="replace"), is_error=False)

    def finish(self, fault: errors.InferenceError | None = None, timings: Timings | None = None) -> list[Event]:
        """The events that remain, `Finished` or `Failed` the last. `fault` is what ended the stream, if anything did.

        A fault after the server told why the answer ended changes nothing: it is complete.
        """
        self.is_over = True
        timings = timings or Timings()
        is_cut = self._failure is not None or self._reason in (None, "length")
        events = self._end_parser() + self._calls.finish(is_cut)
        if isinstance(fault, errors.Cancelled):
            return [*events, Finished("cancelled", self.usage, timings)]
        failure = self._failure or (None if self._reason else fault or errors.ReplyCut(_CUT))
        if failure:
            return [*events, Failed(failure.code, failure.message, self.usage)]
        self._note(events)
        reason = self._reason or "stop"
        if reason != "length":
            reason = "tool_calls" if self._has_calls else "stop"
        if reason == "stop" and not self._has_answer and any(map(str.strip, self._reasoning)):
            events += self._answer_from_reasoning()
        return [*events, Finished(reason, self.usage, timings)]

    def _read(self, data: str, is_error: bool) -> list[Event]:
        try:
            chunk = json.loads(data)
        except (ValueError, RecursionError):
            chunk = {"error": data} if is_error else None
        if not isinstance(chunk, Mapping):
            self._fail(errors.ReplyNotUnderstood(_NOT_UNDERSTOOD))
            return []
        self._read_usage(chunk.get("usage"))
        if is_error or chunk.get("error") or chunk.get("object") == "error" or ("choices" not in chunk and "code" in chunk):
            self._fail(stream_fault(chunk.get("error") or chunk, self._key))
            return []
        events = self._read_progress(chunk.get("prompt_progress"))
        try:
            for choice in _list(chunk.get("choices")):
                self._read_choice(choice, events)
        except ValueError:
            self._fail(errors.ReplyNotUnderstood(_NOT_UNDERSTOOD))
        return events

    def _read_choice(self, choice: Any, events: list[Event]) -> None:
        """Add the choice's events to `events`. Raises ValueError for fields of a wrong type."""
        if not isinstance(choice, Mapping):
            raise ValueError("a choice is no object")
        if choice.get("index") not in (None, 0):
            return
        delta = choice.get("delta") or choice.get("message") or {}
        if not isinstance(delta, Mapping):
            raise ValueError("a delta is no object")
        if reasoning := self._reasoning_characters.join(_text(delta.get("reasoning_content")) or _text(delta.get("reasoning"))):
            self._reasoning.append(reasoning)
            if self._parser is None:
                self._starts_in_reasoning = self._is_in_open_reasoning = False
            events.append(ReasoningDelta(reasoning, reasoning))
        if content := self._content_characters.join(_text(delta.get("content"))):
            ended = self._calls.end_first()
            self._note(ended)
            events += ended + self._parse(content)
        if fragments := _list(delta.get("tool_calls")):
            events += self._end_parser() + self._calls.feed(fragments)
        self._length += len(reasoning) + len(content)
        if self._length > ANSWER_CHARACTERS_MAX:
            self._fail(errors.ReplyNotUnderstood(_ENDLESS))
        if reason := _text(choice.get("finish_reason")):
            self._end(reason, events)

    def _parse(self, content: str) -> list[Event]:
        if self._parser is None:
            self._parser = MarkupParser(self._image_ids, self._starts_in_reasoning)
            self._starts_in_reasoning = False
        return self._noted(self._parser.feed(content))

    def _end_parser(self) -> list[Event]:
        parser, self._parser = self._parser, None
        return self._noted(parser.finish()) if parser else []

    def _noted(self, events: list[Event]) -> list[Event]:
        """The events, with a notice where reasoning ends that did not begin."""
        noted: list[Event] = []
        for event in events:
            noted.append(event)
            if not isinstance(event, ReasoningDelta):
                continue
            if self._is_in_open_reasoning:
                self.leaves_reasoning_open = "</think>" in event.raw
                self._is_in_open_reasoning = not self.leaves_reasoning_open
            elif event.raw.startswith("</think>") and not self._reasoning:
                self.leaves_reasoning_open = True
                noted.append(Notice("reasoning_in_answer", _REASONING_IN_ANSWER))
            self._reasoning.append(event.text)
        self._note(noted)
        return noted

    def _note(self, events: Iterable[Event]) -> None:
        for event in events:
            self._has_calls |= isinstance(event, ToolCall)
            is_seen = isinstance(event, BoxFound | ImageRef) or (isinstance(event, TextDelta) and event.text.strip())
            self._has_answer |= bool(is_seen)

    def _answer_from_reasoning(self) -> list[Event]:
        message = "The server sent the whole answer as reasoning; it is shown as the answer."
        parser = MarkupParser(self._image_ids)
        return [Notice("answer_from_reasoning", message), *parser.feed("".join(self._reasoning)), *parser.finish()]

    def _end(self, reason: str, events: list[Event]) -> None:
        if failure := _FAILURES.get(reason):
            self._failure = type(failure)(failure.message)
        elif reason in _REASONS:
            self._reason = _REASONS[reason]
        else:
            self._reason = "stop"
            said = quote(reason, self._key)
            message = f"The server ended the answer for a reason that is not known here: “{said}”. It may be incomplete."
            events.append(Notice("finish_reason_unknown", message))

    def _fail(self, failure: errors.InferenceError) -> None:
        self._failure = self._failure or failure
        self.is_over = True

    def _read_progress(self, progress: Any) -> list[Event]:
        """How much of the prompt is evaluated; llama-server tells when asked by `return_progress` (tools/server/README.md)."""
        if not isinstance(progress, Mapping):
            return []
        total, cached, done = (_count(progress.get(name)) for name in ("total", "cache", "processed"))
        self.usage = Usage(total, min(cached, total))
        return [Progress("prefill", done - cached, total - cached)] if cached <= done <= total > cached else []

    def _read_usage(self, usage: Any) -> None:
        if not isinstance(usage, Mapping):
            return
        details = usage.get("prompt_tokens_details")
        prompt = _count(usage.get("prompt_tokens"))
        cached = _count(details.get("cached_tokens")) if isinstance(details, Mapping) else 0
        self.usage = Usage(prompt, min(cached, prompt), 0, _count(usage.get("completion_tokens")))


def read_answer(chunks: Iterable[bytes], content_type: str, reader: ReplyReader) -> Iterator[Event]:
    """The events of the body of a reply with status 200, without the last ones: for those, call the reader's `finish`.

    `content_type` is the header's value. Raises ReplyNotUnderstood for what is neither a stream nor JSON, and what `chunks` raises.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        yield from reader.feed_whole(_gather(chunks))
    elif kind == "text/event-stream":
        events = EventReader()
        for chunk in chunks:
            yield from _feed_all(reader, events.feed(chunk))
            if reader.is_over:
                return
        yield from _feed_all(reader, events.finish())
    else:
        shown = f"“{quote(kind)}”" if kind else "of no kind that it names"
        raise errors.ReplyNotUnderstood(
            f"The server answered with content {shown} where a chat answer was awaited. Check the address; a page for logging in"
            " to the network may also stand in between."
        )


def _feed_all(reader: ReplyReader, events: Iterable[ServerEvent]) -> Iterator[Event]:
    for event in events:
        yield from reader.feed(event)


def _gather(chunks: Iterable[bytes]) -> bytes:
    gathered, size = [], 0
    for chunk in chunks:
        gathered.append(chunk)
        size += len(chunk)
        if size > WHOLE_BYTES_MAX:
            break
    return b"".join(gathered)


def _text(value: Any) -> str:
    """A string, or a list of text parts, as text. Raises ValueError for anything else but None."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, list) and all(isinstance(part, Mapping) for part in value):
        return "".join(_text(part.get("text")) for part in value)
    raise ValueError("a text is no string")


def _list(value: Any) -> list[Any]:
    if value is None or isinstance(value, list):
        return value or []
    raise ValueError("a list is none")


def _count(value: Any) -> int:
    return value if type(value) is int and 0 <= value < _TOKENS_MAX else 0
