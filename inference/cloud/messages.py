"""A conversation as the messages of the OpenAI chat API, with what each dialect adds to it.

The same conversation gives the same text from turn to turn, so that a server finds what it has cached.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from inference.cloud.config import Dialect
from inference.control_tokens import defuse, defuse_all
from inference.types import ImagePart, LinkPart, Message, Part, Request, TextPart, ToolSpec, ToolUse

_VIDEO_MARKERS = re.compile(r"<\|(?:begin|end)_of_video\|>")
_CONTROL_TOKENS = frozenset(
    {"[MASK]", "[gMASK]", "[sMASK]", "<sop>", "<eop>", "<think>", "</think>", "<__media__>"}
    | {"<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>"}
    | {"<arg_key>", "</arg_key>", "<arg_value>", "</arg_value>"}
)
"""Those of GLM-4.6V that lack bars (its tokenizer's added tokens), and llama.cpp's place of a picture (mtmd.h)."""
_NO_PARAMETERS = {"type": "object", "properties": {}}


def tools_json(tools: tuple[ToolSpec, ...]) -> list[dict[str, Any]]:
    """The tools a model may call."""
    return [
        {
            "type": "function",
            "function": {
                "name": tool.name,
                "description": _safe(tool.description),
                "parameters": defuse_all(tool.parameters, _is_control) or _NO_PARAMETERS,
            },
        }
        for tool in tools
    ]


def messages_json(request: Request, dialect: Dialect, encode: Callable[[ImagePart], str]) -> list[dict[str, Any]]:
    """All messages. Only users may show pictures everywhere, so those of a tool's result follow it in a user's message."""
    writer = _Writer(dialect, encode)
    names = {call.id: call.name for message in request.messages for call in message.tool_calls}
    said: list[dict[str, Any]] = []
    shown: list[dict[str, Any]] = []
    for message in request.messages:
        if shown and message.role != "tool":
            said.append({"role": "user", "content": shown})
            shown = []
        said.append(writer.message(message))
        if message.role != "user" and any(not isinstance(part, TextPart) for part in message.parts):
            name = names.get(message.tool_call_id or "")
            shown += [{"type": "text", "text": f"Returned by {name}:" if name else "Shown above:"}]
            shown += writer.parts(tuple(part for part in message.parts if not isinstance(part, TextPart)))
    return [*said, {"role": "user", "content": shown}] if shown else said


class _Writer:
    def __init__(self, dialect: Dialect, encode: Callable[[ImagePart], str]) -> None:
        self._dialect, self._encode = dialect, encode

    def message(self, message: Message) -> dict[str, Any]:
        text = "".join(self._text(part) for part in message.parts if isinstance(part, TextPart))
        if message.role == "user":
            has_text_only = all(isinstance(part, TextPart) for part in message.parts)
            return {"role": "user", "content": text if has_text_only else list(self.parts(message.parts))}
        if message.role == "tool":
            content = text or "It follows." if message.parts else text
            return {"role": "tool", "tool_call_id": message.tool_call_id or "", "content": content}
        said: dict[str, Any] = {"role": message.role, "content": text}
        if message.reasoning and self._dialect != "openai":  # which refuses fields that it does not know
            said["reasoning_content"] = _safe(message.reasoning)
        if message.tool_calls:
            said["tool_calls"] = [_call_json(call) for call in message.tool_calls]
        return said

    def parts(self, parts: tuple[Part, ...]) -> Iterator[dict[str, Any]]:
        for part in parts:
            if isinstance(part, ImagePart):
                yield _web("image_url", self._encode(part))
            elif isinstance(part, LinkPart):
                yield self._link(part)
            elif text := self._text(part):
                yield {"type": "text", "text": text}

    def _link(self, link: LinkPart) -> dict[str, Any]:
        if link.kind == "video" and self._dialect == "llama_server":  # tools/server/README.md
            return _web("input_video", link.url)
        return _web(f"{link.kind}_url", link.url)

    def _text(self, part: TextPart) -> str:
        """Only llama-server passes a video's markers on to the model; elsewhere its frames are pictures with their seconds."""
        return _safe(part.text if self._dialect == "llama_server" else _VIDEO_MARKERS.sub("", part.text))


def _web(kind: str, url: str) -> dict[str, Any]:
    return {"type": kind, kind: {"url": url}}


def _call_json(call: ToolUse) -> dict[str, Any]:
    arguments: Mapping[str, Any] = defuse_all(call.arguments, _is_control)
    text = json.dumps(arguments, ensure_ascii=False, separators=(",", ":"))
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": text}}


def _safe(text: str) -> str:
    return defuse(text, _is_control)


def _is_control(text: str) -> bool:
    """Every family of models writes its own between bars; what a server's vocabulary holds is not known here."""
    return text in _CONTROL_TOKENS or (text.startswith("<|") and text.endswith("|>"))
